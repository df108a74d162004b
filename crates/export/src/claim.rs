//! One event as a claim, with everything an export says of it resolved once.

use std::collections::HashMap;
use std::fmt::Write;

use model::{
    Bound, ChainRole, Document, Entity, Event, EventType, Location, Polarity, Reading, Span, Statement, Status, When,
};
use sha2::{Digest, Sha256};

use crate::codes;
use crate::dates::Days;
use crate::mentions::Mentions;
use crate::slice::Slicer;

/// An article and what was read in it.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// The article; its text is needed for the words of spans.
    pub document: &'a Document,
    /// What was read in it.
    pub reading: &'a Reading,
}

/// Words of the article and whom or what they name.
pub struct Party<'a> {
    /// Where they stand.
    pub span: Span,
    /// As written.
    pub words: &'a str,
    /// The entities they name; empty where the reading knows none.
    pub entities: Vec<&'a Entity>,
}

/// A link of a chain, from whoever asserts to the outlet.
pub struct Link<'a> {
    /// `origin`, `via` or `outlet`.
    pub role: &'static str,
    /// The words that name it; none for a hidden origin and for the outlet of the article itself.
    pub named: Option<Party<'a>>,
    /// What to call it: the name of its entity, else its words, else the outlet; none where hidden or not stated.
    pub label: Option<&'a str>,
    /// The same for the same thing in every article; none where there is no label.
    pub key: Option<String>,
}

/// Where a claim places its event: the most precise of its places that the lexicon can put on a map.
#[derive(Clone, Copy)]
pub struct Point<'a> {
    /// The words.
    pub words: &'a str,
    /// The place.
    pub entity: &'a Entity,
    /// Decimal degrees, WGS 84, within ±90.
    pub latitude: f64,
    /// Decimal degrees, WGS 84, within ±180.
    pub longitude: f64,
    /// The lexicon's level.
    pub level: &'a str,
    /// UCDP's `where_prec`.
    pub precision: u8,
}

/// Who asserts a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Somebody the text names.
    Named,
    /// Somebody the text hides («ذكرت مصادر»).
    Hidden,
    /// The outlet in its own voice.
    Outlet,
}

impl Origin {
    /// The code used in exports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Hidden => "hidden",
            Self::Outlet => "outlet",
        }
    }
}

/// An event as said by its chain.
pub struct Claim<'a> {
    /// Stable identifier: 32 hexadecimal digits of a hash of document id, trigger and type.
    pub id: String,
    /// The article.
    pub document: &'a Document,
    /// The event as read.
    pub event: &'a Event,
    /// The innermost statement that says it.
    pub statement: Option<&'a Statement>,
    /// The word that names the happening, as written.
    pub trigger: &'a str,
    /// Who does it.
    pub actors: Vec<Party<'a>>,
    /// To whom.
    pub recipients: Vec<Party<'a>>,
    /// Where.
    pub places: Vec<Party<'a>>,
    /// When, as written.
    pub times: Vec<Party<'a>>,
    /// Words of the event's things, in their order.
    pub things: Vec<&'a str>,
    /// The best place on the map.
    pub point: Option<Point<'a>>,
    /// Days the event may have happened on.
    pub days: Days,
    /// Days the statement may have been made on.
    pub said: Days,
    /// Origin, relays, outlet.
    pub chain: Vec<Link<'a>>,
}

/// A record opened for export: the text cut by code points, entities and statements found by span and identifier.
pub struct Article<'a> {
    document: &'a Document,
    reading: &'a Reading,
    text: Slicer<'a>,
    mentions: Mentions<'a>,
    statements: HashMap<&'a str, &'a Statement>,
}

impl<'a> Article<'a> {
    /// Opens a record. `whole` is `record.document.whole()`.
    pub fn new(record: Record<'a>, whole: &'a str) -> Self {
        let Record { document, reading } = record;
        Self {
            document,
            reading,
            text: Slicer::new(whole),
            mentions: Mentions::new(reading),
            statements: reading.statements.iter().map(|s| (s.id.as_str(), s)).collect(),
        }
    }

