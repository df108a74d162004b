//! Claims in the forms their users work with: PLOVER JSON Lines, CSV, Parquet, `GeoJSON`, JSON-LD with PROV-O, `GraphML`.
//!
//! An [`Export`] takes articles with their readings one after the other and writes as it goes, in memory that does not
//! grow with the number of documents (`GraphML` keeps 16 bytes a node). It touches no file: the caller gives a writer for
//! each part and gets the [`Manifest`] back.
//!
//! Every record is a claim: what somebody said, through whom. What the text does not state is null or empty.
//!
//! ```
//! use export::{Export, Format, Record, Settings};
//! let document = model::Document { id: "a".into(), text: "نص".into(), ..Default::default() };
//! let reading = model::Reading { id: "a".into(), ..Default::default() };
//! let mut export = Export::new(Format::Plover, Settings::default(), vec![Vec::new()])?;
//! export.add(Record { document: &document, reading: &reading })?;
//! let (manifest, parts) = export.finish(&["claims.jsonl".into()])?;
//! assert_eq!(manifest.counts.documents, 1);
//! assert!(parts[0].is_empty());
//! # Ok::<(), export::ExportError>(())
//! ```

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod claim;
pub mod codes;
pub mod dates;
mod filter;
mod formats;
mod manifest;
pub mod mentions;
mod output;
pub mod slice;
pub mod table;

use std::collections::BTreeMap;
use std::io::{self, Write};

pub use claim::Record;
pub use filter::Filter;
pub use formats::{Format, Graph, Part};
pub use manifest::{Counts, FileEntry, FromLedger, MANIFEST_VERSION, Manifest, Provenance, ReadBy};

use claim::Article;
use formats::Layout;
use output::Hashed;

/// Why an export could not go on. What was written so far is incomplete and must not be used.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The writer failed.
    #[error("cannot be written: {0}")]
    Io(#[from] io::Error),
    /// A record could not be made text.
    #[error("a record cannot be written as JSON: {0}")]
    Json(serde_json::Error),
    /// A row could not be written.
    #[error("a row cannot be written as CSV: {0}")]
    Csv(csv::Error),
    /// Parquet's library failed.
    #[error("cannot be written as Parquet: {0}")]
    Parquet(String),
    /// Arrow's library failed.
    #[error("cannot be laid out as Arrow: {0}")]
    Arrow(String),
    /// The program was built without this format.
    #[error("this program was built without {0}: build it with `--features {0}`")]
    NotBuilt(&'static str),
    /// Not as many writers as the format has parts.
    #[error("{format} has {want} parts, {got} writers were given")]
    Parts {
        /// Name of the format.
        format: &'static str,
        /// Parts it has.
        want: usize,
        /// Writers given.
        got: usize,
    },
}

impl From<serde_json::Error> for ExportError {
    /// A fault of the writer is told as such.
    fn from(e: serde_json::Error) -> Self {
        if e.is_io() { Self::Io(e.into()) } else { Self::Json(e) }
    }
}

impl From<csv::Error> for ExportError {
    /// A fault of the writer is told as such.
    fn from(e: csv::Error) -> Self {
        if e.is_io_error() { Self::Io(e.into()) } else { Self::Csv(e) }
    }
}

/// How to export.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Which events.
    pub filter: Filter,
    /// Filters that the caller applies ([`Export::add_only`]), by name, to be told in the manifest.
    pub narrowed: BTreeMap<String, Vec<String>>,
    /// Which graph, for `GraphML`.
    pub graph: Graph,
    /// What the readings were made with.
    pub made_with: Provenance,
    /// When the export is made (RFC 3339), to be told in the manifest.
    pub created: Option<String>,
}

/// An export under way.
pub struct Export<W> {
    format: Format,
    settings: Settings,
    layout: Box<dyn Layout<Hashed<W>>>,
    counts: Counts,
    ledger: Option<FromLedger>,
}

