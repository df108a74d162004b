//! What `trace` asks of a store: records by number, and sets of numbers under keys.
//!
//! Every operation is one indexed query over two tables, `record(kind, id, bytes)` and `posting(kind, key, member)`, and all
//! of them take batches. Nothing ever asks for a scan but [`Store::ids`], which pages.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// Kinds of records. The numbers are part of the stored form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Table {
    /// Document number → what is kept of it.
    Document = 1,
    /// Document number → sketch of its shingles. A store that holds the text may make it anew ([`crate::stories::sketch_of`])
    /// instead of keeping it.
    Sketch = 2,
    /// Story number → story.
    Story = 3,
    /// Claim number → what it is compared by, and its happening.
    Claim = 4,
    /// Happening number → happening, or whither it was merged.
    Happening = 5,
    /// Decision number → decision of the user.
    Decision = 6,
    /// Document number → its claims in full. A store that holds text and reading may make them anew
    /// ([`crate::claim::record_of`]) instead of keeping them.
    Full = 7,
}

/// Kinds of sets. The numbers are part of the stored form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Index {
    /// Band of a sketch → documents (at most [`crate::stories::FULL`] a key).
    Band = 1,
    /// Story number → its documents.
    StoryMembers = 2,
    /// Candidate key → happenings (at most [`crate::happenings::FULL`] a key).
    Candidate = 3,
    /// Happening number → its claims.
    HappeningMembers = 4,
    /// Hash of a claim's reference → decisions about it.
    Decided = 5,
    /// Hash of an id → documents, stories, happenings with it.
    Named = 6,
}

/// Where `trace` keeps what it knows. Numbers use the low 63 bits or all 64; a store over signed integers casts.
pub trait Store {
    /// What may go wrong.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Whether records of a table are to be put at all; false where the store makes them anew when asked.
    fn keeps(&self, table: Table) -> bool {
        let _ = table;
        true
    }
    /// Records by number, in the order asked; none where there is none.
    fn get(&self, table: Table, ids: &[u64]) -> Result<Vec<Option<Vec<u8>>>, Self::Error>;
    /// Writes records, over earlier ones of the same number.
    fn put(&mut self, table: Table, records: &[(u64, Vec<u8>)]) -> Result<(), Self::Error>;
    /// Takes records away; unknown numbers are no error.
    fn delete(&mut self, table: Table, ids: &[u64]) -> Result<(), Self::Error>;
    /// Puts members into sets, `(key, member)`; one that is there already stays.
    fn post(&mut self, index: Index, pairs: &[(u64, u64)]) -> Result<(), Self::Error>;
    /// Takes members out of sets; unknown ones are no error.
    fn unpost(&mut self, index: Index, pairs: &[(u64, u64)]) -> Result<(), Self::Error>;
    /// Members of each key, in the order asked, ascending, the first `limit` of each.
    fn members(&self, index: Index, keys: &[u64], limit: usize) -> Result<Vec<Vec<u64>>, Self::Error>;
    /// Numbers of records above `after`, ascending, at most `limit`.
    fn ids(&self, table: Table, after: Option<u64>, limit: usize) -> Result<Vec<u64>, Self::Error>;
}

/// All in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    records: BTreeMap<(Table, u64), Vec<u8>>,
    sets: BTreeMap<(Index, u64), BTreeSet<u64>>,
}

impl Store for Memory {
    type Error = Infallible;

    fn get(&self, table: Table, ids: &[u64]) -> Result<Vec<Option<Vec<u8>>>, Infallible> {
        Ok(ids.iter().map(|&id| self.records.get(&(table, id)).cloned()).collect())
    }

    fn put(&mut self, table: Table, records: &[(u64, Vec<u8>)]) -> Result<(), Infallible> {
        self.records.extend(records.iter().map(|(id, r)| ((table, *id), r.clone())));
        Ok(())
    }

    fn delete(&mut self, table: Table, ids: &[u64]) -> Result<(), Infallible> {
        for &id in ids {
            self.records.remove(&(table, id));
        }
        Ok(())
    }

    fn post(&mut self, index: Index, pairs: &[(u64, u64)]) -> Result<(), Infallible> {
        for &(key, member) in pairs {
            self.sets.entry((index, key)).or_default().insert(member);
        }
        Ok(())
    }

    fn unpost(&mut self, index: Index, pairs: &[(u64, u64)]) -> Result<(), Infallible> {
        for &(key, member) in pairs {
            if let Some(set) = self.sets.get_mut(&(index, key)) {
                set.remove(&member);
                if set.is_empty() {
                    self.sets.remove(&(index, key));
                }
            }
        }
        Ok(())
    }

    fn members(&self, index: Index, keys: &[u64], limit: usize) -> Result<Vec<Vec<u64>>, Infallible> {
        Ok(keys
            .iter()
            .map(|&k| self.sets.get(&(index, k)).map_or_else(Vec::new, |s| s.iter().copied().take(limit).collect()))
            .collect())
    }

    fn ids(&self, table: Table, after: Option<u64>, limit: usize) -> Result<Vec<u64>, Infallible> {
        let from = match after {
            None => 0,
            Some(u64::MAX) => return Ok(Vec::new()),
            Some(a) => a + 1,
        };
        Ok(self.records.range((table, from)..=(table, u64::MAX)).map(|((_, id), _)| *id).take(limit).collect())
    }
}