    /// The article itself.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// The language that was read, else the one declared.
    pub fn language(&self) -> Option<&'a str> {
        self.reading.language.as_deref().or(self.document.language.as_deref())
    }

    /// The events, in text order.
    pub fn events(&self) -> &'a [Event] {
        &self.reading.events
    }

    /// The words of a span.
    pub fn words(&self, span: Span) -> &'a str {
        self.text.get(span)
    }

    fn party(&self, span: Span) -> Party<'a> {
        Party { span, words: self.text.get(span), entities: self.mentions.of(span) }
    }

    fn parties(&self, spans: &[Span]) -> Vec<Party<'a>> {
        spans.iter().map(|s| self.party(*s)).collect()
    }

    /// All events as claims, in text order.
    pub fn claims(&self) -> Vec<(&'a Event, Claim<'a>)> {
        let mut seen: HashMap<(Span, EventType), usize> = HashMap::new();
        let number = |event: &'a Event| {
            let double = seen.entry((event.trigger, event.kind)).or_default();
            let claim = self.claim(event, *double);
            *double += 1;
            (event, claim)
        };
        self.events().iter().map(number).collect()
    }

    /// An event as a claim; `double` counts earlier events of this article with the same type and trigger.
    pub fn claim(&self, event: &'a Event, double: usize) -> Claim<'a> {
        let statement = event.statement.as_deref().and_then(|id| self.statements.get(id).copied());
        let places = self.parties(&event.place);
        let days = |when: Option<&When>| when.map_or_else(Days::default, |w| Days::of(&w.value));
        Claim {
            id: event_id(&self.document.id, event, double),
            document: self.document,
            event,
            statement,
            trigger: self.text.get(event.trigger),
            actors: self.parties(&event.actor),
            recipients: self.parties(&event.recipient),
            point: point(&places),
            places,
            times: self.parties(&event.time),
            things: event.things.iter().map(|t| self.text.get(t.span)).collect(),
            days: days(event.when.as_ref()),
            said: days(statement.and_then(|s| s.when.as_ref())),
            chain: self.chain(statement),
        }
    }

    fn chain(&self, statement: Option<&'a Statement>) -> Vec<Link<'a>> {
        let mut chain: Vec<Link<'a>> = statement
            .map_or(&[][..], |s| &s.chain)
            .iter()
            .map(|link| {
                let named = link.span.map(|s| self.party(s)).filter(|p| !p.words.trim().is_empty());
                let entity = named.as_ref().and_then(|p| p.entities.first().copied());
                let label = entity.map(|e| e.name.as_str()).or(named.as_ref().map(|p| p.words));
                let key = named.as_ref().map(key);
                let role = if link.role == ChainRole::Origin { "origin" } else { "via" };
                Link { role, named, label, key }
            })
            .collect();
        let outlet = self.document.outlet.as_deref().filter(|o| !o.trim().is_empty());
        chain.push(Link { role: "outlet", named: None, label: outlet, key: outlet.map(|o| format!("outlet:{o}")) });
        chain
    }
}

/// What a party is told apart by: the key of its first entity, else its words.
pub fn key(party: &Party<'_>) -> String {
    match party.entities.first() {
        Some(entity) => entity_key(entity),
        None => words_key(party.words),
    }
}

/// The key of an entity; by its name where the reading gave none.
pub fn entity_key(entity: &Entity) -> String {
    if entity.key.is_empty() { words_key(&entity.name) } else { entity.key.clone() }
}

fn words_key(words: &str) -> String {
    let mut out = String::from("words:");
    for (i, word) in words.split_whitespace().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// 32 hexadecimal digits that stay the same for the same event of the same document.
fn event_id(document: &str, event: &Event, double: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(document.as_bytes());
    let rest = format!("\0{}\0{}\0{}", event.trigger.start, event.trigger.end, event.kind.code());
    hash.update(rest.as_bytes());
    if double > 0 {
        hash.update(format!("\0{double}").as_bytes());
    }
    hex(&hash.finalize()[..16])
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

fn point<'a>(places: &[Party<'a>]) -> Option<Point<'a>> {
    let mut best: Option<Point<'a>> = None;
    for place in places {
        for entity in &place.entities {
            let Some(Location { latitude, longitude, level }) = on_map(entity) else { continue };
            let precision = where_prec(level);
            if best.is_none_or(|b| precision < b.precision) {
                let (latitude, longitude) = (degrees(*latitude), degrees(*longitude));
                best = Some(Point { words: place.words, entity, latitude, longitude, level, precision });
            }
        }
    }
    best
}

