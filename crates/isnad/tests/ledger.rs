//! The commands over a ledger as a user runs them.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::Command;
use ledger::{Ledger, Location};
use serde_json::{Value, json};

fn isnad(dir: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("isnad")
        .unwrap()
        .current_dir(dir)
        .env("ISNAD_LEDGER", "test.ledger")
        .args(args)
        .output()
        .unwrap()
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

fn ok(o: Output) -> Output {
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    o
}

/// So many invented articles, all different.
fn news(count: usize) -> String {
    let who = ["وزير الدفاع", "المتحدث باسم الجيش", "رئيس البلدية", "مصدر عسكري", "وكالة الأنباء"];
    let what = [
        "قصفت طائرات حربية مواقع في",
        "انسحبت القوات من",
        "أرسلت روسيا ثماني مقاتلات إلى",
        "دعت تركيا إلى وقف إطلاق النار في",
    ];
    let whither = ["حلب", "طرابلس", "بنغازي", "صنعاء", "عدن", "الموصل"];
    (0..count)
        .map(|i| {
            let sentence = |k: usize| {
                format!(
                    "قال {} إن قوات الكتيبة {k} موجودة، و{} {} أمس.",
                    who[k % 5],
                    what[(k / 3) % 4],
                    whither[(k / 7) % 6]
                )
            };
            let text: Vec<String> = (0..6).map(|j| sentence(i * 5 + j)).collect();
            let record = json!({"id": format!("n{i}"), "title": format!("خبر رقم {i}"), "text": text.join(" "),
                "published": format!("2021-03-{:02}", i % 28 + 1), "outlet": format!("منبر {}", i % 4),
                "url": format!("https://news.example/{i}")});
            record.to_string() + "\n"
        })
        .collect()
}

fn with_news(count: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("news.jsonl"), news(count)).unwrap();
    dir
}

#[test]
fn adding_tells_what_was_added_known_and_skipped() {
    let dir = with_news(10);
    let path = dir.path();
    let first = ok(isnad(path, &["add", "news.jsonl"]));
    assert!(err(&first).contains("10 added, 0 known already"), "{}", err(&first));
    assert!(!err(&first).contains('\r') && !err(&first).contains('\u{1b}'), "no bar where nobody looks");
    std::fs::write(
        path.join("bad.jsonl"),
        "{\"id\":\"x\"}\n{nonsense\n{\"id\":\"y\",\"text\":\" \\u200f\\n \"}\n{\"id\":\"z\",\"text\":\"نص جديد\"}\n",
    )
    .unwrap();
    let second = isnad(path, &["add", "news.jsonl", "bad.jsonl", "nowhere.txt", "--report", "skipped.jsonl"]);
    assert_eq!(second.status.code(), Some(1));
    let told = err(&second);
    assert!(told.contains("1 added, 10 known already, 0 of them seen at a new place, 4 skipped"), "{told}");
    assert!(told.contains("skipped 1: no text"), "{told}");
    let report = std::fs::read_to_string(path.join("skipped.jsonl")).unwrap();
    let report: Vec<Value> = report.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(report.len(), 4);
    assert!(report.iter().all(|r| !r["reason"].as_str().unwrap().is_empty()));
    assert!(report.iter().any(|r| r["source"] == "nowhere.txt" && r["item"].is_null()), "{report:?}");
    std::fs::copy(path.join("news.jsonl"), path.join("copy.jsonl")).unwrap();
    assert!(
        err(&isnad(path, &["add", "copy.jsonl", "--jobs", "1"]))
            .contains("10 known already, 10 of them seen at a new place")
    );
    let checked = ok(isnad(path, &["verify"]));
    assert!(err(&checked).contains("11 documents") && err(&checked).contains("all is well"), "{}", err(&checked));
}

