//! Exports, written as they are sent: in memory of a few rows, however long.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use export::{Export, Format, Graph, Provenance, Record, Settings};
use ledger::Ledger;
use reader::Reader;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::app::{App, Asked, Shared};
use crate::board::What;
use crate::desk::Desk;
use crate::problem::{Problem, Result};
use crate::query::{Filter, Query};
use crate::show::Look;

/// Rows shown at once.
const ROWS: usize = 200;

/// Goes to whoever asked, in pieces; a caller that is gone ends the export.
struct Outward {
    piece: Vec<u8>,
    send: Option<mpsc::Sender<io::Result<Bytes>>>,
}

impl Write for Outward {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.send.is_some() {
            self.piece.extend_from_slice(bytes);
            if self.piece.len() >= 32 << 10 {
                self.flush()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let piece = std::mem::take(&mut self.piece);
        match &self.send {
            Some(send) if !piece.is_empty() => send
                .blocking_send(Ok(piece.into()))
                .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the caller is gone")),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Jsonl,
    /// A table of our rows.
    Csv,
    /// Points of happenings.
    Points,
    /// A form of the exports of claims.
    Claims(Format),
}

/// What there is to export, and all forms.
const WHAT: [&str; 7] = ["happenings", "events", "statements", "transfers", "documents", "actors", "outlets"];
const FORMATS: [&str; 7] = ["jsonl", "csv", "plover", "parquet", "geojson", "jsonld", "graphml"];

/// What this program exports, and in which forms.
pub fn offered() -> BTreeMap<String, Vec<String>> {
    let forms = |what| FORMATS.iter().filter(move |f| form(what, f).is_ok()).map(ToString::to_string);
    WHAT.iter().map(|what| ((*what).to_string(), forms(what).collect())).collect()
}

fn form(what: &str, format: &str) -> Result<Form> {
    let refuse = |detail: String| Err(Problem::parameter("format", detail));
    Ok(match (what, format) {
        (_, "jsonl") => Form::Jsonl,
        ("events", "plover") => Form::Claims(Format::Plover),
        ("events", "csv") => Form::Claims(Format::Csv),
        ("events", "parquet") if cfg!(feature = "parquet") => Form::Claims(Format::Parquet),
        ("events", "parquet") => {
            return refuse("this program was built without Parquet: build it with --features parquet".into());
        }
        ("events", "geojson") => Form::Claims(Format::GeoJson),
        ("events", "jsonld") => Form::Claims(Format::JsonLd),
        ("happenings" | "actors", "graphml") => Form::Claims(Format::GraphMl),
        ("happenings", "geojson") => Form::Points,
        (_, "csv") => Form::Csv,
        (_, "plover" | "parquet" | "geojson" | "jsonld" | "graphml") => {
            return refuse(format!("{format} makes no sense for {what}; jsonl and csv hold everything"));
        }
        _ => return refuse("must be jsonl, plover, csv, parquet, geojson, jsonld or graphml".into()),
    })
}

/// The answer to an export.
pub fn export(app: Shared, query: &Query) -> Result<Response> {
    let name = query.required("what")?.to_string();
    let what = match name.as_str() {
        "happenings" => What::Happenings,
        "events" => What::Claims,
        "statements" => What::Statements,
        "transfers" => What::Transfers,
        "documents" => What::Documents,
        "actors" => What::Actors,
        "outlets" => What::Outlets,
        _ => {
            return Err(Problem::parameter(
                "what",
                "must be happenings, events, statements, transfers, documents, actors or outlets",
            ));
        }
    };
    let format = query.required("format")?.to_string();
    let form = form(&name, &format)?;
    let mut asked = Asked::of(what, Filter::read(query)?);
    if let Some(sort) = query.one("sort")? {
        asked.sort = sort.to_string();
    }
    drop(app.board.index()?);
    let permit = Arc::clone(&app.exports)
        .try_acquire_owned()
        .map_err(|_| Problem::busy("too many exports run; try again in a moment"))?;
    let (media, ending) = match format.as_str() {
        "csv" => ("text/csv; charset=utf-8", "csv"),
        "geojson" => ("application/geo+json", "geojson"),
        "jsonld" => ("application/ld+json", "jsonld"),
        "graphml" => ("application/graphml+xml", "graphml"),
        "parquet" => ("application/vnd.apache.parquet", "parquet"),
        _ => ("application/x-ndjson", "jsonl"),
    };
    let (send, receive) = mpsc::channel(4);
    let work = move || {
        let _permit = permit;
        let mut out = Outward { piece: Vec::new(), send: Some(send.clone()) };
        let done = Ledger::open(&app.location).map_err(Problem::from).and_then(|ledger| {
            let mut desk = Desk { ledger, reader: Reader::new(&app.adding.engine()) };
            write(&app, &mut desk, &asked, &name, form, out.take())
        });
        match done {
            Ok(()) => {}
            Err(p) => {
                tracing::warn!("an export ended early: {}", p.detail.unwrap_or_default());
                // the body ends in an error: what came is not whole, and must not be taken for it
                let _ = send.blocking_send(Err(io::Error::other("the export could not go on")));
            }
        }
    };
    std::thread::Builder::new().name("export".into()).spawn(work).map_err(|e| Problem::fault(&e))?;
    let place = format!("attachment; filename=\"isnad-{}.{ending}\"", query.required("what")?);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&place).map_err(|e| Problem::fault(&e))?),
    ];
    Ok((headers, Body::from_stream(ReceiverStream::new(receive))).into_response())
}

