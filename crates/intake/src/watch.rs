//! Polling: a list of feeds, sitemaps and pages, asked again and again on a schedule, until stopped.
//!
//! What was seen, when each address is due, and what tells its server which version is known stand in a small state
//! file. It is replaced as a whole, and only after the caller has taken the documents: killed at any moment, the engine
//! hands over again what was not taken, and never leaves anything out. Documents come in pieces, so that a long sitemap
//! is neither held in memory nor begun anew after a stop. A lock keeps a second engine from the same state.

use std::collections::{BTreeMap, HashSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::fault::{Fault, Skip};
use crate::item::Raw;
use crate::web::{Answer, Known, WebFault};
use crate::{Item, Prepared, Sources};

/// How often an address is asked when its line does not say.
pub const USUAL: Duration = Duration::from_secs(15 * 60);
/// The shortest interval that is kept.
pub const SHORTEST: Duration = Duration::from_secs(60);
/// The longest pause after failures.
const LONGEST: u64 = 24 * 3600;
/// Items remembered for each address beyond those it lists now, and of all.
const REMEMBERED: usize = 5_000;
const MOST_REMEMBERED: usize = 200_000;
/// Most documents of a piece, most bytes, and how long its first document waits.
const PIECE: usize = 64;
const PIECE_BYTES: usize = 8 << 20;
const PATIENCE: Duration = Duration::from_secs(10);

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The address.
    pub url: Url,
    /// How often it is asked.
    pub interval: Duration,
}

/// A line of the list that says nothing usable.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {why}; expected an address and perhaps an interval, like https://example.org/feed.xml 30m")]
pub struct BadLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

/// Reads a list: a line an address, perhaps with an interval (`90s`, `30m`, `6h`, `1d`); `#` begins a remark. An address
/// that stands twice is asked once.
pub fn parse_list(text: &str) -> (Vec<Watched>, Vec<BadLine>) {
    let (mut list, mut bad): (Vec<Watched>, Vec<BadLine>) = (Vec::new(), Vec::new());
    for (n, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        // an address may hold # for a fragment: a remark has a blank before it
        let line = line.split(" #").next().unwrap_or("").split("\t#").next().unwrap_or("").trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        let address = words.next().unwrap_or("");
        let mut fault = |why: String| bad.push(BadLine { line: n + 1, why });
        let Some(url) = Url::parse(address).ok().filter(|u| matches!(u.scheme(), "http" | "https")) else {
            fault(format!("{address:?} is no http or https address"));
            continue;
        };
        let interval = match words.next().map(interval) {
            None => USUAL,
            Some(Some(interval)) => interval.max(SHORTEST),
            Some(None) => {
                fault("the interval is none".into());
                continue;
            }
        };
        if !list.iter().any(|w| w.url == url) {
            list.push(Watched { url, interval });
        }
    }
    (list, bad)
}

fn interval(text: &str) -> Option<Duration> {
    let unit = text.char_indices().next_back().filter(|(_, c)| c.is_ascii_alphabetic());
    let (number, seconds) = match unit {
        None => (text, 60),
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3600),
        Some((at, 'd')) => (&text[..at], 86_400),
        Some(_) => return None,
    };
    number
        .parse::<u64>()
        .ok()
        .filter(|n| *n > 0)?
        .checked_mul(seconds)
        .filter(|s| *s <= 366 * 86_400)
        .map(Duration::from_secs)
}

/// What is known of one address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    /// When it is due, in seconds since 1970.
    due: u64,
    /// Failures in a row.
    #[serde(default)]
    failures: u32,
    /// Whether it was a feed or a sitemap when it was last read.
    #[serde(default)]
    lists: bool,
    /// The first bytes of the fingerprints of items handed over, as hexadecimal, the latest last.
    #[serde(default)]
    seen: Vec<String>,
}

/// The state file.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    version: u32,
    /// Who takes the documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    taker: Option<String>,
    sources: BTreeMap<String, Remembered>,
}

const VERSION: u32 = 1;

