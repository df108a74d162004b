//! The ledger's shelf as the store that trace asks for. Sketches and claims in full are not kept: they are made anew from
//! the texts and readings beside them, which are asked for far less often than claims are compared.

use std::collections::HashMap;

use ledger::{LedgerError, RecordKind, Shelf};
use trace::claim::{self, Article};
use trace::store::{Index, Store, Table};
use trace::stories;

/// Bits of a document's number in trace that count the outlets which carried it.
pub const OUTLETS: u32 = 6;

/// A shelf with trace on it.
pub struct OnShelf<'s, 'a>(pub &'s mut Shelf<'a>);

/// Claims and happenings of one document stand in one row.
fn kind(table: Table) -> RecordKind {
    let within = match table {
        Table::Claim | Table::Happening => 12,
        Table::Document | Table::Sketch | Table::Story | Table::Decision | Table::Full => 0,
    };
    RecordKind { code: table as u8, within }
}

/// Sets that hold few stand in one row; those that may grow with the ledger in one for each 1,024 documents.
fn sets(index: Index) -> RecordKind {
    let within = match index {
        Index::Band | Index::Candidate => 63,
        Index::StoryMembers => 10 + OUTLETS,
        Index::HappeningMembers => 10 + OUTLETS + 12,
        Index::Decided | Index::Named => 32,
    };
    RecordKind { code: index as u8, within }
}

/// Bands of documents that came lately. The keys of bands are spread over all numbers, so that each one put into a large
/// table lands on a page of its own; in a small table they share pages. What came lately is kept apart therefore, and moved to
/// the rest a slice of all keys at a time ([`OnShelf::settle`]): the pages of one slice take the keys of many documents.
const LATELY: RecordKind = RecordKind { code: 7, within: 63 };
/// Documents whose bands are kept apart, and slices of all keys: one is moved for each document.
const SLICES: i64 = 1 << SLICE_BITS;
const SLICE_BITS: u32 = 13;

impl OnShelf<'_, '_> {
    /// Moves bands that came lately to the rest, one slice of them for each of these documents of the ledger, ascending.
    pub fn settle(&mut self, documents: &[i64]) -> Result<(), LedgerError> {
        const WIDTH: u32 = u64::BITS - SLICE_BITS;
        let slice = |n: i64| n.rem_euclid(SLICES) - SLICES / 2;
        for run in documents.chunk_by(|a, b| slice(*b) == slice(*a) + 1) {
            let (first, last) = (slice(run[0]), slice(run[run.len() - 1]));
            self.0.settle(LATELY, sets(Index::Band), first << WIDTH, (last << WIDTH) + ((1 << WIDTH) - 1))?;
        }
        Ok(())
    }

    /// Records made from the ledger's documents, for these numbers of trace.
    fn make(&self, table: Table, ids: &[u64]) -> Result<Vec<(u64, Vec<u8>)>, LedgerError> {
        let mut of: HashMap<i64, Vec<u64>> = HashMap::new();
        for &id in ids {
            of.entry((id >> OUTLETS) as i64).or_default().push(id);
        }
        let mut numbers: Vec<i64> = of.keys().copied().collect();
        numbers.sort_unstable();
        let mut out = Vec::with_capacity(ids.len());
        if table == Table::Sketch {
            for (n, document) in self.0.documents(&numbers)? {
                let bytes = stories::sketch_of(&document.whole());
                out.extend(of[&n].iter().map(|id| (*id, bytes.clone())));
            }
        } else {
            for (n, document, reading) in self.0.readings(&numbers)? {
                // whose outlet and date it is stands with the document in trace
                let article =
                    Article { number: 0, document: &document, source_id: None, reading: &reading, outlet_key: None };
                let bytes = claim::record_of(article);
                out.extend(of[&n].iter().map(|id| (*id, bytes.clone())));
            }
        }
        Ok(out)
    }
}

impl Store for OnShelf<'_, '_> {
    type Error = LedgerError;

    fn keeps(&self, table: Table) -> bool {
        !matches!(table, Table::Sketch | Table::Full)
    }

    fn get(&self, table: Table, ids: &[u64]) -> Result<Vec<Option<Vec<u8>>>, LedgerError> {
        if self.keeps(table) {
            self.0.get(kind(table), ids)
        } else {
            self.0.made(kind(table), ids, |missing| self.make(table, missing))
        }
    }

    fn put(&mut self, table: Table, records: &[(u64, Vec<u8>)]) -> Result<(), LedgerError> {
        self.0.put(kind(table), records)
    }

    fn delete(&mut self, table: Table, ids: &[u64]) -> Result<(), LedgerError> {
        self.0.delete(kind(table), ids)
    }

    fn post(&mut self, index: Index, pairs: &[(u64, u64)]) -> Result<(), LedgerError> {
        self.0.post(if index == Index::Band { LATELY } else { sets(index) }, pairs, true);
        Ok(())
    }

    fn unpost(&mut self, index: Index, pairs: &[(u64, u64)]) -> Result<(), LedgerError> {
        self.0.post(sets(index), pairs, false);
        if index == Index::Band {
            self.0.post(LATELY, pairs, false);
        }
        Ok(())
    }

    fn members(&self, index: Index, keys: &[u64], limit: usize) -> Result<Vec<Vec<u64>>, LedgerError> {
        let mut all = self.0.members(sets(index), keys, limit)?;
        if index == Index::Band {
            for (set, lately) in all.iter_mut().zip(self.0.members(LATELY, keys, limit)?) {
                set.extend(lately);
                set.sort_unstable();
                set.dedup();
                set.truncate(limit);
            }
        }
        Ok(all)
    }

    fn ids(&self, table: Table, after: Option<u64>, limit: usize) -> Result<Vec<u64>, LedgerError> {
        self.0.ids(kind(table), after, limit)
    }
}
