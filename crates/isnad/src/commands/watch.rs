//! `isnad watch`

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use intake::watch::{self, Batch as Piece, WatchError, Watched, Watcher};
use intake::{Prepared, Skip};
use ledger::{Entry, LedgerError, Location, Version, WriteOptions, Writer};
use reader::Engine;
use traced::OutletNames;

use crate::cli::{WatchArgs, threads};
use crate::error::{Fatal, Outcome};
use crate::intaking::{self, Notes, Report};
use crate::output::table::number;
use crate::progress::Progress;
use crate::{engine, pipeline};

use super::keeping::{Batch, Entries, Tally};

/// How long another writer is waited for before it is looked whether to stop.
const PATIENCE: u64 = 2;

/// Polls the list and keeps what is new, until stopped.
pub fn run(args: &WatchArgs) -> Result<Outcome, Fatal> {
    assembly::give_way();
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_signals(&stop)?;
    let mut list = List::read(&args.list)?;
    let mut report = Report::go_on(args.intake.report.as_deref())?;
    let (engine, version) = engine::build_versioned(&args.engine)?;
    let location = args.ledger.location();
    let state = args.state.clone().unwrap_or_else(|| with_ending(&args.list, ".state"));
    let sources = intaking::sources(&args.intake);
    let mut watcher = Watcher::open::<Fatal>(list.watched.clone(), &state, sources).map_err(fatal)?;

    let mut keeper = Keeper {
        location: &location,
        engine: &engine,
        version: &version,
        args,
        report: &mut report,
        progress: Progress::new(None, false, args.quiet),
        notes: Notes::new(args.verbose),
        stop: &stop,
    };
    // made, or found unusable, before anything is asked for
    let Some(mut writer) = keeper.writer()? else { return Ok(Outcome::Clean) };
    watcher.hand_to::<Fatal>(&name(&location)).map_err(fatal)?;
    if writer.ledger().counts()?.documents == 0 && watcher.has_seen() {
        keeper.progress.note("the ledger is empty: everything listed is taken as new");
        watcher.forget();
    }
    writer.finish()?;
    if args.now {
        watcher.make_due();
    }
    if !args.quiet && !args.once {
        eprintln!("isnad: watching {} addresses; Ctrl-C stops", list.watched.len());
    }
    while !stop.load(Ordering::Relaxed) {
        if list.read_again() {
            watcher.set_list(list.watched.clone());
        }
        let wait = watcher.poll_due(&stop, &mut |piece| keeper.take(piece));
        keeper.notes.tell(&keeper.progress);
        let wait = match wait {
            Err(WatchError::Taker(Stopped::Asked)) => break,
            other => other.map_err(|e| match e {
                WatchError::Taker(Stopped::Fatal(e)) => e,
                other => Fatal::Usage(other.to_string()),
            })?,
        };
        if args.once {
            break;
        }
        let begun = Instant::now();
        while !stop.load(Ordering::Relaxed) && begun.elapsed() < wait && !list.has_changed() {
            std::thread::sleep(Duration::from_millis(250));
        }
    }
    Ok(Outcome::from_faults(report.count() + list.bad))
}

fn fatal(e: WatchError<Fatal>) -> Fatal {
    match e {
        WatchError::Taker(e) => e,
        other => Fatal::Usage(other.to_string()),
    }
}

/// The first signal asks to stop, a second one stops at once.
fn stop_on_signals(stop: &Arc<AtomicBool>) -> Result<(), Fatal> {
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // in this order: the second signal finds the flag that the first one set
        signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(stop))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(stop)))
            .map_err(|e| Fatal::Usage(format!("signals cannot be received: {e}")))?;
    }
    Ok(())
}

