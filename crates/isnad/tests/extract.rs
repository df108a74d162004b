//! `isnad extract` as a user runs it.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const TEXT: &str = "قال وزير الدفاع سليم الغماري إن الجيش تسلم أربع طائرات من دولة الرمال.";

fn extract(dir: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("isnad").unwrap().current_dir(dir).arg("extract").args(args).output().unwrap()
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(bytes).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn sources(dir: &Path) {
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.join(name), bytes).unwrap();
    write("a.txt", &encoding_rs::WINDOWS_1256.encode(TEXT).0);
    write("b.html", format!("<html lang=ar><title>عنوان</title><p>{TEXT}</p></html>").as_bytes());
    write("c.csv", format!("رقم,النص,التاريخ\n7,{TEXT},27/05/2020\n8\n").as_bytes());
    write("d.rss", format!("<rss><channel><title>صوت</title><item><title>خبر</title><description>{TEXT}</description><pubDate>Wed, 27 May 2020 10:00:00 +0300</pubDate></item></channel></rss>").as_bytes());
    write("e.warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 50\r\n\r\nHTTP/1.1 200 OK\r\n");
    write("f.jsonl.zst", &[0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]);
}

#[test]
fn every_key_is_there_and_every_fault_is_told_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    sources(dir.path());
    let o = extract(dir.path(), &[".", "--format", "jsonl", "--report", "report.jsonl"]);
    let told = String::from_utf8_lossy(&o.stderr).into_owned();
    assert_eq!(o.status.code(), Some(1), "{told}");
    let got = lines(&o.stdout);
    let keys = ["id", "title", "text", "published", "author", "outlet", "url", "language", "encoding", "source"];
    for v in &got {
        let object = v.as_object().unwrap();
        assert!(keys.iter().all(|k| object.contains_key(*k)) && object.len() == keys.len(), "{v}");
    }
    let ids: Vec<&str> = got.iter().map(|v| v["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "7", "d-1"], "{told}");
    assert_eq!(got[0]["encoding"], "windows-1256");
    assert_eq!(got[0]["text"], TEXT);
    assert_eq!(got[1]["source"], serde_json::json!({"path": "./b.html", "kind": "html", "item": 0}));
    assert_eq!((&got[2]["published"], &got[2]["source"]["kind"]), (&"2020-05-27".into(), &"csv".into()));
    assert_eq!((&got[3]["published"], &got[3]["outlet"]), (&"2020-05-27T10:00:00+03:00".into(), &"صوت".into()));
    let report = lines(&std::fs::read(dir.path().join("report.jsonl")).unwrap());
    for (source, item) in [("./c.csv", Value::from(1)), ("./e.warc", 0.into()), ("./f.jsonl.zst", Value::Null)] {
        let line = report.iter().find(|r| r["source"] == source && r["item"] == item);
        let line = line.unwrap_or_else(|| panic!("{source} is missing in {report:?}"));
        assert!(told.contains(line["reason"].as_str().unwrap()), "{line}");
    }
}

#[test]
fn forms_and_wrong_usage() {
    let dir = tempfile::tempdir().unwrap();
    sources(dir.path());
    let o = extract(dir.path(), &["d.rss", "--format", "json"]);
    assert_eq!(serde_json::from_slice::<Value>(&o.stdout).unwrap()["title"], "خبر");
    let o = extract(dir.path(), &["d.rss", "--format", "table"]);
    let table = String::from_utf8(o.stdout).unwrap();
    assert!(table.contains("━━ d-1") && table.contains("author     –"), "{table}");
    let o = extract(dir.path(), &["c.csv", "--columns", "text=nowhere"]);
    assert_eq!(o.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&o.stderr).contains("has no column \"nowhere\""));
    let o = extract(dir.path(), &["http://127.0.0.1:9/x"]);
    assert_eq!(o.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&o.stderr).contains("--allow-private"), "{}", String::from_utf8_lossy(&o.stderr));
    for args in [&["--columns", "body"][..], &["--delay", "-1"], &["a.txt", "--report", "no/such/dir/x"]] {
        assert_eq!(extract(dir.path(), args).status.code(), Some(2), "{args:?}");
    }
}
