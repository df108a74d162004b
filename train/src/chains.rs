//! The models of chains, of which statement reports a happening, and of status, polarity and mode.

use learn::{Example, Group, Key, Model, Options, Trained};
use model::{Polarity, Status};
use reader::clauses::Clauses;
use reader::part;
use reader::roles::{Pairs, RoleModel, Scratch, Told, Trigger};
use reader::sayings::{self, Before, LABELS};
use reader::spans::Phrase;
use reader::status::{self, Scene};
use reader::words::{Knowledge, Words};

use crate::data::{Case, tokens_of};
use crate::fillers::{best_fit, companion, gold_triggers, judge_options, opened, train_companions};
use crate::pipeline::{RUNS, shared};

/// Gold cues of a case in token order, with the index of their statement.
pub fn gold_cues(case: &Case<'_>) -> Vec<(Trigger, usize)> {
    let mut out: Vec<(Trigger, usize)> = case
        .gold
        .statements
        .iter()
        .enumerate()
        .filter_map(|(i, s)| {
            let t = tokens_of(&case.article, s.cue?)?;
            Some((Trigger::saying(t.0, s.stance), i))
        })
        .collect();
    out.sort_by_key(|t| t.0.token);
    out
}

/// The sayings of a case as the layer of roles sees them; where `noise` says so, one in ten is left out, as the reader
/// misses some too.
pub fn told(case: &Case<'_>, words: &Words, phrases: &[Phrase]) -> Vec<Told> {
    let everything: Vec<usize> = (0..phrases.len()).collect();
    let find = |span: model::Span| best_fit(case, words, phrases, &everything, span);
    gold_cues(case)
        .iter()
        .filter(|(cue, _)| !cue.token.is_multiple_of(10))
        .map(|(cue, statement)| {
            let s = &case.gold.statements[*statement];
            Told {
                cue: cue.token,
                stance: s.stance as u32,
                origin: s.chain.first().and_then(|c| c.1).and_then(find),
                via: s.chain.iter().skip(1).filter_map(|c| c.1).filter_map(find).collect(),
            }
        })
        .collect()
}

/// What the models of chains learn from.
#[derive(Default)]
struct Material {
    judged: Vec<Example>,
    ranked: Vec<Group>,
    /// Decisions about further relays, beside those that a model chose.
    further: Vec<Example>,
}

/// Adds what one article teaches; further relays where there is a model to choose the first.
fn gather(
    case: &Case<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
    model: Option<&RoleModel>,
    out: &mut Material,
) {
    let gold = gold_cues(case);
    let cues: Vec<Trigger> = gold.iter().map(|g| g.0).collect();
    let clauses = Clauses::new(&case.article, words, phrases);
    let bearers = crate::fillers::bearers(case, words, knowledge, phrases);
    let layers = case.layers(words, knowledge, phrases, &clauses, &bearers);
    let pairs = Pairs::new(layers, &cues, &[]);
    let body = sayings::body_start(&case.article);
    let mut before = Before::default();
    let mut scratch = Scratch::default();
    let everything: Vec<usize> = (0..phrases.len()).collect();
    for (t, (cue, statement)) in gold.iter().enumerate() {
        let s = &case.gold.statements[*statement];
        sayings::candidates(&case.article, phrases, cue.token, body, &before, &mut scratch.candidates);
        let cs = scratch.candidates.clone();
        let mut labels = vec![0u8; cs.len()];
        let mut right: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        let mut stated = [false; 2];
        for (via, span) in &s.chain {
            let Some(span) = span else { continue };
            let q = usize::from(*via);
            stated[q] = true;
            if let Some(i) = best_fit(case, words, phrases, &cs, *span) {
                labels[i] = 1 + u8::from(*via);
                right[q].push(i + 1);
            }
        }
        let keys = |c: Option<usize>| {
            let mut keys: Vec<Key> = Vec::new();
            match c {
                None => pairs.none_keys(t, &cs, &mut keys),
                Some(c) => pairs.keys(t, c, &mut keys),
            }
            sayings::keys(&pairs, t, c, body, &before, &mut keys);
            keys
        };
        if let Some(model) = model {
            let mut leads = Vec::new();
            let extra = |c: Option<usize>, k: &mut Vec<Key>| sayings::keys(&pairs, t, c, body, &before, k);
            model.lead(&pairs, t, &mut scratch, extra, &mut leads);
            model.considered(&pairs, t, &mut scratch, &leads, None, |x, keys| {
                let right = cs.iter().zip(&labels).any(|(c, l)| *c == x.phrase && *l == x.role);
                out.further.push(companion(keys, right, case.weight()));
            });
        } else {
            let mut group = Group { candidates: vec![keys(None)], right: Vec::new(), weight: case.weight() };
            for (c, l) in cs.iter().zip(&labels) {
                let keys = keys(Some(*c));
                out.judged.push(Example { features: vec![keys.clone()], labels: vec![*l], weight: case.weight() });
                group.candidates.push(keys);
            }
            for q in 0..2 {
                group.right.push(match (right[q].is_empty(), stated[q]) {
                    (false, _) => right[q].clone(),
                    (true, true) => (0..group.candidates.len()).collect(),
                    (true, false) => vec![0],
                });
            }
            out.ranked.push(group);
        }
        let find = |span: model::Span| best_fit(case, words, phrases, &everything, span);
        before = Before {
            cue: cue.token,
            origin: s.chain.first().and_then(|c| c.1).and_then(find),
            via: s.chain.iter().skip(1).filter_map(|c| c.1).filter_map(find).collect(),
        };
    }
}

