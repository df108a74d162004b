//! Searches as users write them.
//!
//! `وزير الدفاع` both words, in any form with attached words · `"وزير الدفاع"` these words as written, side by side ·
//! `a OR b` · `a AND b` (the same as side by side) · `NOT a`, `-a` · `( … )` · `word*` words that begin like this ·
//! `title:word`, `title:"two words"` · `outlet:name`, which narrows the whole search.

use std::fmt::Write;

use reader::Reader;

use crate::error::{LedgerError, Result};
use crate::shadow;

/// How deep parentheses may go.
const DEPTH: usize = 32;
/// How many words a search may have.
const WORDS: usize = 64;

/// A search, read: what [`crate::Ledger::ranked`] looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What the text must hold.
    pub(crate) words: Expression,
    /// Outlets wanted: one of these.
    pub(crate) outlets: Vec<String>,
    /// Outlets not wanted.
    pub(crate) not_outlets: Vec<String>,
}

/// What a text must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// All of the first, none of the second; there is a first.
    All(Vec<Expression>, Vec<Expression>),
    /// At least one of them.
    Any(Vec<Expression>),
    /// A word or words.
    Term(Term),
}

/// A word or words side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Only in the headline.
    pub title: bool,
    /// The words in order; at least one.
    pub words: Vec<Wanted>,
    /// As written, attached words and all.
    pub exact: bool,
    /// The last word may go on.
    pub prefix: bool,
}

/// One word of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Folded.
    pub word: String,
    /// Without attached words.
    pub stem: String,
    /// Spellings with attached words to look for besides, where the lexicon does not know the word.
    pub spellings: Vec<String>,
}

impl Term {
    /// Whether a word of a text (folded, and its stem) is word `i` of this term.
    pub fn matches(&self, i: usize, word: &str, stem: &str) -> bool {
        let w = &self.words[i];
        if self.prefix && i + 1 == self.words.len() {
            return word.starts_with(&w.word) || (!self.exact && stem.starts_with(&w.stem));
        }
        word == w.word || (!self.exact && (stem == w.stem || word == w.stem || w.spellings.iter().any(|s| s == word)))
    }
}

impl Expression {
    /// The terms that a hit holds or may hold, not those it must not.
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            Self::Term(t) => vec![t],
            Self::Any(parts) | Self::All(parts, _) => parts.iter().flat_map(Self::terms).collect(),
        }
    }
}

impl Search {
    /// Reads a search as users write it. The reader cuts its words as it cut those of the documents.
    pub fn parse(text: &str, reader: &mut Reader) -> Result<Self> {
        if text.len() > 8000 {
            return Err(question("is longer than 8,000 bytes"));
        }
        let marks = lex(text);
        let mut parser = Parser { marks, at: 0, reader, outlets: Vec::new(), not_outlets: Vec::new(), words: 0 };
        let words = parser.any(0)?;
        if parser.at < parser.marks.len() {
            return Err(question("has a closing parenthesis too many"));
        }
        let (outlets, not_outlets) = (parser.outlets, parser.not_outlets);
        match words {
            Some(words) => Ok(Self { words, outlets, not_outlets }),
            None if outlets.is_empty() => Err(question("says nothing to look for")),
            None => Err(question("has only outlets; give words too, or use --outlet with `isnad events`")),
        }
    }

    /// Its words as they are looked for: folded, without attached words where they are not asked for as written.
    pub fn understood(&self) -> Vec<String> {
        let words = self.words.terms().into_iter().flat_map(|t| {
            t.words.iter().map(move |w| if t.exact || t.words.len() > 1 { w.word.clone() } else { w.stem.clone() })
        });
        words.collect()
    }
}

