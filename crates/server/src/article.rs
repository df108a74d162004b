//! An article with its reading, as rows show it: words cut out of the text, names beside keys, chains, evidence.

use export::slice::Slicer;
use ledger::{DocumentId, Names as Spans, Record};
use model::{ChainRole, Document, Event, Span, Statement};

use crate::names::Names;
use crate::types::{ChainStep, DocumentRef, Marked, Name, OutletRef, Party, PlaceRef, Point};

/// Most code points of an evidence.
const EVIDENCE: u32 = 600;
/// Code points of an opening.
const OPENING: usize = 240;

/// A document with its reading, ready to be cut.
pub struct Article {
    /// As the ledger keeps it.
    pub record: Record,
    /// Its outlet.
    pub outlet: Option<OutletRef>,
    whole: String,
    spans: Spans,
}

/// A sentence of a text, with what is marked in it: code points from its beginning.
pub struct Passage {
    /// Where it stands, without the room around it.
    pub span: Span,
    /// In order; none overlap.
    pub marks: Vec<Span>,
}

impl Passage {
    /// With its words.
    pub fn marked(self, text: &Slicer<'_>) -> Marked {
        Marked { text: text.get(self.span).to_string(), highlights: self.marks }
    }
}

/// An article being shown.
pub struct Shown<'a> {
    article: &'a Article,
    names: &'a Names,
    cut: Slicer<'a>,
}

impl Article {
    /// Makes it ready. n log n in its mentions.
    pub fn new(record: Record, names: &Names) -> Self {
        Self {
            outlet: outlet_of(names, &record.document.document),
            whole: record.document.document.whole().into_owned(),
            spans: Spans::new(&record.reading),
            record,
        }
    }

    /// Bytes it takes, roughly.
    pub fn weight(&self) -> usize {
        self.whole.len() * 2 + self.record.reading.events.len() * 500 + self.record.reading.entities.len() * 300 + 2000
    }

    /// To cut from.
    pub fn shown<'a>(&'a self, names: &'a Names) -> Shown<'a> {
        Shown { article: self, names, cut: Slicer::new(&self.whole) }
    }

    /// How rows name it.
    pub fn reference(&self, story: Option<&str>) -> DocumentRef {
        reference(self.record.document.id, &self.record.document.document, self.outlet.clone(), story)
    }

    /// Indexes of the entities that a span names.
    pub fn named(&self, span: Span) -> Vec<usize> {
        self.spans.of(span)
    }

    /// Title, newline, body.
    pub fn whole(&self) -> &str {
        &self.whole
    }
}

/// How rows name a document.
pub fn reference(id: DocumentId, d: &Document, outlet: Option<OutletRef>, story: Option<&str>) -> DocumentRef {
    DocumentRef {
        id: id.to_string(),
        source_id: d.id.clone(),
        title: d.title.clone(),
        outlet,
        published: d.published.clone(),
        url: d.url.clone(),
        story: story.map(str::to_string),
    }
}

/// The first words of the body.
pub fn opening(d: &Document) -> String {
    let end = d.text.char_indices().nth(OPENING).map_or(d.text.len(), |(at, _)| at);
    d.text[..end].to_string()
}

/// The outlet that a document names.
pub fn outlet_of(names: &Names, d: &Document) -> Option<OutletRef> {
    let outlet = d.outlet.as_deref().map(str::trim).filter(|o| !o.is_empty());
    outlet.map(|o| outlet_ref(names, o))
}

/// The outlet of a name.
pub fn outlet_ref(names: &Names, written: &str) -> OutletRef {
    let o = names.outlet(written);
    OutletRef { key: o.key, name: o.name }
}

