//! What all handlers share.

use std::sync::Arc;
use std::time::Duration;

use ledger::Version;
use tokio::sync::Semaphore;

use crate::adding::Adding;
use crate::board::{Board, ListKey, State, What};
use crate::desk::{Desk, Pool};
use crate::flights::Flights;
use crate::index::{Index, NONE};
use crate::kept::Kept;
use crate::metrics::Metrics;
use crate::names::fold;
use crate::problem::{Problem, Result};
use crate::query::{Filter, Query};
use crate::settings::Tokens;
use crate::show::{Look, actors::is_actor};

/// Most documents that a full-text filter lets through.
const FOUND: usize = 200_000;

/// A body that was answered before.
pub struct Kind {
    /// Its media type.
    pub media: axum::http::HeaderValue,
    /// It.
    pub body: bytes::Bytes,
}

/// Shared by all requests.
pub struct App {
    /// Index and trace.
    pub board: Arc<Board>,
    /// Threads that ask.
    pub pool: Pool,
    /// Reads and adds.
    pub adding: Adding,
    /// Documents that may be added or read at once.
    pub adders: Arc<Semaphore>,
    /// Exports that may run at once.
    pub exports: Arc<Semaphore>,
    /// Where exports read.
    pub location: ledger::Location,
    /// Name of the ledger for display.
    pub ledger_name: String,
    /// What reads.
    pub version: Version,
    /// Whether the ledger is the demonstration.
    pub demo: bool,
    /// Who may ask.
    pub tokens: Option<Tokens>,
    /// Whether only this machine can reach it.
    pub loopback: bool,
    /// What is counted.
    pub metrics: Metrics,
    /// Bodies answered before, by state and address.
    pub answers: Kept<(State, String), Kind>,
    /// Questions whose answers are being made.
    pub asked: Flights<(State, String)>,
    /// Most time for a request with a body.
    pub patience: Duration,
}

/// Handlers hold it like this.
pub type Shared = Arc<App>;

/// Which page of a list.
#[derive(Clone, Debug)]
pub struct PageOf {
    limit: usize,
    skip: usize,
    cursor: Option<Cursor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    state: State,
    offset: usize,
    last: u32,
}

impl Cursor {
    fn write(self) -> String {
        format!("{:x}.{:x}.{:x}.{:x}", self.state.0, self.state.1, self.offset, self.last)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let mut next = || u64::from_str_radix(parts.next()?, 16).ok();
        let (a, b, offset, last) = (next()?, next()?, next()?, next()?);
        Some(Self { state: (a, b), offset: usize::try_from(offset).ok()?, last: u32::try_from(last).ok()? })
    }
}

impl PageOf {
    /// Takes the page out of a query.
    pub fn read(query: &Query) -> Result<Self> {
        let cursor = match query.one("cursor")? {
            None => None,
            Some(c) => Some(
                Cursor::read(c)
                    .ok_or_else(|| Problem::parameter("cursor", "is none that a page ended with; begin without it"))?,
            ),
        };
        Ok(Self {
            limit: query.number("limit", 1..=500)?.unwrap_or(100),
            skip: query.number("skip", 0..=100_000_000)?.unwrap_or(0),
            cursor,
        })
    }
}

/// What is asked of a list.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Over what.
    pub what: What,
    /// Which.
    pub filter: Filter,
    /// In which order; only happenings have several.
    pub sort: String,
}

impl Asked {
    /// A list in its usual order.
    pub fn of(what: What, filter: Filter) -> Self {
        Self { what, filter, sort: "recent".into() }
    }

    /// What is asked of claims.
    fn of_claims(&self) -> Filter {
        match self.what {
            What::Actors | What::Outlets => self.filter.without_words(),
            _ => self.filter.clone(),
        }
    }

    fn key(&self, state: State) -> ListKey {
        ListKey { what: self.what, asked: format!("{:?}|{}", self.filter, self.sort), state }
    }
}

impl App {
    /// Documents that hold the words of a filter, by number.
    fn found(desk: &mut Desk, filter: &Filter) -> Result<Option<Vec<i64>>> {
        let Some(q) = &filter.q else { return Ok(None) };
        let search = crate::api::search_of(q, desk)?;
        let found = desk.ledger.ranked(&search, FOUND)?;
        Ok(Some(found.into_iter().map(|f| f.0).collect()))
    }

