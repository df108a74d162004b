//! One Parquet file through Arrow: a row an event, with lists of participants, things and links inside the row.

use std::io::Write;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;

use super::{Done, Layout};
use crate::arrow::{Claims, schema};
use crate::claim::{Article, Claim};
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

pub(super) struct Parquet<W: Write + Send> {
    writer: ArrowWriter<W>,
    claims: Claims,
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
            writer: ArrowWriter::try_new(writer, schema(), Some(properties))?,
            claims: Claims::default(),
            records: 0,
        })
    }

    fn write(&mut self) -> Result<(), ExportError> {
        if self.claims.is_empty() {
            return Ok(());
        }
        self.writer.write(&self.claims.finish()?)?;
        self.writer.flush()?;
        Ok(())
    }
}

impl<W: Write + Send> Layout<W> for Parquet<W> {
    fn claim(&mut self, _: &Article<'_>, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        self.claims.push(claim);
        self.records += 1;
        if self.claims.len() >= GROUP || self.claims.bytes() >= BYTES {
            self.write()?;
        }
        Ok(None)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Done<W>>, ExportError> {
        self.write()?;
        Ok(vec![Done { writer: self.writer.into_inner()?, records: self.records }])
    }
}
