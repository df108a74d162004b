//! Adding and reading one document: fetched, extracted and read in a few threads, written by one.
//!
//! What is acknowledged is committed. Documents that come together are committed together.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use intake::Sources;
use intake::web::Rules;
use ledger::{DocumentId, Entry, Fate, Ledger, Location, Read, Shadow, Version, WriteOptions, Writer};
use model::Document;
use reader::{Engine, Reader};
use serde::Serialize;

use crate::across::Across;
use crate::board::Board;
use crate::problem::{Problem, Result};
use crate::types::{Added, NewDocument};

/// Most documents of one commit.
const BATCH: usize = 64;
/// Documents that wait for the writer.
const WAITING: usize = 64;
/// Seconds to wait for another program that writes.
const WAIT: u64 = 5;

/// Something that happens on the way of a document.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Progress {
    /// A stage begins or is done.
    Stage {
        /// `fetch`, `extract`, `read`, `store`, `trace`.
        stage: &'static str,
        /// `begun` or `done`.
        state: &'static str,
        /// How long it took.
        #[serde(skip_serializing_if = "Option::is_none")]
        milliseconds: Option<f64>,
        /// More about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// The end.
    End {
        /// `end`.
        stage: &'static str,
        /// `added` or `known`.
        state: &'static str,
        /// Name by content.
        document: String,
    },
    /// The end, without a document.
    Failed {
        /// `end`.
        stage: &'static str,
        /// `failed`.
        state: &'static str,
        /// Why.
        problem: Problem,
    },
}

impl Progress {
    /// How it ended.
    pub fn end(result: &Result<Added>) -> Self {
        match result {
            Ok(a) => {
                Self::End { stage: "end", state: if a.known { "known" } else { "added" }, document: a.document.clone() }
            }
            Err(p) => Self::Failed { stage: "end", state: "failed", problem: p.clone() },
        }
    }
}

type Answer = std::sync::mpsc::Sender<Result<Fate>>;

/// A document on its way to the writer, and who waits for it.
struct Parcel {
    entry: Entry,
    committed: Answer,
    traced: std::sync::mpsc::Sender<()>,
}

/// Reads and adds.
pub struct Adding {
    engine: Arc<Engine>,
    location: Location,
    sources: Sources,
    readers: assembly::Pool,
    writer: SyncSender<Parcel>,
}

/// Tells of progress; nobody may be listening.
pub type Tell<'a> = dyn FnMut(Progress) + 'a;

fn unprocessable(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
}

impl Adding {
    /// Starts the writing thread.
    pub fn start(
        location: &Location,
        engine: &Arc<Engine>,
        version: &Version,
        board: &Arc<Board>,
        across: &Arc<Across>,
        allow_private: bool,
    ) -> Self {
        let (send, receive) = sync_channel(WAITING);
        let (place, version) = (location.clone(), version.clone());
        let (board, across) = (Arc::clone(board), Arc::clone(across));
        let write = move || write(&receive, &place, &version, &board, &across);
        if let Err(e) = std::thread::Builder::new().name("writer".into()).spawn(write) {
            tracing::error!("the writing thread cannot be started: {e}");
        }
        let rules = Rules { allow_private, patience: Duration::from_secs(20), retries: 1, ..Rules::default() };
        Self {
            engine: Arc::clone(engine),
            location: location.clone(),
            sources: Sources::new(None, false, rules),
            readers: assembly::Pool::new(Arc::clone(engine)),
            writer: send,
        }
    }

    /// What a caller gives, as a document.
    pub fn document(new: NewDocument) -> Result<Document> {
        let given = |s: Option<String>| s.filter(|s| !s.trim().is_empty());
        let text = given(new.text).ok_or_else(|| unprocessable("text must be there"))?;
        let published = given(new.published);
        if let Some(p) = &published
            && (p.len() > 40 || crate::index::moment(p).is_none())
        {
            return Err(unprocessable("published must be a date like 2020-05-27 or 2020-05-27T09:00:00Z"));
        }
        Ok(Document {
            title: given(new.title),
            text,
            published,
            outlet: given(new.outlet),
            url: given(new.url).map(|u| address(&u)).transpose()?.map(|u| u.to_string()),
            ..Document::default()
        })
    }

