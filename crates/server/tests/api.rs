//! The API as its callers see it: over HTTP, over a ledger in a temporary folder.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use ledger::{DocumentId, Entry, Location, Read as Reading, Shadow, Version, WriteOptions, Writer};
use model::Document;
use reader::{Engine, Reader};
use serde_json::{Value, json};
use server::{Server, Settings, Tokens};

fn engine() -> Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    let make = || Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).unwrap());
    Arc::clone(ENGINE.get_or_init(make))
}

fn version() -> Version {
    Version { reader: "test".into(), weights: "w".into(), lexicon: "l".into() }
}

fn add(location: &Location, documents: &[Document]) {
    let mut reader = Reader::new(&engine());
    let entries = documents.iter().map(|d| {
        let reading = reader.read(d);
        let read = Reading::new(d, &reading, Shadow::of(&mut reader, d));
        Entry::new(DocumentId::of(d), d, read, Some([7; 32]))
    });
    let entries = entries.collect();
    let mut writer = Writer::open(location, &version(), WriteOptions { wait: 30, waiting: &mut |_| () }).unwrap();
    writer.add(entries).unwrap();
    writer.finish().unwrap();
}

fn article(i: usize, outlet: &str, text: &str) -> Document {
    Document {
        id: format!("a{i}"),
        title: Some(format!("خبر رقم {i}")),
        text: text.into(),
        published: Some(format!("2031-03-{:02}T{:02}:00:00Z", 1 + i % 27, i % 24)),
        outlet: Some(outlet.into()),
        url: Some(format!("https://news.example/{i}")),
        ..Document::default()
    }
}

/// Two tellings of a delivery by one minister, a copy, a denial, and other news.
fn news() -> Vec<Document> {
    let delivery = "قال وزير الدفاع التركي إن روسيا أرسلت ثماني مقاتلات على الأقل إلى ليبيا.\n\
                    وأضاف الوزير أن الطائرات وصلت إلى مدينة طرابلس يوم السبت، وأن عددا منها من طراز ميغ-29.\n\
                    ولم يذكر الوزير مزيدا من التفاصيل عن موعد وصول بقية الطائرات ولا عن الجهة التي دفعت ثمنها.";
    let mut out = vec![
        article(1, "صحيفة المرصاد", delivery),
        article(2, "موقع الضفاف", &format!("{delivery}\nويتابع المراقبون هذا الملف.")),
        article(3, "صحيفة الميناء", "نفت روسيا أن تكون قد أرسلت مقاتلات إلى ليبيا."),
    ];
    for i in 4..30 {
        let place = ["طرابلس", "بنغازي", "دمشق", "صنعاء"][i % 4];
        let text = format!("قصف الجيش مواقع في مدينة {place} بالمدفعية، وقال متحدث باسم الجيش إن {i} مسلحا قتلوا.");
        out.push(article(i, ["صحيفة المرصاد", "موقع الضفاف"][i % 2], &text));
    }
    out
}

struct Host {
    address: SocketAddr,
    location: Location,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(t) = self.thread.take() {
            t.join().unwrap();
        }
    }
}

fn host_with(documents: &[Document], change: impl FnOnce(&mut Settings)) -> Host {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::File(folder.path().join("test.ledger"));
    add(&location, documents);
    let mut settings = Settings::new(location.clone(), engine(), version());
    settings.listen = "127.0.0.1:0".parse().unwrap();
    change(&mut settings);
    let (tell, told) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::start(settings).await.unwrap();
            tell.send(server.address()).unwrap();
            server.run(async { drop(stopped.await) }).await;
        });
    });
    let address = told.recv().unwrap();
    let host = Host { address, location, stop: Some(stop), thread: Some(thread), _folder: folder };
    let end = Instant::now() + Duration::from_secs(60);
    while host.ask("GET", "/ready", &[], "").status != 200 {
        assert!(Instant::now() < end, "never ready");
        std::thread::sleep(Duration::from_millis(20));
    }
    host
}

fn host() -> Host {
    host_with(&news(), |_| ())
}

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.0.eq_ignore_ascii_case(name)).map(|h| h.1.as_str())
    }
}

