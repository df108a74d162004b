//! Actors and outlets: what they are said to have done, how they are named, whom they take their news from.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use model::EventType;

use super::Look;
use crate::index::{Entity, NO, NONE, Part};
use crate::names::fold;
use crate::types::{
    ActorFull, ActorSummary, Alias, Copies, Deed, Name, Naming, Network, NetworkEdge, NetworkNode, OutletFull,
    OutletSummary, Party, Share, SourceOf,
};

/// Parties of a network.
const NETWORK: usize = 40;
/// Rows of deeds, sources, aliases.
const ROWS: usize = 100;

/// Whether somebody is listed among actors: it acts, is done to, or speaks.
pub fn is_actor(e: &Entity) -> bool {
    e.acted + e.received + e.said > 0
}

fn kind_of(words: &str, judged: bool, name: &Name) -> &'static str {
    if judged {
        return "loaded";
    }
    let words = fold(words);
    for own in [&name.ar, &name.en].into_iter().flatten() {
        let own = fold(own);
        if own == words {
            return "own";
        }
        if words.split(' ').all(|w| own.split(' ').any(|o| o == w)) {
            return "short";
        }
    }
    "neutral"
}

impl Look<'_> {
    /// Actors in a list; `counted`: the claims that count, where a filter narrows them.
    pub fn actors(&self, rows: &[u32], counted: Option<&[u32]>) -> Vec<ActorSummary> {
        let wanted: HashSet<u32> = rows.iter().copied().collect();
        let mut counts: HashMap<u32, (BTreeSet<u32>, u32, u32, BTreeSet<(u32, u16)>)> = HashMap::new();
        for c in counted.unwrap_or_default() {
            let claim = &self.index.claims[*c as usize];
            for (part, e) in claim.parties.iter().filter(|p| wanted.contains(&p.1)) {
                let n = counts.entry(*e).or_default();
                n.0.insert(claim.doc);
                n.1 += u32::from(*part == Part::Actor);
                n.2 += u32::from(*part == Part::Recipient);
                if *part == Part::Origin {
                    n.3.insert((claim.doc, claim.statement));
                }
            }
        }
        let one = |row: &u32| {
            let e = &self.index.entities[*row as usize];
            let (documents, acted, received, said) = match counted {
                None => (e.documents, e.acted, e.received, e.said),
                Some(_) => counts.get(row).map_or((0, 0, 0, 0), |n| (n.0.len() as u32, n.1, n.2, n.3.len() as u32)),
            };
            ActorSummary {
                key: e.key.clone(),
                name: e.name.clone(),
                kind: e.kind.code().into(),
                country: e.country.clone(),
                sector: e.sector.clone(),
                documents,
                acted,
                received,
                said,
            }
        };
        rows.iter().map(one).collect()
    }

    /// Somebody with all that is said of it.
    pub fn actor(&self, row: u32) -> Option<ActorFull> {
        let summary = self.actors(&[row], None).pop()?;
        let e = &self.index.entities[row as usize];
        let of = |c: &crate::index::Claim, part: Part| c.parties.contains(&(part, row));
        let (mut did, mut received) = (Vec::new(), Vec::new());
        let mut shared: HashSet<u32> = HashSet::new();
        for (i, c) in self.index.claims.iter().enumerate() {
            if of(c, Part::Actor) {
                did.push(i as u32);
            }
            if of(c, Part::Recipient) {
                received.push(i as u32);
            }
        }
        shared.extend(did.iter().chain(&received).map(|c| self.index.claims[*c as usize].happening));
        shared.remove(&NONE);
        Some(ActorFull {
            aliases: aliases(e),
            did: self.deeds(&did, Part::Recipient),
            received_from: self.deeds(&received, Part::Actor),
            network: self.network(row, &shared),
            naming: self.namings(std::iter::once(row), None),
            summary,
        })
    }

    fn deeds(&self, claims: &[u32], other: Part) -> Vec<Deed> {
        type Key = (EventType, u16, Option<u32>);
        let mut groups: BTreeMap<Key, (BTreeSet<u32>, usize, usize)> = BTreeMap::new();
        for c in claims {
            let claim = &self.index.claims[*c as usize];
            let mut others: Vec<Option<u32>> =
                claim.parties.iter().filter(|p| p.0 == other).map(|p| Some(p.1)).collect();
            if others.is_empty() {
                others.push(None);
            }
            for o in others {
                let g = groups.entry((claim.kind, claim.mode, o)).or_default();
                if claim.happening != NONE {
                    g.0.insert(claim.happening);
                }
                g.1 += 1;
                g.2 += usize::from(claim.polarity == model::Polarity::Negative);
            }
        }
        let mut out: Vec<Deed> = (groups.into_iter())
            .map(|((kind, mode, other), (happenings, claims, denied))| Deed {
                kind,
                mode: (mode != NO).then(|| self.index.word_at(mode).unwrap_or_default().to_string()),
                other: other.map(|o| self.party(o)),
                origins: self.origins(happenings.iter().copied()),
                happenings: happenings.len(),
                claims,
                denied,
            })
            .collect();
        out.sort_by_key(|d| std::cmp::Reverse((d.happenings, d.claims)));
        out.truncate(ROWS);
        out
    }

    fn network(&self, row: u32, happenings: &HashSet<u32>) -> Network {
        let mut weights: HashMap<u32, usize> = HashMap::new();
        let acts = |p: &(Part, u32)| matches!(p.0, Part::Actor | Part::Recipient);
        let all = || happenings.iter().filter_map(|h| Some((*h, self.index.happenings[*h as usize].as_ref()?)));
        for (_, h) in all() {
            let parties: HashSet<u32> = h
                .claims
                .iter()
                .flat_map(|c| &self.index.claims[*c as usize].parties)
                .filter(|p| acts(p))
                .map(|p| p.1)
                .collect();
            for p in parties {
                *weights.entry(p).or_default() += 1;
            }
        }
        let mut nodes: Vec<(u32, usize)> = weights.into_iter().filter(|w| w.0 != row).collect();
        nodes.sort_by_key(|(e, n)| (std::cmp::Reverse(*n), *e));
        nodes.truncate(NETWORK);
        nodes.insert(0, (row, happenings.len()));
        let among: HashSet<u32> = nodes.iter().map(|n| n.0).collect();
        let mut edges: BTreeMap<(u32, u32, EventType), BTreeSet<u32>> = BTreeMap::new();
        for (at, h) in all() {
            for c in &h.claims {
                let claim = &self.index.claims[*c as usize];
                let who = |part: Part| claim.parties.iter().filter(move |p| p.0 == part).map(|p| p.1);
                for a in who(Part::Actor).filter(|a| among.contains(a)) {
                    for b in who(Part::Recipient).filter(|b| among.contains(b) && *b != a) {
                        edges.entry((a, b, claim.kind)).or_default().insert(at);
                    }
                }
            }
        }
        let key = |e: u32| self.index.entities[e as usize].key.clone();
        Network {
            nodes: (nodes.into_iter())
                .map(|(e, weight)| {
                    let entity = &self.index.entities[e as usize];
                    NetworkNode {
                        key: entity.key.clone(),
                        name: entity.name.clone(),
                        kind: entity.kind.code().into(),
                        weight,
                    }
                })
                .collect(),
            edges: (edges.into_iter())
                .map(|((a, b, kind), h)| NetworkEdge {
                    from: key(a),
                    to: key(b),
                    kind,
                    origins: self.origins(h.iter().copied()),
                    happenings: h.len(),
                })
                .collect(),
        }
    }

    /// How outlets (or one) name entities, by outlet, then by documents.
    fn namings(&self, entities: impl Iterator<Item = u32>, only: Option<u32>) -> Vec<Naming> {
        let mut out = Vec::new();
        for row in entities {
            let e = &self.index.entities[row as usize];
            for (outlet, written) in &e.written {
                if only.is_some_and(|o| o != *outlet) {
                    continue;
                }
                let Some(outlet) = self.outlet(*outlet) else { continue };
                for (words, judged, documents) in &written.ways {
                    out.push(Naming {
                        outlet: outlet.clone(),
                        actor: self.party(row),
                        words: words.to_string(),
                        kind: kind_of(words, *judged, &e.name).into(),
                        documents: *documents,
                        share: Share::new(u64::from(*documents), u64::from(written.documents)),
                    });
                }
            }
        }
        out.sort_by(|a, b| {
            (a.outlet.key.as_str(), std::cmp::Reverse(a.documents), &a.words, &a.kind).cmp(&(
                b.outlet.key.as_str(),
                std::cmp::Reverse(b.documents),
                &b.words,
                &b.kind,
            ))
        });
        out
    }

    /// Documents of an outlet that nearly copy an earlier one of another, and the pairs: who copied, whom, stories.
    fn copying(&self) -> (HashMap<u32, u64>, BTreeMap<(u32, u32), u64>) {
        let (mut copied, mut pairs) = (HashMap::new(), BTreeMap::new());
        for story in self.index.stories.iter().flatten() {
            let Some((first, rest)) = story.copies.split_first() else { continue };
            let from = first.outlet;
            let mut seen = BTreeSet::new();
            for by in rest.iter().map(|c| c.outlet) {
                if by == NONE || from == NONE || by == from {
                    continue;
                }
                *copied.entry(by).or_default() += 1;
                if seen.insert(by) {
                    *pairs.entry((by, from)).or_default() += 1;
                }
            }
        }
        (copied, pairs)
    }

    fn outlet_summary(&self, row: u32, copied: &HashMap<u32, u64>) -> OutletSummary {
        let o = &self.index.outlets[row as usize];
        OutletSummary {
            key: o.key.clone(),
            name: o.name.clone(),
            country: o.country.clone(),
            owner: None,
            documents: o.documents,
            events: o.claims,
            attributed: Share::new(o.attributed, o.claims),
            copied: Share::new(copied.get(&row).copied().unwrap_or(0), o.documents),
            loaded: o.loaded,
        }
    }

    /// Outlets in a list; `counted`: the claims that count, where a filter narrows them.
    pub fn outlets(&self, rows: &[u32], counted: Option<&[u32]>) -> Vec<OutletSummary> {
        let (copied, _) = self.copying();
        let mut out: Vec<OutletSummary> = rows.iter().map(|r| self.outlet_summary(*r, &copied)).collect();
        if let Some(claims) = counted {
            let mut counts: HashMap<u32, (BTreeSet<u32>, u64, u64)> = HashMap::new();
            for c in claims {
                let claim = &self.index.claims[*c as usize];
                for outlet in &self.index.docs[claim.doc as usize].outlets {
                    let n = counts.entry(*outlet).or_default();
                    n.0.insert(claim.doc);
                    n.1 += 1;
                    n.2 += u64::from(claim.statement != NO);
                }
            }
            for (o, row) in out.iter_mut().zip(rows) {
                let (docs, claims, attributed) = counts.remove(row).unwrap_or_default();
                o.documents = docs.len() as u64;
                o.events = claims;
                o.attributed = Share::new(attributed, claims);
                o.loaded = docs.iter().map(|d| u64::from(self.index.docs[*d as usize].loaded_words)).sum();
                let copies = docs.iter().filter(|d| self.copies_another(**d, *row)).count() as u64;
                o.copied = Share::new(copies, o.documents);
            }
        }
        out
    }

    fn copies_another(&self, doc: u32, outlet: u32) -> bool {
        let d = &self.index.docs[doc as usize];
        let story = self.index.stories.get(d.story as usize).and_then(Option::as_ref);
        story.and_then(|s| s.copies.first()).is_some_and(|f| f.outlet != NONE && f.outlet != outlet)
    }

    /// An outlet with its sources, copies and naming.
    pub fn outlet_full(&self, row: u32) -> OutletFull {
        let (copied, pairs) = self.copying();
        let summary = self.outlet_summary(row, &copied);
        let mut sources: BTreeMap<(Option<u32>, &str), u64> = BTreeMap::new();
        for d in self.index.docs.iter().filter(|d| d.outlets.contains(&row)) {
            for c in &self.index.claims[d.claims.start as usize..d.claims.end as usize] {
                let mut named = false;
                for (part, e) in &c.parties {
                    let role = match part {
                        Part::Origin => "origin",
                        Part::Via => "via",
                        _ => continue,
                    };
                    named |= *part == Part::Origin;
                    *sources.entry((Some(*e), role)).or_default() += 1;
                }
                if c.hidden && !named {
                    *sources.entry((None, "origin")).or_default() += 1;
                }
            }
        }
        let mut sources: Vec<SourceOf> = (sources.into_iter())
            .map(|((who, role), claims)| SourceOf {
                party: who
                    .map_or_else(|| Party { key: None, name: Name::both("غير مسمى", "unnamed") }, |e| self.party(e)),
                role: role.into(),
                claims,
                share: Share::new(claims.min(summary.events), summary.events),
            })
            .collect();
        sources.sort_by_key(|s| std::cmp::Reverse(s.claims));
        sources.truncate(ROWS);
        let copies = (pairs.into_iter())
            .filter(|((by, from), _)| *by == row || *from == row)
            .filter_map(|((by, from), stories)| {
                let (other, direction) = if by == row { (from, "from") } else { (by, "to") };
                let of = self.index.outlets[by as usize].documents;
                Some(Copies {
                    outlet: self.outlet(other)?,
                    direction: direction.into(),
                    stories,
                    share: Share::new(stories.min(of), of),
                })
            })
            .collect();
        let all = 0..self.index.entities.len() as u32;
        let named = all.filter(|e| self.index.entities[*e as usize].written.contains_key(&row));
        let mut naming = self.namings(named, Some(row));
        naming.sort_by_key(|n| std::cmp::Reverse(n.documents));
        naming.truncate(5 * ROWS);
        OutletFull { summary, sources, copies, naming }
    }
}

fn aliases(e: &Entity) -> Vec<Alias> {
    let mut all: HashMap<(&str, bool), (u32, u32)> = HashMap::new();
    for (outlet, written) in &e.written {
        for (words, judged, documents) in &written.ways {
            let a = all.entry((words, *judged)).or_default();
            a.0 += documents;
            a.1 += u32::from(*outlet != NONE);
        }
    }
    let mut out: Vec<Alias> = (all.into_iter())
        .map(|((words, judged), (documents, outlets))| Alias {
            words: words.into(),
            kind: kind_of(words, judged, &e.name).into(),
            documents,
            outlets,
        })
        .collect();
    out.sort_by(|a, b| {
        let order = |x: &Alias| std::cmp::Reverse(x.documents);
        (order(a), &a.words, &a.kind).cmp(&(order(b), &b.words, &b.kind))
    });
    out.truncate(ROWS);
    out
}
