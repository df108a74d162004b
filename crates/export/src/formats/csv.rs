//! Tables after RFC 4180: UTF-8, a head line, CRLF, quotes where needed.
//!
//! Spreadsheets take cells for formulas that begin with certain characters: such a cell of text gets an apostrophe before
//! it, and so does one that begins with an apostrophe, so that taking one away always gives the words back.

use std::borrow::Cow;
use std::io::Write;

use super::{Done, Layout};
use crate::ExportError;
use crate::claim::{Article, Claim};
use crate::table::{self, TABLES, Value};

pub(super) struct Csv<W: Write> {
    tables: Vec<(csv::Writer<W>, u64)>,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(writers: Vec<W>) -> Result<Self, ExportError> {
        let tables = writers
            .into_iter()
            .zip(TABLES)
            .map(|(w, table)| {
                let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(w);
                writer.write_record(table.columns.iter().map(|c| c.name))?;
                Ok((writer, 0))
            })
            .collect::<Result<_, ExportError>>()?;
        Ok(Self { tables })
    }
}

impl<W: Write> Layout<W> for Csv<W> {
    fn claim(&mut self, _: &Article<'_>, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        for ((writer, records), table) in self.tables.iter_mut().zip(TABLES) {
            for n in 0..(table.rows)(claim) {
                for column in table.columns {
                    match (column.get)(claim, n) {
                        Value::None => writer.write_field("")?,
                        Value::Text(t) => writer.write_field(guarded(&t).as_ref())?,
                        Value::Int(i) => writer.write_field(i.to_string())?,
                        Value::Float(f) => writer.write_field(f.to_string())?,
                        Value::Day(d) => writer.write_field(d.to_string())?,
                        Value::Bool(b) => writer.write_field(if b { "true" } else { "false" })?,
                    }
                }
                writer.write_record(None::<&[u8]>)?;
                *records += 1;
            }
        }
        Ok(None)
    }

    fn finish(self: Box<Self>) -> Result<Vec<Done<W>>, ExportError> {
        self.tables
            .into_iter()
            .map(|(writer, records)| {
                let writer = writer.into_inner().map_err(|e| ExportError::Io(e.into_error()))?;
                Ok(Done { writer, records })
            })
            .collect()
    }
}

/// Text that no spreadsheet takes for a formula and no reader for the end of a file.
fn guarded(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠']);
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if !formula && !text.contains(control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 1);
    if formula {
        out.push('\'');
    }
    out.extend(text.chars().map(|c| if control(c) { char::REPLACEMENT_CHARACTER } else { c }));
    Cow::Owned(out)
}

pub(super) fn schema() -> serde_json::Value {
    let tables: serde_json::Map<String, serde_json::Value> =
        TABLES.iter().map(|t| (t.name.to_string(), table::json_schema(t))).collect();
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "isnad csv 1",
        "description": "One definition a table: the row as an object. An empty cell is null: not stated.",
        "$defs": tables,
        "$ref": "#/$defs/events",
    })
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn formulas_are_disarmed_and_words_come_back() {
        for text in ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "'=1", "'", "＝1"] {
            let cell = guarded(text);
            assert_eq!(cell.strip_prefix('\''), Some(text));
        }
        for text in ["", "أ=1", "5-3", "«-»"] {
            assert_eq!(guarded(text), text);
        }
        assert_eq!(guarded("a\0b\u{1b}"), "a\u{fffd}b\u{fffd}");
    }
}