fn fit(material: &Material, runs: usize) -> Trained {
    let options = Options { runs, most: shared(part::CHAINS), ..judge_options() };
    let labels: Vec<String> = LABELS.iter().map(|l| (*l).to_string()).collect();
    let judge = learn::train(&material.judged, &labels, &options);
    judge.beside(learn::train_ranker(&material.ranked, &labels[1..], &Options { rate: 0.1, l2: 1e-6, ..options }))
}

/// The model of chains, and that of further relays: beside first ones that were chosen by models that did not learn from
/// the article.
pub fn train(cases: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge) -> (Trained, Trained) {
    let part = |keep: &dyn Fn(usize) -> bool, models: Option<&[RoleModel; 2]>| {
        let mut material = Material::default();
        for (i, (c, p)) in cases.iter().enumerate().filter(|(i, _)| keep(*i)) {
            gather(c, words, knowledge, p, models.map(|m| &m[1 - i % 2]), &mut material);
        }
        material
    };
    let choice = reader::Settings::default().chains;
    let halves = [0, 1].map(|half| opened(&fit(&part(&|i| i % 2 == half, None), 1), None, &choice));
    let relays = train_companions(&part(&|_| true, Some(&halves)).further);
    (fit(&part(&|_| true, None), RUNS), relays)
}

/// Statement (by index into the cues) that reports each gold event.
fn reports(case: &Case<'_>, cues: &[(Trigger, usize)], event: usize) -> Option<usize> {
    let id = case.gold.events[event].statement.as_deref()?;
    cues.iter().position(|(_, s)| case.gold.statements[*s].id == id)
}

