//! Rows of what is known across articles.

use serde::Serialize;
use trace::chain::Origin;
use trace::change::ChangeKind;
use trace::contradictions::{Contradiction, Said};
use trace::figures::Figure;
use trace::outlets::{Profile, Share};
use trace::output::ClaimOf;
use trace::stories::Copy;
use trace::transfers::{Item, Transfer};
use traced::{Changed, ContradictionLine, HappeningLine, StoryLine};

use super::rows::{Shown, joined, stated};
use super::table::{bound, number};

/// The day of a time.
fn day(published: Option<&String>) -> String {
    published.map_or_else(|| "not stated".into(), |p| p.chars().take(10).collect())
}

fn kind(kind: Option<model::EventType>, mode: Option<&String>) -> String {
    let head = kind.map_or("", |k| k.code());
    mode.map_or_else(|| head.to_owned(), |m| format!("{head}.{m}"))
}

fn figure(f: Figure) -> String {
    format!("{}{}", bound(f.bound), number(f.count))
}

/// An origin with what it says, for the eye.
pub fn origin(o: &Origin) -> String {
    let said = match o.says {
        trace::chain::Says::Affirms => "",
        trace::chain::Says::Denies => " (denies)",
        trace::chain::Says::Both => " (affirms and denies)",
    };
    let what = if o.unnamed {
        " (not named)"
    } else if o.own_voice {
        " (its own voice)"
    } else {
        ""
    };
    format!("{}{what}{said}", o.name)
}

/// `document/ev3` with who says it.
fn claim(c: &ClaimOf) -> String {
    let mut way = c.chain.clone();
    way.push(c.outlet.clone().unwrap_or_else(|| "not stated".into()));
    way.dedup();
    let denied = if c.denied { ", denies" } else { "" };
    format!("{}/{} [{}{denied}]", c.document.id, c.event, way.join(" → "))
}

fn copy(c: &Copy) -> String {
    format!("{} ({}, {})", stated(c.outlet.clone()), stated(c.source_id.clone()), day(c.published.as_ref()))
}

impl Shown for StoryLine {
    const TABLE: &'static [&'static str] = &["id", "copies", "first", "published", "others"];
    const CSV: &'static [&'static str] = &["id", "documents", "source_ids", "outlets", "published", "first"];

    fn table(&self) -> Vec<String> {
        let first = self.documents.first();
        vec![
            self.id.clone(),
            self.documents.len().to_string(),
            first.map_or(String::new(), |f| format!("{} ({})", stated(f.outlet.clone()), stated(f.source_id.clone()))),
            day(first.and_then(|f| f.published.as_ref())),
            joined(self.documents.iter().skip(1), copy),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            joined(&self.documents, |d| d.id.clone()),
            joined(&self.documents, |d| stated(d.source_id.clone())),
            joined(&self.documents, |d| stated(d.outlet.clone())),
            joined(&self.documents, |d| stated(d.published.clone())),
            self.first.clone(),
        ]
    }
}

/// One change of one copy; a copy that changed nothing has a row without one.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeRow {
    story: String,
    first: String,
    document: String,
    source_id: Option<String>,
    outlet: Option<String>,
    kind: Option<ChangeKind>,
    from: String,
    to: String,
    times: usize,
    loaded: bool,
}

impl ChangeRow {
    /// The changes of all copies of a story, in order.
    pub fn of(story: &StoryLine, copies: &[Changed]) -> Vec<Self> {
        let mut out = Vec::new();
        for c in copies {
            let row = Self {
                story: story.id.clone(),
                first: story.first.clone(),
                document: c.copy.id.clone(),
                source_id: c.copy.source_id.clone(),
                outlet: c.copy.outlet.clone(),
                kind: None,
                from: String::new(),
                to: String::new(),
                times: 0,
                loaded: false,
            };
            if c.changes.is_empty() {
                out.push(row.clone());
            }
            out.extend(c.changes.iter().map(|x| Self {
                kind: Some(x.kind),
                from: x.from.clone(),
                to: x.to.clone(),
                times: x.times,
                loaded: x.loaded,
                ..row.clone()
            }));
        }
        out
    }

    fn what(&self) -> &'static str {
        match self.kind {
            None => "the same",
            Some(ChangeKind::Added) => "added",
            Some(ChangeKind::Dropped) => "dropped",
            Some(ChangeKind::Swapped) => "swapped",
        }
    }
}

