//! The command line.

mod ledger;
#[cfg(feature = "serve")]
mod serve;
mod trace;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use ledger::{
    ActorsArgs, AddArgs, AskArgs, EventsArgs, FilterArgs, LedgerArgs, RereadArgs, RowFormat, SearchArgs, ShowArgs,
    ShowFormat, VerifyArgs, WatchArgs,
};

pub use trace::{AcrossArgs, HappeningsArgs, JoinArgs, SplitArgs, StoriesArgs, TraceArgs, TraceGraph, TransfersArgs};

#[cfg(feature = "mcp")]
pub use serve::McpArgs;
#[cfg(feature = "serve")]
pub use serve::{LogArg, ServeArgs};

const EXIT_CODES: &str = "Exit codes:
  0  done
  1  some inputs could not be read (the others were), or a check found faults
  2  wrong usage, or an unusable model, lexicon or output";

/// Reads Arabic news offline: who did what to whom, with what, where and when, and who said so, through whom.
#[derive(Debug, Parser)]
#[command(name = "isnad", version, after_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read articles into entities, statements with their chains, and events.
    #[command(after_help = EXIT_CODES)]
    Read(ReadArgs),
    /// Export claims for other tools (plover, csv, parquet, geojson, jsonld, graphml), with a manifest.
    #[command(after_help = EXIT_CODES)]
    Export(ExportArgs),
    /// Print the layers below the reader: sentences, tokens, numbers, times.
    #[command(alias = "analyze", after_help = EXIT_CODES)]
    Analyse(AnalyseArgs),
    /// Print the documents that intake makes of sources, before anything is read.
    #[command(after_help = EXIT_CODES)]
    Extract(ExtractArgs),
    /// Read articles and keep them with their readings in a ledger; what is known already is not read again.
    #[command(after_help = EXIT_CODES)]
    Add(AddArgs),
    /// Ask feeds, sitemaps and pages again and again, and keep what is new in a ledger, until stopped.
    #[command(after_help = ledger::WATCH_HELP)]
    Watch(WatchArgs),
    /// Find documents by their words.
    #[command(after_help = ledger::SEARCH_HELP)]
    Search(SearchArgs),
    /// List claims of events: who did what to whom, and who says so.
    Events(EventsArgs),
    /// List statements: who said what, through whom.
    Statements(EventsArgs),
    /// The register of transfers: who is said to have given what to whom, a line a delivery with all claims and origins.
    Transfers(TransfersArgs),
    /// List groups of near-copies, or show what each copy changed.
    Stories(StoriesArgs),
    /// List happenings that claims of one or more articles tell of, with outlets, ways and independent origins counted.
    Happenings(HappeningsArgs),
    /// Show by which way each outlet has a happening, from which origins, and where the tellings differ.
    Trace(TraceArgs),
    /// List happenings whose tellings differ: figures, denials, other actors or recipients.
    Contradictions(AcrossArgs),
    /// Figures of each outlet: whom it has its claims from, what it copies, how it names each actor.
    Outlets(AcrossArgs),
    /// Join two happenings that are one; remembered for good.
    Join(JoinArgs),
    /// Split claims off their happening, each into one of its own; remembered for good.
    Split(SplitArgs),
    /// List who takes part in the claims, with every way they are written.
    Actors(ActorsArgs),
    /// Show a document, event, statement or actor of the ledger.
    Show(ShowArgs),
    /// Bring stored readings up to the present reader, weights and lexicon.
    #[command(after_help = EXIT_CODES)]
    Reread(RereadArgs),
    /// Check that the ledger still says what was put into it.
    #[command(after_help = EXIT_CODES)]
    Verify(VerifyArgs),
    /// Serve API and pages: look at a ledger in the browser, add to it, export from it.
    #[cfg(feature = "serve")]
    #[command(after_help = EXIT_CODES)]
    Serve(Box<ServeArgs>),
    /// Answer assistants over standard input and output (Model Context Protocol): search, trace, show.
    #[cfg(feature = "mcp")]
    Mcp(McpArgs),
    /// Score the reader against annotated articles.
    Eval(EvalArgs),
    /// Check, explain and measure the lexicon.
    Lexicon(LexiconArgs),
    /// Measure speed, start-up, memory and the cost of length.
    Bench(BenchArgs),
}