pub fn train_reports(cases: &[(&Case<'_>, &[Phrase])], words: &Words) -> Trained {
    let mut groups = Vec::new();
    for (case, _) in cases {
        let gold = gold_cues(case);
        let cues: Vec<Trigger> = gold.iter().map(|g| g.0).collect();
        let mut list = Vec::new();
        for (t, e) in gold_triggers(case).into_iter().filter(|g| !case.gold.events[g.1].trigger_only) {
            sayings::reporters(&case.article, &cues, t.token, &mut list);
            let right = match reports(case, &gold, e) {
                None if case.gold.events[e].statement.is_none() => 0,
                None => continue,
                Some(c) => match list.iter().position(|x| *x == c) {
                    Some(i) => i + 1,
                    None => continue,
                },
            };
            let mut group = Group { candidates: Vec::new(), right: vec![vec![right]], weight: case.weight() };
            for c in std::iter::once(None).chain(list.iter().map(|c| Some(*c))) {
                let mut keys = Vec::new();
                sayings::report_keys(&case.article, words, &cues, t, c, &mut keys);
                group.candidates.push(keys);
            }
            groups.push(group);
        }
    }
    let options =
        Options { epochs: 12, rate: 0.1, l2: 1e-6, dropout: 0.15, word_dropout: 0.2, runs: RUNS, ..Options::default() };
    learn::train_ranker(&groups, &["reports".to_string()], &options)
}

/// Decisions of status, polarity and mode; `earlier` tells what is held of the happenings before.
pub fn status_examples(cases: &[(&Case<'_>, &[Phrase])], words: &Words, earlier: Earlier<'_>) -> [Vec<Example>; 3] {
    let mut sets: [Vec<Example>; 3] = Default::default();
    let modes = status::mode_labels();
    for (case, phrases) in cases {
        let cues = gold_cues(case);
        let clauses = Clauses::new(&case.article, words, phrases);
        let gold = gold_triggers(case);
        let triggers: Vec<Trigger> = gold.iter().map(|g| g.0).collect();
        let scene = Scene { article: &case.article, words, clauses: &clauses, triggers: &triggers };
        let mut held: Vec<(Status, Polarity)> = Vec::with_capacity(gold.len());
        let mut scores = Vec::new();
        for (number, (t, e)) in gold.iter().copied().enumerate() {
            let v = &case.gold.events[e];
            let c = reports(case, &cues, e);
            let stance = c.map_or(0, |c| case.gold.statements[cues[c].1].stance as u32 + 1);
            let mut keys = Vec::new();
            status::status_keys(&case.article, words, t.token, v.kind, stance, c.map(|c| cues[c].0.token), &mut keys);
            scene.keys(number, &held, &mut keys);
            held.push(match earlier {
                Earlier::Annotated => (v.status, v.polarity),
                Earlier::Decided(model) => status::decide(model, &keys, &mut scores).0,
            });
            if v.trigger_only {
                continue;
            }
            let one = |label: u8, keys: Vec<Key>| Example {
                features: vec![keys],
                labels: vec![label],
                weight: case.weight(),
            };
            sets[0].push(one(v.status as u8, keys.clone()));
            sets[1].push(one(v.polarity as u8, keys));
            let label = v.mode.as_ref().map_or(v.kind.code().to_string(), |m| format!("{}.{m}", v.kind.code()));
            if let Some(l) = modes.iter().position(|x| *x == label) {
                let mut keys = Vec::new();
                status::mode_keys(&case.article, words, t.token, v.kind, &mut keys);
                sets[2].push(one(l as u8, keys));
            }
        }
    }
    sets
}

/// Where the status of the happenings before comes from.
#[derive(Clone, Copy)]
pub enum Earlier<'a> {
    /// The annotation.
    Annotated,
    /// What a model decides.
    Decided(&'a Model),
}

/// Status, polarity and mode.
pub fn train_status(cases: &[(&Case<'_>, &[Phrase])], words: &Words) -> [Trained; 3] {
    let sets = status_examples(cases, words, Earlier::Annotated);
    let options = Options {
        epochs: 12,
        rate: 0.08,
        l2: 5e-6,
        dropout: 0.4,
        word_dropout: 0.15,
        runs: RUNS,
        transitions: false,
        most: shared(part::STATUS),
        ..Options::default()
    };
    let names = |n: Vec<&str>| n.into_iter().map(str::to_string).collect::<Vec<_>>();
    [
        learn::train(&sets[0], &names(Status::ALL.iter().map(|s| s.code()).collect()), &options),
        learn::train(&sets[1], &names(Polarity::ALL.iter().map(|s| s.code()).collect()), &options),
        learn::train(&sets[2], &status::mode_labels(), &Options { cutoff: 4, most: usize::MAX, ..options }),
    ]
}
