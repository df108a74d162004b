//! Readers that survive their own bugs: an article that makes one fail is told, the others are read.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, Once, PoisonError};

use model::Document;
use reader::{Engine, Reader};

/// The reader failed on a document: a bug of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reader failed on it: this is a bug, please report it with the article ({why})")]
pub struct Failed {
    /// What failed and where, in one line.
    pub why: String,
}

thread_local! {
    /// Where and why the last caught panic of this thread happened; `None` outside of [`Guarded`].
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A reader that goes on after a panic. Building one is cheap; its caches make it faster with use.
pub struct Guarded {
    engine: Arc<Engine>,
    reader: Reader,
}

impl Guarded {
    /// A reader over a shared engine. The first one hooks into the process's panics, so that those that it catches are
    /// told by its caller alone; all others go on to the hook that was there.
    pub fn new(engine: &Arc<Engine>) -> Self {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let usual = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                let kept = CAUGHT.with_borrow_mut(|c| c.as_mut().map(|c| *c = info.to_string().replace('\n', " ")));
                if kept.is_none() {
                    usual(info);
                }
            }));
        });
        Self { engine: Arc::clone(engine), reader: Reader::new(engine) }
    }

    /// Lets the reader do something with a document. After a panic the reader is made anew: its caches may be half-written.
    pub fn with<R>(&mut self, document: &Document, f: impl FnOnce(&mut Reader, &Document) -> R) -> Result<R, Failed> {
        CAUGHT.set(Some(String::new()));
        let result = catch_unwind(AssertUnwindSafe(|| f(&mut self.reader, document)));
        let why = CAUGHT.take().unwrap_or_default();
        result.map_err(|_| {
            self.reader = Reader::new(&self.engine);
            Failed { why }
        })
    }
}

/// An engine and the readers over it that are idle: what they have cached is worth seconds.
pub struct Pool {
    engine: Arc<Engine>,
    idle: Mutex<Vec<Guarded>>,
}

impl Pool {
    /// No readers yet.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine, idle: Mutex::default() }
    }

    /// A reader for one thread; it goes back to the pool when it is dropped.
    pub fn lend(&self) -> Lent<'_> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lent { pool: self, reader: Some(idle.unwrap_or_else(|| Guarded::new(&self.engine))) }
    }
}

/// A reader on loan.
pub struct Lent<'a> {
    pool: &'a Pool,
    reader: Option<Guarded>,
}

impl Deref for Lent<'_> {
    type Target = Guarded;

    fn deref(&self) -> &Guarded {
        self.reader.as_ref().expect("held until dropped")
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Guarded {
        self.reader.as_mut().expect("held until dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take() {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_and_the_reader_goes_on() {
        let pool = Pool::new(crate::assemble(None, None).unwrap().engine);
        let document =
            Document { text: "قصفت طائرات مواقع في المدينة.".into(), ..Document::default() };
        let mut reader = pool.lend();
        let want = reader.with(&document, Reader::read).unwrap();
        let failed = reader.with(&document, |_, d| panic!("on {} letters", d.text.chars().count())).unwrap_err();
        let told = failed.to_string();
        assert!(told.contains("on 29 letters") && told.contains("guard.rs"), "{told}");
        assert_eq!(reader.with(&document, Reader::read).unwrap(), want);
        drop(reader);
        assert_eq!(pool.lend().with(&document, Reader::read).unwrap(), want);
    }
}
