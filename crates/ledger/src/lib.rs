//! Documents and their readings, kept, found again and checked: embedded SQLite in one file by default, PostgreSQL by
//! address, with the same tables and the same answers.
//!
//! One [`Writer`] at a time adds whole batches or nothing; any number of [`Ledger`]s read beside it. Documents are named
//! by their content ([`DocumentId`]), adding is idempotent, and nothing that was committed is ever taken away but a
//! reading that a newer one replaces, of which the history keeps the version.
//!
//! ```no_run
//! use ledger::{Filter, Ledger, Location, Paging};
//! let mut ledger = Ledger::open(&Location::parse("news.ledger"))?;
//! let filter = Filter { actors: vec!["RUS".into()], from: Some("2020-05".into()), ..Filter::default() };
//! let page = ledger.events(&filter, &Paging::default())?;
//! for row in &page.rows {
//!     println!("{} {}: said by {:?}", row.id, row.trigger.words, row.said_by);
//! }
//! # Ok::<(), ledger::LedgerError>(())
//! ```

mod backend;
mod days;
mod error;
mod filter;
mod flat;
mod identity;
mod ledger;
mod location;
mod lookup;
mod names;
mod packing;
mod query;
mod records;
mod reread;
mod schema;
mod shadow;
mod shelf;
mod snippet;
mod value;
mod verify;
mod write;

pub use error::{LedgerError, Result};
pub use filter::{Dated, Filter, Near};
pub use identity::{DocumentId, canonical_url};
pub use ledger::{Counts, DocumentVersion, Earlier, Full, Ledger, Paging, Records, Selected, Selection, Shown};
pub use location::Location;
pub use lookup::{ReadingMade, Tide};
pub use names::Names;
pub use query::Search;
pub use records::{
    ActorRow, Claim, DocumentRef, EventRow, Hit, Link, LoadedRow, Named, Page, Party, Quote, Record, Sighting, Stated,
    StatementRow, StoredDocument, ThingRow, TransferRow, label,
};
pub use reread::Outdated;
pub use shadow::Shadow;
pub use shelf::{Cache, Kind as RecordKind, Shelf};
pub use verify::{Fault, Held, check, misfits};
pub use write::{Entry, Fate, Read, Version, WriteOptions, Writer};
