//! The state that all requests share: the index, and orders of lists that were made.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use ledger::{Ledger, Search};
use trace::happenings::Decision;
use traced::{Look, document_of};

use crate::article::Article;
use crate::index::{Index, Taken, Traced as Summary};
use crate::kept::Kept;
use crate::names::Names;
use crate::problem::{Problem, Result};
use crate::searches::{Ranked, Searches};

/// Documents, or happenings, taken in at once.
const BATCH: usize = 256;
/// Documents, families or happenings taken in under one lock: those who ask wait for it.
const AT_ONCE: usize = 16;
/// Time between two such locks, for those who ask.
const BETWEEN: Duration = Duration::from_millis(2);
/// Happenings told anew together.
const TOGETHER: usize = 32;
/// Time that one look spends on places across articles. What is left waits for the next, so that articles that came are
/// seen soon where much is joined.
const PLACING: Duration = Duration::from_secs(1);
/// Seconds by which clocks of those who write one ledger may differ.
const CLOCKS: i64 = 600;
/// Places kept in orders, all together (4 bytes each).
const ORDERS: usize = 24 << 20;
/// Bytes of articles kept ready, about.
const ARTICLES: usize = 64 << 20;

/// Which state of the index: the count of its changes, and of its generations.
pub type State = (u64, u64);

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
    /// Which.
    pub state: State,
}

/// How far the index is from the ledger, beyond the tide.
#[derive(Default)]
struct Followed {
    /// Documents whose place across articles is not known yet.
    waiting: BTreeSet<i64>,
    /// Happenings that are to be told anew.
    stale: BTreeSet<u64>,
    /// What the user decided about happenings.
    decisions: Vec<Decision>,
    /// When the ledger was looked at last (Unix time, seconds).
    looked: i64,
}

/// Changes an index.
struct Pen<'a> {
    index: &'a RwLock<Index>,
    /// Whether others ask it meanwhile.
    asked: bool,
}

impl Pen<'_> {
    fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes it, a few things at a time; those who ask go in between.
    fn write<T>(&self, things: impl IntoIterator<Item = T>, mut change: impl FnMut(&mut Index, T)) {
        let at_once = if self.asked { AT_ONCE } else { usize::MAX };
        let mut things = things.into_iter().peekable();
        while things.peek().is_some() {
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            things.by_ref().take(at_once).for_each(|thing| change(&mut index, thing));
            index.settle();
            drop(index);
            if self.asked {
                std::thread::sleep(BETWEEN);
            }
        }
    }
}

/// The shared state.
pub struct Board {
    index: RwLock<Index>,
    /// Names of keys.
    pub names: Names,
    orders: Kept<ListKey, Vec<u32>>,
    articles: Kept<i64, Article>,
    /// What searches found.
    pub searches: Searches,
    ordering: Mutex<()>,
    followed: Mutex<Followed>,
    taken_in: AtomicUsize,
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
            names,
            orders: Kept::new(ORDERS),
            articles: Kept::new(ARTICLES),
            searches: Searches::default(),
            ordering: Mutex::new(()),
            followed: Mutex::default(),
            taken_in: AtomicUsize::new(0),
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

    /// The state of the index.
    pub fn state(&self) -> State {
        (self.changes.load(Ordering::Acquire), self.generation.load(Ordering::Acquire))
    }