impl Host {
    /// A request as written, so that wrong ones can be made.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|h| h.0 == "Host") {
            text.push_str("Host: localhost\r\n");
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(body);
        let mut stream = TcpStream::connect(self.address).unwrap();
        let _ = stream.write_all(text.as_bytes());
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let at = all.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer");
        let head = String::from_utf8(all[..at].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> =
            lines.map(|l| l.split_once(": ").unwrap()).map(|(a, b)| (a.to_lowercase(), b.to_string())).collect();
        let mut body = all[at + 4..].to_vec();
        if headers.iter().any(|h| h.0 == "transfer-encoding") {
            body = dechunk(&body);
        }
        Answer { status, headers, body }
    }

    fn get(&self, path: &str) -> Value {
        let a = self.ask("GET", &format!("/api/v1{path}"), &[], "");
        assert_eq!(a.status, 200, "{path}: {}", String::from_utf8_lossy(&a.body));
        a.json()
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", &format!("/api/v1{path}"), &[("Content-Type", "application/json")], &body.to_string())
    }
}

fn dechunk(body: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), body);
    loop {
        let mut line = String::new();
        let mut r = BufReader::new(rest);
        r.read_line(&mut line).unwrap();
        let n = usize::from_str_radix(line.trim(), 16).unwrap_or(0);
        if n == 0 {
            return out;
        }
        let at = line.len();
        out.extend_from_slice(&rest[at..at + n]);
        rest = &rest[at + n + 2..];
    }
}

