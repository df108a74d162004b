//! What an outlet changed in a copy: words added, dropped, swapped, and the judging words among them.

use std::time::{Duration, Instant};

use model::Framing;
use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use crate::words;

/// Longest text that is compared, in words: longer ones are compared up to here.
const WORDS: usize = 20_000;

/// How words changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Stand in the copy only.
    Added,
    /// Stand in the first text only.
    Dropped,
    /// Stand in one another's place.
    Swapped,
}

/// One change, in the words as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What happened to them.
    pub kind: ChangeKind,
    /// Words of the first text; empty where they were added.
    pub from: String,
    /// Words of the copy; empty where they were dropped.
    pub to: String,
    /// How often.
    pub times: usize,
    /// Whether a word that judges an actor came, went or took another's place.
    pub loaded: bool,
}

/// A text with the loaded words that the reader found in it.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// Headline, newline, body.
    pub text: &'a str,
    /// Loaded words.
    pub framing: &'a [Framing],
}

struct Word<'a> {
    written: &'a str,
    folded: String,
    loaded: bool,
}

fn cut(v: Version<'_>) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let (mut at, mut start, mut begins) = (0u32, 0usize, 0u32);
    let mut push = |a: usize, b: usize, from: u32, to: u32| {
        let written = &v.text[a..b];
        let folded = words::folded(written).join(" ");
        if !folded.is_empty() && out.len() < WORDS {
            let loaded = v.framing.iter().any(|f| f.span.start < to && from < f.span.end);
            out.push(Word { written, folded, loaded });
        }
    };
    let mut inside = false;
    for (i, c) in v.text.char_indices() {
        if c.is_whitespace() {
            if inside {
                push(start, i, begins, at);
            }
            inside = false;
        } else if !inside {
            (inside, start, begins) = (true, i, at);
        }
        at += 1;
    }
    if inside {
        push(start, v.text.len(), begins, at);
    }
    out
}

/// What changed from one version to the other, in order, equal changes told once. Spelling variants and punctuation are no
/// change. At most a second is spent on aligning; what is not aligned by then is shown as swapped as a whole.
pub fn changes(first: Version<'_>, copy: Version<'_>) -> Vec<Change> {
    let (a, b) = (cut(first), cut(copy));
    let (x, y): (Vec<&str>, Vec<&str>) =
        (a.iter().map(|w| w.folded.as_str()).collect(), b.iter().map(|w| w.folded.as_str()).collect());
    let deadline = Instant::now() + Duration::from_secs(1);
    let join = |w: &[Word<'_>]| w.iter().map(|w| w.written).collect::<Vec<_>>().join(" ");
    let mut out: Vec<Change> = Vec::new();
    for op in capture_diff_slices_deadline(Algorithm::Myers, &x, &y, Some(deadline)) {
        let kind = match op {
            DiffOp::Equal { .. } => continue,
            DiffOp::Insert { .. } => ChangeKind::Added,
            DiffOp::Delete { .. } => ChangeKind::Dropped,
            DiffOp::Replace { .. } => ChangeKind::Swapped,
        };
        let (from, to) = (&a[op.old_range()], &b[op.new_range()]);
        let change =
            Change { kind, from: join(from), to: join(to), times: 1, loaded: from.iter().chain(to).any(|w| w.loaded) };
        let room = out.len() < 2_000;
        match out.iter_mut().find(|c| c.kind == kind && c.from == change.from && c.to == change.to) {
            Some(c) => {
                c.times += 1;
                c.loaded |= change.loaded;
            }
            None if room => out.push(change),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use model::Span;

    use super::*;

    #[test]
    fn added_dropped_and_loaded_words_swapped() {
        let first = "سلمت الدولة قوات السهل ست مقاتلات أمس في القاعدة";
        let copy = "سلّمت الدوله ميليشيا السهل ست مقاتلات في القاعدة الكبرى.";
        let framing = [Framing { span: Span::new(14, 22), of: None, kind: "pejorative".into() }];
        let got = changes(Version { text: first, framing: &[] }, Version { text: copy, framing: &framing });
        let told: Vec<_> = got.iter().map(|c| (c.kind, c.from.as_str(), c.to.as_str(), c.loaded)).collect();
        assert_eq!(
            told,
            [
                (ChangeKind::Swapped, "قوات", "ميليشيا", true),
                (ChangeKind::Dropped, "أمس", "", false),
                (ChangeKind::Added, "", "الكبرى.", false),
            ]
        );
    }
}
