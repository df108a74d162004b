//! `isnad export`

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use export::{Export, ExportError, Filter, Format, Graph, Manifest, Provenance, ReadBy, Record, Settings};
use intake::{Fault, Prepared};
use ledger::{Ledger, Location};
use model::{Document, Reading, Version};

use crate::cli::{ExportArgs, ExportFormat, ExportGraph};
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::{is_folder, json};
use crate::progress::Progress;

use super::{Guarded, each_result, ending};

type Writer = BufWriter<File>;

/// Exports the claims of articles, read now or kept in a ledger.
pub fn run(args: &ExportArgs) -> Result<Outcome, Fatal> {
    if let Some(format) = args.schema {
        let schema = format_of(format).schema(graph(args.graph)).map_err(|e| Fatal::Usage(e.to_string()))?;
        // whoever stops reading has had enough
        let _ = std::io::stdout().lock().write_all(schema.as_bytes());
        return Ok(Outcome::Clean);
    }
    let output = args.output.as_deref().ok_or_else(|| Fatal::Usage("give the file to write: --output FILE".into()))?;
    let format = format(args.format, output)?;
    let inputs = args.input.inputs.iter().cloned().chain(args.ledger.as_ref().map(PathBuf::from));
    check_target(output, &inputs.collect::<Vec<_>>())?;
    let settings = Settings {
        graph: graph(args.graph),
        created: args.stamp.then(|| jiff::Timestamp::now().to_string()),
        ..Settings::default()
    };
    let files = Files::new(output, format);
    let (manifest, writers, faults) = match &args.ledger {
        Some(ledger) => from_ledger(args, &Location::parse(ledger), settings, &files, format)?,
        None => from_articles(args, settings, &files, format)?,
    };
    files.complete(writers, &manifest)?;
    if !args.input.quiet {
        eprintln!("{}", summary(output, &manifest));
    }
    Ok(Outcome::from_faults(faults))
}

type Done = (Manifest, Vec<Writer>, usize);

/// Reads the articles, and exports what is read.
fn from_articles(args: &ExportArgs, settings: Settings, files: &Files, format: Format) -> Result<Done, Fatal> {
    let beyond: Vec<String> = (args.filter.as_given().into_keys())
        .filter(|k| !["type", "mode", "status", "polarity"].contains(&k.as_str()))
        .map(|k| format!("--{k}"))
        .collect();
    if !beyond.is_empty() {
        return Err(Fatal::Usage(format!(
            "{}: asks a ledger\n  give --ledger, or `isnad add` the articles to one first",
            beyond.join(", ")
        )));
    }
    let (engine, version) = engine::build_versioned(&args.engine)?;
    let asked = args.filter.filter();
    let filter = Filter {
        types: asked.types,
        modes: asked.modes,
        statuses: asked.statuses,
        polarities: asked.polarity.into_iter().collect(),
    };
    let settings = Settings { filter, made_with: made_with(version), ..settings };
    let failed = |e| failed(&files.paths[0], e);
    let mut export = Export::new(format, settings, files.create()?).map_err(failed)?;
    let tally = each_result(
        &args.input,
        true,
        || {
            let mut reader = Guarded::new(&engine);
            move |prepared: Prepared| -> Result<(Document, Reading), Fault> {
                let reading = reader.with(&prepared.document, reader::Reader::read)?;
                Ok((prepared.document, reading))
            }
        },
        |done, _| {
            match &done.result {
                Ok((document, reading)) => export.add(Record { document, reading }).map_err(failed)?,
                Err(_) => export.not_read(),
            }
            Ok(true)
        },
    )?;
    let (manifest, writers) = export.finish(&files.names()).map_err(failed)?;
    Ok((manifest, writers, tally.faults))
}

