//! What can go wrong with an input: every fault says what, where, and what to do about it.

use std::io;

use serde::Serialize;

/// Why one input, or one item of it, was not read. The others still are.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct Skip {
    /// File or address as it was named.
    pub path: String,
    /// Number of the item in it, from 0; `None` where the whole is meant.
    pub item: Option<u64>,
    /// File, and line or item in it, for messages.
    pub place: String,
    /// What is wrong with it.
    #[source]
    pub fault: Fault,
}

/// A line of a report on what was not read.
#[derive(Serialize)]
struct Line<'a> {
    source: &'a str,
    item: Option<u64>,
    reason: String,
}

impl Skip {
    /// The line of a report: `{"source", "item", "reason"}`, with its line break.
    pub fn report_line(&self) -> String {
        let line = Line { source: &self.path, item: self.item, reason: self.fault.to_string() };
        serde_json::to_string(&line).unwrap_or_default() + "\n"
    }
}

/// What is wrong with an input.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The system could not give it.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// Compressed data that end early or are damaged.
    #[error("the {what} data are damaged or cut short ({error}); what came before was read")]
    Damaged {
        /// Name of the compression.
        what: &'static str,
        /// What the decompressor said.
        error: io::Error,
    },
    /// Compressed data that grow beyond all measure.
    #[error("the compressed data grow to more than {0} times their size: taken for a decompression bomb")]
    Bomb(u64),
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
    #[error("is larger than {} MiB, the most that is read as one article; split it", .0 >> 20)]
    TooLarge(usize),
    /// A folder without articles.
    #[error("holds no article (looked for {})", crate::detect::ENDINGS)]
    EmptyFolder,
    /// A table whose columns are not known.
    #[error("{0}")]
    Columns(String),
    /// Markup that is neither feed nor sitemap.
    #[error("is {0}, not a feed or a sitemap")]
    NotAFeed(&'static str),
    /// A sitemap that only lists pages.
    #[error("lists {0} pages or sitemaps but holds no text; give --fetch to read them")]
    OnlyLinks(usize),
    /// A damaged web archive or record.
    #[error("{0}")]
    Archive(String),
    /// A file of Parquet that is damaged, or in a form that is not known.
    #[error("cannot be read as Parquet ({0}); what came before was read")]
    Parquet(String),
    /// A file of Parquet that cannot be had.
    #[error("is Parquet, which {0}")]
    NoParquet(&'static str),
    /// A row of a table that holds no document.
    #[error("{0}")]
    Row(String),
    /// A stored reading that is of no use.
    #[error("the reading that stands beside it {0}; it is read again")]
    Stored(String),
    /// What a server or the way to it did.
    #[error("{0}")]
    Web(#[from] crate::web::WebFault),
    /// A fault of ours.
    #[error("the program failed on it: this is a bug, please report it with the article ({0})")]
    Bug(String),
}

impl Fault {
    /// What is wrong, in few words and without particulars: to count faults of one kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Io(_) => "cannot be read",
            Self::Damaged { .. } => "damaged compression",
            Self::Bomb(_) => "a decompression bomb",
            Self::Binary(_) => "not text",
            Self::Json(_) => "not JSON of the expected form",
            Self::NoText => "a record without \"text\"",
            Self::Empty => "no text",
            Self::TooLarge(_) => "too large",
            Self::EmptyFolder => "a folder without articles",
            Self::Columns(_) => "a table whose columns are not known",
            Self::NotAFeed(_) => "neither feed nor sitemap",
            Self::OnlyLinks(_) => "a sitemap that only lists pages",
            Self::Archive(_) => "a damaged archive or record",
            Self::Parquet(_) => "damaged Parquet",
            Self::NoParquet(_) => "Parquet that cannot be had here",
            Self::Row(_) => "a row without a document",
            Self::Stored(_) => "an unusable stored reading",
            Self::Web(_) => "the server, or the way to it",
            Self::Bug(_) => "a bug in the program",
        }
    }

    /// The fault of a whole file or address.
    pub fn of(self, path: impl Into<String>) -> Skip {
        let path = path.into();
        Skip { place: path.clone(), path, item: None, fault: self }
    }
}

impl From<io::Error> for Fault {
    /// Damage in compressed data has other words than a fault of the disk.
    fn from(error: io::Error) -> Self {
        if let Some(inner) = error.get_ref() {
            if let Some(bomb) = inner.downcast_ref::<crate::unpack::Bomb>() {
                return Self::Bomb(bomb.0);
            }
            if let Some(damage) = inner.downcast_ref::<crate::unpack::Damage>() {
                return Self::Damaged { what: damage.what, error: io::Error::new(error.kind(), damage.error.clone()) };
            }
        }
        Self::Io(error)
    }
}
