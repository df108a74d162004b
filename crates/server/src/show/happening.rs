//! One happening with everything that is said of it: the graph of chains, versions, disagreements.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{Bound, Stance};
use trace::chain::{self, NodeKind};
use trace::claim::ClaimRef;
use trace::contradictions::{self, Contradiction as Differ, Said};
use trace::figures::Figure;

use traced::Look as AcrossLook;

use super::Look;
use crate::index::within;
use crate::problem::Result;
use crate::types::{
    Circle, Claim, Contradiction, GraphEdge, GraphNode, HappeningFull, Joined, Name, Root, Side, Version,
};

/// Claims shown of one happening; the counts are those of all.
const MOST: usize = 2000;
/// Pairs of joined claims shown.
const PAIRS: usize = 1000;

/// What the edges of one way say.
struct Drawn {
    kind: &'static str,
    claims: BTreeSet<String>,
    back: bool,
}

impl Look<'_> {
    /// The whole happening.
    pub fn happening(&mut self, row: u32) -> Result<Option<HappeningFull>> {
        let Some(h) = self.index.happenings[row as usize].as_ref() else { return Ok(None) };
        let gathered = AcrossLook::new(self.ledger).happening_called(&h.id)?;
        let Some(gathered) = gathered else { return Ok(None) };
        let Some(summary) = self.happenings(&[row]).pop() else { return Ok(None) };
        let rows: Vec<u32> = h.claims.iter().copied().take(MOST).collect();
        let claims = self.claims(&rows)?;
        let by_id: HashMap<&str, &Claim> = claims.iter().map(|c| (c.id.as_str(), c)).collect();
        // how the trace names claims, and how the API does
        let ids: BTreeMap<&ClaimRef, String> =
            (gathered.members.iter()).map(|m| (&m.claim.at, format!("{}#{}", m.copy.id, m.claim.event))).collect();
        let id = |at: &ClaimRef| ids.get(at).cloned().unwrap_or_default();
        let claim = |at: &ClaimRef| ids.get(at).and_then(|i| by_id.get(i.as_str())).copied();
        let published: HashMap<&str, Option<&str>> =
            claims.iter().map(|c| (c.id.as_str(), c.document.published.as_deref())).collect();

        let graph = chain::graph(&gathered);
        // the trace joins the spellings of an outlet under a key of its own; other resources know it by the lexicon's
        let called = |key: &str, written: &str| -> (Option<String>, Name) {
            if key.starts_with("outlet:") {
                let outlet = self.board.names.outlet(written);
                return (self.index.outlet(&outlet.key).map(|_| outlet.key), outlet.name);
            }
            (self.index.entity(key).map(|_| key.to_string()), self.board.names.name(key, written))
        };
        let carriers: BTreeSet<&str> = graph.paths.iter().filter_map(|p| p.keys.last().map(String::as_str)).collect();

        // roots in the order of their first claim
        let order: HashMap<String, usize> = claims.iter().enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
        let of_root = |o: &chain::Origin| -> Vec<&chain::Path> {
            graph.paths.iter().filter(|p| !p.circular && p.keys.first().is_some_and(|k| o.keys.contains(k))).collect()
        };
        let mut origins: Vec<(&chain::Origin, Vec<&chain::Path>)> =
            graph.origins.iter().map(|o| (o, of_root(o))).collect();
        origins.sort_by_key(|(_, paths)| {
            paths.iter().flat_map(|p| &p.claims).filter_map(|c| order.get(&id(c))).min().copied().unwrap_or(usize::MAX)
        });
        let root_of = |key: &str| origins.iter().position(|(o, _)| o.keys.iter().any(|k| k == key));
        let roots: Vec<Root> = (origins.iter())
            .map(|(o, paths)| {
                let (key, name) =
                    called(o.keys.first().map_or("", String::as_str), o.voices.first().unwrap_or(&o.name));
                let outlets: BTreeSet<&String> = paths.iter().filter_map(|p| p.keys.last()).collect();
                Root {
                    name,
                    key,
                    hidden: o.unnamed,
                    interest: (o.voices.len() > 1).then(|| self.board.names.by_english(&o.name)),
                    outlets: outlets.len(),
                    claims: paths.iter().map(|p| p.claims.len()).sum(),
                }
            })
            .collect();

        // nodes: everyone of the graph, and a voice for each outlet that speaks for itself
        let voice = |key: &str| format!("voice:{key}");
        let mut nodes: BTreeMap<String, GraphNode> = BTreeMap::new();
        for n in &graph.nodes {
            let carries = carriers.contains(n.key.as_str());
            let kind = match n.kind {
                NodeKind::Origin | NodeKind::Unnamed if !carries => "origin",
                NodeKind::Relay | NodeKind::Outlet if !carries => "relay",
                _ => "outlet",
            };
            let (key, name) = called(&n.key, &n.name);
            nodes.insert(
                n.key.clone(),
                GraphNode {
                    id: n.key.clone(),
                    kind: kind.into(),
                    name,
                    key,
                    hidden: n.kind == NodeKind::Unnamed,
                    root: if kind == "origin" { root_of(&n.key) } else { None },
                    rests_on: Vec::new(),
                    copy_of: None,
                    first: None,
                    claims: Vec::new(),
                    stance: None,
                },
            );
        }
        let document_outlet: HashMap<&str, &str> = (graph.paths.iter())
            .flat_map(|p| p.documents.iter().filter_map(|d| Some((d.as_str(), p.keys.last()?.as_str()))))
            .collect();
        let mut edges: BTreeMap<(String, String), Drawn> = BTreeMap::new();
        for path in &graph.paths {
            let claims: BTreeSet<String> = path.claims.iter().map(id).collect();
            let mut draw = |from: &str, to: &str, kind: &'static str| {
                if from == to {
                    return;
                }
                let edge = edges.entry((from.to_string(), to.to_string())).or_insert(Drawn {
                    kind,
                    claims: BTreeSet::new(),
                    back: false,
                });
                if kind == "copied" {
                    edge.kind = kind;
                }
                edge.claims.extend(claims.iter().cloned());
            };
            let Some(first) = path.keys.first() else { continue };
            let last = path.keys.last().unwrap_or(first);
            let speaks_itself = nodes.get(first).is_some_and(|n| n.kind != "origin") && !path.circular;
            let root = if path.circular { None } else { root_of(first) };
            let mut on_way: Vec<String> = path.keys.clone();
            if speaks_itself {
                let v = voice(first);
                if !nodes.contains_key(&v) {
                    let of = &nodes[first];
                    let own = GraphNode {
                        id: v.clone(),
                        kind: "origin".into(),
                        root,
                        rests_on: Vec::new(),
                        copy_of: None,
                        claims: Vec::new(),
                        ..of.clone()
                    };
                    nodes.insert(v.clone(), own);
                }
                draw(&v, first, "said");
                on_way.push(v);
            }
            let source = path.copy_of.as_deref().and_then(|d| document_outlet.get(d)).copied();
            let steps = path.keys.len().saturating_sub(1);
            for (i, w) in path.keys.windows(2).enumerate() {
                let from_origin = i == 0 && !speaks_itself && !path.circular;
                let kind = match (from_origin, source) {
                    // the copier has it from the text that it copies, not from the origin
                    (_, Some(s)) if i + 1 == steps && s != last => {
                        draw(s, &w[1], "copied");
                        continue;
                    }
                    (true, _) => "said",
                    (false, _) if speaks_itself && i == 0 || path.circular => "cited",
                    _ => "relayed",
                };
                draw(&w[0], &w[1], kind);
            }
            if steps == 0
                && let Some(s) = source.filter(|s| s != last)
            {
                draw(s, last, "copied");
            }
            if let Some(s) = source.filter(|s| s != last)
                && let Some(n) = nodes.get_mut(last.as_str())
            {
                n.copy_of = Some(s.to_string());
            }
            for key in on_way {
                let Some(n) = nodes.get_mut(&key) else { continue };
                n.claims.extend(claims.iter().cloned());
                n.rests_on.extend(root);
            }
        }
        let said_how: HashMap<String, Stance> =
            gathered.members.iter().map(|m| (id(&m.claim.at), m.claim.stance)).collect();
        for n in nodes.values_mut() {
            n.claims.sort_by_key(|c| order.get(c).copied().unwrap_or(usize::MAX));
            n.claims.dedup();
            n.rests_on.sort_unstable();
            n.rests_on.dedup();
            n.first = n.claims.iter().find_map(|c| published.get(c.as_str()).copied().flatten()).map(str::to_string);
            if n.kind == "origin" {
                n.stance = n.claims.first().and_then(|c| said_how.get(c)).copied();
            }
        }
        edges.retain(|(from, to), _| nodes.contains_key(from) && nodes.contains_key(to));
        close_circles(&mut edges);
        // nobody stands in the picture without a line
        let joined: BTreeSet<&String> = edges.keys().flat_map(|(a, b)| [a, b]).collect();
        nodes.retain(|k, n| joined.contains(k) || !n.claims.is_empty());

        let circles = (graph.circles.iter().chain(&graph.common))
            .map(|c| Circle {
                nodes: (graph.nodes.iter()).filter(|n| c.outlets.contains(&n.name)).map(|n| n.key.clone()).collect(),
                words: Name::both(&self.in_arabic(&c.arabic, &c.outlets), &c.english),
            })
            .collect();
        // what a circle of outlets tells rests on nobody
        let mut resting: HashMap<&ClaimRef, BTreeSet<usize>> = HashMap::new();
        for path in graph.paths.iter().filter(|p| !p.circular) {
            let root = path.keys.first().and_then(|k| root_of(k));
            for at in &path.claims {
                resting.entry(at).or_default().extend(root);
            }
        }
        let differ = contradictions::contradictions(&gathered);
        let versions = versions(&differ, &claim, &id);
        let disagreements = (differ.contradictions.iter().enumerate())
            .map(|(i, c)| disagreement(i, c, &claim, &id, &resting))
            .collect();
        let joined_by = (gathered.members.iter())
            .filter(|m| m.to != m.claim.at)
            .take(PAIRS)
            .map(|m| Joined { claims: [id(&m.claim.at), id(&m.to)], reasons: reasons(m) })
            .filter(|j| !j.claims[1].is_empty())
            .collect();
        debug_assert!(gathered.members.iter().all(|m| within(m.number) < 4096));
        let edges = (edges.into_iter())
            .map(|((from, to), d)| GraphEdge {
                from,
                to,
                kind: d.kind.into(),
                circular: d.back,
                claims: d.claims.into_iter().collect(),
            })
            .collect();
        Ok(Some(HappeningFull {
            transfer: h.transfer.is_some().then(|| h.id.clone()),
            summary,
            claims,
            roots,
            nodes: nodes.into_values().collect(),
            edges,
            versions,
            disagreements,
            circles,
            joined_by,
        }))
    }

    /// A sentence of the trace, which calls outlets by their English names, with their Arabic ones.
    fn in_arabic(&self, sentence: &str, outlets: &[String]) -> String {
        let mut outlets: Vec<&String> = outlets.iter().collect();
        // one name may hold another
        outlets.sort_by_key(|o| std::cmp::Reverse(o.len()));
        let arabic = |o: &str| self.board.names.by_english(o).ar.unwrap_or_else(|| o.to_string());
        outlets.into_iter().fold(sentence.to_string(), |s, o| s.replace(o.as_str(), &arabic(o)))
    }
}

