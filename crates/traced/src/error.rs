use ledger::LedgerError;
use trace::record::Error;

/// What may go wrong: the ledger, or a record, id or decision of trace.
#[derive(Debug, thiserror::Error)]
pub enum TracedError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A record on the shelf is not what this version writes.
    #[error("{0}\n  `isnad trace --rebuild` makes all of it anew; what you joined and split is kept")]
    Record(String),
    /// Nothing is called so, or decisions exclude each other.
    #[error("{0}")]
    Question(String),
}

impl From<Error<LedgerError>> for TracedError {
    fn from(e: Error<LedgerError>) -> Self {
        match e {
            Error::Store(e) => Self::Ledger(e),
            e @ Error::Record { .. } => Self::Record(e.to_string()),
            e @ (Error::Unknown { .. } | Error::Conflict(_)) => Self::Question(e.to_string()),
        }
    }
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, TracedError>;
