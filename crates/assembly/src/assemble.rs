//! Shipped lexicon and weights, the user's overlay and model.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use learn::Bundle;
use lexicon::{Lexicon, Sources};
use model::Version;
use reader::Engine;

/// Why an engine cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    /// The model file is unusable.
    #[error("{}: {source}", path.display())]
    Model {
        /// The file; empty where the shipped weights are meant.
        path: PathBuf,
        /// What is wrong with it.
        source: learn::ModelError,
    },
    /// The model file is unreadable.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The lexicon folder is unusable.
    #[error("{0}")]
    Lexicon(#[from] lexicon::LoadError),
    /// The compiled overlay cannot be used.
    #[error("the compiled overlay is unusable: {0}")]
    Overlay(#[from] lexicon::FormatError),
}

/// An engine and what is to be told of it.
pub struct Assembled {
    /// What reads.
    pub engine: Arc<Engine>,
    /// What names it: stored readings keep that.
    pub version: Version,
    /// Faulty lines of the overlay, with file, place and reason; they are left out.
    pub faulty: Vec<String>,
    /// Entries of the overlay that are used.
    pub entries: usize,
}

/// Puts the engine together. `lexicon`: folder of an overlay; `model`: file of other weights.
pub fn assemble(lexicon: Option<&Path>, model: Option<&Path>) -> Result<Assembled, AssemblyError> {
    let sources = lexicon.map(Sources::load).transpose()?;
    let mut out = assemble_over(sources.as_ref(), model)?;
    if let Some(dir) = lexicon {
        out.faulty.iter_mut().for_each(|f| f.insert_str(0, &format!("lexicon {}/", dir.display())));
    }
    Ok(out)
}

/// The same with an overlay that is in memory already.
pub fn assemble_over(sources: Option<&Sources>, model: Option<&Path>) -> Result<Assembled, AssemblyError> {
    let mut version = Version {
        reader: reader::VERSION.into(),
        weights: weights::FINGERPRINT.into(),
        lexicon: lexicon_data::FINGERPRINT.into(),
    };
    let (mut faulty, mut used) = (Vec::new(), 0);
    let overlay = match sources {
        None => None,
        Some(sources) => {
            let (entries, faults) = sources.expand();
            faulty.extend(faults.iter().map(ToString::to_string));
            used = entries.len();
            let bytes = lexicon::compile(&entries);
            version.lexicon.push('+');
            version.lexicon.push_str(&fingerprint(&bytes));
            Some(Lexicon::from_bytes(Cow::Owned(bytes))?)
        }
    };
    let unusable = |source| AssemblyError::Model { path: model.unwrap_or(Path::new("")).into(), source };
    let bundle = match model {
        None => weights::open(),
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|source| AssemblyError::Read { path: path.into(), source })?;
            version.weights = fingerprint(&bytes);
            Bundle::from_bytes(Cow::Owned(bytes)).map_err(unusable)?
        }
    };
    let engine = Engine::new(lexicon_data::open(), overlay, &bundle).map_err(unusable)?;
    Ok(Assembled { engine: Arc::new(engine), version, faulty, entries: used })
}

/// As the build scripts of lexicon and weights make theirs.
fn fingerprint(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_string()
}
