//! `isnad analyse`: the layers below the reader as records.

use arabic::numeral::Number;
use arabic::time::Kind as TimeKind;
use lexicon::{EntryKind, Form};
use model::{Analysis, Document, NumberValue, Segment, Span, TimeValue, TokenAnalysis};

use crate::article::Article;
use crate::duals::Duals;
use crate::tagger::Tagger;
use crate::words::{Knowledge, WordType, Words};

pub use lexicon::UPOS;

/// Analyses an article that was cut and looked up.
pub fn analyse(
    document: &Document,
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    mut pos: Option<&mut Tagger>,
) -> Analysis {
    let mut out = Analysis { id: document.id.clone(), ..Analysis::default() };
    let mut tags: Vec<u8> = Vec::new();
    for range in &article.sentences {
        out.sentences.push(article.tokens.span(range.start, range.end - 1));
        if let Some(t) = pos.as_deref_mut() {
            tags.extend_from_slice(t.tag(article, words, range, &[], |_, _| {}));
        }
        for i in range.clone() {
            let w = article.word(words, i);
            let learned = tags.get(i).map(|t| UPOS[usize::from(*t)]);
            out.tokens.push(token(article, w, knowledge, i, learned));
        }
    }
    let times = crate::times::of_article(article, words, document.published.as_deref());
    let taken: Vec<Span> = times.iter().map(|t| t.span).collect();
    let classes: Vec<_> = article.types.iter().map(|t| words.get(*t).number).collect();
    out.numbers.extend(arabic::numeral::numbers_excluding(&article.tokens, &classes, &taken).iter().map(number));
    let counted: Vec<Span> = out.numbers.iter().map(|n| n.span).collect();
    let duals = Duals { article, words, knowledge, tags: &tags };
    for i in 0..article.tokens.len() {
        let span = article.tokens.all()[i].span;
        if duals.at(i) && !covered(&counted, span) && !covered(&taken, span) {
            let two = number(&arabic::numeral::dual(&article.tokens, i));
            // «شخصان اثنان» is one number, over the word that says it
            let again = out.numbers[..counted.len()].binary_search_by_key(&(span.end + 1), |n| n.span.start);
            if !again.is_ok_and(|n| out.numbers[n].value == two.value && out.numbers[n].kind == two.kind) {
                let start = crate::engine::token_span(article, words, i).start;
                out.numbers.push(NumberValue { span: Span::new(start, two.span.end), ..two });
            }
        }
    }
    out.numbers.sort_by_key(|n| n.span);
    for t in times {
        out.times.push(TimeValue {
            span: t.span,
            kind: match t.kind {
                TimeKind::Date => "date",
                TimeKind::Time => "time",
                TimeKind::Duration => "duration",
                TimeKind::Set => "set",
                TimeKind::Period => "period",
            }
            .into(),
            value: t.value,
            hijri: t.hijri,
        });
    }
    out
}

/// Whether one of the spans, which stand in order without overlap, covers part of this one.
fn covered(spans: &[Span], span: Span) -> bool {
    let at = spans.partition_point(|s| s.end <= span.start);
    spans.get(at).is_some_and(|s| s.overlaps(span))
}

/// A number as a record.
fn number(n: &Number) -> NumberValue {
    NumberValue {
        span: n.span,
        kind: n.kind.code().into(),
        value: n.value,
        low: n.low,
        high: n.high,
        bound: n.bound,
        unit: n.unit.map(str::to_string),
    }
}