/// Where articles come from.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders or http(s) addresses: plain text, HTML, JSON, JSON Lines, CSV, TSV, feeds, sitemaps, web archives
    /// (WARC), each also as .gz or .zst; `-` or nothing is standard input. A file without an id takes its name;
    /// ID.meta.json beside ID.txt gives published, outlet and url.
    #[arg(value_name = "SOURCE")]
    pub inputs: Vec<PathBuf>,

    /// How sources are taken.
    #[command(flatten)]
    pub intake: IntakeArgs,

    /// Publication date of all articles, instead of their own: relative times refer to it.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub published: Option<String>,

    /// Threads [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// Say nothing about oddities of inputs; errors are still told.
    #[arg(long, short)]
    pub quiet: bool,

    /// Tell every oddity where it is, instead of counting those of one kind.
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// How sources are taken.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Sources")]
pub struct IntakeArgs {
    /// Which columns of a CSV or TSV hold what, like text=body,title=headline; fields are text, title, id, published,
    /// author, outlet, url, language [default: by their usual headings].
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    pub columns: Option<intake::Columns>,

    /// Fetch the pages that feeds and sitemaps list.
    #[arg(long)]
    pub fetch: bool,

    /// Write what could not be read into this file as JSON Lines: source, item, reason.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,

    /// Let addresses, also those that pages and feeds give, lead into private networks and to this machine.
    #[arg(long)]
    pub allow_private: bool,

    /// Least seconds between two requests to one host.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    pub delay: f64,

    /// Most seconds for one request, the whole page included.
    #[arg(long, value_name = "SECONDS", default_value_t = 45.0, value_parser = seconds)]
    pub timeout: f64,
}

fn seconds(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|s| (0.0..=86_400.0).contains(s)).ok_or_else(|| "expected seconds, from 0 to 86400".into())
}

/// Arguments of `extract`.
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// Where articles come from.
    #[command(flatten)]
    pub input: InputArgs,

    /// Form of the output [default: by the ending of --output, else table in a terminal, else jsonl].
    #[arg(long, short, value_enum)]
    pub format: Option<ExtractFormat>,

    /// A file, or a folder (existing, or written with a final `/`) that gets one file an article, named by its id.
    #[arg(long, short, value_name = "FILE|DIR")]
    pub output: Option<PathBuf>,
}

/// Forms of extracted documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExtractFormat {
    /// Blocks for the eye.
    Table,
    /// One object for one document, an array for several.
    Json,
    /// One object a line.
    Jsonl,
}

/// What the reader knows.
#[derive(Debug, Default, Args)]
pub struct EngineArgs {
    /// Weights to use instead of those shipped with the program.
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,

    /// A folder of lexicon files laid over the program's own (layout: lexicon/README.md).
    #[arg(long, value_name = "DIR")]
    pub lexicon: Option<PathBuf>,
}

/// Where results go.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// A file, or a folder (existing, or written with a final `/`) that gets one file an article, named by its id.
    #[arg(long, short, value_name = "FILE|DIR")]
    pub output: Option<PathBuf>,

    /// Add to JSON the text that offsets refer to (always there when it was taken out of a page).
    #[arg(long)]
    pub with_text: bool,
}

/// Forms of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReadFormat {
    /// Blocks for the eye.
    Table,
    /// One object for one article, an array for several.
    Json,
    /// One object a line.
    Jsonl,
    /// One self-contained page.
    Html,
}

/// Forms of an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AnalyseFormat {
    /// One object for one article, an array for several.
    Json,
    /// One object a line.
    Jsonl,
}

/// Arguments of `read`.
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// Where articles come from.
    #[command(flatten)]
    pub input: InputArgs,

    /// Form of the output [default: by the ending of --output, else table in a terminal, else json].
    #[arg(long, short, value_enum)]
    pub format: Option<ReadFormat>,

    /// Show for each event the lexicon entries behind its trigger and how sure each role is.
    #[arg(long)]
    pub explain: bool,

    /// No colours and no invisible direction marks in tables.
    #[arg(long)]
    pub plain: bool,

    /// Tell on standard error how many articles and bytes were read, how fast, in how much memory.
    #[arg(long)]
    pub stats: bool,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,

    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Forms of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// PLOVER's JSON fields, one claim a line.
    Plover,
    /// Tables: events, and beside them participants, things, chains.
    Csv,
    /// One Parquet file through Arrow, lists inside the rows.
    Parquet,
    /// Points for a map; claims without coordinates are counted in the manifest.
    Geojson,
    /// JSON-LD with PROV-O: claims, sayings, agents.
    Jsonld,
    /// A graph for Gephi, networkx and the like; see --graph.
    Graphml,
}

