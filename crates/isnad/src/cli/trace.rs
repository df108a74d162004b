//! Arguments of the commands across articles.

use clap::{Args, ValueEnum};

use super::EngineArgs;
use super::ledger::{AskArgs, FilterArgs, LedgerArgs, ShowFormat};

/// Arguments of `contradictions` and `outlets`.
#[derive(Debug, Args)]
pub struct AcrossArgs {
    /// How it is answered.
    #[command(flatten)]
    pub ask: AskArgs,

    /// At least one claim of it must be so.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// By which names outlets are known.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `happenings`.
#[derive(Debug, Args)]
pub struct HappeningsArgs {
    /// Only those that at least so many outlets carry.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub min_outlets: usize,

    /// Which, and how they are shown.
    #[command(flatten)]
    pub across: AcrossArgs,
}

/// Arguments of `transfers`.
#[derive(Debug, Args)]
pub struct TransfersArgs {
    /// A line a claim, not a line a delivery.
    #[arg(long)]
    pub claims: bool,

    /// Which, and how they are shown.
    #[command(flatten)]
    pub across: AcrossArgs,
}

/// Arguments of `stories`.
#[derive(Debug, Args)]
pub struct StoriesArgs {
    /// Show what each copy of this story changed: its id, or a document of it.
    #[arg(long, value_name = "ID")]
    pub changes: Option<String>,

    /// Which, and how they are shown.
    #[command(flatten)]
    pub across: AcrossArgs,
}

/// Forms of the graph of chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TraceGraph {
    /// A graph for Graphviz to draw.
    Dot,
    /// A graph for Gephi and networkx to open.
    Graphml,
}

/// Arguments of `trace`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct TraceArgs {
    /// A happening's id, a claim (DOCUMENT/ev3), or a document: all its happenings.
    #[arg(required_unless_present_any = ["update", "rebuild"])]
    pub id: Option<String>,

    /// Tell why each claim was joined, with what each reason adds to the log odds.
    #[arg(long)]
    pub explain: bool,

    /// Print the graph of chains alone.
    #[arg(long, value_enum)]
    pub graph: Option<TraceGraph>,

    /// Words in Arabic.
    #[arg(long)]
    pub arabic: bool,

    /// Trace what is not traced yet, and end.
    #[arg(long, conflicts_with_all = ["id", "rebuild"])]
    pub update: bool,

    /// Forget all that is known across articles but what was joined and split by hand, and trace everything again.
    #[arg(long, conflicts_with = "id")]
    pub rebuild: bool,

    /// Form [default: table in a terminal, else json].
    #[arg(long, short, value_enum)]
    pub format: Option<ShowFormat>,

    /// How long --update and --rebuild wait for another that writes to the ledger, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,

    /// Which ledger.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// By which names outlets are known.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `join`.
#[derive(Debug, Args)]
pub struct JoinArgs {
    /// A happening: its id, or a claim of it (DOCUMENT/ev3).
    pub a: String,
    /// The other.
    pub b: String,

    /// How long to wait for another that writes to the ledger, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,

    /// Which ledger.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// By which names outlets are known.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Arguments of `split`.
#[derive(Debug, Args)]
pub struct SplitArgs {
    /// Claims: DOCUMENT/ev3.
    #[arg(required = true, value_name = "CLAIM")]
    pub claims: Vec<String>,

    /// How long to wait for another that writes to the ledger, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,

    /// Which ledger.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// By which names outlets are known.
    #[command(flatten)]
    pub engine: EngineArgs,
}
