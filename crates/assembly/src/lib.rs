//! The reader put together for those who run it: the program, the Python package.
//!
//! [`assemble`] joins the shipped lexicon and weights with a user's own; [`Guarded`] is a reader that survives its own
//! bugs, [`Pool`] keeps such readers between batches.
//!
//! ```
//! let engine = assembly::assemble(None, None)?.engine;
//! let mut reader = assembly::Guarded::new(&engine);
//! let document = model::Document { text: "قصفت طائرات مواقع في المدينة.".into(), ..Default::default() };
//! let reading = reader.with(&document, reader::Reader::read)?;
//! assert!(!reading.events.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assemble;
mod guard;
mod priority;

pub use assemble::{Assembled, AssemblyError, assemble, assemble_over};
pub use guard::{Failed, Guarded, Lent, Pool};
pub use priority::give_way;
