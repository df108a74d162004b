//! Polling: a list of feeds, sitemaps and pages, asked again and again on a schedule, until stopped.
//!
//! What was seen, when each address is due, and what tells its server which version is known stand in a small state
//! file. It is replaced as a whole, and only after the caller has taken the documents: killed at any moment, the engine
//! hands over again what was not taken, and never leaves anything out.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::fault::{Fault, Skip};
use crate::web::{Answer, Known, WebFault};
use crate::{Item, Prepared, Sources};

/// How often an address is asked when its line does not say.
pub const USUAL: Duration = Duration::from_secs(15 * 60);
/// The shortest interval that is kept.
pub const SHORTEST: Duration = Duration::from_secs(60);
/// The longest pause after failures.
const LONGEST: u64 = 24 * 3600;
/// Items remembered for each address beyond those it lists now.
const REMEMBERED: usize = 5_000;

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
    /// The first bytes of the fingerprints of items handed over, as hexadecimal, the latest last.
    #[serde(default)]
    seen: Vec<String>,
}

/// The state file.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    version: u32,
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
    /// The caller could not take the documents. Nothing was noted: they come again.
    #[error(transparent)]
    Taker(E),
}

/// What one address gave.
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
}

impl Watcher {
    /// An engine over a list and a state file, which need not exist yet.
    pub fn open<E>(list: Vec<Watched>, state: &Path, sources: Sources) -> Result<Self, WatchError<E>> {
        let path = state.to_path_buf();
        let state = match std::fs::read(state) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => State { version: VERSION, sources: BTreeMap::new() },
            Err(error) => return Err(WatchError::State { path, error }),
            Ok(bytes) => match serde_json::from_slice::<State>(&bytes) {
                Ok(state) if state.version == VERSION => state,
                Ok(state) => return Err(WatchError::Format { path, why: format!("version {}", state.version) }),
                Err(e) => return Err(WatchError::Format { path, why: e.to_string() }),
            },
        };
        Ok(Self { list, path, state, sources })
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
            if known.due > now() {
                continue;
            }
            let (batch, next) = self.poll(&watched, known);
            if !batch.documents.is_empty() {
                take(batch).map_err(WatchError::Taker)?;
            }
            self.state.sources.insert(watched.url.to_string(), next);
            self.save()?;
        }
        let due = |w: &Watched| self.state.sources.get(w.url.as_str()).map_or(0, |r| r.due);
        let next = self.list.iter().map(due).min().unwrap_or_else(|| now() + 60);
        Ok(Duration::from_secs(next.saturating_sub(now())))
    }

    /// Asks one address; what it gave, and what to remember once that is taken.
    fn poll(&self, watched: &Watched, mut known: Remembered) -> (Batch, Remembered) {
        let asked = Known { etag: known.etag.clone(), modified: known.modified.clone() };
        let mut documents = Vec::new();
        match self.sources.client().get_if_changed(&watched.url, &asked) {
            Ok(Answer::Unchanged) => {
                known.failures = 0;
                known.due = now() + watched.interval.as_secs();
            }
            Ok(Answer::Page(fetched)) => {
                let news = fetched.known.clone();
                let before: HashSet<&str> = known.seen.iter().map(String::as_str).collect();
                let mut listed = Vec::new();
                let mut fresh: Vec<Result<Item, Skip>> = Vec::new();
                self.sources.fetched(watched.url.as_str(), *fetched, &mut |item| {
                    if let Ok(item) = &item {
                        let print: String =
                            item.fingerprint()[..12].iter().fold(String::new(), |s, b| s + &format!("{b:02x}"));
                        if before.contains(print.as_str()) {
                            listed.push(print);
                            return true;
                        }
                        listed.push(print);
                    }
                    fresh.push(item);
                    true
                });
                let failed = fresh.iter().filter(|i| i.is_err()).count();
                let broken = failed > 0 && failed == fresh.len() && listed.is_empty();
                let mut passing = false;
                for item in fresh {
                    let print = item.as_ref().ok().map(Item::fingerprint);
                    let prepared = item.and_then(|i| i.prepare(None));
                    if let Err(skip) = &prepared
                        && matches!(&skip.fault, Fault::Web(f) if f.may_pass())
                        && let Some(print) = print
                    {
                        // its page may be there next time: do not call it seen
                        let print: String = print[..12].iter().fold(String::new(), |s, b| s + &format!("{b:02x}"));
                        listed.retain(|p| *p != print);
                        passing = true;
                    }
                    documents.push(prepared);
                }
                let now_listed: HashSet<&str> = listed.iter().map(String::as_str).collect();
                let mut seen: Vec<String> =
                    known.seen.iter().filter(|s| !now_listed.contains(s.as_str())).cloned().collect();
                let excess = seen.len().saturating_sub(REMEMBERED);
                seen.drain(..excess);
                seen.extend(listed);
                known.seen = seen;
                // a page of which pieces are still owed must be sent again
                (known.etag, known.modified) =
                    if passing || broken { (None, None) } else { (news.etag, news.modified) };
                if broken {
                    known.fail(watched.interval, None);
                } else {
                    known.failures = 0;
                    known.due = now() + watched.interval.as_secs();
                }
            }
            Err(fault) => {
                let wait = if let WebFault::Later { wait, .. } = &fault { Some(*wait) } else { None };
                known.fail(watched.interval, wait);
                documents.push(Err(Fault::from(fault).of(watched.url.as_str())));
            }
        }
        (Batch { url: watched.url.clone(), documents }, known)
    }

    /// Replaces the state file as a whole: written beside it, on the disk before it takes its name.
    fn save<E>(&self) -> Result<(), WatchError<E>> {
        let write = || -> io::Result<()> {
            let mut name = self.path.file_name().unwrap_or_default().to_os_string();
            name.push(".new");
            let beside = self.path.with_file_name(name);
            let mut file = File::create(&beside)?;
            file.write_all(&serde_json::to_vec(&self.state)?)?;
            file.sync_all()?;
            std::fs::rename(&beside, &self.path)?;
            if let Some(dir) = self.path.parent().filter(|d| !d.as_os_str().is_empty()) {
                // not every system can sync a folder
                let _ = File::open(dir).and_then(|d| d.sync_all());
            }
            Ok(())
        };
        write().map_err(|error| WatchError::State { path: self.path.clone(), error })
    }
}

impl Remembered {
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
