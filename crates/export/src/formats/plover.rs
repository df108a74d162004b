//! The JSON fields of the PLOVER manual, one object a line; what PLOVER has no field for stands under `isnad`.

use std::io::Write;

use jiff::civil::Date;
use model::{Entity, Span};
use serde::Serialize;

use super::{Done, Layout};
use crate::claim::{Article, Claim, Link, Party, degrees, entity_key, on_map};
use crate::{ExportError, Format, Provenance, codes};

pub(super) static SCHEMA: &str = include_str!("../../schemas/plover.schema.json");

/// The codebook that types and modes are from.
const CODEBOOK: &str = "PLOVER 2022";

pub(super) struct Plover<W> {
    writer: W,
    coder: String,
    records: u64,
}

impl<W: Write> Plover<W> {
    pub(super) fn new(writer: W, made_with: &Provenance) -> Self {
        Self { writer, coder: made_with.program.clone(), records: 0 }
    }
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "PLOVER's names")]
struct Event<'a> {
    id: &'a str,
    date: Option<Date>,
    enddate: Option<Date>,
    source: Vec<Actor<'a>>,
    recipient: Vec<Actor<'a>>,
    event: [&'a str; 1],
    mode: Vec<&'a str>,
    quad_code: u8,
    event_scale: Option<f64>,
    event_loc: Option<Place<'a>>,
    event_text: [&'a str; 1],
    text_info: TextInfo,
    cite_info: CiteInfo<'a>,
    coder: &'a str,
    isnad: Ours<'a>,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "PLOVER's names")]
struct Actor<'a> {
    code: Option<&'a str>,
    sector: Option<&'a str>,
    actor_text: &'a str,
    identifier_id: Option<String>,
    identifier_text: Option<&'a str>,
}

#[derive(Serialize)]
struct Place<'a> {
    name: &'a str,
    latitude: f64,
    longitude: f64,
    cc3: Option<&'a str>,
}

#[derive(Serialize)]
struct TextInfo {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct CiteInfo<'a> {
    citation: &'a str,
    url: Option<&'a str>,
    title: Option<&'a str>,
    language: Option<&'a str>,
    publication: Option<&'a str>,
    codebook: &'static str,
}

#[derive(Serialize)]
struct Ours<'a> {
    schema_version: u32,
    document: &'a str,
    event: &'a str,
    status: &'a str,
    polarity: &'a str,
    cameo: Option<&'static str>,
    source_original: Option<&'a str>,
    number_of_sources: u32,
    origin: &'a str,
    chain: Vec<ChainLink<'a>>,
    statement: Option<Statement<'a>>,
    trigger: Passage<'a>,
    actor: Vec<Passage<'a>>,
    recipient: Vec<Passage<'a>>,
    place: Vec<Passage<'a>>,
    time: Vec<Passage<'a>>,
    where_prec: Option<u8>,
    feature_type: Option<&'a str>,
    raw_placename: Option<&'a str>,
    date: EventDate<'a>,
    publication_date: Option<&'a str>,
    things: Vec<Thing<'a>>,
    harm: Option<Harm<'a>>,
}

#[derive(Serialize)]
struct Passage<'a> {
    span: Span,
    words: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entities: Vec<Named<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    key: String,
    name: &'a str,
    r#type: &'static str,
    country: Option<&'a str>,
    sector: Option<&'a str>,
    location: Option<Spot<'a>>,
}

#[derive(Serialize)]
struct Spot<'a> {
    latitude: f64,
    longitude: f64,
    level: &'a str,
}

#[derive(Serialize)]
struct ChainLink<'a> {
    role: &'static str,
    span: Option<Span>,
    words: Option<&'a str>,
    name: Option<&'a str>,
    key: Option<&'a str>,
}

#[derive(Serialize)]
struct Statement<'a> {
    id: &'a str,
    stance: &'static str,
    direct: bool,
    cue: Option<Passage<'a>>,
    content: &'a [Span],
    date: EventDate<'a>,
}

#[derive(Serialize)]
struct EventDate<'a> {
    edtf: Option<&'a str>,
    date_start: Option<Date>,
    date_end: Option<Date>,
    date_prec: Option<u8>,
}

#[derive(Serialize)]
struct Thing<'a> {
    span: Span,
    words: &'a str,
    what: &'a str,
    class: Option<&'a str>,
    family: Option<&'a str>,
    model: Option<&'a str>,
    count: Option<serde_json::Number>,
    bound: Option<&'static str>,
    part: bool,
}

#[derive(Serialize)]
struct Harm<'a> {
    killed: Option<u64>,
    injured: Option<u64>,
    bound: &'a str,
    low: Option<u64>,
    best: Option<u64>,
    high: Option<u64>,
}

/// One actor an entity; words that name none are an actor without code.
fn actors<'a>(parties: &[Party<'a>]) -> Vec<Actor<'a>> {
    let mut out = Vec::with_capacity(parties.len());
    for party in parties {
        for entity in &party.entities {
            out.push(Actor {
                code: entity.country.as_deref(),
                sector: entity.sector.as_deref(),
                actor_text: party.words,
                identifier_id: Some(entity_key(entity)),
                identifier_text: Some(&entity.name),
            });
        }
        if party.entities.is_empty() {
            let actor_text = party.words;
            out.push(Actor { code: None, sector: None, actor_text, identifier_id: None, identifier_text: None });
        }
    }
    out
}

