//! Files of Parquet: a row a document, a few rows at a time.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::RowGroupMetaData;
use arrow_array::RecordBatch;
use arrow_schema::Schema;
use model::SourceKind;

use super::rows::{Names, Rows};
use crate::fault::{Fault, Skip};
use crate::item::Stored;
use crate::sources::Counter;
use crate::table::{self, Columns};
use crate::{Item, MOST, Raw, Sink, Spot, detect};

/// Bytes that are held at a time, roughly, and most rows.
const BYTES: i64 = 8 << 20;
const ROWS: i64 = 256;
/// Columns that are read beside those of the document.
const BESIDE: [&str; 9] = [
    "document",
    "document_id",
    "error",
    "reading",
    "made_by",
    "source_path",
    "source_kind",
    "source_item",
    "source_hash",
];
/// More than this, and so many times what it takes in the file, is taken for a bomb, as with other compression.
const SWOLLEN: i64 = 64 << 20;
const TIMES: i64 = 500;

/// The rows of a file, in order. False says that no more are wanted.
pub fn rows(file: &File, path: &Path, columns: Option<&Columns>, counter: &Counter, sink: &mut Sink<'_>) -> bool {
    let name = path.display().to_string();
    let mut wanted = true;
    let read = catch_unwind(AssertUnwindSafe(|| {
        let mut sink = |item: Result<Item, Skip>| {
            wanted = sink(item);
            wanted
        };
        each_group(file, &name, &detect::stem(path), columns, counter, &mut sink)
    }));
    // the library is not sure against every damage
    let read = read.unwrap_or_else(|_| Err(Fault::Parquet("the file is damaged".into())));
    match read {
        Err(fault) if wanted => sink(Err(fault.of(name))),
        _ => wanted,
    }
}

fn each_group(
    file: &File,
    name: &str,
    stem: &str,
    columns: Option<&Columns>,
    counter: &Counter,
    sink: &mut Sink<'_>,
) -> Result<(), Fault> {
    let head = ParquetRecordBatchReaderBuilder::try_new(file.try_clone().map_err(Fault::Io)?)?;
    let (schema, metadata) = (head.schema().clone(), head.metadata().clone());
    let names = names(&schema, columns)?;
    let roots = schema.fields().iter().enumerate().filter(|(_, f)| {
        BESIDE.contains(&f.name().as_str()) || f.name() == "encoding" || names.values().any(|n| n == f.name())
    });
    let mask = ProjectionMask::roots(head.parquet_schema(), roots.map(|(n, _)| n));
    let mut row = 0;
    for (n, group) in metadata.row_groups().iter().enumerate() {
        if group.total_byte_size() > SWOLLEN && group.total_byte_size() > group.compressed_size().max(1) * TIMES {
            return Err(Fault::Bomb(TIMES as u64));
        }
        let reader = open(file, n, group, mask.clone())?;
        for batch in reader {
            let batch = batch.map_err(|e| Fault::Parquet(e.to_string()))?;
            if !each_row(&batch, &names, &mut row, name, stem, sink)? {
                return Ok(());
            }
        }
        counter.fetch_add(group.compressed_size().max(0) as u64, Ordering::Relaxed);
    }
    Ok(())
}

fn open(
    file: &File,
    n: usize,
    group: &RowGroupMetaData,
    mask: ProjectionMask,
) -> Result<ParquetRecordBatchReader, Fault> {
    let bytes = (group.total_byte_size() / group.num_rows().max(1)).max(1);
    let reader = ParquetRecordBatchReaderBuilder::try_new(file.try_clone().map_err(Fault::Io)?)?;
    let reader = reader.with_row_groups(vec![n]).with_projection(mask);
    Ok(reader.with_batch_size((BYTES / bytes).clamp(1, ROWS) as usize).build()?)
}

/// Which column holds what: a column that is called as a field or as fields usually are, or what the user says.
fn names(schema: &Schema, columns: Option<&Columns>) -> Result<Names, Fault> {
    let headings: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
    let has = |name: &str| headings.iter().any(|h| h == name);
    if columns.is_none() && has("event_id") && !has("document") {
        return Err(Fault::Columns("holds claims, not articles; name the articles that they were read in".into()));
    }
    if columns.is_none() && has("document") && !has("text") {
        // as the Spark job writes them
        return Ok(Names::new());
    }
    table::names(&headings, columns).map_err(Fault::Columns)
}

fn each_row(
    batch: &RecordBatch,
    names: &Names,
    row: &mut u64,
    name: &str,
    stem: &str,
    sink: &mut Sink<'_>,
) -> Result<bool, Fault> {
    let rows = Rows::open(batch, names, MOST).map_err(Fault::Columns)?;
    for at in 0..rows.len() {
        if rows.lacks_document(at) {
            return Err(Fault::Columns(
                "tells of documents but does not hold them; have the job that wrote it run with --readings".into(),
            ));
        }
        let n = *row;
        *row += 1;
        let place = format!("{name}, row {}", n + 1);
        let spot = Spot { path: name.into(), kind: SourceKind::Parquet, item: n, place };
        let item = match rows.document(at) {
            Err(bad) => Err(spot.skip(Fault::Row(bad.reason))),
            Ok(document) => {
                let stored = Stored { document, hash: rows.raw_hash(at), kept: rows.kept(at) };
                Ok(Item { spot, id: format!("{stem}-{}", n + 1), raw: Raw::Stored(Box::new(stored)) })
            }
        };
        if !sink(item) {
            return Ok(false);
        }
    }
    Ok(true)
}

impl From<ParquetError> for Fault {
    fn from(e: ParquetError) -> Self {
        Self::Parquet(e.to_string())
    }
}
