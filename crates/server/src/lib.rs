//! HTTP API, pages and MCP tools over a ledger: look, and see who said it.
//!
//! Lists, timeline and map are answered from an index in memory that is made of the ledger when the server starts and kept
//! up with it; texts are fetched for what is shown. Questions run in a bounded pool of threads, each with its own
//! connection; one thread writes.

mod across;
mod adding;
mod api;
mod app;
mod article;
mod board;
mod desk;
mod files;
mod flights;
mod guard;
mod index;
mod kept;
#[cfg(feature = "mcp")]
pub mod mcp;
mod metrics;
mod names;
mod pages;
mod problem;
mod query;
mod searches;
mod serve;
mod settings;
mod show;
mod told;
mod types;

pub use pages::here as has_pages;
pub use serve::{Log, Server, openapi, serve};
pub use settings::{ServerError, Settings, Tokens};