/// Why the engine cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum WatchError<E> {
    /// The state file cannot be read or written.
    #[error("{}: the state of watching cannot be kept: {error}\n  free space or name another file", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The state file is not ours.
    #[error("{}: is no state of watching of this version ({why})\n  move it away to begin anew: everything listed is then taken as new", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another engine works with the state file.
    #[error("{}: another watcher works with this state ({who})\n  stop it first, or give each its own --state", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
        /// The other, as far as it is known.
        who: String,
    },
    /// What was seen was handed over to somebody else.
    #[error("{}: what is noted here was put into {was}, not into {now}\n  give --state another file: everything listed is then taken as new", path.display())]
    OtherTaker {
        /// The file.
        path: PathBuf,
        /// Who took the documents.
        was: String,
        /// Who would take them now.
        now: String,
    },
    /// The caller could not take the documents. Nothing was noted: they come again.
    #[error(transparent)]
    Taker(E),
}

/// What one address gave, or a piece of it.
#[derive(Debug)]
pub struct Batch {
    /// The address.
    pub url: Url,
    /// New documents in their order, and what could not be read.
    pub documents: Vec<Result<Prepared, Skip>>,
}

/// The polling engine.
#[derive(Debug)]
pub struct Watcher {
    list: Vec<Watched>,
    path: PathBuf,
    state: State,
    sources: Sources,
    /// Held as long as the engine lives.
    _lock: File,
}

