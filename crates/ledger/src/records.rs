//! What questions answer with. Every value stands beside the words it was read from, every claim beside who says it;
//! `null` is "not stated".

use std::collections::HashMap;

use model::{
    Bound, ChainLink, ChainRole, Document, Event, EventType, Harm, Location, Polarity, Reading, Span, Stance,
    Statement, Status, Thing, When,
};
use serde::{Serialize, Serializer};

use crate::flat::Words;
use crate::identity::DocumentId;
use crate::names::Names;
use crate::write::Version;

/// A document as kept.
#[derive(Clone, Debug, Serialize)]
pub struct StoredDocument {
    /// Name by content.
    pub id: DocumentId,
    /// The document as it was first added; its `id` is the one it came with.
    pub document: Document,
    /// Unix time of the first adding, in seconds.
    pub added: i64,
    /// Where it was seen, the first place first.
    pub sightings: Vec<Sighting>,
}

/// A place where a document was seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sighting {
    /// The id it came with.
    pub source_id: String,
    /// The outlet.
    pub outlet: Option<String>,
    /// Canonical address.
    pub url: Option<String>,
    /// Publication date as given there.
    pub published: Option<String>,
    /// Who signed it there.
    pub author: Option<String>,
    /// File or address it was taken from.
    pub path: Option<String>,
    /// What it came in.
    pub kind: Option<String>,
    /// Number of the item within that.
    pub item: Option<i64>,
    /// BLAKE3 hash of the bytes it was taken from, in hex.
    pub raw_hash: Option<String>,
    /// Unix time of the first sight, in seconds.
    pub first_seen: i64,
    /// Unix time of the last sight, in seconds.
    pub last_seen: i64,
}

/// A document with its present reading.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// The document.
    pub document: StoredDocument,
    /// What was read in it.
    pub reading: Reading,
    /// What made the reading.
    pub version: Version,
}

/// A page of an answer.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where to go on; none at the end.
    pub next: Option<String>,
    /// Names in the question that nothing in the ledger bears, and documents that could not be read.
    pub notes: Vec<String>,
}

/// Which document a row is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentRef {
    /// Name by content.
    pub id: DocumentId,
    /// The id it came with.
    pub source_id: String,
    /// The outlet.
    pub outlet: Option<String>,
    /// Publication date as given.
    pub published: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
}

/// Words of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// Where they stand.
    pub span: Span,
    /// As written.
    pub words: String,
}

/// An actor, recipient or place as written, and whom or what it names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Party {
    /// Where it stands.
    pub span: Span,
    /// As written.
    pub words: String,
    /// Who that is; empty where the words only describe.
    pub entities: Vec<Named>,
}

/// An entity that a row names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    /// Key across articles.
    pub key: String,
    /// Name for display.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
    /// Point on the map, for places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// A link of the chain by which a claim came: `origin`, each `via`, and last the `outlet`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// `origin`, `via` or `outlet`.
    pub role: &'static str,
    /// Where it is named; none for the outlet, and where the text hides the origin.
    pub span: Option<Span>,
    /// As written.
    pub words: Option<String>,
    /// Who that is, where it is known.
    pub name: Option<String>,
    /// Key across articles.
    pub key: Option<String>,
}

impl Link {
    /// A short name: known name, words, or none.
    pub fn label(&self) -> Option<&str> {
        self.name.as_deref().or(self.words.as_deref())
    }
}

/// A time as stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// EDTF or ISO 8601.
    pub value: String,
    /// Where it stands.
    pub span: Span,
    /// As written.
    pub words: String,
}

/// A thing of an event; what is not stated or not known is null.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThingRow {
    /// Where it stands.
    pub span: Span,
    /// As written.
    pub words: String,
    /// English class, as `fighter aircraft`.
    pub what: String,
    /// Class in the weapons list.
    pub class: Option<String>,
    /// Family in the weapons list.
    pub family: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// How many.
    #[serde(serialize_with = "number")]
    pub count: Option<f64>,
    /// How the number bounds the count.
    pub bound: Bound,
    /// Whether it is a part of another thing of the same event.
    pub part: bool,
}

