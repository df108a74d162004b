//! Sequence labelling with a [`Model`]: features of the words around (cached as sums a word type) and of the context.

use std::ops::Range;
use std::sync::Arc;

use learn::{Key, Model, mix, plain, viterbi};

use crate::article::Article;
use crate::words::{WordType, Words};

/// Distances at which a word's atoms count, with the share of atoms used there: 0 all, 1 near, 2 far.
const OFFSETS: [(isize, usize); 7] = [(0, 0), (-1, 0), (1, 0), (-2, 1), (2, 1), (-3, 2), (3, 2)];

fn atoms_at(w: &WordType, grain: usize) -> &[Key] {
    match grain {
        0 => &w.atoms,
        1 => &w.atoms[..w.near.0],
        _ => &w.atoms[..w.near.1],
    }
}

/// How far the words alone must favour the first label («none») for the context to be left out of account. On the
/// development articles no label changes from 8 up.
const SURE: f32 = 8.0;

/// The atom as a feature at a distance; only the word itself keeps the mark of identity.
fn at_slot(atom: Key, slot: usize) -> Key {
    let k = mix(atom, slot as Key);
    if slot == 0 { k } else { plain(k) }
}

/// All feature keys of token `i` of a sentence: for training; [`Tagger`] sums the same ones.
pub fn keys(article: &Article<'_>, words: &Words, i: usize, range: &Range<usize>, out: &mut Vec<Key>) {
    for (slot, (d, grain)) in OFFSETS.iter().enumerate() {
        let j = i as isize + d;
        if j < range.start as isize || j >= range.end as isize {
            out.push(mix(slot as Key, 999));
            continue;
        }
        let w = article.word(words, j as usize);
        out.extend(atoms_at(w, *grain).iter().map(|a| at_slot(*a, slot)));
    }
    article.context_keys(words, i, range, out);
}

/// The keys of the words around token `i`, for explaining: the ranges of `out` that look at the word itself, at those before
/// and at those after, with the number that stands for where they look.
pub(crate) fn word_keys(
    article: &Article<'_>,
    words: &Words,
    i: usize,
    range: &Range<usize>,
    out: &mut Vec<Key>,
) -> Vec<(Range<usize>, u32)> {
    let mut places = Vec::new();
    for (slot, (d, grain)) in OFFSETS.iter().enumerate() {
        let Some(j) = i.checked_add_signed(*d).filter(|j| range.contains(j)) else { continue };
        let from = out.len();
        out.extend(atoms_at(article.word(words, j), *grain).iter().map(|a| at_slot(*a, slot)));
        let place = match d.signum() {
            0 => crate::explain::WORD,
            1 => crate::explain::AFTER,
            _ => crate::explain::BEFORE,
        };
        places.push((from..out.len(), place));
    }
    places
}

/// A sum of weights as it is kept for each word type, in whole [`FINE`]: half the memory of an f32, which is most of what a
/// thread holds.
type Sum = i16;

/// The unit of sums that are kept: far below what decides between two labels. Sums beyond ±32 are cut there.
const FINE: f32 = 1.0 / 1024.0;

fn kept(sum: f32) -> Sum {
    // beyond the range of the type: its ends
    (sum / FINE).round() as Sum
}

/// A labelling model with its cache of sums.
pub struct Tagger {
    /// The model.
    pub model: Arc<Model>,
    cache: Vec<Option<Box<[Sum]>>>,
    outside: Vec<Sum>,
    emissions: Vec<f32>,
    back: Vec<u8>,
    path: Vec<u8>,
    keys: Vec<Key>,
}

impl Tagger {
    /// A tagger over `model`.
    pub fn new(model: impl Into<Arc<Model>>) -> Self {
        let model = model.into();
        let n = model.labels().len();
        let mut outside = vec![0.0; OFFSETS.len() * n];
        for slot in 0..OFFSETS.len() {
            model.add(mix(slot as Key, 999), &mut outside[slot * n..(slot + 1) * n]);
        }
        let outside = outside.into_iter().map(kept).collect();
        Self { model, cache: Vec::new(), outside, emissions: vec![], back: vec![], path: vec![], keys: vec![] }
    }

    /// Forgets the sums of all types but these, which are numbered anew in this order; to be called whenever
    /// [`Words::trim`] says so.
    pub fn keep(&mut self, left: &[u32]) {
        let mut old = std::mem::take(&mut self.cache);
        self.cache = left.iter().map(|i| old.get_mut(*i as usize).and_then(Option::take)).collect();
    }

    /// Labels the tokens of a sentence. `extra` adds features of its own; `bias` is added to the labels' scores, or nothing where it is empty.
    pub fn tag(
        &mut self,
        article: &Article<'_>,
        words: &Words,
        range: &Range<usize>,
        bias: &[f32],
        mut extra: impl FnMut(usize, &mut Vec<Key>),
    ) -> &[u8] {
        let n = self.model.labels().len();
        self.emissions.clear();
        self.emissions.resize(range.len() * n, 0.0);
        if self.cache.len() < words.len() {
            self.cache.resize_with(words.len(), || None);
        }
        for i in range.clone() {
            let id = article.types[i];
            if self.cache[id as usize].is_none() {
                self.cache[id as usize] = Some(sums(&self.model, words.get(id)));
            }
        }
        for i in range.clone() {
            let out = &mut self.emissions[(i - range.start) * n..(i - range.start + 1) * n];
            for (slot, (d, _)) in OFFSETS.iter().enumerate() {
                let j = i as isize + d;
                let row = if j < range.start as isize || j >= range.end as isize {
                    &self.outside[slot * n..(slot + 1) * n]
                } else {
                    let sums = self.cache[article.types[j as usize] as usize].as_deref().unwrap_or(&[]);
                    &sums[slot * n..(slot + 1) * n]
                };
                for (x, y) in out.iter_mut().zip(row) {
                    *x += f32::from(*y) * FINE;
                }
            }
            let rest = out[1..].iter().fold(f32::MIN, |m, x| m.max(*x));
            if out[0] - rest > SURE {
                continue;
            }
            self.keys.clear();
            article.context_keys(words, i, range, &mut self.keys);
            extra(i, &mut self.keys);
            self.model.add_all(&self.keys, out);
            for (x, b) in out.iter_mut().zip(bias) {
                *x += b;
            }
        }
        viterbi(&self.emissions, self.model.transitions(), n, &mut self.back, &mut self.path);
        &self.path
    }

    /// Scores of the last sentence tagged: `[position × labels + label]`.
    pub fn emissions(&self) -> &[f32] {
        &self.emissions
    }
}

fn sums(model: &Model, w: &WordType) -> Box<[Sum]> {
    let n = model.labels().len();
    let mut out = vec![0.0; OFFSETS.len() * n];
    let mut keys = Vec::with_capacity(w.atoms.len());
    for (slot, (_, grain)) in OFFSETS.iter().enumerate() {
        keys.clear();
        keys.extend(atoms_at(w, *grain).iter().map(|a| at_slot(*a, slot)));
        model.add_all(&keys, &mut out[slot * n..(slot + 1) * n]);
    }
    out.into_iter().map(kept).collect()
}
