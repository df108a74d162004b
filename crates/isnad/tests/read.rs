//! The program as a user runs it: inputs of every form in, readings out.

use std::io::Write;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const ARTICLE: &str = "قال وزير الدفاع سليم الغماري إن الجيش تسلم أربع طائرات من دولة الرمال.\n";

fn isnad(args: &[&str], stdin: &[u8]) -> Output {
    Command::cargo_bin("isnad").unwrap().args(args).write_stdin(stdin).output().unwrap()
}

fn in_dir(dir: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("isnad").unwrap().current_dir(dir).args(args).output().unwrap()
}

fn out(o: &Output) -> String {
    String::from_utf8(o.stdout.clone()).unwrap()
}

fn err(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

fn lines(o: &Output) -> Vec<Value> {
    out(o).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn ids(o: &Output) -> Vec<String> {
    lines(o).iter().map(|v| v["id"].as_str().unwrap().to_string()).collect()
}

fn record(id: &str, text: &str) -> String {
    serde_json::json!({"id": id, "text": text}).to_string()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    e.write_all(bytes).unwrap();
    e.finish().unwrap()
}

#[test]
fn one_article_is_an_object_several_are_an_array() {
    let o = isnad(&["read", "--format", "json"], ARTICLE.as_bytes());
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    let v: Value = serde_json::from_str(&out(&o)).unwrap();
    assert_eq!(v["id"], "stdin");
    for field in ["entities", "statements", "events"] {
        assert!(v[field].is_array(), "{field}");
    }
    let two = format!("[{},\n{}]", record("x", ARTICLE), record("y", ARTICLE));
    let v: Value = serde_json::from_str(&out(&isnad(&["read", "--format", "json", "-"], two.as_bytes()))).unwrap();
    assert_eq!(v.as_array().unwrap().len(), 2);
    assert_eq!(v[1]["id"], "y");
    assert_eq!(out(&isnad(&["read", "--format", "json"], b"[]")).trim(), "[]");
}

#[test]
fn spans_are_code_points_inside_the_text() {
    let text = format!("\u{feff}😀 {ARTICLE}");
    let o = isnad(&["read", "--format", "jsonl", "--with-text"], text.as_bytes());
    let v = &lines(&o)[0];
    assert_eq!(v["text"], text.as_str());
    let n = text.chars().count() as u64;
    let mentions = v["entities"].as_array().unwrap().iter().flat_map(|e| e["mentions"].as_array().unwrap());
    let triggers = v["events"].as_array().unwrap().iter().map(|e| &e["trigger"]);
    for s in mentions.chain(triggers) {
        let (a, b) = (s[0].as_u64().unwrap(), s[1].as_u64().unwrap());
        assert!(a < b && b <= n, "{s}");
    }
}

#[test]
fn files_folders_and_compressed_ones_keep_order_and_ids() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("news/a.v2.txt", ARTICLE.as_bytes());
    write("news/a.v2.meta.json", br#"{"published": "2021-03-09"}"#);
    write("news/b.txt.gz", &gz(ARTICLE.as_bytes()));
    write("news/c.json", record("own-id", ARTICLE).as_bytes());
    let many: String = (0..300).map(|i| record(&format!("n{i:03}"), ARTICLE) + "\n").collect();
    write("news/d.jsonl.gz", &gz(many.as_bytes()));
    write("news/e/page.html", format!("<html><title>عنوان</title><body><p>{ARTICLE}</p></body></html>").as_bytes());
    let mut want: Vec<String> = ["a.v2", "b", "own-id"].map(String::from).to_vec();
    want.extend((0..300).map(|i| format!("n{i:03}")));
    want.push("page".into());
    let one = in_dir(dir.path(), &["read", "--format", "jsonl", "--jobs", "1", "news"]);
    let many = in_dir(dir.path(), &["read", "--format", "jsonl", "--jobs", "4", "news"]);
    assert_eq!(ids(&one), want);
    assert_eq!(out(&one), out(&many), "the number of threads must not show");
    let page = lines(&one).pop().unwrap();
    assert!(page["text"].as_str().unwrap().starts_with("عنوان\nقال وزير"), "{page}");
    let o = in_dir(dir.path(), &["read", "--format", "json", "--output", "made/", "news"]);
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    let made: Value = serde_json::from_slice(&std::fs::read(dir.path().join("made/n299.json")).unwrap()).unwrap();
    assert_eq!(made["id"], "n299");
    assert_eq!(std::fs::read_dir(dir.path().join("made")).unwrap().count(), want.len());
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).unwrap();
    write("1.txt", b"");
    write("2.txt", &[0, 1, 2, 3, 0, 0, 0, 255, 254, 0, 7]);
    write("3.txt", b"The minister said on Monday that the army had received four aircraft from abroad.");
    write("4.txt", &[ARTICLE.as_bytes(), &[0xff], ARTICLE.as_bytes()].concat());
    write(
        "5.jsonl",
        format!("{}\n{{broken\n{{\"id\": \"no-text\"}}\n{}\n", record("ok", ARTICLE), record("last", ARTICLE))
            .as_bytes(),
    );
    write("6.json.gz", &gz(record("z", ARTICLE).as_bytes())[..40]);
    write("7.txt", b"%PDF-1.4 not text at all");
    write("8.txt", ARTICLE.as_bytes());
    let o = in_dir(dir.path(), &["read", "--format", "jsonl", ".", "nowhere.txt"]);
    assert_eq!(o.status.code(), Some(1), "{}", err(&o));
    assert_eq!(ids(&o), ["1", "3", "4", "ok", "last", "8"]);
    let told = err(&o);
    for part in [
        "1.txt: is empty",
        "2.txt: is binary",
        "4.txt: 1 damaged",
        "5.jsonl, line 2: is not JSON",
        "5.jsonl, line 3: has no \"text\"",
        "6.json.gz",
        "7.txt: is a PDF file",
        "nowhere.txt: cannot be read",
    ] {
        assert!(told.contains(part), "{part:?} is missing in\n{told}");
    }
    assert!(!told.contains("panicked"), "{told}");
    for v in &lines(&o)[..2] {
        assert_eq!(v["events"], serde_json::json!([]));
        assert_ne!(v["language"], "ar");
    }
}

#[test]
fn other_encodings_are_read_and_told() {
    let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(ARTICLE);
    let o = isnad(&["read", "--format", "jsonl", "--with-text"], &bytes);
    assert_eq!(lines(&o)[0]["text"], ARTICLE);
    assert!(err(&o).contains("read as windows-1256"), "{}", err(&o));
    let units: Vec<u8> = format!("\u{feff}{ARTICLE}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let o = isnad(&["read", "--format", "jsonl", "--with-text"], &units);
    assert!(lines(&o)[0]["text"].as_str().unwrap().ends_with(ARTICLE));
}

#[test]
fn hostile_texts_neither_panic_nor_stop_the_others() {
    let long = ARTICLE.trim().repeat(3000);
    let texts: Vec<String> = vec![
        "«".repeat(2000),
        "“قال «الوزير (إن ”الجيش\" … ‘لم».".into(),
        "\u{202e}قال\u{202c} الوزير\u{0} إن \u{7}الجيش\u{1b}[2J".into(),
        "ا".repeat(100_000),
        "و".repeat(5000) + " " + &"ال".repeat(5000),
        "١٢٣٤٥٦٧٨٩٠".repeat(2000),
        "ألف ".repeat(3000),
        "\u{64b}\u{640}".repeat(3000),
        ". ؟ ! … ، ؛".repeat(500),
        "\n".repeat(10_000),
        "\u{10ffff}\u{fffd}\u{fdfa}ﷺﷲ".into(),
        long,
    ];
    let mut input: String = texts.iter().enumerate().map(|(i, t)| record(&format!("t{i}"), t) + "\n").collect();
    input.push_str("{\"id\": \"half\", \"text\": \"قال \\ud800 الوزير \\udc00\"}\n");
    let o = isnad(&["read", "--format", "jsonl", "--explain"], input.as_bytes());
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    assert_eq!(lines(&o).len(), texts.len() + 1);
    assert!(err(&o).contains("2 lone surrogates"), "{}", err(&o));
    for format in ["table", "html"] {
        let o = isnad(&["read", "--format", format], input.as_bytes());
        assert_eq!(o.status.code(), Some(0), "{format}: {}", err(&o));
        assert!(!out(&o).contains(['\u{1b}', '\u{202e}']), "{format} lets escapes or overrides through");
    }
}

#[test]
fn a_very_long_line_is_read() {
    let text = ARTICLE.trim().repeat(5 * 1024 * 1024 / ARTICLE.len());
    let o = isnad(&["read", "--format", "jsonl", "--quiet"], text.as_bytes());
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    assert_eq!(lines(&o).len(), 1);
}

#[test]
fn a_page_is_self_contained_and_escaped() {
    let nasty = record("<img src=x onerror=alert(1)>", &format!("<script>alert(1)</script> & {ARTICLE}"));
    let o = isnad(&["read", "--format", "html"], nasty.as_bytes());
    let page = out(&o);
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.contains("dir=\"rtl\""));
}

#[test]
fn tables_name_the_article() {
    let o = isnad(&["read", "--format", "table", "--plain"], ARTICLE.as_bytes());
    assert!(out(&o).contains("━━ stdin") && out(&o).contains("قال وزير الدفاع"), "{}", out(&o));
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("isnad"))
        .args(["read", "--format", "jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for i in 0..2000 {
        if stdin.write_all((record(&i.to_string(), ARTICLE) + "\n").as_bytes()).is_err() {
            break;
        }
    }
    drop(stdin);
    let o = child.wait_with_output().unwrap();
    assert_eq!(o.status.code(), Some(0), "{}", String::from_utf8_lossy(&o.stderr));
}

#[test]
fn usage_errors_are_two() {
    for args in [
        &["read", "--published", "yesterday"][..],
        &["read", "--model", "/nonexistent"],
        &["reed"],
        &["read", "--lexicon", "/nonexistent"],
        &["eval", "/nonexistent"],
        &["lexicon", "check", "/nonexistent"],
    ] {
        let o = isnad(args, b"");
        assert_eq!(o.status.code(), Some(2), "{args:?}: {}", err(&o));
        assert!(!err(&o).is_empty());
    }
    let dir = tempfile::tempdir().unwrap();
    let model = dir.path().join("m");
    std::fs::write(&model, b"not a model").unwrap();
    let o = isnad(&["read", "--model", model.to_str().unwrap()], b"");
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("--model"), "{}", err(&o));
}

