//! Claims as Arrow: the columns that the Parquet export has, in batches.
//!
//! ```
//! let document = model::Document { id: "a".into(), text: "نص".into(), ..Default::default() };
//! let reading = model::Reading { id: "a".into(), ..Default::default() };
//! let mut claims = export::arrow::Claims::default();
//! claims.add(export::Record { document: &document, reading: &reading });
//! assert_eq!(claims.finish()?.num_rows(), 0);
//! # Ok::<(), export::ExportError>(())
//! ```

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use jiff::civil::Date;

use crate::claim::{Article, Claim};
use crate::table::{Kind, TABLES, Table, Value};
use crate::{ExportError, Format, Record};

impl From<ArrowError> for ExportError {
    fn from(e: ArrowError) -> Self {
        Self::Arrow(e.to_string())
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
pub(crate) fn schema_text() -> String {
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

/// The schema of [`Claims`] and of the Parquet export: a row a claim, lists of participants, things and links in it.
pub fn schema() -> Arc<Schema> {
    SCHEMA.clone()
}

/// Claims being gathered into a batch.
pub struct Claims {
    tables: Vec<Filling>,
    rows: usize,
    bytes: usize,
}

impl Default for Claims {
    fn default() -> Self {
        let tables = TABLES.into_iter().enumerate().map(|(n, t)| Filling::new(t, n > 0)).collect();
        Self { tables, rows: 0, bytes: 0 }
    }
}

impl Claims {
    /// Adds all claims of an article and tells how many. Time is linear in its text and n log n in its mentions.
    pub fn add(&mut self, record: Record<'_>) -> usize {
        let whole = record.document.whole();
        let article = Article::new(record, &whole);
        let claims = article.claims();
        for (_, claim) in &claims {
            self.push(claim);
        }
        claims.len()
    }

    /// Adds one claim.
    pub(crate) fn push(&mut self, claim: &Claim<'_>) {
        for table in &mut self.tables {
            self.bytes += table.push(claim);
        }
        self.rows += 1;
    }

    /// Claims gathered.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Bytes of text gathered.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The batch; what comes after begins a new one.
    pub fn finish(&mut self) -> Result<RecordBatch, ExportError> {
        (self.rows, self.bytes) = (0, 0);
        let mut arrays = self.tables[0].arrays();
        self.tables[0].lengths.clear();
        for table in &mut self.tables[1..] {
            arrays.push(table.list()?);
        }
        Ok(RecordBatch::try_new(SCHEMA.clone(), arrays)?)
    }
}
