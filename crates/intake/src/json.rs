//! JSON, JSON arrays and JSON Lines: the input cut into records without building it whole, and records made documents.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use model::{Document, SourceKind};
use serde::Deserialize;

use crate::fault::{Fault, Skip};
use crate::{Item, MOST, Prepared, Raw, Sink, Spot, encoding};

/// An id, which some write as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    id: Option<Id>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    outlet: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    author: Option<serde_json::Value>,
    #[serde(default)]
    language: Option<serde_json::Value>,
}

/// The document of a JSON object; `id` is used if it has none.
pub fn document(bytes: Vec<u8>, id: String) -> Result<Prepared, Fault> {
    let mut notes = Vec::new();
    let mut encoding = "UTF-8";
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => {
            let decoded = encoding::decode(e.into_bytes())?;
            notes.extend(decoded.notes);
            encoding = decoded.encoding;
            decoded.text
        }
    };
    let (json, lone) = without_lone_surrogates(&text);
    if lone > 0 {
        notes.push(format!("{lone} lone surrogates, each read as U+FFFD"));
    }
    let record: Record = serde_json::from_str(&json).map_err(|e| Fault::Json(e.to_string()))?;
    let document = Document {
        id: match record.id {
            Some(Id::Text(t)) => t,
            Some(Id::Number(n)) => n.to_string(),
            None => id,
        },
        // an empty title is none: offsets run over the text alone
        title: record.title.filter(|t| !t.is_empty()),
        text: record.text.ok_or(Fault::NoText)?,
        published: record.published.filter(|p| !p.is_empty()),
        outlet: record.outlet,
        url: record.url,
        author: string(record.author),
        language: string(record.language),
        encoding: Some(encoding.into()),
        source: None,
    };
    Ok(Prepared::new(document, notes))
}

/// A string, or several of them; other forms say nothing that is known here.
fn string(value: Option<serde_json::Value>) -> Option<String> {
    match value? {
        serde_json::Value::String(s) => Some(s),
        serde_json::Value::Array(items) => {
            let names: Vec<&str> = items.iter().filter_map(|v| v.as_str()).collect();
            Some(names.join(", "))
        }
        _ => None,
    }
    .filter(|s| !s.is_empty())
}

/// Escapes that stand for half a character (`\ud800` without its other half) made whole: U+FFFD, one code point each.
fn without_lone_surrogates(json: &str) -> (Cow<'_, str>, usize) {
    let bytes = json.as_bytes();
    let unit = |at: usize| -> Option<u32> {
        let hex = bytes.get(at..at + 6).filter(|b| b.starts_with(b"\\u"))?;
        u32::from_str_radix(std::str::from_utf8(&hex[2..]).ok()?, 16).ok()
    };
    let (mut out, mut copied, mut lone, mut at) = (String::new(), 0, 0, 0);
    while let Some(found) = bytes[at..].iter().position(|b| *b == b'\\') {
        at += found;
        match unit(at) {
            Some(0xd800..=0xdbff) if unit(at + 6).is_some_and(|u| (0xdc00..=0xdfff).contains(&u)) => at += 12,
            Some(0xd800..=0xdfff) => {
                out.push_str(&json[copied..at]);
                out.push_str("\\ufffd");
                lone += 1;
                at += 6;
                copied = at;
            }
            _ => at = (at + 2).min(bytes.len()),
        }
    }
    if lone == 0 {
        return (json.into(), 0);
    }
    out.push_str(&json[copied..]);
    (out.into(), lone)
}

/// Cuts the input into records: line by line, or wherever an object ends.
pub fn records(reader: impl BufRead, lines: bool, path: &str, place: &str, stem: &str, sink: &mut Sink<'_>) -> bool {
    let cut = Cut { path, place, stem };
    if lines { cut.by_line(reader, sink) } else { cut.by_object(reader, sink) }
}

/// What is being cut.
struct Cut<'a> {
    path: &'a str,
    place: &'a str,
    stem: &'a str,
}

