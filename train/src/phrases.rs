//! The models of phrases: outer and inner.

use learn::{Example, Options, Trained};
use model::{EntityType, Span};
use reader::article::Article;
use reader::spans::{self, Kind, Phrase};
use reader::tagger;
use reader::words::Words;

use crate::data::{Case, tokens_of};

/// How often the very word is hidden in training.
pub const WORD_DROPOUT: f32 = 0.1;

/// Gold phrases of an article: outer ones, then the names inside them.
pub fn gold_phrases(case: &Case<'_>) -> (Vec<Phrase>, Vec<Phrase>) {
    let g = case.gold;
    let mut mentions: Vec<(usize, usize, Kind)> = Vec::new();
    for (t, _, ms) in &g.entities {
        for m in ms {
            if let Some((a, b)) = tokens_of(&case.article, *m) {
                mentions.push((a, b, Kind::Entity(*t)));
            }
        }
    }
    mentions.sort_by_key(|m| (std::cmp::Reverse(m.1 - m.0), m.0));
    let mut outer: Vec<Phrase> = Vec::new();
    let mut inner: Vec<Phrase> = Vec::new();
    let clashes = |list: &[Phrase], a: usize, b: usize| list.iter().any(|p| p.first <= b && a <= p.last);
    for (first, last, kind) in mentions {
        if !clashes(&outer, first, last) {
            outer.push(Phrase { first, last, kind, inner: false });
        } else if !clashes(&inner, first, last)
            && outer.iter().any(|o| o.first <= first && last <= o.last && (o.first, o.last) != (first, last))
        {
            inner.push(Phrase { first, last, kind, inner: true });
        }
    }
    let mut rest: Vec<(Span, Kind)> = Vec::new();
    for v in &g.events {
        rest.extend(v.actor.iter().chain(&v.recipient).map(|s| (*s, Kind::Unnamed)));
        rest.extend(v.place.iter().map(|s| (*s, Kind::Place)));
        rest.extend(v.things.iter().map(|t| (t.0, Kind::Thing)));
        rest.extend(v.time.iter().map(|s| (*s, Kind::Time)));
    }
    for s in &g.statements {
        rest.extend(s.chain.iter().filter_map(|c| c.1).map(|s| (s, Kind::Unnamed)));
    }
    rest.sort_by_key(|(s, k)| (k.index(), std::cmp::Reverse(s.len()), s.start));
    for (s, kind) in rest {
        if let Some((first, last)) = tokens_of(&case.article, s)
            && last - first < 25
            && !clashes(&outer, first, last)
        {
            outer.push(Phrase { first, last, kind, inner: false });
        }
    }
    outer.sort_by_key(|p| p.first);
    inner.sort_by_key(|p| p.first);
    (outer, inner)
}

pub fn labels_of(phrases: &[Phrase], len: usize) -> Vec<u8> {
    let mut out = vec![0; len];
    for p in phrases {
        for (i, label) in out[p.first..=p.last].iter_mut().enumerate() {
            *label = (1 + 2 * p.kind.index() + usize::from(i > 0)) as u8;
        }
    }
    out
}

pub fn outer_examples(case: &Case<'_>, words: &Words) -> Vec<Example> {
    let (outer, _) = gold_phrases(case);
    let labels = labels_of(&outer, case.article.tokens.len());
    sentence_examples(&case.article, words, &labels, |_, _| {})
}

pub fn inner_examples(case: &Case<'_>, words: &Words) -> Vec<Example> {
    let (outer, inner) = gold_phrases(case);
    let tags = labels_of(&outer, case.article.tokens.len());
    let labels = labels_of(&inner, case.article.tokens.len());
    let mut out = sentence_examples(&case.article, words, &labels, |i, keys| {
        // the sentence's own tags only
        let r = &case.article.sentences[case.article.sentence_of[i] as usize];
        spans::inner_keys(&tags[r.clone()], i - r.start, keys);
    });
    // a sentence without a longer phrase has nothing inside
    let mut at = 0;
    out.retain(|_| {
        let r = &case.article.sentences[at];
        at += 1;
        outer.iter().any(|p| p.first >= r.start && p.last < r.end && p.last > p.first)
    });
    out
}

pub fn sentence_examples(
    article: &Article<'_>,
    words: &Words,
    labels: &[u8],
    mut extra: impl FnMut(usize, &mut Vec<learn::Key>),
) -> Vec<Example> {
    article
        .sentences
        .iter()
        .map(|range| {
            let features = range
                .clone()
                .map(|i| {
                    let mut keys = Vec::with_capacity(150);
                    tagger::keys(article, words, i, range, &mut keys);
                    extra(i, &mut keys);
                    keys
                })
                .collect();
            Example { features, labels: labels[range.clone()].to_vec(), weight: 1.0 }
        })
        .collect()
}

pub fn train_outer(cases: &[&Case<'_>], words: &Words) -> Trained {
    let examples: Vec<_> = cases.iter().flat_map(|c| c.weighed(outer_examples(c, words))).collect();
    fit(&examples, Kind::COUNT)
}

pub fn train_inner(cases: &[&Case<'_>], words: &Words) -> Trained {
    let examples: Vec<_> = cases.iter().flat_map(|c| c.weighed(inner_examples(c, words))).collect();
    fit(&examples, EntityType::ALL.len())
}

/// Trains a labelling with the first `kinds` kinds of phrases.
fn fit(examples: &[Example], kinds: usize) -> Trained {
    let options = Options {
        forbidden: spans::forbidden(kinds),
        epochs: 14,
        rate: 0.1,
        l2: 2e-6,
        dropout: 0.5,
        word_dropout: WORD_DROPOUT,
        ..Options::default()
    };
    learn::train(examples, &Kind::labels(kinds), &options)
}
