use std::borrow::Cow;
use std::ops::Range;

use crate::hash::Key;
use crate::vector;

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
/// Layout (little endian): the word [`LAYOUT`], number of labels, length of the label text, label text (joined by
/// newlines), transitions `(labels + 1) × labels` f32 (the last row is the start), number of groups, number of rows, the
/// groups, the rows, and bytes that nothing reads a meaning from, so that rows may be read in whole blocks.
///
/// A row is the feature's key (u32), a scale (the upper half of an f32) and labels × i8. A group is 12 bytes: a tag for
/// each of its rows, 0 where there is none, and the number of its first row (u32). A key belongs to the group that its hash
/// names, or where that is full to the next with room. So an unknown feature costs one look at a table that stays in
/// the cache, a known one a second look at its row.
///
/// Files have the rows in another layout, which packs better and costs a pass over all of them ([`Model::to_columns`]).
#[derive(Clone, Debug)]
pub struct Model {
    labels: Vec<String>,
    transitions: Vec<f32>,
    groups: Range<usize>,
    rows: usize,
    count: usize,
    bytes: Cow<'static, [u8]>,
}

/// First word of a model laid out for look-ups.
const LAYOUT: u32 = u32::from_le_bytes(*b"row2");
/// First word of a model in the stored layout.
const COLUMNS: u32 = u32::from_le_bytes(*b"col1");
/// The least unit of weights. Finer ones cost place in the file and gain nothing: on articles of other wars this one changes no
/// layer by more than .004 (`eval/RESULTS.md`).
pub(crate) const UNIT: f32 = 1.0 / 32.0;
/// Most rows of a group.
const TAGS: usize = 8;
/// Bytes of a group: its tags, and the number of its first row.
const GROUP: usize = TAGS + 4;
/// Rows a group has on average; one group of a hundred is full then.
const FILL: usize = 3;
/// Labels that are summed at once.
const LANES: usize = 8;
/// Most blocks of labels that are summed together; more labels are summed one after the other.
const BLOCKS: usize = 11;
/// Bytes after the last row, so that it can be read in whole blocks too.
const PADDING: usize = BLOCKS * LANES;
/// Bytes of a row before its weights.
const HEAD: usize = 6;
/// How many keys are looked up before the rows of those that were found are added.
const AHEAD: usize = 32;

impl Model {
    /// Whether bytes begin as a model in one of the two layouts.
    pub fn begins(bytes: &[u8]) -> bool {
        bytes.first_chunk().is_some_and(|w| [LAYOUT, COLUMNS].contains(&u32::from_le_bytes(*w)))
    }

