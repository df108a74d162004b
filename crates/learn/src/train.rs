//! Training by stochastic gradient on the conditional log-likelihood, Adagrad steps, L2, averaged over the last half
//! of the epochs. Single-threaded and seeded: the same examples give the same bytes.

use std::collections::HashMap;

use crate::hash::Key;
use crate::model::{Model, UNIT};

/// One sequence (or one decision: a sequence of length one).
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Features of each position.
    pub features: Vec<Vec<Key>>,
    /// The right label of each position.
    pub labels: Vec<u8>,
    /// How much the example counts.
    pub weight: f32,
}

/// How to train.
#[derive(Clone, Debug)]
pub struct Options {
    /// Passes over the examples.
    pub epochs: usize,
    /// Adagrad step.
    pub rate: f32,
    /// L2 strength, per example.
    pub l2: f32,
    /// Features seen fewer times are left out.
    pub cutoff: usize,
    /// Most features. Where there are more, a first run finds those that matter most, and the model is trained with these
    /// alone: their weights learn to do without the others.
    pub most: usize,
    /// Seed of the shuffles.
    pub seed: u64,
    /// Whether neighbouring labels matter.
    pub transitions: bool,
    /// Transitions that may not be: `(from, to)`, from = number of labels for the start.
    pub forbidden: Vec<(usize, usize)>,
    /// Chance of leaving a feature out of a step, so that rarer ones learn too.
    pub dropout: f32,
    /// How many times to train from different seeds; the weights are averaged, which evens out the luck of one run.
    pub runs: usize,
    /// Chance of leaving out, at one position, all features that tell the very word ([`crate::LEXICAL`]).
    pub word_dropout: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            epochs: 12,
            rate: 0.15,
            l2: 1e-6,
            cutoff: 2,
            most: usize::MAX,
            seed: 7,
            transitions: true,
            forbidden: Vec::new(),
            dropout: 0.0,
            runs: 1,
            word_dropout: 0.0,
        }
    }
}

/// A model as trained, before packing.
#[derive(Clone, Debug)]
pub struct Trained {
    /// Label names.
    pub labels: Vec<String>,
    /// As in [`Model::transitions`].
    pub transitions: Vec<f32>,
    /// Rows of weights.
    pub features: Vec<(Key, Vec<f32>)>,
}

impl Trained {
    /// Packs the model with at most `most` rows: those with the largest weights.
    pub fn pack(&self, most: usize) -> Vec<u8> {
        let weight = |i: usize| largest(&self.features[i].1);
        let mut order: Vec<usize> = (0..self.features.len()).filter(|i| weight(*i) >= UNIT / 2.0).collect();
        order.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
        order.truncate(most);
        order.sort_unstable();
        let kept: Vec<_> = order.into_iter().map(|i| self.features[i].clone()).collect();
        Model::to_bytes(&self.labels, &self.transitions, &kept)
    }

    /// The two models as one that scores the labels of both, this one's first: one look-up serves both where they see
    /// the same features. For single decisions only: of the transitions just the start is kept.
    #[must_use]
    pub fn beside(self, other: Self) -> Self {
        let (n, m) = (self.labels.len(), other.labels.len());
        let mut rows: std::collections::BTreeMap<Key, Vec<f32>> = std::collections::BTreeMap::new();
        for (k, row) in self.features {
            rows.entry(k).or_insert_with(|| vec![0.0; n + m])[..n].copy_from_slice(&row);
        }
        for (k, row) in other.features {
            rows.entry(k).or_insert_with(|| vec![0.0; n + m])[n..].copy_from_slice(&row);
        }
        let mut transitions = vec![0.0; (n + m) * (n + m)];
        transitions.extend_from_slice(&self.transitions[n * n..]);
        transitions.extend_from_slice(&other.transitions[m * m..]);
        let labels = self.labels.into_iter().chain(other.labels).collect();
        Self { labels, transitions, features: rows.into_iter().collect() }
    }

    /// The packed model, ready to use.
    pub fn model(&self, most: usize) -> Model {
        Model::from_bytes(self.pack(most).into()).expect("what was packed can be read")
    }
}

/// Numbers by chance (xorshift): enough for shuffles, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// A series of its own for each odd seed.
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn chance(&mut self, p: f32) -> bool {
        p > 0.0 && self.draw() & 0xffff_ffff < (p * u32::MAX as f32) as u64
    }

    /// The next number of the series.
    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

const FORBIDDEN: f32 = -1e4;

