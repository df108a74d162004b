//! Feature keys: 32-bit hashes, stable across versions and machines.

/// A hashed feature.
pub type Key = u32;

/// Hashes a feature template and its text (FNV-1a with a final avalanche).
#[inline]
pub fn key(template: u32, text: &str) -> Key {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325 ^ u64::from(template).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for b in text.bytes() {
        h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    finish(h)
}

/// Joins two keys (or a key and a small number) into one, order mattering.
#[inline]
pub fn mix(a: Key, b: Key) -> Key {
    finish((u64::from(a) << 32 | u64::from(b)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[inline]
fn finish(mut h: u64) -> Key {
    h ^= h >> 32;
    h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
    h ^= h >> 32;
    // 0 marks an empty slot
    (h as u32).max(1)
}