/// Exports readings that a ledger holds, in the order in which their documents were added. Documents go by the ledger's
/// ids, so that what is exported can be asked for.
fn from_ledger(
    args: &ExportArgs,
    location: &Location,
    settings: Settings,
    files: &Files,
    format: Format,
) -> Result<Done, Fatal> {
    let mut ledger = Ledger::open(location)?;
    let made_with = Provenance { program: PROGRAM.into(), ..Provenance::default() };
    let settings = Settings { narrowed: args.filter.as_given(), made_with, ..settings };
    let failed = |e| failed(&files.paths[0], e);
    let mut export = Export::new(format, settings, files.create()?).map_err(failed)?;
    let total = ledger.counts()?.documents as u64;
    // how many pass a filter is not known before: no bar then
    let wanted = console::Term::stderr().is_term() && args.filter.as_given().is_empty() && !args.input.quiet;
    let mut progress = Progress::over_documents(total, wanted);
    let counter = progress.counter();
    let mut made: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    let mut told: HashSet<String> = HashSet::new();
    let (mut done, mut faults) = (0, 0);
    let mut selection = ledger.selected(args.filter.filter());
    loop {
        let next = selection.next();
        for note in selection.notes() {
            // names that nobody bears are told with every page
            if told.insert(note.clone()) && !args.input.quiet {
                progress.note(&note);
            }
        }
        for damage in selection.damage() {
            faults += 1;
            export.not_read();
            progress.error(&damage.to_string());
        }
        let Some(selected) = next.transpose()? else { break };
        let ledger::Record { document: stored, reading, version } = &selected.record;
        let id = stored.id.to_string();
        let document = Document { id: id.clone(), ..stored.document.clone() };
        let reading = Reading { id, ..reading.clone() };
        let record = Record { document: &document, reading: &reading };
        export.add_only(record, |event| selected.holds(event)).map_err(failed)?;
        *made.entry((version.reader.clone(), version.lexicon.clone(), version.weights.clone())).or_default() += 1;
        done += 1;
        counter.fetch_add(1, Ordering::Relaxed);
        progress.done(done);
    }
    progress.finish();
    let read_by = |((reader, lexicon, weights), documents)| ReadBy { reader, lexicon, weights, documents };
    export.made_by(made.into_iter().map(read_by).collect());
    let (manifest, writers) = export.finish(&files.names()).map_err(failed)?;
    Ok((manifest, writers, faults))
}

fn failed(output: &Path, e: ExportError) -> Fatal {
    match e {
        ExportError::Io(source) => Fatal::Write { path: output.into(), source },
        other => Fatal::Usage(format!("{}: {other}", output.display())),
    }
}

/// What makes an export, for its manifest.
const PROGRAM: &str = concat!("isnad ", env!("CARGO_PKG_VERSION"));

fn format_of(format: ExportFormat) -> Format {
    match format {
        ExportFormat::Plover => Format::Plover,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Parquet => Format::Parquet,
        ExportFormat::Geojson => Format::GeoJson,
        ExportFormat::Jsonld => Format::JsonLd,
        ExportFormat::Graphml => Format::GraphMl,
    }
}

fn graph(graph: ExportGraph) -> Graph {
    match graph {
        ExportGraph::Actors => Graph::Actors,
        ExportGraph::Chains => Graph::Chains,
    }
}

/// As asked, else by the ending of the output.
fn format(asked: Option<ExportFormat>, output: &Path) -> Result<Format, Fatal> {
    if let Some(format) = asked {
        return Ok(format_of(format));
    }
    let by_ending = match ending(Some(output)).as_deref() {
        Some("jsonl" | "ndjson") => Some(Format::Plover),
        Some(end) => Format::ALL.into_iter().find(|f| *f != Format::Plover && f.name() == end),
        None => None,
    };
    by_ending.ok_or_else(|| {
        Fatal::Usage(format!(
            "{}: its ending does not tell a format\n  give --format plover, csv, parquet, geojson, jsonld or graphml",
            output.display()
        ))
    })
}