impl Watcher {
    /// An engine over a list and a state file, which need not exist yet. `FILE.lock` beside it keeps others away.
    pub fn open<E>(list: Vec<Watched>, state: &Path, sources: Sources) -> Result<Self, WatchError<E>> {
        let path = state.to_path_buf();
        let lock = lock(&path)?;
        let state = match std::fs::read(state) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                State { version: VERSION, taker: None, sources: BTreeMap::new() }
            }
            Err(error) => return Err(WatchError::State { path, error }),
            Ok(bytes) => match serde_json::from_slice::<State>(&bytes) {
                Ok(state) if state.version == VERSION => state,
                Ok(state) => return Err(WatchError::Format { path, why: format!("version {}", state.version) }),
                Err(e) => return Err(WatchError::Format { path, why: e.to_string() }),
            },
        };
        Ok(Self { list, path, state, sources, _lock: lock })
    }

    /// Names who takes the documents: a state of another taker is refused, for what that one has this one lacks.
    pub fn hand_to<E>(&mut self, taker: &str) -> Result<(), WatchError<E>> {
        match &self.state.taker {
            Some(was) if was != taker => {
                Err(WatchError::OtherTaker { path: self.path.clone(), was: was.clone(), now: taker.into() })
            }
            _ => {
                self.state.taker = Some(taker.into());
                Ok(())
            }
        }
    }

    /// Whether anything was ever handed over.
    pub fn has_seen(&self) -> bool {
        self.state.sources.values().any(|s| !s.seen.is_empty())
    }

    /// Forgets what was seen: everything listed is new.
    pub fn forget(&mut self) {
        self.state.sources.clear();
    }

    /// Makes every address due.
    pub fn make_due(&mut self) {
        for source in self.state.sources.values_mut() {
            source.due = 0;
        }
    }

    /// Takes another list. What was seen at its addresses before is still known.
    pub fn set_list(&mut self, list: Vec<Watched>) {
        self.list = list;
    }

    /// Polls until `stop` is set; it is looked at every quarter of a second between polls.
    pub fn run<E>(
        &mut self,
        stop: &AtomicBool,
        take: &mut dyn FnMut(Batch) -> Result<(), E>,
    ) -> Result<(), WatchError<E>> {
        while !stop.load(Ordering::Relaxed) {
            let wait = self.poll_due(stop, take)?;
            let until = SystemTime::now() + wait;
            while !stop.load(Ordering::Relaxed) && SystemTime::now() < until {
                std::thread::sleep(Duration::from_millis(250).min(wait));
            }
        }
        Ok(())
    }

    /// Polls every address that is due, once, and hands over what is new. Returns the time until the next is due.
    pub fn poll_due<E>(
        &mut self,
        stop: &AtomicBool,
        take: &mut dyn FnMut(Batch) -> Result<(), E>,
    ) -> Result<Duration, WatchError<E>> {
        for watched in self.list.clone() {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let known = self.state.sources.get(watched.url.as_str()).cloned().unwrap_or_default();
            if known.is_due(watched.interval) {
                self.poll(&watched, known, stop, take)?;
            }
        }
        let due = |w: &Watched| self.state.sources.get(w.url.as_str()).map_or(0, |r| r.due);
        let next = self.list.iter().map(due).min().unwrap_or_else(|| now() + 60);
        Ok(Duration::from_secs(next.saturating_sub(now())))
    }

    /// Asks one address, hands over what is new piece by piece, and notes after each what was taken.
    fn poll<E>(
        &mut self,
        watched: &Watched,
        mut known: Remembered,
        stop: &AtomicBool,
        take: &mut dyn FnMut(Batch) -> Result<(), E>,
    ) -> Result<(), WatchError<E>> {
        let asked = Known { etag: known.etag.clone(), modified: known.modified.clone() };
        let fetched = match self.sources.client().get_if_changed(&watched.url, &asked) {
            Ok(Answer::Unchanged) => {
                known.failures = 0;
                known.due = now() + watched.interval.as_secs();
                return self.note(watched, known);
            }
            Ok(Answer::Page(fetched)) => *fetched,
            Err(fault) => {
                let wait = if let WebFault::Later { wait, .. } = &fault { Some(*wait) } else { None };
                known.fail(watched.interval, wait);
                let documents = vec![Err(Fault::from(fault).of(watched.url.as_str()))];
                take(Batch { url: watched.url.clone(), documents }).map_err(WatchError::Taker)?;
                return self.note(watched, known);
            }
        };
        let news = fetched.known.clone();
        // what a stop in the middle leaves behind: it is still due, and must be sent again
        (known.etag, known.modified) = (None, None);
        let first = known.seen.is_empty();
        let mut before: HashSet<String> = known.seen.iter().cloned().collect();
        // of what it lists now
        let mut listed = Vec::new();
        let mut piece = Piece::default();
        // items, faults, faults that may pass
        let (mut items, mut faults, mut owed) = (0_usize, 0_usize, false);
        let mut failed: Option<WatchError<E>> = None;
        let (state, path) = (&mut self.state, &self.path);
        let mut hand_over = |piece: &mut Piece, known: &mut Remembered, listed: &mut Vec<String>| {
            let Piece { documents, prints, .. } = std::mem::take(piece);
            if documents.is_empty() {
                return Ok(());
            }
            take(Batch { url: watched.url.clone(), documents }).map_err(WatchError::Taker)?;
            known.seen.extend(prints.iter().cloned());
            listed.extend(prints);
            state.sources.insert(watched.url.to_string(), known.clone());
            save(path, state)
        };
        self.sources.fetched(watched.url.as_str(), fetched, &mut |item| {
            if stop.load(Ordering::Relaxed) {
                return false;
            }
            let item = match item {
                Ok(item) if known.lists && matches!(item.raw, Raw::Html(..)) => {
                    Err(item.spot.skip(Fault::NotAFeed("an HTML page now")))
                }
                other => other,
            };
            match item {
                Err(skip) => {
                    faults += 1;
                    piece.push(Err(skip), None);
                }
                Ok(item) => {
                    items += 1;
                    known.lists |= matches!(item.raw, Raw::Entry(_));
                    let print = print(&item);
                    if !before.insert(print.clone()) {
                        listed.push(print);
                        return true;
                    }
                    let page = first && matches!(item.raw, Raw::Html(..));
                    let mut prepared = item.prepare(None);
                    match &mut prepared {
                        Ok(prepared) if page => {
                            prepared.notes.push("is a page, not a feed: it is taken whenever its text changes".into());
                            piece.push(Ok(std::mem::take(prepared)), Some(print));
                        }
                        Err(skip) if matches!(&skip.fault, Fault::Web(f) if f.may_pass()) => {
                            // its page may be there next time: do not call it seen
                            owed = true;
                            piece.push(prepared, None);
                        }
                        _ => piece.push(prepared, Some(print)),
                    }
                }
            }
            if piece.is_full()
                && let Err(e) = hand_over(&mut piece, &mut known, &mut listed)
            {
                failed = Some(e);
                return false;
            }
            true
        });
        if let Some(failed) = failed {
            return Err(failed);
        }
        hand_over(&mut piece, &mut known, &mut listed)?;
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let now_listed: HashSet<&str> = listed.iter().map(String::as_str).collect();
        let mut seen: Vec<String> = known.seen.iter().filter(|s| !now_listed.contains(s.as_str())).cloned().collect();
        let excess = seen.len().saturating_sub(REMEMBERED);
        seen.drain(..excess);
        seen.extend(listed);
        let excess = seen.len().saturating_sub(MOST_REMEMBERED);
        seen.drain(..excess);
        known.seen = seen;
        if faults > 0 && items == 0 {
            known.fail(watched.interval, None);
        } else {
            if !owed {
                (known.etag, known.modified) = (news.etag, news.modified);
            }
            known.failures = 0;
            known.due = now() + watched.interval.as_secs();
        }
        self.note(watched, known)
    }

    fn note<E>(&mut self, watched: &Watched, known: Remembered) -> Result<(), WatchError<E>> {
        self.state.sources.insert(watched.url.to_string(), known);
        save(&self.path, &self.state)
    }
}

