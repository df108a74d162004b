use serde::{Deserialize, Serialize};

use crate::{Event, Span, When};

/// What kind of thing a mention names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EntityType {
    /// A person.
    Per,
    /// An organisation, government body or party.
    Org,
    /// An armed force, of a state or not.
    Mil,
    /// A news outlet or agency.
    Med,
    /// A country, region with a government, or town.
    Gpe,
    /// Another place.
    Loc,
    /// A base, airport, building or front line.
    Fac,
    /// A weapon or equipment, model or class.
    Eqp,
}

impl EntityType {
    /// All types, in the order of their numbers.
    pub const ALL: [Self; 8] = [Self::Per, Self::Org, Self::Mil, Self::Med, Self::Gpe, Self::Loc, Self::Fac, Self::Eqp];

    /// The code used in JSON and in the lexicon.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Per => "PER",
            Self::Org => "ORG",
            Self::Mil => "MIL",
            Self::Med => "MED",
            Self::Gpe => "GPE",
            Self::Loc => "LOC",
            Self::Fac => "FAC",
            Self::Eqp => "EQP",
        }
    }

    /// The type with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }
}

/// Someone or something that the article names, with every mention of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Identifier within the reading, `e1`, `e2`, …
    pub id: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Name for display: English where the lexicon knows it, else as written.
    pub name: String,
    /// ISO 3166 alpha-3 code of the country it belongs to, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// PLOVER sector, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    /// The same for the same thing in every article: `actor:…`, `country:RUS`, `place:…` where the lexicon knows it
    /// (its English name follows), else `word:PER:…` with the folded words of its fullest mention.
    #[serde(default)]
    pub key: String,
    /// Where it lies, for places that the lexicon knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Where it is named, in text order.
    pub mentions: Vec<Span>,
}

/// A point on the map and what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Decimal degrees, WGS 84.
    pub latitude: f32,
    /// Decimal degrees, WGS 84.
    pub longitude: f32,
    /// What the point is the middle of, by the lexicon's levels: `country`, `adm1`, `adm2`, `city`, `town`, `village`,
    /// `airport`, …
    pub level: String,
}

/// A link of a chain: who asserts, or who passes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChainRole {
    /// Whoever asserts the content.
    Origin,
    /// A relay that passed it on.
    Via,
}

/// One link of a chain of saying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLink {
    /// Origin or relay.
    pub role: ChainRole,
    /// The words that name it; none where the text hides the origin.
    pub span: Option<Span>,
}

/// How the saying takes its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// Says.
    #[default]
    Neutral,
    /// Affirms, stresses.
    Assert,
    /// Reveals.
    Reveal,
    /// Denies.
    Deny,
    /// Accuses.
    Accuse,
    /// Doubts.
    Doubt,
    /// Calls for.
    Urge,
}

impl Stance {
    /// All stances, in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Neutral, Self::Assert, Self::Reveal, Self::Deny, Self::Accuse, Self::Doubt, Self::Urge];

    /// The code used in JSON and in the lexicon.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Assert => "assert",
            Self::Reveal => "reveal",
            Self::Deny => "deny",
            Self::Accuse => "accuse",
            Self::Doubt => "doubt",
            Self::Urge => "urge",
        }
    }

    /// The stance with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }
}

/// Who says what, through whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Identifier within the reading, `st1`, `st2`, …
    pub id: String,
    /// Origin first, then each relay in the order the words travelled.
    pub chain: Vec<ChainLink>,
    /// The words of saying.
    pub cue: Option<Span>,
    /// What is said: one span a sentence.
    pub content: Vec<Span>,
    /// Whether the content stands in quotation marks.
    pub direct: bool,
    /// How the saying takes its content.
    pub stance: Stance,
    /// When it was said, where the text states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

/// A word that judges an actor in the outlet's own voice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Framing {
    /// The judging words.
    pub span: Span,
    /// The entity judged, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// `pejorative`, `laudatory`, `delegitimising` or `victim`.
    pub kind: String,
}

/// All that the reader found in one article. Every event is a claim of its statement, or of the outlet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The document's id, as it came.
    pub id: String,
    /// Language of the text (ISO 639-1) where it could be told; only Arabic is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Entities, ordered by first mention.
    pub entities: Vec<Entity>,
    /// Statements, in text order of their cues.
    pub statements: Vec<Statement>,
    /// Events, in text order of their triggers.
    pub events: Vec<Event>,
    /// Loaded words in the outlet's own voice.
    #[serde(default)]
    pub framing: Vec<Framing>,
    /// Page noise that was not read: menus, teasers, dates of print.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub furniture: Vec<Span>,
}