    /// Reads a model: in place where it is laid out for look-ups, laid out anew where it comes in the stored layout
    /// ([`Model::to_columns`]).
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let mut input = Input { bytes: &bytes, at: 0 };
        match input.word()? {
            LAYOUT => {}
            COLUMNS => return Self::from_columns(&bytes),
            _ => return Err(ModelError::Magic),
        }
        let n = input.word()?;
        let (labels, transitions) = input.answers(n)?;
        let (groups, count) = (input.word()? as usize, input.word()? as usize);
        let n = labels.len();
        let groups = input.at..input.at + groups * GROUP;
        let rows = groups.end;
        if groups.is_empty() || bytes.len() < rows + count * (HEAD + n) + PADDING {
            return Err(ModelError::Damaged);
        }
        Ok(Self { labels, transitions, groups, rows, count, bytes })
    }

    /// Reads the stored layout and lays it out for look-ups.
    fn from_columns(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut input = Input { bytes, at: 4 };
        let n = input.word()?;
        let (labels, transitions) = input.answers(n)?;
        let count = input.word()? as usize;
        let width = HEAD + labels.len();
        let columns =
            count.checked_mul(width).and_then(|l| bytes.get(input.at..)?.get(..l)).ok_or(ModelError::Damaged)?;
        let mut rows = vec![0; columns.len()];
        for (i, column) in columns.chunks_exact(count.max(1)).enumerate() {
            for (row, byte) in rows.chunks_exact_mut(width).zip(column) {
                row[i] = *byte;
            }
        }
        let mut key = 0u32;
        let mut features = Vec::with_capacity(count);
        for row in rows.chunks_exact(width) {
            let (difference, row) = row.split_first_chunk().expect("a row begins with its key");
            key = key.wrapping_add(u32::from_le_bytes(*difference));
            features.push((key, row));
        }
        Self::from_bytes(lay_out(&labels, &transitions, &features).into())
    }

    /// The model in the stored layout, weight for weight: [`COLUMNS`], labels and transitions as in the layout for look-ups,
    /// number of rows, and the rows in the order of their keys, column by column: four of the difference to the key
    /// before, two of the scale, one a label. What is alike stands together, so that it can be packed closely.
    pub fn to_columns(&self) -> Vec<u8> {
        let width = HEAD + self.labels.len();
        let mut rows: Vec<(Key, &[u8])> = self.bytes[self.rows..]
            .chunks_exact(width)
            .take(self.count)
            .map(|row| (u32::from_le_bytes([row[0], row[1], row[2], row[3]]), &row[4..]))
            .collect();
        rows.sort_unstable();
        let mut out = COLUMNS.to_le_bytes().to_vec();
        write_answers(&mut out, &self.labels, &self.transitions);
        out.extend((rows.len() as u32).to_le_bytes());
        let befores = std::iter::once(0).chain(rows.iter().map(|(k, _)| *k));
        let differences: Vec<[u8; 4]> =
            rows.iter().zip(befores).map(|((k, _), before)| k.wrapping_sub(before).to_le_bytes()).collect();
        for i in 0..4 {
            out.extend(differences.iter().map(|d| d[i]));
        }
        for i in 0..width - 4 {
            out.extend(rows.iter().map(|(_, row)| row[i]));
        }
        out
    }

    /// Writes labels, transitions and feature rows in the layout that [`Model::from_bytes`] reads.
    pub fn to_bytes(labels: &[String], transitions: &[f32], features: &[(Key, Vec<f32>)]) -> Vec<u8> {
        let rows = features.iter().map(|(_, row)| {
            let least = row.iter().fold(0f32, |m, w| m.max(w.abs())) / 127.0;
            // one unit for all but the largest; rounded up, so that no weight overflows its byte
            let unit = if least <= UNIT { UNIT.to_bits() } else { least.to_bits() + (1 << 16) };
            let half = (unit >> 16) as u16;
            let mut out = half.to_le_bytes().to_vec();
            out.extend(row.iter().map(|w| (w / wide(half)).round() as i8 as u8));
            out
        });
        let rows: Vec<Vec<u8>> = rows.collect();
        let features: Vec<(Key, &[u8])> = features.iter().zip(&rows).map(|((k, _), r)| (*k, r.as_slice())).collect();
        lay_out(labels, transitions, &features)
    }

    /// The model in the present layout, weight for weight.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
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
    pub fn add(&self, key: Key, scores: &mut [f32]) {
        let Some(row) = self.row(key) else { return };
        let scale = wide(u16::from_le_bytes([row[4], row[5]]));
        for (x, w) in scores.iter_mut().zip(&row[HEAD..]) {
            *x += f32::from(*w as i8) * scale;
        }
    }

    /// Adds the weights of all these features to `scores` (one per label), in their order. The sums are those of as many
    /// calls of [`Model::add`], but the look-ups do not wait for one another.
    pub fn add_all(&self, keys: &[Key], scores: &mut [f32]) {
        #[allow(clippy::inline_always)]
        match self.labels.len().div_ceil(LANES) {
            1 => vector::run(
                #[inline(always)]
                || self.sum::<1>(keys, scores),
            ),
            2 => vector::run(
                #[inline(always)]
                || self.sum::<2>(keys, scores),
            ),
            3 => vector::run(
                #[inline(always)]
                || self.sum::<3>(keys, scores),
            ),
            4 => vector::run(
                #[inline(always)]
                || self.sum::<4>(keys, scores),
            ),
            ..=BLOCKS => vector::run(
                #[inline(always)]
                || self.sum::<BLOCKS>(keys, scores),
            ),
            _ => keys.iter().for_each(|k| self.add(*k, scores)),
        }
    }

    /// The same for at most `WIDTH × LANES` labels. What lies beyond the labels is summed too and then left.
    #[inline(always)] // compiled for each kind of processor
    #[allow(clippy::inline_always)]
    fn sum<const WIDTH: usize>(&self, keys: &[Key], scores: &mut [f32]) {
        let n = self.labels.len().min(scores.len());
        let mut sums = [[0f32; LANES]; WIDTH];
        sums.as_flattened_mut()[..n].copy_from_slice(&scores[..n]);
        let (groups, _) = self.bytes[self.groups.clone()].as_chunks::<GROUP>();
        let rows = &self.bytes[self.rows..];
        let width = HEAD + self.labels.len();
        let mut maybe = [(0, 0); AHEAD];
        let mut found = [0u32; AHEAD];
        for keys in keys.chunks(AHEAD) {
            // three passes without a branch that waits for memory: which keys may have a row, which have, and the sums
            let mut count = 0;
            for key in keys {
                let (home, tag) = place_of(*key, groups.len());
                let group = &groups[home];
                let hits = group.hits(tag);
                maybe[count] = (*key, group.row(hits));
                count += usize::from((hits != 0) | group.is_full());
            }
            let asked = count;
            count = 0;
            for (key, row) in &maybe[..asked] {
                let mut row = *row;
                let at = (row as usize).wrapping_mul(width);
                let mut known = rows.get(at..).and_then(|r| r.get(..4)) == Some(&key.to_le_bytes());
                // the tag of another key, or a full group: seldom
                if !known && let Some(other) = self.place(*key) {
                    (row, known) = (other, true);
                }
                found[count] = row;
                count += usize::from(known);
            }
            for row in &found[..count] {
                let at = *row as usize * width + 4;
                let Some(row) = rows.get(at..).and_then(|r| r.get(..2 + WIDTH * LANES)) else { continue };
                let scale = wide(u16::from_le_bytes([row[0], row[1]]));
                let (blocks, _) = row[2..].as_chunks::<LANES>();
                for (sum, block) in sums.iter_mut().zip(blocks) {
                    for (x, w) in sum.iter_mut().zip(block) {
                        *x += f32::from(*w as i8) * scale;
                    }
                }
            }
        }
        scores[..n].copy_from_slice(&sums.as_flattened()[..n]);
    }

    /// The row of a feature: key, scale, weights.
    fn row(&self, key: Key) -> Option<&[u8]> {
        let width = HEAD + self.labels.len();
        self.bytes[self.rows..].get(self.place(key)? as usize * width..)?.get(..width)
    }

    /// The number of the row of a feature.
    fn place(&self, key: Key) -> Option<u32> {
        let (groups, _) = self.bytes[self.groups.clone()].as_chunks::<GROUP>();
        let rows = &self.bytes[self.rows..];
        let width = HEAD + self.labels.len();
        let (mut home, tag) = place_of(key, groups.len());
        // a damaged table without room must not be walked for ever
        for _ in 0..groups.len() {
            let group = &groups[home];
            let alike =
                (0u32..).zip(group.tags()).filter(|(_, t)| **t == tag).map(|(i, _)| group.first().wrapping_add(i));
            for row in alike {
                let at = (row as usize).wrapping_mul(width);
                if rows.get(at..).and_then(|r| r.get(..4)) == Some(&key.to_le_bytes()) {
                    return Some(row);
                }
            }
            if !group.is_full() {
                return None;
            }
            home = if home + 1 == groups.len() { 0 } else { home + 1 };
        }
        None
    }

    /// Every feature with its weights, in the order of the rows: to look at, or to pack anew.
    pub fn features(&self) -> Vec<(Key, Vec<f32>)> {
        let width = HEAD + self.labels.len();
        self.bytes[self.rows..]
            .chunks_exact(width)
            .take(self.count)
            .map(|row| {
                let scale = wide(u16::from_le_bytes([row[4], row[5]]));
                let key = u32::from_le_bytes([row[0], row[1], row[2], row[3]]);
                (key, row[HEAD..].iter().map(|w| f32::from(*w as i8) * scale).collect())
            })
            .collect()
    }

    /// Scores of one decision: the sum of its features' weights with the start transitions.
    pub fn score(&self, keys: &[Key], scores: &mut Vec<f32>) {
        let n = self.labels.len();
        scores.clear();
        scores.extend_from_slice(&self.transitions[n * n..]);
        self.add_all(keys, scores);
    }
}