impl Outward {
    fn take(&mut self) -> Self {
        Self { piece: std::mem::take(&mut self.piece), send: self.send.take() }
    }
}

fn fault(e: impl std::fmt::Display) -> Problem {
    Problem::fault(&e)
}

fn write(app: &App, desk: &mut Desk, asked: &Asked, what: &str, form: Form, mut out: Outward) -> Result<()> {
    if let Form::Claims(format) = form {
        return claims(app, desk, asked, what, format, out);
    }
    // the order is taken once; the index is let go between pages, so that adds are not held up
    let order = app.order(desk, asked, |_, order, counted| Ok((Arc::clone(order), counted.map(Arc::clone))))?;
    let columns = columns(what);
    let mut table = (form == Form::Csv).then(String::new);
    if let Some(line) = &mut table {
        cells(line, columns.iter().map(|c| c.0.to_string()));
        out.write_all(line.as_bytes()).map_err(fault)?;
    }
    if form == Form::Points {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(fault)?;
    }
    let mut first = true;
    for rows in order.0.chunks(ROWS) {
        let index = app.board.index()?;
        let look = Look { board: &app.board, index: &index, ledger: &mut desk.ledger };
        let values = values(look, asked.what, rows, order.1.as_ref().map(|c| c.as_slice()))?;
        drop(index);
        for value in values {
            match form {
                Form::Csv => {
                    let mut line = String::new();
                    cells(&mut line, columns.iter().map(|c| flat(value.pointer(c.1).unwrap_or(&Value::Null))));
                    out.write_all(line.as_bytes()).map_err(fault)?;
                }
                Form::Points => {
                    for feature in features(&value) {
                        if !std::mem::take(&mut first) {
                            out.write_all(b",").map_err(fault)?;
                        }
                        serde_json::to_writer(&mut out, &feature).map_err(fault)?;
                    }
                }
                _ => {
                    serde_json::to_writer(&mut out, &value).map_err(fault)?;
                    out.write_all(b"\n").map_err(fault)?;
                }
            }
        }
    }
    if form == Form::Points {
        out.write_all(b"]}\n").map_err(fault)?;
    }
    out.flush().map_err(fault)
}

fn values(mut look: Look<'_>, what: What, rows: &[u32], counted: Option<&[u32]>) -> Result<Vec<Value>> {
    fn all<T: serde::Serialize>(rows: Vec<T>) -> Result<Vec<Value>> {
        rows.iter().map(|r| serde_json::to_value(r).map_err(fault)).collect()
    }
    match what {
        What::Documents => all(look.documents(rows)?),
        What::Claims => all(look.claims(rows)?),
        What::Statements => all(look.statements(rows)?),
        What::Happenings => all(look.happenings(rows)),
        What::Stories => all(look.stories(rows)?),
        What::Transfers => all(look.transfers(rows)),
        What::Actors => all(look.actors(rows, counted)),
        What::Outlets => all(look.outlets(rows, counted)),
    }
}

