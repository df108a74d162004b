//! `isnad add`

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use intake::{Fault, Prepared, Skip};
use ledger::{DocumentId, Entry, Fate, Ledger, LedgerError, Read, Shadow, WriteOptions, Writer};
use model::Document;
use traced::OutletNames;

use crate::cli::AddArgs;
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::table::number;
use crate::tracing;

use super::{Guarded, each_result};

/// Most documents of one transaction.
const BATCH: usize = 128;
/// Most bytes of one transaction, roughly; a larger document stands alone.
const BYTES: usize = 8 << 20;
/// How long a document waits for others before it is committed.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Tally {
    added: usize,
    seen_again: usize,
    known: usize,
    skipped: usize,
    reasons: BTreeMap<String, usize>,
}

/// Reads articles and keeps them.
pub fn run(args: &AddArgs) -> Result<Outcome, Fatal> {
    let begun = Instant::now();
    let (engine, version) = engine::build_versioned(&args.engine)?;
    let location = &args.ledger.location();
    let mut waiting =
        |who: &str| eprintln!("isnad: the ledger is being written by {who}; waiting up to {} s", args.wait);
    let mut writer = Writer::open(location, &version, WriteOptions { wait: args.wait, waiting: &mut waiting })?;

    let mut tally = Tally::default();
    let mut batch = Batch::default();
    let names = OutletNames::new(&engine);
    let trace = (!args.no_trace).then_some(&names);
    let read = each_result(
        &args.input,
        true,
        || {
            let mut reader = Guarded::new(&engine);
            // each thread asks by itself what is known already
            let mut ledger = Ledger::open(location);
            move |prepared: Prepared| -> Result<Result<Entry, LedgerError>, Fault> {
                if let Ok(ledger) = &mut ledger {
                    entry(prepared, &mut reader, ledger)
                } else {
                    match Ledger::open(location) {
                        Ok(mut ledger) => entry(prepared, &mut reader, &mut ledger),
                        Err(e) => Ok(Err(e)),
                    }
                }
            }
        },
        |done, _| {
            match done.result {
                Ok(entry) => {
                    batch.push(entry?);
                    if batch.full() {
                        batch.write(&mut writer, &mut tally, trace)?;
                    }
                }
                Err(skip) => tally.skip(&skip),
            }
            Ok(true)
        },
    );
    // what was read before a failure is kept
    let kept = batch.write(&mut writer, &mut tally, trace);
    let settled = writer.finish();
    tally.tell(begun.elapsed(), args.input.quiet);
    let read = read?;
    kept?;
    settled?;
    Ok(Outcome::from_faults(read.faults))
}

/// Makes a document ready for the writer. Reads it only where the ledger does not hold it.
fn entry(
    prepared: Prepared,
    reader: &mut Guarded<'_>,
    ledger: &mut Ledger,
) -> Result<Result<Entry, LedgerError>, Fault> {
    let Prepared { document, raw_hash, .. } = prepared;
    if blank(&document) {
        return Err(Fault::Empty);
    }
    let id = DocumentId::of(&document);
    match ledger.holds(id) {
        Err(e) => return Ok(Err(e)),
        Ok(true) => return Ok(Ok(Entry::seen(id, &document, Some(raw_hash)))),
        Ok(false) => {}
    }
    let read = reader.with(&document, |reader, document| {
        let reading = reader.read(document);
        Read::new(document, &reading, Shadow::of(reader, document))
    })?;
    Ok(Ok(Entry::new(id, &document, read, Some(raw_hash))))
}

fn blank(d: &Document) -> bool {
    let empty = |s: &str| !s.chars().any(|c| arabic::letter::class(c) != arabic::letter::Class::Space);
    empty(&d.text) && d.title.as_deref().is_none_or(empty)
}

#[derive(Default)]
struct Batch {
    entries: Vec<Entry>,
    bytes: usize,
    since: Option<Instant>,
}

impl Batch {
    fn push(&mut self, entry: Entry) {
        self.bytes += entry.size();
        self.entries.push(entry);
        self.since.get_or_insert_with(Instant::now);
    }

    fn full(&self) -> bool {
        self.entries.len() >= BATCH || self.bytes >= BYTES || self.since.is_some_and(|s| s.elapsed() > PATIENCE)
    }

    fn write(&mut self, writer: &mut Writer, tally: &mut Tally, trace: Option<&OutletNames<'_>>) -> Result<(), Fatal> {
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

    fn skip(&mut self, skip: &Skip) {
        self.skipped += 1;
        *self.reasons.entry(skip.fault.kind().to_string()).or_default() += 1;
    }

    fn tell(&self, time: Duration, quiet: bool) {
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
