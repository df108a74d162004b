//! Word clusters: which words are used alike in newspapers, learned without labels from running text.

use std::borrow::Cow;

use learn::Key;

/// Cluster numbers of a word at three grains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Of 32.
    pub coarse: u8,
    /// Of 128.
    pub middle: u8,
    /// Of 1,024.
    pub fine: u16,
}

/// A sorted table from word keys to clusters, read in place: 8 bytes a word (key u32, coarse u8, middle u8, fine u16).
#[derive(Clone, Debug, Default)]
pub struct Clusters {
    bytes: Cow<'static, [u8]>,
}

impl Clusters {
    /// Reads the table in place; whatever does not fill a record is ignored.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Self {
        Self { bytes }
    }

    /// Writes the table.
    pub fn to_bytes(mut words: Vec<(Key, Cluster)>) -> Vec<u8> {
        words.sort_unstable_by_key(|(k, _)| *k);
        words.dedup_by_key(|(k, _)| *k);
        let mut out = Vec::with_capacity(words.len() * 8);
        for (k, c) in words {
            out.extend(k.to_le_bytes());
            out.push(c.coarse);
            out.push(c.middle);
            out.extend(c.fine.to_le_bytes());
        }
        out
    }

    /// The clusters of a word, by the key of its folded spelling. Logarithmic in the number of words.
    pub fn get(&self, key: Key) -> Option<Cluster> {
        let n = self.bytes.len() / 8;
        let record = |i: usize| &self.bytes[i * 8..i * 8 + 8];
        let key_of = |i: usize| {
            let r = record(i);
            u32::from_le_bytes([r[0], r[1], r[2], r[3]])
        };
        let (mut low, mut high) = (0, n);
        while low < high {
            let mid = usize::midpoint(low, high);
            if key_of(mid) < key {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        if low < n && key_of(low) == key {
            let r = record(low);
            return Some(Cluster { coarse: r[4], middle: r[5], fine: u16::from_le_bytes([r[6], r[7]]) });
        }
        None
    }
}
