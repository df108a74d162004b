//! The ledger's shelf as the store that trace asks for.

use ledger::{LedgerError, RecordKind, Shelf};
use trace::store::{Index, Store, Table};

/// Bits of a document's number in trace that count the outlets which carried it.
pub const OUTLETS: u32 = 6;

/// A shelf with trace on it.
pub struct OnShelf<'s, 'a>(pub &'s mut Shelf<'a>);

/// Claims and happenings of one document stand in one row.
fn kind(table: Table) -> RecordKind {
    let within = match table {
        Table::Claim | Table::Happening => 12,
        Table::Document | Table::Sketch | Table::Story | Table::Decision => 0,
    };
    RecordKind { code: table as u8, within }
}

impl Store for OnShelf<'_, '_> {
    type Error = LedgerError;

    fn get(&self, table: Table, ids: &[u64]) -> Result<Vec<Option<Vec<u8>>>, LedgerError> {
        self.0.get(kind(table), ids)
    }

    fn put(&mut self, table: Table, records: &[(u64, Vec<u8>)]) -> Result<(), LedgerError> {
        self.0.put(kind(table), records)
    }

    fn delete(&mut self, table: Table, ids: &[u64]) -> Result<(), LedgerError> {
        self.0.delete(kind(table), ids)
    }

    fn post(&mut self, index: Index, pairs: &[(u64, u64)]) -> Result<(), LedgerError> {
        self.0.post(index as u8, pairs, true);
        Ok(())
    }

    fn unpost(&mut self, index: Index, pairs: &[(u64, u64)]) -> Result<(), LedgerError> {
        self.0.post(index as u8, pairs, false);
        Ok(())
    }

    fn members(&self, index: Index, keys: &[u64], limit: usize) -> Result<Vec<Vec<u64>>, LedgerError> {
        self.0.members(index as u8, keys, limit)
    }

    fn ids(&self, table: Table, after: Option<u64>, limit: usize) -> Result<Vec<u64>, LedgerError> {
        self.0.ids(kind(table), after, limit)
    }
}
