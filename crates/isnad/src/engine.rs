//! The engine as the command line asks for it.

use std::sync::Arc;

use model::Version;
use reader::Engine;

use crate::cli::EngineArgs;
use crate::error::Fatal;

/// Puts the engine together. Faulty lines of the overlay are told and left out.
pub fn build(args: &EngineArgs) -> Result<Arc<Engine>, Fatal> {
    build_versioned(args).map(|(engine, _)| engine)
}

/// The engine, and what names it: stored readings keep that.
pub fn build_versioned(args: &EngineArgs) -> Result<(Arc<Engine>, Version), Fatal> {
    let made = assembly::assemble(args.lexicon.as_deref(), args.model.as_deref())?;
    for line in &made.faulty {
        eprintln!("isnad: {line}");
    }
    if let (Some(dir), false) = (&args.lexicon, made.faulty.is_empty()) {
        eprintln!(
            "isnad: lexicon {}: {} lines left out, {} entries used",
            dir.display(),
            made.faulty.len(),
            made.entries
        );
    }
    Ok((made.engine, made.version))
}