/// Where an entity lies, if that is a point on the globe.
pub fn on_map(entity: &Entity) -> Option<&Location> {
    entity.location.as_ref().filter(|l| l.latitude.abs() <= 90.0 && l.longitude.abs() <= 180.0)
}

/// The lexicon's decimals, not those of the nearest binary fraction.
pub fn degrees(value: f32) -> f64 {
    (f64::from(value) * 1e5).round() / 1e5
}

/// UCDP's `where_prec` of a level: 1 a point, 3 a second-order division, 4 a first-order division, 5 a region, line or
/// other area, 6 a country. What is unknown counts as an area.
pub fn where_prec(level: &str) -> u8 {
    match level {
        "city" | "town" | "village" | "camp" | "quarter" | "airport" | "base" | "port" | "facility" | "crossing" => 1,
        "adm2" => 3,
        "adm1" => 4,
        "country" => 6,
        _ => 5,
    }
}

/// UCDP's estimates of deaths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deaths {
    /// No fewer than.
    pub low: Option<u64>,
    /// The number given.
    pub best: Option<u64>,
    /// No more than.
    pub high: Option<u64>,
}

impl<'a> Claim<'a> {
    /// The CAMEO code, where one has exactly this meaning.
    pub fn cameo(&self) -> Option<&'static str> {
        codes::cameo(self.event.kind, self.event.mode.as_deref())
    }

    /// The conflict–cooperation scale.
    pub fn scale(&self) -> Option<f64> {
        codes::scale(self.event.kind, self.event.mode.as_deref())
    }

    /// Deaths the claim states as having happened, by the bound of its number; none where it denies, plans or asks.
    pub fn deaths(&self) -> Deaths {
        let said = self.event.status == Status::Actual && self.event.polarity == Polarity::Positive;
        let Some((harm, killed)) = self.event.harm.filter(|_| said).and_then(|h| Some((h, h.killed?))) else {
            return Deaths::default();
        };
        let n = Some(killed);
        match harm.bound {
            Bound::Exact => Deaths { low: n, best: n, high: n },
            Bound::About => Deaths { best: n, ..Deaths::default() },
            Bound::AtLeast | Bound::MoreThan => Deaths { low: n, ..Deaths::default() },
            Bound::UpTo => Deaths { high: n, ..Deaths::default() },
        }
    }

    /// Who asserts it.
    pub fn origin(&self) -> Origin {
        match self.chain.first() {
            Some(link) if link.role == "outlet" => Origin::Outlet,
            Some(Link { role: "origin", named: Some(_), .. }) => Origin::Named,
            _ => Origin::Hidden,
        }
    }

    /// The first link, where it names somebody: the origin, or the outlet in its own voice.
    pub fn asserted_by(&self) -> Option<&Link<'a>> {
        self.chain.first().filter(|l| l.label.is_some())
    }

    /// UCDP's `source_original`: the words that name whoever asserts it; none where hidden or where the outlet itself does.
    pub fn source_original(&self) -> Option<&'a str> {
        let first = self.chain.first().filter(|_| self.origin() == Origin::Named)?;
        first.named.as_ref().map(|p| p.words)
    }

    /// `published` where it begins with a day: the day alone.
    pub fn published_day(&self) -> Option<&'a str> {
        let day = self.document.published.as_deref()?.get(..10)?;
        Days::of(day).day().map(|_| day)
    }
}
