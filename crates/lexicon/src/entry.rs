use serde::{Deserialize, Serialize};

use crate::conjugate::{Agreement, Form};
use crate::sense::{Role, Sense};

/// Which kind of file an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EntryKind {
    /// `verbs/*.tsv`
    Verb,
    /// `nouns/*.tsv`
    Noun,
    /// `phrases/*.tsv`
    Phrase,
    /// `names/countries.tsv`
    Country,
    /// `names/actors*.tsv`
    Actor,
    /// `names/outlets.tsv`
    Outlet,
    /// `names/places*.tsv`
    Place,
    /// `names/weapons.tsv`
    Weapon,
    /// `titles.tsv`
    Title,
    /// `words/*.tsv`
    Word,
}

/// The family of outlets whose reports other outlets print.
pub const AGENCY: &str = "agency";

/// What a name entry knows of its bearer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NameInfo<'a> {
    /// Code of the entity type (`PER` …); titles have their kind here.
    pub kind: &'a str,
    /// ISO 3166 alpha-3, or empty.
    pub country: &'a str,
    /// PLOVER sector, administrative level, or weapon class.
    pub detail: &'a str,
    /// Weapon family; [`AGENCY`] for a news agency.
    pub family: &'a str,
    /// Weapon model, or empty.
    pub model: &'a str,
    /// Decimal degrees, or NaN.
    pub latitude: f32,
    /// Decimal degrees, or NaN.
    pub longitude: f32,
}

/// One line of the lexicon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry<'a> {
    /// Which kind of file it stands in.
    pub kind: EntryKind,
    /// Headword, unfolded.
    pub lemma: &'a str,
    /// English.
    pub gloss: &'a str,
    /// Readings, the likeliest first.
    pub senses: Vec<Sense>,
    /// Which slot fills which role.
    #[serde(borrow)]
    pub frame: Vec<(&'a str, Role)>,
    /// For names and titles.
    #[serde(borrow)]
    pub name: Option<NameInfo<'a>>,
    /// For listed words: Universal POS of the parts joined by `+`; the gloss holds the parts.
    pub pos: &'a str,
    /// For phrases: index of the word that is the trigger or cue.
    pub trigger: u8,
    /// Source file, relative to the lexicon folder.
    pub file: &'a str,
    /// Line in the file, from 1.
    pub line: u32,
}

/// A form of an entry, as the automaton gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Posting {
    /// Number of the entry.
    pub entry: u32,
    /// What form of it this spelling is.
    pub form: Form,
    /// Person, gender and number.
    pub agreement: Agreement,
}
