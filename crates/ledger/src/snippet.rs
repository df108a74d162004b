//! The best place of a document for a search, with what fits marked in the original text.

use arabic::Tokens;
use model::{Document, Span};
use reader::Reader;

use crate::flat::Words;
use crate::query::Term;
use crate::records::Quote;
use crate::shadow;

/// Code points of a snippet, about.
const LENGTH: u32 = 240;
/// Bytes of a document that are looked at.
const MOST: usize = 2 << 20;

/// The snippet and all that fits in it or in the title. Where nothing fits (in what is looked at), the beginning.
pub fn find(document: &Document, terms: &[&Term], reader: &mut Reader) -> (Quote, Vec<Span>) {
    let whole = document.whole();
    let mut end = whole.len().min(MOST);
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    let text = &whole[..end];
    let title = document.title.as_ref().map_or(0, |t| t.chars().count() as u32 + 1);
    let marks = marks(text, terms, title, reader);
    let words = Words::new(&whole);
    let total = whole.chars().count() as u32;
    // the stretch with the most different terms, then the most words; the body before the title
    let mut best = (0, 0, title.min(total));
    for (i, (first, _)) in marks.iter().enumerate().filter(|(_, m)| m.0.start >= title) {
        let within = marks[i..].iter().take_while(|m| m.0.end <= first.start + LENGTH * 3 / 4);
        let (mut seen, mut count) = (0u64, 0);
        for (_, term) in within {
            seen |= 1 << (term % 64);
            count += 1;
        }
        let worth = (seen.count_ones(), count.min(8));
        if worth > (best.0, best.1) {
            best = (worth.0, worth.1, first.start);
        }
    }
    let from = best.2.saturating_sub(LENGTH / 4).max(if best.2 >= title { title.min(total) } else { 0 });
    let span = trim(&words, Span::new(from, (from + LENGTH).min(total)), total);
    let shown = |m: &Span| m.end <= title || span.contains(*m);
    let highlights = marks.iter().map(|m| m.0).filter(shown).take(200).collect();
    (Quote { span, words: words.of(span).to_string() }, highlights)
}

/// Grows or shrinks a span to whole words.
fn trim(words: &Words<'_>, span: Span, total: u32) -> Span {
    let (mut start, mut end) = (span.start, span.end);
    let space = |at: u32| words.of(Span::new(at, at + 1)).chars().next().is_none_or(char::is_whitespace);
    let mut steps = 0;
    while start > 0 && !space(start - 1) && steps < 30 {
        start -= 1;
        steps += 1;
    }
    steps = 0;
    while end < total && !space(end) && steps < 30 {
        end += 1;
        steps += 1;
    }
    Span::new(start, end)
}

/// What fits: span and number of the term, in the order of the text.
fn marks(text: &str, terms: &[&Term], title: u32, reader: &mut Reader) -> Vec<(Span, usize)> {
    struct Word {
        span: Span,
        folded: String,
        stem: String,
    }
    let tokens = Tokens::new(text);
    // only words that may fit are cut in full: a stem stands in its word, but for the last letter (ة before a pronoun)
    let cores: Vec<&str> = terms
        .iter()
        .flat_map(|t| t.words.iter())
        .map(|w| {
            let short = if w.stem.chars().count() > 3 {
                w.stem.char_indices().next_back().map_or(0, |c| c.0)
            } else {
                w.stem.len()
            };
            &w.stem[..short]
        })
        .collect();
    let phrases = terms.iter().any(|t| t.words.len() > 1);
    let mut near: Vec<Word> = Vec::new();
    let mut out = Vec::new();
    let longest = terms.iter().map(|t| t.words.len()).max().unwrap_or(1);
    for (i, token) in tokens.all().iter().enumerate() {
        if token.kind == arabic::Kind::Punct {
            continue;
        }
        let norm = tokens.norm(i);
        let may = cores.iter().any(|c| norm.contains(c))
            || terms.iter().any(|t| t.words.iter().any(|w| norm.contains(&w.word)));
        if !may && !phrases {
            continue;
        }
        let mut here: Vec<Word> = Vec::new();
        if may {
            shadow::cut(reader, tokens.surface(i), |_, cut| {
                here.push(Word { span: token.span, folded: cut.word.into(), stem: cut.stem.into() });
            });
        } else {
            for part in norm.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()) {
                here.push(Word { span: token.span, folded: part.into(), stem: part.into() });
            }
        }
        for word in here {
            near.push(word);
            if near.len() > longest {
                near.remove(0);
            }
            for (t, term) in terms.iter().enumerate() {
                let n = term.words.len();
                if n > near.len() || (term.title && near[near.len() - n].span.start >= title) {
                    continue;
                }
                let these = &near[near.len() - n..];
                // a phrase is looked for as written, as the index has it
                let exact = term.exact || n > 1;
                let fits = these
                    .iter()
                    .enumerate()
                    .all(|(k, w)| term.matches(k, &w.folded, if exact { &w.folded } else { &w.stem }));
                if fits {
                    out.extend(these.iter().map(|w| (w.span, t)));
                }
            }
        }
        if out.len() > 5000 {
            break;
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
