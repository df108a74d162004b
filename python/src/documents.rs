//! Whatever intake can open, as batches of documents: bounded memory, however large the source.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use arrow_array::RecordBatch;
use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use intake::{Fault, Item, Prepared, Skip, Sources};

/// Columns of text; after them comes the number of the item.
const TEXTS: [(&str, &str); 14] = [
    ("id", "the item's own id, else made of the name of its source"),
    ("title", "headline; offsets run over title, line break, text"),
    ("text", "the article; null where there is an error"),
    ("published", "RFC 3339, or less where less is stated"),
    ("outlet", "who carried it"),
    ("url", "canonical address"),
    ("author", "who signed it, as written"),
    ("language", "as the source declares it"),
    ("encoding", "what the bytes were decoded from"),
    ("source_path", "file or address"),
    ("source_kind", "text, html, feed, warc, json, csv"),
    ("source_hash", "blake3 of the bytes it was made of, in hexadecimal digits"),
    ("notes", "how it was taken, and faults that did not keep it from being read"),
    ("error", "why there is no document; null where there is one"),
];

/// A row a document, or a fault.
pub fn schema() -> SchemaRef {
    let about = |about: &str| [("description".to_string(), about.to_string())].into();
    let mut fields: Vec<Field> =
        TEXTS.iter().map(|(name, a)| Field::new(*name, DataType::Utf8, true).with_metadata(about(a))).collect();
    let item = Field::new("source_item", DataType::Int64, true);
    fields.push(item.with_metadata(about("number of the item in its source, from 0")));
    Arc::new(Schema::new(fields))
}

/// What is opened.
pub enum Origin {
    /// Files and folders.
    Paths(Vec<PathBuf>),
    /// Contents under a name, whose ending may tell the form.
    Bytes(Vec<u8>, PathBuf),
}

type Row = Result<Prepared, Skip>;

/// Documents on their way; whoever lets go of it ends the work.
pub struct Documents {
    rows: Mutex<Receiver<Row>>,
    most_rows: usize,
    most_bytes: usize,
}

impl Documents {
    /// Begins. A batch ends at so many rows or bytes of text.
    pub fn open(from: Origin, most_rows: usize, most_bytes: usize) -> Self {
        // few wait: an item may be large
        let (send, rows) = sync_channel(4);
        thread::spawn(move || produce(from, &send));
        Self { rows: Mutex::new(rows), most_rows: most_rows.max(1), most_bytes }
    }

    /// The next batch; none at the end.
    pub fn next(&self) -> Option<Result<RecordBatch, ArrowError>> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut batch = Batch::default();
        while batch.rows < self.most_rows && batch.bytes < self.most_bytes {
            match rows.recv() {
                Ok(row) => batch.push(row),
                Err(_) => break,
            }
        }
        (batch.rows > 0).then(|| batch.finish())
    }

    /// The next document or fault.
    pub fn one(&self) -> Option<Row> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }
}

fn produce(from: Origin, send: &SyncSender<Row>) {
    let sources = Sources::default();
    let mut sink = |item: Result<Item, Skip>| send.send(item.and_then(prepare)).is_ok();
    match from {
        Origin::Paths(paths) => {
            let inputs = intake::find(&paths);
            sources.each(inputs, &intake::Counter::default(), &mut sink);
        }
        Origin::Bytes(bytes, name) => {
            sources.stream(Cursor::new(bytes), &name, &mut sink);
        }
    }
}

/// A fault of ours on one item must not end the others.
fn prepare(item: Item) -> Row {
    let spot = item.spot.clone();
    catch_unwind(AssertUnwindSafe(|| item.prepare(None)))
        .unwrap_or_else(|_| Err(spot.skip(Fault::Bug("while it was taken apart".into()))))
}

#[derive(Default)]
struct Batch {
    texts: [StringBuilder; TEXTS.len()],
    item: Int64Builder,
    rows: usize,
    bytes: usize,
}

impl Batch {
    fn push(&mut self, row: Row) {
        let mut values: [Option<String>; TEXTS.len()] = Default::default();
        let item = match row {
            Ok(prepared) => {
                let notes = notes(&prepared);
                let hash = Some(intake::hex(prepared.raw_hash));
                let d = prepared.document;
                let kind = d.source.as_ref().and_then(|s| serde_json::to_value(s.kind).ok());
                let kind = kind.as_ref().and_then(|k| k.as_str()).map(String::from);
                let (path, item) = d.source.map_or((None, None), |s| (Some(s.path), Some(s.item)));
                values = [
                    Some(d.id),
                    d.title,
                    Some(d.text),
                    d.published,
                    d.outlet,
                    d.url,
                    d.author,
                    d.language,
                    d.encoding,
                    path,
                    kind,
                    hash,
                    notes,
                    None,
                ];
                item
            }
            Err(skip) => {
                values[9] = Some(skip.path);
                values[13] = Some(format!("{}: {}", skip.place, skip.fault));
                // so that it can be told from others
                values[0] = Some(skip.place);
                skip.item
            }
        };
        for (builder, value) in self.texts.iter_mut().zip(values) {
            self.bytes += value.as_ref().map_or(0, String::len);
            builder.append_option(value);
        }
        self.item.append_option(item.map(|i| i as i64));
        self.rows += 1;
    }

    fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let mut arrays: Vec<arrow_array::ArrayRef> =
            self.texts.iter_mut().map(|b| Arc::new(b.finish()) as arrow_array::ArrayRef).collect();
        arrays.push(Arc::new(self.item.finish()));
        RecordBatch::try_new(schema(), arrays)
    }
}

/// Everything a user should know of how a document was taken.
pub fn notes(prepared: &Prepared) -> Option<String> {
    let flaws = prepared.flaws.iter().map(ToString::to_string);
    let all: Vec<String> = prepared.notes.iter().cloned().chain(flaws).collect();
    (!all.is_empty()).then(|| all.join("; "))
}
