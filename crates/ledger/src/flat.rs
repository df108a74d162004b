//! A reading as rows for questions. Entities are numbered within the document; the writer gives them their own numbers.

use std::collections::HashMap;

use model::{ChainRole, Document, Entity, Event, EventType, Reading, Span};

use crate::days;
use crate::names::Names;

/// Roles of participants and links, as stored: one letter, for they stand in most rows, and in indexes again.
pub mod role {
    /// Who does it.
    pub const ACTOR: &str = "a";
    /// To whom.
    pub const RECIPIENT: &str = "r";
    /// Where.
    pub const PLACE: &str = "p";
    /// Who asserts it.
    pub const ORIGIN: &str = "o";
    /// Who passes it on.
    pub const VIA: &str = "v";
}

/// A code of few values, as stored: its first two letters, which tell them apart.
pub fn brief(code: &'static str) -> &'static str {
    code.get(..2).unwrap_or(code)
}

/// A type of event, as stored: its letter, from `a` for AGREE to `p` for ASSAULT.
pub fn letter(kind: EventType) -> &'static str {
    const LETTERS: &str = "abcdefghijklmnop";
    let at = EventType::ALL.iter().position(|k| *k == kind).unwrap_or(0);
    LETTERS.get(at..=at).unwrap_or("?")
}

/// All rows of one reading.
#[derive(Clone, Debug, Default)]
pub struct Flat {
    pub entities: Vec<FlatEntity>,
    pub events: Vec<FlatEvent>,
    pub statements: Vec<FlatStatement>,
    pub loaded: Vec<FlatLoaded>,
}

#[derive(Clone, Debug)]
pub struct FlatEntity {
    pub key: String,
    pub entity: Entity,
    /// Each spelling with its count.
    pub written: Vec<(String, i64)>,
    pub mentions: i64,
}

#[derive(Clone, Debug)]
pub struct FlatEvent {
    pub event: Event,
    pub statement: Option<usize>,
    pub days: Option<(i64, i64)>,
    pub participants: Vec<(usize, &'static str)>,
    pub place: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct FlatStatement {
    pub stance: &'static str,
    pub direct: bool,
    pub days: Option<(i64, i64)>,
    pub links: Vec<(&'static str, Option<usize>)>,
}

#[derive(Clone, Debug)]
pub struct FlatLoaded {
    pub kind: String,
    pub entity: Option<usize>,
    pub word: String,
}

/// Words of a text by their code points.
#[derive(Debug)]
pub struct Words<'a> {
    text: &'a str,
    /// Byte of every 64th code point.
    marks: Vec<usize>,
}

impl<'a> Words<'a> {
    /// Time linear in the text.
    pub fn new(text: &'a str) -> Self {
        Self { text, marks: text.char_indices().step_by(64).map(|(at, _)| at).collect() }
    }

    fn byte(&self, at: u32) -> usize {
        let Some(from) = self.marks.get(at as usize / 64).copied() else { return self.text.len() };
        self.text[from..].char_indices().nth(at as usize % 64).map_or(self.text.len(), |(b, _)| from + b)
    }

    /// The words of a span; what reaches beyond the text is cut off.
    pub fn of(&self, span: Span) -> &'a str {
        let from = self.byte(span.start);
        &self.text[from..self.byte(span.end).max(from)]
    }
}

impl Flat {
    /// Takes a reading apart. Time n log n in its records.
    pub fn of(document: &Document, reading: &Reading) -> Self {
        let whole = document.whole();
        let words = Words::new(&whole);
        let names = Names::new(reading);
        let mut out = Self::default();
        // entities of one key are one
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut number_of = Vec::with_capacity(reading.entities.len());
        for e in &reading.entities {
            let n = *numbers.entry(if e.key.is_empty() { &e.name } else { &e.key }).or_insert_with(|| {
                let key = if e.key.is_empty() {
                    format!("word:{}:{}", e.kind.code(), arabic::letter::fold(&e.name))
                } else {
                    e.key.clone()
                };
                let entity = Entity { mentions: Vec::new(), ..e.clone() };
                out.entities.push(FlatEntity { key, entity, written: Vec::new(), mentions: 0 });
                out.entities.len() - 1
            });
            number_of.push(n);
            let flat = &mut out.entities[n];
            for m in &e.mentions {
                flat.mentions += 1;
                let written = plain(words.of(*m));
                match flat.written.iter_mut().find(|w| w.0 == written) {
                    Some(w) => w.1 += 1,
                    None => flat.written.push((written, 1)),
                }
            }
        }
        let statements: HashMap<&str, usize> =
            reading.statements.iter().enumerate().map(|(i, s)| (s.id.as_str(), i)).collect();
        for event in &reading.events {
            let mut participants: Vec<(usize, &'static str)> = Vec::new();
            for (role, spans) in
                [(role::ACTOR, &event.actor), (role::RECIPIENT, &event.recipient), (role::PLACE, &event.place)]
            {
                for e in spans.iter().flat_map(|s| names.of(*s)) {
                    let one = (number_of[e], role);
                    if !participants.contains(&one) {
                        participants.push(one);
                    }
                }
            }
            let mut places = participants.iter().filter(|p| p.1 == role::PLACE).map(|p| p.0);
            let located = |n: &usize| out.entities[*n].entity.location.is_some();
            let place = places.clone().find(located).or_else(|| places.next());
            out.events.push(FlatEvent {
                statement: event.statement.as_deref().and_then(|s| statements.get(s).copied()),
                days: event.when.as_ref().and_then(|w| days::range(&w.value)),
                event: event.clone(),
                participants,
                place,
            });
        }
        for s in &reading.statements {
            let links = (s.chain.iter())
                .map(|l| {
                    let role = match l.role {
                        ChainRole::Origin => role::ORIGIN,
                        ChainRole::Via => role::VIA,
                    };
                    (role, l.span.and_then(|s| names.of(s).first().map(|e| number_of[*e])))
                })
                .collect();
            out.statements.push(FlatStatement {
                stance: s.stance.code(),
                direct: s.direct,
                days: s.when.as_ref().and_then(|w| days::range(&w.value)),
                links,
            });
        }
        let numbers: HashMap<&str, usize> =
            reading.entities.iter().zip(&number_of).map(|(e, n)| (e.id.as_str(), *n)).collect();
        for f in &reading.framing {
            out.loaded.push(FlatLoaded {
                kind: f.kind.clone(),
                entity: f.of.as_deref().and_then(|id| numbers.get(id).copied()),
                word: plain(words.of(f.span)),
            });
        }
        out
    }
}

/// Words on one line, without marks that nobody sees, at most 200 code points.
fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars().take(200) {
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_its_letter() {
        let all: Vec<&str> = EventType::ALL.iter().map(|k| letter(*k)).collect();
        assert_eq!(all.concat(), "abcdefghijklmnop");
    }

    proptest::proptest! {
        #[test]
        fn words_of_spans_are_their_code_points(text in "\\PC{0,200}", a in 0u32..220, n in 0u32..80) {
            let want: String = text.chars().skip(a as usize).take(n as usize).collect();
            proptest::prop_assert_eq!(Words::new(&text).of(Span::new(a, a + n)), want);
        }
    }
}
