//! Any text through the reader of dates in EDTF.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| checks::days(text));