/// Whole numbers without a decimal point.
#[allow(clippy::trivially_copy_pass_by_ref, clippy::ref_option)] // the signature serde asks for
fn number<S: Serializer>(value: &Option<f64>, s: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(v) if v.fract() == 0.0 && v.abs() < 9e15 => s.serialize_some(&(*v as i64)),
        other => other.serialize(s),
    }
}

impl ThingRow {
    fn new(words: &Words<'_>, t: &Thing) -> Self {
        Self {
            span: t.span,
            words: words.of(t.span).to_string(),
            what: t.what.clone(),
            class: t.class.clone(),
            family: t.family.clone(),
            model: t.model.clone(),
            count: t.count,
            bound: t.bound,
            part: t.part,
        }
    }
}

/// A loaded word about somebody who takes part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadedRow {
    /// Where it stands.
    pub span: Span,
    /// As written.
    pub words: String,
    /// `pejorative`, `laudatory`, `delegitimising` or `victim`.
    pub kind: String,
    /// Key of whoever is judged, where known.
    pub of: Option<String>,
}

/// A claim of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventRow {
    /// Document and event: `<document>/ev3`.
    pub id: String,
    /// The article it stands in.
    pub document: DocumentRef,
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// How the text holds it.
    pub status: Status,
    /// Said to happen or not to.
    pub polarity: Polarity,
    /// Who says it: origin, relays, outlet.
    pub said_by: Vec<Link>,
    /// How they say it; none in the outlet's own voice.
    pub stance: Option<Stance>,
    /// The statement that says it: `<document>/st1`; none in the outlet's own voice.
    pub statement: Option<String>,
    /// The word that names the event.
    pub trigger: Quote,
    /// Who does it.
    pub actor: Vec<Party>,
    /// To whom.
    pub recipient: Vec<Party>,
    /// Where.
    pub place: Vec<Party>,
    /// When, as written.
    pub time: Vec<Quote>,
    /// When, resolved.
    pub when: Option<Stated>,
    /// With or about what.
    pub things: Vec<ThingRow>,
    /// People killed and injured, as stated.
    pub harm: Option<Harm>,
    /// Loaded words about those who take part, in the same article.
    pub loaded: Vec<LoadedRow>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatementRow {
    /// Document and statement: `<document>/st1`.
    pub id: String,
    /// The article it stands in.
    pub document: DocumentRef,
    /// Origin, relays, outlet.
    pub said_by: Vec<Link>,
    /// How the saying takes its content.
    pub stance: Stance,
    /// Whether the content stands in quotation marks.
    pub direct: bool,
    /// The word of saying.
    pub cue: Option<Quote>,
    /// What is said.
    pub content: Vec<Quote>,
    /// When it was said, where stated.
    pub when: Option<Stated>,
    /// The events it claims.
    pub events: Vec<String>,
}

/// A claim that something was given, sent or sold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TransferRow {
    /// Document and event.
    pub id: String,
    /// Who gives, as known or written; none where not stated.
    pub supplier: Option<String>,
    /// Who gets.
    pub recipient: Option<String>,
    /// What.
    pub things: Vec<ThingRow>,
    /// Where from; the reader does not tell it apart yet.
    pub from: Option<String>,
    /// Where to; the same.
    pub to: Option<String>,
    /// Where, as known or written.
    pub place: Option<String>,
    /// When, as stated.
    pub when: Option<Stated>,
    /// How the text holds it.
    pub status: Status,
    /// Said to happen or not to.
    pub polarity: Polarity,
    /// The claim.
    pub claims: Vec<Claim>,
    /// Origins of the claims: one, for one claim.
    pub origins: u32,
}

/// Which claim a line rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The article.
    pub document: DocumentRef,
    /// The event in its reading.
    pub event: String,
    /// Who says it, the origin first (`not named` where the text hides it); the outlet where it speaks itself.
    pub chain: Vec<String>,
}

