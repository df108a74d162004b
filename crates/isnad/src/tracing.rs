//! Ledgers brought up to date across articles before they are asked.

use std::sync::Arc;

use ledger::{Ledger, LedgerError, Location, WriteOptions, Writer};
use reader::Engine;
use traced::{OutletNames, Traced, TracedError};

use crate::cli::EngineArgs;
use crate::engine;
use crate::error::Fatal;

/// Traces all that waits. What cannot be traced is told.
pub fn catch_up(writer: &mut Writer, names: &OutletNames<'_>) -> Result<(), Fatal> {
    let caught = traced::catch_up(writer, names, |_| ())?;
    for fault in &caught.faults {
        eprintln!("isnad: not traced: {fault}");
    }
    Ok(())
}

/// Opens a ledger for writing, waiting for another writer for so many seconds.
pub fn writer(location: &Location, version: &ledger::Version, wait: u64) -> Result<Writer, LedgerError> {
    let mut waiting = |who: &str| {
        if wait > 0 {
            eprintln!("isnad: the ledger is being written by {who}; waiting up to {wait} s");
        }
    };
    Writer::open(location, version, WriteOptions { wait, waiting: &mut waiting })
}

/// A ledger to be asked across articles, with the engine whose lexicon names the outlets. Brought up to date where it can
/// be written; else it is told what is missing.
pub fn open(location: &Location, args: &EngineArgs) -> Result<(Traced, Arc<Engine>, ledger::Version), Fatal> {
    let (engine, version) = engine::build_versioned(args)?;
    let mut ledger = Ledger::open(location).or_else(|e| match e {
        LedgerError::Older { .. } => writer(location, &version, 0).and_then(|_| Ledger::open(location)),
        e => Err(e),
    })?;
    let waiting = traced::waiting(&mut ledger)?;
    if waiting > 0 {
        let done = writer(location, &version, 0)
            .map_err(Fatal::from)
            .and_then(|mut w| catch_up(&mut w, &OutletNames::new(&engine)));
        match done {
            Ok(()) => ledger = Ledger::open(location)?,
            Err(
                Fatal::Ledger(
                    e @ (LedgerError::Busy { .. } | LedgerError::ReadOnly { .. } | LedgerError::Beside { .. }),
                )
                | Fatal::Traced(TracedError::Ledger(e @ LedgerError::ReadOnly { .. })),
            ) => {
                let why = e.to_string();
                let why = why.lines().next().unwrap_or_default();
                eprintln!("isnad: note: {waiting} documents are not traced yet and are left out here: {why}");
            }
            Err(e) => return Err(e),
        }
    }
    Ok((Traced::new(ledger), engine, version))
}
