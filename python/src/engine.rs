//! The engine: shipped lexicon and weights, the caller's overlay and model.

use std::borrow::Cow;
use std::path::Path;

use learn::Bundle;
use lexicon::{Lexicon, Sources};
use reader::Engine;

/// Puts the engine together. The second value: faulty lines of the overlay, which are left out.
pub fn build(lexicon: Option<&Path>, model: Option<&Path>) -> Result<(Engine, Vec<String>), String> {
    let mut faulty = Vec::new();
    let overlay = match lexicon {
        None => None,
        Some(dir) => {
            let sources = Sources::load(dir).map_err(|e| e.to_string())?;
            let (entries, faults) = sources.expand();
            faulty = faults.iter().map(|f| format!("lexicon {}/{f}", dir.display())).collect();
            let bytes = Cow::Owned(lexicon::compile(&entries));
            Some(Lexicon::from_bytes(bytes).map_err(|e| format!("lexicon {}: {e}", dir.display()))?)
        }
    };
    let bundle = match model {
        None => weights::open(),
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|e| format!("model {}: {e}", path.display()))?;
            Bundle::from_bytes(Cow::Owned(bytes)).map_err(|e| format!("model {}: {e}", path.display()))?
        }
    };
    let engine = Engine::new(lexicon_data::open(), overlay, &bundle);
    Ok((engine.map_err(|e| format!("model: {e}"))?, faulty))
}