/// Words and texts at the beginning of a model.
struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Input<'_> {
    fn word(&mut self) -> Result<u32, ModelError> {
        let b = self.bytes.get(self.at..self.at + 4).ok_or(ModelError::Damaged)?;
        self.at += 4;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// The `n` labels and their transitions.
    fn answers(&mut self, n: u32) -> Result<(Vec<String>, Vec<f32>), ModelError> {
        if n == 0 || n > 255 {
            return Err(ModelError::Damaged);
        }
        let length = self.word()? as usize;
        let text = self.bytes.get(self.at..self.at + length).ok_or(ModelError::Damaged)?;
        self.at += length;
        let text = std::str::from_utf8(text).map_err(|_| ModelError::Damaged)?;
        let labels: Vec<String> = text.split('\n').map(str::to_string).collect();
        if labels.len() != n as usize {
            return Err(ModelError::Damaged);
        }
        let transitions = (0..(n + 1) * n).map(|_| self.word().map(f32::from_bits)).collect::<Result<_, _>>()?;
        Ok((labels, transitions))
    }
}

/// What a model is looked up by: [`GROUP`] bytes of the table.
trait Group {
    fn tags(&self) -> &[u8; TAGS];

    /// The number of its first row.
    fn first(&self) -> u32;

    /// The top bit of each byte whose tag this is; the lowest is right, those above it may be false.
    fn hits(&self, tag: u8) -> u64;

