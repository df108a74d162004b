//! The reader: an Arabic article in, its attributed events out. A pure function of the text, the lexicon and the model.
//!
//! [`Engine`] holds what never changes (lexicon, weights) and may be shared; each thread reads with its own [`Reader`].
//!
//! ```no_run
//! # fn engine() -> std::sync::Arc<reader::Engine> { unimplemented!() }
//! let engine = engine();
//! let mut reader = reader::Reader::new(&engine);
//! let document = model::Document { text: "قصفت طائرات مواقع في المدينة.".into(), ..Default::default() };
//! let reading = reader.read(&document);
//! println!("{} events", reading.events.len());
//! ```

pub mod analysis;
pub mod article;
pub mod clauses;
pub mod clusters;
pub mod companions;
mod content;
mod datelines;
mod duals;
mod engine;
mod explain;
mod framing;
mod harm;
mod language;
mod outlook;
pub mod reference;
pub mod roles;
pub mod sayings;
pub mod spans;
pub mod status;
pub mod tagger;
mod things;
mod times;
pub mod triggers;
mod wholes;
pub mod words;

/// Version of the reader's code; stored readings keep it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use engine::{Bare, Engine, Explanation, Reader, Settings, part};
