//! Rows of an answer: columns for the eye, JSON Lines, CSV. What a text does not say is `not stated`, never left to be
//! guessed.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::marker::PhantomData;

use ledger::{
    ActorRow, DocumentRef, EventRow, Hit, Link, LoadedRow, Party, Quote, StatementRow, ThingRow, TransferRow, label,
};
use model::{Polarity, Span, Status};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::json;
use super::table::{Look, bound, clean, harm, number, shorten};
use crate::cli::RowFormat;

/// What stands for a value that a text does not give.
const NOT_STATED: &str = "not stated";

/// Columns between columns.
const GAP: usize = 2;

/// A record that can be a row.
pub trait Shown {
    /// Headings of the columns for the eye.
    const TABLE: &'static [&'static str];
    /// Headings of the columns for spreadsheets.
    const CSV: &'static [&'static str];
    /// Cells for the eye.
    fn table(&self) -> Vec<String>;
    /// Cells for spreadsheets.
    fn csv(&self) -> Vec<String>;
}

enum Form {
    Table { look: Look, begun: bool },
    Lines(Box<dyn Write>),
    Csv(Box<csv::Writer<Box<dyn Write>>>),
}

/// Rows on their way out.
pub struct Rows<T> {
    form: Form,
    /// Where a table goes.
    out: Option<Box<dyn Write>>,
    of: PhantomData<T>,
}

impl<T: Serialize + Shown> Rows<T> {
    /// Rows in this form.
    pub fn new(out: Box<dyn Write>, format: RowFormat, look: Look) -> Self {
        let (form, out) = match format {
            RowFormat::Table => (Form::Table { look, begun: false }, Some(out)),
            RowFormat::Jsonl => (Form::Lines(out), None),
            RowFormat::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                // an empty answer has its headings too; a failure comes again with the first row
                let _ = csv.write_record(T::CSV);
                (Form::Csv(Box::new(csv)), None)
            }
        };
        Self { form, out, of: PhantomData }
    }

    /// Writes a page.
    pub fn write(&mut self, rows: &[T]) -> io::Result<()> {
        match &mut self.form {
            Form::Lines(out) => rows.iter().try_for_each(|r| out.write_all(&json::write(r, true))),
            Form::Csv(csv) => rows.iter().try_for_each(|r| csv.write_record(r.csv()).map_err(io::Error::from)),
            Form::Table { look, begun } => {
                let Some(out) = &mut self.out else { return Ok(()) };
                let mut grid: Vec<Vec<String>> = Vec::with_capacity(rows.len() + 1);
                if !*begun {
                    grid.push(T::TABLE.iter().map(ToString::to_string).collect());
                }
                *begun = true;
                grid.extend(rows.iter().map(|r| r.table().iter().map(|c| clean(c)).collect()));
                out.write_all(draw(&grid, *look).as_bytes())
            }
        }
    }

    /// Sends the rest.
    pub fn finish(mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Lines(out) => out.flush(),
            Form::Csv(csv) => csv.flush(),
            Form::Table { .. } => self.out.as_mut().map_or(Ok(()), Write::flush),
        }
    }
}

