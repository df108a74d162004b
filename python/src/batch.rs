//! Batches read on all cores: rows in, tables out, in the order of the rows whatever the number of threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use assembly::{Failed, Pool};
use model::{Document, Reading, Version};

use crate::record;
use intake::columnar::{Bad, Names, Rows};

/// Rows, and bytes of text, after which a block ends. A block is what a thread takes at a time.
const ROWS: usize = 256;
const BYTES: usize = 1 << 20;

/// Why a batch could not be read at all. Faults of single documents are rows instead.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Not the columns that are needed.
    #[error("{0}")]
    Columns(String),
    /// Arrow's library failed.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
    /// The claims could not be laid out.
    #[error(transparent)]
    Export(#[from] export::ExportError),
}

/// How batches are read.
pub struct Plan {
    /// The caller's names of columns.
    pub names: Names,
    /// Threads.
    pub jobs: usize,
    /// Most bytes of one text.
    pub most: usize,
    /// Whether document and whole reading are given beside the claims; and what makes the readings.
    pub readings: Option<Version>,
}

/// A row an input row: what became of it.
pub fn documents_schema() -> SchemaRef {
    let field = |name: &str, kind: DataType, about: &str| {
        Field::new(name, kind, true).with_metadata([("description".to_string(), about.to_string())].into())
    };
    Arc::new(Schema::new(vec![
        field("row", DataType::Int64, "number of the row in the input, from 0"),
        field("document_id", DataType::Utf8, "the document's id as it came, else made of its content"),
        field("events", DataType::Int64, "claims found; null where the document could not be read"),
        field("error", DataType::Utf8, "why the document could not be read; null where it was"),
        field("reading", DataType::Utf8, "the whole reading as JSON, as `isnad read` prints it; null unless asked for"),
        field("document", DataType::Struct(whole_fields()), "what was read; null unless readings are asked for"),
        field("made_by", DataType::Struct(version_fields()), "what made the reading; null unless it is asked for"),
    ]))
}

/// The document beside its reading, so that a table of both needs nothing else: fields that a batch may have as columns.
const WHOLE: [&str; 12] = [
    "title",
    "text",
    "published",
    "outlet",
    "url",
    "author",
    "language",
    "encoding",
    "source_path",
    "source_kind",
    "source_item",
    "source_hash",
];

fn texts<'a>(names: impl IntoIterator<Item = &'a str>) -> Fields {
    names.into_iter().map(|name| Field::new(name, DataType::Utf8, true)).collect()
}

fn whole_fields() -> Fields {
    texts(WHOLE)
}

fn version_fields() -> Fields {
    texts(["reader", "weights", "lexicon"])
}

/// Columns of text within one column, a row of which may be null as a whole.
struct Texts<const N: usize> {
    columns: [StringBuilder; N],
    there: Vec<bool>,
}

impl<const N: usize> Default for Texts<N> {
    fn default() -> Self {
        Self { columns: [(); N].map(|()| StringBuilder::new()), there: Vec::new() }
    }
}

impl<const N: usize> Texts<N> {
    fn push(&mut self, row: Option<[Option<&str>; N]>) {
        self.there.push(row.is_some());
        for (column, value) in self.columns.iter_mut().zip(row.unwrap_or([None; N])) {
            column.append_option(value);
        }
    }

    fn finish(&mut self, fields: Fields) -> Result<StructArray, ArrowError> {
        let columns = self.columns.iter_mut().map(|c| Arc::new(c.finish()) as ArrayRef).collect();
        StructArray::try_new(fields, columns, Some(std::mem::take(&mut self.there).into()))
    }
}

/// What becomes of documents.
#[derive(Default)]
struct Fates {
    row: Int64Builder,
    id: StringBuilder,
    events: Int64Builder,
    error: StringBuilder,
    reading: StringBuilder,
    whole: Texts<{ WHOLE.len() }>,
    made_by: Texts<3>,
}

/// A reading to be kept, with all that it takes to use it later.
struct Keep<'a> {
    json: String,
    document: &'a Document,
    raw_hash: Option<[u8; 32]>,
    by: &'a Version,
}

impl Fates {
    fn read(&mut self, row: usize, id: &str, events: usize, keep: Option<Keep<'_>>) {
        self.row.append_value(row as i64);
        self.id.append_value(id);
        self.events.append_value(events as i64);
        self.error.append_null();
        let Some(Keep { json, document: d, raw_hash, by }) = keep else {
            self.reading.append_null();
            self.whole.push(None);
            self.made_by.push(None);
            return;
        };
        self.reading.append_value(json);
        let source = d.source.as_ref();
        let kind = source.and_then(|s| serde_json::to_value(s.kind).ok());
        let item = source.map(|s| s.item.to_string());
        let hash = raw_hash.map(intake::hex);
        self.whole.push(Some([
            d.title.as_deref(),
            Some(&d.text),
            d.published.as_deref(),
            d.outlet.as_deref(),
            d.url.as_deref(),
            d.author.as_deref(),
            d.language.as_deref(),
            d.encoding.as_deref(),
            source.map(|s| s.path.as_str()),
            kind.as_ref().and_then(|k| k.as_str()),
            item.as_deref(),
            hash.as_deref(),
        ]));
        self.made_by.push(Some([Some(&by.reader), Some(&by.weights), Some(&by.lexicon)]));
    }

