//! The engine as the command line asks for it: shipped lexicon and weights, the user's overlay and model.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use learn::Bundle;
use lexicon::{Lexicon, Sources};
use reader::Engine;

use crate::cli::EngineArgs;
use crate::error::Fatal;

/// Puts the engine together. Faulty lines of the overlay are told and left out.
pub fn build(args: &EngineArgs) -> Result<Arc<Engine>, Fatal> {
    let overlay = args.lexicon.as_deref().map(overlay).transpose()?;
    let bundle = match &args.model {
        None => weights::open(),
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|source| Fatal::Read { path: path.clone(), source })?;
            Bundle::from_bytes(Cow::Owned(bytes)).map_err(|source| Fatal::Model { path: path.clone(), source })?
        }
    };
    let engine = Engine::new(lexicon_data::open(), overlay, &bundle);
    engine.map(Arc::new).map_err(|source| Fatal::Model { path: args.model.clone().unwrap_or_default(), source })
}

fn overlay(dir: &Path) -> Result<Lexicon, Fatal> {
    let sources = Sources::load(dir)?;
    let (entries, faults) = sources.expand();
    for fault in &faults {
        eprintln!("isnad: lexicon {}/{fault}", dir.display());
    }
    if !faults.is_empty() {
        eprintln!("isnad: lexicon {}: {} lines left out, {} entries used", dir.display(), faults.len(), entries.len());
    }
    Ok(Lexicon::from_bytes(Cow::Owned(lexicon::compile(&entries)))?)
}
