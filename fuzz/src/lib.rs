//! What holds of every text, however broken: the checks behind the fuzz targets and the property tests of the reader.
//!
//! With a nightly compiler and `cargo-fuzz`: `cargo +nightly fuzz run reader -- -dict=fuzz/arabic.dict -max_len=4096`
//! (and `arabic` likewise). With the stable one: `cargo fuzz run --sanitizer none …`, or `cargo test -p isnad-reader`,
//! which makes its own texts.

use std::collections::HashSet;

use arabic::letter::{self, Class};
use arabic::{Tokens, clitic, numeral, quote, sentence, time};
use model::{Analysis, ChainRole, Document, Event, Reading, Span};
use reader::Reader;

/// The text with the byte offset of each code point, and of its end.
struct Text<'a> {
    text: &'a str,
    bytes: Vec<u32>,
}

impl<'a> Text<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, bytes: text.char_indices().map(|(i, _)| i).chain([text.len()]).map(|i| i as u32).collect() }
    }

    /// The characters of a span; asserts that it holds some and lies within the text.
    fn slice(&self, span: Span, of: &str) -> &'a str {
        assert!(span.start < span.end && (span.end as usize) < self.bytes.len(), "{of}: {span:?} is not in the text");
        &self.text[self.bytes[span.start as usize] as usize..self.bytes[span.end as usize] as usize]
    }

    /// Asserts that the spans lie in the text one after the other, without overlap.
    fn one_after_the_other(&self, spans: impl IntoIterator<Item = Span>, of: &str) {
        let mut end = 0;
        for span in spans {
            self.slice(span, of);
            assert!(span.start >= end, "{of}: {span:?} begins before {end}");
            end = span.end;
        }
    }
}

/// Asserts what must hold of tokens, sentences, quotations, clitic cuts, numbers and times of any text.
pub fn layers(text: &str) {
    let whole = Text::new(text);
    let tokens = Tokens::new(text);
    cut(&whole, &tokens);
    let mut next = 0;
    for range in sentence::sentences(&tokens) {
        assert!(range.start == next && range.end > next, "sentences leave out tokens: {range:?} after {next}");
        next = range.end;
    }
    assert_eq!(next, tokens.len(), "sentences end early");
    let mut next = 0;
    for (open, close) in quote::quotations(&tokens) {
        assert!(next <= open && open < close && close < tokens.len(), "quotation {open}..={close} after {next}");
        next = close + 1;
    }
    splits(text);
    (0..tokens.len()).for_each(|i| splits(tokens.norm(i)));
    values(&whole, &tokens);
}

fn cut(whole: &Text<'_>, tokens: &Tokens<'_>) {
    let mut end = 0;
    for (i, t) in tokens.all().iter().enumerate() {
        let surface = whole.slice(t.span, "token");
        assert_eq!(surface, tokens.surface(i), "token {i} is not its code points");
        assert_eq!(tokens.norm(i), letter::fold(surface), "token {i} is not folded as its letters are");
        assert!(t.byte_start >= end, "token {i} overlaps the one before");
        let between = &whole.text[end as usize..t.byte_start as usize];
        assert!(invisible(between), "{between:?} is in no token");
        assert!(
            !invisible(&surface[..surface.chars().next().map_or(0, char::len_utf8)]),
            "token {i} begins with nothing"
        );
        assert_eq!((tokens.at(t.span.start), tokens.at(t.span.end - 1)), (i, i));
        end = t.byte_end;
    }
    let rest = &whole.text[end as usize..];
    assert!(invisible(rest), "{rest:?} is in no token");
}

fn invisible(text: &str) -> bool {
    text.chars().all(|c| matches!(letter::class(c), Class::Space | Class::Mark))
}

fn splits(word: &str) {
    clitic::splits(word, |s| {
        let rest = word[s.prefix_len..].strip_prefix(s.stem);
        assert_eq!(rest, Some(s.suffix), "{s:?}");
        assert!(s.stem.chars().nth(1).is_some(), "{s:?}: the stem is too short");
        assert!(s.suffix.is_empty() || clitic::PRONOUNS.contains(&s.suffix), "{s:?}");
        assert_eq!(s.prefix_len == 0, s.prefix == clitic::Prefix::default(), "{s:?}");
    });
}

