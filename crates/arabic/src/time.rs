//! Dates and times as the Arab press writes them, resolved against the day of publication.
//!
//! Month names of the Levant, Egypt and the Gulf, the Maghreb and the Hijri calendar; weekdays and relative days;
//! clock times; durations; repeated times; periods. Values are EDTF (level 1, with the seasons and quarters of level 2)
//! or ISO 8601, in the proleptic Gregorian calendar; a length from the least to the most is two of them (`P5Y/P10Y`). Hijri dates are converted by the Umm al-Qura tables.
//!
//! What has no year or names only a weekday is taken for the nearest past one, unless an adjective (المقبل) or the
//! nearest verb before it (من المقرر, سيعقد, يبدأ) points ahead. Without a reference such dates keep unknown digits
//! (`XXXX-10-07`) or have no value.

mod calendar;
mod clock;
mod dates;
mod duration;
mod join;
mod numeric;
mod relative;
mod scan;
mod tense;
mod words;

use jiff::civil::Date;
use model::Span;

pub use words::{TimeWord, word_class};

use crate::Tokens;

/// What a time expression denotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A day or a larger unit of the calendar.
    Date,
    /// A time of day, with its date where known.
    Time,
    /// A length of time.
    Duration,
    /// A time that repeats.
    Set,
    /// From one date or time to another.
    Period,
}

impl Kind {
    /// The code used in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Set => "set",
            Self::Period => "period",
        }
    }
}

/// A time expression read from the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// The whole expression, less an attached و ف ب ل ك.
    pub span: Span,
    /// First token of the span.
    pub first_token: usize,
    /// Last token of the span.
    pub last_token: usize,
    /// What it denotes.
    pub kind: Kind,
    /// EDTF or ISO 8601; none where the text gives no anchor.
    pub value: Option<String>,
    /// The Hijri date (`1441-10-04`), where the text gives one.
    pub hijri: Option<String>,
}

/// Reads the time expressions of a text, classifying every token anew: for tests and single sentences.
pub fn read(tokens: &Tokens, reference: Option<Date>) -> Vec<Time> {
    let classes: Vec<_> = (0..tokens.len()).map(|i| word_class(tokens.norm(i))).collect();
    times(tokens, &classes, reference)
}

/// Reads the time expressions of a text from the class of each token; `reference` is the day of publication.
pub fn times(tokens: &Tokens, classes: &[Option<TimeWord>], reference: Option<Date>) -> Vec<Time> {
    let count = tokens.len().min(classes.len());
    let scanner = scan::Scanner::new(tokens, &classes[..count], reference);
    let found = join::join(&scanner, scanner.scan());
    found.into_iter().map(|f| scanner.finish(f)).collect()
}