/// Events in the forms of the export crate: only those that fit, article after article.
fn claims(app: &App, desk: &mut Desk, asked: &Asked, what: &str, format: Format, out: Outward) -> Result<()> {
    let graph = if what == "happenings" { Graph::Chains } else { Graph::Actors };
    let version = &app.version;
    let settings = Settings {
        graph,
        made_with: Provenance {
            program: concat!("isnad ", env!("CARGO_PKG_VERSION")).into(),
            reader: version.reader.clone(),
            lexicon: version.lexicon.clone(),
            overlay: None,
            weights: version.weights.clone(),
        },
        ..Settings::default()
    };
    let mut writers = vec![out];
    // other tables of a form with several have no place in one answer
    writers.extend((1..format.parts().len()).map(|_| Outward { piece: Vec::new(), send: None }));
    let mut export = Export::new(format, settings, writers).map_err(fault)?;
    let asked = Asked::of(What::Claims, asked.filter.clone());
    let rows = app.order(desk, &asked, |_, order, _| Ok(Arc::clone(order)))?;
    let mut rest = &rows[..];
    while !rest.is_empty() {
        let some = {
            let index = app.board.index()?;
            let doc = |c: u32| index.claims[c as usize].doc;
            // whole documents, a few at a time
            let mut end = rest.len().min(ROWS);
            while end < rest.len() && doc(rest[end]) == doc(rest[end - 1]) {
                end += 1;
            }
            let (these, after) = rest.split_at(end);
            rest = after;
            let mut some: Vec<(i64, Vec<u16>)> = Vec::new();
            for c in these {
                let claim = &index.claims[*c as usize];
                let number = index.docs[claim.doc as usize].number;
                match some.last_mut() {
                    Some(last) if last.0 == number => last.1.push(claim.event),
                    _ => some.push((number, vec![claim.event])),
                }
            }
            some
        };
        let numbers: Vec<i64> = some.iter().map(|s| s.0).collect();
        let articles = app.board.articles(&mut desk.ledger, &numbers)?;
        for (number, events) in some {
            let Some(a) = articles.get(&number) else { continue };
            let mut document = a.record.document.document.clone();
            document.id = a.record.document.id.to_string();
            let mut reading = a.record.reading.clone();
            let all = std::mem::take(&mut reading.events);
            reading.events =
                all.into_iter().enumerate().filter(|(i, _)| events.contains(&(*i as u16))).map(|e| e.1).collect();
            export.add(Record { document: &document, reading: &reading }).map_err(fault)?;
        }
    }
    export.finish(&[]).map_err(fault)?;
    Ok(())
}

