//! The models of triggers and of cues.

use learn::{Example, Options, Trained};
use model::{EventType, Stance};
use reader::spans::{self, Phrase};
use reader::tagger::Tagger;
use reader::triggers::Surroundings;
use reader::words::Words;

use crate::data::{Case, tokens_of};
use crate::phrases::sentence_examples;

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
    let examples: Vec<_> = cases
        .iter()
        .flat_map(|(c, p)| examples(c, words, p, &if cue { cue_labels(c) } else { trigger_labels(c) }, cue))
        .collect();
    let options = Options { epochs: 12, rate: 0.1, l2: 3e-6, dropout: 0.25, word_dropout: crate::phrases::WORD_DROPOUT, ..Options::default() };
    learn::train(&examples, &if cue { stance_names() } else { event_names() }, &options)
}

pub fn tag(t: &mut Tagger, case: &Case<'_>, words: &Words, phrases: &[Phrase], cue: bool, bias: f32) -> Vec<u8> {
    let mut out = Vec::new();
    for r in &case.article.sentences {
        let view = Surroundings::new(r, phrases);
        out.extend_from_slice(t.tag(&case.article, words, r, &[bias], |i, keys| {
            view.keys(&case.article, words, i, r, keys);
            if cue {
                view.cue_keys(&case.article, words, i, r, keys);
            }
        }));
    }
    out
}

pub fn find_phrases(to: &mut Tagger, ti: &mut Tagger, case: &Case<'_>, words: &Words, bias: &spans::Bias) -> Vec<Phrase> {
    let mut found = Vec::new();
    for r in &case.article.sentences {
        spans::find(to, ti, &case.article, words, r, bias, &mut found);
    }
    found
}

pub fn report(gold: &[u8], sys: &[u8], c: &mut [usize; 4]) {
    for (g, s) in gold.iter().zip(sys) {
        c[0] += usize::from(*g != 0);
        c[1] += usize::from(*s != 0);
        c[2] += usize::from(*g != 0 && *s != 0);
        c[3] += usize::from(*g != 0 && g == s);
    }
}

pub fn f(c: &[usize; 4], k: usize) -> f64 {
    2.0 * c[k] as f64 / (c[0] + c[1]).max(1) as f64
}
