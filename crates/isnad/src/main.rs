//! The program `isnad`: reads Arabic news offline into attributed events, and tells why.

mod cli;
mod commands;
mod engine;
mod error;
mod intaking;
mod output;
mod pipeline;
mod progress;
mod tracing;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(outcome) => outcome.into(),
        Err(fatal) => {
            eprintln!("isnad: {fatal}");
            ExitCode::from(2)
        }
    }
}
