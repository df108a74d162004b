//! Near-copies, and what each changed.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::Look;
use crate::article::Article;
use crate::index::{Carried, NONE};
use crate::problem::Result;
use crate::types::{DiffPart, DocumentRef, StoryDocument, StoryFull, StorySummary};

/// Copies shown of one story.
const MOST: usize = 200;
/// Words compared of one text.
const WORDS: usize = 20_000;
/// Code points of one comparison.
const LENGTH: usize = 20_000;
/// Words shown to each side of a change.
const AROUND: usize = 6;

impl Look<'_> {
    /// Stories in a list.
    pub fn stories(&mut self, rows: &[u32]) -> Result<Vec<StorySummary>> {
        let index = self.index;
        let mut wanted = Vec::new();
        for s in rows.iter().filter_map(|s| index.stories[*s as usize].as_ref()) {
            wanted.extend(s.copies.first().map(|c| c.doc));
            wanted.extend(self.latest(&s.copies).map(|c| c.doc));
        }
        let articles = self.articles(wanted.into_iter())?;
        let published = |c: Option<Carried>| {
            let c = c?;
            self.copy(self.article(&articles, c.doc)?, c).published
        };
        let one = |row: &u32| {
            let s = index.stories[*row as usize].as_ref()?;
            let first = *s.copies.first()?;
            let mut outlets: Vec<u32> = s.copies.iter().map(|c| c.outlet).filter(|o| *o != NONE).collect();
            outlets.sort_unstable();
            outlets.dedup();
            Some(StorySummary {
                id: s.id.clone(),
                first: self.copy(self.article(&articles, first.doc)?, first),
                copies: s.copies.len(),
                outlets: outlets.len(),
                from: published(Some(first)),
                to: published(self.latest(&s.copies)),
            })
        };
        Ok(rows.iter().filter_map(one).collect())
    }

    fn latest(&self, copies: &[Carried]) -> Option<Carried> {
        copies.iter().copied().max_by_key(|c| (self.index.docs[c.doc as usize].at, c.doc))
    }

    /// A document as an outlet carried it.
    fn copy(&self, article: &Article, copy: Carried) -> DocumentRef {
        let mut out = self.reference(article, copy.doc);
        let Some(outlet) = self.outlet(copy.outlet) else { return out };
        if out.outlet.as_ref().is_some_and(|o| o.key == outlet.key) {
            return out;
        }
        let there =
            |s: &&ledger::Sighting| s.outlet.as_deref().is_some_and(|o| self.board.names.outlet(o).key == outlet.key);
        if let Some(s) = article.record.document.sightings.iter().find(there) {
            out.source_id.clone_from(&s.source_id);
            out.published.clone_from(&s.published);
            out.url.clone_from(&s.url);
        }
        out.outlet = Some(outlet);
        out
    }

    /// A story with its copies.
    pub fn story(&mut self, row: u32) -> Result<Option<StoryFull>> {
        let index = self.index;
        let Some(story) = index.stories[row as usize].as_ref() else { return Ok(None) };
        let Some(summary) = self.stories(&[row])?.pop() else { return Ok(None) };
        let copies = &story.copies[..story.copies.len().min(MOST)];
        let articles = self.articles(copies.iter().map(|c| c.doc))?;
        let Some(first) = copies.first().and_then(|c| self.article(&articles, c.doc)) else { return Ok(None) };
        let sketch = trace::sketch::sketch(first.whole()).sketch;
        let end = Instant::now() + Duration::from_secs(5);
        let mut documents = Vec::with_capacity(copies.len());
        for (i, c) in copies.iter().enumerate() {
            let Some(a) = self.article(&articles, c.doc) else { continue };
            let likeness = if i == 0 { 1.0 } else { sketch.jaccard(&trace::sketch::sketch(a.whole()).sketch) };
            // after five seconds of comparing, the copies left are listed without
            let late = Instant::now() > end;
            let (diff, added, dropped) = if i == 0 || late { (Vec::new(), 0, 0) } else { compare(first, a) };
            documents.push(StoryDocument { document: self.copy(a, *c), likeness, diff, added, dropped });
        }
        Ok(Some(StoryFull { summary, documents }))
    }
}

struct Word<'a> {
    written: &'a str,
    folded: String,
    loaded: bool,
}

fn cut(a: &Article) -> Vec<Word<'_>> {
    let framing = &a.record.reading.framing;
    let mut out = Vec::new();
    let mut at = 0u32;
    for piece in a.whole().split_inclusive(char::is_whitespace) {
        let len = piece.chars().count() as u32;
        let written = piece.trim_end();
        let (from, to) = (at, at + written.chars().count() as u32);
        at += len;
        let folded = trace::words::folded(written).join(" ");
        if folded.is_empty() {
            continue;
        }
        let loaded = framing.iter().any(|f| f.span.start < to && from < f.span.end);
        out.push(Word { written, folded, loaded });
        if out.len() == WORDS {
            break;
        }
    }
    out
}

/// Parts of a comparison, words put in, words left out.
fn compare(first: &Article, copy: &Article) -> (Vec<DiffPart>, usize, usize) {
    let (a, b) = (cut(first), cut(copy));
    let (x, y): (Vec<&str>, Vec<&str>) =
        (a.iter().map(|w| w.folded.as_str()).collect(), b.iter().map(|w| w.folded.as_str()).collect());
    let deadline = Instant::now() + Duration::from_millis(500);
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &x, &y, Some(deadline));
    let (mut out, mut added, mut dropped) = (Vec::new(), 0, 0);
    let mut room = LENGTH;
    let join = |w: &[Word<'_>]| w.iter().map(|w| w.written).collect::<Vec<_>>().join(" ");
    let mut push = |kind: &str, text: String, loaded: bool, out: &mut Vec<DiffPart>| {
        let len = text.chars().count();
        if len <= room {
            room -= len;
            out.push(DiffPart { kind: kind.into(), text, loaded });
        }
    };
    let last = ops.len().saturating_sub(1);
    for (i, op) in ops.iter().enumerate() {
        match op {
            DiffOp::Equal { .. } => {
                let words = &b[op.new_range()];
                let (head, tail) = (if i == 0 { 0 } else { AROUND }, if i == last { 0 } else { AROUND });
                let text = if words.len() > head + tail + 2 {
                    let (start, end) = (join(&words[..head]), join(&words[words.len() - tail..]));
                    format!("{start} … {end}").trim().to_string()
                } else {
                    join(words)
                };
                push("same", text, false, &mut out);
            }
            _ => {
                let (old, new) = (&a[op.old_range()], &b[op.new_range()]);
                dropped += old.len();
                added += new.len();
                for (kind, words) in [("dropped", old), ("added", new)] {
                    if !words.is_empty() {
                        push(kind, join(words), words.iter().any(|w| w.loaded), &mut out);
                    }
                }
            }
        }
    }
    if added + dropped == 0 {
        out.clear();
    }
    (out, added, dropped)
}
