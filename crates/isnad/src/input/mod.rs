//! Inputs: files, folders and standard input become [`Item`]s, in order, one an article; an item becomes a document.
//!
//! Taking items apart is left to the workers, so that one core is not kept busy with what all can do.

mod detect;
mod encoding;
mod html;
mod json;
mod text;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use flate2::bufread::MultiGzDecoder;
use model::Document;

use crate::error::{InputError, InputFault};
use crate::progress::Counter;

pub use detect::Format;
pub use json::parse_date;

/// The most bytes that are taken as one article.
pub const MOST: usize = 512 << 20;

/// One article as it was found, not yet taken apart.
#[derive(Debug)]
pub struct Item {
    /// File, and line or item in it, for messages.
    pub place: String,
    /// Its id if it brings none.
    pub id: String,
    /// What was found.
    pub raw: Raw,
}

/// What was found.
#[derive(Debug)]
pub enum Raw {
    /// A JSON object.
    Record(Vec<u8>),
    /// A plain text, with its meta file if there is one.
    Text(Vec<u8>, Option<Vec<u8>>),
    /// A web page, with its meta file if there is one.
    Html(Vec<u8>, Option<Vec<u8>>),
}

/// A document ready to be read.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The document.
    pub document: Document,
    /// What a user should know about how it was taken.
    pub notes: Vec<String>,
    /// Whether its text was taken out of a page, so that offsets refer to a text that the user has not seen.
    pub extracted: bool,
}

impl Item {
    /// Bytes held.
    pub fn len(&self) -> usize {
        match &self.raw {
            Raw::Record(b) | Raw::Text(b, _) | Raw::Html(b, _) => b.len(),
        }
    }

    /// Takes the item apart. `published` is the user's date, which goes before the item's own.
    pub fn prepare(self, published: Option<&str>) -> Result<Prepared, InputError> {
        let Self { place, id, raw } = self;
        let result = match raw {
            Raw::Record(bytes) => json::document(bytes, id),
            Raw::Text(bytes, meta) => text::document(bytes, meta.as_deref(), id),
            Raw::Html(bytes, meta) => html::document(bytes, meta.as_deref(), id),
        };
        let mut prepared = result.map_err(|fault| fault.at(place))?;
        if let Some(date) = published {
            prepared.document.published = Some(date.to_string());
        } else if let Some(date) = &prepared.document.published
            && json::parse_date(date).is_none()
        {
            prepared
                .notes
                .push(format!("\"published\" is {date:?}, not a date like 2020-05-27; relative times stay open"));
        }
        encoding::remark(&prepared.document, &mut prepared.notes);
        Ok(prepared)
    }
}

/// What the items of all inputs are given to; false says that no more are wanted.
pub type Sink<'a> = dyn FnMut(Result<Item, InputError>) -> bool + 'a;

/// One input, found but not yet opened.
#[derive(Debug)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// Something named that is not there.
    Missing(PathBuf, InputFault),
}

/// Finds the files behind the names given: folders recursively, in the order of their paths; nothing means standard input.
pub fn find(names: &[PathBuf]) -> Vec<Input> {
    if names.is_empty() {
        return vec![Input::Stdin];
    }
    let mut out = Vec::new();
    for name in names {
        if name.as_os_str() == "-" {
            out.push(Input::Stdin);
            continue;
        }
        match std::fs::metadata(name) {
            Err(e) => out.push(Input::Missing(name.clone(), InputFault::Io(e))),
            Ok(m) if m.is_dir() => {
                let before = out.len();
                folder(name, &mut out);
                if out.len() == before {
                    out.push(Input::Missing(name.clone(), InputFault::EmptyFolder));
                }
            }
            Ok(_) => out.push(Input::File(name.clone())),
        }
    }
    out
}

fn folder(dir: &Path, out: &mut Vec<Input>) {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) => {
            out.push(Input::Missing(dir.to_path_buf(), InputFault::Io(e)));
            return;
        }
    };
    let mut paths: Vec<(PathBuf, bool)> = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // links to files are followed, links to folders are not: they may go round in circles
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            paths.push((path, true));
        } else if path.is_file() && detect::by_name(&path).is_some() {
            paths.push((path, false));
        }
    }
    paths.sort();
    let articles: std::collections::HashSet<PathBuf> = paths
        .iter()
        .filter(|(p, _)| matches!(detect::by_name(p), Some(Format::Text | Format::Html)))
        .map(|(p, _)| dir.join(detect::stem(p)))
        .collect();
    for (path, is_dir) in paths {
        if is_dir {
            folder(&path, out);
        } else if !is_companion(&path, &articles) {
            out.push(Input::File(path));
        }
    }
}

/// Whether a JSON file only accompanies an article: `ID.meta.json`, `ID.gold.json` beside `ID.txt`.
fn is_companion(path: &Path, articles: &std::collections::HashSet<PathBuf>) -> bool {
    if !matches!(detect::by_name(path), Some(Format::Json)) {
        return false;
    }
    let stem = detect::stem(path);
    stem.rsplit_once('.').is_some_and(|(id, what)| what == "meta" || articles.contains(&path.with_file_name(id)))
}

/// The bytes of all files, where they can be told beforehand.
pub fn total(inputs: &[Input]) -> Option<u64> {
    inputs
        .iter()
        .map(|i| match i {
            Input::Stdin => None,
            Input::File(p) => std::fs::metadata(p).ok().map(|m| m.len()),
            Input::Missing(..) => Some(0),
        })
        .sum()
}