fn question(what: &str) -> LedgerError {
    LedgerError::Question(format!(
        "the search {what}\n  words, \"a phrase\", word*, AND, OR, NOT or -, ( ), title:word, outlet:name"
    ))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
    And,
    Or,
    Not,
    /// Field, words, whether in quotes, whether followed by `*`.
    Words(Option<&'static str>, String, bool, bool),
}

fn lex(text: &str) -> Vec<Mark> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let quote = |c: char| matches!(c, '"' | '“' | '”' | '«' | '»' | '„');
        match c {
            c if c.is_whitespace() => rest = &rest[c.len_utf8()..],
            '(' => {
                out.push(Mark::Open);
                rest = &rest[1..];
            }
            ')' => {
                out.push(Mark::Close);
                rest = &rest[1..];
            }
            '-' => {
                out.push(Mark::Not);
                rest = &rest[1..];
            }
            _ => {
                let mut field = None;
                for name in ["title:", "outlet:"] {
                    if let Some(r) = rest.strip_prefix(name) {
                        field = Some(&name[..name.len() - 1]);
                        rest = r;
                    }
                }
                let (words, quoted) = match rest.chars().next() {
                    Some(q) if quote(q) => {
                        let inner = &rest[q.len_utf8()..];
                        let end = inner.find(quote).unwrap_or(inner.len());
                        rest = inner[end..].chars().next().map_or("", |q| &inner[end + q.len_utf8()..]);
                        (&inner[..end], true)
                    }
                    _ => {
                        let ends = |c: char| c.is_whitespace() || quote(c) || c == '(' || c == ')';
                        let end = rest.find(ends).unwrap_or(rest.len());
                        let word = &rest[..end];
                        rest = &rest[end..];
                        (word, false)
                    }
                };
                let star = if quoted { rest.starts_with('*') } else { words.ends_with('*') };
                if quoted && star {
                    rest = &rest[1..];
                }
                out.push(match words {
                    "AND" | "&" if field.is_none() && !quoted => Mark::And,
                    "OR" | "|" if field.is_none() && !quoted => Mark::Or,
                    "NOT" if field.is_none() && !quoted => Mark::Not,
                    _ => Mark::Words(field, words.to_string(), quoted, star),
                });
            }
        }
    }
    out
}

struct Parser<'a> {
    marks: Vec<Mark>,
    at: usize,
    reader: &'a mut Reader,
    outlets: Vec<String>,
    not_outlets: Vec<String>,
    words: usize,
}

/// What a part of a search comes to: nothing where it holds no word.
type Part = Option<Expression>;

impl Parser<'_> {
    fn any(&mut self, depth: usize) -> Result<Part> {
        let mut parts = Vec::new();
        let mut several = false;
        loop {
            let outlets = self.outlets.len() + self.not_outlets.len();
            parts.extend(self.all(depth)?);
            let narrowed = self.outlets.len() + self.not_outlets.len() > outlets;
            let more = self.marks.get(self.at) == Some(&Mark::Or);
            several |= more;
            if narrowed && (several || depth > 0) {
                return Err(question("has outlet: inside OR or parentheses; it narrows the whole search"));
            }
            if !more {
                break;
            }
            self.at += 1;
        }
        Ok(if parts.len() > 1 { Some(Expression::Any(parts)) } else { parts.pop() })
    }

    fn all(&mut self, depth: usize) -> Result<Part> {
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        let mut not = false;
        while let Some(mark) = self.marks.get(self.at).cloned() {
            match mark {
                Mark::Or | Mark::Close => break,
                Mark::And => self.at += 1,
                Mark::Not => {
                    self.at += 1;
                    not = !not;
                    continue;
                }
                Mark::Open => {
                    if depth >= DEPTH {
                        return Err(question("has parentheses inside parentheses more than 32 deep"));
                    }
                    self.at += 1;
                    let part = self.any(depth + 1)?;
                    if self.marks.get(self.at) == Some(&Mark::Close) {
                        self.at += 1;
                    }
                    if not { unwanted.extend(part) } else { wanted.extend(part) }
                }
                Mark::Words(Some("outlet"), name, ..) => {
                    self.at += 1;
                    if name.trim().is_empty() {
                        return Err(question("has outlet: without a name"));
                    }
                    if not { self.not_outlets.push(name) } else { self.outlets.push(name) }
                }
                Mark::Words(field, words, quoted, star) => {
                    self.at += 1;
                    let term = self.term(field == Some("title"), &words, quoted, star)?;
                    if not { unwanted.extend(term) } else { wanted.extend(term) }
                }
            }
            not = false;
        }
        if wanted.is_empty() {
            return if unwanted.is_empty() { Ok(None) } else { Err(question("says only what is not wanted")) };
        }
        if wanted.len() == 1 && unwanted.is_empty() {
            return Ok(wanted.pop());
        }
        Ok(Some(Expression::All(wanted, unwanted)))
    }

    fn term(&mut self, title: bool, text: &str, exact: bool, prefix: bool) -> Result<Part> {
        let mut words = Vec::new();
        shadow::cut(self.reader, text, |_, cut| {
            let spellings = if cut.known || cut.word.chars().count() < 3 { Vec::new() } else { attached(cut.stem) };
            words.push(Wanted { word: cut.word.into(), stem: cut.stem.into(), spellings });
        });
        self.words += words.len();
        if self.words > WORDS {
            return Err(question("has more than 64 words"));
        }
        Ok((!words.is_empty()).then_some(Expression::Term(Term { title, words, exact, prefix })))
    }
}

