//! Training of rankers: several questions are asked of one group of candidates, each answered by one of them.
//! The chance of a candidate is its share in a softmax over the group (as in mention-ranking coreference, Denis and
//! Baldridge 2008), so that candidates compete instead of being judged alone.

use crate::hash::{Key, LEXICAL};
use crate::train::{Numbered, Options, Trained};

/// One group of candidates. By convention the first candidate stands for "none of them".
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Features of each candidate.
    pub candidates: Vec<Vec<Key>>,
    /// For each question, the right candidates (several may be right; never empty).
    pub right: Vec<Vec<usize>>,
    /// How much the group counts.
    pub weight: f32,
}

/// Trains one weight a question and feature; the result is read as a [`crate::Model`] whose labels are the questions.
/// Time: epochs × candidates × features × questions.
pub fn train_ranker(groups: &[Group], questions: &[String], options: &Options) -> Trained {
    let n = questions.len();
    let all: Vec<&[Vec<Key>]> = groups.iter().map(|g| g.candidates.as_slice()).collect();
    let mut numbered = Numbered::new(&all, options.cutoff);
    if numbered.keys.len() > options.most {
        let first = descend(groups, &numbered, n, &Options { runs: 1, ..options.clone() });
        numbered = numbered.narrowed(&first, n, options.most);
    }
    let weights = descend(groups, &numbered, n, options);
    let features = numbered.keys.iter().zip(weights.chunks(n)).map(|(k, w)| (*k, w.to_vec())).collect();
    Trained { labels: questions.to_vec(), transitions: vec![0.0; (n + 1) * n], features }
}

/// The weights, `n` a feature.
fn descend(groups: &[Group], numbered: &Numbered, n: usize, options: &Options) -> Vec<f32> {
    let Numbered { keys, rows, .. } = numbered;
    let mut sum = vec![0f32; keys.len() * n];
    let mut order: Vec<usize> = (0..groups.len()).collect();
    let mut averaged = 0;
    let mut scores: Vec<f32> = Vec::new();
    let mut kept: Vec<Vec<u32>> = Vec::new();
    for run in 0..options.runs {
        let mut w = vec![0f32; keys.len() * n];
        let mut g2 = vec![1e-3f32; keys.len() * n];
        let mut rng = crate::train::Rng::new(options.seed + 2 * run as u64);
        for epoch in 0..options.epochs {
            for i in (1..order.len()).rev() {
                order.swap(i, (rng.draw() % (i as u64 + 1)) as usize);
            }
            for &x in &order {
                let g = &groups[x];
                let word = rng.chance(options.word_dropout);
                kept.clear();
                for r in &rows[x] {
                    kept.push(
                        r.iter()
                            .copied()
                            .filter(|f| !(rng.chance(options.dropout) || word && keys[*f as usize] & LEXICAL != 0))
                            .collect(),
                    );
                }
                let m = kept.len();
                scores.clear();
                scores.resize(m * n, 0.0);
                for (c, f) in kept.iter().enumerate() {
                    let s = &mut scores[c * n..(c + 1) * n];
                    for r in f {
                        for (a, b) in s.iter_mut().zip(&w[*r as usize * n..*r as usize * n + n]) {
                            *a += b;
                        }
                    }
                }
                for (q, right) in g.right.iter().enumerate() {
                    let most = (0..m).map(|c| scores[c * n + q]).fold(f32::MIN, f32::max);
                    let total: f32 = (0..m).map(|c| (scores[c * n + q] - most).exp()).sum();
                    let rights: f32 = right.iter().map(|c| (scores[c * n + q] - most).exp()).sum::<f32>().max(1e-12);
                    for c in 0..m {
                        let e = (scores[c * n + q] - most).exp();
                        let target = if right.contains(&c) { e / rights } else { 0.0 };
                        scores[c * n + q] = (e / total - target) * g.weight;
                    }
                }
                for (c, f) in kept.iter().enumerate() {
                    let grad = &scores[c * n..(c + 1) * n];
                    for r in f {
                        let r = *r as usize * n;
                        for q in 0..n {
                            let d = grad[q] + options.l2 * w[r + q];
                            g2[r + q] += d * d;
                            w[r + q] -= options.rate * d / g2[r + q].sqrt();
                        }
                    }
                }
            }
            if epoch * 2 >= options.epochs {
                averaged += 1;
                for (s, v) in sum.iter_mut().zip(&w) {
                    *s += v;
                }
            }
        }
    }
    let scale = 1.0 / averaged.max(1) as f32;
    for s in &mut sum {
        *s *= scale;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_compete() {
        // the candidate with feature 5 is right where it stands with 6; alone with 7 none is
        let mut groups = Vec::new();
        for i in 0..40 {
            groups.push(if i % 2 == 0 {
                Group { candidates: vec![vec![1], vec![5], vec![6]], right: vec![vec![1]], weight: 1.0 }
            } else {
                Group { candidates: vec![vec![1, 2], vec![7], vec![6]], right: vec![vec![0]], weight: 1.0 }
            });
        }
        let m = train_ranker(&groups, &["q".into()], &Options { cutoff: 1, ..Options::default() }).model(1000);
        for g in &groups[..2] {
            let mut s = vec![];
            let best = (0..3)
                .max_by(|a, b| {
                    m.score(&g.candidates[*a], &mut s);
                    let x = s[0];
                    m.score(&g.candidates[*b], &mut s);
                    x.total_cmp(&s[0])
                })
                .unwrap();
            assert_eq!(vec![best], g.right[0]);
        }
    }
}
