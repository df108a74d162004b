//! Answers by number, for a caller that keeps an index of its own over the ledger and asks for what changed.

use std::collections::BTreeSet;

use ledger::{Cache, Ledger};
use trace::Tracer;
use trace::happenings::{Decision, Gathered};
use trace::store::{Index, Store, Table};
use trace::stories::{self, Story};

use crate::error::Result;
use crate::shelf::{OUTLETS, OnShelf};

/// What documents are in across articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Numbers of happenings that their claims are in, for [`Look::happening`].
    pub happenings: BTreeSet<u64>,
    /// Numbers of the families of near-copies that their texts are in, for [`Look::stories`].
    pub families: BTreeSet<u64>,
}

/// One look at what is known across articles. What it read is kept until it is dropped and not looked at again, so it is
/// made anew for each question.
pub struct Look<'l> {
    ledger: &'l mut Ledger,
    cache: Cache,
}

/// The ledger's number of the document that a claim's `document` means.
pub fn document_of(number: u64) -> i64 {
    (number >> OUTLETS) as i64
}

/// A page of families of near-copies with their stories, and the number to go on from.
pub type Families = (Vec<(u64, Vec<Story>)>, Option<u64>);

impl<'l> Look<'l> {
    /// At a ledger as it is now.
    pub fn new(ledger: &'l mut Ledger) -> Self {
        Self { ledger, cache: Cache::default() }
    }

    fn ask<T>(&mut self, question: impl FnOnce(&Tracer<OnShelf<'_, '_>>) -> Result<T>) -> Result<T> {
        let mut shelf = self.ledger.shelf(&mut self.cache);
        question(&Tracer::new(OnShelf(&mut shelf)))
    }

    /// Where documents are, by their ledger's numbers, once for every outlet that carried them. Those that wait to be traced
    /// are nowhere.
    pub fn places(&mut self, documents: &[i64]) -> Result<Places> {
        self.ask(|t| {
            let mut out = Places::default();
            for document in documents {
                for carried in 0..1 << OUTLETS {
                    let number = ((*document as u64) << OUTLETS) | carried;
                    let Some(family) = t.story_of(number)? else { break };
                    out.families.insert(family);
                    out.happenings.extend(t.happenings_of(number)?);
                }
            }
            Ok(out)
        })
    }

    /// Numbers of happenings above `after`, ascending, at most `limit`.
    pub fn happenings(&mut self, after: Option<u64>, limit: usize) -> Result<Vec<u64>> {
        self.ask(|t| Ok(t.happenings(after, limit)?))
    }

    /// The happening of a number; none where it was merged into another.
    pub fn happening(&mut self, number: u64) -> Result<Option<Gathered>> {
        self.ask(|t| Ok(t.gathered(number)?))
    }

    /// The happening of an id, or of one that was merged into it.
    pub fn happening_called(&mut self, id: &str) -> Result<Option<Gathered>> {
        self.ask(|t| Ok(t.happening(id)?))
    }

    /// The stories of a family; none where it has one text only, or was merged into another.
    pub fn stories(&mut self, family: u64) -> Result<Vec<Story>> {
        self.ask(|t| Ok(stories::stories_of(t.store(), family)?))
    }

    /// Families of near-copies above `after` with their stories, at least `limit` where there are so many, and the number
    /// to go on from.
    pub fn families(&mut self, after: Option<u64>, limit: usize) -> Result<Families> {
        self.ask(|t| {
            let (mut out, mut at) = (Vec::new(), after);
            loop {
                let page = t.store().ids(Table::Story, at, 256)?;
                let Some(last) = page.last().copied() else { return Ok((out, None)) };
                at = Some(last);
                let sizes = t.store().members(Index::StoryMembers, &page, 2)?;
                for family in page.into_iter().zip(sizes).filter(|(_, members)| members.len() > 1).map(|f| f.0) {
                    out.push((family, stories::stories_of(t.store(), family)?));
                }
                if out.len() >= limit {
                    return Ok((out, at));
                }
            }
        })
    }

    /// What the user decided.
    pub fn decisions(&mut self) -> Result<Vec<Decision>> {
        self.ask(|t| Ok(t.decisions()?))
    }
}
