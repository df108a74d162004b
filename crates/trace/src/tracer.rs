use model::Document;

use crate::claim::{Article, ClaimRef};
use crate::happenings::{self, Added, Decision, Gathered, Known};
use crate::record::Result;
use crate::store::Store;
use crate::stories::{self, Copy};

/// Adds articles to a store one at a time.
#[derive(Debug)]
pub struct Tracer<S> {
    store: S,
    known: Known,
}

impl<S: Store> Tracer<S> {
    /// Over this store, empty or filled by the same version.
    pub fn new(store: S) -> Self {
        Self { store, known: Known::default() }
    }

    /// The store, to ask.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The store back.
    pub fn into_store(self) -> S {
        self.store
    }

    /// Adds only the text of a document: its story. `number` is unique and ascends in the order of adding.
    pub fn add_text(&mut self, number: u64, document: &Document) -> Result<u64, S> {
        let copy = Copy {
            id: document.id.clone(),
            source_id: None,
            outlet: document.outlet.clone(),
            published: document.published.clone(),
        };
        Ok(happenings::place(&mut self.store, &mut self.known, number, &copy, &document.whole())?.story)
    }
}

impl<S: Store> Tracer<S> {
    /// Adds an article with what the reader found in it.
    pub fn add(&mut self, article: Article<'_>) -> Result<Added, S> {
        happenings::add(&mut self.store, &mut self.known, article)
    }

    /// Joins two happenings for good; the older id is given back.
    pub fn join(&mut self, a: &str, b: &str) -> Result<String, S> {
        let n = happenings::join(&mut self.store, a, b)?;
        Ok(happenings::gather(&self.store, n)?.map(|g| g.id).unwrap_or_default())
    }

    /// Splits a claim off its happening for good; the id of its own happening is given back.
    pub fn split(&mut self, claim: &ClaimRef) -> Result<String, S> {
        let n = happenings::split(&mut self.store, claim)?;
        Ok(happenings::gather(&self.store, n)?.map(|g| g.id).unwrap_or_default())
    }

    /// Takes over decisions made elsewhere, before articles are added.
    pub fn import(&mut self, decisions: &[Decision]) -> Result<(), S> {
        happenings::import(&mut self.store, decisions)
    }

    /// The happening with this id or alias.
    pub fn happening(&self, id: &str) -> Result<Option<Gathered>, S> {
        match happenings::find(&self.store, id)? {
            Some(n) => happenings::gather(&self.store, n),
            None => Ok(None),
        }
    }

    /// Number of the happening that holds the event at `index` of the reading of document `document`.
    pub fn happening_of(&self, document: u64, index: usize) -> Result<Option<u64>, S> {
        happenings::of_claim(&self.store, document, index)
    }

    /// Number of the story that a document belongs to, for [`stories::stories_of`].
    pub fn story_of(&self, document: u64) -> Result<Option<u64>, S> {
        stories::of_document(&self.store, document)
    }

    /// All that the user decided, to be carried into another store with [`Self::import`].
    pub fn decisions(&self) -> Result<Vec<Decision>, S> {
        happenings::decisions(&self.store)
    }

    /// Numbers of the happenings that claims of a document are in now, for [`Self::gathered`].
    pub fn happenings_of(&self, document: u64) -> Result<Vec<u64>, S> {
        happenings::of_document(&self.store, document)
    }

    /// Numbers of happenings above `after`, at most `limit`, for [`Self::gathered`].
    pub fn happenings(&self, after: Option<u64>, limit: usize) -> Result<Vec<u64>, S> {
        happenings::numbers(&self.store, after, limit)
    }

    /// The happening with this number.
    pub fn gathered(&self, number: u64) -> Result<Option<Gathered>, S> {
        happenings::gather(&self.store, number)
    }
}
