//! A shelf beside the documents: records by number and sets of numbers under keys, for what is known *across* articles.
//! What they mean is their owner's to say; here they are only kept, found, and written in batches.
//!
//! Records whose numbers are alike in their high bits stand in one row, packed together: what one document left behind is
//! written and read as a whole, and like things next to each other take little room. Members of a set whose numbers are
//! alike in their high bits stand in one row too, as the steps from one to the next. All that is written stays in memory
//! until [`Shelf::flush`].

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt as _};
use model::{Document, Reading};
use zstd::bulk::Compressor;

use crate::backend::Backend;
use crate::error::{LedgerError, Result};
use crate::packing::Kind as Packed;
use crate::schema;
use crate::value::Value;

/// Bytes of unpacked records kept in memory, besides those not written yet.
const KEPT: usize = 32 << 20;
/// Keys of one statement; always as many, so that it is prepared once.
const AT_ONCE: usize = 64;
/// Members of sets kept in memory, with 32 more for each set.
const MEMBERS_KEPT: usize = 2 << 20;
/// Trade of time for room.
const LEVEL: i32 = 4;
thread_local! {
    /// To set it up costs more than most rows.
    static PACKING: RefCell<Compressor<'static>> = RefCell::new(Compressor::new(LEVEL).expect("a known level"));
}

/// Asks for the records of some rows.
static RECORDS: LazyLock<String> =
    LazyLock::new(|| format!("SELECT id, bytes FROM record WHERE kind = ?1 AND id IN ({})", places()));
/// Asks for the members of some sets.
static MEMBERS: LazyLock<String> =
    LazyLock::new(|| format!("SELECT key, part, members FROM posting WHERE kind = ?1 AND key IN ({})", places()));
/// Asks for documents by number.
static KEYED_DOCUMENTS: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {{columns}} FROM document d {{join}} WHERE d.id > ?1 AND d.id IN ({})", places()));

/// Places of the keys of one statement.
fn places() -> String {
    (2..AT_ONCE + 2).map(|i| format!("?{i}")).collect::<Vec<_>>().join(", ")
}

/// Rows of a page of [`Shelf::ids`].
const PAGE: usize = 256;

/// A kind of record or of set: its number, and how many low bits of a record's or member's number count within a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// Number of the kind, part of the stored form.
    pub code: u8,
    /// Low bits that tell the records or members of one row apart, at most 63. Part of the stored form.
    pub within: u32,
}

impl Kind {
    /// The row of a record or member: its high bits.
    fn row(self, number: u64) -> i64 {
        signed(number >> self.within)
    }
}

