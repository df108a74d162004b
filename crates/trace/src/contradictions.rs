//! Where the tellings of one happening differ: figures that exclude each other, denials, other actors or recipients, and
//! outlets that changed their story. Everything is said by someone; nothing is decided.

use std::collections::BTreeMap;

use model::{Bound, Status};
use serde::{Deserialize, Serialize};

use crate::chain::denies;
use crate::claim::{Claim, ClaimRef, Party};
use crate::compare::same_party;
use crate::dates;
use crate::figures::Figure;
use crate::happenings::{Gathered, Member};

/// A figure that claims give for the same quantity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said<T> {
    /// What is said.
    pub value: T,
    /// Who says it, from the origin on; the outlet where it names no source.
    pub by: Vec<String>,
    /// The claims.
    pub claims: Vec<ClaimRef>,
}

/// What two tellings differ in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Contradiction {
    /// Counts that cannot both be right.
    Figures {
        /// What is counted: `killed`, `injured`, or goods.
        of: String,
        /// All figures; at least two exclude each other.
        figures: Vec<Said<Figure>>,
    },
    /// Some say it happened, others that it did not.
    Denial {
        /// Who affirms.
        affirmed: Vec<Said<String>>,
        /// Who denies.
        denied: Vec<Said<String>>,
    },
    /// Different ones are said to have done it.
    Actors {
        /// Who is named.
        named: Vec<Said<String>>,
    },
    /// It is said to have been done to different ones.
    Recipients {
        /// Who is named.
        named: Vec<Said<String>>,
    },
}

/// A version of the story in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionAt {
    /// Publication as given.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Who says it, from the origin on.
    pub by: Vec<String>,
    /// The claim.
    pub claim: ClaimRef,
    /// Whether it is denied.
    pub denied: bool,
    /// Status as held by the text.
    pub status: Status,
    /// Figures by what they count.
    pub figures: BTreeMap<String, Figure>,
    /// What this outlet or origin said otherwise before.
    pub changed: Vec<String>,
}

/// All that differs in one happening, and the versions in order of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contradictions {
    /// Id of the happening.
    pub id: String,
    /// What differs.
    pub contradictions: Vec<Contradiction>,
    /// Versions in order.
    pub timeline: Vec<VersionAt>,
}

fn by(m: &Member) -> Vec<String> {
    let mut out: Vec<String> = m
        .claim
        .chain
        .iter()
        .map(|l| l.who.as_ref().map_or_else(|| "not named".to_owned(), |p| p.name.clone()))
        .collect();
    out.push(m.copy.outlet.clone().unwrap_or_else(|| "not stated".to_owned()));
    out.dedup();
    out
}

/// Figures of a claim by what they count. Parts are figures of their own, so that six of eight do not contradict the eight.
pub(crate) fn figures(c: &Claim) -> Vec<(String, Figure)> {
    let mut out = Vec::new();
    if let Some(t) = c.toll {
        for (what, n) in [("killed", t.killed), ("injured", t.injured)] {
            if let Some(n) = n {
                out.push((what.to_owned(), Figure { count: n as f64, bound: t.bound }));
            }
        }
    }
    for g in &c.goods {
        if let Some(count) = g.count {
            // a model is a part of its class: six MiG-29 and two Su-24 are no two figures of one thing
            let what = match (&g.model, g.part) {
                (Some(m), _) => m.clone(),
                (None, true) => format!("part: {}", g.what),
                (None, false) => g.family.clone().or_else(|| g.class.clone()).unwrap_or_else(|| g.what.clone()),
            };
            out.push((what, Figure { count, bound: g.bound }));
        }
    }
    out
}

fn gather<T: Clone>(out: &mut Vec<Said<T>>, same: impl Fn(&T) -> bool, value: &T, m: &Member) {
    let who = by(m);
    let home = out.iter_mut().find(|s| same(&s.value) && s.by == who);
    match home {
        Some(s) => s.claims.push(m.claim.at.clone()),
        None => out.push(Said { value: value.clone(), by: who, claims: vec![m.claim.at.clone()] }),
    }
}

