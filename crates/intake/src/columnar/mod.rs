//! Tables of Arrow: rows as documents, whatever library they come from.

mod column;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
mod rows;

pub use rows::{Bad, Names, Rows, check, content_id, dated};
