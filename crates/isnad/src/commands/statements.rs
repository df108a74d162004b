//! `isnad statements`

use ledger::Ledger;

use crate::cli::EventsArgs;
use crate::error::{Fatal, Outcome};

use super::ask;

/// Lists them.
pub fn run(args: &EventsArgs) -> Result<Outcome, Fatal> {
    let mut ledger = Ledger::open(&args.ask.ledger.location())?;
    let filter = args.filter.filter();
    ask::answer(&args.ask, |paging| ledger.statements(&filter, paging))
}
