//! `isnad add`

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ledger::{DocumentId, Entry, Fate, Ledger, LedgerError, Read, Shadow, WriteOptions, Writer};
use model::{Document, Source, SourceKind};
use serde::Serialize;

use crate::cli::{AddArgs, threads};
use crate::engine;
use crate::error::{Fatal, InputError, InputFault, Outcome};
use crate::input::{self, Item, Raw};
use crate::output::table::number;
use crate::pipeline;
use crate::progress::Progress;

use super::Guarded;

/// Most documents of one transaction.
const BATCH: usize = 128;
/// Most bytes of one transaction, roughly; a larger document stands alone.
const BYTES: usize = 8 << 20;
/// How long a document waits for others before it is committed.
const PATIENCE: Duration = Duration::from_secs(2);

/// What becomes of one item on its way to the writer.
struct Done {
    place: String,
    notes: Vec<String>,
    result: Result<Entry, Trouble>,
}

enum Trouble {
    /// This document only.
    Input(InputError),
    /// All of it.
    Ledger(LedgerError),
}

/// A line of the report.
#[derive(Serialize)]
struct Skipped<'a> {
    place: &'a str,
    reason: String,
}

#[derive(Default)]
struct Tally {
    added: usize,
    seen_again: usize,
    known: usize,
    skipped: usize,
    reasons: BTreeMap<String, usize>,
}

/// Reads articles and keeps them.
pub fn run(args: &AddArgs) -> Result<Outcome, Fatal> {
    let begun = Instant::now();
    let (engine, version) = engine::build_versioned(&args.engine)?;
    let location = &args.ledger.location();
    let mut report = args.report.as_ref().map(Report::open).transpose()?;
    let mut waiting =
        |who: &str| eprintln!("isnad: the ledger is being written by {who}; waiting up to {} s", args.wait);
    let mut writer = Writer::open(location, &version, WriteOptions { wait: args.wait, waiting: &mut waiting })?;

    let inputs = input::find(&args.input.inputs);
    if inputs.iter().any(|i| matches!(i, input::Input::Stdin)) && std::io::stdin().is_terminal() {
        eprintln!("isnad: reading standard input; end with Ctrl-D");
    }
    let mut progress = Progress::new(input::total(&inputs), console::Term::stderr().is_term(), args.input.quiet);
    let counter = progress.counter();
    let published = args.input.published.as_deref();
    let mut tally = Tally::default();
    let mut batch = Batch::default();
    let mut fatal = None;
    pipeline::ordered(
        threads(args.input.jobs),
        |put| {
            input::each(inputs, &counter, &mut |item| {
                let size = item.as_ref().map_or(0, Item::len);
                put(item, size)
            });
        },
        || {
            let mut reader = Guarded::new(&engine);
            // each thread asks by itself what is known already
            let mut ledger = Ledger::open(location);
            move |item: Result<Item, InputError>| {
                let place = match &item {
                    Ok(item) => item.place.clone(),
                    Err(e) => e.place.clone(),
                };
                let mut notes = Vec::new();
                let result = match &mut ledger {
                    Ok(ledger) => entry(item, published, &mut reader, ledger, &mut notes),
                    Err(_) => Ledger::open(location)
                        .map_err(Trouble::Ledger)
                        .and_then(|mut ledger| entry(item, published, &mut reader, &mut ledger, &mut notes)),
                };
                Done { place, notes, result }
            }
        },
        |done: Done| {
            for note in &done.notes {
                progress.note(&format!("{}: {note}", done.place));
            }
            let kept = match done.result {
                Ok(entry) => {
                    batch.push(entry);
                    if batch.full() { batch.write(&mut writer, &mut tally) } else { Ok(()) }
                }
                Err(Trouble::Ledger(e)) => Err(e.into()),
                Err(Trouble::Input(e)) => {
                    progress.error(&e.to_string());
                    tally.skip(&e);
                    report.as_mut().map_or(Ok(()), |r| r.line(&e))
                }
            };
            progress.done(tally.documents() + batch.entries.len());
            kept.map_err(|e| fatal = Some(e)).is_ok()
        },
    );
    progress.finish();
    if fatal.is_none() {
        fatal = batch.write(&mut writer, &mut tally).err();
    }
    if let Some(report) = report {
        report.finish()?;
    }
    let settled = if fatal.is_none() { writer.finish() } else { Ok(()) };
    tally.tell(begun.elapsed(), args.input.quiet);
    match fatal {
        Some(fatal) => Err(fatal),
        None => settled.map(|()| Outcome::from_faults(tally.skipped)).map_err(Fatal::from),
    }
}

