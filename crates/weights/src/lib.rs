//! The reader's trained weights (`crates/weights/reader.isnad`), made by `train/`; see `train/README.md`.
//! The file is packed; the program holds them laid out for use.

use std::borrow::Cow;

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/laid-out.isnad"));

/// Names these weights: the first 16 hex digits of the BLAKE3 hash of the file.
pub const FINGERPRINT: &str = env!("ISNAD_WEIGHTS_FINGERPRINT");

/// Opens the shipped weights; costs nothing but the page faults of what is used.
///
/// # Panics
/// Never in a build that passed its tests: the build wrote what is read.
pub fn open() -> learn::Bundle {
    learn::Bundle::from_bytes(Cow::Borrowed(BYTES)).expect("the shipped weights were made by this version")
}