    /// What reads.
    pub fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.engine)
    }

    fn with_reader<T>(&self, document: &Document, work: impl FnOnce(&mut Reader, &Document) -> T) -> Result<T> {
        self.readers.lend().with(document, work).map_err(|e| Problem::fault(&e))
    }

    /// Reads a document and keeps nothing.
    pub fn read(&self, document: &Document) -> Result<(model::Reading, f64)> {
        let begun = Instant::now();
        let reading = self.with_reader(document, Reader::read)?;
        Ok((reading, milliseconds(begun)))
    }

    /// Adds a document: fetched where it has only an address. Comes back after the commit and the trace.
    pub fn add(&self, new: NewDocument, tell: &mut Tell<'_>) -> Result<Added> {
        let has = |s: &Option<String>| s.as_ref().is_some_and(|s| !s.trim().is_empty());
        let (document, raw) = match (has(&new.text), has(&new.url)) {
            (true, _) => (Self::document(new)?, None),
            (false, true) => self.fetched(new, tell)?,
            (false, false) => return Err(unprocessable("text or url must be there")),
        };
        let id = DocumentId::of(&document);
        let mut ledger = Ledger::open(&self.location)?;
        let entry = if ledger.holds(id)? {
            Entry::seen(id, &document, raw)
        } else {
            let read = stage("read", tell, |_| {
                let (read, events) = self.with_reader(&document, |r, d| {
                    let reading = r.read(d);
                    let events = reading.events.len();
                    (Read::new(d, &reading, Shadow::of(r, d)), events)
                })?;
                Ok((read, Some(format!("{events} claims"))))
            })?;
            Entry::new(id, &document, read, raw)
        };
        drop(ledger);
        let (committed, answer) = std::sync::mpsc::channel();
        let (traced, done) = std::sync::mpsc::channel();
        let parcel = Parcel { entry, committed, traced };
        let fate = stage("store", tell, |_| {
            self.writer.try_send(parcel).map_err(|e| match e {
                TrySendError::Full(_) => Problem::busy("too many documents wait to be written; try again in a moment"),
                TrySendError::Disconnected(_) => Problem::fault(&"the writing thread is gone"),
            })?;
            let fate =
                answer.recv().unwrap_or_else(|_| Err(Problem::fault(&"the writing thread dropped a document")))?;
            Ok((fate, None))
        })?;
        // committed: from here on nothing is lost, whatever becomes of the trace
        let _ = stage("trace", tell, |_| {
            let _ = done.recv_timeout(Duration::from_secs(20));
            Ok(((), None))
        });
        Ok(Added { document: id.to_string(), known: fate != Fate::Added })
    }

    fn fetched(&self, new: NewDocument, tell: &mut Tell<'_>) -> Result<(Document, Option<[u8; 32]>)> {
        let url = address(new.url.as_deref().unwrap_or_default())?;
        let page = stage("fetch", tell, |_| {
            let page = self.sources.client().get(&url).map_err(|e| unprocessable(format!("{e}")))?;
            let bytes = page.body.len();
            Ok((page, Some(format!("{bytes} bytes"))))
        })?;
        stage("extract", tell, |_| {
            let mut found = None;
            self.sources.fetched(url.as_str(), page, &mut |item| {
                found = Some(item);
                false
            });
            let item = found.ok_or_else(|| unprocessable("there is no article at this address"))?;
            let prepared = item.and_then(|i| i.prepare(None)).map_err(|skip| unprocessable(skip.to_string()))?;
            let mut document = prepared.document;
            if document.text.trim().is_empty() {
                return Err(unprocessable("there is no text at this address"));
            }
            // what the caller knows better
            let given = |s: Option<String>| s.filter(|s| !s.trim().is_empty());
            document.title = given(new.title.clone()).or(document.title);
            document.outlet = given(new.outlet.clone()).or(document.outlet);
            document.published = given(new.published.clone()).or(document.published);
            let title = document.title.clone();
            Ok(((document, Some(prepared.raw_hash)), title))
        })
    }
}

fn address(text: &str) -> Result<url::Url> {
    let url = url::Url::parse(text.trim()).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    url.ok_or_else(|| unprocessable("url must be an http or https address"))
}

fn milliseconds(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 1e5).round() / 100.0
}

fn stage<T>(
    name: &'static str,
    tell: &mut Tell<'_>,
    work: impl FnOnce(&mut Tell<'_>) -> Result<(T, Option<String>)>,
) -> Result<T> {
    tell(Progress::Stage { stage: name, state: "begun", milliseconds: None, detail: None });
    let begun = Instant::now();
    let (out, detail) = work(tell)?;
    tell(Progress::Stage { stage: name, state: "done", milliseconds: Some(milliseconds(begun)), detail });
    Ok(out)
}

/// Writes what comes, in batches. The ledger is opened for each, so that other programs can write between them.
fn write(receive: &Receiver<Parcel>, location: &Location, version: &Version, board: &Board, across: &Across) {
    while let Ok(first) = receive.recv() {
        let mut parcels = vec![first];
        while parcels.len() < BATCH
            && let Ok(more) = receive.try_recv()
        {
            parcels.push(more);
        }
        let (mut entries, mut waiting) = (Vec::new(), Vec::new());
        for p in parcels {
            entries.push(p.entry);
            waiting.push((p.committed, p.traced));
        }
        let written = commit(location, version, entries).map(|(writer, fates)| {
            for ((committed, _), fate) in waiting.iter().zip(fates) {
                let _ = committed.send(Ok(fate));
            }
            writer
        });
        let mut writer = match written {
            Ok(writer) => writer,
            Err(problem) => {
                for (committed, _) in &waiting {
                    let _ = committed.send(Err(problem.clone()));
                }
                continue;
            }
        };
        // what waits longer is the follower's
        let caught_up = across.some(&mut writer).map_err(Problem::from);
        drop(writer);
        let caught_up = caught_up
            .and_then(|_| Ok(Ledger::open(location)?))
            .and_then(|mut l| board.catch_up(&mut l, &AtomicBool::new(false)));
        if let Err(p) = caught_up {
            tracing::error!("what was added could not be taken in: {:?}", p.detail);
        }
        for (_, traced) in waiting {
            let _ = traced.send(());
        }
    }
}

fn commit(location: &Location, version: &Version, entries: Vec<Entry>) -> Result<(Writer, Vec<Fate>)> {
    let mut waiting = |who: &str| tracing::info!("the ledger is being written by {who}; waiting up to {WAIT} s");
    let mut writer = Writer::open(location, version, WriteOptions { wait: WAIT, waiting: &mut waiting })?;
    let fates = writer.add(entries)?;
    Ok((writer, fates))
}
