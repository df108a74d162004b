//! Across articles: which texts are copies, which claims tell of the same happening, through whom each outlet has it, how
//! many independent origins stand behind it, where the tellings differ, and who is said to have given what to whom.
//!
//! Everything here is a claim *said by* a chain; nothing is found true or false. No storage of its own: all algorithms are
//! incremental over a small [`store::Store`], and adding an article costs the same however many there are.

pub mod chain;
pub mod change;
pub mod claim;
pub mod compare;
pub mod contradictions;
pub mod dates;
pub mod draw;
pub mod figures;
pub mod happenings;
pub mod outlets;
pub mod output;
pub mod passing;
mod profile;
pub mod record;
pub mod sketch;
pub mod store;
pub mod stories;
mod tracer;
pub mod transfers;
pub mod words;

pub use tracer::Tracer;