/// Marks edges that lead back, so that the others have no circle. Linear, without recursion.
fn close_circles(edges: &mut BTreeMap<(String, String), Drawn>) {
    let mut next: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut entered: BTreeSet<String> = BTreeSet::new();
    for (from, to) in edges.keys() {
        next.entry(from.clone()).or_default().push(to.clone());
        entered.insert(to.clone());
    }
    // from those that nobody leads to first: what they say flows on, and only what comes back is marked
    let mut starts: Vec<String> = next.keys().filter(|k| !entered.contains(*k)).cloned().collect();
    starts.extend(next.keys().filter(|k| entered.contains(*k)).cloned());
    let (mut done, mut open): (BTreeSet<String>, BTreeSet<String>) = (BTreeSet::new(), BTreeSet::new());
    for start in starts {
        let mut stack: Vec<(String, usize)> = vec![(start, 0)];
        while let Some((node, i)) = stack.pop() {
            if i == 0 {
                if done.contains(&node) {
                    continue;
                }
                open.insert(node.clone());
            }
            match next.get(&node).and_then(|n| n.get(i)).cloned() {
                Some(to) => {
                    if open.contains(&to) {
                        if let Some(e) = edges.get_mut(&(node.clone(), to)) {
                            e.back = true;
                        }
                        stack.push((node, i + 1));
                    } else {
                        stack.push((node, i + 1));
                        if !done.contains(&to) {
                            stack.push((to, 0));
                        }
                    }
                }
                None => {
                    open.remove(&node);
                    done.insert(node);
                }
            }
        }
    }
}

