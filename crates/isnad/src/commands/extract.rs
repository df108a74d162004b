//! `isnad extract`

use std::fmt::Write;

use intake::{Fault, Prepared};
use model::{Document, Source};
use serde::Serialize;

use crate::cli::{ExtractArgs, ExtractFormat, OutputArgs};
use crate::error::{Fatal, Outcome};
use crate::output::{Frame, json};

use super::{each_document, ending};

/// A document with every key, null where nothing is known.
#[derive(Serialize)]
struct Extracted<'a> {
    id: &'a str,
    title: Option<&'a str>,
    text: &'a str,
    published: Option<&'a str>,
    author: Option<&'a str>,
    outlet: Option<&'a str>,
    url: Option<&'a str>,
    language: Option<&'a str>,
    encoding: Option<&'a str>,
    source: Option<&'a Source>,
}

impl<'a> Extracted<'a> {
    fn new(d: &'a Document) -> Self {
        Self {
            id: &d.id,
            title: d.title.as_deref(),
            text: &d.text,
            published: d.published.as_deref(),
            author: d.author.as_deref(),
            outlet: d.outlet.as_deref(),
            url: d.url.as_deref(),
            language: d.language.as_deref(),
            encoding: d.encoding.as_deref(),
            source: d.source.as_ref(),
        }
    }
}

/// Prints the documents that intake makes.
pub fn run(args: &ExtractArgs) -> Result<Outcome, Fatal> {
    let to_terminal = args.output.is_none() && console::Term::stdout().is_term();
    let format = args.format.unwrap_or_else(|| match ending(args.output.as_deref()).as_deref() {
        Some("json") => ExtractFormat::Json,
        Some("txt" | "table") => ExtractFormat::Table,
        None if to_terminal => ExtractFormat::Table,
        _ => ExtractFormat::Jsonl,
    });
    let (frame, extension) = match format {
        ExtractFormat::Table => (Frame::Plain, "txt"),
        ExtractFormat::Json => (Frame::Json, "json"),
        ExtractFormat::Jsonl => (Frame::Plain, "json"),
    };
    let output = OutputArgs { output: args.output.clone(), with_text: false };
    let tally = each_document(&args.input, &output, frame, extension, to_terminal, || {
        |prepared: Prepared| -> Result<Vec<u8>, Fault> {
            let document = &prepared.document;
            Ok(match format {
                ExtractFormat::Json => json::write(&Extracted::new(document), false),
                ExtractFormat::Jsonl => json::write(&Extracted::new(document), true),
                ExtractFormat::Table => table(document, to_terminal).into_bytes(),
            })
        }
    })?;
    Ok(Outcome::from_faults(tally.faults))
}

/// Columns of text shown of an article in a table.
const SHOWN: usize = 300;

/// A block for the eye. Control and direction characters never reach a terminal; each value is isolated there, so that
/// right-to-left text does not pull its neighbours about.
fn table(d: &Document, isolate: bool) -> String {
    let clean = |text: &str| -> String {
        let bare = text.chars().map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => '\u{fffd}',
            c if c.is_control() => ' ',
            c => c,
        });
        let bare: String = bare.collect();
        if isolate { format!("\u{2068}{bare}\u{2069}") } else { bare }
    };
    let mut out = format!("━━ {}\n", clean(&d.id));
    let source = d.source.as_ref().map(|s| {
        let kind = serde_json::to_value(s.kind).ok().and_then(|v| v.as_str().map(String::from)).unwrap_or_default();
        format!("{} ({kind}, item {})", s.path, s.item)
    });
    let rows = [
        ("title", d.title.as_deref()),
        ("published", d.published.as_deref()),
        ("author", d.author.as_deref()),
        ("outlet", d.outlet.as_deref()),
        ("url", d.url.as_deref()),
        ("language", d.language.as_deref()),
        ("encoding", d.encoding.as_deref()),
        ("source", source.as_deref()),
    ];
    for (name, value) in rows {
        let _ = writeln!(out, "  {name:<10} {}", value.map_or_else(|| "–".into(), clean));
    }
    let mut head: String = d.text.chars().take(SHOWN).collect();
    let whole = d.text.chars().count();
    if whole > SHOWN {
        head.push('…');
    }
    let _ = writeln!(out, "  {:<10} {whole} characters", "text");
    for line in head.lines().filter(|l| !l.trim().is_empty()) {
        let _ = writeln!(out, "    {}", clean(line.trim()));
    }
    out.push('\n');
    out
}
