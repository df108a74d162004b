//! The parsers one by one, for fuzz targets and property tests; not part of the interface.

use crate::{Item, Prepared, Skip};

/// Everything that a stream of bytes under this name gives, taken apart.
pub fn read(name: &str, bytes: &[u8]) -> Vec<Result<Prepared, Skip>> {
    let mut out = Vec::new();
    let sources = crate::Sources::default();
    sources.stream(bytes, std::path::Path::new(name), &mut |item| {
        out.push(item.and_then(|i: Item| i.prepare(None)));
        out.len() < 10_000
    });
    out
}

/// A date as sources write it.
pub fn date(text: &str) -> Option<String> {
    crate::date::normalise(text)
}