fn reasons(m: &trace::happenings::Member) -> Vec<Name> {
    use trace::happenings::How;
    match m.how {
        How::First => Vec::new(),
        How::Article => vec![Name::both("يكرر النص ما ذكره قبل ذلك", "the article tells again what it told before")],
        How::User => vec![Name::both("ضمهما المستخدم", "joined by the user")],
        How::Alike => {
            (m.reasons.iter()).map(|r| Name { ar: None, en: Some(format!("{} ({:+.2})", r.name, r.weight)) }).collect()
        }
    }
}

/// The words of a claim that give a figure, else its trigger's sentence.
fn words_of(claim: Option<&Claim>, figure: Option<Figure>) -> String {
    let Some(c) = claim else { return String::new() };
    let thing = figure.and_then(|f| c.things.iter().find(|t| t.count == Some(f.count) && t.bound == f.bound));
    thing.map_or_else(|| c.evidence.text.clone(), |t| t.words.clone())
}

fn versions<'c>(
    differ: &contradictions::Contradictions,
    claim: &impl Fn(&ClaimRef) -> Option<&'c Claim>,
    id: &impl Fn(&ClaimRef) -> String,
) -> Vec<Version> {
    let mut out: Vec<Version> = Vec::new();
    let mut last: BTreeMap<&str, Figure> = BTreeMap::new();
    let mut held: Option<bool> = None;
    for v in &differ.timeline {
        let shown = claim(&v.claim);
        let version = |aspect: &str, change: &str, figure: Option<Figure>| Version {
            at: v.published.clone().unwrap_or_default(),
            claim: id(&v.claim),
            outlet: shown.and_then(|c| c.document.outlet.clone()),
            origin: shown.and_then(|c| c.chain.iter().find(|s| s.role == "origin").cloned()),
            aspect: aspect.into(),
            change: change.into(),
            value: figure.map(|f| f.count),
            bound: figure.map(|f| f.bound),
            words: words_of(shown, figure),
        };
        if v.published.is_none() {
            continue;
        }
        for (of, figure) in &v.figures {
            let change = match last.insert(of, *figure) {
                None => "first",
                Some(before) if before == *figure => "same",
                Some(before) if figure.count > before.count => "raised",
                Some(before) if figure.count < before.count => "lowered",
                Some(_) => "changed",
            };
            out.push(version("count", change, Some(*figure)));
        }
        if held != Some(v.denied) && (v.denied || held.is_some()) {
            out.push(version("denial", if v.denied { "denied" } else { "confirmed" }, None));
        }
        held = Some(v.denied);
    }
    out
}

