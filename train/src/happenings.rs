//! The models of triggers and of cues.

use learn::{Example, Options, Trained};
use model::{EventType, Stance};
use reader::part;
use reader::spans::{self, Phrase};
use reader::tagger::Tagger;
use reader::triggers::Surroundings;
use reader::words::{Knowledge, Words};

use crate::data::{Case, tokens_of};
use crate::phrases::sentence_examples;
use crate::pipeline::rows_of;

pub fn trigger_labels(case: &Case<'_>) -> Vec<u8> {
    let mut out = vec![0; case.article.tokens.len()];
    for v in &case.gold.events {
        if let Some((a, _)) = tokens_of(&case.article, v.trigger) {
            out[a] = 1 + v.kind as u8;
        }
    }
    out
}

pub fn cue_labels(case: &Case<'_>) -> Vec<u8> {
    let mut out = vec![0; case.article.tokens.len()];
    for s in &case.gold.statements {
        if let Some((a, _)) = s.cue.and_then(|c| tokens_of(&case.article, c)) {
            out[a] = 1 + s.stance as u8;
        }
    }
    out
}

pub fn event_names() -> Vec<String> {
    std::iter::once("O".to_string()).chain(EventType::ALL.iter().map(|t| t.code().to_string())).collect()
}

pub fn stance_names() -> Vec<String> {
    std::iter::once("O".to_string()).chain(Stance::ALL.iter().map(|t| t.code().to_string())).collect()
}

pub fn examples(case: &Case<'_>, words: &Words, phrases: &[Phrase], labels: &[u8], cue: bool) -> Vec<Example> {
    let views: Vec<Surroundings> = case.article.sentences.iter().map(|r| Surroundings::new(r, phrases)).collect();
    sentence_examples(&case.article, words, labels, |i, keys| {
        let s = case.article.sentence_of[i] as usize;
        let r = &case.article.sentences[s];
        views[s].keys(&case.article, words, i, r, keys);
        if cue {
            views[s].cue_keys(&case.article, words, i, r, keys);
        }
    })
}

pub fn train(cases: &[(&Case<'_>, &[Phrase])], words: &Words, cue: bool) -> Trained {
    let labels = if cue { cue_labels } else { trigger_labels };
    let examples: Vec<_> = cases.iter().flat_map(|(c, p)| c.weighed(examples(c, words, p, &labels(c), cue))).collect();
    let options = Options {
        epochs: 12,
        rate: 0.1,
        l2: 3e-6,
        // hiding half of the features evens out what other years and wars have otherwise
        dropout: if cue { 0.25 } else { 0.5 },
        word_dropout: crate::phrases::WORD_DROPOUT,
        runs: crate::pipeline::RUNS,
        most: if cue { rows_of(part::CUES) } else { usize::MAX },
        ..Options::default()
    };
    learn::train(&examples, &if cue { stance_names() } else { event_names() }, &options)
}

pub fn find_phrases(
    to: &mut Tagger,
    ti: &mut Tagger,
    case: &Case<'_>,
    words: &Words,
    knowledge: &Knowledge,
    bias: &spans::Bias,
) -> Vec<Phrase> {
    let mut found = Vec::new();
    for r in &case.article.sentences {
        spans::find(to, ti, &case.article, words, r, bias, &mut found);
        spans::propose(&case.article, words, r, &mut found);
    }
    found.sort_by_key(|p| (p.first, p.inner));
    spans::name_again(&case.article, words, knowledge, &mut found);
    found
}
