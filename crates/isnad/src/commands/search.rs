//! `isnad search`

use ledger::Ledger;
use reader::Reader;

use crate::cli::{EngineArgs, SearchArgs};
use crate::engine;
use crate::error::{Fatal, Outcome};

use super::ask;

/// Finds documents.
pub fn run(args: &SearchArgs) -> Result<Outcome, Fatal> {
    let mut ledger = Ledger::open(&args.ask.ledger.location())?;
    let engine = engine::build(&EngineArgs::default())?;
    let mut reader = Reader::new(&engine);
    let filter = args.filter.filter();
    // what the shell gave as one argument with spaces is a phrase only where it has quotes of its own
    let text = args.words.join(" ");
    ask::answer(&args.ask, |paging| ledger.search(&text, &filter, paging, &mut reader))
}
