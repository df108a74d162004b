//! The model of roles.

use learn::{Example, Group, Options, Trained};
use model::Span;
use reader::clauses::Clauses;
use reader::roles::{self, Bearer, Earlier, LABELS, Pairs, Trigger};
use reader::spans::Phrase;
use reader::words::{Knowledge, Words};

use crate::data::{Case, tokens_of};

/// Gold triggers of a case, in token order, with the index of their event.
pub fn gold_triggers(case: &Case<'_>) -> Vec<(Trigger, usize)> {
    let mut out: Vec<(Trigger, usize)> = case
        .gold
        .events
        .iter()
        .enumerate()
        .filter_map(|(i, v)| tokens_of(&case.article, v.trigger).map(|t| (Trigger::happening(t.0, v.kind), i)))
        .collect();
    out.sort_by_key(|t| t.0.token);
    out
}

/// The candidate that fits a gold span best, if one does: index into `candidates`.
pub fn best_fit(case: &Case<'_>, words: &Words, phrases: &[Phrase], candidates: &[usize], gold: Span) -> Option<usize> {
    candidates
        .iter()
        .enumerate()
        .filter_map(|(i, c)| {
            let p = &phrases[*c];
            let s = p.span(&case.article, words);
            let common = s.end.min(gold.end).saturating_sub(s.start.max(gold.start));
            let both = s.len().max(gold.len());
            // a name inside the filler is not the filler, unless it is most of it
            let fits = common > 0 && (!p.inner || common * 2 > both);
            fits.then_some((common * 1000 / both.max(1), std::cmp::Reverse(i), i))
        })
        .max()
        .map(|b| b.2)
}

/// The right label of each candidate: for each gold filler, the candidate that fits it best.
pub fn labels(case: &Case<'_>, words: &Words, phrases: &[Phrase], event: usize, candidates: &[usize]) -> Vec<u8> {
    let v = &case.gold.events[event];
    let mut out = vec![0u8; candidates.len()];
    let things: Vec<Span> = v.things.iter().map(|t| t.0).collect();
    for (role, list) in [(3u8, &v.place), (4, &v.time), (5, &things), (1, &v.actor), (2, &v.recipient)] {
        for g in list {
            if let Some(i) = best_fit(case, words, phrases, candidates, *g)
                && (out[i] == 0 || role <= 2)
            {
                out[i] = role;
            }
        }
    }
    out
}

/// Who or what the phrases of a case name.
pub fn bearers(case: &Case<'_>, words: &Words, knowledge: &Knowledge, phrases: &[Phrase]) -> Vec<Bearer> {
    let (entities, of) = reader::reference::gather(&case.article, words, knowledge, phrases);
    roles::bearers(&case.article, words, phrases, &entities, &of)
}

pub fn examples(case: &Case<'_>, words: &Words, knowledge: &Knowledge, phrases: &[Phrase]) -> Vec<Example> {
    let gold = gold_triggers(case);
    let triggers: Vec<Trigger> = gold.iter().map(|g| g.0).collect();
    let clauses = Clauses::new(&case.article, words, phrases);
    let told = crate::chains::told(case, words, phrases);
    let bearers = bearers(case, words, knowledge, phrases);
    let layers = case.layers(words, knowledge, phrases, &clauses, &bearers);
    let pairs = Pairs::new(layers, &triggers, &told);
    let mut out = Vec::new();
    let mut cs = Vec::new();
    let mut earlier = Earlier::default();
    for (t, (trigger, event)) in gold.iter().enumerate() {
        roles::candidates(&case.article, phrases, trigger.token, &mut cs);
        let l = labels(case, words, phrases, *event, &cs);
        let fillers = filled(&cs, &l);
        for (c, l) in cs.iter().zip(l) {
            let mut keys = Vec::with_capacity(60);
            pairs.keys(t, *c, &mut keys);
            earlier.keys(&pairs, t, Some(*c), &mut keys);
            out.push(Example { features: vec![keys], labels: vec![l], weight: 1.0 });
        }
        earlier.push(&pairs, t, fillers);
    }
    out
}

/// The gold fillers among the candidates.
fn filled(candidates: &[usize], labels: &[u8]) -> Vec<(usize, u8)> {
    candidates.iter().zip(labels).filter(|(_, l)| **l > 0).map(|(c, l)| (*c, *l)).collect()
}

/// How the models that judge candidates one by one are trained.
pub fn judge_options() -> Options {
    Options {
        epochs: 12,
        rate: 0.08,
        l2: 3e-6,
        dropout: 0.15,
        word_dropout: 0.2,
        runs: crate::pipeline::RUNS,
        transitions: false,
        ..Options::default()
    }
}

pub fn train(cases: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge) -> Trained {
    let examples: Vec<_> = cases.iter().flat_map(|(c, p)| examples(c, words, knowledge, p)).collect();
    let labels: Vec<String> = LABELS.iter().map(|l| (*l).to_string()).collect();
    // many features say nearly the same: hiding a good share of them at each step keeps any from deciding alone
    learn::train(&examples, &labels, &Options { dropout: 0.4, ..judge_options() })
}

/// The ranking model of roles.
pub fn train_ranks(cases: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge) -> Trained {
    let mut groups = Vec::new();
    for (case, phrases) in cases {
        let gold = gold_triggers(case);
        let triggers: Vec<Trigger> = gold.iter().map(|g| g.0).collect();
        let clauses = Clauses::new(&case.article, words, phrases);
        let told = crate::chains::told(case, words, phrases);
        let bearers = bearers(case, words, knowledge, phrases);
        let layers = case.layers(words, knowledge, phrases, &clauses, &bearers);
        let pairs = Pairs::new(layers, &triggers, &told);
        let mut cs = Vec::new();
        let mut earlier = Earlier::default();
        for (t, (trigger, event)) in gold.iter().enumerate() {
            roles::candidates(&case.article, phrases, trigger.token, &mut cs);
            let l = labels(case, words, phrases, *event, &cs);
            let v = &case.gold.events[*event];
            let mut group = Group { candidates: vec![Vec::new()], right: Vec::new() };
            pairs.none_keys(t, &cs, &mut group.candidates[0]);
            earlier.keys(&pairs, t, None, &mut group.candidates[0]);
            for c in &cs {
                let mut keys = Vec::with_capacity(60);
                pairs.keys(t, *c, &mut keys);
                earlier.keys(&pairs, t, Some(*c), &mut keys);
                group.candidates.push(keys);
            }
            earlier.push(&pairs, t, filled(&cs, &l));
            for role in 1..LABELS.len() as u8 {
                let mut right: Vec<usize> = (0..l.len()).filter(|i| l[*i] == role).map(|i| i + 1).collect();
                let stated = match role {
                    1 => v.actor.len(),
                    2 => v.recipient.len(),
                    3 => v.place.len(),
                    4 => v.time.len(),
                    _ => v.things.len(),
                };
                if right.is_empty() {
                    // a filler that is no candidate teaches nothing: every answer counts as right
                    right = if stated > 0 { (0..group.candidates.len()).collect() } else { vec![0] };
                }
                group.right.push(right);
            }
            groups.push(group);
        }
    }
    let questions: Vec<String> = LABELS[1..].iter().map(|l| (*l).to_string()).collect();
    let options = Options { rate: 0.1, l2: 1e-6, dropout: 0.6, ..judge_options() };
    learn::train_ranker(&groups, &questions, &options)
}
