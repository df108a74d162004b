//! `isnad transfers`

use ledger::Ledger;

use crate::cli::TransfersArgs;
use crate::error::{Fatal, Outcome};
use crate::tracing;

use super::ask;

/// Lists deliveries, or the claims one by one.
pub fn run(args: &TransfersArgs) -> Result<Outcome, Fatal> {
    let across = &args.across;
    let (location, filter) = (across.ask.ledger.location(), across.filter.filter());
    if args.claims {
        let mut ledger = Ledger::open(&location)?;
        return ask::answer(&across.ask, |paging| ledger.transfers(&filter, paging));
    }
    let (mut traced, ..) = tracing::open(&location, &across.engine)?;
    let mut wanted = None;
    ask::answer(&across.ask, |paging| traced.transfers(&filter, paging, &mut wanted))
}
