//! The web as it is: dead, slow, endless, circular, exploding, private. A server of our own plays all of them.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use intake::watch::{Batch, WatchError, Watched, Watcher};
use intake::web::{Answer, Client, Known, Rules, WebFault};
use intake::{Counter, Prepared, Skip, Sources};
use url::Url;

const TEXT: &str = "أعلنت قيادة القوات تسلمها دفعة جديدة من المدرعات، وقالت إنها وصلت عبر الميناء صباح الثلاثاء.";

/// What a request asks for: its path, and its head.
type Play = dyn Fn(&str, &str, &mut TcpStream) + Send + Sync;

struct Server {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(play: impl Fn(&str, &str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (play, log): (Arc<Play>, _) = (Arc::new(play), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (play, log) = (Arc::clone(&play), Arc::clone(&log));
                std::thread::spawn(move || {
                    let mut stream = stream;
                    let mut head = String::new();
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
                    let path = head.split_whitespace().nth(1).unwrap_or("").to_string();
                    log.lock().unwrap().push(path.clone());
                    play(&path, &head.to_lowercase(), &mut stream);
                });
            }
        });
        Self { base, asked }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.base)).unwrap()
    }

    fn count(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|p| *p == path).count()
    }
}

fn answer(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

fn html(stream: &mut TcpStream, title: &str) {
    let page = format!(
        "<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
    );
    answer(stream, "200 OK", "Content-Type: text/html; charset=utf-8\r\n", page.as_bytes());
}

fn rules() -> Rules {
    Rules {
        allow_private: true,
        gap: Duration::ZERO,
        whole: Duration::from_secs(2),
        connect: Duration::from_secs(2),
        retries: 0,
        ..Rules::default()
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    e.write_all(bytes).unwrap();
    e.finish().unwrap()
}

#[test]
fn every_kind_of_bad_server_is_named_and_left() {
    let server = Server::new(|path, _, stream| match path {
        "/loop1" => answer(stream, "302 Found", "Location: /loop2\r\n", b""),
        "/loop2" => answer(stream, "301 Moved", "Location: /loop1\r\n", b""),
        p if p.starts_with("/far") => answer(stream, "302 Found", &format!("Location: {p}x\r\n"), b""),
        "/drip" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        "/endless" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
            while stream.write_all(&[b'x'; 1 << 12]).is_ok() {}
        }
        "/bomb" => {
            let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            for _ in 0..100 {
                e.write_all(&vec![b' '; 1 << 20]).unwrap();
            }
            answer(stream, "200 OK", "Content-Encoding: gzip\r\n", &e.finish().unwrap());
        }
        "/torn" => answer(stream, "200 OK", "Content-Encoding: gzip\r\n", &gz(&[b'x'; 5000])[..20]),
        "/gone" => answer(stream, "410 Gone", "", b""),
        "/silent" => std::thread::sleep(Duration::from_secs(5)),
        "/noise" => drop(stream.write_all(b"\x00\x01\x02 this is no http\r\n\r\n")),
        "/later" => answer(stream, "503 Service Unavailable", "Retry-After: 3600\r\n", b""),
        _ => answer(stream, "404 Not Found", "", b""),
    });
    let client = Client::new(Rules { size: 1 << 20, ..rules() });
    for (path, part) in [
        ("/loop1", "redirects go round in a loop"),
        ("/far", "more than 10 redirects"),
        ("/drip", "did not answer in full within 2 s"),
        ("/silent", "did not answer in full within 2 s"),
        ("/endless", "is larger than 1 MiB"),
        ("/bomb", "is larger than 1 MiB"),
        ("/torn", "damaged or cut short"),
        ("/gone", "answers with status 410"),
        ("/noise", "cannot be reached"),
        ("/later", "asks not to be asked for 36"),
        // the pause that was asked for holds for the whole host
        ("/ok", "asks not to be asked for 3"),
    ] {
        let begun = Instant::now();
        let fault = client.get(&server.url(path)).unwrap_err();
        assert!(fault.to_string().contains(part), "{path}: {fault}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{path}");
    }
    let client = Client::new(rules());
    let dead = client.get(&Url::parse("http://127.0.0.1:1/").unwrap()).unwrap_err();
    assert!(matches!(dead, WebFault::Unreachable { .. }), "{dead}");
    let nowhere = client.get(&Url::parse("http://no-such-host.invalid/").unwrap()).unwrap_err();
    assert!(matches!(nowhere, WebFault::Unreachable { .. }), "{nowhere}");
    assert!(matches!(client.get(&Url::parse("file:///etc/passwd").unwrap()).unwrap_err(), WebFault::Address(_)));
}

#[test]
fn private_addresses_are_refused_in_every_disguise() {
    let server = Server::new(|path, _, stream| match path {
        "/robots.txt" => answer(stream, "404 Not Found", "", b""),
        _ => html(stream, "خبر"),
    });
    let port = server.url("/").port().unwrap();
    let client = Client::new(Rules { allow_private: false, ..rules() });
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "10.0.0.1",
        "169.254.169.254",
        "[fd00::1]",
    ] {
        let fault = client.get(&Url::parse(&format!("http://{host}:{port}/x")).unwrap()).unwrap_err();
        let named = fault.to_string().contains("--allow-private") || matches!(fault, WebFault::Unreachable { .. });
        assert!(named, "{host}: {fault}");
    }
    assert_eq!(server.asked.lock().unwrap().len(), 0, "nothing may have been asked");
    assert!(Client::new(rules()).get(&server.url("/x")).is_ok());
}

