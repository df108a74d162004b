//! `isnad outlets`

use ledger::{LedgerError, Page};
use lexicon::Form;
use traced::OutletNames;

use crate::cli::AcrossArgs;
use crate::error::{Fatal, Outcome};
use crate::tracing;

use super::ask;

/// Lists outlets with their figures.
pub fn run(args: &AcrossArgs) -> Result<Outcome, Fatal> {
    let (mut traced, engine, _) = tracing::open(&args.ask.ledger.location(), &args.engine)?;
    let knowledge = engine.knowledge();
    // the first name of an entry is the one that its bearer uses
    let own = |entity: &model::Entity, folded: &str| {
        let Some(english) = entity.key.strip_prefix("actor:") else { return false };
        knowledge.layers().any(|(l, _)| {
            l.get(folded).any(|p| {
                p.form == Form::Name
                    && l.entry(p.entry).is_some_and(|e| e.gloss == english && arabic::letter::fold(e.lemma) == folded)
            })
        })
    };
    let profiles = traced.outlets(&args.filter.filter(), &OutletNames::new(&engine), own)?;
    let mut profiles = Some(profiles);
    ask::answer(&args.ask, |_| {
        let rows = profiles.take().unwrap_or_default();
        Ok::<_, LedgerError>(Page { rows, next: None, notes: Vec::new() })
    })
}
