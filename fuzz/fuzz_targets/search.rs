//! Any search in a small ledger: an answer, or words on what is wrong with the question; and any text has an id.
#![no_main]

use std::cell::RefCell;
use std::sync::Arc;

use ledger::{DocumentId, Entry, Filter, Ledger, LedgerError, Location, Paging, Read, Shadow, Version, WriteOptions, Writer};
use libfuzzer_sys::fuzz_target;
use model::Document;
use reader::{Engine, Reader};

thread_local! {
    static LEDGER: RefCell<(Ledger, Reader)> = RefCell::new(small());
}

fn small() -> (Ledger, Reader) {
    let engine = Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).expect("shipped weights"));
    let mut reader = Reader::new(&engine);
    let place = Location::File(tempfile::tempdir().expect("a folder").keep().join("l"));
    let version = Version { reader: "1".into(), weights: "w".into(), lexicon: "x".into() };
    let mut writer = Writer::open(&place, &version, WriteOptions { wait: 0, waiting: &mut |_| () }).expect("a ledger");
    let document = Document { text: "أرسلت روسيا ثماني مقاتلات إلى ليبيا. وصل الفيروس.".into(), ..Document::default() };
    let reading = reader.read(&document);
    let read = Read::new(&document, &reading, Shadow::of(&mut reader, &document));
    writer.add(vec![Entry::new(DocumentId::of(&document), &document, read, None)]).expect("added");
    (Ledger::open(&place).expect("a ledger"), reader)
}

fuzz_target!(|text: &str| {
    let id = DocumentId::of_text(text);
    assert_eq!(id.to_string().parse(), Ok(id));
    let _ = ledger::canonical_url(text);
    LEDGER.with_borrow_mut(|(ledger, reader)| {
        match ledger.search(text, &Filter::default(), &Paging::default(), reader) {
            Ok(_) | Err(LedgerError::Question(_)) => {}
            Err(e) => panic!("{e}"),
        }
    });
});
