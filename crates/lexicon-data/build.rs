//! Compiles `lexicon/` into one file, so that the program maps it with itself and parses nothing at start.

use std::path::Path;

fn main() {
    // asked at run time: folders that share one target share the built script
    let dir = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../lexicon");
    println!("cargo::rerun-if-changed={}", dir.display());
    let sources = lexicon::Sources::load(&dir).unwrap_or_else(|e| panic!("{e}"));
    let (entries, faults) = sources.expand();
    for f in faults.iter().take(20) {
        println!("cargo::warning=lexicon/{f}");
    }
    let out = Path::new(&std::env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("lexicon.bin");
    let bytes = lexicon::compile(&entries);
    println!("cargo::rustc-env=ISNAD_LEXICON_FINGERPRINT={}", &blake3::hash(&bytes).to_hex()[..16]);
    std::fs::write(out, bytes).expect("OUT_DIR is writable");
}