/// An entity with what it does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActorRow {
    /// Key across articles.
    pub key: String,
    /// Name for display.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
    /// Documents that name it.
    pub documents: i64,
    /// Claims (of those asked for) in which it acts.
    pub as_actor: i64,
    /// Claims in which it is done to.
    pub as_recipient: i64,
    /// Statements of which it is the origin, in all documents.
    pub as_origin: i64,
    /// How it is written, the most frequent first, with counts.
    pub aliases: Vec<(String, i64)>,
}

/// A document that a search finds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The document.
    pub document: DocumentRef,
    /// How well it fits: more is better; comparable only within one search.
    pub score: f64,
    /// Words around the best place.
    pub snippet: Quote,
    /// What fits, in title and snippet: code points of the whole text.
    pub highlights: Vec<Span>,
    /// Number of claims of events read in it.
    pub events: i64,
}

/// A record with what rows are made from.
pub(crate) struct Source {
    pub id: DocumentId,
    pub document: Document,
    pub reading: Reading,
    names: Names,
    /// Statements by identifier, with the events that each claims.
    statements: HashMap<String, (usize, Vec<usize>)>,
    /// Loaded words by the key of whoever is judged.
    loaded: HashMap<String, Vec<usize>>,
}

impl Source {
    pub fn new(id: DocumentId, document: Document, reading: Reading) -> Self {
        let mut statements: HashMap<String, (usize, Vec<usize>)> =
            reading.statements.iter().enumerate().map(|(i, s)| (s.id.clone(), (i, Vec::new()))).collect();
        for (i, e) in reading.events.iter().enumerate() {
            if let Some(s) = e.statement.as_ref().and_then(|s| statements.get_mut(s)) {
                s.1.push(i);
            }
        }
        let keys: HashMap<&str, &str> = reading.entities.iter().map(|e| (e.id.as_str(), e.key.as_str())).collect();
        let mut loaded: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, f) in reading.framing.iter().enumerate() {
            if let Some(key) = f.of.as_deref().and_then(|of| keys.get(of)) {
                loaded.entry((*key).to_string()).or_default().push(i);
            }
        }
        Self { names: Names::new(&reading), id, document, reading, statements, loaded }
    }

    pub fn reference(&self) -> DocumentRef {
        reference(self.id, &self.document)
    }

    fn party(&self, words: &Words<'_>, span: Span) -> Party {
        let entities = self.names.of(span).into_iter().map(|i| {
            let e = &self.reading.entities[i];
            Named {
                key: e.key.clone(),
                name: e.name.clone(),
                kind: e.kind.code(),
                country: e.country.clone(),
                sector: e.sector.clone().filter(|s| !s.is_empty()),
                location: e.location.clone(),
            }
        });
        Party { span, words: words.of(span).to_string(), entities: entities.collect() }
    }

    fn chain(&self, words: &Words<'_>, statement: Option<&Statement>) -> Vec<Link> {
        let link = |l: &ChainLink| {
            let entity = l.span.and_then(|s| self.names.of(s).first().map(|i| &self.reading.entities[*i]));
            Link {
                role: match l.role {
                    ChainRole::Origin => "origin",
                    ChainRole::Via => "via",
                },
                span: l.span,
                words: l.span.map(|s| words.of(s).to_string()),
                name: entity.map(|e| e.name.clone()),
                key: entity.map(|e| e.key.clone()),
            }
        };
        let mut out: Vec<Link> = statement.map_or(&[][..], |s| &s.chain).iter().map(link).collect();
        out.push(Link { role: "outlet", span: None, words: None, name: self.document.outlet.clone(), key: None });
        out
    }

    fn stated(words: &Words<'_>, when: Option<&When>) -> Option<Stated> {
        when.map(|w| Stated { value: w.value.clone(), span: w.span, words: words.of(w.span).to_string() })
    }

    /// The row of an event of the reading.
    pub fn event(&self, words: &Words<'_>, e: &Event) -> EventRow {
        let quote = |s: &Span| Quote { span: *s, words: words.of(*s).to_string() };
        let parties = |spans: &[Span]| spans.iter().map(|s| self.party(words, *s)).collect::<Vec<_>>();
        let statement = e.statement.as_ref().and_then(|id| self.statements.get(id));
        let statement = statement.map(|s| &self.reading.statements[s.0]);
        let (actor, recipient, place) = (parties(&e.actor), parties(&e.recipient), parties(&e.place));
        let mut loaded: Vec<usize> = [&actor, &recipient, &place]
            .into_iter()
            .flatten()
            .flat_map(|p| &p.entities)
            .flat_map(|n| self.loaded.get(&n.key).into_iter().flatten().copied())
            .collect();
        loaded.sort_unstable();
        loaded.dedup();
        let loaded = loaded.into_iter().map(|i| {
            let f = &self.reading.framing[i];
            let of = f.of.as_deref().and_then(|id| self.reading.entities.iter().find(|e| e.id == id));
            LoadedRow {
                span: f.span,
                words: words.of(f.span).to_string(),
                kind: f.kind.clone(),
                of: of.map(|e| e.key.clone()),
            }
        });
        EventRow {
            id: format!("{}/{}", self.id, e.id),
            document: self.reference(),
            kind: e.kind,
            mode: e.mode.clone(),
            status: e.status,
            polarity: e.polarity,
            said_by: self.chain(words, statement),
            stance: statement.map(|s| s.stance),
            statement: e.statement.as_ref().map(|s| format!("{}/{s}", self.id)),
            trigger: quote(&e.trigger),
            loaded: loaded.collect(),
            actor,
            recipient,
            place,
            time: e.time.iter().map(quote).collect(),
            when: Self::stated(words, e.when.as_ref()),
            things: e.things.iter().map(|t| ThingRow::new(words, t)).collect(),
            harm: e.harm,
        }
    }

    /// The row of a statement of the reading.
    pub fn statement(&self, words: &Words<'_>, s: &Statement) -> StatementRow {
        let quote = |s: &Span| Quote { span: *s, words: words.of(*s).to_string() };
        let events = self.statements.get(&s.id).map_or(&[][..], |s| &s.1);
        StatementRow {
            id: format!("{}/{}", self.id, s.id),
            document: self.reference(),
            said_by: self.chain(words, Some(s)),
            stance: s.stance,
            direct: s.direct,
            cue: s.cue.as_ref().map(quote),
            content: s.content.iter().map(quote).collect(),
            when: Self::stated(words, s.when.as_ref()),
            events: events.iter().map(|e| format!("{}/{}", self.id, self.reading.events[*e].id)).collect(),
        }
    }
}

