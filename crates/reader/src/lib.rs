//! The reader: an Arabic article in, its attributed events out. A pure function of the text, the lexicon and the model.

pub mod article;
pub mod clusters;
pub mod roles;
pub mod spans;
pub mod tagger;
pub mod triggers;
pub mod words;
