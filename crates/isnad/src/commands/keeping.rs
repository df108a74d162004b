//! How documents come into a ledger: read where they are new, and written in whole batches.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use intake::{Fault, Prepared, Skip};
use ledger::{DocumentId, Entry, Fate, Ledger, LedgerError, Location, Read, Shadow, Writer};
use model::Document;
use reader::Engine;
use traced::OutletNames;

use crate::error::Fatal;
use crate::output::table::number;
use crate::tracing;

use super::Guarded;

/// Most documents of one transaction.
const BATCH: usize = 128;
/// Most bytes of one transaction, roughly; a larger document stands alone.
const BYTES: usize = 8 << 20;
/// How long a document waits for others before it is committed.
const PATIENCE: Duration = Duration::from_secs(2);

/// What became of documents.
#[derive(Default)]
pub struct Tally {
    /// New ones.
    pub added: usize,
    /// Known ones that were seen at a new place.
    pub seen_again: usize,
    /// Known ones.
    pub known: usize,
    /// What could not be read.
    pub skipped: usize,
    reasons: BTreeMap<String, usize>,
}

/// Makes documents ready for the writer, in one thread of several.
pub struct Entries<'a> {
    reader: Guarded,
    location: &'a Location,
    /// Each thread asks by itself what is known already.
    ledger: Option<Ledger>,
}

impl<'a> Entries<'a> {
    /// Over an engine and a ledger.
    pub fn new(engine: &'a Arc<Engine>, location: &'a Location) -> Self {
        Self { reader: Guarded::new(engine), location, ledger: Ledger::open(location).ok() }
    }

    /// The entry of a document. The outer fault is the document's, the inner one the ledger's.
    pub fn of(&mut self, prepared: Prepared) -> Result<Result<Entry, LedgerError>, Fault> {
        // what could not be opened may be there now
        if self.ledger.is_none() {
            match Ledger::open(self.location) {
                Ok(ledger) => self.ledger = Some(ledger),
                Err(e) => return Ok(Err(e)),
            }
        }
        let ledger = self.ledger.as_mut().expect("opened above");
        entry(prepared, &mut self.reader, ledger)
    }
}

/// Makes a document ready for the writer. Reads it only where the ledger does not hold it.
fn entry(prepared: Prepared, reader: &mut Guarded, ledger: &mut Ledger) -> Result<Result<Entry, LedgerError>, Fault> {
    let Prepared { document, raw_hash, read, .. } = prepared;
    if blank(&document) {
        return Err(Fault::Empty);
    }
    let id = DocumentId::of(&document);
    match ledger.holds(id) {
        Err(e) => return Ok(Err(e)),
        Ok(true) => return Ok(Ok(Entry::seen(id, &document, Some(raw_hash)))),
        Ok(false) => {}
    }
    // a reading that came along is kept as what made it made it: `isnad reread` brings it up to date
    let read = reader.with(&document, |reader, document| {
        if let Some(came) = &read {
            return Read::new(document, &came.reading, Shadow::of(reader, document)).made_by(came.by.clone());
        }
        let reading = reader.read(document);
        Read::new(document, &reading, Shadow::of(reader, document))
    })?;
    Ok(Ok(Entry::new(id, &document, read, Some(raw_hash))))
}

fn blank(d: &Document) -> bool {
    let empty = |s: &str| !s.chars().any(|c| arabic::letter::class(c) != arabic::letter::Class::Space);
    empty(&d.text) && d.title.as_deref().is_none_or(empty)
}

/// Entries of one transaction.
#[derive(Default)]
pub struct Batch {
    entries: Vec<Entry>,
    bytes: usize,
    since: Option<Instant>,
}

impl Batch {
    /// Adds one.
    pub fn push(&mut self, entry: Entry) {
        self.bytes += entry.size();
        self.entries.push(entry);
        self.since.get_or_insert_with(Instant::now);
    }

    /// Whether it is to be written now.
    pub fn full(&self) -> bool {
        self.entries.len() >= BATCH || self.bytes >= BYTES || self.since.is_some_and(|s| s.elapsed() > PATIENCE)
    }

    /// Writes all of them, or none, and begins anew. Where outlets' names are given, traces what was written.
    pub fn write(
        &mut self,
        writer: &mut Writer,
        tally: &mut Tally,
        trace: Option<&OutletNames<'_>>,
    ) -> Result<(), Fatal> {
        let batch = std::mem::take(self);
        if batch.entries.is_empty() {
            return Ok(());
        }
        for fate in writer.add(batch.entries)? {
            match fate {
                Fate::Added => tally.added += 1,
                Fate::SeenAgain => tally.seen_again += 1,
                Fate::Known => tally.known += 1,
            }
        }
        // after the batch, in transactions of its own: what is cut off here is made up for the next time
        trace.map_or(Ok(()), |names| tracing::catch_up(writer, names))
    }
}

impl Tally {
    fn documents(&self) -> usize {
        self.added + self.seen_again + self.known + self.skipped
    }

    /// Counts what could not be read.
    pub fn skip(&mut self, skip: &Skip) {
        self.skipped += 1;
        *self.reasons.entry(skip.fault.kind().to_string()).or_default() += 1;
    }

    /// Tells all of it on standard error.
    pub fn tell(&self, time: Duration, quiet: bool) {
        if quiet {
            return;
        }
        let n = |n: usize| number(n as f64);
        let seconds = time.as_secs_f64();
        let rate = self.documents() as f64 / seconds.max(1e-9);
        eprintln!(
            "isnad: {} documents in {seconds:.1} s ({} a second): {} added, {} known already, {} of them seen at a new place, {} skipped",
            n(self.documents()),
            number(rate.round()),
            n(self.added),
            n(self.known + self.seen_again),
            n(self.seen_again),
            n(self.skipped),
        );
        for (reason, count) in &self.reasons {
            eprintln!("isnad:   skipped {}: {reason}", n(*count));
        }
    }
}