/// For each group (sequence or candidates) and each member, the row numbers of its features.
pub(crate) type Rows = Vec<Vec<Vec<u32>>>;

/// Features by number, and the groups written in these numbers.
pub(crate) struct Numbered {
    /// In ascending order.
    pub keys: Vec<Key>,
    pub rows: Rows,
    /// How often each was met.
    seen: Vec<u32>,
}

impl Numbered {
    /// Numbers the features met at least `cutoff` times, in the order of their keys.
    pub fn new(groups: &[&[Vec<Key>]], cutoff: usize) -> Self {
        let mut counts: HashMap<Key, u32> = HashMap::new();
        for k in groups.iter().copied().flatten().flatten() {
            *counts.entry(*k).or_default() += 1;
        }
        let mut kept: Vec<(Key, u32)> = counts.into_iter().filter(|(_, c)| *c as usize >= cutoff).collect();
        kept.sort_unstable();
        let (keys, seen): (Vec<Key>, Vec<u32>) = kept.into_iter().unzip();
        let index: HashMap<Key, u32> = keys.iter().enumerate().map(|(i, k)| (*k, i as u32)).collect();
        let row = |features: &Vec<Key>| features.iter().filter_map(|k| index.get(k).copied()).collect();
        let rows = groups.iter().map(|g| g.iter().map(row).collect()).collect();
        Self { keys, rows, seen }
    }

    /// The `most` features that matter most by the weights of a first run, `n` a feature: by the largest weight, and by how
    /// often they were met, since rare features have large weights and little use.
    pub fn narrowed(mut self, weights: &[f32], n: usize, most: usize) -> Self {
        let worth = |i: usize| largest(&weights[i * n..(i + 1) * n]) * (self.seen[i] as f32).powf(OFTEN);
        let mut order: Vec<usize> = (0..self.keys.len()).collect();
        order.sort_by(|a, b| worth(*b).total_cmp(&worth(*a)).then(a.cmp(b)));
        order.truncate(most);
        order.sort_unstable();
        let mut renamed = vec![None; self.keys.len()];
        for (new, old) in order.iter().enumerate() {
            renamed[*old] = Some(new as u32);
        }
        for row in self.rows.iter_mut().flatten() {
            *row = row.iter().filter_map(|i| renamed[*i as usize]).collect();
        }
        self.keys = order.iter().map(|i| self.keys[*i]).collect();
        self.seen = order.iter().map(|i| self.seen[*i]).collect();
        self
    }
}

/// How much it counts for a feature that it was met often: power of the count. Chosen for status, on articles that nothing
/// learned from (`eval/RESULTS.md`).
const OFTEN: f32 = 0.25;

fn largest(weights: &[f32]) -> f32 {
    weights.iter().fold(0f32, |m, w| m.max(w.abs()))
}

/// Trains a chain model. Time: epochs × positions × (features × labels + labels²).
pub fn train(examples: &[Example], labels: &[String], options: &Options) -> Trained {
    let n = labels.len();
    let all: Vec<&[Vec<Key>]> = examples.iter().map(|e| e.features.as_slice()).collect();
    let mut numbered = Numbered::new(&all, options.cutoff);
    if numbered.keys.len() > options.most {
        let (first, _) = descend(examples, &numbered, n, &Options { runs: 1, ..options.clone() });
        numbered = numbered.narrowed(&first, n, options.most);
    }
    let (weights, transitions) = descend(examples, &numbered, n, options);
    let features = numbered.keys.iter().zip(weights.chunks(n)).map(|(k, w)| (*k, w.to_vec())).collect();
    Trained { labels: labels.to_vec(), transitions, features }
}

