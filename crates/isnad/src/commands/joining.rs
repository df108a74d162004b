//! `isnad join`, `isnad split`

use ledger::Writer;
use traced::{OutletNames, Traced};

use crate::cli::{EngineArgs, JoinArgs, LedgerArgs, SplitArgs};
use crate::error::{Fatal, Outcome};
use crate::output::table::clean;
use crate::tracing;

/// Opens for reading, to find what is meant, and for writing, brought up to date. A ledger that is not there is not made.
fn open(ledger: &LedgerArgs, args: &EngineArgs, wait: u64) -> Result<(Traced, Writer), Fatal> {
    let location = ledger.location();
    let (traced, engine, version) = tracing::open(&location, args)?;
    let mut writer = tracing::writer(&location, &version, wait)?;
    tracing::catch_up(&mut writer, &OutletNames::new(&engine))?;
    Ok((traced, writer))
}

/// Joins two happenings.
pub fn join(args: &JoinArgs) -> Result<Outcome, Fatal> {
    let (mut traced, mut writer) = open(&args.ledger, &args.engine, args.wait)?;
    let mut one = |name: &str| match &traced.called(name)?[..] {
        [one] => Ok(one.id.clone()),
        [] => Err(Fatal::Usage(format!("{}: no happening is called so\n  `isnad happenings` lists them", clean(name)))),
        all => {
            let ids: Vec<&str> = all.iter().map(|g| g.id.as_str()).collect();
            Err(Fatal::Usage(format!("{}: tells of several happenings: {}", clean(name), ids.join(" "))))
        }
    };
    let (a, b) = (one(&args.a)?, one(&args.b)?);
    let id = traced::join(&mut writer, &a, &b)?;
    println!("{id}");
    eprintln!("isnad: {a} and {b} are one happening now, {id}; both ids lead to it");
    Ok(Outcome::Clean)
}

/// Splits claims off.
pub fn split(args: &SplitArgs) -> Result<Outcome, Fatal> {
    let (mut traced, mut writer) = open(&args.ledger, &args.engine, args.wait)?;
    // all are found before any is split
    let mut claims = Vec::new();
    for name in &args.claims {
        let claim = traced.claim(name)?.ok_or_else(|| {
            Fatal::Usage(format!(
                "{}: is no claim\n  `isnad split` takes claims as `isnad events` names them: DOCUMENT/ev3",
                clean(name)
            ))
        })?;
        claims.push((name, claim));
    }
    for (name, claim) in claims {
        let id = traced::split(&mut writer, &claim)?;
        println!("{id}");
        eprintln!("isnad: {} is in a happening of its own now, {id}", clean(name));
    }
    Ok(Outcome::Clean)
}
