//! Words as they are compared across articles: folded, and for meaning also cut to a rough stem.

use std::sync::LazyLock;

use arabic::letter::{Class, class};
use arabic::{Kind, Tokens};
use foldhash::HashMap;
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

/// Words of a shingle.
pub const SHINGLE: usize = 4;

/// XXH3 of a string: the same on every machine and in every version.
pub fn hash(text: &str) -> u64 {
    XxHash3_64::oneshot(text.as_bytes())
}

/// Hash of several parts; `["a", "bc"]` and `["ab", "c"]` differ.
pub fn hash_parts(parts: &[&str]) -> u64 {
    let mut all = String::with_capacity(parts.iter().map(|p| p.len() + 1).sum());
    for p in parts {
        all.push_str(p);
        all.push('\u{1f}');
    }
    hash(&all)
}

/// What an id is found by, from its hash: the high 44 bits.
pub(crate) const fn name_key(hash: u64) -> u64 {
    hash >> 20
}

/// A fixed bijection that spreads all bits (the finaliser of `MurmurHash3`).
pub(crate) const fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^= x >> 33;
    x = x.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

/// Folded words of a text in order, without punctuation. Linear time.
pub fn folded(text: &str) -> Vec<String> {
    let tokens = Tokens::new(text);
    (0..tokens.len()).filter(|&i| tokens.all()[i].kind != Kind::Punct).map(|i| tokens.norm(i).to_owned()).collect()
}

