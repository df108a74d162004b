//! A quick look at one layer: roles and chains learned from one half of the training articles and asked on the other,
//! where happenings and cues are given. What is gained here is gained by the features, not by the layers before.

use learn::{Model, Trained};
use model::Span;
use reader::clauses::Clauses;
use reader::roles::{self, Choice, Earlier, Pairs, RoleModel, Scratch, Trigger};
use reader::spans::Phrase;
use reader::words::{Knowledge, Words};
use reader::{Settings, sayings};

use crate::data::Case;
use crate::{chains, fillers};

/// What is tried beside the settings: added to the score of "no phrase".
const SHIFTS: [f32; 4] = [-0.6, -0.3, 0.0, 0.3];

/// Right, given and wanted.
#[derive(Clone, Copy, Default)]
struct Count([usize; 3]);

impl Count {
    fn add(&mut self, right: usize, given: usize, wanted: usize) {
        for (x, n) in self.0.iter_mut().zip([right, given, wanted]) {
            *x += n;
        }
    }

    fn line(self, name: &str) -> String {
        let [tp, given, wanted] = self.0.map(|x| x as f64);
        format!("{name:12} P {:.3} R {:.3} F1 {:.4}", tp / given, tp / wanted, 2.0 * tp / (given + wanted))
    }
}

/// How many of `given` overlap a span of `wanted`, each used once.
fn matched(given: &[Span], wanted: &[Span]) -> usize {
    let mut free: Vec<&Span> = wanted.iter().collect();
    given
        .iter()
        .filter(|g| free.iter().position(|w| w.start < g.end && g.start < w.end).map(|i| free.remove(i)).is_some())
        .count()
}

fn opened(t: &Trained) -> RoleModel {
    RoleModel(Arc::new(t.model(usize::MAX / 2)))
}

/// Trains on the even cases, asks on the odd ones and prints the scores; `settings` are those of the reader.
pub fn probe(what: &str, pairs: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge, scored: usize) {
    let learned: Vec<_> = pairs.iter().enumerate().filter(|(i, _)| i % 2 == 0 || *i >= scored).map(|p| *p.1).collect();
    let asked = pairs.iter().enumerate().filter(|(i, _)| i % 2 == 1 && *i < scored).map(|p| p.1);
    let settings = Settings::default();
    if what == "chains" {
        let (judge, ranker) = chains::train(&learned, words, knowledge);
        let model = opened(&judge.beside(ranker));
        let asked: Vec<_> = asked.collect();
        for shift in SHIFTS {
            let mut choice = settings.chains.clone();
            choice.none[2] += shift;
            println!("none {shift:+}");
            ask_chains(&model, asked.iter().copied(), words, knowledge, &choice);
        }
        return;
    }
    let stages = [true, false];
    let mut both = crate::pipeline::parallel(&stages, |judge| {
        if *judge {
            fillers::train(&learned, words, knowledge)
        } else {
            fillers::train_ranks(&learned, words, knowledge)
        }
    });
    let ranker = both.pop().expect("two were trained");
    let judge = both.pop().expect("two were trained");
    let model = opened(&judge.beside(ranker));
    let asked: Vec<_> = asked.collect();
    for shift in SHIFTS {
        let mut choice = settings.roles.clone();
        choice.none[1] += shift;
        choice.none[2] += shift;
        println!("none {shift:+}");
        ask_roles(&model, asked.iter().copied(), words, knowledge, &choice);
    }
}

fn ask_roles<'a>(
    model: &RoleModel,
    asked: impl Iterator<Item = &'a (&'a Case<'a>, &'a [Phrase])>,
    words: &Words,
    knowledge: &Knowledge,
    choice: &Choice,
) {
    let mut counts = [Count::default(); 6];
    let mut scratch = Scratch::default();
    for (case, phrases) in asked {
        let gold = fillers::gold_triggers(case);
        let triggers: Vec<Trigger> = gold.iter().map(|g| g.0).collect();
        let clauses = Clauses::new(&case.article, words, phrases);
        let told = chains::told(case, words, phrases);
        let bearers = fillers::bearers(case, words, knowledge, phrases);
        let layers = case.layers(words, knowledge, phrases, &clauses, &bearers);
        let pairs = Pairs::new(layers, &triggers, &told);
        let mut earlier = Earlier::default();
        for (t, (trigger, event)) in gold.iter().enumerate() {
            roles::candidates(&case.article, phrases, trigger.token, &mut scratch.candidates);
            let mut out = Vec::new();
            model.fill(&pairs, t, choice, &mut scratch, |c, k| earlier.keys(&pairs, t, c, k), &mut out);
            let v = &case.gold.events[*event];
            let things: Vec<Span> = v.things.iter().map(|t| t.0).collect();
            let mut whole = true;
            for (i, wanted) in [&v.actor, &v.recipient, &v.place, &v.time, &things].into_iter().enumerate() {
                let given: Vec<Span> = (out.iter().filter(|f| usize::from(f.role) == i + 1))
                    .map(|f| phrases[f.phrase].span(&case.article, words))
                    .collect();
                let right = matched(&given, wanted);
                counts[i].add(right, given.len(), wanted.len());
                whole &= i > 1 || (right == given.len() && right == wanted.len());
            }
            counts[5].add(usize::from(whole), 1, 1);
            earlier.push(&pairs, t, out.iter().map(|f| (f.phrase, f.role)).collect());
        }
    }
    for (count, name) in counts.iter().zip(["actor", "recipient", "place", "time", "thing", "who-to-whom"]) {
        println!("  {}", count.line(name));
    }
}

fn ask_chains<'a>(
    model: &RoleModel,
    asked: impl Iterator<Item = &'a (&'a Case<'a>, &'a [Phrase])>,
    words: &Words,
    knowledge: &Knowledge,
    choice: &Choice,
) {
    let [mut origin, mut chain, mut long] = [Count::default(); 3];
    for (case, phrases) in asked {
        let gold = chains::gold_cues(case);
        let cues: Vec<_> = gold.iter().map(|g| (g.0, case.gold.statements[g.1].stance)).collect();
        let clauses = Clauses::new(&case.article, words, phrases);
        let bearers = fillers::bearers(case, words, knowledge, phrases);
        let layers = case.layers(words, knowledge, phrases, &clauses, &bearers);
        let found = sayings::chains(model, choice, layers, &cues, &mut None);
        for (saying, (_, statement)) in found.iter().zip(&gold) {
            let wanted: Vec<Option<Span>> = case.gold.statements[*statement].chain.iter().map(|c| c.1).collect();
            let given: Vec<Option<Span>> = std::iter::once(saying.origin)
                .chain(saying.via.iter().map(|v| Some(*v)))
                .map(|p| p.map(|p| phrases[p].span(&case.article, words)))
                .collect();
            let alike = |a: &Option<Span>, b: &Option<Span>| match (a, b) {
                (None, None) => true,
                (Some(a), Some(b)) => a.start < b.end && b.start < a.end,
                _ => false,
            };
            let whole = given.len() == wanted.len() && given.iter().zip(&wanted).all(|(a, b)| alike(a, b));
            origin.add(usize::from(wanted.first().is_none_or(|w| alike(&given[0], w))), 1, 1);
            chain.add(usize::from(whole), 1, 1);
            long.add(
                usize::from(whole && wanted.len() > 1),
                usize::from(given.len() > 1),
                usize::from(wanted.len() > 1),
            );
        }
    }
    println!("  {}\n  {}\n  {}", origin.line("origin"), chain.line("chain"), long.line("of two up"));
}
