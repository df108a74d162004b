//! Records to bytes and back, over any store.

use serde::{Serialize, de::DeserializeOwned};

use crate::store::{Store, Table};

/// What may go wrong in tracing.
#[derive(Debug, thiserror::Error)]
pub enum Error<E: std::error::Error + 'static> {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] E),
    /// A record is not what this version writes.
    #[error("trace record {table:?} {id} cannot be read ({reason}); trace the ledger again")]
    Record {
        /// Its kind.
        table: Table,
        /// Its number.
        id: u64,
        /// What the decoder said.
        reason: String,
    },
    /// Nothing bears this id.
    #[error("no {what} has the id {id:?}")]
    Unknown {
        /// `document`, `story`, `happening` or `claim`.
        what: &'static str,
        /// The id that was given.
        id: String,
    },
    /// Two decisions of the user exclude each other.
    #[error("{0}")]
    Conflict(String),
}

/// What may go wrong in tracing over a store.
pub type Result<T, S> = std::result::Result<T, Error<<S as Store>::Error>>;

/// One record, if there is one.
pub fn get<T: DeserializeOwned, S: Store>(store: &S, table: Table, id: u64) -> Result<Option<T>, S> {
    Ok(get_all(store, table, &[id])?.pop().flatten())
}

/// Records in the order asked.
pub fn get_all<T: DeserializeOwned, S: Store>(store: &S, table: Table, ids: &[u64]) -> Result<Vec<Option<T>>, S> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    store
        .get(table, ids)?
        .into_iter()
        .zip(ids)
        .map(|(bytes, &id)| {
            bytes.map(|b| postcard::from_bytes(&b)).transpose().map_err(|e| Error::Record {
                table,
                id,
                reason: e.to_string(),
            })
        })
        .collect()
}

/// Writes one record.
pub fn put<T: Serialize, S: Store>(store: &mut S, table: Table, id: u64, record: &T) -> Result<(), S> {
    let bytes = postcard::to_stdvec(record).map_err(|e| Error::Record { table, id, reason: e.to_string() })?;
    Ok(store.put(table, &[(id, bytes)])?)
}