/// A number in as many bytes as it needs: seven bits each, the low ones first.
fn push_number(out: &mut Vec<u8>, mut n: u64) {
    while n > 0x7f {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn pop_number(bytes: &mut &[u8]) -> std::result::Result<u64, &'static str> {
    let mut n = 0;
    for shift in (0..64).step_by(7) {
        let (b, rest) = bytes.split_first().ok_or("is cut short")?;
        *bytes = rest;
        n |= u64::from(b & 0x7f) << shift;
        if b & 0x80 == 0 {
            return Ok(n);
        }
    }
    Err("holds too large a number")
}

/// The members of one row of a set, ascending: the low bits of the first, then the steps.
fn pack_members(kind: Kind, members: &[u64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(members.len() * 4);
    let mut before = members.first().map_or(0, |m| m >> kind.within << kind.within);
    for m in members {
        push_number(&mut out, m - before);
        before = *m;
    }
    out
}

fn unpack_members(kind: Kind, row: i64, mut bytes: &[u8]) -> std::result::Result<Vec<u64>, &'static str> {
    let mut out = Vec::with_capacity(bytes.len() / 2);
    let mut member = (row as u64) << kind.within;
    while !bytes.is_empty() {
        member = member.checked_add(pop_number(&mut bytes)?).ok_or("goes beyond all numbers")?;
        out.push(member);
    }
    Ok(out)
}

/// Marks of rows of records: as they are, or packed.
const PLAIN: u8 = 2;
const PACKED: u8 = 3;
/// The same before layout 4, with numbers and lengths in full.
const EARLIER: u8 = 0;
const EARLIER_PACKED: u8 = 1;

/// The records of one row, by number.
#[derive(Clone, Debug, Default)]
struct Block {
    records: BTreeMap<u64, Vec<u8>>,
    dirty: bool,
}

impl Block {
    /// Bytes it takes in memory, roughly: a node of the tree at least.
    fn size(&self) -> usize {
        400 + self.records.values().map(|r| r.len() + 48).sum::<usize>()
    }

    /// A mark, then of each record the step from the number before, length and bytes; packed where that is shorter.
    fn pack(&self) -> Vec<u8> {
        let mut plain = vec![PLAIN];
        let mut before = 0;
        for (id, bytes) in &self.records {
            push_number(&mut plain, id - before);
            push_number(&mut plain, bytes.len() as u64);
            plain.extend_from_slice(bytes);
            before = *id;
        }
        let packed =
            PACKING.with_borrow_mut(|packing| packing.compress(&plain[1..])).expect("packing in memory does not fail");
        if packed.len() + 1 < plain.len() {
            plain.truncate(1);
            plain[0] = PACKED;
            plain.extend_from_slice(&packed);
        }
        plain
    }

    fn unpack(bytes: &[u8]) -> std::result::Result<Self, &'static str> {
        let (mark, rest) = bytes.split_first().ok_or("is empty")?;
        let plain = match *mark {
            PLAIN | EARLIER => rest.to_vec(),
            PACKED | EARLIER_PACKED => zstd::stream::decode_all(rest).map_err(|_| "cannot be unpacked")?,
            _ => return Err("has an unknown form"),
        };
        let mut records = BTreeMap::new();
        let mut rest = &plain[..];
        let mut id = 0u64;
        while !rest.is_empty() {
            let length = if matches!(*mark, PLAIN | PACKED) {
                id = id.checked_add(pop_number(&mut rest)?).ok_or("goes beyond all numbers")?;
                pop_number(&mut rest)? as usize
            } else {
                let (number, after) = rest.split_first_chunk::<8>().ok_or("is cut short")?;
                let (length, after) = after.split_first_chunk::<4>().ok_or("is cut short")?;
                id = u64::from_le_bytes(*number);
                rest = after;
                u32::from_le_bytes(*length) as usize
            };
            let (record, after) = rest.split_at_checked(length).ok_or("is cut short")?;
            records.insert(id, record.to_vec());
            rest = after;
        }
        Ok(Self { records, dirty: false })
    }
}

/// What was read from a shelf and what is still to be written. The older half goes when there is too much.
#[derive(Debug, Default)]
pub struct Cache {
    young: HashMap<(u8, i64), Block>,
    old: HashMap<(u8, i64), Block>,
    size: usize,
    /// Sets as they are in the database.
    sets: HashMap<(Kind, u64), Vec<u64>>,
    /// Their members, with 32 more for each set.
    members: usize,
    /// Members put in (true) or taken out (false).
    pending: HashMap<(Kind, u64), BTreeMap<u64, bool>>,
}

impl Cache {
    fn find(&mut self, at: (u8, i64)) -> Option<&mut Block> {
        if !self.young.contains_key(&at) {
            let block = self.old.remove(&at)?;
            self.insert(at, block);
        }
        self.young.get_mut(&at)
    }

    fn insert(&mut self, at: (u8, i64), block: Block) {
        self.size += block.size();
        self.young.insert(at, block);
    }

    /// Lets the older half go. What is not written yet stays.
    fn age(&mut self) {
        if self.size > KEPT / 2 {
            let (stay, go) = std::mem::take(&mut self.young).into_iter().partition(|(_, b)| b.dirty);
            self.young = stay;
            self.old = go;
            self.size = self.young.values().map(Block::size).sum();
        }
    }

    /// Lets sets go; what is not written yet stays.
    fn forget_sets(&mut self) {
        self.sets = HashMap::new();
        self.members = 0;
    }
}

/// The shelf of a ledger, for the time of one question or one transaction.
pub struct Shelf<'a> {
    db: RefCell<&'a mut dyn Backend>,
    cache: RefCell<&'a mut Cache>,
}

