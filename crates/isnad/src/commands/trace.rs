//! `isnad trace`

use std::fmt::Write as _;
use std::io::{self, Write};

use ledger::Ledger;
use serde::Serialize;
use trace::chain::Graph;
use trace::contradictions::{Contradictions, contradictions};
use trace::draw;
use trace::happenings::Gathered;
use trace::output::{HappeningLine, happening};
use trace::transfers::{Transfer, transfer};
use traced::OutletNames;

use crate::cli::{ShowFormat, TraceArgs, TraceGraph};
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::json;
use crate::output::table::{clean, number};
use crate::output::traced::{contradiction, origin};
use crate::tracing;

/// A happening with all that follows from it.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: HappeningLine,
    differ: Contradictions,
    transfer: Option<Transfer>,
}

/// Words of the answer in one language.
struct Words {
    ways: &'static str,
    origins: &'static str,
    first: &'static str,
    circular: &'static str,
    copy: &'static str,
    differ: &'static str,
    time: &'static str,
    why: &'static str,
    denies: &'static str,
}

const ENGLISH: Words = Words {
    ways: "by these ways",
    origins: "independent origins",
    first: "first reported by",
    circular: "leads to no origin",
    copy: "a copy of",
    differ: "the tellings differ",
    time: "in time",
    why: "why they are one",
    denies: "denies",
};

const ARABIC: Words = Words {
    ways: "طرق الخبر",
    origins: "المصادر المستقلة",
    first: "أول من أورده",
    circular: "لا يفضي إلى مصدر أول",
    copy: "نسخة من",
    differ: "مواضع الاختلاف",
    time: "التسلسل الزمني",
    why: "أسباب الجمع",
    denies: "نفي",
};

/// Shows a happening, or traces what waits.
pub fn run(args: &TraceArgs) -> Result<Outcome, Fatal> {
    let location = args.ledger.location();
    if args.update || args.rebuild {
        return update(args);
    }
    let id = args.id.as_deref().unwrap_or_default();
    let (mut traced, ..) = tracing::open(&location, &args.engine)?;
    let found = traced.called(id)?;
    if found.is_empty() {
        return Err(Fatal::Usage(format!(
            "{}: no happening in {location} is called so\n  `isnad trace` takes a happening's id (h…), a claim (DOCUMENT/ev3) or a document; `isnad happenings` lists them",
            clean(id)
        )));
    }
    let stdout = console::Term::stdout();
    let table = args.format.map_or(stdout.is_term(), |f| f == ShowFormat::Table);
    let mut out = Vec::new();
    for g in &found {
        let line = happening(g, args.explain);
        match args.graph {
            Some(TraceGraph::Dot) => out.extend(draw::dot(&line.graph).into_bytes()),
            Some(TraceGraph::Graphml) => out.extend(draw::graphml(&line.graph).into_bytes()),
            None if table => out.extend(told(g, &line, args).into_bytes()),
            None => {
                let whole = Whole { line, differ: contradictions(g), transfer: transfer(g) };
                out.extend(json::write(&whole, found.len() > 1));
            }
        }
    }
    if !out.ends_with(b"\n") {
        out.push(b'\n');
    }
    match io::stdout().lock().write_all(&out) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Fatal::Write { path: "standard output".into(), source: e })
        }
        _ => Ok(Outcome::Clean),
    }
}

fn update(args: &TraceArgs) -> Result<Outcome, Fatal> {
    let location = args.ledger.location();
    let (engine, version) = engine::build_versioned(&args.engine)?;
    // a ledger that is not there is not made
    match Ledger::open(&location) {
        Ok(_) | Err(ledger::LedgerError::Older { .. }) => {}
        Err(e) => return Err(e.into()),
    }
    let mut writer = tracing::writer(&location, &version, args.wait)?;
    if args.rebuild {
        traced::rebuild(&mut writer)?;
    }
    let begun = std::time::Instant::now();
    let caught = traced::catch_up(&mut writer, &OutletNames::new(&engine), |_| ())?;
    writer.finish()?;
    for fault in &caught.faults {
        eprintln!("isnad: not traced: {fault}");
    }
    eprintln!(
        "isnad: {} documents with {} claims traced in {:.1} s",
        number(caught.documents as f64),
        number(caught.claims as f64),
        begun.elapsed().as_secs_f64()
    );
    Ok(Outcome::from_faults(caught.faults.len()))
}

