//! `isnad show`

use std::io::{self, Write};

use ledger::{Full, Ledger, Shown};

use crate::cli::{ShowArgs, ShowFormat};
use crate::error::{Fatal, Outcome};
use crate::output::json;
use crate::output::rows::{self, clock};
use crate::output::table::{self, clean};
use crate::output::view::View;

/// Shows one record.
pub fn run(args: &ShowArgs) -> Result<Outcome, Fatal> {
    let mut ledger = Ledger::open(&args.ledger.location())?;
    let stdout = console::Term::stdout();
    let look = super::look(args.plain, stdout.is_term(), &stdout);
    let table = args.format.map_or(stdout.is_term(), |f| f == ShowFormat::Table);
    let found = ledger.show(&args.id)?;
    let missing = || {
        Fatal::Usage(format!(
            "{}: nothing in {} is called so\n  `isnad show` takes a document's id (6 digits or more), the id or address it came with, DOCUMENT/ev3, DOCUMENT/st1, or an actor's key",
            clean(&args.id),
            args.ledger.location()
        ))
    };
    let bytes = match found.ok_or_else(missing)? {
        Shown::Several(ids) => {
            let list: Vec<String> = ids.iter().map(|id| format!("  {id}")).collect();
            return Err(Fatal::Usage(format!("{}: names several documents:\n{}", clean(&args.id), list.join("\n"))));
        }
        Shown::Document(full) if table => document(&full, look).into_bytes(),
        Shown::Document(full) => json::write(&full, false),
        Shown::Event(e) if table => rows::block(&*e).into_bytes(),
        Shown::Event(e) => json::write(&e, false),
        Shown::Statement(s) if table => rows::block(&*s).into_bytes(),
        Shown::Statement(s) => json::write(&s, false),
        Shown::Actor(a) if table => rows::block(&*a).into_bytes(),
        Shown::Actor(a) => json::write(&a, false),
    };
    let mut out = io::stdout().lock();
    let done = out.write_all(&bytes).and_then(|()| if bytes.ends_with(b"\n") { Ok(()) } else { out.write_all(b"\n") });
    match done {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Fatal::Write { path: "standard output".into(), source: e })
        }
        _ => Ok(Outcome::Clean),
    }
}

fn document(full: &Full, look: table::Look) -> String {
    use std::fmt::Write;
    let stored = &full.record.document;
    let whole = stored.document.whole();
    let mut out = table::render(&View::new(&stored.document, &full.record.reading, &[], &whole), look);
    let _ = writeln!(out, "\ndocument   {}", stored.id);
    let _ = writeln!(out, "read by    {}", full.record.version);
    for e in &full.history {
        let _ = writeln!(out, "before     {}, {} events, until {}", e.version, e.events, clock(e.replaced));
    }
    for s in &stored.sightings {
        let what = [s.outlet.as_deref(), s.published.as_deref(), s.url.as_deref(), s.path.as_deref()];
        let what: Vec<String> = what.into_iter().flatten().map(clean).collect();
        let _ = writeln!(out, "seen       {}  {} ({})", clock(s.first_seen), what.join(" · "), clean(&s.source_id));
    }
    for v in full.versions.iter().filter(|v| v.id != stored.id) {
        let _ = writeln!(out, "version    {}  {} of {}", clock(v.first_seen), v.id, clean(&v.url));
    }
    out
}