#[test]
fn an_overlay_is_used_and_its_faults_told() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("names")).unwrap();
    std::fs::write(dir.path().join("names/actors-own.tsv"), "ORG\tINT\tGOV\tOwn Body\tهيئة الخنفشار\nNONE\tx\n")
        .unwrap();
    let lexicon = dir.path().to_str().unwrap();
    let o = isnad(&["lexicon", "explain", "--lexicon", lexicon, "هيئة الخنفشار"], b"");
    assert!(out(&o).contains("Own Body") && out(&o).contains("actors-own.tsv:1"), "{}", out(&o));
    assert!(err(&o).contains("actors-own.tsv:2: "), "{}", err(&o));
    let o = isnad(&["lexicon", "check", lexicon], b"");
    assert_eq!(o.status.code(), Some(1));
    assert!(out(&o).contains("actors-own.tsv:2: "), "{}", out(&o));
    let o = isnad(&["read", "--lexicon", lexicon, "--format", "jsonl"], ARTICLE.as_bytes());
    assert_eq!(o.status.code(), Some(0));
}

#[test]
fn analysis_has_its_layers() {
    let o = isnad(&["analyse", "--format", "json", "--published", "2021-03-09"], ARTICLE.as_bytes());
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    let v: Value = serde_json::from_str(&out(&o)).unwrap();
    for field in ["sentences", "tokens", "numbers", "times"] {
        assert!(v[field].is_array(), "{field}");
    }
}