impl Cut<'_> {
    fn spot(&self, item: u64, place: String) -> Spot {
        Spot { path: self.path.to_string(), kind: SourceKind::Json, item, place }
    }

    fn whole(&self, fault: Fault) -> Skip {
        Skip { path: self.path.to_string(), item: None, place: self.place.to_string(), fault }
    }

    fn by_line(&self, mut reader: impl BufRead, sink: &mut Sink<'_>) -> bool {
        let (place, stem) = (self.place, self.stem);
        let mut number = 0;
        loop {
            number += 1;
            let spot = || self.spot(number - 1, format!("{place}, line {number}"));
            let mut line = Vec::new();
            match (&mut reader).take(MOST as u64).read_until(b'\n', &mut line) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(e) => return sink(Err(spot().skip(Fault::from(e)))),
            }
            if line.len() >= MOST && !line.ends_with(b"\n") {
                if !sink(Err(spot().skip(Fault::TooLarge(MOST)))) {
                    return false;
                }
                if skip_line(&mut reader).is_err() {
                    return true;
                }
                continue;
            }
            if number == 1 && line.starts_with("\u{feff}".as_bytes()) {
                line.drain(..3);
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let item = Item { spot: spot(), id: format!("{stem}-{number}"), raw: Raw::Record(line) };
            if !sink(Ok(item)) {
                return false;
            }
        }
    }
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|b| *b == b'\n');
        let n = end.map_or(buffer.len(), |i| i + 1);
        reader.consume(n);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// What the cutter is in the middle of.
#[derive(Default, PartialEq)]
enum Within {
    /// Nothing: between records.
    #[default]
    Between,
    /// An object.
    Object,
    /// A string of an object.
    String,
    /// A string, right behind a backslash.
    Escape,
    /// Something that is not an object.
    Stray,
}

/// Cuts objects out of a stream of bytes.
#[derive(Default)]
struct Cutter {
    record: Vec<u8>,
    depth: usize,
    within: Within,
    array: bool,
    count: usize,
}

impl Cutter {
    /// Takes one byte; true when a record (or a stray value) is complete.
    fn take(&mut self, b: u8) -> bool {
        match (&self.within, b) {
            (Within::Between, b'{') => {
                self.depth = 1;
                self.within = Within::Object;
            }
            (Within::Between, b'[') => {
                self.array = true;
                return false;
            }
            (Within::Between, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | 0xef | 0xbb | 0xbf) => return false,
            (Within::Between, _) => self.within = Within::Stray,
            (Within::Stray, b',' | b']' | b'\n') => return true,
            (Within::Object, b'"') | (Within::Escape, _) => self.within = Within::String,
            (Within::Object, b'{' | b'[') => self.depth += 1,
            (Within::Object, b'}' | b']') => self.depth -= 1,
            (Within::String, b'\\') => self.within = Within::Escape,
            (Within::String, b'"') => self.within = Within::Object,
            (Within::Stray | Within::Object | Within::String, _) => {}
        }
        self.record.push(b);
        self.within == Within::Object && self.depth == 0
    }

    fn finish(&mut self, cut: &Cut<'_>) -> Result<Item, Skip> {
        let (place, stem) = (cut.place, cut.stem);
        self.count += 1;
        let single = self.count == 1 && !self.array;
        let here = if single { place.to_string() } else { format!("{place}, item {}", self.count) };
        let spot = cut.spot(self.count as u64 - 1, here);
        let record = std::mem::take(&mut self.record);
        if std::mem::take(&mut self.within) == Within::Stray {
            let text: String = String::from_utf8_lossy(&record).trim().chars().take(40).collect();
            return Err(spot.skip(Fault::Json(format!("found {text:?} where an object was expected"))));
        }
        let id = if single { stem.to_string() } else { format!("{stem}-{}", self.count) };
        Ok(Item { spot, id, raw: Raw::Record(record) })
    }
}