fn encode(key: &str) -> String {
    key.bytes().map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Rows are made from the index; they must tell what the readings of their articles tell.
#[test]
fn rows_of_claims_and_statements_tell_what_was_read() {
    let host = host();
    let cut = |document: &Value, span: &Value| -> String {
        let whole = format!("{}\n{}", document["title"].as_str().unwrap(), document["text"].as_str().unwrap());
        let at = |i: usize| span[i].as_u64().unwrap() as usize;
        whole.chars().skip(at(0)).take(at(1) - at(0)).collect()
    };
    let mut read: HashMap<String, Value> = HashMap::new();
    let mut found = 0;
    for list in ["events", "statements"] {
        for row in host.get(&format!("/{list}?limit=500"))["items"].as_array().unwrap() {
            let (document, local) = row["id"].as_str().unwrap().split_once('#').unwrap();
            assert_eq!(row["document"]["id"], document);
            let full = read.entry(document.into()).or_insert_with(|| host.get(&format!("/documents/{document}")));
            let reading = &full["reading"];
            let own = reading[list].as_array().unwrap().iter().find(|e| e["id"] == local).expect("it was read");
            let of = |name: &str| reading[name].as_array().unwrap().iter();
            let (article, evidence) = (&full["document"], row["evidence"]["text"].as_str().unwrap());
            assert_eq!(row["when"], own["when"]["value"], "{row}");
            let statement = if list == "events" {
                for field in ["type", "mode", "status", "polarity"] {
                    assert_eq!(row[field], own[field], "{field}: {row}");
                }
                assert_eq!(row["harm"]["killed"], own["harm"]["killed"], "{row}");
                assert!(evidence.contains(&cut(article, &own["trigger"])), "{row}");
                let words = |all: &Value| all.as_array().unwrap().iter().map(|s| cut(article, s)).collect::<Vec<_>>();
                for part in ["actor", "recipient"] {
                    let (shown, told) = (row[part].as_array().unwrap(), words(&own[part]));
                    assert_eq!(shown.is_empty(), told.is_empty(), "{part}: {row}");
                    let nameless = shown.iter().filter(|p| p["key"] == Value::Null);
                    assert!(nameless.into_iter().all(|p| told.iter().any(|t| *t == p["name"]["ar"])), "{part}: {row}");
                }
                let things: Vec<String> =
                    own["things"].as_array().unwrap().iter().map(|t| cut(article, &t["span"])).collect();
                let shown: Vec<&str> =
                    row["things"].as_array().unwrap().iter().map(|t| t["words"].as_str().unwrap()).collect();
                assert_eq!(shown, things, "{row}");
                of("statements").find(|s| s["id"] == own["statement"])
            } else {
                let claims = of("events").filter(|e| e["statement"] == local);
                let ids: Vec<String> = claims.map(|e| format!("{document}#{}", e["id"].as_str().unwrap())).collect();
                assert_eq!(row["events"], json!(ids));
                assert_eq!(row["direct"], own["direct"]);
                Some(own)
            };
            assert_eq!(row["stance"], statement.map_or(Value::Null, |s| s["stance"].clone()), "{row}");
            let chain = row["chain"].as_array().unwrap();
            assert_eq!(chain.last().unwrap()["role"], "outlet");
            let said = statement.map_or(0, |s| s["chain"].as_array().unwrap().len());
            assert!(chain.len() > said, "{row}");
            found += 1;
        }
    }
    assert!(found > 60, "{found}");
}

#[test]
fn every_resource_answers_in_its_shape() {
    let host = host();
    let meta = host.get("/meta");
    assert_eq!(meta["counts"]["documents"], 29);
    assert_eq!(meta["may"], json!({"read": true, "write": true}));
    assert!(meta["counts"]["happenings"].as_u64().unwrap() > 0);
    assert_eq!(meta["ledger"], "test.ledger");

    for list in ["happenings", "events", "statements", "documents", "stories", "actors", "outlets", "transfers"] {
        let page = host.get(&format!("/{list}?limit=2"));
        assert!(!page["items"].as_array().unwrap().is_empty(), "{list} is empty");
        assert_eq!(page["revision"], meta["revision"], "{list}");
        let total = page["total"].as_u64().unwrap();
        let far = host.get(&format!("/{list}?limit=2&skip={}", total + 5));
        assert_eq!(far["items"], json!([]), "{list}");
        assert_eq!(far["next"], Value::Null, "{list}");
    }
    let documents = host.get("/documents");
    let published: Vec<&str> =
        documents["items"].as_array().unwrap().iter().map(|d| d["published"].as_str().unwrap()).collect();
    assert!(published.windows(2).all(|w| w[0] >= w[1]), "the latest first: {published:?}");

    let claim = &host.get("/events?type=AID&polarity=positive")["items"][0];
    assert_eq!(claim["type"], "AID");
    assert_eq!(claim["chain"].as_array().unwrap().last().unwrap()["role"], "outlet");
    let evidence = claim["evidence"]["text"].as_str().unwrap();
    let len = evidence.chars().count() as u64;
    assert!(len <= 600 && evidence.contains("أرسلت"), "{evidence}");
    let marks: Vec<(u64, u64)> = serde_json::from_value(claim["evidence"]["highlights"].clone()).unwrap();
    assert!(marks.windows(2).all(|w| w[0].1 <= w[1].0) && marks.iter().all(|m| m.0 < m.1 && m.1 <= len), "{marks:?}");
    let words: Vec<String> =
        marks.iter().map(|m| evidence.chars().skip(m.0 as usize).take((m.1 - m.0) as usize).collect()).collect();
    assert!(words.iter().any(|w| w.contains("أرسلت")), "{words:?}");

    let id = claim["happening"].as_str().unwrap();
    let full = host.get(&format!("/happenings/{id}"));
    assert_eq!(full["id"], id);
    assert_eq!(
        full["claims"].as_array().unwrap().len() as u64,
        full["affirmed"].as_u64().unwrap() + full["denied"].as_u64().unwrap()
    );
    assert_eq!(full["roots"].as_array().unwrap().len(), full["origins"].as_u64().unwrap() as usize);
    let nodes: HashSet<&str> = full["nodes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
    for node in full["nodes"].as_array().unwrap().iter().filter(|n| n["kind"] == "origin" && n["root"] != Value::Null) {
        assert_eq!(node["rests_on"], json!([node["root"]]), "an origin rests on itself: {node}");
    }
    let sides = full["disagreements"].as_array().unwrap().iter().flat_map(|d| d["sides"].as_array().unwrap());
    for side in sides {
        assert!(side["origins"].as_u64() <= full["origins"].as_u64(), "no side has more origins than all: {side}");
    }
    for edge in full["edges"].as_array().unwrap() {
        assert!(nodes.contains(edge["from"].as_str().unwrap()) && nodes.contains(edge["to"].as_str().unwrap()));
    }
    let transfer = full["transfer"].as_str().expect("a transfer");
    assert!(host.get("/transfers")["items"].as_array().unwrap().iter().any(|t| t["id"] == transfer));
    assert!(!host.get("/transfers/flows")["flows"].as_array().unwrap().is_empty());

    let story = &host.get("/stories")["items"][0];
    assert_eq!(story["copies"], 2);
    let story = host.get(&format!("/stories/{}", story["id"].as_str().unwrap()));
    let copy = &story["documents"][1];
    assert!(copy["likeness"].as_f64().unwrap() > 0.6 && copy["added"].as_u64().unwrap() >= 4, "{copy}");
    assert!(copy["diff"].as_array().unwrap().iter().any(|d| d["kind"] == "added"));

    let actor = host.get(&format!("/actors/{}", encode("country:RUS")));
    assert!(actor["acted"].as_u64().unwrap() > 0 && !actor["did"].as_array().unwrap().is_empty());
    assert!(actor["network"]["nodes"].as_array().unwrap().iter().any(|n| n["key"] == "country:LBY"));
    let outlet = host.get("/outlets")["items"][0]["key"].as_str().unwrap().to_string();
    let outlet = host.get(&format!("/outlets/{}", encode(&outlet)));
    assert!(outlet["copied"]["of"].as_u64().unwrap() > 0 && !outlet["sources"].as_array().unwrap().is_empty());

    let document = host.get(&format!("/documents/{}", claim["document"]["id"].as_str().unwrap()));
    assert_eq!(
        document["reading"]["events"].as_array().unwrap().len(),
        document["happenings"].as_array().unwrap().len()
    );
    assert_eq!(document["raw_hash"], "07".repeat(32));
    assert_eq!(document["versions"][0]["current"], true);

    let timeline = host.get("/timeline");
    let sum: u64 = timeline["buckets"].as_array().unwrap().iter().map(|b| b["happenings"].as_u64().unwrap()).sum();
    assert_eq!(sum + timeline["undated"].as_u64().unwrap(), meta["counts"]["happenings"].as_u64().unwrap());
    assert_eq!(host.get("/timeline?unit=year")["unit"], "year");
    let map = host.get("/map?zoom=4");
    assert!(!map["clusters"].as_array().unwrap().is_empty());
    assert_eq!(host.get("/map?bbox=-60,-60,-50,-50")["clusters"], json!([]));

    let found = host.get(&format!("/search?q={}", encode("مقاتلات")));
    assert_eq!(found["items"].as_array().unwrap().len(), 3);
    let hit = &found["items"][0]["snippets"][0];
    assert!(!hit["highlights"].as_array().unwrap().is_empty(), "{hit}");
    assert!(!found["understood"].as_array().unwrap().is_empty());
}

#[test]
fn filters_narrow_and_hold_together() {
    let host = host();
    let count = |q: &str| host.get(&format!("/events?{q}"))["total"].as_u64().unwrap();
    let all = count("");
    assert_eq!(count("type=AID") + count("type=ASSAULT"), count("type=AID&type=ASSAULT"));
    assert!(count("type=AID") > 0 && count("type=AID") < all);
    assert_eq!(count("actor=country%3ARUS&type=AID"), count(&format!("actor={}&type=AID", encode("روسيا"))));
    assert_eq!(count("actor=RUS&type=AID"), count("actor=Russia&type=AID"));
    assert_eq!(count(&format!("actor={}", encode("لا أحد بهذا الاسم"))), 0);
    let near = count(&format!("place={}&radius=20", encode("صنعاء")));
    assert!(near > 0 && near < all);
    assert_eq!(count("from=2031-03-01&to=2031-03-31"), all);
    assert_eq!(count("from=2032"), 0);
    assert_eq!(count(&format!("outlet={}", encode("صحيفة الميناء"))), count(&format!("q={}", encode("نفت"))));
    let actors = host.get("/actors?type=AID");
    let summed = actors["items"].as_array().unwrap().iter().find(|a| a["key"] == "country:RUS").unwrap();
    assert_eq!(summed["acted"], count("actor=country%3ARUS&type=AID"));
    let named = host.get(&format!("/actors?q={}", encode("روسيا")));
    assert_eq!(named["items"][0]["key"], "country:RUS");
}

#[test]
fn what_is_wrong_is_told_as_a_problem() {
    let host = host();
    for (path, parameter) in [
        ("/events?tpye=AID", "tpye"),
        ("/events?type=WAR", "type"),
        ("/events?limit=0", "limit"),
        ("/events?limit=501", "limit"),
        ("/events?cursor=nonsense", "cursor"),
        ("/happenings?sort=best", "sort"),
        ("/timeline?unit=hour", "unit"),
        ("/map?bbox=1,2,3", "bbox"),
        ("/map?zoom=21", "zoom"),
        ("/search", "q"),
        ("/search?q=%28", "q"),
        ("/export?what=actors&format=plover", "format"),
        ("/export?what=all&format=csv", "what"),
        ("/meta?lang=ar", "lang"),
    ] {
        let a = host.ask("GET", &format!("/api/v1{path}"), &[], "");
        assert_eq!((a.status, a.json()["parameter"].as_str()), (400, Some(parameter)), "{path}");
        assert_eq!(a.header("content-type"), Some("application/problem+json"), "{path}");
    }
    for path in
        ["/documents/feedfeedfeedfeedfeedfeedfeedfeed", "/actors/nobody", "/happenings/x", "/nothing", "/stories/%2F"]
    {
        let a = host.ask("GET", &format!("/api/v1{path}"), &[], "");
        assert_eq!((a.status, a.json()["status"].as_u64()), (404, Some(404)), "{path}");
    }
    let json = ("Content-Type", "application/json");
    let post = |headers: &[(&str, &str)], body: &str| host.ask("POST", "/api/v1/documents", headers, body).status;
    assert_eq!(post(&[], "{}"), 415);
    assert_eq!(post(&[json], "{"), 400);
    assert_eq!(post(&[json], "[]"), 422);
    assert_eq!(post(&[json], "{\"text\":\"\"}"), 422);
    assert_eq!(post(&[json], "{\"text\":\"x\",\"more\":1}"), 422);
    assert_eq!(post(&[json], "{\"url\":\"file:///etc/passwd\"}"), 422);
    assert_eq!(post(&[json], "{\"url\":\"http://127.0.0.1:1/\"}"), 422, "private addresses are not fetched");
    assert_eq!(post(&[json], &format!("{{\"text\":\"{}\"}}", "x".repeat(9 << 20))), 413);
    assert_eq!(host.ask("DELETE", "/api/v1/meta", &[], "").status, 405);
}

#[test]
fn documents_are_added_once_and_told_as_they_go() {
    let host = host();
    let new = json!({"title": "خبر جديد", "text": "أعلنت فرنسا سحب قواتها من مالي.", "published": "2031-04-01", "outlet": "صحيفة المرصاد"});
    let read = host.post("/read", &new).json();
    assert!(!read["reading"]["events"].as_array().unwrap().is_empty());
    let before = host.get("/meta");
    assert_eq!(before["counts"]["documents"], 29, "reading keeps nothing");
    let first = host.post("/documents", &new);
    assert_eq!(first.status, 201);
    let id = first.json()["document"].as_str().unwrap().to_string();
    assert_eq!(first.header("location"), Some(format!("/api/v1/documents/{id}").as_str()));
    // acknowledged means committed: another connection sees it at once
    let held = ledger::Ledger::open(&host.location).unwrap().holds(id.parse().unwrap()).unwrap();
    assert!(held);
    assert_eq!(host.get(&format!("/documents/{id}"))["document"]["text"], new["text"]);
    let after = host.get("/meta");
    assert!(after["revision"].as_i64() > before["revision"].as_i64());
    let again = host.post("/documents", &new);
    assert_eq!((again.status, again.json()["known"].as_bool()), (200, Some(true)));

    let headers = [("Content-Type", "application/json"), ("Accept", "application/x-ndjson")];
    let other = json!({"text": "قصفت طائرات مجهولة مطارا في اليمن."});
    let told = host.ask("POST", "/api/v1/documents", &headers, &other.to_string());
    let lines: Vec<Value> =
        String::from_utf8(told.body).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let stages: Vec<String> =
        lines.iter().map(|l| format!("{} {}", l["stage"].as_str().unwrap(), l["state"].as_str().unwrap())).collect();
    assert_eq!(
        stages,
        ["read begun", "read done", "store begun", "store done", "trace begun", "trace done", "end added"]
    );
}

#[test]
fn walking_by_cursor_neither_loses_nor_repeats_while_adds_run() {
    let host = host();
    for list in ["events", "documents", "happenings", "statements"] {
        let ids = |page: &Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_string()).collect()
        };
        let before: Vec<String> = ids(&host.get(&format!("/{list}?limit=500")));
        let (mut walked, mut cursor, mut n) = (Vec::new(), String::new(), 0);
        loop {
            let page = host.get(&format!("/{list}?limit=3{cursor}"));
            walked.extend(ids(&page));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
            n += 1;
            // newest of all, in the middle, and without a date
            let day = ["2040-01-01", "2031-03-10", ""][n % 3];
            let text = format!("قصف الجيش مواقع في مدينة بنغازي بالمدفعية للمرة {n} في {list}.");
            assert_eq!(host.post("/documents", &json!({"text": text, "published": day})).status, 201);
        }
        let seen: HashSet<&String> = walked.iter().collect();
        assert_eq!(seen.len(), walked.len(), "{list}: repeated");
        assert_eq!(walked, before, "{list}: lost, repeated or mixed");
    }
}

