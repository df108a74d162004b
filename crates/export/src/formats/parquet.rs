//! One Parquet file through Arrow: a row an event, with lists of participants, things and links inside the row.

use std::fmt::Write as _;
use std::io::Write;
use std::sync::{Arc, LazyLock};

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use jiff::civil::Date;

use super::{Done, Layout};
use crate::claim::{Article, Claim};
use crate::table::{Kind, TABLES, Table, Value};
use crate::{ExportError, Format};

/// Events a row group.
const GROUP: usize = 8192;
/// Bytes of text a batch: it is written before that, however few its events.
const BYTES: usize = 8 << 20;

impl From<ParquetError> for ExportError {
    fn from(e: ParquetError) -> Self {
        Self::Parquet(e.to_string())
    }
}

impl From<ArrowError> for ExportError {
    fn from(e: ArrowError) -> Self {
        Self::Parquet(e.to_string())
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Int => DataType::Int64,
        Kind::Float => DataType::Float64,
        Kind::Bool => DataType::Boolean,
        Kind::Day => DataType::Date32,
    }
}

/// Columns of a table; the lists inside a row do not repeat the event's identifier.
fn columns(table: &'static Table, nested: bool) -> impl Iterator<Item = &'static crate::table::Column> {
    table.columns.iter().filter(move |c| !(nested && c.name == "event_id"))
}

fn fields(table: &'static Table, nested: bool) -> Fields {
    columns(table, nested)
        .map(|c| {
            let about = [("description".to_string(), c.about.to_string())].into();
            Field::new(c.name, data_type(c.kind), true).with_metadata(about)
        })
        .collect()
}

fn item(table: &'static Table) -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Struct(fields(table, true)), false))
}

static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let mut all: Vec<Arc<Field>> = fields(TABLES[0], false).iter().cloned().collect();
    for table in &TABLES[1..] {
        let about = [("description".to_string(), table.about.to_string())].into();
        all.push(Arc::new(Field::new(list_name(table), DataType::List(item(table)), false).with_metadata(about)));
    }
    Arc::new(Schema::new(all))
});

/// The chain is a text column already.
fn list_name(table: &Table) -> &'static str {
    if table.name == "chain" { "links" } else { table.name }
}

/// Arrow's fields, one a line, the fields of lists below their list.
pub(super) fn schema_text() -> String {
    let mut out = format!("isnad parquet {}: Arrow schema, every field may be null\n", Format::Parquet.version());
    for (n, table) in TABLES.into_iter().enumerate() {
        if n > 0 {
            let _ = writeln!(out, "{}: List<Struct>  {}", list_name(table), table.about);
        }
        for column in columns(table, n > 0) {
            let indent = if n > 0 { "  " } else { "" };
            let _ = writeln!(out, "{indent}{}: {}  {}", column.name, data_type(column.kind), column.about);
        }
    }
    out
}

enum Builder {
    Text(StringBuilder),
    Int(Int64Builder),
    Float(Float64Builder),
    Bool(BooleanBuilder),
    Day(Date32Builder),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Int => Self::Int(Int64Builder::new()),
            Kind::Float => Self::Float(Float64Builder::new()),
            Kind::Bool => Self::Bool(BooleanBuilder::new()),
            Kind::Day => Self::Day(Date32Builder::new()),
        }
    }

    /// Appends a value; one of another type than the column's counts as not stated. Returns its bytes.
    fn push(&mut self, value: &Value<'_>) -> usize {
        match (self, value) {
            (Self::Text(b), Value::Text(t)) => {
                b.append_value(t);
                return t.len();
            }
            (Self::Int(b), Value::Int(i)) => b.append_value(*i),
            (Self::Float(b), Value::Float(f)) => b.append_value(*f),
            (Self::Bool(b), Value::Bool(v)) => b.append_value(*v),
            (Self::Day(b), Value::Day(d)) => b.append_value((*d - Date::constant(1970, 1, 1)).get_days()),
            (Self::Text(b), _) => b.append_null(),
            (Self::Int(b), _) => b.append_null(),
            (Self::Float(b), _) => b.append_null(),
            (Self::Bool(b), _) => b.append_null(),
            (Self::Day(b), _) => b.append_null(),
        }
        0
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(b) => Arc::new(b.finish()),
            Self::Int(b) => Arc::new(b.finish()),
            Self::Float(b) => Arc::new(b.finish()),
            Self::Bool(b) => Arc::new(b.finish()),
            Self::Day(b) => Arc::new(b.finish()),
        }
    }
}

/// A table being filled.
struct Filling {
    table: &'static Table,
    nested: bool,
    builders: Vec<Builder>,
    lengths: Vec<usize>,
}

impl Filling {
    fn new(table: &'static Table, nested: bool) -> Self {
        let builders = columns(table, nested).map(|c| Builder::new(c.kind)).collect();
        Self { table, nested, builders, lengths: Vec::new() }
    }

    fn push(&mut self, claim: &Claim<'_>) -> usize {
        let rows = (self.table.rows)(claim);
        let mut bytes = 0;
        for n in 0..rows {
            for (builder, column) in self.builders.iter_mut().zip(columns(self.table, self.nested)) {
                bytes += builder.push(&(column.get)(claim, n));
            }
        }
        self.lengths.push(rows);
        bytes
    }

    fn arrays(&mut self) -> Vec<ArrayRef> {
        self.builders.iter_mut().map(Builder::finish).collect()
    }

    fn list(&mut self) -> Result<ArrayRef, ExportError> {
        let offsets = OffsetBuffer::from_lengths(self.lengths.drain(..));
        let rows = StructArray::try_new(fields(self.table, true), self.arrays(), None)?;
        Ok(Arc::new(ListArray::try_new(item(self.table), offsets, Arc::new(rows), None)?))
    }
}

pub(super) struct Parquet<W: Write + Send> {
    writer: ArrowWriter<W>,
    tables: Vec<Filling>,
    rows: usize,
    bytes: usize,
    records: u64,
}

impl<W: Write + Send> Parquet<W> {
    pub(super) fn new(writer: W) -> Result<Self, ExportError> {
        let told = |key: &str, value: String| KeyValue::new(key.to_string(), value);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("isnad".into())
            .set_key_value_metadata(Some(vec![
                told("isnad.schema_version", Format::Parquet.version().to_string()),
                told("isnad.note", "every row is a claim made in an article".into()),
            ]))
            .build();
        Ok(Self {
            writer: ArrowWriter::try_new(writer, SCHEMA.clone(), Some(properties))?,
            tables: TABLES.into_iter().enumerate().map(|(n, t)| Filling::new(t, n > 0)).collect(),
            rows: 0,
            bytes: 0,
            records: 0,
        })
    }

    fn write(&mut self) -> Result<(), ExportError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut arrays = self.tables[0].arrays();
        self.tables[0].lengths.clear();
        for table in &mut self.tables[1..] {
            arrays.push(table.list()?);
        }
        self.writer.write(&RecordBatch::try_new(SCHEMA.clone(), arrays)?)?;
        self.writer.flush()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl<W: Write + Send> Layout<W> for Parquet<W> {
    fn claim(&mut self, _: &Article<'_>, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        for table in &mut self.tables {
            self.bytes += table.push(claim);
        }
        self.rows += 1;
        self.records += 1;
        if self.rows >= GROUP || self.bytes >= BYTES {
            self.write()?;
        }
        Ok(None)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Done<W>>, ExportError> {
        self.write()?;
        Ok(vec![Done { writer: self.writer.into_inner()?, records: self.records }])
    }
}
