//! JSON-LD with PROV-O: a claim is an entity derived from its document and attributed to whoever asserts it; each link of
//! its chain is a saying, attributed to its agent and quoted from the saying before it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write;

use model::{Entity, EntityType};
use serde::Serialize;

use super::{Done, Layout};
use crate::ExportError;
use crate::claim::{Article, Claim, Link, Party, degrees, entity_key, hex, on_map};
use crate::codes;

pub(super) static SCHEMA: &str = include_str!("../../schemas/jsonld.schema.json");

/// The terms. No address is fetched to read an export.
static CONTEXT: &str = r#"{
  "@version": 1.1,
  "prov": "http://www.w3.org/ns/prov#",
  "dcterms": "http://purl.org/dc/terms/",
  "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
  "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
  "schema": "http://schema.org/",
  "xsd": "http://www.w3.org/2001/XMLSchema#",
  "isnad": "urn:isnad:term:",
  "Entity": "prov:Entity", "Agent": "prov:Agent", "Person": "prov:Person", "Organization": "prov:Organization",
  "Document": "isnad:Document", "Claim": "isnad:Claim", "Saying": "isnad:Saying",
  "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
  "wasAttributedTo": {"@id": "prov:wasAttributedTo", "@type": "@id"},
  "wasQuotedFrom": {"@id": "prov:wasQuotedFrom", "@type": "@id"},
  "hadPrimarySource": {"@id": "prov:hadPrimarySource", "@type": "@id"},
  "identifier": "dcterms:identifier", "title": "dcterms:title", "issued": "dcterms:issued", "creator": "dcterms:creator",
  "language": "dcterms:language", "url": "schema:url", "label": "rdfs:label",
  "latitude": {"@id": "geo:lat", "@type": "xsd:double"}, "longitude": {"@id": "geo:long", "@type": "xsd:double"},
  "country": "isnad:country", "sector": "isnad:sector",
  "eventType": "isnad:eventType", "eventMode": "isnad:eventMode", "cameo": "isnad:cameo", "quadCode": "isnad:quadCode",
  "eventScale": {"@id": "isnad:eventScale", "@type": "xsd:double"},
  "status": "isnad:status", "polarity": "isnad:polarity",
  "words": "isnad:words", "start": "isnad:start", "end": "isnad:end",
  "eventDate": "isnad:eventDate", "statementDate": "isnad:statementDate",
  "firstDay": {"@id": "isnad:firstDay", "@type": "xsd:date"}, "lastDay": {"@id": "isnad:lastDay", "@type": "xsd:date"},
  "actor": {"@id": "isnad:actor", "@type": "@id"}, "recipient": {"@id": "isnad:recipient", "@type": "@id"},
  "place": {"@id": "isnad:place", "@type": "@id"},
  "actorWords": "isnad:actorWords", "recipientWords": "isnad:recipientWords", "placeWords": "isnad:placeWords",
  "role": "isnad:role", "position": "isnad:position", "hidden": "isnad:hidden",
  "stance": "isnad:stance", "direct": "isnad:direct"
}"#;

pub(super) struct JsonLd<W> {
    writer: W,
    records: u64,
    /// Sayings and agents of the present article that were written.
    written: HashSet<String>,
}

impl<W: Write> JsonLd<W> {
    pub(super) fn new(mut writer: W) -> Result<Self, ExportError> {
        write!(writer, "{{\"@context\": {CONTEXT},\n\"@graph\": [")?;
        Ok(Self { writer, records: 0, written: HashSet::new() })
    }

    fn node(&mut self, node: &Node<'_>) -> Result<(), ExportError> {
        self.writer.write_all(if self.records == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.writer, node)?;
        self.records += 1;
        Ok(())
    }

    /// Writes an agent once an article; its identifier.
    fn agent(&mut self, key: &str, label: &str, entity: Option<&Entity>) -> Result<String, ExportError> {
        let id = format!("urn:isnad:entity:{}", encoded(key));
        if self.written.insert(id.clone()) {
            let kind = match entity.map(|e| e.kind) {
                Some(EntityType::Per) => Some("Person"),
                Some(EntityType::Org | EntityType::Mil | EntityType::Med) => Some("Organization"),
                _ => None,
            };
            let location = entity.and_then(on_map);
            self.node(&Node {
                id: &id,
                kinds: std::iter::once("Agent").chain(kind).collect(),
                label: Some(label),
                country: entity.and_then(|e| e.country.as_deref()),
                sector: entity.and_then(|e| e.sector.as_deref()),
                latitude: location.map(|l| degrees(l.latitude)),
                longitude: location.map(|l| degrees(l.longitude)),
                ..Node::default()
            })?;
        }
        Ok(id)
    }

