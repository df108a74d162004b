//! Documents whose readings are older than the reader.

use model::Document;

use crate::error::{LedgerError, Result};
use crate::identity::DocumentId;
use crate::ledger::{Ledger, Packed};
use crate::packing::Kind;
use crate::write::Version;

/// Documents to be read again, one after the other, in memory of a few of them. Those that a [`crate::Writer`] has
/// replaced meanwhile do not come again.
pub struct Outdated {
    ledger: Ledger,
    version: Option<Version>,
    after: i64,
    page: std::vec::IntoIter<Packed>,
    ended: bool,
}

impl Outdated {
    /// Documents that were read by anything but `version`; with none, all documents.
    pub fn new(ledger: Ledger, version: Option<Version>) -> Self {
        Self { ledger, version, after: 0, page: Vec::new().into_iter(), ended: false }
    }
}

impl Iterator for Outdated {
    type Item = Result<(DocumentId, Document)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 && !self.ended {
            match self.ledger.outdated(self.version.as_ref(), self.after, 64) {
                Ok(page) => {
                    self.after = page.last().map_or(self.after, |p| p.0);
                    self.ended = page.is_empty();
                    self.page = page.into_iter();
                }
                Err(e) => {
                    self.ended = true;
                    return Some(Err(e));
                }
            }
        }
        let (number, hash, record) = self.page.next()?;
        let damaged = |why| LedgerError::Damaged { place: self.ledger.location().to_string(), why };
        let id = DocumentId::from_bytes(&hash).ok_or_else(|| damaged(format!("document number {number} has no id")));
        Some(id.and_then(|id| {
            let document = Kind::Document.unpack(&record).map_err(|e| damaged(format!("the text of {id} {e}")))?;
            Ok((id, document))
        }))
    }
}
