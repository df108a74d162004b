//! The article as the layers see it: tokens with their word types, sentences, quotations, multi-word matches.

use std::ops::Range;

use arabic::{Kind, Tokens, quote, sentence};
use learn::{Key, key, mix};
use lexicon::{EntryKind, Form, UPOS};

use crate::tagger::Tagger;
use crate::words::{Knowledge, WordType, Words};

/// A multi-word entry found in the text.
#[derive(Clone, Copy, Debug)]
pub struct Match {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// Entry number.
    pub entry: u32,
    /// Which form of it.
    pub form: Form,
    /// Kind of entry.
    pub kind: EntryKind,
    /// Whether the same words name others too.
    pub shared: bool,
}

/// One article, cut and looked up.
pub struct Article<'a> {
    /// The cut text.
    pub tokens: Tokens<'a>,
    /// Word type of each token.
    pub types: Vec<u32>,
    /// Token ranges of the sentences.
    pub sentences: Vec<Range<usize>>,
    /// Number of the sentence of each token.
    pub sentence_of: Vec<u32>,
    /// Quotations: tokens of the marks.
    pub quotes: Vec<(usize, usize)>,
    /// Whether the token stands in a quotation.
    pub quoted: Vec<bool>,
    /// Multi-word names and titles, longest first match, not overlapping.
    pub names: Vec<Match>,
    /// Multi-word names that begin inside a longer one («وزارة الخارجية الروسية» inside a spokesman's title).
    pub inner_names: Vec<Match>,
    /// Event and saying phrases; may overlap.
    pub phrases: Vec<Match>,
    /// Features each token has from multi-word matches.
    pub match_keys: Vec<[Key; 2]>,
    /// Number of the opening name match of each token plus one, or 0.
    pub name_of: Vec<u32>,
    /// Universal POS of each token ([`lexicon::UPOS`]); empty until tagged.
    pub pos: Vec<u8>,
}

/// Longest sentence that is read as one; longer ones are cut, so that cost stays linear.
const LONGEST: usize = 300;

impl<'a> Article<'a> {
    /// Cuts and looks up. Linear in the text.
    pub fn new(text: &'a str, words: &mut Words, knowledge: &Knowledge) -> Self {
        let tokens = Tokens::new(text);
        let n = tokens.len();
        let mut types = Vec::with_capacity(n);
        for i in 0..n {
            types.push(words.intern(tokens.norm(i), tokens.all()[i].kind, knowledge));
        }
        let mut sentences = Vec::new();
        for s in sentence::sentences(&tokens) {
            let mut at = s.start;
            while s.end - at > LONGEST {
                // cut at the last comma within reach, if any
                let end = (at + LONGEST / 2..at + LONGEST)
                    .rev()
                    .find(|i| matches!(tokens.norm(*i), "،" | "," | "؛" | ";"))
                    .map_or(at + LONGEST, |i| i + 1);
                sentences.push(at..end);
                at = end;
            }
            sentences.push(at..s.end);
        }
        let mut sentence_of = vec![0; n];
        for (k, s) in sentences.iter().enumerate() {
            sentence_of[s.clone()].fill(k as u32);
        }
        let quotes = quote::quotations(&tokens);
        let mut quoted = vec![false; n];
        for (a, b) in &quotes {
            quoted[*a..=*b].fill(true);
        }
        let mut article = Self {
            tokens,
            types,
            sentences,
            sentence_of,
            quotes,
            quoted,
            names: Vec::new(),
            inner_names: Vec::new(),
            phrases: Vec::new(),
            match_keys: vec![[0; 2]; n],
            name_of: vec![0; n],
            pos: Vec::new(),
        };
        article.find_matches(words, knowledge);
        article
    }

