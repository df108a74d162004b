//! A PostgreSQL server for the tests of this and other crates: one that is there, or one of their own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The address of a new, empty database; none where no server can be had.
pub fn database() -> Option<String> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let server = server()?;
    let name = format!("isnad_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    create(server, &name);
    let (head, tail) = server.rsplit_once('/').unwrap();
    let options = tail.split_once('?').map_or(String::new(), |o| format!("?{}", o.1));
    Some(format!("{head}/{name}{options}"))
}

#[cfg(feature = "postgres")]
fn create(server: &str, name: &str) {
    let mut client = postgres::Client::connect(server, postgres::NoTls).unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
}

#[cfg(not(feature = "postgres"))]
fn create(_: &str, _: &str) {}

/// The address of a server: `ISNAD_TEST_POSTGRES`, or one started here.
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
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