/// A happening for the eye. Every line is what somebody says.
fn told(g: &Gathered, line: &HappeningLine, args: &TraceArgs) -> String {
    let words = if args.arabic { &ARABIC } else { &ENGLISH };
    let graph: &Graph = &line.graph;
    let mut out = String::new();
    let kind = line.kind.map_or("", |k| k.code());
    let mode = line.mode.as_ref().map_or(String::new(), |m| format!(".{m}"));
    let part = |name: &Option<String>| name.as_deref().map_or_else(|| "not stated".into(), clean);
    let _ = writeln!(out, "{}  {kind}{mode}  {} → {}", line.id, part(&line.actor), part(&line.recipient));
    let _ = writeln!(
        out,
        "  {} claims{}, {} outlets, {} ways, {} independent origins",
        line.claims.len() + line.in_passing.len(),
        if line.in_passing.is_empty() { String::new() } else { format!(" ({} in passing)", line.in_passing.len()) },
        line.outlets,
        line.chains,
        line.origins
    );
    if let Some(first) = &graph.first {
        let _ = writeln!(out, "{}\n  {}  {}", words.first, part(&first.published), part(&first.outlet));
    }
    let _ = writeln!(out, "{}", words.origins);
    for o in &graph.origins {
        let _ = writeln!(out, "  {}", clean(&origin(o)));
        for v in o.voices.iter().filter(|v| **v != o.name) {
            let _ = writeln!(out, "    {}", clean(v));
        }
    }
    let name = |id: &String| {
        let copy = g.members.iter().map(|m| &m.copy).find(|c| c.id == *id);
        clean(copy.and_then(|c| c.source_id.as_deref()).unwrap_or(id))
    };
    let _ = writeln!(out, "{}", words.ways);
    for p in &graph.paths {
        let documents: Vec<String> = p.documents.iter().map(name).collect();
        let mut notes = documents;
        if let Some(of) = &p.copy_of {
            notes.push(format!("{} {}", words.copy, name(of)));
        }
        if p.circular {
            notes.push(words.circular.into());
        }
        let _ = writeln!(out, "  {}  ({})", clean(&p.path.join(" → ")), notes.join(", "));
    }
    for c in graph.circles.iter().chain(&graph.common) {
        let _ = writeln!(out, "  {}", clean(if args.arabic { &c.arabic } else { &c.english }));
    }
    let differ = contradictions(g);
    if !differ.contradictions.is_empty() {
        let _ = writeln!(out, "{}", words.differ);
        for c in &differ.contradictions {
            let (of, what) = contradiction(c);
            let _ = writeln!(out, "  {}: {}", clean(&of), clean(&what));
        }
    }
    let _ = writeln!(out, "{}", words.time);
    for v in &differ.timeline {
        let figures: Vec<String> = v
            .figures
            .iter()
            .map(|(k, f)| format!("{k} {}{}", crate::output::table::bound(f.bound), number(f.count)))
            .collect();
        let denied = if v.denied { format!(" [{}]", words.denies) } else { String::new() };
        let _ = writeln!(
            out,
            "  {}  {}{denied}  {}",
            part(&v.published),
            clean(&v.by.join(" → ")),
            clean(&figures.join(", "))
        );
        for c in &v.changed {
            let _ = writeln!(out, "    {}", clean(c));
        }
    }
    if args.explain {
        let _ = writeln!(out, "{}", words.why);
        for c in line.claims.iter().chain(&line.in_passing) {
            let to = g.members.iter().find(|m| m.claim.at == c.to);
            let to = to.map_or(String::new(), |m| format!("{}/{}", name(&m.copy.id), m.claim.event));
            let how = format!("{:?}", c.how).to_lowercase();
            let _ = writeln!(out, "  {}/{}  {how}  {to}", name(&c.claim.document.id), c.claim.event);
            let told = c.why_in_passing.as_ref().map_or_else(|| "reported".into(), |w| format!("in passing: {w}"));
            let _ = writeln!(out, "    {told}");
            for r in &c.reasons {
                let _ = writeln!(out, "    {:+.2}  {}", r.weight, r.name);
            }
        }
    }
    out
}
