//! The lexicon: knowledge as plain files (`lexicon/`), compiled into one automaton.
//!
//! [`Sources`] reads the files, [`compile`] conjugates and packs them, [`Lexicon`] looks spellings up in place.

mod compile;
pub mod conjugate;
mod entry;
mod sense;
mod source;
mod store;

pub use compile::{compile, key};
pub use conjugate::{Agreement, Form};
pub use entry::{AGENCY, Entry, EntryKind, NameInfo, Posting};
pub use sense::{CLASSES, LOADED, Role, Sense};
pub use source::{Expanded, Fault, LoadError, Sources, UPOS};
pub use store::{FormatError, Lexicon, Postings, Walk};