impl Shown for ChangeRow {
    const TABLE: &'static [&'static str] = &["outlet", "document", "change", "times", "first text", "copy", "loaded"];
    const CSV: &'static [&'static str] =
        &["story", "first", "document", "source_id", "outlet", "change", "from", "to", "times", "loaded"];

    fn table(&self) -> Vec<String> {
        vec![
            stated(self.outlet.clone()),
            self.source_id.clone().unwrap_or_else(|| self.document.clone()),
            self.what().into(),
            self.times.to_string(),
            self.from.clone(),
            self.to.clone(),
            if self.loaded { "yes".into() } else { String::new() },
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.story.clone(),
            self.first.clone(),
            self.document.clone(),
            stated(self.source_id.clone()),
            stated(self.outlet.clone()),
            self.what().into(),
            self.from.clone(),
            self.to.clone(),
            self.times.to_string(),
            self.loaded.to_string(),
        ]
    }
}

impl Shown for HappeningLine {
    const TABLE: &'static [&'static str] =
        &["id", "type", "said to act", "on", "where", "day", "outlets", "ways", "origins", "said by"];
    const CSV: &'static [&'static str] = &[
        "id",
        "type",
        "mode",
        "actor",
        "recipient",
        "place",
        "day",
        "outlets",
        "chains",
        "origins",
        "origin_names",
        "outlet_names",
        "first_document",
        "first_outlet",
        "first_published",
        "circular",
        "claims",
        "in_passing",
    ];

    fn table(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            kind(self.kind, self.mode.as_ref()),
            stated(self.actor.clone()),
            stated(self.recipient.clone()),
            stated(self.place.clone()),
            stated(self.day.clone()),
            self.outlets.to_string(),
            self.chains.to_string(),
            self.origins.to_string(),
            joined(&self.graph.origins, origin),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let first = self.graph.first.as_ref();
        vec![
            self.id.clone(),
            self.kind.map_or("", |k| k.code()).into(),
            self.mode.clone().unwrap_or_default(),
            stated(self.actor.clone()),
            stated(self.recipient.clone()),
            stated(self.place.clone()),
            stated(self.day.clone()),
            self.outlets.to_string(),
            self.chains.to_string(),
            self.origins.to_string(),
            joined(&self.graph.origins, origin),
            self.graph.outlets.join("; "),
            first.map_or(String::new(), |f| f.document.clone()),
            stated(first.and_then(|f| f.outlet.clone())),
            stated(first.and_then(|f| f.published.clone())),
            joined(&self.graph.circles, |c| c.english.clone()),
            joined(&self.claims, |c| claim(&c.claim)),
            joined(&self.in_passing, |c| claim(&c.claim)),
        ]
    }
}

fn said<T>(all: &[Said<T>], value: impl Fn(&T) -> String) -> String {
    joined(all, |s| {
        let value = value(&s.value);
        let by = s.by.join(" → ");
        if value.is_empty() { by } else { format!("{value} [{by}]") }
    })
}

/// What tellings differ in: of what, and what each says.
pub fn contradiction(c: &Contradiction) -> (String, String) {
    match c {
        Contradiction::Figures { of, figures } => (format!("figures: {of}"), said(figures, |f| figure(*f))),
        Contradiction::Denial { affirmed, denied } => (
            "denial".into(),
            format!("denied by {}; affirmed by {}", said(denied, |_| String::new()), said(affirmed, |_| String::new())),
        ),
        Contradiction::Actors { named } => ("actors".into(), said(named, Clone::clone)),
        Contradiction::Recipients { named } => ("recipients".into(), said(named, Clone::clone)),
    }
}

impl Shown for ContradictionLine {
    const TABLE: &'static [&'static str] = &["id", "type", "they differ in", "versions"];
    const CSV: &'static [&'static str] = &["id", "type", "differ_in", "what_is_said", "changed", "versions"];

    fn table(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            kind(self.kind, None),
            joined(&self.contradictions, |c| {
                let (of, what) = contradiction(c);
                format!("{of}: {what}")
            }),
            self.timeline.len().to_string(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            kind(self.kind, None),
            joined(&self.contradictions, |c| contradiction(c).0),
            joined(&self.contradictions, |c| contradiction(c).1),
            joined(&self.timeline, |v| v.changed.join("; ")),
            self.timeline.len().to_string(),
        ]
    }
}