/// Heading and place in the row, for each column of a table.
fn columns(what: &str) -> &'static [(&'static str, &'static str)] {
    match what {
        "happenings" => &[
            ("id", "/id"),
            ("type", "/type"),
            ("mode", "/mode"),
            ("status", "/status"),
            ("actor", "/actor"),
            ("recipient", "/recipient"),
            ("things", "/things"),
            ("place", "/place"),
            ("when_from", "/when/from"),
            ("when_to", "/when/to"),
            ("first_reported", "/reported/first"),
            ("last_reported", "/reported/last"),
            ("first_said_by", "/first_by"),
            ("documents", "/documents"),
            ("outlets", "/outlets"),
            ("chains", "/chains"),
            ("origins", "/origins"),
            ("affirmed", "/affirmed"),
            ("denied", "/denied"),
            ("contradictions", "/contradictions"),
            ("circular", "/circular"),
        ],
        "statements" => &[
            ("id", "/id"),
            ("document", "/document/id"),
            ("outlet", "/document/outlet"),
            ("published", "/document/published"),
            ("said_by", "/chain"),
            ("stance", "/stance"),
            ("direct", "/direct"),
            ("when", "/when"),
            ("evidence", "/evidence/text"),
            ("claims", "/events"),
        ],
        "transfers" => &[
            ("id", "/id"),
            ("supplier", "/supplier"),
            ("recipient", "/recipient"),
            ("things", "/things"),
            ("from", "/from"),
            ("to", "/to"),
            ("route", "/route"),
            ("first_reported", "/reported/first"),
            ("last_reported", "/reported/last"),
            ("documents", "/documents"),
            ("outlets", "/outlets"),
            ("chains", "/chains"),
            ("origins", "/origins"),
            ("denied", "/denied"),
            ("happenings", "/happenings"),
        ],
        "documents" => &[
            ("id", "/id"),
            ("source_id", "/source_id"),
            ("title", "/title"),
            ("outlet", "/outlet"),
            ("published", "/published"),
            ("url", "/url"),
            ("story", "/story"),
            ("events", "/events"),
            ("statements", "/statements"),
            ("loaded", "/loaded"),
        ],
        "actors" => &[
            ("key", "/key"),
            ("name_ar", "/name/ar"),
            ("name_en", "/name/en"),
            ("type", "/type"),
            ("country", "/country"),
            ("sector", "/sector"),
            ("documents", "/documents"),
            ("acted", "/acted"),
            ("received", "/received"),
            ("said", "/said"),
        ],
        _ => &[
            ("key", "/key"),
            ("name_ar", "/name/ar"),
            ("name_en", "/name/en"),
            ("country", "/country"),
            ("documents", "/documents"),
            ("events", "/events"),
            ("attributed", "/attributed/value"),
            ("attributed_low", "/attributed/low"),
            ("attributed_high", "/attributed/high"),
            ("copied", "/copied/value"),
            ("copied_low", "/copied/low"),
            ("copied_high", "/copied/high"),
            ("loaded", "/loaded"),
        ],
    }
}

/// A value in one cell: a name is its English or Arabic, several stand side by side.
fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Array(all) => all.iter().map(flat).collect::<Vec<_>>().join(" | "),
        Value::Object(o) => {
            if let Some(what) = o.get("what") {
                let count = o.get("count").filter(|c| !c.is_null()).map(|c| format!("{c} ")).unwrap_or_default();
                return format!("{count}{}", flat(what));
            }
            if let Some(name) = o.get("name") {
                return flat(name);
            }
            o.get("en").filter(|v| !v.is_null()).or_else(|| o.get("ar")).map(flat).unwrap_or_default()
        }
        other => other.to_string(),
    }
}

/// A line of a table after RFC 4180. A cell that a spreadsheet would take for a formula is marked as text.
fn cells(line: &mut String, all: impl Iterator<Item = String>) {
    for (i, cell) in all.enumerate() {
        if i > 0 {
            line.push(',');
        }
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
        let mark = if formula { "'" } else { "" };
        if formula || cell.contains([',', '"', '\n', '\r']) {
            line.push_str(&format!("\"{mark}{}\"", cell.replace('"', "\"\"")));
        } else {
            line.push_str(&cell);
        }
    }
    line.push_str("\r\n");
}

/// A happening as points: one for each of its places with coordinates.
fn features(value: &Value) -> Vec<Value> {
    let places = value.get("place").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut properties = value.clone();
    if let Some(p) = properties.as_object_mut() {
        p.insert("note".into(), "what claims say, not an established fact".into());
    }
    (places.iter())
        .filter_map(|p| {
            let at = p.get("location").filter(|l| !l.is_null())?;
            Some(serde_json::json!({
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [at.get("longitude")?, at.get("latitude")?]},
                "properties": properties,
            }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_text() {
        let mut line = String::new();
        cells(&mut line, ["a", "b,c", "say \"x\"", "=1+1", "-5", "@x"].into_iter().map(String::from));
        assert_eq!(line, "a,\"b,c\",\"say \"\"x\"\"\",\"'=1+1\",-5,\"'@x\"\r\n");
    }

    #[test]
    fn pairs_without_sense_are_refused() {
        for (what, format) in [("actors", "plover"), ("documents", "geojson"), ("events", "graphml"), ("events", "xml")]
        {
            let refused = form(what, format).err().and_then(|p| p.parameter);
            assert_eq!(refused.as_deref(), Some("format"), "{what} {format}");
        }
        assert!(form("happenings", "geojson").is_ok() && form("statements", "csv").is_ok());
    }
}