#[test]
fn robots_are_obeyed_and_closed_sites_left_alone() {
    let server = Server::new(|path, _, stream| match path {
        "/robots.txt" => answer(stream, "200 OK", "", b"User-agent: *\nDisallow: /private\nDisallow: /*?secret\n"),
        _ => html(stream, "خبر"),
    });
    let client = Client::new(rules());
    assert!(client.get(&server.url("/public")).is_ok());
    for path in ["/private/x", "/a?secret=1"] {
        assert!(matches!(client.get(&server.url(path)).unwrap_err(), WebFault::Robots(_)), "{path}");
        assert_eq!(server.count(path), 0);
    }
    assert_eq!(server.count("/robots.txt"), 1);
    let closed = Server::new(|path, _, stream| match path {
        "/robots.txt" => answer(stream, "500 Oops", "", b""),
        _ => html(stream, "خبر"),
    });
    assert!(matches!(Client::new(rules()).get(&closed.url("/x")).unwrap_err(), WebFault::Robots(_)));
    assert!(Client::new(Rules { robots: false, ..rules() }).get(&closed.url("/x")).is_ok());
}

#[test]
fn versions_pauses_and_second_tries() {
    let tries = AtomicUsize::new(0);
    let server = Server::new(move |path, head, stream| match path {
        "/versioned" if head.contains("if-none-match: \"v1\"") && head.contains("if-modified-since: tue") => {
            answer(stream, "304 Not Modified", "", b"");
        }
        "/versioned" => {
            answer(stream, "200 OK", "ETag: \"v1\"\r\nLast-Modified: Tue, 09 Mar 2021 08:30:00 GMT\r\n", b"x");
        }
        "/shaky" if tries.fetch_add(1, Ordering::Relaxed) == 0 => {
            answer(stream, "429 Too Many", "Retry-After: 1\r\n", b"");
        }
        "/shaky" => answer(stream, "200 OK", "", b"y"),
        _ => answer(stream, "404 Not Found", "", b""),
    });
    let client = Client::new(rules());
    let page = client.get(&server.url("/versioned")).unwrap();
    assert!(matches!(client.get_if_changed(&server.url("/versioned"), &page.known), Ok(Answer::Unchanged)));
    assert!(matches!(client.get_if_changed(&server.url("/versioned"), &Known::default()), Ok(Answer::Page(_))));
    let patient = Client::new(Rules { retries: 2, ..rules() });
    let begun = Instant::now();
    assert_eq!(patient.get(&server.url("/shaky")).unwrap().body, b"y");
    assert!(begun.elapsed() >= Duration::from_millis(900), "the pause asked for was not kept");
    // requests to one host keep their distance
    let polite = Client::new(Rules { gap: Duration::from_millis(300), ..rules() });
    let begun = Instant::now();
    for _ in 0..3 {
        polite.get(&server.url("/versioned")).unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_millis(850), "{:?}", begun.elapsed());
}

fn each(sources: &Sources, names: &[String]) -> Vec<Result<Prepared, Skip>> {
    let mut out = Vec::new();
    let names: Vec<std::path::PathBuf> = names.iter().map(Into::into).collect();
    sources.each(intake::find(&names), &Counter::default(), &mut |item| {
        out.push(item.and_then(|i| i.prepare(None)));
        true
    });
    out
}

