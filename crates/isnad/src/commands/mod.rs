//! The commands.

mod actors;
mod add;
mod analyse;
mod ask;
mod bench;
mod contradictions;
mod eval;
mod events;
mod export;
mod extract;
mod happenings;
mod joining;
mod keeping;
mod lexicon;
#[cfg(feature = "mcp")]
mod mcp;
mod outlets;
mod read;
mod reread;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod show;
mod statements;
mod stories;
mod trace;
mod transfers;
mod verify;
mod watch;

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use model::Document;
use reader::{Engine, Reader};

use intake::{Fault, Input, Item, Prepared, Skip};

use crate::cli::{Cli, Command, InputArgs, OutputArgs, threads};
use crate::error::{Fatal, Outcome};
use crate::intaking::{self, Notes, Report};
use crate::output::table::Look;
use crate::output::{self, Frame, Sink};
use crate::pipeline;
use crate::progress::Progress;

/// Carries a command out.
pub fn run(cli: Cli) -> Result<Outcome, Fatal> {
    match cli.command {
        Command::Read(args) => read::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Analyse(args) => analyse::run(&args),
        Command::Extract(args) => extract::run(&args),
        Command::Add(args) => add::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Events(args) => events::run(&args),
        Command::Statements(args) => statements::run(&args),
        Command::Transfers(args) => transfers::run(&args),
        Command::Stories(args) => stories::run(&args),
        Command::Happenings(args) => happenings::run(&args),
        Command::Trace(args) => trace::run(&args),
        Command::Contradictions(args) => contradictions::run(&args),
        Command::Outlets(args) => outlets::run(&args),
        Command::Join(args) => joining::join(&args),
        Command::Split(args) => joining::split(&args),
        Command::Actors(args) => actors::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Reread(args) => reread::run(&args),
        Command::Verify(args) => verify::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&args),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => mcp::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Lexicon(args) => lexicon::run(args.command),
        Command::Bench(args) => bench::run(&args),
    }
}

/// A reader that survives its own bugs: an article that makes it fail is told as a fault, the others are read.
pub struct Guarded(assembly::Guarded);

impl Guarded {
    /// A reader over a shared engine.
    pub fn new(engine: &Arc<Engine>) -> Self {
        Self(assembly::Guarded::new(engine))
    }

    /// Lets the reader do something with a document.
    pub fn with<R>(&mut self, document: &Document, f: impl FnOnce(&mut Reader, &Document) -> R) -> Result<R, Fault> {
        self.0.with(document, f).map_err(|failed| Fault::Bug(failed.why))
    }
}

/// What becomes of one item.
struct Done<T> {
    place: String,
    id: String,
    notes: Vec<String>,
    flaws: Vec<Skip>,
    size: usize,
    result: Result<T, Skip>,
}

/// Why a reading that came along cannot be of its document.
fn misfit(prepared: &Prepared) -> Option<String> {
    let read = prepared.read.as_ref()?;
    if read.reading.id != prepared.document.id {
        return Some(format!("is of another document, {:?}", read.reading.id));
    }
    ledger::misfits(&prepared.document, &read.reading).into_iter().next().map(|why| format!("does not fit it ({why})"))
}

/// What was done, for `--stats`.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    articles: usize,
    bytes: usize,
    faults: usize,
}

/// Reads all inputs with `work` in all threads and writes what it makes of each, in order.
/// `interactive`: somebody watches the output grow.
fn each_document<F>(
    input: &InputArgs,
    output: &OutputArgs,
    frame: Frame,
    extension: &'static str,
    interactive: bool,
    make: impl Fn() -> F + Sync,
) -> Result<Tally, Fatal>
where
    F: FnMut(Prepared) -> Result<Vec<u8>, Fault>,
{
    let mut sink = Sink::open(output.output.as_deref(), frame, extension)?;
    let watched = interactive && output.output.is_none();
    let tally = each_result(input, !watched, make, |done, progress| {
        let Ok(bytes) = done.result else { return Ok(true) };
        let (more, remark) = sink.put(&done.id, bytes)?;
        if let Some(remark) = remark {
            progress.note(&format!("{}: {remark}", done.place));
        }
        Ok(more && (!watched || sink.flush()?))
    })?;
    sink.finish()?;
    Ok(tally)
}