    /// Writes the agents that words name; their identifiers.
    fn agents(&mut self, parties: &[Party<'_>]) -> Result<Vec<String>, ExportError> {
        let mut ids = Vec::new();
        for entity in parties.iter().flat_map(|p| &p.entities) {
            let id = self.agent(&entity_key(entity), &entity.name, Some(entity))?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Writes whoever a link is; its identifier, none where hidden or not stated.
    fn link(&mut self, link: &Link<'_>) -> Result<Option<String>, ExportError> {
        let (Some(key), Some(label)) = (&link.key, link.label) else { return Ok(None) };
        let entity = link.named.as_ref().and_then(|p| p.entities.first().copied());
        self.agent(key, label, entity).map(Some)
    }
}

/// A node; what it does not have is left out.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    #[serde(rename = "@id")]
    id: &'a str,
    #[serde(rename = "@type")]
    kinds: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    was_derived_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    was_attributed_to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    had_primary_source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    was_quoted_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sector: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_mode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cameo: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quad_code: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_scale: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    polarity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_day: Option<jiff::civil::Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_day: Option<jiff::civil::Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stance: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direct: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actor: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recipient: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    place: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actor_words: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recipient_words: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    place_words: Vec<&'a str>,
}

/// A key as part of a URN: everything but letters, digits and a few marks as `%XX`.
fn encoded(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for b in key.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b':') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// The name of a document in the graph: a hash of its id, which may be anything.
fn document_urn(id: &str) -> String {
    use sha2::{Digest, Sha256};
    format!("urn:isnad:document:{}", hex(&Sha256::digest(id.as_bytes())[..16]))
}

fn words<'a>(parties: &[Party<'a>]) -> Vec<&'a str> {
    parties.iter().map(|p| p.words).collect()
}

impl<W: Write> Layout<W> for JsonLd<W> {
    fn article(&mut self, article: &Article<'_>) -> Result<(), ExportError> {
        self.written.clear();
        let document = article.document();
        let outlet = match document.outlet.as_deref().filter(|o| !o.trim().is_empty()) {
            Some(o) => Some(self.agent(&format!("outlet:{o}"), o, None)?),
            None => None,
        };
        self.node(&Node {
            id: &document_urn(&document.id),
            kinds: vec!["Entity", "Document"],
            identifier: Some(&document.id),
            title: document.title.as_deref(),
            creator: document.author.as_deref(),
            issued: document.published.as_deref(),
            language: article.language(),
            url: document.url.as_deref(),
            was_attributed_to: outlet.as_deref(),
            ..Node::default()
        })
    }

    fn claim(&mut self, _: &Article<'_>, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        let document = document_urn(&claim.document.id);
        let mut sayings: Vec<String> = Vec::new();
        let mut asserted_by = None;
        for (position, link) in claim.chain.iter().enumerate() {
            let agent = self.link(link)?;
            if position == 0 {
                asserted_by.clone_from(&agent);
            }
            // the outlet is whom the document itself is attributed to
            let Some(statement) = claim.statement.filter(|_| link.role != "outlet") else { continue };
            let id = format!("{}:{}:{position}", document.replace(":document:", ":saying:"), encoded(&statement.id));
            if self.written.insert(id.clone()) {
                let first = position == 0;
                self.node(&Node {
                    id: &id,
                    kinds: vec!["Entity", "Saying"],
                    role: Some(link.role),
                    position: Some(position),
                    was_derived_from: Some(&document),
                    was_attributed_to: agent.as_deref(),
                    was_quoted_from: sayings.last().map(String::as_str),
                    hidden: link.named.is_none().then_some(true),
                    words: link.named.as_ref().map(|p| p.words),
                    start: link.named.as_ref().map(|p| p.span.start),
                    end: link.named.as_ref().map(|p| p.span.end),
                    stance: first.then(|| statement.stance.code()),
                    direct: first.then_some(statement.direct),
                    statement_date: statement.when.as_ref().filter(|_| first).map(|w| w.value.as_str()),
                    first_day: claim.said.start.filter(|_| first),
                    last_day: claim.said.end.filter(|_| first),
                    ..Node::default()
                })?;
            }
            sayings.push(id);
        }
        let event = claim.event;
        let (actor, recipient) = (self.agents(&claim.actors)?, self.agents(&claim.recipients)?);
        let place = self.agents(&claim.places)?;
        self.node(&Node {
            id: &format!("urn:isnad:claim:{}", claim.id),
            kinds: vec!["Entity", "Claim"],
            identifier: Some(&claim.id),
            was_derived_from: Some(&document),
            was_attributed_to: asserted_by.as_deref(),
            had_primary_source: sayings.first().map(String::as_str),
            was_quoted_from: sayings.last().map(String::as_str),
            event_type: Some(event.kind.code()),
            event_mode: event.mode.as_deref(),
            cameo: claim.cameo(),
            quad_code: Some(codes::quad(event.kind)),
            event_scale: claim.scale(),
            status: Some(event.status.code()),
            polarity: Some(event.polarity.code()),
            words: Some(claim.trigger),
            start: Some(event.trigger.start),
            end: Some(event.trigger.end),
            event_date: event.when.as_ref().map(|w| w.value.as_str()),
            first_day: claim.days.start,
            last_day: claim.days.end,
            actor,
            recipient,
            place,
            actor_words: words(&claim.actors),
            recipient_words: words(&claim.recipients),
            place_words: words(&claim.places),
            ..Node::default()
        })?;
        Ok(None)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Done<W>>, ExportError> {
        self.writer.write_all(b"\n]}\n")?;
        Ok(vec![Done { writer: self.writer, records: self.records }])
    }
}
