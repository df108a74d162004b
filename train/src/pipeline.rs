//! The stages in order. Later stages see phrases as found by models that did not learn from the same article, so that
//! they learn to live with the errors they will meet.

use std::path::Path;

use eval::Gold;
use learn::{Bundle, Model, Trained};
use reader::part;
use reader::spans::{Bias, Phrase};
use reader::tagger::Tagger;
use reader::words::{Knowledge, Words};

use crate::data::{self, Case};
use crate::{chains, fillers, happenings, kept, phrases, pos};

const FOLDS: usize = 3;

/// The fold of an article: by its id, so that more articles move none of the others.
fn fold(case: &Case<'_>) -> usize {
    learn::key(0, &case.gold.id) as usize % FOLDS
}

/// Most feature rows of the models of phrases that only the later stages see.
const ROWS: usize = 110_000;

/// How often each stage after the phrases is trained, from different seeds; the weights are averaged.
pub const RUNS: usize = 3;

/// Most feature rows of each shipped part, so that the packed file stays under 20 MB and a running reader under 200 MB: the
/// richest parts keep the most. `chains`, `cues` and `status` are trained anew with the rows that are kept ([`learn::Options::most`]);
/// of `triggers` and `roles`, which gain nothing by that, the rows with the largest weights are kept after training.
pub fn rows_of(name: &str) -> usize {
    match name {
        part::TRIGGERS | part::ROLES => 500_000,
        part::STATUS => 250_000,
        part::PHRASES | part::CUES => 150_000,
        part::CHAINS => 90_000,
        part::COMPANIONS | part::MODE => 60_000,
        part::INNER => 40_000,
        part::RELAYS => 8_000,
        _ => 30_000,
    }
}

/// Most features of each of two models that share the rows of a part. Some matter to both (of chains a quarter), so that together
/// they come near the rows of the part; what is over is cut by weight.
pub fn shared(name: &str) -> usize {
    rows_of(name) * 3 / 5
}

/// Adds up the weights of a part and those that another bundle has for the same answers, each times its share; none where
/// a bundle lacks it. The labels in `but` keep the weights of the first.
pub fn blend(bundle: &mut Bundle, other: &Bundle, name: &str, shares: [f32; 2], but: &[&str]) -> Option<()> {
    let (a, b) = (bundle.model(name).ok()??, other.model(name).ok()??);
    if a.labels() != b.labels() {
        return None;
    }
    let labels = a.labels();
    let n = labels.len();
    // transitions go by the label that they lead to
    let shares_of = |i: usize| if but.contains(&labels[i % n].as_str()) { [1.0, 0.0] } else { shares };
    let mut rows: std::collections::BTreeMap<learn::Key, Vec<f32>> = std::collections::BTreeMap::new();
    for (model, which) in [(&a, 0), (&b, 1)] {
        for (key, row) in model.features() {
            let sum = rows.entry(key).or_insert_with(|| vec![0.0; n]);
            for (i, (s, w)) in sum.iter_mut().zip(&row).enumerate() {
                *s += shares_of(i)[which] * w;
            }
        }
    }
    let pairs = a.transitions().iter().zip(b.transitions()).enumerate();
    let transitions = pairs.map(|(i, (x, y))| shares_of(i)[0] * x + shares_of(i)[1] * y).collect();
    let whole = Trained { labels: labels.to_vec(), transitions, features: rows.into_iter().collect() };
    bundle.insert(name, whole.pack(rows_of(name)));
    Some(())
}

/// The stages after the phrases; each makes one part or more.
pub const STAGES: [&str; 6] = ["roles", "triggers", "cues", "chains", "status", "reports"];

/// Trains every part but the clusters; of the stages after the phrases `only` one where it is named.
pub fn fit(
    gold: &[Gold],
    sentences: &[pos::Sentence],
    knowledge: &Knowledge,
    keep: Option<&Path>,
    only: Option<&str>,
) -> Bundle {
    let started = std::time::Instant::now();
    let mut bundle = Bundle::default();
    let (packed, pos_model) = with_phrases(gold, sentences, knowledge, keep, |pairs, words, knowledge| {
        eprintln!("phrases {:.0?}", started.elapsed());
        fit_later(pairs, words, knowledge, only, &mut bundle);
    });
    let [outer, inner] = packed;
    bundle.insert(part::PHRASES, outer);
    bundle.insert(part::INNER, inner);
    if let Some(p) = pos_model {
        bundle.insert(part::POS, p.pack(rows_of(part::POS)));
    }
    eprintln!("all stages {:.0?}", started.elapsed());
    bundle
}

