//! What can go wrong: every error says what, where, and what to do about it.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// How a command ended that could run at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Clean,
    /// Some inputs could not be read, or a check found faults.
    Faulty,
}

impl Outcome {
    /// [`Outcome::Faulty`] if there were faults.
    pub fn from_faults(faults: usize) -> Self {
        if faults == 0 { Self::Clean } else { Self::Faulty }
    }
}

impl From<Outcome> for ExitCode {
    fn from(o: Outcome) -> Self {
        match o {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Faulty => Self::from(1),
        }
    }
}

/// The command cannot be carried out: exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// A file that the command cannot do without is unreadable.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The lexicon folder is unusable.
    #[error("{source}\n  --lexicon takes a folder laid out like `lexicon/` (see lexicon/README.md)")]
    Lexicon {
        /// What is wrong with it.
        #[from]
        source: lexicon::LoadError,
    },
    /// Lexicon, weights and reader do not go together.
    #[error("{}{}", .0, remedy(.0))]
    Assembly(assembly::AssemblyError),
    /// The report cannot be written.
    #[error("{}: the report cannot be written: {source}\n  give --report a file that may be written", path.display())]
    Report {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Nowhere to write.
    #[error("{}: cannot be written: {source}\n  give --output a file or a folder that may be written", path.display())]
    Write {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The annotated articles are unusable.
    #[error("{0}\n  `isnad eval` takes a folder of ID.txt with ID.gold.json")]
    Gold(#[from] eval::GoldError),
    /// The ledger cannot be used.
    #[error("{0}")]
    Ledger(#[from] ledger::LedgerError),
    /// What is known across articles cannot be used, or nothing is called so.
    #[error("{0}")]
    Traced(#[from] traced::TracedError),
    /// The server cannot start or go on.
    #[cfg(feature = "serve")]
    #[error("{0}")]
    Server(#[from] server::ServerError),
    /// Anything else, with its remedy in the text.
    #[error("{0}")]
    Usage(String),
}

impl From<assembly::AssemblyError> for Fatal {
    fn from(error: assembly::AssemblyError) -> Self {
        match error {
            assembly::AssemblyError::Lexicon(source) => Self::Lexicon { source },
            other => Self::Assembly(other),
        }
    }
}

/// What to do about it, after a line break.
fn remedy(error: &assembly::AssemblyError) -> &'static str {
    match error {
        assembly::AssemblyError::Model { .. } => {
            "\n  give --model a file made by `train`, or leave it out to use the weights shipped with the program"
        }
        _ => "",
    }
}
