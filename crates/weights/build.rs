//! Names the weights by their content, so that stored readings know which made them.

use std::path::Path;

fn main() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("reader.isnad");
    println!("cargo::rerun-if-changed={}", file.display());
    let bytes = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    println!("cargo::rustc-env=ISNAD_WEIGHTS_FINGERPRINT={}", &blake3::hash(&bytes).to_hex()[..16]);
}