    fn bad(&mut self, row: usize, id: Option<&str>, reason: &str) {
        self.row.append_value(row as i64);
        self.id.append_option(id);
        self.events.append_null();
        self.error.append_value(reason);
        self.reading.append_null();
        self.whole.push(None);
        self.made_by.push(None);
    }

    fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_new(
            documents_schema(),
            vec![
                Arc::new(self.row.finish()),
                Arc::new(self.id.finish()),
                Arc::new(self.events.finish()),
                Arc::new(self.error.finish()),
                Arc::new(self.reading.finish()),
                Arc::new(self.whole.finish(whole_fields())?),
                Arc::new(self.made_by.finish(version_fields())?),
            ],
        )
    }
}

/// Tables of one shape.
#[derive(Default)]
pub struct Tables {
    /// Claims, in the schema of the Parquet export.
    pub claims: Vec<RecordBatch>,
    /// What became of each row.
    pub documents: Vec<RecordBatch>,
}

/// Reads all rows.
pub fn read(pool: &Pool, data: Box<dyn RecordBatchReader + Send>, plan: &Plan) -> Result<Tables, Failure> {
    let done = each_block(data, &plan.names, plan.most, plan.jobs, || {
        let mut reader = pool.lend();
        move |input: &Rows, rows: std::ops::Range<usize>, before: usize| -> Result<[RecordBatch; 2], Failure> {
            let mut claims = export::arrow::Claims::default();
            let mut fates = Fates::default();
            for row in rows {
                let read = input.document(row).and_then(|document| {
                    let reading = reader.with(&document, reader::Reader::read);
                    match reading {
                        Ok(reading) => Ok((document, reading)),
                        Err(failed) => Err(Bad { id: Some(document.id), reason: failed.to_string() }),
                    }
                });
                match read {
                    Err(bad) => fates.bad(before + row, bad.id.as_deref(), &bad.reason),
                    Ok((document, reading)) => {
                        let events = claims.add(export::Record { document: &document, reading: &reading });
                        let keep = plan.readings.as_ref().map(|by| Keep {
                            json: record::reading(&reading),
                            document: &document,
                            raw_hash: input.raw_hash(row),
                            by,
                        });
                        fates.read(before + row, &document.id, events, keep);
                    }
                }
            }
            Ok([claims.finish()?, fates.finish()?])
        }
    })?;
    let mut tables = Tables::default();
    for [claims, documents] in done {
        tables.claims.push(claims);
        tables.documents.push(documents);
    }
    Ok(tables)
}

/// Works on blocks of rows in `jobs` threads; results in order. `before` is the number of rows in earlier batches.
pub fn each_block<T, W>(
    data: Box<dyn RecordBatchReader + Send>,
    names: &Names,
    most: usize,
    jobs: usize,
    worker: impl Fn() -> W + Sync,
) -> Result<Vec<T>, Failure>
where
    T: Send,
    W: FnMut(&Rows, std::ops::Range<usize>, usize) -> Result<T, Failure>,
{
    intake::columnar::check(names).map_err(Failure::Columns)?;
    let mut inputs = Vec::new();
    let mut before = 0;
    let schema = data.schema();
    for batch in data {
        let batch = batch?;
        inputs.push((Rows::open(&batch, names, most).map_err(Failure::Columns)?, before));
        before += batch.num_rows();
    }
    if inputs.is_empty() {
        // a table without rows still says whether its columns would do
        Rows::open(&RecordBatch::new_empty(schema), names, most).map_err(Failure::Columns)?;
    }
    let share = before.div_ceil(jobs.max(1) * 4).clamp(1, ROWS);
    let mut blocks = Vec::new();
    for (input, before) in &inputs {
        let (mut start, mut bytes) = (0, 0);
        for row in 0..input.len() {
            bytes += input.size(row);
            if row + 1 - start >= share || bytes >= BYTES || row + 1 == input.len() {
                blocks.push((input, start..row + 1, *before));
                (start, bytes) = (row + 1, 0);
            }
        }
    }
    let jobs = jobs.clamp(1, blocks.len().max(1));
    if jobs == 1 {
        let mut work = worker();
        return blocks.into_iter().map(|(input, rows, before)| work(input, rows, before)).collect();
    }
    let next = AtomicUsize::new(0);
    let mut done: Vec<(usize, Result<T, Failure>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs)
            .map(|_| {
                scope.spawn(|| {
                    let mut work = worker();
                    let mut mine = Vec::new();
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let Some((input, rows, before)) = blocks.get(n) else { return mine };
                        mine.push((n, work(input, rows.clone(), *before)));
                    }
                })
            })
            .collect();
        threads.into_iter().flat_map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(n, _)| *n);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Reads one document.
pub fn one(pool: &Pool, document: &Document) -> Result<Reading, Failed> {
    pool.lend().with(document, reader::Reader::read)
}
