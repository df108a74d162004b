use std::borrow::Cow;

use crate::hash::Key;

/// Why bytes are not a model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ModelError {
    /// Wrong first bytes.
    #[error("not an Isnad model of this version; make it again with the training program")]
    Magic,
    /// The sections do not fit.
    #[error("the model is cut short or damaged; make it again with the training program")]
    Damaged,
    /// A part of a bundle was trained for other answers.
    #[error(
        "the part {0} of the model answers other questions than this version asks; make it again with the training program"
    )]
    Labels(String),
}

/// A trained linear model, read in place.
///
/// Layout (little endian): number of labels, length of the label text, label text (joined by newlines), transitions
/// `(labels + 1) × labels` f32 (the last row is the start), number of slots, number of rows, the slots (key u32 and
/// row u32; key 0 is empty; linear probing, half of the slots empty, so that an unknown feature costs one look), and
/// the rows (scale: the upper half of an f32; labels × i8).
#[derive(Clone, Debug)]
pub struct Model {
    labels: Vec<String>,
    transitions: Vec<f32>,
    slots: usize,
    table: usize,
    rows: usize,
    bytes: Cow<'static, [u8]>,
}

impl Model {
    /// Reads a model in place.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let word = |at: usize| -> Result<u32, ModelError> {
            let b = bytes.get(at..at + 4).ok_or(ModelError::Damaged)?;
            Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        };
        let n = word(0)? as usize;
        let text = word(4)? as usize;
        if n == 0 || n > 255 {
            return Err(ModelError::Damaged);
        }
        let labels: Vec<String> = std::str::from_utf8(bytes.get(8..8 + text).ok_or(ModelError::Damaged)?)
            .map_err(|_| ModelError::Damaged)?
            .split('\n')
            .map(str::to_string)
            .collect();
        let mut at = 8 + text;
        let transitions =
            (0..(n + 1) * n).map(|i| word(at + i * 4).map(f32::from_bits)).collect::<Result<Vec<_>, _>>()?;
        at += transitions.len() * 4;
        let (slots, count) = (word(at)? as usize, word(at + 4)? as usize);
        let table = at + 8;
        let rows = table + slots * 8;
        if labels.len() != n || slots == 0 || bytes.len() < rows + count * (2 + n) {
            return Err(ModelError::Damaged);
        }
        Ok(Self { labels, transitions, slots, table, rows, bytes })
    }

    /// Writes labels, transitions and feature rows in the layout that [`Model::from_bytes`] reads.
    pub fn to_bytes(labels: &[String], transitions: &[f32], features: &[(Key, Vec<f32>)]) -> Vec<u8> {
        let n = labels.len();
        let text = labels.join("\n");
        let mut out = Vec::new();
        out.extend((n as u32).to_le_bytes());
        out.extend((text.len() as u32).to_le_bytes());
        out.extend(text.as_bytes());
        for t in transitions {
            out.extend(t.to_bits().to_le_bytes());
        }
        let slots = (features.len() * 2).max(1);
        let mut table: Vec<Option<usize>> = vec![None; slots];
        for (i, (key, _)) in features.iter().enumerate() {
            let mut s = slot_of(*key, slots);
            while table[s].is_some() {
                s = (s + 1) % slots;
            }
            table[s] = Some(i);
        }
        out.extend((slots as u32).to_le_bytes());
        out.extend((features.len() as u32).to_le_bytes());
        for s in &table {
            out.extend(s.map_or(0, |i| features[i].0).to_le_bytes());
            out.extend(s.map_or(0, |i| i as u32).to_le_bytes());
        }
        for (_, row) in features {
            // rounded up, so that no weight overflows its byte
            let least = row.iter().fold(0f32, |m, w| m.max(w.abs())) / 127.0;
            let half = (least.to_bits() >> 16) as u16 + 1;
            out.extend(half.to_le_bytes());
            out.extend(row.iter().map(|w| (w / wide(half)).round() as i8 as u8));
        }
        out
    }

    /// The labels, in the order of their numbers.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Transition scores, `[from × labels + to]`; row `labels` is the start.
    pub fn transitions(&self) -> &[f32] {
        &self.transitions
    }

    /// Adds the weights of feature `key` to `scores` (one per label). Unknown features add nothing.
    #[inline]
    pub fn add(&self, key: Key, scores: &mut [f32]) {
        let Some(r) = self.row(key) else { return };
        let n = self.labels.len();
        let at = self.rows + r * (2 + n);
        let Some(row) = self.bytes.get(at..at + 2 + n) else { return };
        let scale = wide(u16::from_le_bytes([row[0], row[1]]));
        for (x, w) in scores.iter_mut().zip(&row[2..]) {
            *x += f32::from(*w as i8) * scale;
        }
    }

    #[inline]
    fn row(&self, key: Key) -> Option<usize> {
        let mut s = slot_of(key, self.slots);
        // a damaged table without an empty slot must not be walked for ever
        for _ in 0..self.slots {
            let at = self.table + s * 8;
            let b = self.bytes.get(at..at + 8)?;
            match u32::from_le_bytes([b[0], b[1], b[2], b[3]]) {
                0 => return None,
                k if k == key => return Some(u32::from_le_bytes([b[4], b[5], b[6], b[7]]) as usize),
                _ => s = if s + 1 == self.slots { 0 } else { s + 1 },
            }
        }
        None
    }

    /// Every feature with its weights, in the order of the table: to look at, or to pack anew.
    pub fn features(&self) -> Vec<(Key, Vec<f32>)> {
        let n = self.labels.len();
        let word = |at: usize| -> Option<u32> {
            let b = self.bytes.get(at..at + 4)?;
            Some(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        };
        (0..self.slots)
            .filter_map(|s| word(self.table + s * 8).filter(|k| *k != 0))
            .map(|key| {
                let mut row = vec![0.0; n];
                self.add(key, &mut row);
                (key, row)
            })
            .collect()
    }

    /// Scores of one decision: the sum of its features' weights with the start transitions.
    pub fn score(&self, keys: &[Key], scores: &mut Vec<f32>) {
        let n = self.labels.len();
        scores.clear();
        scores.extend_from_slice(&self.transitions[n * n..]);
        for k in keys {
            self.add(*k, scores);
        }
    }
}

/// The f32 whose upper half this is.
fn wide(half: u16) -> f32 {
    f32::from_bits(u32::from(half) << 16)
}

fn slot_of(key: Key, slots: usize) -> usize {
    // keys use the top bit as a mark: spread them first
    ((u64::from(key.wrapping_mul(0x9e37_79b1)) * slots as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let labels = ["a".to_string(), "b".to_string()];
        let features: Vec<_> = (1..200u32).map(|k| (k.wrapping_mul(77_777_777), vec![k as f32, -0.5])).collect();
        let bytes = Model::to_bytes(&labels, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], &features);
        let m = Model::from_bytes(Cow::Owned(bytes.clone())).unwrap();
        for (k, row) in &features {
            let mut s = [0.0; 2];
            m.add(*k, &mut s);
            assert!((s[0] - row[0]).abs() < row[0] / 100.0, "{s:?} {row:?}");
        }
        let mut s = [0.0; 2];
        m.add(12345, &mut s);
        assert!(s.iter().all(|x| *x == 0.0));
        for cut in [0, 3, 9, bytes.len() - 1] {
            assert!(Model::from_bytes(Cow::Owned(bytes[..cut].to_vec())).is_err());
        }
    }
}
