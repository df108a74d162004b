//! A quick look at one layer: roles and chains learned from one half of the training articles and asked on the other,
//! where happenings and cues are given. What is gained here is gained by the features, not by the layers before.

use learn::Model;
use model::Span;
use reader::clauses::Clauses;
use reader::roles::RoleModel;
use reader::spans::Phrase;
use reader::words::{Knowledge, Words};
use reader::{Settings, sayings};

use crate::data::Case;
use crate::fillers::{self, opened};
use crate::{chains, happenings};

/// What is tried beside the settings: added to the score of "no phrase".
const SHIFTS: [f32; 4] = [-0.6, -0.3, 0.0, 0.3];

/// The layers that can be asked alone.
pub const LAYERS: [&str; 9] =
    ["triggers", "cues", "roles", "chains", "status", "doubts", "type-doubts", "status-doubts", "role-doubts"];

/// Whose annotation is asked about, and whether it is the given one.
const KINDS: [(&str, bool); 2] = [("own", false), ("given", true)];

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

/// The cases of one half, and those that are for training alone.
fn learned<'p, 'c>(
    pairs: &[(&'p Case<'c>, &'p [Phrase])],
    scored: usize,
    half: usize,
) -> Vec<(&'p Case<'c>, &'p [Phrase])> {
    pairs.iter().enumerate().filter(|(i, _)| i % 2 == half || *i >= scored).map(|p| *p.1).collect()
}

/// Trains on the even cases, asks on the odd ones and prints the scores; `settings` are those of the reader.
pub fn probe(what: &str, pairs: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge, scored: usize) {
    let learned = learned(pairs, scored, 0);
    let asked = pairs.iter().enumerate().filter(|(i, _)| i % 2 == 1 && *i < scored).map(|p| p.1);
    let settings = Settings::default();
    if what == "triggers" || what == "cues" {
        let cue = what == "cues";
        let model = happenings::train(&learned, words, cue).model(usize::MAX / 2);
        let middle = if cue { settings.cues } else { settings.triggers };
        let asked: Vec<_> = asked.collect();
        for shift in [-0.8, -0.4, 0.0, 0.4, 0.8, 1.2] {
            println!("none {shift:+}");
            for (kind, given) in KINDS {
                let some = asked.iter().filter(|c| c.0.given() == given);
                ask_labels(&model, some, words, cue, middle + shift, kind);
            }
        }
        return;
    }
    if what == "doubts" {
        doubts(pairs, words, scored);
        return;
    }
    if what == "type-doubts" {
        type_doubts(pairs, words);
        return;
    }
    if what == "status-doubts" {
        status_doubts(pairs, words);
        return;
    }
    if what == "role-doubts" {
        role_doubts(pairs, words, knowledge, scored);
        return;
    }
    if what == "status" {
        let [status, polarity, _] = chains::train_status(&learned, words);
        let model = status.beside(polarity).model(usize::MAX / 2);
        let asked: Vec<_> = asked.collect();
        for (kind, given) in KINDS {
            let some: Vec<_> = asked.iter().filter(|c| c.0.given() == given).map(|p| **p).collect();
            let sets = chains::status_examples(&some, words, chains::Earlier::Decided(&model));
            let (mut right, mut scores) = ([Count::default(); 2], Vec::new());
            for (s, p) in sets[0].iter().zip(&sets[1]) {
                let (status, polarity) = reader::status::decide(&model, &s.features[0], &mut scores).0;
                right[0].add(usize::from(status as u8 == s.labels[0]), 1, 1);
                right[1].add(usize::from(polarity as u8 == p.labels[0]), 1, 1);
            }
            println!("{kind} {}", right[0].line("status"));
            println!("{kind} {}", right[1].line("polarity"));
        }
        return;
    }
    if what == "chains" {
        let (scores, relays) = chains::train(&learned, words, knowledge);
        let mut model = opened(&scores, Some(&relays), &settings.chains);
        let asked: Vec<_> = asked.collect();
        for shift in SHIFTS {
            model.choice.none[2] = settings.chains.none[2] + shift;
            println!("none {shift:+}");
            for (kind, given) in KINDS {
                println!(" {kind}");
                let some = asked.iter().copied().filter(|c| c.0.given() == given);
                ask_chains(&model, some, words, knowledge);
            }
        }
        return;
    }
    let (scores, companions) = fillers::train(&learned, words, knowledge);
    let mut model = opened(&scores, Some(&companions), &settings.roles);
    let asked: Vec<_> = asked.collect();
    for shift in SHIFTS {
        for role in 1..=2 {
            model.choice.none[role] = settings.roles.none[role] + shift;
        }
        println!("none {shift:+}");
        for (kind, given) in KINDS {
            println!(" {kind}");
            let some = asked.iter().copied().filter(|c| c.0.given() == given);
            ask_roles(&model, some, words, knowledge);
        }
    }
}

/// How far, in log odds, a model must differ from an annotation for the place to be worth another look.
const DOUBT: f32 = 1.0;

/// Prints, for annotators to look at again, the words of our own labelled articles that a model which did not learn from
/// the article takes for a happening and the annotation does not: article, code points, type, log odds.
fn doubts(pairs: &[(&Case<'_>, &[Phrase])], words: &Words, scored: usize) {
    for half in 0..2 {
        let learned = learned(pairs, scored, half);
        let model = happenings::train(&learned, words, false).model(usize::MAX / 2);
        let n = model.labels().len();
        let asked = pairs.iter().enumerate().filter(|(i, c)| i % 2 != half && *i < scored && !c.0.given());
        for (_, (case, phrases)) in asked {
            let labels = happenings::trigger_labels(case);
            let mut token = 0usize;
            for e in happenings::examples(case, words, phrases, &labels, false) {
                for (f, label) in e.features.iter().zip(&e.labels) {
                    let mut scores = vec![0.0; n];
                    model.add_all(f, &mut scores);
                    let best = (1..n).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(1);
                    let odds = scores[best] - scores[0];
                    let near = labels[token.saturating_sub(1)..(token + 2).min(labels.len())].iter().any(|l| *l > 0);
                    if *label == 0 && odds > DOUBT && !near {
                        let span = case.article.tokens.all()[token].span;
                        println!("{}\t{}\t{}\t{}\t{odds:.2}", case.gold.id, span.start, span.end, model.labels()[best]);
                    }
                    token += 1;
                }
            }
        }
    }
}

/// Prints, for annotators to look at again, the annotated happenings of our own labels that a model which did not learn from
/// the article takes for another type, or for none: article, code points, the annotated type, that of the model, log odds.
fn type_doubts(pairs: &[(&Case<'_>, &[Phrase])], words: &Words) {
    let none = Settings::default().triggers;
    for half in 0..2 {
        let learned = learned(pairs, pairs.len(), half);
        let model = happenings::train(&learned, words, false).model(usize::MAX / 2);
        let names = model.labels();
        let asked = pairs.iter().enumerate().filter(|(i, c)| i % 2 != half && !c.0.given());
        for (_, (case, phrases)) in asked {
            let labels = happenings::trigger_labels(case);
            let mut token = 0usize;
            for e in happenings::examples(case, words, phrases, &labels, false) {
                for (f, label) in e.features.iter().zip(&e.labels) {
                    if *label > 0 {
                        let mut scores = vec![0.0; names.len()];
                        model.add_all(f, &mut scores);
                        scores[0] += none;
                        let best = (0..names.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
                        let odds = scores[best] - scores[usize::from(*label)];
                        if odds > DOUBT {
                            let span = case.article.tokens.all()[token].span;
                            let (had, has) = (&names[usize::from(*label)], &names[best]);
                            println!("{}\t{}\t{}\t{had}\t{has}\t{odds:.2}", case.gold.id, span.start, span.end);
                        }
                    }
                    token += 1;
                }
            }
        }
    }
}

/// Prints, for annotators to look at again, the happenings of our own labels whose status or polarity a model that did not
/// learn from the article decides in another way: article, code points, type, annotated status and polarity, those of the model, log
/// odds.
fn status_doubts(pairs: &[(&Case<'_>, &[Phrase])], words: &Words) {
    for half in 0..2 {
        let learned = learned(pairs, pairs.len(), half);
        let [status, polarity, _] = chains::train_status(&learned, words);
        let model = status.beside(polarity).model(usize::MAX / 2);
        let asked = pairs.iter().enumerate().filter(|(i, c)| i % 2 != half && !c.0.given());
        for (_, (case, phrases)) in asked {
            let sets = chains::status_examples(&[(*case, *phrases)], words, chains::Earlier::Annotated);
            let stated = fillers::gold_triggers(case).into_iter().filter(|g| !case.gold.events[g.1].trigger_only);
            let mut scores = Vec::new();
            for (example, (_, event)) in sets[0].iter().zip(stated) {
                let v = &case.gold.events[event];
                let (status, polarity) = reader::status::decide(&model, &example.features[0], &mut scores).0;
                if (status, polarity) == (v.status, v.polarity) {
                    continue;
                }
                let (s, p) = scores.split_at(model::Status::ALL.len());
                let odds =
                    (s[status as usize] - s[v.status as usize]).max(p[polarity as usize] - p[v.polarity as usize]);
                println!(
                    "{}\t{}\t{}\t{}\t{} {}\t{} {}\t{odds:.2}",
                    case.gold.id,
                    v.trigger.start,
                    v.trigger.end,
                    v.kind.code(),
                    v.status.code(),
                    v.polarity.code(),
                    status.code(),
                    polarity.code()
                );
            }
        }
    }
}

/// Prints, for annotators to look at again, where a model that did not learn from our own labelled article fills a role of
/// a happening with a phrase that the annotation does not have there: article, happening, role, code points of the phrase,
/// log odds, and how many fillers the annotation has.
fn role_doubts(pairs: &[(&Case<'_>, &[Phrase])], words: &Words, knowledge: &Knowledge, scored: usize) {
    let mut choice = Settings::default().roles;
    // things are passed over most often
    choice.none[5] -= 1.5;
    for half in 0..2 {
        let learned = learned(pairs, scored, half);
        let model = opened(&fillers::quick(&learned, words, knowledge), None, &choice);
        let asked = pairs.iter().enumerate().filter(|(i, c)| i % 2 != half && *i < scored && !c.0.given());
        for (_, (case, phrases)) in asked {
            let gold = fillers::gold_triggers(case);
            for (out, (_, event)) in fillers::sure(&model, case, words, knowledge, phrases).iter().zip(&gold) {
                let v = &case.gold.events[*event];
                let things: Vec<Span> = v.things.iter().map(|t| t.0).collect();
                for f in out.iter().filter(|_| !v.trigger_only) {
                    let wanted = [&v.actor, &v.recipient, &v.place, &v.time, &things][usize::from(f.role) - 1];
                    let span = phrases[f.phrase].span(&case.article, words);
                    if wanted.iter().all(|w| w.start >= span.end || span.start >= w.end) {
                        let odds = (f.probability / (1.0 - f.probability)).ln();
                        let role = reader::roles::LABELS[usize::from(f.role)];
                        let (start, end, n) = (span.start, span.end, wanted.len());
                        println!("{}\t{event}\t{role}\t{start}\t{end}\t{odds:.2}\t{n}", case.gold.id);
                    }
                }
            }
        }
    }
}

fn ask_labels<'a>(
    model: &Model,
    asked: impl Iterator<Item = &'a &'a (&'a Case<'a>, &'a [Phrase])>,
    words: &Words,
    cue: bool,
    none: f32,
    name: &str,
) {
    let [mut found, mut named] = [Count::default(); 2];
    let n = model.labels().len();
    let (mut back, mut path) = (Vec::new(), Vec::new());
    for (case, phrases) in asked {
        let labels = if cue { happenings::cue_labels(case) } else { happenings::trigger_labels(case) };
        for e in happenings::examples(case, words, phrases, &labels, cue) {
            let mut scores = vec![0.0; e.features.len() * n];
            for (f, out) in e.features.iter().zip(scores.chunks_mut(n)) {
                model.add_all(f, out);
                out[0] += none;
            }
            learn::viterbi(&scores, model.transitions(), n, &mut back, &mut path);
            for (p, g) in path.iter().zip(&e.labels) {
                let (given, wanted) = (usize::from(*p > 0), usize::from(*g > 0));
                found.add(given & wanted, given, wanted);
                named.add(usize::from(p == g) & wanted, given, wanted);
            }
        }
    }
    println!("  {name:6} {} · {}", found.line("found"), named.line("named"));
}

fn ask_roles<'a>(
    model: &RoleModel,
    asked: impl Iterator<Item = &'a (&'a Case<'a>, &'a [Phrase])>,
    words: &Words,
    knowledge: &Knowledge,
) {
    let mut counts = [Count::default(); 6];
    for (case, phrases) in asked {
        let gold = fillers::gold_triggers(case);
        let found = fillers::fill(model, case, words, knowledge, phrases);
        for (out, (_, event)) in found.iter().zip(&gold) {
            let v = &case.gold.events[*event];
            let things: Vec<Span> = v.things.iter().map(|t| t.0).collect();
            let mut whole = true;
            for (i, wanted) in [&v.actor, &v.recipient, &v.place, &v.time, &things].into_iter().enumerate() {
                let given: Vec<Span> = (out.iter().filter(|f| usize::from(f.1) == i + 1))
                    .map(|f| phrases[f.0].span(&case.article, words))
                    .collect();
                let right = matched(&given, wanted);
                counts[i].add(right, given.len(), wanted.len());
                whole &= i > 1 || (right == given.len() && right == wanted.len());
            }
            counts[5].add(usize::from(whole), 1, 1);
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
) {
    let [mut origin, mut chain, mut long] = [Count::default(); 3];
    for (case, phrases) in asked {
        let gold = chains::gold_cues(case);
        let cues: Vec<_> = gold.iter().map(|g| (g.0, case.gold.statements[g.1].stance)).collect();
        let clauses = Clauses::new(&case.article, words, phrases);
        let bearers = fillers::bearers(case, words, knowledge, phrases);
        let layers = case.layers(words, knowledge, phrases, &clauses, &bearers);
        let found = sayings::chains(model, layers, &cues, &mut None);
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
