//! Intake: whatever a user points at, bytes in, [`Document`]s out.
//!
//! Two steps, so that one thread can read and many can work: [`Sources::each`] finds [`Item`]s, in order and cheaply;
//! [`Item::prepare`] takes one apart, which is the costly part, in any thread. What cannot be read comes as a [`Skip`]
//! with source, item and reason, and never ends the run.
//!
//! Nothing here prints; files and addresses are read only where the caller named them, or (with `fetch`) where a feed or
//! sitemap he named leads.

#[cfg(feature = "arrow")]
pub mod columnar;
pub mod date;
mod detect;
mod encoding;
mod fault;
mod feed;
mod find;
mod item;
mod json;
mod markup;
mod page;
mod sitemap;
mod sources;
mod spelling;
mod table;
mod text;
mod unpack;
mod warc;
pub mod watch;
pub mod web;

pub use date::parse_date;
pub use detect::Format;
pub use fault::{Fault, Skip};
pub use find::{Input, find, total};
pub use item::{Item, Kept, Prepared, Raw, Read, Spot, Stored};
pub use page::agreement;
pub use sources::{Counter, Sources};
pub use table::Columns;

use item::Meta;

#[doc(hidden)]
pub mod parts;

/// What the items of all inputs are given to; false says that no more are wanted.
pub type Sink<'a> = dyn FnMut(Result<Item, Skip>) -> bool + 'a;

/// A hash in hexadecimal digits.
pub fn hex(hash: [u8; 32]) -> String {
    blake3::Hash::from(hash).to_hex().to_string()
}

/// The most bytes that are taken as one article.
pub const MOST: usize = 512 << 20;