/// Refuses what cannot be the one file of an export, before anything is read.
fn check_target(output: &Path, inputs: &[PathBuf]) -> Result<(), Fatal> {
    let shown = output.display();
    if is_folder(output) || output.file_name().is_none() {
        return Err(Fatal::Usage(format!("{shown}: is a folder\n  give --output a file in it")));
    }
    if output == Path::new("-") {
        return Err(Fatal::Usage("an export needs a file: its manifest stands beside it\n  give --output FILE".into()));
    }
    let same = |input: &PathBuf| matches!((output.canonicalize(), input.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if inputs.iter().any(same) {
        return Err(Fatal::Usage(format!("{shown}: is one of the inputs\n  give --output another file")));
    }
    Ok(())
}

/// What readings are made with.
fn made_with(version: Version) -> Provenance {
    let Version { reader, weights, lexicon } = version;
    let (own, overlay) = lexicon.split_once('+').map_or((&*lexicon, None), |(own, over)| (own, Some(over)));
    Provenance { program: PROGRAM.into(), reader, lexicon: own.into(), overlay: overlay.map(str::to_string), weights }
}

/// The files of an export: written under other names, which they lose when all are complete.
struct Files {
    paths: Vec<PathBuf>,
    manifest: PathBuf,
}

impl Files {
    fn new(output: &Path, format: Format) -> Self {
        let paths = format
            .parts()
            .iter()
            .map(|part| match (part.suffix, output.extension()) {
                ("", _) => output.to_path_buf(),
                (suffix, None) => output.with_extension(suffix),
                (suffix, Some(end)) => output.with_extension(format!("{suffix}.{}", end.to_string_lossy())),
            })
            .collect();
        Self { paths, manifest: added(output, ".manifest.json") }
    }

    /// Names without folders, for the manifest.
    fn names(&self) -> Vec<String> {
        let name = |p: &PathBuf| p.file_name().map_or(Cow::Borrowed(""), |n| n.to_string_lossy()).into_owned();
        self.paths.iter().map(name).collect()
    }

    fn create(&self) -> Result<Vec<Writer>, Fatal> {
        self.paths
            .iter()
            .map(|path| {
                let path = added(path, PART);
                let file = File::create(&path).map_err(|source| Fatal::Write { path, source })?;
                Ok(BufWriter::with_capacity(1 << 16, file))
            })
            .collect()
    }

    /// Gives all files their names, the manifest last: where it stands, the export is whole.
    fn complete(self, writers: Vec<Writer>, manifest: &Manifest) -> Result<(), Fatal> {
        let wrong = |path: &Path| {
            let path = path.to_path_buf();
            move |source| Fatal::Write { path, source }
        };
        for (path, writer) in self.paths.iter().zip(writers) {
            let file = writer.into_inner().map_err(|e| wrong(path)(e.into_error()))?;
            file.sync_all().map_err(wrong(path))?;
        }
        let mut bytes = json::write(manifest, false);
        bytes.push(b'\n');
        let part = added(&self.manifest, PART);
        std::fs::write(&part, bytes).map_err(wrong(&self.manifest))?;
        match std::fs::remove_file(&self.manifest) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(wrong(&self.manifest)(e)),
            _ => {}
        }
        for path in &self.paths {
            std::fs::rename(added(path, PART), path).map_err(wrong(path))?;
        }
        std::fs::rename(part, &self.manifest).map_err(wrong(&self.manifest))
    }
}

impl Drop for Files {
    /// What was not completed is of no use.
    fn drop(&mut self) {
        for path in self.paths.iter().chain([&self.manifest]) {
            let _ = std::fs::remove_file(added(path, PART));
        }
    }
}

/// What a file is called until it is complete.
const PART: &str = ".part";

/// A path with something after its whole name.
fn added(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

fn summary(output: &Path, manifest: &Manifest) -> String {
    let c = &manifest.counts;
    let left: Vec<String> = c.events_left_out.iter().map(|(why, n)| format!("{n} left out: {why}")).collect();
    let filtered =
        if c.events_filtered_out > 0 { format!(", {} filtered out", c.events_filtered_out) } else { String::new() };
    let left = if left.is_empty() { String::new() } else { format!(" ({})", left.join("; ")) };
    format!(
        "isnad: {} articles, {} events claimed, {} exported{filtered}{left}: {}, manifest beside it",
        c.documents,
        c.events,
        c.events_exported,
        output.display()
    )
}
