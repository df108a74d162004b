//! The pages are embedded as they lie in `web/dist`: a new build of them is a reason to build this crate anew.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_PAGES").is_some() {
        println!("cargo::rerun-if-changed=../../web/dist");
    }
}
