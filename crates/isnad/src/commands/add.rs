//! `isnad add`

use std::time::Instant;

use intake::Prepared;
use ledger::{Entry, LedgerError, WriteOptions, Writer};
use traced::OutletNames;

use crate::cli::AddArgs;
use crate::engine;
use crate::error::{Fatal, Outcome};

use super::each_result;
use super::keeping::{Batch, Entries, Tally};

/// Reads articles and keeps them.
pub fn run(args: &AddArgs) -> Result<Outcome, Fatal> {
    let begun = Instant::now();
    assembly::give_way();
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
            let mut entries = Entries::new(&engine, location);
            move |prepared: Prepared| entries.of(prepared)
        },
        |done: super::Done<Result<Entry, LedgerError>>, _| {
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
