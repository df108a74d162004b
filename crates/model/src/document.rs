use serde::{Deserialize, Serialize};

/// One article as given to the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The caller's name for the article; kept as it came.
    #[serde(default)]
    pub id: String,
    /// Headline, when it is known apart from the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The body; offsets run over `title + "\n" + text`, or over `text` alone where there is no title.
    #[serde(default)]
    pub text: String,
    /// Publication date as given (ISO 8601 date or date-time).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The outlet that carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// Canonical address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who signed it, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Language that the source declares (BCP 47), before anything was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Encoding that its bytes were decoded from (WHATWG name).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Where it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// Where a document was taken from: a file or address, and the item in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// File as named by the user, or address.
    pub path: String,
    /// What kind of container it came in.
    pub kind: SourceKind,
    /// Number of the item within it, from 0: the record of an archive, the entry of a feed, the line of a table.
    pub item: u64,
}

/// What a document came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Plain text.
    Text,
    /// A web page.
    Html,
    /// An entry of a feed, or the page it links to.
    Feed,
    /// A record of a web archive.
    Warc,
    /// JSON, JSON Lines.
    Json,
    /// A row of a table.
    Csv,
    /// A row of a table in columns.
    Parquet,
}

impl Document {
    /// The whole text that offsets refer to.
    pub fn whole(&self) -> std::borrow::Cow<'_, str> {
        match &self.title {
            Some(t) => format!("{t}\n{}", self.text).into(),
            None => self.text.as_str().into(),
        }
    }
}
