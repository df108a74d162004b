//! What the server asks of the trace across articles.
//!
//! [`InMemory`] runs the trace over the ledger's records when the server starts and after every add. A trace that the
//! ledger keeps itself takes its place by implementing [`Traced`]; nothing else knows which of them answers.

use model::{Document, Reading};
use trace::Tracer;
use trace::claim::Article;
use trace::happenings::Gathered;
use trace::store::Memory;
use trace::stories::{self, Story};

/// The trace failed; the articles are safe without it.
#[derive(Debug, thiserror::Error)]
#[error("the trace across articles failed: {0}")]
pub struct TraceFault(pub String);

/// An article for the trace.
#[derive(Clone, Copy, Debug)]
pub struct Traceable<'a> {
    /// Its place in the order of adding, from 1.
    pub number: u64,
    /// The document; its `id` is the ledger's.
    pub document: &'a Document,
    /// The id it came with.
    pub source_id: &'a str,
    /// What was read in it.
    pub reading: &'a Reading,
    /// The outlet as the reader keys outlets.
    pub outlet_key: Option<&'a str>,
}

/// What adding an article changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Numbers of happenings whose claims are others now.
    pub happenings: Vec<u64>,
    /// Number of the family of near-copies that it came into.
    pub family: u64,
}

/// Stories, happenings and their claims.
pub trait Traced: Send + Sync {
    /// Takes an article in, once. Articles come in the order of their numbers.
    fn add(&mut self, article: Traceable<'_>) -> Result<Changed, TraceFault>;
    /// The happening of a number with all its claims; none where it was merged into another.
    fn happening(&self, number: u64) -> Result<Option<Gathered>, TraceFault>;
    /// The stories of a family; none where it has one text only, or was merged into another.
    fn stories(&self, family: u64) -> Result<Vec<Story>, TraceFault>;
}

/// The trace in memory: about as large as the text it was made of.
pub struct InMemory(Tracer<Memory>);

impl Default for InMemory {
    fn default() -> Self {
        Self(Tracer::new(Memory::default()))
    }
}

fn fault(e: impl std::fmt::Display) -> TraceFault {
    TraceFault(e.to_string())
}

impl Traced for InMemory {
    fn add(&mut self, a: Traceable<'_>) -> Result<Changed, TraceFault> {
        let article = Article {
            number: a.number,
            document: a.document,
            source_id: Some(a.source_id),
            reading: a.reading,
            outlet_key: a.outlet_key,
        };
        let added = self.0.add(article).map_err(fault)?;
        Ok(Changed { happenings: self.0.happenings_of(a.number).map_err(fault)?, family: added.story })
    }

    fn happening(&self, number: u64) -> Result<Option<Gathered>, TraceFault> {
        self.0.gathered(number).map_err(fault)
    }

    fn stories(&self, family: u64) -> Result<Vec<Story>, TraceFault> {
        stories::stories_of(self.0.store(), family).map_err(fault)
    }
}