fn named(entity: &Entity) -> Named<'_> {
    Named {
        key: entity_key(entity),
        name: &entity.name,
        r#type: entity.kind.code(),
        country: entity.country.as_deref(),
        sector: entity.sector.as_deref(),
        location: on_map(entity).map(|l| Spot {
            latitude: degrees(l.latitude),
            longitude: degrees(l.longitude),
            level: &l.level,
        }),
    }
}

fn words<'a>(parties: &[Party<'a>]) -> Vec<Passage<'a>> {
    parties
        .iter()
        .map(|p| Passage { span: p.span, words: p.words, entities: p.entities.iter().map(|e| named(e)).collect() })
        .collect()
}

fn link<'a>(link: &'a Link<'_>) -> ChainLink<'a> {
    ChainLink {
        role: link.role,
        span: link.named.as_ref().map(|p| p.span),
        words: link.named.as_ref().map(|p| p.words),
        name: link.label,
        key: link.key.as_deref(),
    }
}

/// Whole numbers without a decimal point; nothing for what is no number.
fn count(value: Option<f64>) -> Option<serde_json::Number> {
    let v = value?;
    if v.fract() == 0.0 && v.abs() < 9e15 { Some((v as i64).into()) } else { serde_json::Number::from_f64(v) }
}

impl<W: Write> Layout<W> for Plover<W> {
    fn claim(&mut self, article: &Article<'_>, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        let event = claim.event;
        let document = claim.document;
        let plain = |span: Span| Passage { span, words: article.words(span), entities: Vec::new() };
        let deaths = claim.deaths();
        let line = Event {
            id: &claim.id,
            date: claim.days.start,
            enddate: claim.days.end.filter(|_| claim.days.day().is_none()),
            source: actors(&claim.actors),
            recipient: actors(&claim.recipients),
            event: [event.kind.code()],
            mode: event.mode.as_deref().into_iter().collect(),
            quad_code: codes::quad(event.kind),
            event_scale: claim.scale(),
            event_loc: claim.point.map(|p| Place {
                name: &p.entity.name,
                latitude: p.latitude,
                longitude: p.longitude,
                cc3: p.entity.country.as_deref(),
            }),
            event_text: [claim.trigger],
            text_info: TextInfo { start: event.trigger.start, end: event.trigger.end },
            cite_info: CiteInfo {
                citation: &document.id,
                url: document.url.as_deref(),
                title: document.title.as_deref(),
                language: article.language(),
                publication: document.outlet.as_deref(),
                codebook: CODEBOOK,
            },
            coder: &self.coder,
            isnad: Ours {
                schema_version: Format::Plover.version(),
                document: &document.id,
                event: &event.id,
                status: event.status.code(),
                polarity: event.polarity.code(),
                cameo: claim.cameo(),
                source_original: claim.source_original(),
                number_of_sources: 1,
                origin: claim.origin().code(),
                chain: claim.chain.iter().map(link).collect(),
                statement: claim.statement.map(|s| Statement {
                    id: &s.id,
                    stance: s.stance.code(),
                    direct: s.direct,
                    cue: s.cue.map(plain),
                    content: &s.content,
                    date: EventDate {
                        edtf: s.when.as_ref().map(|w| w.value.as_str()),
                        date_start: claim.said.start,
                        date_end: claim.said.end,
                        date_prec: claim.said.precision(),
                    },
                }),
                trigger: plain(event.trigger),
                actor: words(&claim.actors),
                recipient: words(&claim.recipients),
                place: words(&claim.places),
                time: words(&claim.times),
                where_prec: claim.point.map(|p| p.precision),
                feature_type: claim.point.map(|p| p.level),
                raw_placename: claim.point.map(|p| p.words),
                date: EventDate {
                    edtf: event.when.as_ref().map(|w| w.value.as_str()),
                    date_start: claim.days.start,
                    date_end: claim.days.end,
                    date_prec: claim.days.precision(),
                },
                publication_date: document.published.as_deref(),
                things: event
                    .things
                    .iter()
                    .zip(&claim.things)
                    .map(|(t, words)| Thing {
                        span: t.span,
                        words,
                        what: &t.what,
                        class: t.class.as_deref(),
                        family: t.family.as_deref(),
                        model: t.model.as_deref(),
                        count: count(t.count),
                        bound: t.count.map(|_| t.bound.code()),
                        part: t.part,
                    })
                    .collect(),
                harm: event.harm.map(|h| Harm {
                    killed: h.killed,
                    injured: h.injured,
                    bound: h.bound.code(),
                    low: deaths.low,
                    best: deaths.best,
                    high: deaths.high,
                }),
            },
        };
        serde_json::to_writer(&mut self.writer, &line)?;
        self.writer.write_all(b"\n")?;
        self.records += 1;
        Ok(None)
    }

    fn finish(self: Box<Self>) -> Result<Vec<Done<W>>, ExportError> {
        Ok(vec![Done { writer: self.writer, records: self.records }])
    }
}