fn values(whole: &Text<'_>, tokens: &Tokens<'_>) {
    let classes: Vec<_> = (0..tokens.len()).map(|i| numeral::word_class(tokens.norm(i))).collect();
    let days = ["2020-05-27", "0001-01-01", "9999-12-31"];
    for day in [None].into_iter().chain(days.map(Some)) {
        let times = time::read(tokens, day.and_then(|d| d.parse().ok()));
        whole.one_after_the_other(times.iter().map(|t| t.span), "time");
        for t in &times {
            held(tokens, t.span, t.first_token, t.last_token);
            assert!(t.value.as_ref().is_none_or(|v| !v.is_empty()), "{t:?} has an empty value");
        }
        let taken: Vec<Span> = times.iter().map(|t| t.span).collect();
        let numbers = numeral::numbers_excluding(tokens, &classes, &taken);
        amounts(whole, tokens, &numbers);
        let mut at = 0;
        for n in &numbers {
            while taken.get(at).is_some_and(|t| t.end <= n.span.start) {
                at += 1;
            }
            assert!(taken.get(at).is_none_or(|t| !t.overlaps(n.span)), "{n:?} is in a time");
        }
    }
    amounts(whole, tokens, &numeral::numbers(tokens, &classes));
}

fn amounts(whole: &Text<'_>, tokens: &Tokens<'_>, numbers: &[numeral::Number]) {
    whole.one_after_the_other(numbers.iter().map(|n| n.span), "number");
    for n in numbers {
        whole.slice(n.outer, "number with its bound");
        assert!(n.outer.contains(n.span), "{n:?}");
        held(tokens, n.span, n.first_token, n.last_token);
        assert!([n.value, n.low, n.high].into_iter().flatten().all(f64::is_finite), "{n:?}");
        assert_eq!(n.low.is_some(), n.high.is_some(), "{n:?}");
        assert!(n.low.zip(n.high).is_none_or(|(low, high)| low <= high), "{n:?}");
        assert!(n.value.is_none() || n.low.is_none(), "{n:?}");
    }
}

/// Asserts that a span begins in its first token and ends with its last.
fn held(tokens: &Tokens<'_>, span: Span, first: usize, last: usize) {
    assert!(first <= last && last < tokens.len(), "{span:?}: tokens {first}..={last}");
    let whole = tokens.span(first, last);
    assert!(whole.contains(span) && span.start < tokens.all()[first].span.end, "{span:?} is not of {whole:?}");
    assert!(span.end > tokens.all()[last].span.start, "{span:?} ends before its last token");
}

/// Reads and analyses with `warm`, which may have read anything before, and with `fresh`, which has read nothing;
/// asserts that both find the same and that what they find is sound. Returns it.
pub fn read(warm: &mut Reader, mut fresh: Reader, document: &Document) -> (Reading, Analysis) {
    let (reading, analysis) = read_once(warm, document);
    assert_eq!(analysis, fresh.analyse(document), "what was read before changes the analysis");
    let (again, why) = fresh.read_explained(document);
    assert_eq!(reading, again, "what was read before changes the reading");
    assert_eq!(reading, warm.read(document), "reading twice gives two readings");
    let ids: HashSet<&str> =
        (reading.events.iter().map(|e| &*e.id)).chain(reading.statements.iter().map(|s| &*s.id)).collect();
    assert!(why.iter().all(|w| ids.contains(&*w.of)), "an explanation of nothing");
    (reading, analysis)
}

/// Reads and analyses; asserts that what is found is sound. Returns it.
pub fn read_once(reader: &mut Reader, document: &Document) -> (Reading, Analysis) {
    let (reading, analysis) = (reader.read(document), reader.analyse(document));
    let text = document.whole();
    let whole = Text::new(&text);
    self::reading(&whole, document, &reading);
    self::analysis(&whole, document, &analysis);
    (reading, analysis)
}