/// Reads all inputs with `work` in all threads and gives `consume` what it makes of each, in order, in this thread.
/// What was skipped is told, reported and counted before it is given. `bar`: a progress bar may be shown.
fn each_result<T: Send, F>(
    input: &InputArgs,
    bar: bool,
    make: impl Fn() -> F + Sync,
    mut consume: impl FnMut(Done<T>, &Progress) -> Result<bool, Fatal>,
) -> Result<Tally, Fatal>
where
    F: FnMut(Prepared) -> Result<T, Fault>,
{
    let mut report = Report::open(input.intake.report.as_deref())?;
    let sources = intaking::sources(&input.intake);
    let inputs = intake::find(&input.inputs);
    if !input.quiet {
        for input in &inputs {
            if let Input::Left(path, why) = input {
                eprintln!("isnad: note: {} is left out: {why}; name it to have it tried", path.display());
            }
        }
    }
    if inputs.iter().any(|i| matches!(i, Input::Stdin)) && std::io::stdin().is_terminal() {
        eprintln!("isnad: reading standard input; end with Ctrl-D");
    }
    let wanted = bar && console::Term::stderr().is_term();
    let mut progress = Progress::new(intake::total(&inputs), wanted, input.quiet);
    let counter = progress.counter();
    let published = input.published.as_deref();
    let mut tally = Tally::default();
    let mut notes = Notes::new(input.verbose);
    let mut fatal = None;
    pipeline::ordered(
        threads(input.jobs),
        |put| {
            sources.each(inputs, &counter, &mut |item| {
                let size = item.as_ref().map_or(0, Item::len);
                put(item, size)
            });
        },
        || {
            let mut work = make();
            move |item: Result<Item, Skip>| {
                let (spot, prepared) = match item {
                    Err(e) => (None, Err(e)),
                    Ok(item) => (Some(item.spot.clone()), item.prepare(published)),
                };
                let place = spot.as_ref().map_or_else(String::new, |s| s.place.clone());
                match prepared {
                    Err(e) => {
                        Done { place, id: String::new(), notes: Vec::new(), flaws: Vec::new(), size: 0, result: Err(e) }
                    }
                    Ok(mut prepared) => {
                        if let (Some(why), Some(spot)) = (misfit(&prepared), &spot) {
                            prepared.read = None;
                            prepared.flaws.push(spot.skip(Fault::Stored(why)));
                        }
                        let flaws = std::mem::take(&mut prepared.flaws);
                        let notes = std::mem::take(&mut prepared.notes);
                        let size =
                            prepared.document.text.len() + prepared.document.title.as_deref().map_or(0, str::len);
                        let id = prepared.document.id.clone();
                        let result = work(prepared).map_err(|fault| match &spot {
                            Some(spot) => spot.skip(fault),
                            None => fault.of(place.clone()),
                        });
                        Done { place, id, notes, flaws, size, result }
                    }
                }
            }
        },
        |done: Done<T>| {
            for note in &done.notes {
                notes.add(&done.place, note, &progress);
            }
            for flaw in &done.flaws {
                if let Err(e) = report.skip(flaw, &progress) {
                    fatal = Some(e);
                    return false;
                }
            }
            if let Err(skip) = &done.result {
                if let Err(e) = report.skip(skip, &progress) {
                    fatal = Some(e);
                    return false;
                }
            } else {
                tally.articles += 1;
                tally.bytes += done.size;
                progress.done(tally.articles);
            }
            consume(done, &progress).unwrap_or_else(|e| {
                fatal = Some(e);
                false
            })
        },
    );
    notes.tell(&progress);
    progress.finish();
    if let Some(fatal) = fatal {
        return Err(fatal);
    }
    tally.faults = report.count();
    Ok(tally)
}

/// The form that the name of an output promises.
fn ending(output: Option<&Path>) -> Option<String> {
    let path = output.filter(|p| !output::is_folder(p))?;
    Some(path.extension()?.to_string_lossy().to_ascii_lowercase())
}

/// How tables are drawn here.
fn look(plain: bool, to_terminal: bool, stdout: &console::Term) -> Look {
    let width = stdout.size_checked().map(|(_, columns)| usize::from(columns));
    let given = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    Look {
        color: to_terminal && !plain && console::colors_enabled(),
        isolate: to_terminal && !plain,
        width: width.or(given).unwrap_or(100).clamp(60, 160),
    }
}

/// The most memory this process ever had resident, in bytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|k| k * 1024)
}
