//! Questions across articles, and the user's word on them.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Cache, Filter, Ledger, Page, Paging, Record, Shown, Writer};
use model::{Entity, EventType};
use trace::Tracer;
use trace::change::{Change, Version, changes};
use trace::claim::ClaimRef;
use trace::happenings::Gathered;
use trace::outlets::{Counts, Profile};
use trace::output::{self, HappeningLine};
use trace::stories::{self, Copy};
use trace::transfers::{self, Transfer};
use trace::{chain, contradictions};

use crate::error::{Result, TracedError};
use crate::outlets::OutletNames;
use crate::rows::{ContradictionLine, StoryLine};
use crate::shelf::{OUTLETS, OnShelf};

/// Numbers of one page of a filter.
const PAGE: usize = 4096;

/// A ledger to be asked across articles.
pub struct Traced {
    ledger: Ledger,
    cache: Cache,
}

/// What a copy changed against the earliest text of its story.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Changed {
    /// The copy.
    #[serde(flatten)]
    pub copy: Copy,
    /// Its changes, in order; none where it is the same.
    pub changes: Vec<Change>,
}

fn after(paging: &Paging, kind: char) -> Result<Option<u64>> {
    let Some(cursor) = &paging.cursor else { return Ok(None) };
    let number = cursor.strip_prefix(kind).and_then(|n| u64::from_str_radix(n, 16).ok());
    number.map(Some).ok_or_else(|| {
        TracedError::Question(format!(
            "{cursor:?} is no cursor of this question\n  give the one that the page before ended with, and the same filters"
        ))
    })
}

fn asks_nothing(filter: &Filter) -> bool {
    !filter.narrows_events()
        && filter.origins.is_empty()
        && filter.vias.is_empty()
        && filter.stances.is_empty()
        && filter.outlets.is_empty()
        && filter.document.is_none()
        && filter.from.is_none()
        && filter.to.is_none()
}

impl Traced {
    /// Over an open ledger.
    pub fn new(ledger: Ledger) -> Self {
        Self { ledger, cache: Cache::default() }
    }

    /// The ledger.
    pub fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    fn ask<T>(&mut self, question: impl FnOnce(&Tracer<OnShelf<'_, '_>>) -> Result<T>) -> Result<T> {
        let mut shelf = self.ledger.shelf(&mut self.cache);
        question(&Tracer::new(OnShelf(&mut shelf)))
    }

    /// Happenings with a claim that the filter lets through, by number; memory grows with their number (8 bytes each).
    fn filtered(&mut self, filter: &Filter, notes: &mut Vec<String>) -> Result<BTreeSet<u64>> {
        let mut out = BTreeSet::new();
        let mut at = None;
        loop {
            let (events, told) = self.ledger.event_numbers(filter, at, PAGE)?;
            if at.is_none() {
                notes.extend(told);
            }
            let Some(&last) = events.last() else { return Ok(out) };
            at = Some(last);
            self.ask(|t| {
                for (document, index) in events {
                    out.extend(t.happening_of((document as u64) << OUTLETS, index as usize)?);
                }
                Ok(())
            })?;
        }
    }

    /// What `make` makes of happenings, page by page, those of which it makes something.
    fn each<T>(
        &mut self,
        filter: &Filter,
        paging: &Paging,
        wanted: &mut Option<BTreeSet<u64>>,
        make: impl Fn(&Gathered) -> Option<T>,
    ) -> Result<Page<T>> {
        let mut notes = Vec::new();
        let all = asks_nothing(filter);
        if !all && wanted.is_none() {
            *wanted = Some(self.filtered(filter, &mut notes)?);
        }
        let mut at = after(paging, 'h')?;
        let limit = paging.limit.max(1);
        let mut rows = Vec::new();
        loop {
            let numbers: Vec<u64> = match wanted {
                None => self.ask(|t| Ok(t.happenings(at, 256)?))?,
                Some(set) => set.range(at.map_or(0, |a| a + 1)..).take(256).copied().collect(),
            };
            if numbers.is_empty() {
                return Ok(Page { rows, next: None, notes });
            }
            for n in numbers {
                if rows.len() == limit {
                    return Ok(Page { rows, next: at.map(|a| format!("h{a:x}")), notes });
                }
                at = Some(n);
                let gathered = self.ask(|t| Ok(t.gathered(n)?))?;
                rows.extend(gathered.as_ref().and_then(&make));
            }
        }
    }

    /// Happenings with at least `outlets` outlets and a claim that the filter lets through, in the order of their first
    /// claims. `wanted` keeps what the filter found from page to page.
    pub fn happenings(
        &mut self,
        filter: &Filter,
        outlets: usize,
        paging: &Paging,
        wanted: &mut Option<BTreeSet<u64>>,
    ) -> Result<Page<HappeningLine>> {
        self.each(filter, paging, wanted, |g| Some(output::happening(g, false)).filter(|h| h.outlets >= outlets))
    }