impl Shown<'_> {
    /// The words of a span.
    pub fn words(&self, span: Span) -> &str {
        self.cut.get(span)
    }

    /// Whom a span names; the words alone where they only describe.
    pub fn parties(&self, span: Span) -> Vec<Party> {
        let named = self.article.spans.of(span);
        if named.is_empty() {
            let words = self.words(span).split_whitespace().collect::<Vec<_>>().join(" ");
            return if words.is_empty() { Vec::new() } else { vec![Party { key: None, name: Name::written(&words) }] };
        }
        let one = |i: usize| {
            let e = &self.article.record.reading.entities[i];
            Party { key: Some(e.key.clone()), name: self.names.name(&e.key, &e.name) }
        };
        named.into_iter().map(one).collect()
    }

    fn all(&self, spans: &[Span]) -> Vec<Party> {
        let mut out: Vec<Party> = Vec::new();
        for p in spans.iter().flat_map(|s| self.parties(*s)) {
            if !out.contains(&p) {
                out.push(p);
            }
        }
        out
    }

    /// Who does it.
    pub fn actors(&self, e: &Event) -> Vec<Party> {
        self.all(&e.actor)
    }

    /// To whom.
    pub fn recipients(&self, e: &Event) -> Vec<Party> {
        self.all(&e.recipient)
    }

    /// Where, each with whether the words name an entity.
    pub fn places(&self, e: &Event) -> Vec<(PlaceRef, bool)> {
        let mut out: Vec<(PlaceRef, bool)> = Vec::new();
        for span in &e.place {
            let named = self.article.spans.of(*span);
            let words = self.words(*span);
            let places: Vec<(PlaceRef, bool)> = if named.is_empty() {
                place_called(words).into_iter().map(|p| (p, false)).collect()
            } else {
                let place = |i: usize| place_of(&self.article.record.reading.entities[i], self.names);
                named.into_iter().map(|i| (place(i), true)).collect()
            };
            for p in places {
                if !out.iter().any(|o| o.0.key == p.0.key) {
                    out.push(p);
                }
            }
        }
        out
    }

    /// The chain of a statement, without the outlet.
    pub fn said_by(&self, statement: &Statement) -> Vec<ChainStep> {
        let mut out = Vec::new();
        for link in &statement.chain {
            let role = if link.role == ChainRole::Origin { "origin" } else { "via" };
            let words = link.span.map(|s| self.words(s).to_string());
            let nameless = words.as_deref().is_none_or(trace::claim::names_no_one);
            if nameless {
                let name =
                    words.as_deref().map_or_else(|| Name::both("مصدر غير مسمى", "unnamed source"), Name::written);
                out.push(ChainStep { role: role.into(), name, key: None, hidden: true, words });
                continue;
            }
            for p in link.span.map(|s| self.parties(s)).unwrap_or_default() {
                out.push(ChainStep {
                    role: role.into(),
                    name: p.name,
                    key: p.key,
                    hidden: false,
                    words: words.clone(),
                });
            }
        }
        out
    }

    /// The sentence around a span, with ranges marked.
    pub fn evidence(&self, around: Span, marks: &[Span]) -> Passage {
        let len = self.cut.len();
        let before = Span::new(around.start.saturating_sub(EVIDENCE), around.start.min(len));
        let after = Span::new(around.end.min(len), (around.end.saturating_add(EVIDENCE)).min(len));
        let start = sentence_start(self.words(before)).map_or(before.start, |n| before.start + n);
        let end = sentence_end(self.words(after)).map_or(after.end, |n| after.start + n);
        let mut span = Span::new(start, end.max(start));
        if span.len() > EVIDENCE {
            let half = (EVIDENCE.saturating_sub(around.len().min(EVIDENCE))) / 2;
            let from = around.start.saturating_sub(half).max(span.start);
            span = Span::new(from, (from + EVIDENCE).min(span.end));
            span = self.at_words(span, around);
        }
        let text = self.words(span);
        let lead = text.chars().take_while(|c| c.is_whitespace()).count() as u32;
        let text = text.trim();
        let from = span.start + lead;
        let len = text.chars().count() as u32;
        let mut inside: Vec<Span> = (marks.iter())
            .map(|m| Span::new(m.start.max(from).min(from + len) - from, m.end.max(from).min(from + len) - from))
            .filter(|m| !m.is_empty())
            .collect();
        Passage { span: Span::new(from, from + len), marks: apart(&mut inside) }
    }

    /// Shrinks a span to whole words, never into `keep`.
    fn at_words(&self, span: Span, keep: Span) -> Span {
        let text = self.words(span);
        let mut out = span;
        if span.start > 0
            && let Some(n) = text.chars().position(char::is_whitespace)
        {
            out.start = (span.start + n as u32 + 1).min(keep.start).max(span.start);
        }
        if span.end < self.cut.len() {
            let back = text.chars().rev().position(char::is_whitespace).unwrap_or(0) as u32;
            out.end = (span.end - back).max(keep.end.min(span.end));
        }
        out
    }
}