#[test]
fn every_question_answers_in_every_form() {
    let dir = with_news(30);
    let path = dir.path();
    ok(isnad(path, &["add", "news.jsonl", "--quiet"]));
    for command in [&["events"][..], &["statements"], &["transfers", "--claims"], &["actors"], &["search", "القوات"]]
    {
        let ask = |more: &[&str]| ok(isnad(path, &[command, more].concat()));
        let rows = lines(&ask(&["--format", "jsonl"]));
        assert!(!rows.is_empty(), "{command:?}");
        let csv = out(&ask(&["--format", "csv"]));
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let width = reader.headers().unwrap().len();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), rows.len(), "{command:?}");
        assert!(records.iter().all(|r| r.len() == width));
        let table = out(&ask(&["--format", "table", "--limit", "5"]));
        assert!(table.lines().count() <= 6 && table.lines().count() > 1, "{table}");
        assert!(!table.contains('\u{2068}'), "no direction marks in a file");
        // two pages are the whole
        let page = ask(&["--format", "jsonl", "--limit", "2"]);
        let told = err(&page);
        let mut joined = lines(&page);
        if let Some(cursor) = told.split("--cursor ").nth(1) {
            joined.extend(lines(&ask(&["--format", "jsonl", "--cursor", cursor.trim()])));
        }
        assert_eq!(joined, rows, "{command:?}");
    }
    for row in lines(&ok(isnad(path, &["events"]))) {
        let chain = row["said_by"].as_array().unwrap();
        assert_eq!(chain.last().unwrap()["role"], "outlet");
        assert!(row["trigger"]["words"].is_string() && row["trigger"]["span"].is_array());
    }
    for row in lines(&ok(isnad(path, &["transfers", "--claims"]))) {
        for field in ["id", "supplier", "recipient", "things", "from", "to", "claims", "origins"] {
            assert!(row.get(field).is_some(), "{field}");
        }
        assert!(row["claims"][0]["document"]["source_id"].as_str().unwrap().starts_with('n'));
    }
    let narrow = lines(&ok(isnad(
        path,
        &["events", "--outlet", "منبر 1", "--from", "2021-03-02", "--to", "2021-03-06", "--dated", "published"],
    )));
    assert!(narrow.iter().all(|r| r["document"]["outlet"] == "منبر 1"));
    let none = isnad(path, &["events", "--actor", "لا أحد"]);
    assert!(out(&ok(none.clone())).is_empty());
    assert!(err(&none).contains("nobody and nothing here is called"));
    ok(isnad(path, &["events", "--output", "e.csv"]));
    assert!(std::fs::read_to_string(path.join("e.csv")).unwrap().starts_with("id,document,"));
}