/// The weights, `n` a feature, and the transitions.
fn descend(examples: &[Example], numbered: &Numbered, n: usize, options: &Options) -> (Vec<f32>, Vec<f32>) {
    let Numbered { keys, rows, .. } = numbered;
    let mut sum = vec![0f32; keys.len() * n];
    let mut tsum = vec![0f32; (n + 1) * n];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut averaged = 0;
    let mut kept: Vec<Vec<u32>> = Vec::new();
    let mut work = Work::default();
    for run in 0..options.runs {
        let mut w = vec![0f32; keys.len() * n];
        let mut g2 = vec![1e-4f32; keys.len() * n];
        let mut t = vec![0f32; (n + 1) * n];
        let mut t2 = vec![1e-4f32; (n + 1) * n];
        for (a, b) in &options.forbidden {
            t[a * n + b] = FORBIDDEN;
        }
        let mut rng = Rng::new(options.seed + 2 * run as u64);
        for epoch in 0..options.epochs {
            for i in (1..order.len()).rev() {
                order.swap(i, (rng.draw() % (i as u64 + 1)) as usize);
            }
            for &x in &order {
                let e = &examples[x];
                let feats = if options.dropout > 0.0 || options.word_dropout > 0.0 {
                    kept.clear();
                    for r in &rows[x] {
                        let unknown = rng.chance(options.word_dropout);
                        kept.push(
                            r.iter()
                                .copied()
                                .filter(|f| {
                                    !(rng.chance(options.dropout)
                                        || unknown && keys[*f as usize] & crate::hash::LEXICAL != 0)
                                })
                                .collect(),
                        );
                    }
                    &kept
                } else {
                    &rows[x]
                };
                work.expectations(feats, &w, &t, n);
                for (p, f) in feats.iter().enumerate() {
                    let gold = usize::from(e.labels[p]);
                    let prob = &mut work.posterior[p * n..(p + 1) * n];
                    prob[gold] -= 1.0;
                    for q in prob.iter_mut() {
                        *q *= e.weight;
                    }
                    for &r in f {
                        let r = r as usize * n;
                        for j in 0..n {
                            let g = prob[j] + options.l2 * w[r + j];
                            g2[r + j] += g * g;
                            w[r + j] -= options.rate * g / g2[r + j].sqrt();
                        }
                    }
                }
                // transitions
                let start = usize::from(*e.labels.first().unwrap_or(&0));
                if !feats.is_empty() {
                    work.pairs[n * n + start] -= 1.0;
                }
                if options.transitions {
                    for p in 1..feats.len() {
                        work.pairs[usize::from(e.labels[p - 1]) * n + usize::from(e.labels[p])] -= 1.0;
                    }
                }
                let upto = if options.transitions { 0 } else { n * n };
                for k in upto..t.len() {
                    if t[k] <= FORBIDDEN {
                        continue;
                    }
                    let g = work.pairs[k] * e.weight + options.l2 * t[k];
                    if g != 0.0 {
                        t2[k] += g * g;
                        t[k] -= options.rate * g / t2[k].sqrt();
                    }
                }
            }
            if epoch * 2 >= options.epochs {
                averaged += 1;
                for (s, v) in sum.iter_mut().zip(&w) {
                    *s += v;
                }
                for (s, v) in tsum.iter_mut().zip(&t) {
                    *s += v;
                }
            }
        }
    }
    let scale = 1.0 / (averaged.max(1) as f32);
    for s in sum.iter_mut().chain(&mut tsum) {
        *s *= scale;
    }
    (sum, tsum)
}

#[derive(Default)]
struct Work {
    emissions: Vec<f32>,
    alpha: Vec<f32>,
    beta: Vec<f32>,
    /// After [`Work::expectations`]: probability of each label at each position.
    posterior: Vec<f32>,
    /// After [`Work::expectations`]: expected transitions.
    pairs: Vec<f32>,
}