#[test]
fn feeds_and_sitemaps_lead_to_pages() {
    let server = Server::new(|path, _, stream| {
        let rss = "<rss><channel><title>صوت</title><item><title>أ</title><link>/a</link><pubDate>Tue, 09 Mar 2021 08:30:00 +0200</pubDate></item><item><title>ب</title><link>/missing</link><description>نص من الخلاصة</description></item></channel></rss>";
        match path {
            "/feed" => answer(stream, "200 OK", "Content-Type: text/html\r\n", rss.as_bytes()),
            "/index.xml" => answer(stream, "200 OK", "Content-Type: application/xml\r\n", format!("<sitemapindex><sitemap><loc>http://{0}/map.xml.gz</loc></sitemap><sitemap><loc>http://{0}/index.xml</loc></sitemap><sitemap><loc>http://{0}/nomap</loc></sitemap></sitemapindex>", stream.local_addr().unwrap()).as_bytes()),
            "/map.xml.gz" => answer(stream, "200 OK", "", &gz(format!("<urlset><url><loc>http://{}/b</loc></url></urlset>", stream.local_addr().unwrap()).as_bytes())),
            "/a" => html(stream, "صفحة أ"),
            "/b" => html(stream, "صفحة ب"),
            _ => answer(stream, "404 Not Found", "", b""),
        }
    });
    let plain = Sources::new(None, false, rules());
    let got = each(&plain, &[format!("{}/feed", server.base)]);
    assert_eq!(got.len(), 2);
    assert_eq!(got[0].as_ref().unwrap().document.url.as_deref(), Some(&*format!("{}/a", server.base)));
    assert_eq!(server.count("/a"), 0, "nothing is fetched unasked");
    let fetching = Sources::new(None, true, rules());
    let got = each(&fetching, &[format!("{}/feed", server.base)]);
    let d = &got[0].as_ref().unwrap().document;
    assert_eq!((d.title.as_deref(), d.published.as_deref()), (Some("صفحة أ"), Some("2021-03-09T08:30:00+02:00")));
    assert!(d.text.contains("المدرعات"));
    let second = got[1].as_ref().unwrap();
    assert_eq!(second.document.text, "نص من الخلاصة");
    assert!(second.flaws[0].to_string().contains("status 404"));
    let got = each(&fetching, &[format!("{}/index.xml", server.base), format!("{}/a", server.base)]);
    let titles: Vec<String> = got
        .iter()
        .map(|g| g.as_ref().map_or_else(|e| format!("! {e}"), |p| p.document.title.clone().unwrap()))
        .collect();
    assert_eq!(titles.len(), 3, "{titles:?}");
    assert_eq!((&*titles[0], &*titles[2]), ("صفحة ب", "صفحة أ"));
    assert!(titles[1].contains("/nomap") && titles[1].contains("404"), "{titles:?}");
}

#[test]
fn watching_hands_over_once_and_loses_nothing() {
    let version = Arc::new(AtomicUsize::new(1));
    let shown = Arc::clone(&version);
    let server = Server::new(move |path, head, stream| {
        let n = shown.load(Ordering::Relaxed);
        let tag = format!("\"v{n}\"");
        match path {
            "/feed" if head.contains(&format!("if-none-match: {tag}")) => answer(stream, "304 Not Modified", "", b""),
            "/feed" => {
                let items: String = (1..=n).fold(String::new(), |s, i| s + &format!("<item><title>خبر {i}</title><guid isPermaLink='false'>{i}</guid><description>نص {i}</description></item>"));
                answer(
                    stream,
                    "200 OK",
                    &format!("ETag: {tag}\r\n"),
                    format!("<rss><channel>{items}</channel></rss>").as_bytes(),
                );
            }
            _ => answer(stream, "404 Not Found", "", b""),
        }
    });
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state.json");
    let list = vec![Watched { url: server.url("/feed"), interval: Duration::from_secs(60) }];
    let stop = AtomicBool::new(false);
    // each poll is a new run of the program; the clock is wound on by making all due
    let poll = |fail: bool| -> Result<Vec<String>, String> {
        if let Ok(text) = std::fs::read_to_string(&state) {
            let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
            for source in value["sources"].as_object_mut().unwrap().values_mut() {
                source["due"] = 0.into();
            }
            std::fs::write(&state, value.to_string()).unwrap();
        }
        let mut got = Vec::new();
        let mut watcher = Watcher::open::<String>(list.clone(), &state, Sources::new(None, false, rules())).unwrap();
        let result = watcher.poll_due(&stop, &mut |batch: Batch| {
            if fail {
                return Err("the disk is full".to_string());
            }
            got.extend(batch.documents.into_iter().map(|d| d.map_or_else(|e| e.to_string(), |p| p.document.id)));
            Ok(())
        });
        result.map(|_| got).map_err(|e: WatchError<String>| e.to_string())
    };
    assert_eq!(poll(true), Err("the disk is full".into()));
    assert_eq!(poll(false), Ok(vec!["1".into()]), "what was not taken comes again");
    assert_eq!(poll(false), Ok(vec![]));
    version.store(3, Ordering::Relaxed);
    assert_eq!(poll(false), Ok(vec!["2".into(), "3".into()]));
    // a half-written new state is no harm
    std::fs::write(dir.path().join("state.json.new"), b"{\"ver").unwrap();
    assert_eq!(poll(false), Ok(vec![]));
    std::fs::write(&state, b"{}").unwrap();
    let fault = Watcher::open::<String>(list.clone(), &state, Sources::default()).unwrap_err().to_string();
    assert!(fault.contains("move it away"), "{fault}");
}