/// How a document is named in rows.
pub(crate) fn reference(id: DocumentId, d: &Document) -> DocumentRef {
    DocumentRef {
        id,
        source_id: d.id.clone(),
        outlet: d.outlet.clone(),
        published: d.published.clone(),
        url: d.url.clone(),
        title: d.title.clone(),
    }
}

/// Names of parties, as known or written; none where there are none.
pub fn label(parties: &[Party]) -> Option<String> {
    let names: Vec<String> = parties
        .iter()
        .map(|p| {
            if p.entities.is_empty() {
                p.words.clone()
            } else {
                p.entities.iter().map(|e| e.name.as_str()).collect::<Vec<_>>().join(" + ")
            }
        })
        .collect();
    (!names.is_empty()).then(|| names.join(" + "))
}

impl From<EventRow> for TransferRow {
    fn from(e: EventRow) -> Self {
        let said: Vec<String> = e
            .said_by
            .iter()
            .filter(|l| l.role != "outlet")
            .map(|l| l.label().unwrap_or("not named").to_string())
            .collect();
        let own = || e.said_by.last().and_then(Link::label).map(str::to_string).into_iter().collect();
        let chain = if e.statement.is_some() { said } else { own() };
        let event = e.id.rsplit('/').next().unwrap_or_default().to_string();
        Self {
            supplier: label(&e.actor),
            recipient: label(&e.recipient),
            place: label(&e.place),
            things: e.things,
            from: None,
            to: None,
            when: e.when,
            status: e.status,
            polarity: e.polarity,
            claims: vec![Claim { document: e.document, event, chain }],
            origins: 1,
            id: e.id,
        }
    }
}