impl Work {
    fn expectations(&mut self, feats: &[Vec<u32>], w: &[f32], t: &[f32], n: usize) {
        let len = feats.len();
        self.emissions.clear();
        self.emissions.resize(len * n, 0.0);
        for (p, f) in feats.iter().enumerate() {
            let e = &mut self.emissions[p * n..(p + 1) * n];
            for &r in f {
                for (x, y) in e.iter_mut().zip(&w[r as usize * n..r as usize * n + n]) {
                    *x += y;
                }
            }
        }
        self.posterior.clear();
        self.posterior.resize(len * n, 0.0);
        self.pairs.clear();
        self.pairs.resize((n + 1) * n, 0.0);
        if len == 0 {
            return;
        }
        // scaled forward-backward in the probability domain
        self.alpha.clear();
        self.alpha.resize(len * n, 0.0);
        self.beta.clear();
        self.beta.resize(len * n, 1.0);
        let exp_t: Vec<f32> = t[..n * n].iter().map(|x| x.exp()).collect();
        let mut exp_e = std::mem::take(&mut self.emissions);
        for p in 0..len {
            let e = &mut exp_e[p * n..(p + 1) * n];
            let most = e.iter().fold(f32::MIN, |m, x| m.max(*x));
            for x in e.iter_mut() {
                *x = (*x - most).max(-60.0).exp();
            }
        }
        let normalise = |v: &mut [f32]| {
            let s: f32 = v.iter().sum();
            let s = if s > 0.0 { s } else { 1.0 };
            for x in v.iter_mut() {
                *x /= s;
            }
        };
        for j in 0..n {
            self.alpha[j] = t[n * n + j].exp() * exp_e[j];
        }
        normalise(&mut self.alpha[..n]);
        for p in 1..len {
            let (before, after) = self.alpha.split_at_mut(p * n);
            let prev = &before[(p - 1) * n..];
            let cur = &mut after[..n];
            for i in 0..n {
                let a = prev[i];
                if a > 0.0 {
                    for (c, x) in cur.iter_mut().zip(&exp_t[i * n..(i + 1) * n]) {
                        *c += a * x;
                    }
                }
            }
            for (c, x) in cur.iter_mut().zip(&exp_e[p * n..(p + 1) * n]) {
                *c *= x;
            }
            normalise(cur);
        }
        for p in (0..len - 1).rev() {
            let (before, after) = self.beta.split_at_mut((p + 1) * n);
            let cur = &mut before[p * n..];
            let mut m = [0f32; 256];
            for j in 0..n {
                m[j] = exp_e[(p + 1) * n + j] * after[j];
            }
            for i in 0..n {
                cur[i] = exp_t[i * n..(i + 1) * n].iter().zip(&m[..n]).map(|(a, b)| a * b).sum();
            }
            normalise(cur);
        }
        for p in 0..len {
            let q = &mut self.posterior[p * n..(p + 1) * n];
            for (j, x) in q.iter_mut().enumerate() {
                *x = self.alpha[p * n + j] * self.beta[p * n + j];
            }
            normalise(q);
        }
        for j in 0..n {
            self.pairs[n * n + j] = self.posterior[j];
        }
        let mut pair = vec![0f32; n * n];
        for p in 1..len {
            let mut z = 0.0;
            for i in 0..n {
                let a = self.alpha[(p - 1) * n + i];
                for j in 0..n {
                    let v = a * exp_t[i * n + j] * exp_e[p * n + j] * self.beta[p * n + j];
                    pair[i * n + j] = v;
                    z += v;
                }
            }
            if z > 0.0 {
                for (x, v) in self.pairs.iter_mut().zip(&pair) {
                    *x += v / z;
                }
            }
        }
        self.emissions = exp_e;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::viterbi;

    #[test]
    fn with_few_features_the_useful_ones_are_kept_and_learn_to_do_alone() {
        // feature 1 tells the label; each of many others is met in two examples
        let example = |i: u32| {
            let features = if i.is_multiple_of(2) { vec![1, 100 + i / 4] } else { vec![2, 100 + i / 4] };
            Example { features: vec![features], labels: vec![(i % 2) as u8], weight: 1.0 }
        };
        let examples: Vec<Example> = (0..80).map(example).collect();
        let names = ["a".to_string(), "b".to_string()];
        let options = Options { most: 2, ..Options::default() };
        let trained = train(&examples, &names, &options);
        assert_eq!(trained.features.iter().map(|f| f.0).collect::<Vec<_>>(), [1, 2]);
        let model = trained.model(2);
        let mut scores = Vec::new();
        for e in &examples {
            model.score(&e.features[0], &mut scores);
            assert_eq!(scores[1] > scores[0], e.labels[0] == 1);
        }
    }

    #[test]
    fn learns_a_pattern_that_needs_its_neighbour() {
        // label 1 follows feature 10; feature 20 is ambiguous and continues the label before it
        let labels = ["O".to_string(), "B".to_string(), "I".to_string()];
        let mut examples = Vec::new();
        for i in 0..60u32 {
            let f = if i % 2 == 0 { vec![vec![10], vec![20], vec![30]] } else { vec![vec![30], vec![20], vec![30]] };
            let l = if i % 2 == 0 { vec![1, 2, 0] } else { vec![0, 0, 0] };
            examples.push(Example { features: f, labels: l, weight: 1.0 });
        }
        let options = Options { forbidden: vec![(0, 2), (3, 2)], ..Options::default() };
        let m = train(&examples, &labels, &options).model(1000);
        for e in &examples[..2] {
            let mut em = vec![0.0; 9];
            for (p, f) in e.features.iter().enumerate() {
                for k in f {
                    m.add(*k, &mut em[p * 3..p * 3 + 3]);
                }
            }
            let (mut back, mut path) = (vec![], vec![]);
            viterbi(&em, m.transitions(), 3, &mut back, &mut path);
            assert_eq!(path, e.labels);
        }
    }
}
