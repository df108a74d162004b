//! Rows as documents.

use std::collections::HashMap;

use arrow_array::RecordBatch;
use model::Document;

use crate::column::Column;

/// What a document is made of; a table's columns bear these names, or others by the caller's word.
pub const FIELDS: [&str; 8] = ["id", "title", "text", "published", "outlet", "url", "author", "language"];
/// Why an earlier step could make no document of a row: handed through.
pub const ERROR: &str = "error";

/// The caller's names of columns, by field.
pub type Names = HashMap<String, String>;

/// A batch whose columns are known.
pub struct Input {
    columns: [Option<Column>; FIELDS.len()],
    error: Option<Column>,
    rows: usize,
    most: usize,
}

/// A row without a document.
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

impl Input {
    /// Finds the columns. Documents of more than `most` bytes of text are refused.
    pub fn open(batch: &RecordBatch, names: &Names, most: usize) -> Result<Self, String> {
        let find = |name: &str| {
            let array = batch.column_by_name(name);
            array.map(|a| Column::open(name, a)).transpose()
        };
        let mut columns = [const { None }; FIELDS.len()];
        for (field, column) in FIELDS.iter().zip(&mut columns) {
            let given = names.get(*field);
            *column = find(given.map_or(*field, String::as_str))?;
            if column.is_none() && (given.is_some() || *field == "text") {
                let schema = batch.schema();
                let there: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
                let name = given.map_or(*field, String::as_str);
                return Err(format!(
                    "there is no column {name:?} (columns are: {}); name it: columns={{{field:?}: \"…\"}}",
                    there.join(", ")
                ));
            }
        }
        Ok(Self { columns, error: find(ERROR)?, rows: batch.num_rows(), most })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    fn get(&self, field: usize, row: usize) -> Result<Option<std::borrow::Cow<'_, str>>, String> {
        self.columns[field].as_ref().map_or(Ok(None), |c| c.get(row))
    }

    /// Bytes of a row's text, or none where it has none that can be read.
    pub fn size(&self, row: usize) -> usize {
        self.get(2, row).ok().flatten().map_or(0, |t| t.len())
    }

    /// A row as a document, made as the program makes one of the same JSON object.
    pub fn document(&self, row: usize) -> Result<Document, Bad> {
        let id = self.get(0, row).ok().flatten().map(std::borrow::Cow::into_owned);
        self.build(row).map_err(|reason| Bad { id, reason })
    }

    fn build(&self, row: usize) -> Result<Document, String> {
        if let Some(column) = &self.error
            && let Some(reason) = column.get(row)?
        {
            return Err(reason.into_owned());
        }
        let text = self.get(2, row)?.ok_or("has no text: it is null")?;
        if text.len() > self.most {
            return Err(format!("is larger than {} bytes, the most that is read as one article; split it", self.most));
        }
        let value = |field| -> Result<Option<String>, String> {
            Ok(self.get(field, row)?.filter(|v| !v.is_empty()).map(std::borrow::Cow::into_owned))
        };
        let title = value(1)?;
        Ok(Document {
            id: value(0)?.unwrap_or_else(|| content_id(title.as_deref(), &text)),
            title,
            published: value(3)?.map(dated),
            outlet: value(4)?,
            url: value(5)?,
            author: value(6)?,
            language: value(7)?,
            encoding: None,
            source: None,
            text: text.into_owned(),
        })
    }
}

/// A date in the form that the reader knows, if it is one; else as it came.
pub fn dated(written: String) -> String {
    if intake::parse_date(&written).is_some() {
        return written;
    }
    intake::date::normalise(&written).unwrap_or(written)
}

/// The id of a document that brings none: the same wherever and whenever it is read.
pub fn content_id(title: Option<&str>, text: &str) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(title.unwrap_or_default().as_bytes()).update(b"\0").update(text.as_bytes());
    format!("b3:{}", &hash.finalize().to_hex()[..32])
}
