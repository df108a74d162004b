//! Chains joined: by which way each outlet has a happening, and how many independent origins stand behind all of them.
//!
//! * A chain that names its origin counts from there. «A, quoting B» where B itself reports the happening from X goes back
//!   to X: an outlet that cites an outlet adds nothing.
//! * A copy of another outlet's text that names no source counts with the source of the earliest copy.
//! * An outlet that names no source speaks in its own voice and is an origin.
//! * An unnamed source is an origin of its own for the outlet or agency that first has it, marked unnamed.
//! * Voices of one body (a ministry and its spokesman; the government of one state; its army) are one origin.
//! * Outlets that only cite each other in a circle have no origin at all.

use std::collections::{BTreeMap, BTreeSet};

use model::{EntityType, Polarity, Stance};
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use serde::{Deserialize, Serialize};

use crate::claim::{Claim, ClaimRef, Party};
use crate::happenings::{Gathered, Member};
use crate::words;

/// Steps of a path at most, against damaged or hostile chains.
const STEPS: usize = 32;

/// What a node of the graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// Someone who asserts.
    Origin,
    /// A source that the text does not name.
    Unnamed,
    /// An outlet or agency.
    Outlet,
    /// Another relay.
    Relay,
}

/// One who says it or passes it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// The same for the same one in every happening.
    pub key: String,
    /// For display.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
}

/// A way by which an outlet has the happening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// Names from the origin to the outlet.
    pub path: Vec<String>,
    /// Keys, likewise.
    pub keys: Vec<String>,
    /// Documents that have it so.
    pub documents: Vec<String>,
    /// Claims that have it so.
    pub claims: Vec<ClaimRef>,
    /// Whether the text names no origin and the links come from another outlet's telling.
    pub inferred: bool,
    /// Id of the copied document, where the source is taken from it.
    pub copy_of: Option<String>,
    /// Whether the path comes back to itself and has no origin.
    pub circular: bool,
}

/// Whether an origin says that it happened or that it did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Says {
    /// That it happened, or will.
    Affirms,
    /// That it did not.
    Denies,
    /// Both, in different claims.
    Both,
}

/// An independent origin: one interest, with all who speak for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The body, else the first who spoke.
    pub name: String,
    /// All who speak for it.
    pub voices: Vec<String>,
    /// Their keys.
    pub keys: Vec<String>,
    /// What they say.
    pub says: Says,
    /// The texts do not name it.
    pub unnamed: bool,
    /// An outlet that names no source.
    pub own_voice: bool,
}

/// Outlets that cite each other, or all the same one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circle {
    /// Names of the outlets.
    pub outlets: Vec<String>,
    /// In words.
    pub english: String,
    /// In words.
    pub arabic: String,
}

/// Who reported first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct First {
    /// The document.
    pub document: String,
    /// The id that it came with: one text in two outlets is one document.
    pub source_id: Option<String>,
    /// Its outlet.
    pub outlet: Option<String>,
    /// Its publication as given.
    pub published: Option<String>,
}

/// The graph of one happening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graph {
    /// Id of the happening.
    pub id: String,
    /// Everyone in it.
    pub nodes: Vec<Node>,
    /// From whom to whom the words travelled, as indices of nodes.
    pub edges: Vec<(usize, usize)>,
    /// Ways, each once.
    pub paths: Vec<Path>,
    /// Independent origins.
    pub origins: Vec<Origin>,
    /// Outlets that carry it.
    pub outlets: Vec<String>,
    /// Outlets that cite each other.
    pub circles: Vec<Circle>,
    /// Outlets with nothing but one common source.
    pub common: Vec<Circle>,
    /// Who reported first.
    pub first: Option<First>,
}

impl Graph {
    /// Number of outlets, ways and independent origins.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.outlets.len(), self.paths.len(), self.origins.len())
    }
}

pub(crate) fn denies(c: &Claim) -> bool {
    (c.polarity == Polarity::Negative) != (c.stance == Stance::Deny && c.polarity == Polarity::Positive)
}

/// One key for an outlet, whether it publishes or is cited: without head words and articles.
fn outlet_name(name: &str) -> String {
    const HEADS: [&str; 16] = [
        "وكال",
        "وكاله",
        "صحيف",
        "صحيفه",
        "قنا",
        "قناه",
        "موقع",
        "شبك",
        "شبكه",
        "جريد",
        "جريده",
        "اذاع",
        "اذاعه",
        "اخباري",
        "اخباريه",
        "للانباء",
    ];
    let all: Vec<String> = words::folded(name);
    let stems: Vec<&str> = all.iter().map(|w| words::stem(w)).filter(|s| !HEADS.contains(s)).collect();
    if stems.is_empty() { all.join(" ") } else { stems.join(" ") }
}

