//! Rows as documents.

use std::borrow::Cow;
use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use model::{Document, Source, SourceKind, Version};

use super::column::Column;
use crate::date;
use crate::item::Kept;

/// What a document is made of; a table's columns bear these names, or others by the caller's word.
const FIELDS: [&str; 8] = ["id", "title", "text", "published", "outlet", "url", "author", "language"];
const ID: usize = 0;
const TITLE: usize = 1;
const TEXT: usize = 2;
/// What an earlier step tells of where a document came from; taken where it is there.
const ORIGIN: [&str; 5] = ["encoding", "source_path", "source_kind", "source_item", "source_hash"];
/// Why an earlier step could make no document of a row: handed through.
const ERROR: &str = "error";
/// The same columns within one, beside what was read in it.
const WHOLE: &str = "document";
const READING: &str = "reading";
const MADE_BY: &str = "made_by";

/// The caller's names of columns, by field.
pub type Names = HashMap<String, String>;

/// A batch whose columns are known.
pub struct Rows {
    columns: [Option<Column>; FIELDS.len()],
    origin: [Option<Column>; ORIGIN.len()],
    error: Option<Column>,
    reading: Option<Column>,
    made_by: Option<[Column; 3]>,
    /// The column that the fields are within; a row without it has no document.
    whole: Option<ArrayRef>,
    count: usize,
    most: usize,
}

/// A row without a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// What is wrong.
    pub reason: String,
}

/// Whether every name is of a field.
pub fn check(names: &Names) -> Result<(), String> {
    match names.keys().find(|k| !FIELDS.contains(&k.as_str())) {
        Some(odd) => Err(format!("{odd:?} is no field of a document; fields are {}", FIELDS.join(", "))),
        None => Ok(()),
    }
}

impl Rows {
    /// Finds the columns: by the caller's names, else by those of the fields, else within the column `document` that
    /// `isnad.spark` makes. Documents of more than `most` bytes of text are refused. The error says which columns there are.
    pub fn open(batch: &RecordBatch, names: &Names, most: usize) -> Result<Self, String> {
        let whole = batch.column_by_name(WHOLE).filter(|a| matches!(a.data_type(), DataType::Struct(_)));
        let named = names.contains_key(FIELDS[TEXT]) || batch.column_by_name(FIELDS[TEXT]).is_some();
        let whole = whole.filter(|_| !named);
        let find = |name: &str| match whole {
            Some(whole) if name != ERROR => whole.as_struct().column_by_name(name),
            _ => batch.column_by_name(name),
        };
        let open = |name: &str| find(name).map(|a| Column::open(name, a)).transpose();
        let mut columns = [const { None }; FIELDS.len()];
        for (field, column) in FIELDS.iter().zip(&mut columns) {
            let given = names.get(*field);
            let name = match given {
                Some(given) => given,
                None if whole.is_some() && *field == FIELDS[ID] => "document_id",
                None => *field,
            };
            // the id stands beside the document
            let array = if *field == FIELDS[ID] { batch.column_by_name(name) } else { find(name) };
            *column = array.map(|a| Column::open(name, a)).transpose()?;
            if column.is_none() && (given.is_some() || *field == FIELDS[TEXT]) {
                let schema = batch.schema();
                let there: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
                return Err(format!(
                    "there is no column {name:?} (columns are: {}); name it: columns={{{field:?}: \"…\"}}",
                    there.join(", ")
                ));
            }
        }
        // a column of another meaning and type must not be in the way
        let origin = ORIGIN.map(|name| open(name).ok().flatten());
        let made_by = batch.column_by_name(MADE_BY).filter(|a| matches!(a.data_type(), DataType::Struct(_)));
        let made_by = made_by.and_then(|a| {
            let of = |name: &str| a.as_struct().column_by_name(name).and_then(|a| Column::open(name, a).ok());
            Some([of("reader")?, of("weights")?, of("lexicon")?])
        });
        let reading = batch.column_by_name(READING).and_then(|a| Column::open(READING, a).ok());
        let error = batch.column_by_name(ERROR).map(|a| Column::open(ERROR, a)).transpose()?;
        Ok(Self { columns, origin, error, reading, made_by, whole: whole.cloned(), count: batch.num_rows(), most })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn get(&self, field: usize, row: usize) -> Result<Option<Cow<'_, str>>, String> {
        if field != ID && self.whole.as_ref().is_some_and(|w| w.is_null(row)) {
            return Ok(None);
        }
        self.columns[field].as_ref().map_or(Ok(None), |c| c.get(row))
    }

