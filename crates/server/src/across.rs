//! The trace across articles, kept by the ledger itself and brought up to date here after every change. Articles are safe
//! without it; what is not traced yet is shown as an article and in no happening.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ledger::{Ledger, LedgerError, Location, Version, WriteOptions, Writer};
use reader::Engine;
use traced::{OutletNames, TracedError};

/// How long the ledger is held at most, so that other programs come to write.
const TURN: Duration = Duration::from_secs(2);

/// Traces what waits in one ledger.
pub struct Across {
    location: Location,
    version: Version,
    names: OutletNames<'static>,
    refused: AtomicBool,
}

impl Across {
    /// Over the ledger at a place.
    pub fn new(location: &Location, version: &Version, engine: &Arc<Engine>) -> Self {
        Self {
            location: location.clone(),
            version: version.clone(),
            names: OutletNames::shared(Arc::clone(engine)),
            refused: AtomicBool::new(false),
        }
    }

    /// Traces the next documents that wait, with a writer that is there already. Whether there were any.
    pub fn some(&self, writer: &mut Writer) -> Result<bool, TracedError> {
        let caught = traced::catch_up_some(writer, &self.names)?;
        for fault in &caught.faults {
            tracing::error!("not traced: {fault}");
        }
        Ok(caught.documents > 0 || !caught.faults.is_empty())
    }

    /// Traces what waits for at most a turn, where nobody else writes now. A ledger that cannot be written stays as it is.
    pub fn turn(&self, ledger: &mut Ledger, stop: &AtomicBool) -> Result<(), TracedError> {
        if traced::waiting(ledger)? == 0 || self.refused.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut writer =
            match Writer::open(&self.location, &self.version, WriteOptions { wait: 0, waiting: &mut |_| () }) {
                Ok(writer) => writer,
                Err(LedgerError::Busy { .. }) => return Ok(()),
                Err(e @ (LedgerError::ReadOnly { .. } | LedgerError::Beside { .. })) => {
                    self.refused.store(true, Ordering::Relaxed);
                    tracing::warn!("what was added is not traced across articles: {e}");
                    return Ok(());
                }
                Err(e) => return Err(e.into()),
            };
        let end = Instant::now() + TURN;
        while Instant::now() < end && !stop.load(Ordering::Relaxed) && self.some(&mut writer)? {}
        Ok(())
    }
}
