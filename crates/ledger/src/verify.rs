//! Whether a ledger still says what was put into it.

use std::collections::HashSet;
use std::fmt;

use model::{Document, Reading, Span};
use serde::Serialize;

use crate::error::Result;
use crate::identity::DocumentId;
use crate::ledger::Ledger;
use crate::packing::Kind;
use crate::value::Value;

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The document, or none where the database itself is concerned.
    pub document: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.document {
            Some(d) => write!(f, "{d}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// What is stored of a document, as it is stored.
#[derive(Debug)]
pub struct Held {
    number: i64,
    hash: Vec<u8>,
    document: Vec<u8>,
    reading: Option<Vec<u8>>,
    counted: (i64, i64),
    indexed: (i64, i64),
    words: bool,
}

impl Held {
    /// Bytes held.
    pub fn size(&self) -> usize {
        self.document.len() + self.reading.as_ref().map_or(0, Vec::len)
    }
}

impl Ledger {
    /// Faults that the database finds in its own files and between its tables.
    pub fn database_faults(&mut self) -> Result<Vec<Fault>> {
        let fault = |what| Fault { document: None, what };
        let mut out: Vec<Fault> = self.db().faults()?.into_iter().map(fault).collect();
        let checks = [
            (
                "claims of no document",
                "SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM reading r WHERE r.document = e.document)",
            ),
            (
                "participants of no event",
                "SELECT count(*) FROM participant p WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.id = p.event)",
            ),
            (
                "participants that are nobody",
                "SELECT count(*) FROM participant p WHERE NOT EXISTS (SELECT 1 FROM entity n WHERE n.id = p.entity)",
            ),
            (
                "things of no event",
                "SELECT count(*) FROM thing t WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.id = t.event)",
            ),
            (
                "chains of no statement",
                "SELECT count(*) FROM link l WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.id = l.statement)",
            ),
            (
                "sightings of no document",
                "SELECT count(*) FROM sighting g WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.id = g.document)",
            ),
            (
                "documents that were seen nowhere",
                "SELECT count(*) FROM document d WHERE NOT EXISTS (SELECT 1 FROM sighting g WHERE g.document = d.id)",
            ),
            (
                "readings of no document",
                "SELECT count(*) FROM reading r WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.id = r.document)",
            ),
        ];
        for (what, sql) in checks {
            let n = self.db().query(sql, &[])?.into_iter().next().and_then(|mut r| r.int()).unwrap_or(0);
            if n > 0 {
                out.push(fault(format!("{n} {what}")));
            }
        }
        Ok(out)
    }

    /// What is stored of the documents after a number, in order, with what the tables count of each; and the number to
    /// go on from. Empty at the end.
    pub fn held(&mut self, after: i64, limit: usize) -> Result<(Vec<Held>, i64)> {
        let key = self.db().dialect().words_key;
        let within = crate::schema::WITHIN;
        let sql = format!(
            "SELECT d.id, d.hash, d.record, r.record, r.events, r.statements, \
             (SELECT count(*) FROM event e WHERE e.id >= d.id << {within} AND e.id < (d.id + 1) << {within}), \
             (SELECT count(*) FROM statement s WHERE s.id >= d.id << {within} AND s.id < (d.id + 1) << {within}), \
             (SELECT count(*) FROM words w WHERE w.{key} = d.id) \
             FROM document d LEFT JOIN reading r ON r.document = d.id WHERE d.id > ?1 ORDER BY d.id LIMIT {limit}"
        );
        let rows = self.db().query(&sql, &[Value::Int(after)])?;
        let held: Vec<Held> = rows
            .into_iter()
            .filter_map(|mut r| {
                Some(Held {
                    number: r.int()?,
                    hash: r.blob()?,
                    document: r.blob()?,
                    reading: r.blob(),
                    counted: (r.int().unwrap_or(-1), r.int().unwrap_or(-1)),
                    indexed: (r.int()?, r.int()?),
                    words: r.int()? == 1,
                })
            })
            .collect();
        let last = held.last().map_or(after, |h| h.number);
        Ok((held, last))
    }
}

/// Checks one document: its text still has its hash, its reading belongs to it, every span lies in the text, and the
/// tables hold as many rows as the reading. May run in any thread.
pub fn check(held: &Held) -> Vec<Fault> {
    let name =
        DocumentId::from_bytes(&held.hash).map_or_else(|| format!("number {}", held.number), |id| id.to_string());
    let mut faults = Vec::new();
    let mut add = |what: String| faults.push(Fault { document: Some(name.clone()), what });
    let document: Document = match Kind::Document.unpack(&held.document) {
        Ok(document) => document,
        Err(e) => {
            add(format!("its text {e}"));
            return faults;
        }
    };
    let now = DocumentId::of(&document);
    if now.bytes() != held.hash[..] {
        add(format!("its text has the hash {now}: it was changed"));
    }
    if !held.words {
        add("search does not know it; `isnad reread --all` mends it".into());
    }
    let Some(reading) = &held.reading else {
        add("has no reading; `isnad reread --all` mends it".into());
        return faults;
    };
    let reading: Reading = match Kind::Reading.unpack(reading) {
        Ok(reading) => reading,
        Err(e) => {
            add(format!("its reading {e}; `isnad reread --all` mends it"));
            return faults;
        }
    };
    let has = (reading.events.len() as i64, reading.statements.len() as i64);
    if held.counted != has || held.indexed != has {
        add(format!(
            "its reading has {} events and {} statements, the tables {} and {}; `isnad reread --all` mends it",
            has.0, has.1, held.indexed.0, held.indexed.1
        ));
    }
    misfits(&document, &reading).into_iter().for_each(add);
    faults
}

/// Where a reading does not fit its document: spans that lie outside of the text, references to what is not there.
pub fn misfits(document: &Document, reading: &Reading) -> Vec<String> {
    let mut faults = Vec::new();
    let end = document.whole().chars().count() as u32;
    let mut add = |what: String| faults.push(what);
    let mut bad = |what: &str, id: &str, span: Span| {
        if span.is_empty() || span.end > end {
            add(format!("{what} of {id} is [{}, {}] in a text of {end} characters", span.start, span.end));
        }
    };
    let statements: HashSet<&str> = reading.statements.iter().map(|s| s.id.as_str()).collect();
    let entities: HashSet<&str> = reading.entities.iter().map(|e| e.id.as_str()).collect();
    for e in &reading.entities {
        e.mentions.iter().for_each(|m| bad("a mention", &e.id, *m));
    }
    for s in &reading.statements {
        s.chain.iter().filter_map(|l| l.span).for_each(|x| bad("a link", &s.id, x));
        s.cue.iter().for_each(|x| bad("the cue", &s.id, *x));
        s.content.iter().for_each(|x| bad("the content", &s.id, *x));
        s.when.iter().for_each(|x| bad("the time", &s.id, x.span));
    }
    for e in &reading.events {
        bad("the trigger", &e.id, e.trigger);
        for (what, spans) in
            [("the actor", &e.actor), ("the recipient", &e.recipient), ("the place", &e.place), ("the time", &e.time)]
        {
            for s in spans {
                bad(what, &e.id, *s);
            }
        }
        e.things.iter().for_each(|t| bad("a thing", &e.id, t.span));
        e.when.iter().for_each(|w| bad("the time", &e.id, w.span));
    }
    reading.framing.iter().for_each(|f| bad("a loaded word", "the reading", f.span));
    reading.furniture.iter().for_each(|f| bad("page noise", "the reading", *f));
    for e in &reading.events {
        if e.statement.as_deref().is_some_and(|s| !statements.contains(s)) {
            add(format!("event {} is said by a statement that is not there", e.id));
        }
    }
    for f in &reading.framing {
        if f.of.as_deref().is_some_and(|of| !entities.contains(of)) {
            add("a loaded word is about an entity that is not there".into());
        }
    }
    faults
}
