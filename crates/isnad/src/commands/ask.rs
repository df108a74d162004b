//! What all questions to a ledger share: form, paging, where the answer goes.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use ledger::{Page, Paging};
use serde::Serialize;

use crate::cli::{AskArgs, RowFormat};
use crate::error::{Fatal, Outcome};
use crate::output::rows::{Rows, Shown};

use super::ending;

/// Rows of one page of a long answer.
const PAGE: usize = 1000;

/// Asks page by page and writes the rows as they come.
pub fn answer<T: Serialize + Shown, E: Into<Fatal>>(
    args: &AskArgs,
    mut ask: impl FnMut(&Paging) -> Result<Page<T>, E>,
) -> Result<Outcome, Fatal> {
    let stdout = console::Term::stdout();
    let to_terminal = args.output.is_none() && stdout.is_term();
    let format = args.format.unwrap_or_else(|| match ending(args.output.as_deref()).as_deref() {
        Some("csv") => RowFormat::Csv,
        Some("txt" | "table") => RowFormat::Table,
        None if to_terminal => RowFormat::Table,
        _ => RowFormat::Jsonl,
    });
    let name = args.output.clone().unwrap_or_else(|| PathBuf::from("standard output"));
    let out: Box<dyn Write> = match &args.output {
        None => Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock())),
        Some(path) => {
            let file = File::create(path).map_err(|source| Fatal::Write { path: path.clone(), source })?;
            Box::new(BufWriter::with_capacity(1 << 16, file))
        }
    };
    let look = super::look(args.plain, to_terminal, &stdout);
    let mut rows = Rows::<T>::new(out, format, look);
    let mut left = match args.limit {
        Some(0) => usize::MAX,
        Some(n) => n,
        None if format == RowFormat::Table => 50,
        None => usize::MAX,
    };
    let mut paging = args.paging(left.min(PAGE));
    // names that nobody bears are told with every page, damage with that where it is
    let mut told: HashSet<String> = HashSet::new();
    let written = loop {
        let page = ask(&paging).map_err(|e| -> Fatal { e.into() })?;
        for note in &page.notes {
            if told.insert(note.clone()) {
                eprintln!("isnad: note: {note}");
            }
        }
        left = left.saturating_sub(page.rows.len());
        if let Err(e) = rows.write(&page.rows) {
            break Err(e);
        }
        match page.next {
            Some(next) if left == 0 => {
                let done = rows.finish();
                if done.is_ok() {
                    eprintln!("isnad: there are more: --cursor {next}");
                }
                break done;
            }
            Some(next) => paging = Paging { limit: left.min(PAGE), cursor: Some(next) },
            None => break rows.finish(),
        }
    };
    match written {
        // whoever reads has seen enough
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(Outcome::Clean),
        Err(source) => Err(Fatal::Write { path: name, source }),
        Ok(()) => Ok(Outcome::Clean),
    }
}
