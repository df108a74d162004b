//! `isnad reread`

use std::sync::atomic::Ordering;
use std::time::Instant;

use intake::Skip;
use ledger::{DocumentId, Ledger, LedgerError, Outdated, Read, Shadow, WriteOptions, Writer};
use model::Document;
use traced::OutletNames;

use crate::cli::{RereadArgs, threads};
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::table::number;
use crate::pipeline;
use crate::progress::Progress;
use crate::tracing;

use super::Guarded;

/// Most readings of one transaction.
const BATCH: usize = 128;
/// Most code points of text of one transaction.
const TEXT: usize = 2 << 20;

/// Brings stored readings up to date.
pub fn run(args: &RereadArgs) -> Result<Outcome, Fatal> {
    let begun = Instant::now();
    assembly::give_way();
    let (engine, version) = engine::build_versioned(&args.engine)?;
    let location = args.ledger.location();
    // asked first: a ledger that is not there is not made
    let mut ledger = Ledger::open(&location).or_else(|e| match e {
        LedgerError::Older { .. } => open(args, &version).and_then(|_| Ledger::open(&location)),
        e => Err(e),
    })?;
    let wanted = (!args.all).then(|| version.clone());
    let total = ledger.count_outdated(wanted.as_ref())?;
    if total == 0 {
        eprintln!("isnad: every reading is of {version}");
        return Ok(Outcome::Clean);
    }
    let mut writer = open(args, &version)?;
    let mut progress = Progress::over_documents(total as u64, console::Term::stderr().is_term());
    let counter = progress.counter();
    let (mut done, mut faults) = (0, 0);
    let mut batch = Vec::new();
    let mut size = 0;
    let mut fatal: Option<Fatal> = None;
    pipeline::ordered(
        threads(args.jobs),
        |put| {
            for next in Outdated::new(ledger, wanted) {
                let bytes = next.as_ref().map_or(0, |n| n.1.text.len());
                if !put(next, bytes) {
                    break;
                }
            }
        },
        || {
            let mut reader = Guarded::new(&engine);
            move |next: Result<(DocumentId, Document), LedgerError>| {
                next.map(|(id, document)| {
                    let read = reader.with(&document, |reader, document| {
                        let reading = reader.read(document);
                        Read::new(document, &reading, Shadow::of(reader, document))
                    });
                    (id, document.text.len(), read.map_err(|fault| fault.of(id.to_string())))
                })
            }
        },
        |result: Result<(DocumentId, usize, Result<Read, Skip>), LedgerError>| {
            counter.fetch_add(1, Ordering::Relaxed);
            match result {
                Ok((id, bytes, Ok(read))) => {
                    batch.push((id, read));
                    size += bytes;
                    done += 1;
                }
                Ok((_, _, Err(e))) => {
                    faults += 1;
                    progress.error(&e.to_string());
                }
                Err(e @ LedgerError::Damaged { .. }) => {
                    faults += 1;
                    progress.error(&e.to_string());
                }
                Err(e) => {
                    fatal = Some(e.into());
                    return false;
                }
            }
            if batch.len() >= BATCH || size >= TEXT {
                size = 0;
                if let Err(e) = writer.replace(std::mem::take(&mut batch)) {
                    fatal = Some(e.into());
                    return false;
                }
            }
            progress.done(done);
            true
        },
    );
    progress.finish();
    if let Some(fatal) = fatal {
        return Err(fatal);
    }
    writer.replace(batch)?;
    if !args.no_trace {
        tracing::catch_up(&mut writer, &OutletNames::new(&engine))?;
    }
    writer.finish()?;
    let seconds = begun.elapsed().as_secs_f64();
    eprintln!("isnad: {} documents read again in {seconds:.1} s, now by {version}", number(done as f64));
    Ok(Outcome::from_faults(faults))
}

fn open(args: &RereadArgs, version: &ledger::Version) -> Result<Writer, LedgerError> {
    let mut waiting =
        |who: &str| eprintln!("isnad: the ledger is being written by {who}; waiting up to {} s", args.wait);
    Writer::open(&args.ledger.location(), version, WriteOptions { wait: args.wait, waiting: &mut waiting })
}
