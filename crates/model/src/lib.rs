//! The records of Isnad and their JSON. No logic beyond what the records mean.
//!
//! Offsets are **Unicode code points** into the text of the document (title, newline, body), half-open.

mod analysis;
mod document;
mod event;
mod number;
mod reading;
mod span;
mod version;

pub use analysis::{Analysis, NumberValue, Segment, TimeValue, TokenAnalysis};
pub use document::{Document, Source, SourceKind};
pub use event::{Bound, Event, EventType, Harm, Polarity, Status, Thing, When};
pub use reading::{ChainLink, ChainRole, Entity, EntityType, Framing, Location, Reading, Stance, Statement};
pub use span::Span;
pub use version::Version;