/// Rows in columns that fit the width: the widest give way first.
fn draw(grid: &[Vec<String>], look: Look) -> String {
    let columns = grid.first().map_or(0, Vec::len);
    let mut widths: Vec<usize> = (0..columns).map(|c| grid.iter().map(|r| r[c].width()).max().unwrap_or(0)).collect();
    let room = look.width.saturating_sub(GAP * columns.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        // the first column names the row: cut, it would name nothing
        let Some(widest) = (1..columns).max_by_key(|c| widths[*c]).filter(|c| widths[*c] > 6) else { break };
        widths[widest] -= 1;
    }
    let mut out = String::new();
    for row in grid {
        let mut line = String::new();
        for (c, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let cell = shorten(cell, *width);
            let isolate = look.isolate && !cell.is_ascii();
            if isolate {
                line.push('\u{2068}');
            }
            line.push_str(&cell);
            if isolate {
                line.push('\u{2069}');
            }
            if c + 1 < columns {
                let fill = width.saturating_sub(cell.width()) + GAP;
                line.extend(std::iter::repeat_n(' ', fill));
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// One record as lines of `name  value`.
pub fn block<T: Shown>(record: &T) -> String {
    let width = T::CSV.iter().map(|n| n.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (name, value) in T::CSV.iter().zip(record.csv()) {
        if !value.is_empty() {
            let _ = writeln!(out, "{name:width$}  {}", clean(&value));
        }
    }
    out
}

/// A Unix time as date and time of day in UTC.
pub fn clock(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |t| t.strftime("%Y-%m-%d %H:%M").to_string())
}

pub(super) fn stated(value: Option<String>) -> String {
    value.unwrap_or_else(|| NOT_STATED.into())
}

/// `a1b2c3d4e5/ev3`: enough for `isnad show`.
pub(super) fn short(id: &str) -> String {
    match id.split_once('/') {
        Some((document, part)) => format!("{}/{part}", document.get(..10).unwrap_or(document)),
        None => id.get(..10).unwrap_or(id).to_string(),
    }
}

fn span(s: Span) -> String {
    format!("{}-{}", s.start, s.end)
}

pub(super) fn joined<'a, T: 'a>(list: impl IntoIterator<Item = &'a T>, one: impl Fn(&'a T) -> String) -> String {
    list.into_iter().map(one).filter(|s| !s.is_empty()).collect::<Vec<_>>().join("; ")
}

fn chain(links: &[Link]) -> String {
    let name = |l: &Link| match (l.role, l.label()) {
        ("outlet", None) => "the outlet (not stated)".to_string(),
        (_, Some(label)) => label.to_string(),
        (_, None) => "not named".to_string(),
    };
    links.iter().map(name).collect::<Vec<_>>().join(" → ")
}

fn said(links: &[Link], role: &str) -> String {
    joined(links.iter().filter(|l| l.role == role), |l| l.label().unwrap_or("not named").to_string())
}

fn kind(e: &EventRow) -> String {
    let mut out = e.kind.code().to_string();
    if let Some(mode) = &e.mode {
        out = format!("{out}.{mode}");
    }
    let mut held = Vec::new();
    if e.polarity == Polarity::Negative {
        held.push("not");
    }
    if e.status != Status::Actual {
        held.push(e.status.code());
    }
    if held.is_empty() { out } else { format!("{out} [{}]", held.join(", ")) }
}

/// `≥ 8 fighter aircraft (MiG-29)`
fn thing(t: &ThingRow) -> String {
    let count = t.count.map_or(String::new(), |n| format!("{}{} ", bound(t.bound), number(n)));
    let model = t.model.as_ref().filter(|m| **m != t.what).map_or(String::new(), |m| format!(" ({m})"));
    format!("{count}{}{model}{}", t.what, if t.part { ", part of another" } else { "" })
}

fn things(list: &[ThingRow]) -> String {
    joined(list, thing)
}

fn document(d: &DocumentRef) -> [String; 6] {
    let or = |s: &Option<String>| s.clone().unwrap_or_else(|| NOT_STATED.into());
    [
        d.id.to_string(),
        d.source_id.clone(),
        or(&d.outlet),
        or(&d.published),
        d.url.clone().unwrap_or_default(),
        d.title.clone().unwrap_or_default(),
    ]
}

fn parties(list: &[Party]) -> [String; 4] {
    let or = |s: String| if list.is_empty() { NOT_STATED.into() } else { s };
    [
        or(joined(list, |p| p.words.clone())),
        joined(list, |p| p.entities.iter().map(|e| e.name.as_str()).collect::<Vec<_>>().join(" + ")),
        joined(list, |p| p.entities.iter().map(|e| e.key.as_str()).collect::<Vec<_>>().join(" + ")),
        joined(list, |p| span(p.span)),
    ]
}

impl Shown for EventRow {
    const TABLE: &'static [&'static str] =
        &["id", "said by", "claim", "word", "actor", "recipient", "what", "where", "when", "published"];
    const CSV: &'static [&'static str] = &[
        "id",
        "document",
        "source_id",
        "outlet",
        "published",
        "url",
        "title",
        "type",
        "mode",
        "status",
        "polarity",
        "said_by",
        "origin",
        "via",
        "stance",
        "statement",
        "trigger",
        "trigger_span",
        "actor",
        "actor_names",
        "actor_keys",
        "actor_spans",
        "recipient",
        "recipient_names",
        "recipient_keys",
        "recipient_spans",
        "place",
        "place_names",
        "place_keys",
        "place_spans",
        "latitude",
        "longitude",
        "when",
        "when_words",
        "when_span",
        "things",
        "things_words",
        "things_spans",
        "harm",
        "loaded",
    ];

    fn table(&self) -> Vec<String> {
        vec![
            short(&self.id),
            chain(&self.said_by),
            kind(self),
            self.trigger.words.clone(),
            stated(label(&self.actor)),
            stated(label(&self.recipient)),
            things(&self.things),
            stated(label(&self.place)),
            stated(self.when.as_ref().map(|w| w.value.clone())),
            stated(self.document.published.clone()),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let point = self.place.iter().flat_map(|p| &p.entities).find_map(|e| e.location.as_ref());
        let own = self.statement.is_none();
        let mut out = vec![self.id.clone()];
        out.extend(document(&self.document));
        out.extend([
            self.kind.code().into(),
            self.mode.clone().unwrap_or_default(),
            self.status.code().into(),
            self.polarity.code().into(),
            chain(&self.said_by),
            if own { "outlet".into() } else { said(&self.said_by, "origin") },
            said(&self.said_by, "via"),
            self.stance.map_or("", model::Stance::code).into(),
            self.statement.clone().unwrap_or_default(),
            self.trigger.words.clone(),
            span(self.trigger.span),
        ]);
        for list in [&self.actor, &self.recipient, &self.place] {
            out.extend(parties(list));
        }
        let when = self.when.as_ref();
        out.extend([
            point.map_or(String::new(), |p| p.latitude.to_string()),
            point.map_or(String::new(), |p| p.longitude.to_string()),
            stated(when.map(|w| w.value.clone())),
            when.map_or_else(|| joined(&self.time, |t| t.words.clone()), |w| w.words.clone()),
            when.map_or_else(|| joined(&self.time, |t| span(t.span)), |w| span(w.span)),
            things(&self.things),
            joined(&self.things, |t| t.words.clone()),
            joined(&self.things, |t| span(t.span)),
            self.harm.as_ref().map_or(String::new(), harm),
            joined(&self.loaded, |l: &LoadedRow| format!("{} ({}, {})", l.words, l.kind, span(l.span))),
        ]);
        out
    }
}

impl Shown for StatementRow {
    const TABLE: &'static [&'static str] = &["id", "said by", "stance", "what is said", "claims", "published"];
    const CSV: &'static [&'static str] = &[
        "id",
        "document",
        "source_id",
        "outlet",
        "published",
        "url",
        "title",
        "said_by",
        "origin",
        "origin_span",
        "via",
        "stance",
        "direct",
        "cue",
        "cue_span",
        "content",
        "content_spans",
        "when",
        "events",
    ];

    fn table(&self) -> Vec<String> {
        vec![
            short(&self.id),
            chain(&self.said_by),
            self.stance.code().into(),
            joined(&self.content, |q: &Quote| q.words.clone()),
            self.events.len().to_string(),
            stated(self.document.published.clone()),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let mut out = vec![self.id.clone()];
        out.extend(document(&self.document));
        let origin = self.said_by.iter().find(|l| l.role == "origin").and_then(|l| l.span);
        out.extend([
            chain(&self.said_by),
            said(&self.said_by, "origin"),
            origin.map_or(String::new(), span),
            said(&self.said_by, "via"),
            self.stance.code().into(),
            self.direct.to_string(),
            self.cue.as_ref().map_or(String::new(), |c| c.words.clone()),
            self.cue.as_ref().map_or(String::new(), |c| span(c.span)),
            joined(&self.content, |q| q.words.clone()),
            joined(&self.content, |q| span(q.span)),
            stated(self.when.as_ref().map(|w| w.value.clone())),
            self.events.join("; "),
        ]);
        out
    }
}

impl Shown for TransferRow {
    const TABLE: &'static [&'static str] =
        &["id", "said by", "supplier", "recipient", "what", "where", "when", "held as", "published"];
    const CSV: &'static [&'static str] = &[
        "id",
        "document",
        "source_id",
        "outlet",
        "published",
        "url",
        "title",
        "event",
        "chain",
        "supplier",
        "recipient",
        "things",
        "things_words",
        "things_spans",
        "place",
        "from",
        "to",
        "when",
        "status",
        "polarity",
        "origins",
    ];

    fn table(&self) -> Vec<String> {
        let claim = self.claims.first();
        let held = if self.polarity == Polarity::Negative {
            format!("not, {}", self.status.code())
        } else {
            self.status.code().to_string()
        };
        vec![
            short(&self.id),
            claim.map_or(String::new(), |c| c.chain.join(" → ")),
            stated(self.supplier.clone()),
            stated(self.recipient.clone()),
            things(&self.things),
            stated(self.place.clone()),
            stated(self.when.as_ref().map(|w| w.value.clone())),
            held,
            stated(claim.and_then(|c| c.document.published.clone())),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let mut out = vec![self.id.clone()];
        let claim = self.claims.first();
        out.extend(claim.map_or_else(Default::default, |c| document(&c.document)));
        out.extend([
            claim.map_or(String::new(), |c| c.event.clone()),
            claim.map_or(String::new(), |c| c.chain.join(" → ")),
            stated(self.supplier.clone()),
            stated(self.recipient.clone()),
            things(&self.things),
            joined(&self.things, |t| t.words.clone()),
            joined(&self.things, |t| span(t.span)),
            stated(self.place.clone()),
            stated(self.from.clone()),
            stated(self.to.clone()),
            stated(self.when.as_ref().map(|w| w.value.clone())),
            self.status.code().into(),
            self.polarity.code().into(),
            self.origins.to_string(),
        ]);
        out
    }
}

