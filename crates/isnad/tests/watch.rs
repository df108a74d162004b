//! `isnad watch`, and `isnad add` from the web, as a user runs them, against a server of our own.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use assert_cmd::Command;
use ledger::{Ledger, Location};

/// A feed that grows, pages behind it, and what else the path asks for.
struct Server {
    base: String,
    /// How many entries the feed has.
    entries: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
}

fn page(n: usize) -> String {
    format!(
        "<html lang=ar><head><title>خبر {n}</title></head><body><article><h1>خبر {n}</h1><p>قال وزير الدفاع سليم الغماري إن دولة \
         الرمال أرسلت {n} طائرات إلى قوات الشرق في بنغازي أمس، وإن السفن رست في الميناء صباحا.</p><p>ونفى المتحدث باسم \
         القوات تسلم أي طائرات، وقال إن التقارير عن ذلك لا تستند إلى أدلة.</p></article></body></html>"
    )
}

impl Server {
    fn new(entries: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (entries, asked) = (Arc::new(AtomicUsize::new(entries)), Arc::new(Mutex::new(Vec::new())));
        let server = Self { base: base.clone(), entries: Arc::clone(&entries), asked: Arc::clone(&asked) };
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut head = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
                let path = head.split_whitespace().nth(1).unwrap_or("").to_string();
                let n = entries.load(Ordering::Relaxed);
                let tag = format!("\"v{n}\"");
                let unchanged = path == "/feed" && head.contains(&tag);
                asked.lock().unwrap().push(if unchanged { format!("{path} unchanged") } else { path.clone() });
                match path.strip_prefix("/page/").and_then(|n| n.parse().ok()) {
                    Some(n) => answer(&mut stream, "200 OK", "Content-Type: text/html; charset=utf-8\r\n", &page(n)),
                    None if unchanged => answer(&mut stream, "304 Not Modified", "", ""),
                    // 0: the feed has become a page
                    None if path == "/feed" && n == 0 => {
                        answer(&mut stream, "200 OK", "Content-Type: text/html\r\n", &page(0));
                    }
                    None if path == "/feed" => {
                        let items: String = (1..=n)
                            .map(|i| format!("<item><title>خبر {i}</title><link>{base}/page/{i}</link>") + "</item>")
                            .collect();
                        let feed = format!("<rss><channel><title>صوت الضفة</title>{items}</channel></rss>");
                        answer(&mut stream, "200 OK", &format!("ETag: {tag}\r\n"), &feed);
                    }
                    None => answer(&mut stream, "404 Not Found", "", ""),
                }
            }
        });
        server
    }

    fn set(&self, entries: usize) {
        self.entries.store(entries, Ordering::Relaxed);
    }

    fn count(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|p| *p == path).count()
    }

    /// A folder with a list of the feed.
    fn folder(&self) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("feeds.txt"), format!("{}/feed 1m # grows\n", self.base)).unwrap();
        dir
    }
}

fn answer(stream: &mut TcpStream, status: &str, headers: &str, body: &str) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

const WATCH: [&str; 8] = ["watch", "feeds.txt", "--ledger", "n.ledger", "--allow-private", "--delay", "0", "--fetch"];

fn isnad(dir: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("isnad").unwrap().current_dir(dir).env_remove("ISNAD_LEDGER").args(args).output().unwrap()
}

fn once(dir: &Path, more: &[&str]) -> Output {
    isnad(dir, &[&WATCH[..], &["--once"], more].concat())
}

