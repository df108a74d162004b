//! `isnad mcp`

use crate::cli::McpArgs;
use crate::engine;
use crate::error::{Fatal, Outcome};

/// Answers until standard input ends.
pub fn run(args: &McpArgs) -> Result<Outcome, Fatal> {
    let (engine, version) = engine::build_versioned(&args.engine)?;
    server::mcp::run(server::Settings::new(args.ledger.location(), engine, version))?;
    Ok(Outcome::Clean)
}
