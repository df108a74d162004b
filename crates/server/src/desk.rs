//! Threads that ask the ledger. Each has its own connection and reader; questions wait in a short queue, and one that finds
//! it full is told to come back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ledger::{Ledger, Location};
use reader::{Engine, Reader};
use tokio::sync::oneshot;

use crate::problem::{Problem, Result};

/// What a question is answered with.
pub struct Desk {
    /// The ledger.
    pub ledger: Ledger,
    /// Cuts the words of searches, and reads.
    pub reader: Reader,
}

/// Answers a question; whether all is well with the desk.
type Job = Box<dyn FnOnce(&mut Desk) -> bool + Send>;

/// The threads.
pub struct Pool {
    queue: SyncSender<Job>,
    patience: Duration,
}

impl Pool {
    /// Starts threads over a ledger that can be opened.
    pub fn start(
        location: &Location,
        engine: &Arc<Engine>,
        threads: usize,
        queue: usize,
        patience: Duration,
    ) -> std::result::Result<Self, ledger::LedgerError> {
        let (send, receive) = sync_channel::<Job>(queue);
        let receive = Arc::new(Mutex::new(receive));
        // what cannot be opened is told before anything is served
        drop(Ledger::open(location)?);
        for i in 0..threads {
            let (receive, location, engine) = (Arc::clone(&receive), location.clone(), Arc::clone(engine));
            let work = move || work(&receive, &location, &engine);
            let name = format!("ledger-{i}");
            if let Err(e) = std::thread::Builder::new().name(name).spawn(work) {
                tracing::error!("a thread for the ledger cannot be started: {e}");
            }
        }
        Ok(Self { queue: send, patience })
    }

    /// Asks a question and waits for its answer, up to the patience of the pool.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Desk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move |desk| {
            // nobody waits any more: not worth the work
            if send.is_closed() {
                return true;
            }
            let answer = catch_unwind(AssertUnwindSafe(|| question(desk)))
                .unwrap_or_else(|_| Err(Problem::fault(&"a question ended in a panic")));
            let well = answer.as_ref().err().is_none_or(|p| !p.is_fault());
            let _ = send.send(answer);
            well
        });
        self.queue.try_send(job).map_err(|_| Problem::busy("too many questions at once; ask again in a moment"))?;
        match tokio::time::timeout(self.patience, receive).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Problem::fault(&"a question was dropped")),
            Err(_) => Err(Problem::busy(format!(
                "no answer within {} s; ask for less, or again later",
                self.patience.as_secs()
            ))),
        }
    }
}

fn work(receive: &Mutex<Receiver<Job>>, location: &Location, engine: &Arc<Engine>) {
    let mut desk: Option<Desk> = None;
    loop {
        let job = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        if desk.is_none() {
            match Ledger::open(location) {
                Ok(ledger) => desk = Some(Desk { ledger, reader: Reader::new(engine) }),
                Err(e) => {
                    tracing::error!("the ledger cannot be opened: {e}");
                    // the question is dropped, which its asker is told
                    continue;
                }
            }
        }
        // a connection that broke is opened anew for the next question; caches of a reader after a panic go with it
        if desk.as_mut().is_some_and(|at| !job(at)) {
            desk = None;
        }
    }
}
