//! Parquet: tables of articles, and what the job on Spark writes.
#![cfg(feature = "parquet")]

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, Int64Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field, Fields, Schema};
use intake::{Counter, Prepared, Skip, Sources, find};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn structure(columns: Vec<(&str, ArrayRef)>, there: Vec<bool>) -> ArrayRef {
    let fields: Fields = columns.iter().map(|(n, a)| Field::new(*n, a.data_type().clone(), true)).collect();
    Arc::new(StructArray::new(fields, columns.into_iter().map(|c| c.1).collect(), Some(there.into())))
}

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>, compression: Compression) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let fields: Fields = columns.iter().map(|(n, a)| Field::new(*n, a.data_type().clone(), true)).collect();
    let batch =
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|c| c.1).collect()).unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn read(path: &Path, columns: Option<&str>) -> Vec<Result<Prepared, Skip>> {
    let sources = Sources::new(columns.map(|c| c.parse().unwrap()), false, intake::web::Rules::default());
    let mut out = Vec::new();
    sources.each(find(&[path.to_path_buf()]), &Counter::default(), &mut |item| {
        out.push(item.and_then(|i| i.prepare(None)));
        true
    });
    out
}

fn told(read: &Result<Prepared, Skip>) -> String {
    match read {
        Ok(p) => format!("{}|{}|{}", p.document.id, p.document.title.as_deref().unwrap_or("-"), p.document.text),
        Err(skip) => format!("! {skip}"),
    }
}

#[test]
fn tables_of_articles_are_read_in_any_compression() {
    let dir = tempfile::tempdir().unwrap();
    for (n, compression) in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
    ]
    .into_iter()
    .enumerate()
    {
        let path = dir.path().join(format!("{n}.parquet"));
        let columns = vec![
            ("id", texts(&[Some("a"), Some("b")])),
            ("headline", texts(&[Some("عنوان"), None])),
            ("body", texts(&[Some("وصل الوزير."), None])),
        ];
        write(&path, columns, compression);
        let read = read(&path, None);
        assert_eq!(told(&read[0]), "a|عنوان|وصل الوزير.");
        assert_eq!(told(&read[1]), format!("! {}, row 2: has no text: it is null", path.display()));
        assert_eq!(read.len(), 2);
        let source = read[0].as_ref().unwrap().document.source.clone().unwrap();
        assert_eq!((source.kind, source.item), (model::SourceKind::Parquet, 0));
    }
}

#[test]
fn columns_may_be_bytes_and_called_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.parquet");
    let bytes: ArrayRef = Arc::new(BinaryArray::from_opt_vec(vec![Some("نص".as_bytes()), Some(b"caf\xe9")]));
    write(&path, vec![("n", Arc::new(Int64Array::from(vec![7, 8]))), ("x", bytes)], Compression::SNAPPY);
    let got = read(&path, Some("text=x,id=n"));
    assert_eq!(told(&got[0]), "7|-|نص");
    assert!(told(&got[1]).contains("not UTF-8 (at byte 3)"), "{}", told(&got[1]));
    let got = read(&path, None);
    assert!(
        told(&got[0]).contains("no column of it is known to hold the text; its columns are \"n\", \"x\""),
        "{}",
        told(&got[0])
    );
}

