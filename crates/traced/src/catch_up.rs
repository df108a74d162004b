//! Tracing what the ledger holds and trace does not know yet.

use std::collections::HashSet;

use ledger::{Ledger, LedgerError, Record, Writer};
use model::Document;
use trace::Tracer;
use trace::claim::Article;

use crate::error::{Result, TracedError};
use crate::outlets::OutletNames;
use crate::shelf::{OUTLETS, OnShelf};

/// Documents of one transaction.
pub const BATCH: usize = 128;
/// Version of what is on the shelf: another one is made anew, with the user's decisions kept.
const VERSION: i64 = 4;

/// What catching up came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caught {
    /// Documents traced.
    pub documents: usize,
    /// Claims traced, once for each outlet that carried them.
    pub claims: usize,
    /// Happenings that nothing told of before.
    pub happenings: usize,
    /// Documents that were left out, with the reason.
    pub faults: Vec<String>,
}

/// Traces all that waits; `told` hears how many documents are done after each batch.
pub fn catch_up(writer: &mut Writer, names: &OutletNames<'_>, mut told: impl FnMut(usize)) -> Result<Caught> {
    let mut all = Caught::default();
    loop {
        let some = catch_up_some(writer, names)?;
        if some.documents == 0 && some.faults.is_empty() {
            return Ok(all);
        }
        all.documents += some.documents;
        all.claims += some.claims;
        all.happenings += some.happenings;
        all.faults.extend(some.faults);
        told(all.documents);
    }
}

/// Traces one batch of what waits; nothing where nothing waits.
pub fn catch_up_some(writer: &mut Writer, names: &OutletNames<'_>) -> Result<Caught> {
    if writer.ledger().shelf_version()? != Some(VERSION) {
        rebuild(writer)?;
    }
    let mut caught = Caught::default();
    let numbers = writer.ledger().untraced(0, BATCH)?;
    if numbers.is_empty() {
        return Ok(caught);
    }
    let records = match writer.ledger().numbered(&numbers) {
        Err(LedgerError::Damaged { .. }) => {
            // the sound ones one by one
            let mut sound = Vec::new();
            for n in &numbers {
                match writer.ledger().numbered(&[*n]) {
                    Ok(records) => sound.extend(records),
                    Err(e @ LedgerError::Damaged { .. }) => caught.faults.push(e.to_string()),
                    Err(e) => return Err(e.into()),
                }
            }
            sound
        }
        other => other?,
    };
    writer.shelve(&numbers, |shelf| -> Result<()> {
        let mut tracer = Tracer::new(OnShelf(shelf));
        for (number, record) in &records {
            for (i, document) in carried(record, names).enumerate() {
                let key = document.outlet.as_deref().and_then(|o| names.key(o));
                let (id, source_id) = (record.document.id.to_string(), document.id.clone());
                let document = Document { id, ..document };
                let added = tracer.add(Article {
                    number: ((*number as u64) << OUTLETS) | i as u64,
                    document: &document,
                    source_id: Some(&source_id),
                    reading: &record.reading,
                    outlet_key: key.as_deref(),
                })?;
                caught.claims += added.claims;
                caught.happenings += added.new;
            }
        }
        Ok(tracer.into_store().settle(&numbers)?)
    })?;
    caught.documents = records.len();
    Ok(caught)
}

/// The document once for each outlet that carried it, with the id and date that it had there: the first to come first, the
/// others by date, whenever they came.
fn carried<'a>(record: &'a Record, names: &'a OutletNames<'_>) -> impl Iterator<Item = Document> + 'a {
    let first = &record.document.document;
    let name = move |outlet: &str| names.key(outlet).unwrap_or_else(|| outlet.to_owned());
    let mut seen: HashSet<String> = first.outlet.as_deref().map(name).into_iter().collect();
    let mut elsewhere: Vec<_> = record.document.sightings.iter().collect();
    elsewhere.sort_by_key(|s| (s.published.is_none(), &s.published, &s.outlet, &s.source_id));
    let copies = elsewhere.into_iter().filter_map(move |s| {
        let outlet = s.outlet.as_deref()?;
        // where the first place names no outlet, nothing tells that another place is another outlet
        (first.outlet.is_some() && seen.insert(name(outlet))).then(|| Document {
            id: s.source_id.clone(),
            outlet: s.outlet.clone(),
            published: s.published.clone(),
            url: s.url.clone(),
            ..first.clone()
        })
    });
    std::iter::once(first.clone()).chain(copies).take(1 << OUTLETS)
}

/// Forgets all that is known across articles but what the user decided, and lets all documents wait.
pub fn rebuild(writer: &mut Writer) -> Result<()> {
    let mut cache = ledger::Cache::default();
    let decided = Tracer::new(OnShelf(&mut writer.ledger().shelf(&mut cache))).decisions()?;
    writer.clear_shelf(VERSION, |shelf| Tracer::new(OnShelf(shelf)).import(&decided).map_err(TracedError::from))
}

/// How many documents wait to be traced; all of them where the shelf is of another version.
pub fn waiting(ledger: &mut Ledger) -> Result<i64> {
    Ok(if ledger.shelf_version()? == Some(VERSION) { ledger.count_untraced()? } else { ledger.counts()?.documents })
}
