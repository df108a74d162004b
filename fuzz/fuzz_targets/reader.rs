//! Any text through the reader and the analysis below it; the first line is the title and, where it begins with a date,
//! the day of publication. One reader sees all inputs of a run, so what it keeps is tried as well.
#![no_main]

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use model::Document;
use reader::{Engine, Reader};

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).expect("the shipped weights are whole"))
});

thread_local! {
    static WARM: RefCell<Reader> = RefCell::new(Reader::new(&ENGINE));
}

fuzz_target!(|text: &str| {
    let (title, body) = text.split_once('\n').map_or((None, text), |(t, b)| (Some(t.to_string()), b));
    let document = Document { published: title.clone(), title, text: body.to_string(), ..Document::default() };
    WARM.with_borrow_mut(|warm| checks::read(warm, Reader::new(&ENGINE), &document));
});
