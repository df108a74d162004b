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
    /// Where it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
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