/// A step as the job writes one: three documents, of which one bears no reading, and one that could not be read.
fn step(lake: &Path, name: &str, id: &str) {
    let reading = format!(r#"{{"id":"{id}","entities":[],"statements":[],"events":[],"cameo":"010"}}"#);
    let document = |text: &str| {
        structure(
            vec![
                ("title", texts(&[Some("عنوان"), None, None])),
                ("text", texts(&[Some(text), Some("ثان"), Some("ثالث")])),
                ("source_path", texts(&[Some("dump.warc.gz"), None, None])),
                ("source_kind", texts(&[Some("warc"), None, None])),
                ("source_item", texts(&[Some("12"), None, None])),
                ("source_hash", texts(&[Some(&"0a".repeat(32)), None, None])),
            ],
            vec![true; 3],
        )
    };
    let version = structure(
        vec![
            ("reader", texts(&[Some("0.0.1"), None, None])),
            ("weights", texts(&[Some("w"), None, None])),
            ("lexicon", texts(&[Some("l+o"), None, None])),
        ],
        vec![true, false, false],
    );
    let folder = lake.join(format!("step={name}"));
    let columns = vec![
        ("event_id", texts(&[None; 3])),
        ("document_id", texts(&[Some(id), Some("y"), Some("z")])),
        ("error", texts(&[None; 3])),
        ("reading", texts(&[Some(&reading), Some("{}"), None])),
        ("document", document("نص")),
        ("made_by", version),
    ];
    write(&folder.join("part=documents/month=all/a.parquet"), columns, Compression::SNAPPY);
    let nothing = structure(vec![("text", texts(&[None]))], vec![false]);
    let columns = vec![
        ("event_id", texts(&[None])),
        ("document_id", texts(&[Some("bad")])),
        ("error", texts(&[Some("dump.jsonl, line 3: is not JSON")])),
        ("document", nothing),
    ];
    write(&folder.join("part=errors/month=all/a.parquet"), columns, Compression::SNAPPY);
    let claims = vec![("event_id", texts(&[Some("e")])), ("document_id", texts(&[Some(id)]))];
    write(&folder.join("part=claims/month=2021-03/a.parquet"), claims, Compression::SNAPPY);
}

#[test]
fn what_spark_wrote_comes_with_its_readings_and_faults() {
    let dir = tempfile::tempdir().unwrap();
    let lake = dir.path();
    step(lake, "1", "x");
    step(lake, "2", "cut off");
    fs::create_dir(lake.join("_steps")).unwrap();
    fs::write(lake.join("_steps/1.json"), "{}").unwrap();
    let read = read(lake, None);
    let all: Vec<String> = read.iter().map(told).collect();
    assert_eq!(all[..3], ["x|عنوان|نص", "y|-|ثان", "z|-|ثالث"]);
    assert!(all[3].ends_with("row 1: dump.jsonl, line 3: is not JSON"), "{}", all[3]);
    assert_eq!(all.len(), 4, "{all:#?}");
    let first = read[0].as_ref().unwrap();
    let (kept, source) = (first.read.as_ref().unwrap(), first.document.source.as_ref().unwrap());
    assert_eq!((kept.reading.id.as_str(), kept.by.lexicon.as_str()), ("x", "l+o"));
    assert_eq!((source.path.as_str(), source.item, first.raw_hash), ("dump.warc.gz", 12, [10; 32]));
    // a reading that cannot be used is told; its document is there all the same
    let second = read[1].as_ref().unwrap();
    assert!(second.read.is_none() && second.flaws[0].to_string().contains("it is read again"), "{:?}", second.flaws);
    assert!(read[2].as_ref().unwrap().flaws.is_empty());
}

#[test]
fn a_date_of_the_user_makes_a_stored_reading_useless() {
    let dir = tempfile::tempdir().unwrap();
    step(dir.path(), "1", "x");
    let path = dir.path().join("step=1/part=documents");
    Sources::default().each(find(&[path]), &Counter::default(), &mut |item| {
        assert!(item.unwrap().prepare(Some("2021-03-09")).unwrap().read.is_none());
        true
    });
}

#[test]
fn what_is_no_table_of_articles_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let one = |path: &Path| {
        let read = read(path, None);
        assert_eq!(read.len(), 1);
        told(&read[0])
    };
    write(&at("claims.parquet"), vec![("event_id", texts(&[Some("e")]))], Compression::SNAPPY);
    assert!(one(&at("claims.parquet")).contains("holds claims, not articles"));
    // the job was run without --readings
    let columns = vec![
        ("document_id", texts(&[Some("a"), Some("b")])),
        ("error", texts(&[None, None])),
        ("document", structure(vec![("text", texts(&[None, None]))], vec![false, false])),
    ];
    write(&at("bare.parquet"), columns, Compression::SNAPPY);
    assert!(one(&at("bare.parquet")).contains("--readings"));
    let lists: ArrayRef = Arc::new(ListArray::new_null(Arc::new(Field::new("item", DataType::Utf8, true)), 1));
    write(&at("lists.parquet"), vec![("text", lists)], Compression::SNAPPY);
    assert!(one(&at("lists.parquet")).contains("not text; cast it"));
    fs::write(at("empty.parquet"), "").unwrap();
    fs::write(at("text.parquet"), "نص عادي").unwrap();
    for name in ["empty.parquet", "text.parquet"] {
        assert!(one(&at(name)).contains("cannot be read as Parquet"), "{}", one(&at(name)));
    }
    // under another name it is known by how it begins; through a pipe or packed it cannot be read
    fs::copy(at("claims.parquet"), at("claims.txt")).unwrap();
    assert!(one(&at("claims.txt")).contains("holds claims"));
    let bytes = fs::read(at("claims.parquet")).unwrap();
    let streamed = intake::parts::read("claims.parquet", &bytes);
    assert!(told(&streamed[0]).contains("file of its own"), "{}", told(&streamed[0]));
}

#[test]
fn damaged_files_are_told_and_never_panic() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.parquet");
    step(dir.path(), "1", "x");
    let whole = fs::read(dir.path().join("step=1/part=documents/month=all/a.parquet")).unwrap();
    // with a bit changed here and there, and cut off
    for n in (0..whole.len()).step_by(13) {
        let mut bytes = whole.clone();
        bytes[n] ^= 1 << (n % 8);
        if n % 5 == 0 {
            bytes.truncate(n);
        }
        fs::write(&path, &bytes).unwrap();
        // whatever comes of it, it comes
        read(&path, None);
    }
}
