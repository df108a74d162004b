//! What full-text search looks in: the words of a document, folded, each beside what it is without attached words.

use model::{Document, Span};
use reader::Reader;

/// The searchable words of a document, joined by single spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shadow {
    /// Words of the headline as written, folded.
    pub title: String,
    /// Words of the body as written, folded.
    pub body: String,
    /// Stems of the headline's words that differ from the words.
    pub title_stems: String,
    /// Stems of the body's words that differ from the words.
    pub body_stems: String,
}

impl Shadow {
    /// The shadow of a document. Time linear in its text; quick after the same reader has read it.
    pub fn of(reader: &mut Reader, document: &Document) -> Self {
        let mut out = Self::default();
        if let Some(title) = &document.title {
            cut(reader, title, |_, word| push(word, &mut out.title, &mut out.title_stems));
        }
        cut(reader, &document.text, |_, word| push(word, &mut out.body, &mut out.body_stems));
        out
    }

    /// The words as PostgreSQL's `tsvector`: places count on from title to body, the title weighs A, and stems are
    /// marked by `~`. What goes beyond PostgreSQL's limits (a megabyte, words of 2 KB) is left out.
    #[cfg(feature = "postgres")]
    pub(crate) fn vector(&self) -> String {
        use std::collections::BTreeMap;
        use std::fmt::Write;
        /// PostgreSQL takes a megabyte, with four bytes a word and two a place.
        const MOST: usize = 900_000;
        let mut places: BTreeMap<String, Vec<(usize, bool)>> = BTreeMap::new();
        let mut room = 0;
        let mut take = |words: &str, mark: &str, title: bool, from: usize| -> usize {
            let mut at = from;
            for word in words.split(' ').filter(|w| !w.is_empty()) {
                at += 1;
                let word = format!("{mark}{word}");
                // places are counted to 16,383, and 255 of a word are kept
                let known = places.get(&word).map_or(0, Vec::len);
                let cost = if known == 0 { word.len() + 12 } else { 2 };
                if word.len() > 2000 || room + cost > MOST || known >= 255 {
                    continue;
                }
                room += cost;
                places.entry(word).or_default().push((at.min(16_383), title));
            }
            at
        };
        let end = take(&self.title, "", true, 0);
        take(&self.body, "", false, end);
        let end = take(&self.title_stems, "~", true, 0);
        take(&self.body_stems, "~", false, end);
        let mut out = String::with_capacity(room * 2);
        for (word, places) in &places {
            let _ = write!(out, "'{}'", word.replace('\\', "\\\\").replace('\'', "''"));
            for (i, (at, title)) in places.iter().enumerate() {
                let _ = write!(out, "{}{at}{}", if i == 0 { ':' } else { ',' }, if *title { "A" } else { "" });
            }
            out.push(' ');
        }
        out
    }
}

/// A word of a text or of a query.
#[derive(Clone, Copy, Debug)]
pub struct Cut<'a> {
    /// As written, folded; letters and digits only.
    pub word: &'a str,
    /// Without conjunction, preposition, article and attached pronoun.
    pub stem: &'a str,
    /// Whether the lexicon knows it.
    pub known: bool,
}

/// Cuts a text into searchable words. What the tokenizer keeps together but search cannot (`MiG-29`, `3.5`) is cut at
/// its marks.
pub fn cut(reader: &mut Reader, text: &str, mut found: impl FnMut(Span, Cut<'_>)) {
    reader.each_word(text, |span, norm, bare| {
        if norm.chars().all(searchable) {
            if !norm.is_empty() {
                found(span, Cut { word: norm, stem: bare.stem, known: bare.known });
            }
        } else {
            for part in norm.split(|c| !searchable(c)).filter(|p| !p.is_empty()) {
                found(span, Cut { word: part, stem: part, known: true });
            }
        }
    });
}

/// Letters and digits; the plain Arabic letters, nearly all of them, without a look at Unicode's tables.
fn searchable(c: char) -> bool {
    matches!(c, 'ء'..='غ' | 'ف'..='ي') || c.is_alphanumeric()
}

fn push(cut: Cut<'_>, words: &mut String, stems: &mut String) {
    for (out, s) in [(words, Some(cut.word)), (stems, (cut.stem != cut.word).then_some(cut.stem))] {
        if let Some(s) = s {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(s);
        }
    }
}