#[test]
fn a_record_is_shown_by_any_of_its_names() {
    let dir = with_news(3);
    let path = dir.path();
    ok(isnad(path, &["add", "news.jsonl", "--quiet"]));
    let full: Value = serde_json::from_str(&out(&ok(isnad(path, &["show", "n1"])))).unwrap();
    let id = full["document"]["id"].as_str().unwrap();
    assert_eq!(full["document"]["document"]["title"], "خبر رقم 1");
    for name in [id, &id[..8], "https://news.example/1"] {
        let shown: Value = serde_json::from_str(&out(&ok(isnad(path, &["show", name])))).unwrap();
        assert_eq!(shown["document"]["id"], id, "{name}");
    }
    let table = out(&ok(isnad(path, &["show", "n1", "--format", "table"])));
    assert!(table.contains(id) && table.contains("read by"), "{table}");
    let event = &lines(&ok(isnad(path, &["events", "--limit", "1", "--format", "jsonl"])))[0];
    let shown: Value = serde_json::from_str(&out(&ok(isnad(path, &["show", event["id"].as_str().unwrap()])))).unwrap();
    assert_eq!(&shown, event);
    let missing = isnad(path, &["show", "abcdef012345"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn faults_of_the_ledger_are_told_in_words() {
    let dir = with_news(1);
    let path = dir.path();
    for command in ["events", "verify", "reread"] {
        let o = isnad(path, &[command]);
        assert_eq!(o.status.code(), Some(2), "{command}");
        assert!(err(&o).contains("there is no ledger here"), "{}", err(&o));
        assert!(!path.join("test.ledger").exists(), "{command} makes none");
    }
    let o = isnad(path, &["add", "news.jsonl", "--ledger", "news.jsonl"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("is not a ledger"), "{}", err(&o));
    let o = isnad(path, &["add", "news.jsonl", "--ledger", "no/such/folder/l"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("the folder must exist"), "{}", err(&o));
    let o = isnad(path, &["events", "--ledger", "postgres://nobody:secret@127.0.0.1:1/none"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(!err(&o).contains("secret"), "{}", err(&o));
    ok(isnad(path, &["add", "news.jsonl", "--quiet"]));
    for (args, told) in [
        (&["events", "--from", "yesterday"][..], "is no date"),
        (&["events", "--cursor", "zzz"], "is no cursor"),
        (&["search", "NOT القوات"], "only what is not wanted"),
    ] {
        let o = isnad(path, args);
        assert_eq!(o.status.code(), Some(2));
        assert!(err(&o).contains(told), "{}", err(&o));
    }
}

#[test]
fn rereading_follows_the_lexicon() {
    let dir = with_news(5);
    let path = dir.path();
    ok(isnad(path, &["add", "news.jsonl", "--quiet"]));
    assert!(err(&ok(isnad(path, &["reread"]))).contains("every reading is of"));
    std::fs::create_dir_all(path.join("own/names")).unwrap();
    std::fs::write(path.join("own/names/actors-own.tsv"), "MIL\tLBY\tMIL\tThe Battalion\tقوات الكتيبة\t-\t-\n")
        .unwrap();
    let o = ok(isnad(path, &["reread", "--lexicon", "own"]));
    assert!(err(&o).contains("5 documents read again"), "{}", err(&o));
    let full: Value = serde_json::from_str(&out(&ok(isnad(path, &["show", "n1"])))).unwrap();
    assert!(full["version"]["lexicon"].as_str().unwrap().contains('+'));
    assert_eq!(full["history"].as_array().unwrap().len(), 1);
    assert!(err(&ok(isnad(path, &["reread", "--lexicon", "own"]))).contains("every reading is of"));
    assert!(err(&ok(isnad(path, &["reread", "--all"]))).contains("5 documents read again"));
    ok(isnad(path, &["verify"]));
}

#[test]
fn exports_of_a_ledger_hold_what_its_questions_answer() {
    let dir = with_news(40);
    let path = dir.path();
    ok(isnad(path, &["add", "news.jsonl", "--quiet"]));
    let export = |output: &str, more: &[&str]| {
        ok(isnad(path, &[&["export", "--ledger", "test.ledger", "--output", output], more].concat()));
        let manifest = std::fs::read(path.join(format!("{output}.manifest.json"))).unwrap();
        (std::fs::read(path.join(output)).unwrap(), manifest)
    };
    let events = |bytes: &[u8]| -> Vec<(String, String)> {
        let mut reader = csv::Reader::from_reader(bytes);
        let heads = reader.headers().unwrap().clone();
        let at = |name: &str| heads.iter().position(|h| h == name).unwrap();
        let (document, event) = (at("document_id"), at("event"));
        reader.records().map(|r| r.unwrap()).map(|r| (r[document].into(), r[event].into())).collect()
    };
    let filters: [&[&str]; 6] = [
        &[],
        &["--type", "AID,RETREAT"],
        &["--actor", "RUS", "--from", "2021-03-03", "--to", "2021-03-20"],
        &["--outlet", "منبر 1", "--polarity", "positive"],
        &["--place", "حلب", "--radius", "80"],
        &["--origin", "مصدر عسكري"],
    ];
    let mut answered = 0;
    for filter in filters {
        let (bytes, manifest) = export("c.csv", filter);
        let asked = lines(&ok(isnad(path, &[&["events", "--format", "jsonl"], filter].concat())));
        let asked: Vec<(String, String)> = (asked.iter())
            .map(|row| row["id"].as_str().unwrap().split_once('/').map(|(d, e)| (d.into(), e.into())).unwrap())
            .collect();
        answered += usize::from(!asked.is_empty());
        assert_eq!(events(&bytes), asked, "{filter:?}");
        assert_eq!(export("c.csv", filter), (bytes, manifest.clone()), "twice the same bytes");
        let m: Value = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(m["counts"]["events_exported"], asked.len());
        // a range of days is given with the dates it is meant for
        let dated = usize::from(filter.contains(&"--from"));
        assert_eq!(m["filters"].as_object().unwrap().len(), filter.len() / 2 + dated, "{m}");
        let readings = m["ledger"]["readings"].as_array().unwrap();
        // a filter that lets nothing through has read nothing
        assert_eq!(readings.len(), usize::from(!asked.is_empty()));
        if let Some(of) = readings.first() {
            assert_eq!((&of["documents"], &of["lexicon"]), (&m["counts"]["documents"], &m["made_with"]["lexicon"]));
        }
    }
    // which names are found is the reader's matter
    assert!(answered >= 3, "{answered} of the filters find something");
    assert!(export("c.geojson", &[]).0.starts_with(b"{"));
    // two versions of the reader's knowledge in one ledger
    std::fs::create_dir_all(path.join("own/names")).unwrap();
    std::fs::write(path.join("own/names/actors-own.tsv"), "MIL\tLBY\tMIL\tThe Battalion\tقوات الكتيبة\t-\t-\n")
        .unwrap();
    std::fs::write(path.join("more.jsonl"), news(45).lines().skip(40).collect::<Vec<_>>().join("\n")).unwrap();
    ok(isnad(path, &["add", "more.jsonl", "--quiet", "--lexicon", "own"]));
    let m: Value = serde_json::from_slice(&export("c.jsonl", &[]).1).unwrap();
    let readings = m["ledger"]["readings"].as_array().unwrap();
    let documents: i64 = readings.iter().map(|r| r["documents"].as_i64().unwrap()).sum();
    assert_eq!((readings.len(), documents), (2, 45), "{m}");
    assert_eq!(m["made_with"]["lexicon"], "several");
    // what does not go together, and what is not there
    for (args, told) in [
        (&["--ledger", "test.ledger", "news.jsonl"][..], "cannot be used with"),
        (&["--ledger", "none.ledger"], "there is no ledger here"),
        (&["news.jsonl", "--actor", "RUS"], "--actor: asks a ledger"),
    ] {
        let o = isnad(path, &[&["export", "--output", "d.csv"], args].concat());
        assert_eq!(o.status.code(), Some(2));
        assert!(err(&o).contains(told), "{}", err(&o));
        assert!(!path.join("d.csv").exists() && !path.join("d.csv.part").exists());
    }
    let o = isnad(path, &["export", "--ledger", "test.ledger", "-o", "test.ledger", "--format", "csv"]);
    assert_eq!(o.status.code(), Some(2), "the ledger is not written over: {}", err(&o));
    let o = ok(isnad(path, &["export", "--ledger", "test.ledger", "-o", "e.csv", "--actor", "لا أحد"]));
    assert!(err(&o).contains("nobody and nothing here is called"), "{}", err(&o));
}

#[test]
fn remarks_of_one_kind_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let odd: String =
        (0..50).map(|i| format!("{{\"id\":\"o{i}\",\"text\":\"\u{202b}نص رقم {i}\u{202c}\"}}") + "\n").collect();
    std::fs::write(path.join("odd.jsonl"), odd).unwrap();
    let told = err(&ok(isnad(path, &["add", "odd.jsonl"])));
    assert_eq!(told.matches("direction of writing").count(), 1, "{told}");
    assert!(told.contains("note: 50 documents, the first odd.jsonl"), "{told}");
    let told = err(&ok(isnad(path, &["add", "odd.jsonl", "--verbose"])));
    assert_eq!(told.matches("direction of writing").count(), 50, "{told}");
}

/// Kills `isnad add` again and again at moments all over its life. `ISNAD_KILLS` sets how often (12).
#[test]
fn nothing_committed_is_lost_however_often_it_is_killed() {
    let kills: u64 = std::env::var("ISNAD_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(12);
    let documents = 900;
    let dir = with_news(documents);
    let path = dir.path();
    let place = Location::File(path.join("test.ledger"));
    let begun = Instant::now();
    let whole = path.join("whole.ledger");
    ok(isnad(path, &["add", "news.jsonl", "--quiet", "--ledger", whole.to_str().unwrap()]));
    let life = begun.elapsed();
    let mut kept = 0;
    let mut random = 0x2545_f491_4f6c_dd1d_u64 ^ u64::from(std::process::id());
    let (mut interrupted, mut rounds) = (0, 0);
    while interrupted < kills && rounds < kills * 4 {
        rounds += 1;
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        if kept == documents as i64 {
            // all is there: from the beginning
            for name in ["test.ledger", "test.ledger-wal", "test.ledger-shm"] {
                let _ = std::fs::remove_file(path.join(name));
            }
            kept = 0;
        }
        let program = assert_cmd::cargo::cargo_bin("isnad");
        let mut running = std::process::Command::new(program)
            .current_dir(path)
            .args(["add", "news.jsonl", "--quiet", "--ledger", "test.ledger"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // SIGKILL: nothing can be put in order
        let left = (documents as i64 - kept) as f64 / documents as f64;
        std::thread::sleep(life.mul_f64(left * (random % 1000) as f64 / 1000.0) + Duration::from_millis(1));
        interrupted += u64::from(running.try_wait().unwrap().is_none());
        running.kill().unwrap();
        running.wait().unwrap();
        let Ok(mut ledger) = Ledger::open(&place) else {
            assert_eq!(kept, 0, "a ledger with documents can be opened");
            continue;
        };
        let now = ledger.counts().unwrap().documents;
        assert!(now >= kept, "{kept} documents were committed, {now} are left");
        kept = now;
        drop(ledger);
        let o = isnad(path, &["verify"]);
        assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    }
    assert!(interrupted > 0);
    eprintln!("{rounds} rounds, {interrupted} of them killed before their end");
    // what is known across articles is the same as if nothing had been killed, and as when all of it is made anew
    ok(isnad(path, &["add", "news.jsonl", "--quiet"]));
    let known = |ledger: &str| -> String {
        ["happenings", "stories", "transfers"]
            .iter()
            .map(|q| out(&ok(isnad(path, &[q, "--format", "jsonl", "--limit", "10000", "--ledger", ledger]))))
            .collect()
    };
    let after_kills = known("test.ledger");
    assert!(after_kills.contains("claims"), "{after_kills}");
    assert_eq!(after_kills, known("whole.ledger"));
    ok(isnad(path, &["trace", "--rebuild"]));
    assert_eq!(after_kills, known("test.ledger"));
    ok(isnad(path, &["verify"]));
    let (mut a, mut b) = (Ledger::open(&place).unwrap(), Ledger::open(&Location::File(whole)).unwrap());
    let (a, b) = (a.counts().unwrap(), b.counts().unwrap());
    assert_eq!(
        (a.documents, a.sightings, a.events, a.statements, a.entities),
        (b.documents, b.sightings, b.events, b.statements, b.entities)
    );
    assert_eq!(a.documents, documents as i64);
}