#[test]
fn what_another_program_adds_is_seen_and_tags_change() {
    let host = host();
    let a = host.ask("GET", "/api/v1/documents", &[], "");
    let tag = a.header("etag").unwrap().to_string();
    assert_eq!(a.header("cache-control"), Some("no-cache"));
    let same = host.ask("GET", "/api/v1/documents", &[("If-None-Match", &tag)], "");
    assert_eq!((same.status, same.body.len()), (304, 0));
    assert_eq!(host.ask("GET", "/api/v1/documents?limit=1", &[("If-None-Match", &tag)], "").status, 200);
    // searched for twice, so that it is kept
    let search = format!("/search?q={}", encode("وفد البرازيل"));
    let (before, again) = (host.get(&search), host.get(&search));
    assert_eq!((&before["total"], &again["total"]), (&json!(0), &json!(0)));
    add(&host.location, &[article(99, "صحيفة الميناء", "وصل وفد من البرازيل إلى مدينة وهران.")]);
    let end = Instant::now() + Duration::from_secs(20);
    while host.ask("GET", "/api/v1/documents", &[("If-None-Match", &tag)], "").status == 304 {
        assert!(Instant::now() < end, "never seen");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(host.get("/meta")["counts"]["documents"], 30);
    // what was searched for before is ranked again, and what another article brings is there besides
    let found = host.get(&search);
    assert_eq!(found["total"], 1);
    let first = found["items"][0]["document"]["id"].clone();
    add(
        &host.location,
        &[article(98, "قناة المنارة", "غادر وفد البرازيل مدينة وهران بعد أن زار وفد البرازيل ميناءها.")],
    );
    let end = Instant::now() + Duration::from_secs(20);
    let found = loop {
        let found = host.get(&search);
        if found["total"] == 2 {
            break found;
        }
        assert!(Instant::now() < end, "never found");
        std::thread::sleep(Duration::from_millis(50));
    };
    let ids: Vec<&Value> = (0..2).map(|i| &found["items"][i]["document"]["id"]).collect();
    assert!(ids.contains(&&first) && ids[0] != ids[1], "{ids:?}");
}

#[test]
fn only_this_machine_and_its_pages_are_answered() {
    let host = host();
    let get = |headers: &[(&str, &str)]| host.ask("GET", "/api/v1/meta", headers, "").status;
    assert_eq!(get(&[("Host", "127.0.0.1:7878")]), 200);
    assert_eq!(get(&[("Host", "rebound.example")]), 421);
    assert_eq!(get(&[("Host", "")]), 421);
    assert_eq!(get(&[("Host", "localhost"), ("Host", "rebound.example")]), 421);
    assert_eq!(host.ask("GET", "/", &[("Host", "rebound.example")], "").status, 421);
    let body = json!({"text": "نص"}).to_string();
    let post = |origin: &str| {
        let headers = [("Content-Type", "application/json"), ("Origin", origin)];
        host.ask("POST", "/api/v1/read", &headers, &body).status
    };
    assert_eq!(post("http://localhost"), 200);
    assert_eq!(post("https://elsewhere.example"), 403);
    assert_eq!(post("null"), 403);
    let a = host.ask("GET", "/any/page", &[("Origin", "https://elsewhere.example")], "");
    assert_eq!((a.status, a.header("access-control-allow-origin")), (200, None));
    let policy = a.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(a.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(a.header("referrer-policy"), Some("no-referrer"));
}

#[test]
fn tokens_allow_what_their_scope_says() {
    let tokens = Tokens::parse("read reader-0123456789\nwrite writer-0123456789").unwrap();
    let host = host_with(&news(), |s| s.tokens = Some(tokens));
    let ask = |method: &str, path: &str, token: &str| {
        let auth = format!("Bearer {token}");
        let headers = [("Authorization", auth.as_str()), ("Content-Type", "application/json")];
        host.ask(method, path, &headers, "{\"text\":\"زار الوزير مصر.\"}")
    };
    let none = host.ask("GET", "/api/v1/meta", &[], "");
    assert_eq!((none.status, none.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(host.ask("GET", "/metrics", &[], "").status, 401);
    assert_eq!(host.ask("GET", "/health", &[], "").status, 200);
    assert_eq!(ask("GET", "/api/v1/meta", "wrong").status, 401);
    let may = ask("GET", "/api/v1/meta", "reader-0123456789");
    assert_eq!(may.json()["may"], json!({"read": true, "write": false}));
    assert_eq!(
        ask("GET", "/api/v1/meta", "writer-0123456789").json()["may"]["write"],
        true,
        "answers are not shared between scopes"
    );
    assert_eq!(ask("POST", "/api/v1/read", "reader-0123456789").status, 200);
    assert_eq!(ask("POST", "/api/v1/documents", "reader-0123456789").status, 403);
    assert_eq!(ask("POST", "/api/v1/documents", "writer-0123456789").status, 201);
    let mut open = Settings::new(host.location.clone(), engine(), version());
    open.listen = "0.0.0.0:0".parse().unwrap();
    assert!(open.check().is_err(), "beyond loopback tokens are wanted");
}

#[test]
fn injections_stay_data() {
    let bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{202e}=cmd|' /C calc'!A0\r\nX-Injected: 1";
    let document = Document {
        id: bad.into(),
        title: Some(bad.into()),
        text: format!("قصف الجيش مواقع في طرابلس. {bad}"),
        outlet: Some(bad.replace("\r\n", " ")),
        url: Some("https://news.example/<script>".into()),
        author: Some(bad.into()),
        published: Some("2031-03-01".into()),
        ..Document::default()
    };
    let host = host_with(&[document], |_| ());
    let list = host.ask("GET", "/api/v1/documents", &[], "");
    assert_eq!(list.header("content-type"), Some("application/json"));
    assert_eq!(list.header("x-injected"), None);
    assert_eq!(list.json()["items"][0]["title"], bad);
    let key = host.get("/outlets")["items"][0]["key"].as_str().unwrap().to_string();
    assert_eq!(host.get(&format!("/outlets/{}", encode(&key)))["key"], key.as_str());
    for (what, format) in [
        ("documents", "csv"),
        ("events", "jsonl"),
        ("events", "csv"),
        ("happenings", "graphml"),
        ("happenings", "geojson"),
    ] {
        let a = host.ask("GET", &format!("/api/v1/export?what={what}&format={format}"), &[], "");
        assert_eq!(a.status, 200);
        assert!(a.header("content-disposition").unwrap().starts_with("attachment"), "{what} {format}");
        let text = String::from_utf8(a.body).unwrap();
        if format == "graphml" {
            assert!(!text.contains("<script>"), "{text}");
        }
    }
    let page = host.ask("GET", "/%3Cscript%3Ealert(1)%3C/script%3E", &[], "");
    assert!(!String::from_utf8_lossy(&page.body).contains("alert(1)"));
}

#[test]
fn exports_hold_all_that_is_asked_for() {
    let host = host();
    for what in ["happenings", "events", "statements", "transfers", "documents", "actors", "outlets"] {
        let total = host.get(&format!("/{what}"))["total"].as_u64().unwrap() as usize;
        let a = host.ask("GET", &format!("/api/v1/export?what={what}&format=jsonl"), &[], "");
        let lines: Vec<Value> =
            String::from_utf8(a.body).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(lines.len(), total, "{what}");
        let a = host.ask("GET", &format!("/api/v1/export?what={what}&format=csv"), &[], "");
        assert!(String::from_utf8(a.body).unwrap().lines().count() > total, "{what}");
    }
    let a = host.ask("GET", "/api/v1/export?what=events&format=plover&type=AID", &[], "");
    let aid = host.get("/events?type=AID")["total"].as_u64().unwrap() as usize;
    assert_eq!(String::from_utf8(a.body).unwrap().lines().count(), aid);
    let a = host.ask("GET", "/api/v1/export?what=happenings&format=geojson", &[], "");
    assert!(!a.json()["features"].as_array().unwrap().is_empty());
}

#[test]
fn description_metrics_and_pages_are_there() {
    let host = host();
    let api = host.get("/openapi.json");
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths: HashSet<&String> = api["paths"].as_object().unwrap().keys().collect();
    for path in [
        "meta",
        "happenings",
        "happenings/{id}",
        "events",
        "statements",
        "documents",
        "documents/{id}",
        "read",
        "stories",
        "stories/{id}",
        "actors",
        "actors/{id}",
        "outlets",
        "outlets/{id}",
        "transfers",
        "transfers/flows",
        "timeline",
        "map",
        "search",
        "export",
    ] {
        assert!(paths.contains(&format!("/api/v1/{path}")), "{path} is not described");
    }
    let text = String::from_utf8(host.ask("GET", "/metrics", &[], "").body).unwrap();
    assert!(text.contains("isnad_http_requests_total") && text.contains("isnad_index_documents 29"), "{text}");
    let page = host.ask("GET", "/happenings/abc", &[("Accept-Encoding", "gzip")], "");
    assert_eq!((page.status, page.header("content-encoding")), (200, Some("gzip")));
    assert_eq!(host.ask("GET", "/assets/gone.js", &[], "").status, 404);
}

#[test]
fn a_slow_caller_is_let_go_and_others_are_answered() {
    let host = host();
    let mut slow: Vec<TcpStream> = (0..50).map(|_| TcpStream::connect(host.address).unwrap()).collect();
    for s in &mut slow {
        s.write_all(b"GET /api/v1/meta HTTP/1.1\r\nHost: loc").unwrap();
    }
    let begun = Instant::now();
    host.get("/meta");
    assert!(begun.elapsed() < Duration::from_secs(2));
    slow[0].set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    let mut rest = Vec::new();
    let _ = slow[0].read_to_end(&mut rest);
    assert!(begun.elapsed() < Duration::from_secs(14), "headers may take ten seconds");
}

#[test]
fn the_ledger_is_made_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("new.ledger");
    assert!(!Path::exists(&place));
    let host = host_with(&[], |s| s.location = Location::File(place.clone()));
    assert!(place.exists());
    assert_eq!(host.get("/meta")["counts"]["documents"], 0);
    assert_eq!(host.get("/happenings")["items"], json!([]));
    assert_eq!(host.get("/timeline")["buckets"], json!([]));
    assert_eq!(host.post("/documents", &json!({"text": "زار الوزير مصر."})).status, 201);
}