    fn origin(&self, at: usize, row: usize) -> Option<Cow<'_, str>> {
        self.origin[at].as_ref()?.get(row).ok().flatten()
    }

    /// Bytes of a row's text, or none where it has none that can be read.
    pub fn size(&self, row: usize) -> usize {
        self.get(TEXT, row).ok().flatten().map_or(0, |t| t.len())
    }

    /// A row as a document, made as the program makes one of the same JSON object.
    pub fn document(&self, row: usize) -> Result<Document, Bad> {
        let id = self.get(ID, row).ok().flatten().map(Cow::into_owned);
        self.build(row).map_err(|reason| Bad { id, reason })
    }

    fn build(&self, row: usize) -> Result<Document, String> {
        if let Some(column) = &self.error
            && let Some(reason) = column.get(row)?
        {
            return Err(reason.into_owned());
        }
        let text = self.get(TEXT, row)?.ok_or("has no text: it is null")?;
        if text.len() > self.most {
            return Err(format!("is larger than {} bytes, the most that is read as one article; split it", self.most));
        }
        let value = |field| -> Result<Option<String>, String> {
            Ok(self.get(field, row)?.filter(|v| !v.is_empty()).map(Cow::into_owned))
        };
        let title = value(TITLE)?;
        Ok(Document {
            id: value(ID)?.unwrap_or_else(|| content_id(title.as_deref(), &text)),
            title,
            published: value(3)?.map(dated),
            outlet: value(4)?,
            url: value(5)?,
            author: value(6)?,
            language: value(7)?,
            encoding: self.origin(0, row).map(Cow::into_owned),
            source: self.source(row),
            text: text.into_owned(),
        })
    }

    /// Where the document was taken from, where an earlier step tells.
    fn source(&self, row: usize) -> Option<Source> {
        let kind: SourceKind = serde_json::from_value(self.origin(2, row)?.into_owned().into()).ok()?;
        Some(Source { path: self.origin(1, row)?.into_owned(), kind, item: self.origin(3, row)?.parse().ok()? })
    }

    /// blake3 of the raw bytes of the document, where an earlier step tells.
    pub fn raw_hash(&self, row: usize) -> Option<[u8; 32]> {
        Some(blake3::Hash::from_hex(self.origin(4, row)?.as_bytes()).ok()?.into())
    }

    /// The reading that the table keeps of the document.
    pub fn kept(&self, row: usize) -> Option<Kept> {
        let json = self.reading.as_ref()?.get(row).ok().flatten()?.into_owned();
        let part = |c: &Column| c.get(row).ok().flatten().map(Cow::into_owned);
        let by = self.made_by.as_ref().and_then(|[reader, weights, lexicon]| {
            Some(Version { reader: part(reader)?, weights: part(weights)?, lexicon: part(lexicon)? })
        });
        Some(Kept { json, by })
    }

    /// Whether the row tells of a document that was read, but does not hold it.
    pub fn lacks_document(&self, row: usize) -> bool {
        self.whole.as_ref().is_some_and(|w| w.is_null(row))
            && self.error.as_ref().is_none_or(|e| e.get(row).is_ok_and(|e| e.is_none()))
    }
}

/// A date in the form that the reader knows, if it is one; else as it came.
pub fn dated(written: String) -> String {
    if date::parse_date(&written).is_some() {
        return written;
    }
    date::normalise(&written).unwrap_or(written)
}

/// The id of a document that brings none: the same wherever and whenever it is read.
pub fn content_id(title: Option<&str>, text: &str) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(title.unwrap_or_default().as_bytes()).update(b"\0").update(text.as_bytes());
    format!("b3:{}", &hash.finalize().to_hex()[..32])
}
