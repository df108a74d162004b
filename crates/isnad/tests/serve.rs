//! `isnad serve` as a user runs it: beside the other commands, and killed while it writes.
#![cfg(feature = "serve")]

#[cfg(feature = "postgres")]
#[path = "../../ledger/tests/common/server.rs"]
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

fn week(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/week").join(file)
}

fn isnad(ledger: &Path, command: &[&str]) -> Command {
    let mut out = Command::new(env!("CARGO_BIN_EXE_isnad"));
    out.args(command).arg("--ledger").arg(ledger);
    if command[0] != "verify" {
        out.arg("--lexicon").arg(week("lexicon"));
    }
    out
}

fn told(ledger: &Path, command: &[&str]) -> String {
    let done = isnad(ledger, command).output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn rows(ledger: &Path, command: &str) -> Vec<Value> {
    let text = told(ledger, &[command, "--format", "jsonl"]);
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(ledger: &Path) -> Server {
    let mut child = isnad(ledger, &["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let address = first.split("http://").nth(1).and_then(|a| a.split('/').next()).expect(&first).to_string();
    // the pipe is read on, so that the server is never held up by it
    std::thread::spawn(move || lines.for_each(drop));
    let server = Server { child, address };
    let end = Instant::now() + Duration::from_secs(60);
    while server.ask("GET", "/ready", "").is_none_or(|a| a.0 != 200) {
        assert!(Instant::now() < end, "never ready");
        std::thread::sleep(Duration::from_millis(20));
    }
    server
}

impl Server {
    /// Status and body; none where the connection broke.
    fn ask(&self, method: &str, path: &str, body: &str) -> Option<(u16, Vec<u8>)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut all = Vec::new();
        stream.read_to_end(&mut all).ok()?;
        let at = all.windows(4).position(|w| w == b"\r\n\r\n")?;
        let status = std::str::from_utf8(&all[..at]).ok()?.split(' ').nth(1)?.parse().ok()?;
        Some((status, all[at + 4..].to_vec()))
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", &format!("/api/v1{path}"), "").expect("an answer");
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    fn list(&self, path: &str) -> Vec<Value> {
        self.list_of(&format!("{path}?limit=500"))
    }

    fn list_of(&self, path: &str) -> Vec<Value> {
        self.get(path)["items"].as_array().unwrap().clone()
    }

    fn add(&self, document: &Value) -> Option<String> {
        let (status, body) = self.ask("POST", "/api/v1/documents", &document.to_string())?;
        assert!(matches!(status, 200 | 201), "{status}: {}", String::from_utf8_lossy(&body));
        let answer: Value = serde_json::from_slice(&body).unwrap();
        Some(answer["document"].as_str().unwrap().to_string())
    }
}

fn text(v: &Value) -> String {
    v.as_str().unwrap_or_default().to_string()
}

fn len(v: &Value) -> usize {
    v.as_array().map_or(0, Vec::len)
}

type Told = BTreeMap<String, Value>;

/// What the commands say across articles, in one form for both.
fn by_commands(ledger: &Path) -> [Told; 4] {
    let differ: BTreeMap<String, usize> =
        rows(ledger, "contradictions").iter().map(|c| (text(&c["id"]), len(&c["contradictions"]))).collect();
    let happenings = rows(ledger, "happenings").into_iter().map(|h| {
        let claims = ["claims", "in_passing"].map(|list| h[list].as_array().unwrap().as_slice()).concat();
        let denied = claims.iter().filter(|c| c["denied"] == true).count();
        let documents: BTreeSet<String> = claims.iter().map(|c| text(&c["document"]["id"])).collect();
        let id = text(&h["id"]);
        let differ = differ.get(&id).copied().unwrap_or(0);
        let counts = json!([h["type"], h["outlets"], h["chains"], h["origins"], documents.len(), denied, differ]);
        (id, counts)
    });
    let stories = rows(ledger, "stories").into_iter().map(|s| {
        let copies: Vec<Value> = s["documents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| json!([d["id"], d["source_id"], d["published"]]))
            .collect();
        (text(&s["id"]), json!(copies))
    });
    let transfers = rows(ledger, "transfers").into_iter().map(|t| {
        let things: Vec<Value> =
            t["things"].as_array().unwrap().iter().map(|i| json!([i["class"], i["bound"]])).collect();
        // the API has keys for those alone whom it has pages for
        let key = |k: &Value| k.as_str().filter(|k| !k.starts_with("words:")).map(str::to_string);
        (text(&t["id"]), json!([key(&t["supplier_key"]), key(&t["recipient_key"]), things]))
    });
    let outlets = rows(ledger, "outlets").into_iter().map(|o| {
        let figures =
            json!([o["articles"], o["sourced"]["of"], o["sourced"]["low"], o["copies"]["low"], o["copies"]["of"]]);
        (text(&o["outlet"]), figures)
    });
    [happenings.collect(), stories.collect(), transfers.collect(), outlets.collect()]
}

/// The same by the API.
fn by_api(server: &Server) -> [Told; 4] {
    let happenings = server.list("/happenings").into_iter().map(|h| {
        let counts = json!([
            h["type"],
            h["outlets"],
            h["chains"],
            h["origins"],
            h["documents"],
            h["denied"],
            h["contradictions"]
        ]);
        (text(&h["id"]), counts)
    });
    let stories = server.list("/stories").into_iter().map(|s| {
        let id = text(&s["id"]);
        let copies: Vec<Value> = server.get(&format!("/stories/{id}"))["documents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| json!([d["document"]["id"], d["document"]["source_id"], d["document"]["published"]]))
            .collect();
        (id, json!(copies))
    });
    let transfers = server.list("/transfers").into_iter().map(|t| {
        let things: Vec<Value> =
            t["things"].as_array().unwrap().iter().map(|i| json!([i["class"], i["bound"]])).collect();
        (text(&t["id"]), json!([t["supplier"]["key"], t["recipient"]["key"], things]))
    });
    let outlets = server.list("/outlets").into_iter().map(|o| {
        let figures = json!([
            o["documents"],
            o["attributed"]["of"],
            o["attributed"]["low"],
            o["copied"]["low"],
            o["copied"]["of"]
        ]);
        (text(&o["name"]["en"]), figures)
    });
    [happenings.collect(), stories.collect(), transfers.collect(), outlets.collect()]
}

/// Waits until both say the same, as the server looks at the ledger once a second.
fn alike(server: &Server, ledger: &Path, when: &str) {
    let want = by_commands(ledger);
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let got = by_api(server);
        if got == want {
            return;
        }
        if Instant::now() > end {
            for (what, (got, want)) in
                ["happenings", "stories", "transfers", "outlets"].iter().zip(got.iter().zip(&want))
            {
                assert_eq!(got, want, "{what} {when}: the API, then the commands");
            }
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn api_and_commands_say_the_same_of_the_week_whatever_is_added_joined_and_split() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("week.ledger");
    let articles = std::fs::read_to_string(week("articles.jsonl")).unwrap();
    let (first, rest): (Vec<&str>, Vec<&str>) =
        (articles.lines().take(20).collect(), articles.lines().skip(20).collect());
    let part = folder.path().join("part.jsonl");
    std::fs::write(&part, first.join("\n")).unwrap();
    told(&ledger, &["add", part.to_str().unwrap()]);
    let server = serve(&ledger);
    alike(&server, &ledger, "at the start");

    // by the server, one by one
    for line in &rest[..4] {
        let d: Value = serde_json::from_str(line).unwrap();
        let wanted = ["title", "text", "published", "outlet", "url"];
        let d: serde_json::Map<String, Value> =
            wanted.iter().filter(|k| !d[**k].is_null()).map(|k| ((*k).to_string(), d[*k].clone())).collect();
        server.add(&d.into()).unwrap();
    }
    alike(&server, &ledger, "after articles were added by the server");

    // by a command beside it; the week has a text that two outlets carry
    std::fs::write(&part, rest[4..].join("\n")).unwrap();
    told(&ledger, &["add", part.to_str().unwrap()]);
    alike(&server, &ledger, "after articles were added beside it");

    let ids: Vec<String> = rows(&ledger, "happenings").iter().map(|h| text(&h["id"])).collect();
    told(&ledger, &["join", &ids[1], &ids[2]]);
    alike(&server, &ledger, "after a join");
    let joined = rows(&ledger, "happenings").into_iter().find(|h| len(&h["claims"]) > 1).unwrap();
    let claim = &joined["claims"][len(&joined["claims"]) - 1];
    let claim = format!("{}/{}", text(&claim["document"]["id"]), text(&claim["event"]));
    told(&ledger, &["split", &claim]);
    alike(&server, &ledger, "after a split");
    drop(server);
    alike(&serve(&ledger), &ledger, "after a new start");
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("killed.ledger");
    let acknowledged = Mutex::new(Vec::new());
    for round in 0..3 {
        let mut server = serve(&ledger);
        let wanted = acknowledged.lock().unwrap().len() + 12;
        std::thread::scope(|scope| {
            let server = &server;
            let acknowledged = &acknowledged;
            for thread in 0..4 {
                scope.spawn(move || {
                    for i in 0..1000 {
                        let body = format!(
                            "قصفت كتيبة الصقر بلدة عين الرند يوم الأحد، وقال متحدث باسم الجيش السنداري إن {} أشخاص قتلوا.",
                            10 + round * 10_000 + thread * 1000 + i
                        );
                        let outlet = ["صحيفة القنديل", "قناة الشرفة"][i % 2];
                        let document = json!({"text": body, "outlet": outlet, "published": "2031-03-04T10:00:00Z"});
                        // a broken connection is the kill
                        let Some(id) = server.add(&document) else { return };
                        acknowledged.lock().unwrap().push((id, body));
                    }
                });
            }
            scope.spawn(move || {
                while acknowledged.lock().unwrap().len() < wanted {
                    std::thread::sleep(Duration::from_millis(5));
                }
                let kill = Command::new("kill").args(["-9", &server.child.id().to_string()]).status().unwrap();
                assert!(kill.success());
            });
        });
        server.child.wait().unwrap();
        told(&ledger, &["verify"]);
    }
    let server = serve(&ledger);
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= 36);
    for (id, body) in &acknowledged {
        assert_eq!(text(&server.get(&format!("/documents/{id}"))["document"]["text"]), *body, "{id}");
    }
    alike(&server, &ledger, "after kills");
}

/// An answer without what hangs on when it was made, and where.
#[cfg(feature = "postgres")]
fn lasting(v: Value) -> Value {
    match v {
        Value::Object(map) => {
            let passing = ["revision", "ledger", "next", "added", "seen", "made"];
            map.into_iter().filter(|(k, _)| !passing.contains(&k.as_str())).map(|(k, v)| (k, lasting(v))).collect()
        }
        Value::Array(all) => all.into_iter().map(lasting).collect(),
        other => other,
    }
}

/// A segment of a path, every byte escaped.
fn escaped(segment: &str) -> String {
    use std::fmt::Write;
    segment.bytes().fold(String::new(), |mut out, b| {
        let _ = write!(out, "%{b:02X}");
        out
    })
}

/// What the API says of a ledger: every list, every row of it in full, and searches.
#[cfg(feature = "postgres")]
fn everything(server: &Server) -> BTreeMap<String, Value> {
    let mut paths: Vec<String> = [
        "/meta",
        "/happenings?limit=500",
        "/happenings?limit=500&sort=origins",
        "/happenings?limit=500&type=AID",
        "/happenings?limit=500&q=%D9%82%D9%88%D8%A7%D9%81%D9%84",
        "/events?limit=500",
        "/events?limit=500&polarity=negative",
        "/statements?limit=500",
        "/documents?limit=500",
        "/stories?limit=500",
        "/transfers?limit=500",
        "/transfers/flows",
        "/actors?limit=500",
        "/outlets?limit=500",
        "/timeline",
        "/map?zoom=6",
    ]
    .map(String::from)
    .into();
    for (list, name) in
        [("happenings", "id"), ("documents", "id"), ("stories", "id"), ("actors", "key"), ("outlets", "key")]
    {
        let rows = server.list(&format!("/{list}"));
        paths.extend(rows.iter().map(|row| format!("/{list}/{}", escaped(&text(&row[name])))));
    }
    let mut all: BTreeMap<String, Value> = paths.into_iter().map(|p| (p.clone(), lasting(server.get(&p)))).collect();
    // the databases rank in ways of their own
    for words in
        ["%D8%A7%D9%84%D8%AC%D9%8A%D8%B4", "%22%D9%88%D8%B2%D9%8A%D8%B1+%D8%A7%D9%84%D8%AF%D9%81%D8%A7%D8%B9%22"]
    {
        let mut hits = server.list_of(&format!("/search?q={words}&limit=500"));
        hits.sort_by_key(|h| text(&h["document"]["id"]));
        all.insert(words.into(), lasting(hits.into()));
    }
    all
}

#[cfg(feature = "postgres")]
#[test]
fn both_databases_give_the_same_answers_over_the_api() {
    let Some(database) = server::database() else { return };
    let folder = tempfile::tempdir().unwrap();
    let answers = [folder.path().join("week.ledger"), PathBuf::from(database)].map(|ledger| {
        told(&ledger, &["add", week("articles.jsonl").to_str().unwrap()]);
        let server = serve(&ledger);
        let before = everything(&server);
        assert!(before.values().filter(|v| len(&v["items"]) > 0).count() > 10, "lists are not empty");
        let text = "قصفت كتيبة الصقر بلدة عين الرند يوم الأحد، وقال متحدث باسم الجيش السنداري إن تسعة أشخاص قتلوا.";
        let document = json!({"text": text, "outlet": "صحيفة القنديل", "published": "2031-03-04T10:00:00Z"});
        let id = server.add(&document).unwrap();
        let after = everything(&server);
        assert!(after.contains_key(&format!("/documents/{}", escaped(&id))));
        [before, after]
    });
    let [file, database] = answers;
    for (when, (file, database)) in
        ["added by a command", "added to by the server"].iter().zip(file.into_iter().zip(database))
    {
        assert_eq!(file.keys().collect::<Vec<_>>(), database.keys().collect::<Vec<_>>(), "{when}");
        for (path, answer) in file {
            assert_eq!(answer, database[&path], "{when}: {path}, SQLite, then PostgreSQL");
        }
    }
}