fn start(dir: &Path, more: &[&str]) -> Child {
    std::process::Command::new(assert_cmd::cargo::cargo_bin("isnad"))
        .current_dir(dir)
        .args(WATCH)
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn err(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

fn documents(dir: &Path) -> i64 {
    Ledger::open(&Location::File(dir.join("n.ledger"))).map_or(0, |mut l| l.counts().unwrap().documents)
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn signal(child: &Child, name: &str) {
    let sent = std::process::Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn what_is_new_is_kept_once() {
    let server = Server::new(3);
    let dir = server.folder();
    let path = dir.path();
    let o = once(path, &[]);
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    assert!(err(&o).contains("/feed: 3 added, 0 known already"), "{}", err(&o));
    assert_eq!(documents(path), 3);
    // not due; then asked all the same, with what the server said before
    once(path, &[]);
    assert_eq!(server.count("/feed unchanged"), 0);
    let o = once(path, &["--now"]);
    assert_eq!((o.status.code(), server.count("/feed unchanged")), (Some(0), 1), "{}", err(&o));
    server.set(5);
    let o = once(path, &["--now"]);
    assert!(err(&o).contains("2 added, 0 known already"), "{}", err(&o));
    assert_eq!((documents(path), server.count("/page/1")), (5, 1));
    let o = isnad(path, &["search", "الغماري", "--ledger", "n.ledger"]);
    assert_eq!(String::from_utf8_lossy(&o.stdout).lines().count(), 5);
    assert_eq!(isnad(path, &["verify", "--ledger", "n.ledger"]).status.code(), Some(0));
    // what came is traced as `add` traces it, unless that is put off
    let waiting = |path: &Path| {
        let mut ledger = Ledger::open(&Location::File(path.join("n.ledger"))).unwrap();
        ledger.count_untraced().unwrap()
    };
    assert_eq!(waiting(path), 0);
    server.set(6);
    once(path, &["--now", "--no-trace"]);
    assert_eq!((documents(path), waiting(path)), (6, 1));
}

#[test]
fn a_feed_that_became_a_page_is_told_and_not_taken() {
    let server = Server::new(2);
    let dir = server.folder();
    let path = dir.path();
    once(path, &[]);
    server.set(0);
    let o = once(path, &["--now", "--report", "r.jsonl"]);
    assert_eq!(o.status.code(), Some(1));
    assert!(err(&o).contains("/feed: is an HTML page now, not a feed or a sitemap"), "{}", err(&o));
    assert!(std::fs::read_to_string(path.join("r.jsonl")).unwrap().contains("HTML page now"));
    assert_eq!(documents(path), 2);
    server.set(3);
    let o = once(path, &["--now"]);
    assert!(err(&o).contains("1 added"), "{}", err(&o));
}

#[test]
fn it_watches_until_it_is_told_to_stop_and_follows_its_list() {
    let server = Server::new(1);
    let dir = server.folder();
    let path = dir.path();
    for name in ["-INT", "-TERM"] {
        let child = start(path, &["--now"]);
        until("the first document", || server.count("/feed") >= 1 && documents(path) >= 1);
        // a second watcher is turned away, and the ledger is free for others
        let o = once(path, &[]);
        assert_eq!(o.status.code(), Some(2));
        assert!(err(&o).contains("another watcher works with this state (process "), "{}", err(&o));
        let o = isnad(path, &["add", "feeds.txt", "--ledger", "n.ledger", "--wait", "20"]);
        assert_eq!(o.status.code(), Some(0), "{}", err(&o));
        let page = format!("{}/feed 1m\n{}/page/7{name}\n{}/page/7\n", server.base, server.base, server.base);
        std::fs::write(path.join("feeds.txt"), page).unwrap();
        until("the address that was added to the list", || server.count("/page/7") >= 1);
        until("its refusal", || server.count(&format!("/page/7{name}")) >= 1);
        signal(&child, name);
        let o = child.wait_with_output().unwrap();
        assert_eq!(o.status.code(), Some(1), "the address that answers 404 is counted: {}", err(&o));
        assert!(err(&o).contains("404"), "{}", err(&o));
        std::fs::write(path.join("feeds.txt"), format!("{}/feed 1m\n{}/page/7\n", server.base, server.base)).unwrap();
        let _ = std::fs::remove_file(path.join("feeds.txt.state"));
        server.asked.lock().unwrap().clear();
    }
}

/// Kills it at moments all over its life. `ISNAD_KILLS` sets how often (8).
#[test]
fn nothing_is_left_out_however_often_it_is_killed() {
    let kills: u64 = std::env::var("ISNAD_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(8);
    let server = Server::new(1);
    let dir = server.folder();
    let path = dir.path();
    once(path, &[]);
    let mut random = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from(std::process::id());
    let mut interrupted = 0;
    let step = 40;
    for round in 1..=kills {
        server.set(1 + step * round as usize);
        let mut child = start(path, &["--now", "--quiet"]);
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let before = documents(path);
        until("its first request", || server.count("/feed") > round as usize || documents(path) > before);
        std::thread::sleep(Duration::from_millis(random % 400));
        child.kill().unwrap();
        child.wait().unwrap();
        interrupted += i64::from(documents(path) < 1 + step as i64 * round as i64);
        assert!(documents(path) >= before, "what was committed stays");
    }
    let o = once(path, &["--now"]);
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    assert_eq!(documents(path), 1 + (step * kills as usize) as i64);
    assert_eq!(isnad(path, &["verify", "--ledger", "n.ledger"]).status.code(), Some(0));
    eprintln!("{interrupted} of {kills} were killed before their end");
}

#[test]
fn what_cannot_be_watched_is_told() {
    let server = Server::new(1);
    let dir = server.folder();
    let path = dir.path();
    let watch = |list: &str, more: &[&str]| {
        let args = [&["watch", list, "--once", "--allow-private", "--delay", "0"], more].concat();
        let o = isnad(path, &args);
        (o.status.code(), err(&o))
    };
    let (code, told) = watch("none.txt", &["--ledger", "x.ledger"]);
    assert!(code == Some(2) && told.contains("none.txt: cannot be read"), "{told}");
    std::fs::write(path.join("bad.txt"), "# nothing\nftp://a.example\n").unwrap();
    let (code, told) = watch("bad.txt", &["--ledger", "x.ledger"]);
    assert!(code == Some(2) && told.contains("bad.txt: line 2") && told.contains("lists no address"), "{told}");
    assert!(!path.join("x.ledger").exists());
    // the state belongs to a ledger
    assert_eq!(watch("feeds.txt", &["--ledger", "n.ledger"]).0, Some(0), "entries with titles alone");
    let (code, told) = watch("feeds.txt", &["--ledger", "other.ledger"]);
    assert!(code == Some(2) && told.contains("--state"), "{told}");
    let (code, _) = watch("feeds.txt", &["--ledger", "other.ledger", "--state", "other.state", "--fetch"]);
    assert_eq!((code, path.join("other.state").exists()), (Some(0), true));
    // a ledger that was lost is filled again
    for name in ["other.ledger", "other.ledger-wal", "other.ledger-shm"] {
        let _ = std::fs::remove_file(path.join(name));
    }
    let (code, told) = watch("feeds.txt", &["--ledger", "other.ledger", "--state", "other.state", "--fetch"]);
    assert!(
        code == Some(0) && told.contains("everything listed is taken as new") && told.contains("1 added"),
        "{told}"
    );
    std::fs::write(path.join("feeds.txt.state"), "{").unwrap();
    let (code, told) = watch("feeds.txt", &["--ledger", "n.ledger"]);
    assert!(code == Some(2) && told.contains("move it away"), "{told}");
}

#[test]
fn adding_from_the_web_and_from_every_kind_of_file() {
    let server = Server::new(2);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let add = |sources: &[&str]| {
        let web = ["--ledger", "n.ledger", "--allow-private", "--delay", "0", "--report", "r.jsonl"];
        isnad(path, &[&["add"], sources, &web].concat())
    };
    let (feed, third) = (format!("{}/feed", server.base), format!("{}/page/3", server.base));
    let o = add(&[&feed, "--fetch"]);
    assert!(err(&o).contains("2 added"), "{}", err(&o));
    let text = |n: usize| format!("أعلنت قيادة الجيش انسحاب {n} كتائب من بنغازي أمس.");
    std::fs::write(path.join("t.csv"), format!("id,date,body\n1,2021-03-09,{}\n2,2021-03-10\n", text(4))).unwrap();
    let record = |n: usize| {
        let html = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}", page(n));
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0000000{n}>\r\nWARC-Target-URI: https://w.example/{n}\r\n\
             Content-Type: application/http;msgtype=response\r\nContent-Length: {}\r\n\r\n{html}\r\n\r\n",
            html.len()
        )
    };
    let mut packed = Vec::new();
    for n in [11, 12] {
        let mut e = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::fast());
        e.write_all(record(n).as_bytes()).unwrap();
        e.finish().unwrap();
    }
    packed.extend(record(13).as_bytes().iter().take(40));
    std::fs::write(path.join("w.warc.gz"), packed).unwrap();
    let missing = format!("{}/none", server.base);
    let o = add(&[&third, "t.csv", "w.warc.gz", &missing, &feed, "--fetch"]);
    let told = err(&o);
    assert_eq!(o.status.code(), Some(1), "{told}");
    assert!(told.contains("4 added, 2 known already"), "{told}");
    let report = std::fs::read_to_string(path.join("r.jsonl")).unwrap();
    let report: Vec<serde_json::Value> = report.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    for line in &report {
        let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["item", "reason", "source"], "{line}");
    }
    for (source, item) in [("t.csv", 1.into()), ("w.warc.gz", serde_json::Value::Null), (&*missing, ().into())] {
        let told = report.iter().any(|l| l["source"] == source && (item.is_null() || l["item"] == item));
        assert!(told, "{source} is missing in {report:?}");
    }
    assert_eq!(documents(path), 6);
    // without --allow-private nothing of this machine is asked
    let before = server.asked.lock().unwrap().len();
    let o = isnad(path, &["add", &third, "--ledger", "n.ledger"]);
    assert!(o.status.code() == Some(1) && err(&o).contains("--allow-private"), "{}", err(&o));
    assert_eq!(server.asked.lock().unwrap().len(), before);
}
