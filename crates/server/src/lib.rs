//! HTTP API, pages and MCP tools over a ledger: look, and see who said it.
mod article;
mod board;
mod index;
mod kept;
mod names;
mod problem;
mod query;
mod show;
mod traced;
mod types;
