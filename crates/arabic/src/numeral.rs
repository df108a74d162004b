//! Numbers as written in news: digits of three scripts, words in every case form, and mixtures of both.
//!
//! [`word_class`] tells whether one folded word can belong to a number; callers cache it per word type.
//! [`numbers`] walks the classes and touches text only where one is set, so text without numbers costs almost nothing.
//! Amounts are held as whole billionths, so `1.5 مليون` is exactly 1 500 000; what does not fit is no number.

mod amount;
mod bounds;
mod cardinal;
mod digits;
mod prefix;
mod reader;
mod units;
mod words;
mod write;

pub use reader::{Kind, Number, dual, numbers, numbers_excluding, read};
pub use words::{NumWord, word_class};
pub use write::{Case, Gender, to_words};

pub(crate) use amount::Amount;
pub(crate) use cardinal::{Parser, Words};
pub(crate) use prefix::{Particle, Prefix, split, start_after_letters};
pub(crate) use reader::is_count;
pub(crate) use words::{Fraction, Role};
