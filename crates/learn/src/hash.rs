//! Feature keys: 31-bit hashes, stable across versions and machines, and a mark for features of a word's identity.

/// A hashed feature. The top bit marks features that tell which word it is ([`LEXICAL`]).
pub type Key = u32;

/// Mark of features that tell the very word. Training drops them together at times, so that a model also learns what
/// to do with a word it has never seen. Joined keys inherit the mark.
pub const LEXICAL: Key = 1 << 31;

/// Hashes a feature template and its text (FNV-1a with a final avalanche).
#[inline]
pub fn key(template: u32, text: &str) -> Key {
    let mut text_of = Text::new(template);
    text_of.take(text);
    finish(text_of.0)
}

/// The same for a text that is written piece by piece, without making a string of it.
pub fn key_of(template: u32, text: std::fmt::Arguments<'_>) -> Key {
    let mut text_of = Text::new(template);
    // taking a piece never fails
    let _ = std::fmt::Write::write_fmt(&mut text_of, text);
    finish(text_of.0)
}

/// The hash of a template and what was taken so far of its text.
struct Text(u64);

impl Text {
    #[inline]
    fn new(template: u32) -> Self {
        Self(0xcbf2_9ce4_8422_2325 ^ u64::from(template).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    #[inline]
    fn take(&mut self, piece: &str) {
        for b in piece.bytes() {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl std::fmt::Write for Text {
    fn write_str(&mut self, piece: &str) -> std::fmt::Result {
        self.take(piece);
        Ok(())
    }
}

/// Joins two keys (or a key and a small number) into one, order mattering.
#[inline]
pub fn mix(a: Key, b: Key) -> Key {
    finish((u64::from(a) << 32 | u64::from(b)).wrapping_mul(0x9e37_79b9_7f4a_7c15)) | ((a | b) & LEXICAL)
}

/// A feature of a template and its parts, order mattering.
#[inline]
pub fn feature(template: u32, parts: &[Key]) -> Key {
    parts.iter().fold(template, |k, x| mix(k, *x))
}

/// Where features go. Reading and training want their keys alone; explaining wants to know which template made each.
pub trait Features {
    /// Takes a key that `template` made.
    fn take(&mut self, template: u32, key: Key);

    /// Takes the feature of a template and its parts, order mattering.
    #[inline]
    fn put(&mut self, template: u32, parts: &[Key]) {
        self.take(template, feature(template, parts));
    }
}

impl Features for Vec<Key> {
    #[inline]
    fn take(&mut self, _: u32, key: Key) {
        self.push(key);
    }
}

/// Keys with the templates that made them.
#[derive(Clone, Debug, Default)]
pub struct Named(pub Vec<(u32, Key)>);

impl Features for Named {
    fn take(&mut self, template: u32, key: Key) {
        self.0.push((template, key));
    }
}

/// The key marked as telling the very word.
#[inline]
pub const fn lexical(key: Key) -> Key {
    key | LEXICAL
}

/// The key without that mark.
#[inline]
pub const fn plain(key: Key) -> Key {
    key & !LEXICAL
}

#[inline]
fn finish(mut h: u64) -> Key {
    h ^= h >> 32;
    h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
    h ^= h >> 32;
    // 0 marks an empty slot
    plain(h as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::{key, key_of};

    #[test]
    fn pieces_hash_as_their_whole() {
        assert_eq!(key_of(7, format_args!("{} {:?}{}", "كلمة", Some(1), 'x')), key(7, "كلمة Some(1)x"));
    }
}
