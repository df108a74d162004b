//! `isnad verify`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::atomic::Ordering;

use ledger::{Fault, Held, Ledger, LedgerError};

use crate::cli::{VerifyArgs, threads};
use crate::error::{Fatal, Outcome};
use crate::output::json;
use crate::output::table::number;
use crate::pipeline;
use crate::progress::Progress;

/// Checks a ledger.
pub fn run(args: &VerifyArgs) -> Result<Outcome, Fatal> {
    let mut ledger = Ledger::open(&args.ledger.location())?;
    let counts = ledger.counts()?;
    let mut report = match &args.report {
        None => None,
        Some(path) => {
            let file = File::create(path).map_err(|source| Fatal::Write { path: path.clone(), source })?;
            Some((path, BufWriter::new(file)))
        }
    };
    let mut progress = Progress::over_documents(counts.documents as u64, console::Term::stderr().is_term());
    let counter = progress.counter();
    let (mut documents, mut faults) = (0, 0);
    let mut fatal: Option<Fatal> = None;
    let mut tell = |found: Vec<Fault>, progress: &Progress| -> Result<(), Fatal> {
        for fault in found {
            faults += 1;
            progress.error(&fault.to_string());
            if let Some((path, out)) = &mut report {
                let line = json::write(&fault, true);
                out.write_all(&line).map_err(|source| Fatal::Write { path: (*path).clone(), source })?;
            }
        }
        Ok(())
    };
    tell(ledger.database_faults()?, &progress)?;
    pipeline::ordered(
        threads(args.jobs),
        |put| {
            let mut after = 0;
            loop {
                match ledger.held(after, 64) {
                    Ok((page, last)) => {
                        if page.is_empty() {
                            return;
                        }
                        after = last;
                        for held in page {
                            let size = held.size() * 4;
                            if !put(Ok(held), size) {
                                return;
                            }
                        }
                    }
                    Err(e) => {
                        put(Err(e), 0);
                        return;
                    }
                }
            }
        },
        || |held: Result<Held, LedgerError>| held.map(|h| ledger::check(&h)),
        |result| {
            counter.fetch_add(1, Ordering::Relaxed);
            documents += 1;
            progress.done(documents);
            let told = result.map_err(Fatal::from).and_then(|found| tell(found, &progress));
            told.map_err(|e| fatal = Some(e)).is_ok()
        },
    );
    progress.finish();
    if let Some(fatal) = fatal {
        return Err(fatal);
    }
    if let Some((path, mut out)) = report {
        out.flush().map_err(|source| Fatal::Write { path: path.clone(), source })?;
    }
    eprintln!(
        "isnad: {} documents, {} events and {} statements checked ({:.1} MB): {}",
        number(documents as f64),
        number(counts.events as f64),
        number(counts.statements as f64),
        counts.bytes as f64 / 1e6,
        if faults == 0 { "all is well".to_string() } else { format!("{} faults", number(faults as f64)) }
    );
    Ok(Outcome::from_faults(faults))
}