/// A place of which only words are known; none where they say nothing.
pub fn place_called(words: &str) -> Option<PlaceRef> {
    let folded = crate::names::fold(words);
    let key = format!("word:LOC:{folded}");
    (!folded.is_empty()).then(|| PlaceRef { key, name: Name::written(words), location: None })
}

/// The last step of every chain.
pub fn carried_by(outlet: Option<&OutletRef>) -> ChainStep {
    let (name, key) = match outlet {
        Some(o) => (o.name.clone(), Some(o.key.clone())),
        None => (Name::both("غير مذكور", "not stated"), None),
    };
    ChainStep { role: "outlet".into(), hidden: key.is_none(), name, key, words: None }
}

/// An entity as a place.
pub fn place_of(e: &model::Entity, names: &Names) -> PlaceRef {
    PlaceRef {
        key: e.key.clone(),
        name: names.name(&e.key, &e.name),
        location: e.location.as_ref().map(|l| Point {
            latitude: l.latitude,
            longitude: l.longitude,
            level: l.level.clone(),
        }),
    }
}

/// Ranges in order, those that overlap joined.
pub fn apart(spans: &mut Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for s in spans.drain(..) {
        match out.last_mut() {
            Some(last) if s.start < last.end => *last = last.join(s),
            _ => out.push(s),
        }
    }
    out
}

fn ends(c: char, next: Option<char>) -> bool {
    c == '\n' || matches!(c, '.' | '؟' | '!' | '?' | '۔') && next.is_none_or(char::is_whitespace)
}

/// Code points before the last sentence of a text begins.
fn sentence_start(text: &str) -> Option<u32> {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len())
        .rev()
        .find(|i| {
            // the end of the text is the middle of a word or sentence, not its end
            chars[*i] == '\n' || *i + 1 < chars.len() && ends(chars[*i], Some(chars[*i + 1]))
        })
        .map(|i| i as u32 + 1)
}

/// Code points up to the end of the first sentence of a text.
fn sentence_end(text: &str) -> Option<u32> {
    let mut chars = text.chars().enumerate().peekable();
    while let Some((i, c)) = chars.next() {
        if ends(c, chars.peek().map(|n| n.1)) {
            return Some(i as u32 + u32::from(c != '\n'));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_marks_before_spaces() {
        assert_eq!(sentence_start("قال أ. وصل"), Some(6));
        assert_eq!(sentence_start("وصل 3.5 طن"), None);
        assert_eq!(sentence_end(" طن. ثم"), Some(4));
        assert_eq!(sentence_end(" 3.5 طن\nثم"), Some(7));
        assert_eq!(sentence_end("بلا نهاية"), None);
    }

    #[test]
    fn ranges_do_not_overlap() {
        let mut spans = vec![Span::new(5, 9), Span::new(0, 3), Span::new(2, 4), Span::new(9, 10)];
        assert_eq!(apart(&mut spans), [Span::new(0, 4), Span::new(5, 9), Span::new(9, 10)]);
    }
}
