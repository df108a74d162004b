//! Parts of a whole: «… 8 مقاتلات. وأضاف أن من بين المقاتلات 6 من طراز “ميغ-29” ومقاتلتين من طراز “سو-24”» breaks a
//! thing down that an earlier happening named. The parts are things of that happening.

use arabic::numeral::{Kind as NumberKind, Number};
use lexicon::Form;
use model::{Event, Thing};

use crate::article::Article;
use crate::spans::{Kind, Phrase};
use crate::things;
use crate::words::{Knowledge, Words};

/// How many sentences back the whole is looked for.
const BACK: u32 = 2;
/// Farthest that a part begins after the words that announce it, in tokens.
const AHEAD: usize = 24;

/// Adds the parts that later words name to the things of earlier events. Linear in the tokens, with a look back at the
/// events of the sentences just before at each announcement.
pub fn break_down(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    numbers: &[Number],
    events: &mut [Event],
) {
    for at in 1..article.tokens.len() {
        let Some(from) = announced(article, words, at) else { continue };
        let noun = (from > at + 1).then_some(at + 1);
        let Some((e, t)) = whole(article, words, events, at, noun) else { continue };
        let known = &events[e].things;
        let whole = &known[t];
        let mut parts: Vec<Thing> = units(article, words, numbers, from)
            .map(|p| things::describe(article, words, knowledge, numbers, &p))
            .filter(|p| p.count.is_some() && p.span.start >= whole.span.end)
            .filter(|p| !known.iter().any(|k| k.span.start < p.span.end && p.span.start < k.span.end))
            .collect();
        let sum: f64 = parts.iter().filter_map(|p| p.count).sum();
        if parts.is_empty() || whole.count.is_none_or(|c| sum > c) {
            continue;
        }
        for p in &mut parts {
            p.part = true;
            if p.model.is_none() || p.class.is_none() {
                p.what.clone_from(&whole.what);
                p.class = p.class.take().or_else(|| whole.class.clone());
            }
        }
        events[e].things.append(&mut parts);
    }
}

/// Where parts are announced at this token («من بين المقاتلات», «من ضمنها», «بينها», «منها»): the token after the
/// announcement.
fn announced(article: &Article<'_>, words: &Words, at: usize) -> Option<usize> {
    let w = article.word(words, at);
    let own = !w.suffix.is_empty();
    let after_from = article.word(words, at - 1).head() == "من";
    match &*w.stem {
        "بين" | "ضمن" | "من" if own => Some(at + 1),
        "بين" | "ضمن" if after_from => {
            let next = article.types.get(at + 1).map(|t| words.get(*t))?;
            (next.prefix.article || next.norm.starts_with("ال")).then_some(at + 2)
        }
        _ => None,
    }
}

/// The counted thing that is broken down: of the latest event before, the thing that the noun names again, or without
/// a noun the one that ends right before.
fn whole(
    article: &Article<'_>,
    words: &Words,
    events: &[Event],
    at: usize,
    noun: Option<usize>,
) -> Option<(usize, usize)> {
    let here = article.sentence_of[at];
    let begins = article.tokens.all()[at].span.start;
    // in the order of their triggers
    let before = events.partition_point(|e| e.trigger.start < begins);
    events[..before]
        .iter()
        .enumerate()
        .rev()
        .take_while(|(_, e)| article.sentence_of[article.tokens.at(e.trigger.start)] + BACK >= here)
        .find_map(|(i, e)| {
            let fits = |t: &Thing| {
                let first = article.tokens.at(t.span.start);
                let last = article.tokens.at(t.span.end - 1);
                t.count.is_some_and(|c| c >= 2.0)
                    && t.span.end <= begins
                    && match noun {
                        Some(n) => (first..=last).any(|j| names_alike(article, words, j, n)),
                        None => article.sentence_of[last] == here && at - last <= 4,
                    }
            };
            e.things.iter().position(fits).map(|t| (i, t))
        })
}

/// Whether two words are forms of one noun.
fn names_alike(article: &Article<'_>, words: &Words, a: usize, b: usize) -> bool {
    let (a, b) = (article.word(words, a), article.word(words, b));
    a.lexemes
        .iter()
        .any(|x| !matches!(x.form, Form::Past | Form::Present) && b.lexemes.iter().any(|y| x.entry == y.entry))
}

/// Counted pieces from token `from` to the end of the sentence: a number or a dual with what it counts, and the model
/// after «من طراز».
fn units(article: &Article<'_>, words: &Words, numbers: &[Number], from: usize) -> impl Iterator<Item = Phrase> {
    let end = article.sentences[article.sentence_of[from.min(article.tokens.len() - 1)] as usize].end.min(from + AHEAD);
    let mut out = Vec::new();
    let mut i = from;
    while i < end {
        let w = article.word(words, i);
        let number = numbers[numbers.partition_point(|n| n.first_token < i)..].first();
        let counted = number.filter(|n| n.first_token == i && n.kind == NumberKind::Cardinal && n.last_token + 1 < end);
        let mut last = if let Some(n) = counted {
            n.last_token
        } else if w.number.is_none() && w.lexemes.first().is_some_and(|l| l.form == Form::Dual) {
            i
        } else if w.finite_verb() {
            break;
        } else {
            i += 1;
            continue;
        };
        // what is counted, unless the model follows at once
        if counted.is_some()
            && !is_model(article, words, last + 1)
            && article.word(words, last + 1).kind == arabic::Kind::Arabic
        {
            last += 1;
        }
        if is_model(article, words, last + 1) {
            last = model_end(article, last + 3, end);
        }
        out.push(Phrase { first: i, last, kind: Kind::Thing, inner: false });
        i = last + 1;
    }
    out.into_iter()
}

/// «من طراز», «من نوع».
fn is_model(article: &Article<'_>, words: &Words, at: usize) -> bool {
    let stem = |i: usize| article.types.get(i).map_or("", |t| words.get(*t).head());
    stem(at) == "من" && matches!(stem(at + 1), "طراز" | "نوع" | "فئه")
}

/// The last token of the model's name that begins at `at`: a listed name, or what stands in quotation marks, or a word.
fn model_end(article: &Article<'_>, at: usize, end: usize) -> usize {
    let opens = |i: usize| matches!(article.tokens.norm(i), "\"" | "“" | "«" | "”");
    if at >= end {
        return end - 1;
    }
    let begin = if opens(at) && at + 1 < end { at + 1 } else { at };
    let named = article.names_within(begin, end - 1).filter(|m| m.first == begin).map(|m| m.last).max();
    named.unwrap_or(begin)
}
