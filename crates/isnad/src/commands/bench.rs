//! `isnad bench`: speed with one and more threads, start-up, memory, and the cost of length, measured by one command.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use model::Document;
use reader::{Engine, Reader};
use serde::Serialize;

use crate::cli::{BenchArgs, EngineArgs, threads};
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::json;
use crate::output::table::number;

#[derive(Serialize)]
struct Speed {
    threads: usize,
    megabytes_per_second: f64,
    times_one_thread: f64,
}

#[derive(Serialize)]
struct Length {
    bytes: usize,
    seconds: f64,
    megabytes_per_second: f64,
}

#[derive(Serialize)]
struct Report {
    articles: usize,
    megabytes: f64,
    events: usize,
    speed: Vec<Speed>,
    start_up_ms: f64,
    peak_resident_mb: Option<f64>,
    length: Vec<Length>,
}

/// Measures.
pub fn run(args: &BenchArgs) -> Result<Outcome, Fatal> {
    let mut documents: Vec<Document> = Vec::new();
    let mut faults = 0;
    intake::Sources::default().each(intake::find(&args.inputs), &intake::Counter::default(), &mut |item| {
        match item.and_then(|i| i.prepare(None)) {
            Ok(p) => documents.push(p.document),
            Err(e) => {
                faults += 1;
                eprintln!("isnad: {e}");
            }
        }
        true
    });
    let bytes: usize = documents.iter().map(size).sum();
    if bytes == 0 {
        return Err(Fatal::Usage("no text to measure with\n  give articles: isnad bench news.jsonl.gz".into()));
    }
    let engine = engine::build(&args.engine)?;
    let runs = usize::from(args.runs);
    let megabytes = bytes as f64 / 1e6;

    let mut speed: Vec<Speed> = Vec::new();
    let mut events = 0;
    for n in 1..=threads(args.jobs) {
        let best = (0..runs).map(|_| whole(&engine, &documents, n, &mut events)).min().unwrap_or_default();
        let rate = megabytes / best.as_secs_f64();
        let first = speed.first().map_or(rate, |s| s.megabytes_per_second);
        speed.push(Speed { threads: n, megabytes_per_second: rate, times_one_thread: rate / first });
    }
    let report = Report {
        articles: documents.len(),
        megabytes,
        events,
        length: lengths(&engine, &documents, runs),
        speed,
        start_up_ms: start_up(&args.engine, runs.max(5))?,
        peak_resident_mb: peak(args)?,
    };
    if args.json {
        println!("{}", String::from_utf8_lossy(&json::write(&report, false)));
    } else {
        print_table(&report);
    }
    Ok(Outcome::from_faults(faults))
}

fn print_table(r: &Report) {
    println!(
        "{} articles, {:.2} MB of text, {} events\n",
        number(r.articles as f64),
        r.megabytes,
        number(r.events as f64)
    );
    println!("threads      MB/s  × one thread");
    for s in &r.speed {
        println!("{:>7}{:>10.2}{:>14.2}", s.threads, s.megabytes_per_second, s.times_one_thread);
    }
    println!("\nstart-up, first short article read   {:.1} ms", r.start_up_ms);
    if let Some(mb) = r.peak_resident_mb {
        println!("resident at most, reading all         {mb:.0} MB");
    }
    println!("\narticle length      seconds      MB/s");
    for l in &r.length {
        println!("{:>12} B{:>13.6}{:>10.2}", number(l.bytes as f64), l.seconds, l.megabytes_per_second);
    }
}

fn size(d: &Document) -> usize {
    d.text.len() + d.title.as_deref().map_or(0, str::len)
}

/// The time to read all documents with `n` threads, from cold caches.
fn whole(engine: &Arc<Engine>, documents: &[Document], n: usize, events: &mut usize) -> Duration {
    let next = AtomicUsize::new(0);
    let found = AtomicUsize::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..n {
            scope.spawn(|| {
                let mut reader = Reader::new(engine);
                let mut count = 0;
                while let Some(d) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                    count += std::hint::black_box(reader.read(d)).events.len();
                }
                found.fetch_add(count, Ordering::Relaxed);
            });
        }
    });
    let time = begun.elapsed();
    *events = found.into_inner();
    time
}

/// Articles of 1 kB to 10 MB, made of the given ones joined; read by a reader whose caches are warm.
fn lengths(engine: &Arc<Engine>, documents: &[Document], runs: usize) -> Vec<Length> {
    let most = 10_000_000;
    let mut text = String::with_capacity(most + 1000);
    while text.len() < most {
        let before = text.len();
        for d in documents {
            text.push_str(&d.whole());
            text.push('\n');
            if text.len() >= most {
                break;
            }
        }
        if text.len() == before {
            return Vec::new();
        }
    }
    let mut reader = Reader::new(engine);
    let mut out = Vec::new();
    for bytes in [1_000, 10_000, 100_000, 1_000_000, 10_000_000] {
        let mut end = bytes;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let document = Document { text: text[..end].to_string(), ..Document::default() };
        // short articles are read often enough to be measured
        let repeats = (200_000 / bytes).max(1);
        let best = (0..runs)
            .map(|_| {
                let begun = Instant::now();
                for _ in 0..repeats {
                    std::hint::black_box(reader.read(&document));
                }
                begun.elapsed()
            })
            .min()
            .unwrap_or_default();
        let seconds = best.as_secs_f64() / repeats as f64;
        out.push(Length { bytes: end, seconds, megabytes_per_second: end as f64 / 1e6 / seconds });
    }
    out
}

fn child(engine: &EngineArgs) -> Result<Command, Fatal> {
    let program = std::env::current_exe().map_err(|source| Fatal::Read { path: "isnad".into(), source })?;
    let mut command = Command::new(program);
    command.arg("read").arg("--quiet");
    if let Some(m) = &engine.model {
        command.arg("--model").arg(m);
    }
    if let Some(l) = &engine.lexicon {
        command.arg("--lexicon").arg(l);
    }
    Ok(command)
}

/// From the start of the program to its end, with one short article: the best of several, in milliseconds.
fn start_up(engine: &EngineArgs, runs: usize) -> Result<f64, Fatal> {
    use std::io::Write;
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let failed = |source| Fatal::Read { path: "isnad".into(), source };
        let mut command = child(engine)?;
        let begun = Instant::now();
        let mut running = command
            .args(["--jobs", "1", "--format", "jsonl"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        if let Some(mut stdin) = running.stdin.take() {
            let _ = stdin.write_all("قال وزير الدفاع إن الجيش تسلم أربع طائرات.".as_bytes());
        }
        running.wait().map_err(failed)?;
        best = best.min(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(best)
}

/// The most memory that reading all inputs with all threads holds resident, in megabytes.
fn peak(args: &BenchArgs) -> Result<Option<f64>, Fatal> {
    let mut command = child(&args.engine)?;
    command.args(["--stats", "--format", "jsonl"]).args(["--jobs", &threads(args.jobs).to_string()]).args(&args.inputs);
    let done = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(|source| Fatal::Read { path: "isnad".into(), source })?;
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    Ok(told.split_once(" MB resident").and_then(|(head, _)| head.rsplit(' ').next()?.parse().ok()))
}