/// The keys of one statement as its values, the last one several times where there are fewer.
fn chosen(first: i64, keys: &[i64]) -> Vec<Value> {
    let mut values = Vec::with_capacity(AT_ONCE + 1);
    values.push(Value::Int(first));
    values.extend((0..AT_ONCE).map(|i| Value::Int(keys[i.min(keys.len() - 1)])));
    values
}

fn signed(n: u64) -> i64 {
    n as i64
}

impl<'a> Shelf<'a> {
    pub(crate) fn new(db: &'a mut dyn Backend, cache: &'a mut Cache) -> Self {
        Self { db: RefCell::new(db), cache: RefCell::new(cache) }
    }

    /// Asks for the rows of these keys, so many at a time.
    fn each_of(&self, sql: &str, first: i64, keys: &[i64]) -> Result<Vec<crate::value::Row>> {
        let mut out = Vec::new();
        for chunk in keys.chunks(AT_ONCE) {
            out.extend(self.db.borrow_mut().query(sql, &chosen(first, chunk))?);
        }
        Ok(out)
    }

    /// Records that are not kept but made anew from documents: those in memory, and of the others what `make` makes of
    /// their numbers, in the order asked.
    pub fn made<E: From<LedgerError>>(
        &self,
        kind: Kind,
        ids: &[u64],
        make: impl FnOnce(&[u64]) -> std::result::Result<Vec<(u64, Vec<u8>)>, E>,
    ) -> std::result::Result<Vec<Option<Vec<u8>>>, E> {
        let missing: Vec<u64> = {
            let mut cache = self.cache.borrow_mut();
            cache.age();
            ids.iter().copied().filter(|id| cache.find((kind.code, signed(*id))).is_none()).collect()
        };
        let new = if missing.is_empty() { Vec::new() } else { make(&missing)? };
        let mut cache = self.cache.borrow_mut();
        for (id, bytes) in new {
            cache.insert((kind.code, signed(id)), Block { records: BTreeMap::from([(id, bytes)]), dirty: false });
        }
        Ok(ids.iter().map(|id| cache.find((kind.code, signed(*id))).and_then(|b| b.records.get(id).cloned())).collect())
    }

    /// Documents by number, without those that are not there.
    pub fn documents(&self, numbers: &[i64]) -> Result<Vec<(i64, Document)>> {
        let sql = KEYED_DOCUMENTS.replace("{columns}", "d.id, d.record").replace("{join}", "");
        let mut out = Vec::with_capacity(numbers.len());
        for mut row in self.each_of(&sql, 0, numbers)? {
            let (Some(n), Some(record)) = (row.int(), row.blob()) else { continue };
            out.push((n, self.sound(n, Packed::Document.unpack(&record))?));
        }
        Ok(out)
    }

    /// Documents with their readings by number, without those that are not there.
    pub fn readings(&self, numbers: &[i64]) -> Result<Vec<(i64, Document, Reading)>> {
        let sql = KEYED_DOCUMENTS
            .replace("{columns}", "d.id, d.record, r.record")
            .replace("{join}", "JOIN reading r ON r.document = d.id");
        let mut out = Vec::with_capacity(numbers.len());
        for mut row in self.each_of(&sql, 0, numbers)? {
            let (Some(n), Some(text), Some(reading)) = (row.int(), row.blob(), row.blob()) else { continue };
            let text = self.sound(n, Packed::Document.unpack(&text))?;
            out.push((n, text, self.sound(n, Packed::Reading.unpack(&reading))?));
        }
        Ok(out)
    }

    fn sound<T>(&self, number: i64, unpacked: std::result::Result<T, String>) -> Result<T> {
        unpacked.map_err(|why| LedgerError::Damaged {
            place: self.db.borrow().place().into(),
            why: format!("document {number} {why}"),
        })
    }

    /// Brings the rows of these records into memory.
    fn fetch(&self, kind: Kind, ids: &[u64]) -> Result<()> {
        let mut cache = self.cache.borrow_mut();
        cache.age();
        let mut missing: Vec<i64> = ids.iter().map(|id| kind.row(*id)).collect();
        missing.sort_unstable();
        missing.dedup();
        missing.retain(|b| cache.find((kind.code, *b)).is_none());
        if missing.is_empty() {
            return Ok(());
        }
        for mut row in self.each_of(&RECORDS, kind.code.into(), &missing)? {
            let (Some(id), Some(bytes)) = (row.int(), row.blob()) else { continue };
            cache.insert((kind.code, id), self.unpack(kind, id, &bytes)?);
        }
        for b in missing {
            if cache.find((kind.code, b)).is_none() {
                cache.insert((kind.code, b), Block::default());
            }
        }
        Ok(())
    }

