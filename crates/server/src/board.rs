//! The state that all requests share: the index, the trace, and orders of lists that were made.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use ledger::{Ledger, Record};

use crate::article::Article;
use crate::index::{Index, Traced as Summary};
use crate::kept::Kept;
use crate::names::Names;
use crate::problem::{Problem, Result};
use crate::traced::{InMemory, Traceable, Traced};

/// Documents taken in at once.
const BATCH: usize = 256;
/// Places kept in orders, all together (4 bytes each).
const ORDERS: usize = 24 << 20;
/// Bytes of articles kept ready, about.
const ARTICLES: usize = 64 << 20;

/// Something that lists go over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Documents, latest publication first.
    Documents,
    /// Claims, latest publication first.
    Claims,
    /// Statements, latest publication first.
    Statements,
    /// Happenings, in an order asked for.
    Happenings,
    /// Stories, latest copy first.
    Stories,
    /// Transfers, latest report first.
    Transfers,
    /// Actors, most documents first.
    Actors,
    /// Outlets, most documents first.
    Outlets,
}

/// Which list, and of which state of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListKey {
    /// Over what.
    pub what: What,
    /// Filters and order, as one string.
    pub asked: String,
    /// Count of the changes to the index, and of its generations.
    pub state: (u64, u64),
}

/// The shared state.
pub struct Board {
    index: RwLock<Index>,
    trace: RwLock<Box<dyn Traced>>,
    /// Names of keys.
    pub names: Names,
    orders: Kept<ListKey, Vec<u32>>,
    articles: Kept<i64, Article>,
    ordering: Mutex<()>,
    catching_up: Mutex<()>,
    revision: AtomicI64,
    changes: AtomicU64,
    generation: AtomicU64,
    ready: AtomicBool,
}

impl Board {
    /// An empty board.
    pub fn new(names: Names) -> Self {
        Self {
            index: RwLock::default(),
            trace: RwLock::new(Box::new(InMemory::default())),
            names,
            orders: Kept::new(ORDERS),
            articles: Kept::new(ARTICLES),
            ordering: Mutex::new(()),
            catching_up: Mutex::new(()),
            revision: AtomicI64::new(0),
            changes: AtomicU64::new(0),
            generation: AtomicU64::new(1),
            ready: AtomicBool::new(false),
        }
    }

    /// Whether the whole ledger has been taken in once.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// The ledger's revision that answers are made from.
    pub fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Changes and generations of the index.
    pub fn state(&self) -> (u64, u64) {
        (self.changes.load(Ordering::Acquire), self.generation.load(Ordering::Acquire))
    }