    /// The index; refused until it is whole.
    pub fn index(&self) -> Result<RwLockReadGuard<'_, Index>> {
        if !self.is_ready() {
            return Err(Problem::busy("the server is still taking in the ledger; ask again in a moment"));
        }
        Ok(self.read())
    }

    /// Documents taken in, whether all are or not.
    pub fn taken_in(&self) -> usize {
        self.taken_in.load(Ordering::Relaxed)
    }

    /// Takes in what the ledger holds beyond what is known. Readings that were replaced make everything be taken in anew.
    /// Returns whether anything changed.
    pub fn catch_up(&self, ledger: &mut Ledger, stop: &AtomicBool) -> Result<bool> {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
        let tide = ledger.tide()?;
        let known = self.read().tide;
        if self.is_ready() && tide.replaced == known.replaced {
            // documents that came, that wait no longer, that were seen elsewhere, that were decided about
            let here = Pen { index: &self.index, asked: true };
            let mut moved = take_in(&here, &self.names, ledger, known.last, &self.taken_in, stop)?;
            // each document that came up to the tide brought one sight of it
            if tide.sightings - known.sightings > moved.range(..=tide.last).count() as i64 {
                let again = ledger.sighted_since(followed.looked - CLOCKS)?;
                self.articles.forget(&again);
                for some in again.chunks(BATCH) {
                    let records = ledger.numbered(some)?;
                    here.write(&records, |index, (number, record)| index.sight(*number, record, &self.names));
                }
                moved.extend(again);
            }
            followed.waiting.append(&mut moved);
            let decided = decided(&mut followed.decisions, ledger)?;
            followed.waiting.extend(decided);
            let untraced = untraced(ledger)?;
            let ready: Vec<i64> = followed.waiting.difference(&untraced).copied().collect();
            followed.waiting.extend(untraced);
            self.index.write().unwrap_or_else(PoisonError::into_inner).tide = tide;
            followed.looked = now;
            if tide == known && ready.is_empty() && followed.stale.is_empty() {
                return Ok(false);
            }
            self.place(&here, ledger, &ready, &mut followed)?;
            let (changes, generation) = self.state();
            self.searches.again((changes + 1, generation), ledger, |found| self.keep_known(found));
        } else {
            // built aside, so that questions are answered from the earlier state meanwhile
            let index = RwLock::new(Index::default());
            let aside = Pen { index: &index, asked: false };
            let mut fresh = Followed { looked: now, ..Followed::default() };
            self.taken_in.store(0, Ordering::Relaxed);
            take_in(&aside, &self.names, ledger, 0, &self.taken_in, stop)?;
            fresh.waiting = untraced(ledger)?;
            decided(&mut fresh.decisions, ledger)?;
            place_all(&aside, &self.names, ledger, stop)?;
            if stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let mut index = index.into_inner().unwrap_or_else(PoisonError::into_inner);
            index.tide = tide;
            let mut here = self.index.write().unwrap_or_else(PoisonError::into_inner);
            *here = index;
            *followed = fresh;
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

    /// Puts documents, and all that they are in or were in, in their places across articles, for about [`PLACING`]. What
    /// is left, or fails on the way, is tried again with the next look.
    fn place(&self, here: &Pen<'_>, ledger: &mut Ledger, ready: &[i64], followed: &mut Followed) -> Result<()> {
        let begun = Instant::now();
        let mut fresh = BTreeSet::new();
        for some in ready.chunks(BATCH) {
            let touched = place_in_families(here, &self.names, ledger, some)?;
            followed.stale.extend(&touched);
            fresh.extend(touched);
            for document in some {
                followed.waiting.remove(document);
            }
            if begun.elapsed() > PLACING {
                break;
            }
        }
        // those of this look before those that wait already, and of each the latest first
        let earlier = followed.stale.iter().rev().filter(|happening| !fresh.contains(happening));
        let turns: Vec<u64> = fresh.iter().rev().chain(earlier).copied().collect();
        let mut look = Look::new(ledger);
        for some in turns.chunks(TOGETHER) {
            summarise(here, &mut look, some.to_vec())?;
            for happening in some {
                followed.stale.remove(happening);
            }
            if begun.elapsed() > PLACING {
                break;
            }
        }
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
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

    /// The documents that a search found, the best first, as far as the index has them.
    pub fn ranked(&self, ledger: &mut Ledger, text: &str, search: &Search) -> Result<Arc<Ranked>> {
        Ok(self.searches.ranked(self.state(), text, search, ledger, |found| self.keep_known(found))?)
    }

    fn keep_known(&self, found: &mut Vec<(i64, f64)>) {
        let index = self.read();
        found.retain(|d| index.doc_numbered(d.0).is_some());
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

/// Adds the documents above a number to an index; their numbers.
fn take_in(
    index: &Pen<'_>,
    names: &Names,
    ledger: &mut Ledger,
    after: i64,
    taken_in: &AtomicUsize,
    stop: &AtomicBool,
) -> Result<BTreeSet<i64>> {
    let mut all = BTreeSet::new();
    let mut after = after;
    while !stop.load(Ordering::Relaxed) {
        let numbers = ledger.numbers_after(after, BATCH)?;
        let Some(last) = numbers.last().copied() else { break };
        let records = ledger.numbered(&numbers)?;
        let ready: Vec<(i64, Taken)> = records.into_iter().map(|(n, r)| (n, Taken::new(r, names))).collect();
        index.write(ready, |index, (number, taken)| {
            index.add(number, taken, names);
            taken_in.store(index.docs.len(), Ordering::Relaxed);
        });
        all.extend(numbers);
        after = last;
    }
    Ok(all)
}

/// Documents that wait to be traced.
fn untraced(ledger: &mut Ledger) -> Result<BTreeSet<i64>> {
    let mut all = BTreeSet::new();
    loop {
        let some = ledger.untraced(all.last().copied().unwrap_or(0), 4096)?;
        if some.is_empty() {
            return Ok(all);
        }
        all.extend(some);
    }
}

/// Documents about whose claims the user decided something since.
fn decided(known: &mut Vec<Decision>, ledger: &mut Ledger) -> Result<Vec<i64>> {
    let now = Look::new(ledger).decisions()?;
    let before = std::mem::replace(known, now);
    let differ = known.iter().filter(|d| !before.contains(d)).chain(before.iter().filter(|d| !known.contains(d)));
    let ids: BTreeSet<&str> = differ.flat_map(|d| [d.a.document.as_str(), d.b.document.as_str()]).collect();
    let mut out = Vec::new();
    for id in ids {
        out.extend(ledger.number_called(id)?);
    }
    Ok(out)
}

/// Puts everything of an index in its place across articles.
fn place_all(index: &Pen<'_>, names: &Names, ledger: &mut Ledger, stop: &AtomicBool) -> Result<()> {
    let mut at = None;
    loop {
        let mut look = Look::new(ledger);
        let (some, next) = look.families(at, BATCH)?;
        index.write(some, |index, (family, stories)| drop(index.stories_of(family, stories, names)));
        at = next;
        if at.is_none() || stop.load(Ordering::Relaxed) {
            break;
        }
    }
    let mut at = None;
    while !stop.load(Ordering::Relaxed) {
        let mut look = Look::new(ledger);
        let numbers = look.happenings(at, BATCH)?;
        let Some(last) = numbers.last().copied() else { break };
        summarise(index, &mut look, numbers)?;
        at = Some(last);
    }
    Ok(())
}

/// Puts documents in their families of near-copies; the happenings that they, and those who left or joined them, are in.
fn place_in_families(index: &Pen<'_>, names: &Names, ledger: &mut Ledger, documents: &[i64]) -> Result<BTreeSet<u64>> {
    let mut look = Look::new(ledger);
    let places = look.places(documents)?;
    let mut happenings = places.happenings;
    let mut families = Vec::with_capacity(places.families.len());
    for family in places.families {
        families.push((family, look.stories(family)?));
    }
    index.write(families, |index, (family, stories)| {
        // who is a copy of whom changes what rests on whom
        for doc in index.stories_of(family, stories, names) {
            happenings.extend(index.happenings_of(doc));
        }
    });
    let index = index.read();
    for doc in documents.iter().filter_map(|n| index.doc_numbered(*n)) {
        happenings.extend(index.happenings_of(doc));
    }
    Ok(happenings)
}

/// Takes over what is known of happenings now. They are made ready without a lock.
fn summarise(index: &Pen<'_>, look: &mut Look<'_>, numbers: Vec<u64>) -> Result<()> {
    let mut ready = Vec::with_capacity(numbers.len());
    for n in numbers {
        ready.push((n, look.happening(n)?.map(|g| Summary::of(&g, document_of))));
    }
    index.write(ready, |index, (n, summary)| index.trace(n, summary));
    Ok(())
}