/// Makes an item ready for the writer. Reads it only where the ledger does not hold it.
fn entry(
    item: Result<Item, InputError>,
    published: Option<&str>,
    reader: &mut Guarded<'_>,
    ledger: &mut Ledger,
    notes: &mut Vec<String>,
) -> Result<Entry, Trouble> {
    let item = item.map_err(Trouble::Input)?;
    let (raw, kind) = match &item.raw {
        Raw::Record(b) => (b, SourceKind::Json),
        Raw::Text(b, _) => (b, SourceKind::Text),
        Raw::Html(b, _) => (b, SourceKind::Html),
    };
    let raw = Some(*blake3::hash(raw).as_bytes());
    let place = item.place.clone();
    let mut prepared = item.prepare(published).map_err(Trouble::Input)?;
    notes.append(&mut prepared.notes);
    let mut document = prepared.document;
    if document.source.is_none() {
        document.source = Some(Source { path: place.clone(), kind, item: 0 });
    }
    if blank(&document) {
        return Err(Trouble::Input(InputFault::Empty.at(place)));
    }
    let id = DocumentId::of(&document);
    if ledger.holds(id).map_err(Trouble::Ledger)? {
        return Ok(Entry::seen(id, &document, raw));
    }
    let read = reader.with(&document, |reader, document| {
        let reading = reader.read(document);
        Read::new(document, &reading, Shadow::of(reader, document))
    });
    let read = read.map_err(|fault| Trouble::Input(fault.at(place)))?;
    Ok(Entry::new(id, &document, read, raw))
}

fn blank(d: &Document) -> bool {
    let empty = |s: &str| !s.chars().any(|c| arabic::letter::class(c) != arabic::letter::Class::Space);
    empty(&d.text) && d.title.as_deref().is_none_or(empty)
}

#[derive(Default)]
struct Batch {
    entries: Vec<Entry>,
    bytes: usize,
    since: Option<Instant>,
}

impl Batch {
    fn push(&mut self, entry: Entry) {
        self.bytes += entry.size();
        self.entries.push(entry);
        self.since.get_or_insert_with(Instant::now);
    }

    fn full(&self) -> bool {
        self.entries.len() >= BATCH || self.bytes >= BYTES || self.since.is_some_and(|s| s.elapsed() > PATIENCE)
    }

    fn write(&mut self, writer: &mut Writer, tally: &mut Tally) -> Result<(), Fatal> {
        let batch = std::mem::take(self);
        if batch.entries.is_empty() {
            return Ok(());
        }
        for fate in writer.add(batch.entries)? {
            match fate {
                Fate::Added => tally.added += 1,
                Fate::SeenAgain => tally.seen_again += 1,
                Fate::Known => tally.known += 1,
            }
        }
        Ok(())
    }
}

impl Tally {
    fn documents(&self) -> usize {
        self.added + self.seen_again + self.known + self.skipped
    }

    fn skip(&mut self, e: &InputError) {
        self.skipped += 1;
        *self.reasons.entry(e.fault.kind().to_string()).or_default() += 1;
    }

    fn tell(&self, time: Duration, quiet: bool) {
        if quiet {
            return;
        }
        let n = |n: usize| number(n as f64);
        let seconds = time.as_secs_f64();
        let rate = self.documents() as f64 / seconds.max(1e-9);
        eprintln!(
            "isnad: {} documents in {seconds:.1} s ({} a second): {} added, {} known already, {} of them seen at a new place, {} skipped",
            n(self.documents()),
            number(rate.round()),
            n(self.added),
            n(self.known + self.seen_again),
            n(self.seen_again),
            n(self.skipped),
        );
        for (reason, count) in &self.reasons {
            eprintln!("isnad:   skipped {}: {reason}", n(*count));
        }
    }
}

/// The file of what was skipped.
struct Report {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Report {
    fn open(path: &PathBuf) -> Result<Self, Fatal> {
        let file = File::create(path).map_err(|source| Fatal::Write { path: path.clone(), source })?;
        Ok(Self { path: path.clone(), out: BufWriter::new(file) })
    }

    fn line(&mut self, e: &InputError) -> Result<(), Fatal> {
        let line = crate::output::json::write(&Skipped { place: &e.place, reason: e.fault.to_string() }, true);
        self.out.write_all(&line).map_err(|source| Fatal::Write { path: self.path.clone(), source })
    }

    fn finish(mut self) -> Result<(), Fatal> {
        self.out.flush().map_err(|source| Fatal::Write { path: self.path, source })
    }
}
