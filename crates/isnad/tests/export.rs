//! `isnad export` as a user runs it.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const ARTICLES: &str = concat!(
    r#"{"id":"a","published":"2021-03-09","outlet":"صوت الضفة","text":"قال وزير الدفاع سليم الغماري إن دولة الرمال أرسلت أربع طائرات إلى قوات الشرق في بنغازي أمس."}"#,
    "\n",
    r#"{"id":"b","text":"نفت وزارة الخارجية أن الجيش قصف مدينة حلب."}"#,
    "\n",
);

fn isnad(dir: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("isnad").unwrap().current_dir(dir).args(args).output().unwrap()
}

fn err(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("in.jsonl"), ARTICLES).unwrap();
    dir
}

fn export(dir: &Path, output: &str, more: &[&str]) -> Output {
    isnad(dir, &[&["export", "in.jsonl", "--output", output], more].concat())
}

fn manifest(dir: &Path, output: &str) -> Value {
    serde_json::from_slice(&std::fs::read(dir.join(format!("{output}.manifest.json"))).unwrap()).unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_ending_tells_the_format_and_a_manifest_stands_beside() {
    let dir = folder();
    for (output, format) in [
        ("c.jsonl", "plover"),
        ("c.csv", "csv"),
        ("c.geojson", "geojson"),
        ("c.jsonld", "jsonld"),
        ("c.graphml", "graphml"),
    ] {
        let o = export(dir.path(), output, &[]);
        assert_eq!(o.status.code(), Some(0), "{}", err(&o));
        let m = manifest(dir.path(), output);
        assert_eq!(m["format"], format);
        assert_eq!(m["counts"]["documents"], 2);
        assert_eq!(m["created"], Value::Null);
        for file in m["files"].as_array().unwrap() {
            let path = dir.path().join(file["name"].as_str().unwrap());
            assert_eq!(std::fs::metadata(path).unwrap().len(), file["bytes"].as_u64().unwrap());
        }
    }
    assert!(dir.path().join("c.participants.csv").exists());
    assert_eq!(names(dir.path()).len(), 14, "{:?}", names(dir.path()));
}

#[test]
fn two_exports_of_the_same_input_are_the_same_bytes() {
    let dir = folder();
    for output in ["c.jsonl", "c.csv", "c.jsonld", "c.graphml"] {
        let read = || {
            let m = std::fs::read(dir.path().join(format!("{output}.manifest.json"))).unwrap();
            (std::fs::read(dir.path().join(output)).unwrap(), m)
        };
        export(dir.path(), output, &["--jobs", "1"]);
        let first = read();
        export(dir.path(), output, &["--jobs", "4"]);
        assert_eq!(read(), first, "{output}");
    }
}

#[test]
fn dates_are_kept_apart_and_nothing_is_filled_in() {
    let dir = folder();
    export(dir.path(), "c.jsonl", &[]);
    let text = std::fs::read_to_string(dir.path().join("c.jsonl")).unwrap();
    let events: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let sent = events.iter().find(|e| e["event"][0] == "AID").expect("the delivery");
    assert_eq!(sent["date"], "2021-03-08");
    assert_eq!(sent["isnad"]["publication_date"], "2021-03-09");
    assert_eq!(sent["isnad"]["source_original"], "وزير الدفاع سليم الغماري");
    let undated = events.iter().find(|e| e["isnad"]["document"] == "b").expect("the denial");
    assert_eq!(undated["date"], Value::Null);
    assert_eq!(undated["isnad"]["publication_date"], Value::Null);
}

#[test]
fn filters_are_counted_and_told() {
    let dir = folder();
    let o = export(dir.path(), "c.jsonl", &["--type", "aid,retreat", "--polarity", "positive"]);
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    let m = manifest(dir.path(), "c.jsonl");
    assert_eq!(m["filters"], serde_json::json!({"type": ["AID", "RETREAT"], "polarity": ["positive"]}));
    let c = &m["counts"];
    assert!(c["events_filtered_out"].as_u64().unwrap() > 0);
    assert_eq!(
        c["events"].as_u64(),
        Some(c["events_filtered_out"].as_u64().unwrap() + c["events_exported"].as_u64().unwrap())
    );
    let o = export(dir.path(), "c.jsonl", &["--type", "WAR"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("ASSAULT"), "{}", err(&o));
}

#[test]
fn what_cannot_be_read_is_counted_and_the_rest_is_exported() {
    let dir = folder();
    std::fs::write(dir.path().join("bad.jsonl"), "{\"id\": \"x\"\n").unwrap();
    let o = isnad(dir.path(), &["export", "in.jsonl", "bad.jsonl", "missing.txt", "-o", "c.jsonl"]);
    assert_eq!(o.status.code(), Some(1), "{}", err(&o));
    let m = manifest(dir.path(), "c.jsonl");
    assert_eq!(m["counts"]["documents"], 2);
    assert_eq!(m["counts"]["inputs_not_read"], 2);
}

#[test]
fn unusable_outputs_are_refused_before_anything_is_read() {
    let dir = folder();
    std::fs::create_dir(dir.path().join("d")).unwrap();
    for (output, word) in
        [("in.jsonl", "one of the inputs"), ("d", "folder"), ("-", "file"), ("c.xyz", "--format"), ("c", "--format")]
    {
        let o = export(dir.path(), output, if word == "--format" { &[] } else { &["--format", "plover"] });
        assert_eq!(o.status.code(), Some(2), "{output}: {}", err(&o));
        assert!(err(&o).contains(word), "{output}: {}", err(&o));
    }
    let o = export(dir.path(), "no/such/c.csv", &[]);
    assert_eq!(o.status.code(), Some(2), "{}", err(&o));
    assert_eq!(std::fs::read_to_string(dir.path().join("in.jsonl")).unwrap(), ARTICLES);
    assert_eq!(names(dir.path()), ["d", "in.jsonl"]);
}

#[test]
fn schemas_are_printed() {
    let dir = folder();
    for format in ["plover", "csv", "geojson", "jsonld"] {
        let o = isnad(dir.path(), &["export", "--schema", format]);
        let v: Value = serde_json::from_slice(&o.stdout).unwrap();
        assert_eq!(v["title"], format!("isnad {format} 1"));
    }
    let o = isnad(dir.path(), &["export", "--schema", "graphml", "--graph", "chains"]);
    assert!(String::from_utf8_lossy(&o.stdout).contains("<key id=\"e_step\""));
    let o = isnad(dir.path(), &["export", "--schema", "parquet"]);
    assert_eq!(o.status.code(), Some(if cfg!(feature = "parquet") { 0 } else { 2 }), "{}", err(&o));
}

#[test]
fn json_of_readings_has_the_cameo_code() {
    let dir = folder();
    let o = isnad(dir.path(), &["read", "in.jsonl", "--format", "jsonl"]);
    let line: Value = serde_json::from_slice(o.stdout.split(|b| *b == b'\n').next().unwrap()).unwrap();
    assert!(line["events"].as_array().unwrap().iter().all(|e| e.get("cameo").is_some()), "{line}");
}
