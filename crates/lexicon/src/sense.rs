//! What a lexeme can mean: an event type with its mode, a way of saying, or a class of person or thing.

use model::{EventType, Stance};
use serde::{Deserialize, Serialize};

/// Classes of nouns; the order is part of the compiled format.
pub const CLASSES: [&str; 26] = [
    "person",
    "group",
    "force",
    "body",
    "party",
    "outlet",
    "facility",
    "place",
    "region",
    "weapon",
    "vehicle",
    "aircraft",
    "ship",
    "ammunition",
    "goods",
    "money",
    "casualty",
    "document",
    "time",
    "unit",
    "abstract",
    "family",
    "animal",
    "event",
    "number",
    "other",
];

/// One reading of a lexeme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sense {
    /// An event of this PLOVER type, with the index of its mode in [`EventType::modes`].
    Event {
        /// The PLOVER type.
        kind: EventTypeIndex,
        /// Index into the type's modes.
        mode: Option<u8>,
        /// Whether the word alone often is not that event.
        weak: bool,
    },
    /// A saying; the number is the index of its stance in [`Stance::ALL`].
    Say {
        /// Index into [`Stance::ALL`].
        stance: u8,
        /// Whether the word alone often is not a saying.
        weak: bool,
    },
    /// A word by which a relay passes on another's words.
    Relay,
    /// A class of person or thing: index into [`CLASSES`].
    Class(u8),
    /// A word that judges: index into [`LOADED`].
    Loaded(u8),
}

/// Kinds of judging words; the order is part of the compiled format.
pub const LOADED: [&str; 4] = ["pejorative", "laudatory", "delegitimising", "victim"];

/// Index into [`EventType::ALL`].
pub type EventTypeIndex = u8;

impl Sense {
    /// Parses `ASSAULT.aerial?`, `SAY.reveal`, `SAY.relay` or `@person`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, weak) = text.strip_suffix('?').map_or((text, false), |t| (t, true));
        if let Some(class) = text.strip_prefix('@') {
            return CLASSES
                .iter()
                .position(|c| *c == class)
                .map(|i| Self::Class(i as u8))
                .ok_or_else(|| format!("unknown class @{class}; known: {}", CLASSES.join(" ")));
        }
        if let Some(kind) = text.strip_prefix("LOADED.") {
            return LOADED
                .iter()
                .position(|k| *k == kind)
                .map(|i| Self::Loaded(i as u8))
                .ok_or_else(|| format!("unknown kind of loaded word {kind}; known: {}", LOADED.join(" ")));
        }
        let (head, tail) = text.split_once('.').map_or((text, None), |(h, t)| (h, Some(t)));
        if head == "SAY" {
            return match tail {
                Some("relay") => Ok(Self::Relay),
                Some(s) => Stance::from_code(s)
                    .map(|s| Self::Say { stance: s as u8, weak })
                    .ok_or_else(|| format!("unknown stance {s}")),
                None => Ok(Self::Say { stance: 0, weak }),
            };
        }
        let kind = EventType::from_code(head).ok_or_else(|| format!("unknown event type {head}"))?;
        let mode = match tail {
            None => None,
            Some(m) => Some(
                kind.modes()
                    .iter()
                    .position(|x| *x == m)
                    .ok_or_else(|| format!("{head} has no mode {m}; it has: {}", kind.modes().join(" ")))?
                    as u8,
            ),
        };
        Ok(Self::Event { kind: kind as u8, mode, weak })
    }

    /// The sense as the source files write it.
    pub fn code(self) -> String {
        let mark = |weak: bool| if weak { "?" } else { "" };
        match self {
            Self::Event { kind, mode, weak } => {
                let kind = EventType::ALL[kind as usize];
                match mode {
                    Some(m) => format!("{}.{}{}", kind.code(), kind.modes()[m as usize], mark(weak)),
                    None => format!("{}{}", kind.code(), mark(weak)),
                }
            }
            Self::Say { stance, weak } => format!("SAY.{}{}", Stance::ALL[stance as usize].code(), mark(weak)),
            Self::Relay => "SAY.relay".into(),
            Self::Loaded(k) => format!("LOADED.{}", LOADED[k as usize]),
            Self::Class(c) => format!("@{}", CLASSES[c as usize]),
        }
    }
}

/// What an argument does in an event or a saying; the order is part of the compiled format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Does it.
    Actor,
    /// Has it done to them.
    Recipient,
    /// Goods, people or weapons concerned.
    Thing,
    /// Where.
    Place,
    /// Where things come from.
    Source,
    /// Where things go.
    Goal,
    /// When.
    Time,
    /// By what means.
    Instrument,
    /// About what.
    Topic,
    /// Who asserts.
    Origin,
    /// Who passes on.
    Via,
    /// What is said.
    Content,
}

impl Role {
    /// All roles with the names that frames use.
    pub const NAMES: [(&'static str, Self); 12] = [
        ("actor", Self::Actor),
        ("recipient", Self::Recipient),
        ("thing", Self::Thing),
        ("place", Self::Place),
        ("source", Self::Source),
        ("goal", Self::Goal),
        ("time", Self::Time),
        ("instrument", Self::Instrument),
        ("topic", Self::Topic),
        ("origin", Self::Origin),
        ("via", Self::Via),
        ("content", Self::Content),
    ];

    /// The name that frames use.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(n, _)| *n == name).map(|(_, r)| *r)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senses_read_back_as_written() {
        for s in ["ASSAULT.aerial", "ACCUSE.disapprove?", "AID", "SAY.reveal", "SAY.relay", "@person"] {
            assert_eq!(Sense::parse(s).unwrap().code(), s);
        }
        assert!(Sense::parse("ASSAULT.visit").unwrap_err().contains("has no mode"));
        assert!(Sense::parse("@nothing").is_err());
    }

    #[test]
    fn role_names_stand_in_order() {
        for (n, r) in Role::NAMES {
            assert_eq!(r.name(), n);
        }
    }
}