    fn unpack(&self, kind: Kind, id: i64, bytes: &[u8]) -> Result<Block> {
        Block::unpack(bytes).map_err(|why| LedgerError::Damaged {
            place: self.db.borrow().place().into(),
            why: format!(
                "record {id} of kind {} across articles {why}; `isnad trace --rebuild` makes it anew",
                kind.code
            ),
        })
    }

    /// Records by number, in the order asked.
    pub fn get(&self, kind: Kind, ids: &[u64]) -> Result<Vec<Option<Vec<u8>>>> {
        self.fetch(kind, ids)?;
        let mut cache = self.cache.borrow_mut();
        Ok(ids
            .iter()
            .map(|id| cache.find((kind.code, kind.row(*id))).and_then(|b| b.records.get(id).cloned()))
            .collect())
    }

    /// Puts records, over earlier ones of the same number.
    pub fn put(&mut self, kind: Kind, records: &[(u64, Vec<u8>)]) -> Result<()> {
        let ids: Vec<u64> = records.iter().map(|r| r.0).collect();
        self.change(kind, &ids, |block, i| {
            block.records.insert(records[i].0, records[i].1.clone());
        })
    }

    /// Takes records away.
    pub fn delete(&mut self, kind: Kind, ids: &[u64]) -> Result<()> {
        self.change(kind, ids, |block, i| {
            block.records.remove(&ids[i]);
        })
    }

    fn change(&mut self, kind: Kind, ids: &[u64], mut work: impl FnMut(&mut Block, usize)) -> Result<()> {
        self.fetch(kind, ids)?;
        let cache = self.cache.get_mut();
        let mut grown = 0;
        for (i, id) in ids.iter().enumerate() {
            if let Some(block) = cache.find((kind.code, kind.row(*id))) {
                let before = block.size();
                work(block, i);
                block.dirty = true;
                grown += block.size().saturating_sub(before);
            }
        }
        cache.size += grown;
        Ok(())
    }

    /// Puts members into sets, or takes them out.
    pub fn post(&mut self, kind: Kind, pairs: &[(u64, u64)], inside: bool) {
        let cache = self.cache.get_mut();
        for &(key, member) in pairs {
            cache.pending.entry((kind, key)).or_default().insert(member, inside);
        }
    }

    /// Members of each key, in the order asked, ascending, the first `limit` of each.
    pub fn members(&self, kind: Kind, keys: &[u64], limit: usize) -> Result<Vec<Vec<u64>>> {
        let mut cache = self.cache.borrow_mut();
        if cache.members > MEMBERS_KEPT {
            cache.forget_sets();
        }
        let mut missing: Vec<i64> =
            keys.iter().filter(|k| !cache.sets.contains_key(&(kind, **k))).copied().map(signed).collect();
        missing.sort_unstable();
        missing.dedup();
        for mut row in self.each_of(&MEMBERS, kind.code.into(), &missing)? {
            let (Some(key), Some(part), Some(bytes)) = (row.int(), row.int(), row.blob()) else { continue };
            let some = self.unpack_members(kind, part, &bytes)?;
            cache.sets.entry((kind, key as u64)).or_default().extend(some);
        }
        for key in missing {
            let set = cache.sets.entry((kind, key as u64)).or_default();
            set.sort_unstable();
            let grown = set.len() + 32;
            cache.members += grown;
        }
        let one = |key: &u64| {
            let stored = cache.sets.get(&(kind, *key)).map_or(&[][..], Vec::as_slice);
            let Some(changes) = cache.pending.get(&(kind, *key)) else {
                return stored.iter().copied().take(limit).collect();
            };
            changed(stored, changes).into_iter().take(limit).collect()
        };
        Ok(keys.iter().map(one).collect())
    }

