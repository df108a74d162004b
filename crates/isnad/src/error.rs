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
    /// The model file is unusable.
    #[error("{}: {source}\n  give --model a file made by `train`, or leave it out to use the weights shipped with the program", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: learn::ModelError,
    },
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
    /// The compiled overlay cannot be used.
    #[error("the compiled overlay is unusable: {0}")]
    Overlay(#[from] lexicon::FormatError),
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
    /// Anything else, with its remedy in the text.
    #[error("{0}")]
    Usage(String),
}

/// Why one input was not read; the others still are: exit code 1.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct InputError {
    /// File, and line or item in it.
    pub place: String,
    /// What is wrong with it.
    #[source]
    pub fault: InputFault,
}

/// What is wrong with an input.
#[derive(Debug, thiserror::Error)]
pub enum InputFault {
    /// The system could not give it.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// Compressed data that end early or are damaged.
    #[error("the gzip data are damaged or cut short ({0}); what came before was read")]
    Gzip(io::Error),
    /// Not text.
    #[error("is {0}, not text; convert it to plain text, HTML or JSON first")]
    Binary(&'static str),
    /// Not JSON.
    #[error("is not JSON of the expected form ({0}); expected an object like {{\"id\": …, \"title\": …, \"text\": …}}")]
    Json(String),
    /// A record without an article.
    #[error("has no \"text\"; expected an object like {{\"id\": …, \"title\": …, \"text\": …}}")]
    NoText,
    /// Nothing to keep.
    #[error("holds no text")]
    Empty,
    /// Larger than is read at once.
    #[error("is larger than {} MiB, the most that is read as one article; split it", crate::input::MOST >> 20)]
    TooLarge,
    /// A folder without articles.
    #[error("holds no article (looked for .txt .html .htm .xhtml .json .jsonl .ndjson, also .gz)")]
    EmptyFolder,
    /// A fault of ours.
    #[error("the program failed on it: this is a bug, please report it with the article ({0})")]
    Bug(String),
}

impl InputFault {
    /// What is wrong, in few words and without particulars: to count faults of one kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Io(_) => "cannot be read",
            Self::Gzip(_) => "damaged compression",
            Self::Binary(_) => "not text",
            Self::Json(_) => "not JSON of the expected form",
            Self::NoText => "a record without \"text\"",
            Self::Empty => "no text",
            Self::TooLarge => "too large",
            Self::EmptyFolder => "a folder without articles",
            Self::Bug(_) => "a bug in the program",
        }
    }

    /// The fault with the place it was found at.
    pub fn at(self, place: impl Into<String>) -> InputError {
        InputError { place: place.into(), fault: self }
    }
}
