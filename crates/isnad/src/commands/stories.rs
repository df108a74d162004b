//! `isnad stories`

use ledger::{LedgerError, Page};

use crate::cli::StoriesArgs;
use crate::error::{Fatal, Outcome};
use crate::output::table::clean;
use crate::output::traced::ChangeRow;
use crate::tracing;

use super::ask;

/// Lists them, or shows what the copies of one changed.
pub fn run(args: &StoriesArgs) -> Result<Outcome, Fatal> {
    let across = &args.across;
    let location = across.ask.ledger.location();
    let (mut traced, ..) = tracing::open(&location, &across.engine)?;
    if let Some(id) = &args.changes {
        let Some((story, copies)) = traced.changes(id)? else {
            return Err(Fatal::Usage(format!(
                "{}: no story in {location} is called so, and no document of one\n  `isnad stories` lists them",
                clean(id)
            )));
        };
        let mut rows = Some(ChangeRow::of(&story, &copies));
        return ask::answer(&across.ask, |_| {
            Ok::<_, LedgerError>(Page { rows: rows.take().unwrap_or_default(), next: None, notes: Vec::new() })
        });
    }
    let (filter, mut wanted) = (across.filter.filter(), None);
    ask::answer(&across.ask, |paging| traced.stories(&filter, paging, &mut wanted))
}