fn parties(g: &Gathered, of: impl Fn(&Claim) -> &Vec<Party>) -> Option<Vec<Said<String>>> {
    let known = |p: &&Party| p.key.starts_with("actor:") || p.key.starts_with("country:");
    let mut first: Vec<&Party> = Vec::new();
    let mut named: Vec<Said<String>> = Vec::new();
    for m in &g.members {
        let mine: Vec<&Party> = of(&m.claim).iter().filter(known).collect();
        if mine.is_empty() {
            continue;
        }
        if !mine.iter().any(|p| first.iter().any(|q| same_party(p, q))) {
            first.push(mine[0]);
        }
        let names = mine.iter().map(|p| p.name.clone()).collect::<Vec<_>>().join(", ");
        gather(&mut named, |v| *v == names, &names, m);
    }
    (first.len() > 1).then_some(named)
}

/// Finds what differs. Linear in the claims but for figures of the same thing, of which the distinct ones are compared in pairs.
pub fn contradictions(g: &Gathered) -> Contradictions {
    let mut out = Vec::new();
    let mut counted: BTreeMap<String, Vec<Said<Figure>>> = BTreeMap::new();
    for m in g.members.iter().filter(|m| !denies(&m.claim)) {
        for (what, f) in figures(&m.claim) {
            gather(counted.entry(what).or_default(), |v| *v == f, &f, m);
        }
    }
    for (of, figures) in counted {
        let mut values: Vec<Figure> = Vec::new();
        for s in &figures {
            if !values.contains(&s.value) && values.len() < 256 {
                values.push(s.value);
            }
        }
        if values.iter().enumerate().any(|(i, a)| values[i + 1..].iter().any(|b| a.contradicts(*b))) {
            out.push(Contradiction::Figures { of, figures });
        }
    }
    let (mut affirmed, mut denied) = (Vec::new(), Vec::new());
    for m in &g.members {
        let value =
            format!("{}{}", m.claim.kind.code(), m.claim.mode.as_ref().map_or(String::new(), |m| format!("/{m}")));
        gather(if denies(&m.claim) { &mut denied } else { &mut affirmed }, |_| true, &value, m);
    }
    if !denied.is_empty() && !affirmed.is_empty() {
        out.push(Contradiction::Denial { affirmed, denied });
    }
    if let Some(named) = parties(g, |c| &c.actors) {
        out.push(Contradiction::Actors { named });
    }
    if let Some(named) = parties(g, |c| &c.recipients) {
        out.push(Contradiction::Recipients { named });
    }
    Contradictions { id: g.id.clone(), contradictions: out, timeline: timeline(g) }
}

fn told(f: Figure) -> String {
    let words = match f.bound {
        Bound::Exact => "",
        Bound::About => "about ",
        Bound::AtLeast => "at least ",
        Bound::MoreThan => "more than ",
        Bound::UpTo => "up to ",
    };
    format!("{words}{}", f.count)
}

fn timeline(g: &Gathered) -> Vec<VersionAt> {
    let mut order: Vec<&Member> = g.members.iter().collect();
    order.sort_by_key(|m| {
        let day = m.copy.published.as_deref().and_then(dates::day);
        (day.is_none(), day, m.copy.published.clone(), m.number)
    });
    // what each outlet and each named origin said last, with the document that it was in
    let mut last: BTreeMap<(String, String), (Figure, u64)> = BTreeMap::new();
    let mut held: BTreeMap<String, (bool, u64)> = BTreeMap::new();
    let mut out = Vec::new();
    for m in order {
        let mut changed = Vec::new();
        let mut speakers: Vec<String> = m.copy.outlet.iter().cloned().collect();
        speakers.extend(
            m.claim.chain.iter().filter(|l| l.origin && !l.unnamed).filter_map(|l| Some(l.who.as_ref()?.name.clone())),
        );
        let figures: BTreeMap<String, Figure> = figures(&m.claim).into_iter().collect();
        let denied = denies(&m.claim);
        for who in &speakers {
            for (what, &f) in &figures {
                if let Some((before, document)) = last.insert((who.clone(), what.clone()), (f, m.claim.document))
                    && before != f
                    && document != m.claim.document
                {
                    changed.push(format!("{who}: {what}: {} before, {} now", told(before), told(f)));
                }
            }
            if let Some((before, document)) = held.insert(who.clone(), (denied, m.claim.document))
                && before != denied
                && document != m.claim.document
            {
                let words = |d: bool| if d { "denial" } else { "affirmation" };
                changed.push(format!("{who}: {} before, {} now", words(before), words(denied)));
            }
        }
        out.push(VersionAt {
            published: m.copy.published.clone(),
            outlet: m.copy.outlet.clone(),
            by: by(m),
            claim: m.claim.at.clone(),
            denied,
            status: m.claim.status,
            figures,
            changed,
        });
    }
    out
}