/// Graphs that `--format graphml` can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ExportGraph {
    /// Who to whom: an edge a claim, from each actor to each recipient.
    #[default]
    Actors,
    /// Who from whom: an edge a step of a chain, from origin to relay to outlet.
    Chains,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Where articles come from.
    #[command(flatten)]
    pub input: InputArgs,

    /// Form of the export [default: by the ending of --output].
    #[arg(long, short, value_enum)]
    pub format: Option<ExportFormat>,

    /// The file to write; its manifest is FILE.manifest.json, further tables stand beside it (FILE: claims.csv →
    /// claims.things.csv). Files take their names when they are complete.
    #[arg(long, short, value_name = "FILE", required_unless_present = "schema")]
    pub output: Option<PathBuf>,

    /// Print the schema of a format and end: JSON Schema, for parquet Arrow's fields, for graphml its keys.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub schema: Option<ExportFormat>,

    /// Export from this ledger instead of reading articles: a file, or `postgres://USER@HOST/DATABASE`.
    #[arg(long, value_name = "PATH|URL", conflicts_with_all = ["inputs", "published", "model", "lexicon"])]
    pub ledger: Option<String>,

    /// Which claims; without --ledger only type, mode, status and polarity.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Which graph --format graphml shows.
    #[arg(long, value_enum, default_value_t)]
    pub graph: ExportGraph,

    /// Tell in the manifest when the export was made. Without it, the same input gives the same bytes.
    #[arg(long)]
    pub stamp: bool,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `analyse`.
#[derive(Debug, Args)]
pub struct AnalyseArgs {
    /// Where articles come from.
    #[command(flatten)]
    pub input: InputArgs,

    /// Form of the output [default: by the ending of --output, else json].
    #[arg(long, short, value_enum)]
    pub format: Option<AnalyseFormat>,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,

    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Annotated articles: a folder of ID.txt, ID.gold.json, ID.meta.json, or a JSON Lines file of annotations with their
    /// texts.
    pub articles: PathBuf,

    /// Show so many events that were missed or given in excess.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub errors: usize,

    /// Scores of each article too.
    #[arg(long)]
    pub per_doc: bool,

    /// As JSON.
    #[arg(long)]
    pub json: bool,

    /// Threads [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `lexicon`.
#[derive(Debug, Args)]
pub struct LexiconArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub command: LexiconCommand,
}

/// What can be done with the lexicon.
#[derive(Debug, Subcommand)]
pub enum LexiconCommand {
    /// Find faulty lines: file, line and reason; exit code 1 if there are any.
    Check {
        /// A lexicon folder [default: `lexicon` here].
        dir: Option<PathBuf>,
        /// Entries that stand twice are faults too.
        #[arg(long)]
        strict: bool,
    },
    /// Show all that a written word (or several) can be: cuts, entries, senses, frames, where each stands.
    Explain {
        /// The word or words, as written.
        #[arg(required = true)]
        words: Vec<String>,
        /// A folder laid over the program's own lexicon.
        #[arg(long, value_name = "DIR")]
        lexicon: Option<PathBuf>,
    },
    /// Count entries and spellings.
    Stats {
        /// A folder laid over the program's own lexicon.
        #[arg(long, value_name = "DIR")]
        lexicon: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Measure which share of Arabic words has an analysis, and list the most frequent without one.
    Coverage {
        /// Where articles come from.
        #[command(flatten)]
        input: InputArgs,
        /// List so many words.
        #[arg(long, value_name = "N", default_value_t = 40)]
        unknown: usize,
        /// A folder laid over the program's own lexicon.
        #[arg(long, value_name = "DIR")]
        lexicon: Option<PathBuf>,
    },
}

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Articles to read, as JSON Lines or any other input.
    #[arg(required = true)]
    pub inputs: Vec<PathBuf>,

    /// Most threads to measure [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// Runs of each measurement; the best counts.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub runs: u16,

    /// As JSON.
    #[arg(long)]
    pub json: bool,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Number of threads: as asked, else one a core.
pub fn threads(jobs: Option<u16>) -> usize {
    jobs.map_or_else(crate::pipeline::cores, usize::from)
}

fn date(text: &str) -> Result<String, String> {
    match intake::parse_date(text) {
        Some(_) => Ok(text.to_string()),
        None => Err("expected a date like 2020-05-27, with or without a time".into()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