impl Shown for ActorRow {
    const TABLE: &'static [&'static str] =
        &["name", "type", "country", "sector", "articles", "acts", "is done to", "says", "written", "key"];
    const CSV: &'static [&'static str] =
        &["key", "name", "type", "country", "sector", "documents", "as_actor", "as_recipient", "as_origin", "aliases"];

    fn table(&self) -> Vec<String> {
        let n = |n: i64| number(n as f64);
        vec![
            self.name.clone(),
            self.kind.clone(),
            self.country.clone().unwrap_or_default(),
            self.sector.clone().unwrap_or_default(),
            n(self.documents),
            n(self.as_actor),
            n(self.as_recipient),
            n(self.as_origin),
            joined(&self.aliases, |a| format!("{} ×{}", a.0, a.1)),
            self.key.clone(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.key.clone(),
            self.name.clone(),
            self.kind.clone(),
            self.country.clone().unwrap_or_default(),
            self.sector.clone().unwrap_or_default(),
            self.documents.to_string(),
            self.as_actor.to_string(),
            self.as_recipient.to_string(),
            self.as_origin.to_string(),
            joined(&self.aliases, |a| format!("{} ×{}", a.0, a.1)),
        ]
    }
}

impl Shown for Hit {
    const TABLE: &'static [&'static str] = &["id", "outlet", "published", "events", "title", "text"];
    const CSV: &'static [&'static str] = &[
        "document",
        "source_id",
        "outlet",
        "published",
        "url",
        "title",
        "score",
        "events",
        "snippet",
        "snippet_span",
        "highlights",
    ];

    fn table(&self) -> Vec<String> {
        vec![
            short(&self.document.id.to_string()),
            stated(self.document.outlet.clone()),
            stated(self.document.published.clone()),
            self.events.to_string(),
            self.document.title.clone().unwrap_or_default(),
            marked(&self.snippet, &self.highlights),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let mut out = document(&self.document).to_vec();
        out.extend([
            format!("{:.4}", self.score),
            self.events.to_string(),
            self.snippet.words.clone(),
            span(self.snippet.span),
            joined(&self.highlights, |h| span(*h)),
        ]);
        out
    }
}

