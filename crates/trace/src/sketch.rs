//! Sketches of texts: enough of the shingles to find near-copies and to measure how near they are.

use serde::{Deserialize, Serialize};

use crate::words::{mix, shingles};

/// `MinHash` values a band is made of.
const ROWS: usize = 3;
/// Bands: pairs with Jaccard 0.6 share one with probability 1 - (1 - 0.6³)²⁸ = 0.9989.
const BANDS: usize = 28;
/// Shingles kept. A text with no more is compared exactly; of a longer one the lowest hashes are kept, which are a fair
/// sample (standard error of the Jaccard value at 0.6: 0.012).
const KEPT: usize = 1536;

/// The shingles of one text, as 24-bit hashes ascending, in three bytes each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    total: u32,
    kept: Vec<u8>,
}

/// What a text is found by.
#[derive(Debug)]
pub struct Sketched {
    /// To keep.
    pub sketch: Sketch,
    /// Keys of its bands; none for a text without words.
    pub bands: Vec<u64>,
}

/// Sketches a text. Linear in its length; the result is at most 4.6 kB.
pub fn sketch(text: &str) -> Sketched {
    let all = shingles(text);
    // the high bits are the sample and its order, so the lowest 24-bit values are the lowest hashes
    let mut low: Vec<u32> = all.iter().map(|h| (h >> 40) as u32).collect();
    low.dedup();
    let total = low.len() as u32;
    low.truncate(KEPT);
    let kept = low.iter().flat_map(|v| [*v as u8, (v >> 8) as u8, (v >> 16) as u8]).collect();
    Sketched { sketch: Sketch { total, kept }, bands: bands(&all) }
}

/// One key a band, of 47 bits.
fn bands(shingles: &[u64]) -> Vec<u64> {
    if shingles.is_empty() {
        return Vec::new();
    }
    (0..BANDS)
        .map(|band| {
            (0..ROWS).fold(mix(band as u64 ^ 0x6261_6e64), |key, row| {
                let salt = mix((band * ROWS + row) as u64 + 1);
                let least = shingles.iter().map(|h| mix(h ^ salt)).min().unwrap_or(0);
                mix(key ^ least.rotate_left(17))
            }) >> 17
        })
        .collect()
}

impl Sketch {
    /// The hashes kept, ascending: all of them where there are no more than 1,536.
    pub fn values(&self) -> impl Iterator<Item = u32> + '_ {
        self.kept.chunks_exact(3).map(|b| u32::from(b[0]) | u32::from(b[1]) << 8 | u32::from(b[2]) << 16)
    }

    /// Share of common shingles among all of both: exact for texts up to 1,536 shingles, an estimate beyond.
    pub fn jaccard(&self, other: &Self) -> f64 {
        let (a, b): (Vec<u32>, Vec<u32>) = (self.values().collect(), other.values().collect());
        let whole = self.total as usize <= KEPT && other.total as usize <= KEPT;
        // of cut sketches only the lowest hashes of the union are a fair sample of the union
        let sample = if whole { usize::MAX } else { KEPT };
        let (mut i, mut j, mut both, mut seen) = (0, 0, 0usize, 0usize);
        while seen < sample && (i < a.len() || j < b.len()) {
            seen += 1;
            match (a.get(i), b.get(j)) {
                (Some(x), Some(y)) if x == y => {
                    both += 1;
                    i += 1;
                    j += 1;
                }
                (Some(x), Some(y)) if x < y => i += 1,
                (Some(_), None) => i += 1,
                _ => j += 1,
            }
        }
        if seen == 0 { 0.0 } else { both as f64 / seen as f64 }
    }

    /// How many different shingles the text has.
    pub fn len(&self) -> usize {
        self.total as usize
    }

    /// Whether the text has no words.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_sketches_estimate() {
        let words = |from: usize, to: usize| (from..to).map(|i| format!("ك{i}")).collect::<Vec<_>>().join(" ");
        let (a, b) = (sketch(&words(0, 8000)), sketch(&words(2000, 10000)));
        let true_value = 5997.0 / 9997.0;
        let estimate = a.sketch.jaccard(&b.sketch);
        assert!((estimate - true_value).abs() < 0.04, "{estimate}");
        assert!(a.sketch.kept.len() <= 3 * KEPT);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_sketched(text in "\\PC{0,200}") {
            let s = sketch(&text);
            let same = s.sketch.jaccard(&s.sketch);
            proptest::prop_assert!(s.sketch.is_empty() || (same - 1.0).abs() < 1e-9);
        }
    }
}