fn item(i: &Item) -> String {
    let count = i.count.map_or(String::new(), |count| format!("{} ", figure(Figure { count, bound: i.bound })));
    let name = i.model.as_ref().unwrap_or(&i.what);
    let others = i.figures.len().saturating_sub(1);
    let others = if others > 0 { format!(" (and {others} other figures)") } else { String::new() };
    format!("{count}{name}{others}{}", if i.part { ", a part" } else { "" })
}

impl Shown for Transfer {
    const TABLE: &'static [&'static str] =
        &["id", "supplier", "recipient", "what", "from", "to", "dates", "claims", "affirm", "deny"];
    const CSV: &'static [&'static str] = &[
        "id",
        "supplier",
        "supplier_key",
        "recipient",
        "recipient_key",
        "things",
        "all_figures",
        "from",
        "to",
        "dates",
        "first_reported",
        "last_reported",
        "origins",
        "affirming",
        "denying",
        "claims",
    ];

    fn table(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            stated(self.supplier.clone()),
            stated(self.recipient.clone()),
            joined(&self.things, item),
            stated(self.from.clone()),
            stated(self.to.clone()),
            stated(Some(self.dates.join(", ")).filter(|d| !d.is_empty())),
            self.claims.len().to_string(),
            self.affirming.to_string(),
            self.denying.to_string(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let all = |i: &Item| {
            let name = i.model.as_ref().unwrap_or(&i.what);
            let figures = joined(&i.figures, |(f, at)| format!("{} ×{}", figure(*f), at.len()));
            if figures.is_empty() { String::new() } else { format!("{name}: {figures}") }
        };
        vec![
            self.id.clone(),
            stated(self.supplier.clone()),
            self.supplier_key.clone().unwrap_or_default(),
            stated(self.recipient.clone()),
            self.recipient_key.clone().unwrap_or_default(),
            joined(&self.things, item),
            joined(&self.things, all),
            stated(self.from.clone()),
            stated(self.to.clone()),
            self.dates.join("; "),
            stated(self.reported.0.clone()),
            stated(self.reported.1.clone()),
            self.origins.to_string(),
            self.affirming.to_string(),
            self.denying.to_string(),
            joined(&self.claims, claim),
        ]
    }
}

/// `40 of 120: 33 % (25–42)`, the interval in percent.
fn share(s: &Share) -> String {
    if s.of == 0 {
        return "none".into();
    }
    let percent = |p: f64| (p * 100.0).round();
    let p = percent(s.hits as f64 / s.of as f64);
    format!("{} of {}: {p} % ({}–{})", number(s.hits as f64), number(s.of as f64), percent(s.low), percent(s.high))
}

impl Shown for Profile {
    const TABLE: &'static [&'static str] =
        &["outlet", "articles", "claims with a source", "source not named", "copies", "copied from", "has it from"];
    const CSV: &'static [&'static str] = &[
        "outlet",
        "articles",
        "claims",
        "sourced",
        "sourced_low",
        "sourced_high",
        "unnamed",
        "unnamed_low",
        "unnamed_high",
        "copies",
        "copied_from",
        "sources",
        "naming",
        "spellings",
    ];

    fn table(&self) -> Vec<String> {
        vec![
            self.outlet.clone(),
            number(self.articles as f64),
            share(&self.sourced),
            share(&self.unnamed),
            share(&self.copies),
            joined(self.copied.iter().take(5), |c| format!("{} ×{}", c.from, c.texts)),
            joined(self.sources.iter().take(5), |s| format!("{} ×{}", s.name, s.share.hits)),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let real = |p: f64| format!("{p:.4}");
        vec![
            self.outlet.clone(),
            self.articles.to_string(),
            self.sourced.of.to_string(),
            self.sourced.hits.to_string(),
            real(self.sourced.low),
            real(self.sourced.high),
            self.unnamed.hits.to_string(),
            real(self.unnamed.low),
            real(self.unnamed.high),
            self.copies.hits.to_string(),
            joined(&self.copied, |c| format!("{} ×{}", c.from, c.texts)),
            joined(&self.sources, |s| format!("{} ×{}", s.name, s.share.hits)),
            joined(&self.naming, |n| {
                let (a, b, c) = (n.neutral.hits, n.own.hits, n.loaded.hits);
                format!("{} {}: neutral {a}, own {b}, loaded {c}", n.name, n.month)
            }),
            joined(&self.spellings, |s| format!("{} ×{}", s.words, s.times)),
        ]
    }
}