impl Cut<'_> {
    fn by_object(&self, mut reader: impl BufRead, sink: &mut Sink<'_>) -> bool {
        let place = self.place;
        let mut cutter = Cutter::default();
        loop {
            let buffer = match reader.fill_buf() {
                Ok(b) => b,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return sink(Err(self.whole(Fault::from(e)))),
            };
            if buffer.is_empty() {
                break;
            }
            let n = buffer.len();
            let mut more = true;
            for b in buffer {
                if cutter.take(*b) && more {
                    more = sink(cutter.finish(self));
                }
            }
            reader.consume(n);
            if !more {
                return false;
            }
            if cutter.record.len() > MOST {
                return sink(Err(self.whole(Fault::TooLarge(MOST))));
            }
        }
        if cutter.within == Within::Stray {
            return sink(cutter.finish(self));
        }
        if cutter.within != Within::Between {
            let at = format!("{place}, item {}", cutter.count + 1);
            let fault = Fault::Json("the last object is cut short or a quotation mark is missing".into());
            return sink(Err(self.spot(cutter.count as u64, at).skip(fault)));
        }
        if cutter.count == 0 && !cutter.array {
            return sink(Err(self.whole(Fault::Json("it is empty".into()))));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, lines: bool) -> Vec<String> {
        let mut out = Vec::new();
        records(io::Cursor::new(text), lines, "f", "f", "f", &mut |item| {
            out.push(match item {
                Ok(i) => match i.raw {
                    Raw::Record(r) => format!("{} {}", i.id, String::from_utf8(r).unwrap().trim()),
                    _ => unreachable!(),
                },
                Err(e) => format!("! {}", e.place),
            });
            true
        });
        out
    }

    #[test]
    fn objects_are_cut_from_arrays_and_from_running_text() {
        assert_eq!(cut(r#"[{"a":"}]\""},{"b":[1,{}]}]"#, false), [r#"f-1 {"a":"}]\""}"#, r#"f-2 {"b":[1,{}]}"#]);
        assert_eq!(cut("{\"a\":1}\n{\"b\":\n2}", false), ["f {\"a\":1}", "f-2 {\"b\":\n2}"]);
        assert_eq!(cut("[]", false), Vec::<String>::new());
        assert_eq!(cut("[1, {\"a\":2}, \"x\"]", false), ["! f, item 1", "f-2 {\"a\":2}", "! f, item 3"]);
        assert_eq!(cut("{\"a\":1", false), ["! f, item 1"]);
        assert_eq!(cut("", false), ["! f"]);
    }

    #[test]
    fn a_bad_line_spoils_no_other() {
        let got = cut("\u{feff}{\"a\":1}\r\n\n{\"b\n{\"c\":3}", true);
        assert_eq!(got, ["f-1 {\"a\":1}", "f-3 {\"b", "f-4 {\"c\":3}"]);
    }

    #[test]
    fn lone_surrogates_become_one_code_point() {
        let read = |json: &str| document(json.as_bytes().to_vec(), "f".into());
        let p = read(r#"{"id": 7, "title": "", "text": "أ\ud800ب\\ud800\ud83d\ude00\udc00\"", "x": {"deep": [1]}}"#)
            .unwrap();
        assert_eq!(p.document.id, "7");
        assert_eq!(p.document.title, None);
        assert_eq!(p.document.text, "أ\u{fffd}ب\\ud800😀\u{fffd}\"");
        assert_eq!(p.notes, ["2 lone surrogates, each read as U+FFFD"]);
        assert!(matches!(read("{\"text\": 5}"), Err(Fault::Json(_))));
        assert!(matches!(read("{\"text\": null}"), Err(Fault::NoText)));
        assert!(matches!(read("{\"text\": \"\\u12\"}"), Err(Fault::Json(_))));
        assert!(matches!(read("{\"text\": \"\\"), Err(Fault::Json(_))));
    }
}
