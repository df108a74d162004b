//! `isnad read`

use std::time::Instant;

use intake::{Fault, Prepared};

use crate::cli::{ReadArgs, ReadFormat};
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::table;
use crate::output::view::View;
use crate::output::{Frame, html, is_folder, json};

use super::{Guarded, each_document, ending, look, peak_memory};

/// Reads articles and writes their readings.
pub fn run(args: &ReadArgs) -> Result<Outcome, Fatal> {
    let begun = Instant::now();
    let engine = engine::build(&args.engine)?;
    let stdout = console::Term::stdout();
    let to_terminal = args.output.output.is_none() && stdout.is_term();
    let format = args.format.unwrap_or_else(|| match ending(args.output.output.as_deref()).as_deref() {
        Some("html" | "htm") => ReadFormat::Html,
        Some("jsonl" | "ndjson") => ReadFormat::Jsonl,
        Some("txt" | "table") => ReadFormat::Table,
        None if to_terminal => ReadFormat::Table,
        _ => ReadFormat::Json,
    });
    let to_folder = args.output.output.as_deref().is_some_and(is_folder);
    let (frame, extension) = match format {
        ReadFormat::Table => (Frame::Plain, "txt"),
        ReadFormat::Json => (Frame::Json, "json"),
        ReadFormat::Jsonl => (Frame::Plain, "json"),
        ReadFormat::Html => (Frame::Page, "html"),
    };
    let look = look(args.plain, to_terminal, &stdout);
    let number = std::sync::atomic::AtomicUsize::new(1);
    let tally = each_document(&args.input, &args.output, frame, extension, to_terminal, || {
        let mut reader = Guarded::new(&engine);
        let number = &number;
        move |prepared: Prepared| -> Result<Vec<u8>, Fault> {
            let document = &prepared.document;
            let (reading, explain) = reader
                .with(document, |r, d| if args.explain { r.read_explained(d) } else { (r.read(d), Vec::new()) })?;
            let data = matches!(format, ReadFormat::Json | ReadFormat::Jsonl);
            let shown = !data || prepared.extracted || args.output.with_text;
            let whole = if shown { document.whole() } else { "".into() };
            Ok(match format {
                ReadFormat::Json | ReadFormat::Jsonl => {
                    let why = args.explain.then_some(&explain[..]);
                    json::reading(&reading, why, shown.then_some(&*whole), format == ReadFormat::Jsonl)
                }
                ReadFormat::Table => table::render(&View::new(document, &reading, &explain, &whole), look).into_bytes(),
                ReadFormat::Html => {
                    // anchors only need to differ; in a folder each page has one article
                    let n = if to_folder { 1 } else { number.fetch_add(1, std::sync::atomic::Ordering::Relaxed) };
                    html::render(&View::new(document, &reading, &explain, &whole), n).into_bytes()
                }
            })
        }
    })?;
    if args.stats {
        let seconds = begun.elapsed().as_secs_f64();
        let megabytes = tally.bytes as f64 / 1e6;
        let memory = peak_memory().map_or(String::new(), |b| format!(", {:.0} MB resident at most", b as f64 / 1e6));
        eprintln!(
            "isnad: {} articles, {megabytes:.2} MB of text in {seconds:.3} s: {:.1} MB/s{memory}",
            tally.articles,
            megabytes / seconds
        );
    }
    Ok(Outcome::from_faults(tally.faults))
}