#[test]
fn eval_prints_the_table_and_json() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("x.txt"), ARTICLE).unwrap();
    std::fs::write(
        dir.path().join("x.gold.json"),
        serde_json::json!({"id": "x", "entities": [{"id": "e1", "type": "MIL", "name": "Army", "mentions": [{"s": 0, "t": "الجيش"}]}],
            "statements": [], "events": [{"id": "ev1", "type": "AID", "mode": null, "trigger": {"s": 0, "t": "تسلم"},
            "actor": [], "recipient": [{"s": 0, "t": "الجيش"}], "things": [], "place": [], "time": [],
            "status": "actual", "polarity": "positive", "statement": null}]})
        .to_string(),
    )
    .unwrap();
    let path = dir.path().to_str().unwrap();
    let o = isnad(&["eval", path, "--errors", "5", "--per-doc"], b"");
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    assert!(out(&o).contains("event+its chain"), "{}", out(&o));
    let v: Value = serde_json::from_slice(&isnad(&["eval", path, "--json"], b"").stdout).unwrap();
    assert_eq!(v["total"]["event trigger"]["gold"], 1);
}

#[test]
fn lexicon_and_bench_tell_numbers() {
    let o = isnad(&["lexicon", "stats", "--json"], b"");
    let v: Value = serde_json::from_str(&out(&o)).unwrap();
    assert!(v["entries"].as_u64().unwrap() > 1000);
    let o = isnad(&["lexicon", "coverage", "-"], ARTICLE.as_bytes());
    assert!(out(&o).contains("% with an analysis"), "{}", out(&o));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.txt");
    std::fs::write(&file, ARTICLE).unwrap();
    let o = isnad(&["bench", "--runs", "1", "--jobs", "2", "--json", file.to_str().unwrap()], b"");
    let v: Value = serde_json::from_str(&out(&o)).unwrap();
    assert_eq!(v["speed"].as_array().unwrap().len(), 2);
    assert!(v["start_up_ms"].as_f64().unwrap() > 0.0);
}
