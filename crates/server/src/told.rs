//! What lists tell of a claim in the words of its article, in few bytes: kept in the index, so that a row of a list needs no
//! article. Names that the lexicon knows stand by their keys alone.

use model::{Bound, Event};
use serde::{Deserialize, Serialize};

use crate::article::{self, Shown};
use crate::names::Names;
use crate::types::{ChainStep, Name, Party, PlaceRef, ThingSummary};

/// What is told of one claim; empty where the index says it all.
#[derive(Debug, Default)]
pub struct Told(Box<[u8]>);

#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Words {
    /// Words for who does it, where they name nobody whom the index knows.
    actor: Vec<String>,
    /// The same for whom it is done to.
    recipient: Vec<String>,
    /// The same for where.
    place: Vec<String>,
    /// Things that are no parts of others.
    things: Vec<Thing>,
    /// Who says it, but the outlet.
    chain: Vec<Step>,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct Thing {
    what: String,
    class: Option<String>,
    family: Option<String>,
    model: Option<String>,
    count: Option<f64>,
    bound: Bound,
    words: String,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct Step {
    via: bool,
    hidden: bool,
    /// None where the words name no entity.
    key: Option<String>,
    /// Where the lexicon does not know the key.
    name: Option<Name>,
    words: Option<String>,
}

/// The first of a happening as its row shows it.
pub struct First {
    /// Who does it, in words.
    pub actor: Vec<Party>,
    /// To whom, in words.
    pub recipient: Vec<Party>,
    /// Where, in words.
    pub place: Vec<PlaceRef>,
    /// Things.
    pub things: Vec<ThingSummary>,
    /// Who says it, but the outlet.
    pub chain: Vec<ChainStep>,
}

impl Told {
    /// Takes from a claim what its rows show in words.
    pub fn of(shown: &Shown<'_>, e: &Event, names: &Names) -> Self {
        let written = |parties: Vec<Party>| {
            let known = parties.iter().any(|p| p.key.is_some());
            let words = parties.into_iter().filter_map(|p| p.name.ar);
            if known { Vec::new() } else { words.collect() }
        };
        let place = if e.place.iter().any(|s| shown.names_any(*s)) {
            Vec::new()
        } else {
            e.place.iter().map(|s| shown.words(*s).to_string()).collect()
        };
        let things = e.things.iter().filter(|t| !t.part).map(|t| Thing {
            what: t.what.clone(),
            class: t.class.clone(),
            family: t.family.clone(),
            model: t.model.clone(),
            count: t.count,
            bound: t.bound,
            words: shown.words(t.span).to_string(),
        });
        let step = |s: ChainStep| Step {
            via: s.role == "via",
            hidden: s.hidden,
            name: s.key.as_deref().is_none_or(|k| !names.knows(k)).then_some(s.name),
            key: s.key,
            words: s.words,
        };
        let words = Words {
            actor: written(shown.actors(e)),
            recipient: written(shown.recipients(e)),
            place,
            things: things.collect(),
            chain: shown.said_by(shown.statement_of(e)).into_iter().map(step).collect(),
        };
        if words == Words::default() {
            return Self::default();
        }
        Self(postcard::to_allocvec(&words).unwrap_or_default().into())
    }

    /// The words again.
    pub fn shown(&self, names: &Names) -> First {
        let words: Words = postcard::from_bytes(&self.0).unwrap_or_default();
        let party = |w: String| Party { key: None, name: Name::written(&w) };
        let thing = |t: Thing| ThingSummary {
            what: names.thing(&t.what, &t.words),
            class: t.class,
            family: t.family,
            model: t.model,
            count: t.count,
            bound: t.bound,
            part: false,
            words: t.words,
        };
        let step = |s: Step| ChainStep {
            role: if s.via { "via" } else { "origin" }.into(),
            name: s.name.unwrap_or_else(|| names.name(s.key.as_deref().unwrap_or_default(), "")),
            key: s.key,
            hidden: s.hidden,
            words: s.words,
        };
        let mut place: Vec<PlaceRef> = Vec::new();
        for p in words.place.iter().filter_map(|w| article::place_called(w)) {
            if place.iter().all(|o| o.key != p.key) {
                place.push(p);
            }
        }
        First {
            actor: words.actor.into_iter().map(party).collect(),
            recipient: words.recipient.into_iter().map(party).collect(),
            place,
            things: words.things.into_iter().map(thing).collect(),
            chain: words.chain.into_iter().map(step).collect(),
        }
    }
}
