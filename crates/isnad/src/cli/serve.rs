//! Arguments of `serve` and `mcp`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{EngineArgs, LedgerArgs};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Which ledger; it is made where there is none.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// Where to listen. Beyond loopback, --token-file says who may ask.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7878")]
    pub listen: SocketAddr,

    /// Who may ask: a file with `read TOKEN` or `write TOKEN` a line.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,

    /// Open on an invented week of news in a temporary ledger, which is gone afterwards.
    #[arg(long, conflicts_with_all = ["lexicon", "model"])]
    pub demo: bool,

    /// What is logged to standard error.
    #[arg(long, value_enum, default_value_t = LogArg::Quiet)]
    pub log: LogArg,

    /// Threads that ask the ledger [default: one a core, 2 to 16].
    #[arg(long, short = 'j', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,

    /// Most seconds for a question.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,

    /// Most megabytes of a request.
    #[arg(long, value_name = "MB", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub body: u16,

    /// Let addresses that are added lead into private networks and to this machine.
    #[arg(long)]
    pub allow_private: bool,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// What is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogArg {
    /// Only what goes wrong.
    Quiet,
    /// A line for each request.
    Lines,
    /// The same as JSON.
    Json,
}

/// Arguments of `mcp`.
#[cfg(feature = "mcp")]
#[derive(Debug, Args)]
pub struct McpArgs {
    /// Which ledger.
    #[command(flatten)]
    pub ledger: LedgerArgs,

    /// What the reader knows.
    #[command(flatten)]
    pub engine: EngineArgs,
}