/// The spellings of a word that nobody knows with what newspapers attach to it.
fn attached(stem: &str) -> Vec<String> {
    ["و", "ف", "ب", "ل", "ك", "وب", "ول", "ال", "وال", "بال", "لل", "وبال", "ولل"]
        .iter()
        .map(|head| format!("{head}{stem}"))
        .collect()
}

/// The search as FTS5 reads it. Words are letters and digits only, and stand in quotes: nothing of them is obeyed.
pub fn fts5(e: &Expression) -> String {
    let join = |parts: &[Expression], with: &str| parts.iter().map(fts5).collect::<Vec<_>>().join(with);
    match e {
        Expression::Any(parts) => format!("({})", join(parts, " OR ")),
        Expression::All(parts, not) if not.is_empty() => format!("({})", join(parts, " AND ")),
        Expression::All(parts, not) => format!("(({}) NOT ({}))", join(parts, " AND "), join(not, " OR ")),
        Expression::Term(t) => {
            let (written, stems) = if t.title {
                ("{title}", "{title title_stems}")
            } else {
                ("{title body}", "{title body title_stems body_stems}")
            };
            let star = if t.prefix { "*" } else { "" };
            let phrase = t.words.iter().map(|w| w.word.as_str()).collect::<Vec<_>>().join(" ");
            let mut out = format!("{written} : \"{phrase}\"{star}");
            if !t.exact && t.words.len() == 1 {
                let w = &t.words[0];
                let _ = write!(out, " OR {stems} : \"{}\"{star}", w.stem);
                for s in &w.spellings {
                    let _ = write!(out, " OR {written} : \"{s}\"");
                }
            }
            format!("({out})")
        }
    }
}

/// The search as PostgreSQL's `tsquery`.
#[cfg(feature = "postgres")]
pub fn tsquery(e: &Expression) -> String {
    let join = |parts: &[Expression], with: &str| parts.iter().map(tsquery).collect::<Vec<_>>().join(with);
    match e {
        Expression::Any(parts) => format!("({})", join(parts, " | ")),
        Expression::All(parts, not) if not.is_empty() => format!("({})", join(parts, " & ")),
        Expression::All(parts, not) => format!("(({}) & !({}))", join(parts, " & "), join(not, " | ")),
        Expression::Term(t) => {
            let label = match (t.prefix, t.title) {
                (false, false) => "",
                (false, true) => ":A",
                (true, false) => ":*",
                (true, true) => ":*A",
            };
            let inner = if t.title { ":A" } else { "" };
            let last = t.words.len() - 1;
            let phrase: Vec<String> = (t.words.iter().enumerate())
                .map(|(i, w)| format!("'{}'{}", w.word, if i == last { label } else { inner }))
                .collect();
            let mut out = phrase.join(" <-> ");
            if !t.exact && t.words.len() == 1 {
                let w = &t.words[0];
                let _ = write!(out, " | '~{0}'{label} | '{0}'{label}", w.stem);
                for s in &w.spellings {
                    let _ = write!(out, " | '{s}'{inner}");
                }
            }
            format!("({out})")
        }
    }
}