    /// The whole order of a list, and of the claims that count where a filter narrows actors or outlets.
    pub fn order<T>(
        &self,
        desk: &mut Desk,
        asked: &Asked,
        then: impl FnOnce(Look<'_>, &Arc<Vec<u32>>, Option<&Arc<Vec<u32>>>) -> Result<T>,
    ) -> Result<T> {
        let words = asked.of_claims();
        let state = self.board.state();
        let counts = matches!(asked.what, What::Actors | What::Outlets) && !words.is_empty();
        let claims = counts.then(|| Asked::of(What::Claims, words.clone()));
        let made = self.board.order_made(&asked.key(state));
        let claims_made = claims.as_ref().and_then(|c| self.board.order_made(&c.key(state)));
        // words are looked for only where a list is not made yet
        let whole = made.is_some() && claims_made.is_some() == counts;
        let found = if whole { None } else { Self::found(desk, &words)? };
        let index = self.board.index()?;
        let marked = || {
            found.as_ref().map(|numbers| {
                let mut set = vec![false; index.docs.len()];
                for d in numbers.iter().filter_map(|n| index.doc_numbered(*n)) {
                    set[d as usize] = true;
                }
                set
            })
        };
        let counted = claims.map(|claims| {
            let make = || make(&index, &claims, &words, marked(), None);
            claims_made.unwrap_or_else(|| self.board.order(&claims.key(state), make))
        });
        let order = made.unwrap_or_else(|| {
            let make = || make(&index, asked, &words, marked(), counted.as_ref().map(|c| c.as_slice()));
            self.board.order(&asked.key(state), make)
        });
        let look = Look { board: &self.board, index: &index, ledger: &mut desk.ledger };
        then(look, &order, counted.as_ref())
    }

    /// A page of a list, shown.
    pub fn page<T>(
        &self,
        desk: &mut Desk,
        asked: &Asked,
        page: &PageOf,
        show: impl FnOnce(&mut Look<'_>, &[u32], Option<&[u32]>) -> Result<Vec<T>>,
    ) -> Result<crate::types::List<T>> {
        let state = self.board.state();
        let earlier = page.cursor.and_then(|c| {
            let of = self.board.order_made(&asked.key(c.state))?;
            Some((c, of))
        });
        self.order(desk, asked, |mut look, order, counted| {
            let (order, state, begin) = match (page.cursor, &earlier) {
                (None, _) => (order, state, 0),
                (Some(c), Some((_, made))) => (made, c.state, c.offset),
                (Some(c), None) if c.state.1 == state.1 => {
                    // the order that the walk began with is forgotten: go on behind the row that came last
                    let at = order.iter().position(|r| *r == c.last);
                    let at = at.ok_or_else(gone)?;
                    (order, state, at + 1)
                }
                (Some(_), None) => return Err(gone()),
            };
            let begin = begin.saturating_add(page.skip).min(order.len());
            let end = begin.saturating_add(page.limit).min(order.len());
            let rows = &order[begin..end];
            let next = (end < order.len()).then(|| rows.last()).flatten();
            let next = next.map(|last| Cursor { state, offset: end, last: *last }.write());
            let items = show(&mut look, rows, counted.map(|c| c.as_slice()))?;
            Ok(crate::types::List { items, next, total: Some(order.len() as u64), revision: self.board.revision() })
        })
    }
}

fn gone() -> Problem {
    Problem::parameter("cursor", "the list that it belongs to is no more; begin again without it")
}

/// Makes an order.
fn make(index: &Index, asked: &Asked, words: &Filter, found: Option<Vec<bool>>, counted: Option<&[u32]>) -> Vec<u32> {
    let all = words.is_empty();
    let matcher = words.over(index, found);
    let docs = || index.by_time.iter().copied();
    let reverse = |h: &u32| {
        let h = index.happenings[*h as usize].as_ref();
        (std::cmp::Reverse(h.and_then(|h| h.last)), h.map(|h| h.id.as_str()))
    };
    match asked.what {
        What::Documents => docs().filter(|d| all || matcher.document(index, *d)).collect(),
        What::Claims => docs()
            .flat_map(|d| index.docs[d as usize].claims.clone())
            .filter(|c| all || matcher.claim(index, *c))
            .collect(),
        What::Statements => docs()
            .flat_map(|d| index.docs[d as usize].statements.clone())
            .filter(|s| all || matcher.statement(index, *s))
            .collect(),
        What::Happenings | What::Transfers => {
            let transfers = asked.what == What::Transfers;
            let mut out: Vec<u32> = (0..index.happenings.len() as u32)
                .filter(|h| {
                    let here = index.happenings[*h as usize].as_ref();
                    here.is_some_and(|x| !transfers || x.transfer.is_some()) && (all || matcher.happening(index, *h))
                })
                .collect();
            let number = |h: &u32| {
                let h = index.happenings[*h as usize].as_ref();
                std::cmp::Reverse(h.map_or(0, |h| match asked.sort.as_str() {
                    "origins" => h.roots.len() as u32,
                    "outlets" => h.outlets,
                    "disputed" => h.contradictions,
                    _ => 0,
                }))
            };
            out.sort_by_cached_key(|h| (number(h), reverse(h)));
            out
        }
        What::Stories => {
            let latest = |s: &u32| {
                let s = index.stories[*s as usize].as_ref();
                s.and_then(|s| s.copies.iter().filter_map(|c| index.docs[c.doc as usize].at).max())
            };
            let mut out: Vec<u32> = (0..index.stories.len() as u32)
                .filter(|s| index.stories[*s as usize].is_some() && (all || matcher.story(index, *s)))
                .collect();
            out.sort_by_key(|s| (std::cmp::Reverse(latest(s)), *s));
            out
        }
        What::Actors | What::Outlets => {
            let actors = asked.what == What::Actors;
            let len = if actors { index.entities.len() } else { index.outlets.len() };
            let name = asked.filter.q.as_deref().map(fold);
            let called = |row: u32| {
                let Some(wanted) = &name else { return true };
                let names = if actors { &index.entities[row as usize].name } else { &index.outlets[row as usize].name };
                [&names.ar, &names.en].into_iter().flatten().any(|n| fold(n).contains(wanted.as_str()))
            };
            let by_alias: Vec<u32> = match asked.filter.q.as_deref() {
                Some(q) if actors => index.called(q),
                _ => Vec::new(),
            };
            let mut weights: Vec<u32> = vec![0; len];
            match counted {
                None if actors => weights.iter_mut().zip(&index.entities).for_each(|(w, e)| *w = e.documents),
                None => weights.iter_mut().zip(&index.outlets).for_each(|(w, o)| *w = o.documents as u32),
                Some(claims) => {
                    // claims come document after document: each counts once for whom it names
                    let mut last: Vec<u32> = vec![NONE; len];
                    let mut count = |row: u32, doc: u32| {
                        if std::mem::replace(&mut last[row as usize], doc) != doc {
                            weights[row as usize] += 1;
                        }
                    };
                    for c in claims {
                        let claim = &index.claims[*c as usize];
                        if actors {
                            claim.parties.iter().for_each(|p| count(p.1, claim.doc));
                        } else {
                            index.docs[claim.doc as usize].outlets.iter().for_each(|o| count(*o, claim.doc));
                        }
                    }
                }
            }
            let mut out: Vec<u32> = (0..len as u32)
                .filter(|r| weights[*r as usize] > 0 && (!actors || is_actor(&index.entities[*r as usize])))
                .filter(|r| called(*r) || by_alias.contains(r))
                .collect();
            out.sort_by_key(|r| (std::cmp::Reverse(weights[*r as usize]), *r));
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went() {
        let c = Cursor { state: (7, 1), offset: 300, last: 12 };
        assert_eq!(Cursor::read(&c.write()), Some(c));
        for bad in ["", "1.2.3", "x.1.1.1", "1.1.1.ffffffffff", "1.1.1.1.1", "-1.1.1.1"] {
            assert_eq!(Cursor::read(bad), None, "{bad}");
        }
    }
}
