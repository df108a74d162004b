//! Happenings and sayings: which words name an event of which type, which words are cues of saying.
//!
//! The lexicon proposes through its senses and frames; the two labelling models decide, seeing also the phrases
//! found before.

use std::ops::Range;

use arabic::Kind as TokenKind;
use learn::{Features, Key};
use lexicon::Sense;

use crate::article::Article;
use crate::spans::Phrase;
use crate::words::Words;

/// What the labelling of happenings sees of the phrases of a sentence.
pub struct Surroundings {
    start: usize,
    /// Label of each token: 0 none, 1 + 2·kind (+1 inside).
    tags: Vec<u8>,
    /// Kind of the nearest phrase to the left and to the right, 0 none.
    left: Vec<u8>,
    right: Vec<u8>,
}

impl Surroundings {
    /// Prepares the view of one sentence; `phrases` may hold those of other sentences too. Linear.
    pub fn new(range: &Range<usize>, phrases: &[Phrase]) -> Self {
        let n = range.len();
        let mut tags = vec![0u8; n];
        for p in phrases.iter().filter(|p| !p.inner && p.first >= range.start && p.last < range.end) {
            for i in p.first..=p.last {
                tags[i - range.start] = (1 + 2 * p.kind.index() + usize::from(i > p.first)) as u8;
            }
        }
        let kind = |t: u8| if t == 0 { 0 } else { (t - 1) / 2 + 1 };
        let (mut left, mut right) = (vec![0u8; n], vec![0u8; n]);
        let mut last = 0;
        for i in 0..n {
            left[i] = last;
            if tags[i] != 0 {
                last = kind(tags[i]);
            }
        }
        last = 0;
        for i in (0..n).rev() {
            right[i] = last;
            if tags[i] != 0 {
                last = kind(tags[i]);
            }
        }
        Self { start: range.start, tags, left, right }
    }

    fn tag(&self, p: usize, d: isize) -> u32 {
        let j = p as isize + d;
        if j < 0 { 98 } else { self.tags.get(j as usize).map_or(99, |x| u32::from(*x)) }
    }

    /// Features of token `i` shared by the two labellings.
    pub fn keys(&self, article: &Article<'_>, words: &Words, i: usize, range: &Range<usize>, out: &mut impl Features) {
        let p = i - self.start;
        let w = article.word(words, i);
        let sense = w.sense;
        for d in -2..=2 {
            out.put(400 + (d + 2) as u32, &[self.tag(p, d)]);
        }
        let (l, r) = (u32::from(self.left[p]), u32::from(self.right[p]));
        out.put(406, &[l]);
        out.put(407, &[r]);
        out.put(408, &[l, r]);
        if sense != 0 {
            out.put(409, &[sense, l]);
            out.put(410, &[sense, r]);
            out.put(411, &[sense, self.tag(p, 1)]);
            out.put(412, &[sense, self.tag(p, -1)]);
        }
        out.put(413, &[w.stem_key, r]);
        out.put(414, &[w.stem_key, u32::from(range.start == 0)]);
        // a verb opens an Arabic clause: what follows it, in coarse classes, up to three words on
        let next = |d: usize| article.types.get(i + d).filter(|_| i + d < range.end).map_or(7, |t| words.get(*t).class);
        out.put(415, &[next(1), next(2), sense]);
        if let Some(before) = i.checked_sub(1).filter(|j| *j >= range.start) {
            let b = article.word(words, before);
            out.put(416, &[b.stem_key, sense]);
            out.put(417, &[b.sense, sense]);
            if let Some(b2) = before.checked_sub(1).filter(|j| *j >= range.start) {
                out.put(418, &[article.word(words, b2).stem_key, sense]);
            }
        }
        if i + 1 < range.end {
            let a = article.word(words, i + 1);
            out.put(419, &[a.stem_key, sense]);
            out.put(420, &[a.sense, sense]);
        }
    }

    /// Further features of the labelling of cues: quotation marks, colons and «أن» near by.
    pub fn cue_keys(
        &self,
        article: &Article<'_>,
        words: &Words,
        i: usize,
        range: &Range<usize>,
        out: &mut impl Features,
    ) {
        let mut opens = 9;
        let mut that = 9;
        for d in 1..=12 {
            if i + d >= range.end {
                break;
            }
            let n = article.tokens.norm(i + d);
            if opens == 9 && matches!(n, "\"" | "“" | "«" | ":" | "”") {
                opens = if n == ":" { 20 + bucket(d) } else { bucket(d) };
            }
            if that == 9 && matches!(n, "ان" | "بان" | "انه" | "انها" | "بانه" | "بانها" | "انهم" | "وان")
            {
                that = bucket(d);
            }
        }
        let w = article.word(words, i);
        let sense = w.sense;
        out.put(430, &[opens]);
        out.put(431, &[that]);
        out.put(432, &[that, sense]);
        out.put(433, &[opens, sense]);
        out.put(434, &[that, w.stem_key]);
        let before = i.checked_sub(1).filter(|j| *j >= range.start);
        let closing = before.is_some_and(|j| {
            article.tokens.all()[j].kind == TokenKind::Punct && matches!(article.tokens.norm(j), "\"" | "”" | "»" | "،")
        });
        out.put(435, &[u32::from(closing), sense]);
        out.put(436, &[((i - range.start) as u32).min(3)]);
        out.put(437, &[((i - range.start) as u32).min(2), sense]);
        out.put(438, &[u32::from(article.quoted[i]), sense]);
    }
}

fn bucket(d: usize) -> u32 {
    match d {
        1 => 1,
        2 => 2,
        3..=4 => 3,
        5..=7 => 4,
        _ => 5,
    }
}

/// Hash of the first telling sense of a word; 0 where it has none.
pub(crate) fn sense_of(senses: &[(Sense, lexicon::Form, u32)]) -> Key {
    senses
        .iter()
        .find(|(s, _, _)| !matches!(s, Sense::Class(_) | Sense::Loaded(_)))
        .or(senses.first())
        .map_or(0, |(s, _, _)| learn::key(480, &s.code()))
}
