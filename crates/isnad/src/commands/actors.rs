//! `isnad actors`

use ledger::Ledger;

use crate::cli::ActorsArgs;
use crate::error::{Fatal, Outcome};

use super::ask;

/// Lists them.
pub fn run(args: &ActorsArgs) -> Result<Outcome, Fatal> {
    let mut ledger = Ledger::open(&args.ask.ledger.location())?;
    let filter = args.filter.filter();
    ask::answer(&args.ask, |paging| ledger.actors(&filter, args.name.as_deref(), paging))
}