impl<W: Write + Send + 'static> Export<W> {
    /// Begins an export; `writers` has one writer for each of `format.parts()`. Heads of files are written at once.
    pub fn new(format: Format, settings: Settings, writers: Vec<W>) -> Result<Self, ExportError> {
        let (want, got) = (format.parts().len(), writers.len());
        if want != got {
            return Err(ExportError::Parts { format: format.name(), want, got });
        }
        let layout = formats::open(format, &settings, writers.into_iter().map(Hashed::new).collect())?;
        Ok(Self { format, settings, layout, counts: Counts::default(), ledger: None })
    }

    /// Adds an article. Time is linear in its text and n log n in its mentions.
    pub fn add(&mut self, record: Record<'_>) -> Result<(), ExportError> {
        self.add_only(record, |_| true)
    }

    /// Adds of an article those events at whose places in the reading `wanted` holds; the others count as filtered out.
    pub fn add_only(&mut self, record: Record<'_>, wanted: impl Fn(usize) -> bool) -> Result<(), ExportError> {
        let whole = record.document.whole();
        let article = Article::new(record, &whole);
        self.counts.documents += 1;
        self.counts.documents_without_events += u64::from(article.events().is_empty());
        let mut claims = Vec::new();
        for (place, (event, claim)) in article.claims().into_iter().enumerate() {
            if wanted(place) && self.settings.filter.keeps(event) {
                claims.push((event, claim));
            } else {
                self.counts.events_filtered_out += 1;
            }
        }
        self.counts.events += article.events().len() as u64;
        if claims.is_empty() {
            return Ok(());
        }
        self.layout.article(&article)?;
        for (_, claim) in &claims {
            if let Some(reason) = self.layout.claim(&article, claim)? {
                *self.counts.events_left_out.entry(reason.into()).or_default() += 1;
                continue;
            }
            self.counts.events_exported += 1;
            self.counts.events_without_day += u64::from(claim.days.day().is_none());
            self.counts.events_without_coordinates += u64::from(claim.point.is_none());
            self.counts.events_without_actor += u64::from(claim.actors.is_empty());
        }
        Ok(())
    }

    /// Tells of an input that could not be read.
    pub fn not_read(&mut self) {
        self.counts.inputs_not_read += 1;
    }

    /// Tells of what made the readings, where they come from a ledger; known when all have been added.
    pub fn made_by(&mut self, readings: Vec<ReadBy>) {
        let common = |of: fn(&ReadBy) -> &str| {
            let mut all = readings.iter().map(of);
            let first = all.next().unwrap_or("");
            if all.all(|v| v == first) { first.to_string() } else { "several".into() }
        };
        let made_with = &mut self.settings.made_with;
        made_with.reader = common(|r| &r.reader);
        made_with.weights = common(|r| &r.weights);
        let lexicon = common(|r| &r.lexicon);
        let (own, overlay) = lexicon.split_once('+').map_or((&*lexicon, None), |(own, over)| (own, Some(over)));
        (made_with.lexicon, made_with.overlay) = (own.into(), overlay.map(str::to_string));
        self.ledger = Some(FromLedger { readings });
    }

    /// Ends the files; `names` are their names in the manifest. The writers come back, flushed.
    pub fn finish(self, names: &[String]) -> Result<(Manifest, Vec<W>), ExportError> {
        let mut files = Vec::new();
        let mut writers = Vec::new();
        for (i, done) in self.layout.finish()?.into_iter().enumerate() {
            let (writer, bytes, sha256) = done.writer.finish()?;
            let part = &self.format.parts()[i];
            let name = names.get(i).cloned().unwrap_or_else(|| part.suffix.to_string());
            files.push(FileEntry { name, holds: part.holds.into(), records: done.records, bytes, sha256 });
            writers.push(writer);
        }
        let manifest = Manifest {
            manifest_version: MANIFEST_VERSION,
            format: self.format.name().into(),
            schema_version: self.format.version(),
            note: "Every record is a claim made in an article, not an established fact; see source_original, chain, status and \
                   polarity."
                .into(),
            created: self.settings.created.clone(),
            filters: {
                let mut filters = self.settings.filter.as_given();
                filters.extend(self.settings.narrowed.clone());
                filters
            },
            options: self.format.options(&self.settings),
            made_with: self.settings.made_with,
            ledger: self.ledger,
            counts: self.counts,
            files,
        };
        Ok((manifest, writers))
    }
}
