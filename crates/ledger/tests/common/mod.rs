//! Ledgers to test with: a file of its own, and a PostgreSQL server of its own where one can be had.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use ledger::{DocumentId, Entry, Location, Read, Shadow, Version, WriteOptions, Writer};
use model::{Document, Reading};
use reader::{Engine, Reader};

/// The shipped lexicon and weights.
pub fn engine() -> &'static Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    ENGINE.get_or_init(|| Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).unwrap()))
}

pub fn version() -> Version {
    Version { reader: "1".into(), weights: "w".into(), lexicon: "x".into() }
}

pub fn document(id: &str, text: &str) -> Document {
    Document { id: id.into(), text: text.into(), ..Document::default() }
}

pub fn entry(reader: &mut Reader, d: &Document) -> Entry {
    Entry::new(DocumentId::of(d), d, read(reader, d), Some([7; 32]))
}

pub fn read(reader: &mut Reader, d: &Document) -> Read {
    let reading = reader.read(d);
    Read::new(d, &reading, Shadow::of(reader, d))
}

pub fn write(location: &Location) -> Writer {
    Writer::open(location, &version(), WriteOptions { wait: 0, waiting: &mut |_| () }).unwrap()
}

/// A record of a reading made by hand, so that no test hangs on what the reader has learned: spans are given by their
/// words, as `"@words"`.
pub fn reading(d: &Document, record: serde_json::Value) -> Reading {
    fn place(v: &mut serde_json::Value, text: &str) {
        match v {
            serde_json::Value::String(s) if s.starts_with('@') => {
                let at = text.find(&s[1..]).unwrap_or_else(|| panic!("{s} is not in {text}"));
                let from = text[..at].chars().count();
                *v = serde_json::json!([from, from + s.chars().count() - 1]);
            }
            serde_json::Value::Array(list) => list.iter_mut().for_each(|v| place(v, text)),
            serde_json::Value::Object(map) => map.values_mut().for_each(|v| place(v, text)),
            _ => {}
        }
    }
    let mut record = record;
    place(&mut record, &d.whole());
    serde_json::from_value(record).unwrap()
}

/// A ledger with these documents and readings.
pub fn told(location: &Location, documents: &[(Document, Reading)]) {
    let mut reader = Reader::new(engine());
    let mut writer = write(location);
    let entries = documents
        .iter()
        .map(|(d, r)| Entry::new(DocumentId::of(d), d, Read::new(d, r, Shadow::of(&mut reader, d)), Some([7; 32])));
    let entries = entries.collect();
    writer.add(entries).unwrap();
    writer.finish().unwrap();
}

/// A ledger with these documents, read by the reader.
pub fn filled(location: &Location, documents: &[Document]) {
    let mut reader = Reader::new(engine());
    let mut writer = write(location);
    let entries = documents.iter().map(|d| entry(&mut reader, d)).collect();
    writer.add(entries).unwrap();
    writer.finish().unwrap();
}

/// Both kinds of ledger, new and empty; the second only where a server can be had.
pub fn places() -> Vec<Location> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    // kept till the end of the tests: their servers and files are thrown away with the folder
    let dir = tempfile::tempdir().unwrap().keep();
    let mut out = vec![Location::File(dir.join("test.ledger"))];
    if let Some(server) = server() {
        let name = format!("isnad_test_{}_{n}", std::process::id());
        sql(server, &format!("CREATE DATABASE {name}"));
        let (head, tail) = server.rsplit_once('/').unwrap();
        let options = tail.split_once('?').map_or(String::new(), |o| format!("?{}", o.1));
        out.push(Location::parse(&format!("{head}/{name}{options}")));
    }
    out
}

#[cfg(feature = "postgres")]
fn sql(server: &str, statement: &str) {
    postgres::Client::connect(server, postgres::NoTls).unwrap().batch_execute(statement).unwrap();
}

#[cfg(not(feature = "postgres"))]
fn sql(_: &str, _: &str) {}

/// The address of a server: `ISNAD_TEST_POSTGRES`, or one started here.
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    if !cfg!(feature = "postgres") {
        return None;
    }
    SERVER
        .get_or_init(|| {
            let found = std::env::var("ISNAD_TEST_POSTGRES").ok().or_else(start);
            if found.is_none() {
                let what = "no PostgreSQL server can be started here (initdb and pg_ctl); set ISNAD_TEST_POSTGRES";
                assert!(std::env::var_os("ISNAD_TEST_POSTGRES_REQUIRED").is_none(), "{what}");
                eprintln!("skipped: {what}");
            }
            found
        })
        .as_deref()
}

fn binaries() -> Option<PathBuf> {
    let mut candidates: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"))
        .collect();
    candidates.sort();
    candidates.extend(std::env::split_paths(&std::env::var_os("PATH")?));
    candidates.into_iter().rev().find(|p| p.join("initdb").is_file() && p.join("pg_ctl").is_file())
}

/// Starts a server in a folder of its own; it stops when the tests have ended.
fn start() -> Option<String> {
    let bin = binaries()?;
    let dir = tempfile::Builder::new().prefix("isnad-pg").tempdir().ok()?.keep();
    // a server does not run as root
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| {
        use std::os::unix::fs::MetadataExt;
        m.uid() == 0
    });
    let user = if root { "postgres" } else { "" };
    if root {
        let _ = Command::new("chown").arg(user).arg(&dir).status();
    }
    let run = |program: &str, args: &[&str]| -> Option<()> {
        let path = bin.join(program);
        let mut command = if root {
            let mut c = Command::new("setpriv");
            c.args(["--reuid", user, "--clear-groups", "--"]).arg(path);
            c
        } else {
            Command::new(path)
        };
        let done = command.args(args).current_dir(&dir).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
        done.success().then_some(())
    };
    let data = dir.join("data");
    let data = data.to_str()?;
    run("initdb", &["-D", data, "-U", "isnad", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"])?;
    let sockets = dir.to_str()?;
    let options = format!("-c listen_addresses='' -c unix_socket_directories='{sockets}' -c fsync=off");
    run("pg_ctl", &["-D", data, "-o", &options, "-w", "-t", "60", "-l", "/dev/null", "start"])?;
    stop_with_us(&bin, &dir, user);
    let encoded = sockets.replace('/', "%2F");
    Some(format!("postgres://isnad@{encoded}/postgres"))
}

/// A watcher that ends the server and its folder when this process is gone, however it went.
fn stop_with_us(bin: &Path, dir: &Path, user: &str) {
    let script = format!(
        "while kill -0 {pid} 2>/dev/null; do sleep 1; done; {as_user} {bin}/pg_ctl -D {dir}/data -m immediate stop; rm -rf {dir}",
        pid = std::process::id(),
        as_user = if user.is_empty() { String::new() } else { format!("setpriv --reuid {user} --clear-groups --") },
        bin = bin.display(),
        dir = dir.display(),
    );
    let _ = Command::new("setsid")
        .args(["sh", "-c", &script])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
