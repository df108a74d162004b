//! Ledgers to test with: a file of its own, and a PostgreSQL server of its own where one can be had.

mod server;

use std::sync::{Arc, OnceLock};

use ledger::{DocumentId, Entry, Location, Read, Shadow, Version, WriteOptions, Writer};
use model::{Document, Reading};
use reader::{Engine, Reader};

/// The shipped lexicon and weights.
pub fn engine() -> &'static Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    ENGINE.get_or_init(|| Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).unwrap()))
}

pub fn version() -> Version {
    Version { reader: "1".into(), weights: "w".into(), lexicon: "x".into() }
}

pub fn document(id: &str, text: &str) -> Document {
    Document { id: id.into(), text: text.into(), ..Document::default() }
}

pub fn entry(reader: &mut Reader, d: &Document) -> Entry {
    Entry::new(DocumentId::of(d), d, read(reader, d), Some([7; 32]))
}

pub fn read(reader: &mut Reader, d: &Document) -> Read {
    let reading = reader.read(d);
    Read::new(d, &reading, Shadow::of(reader, d))
}

pub fn write(location: &Location) -> Writer {
    Writer::open(location, &version(), WriteOptions { wait: 0, waiting: &mut |_| () }).unwrap()
}

/// A record of a reading made by hand, so that no test hangs on what the reader has learned: spans are given by their
/// words, as `"@words"`.
pub fn reading(d: &Document, record: serde_json::Value) -> Reading {
    fn place(v: &mut serde_json::Value, text: &str) {
        match v {
            serde_json::Value::String(s) if s.starts_with('@') => {
                let at = text.find(&s[1..]).unwrap_or_else(|| panic!("{s} is not in {text}"));
                let from = text[..at].chars().count();
                *v = serde_json::json!([from, from + s.chars().count() - 1]);
            }
            serde_json::Value::Array(list) => list.iter_mut().for_each(|v| place(v, text)),
            serde_json::Value::Object(map) => map.values_mut().for_each(|v| place(v, text)),
            _ => {}
        }
    }
    let mut record = record;
    place(&mut record, &d.whole());
    serde_json::from_value(record).unwrap()
}

/// A ledger with these documents and readings.
pub fn told(location: &Location, documents: &[(Document, Reading)]) {
    let mut reader = Reader::new(engine());
    let mut writer = write(location);
    let entries = documents
        .iter()
        .map(|(d, r)| Entry::new(DocumentId::of(d), d, Read::new(d, r, Shadow::of(&mut reader, d)), Some([7; 32])));
    let entries = entries.collect();
    writer.add(entries).unwrap();
    writer.finish().unwrap();
}

/// A ledger with these documents, read by the reader.
pub fn filled(location: &Location, documents: &[Document]) {
    let mut reader = Reader::new(engine());
    let mut writer = write(location);
    let entries = documents.iter().map(|d| entry(&mut reader, d)).collect();
    writer.add(entries).unwrap();
    writer.finish().unwrap();
}

/// Both kinds of ledger, new and empty; the second only where a server can be had.
pub fn places() -> Vec<Location> {
    // kept till the end of the tests: their servers and files are thrown away with the folder
    let dir = tempfile::tempdir().unwrap().keep();
    let mut out = vec![Location::File(dir.join("test.ledger"))];
    if cfg!(feature = "postgres") {
        out.extend(server::database().map(|url| Location::parse(&url)));
    }
    out
}
