//! A ledger with what `trace` knows across its articles.
//!
//! [`catch_up`] traces what the ledger holds and trace does not know yet: new documents, new readings, known texts in
//! another outlet. It works in transactions of a few documents, so it may be stopped anywhere and goes on where it was.
//! [`Traced`] answers questions.

mod catch_up;
mod error;
mod look;
mod outlets;
mod questions;
mod rows;
mod shelf;

pub use catch_up::{BATCH, Caught, catch_up, catch_up_some, rebuild, waiting};
pub use error::{Result, TracedError};
pub use look::{Look, Places, document_of};
pub use outlets::OutletNames;
pub use questions::{Changed, Traced, join, split};
pub use rows::{ContradictionLine, StoryLine};
pub use trace::output::HappeningLine;
pub use trace::transfers::Transfer;
