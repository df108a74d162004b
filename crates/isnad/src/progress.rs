//! A progress bar on standard error, and messages that do not tear it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intake::Counter;

/// How long work must last before a bar appears.
const PATIENCE: Duration = Duration::from_millis(800);

/// The bar and the messages beside it.
pub struct Progress {
    bar: ProgressBar,
    taken: Counter,
    since: Instant,
    wanted: bool,
    quiet: bool,
}

impl Progress {
    /// A bar over `total` bytes if `wanted` (a terminal that shows nothing else) and the work takes long.
    pub fn new(total: Option<u64>, wanted: bool, quiet: bool) -> Self {
        let known = "{wide_bar} {bytes}/{total_bytes} · {bytes_per_sec} · {msg} · {eta} left";
        Self::with(
            total,
            if total.is_some() { known } else { "{spinner} {bytes} · {bytes_per_sec} · {msg}" },
            wanted,
            quiet,
        )
    }

    /// The same over `total` documents: the counter counts those.
    pub fn over_documents(total: u64, wanted: bool) -> Self {
        Self::with(Some(total), "{wide_bar} {pos}/{len} documents · {per_sec} · {eta} left", wanted, false)
    }

    fn with(total: Option<u64>, template: &str, wanted: bool, quiet: bool) -> Self {
        let bar = match total {
            Some(n) => ProgressBar::with_draw_target(Some(n), ProgressDrawTarget::hidden()),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, taken: Counter::default(), since: Instant::now(), wanted, quiet }
    }

    /// The counter that the bar follows.
    pub fn counter(&self) -> Counter {
        Arc::clone(&self.taken)
    }

    /// Tells that so many articles are done.
    pub fn done(&mut self, articles: usize) {
        if !self.wanted || !articles.is_multiple_of(16) {
            return;
        }
        if self.bar.is_hidden() {
            if self.since.elapsed() < PATIENCE {
                return;
            }
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        }
        self.bar.set_position(self.taken.load(Ordering::Relaxed));
        self.bar.set_message(format!("{articles} articles"));
    }

    /// A remark that `--quiet` silences.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.error(&format!("note: {text}"));
        }
    }

    /// A message that always comes.
    pub fn error(&self, text: &str) {
        self.bar.suspend(|| eprintln!("isnad: {text}"));
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
