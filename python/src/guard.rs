//! Readers that survive their own bugs, kept for the next batch: their caches are worth seconds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use model::Document;
use reader::{Engine, Reader};

/// An engine and the readers that are idle.
pub struct Pool {
    engine: Arc<Engine>,
    idle: Mutex<Vec<Reader>>,
}

impl Pool {
    pub fn new(engine: Engine) -> Self {
        Self { engine: Arc::new(engine), idle: Mutex::default() }
    }

    /// A reader for one thread; it goes back to the pool when it is dropped.
    pub fn lend(&self) -> Lent<'_> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lent { pool: self, reader: Some(idle.unwrap_or_else(|| Reader::new(&self.engine))) }
    }
}

/// A reader on loan.
pub struct Lent<'a> {
    pool: &'a Pool,
    reader: Option<Reader>,
}

impl Lent<'_> {
    /// Lets the reader do something with a document. A panic is a fault of that document; the reader is made anew, since its
    /// caches may be half-written.
    pub fn with<R>(&mut self, document: &Document, f: impl FnOnce(&mut Reader, &Document) -> R) -> Result<R, String> {
        let reader = self.reader.get_or_insert_with(|| Reader::new(&self.pool.engine));
        catch_unwind(AssertUnwindSafe(|| f(reader, document))).map_err(|panic| {
            self.reader = None;
            let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            let said = said.unwrap_or("no reason given");
            format!("the reader failed on it: this is a bug, please report it with the article ({said})")
        })
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take() {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        }
    }
}