/// Opens the inputs one after the other and gives every item of them to `sink`.
pub fn each(inputs: Vec<Input>, counter: &Counter, sink: &mut Sink<'_>) {
    for input in inputs {
        let more = match input {
            Input::Stdin => {
                let stdin = Counting { inner: io::stdin().lock(), counter: Counter::clone(counter) };
                open(BufReader::with_capacity(1 << 16, stdin), "standard input", "stdin", None, None, sink)
            }
            Input::Missing(path, fault) => sink(Err(fault.at(path.display().to_string()))),
            Input::File(path) => {
                let place = path.display().to_string();
                match File::open(&path) {
                    Err(e) => sink(Err(InputFault::Io(e).at(place))),
                    Ok(file) => {
                        let file = Counting { inner: file, counter: Counter::clone(counter) };
                        let stem = detect::stem(&path);
                        let meta = std::fs::read(path.with_file_name(format!("{stem}.meta.json"))).ok();
                        let reader = BufReader::with_capacity(1 << 16, file);
                        open(reader, &place, &stem, detect::by_name(&path), meta, sink)
                    }
                }
            }
        };
        if !more {
            return;
        }
    }
}

fn open(
    mut reader: impl BufRead,
    place: &str,
    stem: &str,
    format: Option<Format>,
    meta: Option<Vec<u8>>,
    sink: &mut Sink<'_>,
) -> bool {
    let head = match detect::peek(&mut reader) {
        Ok(head) => head,
        Err(e) => return sink(Err(InputFault::Io(e).at(place))),
    };
    let zipped = head.starts_with(&[0x1f, 0x8b]);
    let raw = io::Cursor::new(head).chain(reader);
    if !zipped {
        return items(raw, place, stem, format, meta, sink);
    }
    // a reader that keeps its errors, to tell damaged compression from a damaged disk
    let unzipped = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(raw));
    items(unzipped, place, stem, format, meta, sink)
}

fn items(
    mut reader: impl BufRead,
    place: &str,
    stem: &str,
    format: Option<Format>,
    meta: Option<Vec<u8>>,
    sink: &mut Sink<'_>,
) -> bool {
    let head = match detect::peek(&mut reader) {
        Ok(head) => head,
        Err(e) => return sink(Err(fault_of(e).at(place))),
    };
    let format = format.unwrap_or_else(|| detect::by_content(&head));
    let wide = encoding::is_wide(&head);
    let mut reader = io::Cursor::new(head).chain(reader);
    match format {
        Format::Text | Format::Html => {
            let mut bytes = Vec::new();
            if let Err(fault) = read_whole(&mut reader, &mut bytes) {
                return sink(Err(fault.at(place)));
            }
            let raw = if format == Format::Text { Raw::Text(bytes, meta) } else { Raw::Html(bytes, meta) };
            sink(Ok(Item { place: place.into(), id: stem.into(), raw }))
        }
        Format::Json | Format::JsonLines if wide => {
            let mut bytes = Vec::new();
            if let Err(fault) = read_whole(&mut reader, &mut bytes) {
                return sink(Err(fault.at(place)));
            }
            let (text, _) = encoding::wide(&bytes);
            json::records(io::Cursor::new(text.into_bytes()), format == Format::JsonLines, place, stem, sink)
        }
        Format::Json | Format::JsonLines => json::records(reader, format == Format::JsonLines, place, stem, sink),
    }
}

fn read_whole(reader: &mut impl Read, bytes: &mut Vec<u8>) -> Result<(), InputFault> {
    reader.take(MOST as u64 + 1).read_to_end(bytes).map_err(fault_of)?;
    if bytes.len() > MOST { Err(InputFault::TooLarge) } else { Ok(()) }
}

/// Damage in compressed data has other words than a fault of the disk.
fn fault_of(e: io::Error) -> InputFault {
    match e.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => InputFault::Gzip(e),
        _ => InputFault::Io(e),
    }
}

/// A reader that counts what passes.
struct Counting<R> {
    inner: R,
    counter: Counter,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.counter.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// What a meta file beside an article can say.
#[derive(Default, serde::Deserialize)]
struct Meta {
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    outlet: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

impl Meta {
    /// Puts what the meta file says into the document, before what was found elsewhere.
    fn apply(bytes: Option<&[u8]>, prepared: &mut Prepared) {
        let Some(bytes) = bytes else { return };
        match serde_json::from_slice::<Self>(bytes) {
            Ok(meta) => {
                let d = &mut prepared.document;
                d.published = meta.published.or(d.published.take());
                d.outlet = meta.outlet.or(d.outlet.take());
                d.url = meta.url.or(d.url.take());
            }
            Err(e) => {
                prepared.notes.push(format!("its meta file is not JSON of the expected form and was not used ({e})"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(dir: &Path) -> Vec<String> {
        let mut out = Vec::new();
        each(find(&[dir.to_path_buf()]), &Counter::default(), &mut |item| {
            out.push(match item {
                Ok(i) => i.id,
                Err(e) => format!("! {}", e.fault),
            });
            true
        });
        out
    }

    #[test]
    fn folders_are_read_in_order_without_companions() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("b.txt", "نص");
        write("a.v2.txt", "نص");
        write("a.v2.meta.json", "{}");
        write("b.gold.json", "{}");
        write("deep/c.jsonl", "{\"id\":\"x\",\"text\":\"نص\"}\n\n{\"id\":\"y\",\"text\":\"نص\"}\n");
        write("notes.md", "#");
        write(".hidden.txt", "نص");
        assert_eq!(all(dir.path()), ["a.v2", "b", "c-1", "c-3"]);
    }

    #[test]
    fn an_empty_folder_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(all(dir.path())[0].starts_with("! holds no article"));
    }
}