/// Trains the parts before the roles and hands `then` the articles with their phrases as found by models that did not
/// learn from the same article; gives the models of phrases, outer and inner, and of parts of speech.
pub fn with_phrases(
    gold: &[Gold],
    sentences: &[pos::Sentence],
    knowledge: &Knowledge,
    keep: Option<&Path>,
    then: impl FnOnce(&[(&Case<'_>, &[Phrase])], &Words, &Knowledge),
) -> ([Vec<u8>; 2], Option<Trained>) {
    let mut words = Words::default();
    let mut cases = data::cases(gold, &mut words, knowledge);
    let pos_model = pos::train(sentences, &mut words, knowledge);
    let words = &words;
    if let Some(p) = &pos_model {
        let packed = Model::from_bytes(p.pack(ROWS).into()).expect("just packed");
        let mut tagger = Tagger::new(packed);
        for c in &mut cases {
            c.article.tag(words, &mut tagger);
        }
    }
    let cases = cases;
    let all: Vec<&Case<'_>> = cases.iter().collect();
    let without = |k: usize| -> Vec<&Case<'_>> { all.iter().copied().filter(|c| fold(c) != k).collect() };
    // models of phrases: one for each fold left out, and the one to ship
    let jobs: Vec<(usize, bool)> = (0..=FOLDS).flat_map(|k| [(k, false), (k, true)]).collect();
    let packed = parallel(&jobs, |(k, inner)| {
        kept(keep, &format!("{}-{k}", if *inner { "inner" } else { "outer" }), || {
            let part = without(*k);
            let t = if *inner { phrases::train_inner(&part, words) } else { phrases::train_outer(&part, words) };
            // the last is the one to ship
            t.pack(if *k < FOLDS { ROWS } else { rows_of(if *inner { part::INNER } else { part::PHRASES }) })
        })
    });
    let open = |i: usize| Tagger::new(Model::from_bytes(packed[i].clone().into()).expect("just packed"));
    let mut taggers: Vec<(Tagger, Tagger)> = (0..FOLDS).map(|k| (open(2 * k), open(2 * k + 1))).collect();
    let found: Vec<Vec<Phrase>> = cases
        .iter()
        .map(|c| {
            let (o, n) = &mut taggers[fold(c)];
            happenings::find_phrases(o, n, c, words, knowledge, &Bias::default())
        })
        .collect();
    let pairs: Vec<(&Case<'_>, &[Phrase])> = cases.iter().zip(found.iter().map(Vec::as_slice)).collect();
    then(&pairs, words, knowledge);
    let shipped = [2 * FOLDS, 2 * FOLDS + 1].map(|i| packed[i].clone());
    (shipped, pos_model)
}

/// Trains the parts that see phrases.
fn fit_later(
    pairs: &[(&Case<'_>, &[Phrase])],
    words: &Words,
    knowledge: &Knowledge,
    only: Option<&str>,
    bundle: &mut Bundle,
) {
    let stages: Vec<&str> = STAGES.into_iter().filter(|s| only.is_none_or(|o| o == *s)).collect();
    let parts = parallel(&stages, |s| -> Vec<(&'static str, Trained)> {
        match *s {
            "triggers" => vec![(part::TRIGGERS, happenings::train(pairs, words, false))],
            "cues" => vec![(part::CUES, happenings::train(pairs, words, true))],
            "roles" => {
                let (scores, companions) = fillers::train(pairs, words, knowledge);
                vec![(part::ROLES, scores), (part::COMPANIONS, companions)]
            }
            "chains" => {
                let (scores, relays) = chains::train(pairs, words, knowledge);
                vec![(part::CHAINS, scores), (part::RELAYS, relays)]
            }
            "reports" => vec![(part::REPORTS, chains::train_reports(pairs, words))],
            _ => {
                let [status, polarity, mode] = chains::train_status(pairs, words);
                vec![(part::STATUS, status.beside(polarity)), (part::MODE, mode)]
            }
        }
    });
    for (name, t) in parts.into_iter().flatten() {
        bundle.insert(name, t.pack(rows_of(name)));
    }
}

/// Runs `f` over `items` on two threads; results in the order of the items.
pub fn parallel<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let out: Vec<std::sync::Mutex<Option<R>>> = items.iter().map(|_| std::sync::Mutex::new(None)).collect();
    std::thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                loop {
                    let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(item) = items.get(i) else { break };
                    *out[i].lock().expect("no thread panicked") = Some(f(item));
                }
            });
        }
    });
    out.into_iter().map(|m| m.into_inner().expect("no thread panicked").expect("every item was done")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_by_their_shares_but_for_labels_that_keep_their_own() {
        let bundle = |weights: [f32; 2], start: f32| {
            let labels = ["a", "b"].map(String::from);
            let mut bundle = Bundle::default();
            bundle.insert("part", Model::to_bytes(&labels, &[start; 6], &[(7, weights.to_vec())]));
            bundle
        };
        let (mut one, other) = (bundle([1.0, 2.0], 1.0), bundle([3.0, 4.0], 4.0));
        blend(&mut one, &other, "part", [0.5, 0.25], &["b"]).expect("both have it");
        let sum = one.model("part").expect("whole").expect("still there");
        assert_eq!(sum.features(), [(7, vec![1.25, 2.0])]);
        assert_eq!(sum.transitions(), [1.5, 1.0, 1.5, 1.0, 1.5, 1.0]);
        assert!(blend(&mut one, &Bundle::default(), "part", [1.0, 1.0], &[]).is_none());
    }
}