/// A ledger as the state of watching names it: wherever it is called from.
fn name(location: &Location) -> String {
    match location {
        Location::File(path) => fs::canonicalize(path).unwrap_or_else(|_| path.clone()).display().to_string(),
        Location::Server(_) => location.to_string(),
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The list of addresses, as the file last had it.
struct List {
    path: PathBuf,
    watched: Vec<Watched>,
    /// Lines that say nothing usable.
    bad: usize,
    /// When the file was changed, and its length.
    stamp: Option<(SystemTime, u64)>,
}

impl List {
    fn read(path: &Path) -> Result<Self, Fatal> {
        let stamp = stamp(path);
        let text = fs::read(path).map_err(|source| Fatal::Read { path: path.into(), source })?;
        let (watched, bad) = watch::parse_list(&String::from_utf8_lossy(&text));
        for line in &bad {
            eprintln!("isnad: {}: {line}", path.display());
        }
        if watched.is_empty() {
            return Err(Fatal::Usage(format!(
                "{}: lists no address\n  write one a line, perhaps with an interval: https://example.org/feed.xml 30m",
                path.display()
            )));
        }
        Ok(Self { path: path.into(), watched, bad: bad.len(), stamp })
    }

    fn has_changed(&self) -> bool {
        stamp(&self.path).is_some_and(|now| Some(now) != self.stamp)
    }

    /// Whether another list is to be used. One that cannot be used is told, and the old one stays.
    fn read_again(&mut self) -> bool {
        if !self.has_changed() {
            return false;
        }
        match Self::read(&self.path) {
            Ok(list) => {
                *self = list;
                true
            }
            Err(e) => {
                eprintln!("isnad: {e}");
                self.stamp = stamp(&self.path);
                false
            }
        }
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let meta = fs::metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

/// Why documents were not taken.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    /// The user stopped while the ledger was written by another.
    #[error("stopped")]
    Asked,
    #[error(transparent)]
    Fatal(#[from] Fatal),
}

impl From<LedgerError> for Stopped {
    fn from(e: LedgerError) -> Self {
        Self::Fatal(e.into())
    }
}

/// Reads what was polled and commits it.
struct Keeper<'a> {
    location: &'a Location,
    engine: &'a Arc<Engine>,
    version: &'a Version,
    args: &'a WatchArgs,
    report: &'a mut Report,
    progress: Progress,
    notes: Notes,
    stop: &'a AtomicBool,
}

impl Keeper<'_> {
    /// The writer, for as long as a piece lasts: others may write between. Another that writes is waited for until it
    /// is done; none if the user stops before.
    fn writer(&self) -> Result<Option<Writer>, Fatal> {
        let mut told = false;
        loop {
            let mut waiting = |who: &str| {
                if !std::mem::replace(&mut told, true) {
                    self.progress.error(&format!("the ledger is being written by {who}; waiting for it"));
                }
            };
            let options = WriteOptions { wait: PATIENCE, waiting: &mut waiting };
            match Writer::open(self.location, self.version, options) {
                Ok(writer) => return Ok(Some(writer)),
                Err(LedgerError::Busy { .. }) if !self.stop.load(Ordering::Relaxed) => {}
                Err(LedgerError::Busy { .. }) => return Ok(None),
                Err(e) => return Err(e.into()),
            }
        }
    }

    /// Takes a piece of what an address gave: when this returns, the ledger holds it.
    fn take(&mut self, piece: Piece) -> Result<(), Stopped> {
        let mut tally = Tally::default();
        let mut prepared = Vec::new();
        for document in piece.documents {
            match document {
                Ok(document) => prepared.push(document),
                Err(skip) => self.skip(&skip, &mut tally)?,
            }
        }
        if !prepared.is_empty() {
            let Some(mut writer) = self.writer()? else { return Err(Stopped::Asked) };
            self.keep(prepared, &mut writer, &mut tally)?;
            writer.finish()?;
        }
        let Tally { added, seen_again, known, .. } = tally;
        if added + seen_again + known > 0 && !self.args.quiet {
            let n = |n: usize| number(n as f64);
            let (added, again) = (n(added), n(seen_again + known));
            self.progress.error(&format!("{}: {added} added, {again} known already", piece.url));
        }
        Ok(())
    }

    fn keep(&mut self, documents: Vec<Prepared>, writer: &mut Writer, tally: &mut Tally) -> Result<(), Stopped> {
        let (engine, location) = (self.engine, self.location);
        let names = OutletNames::new(engine);
        let trace = (!self.args.no_trace).then_some(&names);
        let mut batch = Batch::default();
        let mut failed: Option<Stopped> = None;
        pipeline::ordered(
            threads(self.args.jobs),
            |put| {
                for document in documents {
                    let size = document.document.text.len();
                    if !put(document, size) {
                        break;
                    }
                }
            },
            || {
                let mut entries = Entries::new(engine, location);
                move |mut document: Prepared| {
                    let place = document
                        .document
                        .source
                        .as_ref()
                        .map_or_else(String::new, |s| format!("{}, entry {}", s.path, s.item + 1));
                    let notes = std::mem::take(&mut document.notes);
                    let flaws = std::mem::take(&mut document.flaws);
                    let entry = entries.of(document).map_err(|fault| fault.of(place.clone()));
                    (place, notes, flaws, entry)
                }
            },
            |(place, notes, flaws, entry): Read| {
                let take = || -> Result<(), Stopped> {
                    for note in &notes {
                        self.notes.add(&place, note, &self.progress);
                    }
                    for flaw in &flaws {
                        self.report.skip(flaw, &self.progress)?;
                    }
                    match entry {
                        Ok(entry) => batch.push(entry?),
                        Err(skip) => self.skip(&skip, tally)?,
                    }
                    if batch.full() {
                        batch.write(writer, tally, trace)?;
                    }
                    Ok(())
                };
                failed = take().err();
                failed.is_none()
            },
        );
        if let Some(failed) = failed {
            return Err(failed);
        }
        Ok(batch.write(writer, tally, trace)?)
    }

    fn skip(&mut self, skip: &Skip, tally: &mut Tally) -> Result<(), Fatal> {
        tally.skip(skip);
        self.report.skip(skip, &self.progress)
    }
}

/// A document on its way: its place, remarks, flaws, and its entry.
type Read = (String, Vec<String>, Vec<Skip>, Result<Result<Entry, LedgerError>, Skip>);