    /// Number of the row of the lowest of these.
    fn row(&self, hits: u64) -> u32;

    /// Whether further rows of this group may stand with the next.
    fn is_full(&self) -> bool;
}

#[allow(clippy::inline_always)] // inlined where the look-ups are compiled for each kind of processor
impl Group for [u8; GROUP] {
    #[inline(always)]
    fn tags(&self) -> &[u8; TAGS] {
        self.first_chunk().expect("a group begins with its tags")
    }

    #[inline(always)]
    fn first(&self) -> u32 {
        u32::from_le_bytes(*self.last_chunk().expect("a group ends with its first row"))
    }

    #[inline(always)]
    fn hits(&self, tag: u8) -> u64 {
        const ONES: u64 = u64::from_le_bytes([1; TAGS]);
        let differs = u64::from_le_bytes(*self.tags()) ^ (ONES * u64::from(tag));
        // a byte that does not differ borrows into its top bit
        differs.wrapping_sub(ONES) & !differs & (ONES << 7)
    }

    #[inline(always)]
    fn row(&self, hits: u64) -> u32 {
        self.first().wrapping_add(hits.trailing_zeros() / 8)
    }

    #[inline(always)]
    fn is_full(&self) -> bool {
        self[TAGS - 1] != 0
    }
}

/// Writes a model: rows are scale and weights.
fn lay_out(labels: &[String], transitions: &[f32], features: &[(Key, &[u8])]) -> Vec<u8> {
    let groups = features.len().div_ceil(FILL).max(1);
    // the group of each row: its home, or the next with room
    let mut sizes = vec![0u8; groups];
    let mut homes = Vec::with_capacity(features.len());
    for (key, _) in features {
        let (mut home, _) = place_of(*key, groups);
        while usize::from(sizes[home]) == TAGS {
            home = if home + 1 == groups { 0 } else { home + 1 };
        }
        sizes[home] += 1;
        homes.push(home as u32);
    }
    let mut ordered: Vec<usize> = (0..features.len()).collect();
    ordered.sort_by_key(|i| homes[*i]);
    let mut out = LAYOUT.to_le_bytes().to_vec();
    write_answers(&mut out, labels, transitions);
    out.extend((groups as u32).to_le_bytes());
    out.extend((features.len() as u32).to_le_bytes());
    let mut first = 0;
    for size in sizes.into_iter().map(usize::from) {
        let mut tags = [0; TAGS];
        for (tag, i) in tags.iter_mut().zip(&ordered[first..first + size]) {
            *tag = place_of(features[*i].0, groups).1;
        }
        out.extend(tags);
        out.extend((first as u32).to_le_bytes());
        first += size;
    }
    for (key, row) in ordered.iter().map(|i| features[*i]) {
        out.extend(key.to_le_bytes());
        out.extend(row);
    }
    out.resize(out.len() + PADDING, 0);
    out
}

/// Writes what [`Input::answers`] reads.
fn write_answers(out: &mut Vec<u8>, labels: &[String], transitions: &[f32]) {
    let text = labels.join("\n");
    out.extend((labels.len() as u32).to_le_bytes());
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
    for t in transitions {
        out.extend(t.to_bits().to_le_bytes());
    }
}