    /// The index; refused until it is whole.
    pub fn index(&self) -> Result<RwLockReadGuard<'_, Index>> {
        if !self.is_ready() {
            return Err(Problem::busy("the server is still taking in the ledger; ask again in a moment"));
        }
        Ok(self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The trace.
    pub fn trace(&self) -> RwLockReadGuard<'_, Box<dyn Traced>> {
        self.trace.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Documents in the index, ready or not.
    pub fn taken_in(&self) -> usize {
        self.index.read().unwrap_or_else(PoisonError::into_inner).docs.len()
    }

    /// Takes in what the ledger holds beyond what is known. Readings that were replaced make everything be taken in anew.
    /// Returns whether anything changed.
    pub fn catch_up(&self, ledger: &mut Ledger, stop: &AtomicBool) -> Result<bool> {
        let _one = self.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        let tide = ledger.tide()?;
        let known = self.index.read().unwrap_or_else(PoisonError::into_inner).tide;
        if tide == known && self.is_ready() {
            return Ok(false);
        }
        if tide.replaced == known.replaced && self.is_ready() {
            self.take_in(ledger, known.last, stop)?;
            self.index.write().unwrap_or_else(PoisonError::into_inner).tide = tide;
        } else {
            // built aside, so that questions are answered from the earlier state meanwhile
            let fresh = Self::new(Names::clone_of(&self.names));
            fresh.take_in(ledger, 0, stop)?;
            if stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let mut index = fresh.index.into_inner().unwrap_or_else(PoisonError::into_inner);
            index.tide = tide;
            let mut here = self.index.write().unwrap_or_else(PoisonError::into_inner);
            *here = index;
            *self.trace.write().unwrap_or_else(PoisonError::into_inner) =
                fresh.trace.into_inner().unwrap_or_else(PoisonError::into_inner);
            self.articles.clear();
            self.orders.clear();
            self.generation.fetch_add(1, Ordering::AcqRel);
            drop(here);
        }
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.revision.store(tide.revision(), Ordering::Release);
        self.ready.store(true, Ordering::Release);
        Ok(true)
    }

    fn take_in(&self, ledger: &mut Ledger, after: i64, stop: &AtomicBool) -> Result<()> {
        let mut after = after;
        let (mut happenings, mut families) = (BTreeSet::new(), BTreeSet::new());
        loop {
            let numbers = ledger.numbers_after(after, BATCH)?;
            let Some(last) = numbers.last().copied() else { break };
            let records = ledger.numbered(&numbers)?;
            {
                let mut trace = self.trace.write().unwrap_or_else(PoisonError::into_inner);
                for (number, record) in &records {
                    let changed = self.trace_one(&mut **trace, *number, record)?;
                    happenings.extend(changed.happenings);
                    families.insert(changed.family);
                }
            }
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            for (number, record) in &records {
                index.add(*number, record, &self.names);
            }
            after = last;
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
        let trace = self.trace();
        let fault = |e: crate::traced::TraceFault| Problem::fault(&e);
        let happenings: Vec<u64> = happenings.into_iter().collect();
        for some in happenings.chunks(BATCH) {
            let mut ready = Vec::with_capacity(some.len());
            for n in some {
                ready.push((*n, trace.happening(*n).map_err(fault)?.map(|g| Summary::of(&g))));
            }
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            for (n, summary) in ready {
                index.trace(n, summary);
            }
        }
        for family in families {
            let stories = trace.stories(family).map_err(fault)?;
            self.index.write().unwrap_or_else(PoisonError::into_inner).stories_of(family, stories);
        }
        Ok(())
    }

    fn trace_one(&self, trace: &mut dyn Traced, number: i64, r: &Record) -> Result<crate::traced::Changed> {
        let mut document = r.document.document.clone();
        let source_id = std::mem::replace(&mut document.id, r.document.id.to_string());
        let key = document.outlet.as_deref().map(|o| self.names.outlet(o).key);
        trace
            .add(Traceable {
                number: number as u64,
                document: &document,
                source_id: &source_id,
                reading: &r.reading,
                outlet_key: key.as_deref(),
            })
            .map_err(|e| Problem::fault(&e))
    }

    /// The order of a list that was made before.
    pub fn order_made(&self, key: &ListKey) -> Option<Arc<Vec<u32>>> {
        self.orders.get(key)
    }

    /// The order of a list, made if it was not. One is made at a time, so that many who ask alike wait for one.
    pub fn order(&self, key: &ListKey, make: impl FnOnce() -> Vec<u32>) -> Arc<Vec<u32>> {
        if let Some(order) = self.orders.get(key) {
            return order;
        }
        let _one = self.ordering.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = self.orders.get(key) {
            return order;
        }
        let order = Arc::new(make());
        self.orders.put(key.clone(), Arc::clone(&order), order.len() + 64);
        order
    }

    /// Articles by number, ready to be shown; those that are not at hand are fetched together.
    pub fn articles(
        &self,
        ledger: &mut Ledger,
        numbers: &[i64],
    ) -> Result<std::collections::HashMap<i64, Arc<Article>>> {
        let mut out = std::collections::HashMap::with_capacity(numbers.len());
        let mut missing = Vec::new();
        for n in numbers {
            if out.contains_key(n) {
                continue;
            }
            match self.articles.get(n) {
                Some(a) => {
                    out.insert(*n, a);
                }
                None => missing.push(*n),
            }
        }
        for some in missing.chunks(64) {
            for (n, record) in ledger.numbered(some)? {
                let article = Arc::new(Article::new(record, &self.names));
                self.articles.put(n, Arc::clone(&article), article.weight());
                out.insert(n, article);
            }
        }
        Ok(out)
    }
}