/// Hashes of all runs of [`SHINGLE`] folded words, each once, ascending. A shorter text is one shingle, an empty one none.
pub fn shingles(text: &str) -> Vec<u64> {
    let tokens = Tokens::new(text);
    let words: Vec<u64> =
        (0..tokens.len()).filter(|&i| tokens.all()[i].kind != Kind::Punct).map(|i| hash(tokens.norm(i))).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<u64> = words
        .windows(SHINGLE.min(words.len()))
        .map(|w| {
            let mut bytes = [0u8; SHINGLE * 8];
            for (i, h) in w.iter().enumerate() {
                bytes[i * 8..i * 8 + 8].copy_from_slice(&h.to_le_bytes());
            }
            XxHash3_64::oneshot(&bytes)
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// A rough stem: attached words and the article taken off, as far as at least three letters are left.
/// Wrong stems do no harm as long as they are the same in every article.
pub fn stem(folded: &str) -> &str {
    const ATTACHED: [&str; 9] = ["وبال", "وال", "بال", "فال", "كال", "ولل", "لل", "ال", "و"];
    const ENDS: [&str; 6] = ["هما", "ها", "هم", "يه", "ه", "ي"];
    let mut s = folded;
    for p in ATTACHED {
        if let Some(rest) = s.strip_prefix(p)
            && rest.chars().count() >= 3
        {
            s = rest;
            break;
        }
    }
    for e in ENDS {
        if let Some(rest) = s.strip_suffix(e)
            && rest.chars().count() >= 3
        {
            s = rest;
            break;
        }
    }
    s
}

/// How much a shared word of this stem tells about sharing a subject: nothing for function words, little for those that
/// any article of the press holds.
pub fn weight(stem: &str) -> f32 {
    weight_of(stem, hash(stem))
}

fn weight_of(stem: &str, hash: u64) -> f32 {
    static BY_HASH: LazyLock<HashMap<u64, f32>> =
        LazyLock::new(|| COMMON.iter().map(|(w, weight)| (self::hash(w), *weight)).collect());
    if stem.chars().nth(1).is_none() {
        return 0.0;
    }
    BY_HASH.get(&hash).copied().unwrap_or(1.0)
}

include!("../data/common.rs");

/// Tokens that have a weight, each with its stem: 20 bits of hash and 4 of weight.
fn weighted(tokens: &Tokens<'_>) -> impl Iterator<Item = (usize, u32)> {
    tokens.all().iter().enumerate().filter(|(_, t)| t.kind != Kind::Punct).filter_map(|(i, _)| {
        let stem = stem(tokens.norm(i));
        let hash = hash(stem);
        let tenths = (weight_of(stem, hash) * 10.0).round() as u32;
        (tenths > 0).then_some((i, (hash as u32 & 0xf_ffff) << 4 | tenths))
    })
}

/// The weighted stems of a whole text, to take those of many passages from: most passages of an article overlap.
#[derive(Debug)]
pub(crate) struct Stems<'a> {
    tokens: &'a Tokens<'a>,
    /// First and last byte with the stem.
    stems: Vec<(u32, u32, u32)>,
}

impl<'a> Stems<'a> {
    pub fn new(tokens: &'a Tokens<'a>) -> Self {
        let at = |i: usize| (tokens.all()[i].byte_start, tokens.all()[i].byte_end);
        Self { tokens, stems: weighted(tokens).map(|(i, s)| (at(i).0, at(i).1, s)).collect() }
    }

    /// What [`Bag::of`] makes of these bytes of the text. A passage may begin and end within words, which are then cut anew:
    /// at its beginning up to the next space, since what follows a cut depends on it.
    pub fn bag(&self, from: usize, to: usize, limit: usize) -> Bag {
        let (text, all) = (self.tokens.text(), self.tokens.all());
        let mut stems = Vec::with_capacity(limit.min(64));
        let next = all.partition_point(|t| (t.byte_start as usize) < from);
        let broken = next > 0 && all[next - 1].byte_end as usize > from;
        let from = if broken {
            let end = text[from..to].find(|c| class(c) == Class::Space).map_or(to, |n| from + n);
            stems.extend(weighted(&Tokens::new(&text[from..end])).map(|s| s.1).take(limit));
            end
        } else {
            from
        };
        let first = self.stems.partition_point(|s| (s.0 as usize) < from);
        for &(_, end, stem) in self.stems[first..].iter().take_while(|s| (s.0 as usize) < to) {
            if stems.len() >= limit || end as usize > to {
                break;
            }
            stems.push(stem);
        }
        let last = all.partition_point(|t| (t.byte_end as usize) <= to);
        if let Some(cut) = all.get(last).filter(|t| (from..to).contains(&(t.byte_start as usize))) {
            let rest = limit.saturating_sub(stems.len());
            stems.extend(weighted(&Tokens::new(&text[cut.byte_start as usize..to])).map(|s| s.1).take(rest));
        }
        Bag::from_stems(stems)
    }
}

/// Weighted stems of a passage: three bytes each, 20 bits of hash and 4 of weight, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bag(Vec<u8>);

impl Bag {
    /// The first `limit` stems of a text that have a weight.
    pub fn of(text: &str, limit: usize) -> Self {
        Self::from_stems(weighted(&Tokens::new(text)).map(|s| s.1).take(limit).collect())
    }

    fn from_stems(mut stems: Vec<u32>) -> Self {
        stems.sort_unstable();
        stems.dedup_by_key(|s| *s >> 4);
        Self(stems.iter().flat_map(|s| [*s as u8, (s >> 8) as u8, (s >> 16) as u8]).collect())
    }

    fn stems(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.0.chunks_exact(3).map(|b| {
            let s = u32::from(b[0]) | u32::from(b[1]) << 8 | u32::from(b[2]) << 16;
            (s >> 4, (s & 15) as f32 / 10.0)
        })
    }

    /// Stems that stand in few articles, lowest hashes first: two passages that share several share one of the first ones
    /// with fair probability.
    pub fn rare(&self, limit: usize) -> Vec<u32> {
        self.stems().filter(|s| s.1 > 0.95).map(|s| s.0).take(limit).collect()
    }

    /// Weight shared, of all of both; and of the lighter one.
    pub fn shared(&self, other: &Self) -> (f32, f32) {
        let (both, left, right) = self.weighed(other);
        let lighter = both + f32::min(left, right);
        if both == 0.0 { (0.0, 0.0) } else { (both / (both + left + right), both / lighter) }
    }

    /// Weight shared, as the cosine of the angle between the two.
    pub fn cosine(&self, other: &Self) -> f32 {
        let (both, left, right) = self.weighed(other);
        if both == 0.0 { 0.0 } else { both / ((both + left) * (both + right)).sqrt() }
    }

    /// Weight of the stems of both, of this one alone, of the other alone.
    fn weighed(&self, other: &Self) -> (f32, f32, f32) {
        let stem = |b: &[u8; 3]| u32::from(b[0]) | u32::from(b[1]) << 8 | u32::from(b[2]) << 16;
        let weight = |s: u32| s & 15;
        let ((mut x, _), (mut y, _)) = (self.0.as_chunks::<3>(), other.0.as_chunks::<3>());
        // in tenths, so that the sums are whole numbers
        let (mut both, mut left, mut right) = (0, 0, 0);
        while let ([a, xs @ ..], [b, ys @ ..]) = (x, y) {
            let (a, b) = (stem(a), stem(b));
            let (p, q) = (a >> 4, b >> 4);
            both += if p == q { weight(a) } else { 0 };
            left += if p < q { weight(a) } else { 0 };
            right += if q < p { weight(b) } else { 0 };
            x = if p <= q { xs } else { x };
            y = if q <= p { ys } else { y };
        }
        left += x.iter().map(|s| weight(stem(s))).sum::<u32>();
        right += y.iter().map(|s| weight(stem(s))).sum::<u32>();
        (both as f32 / 10.0, left as f32 / 10.0, right as f32 / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attached_words_go() {
        assert_eq!(stem("والطائرات"), "طائرات");
        assert_eq!(stem("للقوات"), "قوات");
        assert_eq!(stem("وفد"), "وفد");
    }

    proptest::proptest! {
        #[test]
        fn a_bag_of_a_passage_is_that_of_its_text(text in "[ \n.,a-c0-9بوالنَ/-]{0,60}|\\PC{0,60}", a in 0usize..60, n in 0usize..60, limit in 0usize..12) {
            let tokens = Tokens::new(&text);
            let mut bounds: Vec<usize> = text.char_indices().map(|c| c.0).collect();
            bounds.push(text.len());
            let last = bounds.len() - 1;
            let (from, to) = (bounds[a.min(last)], bounds[(a + n).min(last)]);
            proptest::prop_assert_eq!(Stems::new(&tokens).bag(from, to, limit), Bag::of(&text[from..to], limit));
        }
    }

    #[test]
    fn shingles_ignore_marks_and_spelling() {
        assert_eq!(shingles("أرسلت روسيا 8 مقاتلات، إلى ليبيا."), shingles("ارسلت روسيا ٨ مُقاتلات الى ليبيا"));
        assert_eq!(shingles("").len(), 0);
        assert_eq!(shingles("كلمة").len(), 1);
        assert_eq!(shingles("ا ب ج د ه").len(), 2);
    }
}