fn is_outlet(p: &Party) -> bool {
    p.kind == Some(EntityType::Med) || p.key.starts_with("outlet:") || p.sector.as_deref() == Some("MED")
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    node: String,
}

struct Builder<'a> {
    members: &'a [Member],
    nodes: BTreeMap<String, Node>,
    /// Body that a voice speaks for.
    bodies: BTreeSet<(String, String)>,
    stated: Vec<Vec<Step>>,
    of_outlet: BTreeMap<String, Vec<usize>>,
    /// Earliest member of the same story, if another.
    source_copy: Vec<Option<usize>>,
    resolved: BTreeMap<usize, Resolved>,
}

#[derive(Clone, Debug)]
struct Resolved {
    steps: Vec<String>,
    inferred: bool,
    copy_of: Option<usize>,
    circular: bool,
}

impl Builder<'_> {
    fn node(&mut self, key: String, name: &str, kind: NodeKind, p: Option<&Party>) -> String {
        self.nodes.entry(key.clone()).or_insert_with(|| Node {
            key: key.clone(),
            name: name.to_owned(),
            kind,
            country: p.and_then(|p| p.country.clone()),
            sector: p.and_then(|p| p.sector.clone()),
        });
        key
    }

    fn outlet(&mut self, p: &Party) -> String {
        let key = format!("outlet:{}", outlet_name(&p.name));
        self.node(key, &p.name, NodeKind::Outlet, Some(p))
    }

    /// The chain as its own text states it, the outlet last; one who stands twice in a row stands once.
    fn state(&mut self, m: &Member) -> Vec<Step> {
        let mut keys: Vec<String> = Vec::new();
        let own = match &m.claim.outlet {
            Some(o) => self.outlet(o),
            None => self.node(format!("document:{}", m.copy.id), "not stated", NodeKind::Outlet, None),
        };
        let relays: Vec<String> = m
            .claim
            .chain
            .iter()
            .filter(|l| !l.origin)
            .take(STEPS)
            .filter_map(|l| l.who.as_ref())
            .map(|p| {
                if is_outlet(p) { self.outlet(p) } else { self.node(p.key.clone(), &p.name, NodeKind::Relay, Some(p)) }
            })
            .collect();
        if let Some(l) = m.claim.chain.iter().find(|l| l.origin) {
            let first_had_it = relays.first().unwrap_or(&own).clone();
            let key = match &l.who {
                Some(p) if is_outlet(p) && !l.unnamed => self.outlet(p),
                Some(p) if l.unnamed => {
                    self.node(format!("{}@{first_had_it}", p.key), &p.name, NodeKind::Unnamed, Some(p))
                }
                Some(p) => self.node(p.key.clone(), &p.name, NodeKind::Origin, Some(p)),
                // the text hides it; with a relay the relay is all that is known
                None if !relays.is_empty() => relays[0].clone(),
                None => self.node(format!("hidden@{first_had_it}"), "not named", NodeKind::Unnamed, None),
            };
            if let Some(body) = l.of.as_ref().filter(|_| !l.unnamed) {
                self.bodies.insert((key.clone(), body.clone()));
            }
            keys.push(key);
        }
        keys.extend(relays);
        keys.push(own);
        keys.dedup();
        keys.into_iter().map(|node| Step { node }).collect()
    }

    /// Whether the way stated by one claim of an article holds all that another states: the same end, the same origin or
    /// one who speaks for it, and all relays in order.
    fn covers(&self, more: &[Step], less: &[Step]) -> bool {
        let ([from, .., end], [origin, .., last]) = (more, less) else { return less.len() == 1 && more.len() > 1 };
        let speaks_for = self.bodies.contains(&(from.node.clone(), origin.node.clone()));
        let mut rest = more.iter();
        end == last
            && (from == origin || speaks_for)
            && less[1..].iter().all(|s| rest.any(|t| t == s))
            && (speaks_for || more.len() > less.len())
    }

    /// Gives each claim the fullest way that its article states and that holds its own. At most [`STEPS`] different ways of
    /// an article are looked through.
    fn cover(&mut self) {
        let mut ways: BTreeMap<(u64, bool), Vec<usize>> = BTreeMap::new();
        for (i, m) in self.members.iter().enumerate() {
            let all = ways.entry((m.claim.document, denies(&m.claim))).or_default();
            if all.len() < STEPS && all.iter().all(|&j| self.stated[j] != self.stated[i]) {
                all.push(i);
            }
        }
        let fullest: Vec<Option<usize>> = (0..self.members.len())
            .map(|i| {
                let claim = &self.members[i].claim;
                let covering = ways[&(claim.document, denies(claim))]
                    .iter()
                    .filter(|&&j| self.covers(&self.stated[j], &self.stated[i]));
                covering.copied().max_by_key(|&j| (self.stated[j].len(), std::cmp::Reverse(j)))
            })
            .collect();
        let stated = self.stated.clone();
        for (i, j) in fullest.into_iter().enumerate() {
            if let Some(j) = j {
                self.stated[i].clone_from(&stated[j]);
            }
        }
    }

    /// The way back to an origin, over what the cited outlets say themselves.
    fn resolve(&mut self, i: usize, open: &mut Vec<usize>) -> Resolved {
        if let Some(r) = self.resolved.get(&i) {
            return r.clone();
        }
        let stated: Vec<String> = self.stated[i].iter().map(|s| s.node.clone()).collect();
        let plain = Resolved { steps: stated.clone(), inferred: false, copy_of: None, circular: false };
        if open.contains(&i) || open.len() >= STEPS {
            return Resolved { circular: true, ..plain };
        }
        open.push(i);
        let mut out = plain.clone();
        if stated.len() == 1 {
            // a copy without a source of its own
            if let Some(source) = self.source_copy[i] {
                let there = self.resolve(source, open);
                let mut steps = there.steps;
                steps.push(stated[0].clone());
                steps.dedup();
                out = Resolved { steps, inferred: true, copy_of: Some(source), circular: there.circular };
            }
        } else if self.nodes[&stated[0]].kind == NodeKind::Outlet {
            // an outlet is cited: go on with what it says itself, the nearest hop first
            let before = &stated[..stated.len() - 1];
            let mut went_round = false;
            'hops: for cited in before.iter().rev() {
                for j in self.tellings(cited, i) {
                    if open.contains(&j) {
                        went_round = true;
                        continue;
                    }
                    let there = self.resolve(j, open);
                    if there.circular {
                        went_round = true;
                        continue;
                    }
                    // its way must hold what this text states of it, in order
                    let mut rest = there.steps.iter();
                    if there.steps.len() > 1 && before.iter().take_while(|s| *s != cited).all(|s| rest.any(|t| t == s))
                    {
                        let mut steps = there.steps.clone();
                        let after = before.iter().skip_while(|s| *s != cited).skip(1);
                        steps.extend(after.cloned());
                        steps.push(stated[stated.len() - 1].clone());
                        steps.dedup();
                        out = Resolved { steps, inferred: true, copy_of: None, circular: false };
                        went_round = false;
                        break 'hops;
                    }
                }
            }
            if went_round {
                out.circular = true;
            }
        }
        if out.copy_of.is_none()
            && let Some(source) = self.source_copy[i]
        {
            out.copy_of = Some(source);
        }
        open.pop();
        // what was found inside an open circle depends on where it was entered; only full answers are kept
        if open.is_empty() {
            self.resolved.insert(i, out.clone());
        }
        out
    }

    /// Claims that an outlet published itself and that may be what claim `i` cites: same denial or affirmation, those with the
    /// same figures first, then the earliest.
    fn tellings(&self, outlet: &str, i: usize) -> Vec<usize> {
        let me = &self.members[i].claim;
        let figures = |c: &Claim| -> Vec<u64> { c.goods.iter().filter_map(|g| g.count).map(f64::to_bits).collect() };
        let mine = figures(me);
        let mut all: Vec<usize> = self
            .of_outlet
            .get(outlet)
            .into_iter()
            .flatten()
            .copied()
            .filter(|&j| j != i && denies(&self.members[j].claim) == denies(me))
            .collect();
        all.sort_by_key(|&j| {
            let theirs = figures(&self.members[j].claim);
            let same = mine.is_empty() || theirs.iter().any(|f| mine.contains(f));
            (!same, self.members[j].copy.published.clone(), j)
        });
        all.truncate(STEPS);
        all
    }
}