/// Documents on their way to the taker.
#[derive(Default)]
struct Piece {
    documents: Vec<Result<Prepared, Skip>>,
    /// Fingerprints of what is seen when they are taken.
    prints: Vec<String>,
    bytes: usize,
    since: Option<Instant>,
}

impl Piece {
    fn push(&mut self, document: Result<Prepared, Skip>, print: Option<String>) {
        self.bytes += document.as_ref().map_or(0, |d| d.document.text.len());
        self.since.get_or_insert_with(Instant::now);
        self.documents.push(document);
        self.prints.extend(print);
    }

    fn is_full(&self) -> bool {
        self.documents.len() >= PIECE
            || self.bytes >= PIECE_BYTES
            || self.since.is_some_and(|since| since.elapsed() > PATIENCE)
    }
}

/// What an item is remembered by.
fn print(item: &Item) -> String {
    use std::fmt::Write;
    item.fingerprint()[..12].iter().fold(String::with_capacity(24), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Locks what stands beside the state, for the state itself is replaced. The lock dies with its process.
fn lock<E>(state: &Path) -> Result<File, WatchError<E>> {
    let path = with_ending(state, ".lock");
    let wrong = |error| WatchError::State { path: path.clone(), error };
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(wrong)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::Error(error)) => return Err(wrong(error)),
        Err(TryLockError::WouldBlock) => {
            let mut who = String::new();
            let _ = (&file).take(200).read_to_string(&mut who);
            let who = if who.trim().is_empty() { "another process" } else { who.trim() };
            return Err(WatchError::Locked { path: state.into(), who: who.into() });
        }
    }
    // for those who are turned away; that it cannot be written does no harm
    let _ = file.set_len(0).and_then(|()| file.write_all(format!("process {}", std::process::id()).as_bytes()));
    Ok(file)
}

/// Replaces the state file as a whole: written beside it, on the disk before it takes its name.
fn save<E>(path: &Path, state: &State) -> Result<(), WatchError<E>> {
    let write = || -> io::Result<()> {
        let beside = with_ending(path, ".new");
        let mut file = File::create(&beside)?;
        file.write_all(&serde_json::to_vec(state)?)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            // not every system can sync a folder
            let _ = File::open(dir).and_then(|d| d.sync_all());
        }
        Ok(())
    };
    write().map_err(|error| WatchError::State { path: path.to_path_buf(), error })
}

impl Remembered {
    /// A tenth of the interval too early is in time: a clock that starts the program every so often is never quite even.
    fn is_due(&self, interval: Duration) -> bool {
        let slack = if self.failures == 0 { interval.as_secs() / 10 } else { 0 };
        self.due <= now() + slack.min(60)
    }

    /// Twice the interval after each failure, or as long as the server asks, at most a day.
    fn fail(&mut self, interval: Duration, asked: Option<Duration>) {
        self.failures = self.failures.saturating_add(1);
        let doubled = interval.as_secs().saturating_mul(1 << self.failures.min(12)).min(LONGEST);
        self.due = now() + asked.map_or(doubled, |a| a.as_secs().clamp(interval.as_secs(), LONGEST));
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let (list, bad) = parse_list(
            "# feeds\nhttps://a.example/f#x 30m # daily\n\nhttps://a.example/f#x 2h\nhttp://b.example 5s\nftp://c.example\nhttps://d.example soon\n",
        );
        let got: Vec<(String, u64)> = list.iter().map(|w| (w.url.to_string(), w.interval.as_secs())).collect();
        assert_eq!(got, [("https://a.example/f#x".into(), 1800), ("http://b.example/".into(), 60)]);
        assert_eq!(bad.iter().map(|b| b.line).collect::<Vec<_>>(), [6, 7]);
    }

    #[test]
    fn failures_back_off() {
        let mut r = Remembered::default();
        let waits: Vec<u64> = (0..9)
            .map(|_| {
                r.fail(USUAL, None);
                (r.due - now()) / 60
            })
            .collect();
        assert!(
            waits.windows(2).all(|w| w[0] <= w[1]) && waits[0] >= 29 && *waits.last().unwrap() <= 24 * 60,
            "{waits:?}"
        );
    }
}