/// The snippet from a little before what fits, with that between brackets.
fn marked(snippet: &Quote, highlights: &[Span]) -> String {
    let first = highlights.iter().find(|h| snippet.span.contains(**h)).map_or(0, |h| h.start - snippet.span.start);
    let skip = first.saturating_sub(20);
    let mut out = String::new();
    for (i, c) in snippet.words.chars().enumerate().skip(skip as usize) {
        let at = snippet.span.start + i as u32;
        if highlights.iter().any(|h| h.start == at) {
            out.push('[');
        }
        out.push(c);
        if highlights.iter().any(|h| h.end == at + 1) {
            out.push(']');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_give_way_to_the_width() {
        let grid =
            vec![vec!["id".to_string(), "words".to_string()], vec!["a".into(), "كلمة ".repeat(30).trim().into()]];
        let look = Look { color: false, isolate: true, width: 40 };
        let drawn = draw(&grid, look);
        let lines: Vec<&str> = drawn.lines().collect();
        assert!(lines.iter().all(|l| l.width() <= 42), "{drawn}");
        assert!(lines[1].contains('…') && lines[1].contains('\u{2068}') && lines[1].ends_with('\u{2069}'));
    }

    #[test]
    fn what_fits_stands_in_brackets() {
        let snippet = Quote { span: Span::new(10, 22), words: "قصفت القوات ".into() };
        assert_eq!(marked(&snippet, &[Span::new(15, 21)]), "قصفت [القوات] ");
    }
}