/// Joins the chains of a happening. Linear in the claims but for outlets that cite outlets, whose tellings are looked through
/// (at most 32 each).
pub fn graph(g: &Gathered) -> Graph {
    let members = &g.members;
    let mut b = Builder {
        members,
        nodes: BTreeMap::new(),
        bodies: BTreeSet::new(),
        stated: Vec::new(),
        of_outlet: BTreeMap::new(),
        source_copy: vec![None; members.len()],
        resolved: BTreeMap::new(),
    };
    for (i, m) in members.iter().enumerate() {
        let s = b.state(m);
        if let Some(last) = s.last() {
            b.of_outlet.entry(last.node.clone()).or_default().push(i);
        }
        b.stated.push(s);
    }
    // the earliest copy of each story, and of its claims the one that says most of its source
    let age =
        |i: usize| (members[i].copy.published.is_none(), members[i].copy.published.clone(), members[i].claim.document);
    let mut stories: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (i, m) in members.iter().enumerate() {
        stories.entry(m.story).or_default().push(i);
    }
    for of_story in stories.values() {
        let Some(&first) = of_story.iter().min_by_key(|&&i| age(i)) else { continue };
        let document = members[first].claim.document;
        let Some(&source) = of_story
            .iter()
            .filter(|&&i| members[i].claim.document == document)
            .max_by_key(|&&i| (b.stated[i].len(), std::cmp::Reverse(i)))
        else {
            continue;
        };
        for &i in of_story {
            if members[i].claim.document != document {
                b.source_copy[i] = Some(source);
            }
        }
    }
    // headline and body of one article: what one of its claims says of the source holds for those that say less of it
    let said: Vec<Vec<Step>> = b.stated.clone();
    b.cover();

    let mut paths: BTreeMap<Vec<String>, Path> = BTreeMap::new();
    let mut edges: BTreeSet<(String, String)> = BTreeSet::new();
    let mut roots: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    let mut cites: BTreeSet<(String, String)> = BTreeSet::new();
    for (i, m) in members.iter().enumerate() {
        let r = b.resolve(i, &mut Vec::new());
        edges.extend(r.steps.windows(2).map(|w| (w[0].clone(), w[1].clone())));
        if r.circular {
            // the whole text states is who was cited
        } else if let Some(root) = r.steps.first() {
            roots.entry(root.clone()).or_default().insert(denies(&m.claim));
            // a body whose spokesman the same article names has spoken too
            if let [first, _, ..] = said[i].as_slice()
                && b.nodes[&first.node].kind == NodeKind::Origin
            {
                roots.entry(first.node.clone()).or_default().insert(denies(&m.claim));
            }
        }
        let stated = &b.stated[i];
        if let Some(own) = stated.last() {
            for s in &stated[..stated.len() - 1] {
                if b.nodes[&s.node].kind == NodeKind::Outlet && s.node != own.node {
                    cites.insert((own.node.clone(), s.node.clone()));
                }
            }
        }
        let path = paths.entry(r.steps.clone()).or_insert_with(|| Path {
            path: r.steps.iter().map(|k| b.nodes[k].name.clone()).collect(),
            keys: r.steps.clone(),
            documents: Vec::new(),
            claims: Vec::new(),
            inferred: r.inferred,
            copy_of: r.copy_of.map(|s| members[s].copy.id.clone()),
            circular: r.circular,
        });
        if !path.documents.contains(&m.copy.id) {
            path.documents.push(m.copy.id.clone());
        }
        path.claims.push(m.claim.at.clone());
    }
    let origins = interests(&b, &roots);
    let circles = circles(&b, &cites);
    let common = common_sources(&b, &cites, &paths);
    let outlets: Vec<String> = b.of_outlet.keys().map(|k| b.nodes[k].name.clone()).collect();
    let first = (0..members.len()).min_by_key(|&i| age(i)).map(|i| First {
        document: members[i].copy.id.clone(),
        source_id: members[i].copy.source_id.clone(),
        outlet: members[i].copy.outlet.clone(),
        published: members[i].copy.published.clone(),
    });
    let index: BTreeMap<&String, usize> = b.nodes.keys().enumerate().map(|(i, k)| (k, i)).collect();
    let edges = edges.iter().filter_map(|(x, y)| Some((*index.get(x)?, *index.get(y)?))).collect();
    Graph {
        id: g.id.clone(),
        nodes: b.nodes.values().cloned().collect(),
        edges,
        paths: paths.into_values().collect(),
        origins,
        outlets,
        circles,
        common,
        first,
    }
}

