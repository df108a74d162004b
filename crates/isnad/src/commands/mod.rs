//! The commands.

mod actors;
mod add;
mod analyse;
mod ask;
mod bench;
mod eval;
mod events;
mod lexicon;
mod read;
mod reread;
mod search;
mod show;
mod statements;
mod transfers;
mod verify;

use std::cell::RefCell;
use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use model::Document;
use reader::{Engine, Reader};

use crate::cli::{Cli, Command, InputArgs, OutputArgs, threads};
use crate::error::{Fatal, InputError, InputFault, Outcome};
use crate::input::{self, Item, Prepared};
use crate::output::table::Look;
use crate::output::{self, Frame, Sink};
use crate::pipeline;
use crate::progress::Progress;

/// Carries a command out.
pub fn run(cli: Cli) -> Result<Outcome, Fatal> {
    match cli.command {
        Command::Read(args) => read::run(&args),
        Command::Analyse(args) => analyse::run(&args),
        Command::Add(args) => add::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Events(args) => events::run(&args),
        Command::Statements(args) => statements::run(&args),
        Command::Transfers(args) => transfers::run(&args),
        Command::Actors(args) => actors::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Reread(args) => reread::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Lexicon(args) => lexicon::run(args.command),
        Command::Bench(args) => bench::run(&args),
    }
}

thread_local! {
    /// Where and why the last caught panic of this thread happened; `None` outside of [`Guarded`].
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A reader that survives its own bugs: an article that makes it fail is reported, the others are read.
pub struct Guarded<'a> {
    engine: &'a Arc<Engine>,
    reader: Reader,
}

impl<'a> Guarded<'a> {
    /// A reader over a shared engine.
    pub fn new(engine: &'a Arc<Engine>) -> Self {
        static HOOK: std::sync::Once = std::sync::Once::new();
        HOOK.call_once(|| {
            let usual = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                let kept = CAUGHT.with_borrow_mut(|c| c.as_mut().map(|c| *c = info.to_string().replace('\n', " ")));
                if kept.is_none() {
                    usual(info);
                }
            }));
        });
        Self { engine, reader: Reader::new(engine) }
    }

    /// Lets the reader do something with a document.
    pub fn with<R>(
        &mut self,
        document: &Document,
        f: impl FnOnce(&mut Reader, &Document) -> R,
    ) -> Result<R, InputFault> {
        CAUGHT.set(Some(String::new()));
        let result = catch_unwind(AssertUnwindSafe(|| f(&mut self.reader, document)));
        let why = CAUGHT.take().unwrap_or_default();
        result.map_err(|_| {
            // its caches may be half-written
            self.reader = Reader::new(self.engine);
            InputFault::Bug(why)
        })
    }
}

/// What becomes of one item.
struct Done {
    place: String,
    id: String,
    notes: Vec<String>,
    size: usize,
    result: Result<Vec<u8>, InputError>,
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
fn each_document<'e, F>(
    engine: &'e Arc<Engine>,
    input: &InputArgs,
    output: &OutputArgs,
    frame: Frame,
    extension: &'static str,
    interactive: bool,
    make: impl Fn() -> F + Sync,
) -> Result<Tally, Fatal>
where
    F: FnMut(&mut Guarded<'e>, &Prepared) -> Result<Vec<u8>, InputFault>,
{
    let mut sink = Sink::open(output.output.as_deref(), frame, extension)?;
    let inputs = input::find(&input.inputs);
    if inputs.iter().any(|i| matches!(i, input::Input::Stdin)) && std::io::stdin().is_terminal() {
        eprintln!("isnad: reading standard input; end with Ctrl-D");
    }
    let watched = interactive && output.output.is_none();
    let wanted = !watched && console::Term::stderr().is_term();
    let mut progress = Progress::new(input::total(&inputs), wanted, input.quiet);
    let counter = progress.counter();
    let published = input.published.as_deref();
    let mut tally = Tally::default();
    let mut fatal = None;
    pipeline::ordered(
        threads(input.jobs),
        |put| {
            input::each(inputs, &counter, &mut |item| {
                let size = item.as_ref().map_or(0, Item::len);
                put(item, size)
            });
        },
        || {
            let mut reader = Guarded::new(engine);
            let mut work = make();
            move |item: Result<Item, InputError>| {
                let (place, prepared) = match item {
                    Err(e) => (e.place.clone(), Err(e)),
                    Ok(item) => (item.place.clone(), item.prepare(published)),
                };
                match prepared {
                    Err(e) => Done { place, id: String::new(), notes: Vec::new(), size: 0, result: Err(e) },
                    Ok(mut prepared) => {
                        let result = work(&mut reader, &prepared).map_err(|fault| fault.at(place.clone()));
                        let size =
                            prepared.document.text.len() + prepared.document.title.as_deref().map_or(0, str::len);
                        let notes = std::mem::take(&mut prepared.notes);
                        Done { place, id: prepared.document.id, notes, size, result }
                    }
                }
            }
        },
        |done: Done| {
            for note in &done.notes {
                progress.note(&format!("{}: {note}", done.place));
            }
            match done.result {
                Err(e) => {
                    tally.faults += 1;
                    progress.error(&e.to_string());
                    true
                }
                Ok(bytes) => {
                    tally.articles += 1;
                    tally.bytes += done.size;
                    progress.done(tally.articles);
                    let put = sink.put(&done.id, bytes).and_then(|(more, remark)| {
                        if let Some(remark) = remark {
                            progress.note(&format!("{}: {remark}", done.place));
                        }
                        Ok(more && (!watched || sink.flush()?))
                    });
                    put.unwrap_or_else(|e| {
                        fatal = Some(e);
                        false
                    })
                }
            }
        },
    );
    progress.finish();
    if let Some(fatal) = fatal {
        return Err(fatal);
    }
    sink.finish()?;
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
