//! Questions by number, for callers that keep an index of their own over the ledger and only want what they show.
//!
//! A document's number is its place in the order of adding; it never changes and is never given again.

use model::Document;
use reader::Reader;

use crate::error::{LedgerError, Result};
use crate::filter::{Conditions, outlets, sighted_in};
use crate::identity::DocumentId;
use crate::ledger::Ledger;
use crate::packing::Kind;
use crate::query::Search;
use crate::records::{Hit, Record, reference};
use crate::shelf::Cache;
use crate::snippet;
use crate::value::Value;
use crate::write::Version;

/// How far a ledger has come: any committed change raises one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tide {
    /// Number of the document added last; 0 where there is none.
    pub last: i64,
    /// Places where documents were seen.
    pub sightings: i64,
    /// Readings that newer ones replaced.
    pub replaced: i64,
}

impl Tide {
    /// One number that goes up with every committed change.
    pub fn revision(self) -> i64 {
        self.last + self.sightings + self.replaced
    }
}

/// A reading that was made of a document, kept or replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingMade {
    /// Number of what made it.
    pub id: i64,
    /// What made it.
    pub version: Version,
    /// When (Unix time, seconds).
    pub made: i64,
    /// Whether it is the one that is kept.
    pub current: bool,
}

impl Ledger {
    /// How far the ledger has come.
    pub fn tide(&mut self) -> Result<Tide> {
        let sql = "SELECT (SELECT coalesce(max(id), 0) FROM document), (SELECT count(*) FROM sighting), \
                   (SELECT count(*) FROM history)";
        let row = self.db().query(sql, &[])?.into_iter().next();
        let Some(mut r) = row else { return Ok(Tide::default()) };
        Ok(Tide { last: r.int().unwrap_or(0), sightings: r.int().unwrap_or(0), replaced: r.int().unwrap_or(0) })
    }

    /// Numbers of the documents that were first seen at a place at this time (Unix time, seconds) or later, ascending. Looks
    /// through all places.
    pub fn sighted_since(&mut self, time: i64) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT document FROM sighting WHERE first_seen >= ?1 ORDER BY document";
        Ok(self.db().query(sql, &[time.into()])?.into_iter().filter_map(|mut r| r.int()).collect())
    }

    /// Numbers of documents above a number, ascending.
    pub fn numbers_after(&mut self, number: i64, limit: usize) -> Result<Vec<i64>> {
        let sql = format!("SELECT id FROM document WHERE id > {number} ORDER BY id LIMIT {limit}");
        Ok(self.db().query(&sql, &[])?.into_iter().filter_map(|mut r| r.int()).collect())
    }

    /// Documents with their readings by number, ascending; numbers without a document are left out.
    pub fn numbered(&mut self, numbers: &[i64]) -> Result<Vec<(i64, Record)>> {
        let mut wanted = numbers.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let records = self.records_of(&wanted)?;
        if records.len() == wanted.len() {
            return Ok(wanted.into_iter().zip(records).collect());
        }
        records
            .into_iter()
            .map(|r| {
                let number = self.number(r.document.id)?.unwrap_or(0);
                Ok((number, r))
            })
            .collect()
    }

    /// Documents without their readings by number; numbers without a document are left out.
    pub fn texts(&mut self, numbers: &[i64]) -> Result<Vec<(i64, Document)>> {
        self.shelf(&mut Cache::default()).documents(numbers)
    }

    /// The readings that were made of a document, the kept one last.
    pub fn readings_made(&mut self, number: i64) -> Result<Vec<ReadingMade>> {
        let sql = "SELECT v.id, v.reader, v.weights, v.lexicon, x.made, x.current FROM \
                   (SELECT version, made, 0 AS current FROM history WHERE document = ?1 \
                    UNION ALL SELECT version, made, 1 AS current FROM reading WHERE document = ?1) x \
                   JOIN version v ON v.id = x.version ORDER BY x.current, x.made, v.id";
        let rows = self.db().query(sql, &[number.into()])?;
        let one = |mut r: crate::value::Row| {
            let id = r.int()?;
            let version = Version { reader: r.text()?, weights: r.text()?, lexicon: r.text()? };
            Some(ReadingMade { id, version, made: r.int()?, current: r.int()? == 1 })
        };
        Ok(rows.into_iter().filter_map(one).collect())
    }

    /// Numbers of the documents that hold what a search asks for with their scores, the best first, at most `most`.
    pub fn ranked(&mut self, search: &Search, most: usize) -> Result<Vec<(i64, f64)>> {
        let Search { words, outlets: wanted, not_outlets } = search;
        let asked = self.db().search(words);
        let mut c = Conditions::after(vec![Value::text(&asked.expression)]);
        c.add(asked.condition);
        for (names, not) in [(wanted, ""), (not_outlets, "NOT ")] {
            if !names.is_empty() {
                let ids = outlets(self.db(), names, &mut c.notes)?;
                c.add(format!("{not}{}", sighted_in(&ids)));
            }
        }
        let key = self.db().dialect().words_key;
        let (id, join) = if c.len() > 1 {
            ("d.id".to_string(), format!("JOIN document d ON d.id = words.{key}"))
        } else {
            (format!("words.{key}"), String::new())
        };
        let sql = format!(
            "SELECT {id}, {} AS score FROM words {join} WHERE {} ORDER BY score, {id} LIMIT {most}",
            asked.rank,
            c.sql()
        );
        let rows = self.db().query(&sql, &c.values)?;
        Ok(rows.into_iter().filter_map(|mut r| Some((r.int()?, -r.real()?))).collect())
    }

    /// What a search shows of a document that [`Ledger::ranked`] found; nothing where there is no such document any more.
    /// The score is handed through.
    pub fn hit(&mut self, search: &Search, number: i64, score: f64, reader: &mut Reader) -> Result<Option<Hit>> {
        let sql =
            "SELECT d.hash, d.record, r.events FROM document d JOIN reading r ON r.document = d.id WHERE d.id = ?1";
        let Some(mut r) = self.db().query(sql, &[number.into()])?.into_iter().next() else { return Ok(None) };
        let Some(id) = r.blob().and_then(|b| DocumentId::from_bytes(&b)) else { return Ok(None) };
        let document: Document = Kind::Document.unpack(&r.blob().unwrap_or_default()).map_err(|e| {
            LedgerError::Damaged { place: self.db().place().into(), why: format!("the text of {id} {e}") }
        })?;
        let (snippet, highlights) = snippet::find(&document, &search.words.terms(), reader);
        let events = r.int().unwrap_or(0);
        Ok(Some(Hit { document: reference(id, &document), score, snippet, highlights, events }))
    }
}
