//! Word clusters from running text: skip-gram vectors with negative sampling (Mikolov et al. 2013), then k-means at
//! three grains. Single-threaded and seeded: the same text gives the same clusters.

use std::collections::HashMap;

use learn::{Key, key};
use reader::clusters::{Cluster, Clusters};

const DIM: usize = 48;
const WINDOW: usize = 3;
const NEGATIVE: usize = 5;
const EPOCHS: usize = 5;
const LEAST: u32 = 4;

struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

/// Learns the cluster table from texts.
pub fn clusters<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut documents: Vec<Vec<String>> = Vec::new();
    for text in texts {
        let t = arabic::Tokens::new(text);
        let doc: Vec<String> = (0..t.len())
            .map(|i| match t.all()[i].kind {
                arabic::Kind::Number => format!("#{}", t.norm(i).len().min(4)),
                _ => t.norm(i).to_string(),
            })
            .collect();
        for w in &doc {
            *counts.entry(w.clone()).or_default() += 1;
        }
        documents.push(doc);
    }
    let mut vocabulary: Vec<(String, u32)> = counts.into_iter().filter(|(_, c)| *c >= LEAST).collect();
    vocabulary.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let index: HashMap<&str, u32> = vocabulary.iter().enumerate().map(|(i, (w, _))| (w.as_str(), i as u32)).collect();
    let docs: Vec<Vec<u32>> =
        documents.iter().map(|d| d.iter().filter_map(|w| index.get(w.as_str()).copied()).collect()).collect();
    let total: u64 = vocabulary.iter().map(|(_, c)| u64::from(*c)).sum();
    eprintln!("{} types, {total} tokens", vocabulary.len());
    let vectors = skip_gram(&docs, &vocabulary, total);
    let fine = k_means(&vectors, 1000);
    let middle = k_means(&vectors, 120);
    let coarse = k_means(&vectors, 32);
    let table = vocabulary
        .iter()
        .enumerate()
        .map(|(i, (w, _))| {
            let k: Key = key(1, w);
            (k, Cluster { coarse: coarse[i] as u8, middle: middle[i] as u8, fine: fine[i] })
        })
        .collect();
    Clusters::to_bytes(table)
}

fn skip_gram(docs: &[Vec<u32>], vocabulary: &[(String, u32)], total: u64) -> Vec<[f32; DIM]> {
    let mut rng = Rng(0x51a9_d2b3);
    let n = vocabulary.len();
    let mut input: Vec<[f32; DIM]> = (0..n).map(|_| std::array::from_fn(|_| (rng.unit() - 0.5) / DIM as f32)).collect();
    let mut output = vec![[0f32; DIM]; n];
    let mut table = Vec::with_capacity(1 << 20);
    let power: f64 = vocabulary.iter().map(|(_, c)| f64::from(*c).powf(0.75)).sum();
    for (i, (_, c)) in vocabulary.iter().enumerate() {
        let share = (f64::from(*c).powf(0.75) / power * f64::from(1 << 20)) as usize;
        table.extend(std::iter::repeat_n(i as u32, share.max(1)));
    }
    let keep: Vec<f32> = vocabulary
        .iter()
        .map(|(_, c)| {
            let f = f64::from(*c) / total as f64;
            ((3e-4 / f).sqrt() + 3e-4 / f).min(1.0) as f32
        })
        .collect();
    let steps = (total as usize * EPOCHS) as f32;
    let mut done = 0usize;
    let mut kept = Vec::new();
    for _ in 0..EPOCHS {
        for doc in docs {
            kept.clear();
            kept.extend(doc.iter().copied().filter(|w| rng.unit() < keep[*w as usize]));
            done += doc.len();
            let rate = 0.04 * (1.0 - done as f32 / steps).max(0.02);
            for i in 0..kept.len() {
                let reach = 1 + rng.below(WINDOW);
                for j in i.saturating_sub(reach)..(i + reach + 1).min(kept.len()) {
                    if j == i {
                        continue;
                    }
                    let word = kept[j] as usize;
                    let mut grad = [0f32; DIM];
                    for k in 0..=NEGATIVE {
                        let (target, label) = if k == 0 {
                            (kept[i] as usize, 1.0)
                        } else {
                            (table[rng.below(table.len())] as usize, 0.0)
                        };
                        if k > 0 && target == kept[i] as usize {
                            continue;
                        }
                        let (a, b) = (&input[word], &mut output[target]);
                        let dot: f32 = a.iter().zip(b.iter()).map(|(x, y)| x * y).sum();
                        let g = (label - 1.0 / (1.0 + (-dot).exp())) * rate;
                        for d in 0..DIM {
                            grad[d] += g * b[d];
                            b[d] += g * a[d];
                        }
                    }
                    for (x, g) in input[word].iter_mut().zip(&grad) {
                        *x += g;
                    }
                }
            }
        }
    }
    for v in &mut input {
        let norm = v.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
        for x in v.iter_mut() {
            *x /= norm;
        }
    }
    input
}

fn k_means(vectors: &[[f32; DIM]], k: usize) -> Vec<u16> {
    let k = k.min(vectors.len());
    let mut rng = Rng(0x77aa_0001 + k as u64);
    // the commonest words are good seeds, jittered by choosing among the first 8k
    let mut seeds: Vec<usize> = (0..vectors.len().min(8 * k)).collect();
    for i in (1..seeds.len()).rev() {
        seeds.swap(i, rng.below(i + 1));
    }
    let mut centres: Vec<[f32; DIM]> = seeds[..k].iter().map(|i| vectors[*i]).collect();
    let mut of = vec![0u16; vectors.len()];
    for _ in 0..12 {
        for (v, o) in vectors.iter().zip(of.iter_mut()) {
            let mut best = (f32::MIN, 0);
            for (c, centre) in centres.iter().enumerate() {
                let dot: f32 = v.iter().zip(centre).map(|(a, b)| a * b).sum();
                if dot > best.0 {
                    best = (dot, c);
                }
            }
            *o = best.1 as u16;
        }
        let mut sums = vec![[0f32; DIM]; k];
        for (v, o) in vectors.iter().zip(&of) {
            for (s, x) in sums[usize::from(*o)].iter_mut().zip(v) {
                *s += x;
            }
        }
        for (c, s) in centres.iter_mut().zip(&sums) {
            let norm = s.iter().map(|x| x * x).sum::<f32>().sqrt();
            if norm > 0.0 {
                for (x, y) in c.iter_mut().zip(s) {
                    *x = y / norm;
                }
            }
        }
    }
    of
}