    /// Happenings whose tellings differ.
    pub fn contradictions(
        &mut self,
        filter: &Filter,
        paging: &Paging,
        wanted: &mut Option<BTreeSet<u64>>,
    ) -> Result<Page<ContradictionLine>> {
        self.each(filter, paging, wanted, |g| Some(contradiction(g)).filter(|c| !c.contradictions.is_empty()))
    }

    /// The register: one row for one delivery.
    pub fn transfers(
        &mut self,
        filter: &Filter,
        paging: &Paging,
        wanted: &mut Option<BTreeSet<u64>>,
    ) -> Result<Page<Transfer>> {
        let filter = Filter { types: vec![EventType::Aid], with_things: true, ..filter.clone() };
        self.each(&filter, paging, wanted, transfers::transfer)
    }

    /// Stories with a document that the filter lets through.
    pub fn stories(
        &mut self,
        filter: &Filter,
        paging: &Paging,
        wanted: &mut Option<BTreeSet<u64>>,
    ) -> Result<Page<StoryLine>> {
        let mut notes = Vec::new();
        if !asks_nothing(filter) && wanted.is_none() {
            let mut set = BTreeSet::new();
            let mut at = 0;
            loop {
                let (numbers, told) = self.ledger.document_numbers(filter, at, PAGE)?;
                if at == 0 {
                    notes = told;
                }
                let Some(&last) = numbers.last() else { break };
                at = last;
                self.ask(|t| {
                    for n in numbers {
                        set.extend(t.story_of((n as u64) << OUTLETS)?);
                    }
                    Ok(())
                })?;
            }
            *wanted = Some(set);
        }
        // a family may be several stories: the cursor names the family and how many of its stories were given
        let (mut at, mut given) = match paging.cursor.as_deref().and_then(|c| c.split_once('-')) {
            Some((head, n)) => {
                let paging = Paging { cursor: Some(head.into()), ..paging.clone() };
                (after(&paging, 'c')?, n.parse().unwrap_or(0))
            }
            None => (after(paging, 'c')?, 0),
        };
        let limit = paging.limit.max(1);
        let mut rows: Vec<StoryLine> = Vec::new();
        loop {
            // a family of which some stories are still to come is looked up again
            let from = if given > 0 { at.map(|a| a - 1) } else { at };
            let (found, next) = match wanted {
                None => self.ask(|t| Ok(stories::stories(t.store(), from, 1)?))?,
                Some(set) => {
                    let Some(&n) = set.range(from.map_or(0, |a| a + 1)..).next() else {
                        return Ok(Page { rows, next: None, notes });
                    };
                    (self.ask(|t| Ok(stories::stories_of(t.store(), n)?))?, Some(n))
                }
            };
            let Some(family) = next else { return Ok(Page { rows, next: None, notes }) };
            let of_family = found.len();
            for story in found.into_iter().skip(given) {
                if rows.len() == limit {
                    let next =
                        if given > 0 { format!("c{family:x}-{given}") } else { format!("c{:x}", at.unwrap_or(0)) };
                    return Ok(Page { rows, next: Some(next), notes });
                }
                rows.push(story.into());
                given += 1;
            }
            debug_assert!(given == of_family);
            (at, given) = (Some(family), 0);
        }
    }

    /// The story with this id, or of this document, and what each copy changed against the first.
    pub fn changes(&mut self, name: &str) -> Result<Option<(StoryLine, Vec<Changed>)>> {
        let mut family = self.ask(|t| Ok(stories::find(t.store(), name)?))?;
        let mut document = None;
        if family.is_none()
            && let Some(n) = self.ledger.number_called(name)?
        {
            family = self.ask(|t| Ok(t.story_of((n as u64) << OUTLETS)?))?;
            document = self.ledger.numbered(&[n])?.pop().map(|r| r.1.document.id.to_string());
        }
        let Some(family) = family else { return Ok(None) };
        let all = self.ask(|t| Ok(stories::stories_of(t.store(), family)?))?;
        let of = |s: &stories::Story| match &document {
            Some(d) => s.documents.iter().any(|c| c.id == *d),
            None => s.id == name,
        };
        let Some(story) = all.iter().find(|s| of(s)).or(all.first()).cloned() else { return Ok(None) };
        let mut records: BTreeMap<String, Record> = BTreeMap::new();
        for copy in &story.documents {
            if !records.contains_key(&copy.id)
                && let Some(n) = self.ledger.number_called(&copy.id)?
                && let Some((_, record)) = self.ledger.numbered(&[n])?.pop()
            {
                records.insert(copy.id.clone(), record);
            }
        }
        let text = |id: &str| records.get(id).map(|r| (r.document.document.whole(), &r.reading.framing[..]));
        let mut out = Vec::new();
        if let Some((first, loaded)) = text(&story.first) {
            for copy in &story.documents[1..] {
                let Some((whole, framing)) = text(&copy.id) else { continue };
                let changes = changes(Version { text: &first, framing: loaded }, Version { text: &whole, framing });
                out.push(Changed { copy: copy.clone(), changes });
            }
        }
        Ok(Some((story.into(), out)))
    }