    fn unpack_members(&self, kind: Kind, row: i64, bytes: &[u8]) -> Result<Vec<u64>> {
        unpack_members(kind, row, bytes).map_err(|why| LedgerError::Damaged {
            place: self.db.borrow().place().into(),
            why: format!("a set of kind {} across articles {why}; `isnad trace --rebuild` makes it anew", kind.code),
        })
    }

    /// Moves the sets of one kind with keys from `low` to `high`, by their signed values, into those of another kind, whose
    /// members are of the same rows. What is not flushed yet stays where it is.
    pub fn settle(&mut self, from: Kind, to: Kind, low: i64, high: i64) -> Result<()> {
        let range = [i64::from(from.code).into(), low.into(), high.into()];
        let sql = "SELECT key, part, members FROM posting WHERE kind = ?1 AND key BETWEEN ?2 AND ?3";
        let rows = self.db.get_mut().query(sql, &range)?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut moved: Vec<(u64, u64)> = Vec::with_capacity(rows.len());
        for mut row in rows {
            let (Some(key), Some(part), Some(bytes)) = (row.int(), row.int(), row.blob()) else { continue };
            let members = self.unpack_members(from, part, &bytes)?;
            moved.extend(members.into_iter().map(|m| (key as u64, m)));
        }
        let mut keys: Vec<u64> = moved.iter().map(|m| m.0).collect();
        keys.dedup();
        // so that what the other kind holds is known, many keys at a time
        self.members(to, &keys, 0)?;
        self.post(to, &moved, true);
        let cache = self.cache.get_mut();
        for key in keys {
            if let Some(set) = cache.sets.remove(&(from, key)) {
                cache.members = cache.members.saturating_sub(set.len() + 32);
            }
        }
        self.db.get_mut().execute("DELETE FROM posting WHERE kind = ?1 AND key BETWEEN ?2 AND ?3", &range)?;
        Ok(())
    }

    /// Numbers of records above `after`, ascending, at most `limit`. What is not flushed yet is not seen.
    pub fn ids(&self, kind: Kind, after: Option<u64>, limit: usize) -> Result<Vec<u64>> {
        let mut out = Vec::new();
        let mut from = signed(after.unwrap_or(0) >> kind.within);
        loop {
            let sql = format!(
                "SELECT id, bytes FROM record WHERE kind = ?1 AND id >= ?2 ORDER BY id LIMIT {}",
                PAGE.min(limit)
            );
            let rows = self.db.borrow_mut().query(&sql, &[i64::from(kind.code).into(), from.into()])?;
            let full = rows.len() == PAGE.min(limit);
            for mut row in rows {
                let (Some(id), Some(bytes)) = (row.int(), row.blob()) else { continue };
                let block = self.unpack(kind, id, &bytes)?;
                out.extend(block.records.keys().copied().filter(|n| after.is_none_or(|a| *n > a)));
                from = id.saturating_add(1);
                if out.len() >= limit {
                    out.truncate(limit);
                    return Ok(out);
                }
            }
            if !full {
                return Ok(out);
            }
        }
    }

    /// Forgets everything, and lets all documents wait.
    pub(crate) fn clear(&mut self, version: i64) -> Result<()> {
        **self.cache.get_mut() = Cache::default();
        let db = self.db.get_mut();
        db.run(
            "DELETE FROM record; DELETE FROM posting; DELETE FROM untraced; \
                INSERT INTO untraced (document) SELECT id FROM document; DELETE FROM isnad WHERE name = 'shelf'",
        )?;
        db.execute("INSERT INTO isnad (name, value) VALUES ('shelf', ?1)", &[version.into()])?;
        Ok(())
    }

    /// Writes what was changed.
    pub(crate) fn flush(&mut self) -> Result<()> {
        let cache = self.cache.get_mut();
        let db = self.db.get_mut();
        let mut changed: Vec<(u8, i64)> = cache.young.iter().filter(|b| b.1.dirty).map(|b| *b.0).collect();
        changed.sort_unstable();
        let mut rows = Vec::with_capacity(changed.len());
        for at in changed {
            let Some(block) = cache.young.get_mut(&at) else { continue };
            block.dirty = false;
            if block.records.is_empty() {
                db.execute("DELETE FROM record WHERE kind = ?1 AND id = ?2", &[i64::from(at.0).into(), at.1.into()])?;
            } else {
                rows.push(vec![Value::Int(at.0.into()), Value::Int(at.1), Value::Blob(block.pack())]);
            }
        }
        db.insert(&schema::RECORD, &mut rows)?;
        self.flush_sets()
    }

