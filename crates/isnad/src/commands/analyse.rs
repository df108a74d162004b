//! `isnad analyse`

use intake::{Fault, Prepared};

use crate::cli::{AnalyseArgs, AnalyseFormat};
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::{Frame, json};

use super::{Guarded, each_document, ending};

/// Analyses articles and writes what stands below the reader.
pub fn run(args: &AnalyseArgs) -> Result<Outcome, Fatal> {
    let engine = engine::build(&args.engine)?;
    let format = args.format.unwrap_or_else(|| match ending(args.output.output.as_deref()).as_deref() {
        Some("jsonl" | "ndjson") => AnalyseFormat::Jsonl,
        _ => AnalyseFormat::Json,
    });
    let line = format == AnalyseFormat::Jsonl;
    let frame = if line { Frame::Plain } else { Frame::Json };
    let to_terminal = console::Term::stdout().is_term();
    let tally = each_document(&args.input, &args.output, frame, "json", to_terminal, || {
        let mut reader = Guarded::new(&engine);
        move |prepared: Prepared| -> Result<Vec<u8>, Fault> {
            let document = &prepared.document;
            let analysis = reader.with(document, reader::Reader::analyse)?;
            let whole = (prepared.extracted || args.output.with_text).then(|| document.whole());
            Ok(json::analysis(&analysis, whole.as_deref(), line))
        }
    })?;
    Ok(Outcome::from_faults(tally.faults))
}
