//! Arabic text with exact offsets: letters, tokens, sentences, quotations, clitics, numerals, dates.
//!
//! Knows Arabic, knows nothing of news. All offsets handed out are Unicode code points into the given text
//! unless a name says `bytes`.

pub mod clitic;
pub mod letter;
pub mod numeral;
pub mod quote;
pub mod sentence;
pub mod time;
mod token;

pub use token::{Kind, Token, Tokens};
