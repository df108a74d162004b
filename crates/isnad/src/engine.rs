//! The engine as the command line asks for it: shipped lexicon and weights, the user's overlay and model.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use learn::Bundle;
use lexicon::{Lexicon, Sources};
use reader::Engine;

use crate::cli::EngineArgs;
use crate::error::Fatal;

/// Puts the engine together. Faulty lines of the overlay are told and left out.
pub fn build(args: &EngineArgs) -> Result<Arc<Engine>, Fatal> {
    build_versioned(args).map(|(engine, _)| engine)
}

/// The engine, and what names it: stored readings keep that.
pub fn build_versioned(args: &EngineArgs) -> Result<(Arc<Engine>, ledger::Version), Fatal> {
    let mut version = ledger::Version {
        reader: reader::VERSION.into(),
        weights: weights::FINGERPRINT.into(),
        lexicon: lexicon_data::FINGERPRINT.into(),
    };
    let overlay = match args.lexicon.as_deref() {
        None => None,
        Some(dir) => {
            let bytes = overlay(dir)?;
            let _ = write!(version.lexicon, "+{}", fingerprint(&bytes));
            Some(Lexicon::from_bytes(Cow::Owned(bytes))?)
        }
    };
    let bundle = match &args.model {
        None => weights::open(),
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|source| Fatal::Read { path: path.clone(), source })?;
            version.weights = fingerprint(&bytes);
            Bundle::from_bytes(Cow::Owned(bytes)).map_err(|source| Fatal::Model { path: path.clone(), source })?
        }
    };
    let engine = Engine::new(lexicon_data::open(), overlay, &bundle);
    let engine = engine.map_err(|source| Fatal::Model { path: args.model.clone().unwrap_or_default(), source })?;
    Ok((Arc::new(engine), version))
}

/// As the build scripts of lexicon and weights make theirs.
fn fingerprint(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_string()
}

fn overlay(dir: &Path) -> Result<Vec<u8>, Fatal> {
    let sources = Sources::load(dir)?;
    let (entries, faults) = sources.expand();
    for fault in &faults {
        eprintln!("isnad: lexicon {}/{fault}", dir.display());
    }
    if !faults.is_empty() {
        eprintln!("isnad: lexicon {}: {} lines left out, {} entries used", dir.display(), faults.len(), entries.len());
    }
    Ok(lexicon::compile(&entries))
}
