//! `isnad contradictions`

use crate::cli::AcrossArgs;
use crate::error::{Fatal, Outcome};
use crate::tracing;

use super::ask;

/// Lists happenings whose tellings differ.
pub fn run(args: &AcrossArgs) -> Result<Outcome, Fatal> {
    let (mut traced, ..) = tracing::open(&args.ask.ledger.location(), &args.engine)?;
    let (filter, mut wanted) = (args.filter.filter(), None);
    ask::answer(&args.ask, |paging| traced.contradictions(&filter, paging, &mut wanted))
}
