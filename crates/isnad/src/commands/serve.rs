//! `isnad serve`

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ledger::{DocumentId, Entry, Location, Read, Shadow, Version, WriteOptions, Writer};
use lexicon::Sources;
use reader::{Engine, Reader};
use server::{Log, Settings, Tokens};

use crate::cli::{LogArg, ServeArgs};
use crate::engine;
use crate::error::{Fatal, Outcome};

/// The invented week, part of the program.
const WEEK: &str = include_str!("../../../../examples/week/articles.jsonl");
/// Its names.
const NAMES: [(&str, &str); 4] = [
    ("names/actors-week.tsv", include_str!("../../../../examples/week/lexicon/names/actors-week.tsv")),
    ("names/countries.tsv", include_str!("../../../../examples/week/lexicon/names/countries.tsv")),
    ("names/outlets.tsv", include_str!("../../../../examples/week/lexicon/names/outlets.tsv")),
    ("names/places-week.tsv", include_str!("../../../../examples/week/lexicon/names/places-week.tsv")),
];

/// Serves until stopped.
pub fn run(args: &ServeArgs) -> Result<Outcome, Fatal> {
    let (engine, version, place) = if args.demo {
        let folder = tempfile::tempdir().map_err(|source| Fatal::Write { path: std::env::temp_dir(), source })?;
        let (engine, version) = week()?;
        fill(&engine, &version, &Location::File(folder.path().join("demo.ledger")))?;
        (engine, version, Some(folder))
    } else {
        let (engine, version) = engine::build_versioned(&args.engine)?;
        (engine, version, None)
    };
    let location =
        place.as_ref().map_or_else(|| args.ledger.location(), |p| Location::File(p.path().join("demo.ledger")));
    let mut settings = Settings::new(location, engine, version);
    settings.listen = args.listen;
    settings.tokens = args.token_file.as_deref().map(Tokens::load).transpose()?;
    settings.demo = args.demo;
    settings.allow_private = args.allow_private;
    settings.patience = Duration::from_secs(args.timeout);
    settings.body = usize::from(args.body) << 20;
    if let Some(jobs) = args.jobs {
        settings.threads = usize::from(jobs);
    }
    let log = match args.log {
        LogArg::Quiet => Log::Quiet,
        LogArg::Lines => Log::Lines,
        LogArg::Json => Log::Json,
    };
    server::serve(settings, log, |address| {
        eprintln!("isnad: serving on http://{address}/ (API: http://{address}/api/v1/openapi.json); stop with Ctrl-C");
        if !server::has_pages() {
            eprintln!(
                "isnad: without pages: `npm ci && npm run build` in web/, then build the program with --features pages"
            );
        }
    })?;
    Ok(Outcome::Clean)
}

/// The shipped engine under the week's names.
fn week() -> Result<(Arc<Engine>, Version), Fatal> {
    let sources = Sources::from_memory(NAMES.iter().map(|(n, t)| ((*n).to_string(), (*t).to_string())).collect());
    let made = assembly::assemble_over(Some(&sources), None)?;
    Ok((made.engine, made.version))
}

/// Reads the week into a ledger.
fn fill(engine: &Arc<Engine>, version: &Version, location: &Location) -> Result<(), Fatal> {
    let mut reader = Reader::new(engine);
    let mut entries = Vec::new();
    let sources = intake::Sources::new(None, false, intake::web::Rules::default());
    sources.stream(WEEK.as_bytes(), Path::new("week.jsonl"), &mut |item| {
        if let Ok(prepared) = item.and_then(|i| i.prepare(None)) {
            let document = prepared.document;
            let reading = reader.read(&document);
            let read = Read::new(&document, &reading, Shadow::of(&mut reader, &document));
            entries.push(Entry::new(DocumentId::of(&document), &document, read, Some(prepared.raw_hash)));
        }
        true
    });
    let mut writer = Writer::open(location, version, WriteOptions { wait: 5, waiting: &mut |_| () })?;
    writer.add(entries)?;
    writer.finish()?;
    Ok(())
}
