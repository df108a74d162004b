//! What lists tell of claims and statements in the words of their articles, in few bytes: kept in the index, so that a row
//! needs no reading. Names that the lexicon knows stand by their keys alone, and whoever the index knows stands there.
//! Evidence is kept as its place: the words are the text's.

use model::{Bound, Event, Span, Stance, Statement};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::article::{self, Passage, Shown};
use crate::names::Names;
use crate::types::{ChainStep, Harm, Name, Party, PlaceRef, ThingSummary};

/// What is told of one claim or statement; empty where the index says it all.
#[derive(Debug, Default)]
struct Packed(Box<[u8]>);

impl Packed {
    fn of<T: Serialize + Default + PartialEq>(words: &T) -> Self {
        if *words == T::default() {
            return Self::default();
        }
        Self(postcard::to_allocvec(words).unwrap_or_default().into())
    }

    fn words<T: DeserializeOwned + Default>(&self) -> T {
        postcard::from_bytes(&self.0).unwrap_or_default()
    }
}

/// What is told of one claim.
#[derive(Debug, Default)]
pub struct Told(Packed);

/// What is told of one statement.
#[derive(Debug, Default)]
pub struct Said(Packed);

#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Words {
    id: Option<String>,
    actor: Parties,
    recipient: Parties,
    place: Parties,
    things: Vec<Thing>,
    when: Option<String>,
    harm: Option<(Option<u64>, Option<u64>, Bound)>,
    evidence: Quoted,
}

/// One part of a claim in order: words, or none for the next whom the index has in that part. Empty where the index has all.
type Parties = Vec<Option<String>>;

#[derive(PartialEq, Serialize, Deserialize)]
struct Thing {
    what: String,
    class: Option<String>,
    family: Option<String>,
    model: Option<String>,
    count: Option<f64>,
    bound: Bound,
    part: bool,
    words: String,
}

#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Saying {
    id: Option<String>,
    stance: Stance,
    direct: bool,
    chain: Vec<Step>,
    when: Option<String>,
    evidence: Quoted,
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

/// Where an evidence stands: its beginning and length, then of each marked range how far it is from the one before, and its
/// length.
#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Quoted(u32, u32, Vec<(u32, u32)>);

impl Quoted {
    fn of(passage: &Passage) -> Self {
        let mut at = 0;
        let marks = passage.marks.iter().map(|m| {
            let step = (m.start - at, m.len());
            at = m.end;
            step
        });
        Self(passage.span.start, passage.span.len(), marks.collect())
    }

    fn passage(self) -> Passage {
        let mut at = 0;
        let marks = self.2.into_iter().map(|(step, len)| {
            let start = at + step;
            at = start + len;
            Span::new(start, at)
        });
        Passage { marks: marks.collect(), span: Span::new(self.0, self.0 + self.1) }
    }
}

/// A claim as its rows show it, beside what the index knows.
pub struct Row {
    /// Its name within the document.
    pub event: String,
    /// Who does it.
    pub actor: Vec<Option<Party>>,
    /// To whom.
    pub recipient: Vec<Option<Party>>,
    /// Where.
    pub place: Vec<Option<PlaceRef>>,
    /// Things.
    pub things: Vec<ThingSummary>,
    /// When, as stated.
    pub when: Option<String>,
    /// People killed and injured.
    pub harm: Option<Harm>,
    /// Where its evidence stands.
    pub evidence: Passage,
}

/// A statement as its rows show it.
pub struct SaidRow {
    /// Its name within the document.
    pub statement: String,
    /// How the saying takes its content.
    pub stance: Stance,
    /// Whether the content stands in quotation marks.
    pub direct: bool,
    /// Who says it, but the outlet.
    pub chain: Vec<ChainStep>,
    /// When it was said, where stated.
    pub when: Option<String>,
    /// Where its evidence stands.
    pub evidence: Passage,
}

/// Names that are not the usual ones of their places.
fn unusual(id: &str, usual: &str) -> Option<String> {
    (id != usual).then(|| id.to_string())
}

fn event_id(number: u16) -> String {
    format!("ev{}", u32::from(number) + 1)
}

fn statement_id(number: u16) -> String {
    format!("st{}", u32::from(number) + 1)
}

