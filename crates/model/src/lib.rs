//! The records of Isnad and their JSON. No logic beyond what the records mean.
//!
//! Offsets are **Unicode code points** into the text of the document (title, newline, body), half-open.

mod document;
mod event;
mod reading;
mod span;

pub use document::Document;
pub use event::{Bound, Event, EventType, Harm, Polarity, Status, Thing};
pub use reading::{
    ChainLink, ChainRole, Entity, EntityType, Framing, Reading, Statement, Stance,
};
pub use span::Span;
