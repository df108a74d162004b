use serde::{Deserialize, Serialize};

use crate::{Bound, Span};

/// The layers below the reader: sentences, tokens, numbers, times of one article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The document's id, as it came.
    pub id: String,
    /// Sentences in order.
    pub sentences: Vec<Span>,
    /// Written words, numbers and marks in order.
    pub tokens: Vec<TokenAnalysis>,
    /// Numbers as typed values.
    pub numbers: Vec<NumberValue>,
    /// Dates, times, durations.
    pub times: Vec<TimeValue>,
}

/// A written word with its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenAnalysis {
    /// Where it stands.
    pub span: Span,
    /// Folded spelling.
    pub norm: String,
    /// Lemma of the stem, as far as the lexicon knows it; else the stem.
    pub lemma: String,
    /// Universal POS of the stem.
    pub pos: String,
    /// The parts a treebank would split off; the article stays with its noun.
    pub segments: Vec<Segment>,
}

/// A part of a written word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Where it stands.
    pub span: Span,
    /// Universal POS.
    pub pos: String,
}

/// A number in the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberValue {
    /// Where it stands.
    pub span: Span,
    /// `cardinal`, `ordinal`, `percent`, `money`, `measure` or `range`.
    pub kind: String,
    /// The value; none for ranges and vague numbers.
    #[serde(with = "crate::number::optional")]
    pub value: Option<f64>,
    /// Low end of a range.
    #[serde(with = "crate::number::optional")]
    pub low: Option<f64>,
    /// High end of a range.
    #[serde(with = "crate::number::optional")]
    pub high: Option<f64>,
    /// How it bounds the true value.
    pub bound: Bound,
    /// ISO 4217 or UCUM code.
    pub unit: Option<String>,
}

/// A time in the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeValue {
    /// Where it stands.
    pub span: Span,
    /// `date`, `time`, `duration`, `set` or `period`.
    pub kind: String,
    /// EDTF or ISO 8601; none where the text gives no anchor.
    pub value: Option<String>,
    /// The Hijri date as written, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hijri: Option<String>,
}