    /// Writes the rows of sets in which something was changed.
    fn flush_sets(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.cache.get_mut().pending);
        let mut by_row: BTreeMap<(Kind, u64, i64), BTreeMap<u64, bool>> = BTreeMap::new();
        for ((kind, key), changes) in &pending {
            for (member, inside) in changes {
                by_row.entry((*kind, *key, kind.row(*member))).or_default().insert(*member, *inside);
            }
        }
        let sets = &mut self.cache.get_mut().sets;
        let unknown: Vec<(Kind, u64, i64)> =
            by_row.keys().filter(|(kind, key, _)| !sets.contains_key(&(*kind, *key))).copied().collect();
        let mut read: HashMap<(Kind, u64, i64), Vec<u64>> = HashMap::new();
        let sql = "SELECT members FROM posting WHERE kind = ?1 AND key = ?2 AND part = ?3";
        for at in unknown {
            let asked = [i64::from(at.0.code).into(), signed(at.1).into(), at.2.into()];
            let found = self.db.get_mut().query(sql, &asked)?.first_mut().and_then(crate::value::Row::blob);
            if let Some(bytes) = found {
                read.insert(at, self.unpack_members(at.0, at.2, &bytes)?);
            }
        }
        let cache = self.cache.get_mut();
        let db = self.db.get_mut();
        let mut rows = Vec::with_capacity(by_row.len());
        for (at, changes) in by_row {
            let (kind, key, part) = at;
            let now = if let Some(all) = cache.sets.get(&(kind, key)) {
                let from = all.partition_point(|m| kind.row(*m) < part);
                let to = all.partition_point(|m| kind.row(*m) <= part);
                changed(&all[from..to], &changes)
            } else {
                changed(read.get(&at).map_or(&[][..], Vec::as_slice), &changes)
            };
            let mut row = vec![Value::Int(kind.code.into()), Value::Int(signed(key)), Value::Int(part)];
            if now.is_empty() {
                db.execute("DELETE FROM posting WHERE kind = ?1 AND key = ?2 AND part = ?3", &row)?;
            } else {
                row.push(Value::Blob(pack_members(kind, &now)));
                rows.push(row);
            }
        }
        for (at, changes) in &pending {
            if let Some(set) = cache.sets.get_mut(at) {
                let now = changed(set, changes);
                cache.members = cache.members.saturating_sub(set.len()) + now.len();
                *set = now;
            }
        }
        db.insert(&schema::POSTING, &mut rows)
    }
}

/// A set after changes, ascending.
fn changed(set: &[u64], changes: &BTreeMap<u64, bool>) -> Vec<u64> {
    let mut out: Vec<u64> = set.iter().copied().filter(|m| changes.get(m) != Some(&false)).collect();
    out.extend(changes.iter().filter(|c| *c.1).map(|c| *c.0));
    out.sort_unstable();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn blocks_come_back_as_they_were(records in proptest::collection::btree_map(0u64.., proptest::collection::vec(0u8.., 0..80), 0..20)) {
            let block = Block { records, dirty: true };
            proptest::prop_assert_eq!(Block::unpack(&block.pack()).unwrap().records, block.records);
        }

        #[test]
        fn sets_come_back_as_they_were(members in proptest::collection::btree_set(0u64..1 << 50, 1..40), within in 0u32..=63) {
            let kind = Kind { code: 1, within };
            let all: Vec<u64> = members.into_iter().collect();
            for some in all.chunk_by(|a, b| kind.row(*a) == kind.row(*b)) {
                let row = kind.row(some[0]);
                proptest::prop_assert_eq!(&unpack_members(kind, row, &pack_members(kind, some)).unwrap()[..], some);
            }
        }

        #[test]
        fn damage_is_told_not_suffered(bytes in proptest::collection::vec(0u8.., 0..200), row in 0i64..) {
            let _ = Block::unpack(&bytes);
            let _ = unpack_members(Kind { code: 1, within: 28 }, row, &bytes);
        }
    }
}
