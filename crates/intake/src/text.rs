//! A plain text file: one article, its offsets running over the file as it is.

use model::Document;

use crate::fault::Fault;
use crate::{Meta, Prepared, encoding};

/// The document of a plain text and its meta file.
pub fn document(bytes: Vec<u8>, meta: Option<&[u8]>, id: String) -> Result<Prepared, Fault> {
    let decoded = encoding::decode(bytes)?;
    let document = Document { id, text: decoded.text, encoding: Some(decoded.encoding.into()), ..Document::default() };
    let mut prepared = Prepared::new(document, decoded.notes);
    Meta::apply(meta, &mut prepared);
    Ok(prepared)
}