fn disagreement<'c>(
    i: usize,
    c: &Differ,
    claim: &impl Fn(&ClaimRef) -> Option<&'c Claim>,
    id: &impl Fn(&ClaimRef) -> String,
    resting: &HashMap<&ClaimRef, BTreeSet<usize>>,
) -> Contradiction {
    fn side<'c, T>(
        said: &[&Said<T>],
        value: Option<Figure>,
        words: Option<String>,
        claim: &impl Fn(&ClaimRef) -> Option<&'c Claim>,
        id: &impl Fn(&ClaimRef) -> String,
        resting: &HashMap<&ClaimRef, BTreeSet<usize>>,
    ) -> Side {
        let claims: Vec<&ClaimRef> = said.iter().flat_map(|s| &s.claims).collect();
        let earliest = (claims.iter())
            .filter_map(|c| claim(c))
            .min_by_key(|c| (c.document.published.is_none(), c.document.published.clone()));
        let origins: BTreeSet<&usize> = claims.iter().filter_map(|c| resting.get(c)).flatten().collect();
        let outlets: BTreeSet<&String> = said.iter().filter_map(|s| s.by.last()).collect();
        Side {
            words: words.unwrap_or_else(|| words_of(earliest, value)),
            value: value.map(|f| f.count),
            bound: value.map(|f: Figure| -> Bound { f.bound }),
            origins: origins.len(),
            outlets: outlets.len(),
            claims: claims.into_iter().map(id).collect(),
        }
    }
    fn named<'c>(
        all: &[Said<String>],
        claim: &impl Fn(&ClaimRef) -> Option<&'c Claim>,
        id: &impl Fn(&ClaimRef) -> String,
        resting: &HashMap<&ClaimRef, BTreeSet<usize>>,
    ) -> Vec<Side> {
        let mut groups: Vec<(&str, Vec<&Said<String>>)> = Vec::new();
        for s in all {
            match groups.iter_mut().find(|g| g.0 == s.value) {
                Some(g) => g.1.push(s),
                None => groups.push((&s.value, vec![s])),
            }
        }
        groups.into_iter().map(|(n, said)| side(&said, None, Some(n.to_string()), claim, id, resting)).collect()
    }
    let (aspect, sides) = match c {
        Differ::Figures { figures, .. } => {
            let mut groups: Vec<(Figure, Vec<&Said<Figure>>)> = Vec::new();
            for s in figures {
                match groups.iter_mut().find(|g| g.0 == s.value) {
                    Some(g) => g.1.push(s),
                    None => groups.push((s.value, vec![s])),
                }
            }
            ("count", groups.into_iter().map(|(f, said)| side(&said, Some(f), None, claim, id, resting)).collect())
        }
        Differ::Denial { affirmed, denied } => {
            let all = |s: &[Said<String>]| side(&s.iter().collect::<Vec<_>>(), None, None, claim, id, resting);
            ("denial", vec![all(affirmed), all(denied)])
        }
        Differ::Actors { named: n } => ("actor", named(n, claim, id, resting)),
        Differ::Recipients { named: n } => ("recipient", named(n, claim, id, resting)),
    };
    Contradiction { id: format!("d{}", i + 1), aspect: aspect.into(), sides }
}