fn written<T>(all: Vec<T>, words: impl Fn(T) -> Option<String>) -> Parties {
    let parties: Parties = all.into_iter().map(words).collect();
    if parties.iter().all(Option::is_none) { Vec::new() } else { parties }
}

impl Told {
    /// Takes from the claim of a number what its rows show in words.
    pub fn of(shown: &Shown<'_>, e: &Event, number: u16) -> Self {
        let parties = |all: Vec<Party>| written(all, |p| if p.key.is_some() { None } else { p.name.ar });
        let things = e.things.iter().map(|t| Thing {
            what: t.what.clone(),
            class: t.class.clone(),
            family: t.family.clone(),
            model: t.model.clone(),
            count: t.count,
            bound: t.bound,
            part: t.part,
            words: shown.words(t.span).to_string(),
        });
        let mut marks = vec![e.trigger];
        marks.extend(e.actor.iter().chain(&e.recipient).chain(&e.place).chain(&e.time).copied());
        marks.extend(e.things.iter().map(|t| t.span));
        Self(Packed::of(&Words {
            id: unusual(&e.id, &event_id(number)),
            actor: parties(shown.actors(e)),
            recipient: parties(shown.recipients(e)),
            place: written(shown.places(e), |(p, named)| if named { None } else { p.name.ar }),
            things: things.collect(),
            when: e.when.as_ref().map(|w| w.value.clone()),
            harm: e.harm.map(|h| (h.killed, h.injured, h.bound)),
            evidence: Quoted::of(&shown.evidence(e.trigger, &marks)),
        }))
    }

    /// The words again, of the claim of this number.
    pub fn row(&self, number: u16, names: &Names) -> Row {
        let words: Words = self.0.words();
        let party = |w: Option<String>| w.map(|w| Party { key: None, name: Name::written(&w) });
        let parties = |all: Parties| all.into_iter().map(party).collect();
        let thing = |t: Thing| ThingSummary {
            what: names.thing(&t.what, &t.words),
            class: t.class,
            family: t.family,
            model: t.model,
            count: t.count,
            bound: t.bound,
            part: t.part,
            words: t.words,
        };
        Row {
            event: words.id.unwrap_or_else(|| event_id(number)),
            actor: parties(words.actor),
            recipient: parties(words.recipient),
            place: words.place.into_iter().map(|w| w.as_deref().and_then(article::place_called)).collect(),
            things: words.things.into_iter().map(thing).collect(),
            when: words.when,
            harm: words.harm.map(|(killed, injured, bound)| Harm { killed, injured, bound }),
            evidence: words.evidence.passage(),
        }
    }

    /// Its name within the document.
    pub fn id(&self, number: u16) -> String {
        self.0.words::<Words>().id.unwrap_or_else(|| event_id(number))
    }
}

impl Said {
    /// Takes from the statement of a number what its rows show in words.
    pub fn of(shown: &Shown<'_>, s: &Statement, number: u16, names: &Names) -> Self {
        let step = |s: ChainStep| Step {
            via: s.role == "via",
            hidden: s.hidden,
            name: s.key.as_deref().is_none_or(|k| !names.knows(k)).then_some(s.name),
            key: s.key,
            words: s.words,
        };
        let around = s.cue.or_else(|| s.content.first().copied()).unwrap_or_default();
        Self(Packed::of(&Saying {
            id: unusual(&s.id, &statement_id(number)),
            stance: s.stance,
            direct: s.direct,
            chain: shown.said_by(s).into_iter().map(step).collect(),
            when: s.when.as_ref().map(|w| w.value.clone()),
            evidence: Quoted::of(&shown.evidence(around, &s.content)),
        }))
    }

    /// The words again, of the statement of this number.
    pub fn row(&self, number: u16, names: &Names) -> SaidRow {
        let words: Saying = self.0.words();
        let step = |s: Step| ChainStep {
            role: if s.via { "via" } else { "origin" }.into(),
            name: s.name.unwrap_or_else(|| names.name(s.key.as_deref().unwrap_or_default(), "")),
            key: s.key,
            hidden: s.hidden,
            words: s.words,
        };
        SaidRow {
            statement: words.id.unwrap_or_else(|| statement_id(number)),
            stance: words.stance,
            direct: words.direct,
            chain: words.chain.into_iter().map(step).collect(),
            when: words.when,
            evidence: words.evidence.passage(),
        }
    }
}