fn token(
    article: &Article<'_>,
    w: &WordType,
    knowledge: &Knowledge,
    i: usize,
    learned: Option<&'static str>,
) -> TokenAnalysis {
    let t = &article.tokens.all()[i];
    let listed = w.lexemes.iter().find(|l| l.kind == EntryKind::Word && l.prefix_len == 0 && !l.pronoun);
    let main_tag = |tags: &str, parts: &str| -> String {
        tags.split('+')
            .zip(parts.split('+'))
            .max_by_key(|(tag, part)| {
                (!matches!(*tag, "CCONJ" | "ADP" | "PRON" | "PART" | "SCONJ"), part.chars().count())
            })
            .map_or("X", |(tag, _)| tag)
            .to_string()
    };
    let pos = match learned {
        Some(p) => p.to_string(),
        None => listed
            .and_then(|l| knowledge.entry(l.entry))
            .map_or_else(|| guess_pos(w).to_string(), |e| main_tag(e.pos, e.gloss)),
    };
    let least = w.lexemes.first().map_or(0, |l| l.cost);
    let verb = pos == "VERB";
    let lemma = w
        .lexemes
        .iter()
        .filter(|l| l.cost <= least + 1)
        .filter_map(|l| knowledge.entry(l.entry).map(|e| (l, e)))
        .min_by_key(|(l, e)| {
            let agrees = match l.kind {
                EntryKind::Verb => {
                    verb && !matches!(l.form, Form::VerbalNoun | Form::ActiveParticiple | Form::PassiveParticiple)
                }
                EntryKind::Word => main_tag(e.pos, e.gloss) == pos,
                EntryKind::Noun => pos == "NOUN",
                EntryKind::Phrase => false,
                _ => pos == "PROPN" || pos == "ADJ",
            };
            (!agrees, l.kind != EntryKind::Word, l.cost)
        })
        .map_or_else(
            || w.stem.to_string(),
            |(l, e)| match (l.kind, l.form) {
                // the lemma of a verbal noun or participle is itself a noun: its own stem
                (EntryKind::Verb, Form::VerbalNoun | Form::ActiveParticiple | Form::PassiveParticiple) => {
                    w.stem.to_string()
                }
                _ => e.lemma.to_string(),
            },
        );
    TokenAnalysis { span: t.span, norm: w.norm.to_string(), lemma, segments: segments(article, w, i, &pos), pos }
}

fn guess_pos(w: &WordType) -> &'static str {
    match w.kind {
        arabic::Kind::Number => "NUM",
        arabic::Kind::Punct => "PUNCT",
        arabic::Kind::Latin => "X",
        arabic::Kind::Arabic if w.finite_verb() => "VERB",
        arabic::Kind::Arabic => "NOUN",
    }
}

/// The parts of a written word: conjunction, preposition, future mark, stem with its article, attached pronoun.
fn segments(article: &Article<'_>, w: &WordType, i: usize, pos: &str) -> Vec<Segment> {
    let span = article.tokens.all()[i].span;
    let whole = vec![Segment { span, pos: pos.to_string() }];
    if w.kind != arabic::Kind::Arabic {
        return whole;
    }
    // code point of each folded letter (vowel signs go with the letter before)
    let mut starts = Vec::new();
    for (n, c) in article.tokens.surface(i).chars().enumerate() {
        if arabic::letter::class(c) != arabic::letter::Class::Mark {
            starts.push(span.start + n as u32);
        }
    }
    starts.push(span.end);
    let letters = w.norm.chars().count();
    if starts.len() != letters + 1 {
        return whole; // a ligature stands for several letters
    }
    let mut out = Vec::new();
    let mut at = 0usize;
    let verb = pos == "VERB";
    let mut cut = |len: usize, tag: &str, at: &mut usize| {
        if *at + len < letters {
            out.push(Segment { span: Span::new(starts[*at], starts[*at + len]), pos: tag.to_string() });
            *at += len;
        }
    };
    if w.prefix.conjunction.is_some() {
        cut(1, "CCONJ", &mut at);
    }
    if w.prefix.preposition.is_some() {
        cut(1, if verb { "SCONJ" } else { "ADP" }, &mut at);
    }
    if w.prefix.future && verb {
        cut(1, "PART", &mut at);
    }
    let suffix = w.suffix.chars().count();
    let end = letters - if suffix < letters - at { suffix } else { 0 };
    out.push(Segment { span: Span::new(starts[at], starts[end]), pos: pos.to_string() });
    if end < letters {
        out.push(Segment { span: Span::new(starts[end], starts[letters]), pos: "PRON".to_string() });
    }
    out
}
