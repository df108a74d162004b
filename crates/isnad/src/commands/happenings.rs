//! `isnad happenings`

use crate::cli::HappeningsArgs;
use crate::error::{Fatal, Outcome};
use crate::tracing;

use super::ask;

/// Lists them.
pub fn run(args: &HappeningsArgs) -> Result<Outcome, Fatal> {
    let across = &args.across;
    let (mut traced, ..) = tracing::open(&across.ask.ledger.location(), &across.engine)?;
    let (filter, mut wanted) = (across.filter.filter(), None);
    ask::answer(&across.ask, |paging| traced.happenings(&filter, args.min_outlets, paging, &mut wanted))
}