    /// The type of token `i`.
    #[inline]
    pub fn word<'w>(&self, words: &'w Words, i: usize) -> &'w WordType {
        words.get(self.types[i])
    }

    /// Tags every token with its part of speech.
    pub fn tag(&mut self, words: &Words, tagger: &mut Tagger) {
        let mut pos = Vec::with_capacity(self.types.len());
        for range in &self.sentences {
            pos.extend_from_slice(tagger.tag(self, words, range, &[], |_, _| {}));
        }
        self.pos = pos;
    }

    /// Whether token `i` is a finite verb: by its spelling, and where that leaves a choice by its tag.
    pub fn is_verb(&self, words: &Words, i: usize) -> bool {
        let w = self.word(words, i);
        let tagged = self.pos.get(i).is_none_or(|p| UPOS[usize::from(*p)] == "VERB");
        let least = w.lexemes.first().map_or(0, |l| l.cost);
        let finite = |l: &crate::words::Lexeme| {
            matches!(l.form, Form::Past | Form::Present | Form::PastPassive | Form::PresentPassive)
        };
        let mut cheapest = w.lexemes.iter().take_while(|l| l.cost == least && l.kind != EntryKind::Word).peekable();
        if cheapest.peek().is_some() && cheapest.clone().all(finite) {
            return true;
        }
        if self.pos.is_empty() { cheapest.any(finite) } else { tagged && w.kind == Kind::Arabic }
    }

    /// The multi-word names that lie within these tokens.
    pub fn names_within(&self, first: usize, last: usize) -> impl Iterator<Item = &Match> {
        let of = |list: &'_ [Match]| list.partition_point(|m| m.first < first);
        let within = |list: &'_ [Match]| -> std::ops::Range<usize> {
            let from = of(list);
            from..from + list[from..].iter().take_while(|m| m.first <= last).count()
        };
        let (outer, inner) = (within(&self.names), within(&self.inner_names));
        self.names[outer].iter().chain(&self.inner_names[inner]).filter(move |m| m.last <= last)
    }

    /// The quotation around or nearest before token `at`, then the later ones.
    pub fn quotes_from(&self, at: usize) -> &[(usize, usize)] {
        let from = self.quotes.partition_point(|q| q.1 < at);
        &self.quotes[from..]
    }

    fn find_matches(&mut self, words: &Words, knowledge: &Knowledge) {
        let n = self.tokens.len();
        let mut names_end = 0;
        for i in 0..n {
            let w = self.word(words, i);
            if w.phrase_starts.is_empty() {
                continue;
            }
            let mut best: Option<Match> = None;
            for start in w.phrase_starts.clone() {
                for (lexicon, bit) in knowledge.layers() {
                    let Some(mut walk) = lexicon.walk(lexicon.start(), &self.tokens.norm(i)[usize::from(start)..])
                    else {
                        continue;
                    };
                    let mut j = i + 1;
                    while j < n && j - i < 12 && !self.tokens.all()[j].line_start {
                        let Some(next) = lexicon.walk(walk, " ").and_then(|x| lexicon.walk(x, self.tokens.norm(j)))
                        else {
                            break;
                        };
                        walk = next;
                        for p in lexicon.finish(walk) {
                            let Some(kind) = lexicon.kind(p.entry) else { continue };
                            let m =
                                Match { first: i, last: j, entry: p.entry | bit, form: p.form, kind, shared: false };
                            if p.form == Form::Phrase {
                                self.phrases.push(m);
                            } else if best.is_none_or(|b| m.last > b.last) {
                                best = Some(m);
                            } else if let Some(b) = &mut best
                                && b.last == m.last
                                && b.entry != m.entry
                                && kind != EntryKind::Word
                            {
                                b.shared = true;
                            }
                        }
                        j += 1;
                    }
                }
            }
            let Some(m) = best else { continue };
            if i < names_end {
                self.inner_names.push(m);
            } else {
                names_end = m.last + 1;
                self.names.push(m);
                let label = knowledge
                    .entry(m.entry)
                    .and_then(|e| e.name)
                    .map_or(String::new(), |n| format!("{:?} {}", m.kind, n.kind));
                let senses = knowledge
                    .entry(m.entry)
                    .map_or(String::new(), |e| e.senses.first().map_or(String::new(), |s| s.code()));
                for t in m.first..=m.last {
                    let place = if t == m.first { "B" } else { "I" };
                    self.match_keys[t][0] = key(100, &format!("{place} {label} {senses}"));
                    self.name_of[t] = self.names.len() as u32;
                }
            }
        }
        for m in &self.phrases {
            let Some(e) = knowledge.entry(m.entry) else { continue };
            let t = (m.first + usize::from(e.trigger)).min(m.last);
            if let Some(s) = e.senses.first() {
                self.match_keys[t][1] = key(101, &s.code());
            }
        }
    }

    /// Features of token `i` that depend on its neighbourhood, not on one word type alone.
    pub fn context_keys(&self, words: &Words, i: usize, range: &Range<usize>, out: &mut Vec<Key>) {
        let at = |d: isize| -> Option<usize> {
            let j = i as isize + d;
            (j >= range.start as isize && j < range.end as isize).then_some(j as usize)
        };
        for (d, salt) in [(-2, 200), (-1, 201), (0, 202), (1, 203)] {
            if let Some(j) = at(d) {
                for k in self.match_keys[j] {
                    if k != 0 {
                        out.push(mix(k, salt));
                    }
                }
            }
        }
        let stem = |d: isize| at(d).map_or(3, |j| self.word(words, j).stem_key);
        let class = |d: isize| at(d).map_or(5, |j| self.word(words, j).class);
        let (s0, c0) = (stem(0), class(0));
        out.push(mix(mix(stem(-1), s0), 210));
        out.push(mix(mix(s0, stem(1)), 211));
        out.push(mix(mix(class(-1), s0), 212));
        out.push(mix(mix(s0, class(1)), 213));
        out.push(mix(mix(class(-1), c0), 214));
        out.push(mix(mix(c0, class(1)), 215));
        out.push(mix(mix(class(-2), class(-1)), 216));
        out.push(mix(mix(class(1), class(2)), 217));
        out.push(mix(mix(mix(class(-1), c0), class(1)), 218));
        let first = u32::from(range.start == 0);
        out.push(mix(220 + first, u32::from(self.quoted[i])));
        if i == range.start {
            out.push(mix(222, first));
        }
        if i == range.start + 1 {
            out.push(mix(223, first));
        }
    }
}

/// A coarse word class: the part of speech or name kind of the likeliest reading, with article and preposition.
/// `entry` is that of the likeliest reading.
pub(crate) fn class_of(w: &WordType, entry: Option<&lexicon::Entry<'_>>) -> Key {
    let main = match w.kind {
        Kind::Punct => w.norm.to_string(),
        Kind::Number => "#".into(),
        Kind::Latin => "latin".into(),
        Kind::Arabic => match w.lexemes.first() {
            None => "?".into(),
            Some(l) => match l.kind {
                EntryKind::Word => entry.map_or(String::new(), |e| e.pos.to_string()),
                EntryKind::Verb | EntryKind::Noun => format!("{:?}", l.form),
                k => format!("{k:?} {}", entry.and_then(|e| e.name).map_or("", |n| n.kind)),
            },
        },
    };
    key(
        90,
        &format!(
            "{main}{}{}{}",
            u8::from(w.prefix.article),
            w.prefix.preposition.unwrap_or('-'),
            u8::from(!w.suffix.is_empty())
        ),
    )
}
