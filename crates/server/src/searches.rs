//! What searches found, kept as far as it holds.
//!
//! To rank is what costs: the ledger looks at every document that holds the words. So one ranks while the others who ask
//! alike wait, and what was asked lately is ranked again before a new state of the index is told: nobody waits for it then.

use std::collections::VecDeque;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ledger::{Hit, Ledger, Search};
use reader::Reader;

use crate::board::State;
use crate::kept::Kept;

/// Most documents that a search ranks.
const MOST: usize = 20_000;
/// Documents kept of what searches ranked, all together (16 bytes each).
const RANKED: usize = 1 << 20;
/// Bytes kept of what was shown of documents, about.
const HITS: usize = 16 << 20;
/// Searches that can be ranked at once.
const AT_ONCE: usize = 16;
/// Searches that are ranked again for a new state, at most, if they were asked within this time.
const LATELY: (usize, Duration) = (16, Duration::from_secs(10));
/// Time that ranking again takes before the rest is left to those who ask.
const AGAIN: Duration = Duration::from_millis(500);

/// Documents that a search found.
pub struct Ranked {
    /// Their numbers with their scores, the best first.
    pub documents: Vec<(i64, f64)>,
    /// Whether these are all.
    pub whole: bool,
}

/// The memory of searches.
pub struct Searches {
    ranked: Kept<(State, String), Ranked>,
    /// By generation of the index, words and number of the document.
    hits: Kept<(u64, String, i64), Hit>,
    turns: [Mutex<()>; AT_ONCE],
    /// What was asked lately, the latest last.
    lately: Mutex<VecDeque<(Instant, String, Search)>>,
}

impl Default for Searches {
    fn default() -> Self {
        Self {
            ranked: Kept::new(RANKED),
            hits: Kept::new(HITS),
            turns: std::array::from_fn(|_| Mutex::new(())),
            lately: Mutex::default(),
        }
    }
}

impl Searches {
    /// What a search found in a state of the index. `known` keeps the documents that the index has.
    pub fn ranked(
        &self,
        state: State,
        text: &str,
        search: &Search,
        ledger: &mut Ledger,
        known: impl Fn(&mut Vec<(i64, f64)>),
    ) -> ledger::Result<Arc<Ranked>> {
        self.asked(text, search);
        let key = (state, text.to_string());
        if let Some(ranked) = self.ranked.get(&key) {
            return Ok(ranked);
        }
        let turn = BuildHasherDefault::<DefaultHasher>::default().hash_one(text) as usize % AT_ONCE;
        let _one = self.turns[turn].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ranked) = self.ranked.get(&key) {
            return Ok(ranked);
        }
        self.rank(key, search, ledger, known)
    }

    /// Ranks what was asked lately for a state that is about to be told. What fails is left to those who ask: the state is
    /// told in any case.
    pub fn again(&self, state: State, ledger: &mut Ledger, known: impl Fn(&mut Vec<(i64, f64)>)) {
        let begun = Instant::now();
        let lately: Vec<(String, Search)> = {
            let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
            lately.retain(|l| l.0.elapsed() < LATELY.1);
            lately.iter().rev().map(|l| (l.1.clone(), l.2.clone())).collect()
        };
        for (text, search) in lately {
            if begun.elapsed() > AGAIN {
                break;
            }
            if let Err(e) = self.rank((state, text), &search, ledger, &known) {
                tracing::warn!("what was searched for lately could not be ranked again: {e}");
                break;
            }
        }
    }

    /// What is shown of a document that a search found; its score, which goes with the state, is left out.
    pub fn hit(
        &self,
        generation: u64,
        text: &str,
        search: &Search,
        number: i64,
        ledger: &mut Ledger,
        reader: &mut Reader,
    ) -> ledger::Result<Option<Arc<Hit>>> {
        let key = (generation, text.to_string(), number);
        if let Some(hit) = self.hits.get(&key) {
            return Ok(Some(hit));
        }
        let Some(hit) = ledger.hit(search, number, 0.0, reader)? else { return Ok(None) };
        let document = &hit.document;
        let about =
            [&document.title, &document.url, &document.outlet].into_iter().flatten().map(String::len).sum::<usize>();
        let weight = 400 + text.len() + about + hit.snippet.words.len() + 8 * hit.highlights.len();
        let hit = Arc::new(hit);
        self.hits.put(key, Arc::clone(&hit), weight);
        Ok(Some(hit))
    }

    fn asked(&self, text: &str, search: &Search) {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = lately.iter().position(|l| l.1 == text) {
            lately.remove(at);
        }
        lately.push_back((Instant::now(), text.to_string(), search.clone()));
        if lately.len() > LATELY.0 {
            lately.pop_front();
        }
    }

    fn rank(
        &self,
        key: (State, String),
        search: &Search,
        ledger: &mut Ledger,
        known: impl Fn(&mut Vec<(i64, f64)>),
    ) -> ledger::Result<Arc<Ranked>> {
        let mut documents = ledger.ranked(search, MOST)?;
        let whole = documents.len() < MOST;
        known(&mut documents);
        let weight = documents.len() + 64;
        let ranked = Arc::new(Ranked { documents, whole });
        self.ranked.put(key, Arc::clone(&ranked), weight);
        Ok(ranked)
    }
}
