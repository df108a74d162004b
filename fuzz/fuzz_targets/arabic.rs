//! Any text through tokens, sentences, quotations, clitics, numerals and times.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| checks::layers(text));
