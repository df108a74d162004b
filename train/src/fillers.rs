//! The model of roles.

use learn::{Example, Model, Options, Trained};
use model::Span;
use reader::roles::{self, Filler, LABELS, Pairs, Trigger};
use reader::spans::{Kind, Phrase};
use reader::words::{Knowledge, Words};

use crate::data::{Case, tokens_of};

/// Gold triggers of a case, in token order, with the index of their event.
pub fn gold_triggers(case: &Case<'_>) -> Vec<(Trigger, usize)> {
    let mut out: Vec<(Trigger, usize)> = case
        .gold
        .events
        .iter()
        .enumerate()
        .filter_map(|(i, v)| tokens_of(&case.article, v.trigger).map(|t| (Trigger { token: t.0, kind: v.kind }, i)))
        .collect();
    out.sort_by_key(|t| t.0.token);
    out
}

/// The right label of each candidate: for each gold filler, the candidate that fits it best.
pub fn labels(case: &Case<'_>, words: &Words, phrases: &[Phrase], event: usize, candidates: &[usize]) -> Vec<u8> {
    let v = &case.gold.events[event];
    let mut out = vec![0u8; candidates.len()];
    let things: Vec<Span> = v.things.iter().map(|t| t.0).collect();
    for (role, list) in [(3u8, &v.place), (4, &v.time), (5, &things), (1, &v.actor), (2, &v.recipient)] {
        for g in list {
            let best = candidates
                .iter()
                .enumerate()
                .filter_map(|(i, c)| {
                    let p = &phrases[*c];
                    let s = p.span(&case.article, words);
                    let common = s.end.min(g.end).saturating_sub(s.start.max(g.start));
                    let both = s.len().max(g.len());
                    // a name inside the filler is not the filler, unless it begins it
                    let fits = common > 0 && (!p.inner || common * 2 > both);
                    fits.then_some(((common * 1000 / both.max(1)), std::cmp::Reverse(i), i))
                })
                .max();
            if let Some((_, _, i)) = best
                && (out[i] == 0 || role <= 2)
            {
                out[i] = role;
            }
        }
    }
    out
}

pub fn examples(case: &Case<'_>, words: &Words, knowledge: &Knowledge, phrases: &[Phrase]) -> Vec<Example> {
    let gold = gold_triggers(case);
    let triggers: Vec<Trigger> = gold.iter().map(|g| g.0).collect();
    let pairs = Pairs::new(&case.article, words, knowledge, phrases, &triggers);
    let mut out = Vec::new();
    let mut cs = Vec::new();
    for (t, (trigger, event)) in gold.iter().enumerate() {
        roles::candidates(&case.article, phrases, trigger.token, &mut cs);
        let l = labels(case, words, phrases, *event, &cs);
        for (c, l) in cs.iter().zip(l) {
            let mut keys = Vec::with_capacity(60);
            pairs.keys(t, *c, &mut keys);
            out.push(Example { features: vec![keys], labels: vec![l], weight: 1.0 });
        }
    }
    out
}

pub fn train(cases: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge) -> Trained {
    let examples: Vec<_> = cases.iter().flat_map(|(c, p)| examples(c, words, knowledge, p)).collect();
    let labels: Vec<String> = LABELS.iter().map(|l| (*l).to_string()).collect();
    let options =
        Options { epochs: 12, rate: 0.08, l2: 3e-6, dropout: 0.15, word_dropout: 0.2, transitions: false, ..Options::default() };
    learn::train(&examples, &labels, &options)
}

/// Fills the roles of triggers.
pub fn fill(
    model: &Model,
    case: &Case<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
    triggers: &[Trigger],
    thresholds: &[f32; 6],
) -> Vec<Vec<Filler>> {
    let pairs = Pairs::new(&case.article, words, knowledge, phrases, triggers);
    let (mut cs, mut keys, mut scores, mut one) = (vec![], vec![], vec![], vec![]);
    triggers
        .iter()
        .enumerate()
        .map(|(t, trigger)| {
            roles::candidates(&case.article, phrases, trigger.token, &mut cs);
            scores.clear();
            for c in &cs {
                keys.clear();
                pairs.keys(t, *c, &mut keys);
                model.score(&keys, &mut one);
                scores.extend_from_slice(&one);
            }
            let mut out = Vec::new();
            roles::choose(phrases, &cs, &scores, thresholds, &mut out);
            out
        })
        .collect()
}

/// A reading with gold triggers and types and the filled roles, for scoring roles alone.
pub fn reading(case: &Case<'_>, words: &Words, phrases: &[Phrase], triggers: &[Trigger], fillers: &[Vec<Filler>]) -> model::Reading {
    let mut r = model::Reading::default();
    for (t, fs) in triggers.iter().zip(fillers) {
        let spans = |role: u8| -> Vec<Span> {
            fs.iter().filter(|f| f.role == role).map(|f| phrases[f.phrase].span(&case.article, words)).collect()
        };
        r.events.push(model::Event {
            id: String::new(),
            kind: t.kind,
            mode: None,
            trigger: case.article.tokens.all()[t.token].span,
            actor: spans(1),
            recipient: spans(2),
            things: spans(5)
                .into_iter()
                .map(|span| model::Thing {
                    span,
                    what: String::new(),
                    model: None,
                    count: None,
                    bound: model::Bound::Exact,
                    part: false,
                })
                .collect(),
            place: spans(3),
            time: spans(4),
            status: model::Status::Actual,
            polarity: model::Polarity::Positive,
            statement: None,
            harm: None,
        });
    }
    let _ = Kind::COUNT;
    r
}