/// The f32 whose upper half this is.
#[inline(always)]
#[allow(clippy::inline_always)]
fn wide(half: u16) -> f32 {
    f32::from_bits(u32::from(half) << 16)
}

/// The group of a key among so many, and its tag.
#[inline(always)]
#[allow(clippy::inline_always)]
fn place_of(key: Key, groups: usize) -> (usize, u8) {
    // keys use the top bit as a mark: spread them first
    let h = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((((h >> 32) * groups as u64) >> 32) as usize, ((h >> 24) as u8).max(1))
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
            assert!((s[0] - row[0]).abs() <= (row[0] / 100.0).max(UNIT / 2.0), "{s:?} {row:?}");
        }
        let mut s = [0.0; 2];
        m.add(12345, &mut s);
        assert!(s.iter().all(|x| *x == 0.0));
        for cut in [0, 3, 9, bytes.len() - 1] {
            assert!(Model::from_bytes(Cow::Owned(bytes[..cut].to_vec())).is_err());
        }
    }

    #[test]
    fn many_keys_add_up_as_one_by_one() {
        // enough of them that some groups are full
        for labels in [1, 4, 5, 8, 11, 17, 25, 28, 29, 83] {
            let names: Vec<String> = (0..labels).map(|l| format!("{l}")).collect();
            let key = |i: u32| i.wrapping_mul(0x9e37_79b1) | 1;
            let row = |i: u32| (0..labels).map(|l| ((i * 31 + l * 7) % 201) as f32 / 50.0 - 2.0).collect();
            let features: Vec<(Key, Vec<f32>)> = (0..3_000).map(|i| (key(i), row(i))).collect();
            let transitions = vec![0.25; ((labels + 1) * labels) as usize];
            let m = Model::from_bytes(Model::to_bytes(&names, &transitions, &features).into()).unwrap();
            // every other key is unknown
            let keys: Vec<Key> = (0..6_000).step_by(7).map(key).collect();
            let mut all = Vec::new();
            m.score(&keys, &mut all);
            let mut each = vec![0.25; labels as usize];
            for k in &keys {
                m.add(*k, &mut each);
            }
            assert_eq!(all, each, "{labels} labels");
            let known = m.features();
            assert_eq!(known.len(), features.len());
            for (k, row) in known {
                let mut s = vec![0.0; labels as usize];
                m.add(k, &mut s);
                assert_eq!(s, row);
            }
        }
    }

    #[test]
    fn what_is_stored_is_read_weight_for_weight() {
        let labels = ["a".to_string(), "b".to_string(), "c".to_string()];
        let row = |k: u32| vec![k as f32 / 8.0, -0.5, 0.01];
        // some rows have weights beyond what the common unit can hold
        let features: Vec<_> = (1..200u32).map(|k| (k.wrapping_mul(77_777_777), row(k))).collect();
        let transitions: Vec<f32> = (0..12).map(|t| t as f32 / 3.0).collect();
        let m = Model::from_bytes(Model::to_bytes(&labels, &transitions, &features).into()).unwrap();
        let stored = m.to_columns();
        let again = Model::from_bytes(stored.clone().into()).unwrap();
        assert_eq!((again.labels(), again.transitions()), (m.labels(), m.transitions()));
        let (mut one, mut other) = (m.features(), again.features());
        one.sort_by_key(|f| f.0);
        other.sort_by_key(|f| f.0);
        assert_eq!(one, other);
        for cut in [0, 3, 9, stored.len() - 1] {
            assert!(Model::from_bytes(stored[..cut].to_vec().into()).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn damage_neither_panics_nor_hangs(at in 0usize..400, byte: u8, keys: Vec<Key>) {
            let features: Vec<(Key, Vec<f32>)> = (1..12).map(|k| (k, vec![k as f32; 3])).collect();
            let names = ["a", "b", "c"].map(String::from);
            let rows = Model::to_bytes(&names, &[0.0; 12], &features);
            let columns = Model::from_bytes(rows.clone().into()).unwrap().to_columns();
            for mut bytes in [rows, columns] {
                let at = at % bytes.len();
                bytes[at] = byte;
                if let Ok(m) = Model::from_bytes(bytes.into()) {
                    let mut scores = Vec::new();
                    m.score(&keys, &mut scores);
                    m.score(&[1, 2, 3, 11], &mut scores);
                    m.features();
                }
            }
        }
    }
}
