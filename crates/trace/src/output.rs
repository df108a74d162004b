//! The records that commands print, in the shape that the project's format fixes, with more fields.

use model::EventType;
use serde::Serialize;

use crate::chain::{Graph, graph};
use crate::compare::Reason;
use crate::happenings::{Gathered, How, Member};

/// A document by both its ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentId {
    /// Identity in the ledger.
    pub id: String,
    /// The id it came with.
    pub source_id: Option<String>,
}

/// Which claim, and who says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimOf {
    /// Its document.
    pub document: DocumentId,
    /// Its event there.
    pub event: String,
    /// Names from the origin to the last relay; empty where the outlet says it in its own voice.
    pub chain: Vec<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// When, as given.
    pub published: Option<String>,
    /// Whether it says that it did not happen.
    pub denied: bool,
}

impl ClaimOf {
    /// The claim of a member of a happening.
    pub fn new(m: &Member) -> Self {
        let name = |l: &crate::claim::Link| l.who.as_ref().map_or_else(|| "not named".to_owned(), |p| p.name.clone());
        Self {
            document: DocumentId { id: m.copy.id.clone(), source_id: m.copy.source_id.clone() },
            event: m.claim.event.clone(),
            chain: m.claim.chain.iter().map(name).collect(),
            outlet: m.copy.outlet.clone(),
            published: m.copy.published.clone(),
            denied: crate::chain::denies(&m.claim),
        }
    }
}

/// How an article tells of a happening ([`crate::passing`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Told {
    /// As what it is about.
    #[serde(rename = "reported")]
    Reported,
    /// Beside what it is about.
    #[serde(rename = "in passing")]
    InPassing,
}

/// A claim of a happening.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimLine {
    /// Which, and who says it.
    #[serde(flatten)]
    pub claim: ClaimOf,
    /// How it came into the happening.
    pub how: How,
    /// Document and trigger of the claim that it was joined to.
    pub to: crate::claim::ClaimRef,
    /// Whether its article reports the happening.
    pub told: Told,
    /// Why the claim is told in passing, where reasons are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_in_passing: Option<String>,
    /// Why it is here, with what each reason adds to the log odds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// A happening on one line.
#[derive(Clone, Debug, Serialize)]
pub struct HappeningLine {
    /// Stable id.
    pub id: String,
    /// Ids that were merged into it.
    pub aliases: Vec<String>,
    /// PLOVER type of most claims.
    #[serde(rename = "type")]
    pub kind: Option<EventType>,
    /// PLOVER mode of most claims that have one.
    pub mode: Option<String>,
    /// Said to have done it, by most claims that name someone.
    pub actor: Option<String>,
    /// Said to have had it done to them.
    pub recipient: Option<String>,
    /// Where, by most claims that say so.
    pub place: Option<String>,
    /// First day that claims state for it, else that of the first publication.
    pub day: Option<String>,
    /// The claims of articles that report it: two articles that stand here have the same news.
    pub claims: Vec<ClaimLine>,
    /// The claims of articles that tell it in passing.
    pub in_passing: Vec<ClaimLine>,
    /// Outlets that carry it, in whichever way; so too the ways and the origins.
    pub outlets: usize,
    /// Different ways they have it by.
    pub chains: usize,
    /// Independent origins.
    pub origins: usize,
    /// The graph behind these numbers.
    pub graph: Graph,
}

/// What most have; the earliest of those that tie.
fn most<T: PartialEq + Clone>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut seen: Vec<(T, usize)> = Vec::new();
    for x in all {
        match seen.iter_mut().find(|(y, _)| *y == x) {
            Some((_, n)) => *n += 1,
            None => seen.push((x, 1)),
        }
    }
    seen.into_iter().enumerate().max_by_key(|(i, (_, n))| (*n, std::cmp::Reverse(*i))).map(|(_, (x, _))| x)
}

/// PLOVER type of most claims of a happening.
pub fn kind(g: &Gathered) -> Option<EventType> {
    most(g.members.iter().map(|m| m.claim.kind))
}

/// The line of a happening; reasons only where they are asked for.
pub fn happening(g: &Gathered, explain: bool) -> HappeningLine {
    let graph = graph(g);
    let (outlets, chains, origins) = graph.counts();
    let line = |m: &Member| ClaimLine {
        claim: ClaimOf::new(m),
        how: m.how,
        to: m.to.clone(),
        told: if m.passing.is_none() { Told::Reported } else { Told::InPassing },
        why_in_passing: m.passing.filter(|_| explain).map(|p| p.to_string()),
        reasons: if explain { m.reasons.clone() } else { Vec::new() },
    };
    let (reported, in_passing): (Vec<&Member>, Vec<&Member>) = g.members.iter().partition(|m| m.passing.is_none());
    HappeningLine {
        id: g.id.clone(),
        aliases: g.aliases.clone(),
        kind: kind(g),
        mode: most(g.members.iter().filter_map(|m| m.claim.mode.clone())),
        actor: most(g.members.iter().filter_map(|m| Some(m.claim.actors.first()?.name.clone()))),
        recipient: most(g.members.iter().filter_map(|m| Some(m.claim.recipients.first()?.name.clone()))),
        place: most(g.members.iter().filter_map(|m| Some(m.claim.places.first()?.name.clone()))),
        day: (g.members.iter().filter_map(|m| m.claim.when).map(|w| w.first).min())
            .or_else(|| g.members.iter().filter_map(|m| m.claim.published).min())
            .and_then(crate::dates::iso),
        claims: reported.into_iter().map(line).collect(),
        in_passing: in_passing.into_iter().map(line).collect(),
        outlets,
        chains,
        origins,
        graph,
    }
}