    /// The happening with this id or alias, that of a claim (`DOCUMENT/ev3`), or all of a document, in order.
    pub fn called(&mut self, name: &str) -> Result<Vec<Gathered>> {
        if let Some(g) = self.ask(|t| Ok(t.happening(name)?))? {
            return Ok(vec![g]);
        }
        let (document, event) = match name.rsplit_once('/') {
            Some((document, event)) if self.ledger.number_called(document)?.is_some() => (document, Some(event)),
            _ => (name, None),
        };
        let Some(n) = self.ledger.number_called(document)? else { return Ok(Vec::new()) };
        let Some((_, record)) = self.ledger.numbered(&[n])?.pop() else { return Ok(Vec::new()) };
        let events = record.reading.events.iter().enumerate();
        let wanted: Vec<usize> = events.filter(|(_, e)| event.is_none_or(|x| e.id == x)).map(|(i, _)| i).collect();
        self.ask(|t| {
            let mut seen = BTreeSet::new();
            let mut out = Vec::new();
            for i in wanted {
                if let Some(h) = t.happening_of((n as u64) << OUTLETS, i)?
                    && seen.insert(h)
                {
                    out.extend(t.gathered(h)?);
                }
            }
            Ok(out)
        })
    }

    /// The claim that `DOCUMENT/ev3` names.
    pub fn claim(&mut self, name: &str) -> Result<Option<ClaimRef>> {
        Ok(match self.ledger.show(name)? {
            Some(Shown::Event(e)) => Some(ClaimRef { document: e.document.id.to_string(), trigger: e.trigger.span }),
            _ => None,
        })
    }

    /// Figures of outlets over the documents that the filter lets through: all of them are read.
    pub fn outlets(
        &mut self,
        filter: &Filter,
        names: &OutletNames<'_>,
        own: impl Fn(&Entity, &str) -> bool,
    ) -> Result<Vec<Profile>> {
        let mut counts = Counts::default();
        let by_name = |outlet: &Option<String>| {
            let given = outlet.as_deref()?;
            let key = names.key(given);
            Some(key.as_deref().and_then(|k| k.strip_prefix("outlet:")).unwrap_or(given).to_owned())
        };
        for record in self.ledger.records(filter.clone()) {
            let Record { document: stored, reading, .. } = record?;
            let mut seen = BTreeSet::new();
            let first = (&stored.document.outlet, &stored.document.published);
            let places = std::iter::once(first).chain(stored.sightings.iter().map(|s| (&s.outlet, &s.published)));
            for (outlet, published) in places {
                if let Some(outlet) = by_name(outlet)
                    && seen.insert(outlet.clone())
                {
                    let there = model::Document {
                        outlet: Some(outlet),
                        published: published.clone(),
                        ..stored.document.clone()
                    };
                    counts.add(&there, &reading, &own);
                }
            }
        }
        let mut wanted = None;
        let mut paging = Paging { limit: 1000, cursor: None };
        loop {
            let page = self.stories(filter, &paging, &mut wanted)?;
            for line in page.rows {
                let mut documents = line.documents;
                for d in &mut documents {
                    d.outlet = by_name(&d.outlet);
                }
                counts.add_story(&stories::Story { id: line.id, documents, first: line.first });
            }
            match page.next {
                Some(next) => paging.cursor = Some(next),
                None => break,
            }
        }
        Ok(counts.profiles())
    }
}

fn contradiction(g: &Gathered) -> ContradictionLine {
    ContradictionLine::new(contradictions::contradictions(g), output::kind(g), chain::graph(g).first)
}

/// Joins two happenings for good; the id that stays is given back.
pub fn join(writer: &mut Writer, a: &str, b: &str) -> Result<String> {
    writer.shelve(&[], |shelf| Ok(Tracer::new(OnShelf(shelf)).join(a, b)?))
}

/// Splits a claim off its happening for good; the id of its own happening is given back.
pub fn split(writer: &mut Writer, claim: &ClaimRef) -> Result<String> {
    writer.shelve(&[], |shelf| Ok(Tracer::new(OnShelf(shelf)).split(claim)?))
}
