//! A plain text file: one article, its offsets running over the file as it is.

use model::Document;

use super::{Meta, Prepared, encoding};
use crate::error::InputFault;

/// The document of a plain text and its meta file.
pub fn document(bytes: Vec<u8>, meta: Option<&[u8]>, id: String) -> Result<Prepared, InputFault> {
    let (text, notes) = encoding::decode(bytes)?;
    let mut prepared = Prepared { document: Document { id, text, ..Document::default() }, notes, extracted: false };
    Meta::apply(meta, &mut prepared);
    Ok(prepared)
}