fn reading(whole: &Text<'_>, document: &Document, reading: &Reading) {
    assert_eq!(reading.id, document.id);
    if reading.language.as_deref() != Some("ar") {
        let nothing = Reading { id: reading.id.clone(), language: reading.language.clone(), ..Reading::default() };
        assert_eq!(*reading, nothing, "only Arabic is read");
        return;
    }
    let mut start = 0;
    for (i, e) in reading.entities.iter().enumerate() {
        assert_eq!(e.id, format!("e{}", i + 1));
        for m in &e.mentions {
            whole.slice(*m, "mention");
        }
        assert!(e.mentions.is_sorted_by(|a, b| a < b), "{e:?}");
        let first = e.mentions.first().expect("an entity is mentioned").start;
        assert!(first >= start, "{e:?} is named before the entity before it");
        start = first;
    }
    whole.one_after_the_other(reading.statements.iter().filter_map(|s| s.cue), "cue");
    for (i, s) in reading.statements.iter().enumerate() {
        assert_eq!(s.id, format!("st{}", i + 1));
        for link in s.chain.iter().filter_map(|l| l.span) {
            whole.slice(link, "link of a chain");
        }
        let relays = s.chain.get(1..).expect("a chain has an origin");
        assert!(s.chain[0].role == ChainRole::Origin, "{s:?}");
        assert!(relays.iter().all(|l| l.role == ChainRole::Via && l.span.is_some()), "{s:?}");
        whole.one_after_the_other(s.content.iter().copied(), "content");
    }
    let ids: HashSet<&str> = (reading.statements.iter().map(|s| s.id.as_str()))
        .chain(reading.entities.iter().map(|e| e.id.as_str()))
        .collect();
    whole.one_after_the_other(reading.events.iter().map(|e| e.trigger), "trigger");
    for (i, e) in reading.events.iter().enumerate() {
        assert_eq!(e.id, format!("ev{}", i + 1));
        event(whole, e);
        assert!(e.statement.as_ref().is_none_or(|s| s.starts_with("st") && ids.contains(s.as_str())), "{e:?}");
    }
    whole.one_after_the_other(reading.framing.iter().map(|f| f.span), "loaded word");
    for f in &reading.framing {
        assert!(f.of.as_ref().is_none_or(|e| e.starts_with('e') && ids.contains(e.as_str())), "{f:?}");
        assert!(matches!(&*f.kind, "pejorative" | "laudatory" | "delegitimising" | "victim"), "{f:?}");
    }
    whole.one_after_the_other(reading.furniture.iter().copied(), "furniture");
}

fn event(whole: &Text<'_>, e: &Event) {
    for span in [&e.actor, &e.recipient, &e.place, &e.time].into_iter().flatten() {
        whole.slice(*span, "role");
    }
    for t in &e.things {
        whole.slice(t.span, "thing");
        assert!(!t.what.is_empty() && t.count.is_none_or(f64::is_finite), "{t:?}");
    }
    assert!(e.mode.as_deref().is_none_or(|m| e.kind.modes().contains(&m)), "{e:?}");
}

fn analysis(whole: &Text<'_>, document: &Document, analysis: &Analysis) {
    assert_eq!(analysis.id, document.id);
    whole.one_after_the_other(analysis.sentences.iter().copied(), "sentence");
    whole.one_after_the_other(analysis.tokens.iter().map(|t| t.span), "token");
    let mut sentences = analysis.sentences.iter().peekable();
    for t in &analysis.tokens {
        while sentences.next_if(|s| s.end <= t.span.start).is_some() {}
        assert!(sentences.peek().is_some_and(|s| s.contains(t.span)), "{t:?} is in no sentence");
        assert_eq!(t.norm, letter::fold(whole.slice(t.span, "token")));
        assert!(!t.pos.is_empty(), "{t:?}");
        let mut at = t.span.start;
        for s in &t.segments {
            assert!(s.span.start == at && s.span.end > at && !s.pos.is_empty(), "{t:?}");
            at = s.span.end;
        }
        assert_eq!(at, t.span.end, "{t:?}: the parts are not the whole");
    }
    whole.one_after_the_other(analysis.numbers.iter().map(|n| n.span), "number");
    whole.one_after_the_other(analysis.times.iter().map(|t| t.span), "time");
    let mut values: Vec<Span> =
        analysis.numbers.iter().map(|n| n.span).chain(analysis.times.iter().map(|t| t.span)).collect();
    values.sort_unstable();
    whole.one_after_the_other(values, "number or time");
}
