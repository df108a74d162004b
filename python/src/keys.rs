//! Keys that an engine for tables joins on, so that near-copies and happenings need no comparison of all with all.

use std::sync::Arc;

use arrow_array::builder::{Int32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use assembly::Pool;

use crate::batch::{Failure, Plan, each_block};
use intake::columnar::Rows;
use model::Version;

fn list(kind: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", kind, true)))
}

fn schema(fields: [(&str, DataType, &str); 4]) -> SchemaRef {
    let field = |(name, kind, about): (&str, DataType, &str)| {
        Field::new(name, kind, true).with_metadata([("description".to_string(), about.to_string())].into())
    };
    Arc::new(Schema::new(fields.map(field).to_vec()))
}

/// A row a document.
pub fn story_schema() -> SchemaRef {
    schema([
        ("document_id", DataType::Utf8, "the document"),
        ("bands", list(DataType::Int64), "MinHash bands: near-copies share one of their 28 with probability 0.999"),
        ("shingles", list(DataType::Int32), "hashes of 4-word shingles, ascending; the 1,536 lowest of a longer text"),
        ("shingle_count", DataType::Int32, "how many different shingles the text has"),
    ])
}

/// A row a claim.
pub fn happening_schema() -> SchemaRef {
    schema([
        ("event_id", DataType::Utf8, "the claim, as in the table of claims"),
        ("document_id", DataType::Utf8, "the document"),
        ("keys", list(DataType::Int64), "keys of the claim on its own day"),
        ("keys_around", list(DataType::Int64), "the same keys on its own day and two days before and after"),
    ])
}

/// Keys of stories. Documents that cannot be read have no row.
pub fn stories(data: Box<dyn RecordBatchReader + Send>, plan: &Plan) -> Result<Vec<RecordBatch>, Failure> {
    each_block(data, &plan.names, plan.most, plan.jobs, || {
        |input: &Rows, rows: std::ops::Range<usize>, _: usize| -> Result<RecordBatch, Failure> {
            let mut id = StringBuilder::new();
            let mut bands = ListBuilder::new(Int64Builder::new());
            let mut shingles = ListBuilder::new(Int32Builder::new());
            let mut count = Int32Builder::new();
            for document in rows.filter_map(|row| input.document(row).ok()) {
                let sketched = trace::sketch::sketch(&document.whole());
                id.append_value(&document.id);
                bands.append_value(sketched.bands.iter().map(|b| Some(*b as i64)));
                shingles.append_value(sketched.sketch.values().map(|v| Some(v as i32)));
                count.append_value(sketched.sketch.len() as i32);
            }
            Ok(RecordBatch::try_new(
                story_schema(),
                vec![
                    Arc::new(id.finish()),
                    Arc::new(bands.finish()),
                    Arc::new(shingles.finish()),
                    Arc::new(count.finish()),
                ],
            )?)
        }
    })
}

/// Keys of happenings: reads the documents, but for those whose reading of this `version` the table holds. Those that cannot be
/// read have no rows.
pub fn happenings(
    pool: &Pool,
    version: &Version,
    data: Box<dyn RecordBatchReader + Send>,
    plan: &Plan,
) -> Result<Vec<RecordBatch>, Failure> {
    each_block(data, &plan.names, plan.most, plan.jobs, || {
        let mut reader = pool.lend();
        move |input: &Rows, rows: std::ops::Range<usize>, _: usize| -> Result<RecordBatch, Failure> {
            let mut out = Happenings::default();
            for row in rows {
                let Ok(document) = input.document(row) else { continue };
                let kept = input.kept(row).filter(|kept| kept.by.as_ref() == Some(version));
                let kept = kept.and_then(|kept| serde_json::from_str(&kept.json).ok());
                let reading = kept.map_or_else(|| reader.with(&document, reader::Reader::read), Ok);
                if let Ok(reading) = reading {
                    out.add(&document, &reading);
                }
            }
            Ok(out.finish()?)
        }
    })
}

#[derive(Default)]
struct Happenings {
    event: StringBuilder,
    document: StringBuilder,
    own: ListBuilder<Int64Builder>,
    around: ListBuilder<Int64Builder>,
}

impl Happenings {
    fn add(&mut self, document: &model::Document, reading: &model::Reading) {
        let article = trace::claim::Article { number: 1, document, source_id: None, reading, outlet_key: None };
        let whole = document.whole();
        let named = export::claim::Article::new(export::Record { document, reading }, &whole);
        for (claim, (_, named)) in trace::claim::claims(article).iter().zip(named.claims()) {
            self.event.append_value(named.id);
            self.document.append_value(&document.id);
            let keys = |around| trace::happenings::keys(claim, around).into_iter().map(|k| Some(k as i64));
            self.own.append_value(keys(false));
            self.around.append_value(keys(true));
        }
    }

    fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_new(
            happening_schema(),
            vec![
                Arc::new(self.event.finish()),
                Arc::new(self.document.finish()),
                Arc::new(self.own.finish()),
                Arc::new(self.around.finish()),
            ],
        )
    }
}
