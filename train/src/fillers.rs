//! The model of roles.

use std::sync::Arc;

use learn::{Example, Group, Key, Model, Options, Trained};
use model::Span;
use reader::clauses::Clauses;
use reader::roles::{self, Bearer, Choice, Earlier, Filler, LABELS, Pairs, RoleModel, Scratch, Trigger};
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

/// What fills the roles of an article's happenings, in the order of the triggers: phrase and role.
pub type Filled = Vec<Vec<(usize, u8)>>;

/// What the two models of roles learn from.
#[derive(Default)]
pub struct Material {
    /// Every candidate alone.
    pub judged: Vec<Example>,
    /// The candidates of a happening together.
    pub ranked: Vec<Group>,
}

/// Adds what one article teaches. `before` is what the reader shows of the happenings before each: where none is given,
/// the right fillers.
fn gather(
    case: &Case<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
    before: Option<&Filled>,
    out: &mut Material,
) {
    let events: Vec<usize> = gold_triggers(case).iter().map(|g| g.1).collect();
    each_happening(case, words, knowledge, phrases, |pairs, t, earlier, scratch| {
        let cs = &scratch.candidates;
        let l = labels(case, words, phrases, events[t], cs);
        let v = &case.gold.events[events[t]];
        let shown = before.map_or_else(|| filled(cs, &l), |b| b[t].clone());
        if v.trigger_only {
            return shown;
        }
        let mut group = Group { candidates: vec![Vec::new()], right: Vec::new(), weight: case.weight() };
        pairs.none_keys(t, cs, &mut group.candidates[0]);
        earlier.keys(pairs, t, None, &mut group.candidates[0]);
        for (c, label) in cs.iter().zip(&l) {
            let mut keys = Vec::with_capacity(60);
            pairs.keys(t, *c, &mut keys);
            earlier.keys(pairs, t, Some(*c), &mut keys);
            out.judged.push(Example { features: vec![keys.clone()], labels: vec![*label], weight: case.weight() });
            group.candidates.push(keys);
        }
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
        out.ranked.push(group);
        shown
    });
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

/// The gold fillers among the candidates.
fn filled(candidates: &[usize], labels: &[u8]) -> Vec<(usize, u8)> {
    candidates.iter().zip(labels).filter(|(_, l)| **l > 0).map(|(c, l)| (*c, *l)).collect()
}

/// The model that judges and the one that ranks, as one.
fn fit(material: &Material, runs: usize) -> Trained {
    let labels: Vec<String> = LABELS.iter().map(|l| (*l).to_string()).collect();
    // many features say nearly the same: hiding a good share of them at each step keeps any from deciding alone
    let judge = Options { dropout: 0.4, runs, ..judge_options() };
    let ranker = Options { rate: 0.1, l2: 1e-6, dropout: 0.6, ..judge.clone() };
    let stages = [true, false];
    let mut both = crate::pipeline::parallel(&stages, |judges| {
        if *judges {
            learn::train(&material.judged, &labels, &judge)
        } else {
            learn::train_ranker(&material.ranked, &labels[1..], &ranker)
        }
    });
    let ranker = both.pop().expect("two were trained");
    both.pop().expect("two were trained").beside(ranker)
}

/// Asks a model about the happenings of an article, one after the other: `ask` is given the pairs, the happening, what was
/// filled before, and the scratch with its candidates; what it answers counts as filled for the next.
fn each_happening(
    case: &Case<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
    mut ask: impl FnMut(&Pairs<'_, '_>, usize, &Earlier, &mut Scratch) -> Vec<(usize, u8)>,
) {
    let gold = gold_triggers(case);
    let triggers: Vec<Trigger> = gold.iter().map(|g| g.0).collect();
    let clauses = Clauses::new(&case.article, words, phrases);
    let told = crate::chains::told(case, words, phrases);
    let bearers = bearers(case, words, knowledge, phrases);
    let layers = case.layers(words, knowledge, phrases, &clauses, &bearers);
    let pairs = Pairs::new(layers, &triggers, &told);
    let mut earlier = Earlier::default();
    let mut scratch = Scratch::default();
    for (t, trigger) in triggers.iter().enumerate() {
        roles::candidates(&case.article, phrases, trigger.token, &mut scratch.candidates);
        let filled = ask(&pairs, t, &earlier, &mut scratch);
        earlier.push(&pairs, t, filled);
    }
}

/// What a model fills the roles of an article with, happenings being given.
pub fn fill(model: &RoleModel, case: &Case<'_>, words: &Words, knowledge: &Knowledge, phrases: &[Phrase]) -> Filled {
    let mut all = Vec::new();
    let mut out = Vec::new();
    each_happening(case, words, knowledge, phrases, |pairs, t, earlier, scratch| {
        let extra = |c: Option<usize>, k: &mut Vec<Key>| earlier.keys(pairs, t, c, k);
        model.fill(pairs, t, scratch, extra, Some(earlier), &mut out);
        let found: Vec<(usize, u8)> = out.iter().map(|f| (f.phrase, f.role)).collect();
        all.push(found.clone());
        found
    });
    all
}

/// A model of leading phrases alone, of one run, that saw the right fillers of what was done before.
pub fn quick(cases: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge) -> Trained {
    let mut material = Material::default();
    for (case, phrases) in cases {
        gather(case, words, knowledge, phrases, None, &mut material);
    }
    fit(&material, 1)
}

/// The leading phrases that a model fills the roles of an article with, the right fillers of what was done before being
/// given.
pub fn sure(
    model: &RoleModel,
    case: &Case<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
) -> Vec<Vec<Filler>> {
    let events: Vec<usize> = gold_triggers(case).iter().map(|g| g.1).collect();
    let (mut all, mut leads) = (Vec::new(), Vec::new());
    each_happening(case, words, knowledge, phrases, |pairs, t, earlier, scratch| {
        let extra = |c: Option<usize>, k: &mut Vec<Key>| earlier.keys(pairs, t, c, k);
        model.lead(pairs, t, scratch, extra, &mut leads);
        all.push(leads.clone());
        filled(&scratch.candidates, &labels(case, words, phrases, events[t], &scratch.candidates))
    });
    all
}

/// Decisions about further phrases, beside the leading ones that `model` chooses. `before` as in [`gather`].
fn beside(
    model: &RoleModel,
    case: &Case<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
    before: Option<&Filled>,
) -> Vec<Example> {
    let events: Vec<usize> = gold_triggers(case).iter().map(|g| g.1).collect();
    let (mut out, mut leads) = (Vec::new(), Vec::new());
    each_happening(case, words, knowledge, phrases, |pairs, t, earlier, scratch| {
        let extra = |c: Option<usize>, k: &mut Vec<Key>| earlier.keys(pairs, t, c, k);
        model.lead(pairs, t, scratch, extra, &mut leads);
        let right = filled(&scratch.candidates, &labels(case, words, phrases, events[t], &scratch.candidates));
        if !case.gold.events[events[t]].trigger_only {
            model.considered(pairs, t, scratch, &leads, Some(earlier), |x, keys| {
                out.push(companion(keys, right.contains(&(x.phrase, x.role)), case.weight()));
            });
        }
        before.map_or(right, |b| b[t].clone())
    });
    out
}

/// A decision about one further phrase.
pub fn companion(keys: &[Key], right: bool, weight: f32) -> Example {
    Example { features: vec![keys.to_vec()], labels: vec![u8::from(right)], weight }
}

/// The model of further phrases.
pub fn train_companions(examples: &[Example]) -> Trained {
    let options = Options { dropout: 0.3, l2: 3e-6, ..judge_options() };
    learn::train(examples, &["alone".to_string(), "beside".to_string()], &options)
}

/// The models of roles as one, and that of further phrases. What was done earlier in an article is shown as the reader
/// will see it: as filled by models that did not learn from the article, in two halves, which in their turn saw the right
/// fillers. The leading phrases beside which others stand are theirs too.
pub fn train(cases: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge) -> (Trained, Trained) {
    let choice = reader::Settings::default().roles;
    let mut halves = [0, 1].map(|half| {
        let part: Vec<_> = cases.iter().enumerate().filter(|(i, _)| i % 2 == half).map(|(_, c)| *c).collect();
        opened(&quick(&part, words, knowledge), None, &choice)
    });
    // half `n` is asked about the articles of the other half
    let further = |halves: &[RoleModel; 2], keep: &dyn Fn(usize) -> bool, before: Option<&[Filled]>| -> Vec<Example> {
        let asked = cases.iter().enumerate().filter(|(i, _)| keep(*i));
        asked
            .flat_map(|(i, (c, p))| beside(&halves[1 - i % 2], c, words, knowledge, p, before.map(|b| &b[i])))
            .collect()
    };
    let companions = [0, 1].map(|half| train_companions(&further(&halves, &|i| i % 2 == half, None)));
    for (half, companions) in halves.iter_mut().zip(&companions) {
        half.companions = Some(ready(companions));
    }
    let shown: Vec<Filled> = cases
        .iter()
        .enumerate()
        .map(|(i, (case, phrases))| fill(&halves[1 - i % 2], case, words, knowledge, phrases))
        .collect();
    let companions = train_companions(&further(&halves, &|_| true, Some(&shown)));
    let mut material = Material::default();
    for ((case, phrases), shown) in cases.iter().zip(&shown) {
        gather(case, words, knowledge, phrases, Some(shown), &mut material);
    }
    (fit(&material, crate::pipeline::RUNS), companions)
}

/// Models just trained, ready to ask.
pub fn opened(scores: &Trained, companions: Option<&Trained>, choice: &Choice) -> RoleModel {
    RoleModel { scores: ready(scores), companions: companions.map(ready), choice: choice.clone() }
}

fn ready(t: &Trained) -> Arc<Model> {
    Arc::new(t.model(usize::MAX / 2))
}