/// Roots that speak for one body or one government are one origin.
fn interests(b: &Builder<'_>, roots: &BTreeMap<String, BTreeSet<bool>>) -> Vec<Origin> {
    let keys: Vec<&String> = roots.keys().collect();
    let mut leader: Vec<usize> = (0..keys.len()).collect();
    let group = |n: &Node| -> Option<String> {
        // an unnamed source of a ministry is not the ministry's word
        if n.kind != NodeKind::Origin {
            return None;
        }
        match (n.country.as_deref(), n.sector.as_deref()) {
            (Some(c), Some(s @ ("GOV" | "MIL"))) => Some(format!("{c} {s}")),
            (Some(c), None) if n.key.starts_with("country:") => Some(format!("{c} GOV")),
            _ => None,
        }
    };
    for i in 0..keys.len() {
        for j in 0..i {
            let (x, y) = (&b.nodes[keys[i]], &b.nodes[keys[j]]);
            let bodies = |k: &str| -> BTreeSet<String> {
                let of = b.bodies.iter().filter(|(v, _)| v == k).map(|(_, body)| body.clone());
                of.chain(std::iter::once(k.to_owned())).collect()
            };
            let same = !bodies(keys[i]).is_disjoint(&bodies(keys[j])) || group(x).is_some_and(|g| Some(g) == group(y));
            if same {
                let (from, to) = (leader[i], leader[j]);
                leader.iter_mut().filter(|l| **l == from).for_each(|l| *l = to);
            }
        }
    }
    let mut out: BTreeMap<usize, Origin> = BTreeMap::new();
    for (i, key) in keys.iter().enumerate() {
        let n = &b.nodes[*key];
        let says: &BTreeSet<bool> = &roots[*key];
        let o = out.entry(leader[i]).or_insert_with(|| Origin {
            name: n.name.clone(),
            voices: Vec::new(),
            keys: Vec::new(),
            says: if says.contains(&true) { Says::Denies } else { Says::Affirms },
            unnamed: n.kind == NodeKind::Unnamed,
            own_voice: n.kind == NodeKind::Outlet,
        });
        for &denied in says {
            let now = if denied { Says::Denies } else { Says::Affirms };
            if o.says != now {
                o.says = Says::Both;
            }
        }
        // the body's own name before that of a person who speaks for it
        if b.bodies.iter().any(|(_, body)| body == *key) {
            o.name.clone_from(&n.name);
        }
        o.voices.push(n.name.clone());
        o.keys.push((*key).clone());
    }
    out.into_values().collect()
}

