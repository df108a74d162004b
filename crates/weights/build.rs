//! Lays the weights out for use, and names them by the content of their file, so that stored readings know which made them.

use std::path::Path;

fn main() {
    // asked at run time: folders that share one target share the built script
    let file = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("reader.isnad");
    println!("cargo::rerun-if-changed={}", file.display());
    let bytes = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    println!("cargo::rustc-env=ISNAD_WEIGHTS_FINGERPRINT={}", &blake3::hash(&bytes).to_hex()[..16]);
    let bundle = learn::Bundle::from_bytes(bytes.into()).and_then(|b| b.laid_out());
    let bundle = bundle.unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let out = Path::new(&std::env::var_os("OUT_DIR").expect("set by cargo")).join("laid-out.isnad");
    std::fs::write(&out, bundle.to_bytes()).unwrap_or_else(|e| panic!("{}: {e}", out.display()));
}
