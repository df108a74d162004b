//! The project's own lexicon, compiled at build time from the files in `lexicon/`.

use std::borrow::Cow;

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));

/// Names this lexicon: the first 16 hex digits of the BLAKE3 hash of its compiled form.
pub const FINGERPRINT: &str = env!("ISNAD_LEXICON_FINGERPRINT");

/// Opens the compiled lexicon; costs nothing but the page faults of what is looked up.
///
/// # Panics
/// Never in a build that passed its tests: the bytes were written by the same version.
pub fn open() -> lexicon::Lexicon {
    lexicon::Lexicon::from_bytes(Cow::Borrowed(BYTES)).expect("the embedded lexicon was compiled by this version")
}