fn list(names: &[String], and: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{}{and}{last}", all.join(if and == " and " { ", " } else { "، " })),
    }
}

/// Outlets each of which cites the next and the last the first.
fn circles(b: &Builder<'_>, cites: &BTreeSet<(String, String)>) -> Vec<Circle> {
    let mut g: DiGraph<&String, ()> = DiGraph::new();
    let mut at = BTreeMap::new();
    for (x, y) in cites {
        let i = *at.entry(x).or_insert_with(|| g.add_node(x));
        let j = *at.entry(y).or_insert_with(|| g.add_node(y));
        g.add_edge(i, j, ());
    }
    tarjan_scc(&g)
        .into_iter()
        .filter(|c| c.len() > 1)
        .map(|c| {
            let mut names: Vec<String> = c.iter().map(|&n| b.nodes[g[n]].name.clone()).collect();
            names.sort();
            Circle {
                english: format!(
                    "{} cite each other: what one has, it has from the other, and this way leads to no origin.",
                    list(&names, " and ")
                ),
                arabic: format!("تنقل {} بعضها عن بعض، ولا يفضي هذا الطريق إلى مصدر أول.", list(&names, " و")),
                outlets: names,
            }
        })
        .collect()
}

/// Several outlets all of whose ways lead over one cited outlet.
fn common_sources(
    b: &Builder<'_>,
    cites: &BTreeSet<(String, String)>,
    paths: &BTreeMap<Vec<String>, Path>,
) -> Vec<Circle> {
    let mut by_cited: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (who, cited) in cites {
        by_cited.entry(cited).or_default().push(who);
    }
    by_cited
        .into_iter()
        .filter_map(|(cited, who)| {
            let mut names: Vec<String> = who
                .into_iter()
                .filter(|w| paths.values().filter(|p| p.keys.last() == Some(w)).all(|p| p.keys.contains(cited)))
                .map(|w| b.nodes[w].name.clone())
                .collect();
            names.sort();
            let source = &b.nodes[cited].name;
            (names.len() > 1).then(|| Circle {
                english: format!(
                    "{} all have it from {source} alone: they count as one with it.",
                    list(&names, " and ")
                ),
                arabic: format!("{} تنقله كلها عن {source} وحدها، فهي وإياها مصدر واحد.", list(&names, " و")),
                outlets: names,
            })
        })
        .collect()
}
