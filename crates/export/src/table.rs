//! Events as flat tables: one list of columns stands behind CSV, Parquet, the properties of `GeoJSON` and their schemas.

use std::borrow::Cow;

use jiff::civil::Date;
use model::{Entity, Span};

use crate::claim::{Claim, Party, degrees, entity_key, on_map, where_prec};
use crate::codes;

/// A value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Not stated.
    None,
    /// Words.
    Text(Cow<'a, str>),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Day(Date),
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8 text.
    Text,
    /// 64-bit integer.
    Int,
    /// 64-bit floating point number.
    Float,
    /// True or false.
    Bool,
    /// A calendar day: `YYYY-MM-DD`, in Parquet Arrow's `Date32`.
    Day,
}

/// A column: what it is called, what it holds, how it is got from row `n` of a claim.
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type; every column may be empty.
    pub kind: Kind,
    /// What it holds, for schemas and documentation.
    pub about: &'static str,
    /// Its value in a row.
    pub get: for<'a> fn(&'a Claim<'_>, usize) -> Value<'a>,
}

/// A table: none, one or several rows a claim.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// Number of rows of a claim.
    pub rows: fn(&Claim<'_>) -> usize,
}

fn text<'a>(value: impl Into<Cow<'a, str>>) -> Value<'a> {
    Value::Text(value.into())
}

fn some<'a>(value: Option<impl Into<Cow<'a, str>>>) -> Value<'a> {
    value.map_or(Value::None, text)
}

fn int<'a>(value: Option<impl TryInto<i64>>) -> Value<'a> {
    value.and_then(|v| v.try_into().ok()).map_or(Value::None, Value::Int)
}

fn float<'a>(value: Option<f64>) -> Value<'a> {
    value.filter(|v| v.is_finite()).map_or(Value::None, Value::Float)
}

fn day<'a>(value: Option<Date>) -> Value<'a> {
    value.map_or(Value::None, Value::Day)
}

/// Values one after the other, each once, as POLECAT writes several actors.
fn joined<'a, 'b>(values: impl Iterator<Item = Cow<'b, str>>) -> Value<'a> {
    let mut seen: Vec<Cow<'b, str>> = Vec::new();
    for v in values.filter(|v| !v.is_empty()) {
        if !seen.contains(&v) {
            seen.push(v);
        }
    }
    if seen.is_empty() { Value::None } else { text(seen.join("; ")) }
}

fn entities<'a, 'b>(parties: &'b [Party<'_>], get: impl Fn(&'b Entity) -> Option<Cow<'b, str>>) -> Value<'a> {
    joined(parties.iter().flat_map(|p| p.entities.iter().copied()).filter_map(get))
}

/// The name of each entity; the words where none is known.
fn names<'a>(parties: &[Party<'_>]) -> Value<'a> {
    joined(parties.iter().flat_map(|p| {
        let words = p.entities.is_empty().then_some(Cow::Borrowed(p.words));
        p.entities.iter().map(|e| Cow::Borrowed(e.name.as_str())).chain(words)
    }))
}

fn words<'a>(parties: &[Party<'_>]) -> Value<'a> {
    joined(parties.iter().map(|p| Cow::Borrowed(p.words)))
}

fn countries<'a>(parties: &[Party<'_>]) -> Value<'a> {
    entities(parties, |e| e.country.as_deref().map(Cow::Borrowed))
}

fn sectors<'a>(parties: &[Party<'_>]) -> Value<'a> {
    entities(parties, |e| e.sector.as_deref().map(Cow::Borrowed))
}

fn first_sector<'a>(parties: &'a [Party<'_>]) -> Value<'a> {
    some(parties.iter().flat_map(|p| &p.entities).find_map(|e| e.sector.as_deref()))
}

fn keys<'a>(parties: &[Party<'_>]) -> Value<'a> {
    entities(parties, |e| Some(entity_key(e).into()))
}

/// Spans as `start-end`, one after the other.
fn spans<'a>(spans: &[Span]) -> Value<'a> {
    joined(spans.iter().map(|s| format!("{}-{}", s.start, s.end).into()))
}

/// The chain for the eye: origin first, `?` for a hidden one.
fn chain<'a>(claim: &Claim<'_>) -> Value<'a> {
    let links: Vec<&str> = claim
        .chain
        .iter()
        .filter(|l| l.role != "outlet" || l.label.is_some())
        .map(|l| l.label.unwrap_or("?"))
        .collect();
    if links.is_empty() { Value::None } else { text(links.join(" > ")) }
}

macro_rules! columns {
    ($($name:ident: $kind:ident, $about:literal, $get:expr;)*) => {
        &[$(Column { name: stringify!($name), kind: Kind::$kind, about: $about, get: $get }),*]
    };
}

/// The events, one row each.
pub static EVENTS: Table = Table {
    name: "events",
    about: "one row a claimed event",
    rows: |_| 1,
    columns: columns! {
        event_id: Text, "stable identifier: 32 hexadecimal digits of SHA-256 over document id, trigger and type", |c, _| text(&*c.id);
        document_id: Text, "the document's id, as it came", |c, _| text(&*c.document.id);
        event: Text, "identifier within the reading, as `isnad read` prints it", |c, _| text(&*c.event.id);
        event_type: Text, "PLOVER event type", |c, _| text(c.event.kind.code());
        event_mode: Text, "PLOVER mode; `territory` is ours", |c, _| some(c.event.mode.as_deref());
        quad_code: Int, "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict", |c, _| Value::Int(codes::quad(c.event.kind).into());
        cameo_code: Text, "CAMEO code, where exactly one has this meaning", |c, _| some(c.cameo());
        event_scale: Float, "conflict-cooperation scale of the type and mode, -10 to +10; a scale, not a measure of what happened", |c, _| float(c.scale());
        status: Text, "how the text holds it: actual, planned, possible, wanted, conditional, question", |c, _| text(c.event.status.code());
        polarity: Text, "positive: said to happen; negative: said not to", |c, _| text(c.event.polarity.code());
        actor_name: Text, "who does it: names of the entities, else the words; several separated by `; `", |c, _| names(&c.actors);
        actor_country: Text, "ISO 3166-1 alpha-3 (INT for international bodies)", |c, _| countries(&c.actors);
        primary_actor_sector: Text, "PLOVER sector of the first actor that has one", |c, _| first_sector(&c.actors);
        actor_sectors: Text, "PLOVER sectors of all actors", |c, _| sectors(&c.actors);
        actor_name_raw: Text, "the words", |c, _| words(&c.actors);
        actor_key: Text, "the same for the same actor in every article", |c, _| keys(&c.actors);
        actor_spans: Text, "where the words stand: start-end in code points of title, newline, text", |c, _| spans(&c.event.actor);
        recipient_name: Text, "to whom: as actor_name", |c, _| names(&c.recipients);
        recipient_country: Text, "as actor_country", |c, _| countries(&c.recipients);
        primary_recipient_sector: Text, "as primary_actor_sector", |c, _| first_sector(&c.recipients);
        recipient_sectors: Text, "as actor_sectors", |c, _| sectors(&c.recipients);
        recipient_name_raw: Text, "the words", |c, _| words(&c.recipients);
        recipient_key: Text, "as actor_key", |c, _| keys(&c.recipients);
        recipient_spans: Text, "as actor_spans", |c, _| spans(&c.event.recipient);
        placename: Text, "the most precise stated place that has coordinates", |c, _| some(c.point.map(|p| p.entity.name.as_str()));
        country: Text, "its country, ISO 3166-1 alpha-3", |c, _| some(c.point.and_then(|p| p.entity.country.as_deref()));
        latitude: Float, "decimal degrees, WGS 84", |c, _| float(c.point.map(|p| p.latitude));
        longitude: Float, "decimal degrees, WGS 84", |c, _| float(c.point.map(|p| p.longitude));
        feature_type: Text, "what the point is the middle of: city, base, adm1, country, ...", |c, _| some(c.point.map(|p| p.level));
        where_prec: Int, "UCDP: 1 a point, 3 second-order division, 4 first-order division, 5 region or line, 6 country", |c, _| int(c.point.map(|p| p.precision));
        raw_placename: Text, "the words of all stated places", |c, _| words(&c.places);
        place_spans: Text, "as actor_spans", |c, _| spans(&c.event.place);
        event_date: Day, "the day of the event, YYYY-MM-DD, where the text states one day; never filled from the publication date", |c, _| day(c.days.day());
        event_date_edtf: Text, "the stated time in EDTF: partial, interval or with unknown digits", |c, _| some(c.event.when.as_ref().map(|w| &*w.value));
        event_date_raw: Text, "the words", |c, _| words(&c.times);
        date_start: Day, "UCDP: first day the stated time may mean", |c, _| day(c.days.start);
        date_end: Day, "UCDP: last day", |c, _| day(c.days.end);
        date_prec: Int, "UCDP: 1 a day, 2 two to six days, 3 a week, 4 up to a month, 5 up to a year", |c, _| int(c.days.precision());
        time_spans: Text, "as actor_spans", |c, _| spans(&c.event.time);
        killed: Int, "number killed, as stated", |c, _| int(c.event.harm.and_then(|h| h.killed));
        injured: Int, "number injured, as stated", |c, _| int(c.event.harm.and_then(|h| h.injured));
        harm_bound: Text, "how the numbers bound the counts: exact, about, at_least, more_than, up_to", |c, _| some(c.event.harm.map(|h| h.bound.code()));
        low: Int, "UCDP: deaths, no fewer than; only of events claimed as actual and positive", |c, _| int(c.deaths().low);
        best: Int, "UCDP: deaths, the number given exactly or about", |c, _| int(c.deaths().best);
        high: Int, "UCDP: deaths, no more than", |c, _| int(c.deaths().high);
        things_raw: Text, "goods, people or weapons, the words", |c, _| joined(c.things.iter().map(|t| Cow::Borrowed(*t)));
        source_original: Text, "UCDP: who asserts it, the words; empty where hidden and where the outlet itself does", |c, _| some(c.source_original());
        origin: Text, "named, hidden, or outlet (its own voice)", |c, _| text(c.origin().code());
        origin_name: Text, "name of the origin, or of the outlet in its own voice", |c, _| some(c.asserted_by().and_then(|l| l.label));
        origin_key: Text, "the same for the same origin in every article", |c, _| some(c.asserted_by().and_then(|l| l.key.as_deref()));
        chain: Text, "origin > relays > outlet; ? where hidden", |c, _| chain(c);
        chain_length: Int, "number of links, the outlet counted", |c, _| int(Some(c.chain.len()));
        number_of_sources: Int, "UCDP: articles behind the row; 1 while each row is one article's claim", |_, _| Value::Int(1);
        statement: Text, "identifier of the innermost statement within the reading", |c, _| some(c.statement.map(|s| &*s.id));
        stance: Text, "how the saying takes it: neutral, assert, reveal, deny, accuse, doubt, urge", |c, _| some(c.statement.map(|s| s.stance.code()));
        direct: Bool, "whether it stands in quotation marks", |c, _| c.statement.map_or(Value::None, |s| Value::Bool(s.direct));
        statement_date_edtf: Text, "when it was said, EDTF", |c, _| some(c.statement.and_then(|s| s.when.as_ref()).map(|w| &*w.value));
        statement_date_start: Day, "first day that may mean", |c, _| day(c.said.start);
        statement_date_end: Day, "last day", |c, _| day(c.said.end);
        trigger_raw: Text, "the word that names the happening", |c, _| text(c.trigger);
        trigger_span: Text, "as actor_spans", |c, _| spans(&[c.event.trigger]);
        source: Text, "the outlet", |c, _| some(c.document.outlet.as_deref());
        publication_date: Text, "as the source gives it, ISO 8601", |c, _| some(c.document.published.as_deref());
        headline: Text, "title of the article", |c, _| some(c.document.title.as_deref());
        author: Text, "who signed it", |c, _| some(c.document.author.as_deref());
        url: Text, "canonical address", |c, _| some(c.document.url.as_deref());
    },
};

/// What a row of the participants is about.
struct Seat<'a, 'b> {
    role: &'static str,
    party: &'b Party<'a>,
    entity: Option<&'a Entity>,
}

fn seats(claim: &Claim<'_>) -> usize {
    [&claim.actors, &claim.recipients, &claim.places, &claim.times]
        .iter()
        .flat_map(|p| p.iter())
        .map(|p| p.entities.len().max(1))
        .sum()
}

fn seat<'a, 'b>(claim: &'b Claim<'a>, n: usize) -> Seat<'a, 'b> {
    let mut left = n;
    let lists =
        [("actor", &claim.actors), ("recipient", &claim.recipients), ("place", &claim.places), ("time", &claim.times)];
    for (role, party) in lists.into_iter().flat_map(|(role, list)| list.iter().map(move |p| (role, p))) {
        let rows = party.entities.len().max(1);
        if left < rows {
            return Seat { role, party, entity: party.entities.get(left).copied() };
        }
        left -= rows;
    }
    unreachable!("rows are asked for within their number")
}

/// Words and whom they name, one row an entity.
pub static PARTICIPANTS: Table = Table {
    name: "participants",
    about: "actors, recipients, places and times of events: one row for each entity that words name, one for words that name none",
    rows: seats,
    columns: columns! {
        event_id: Text, "the event", |c, _| text(&*c.id);
        role: Text, "actor, recipient, place or time", |c, n| text(seat(c, n).role);
        span_start: Int, "first code point of the words", |c, n| int(Some(seat(c, n).party.span.start));
        span_end: Int, "one past the last", |c, n| int(Some(seat(c, n).party.span.end));
        words: Text, "as written", |c, n| text(seat(c, n).party.words);
        name: Text, "name of the entity", |c, n| some(seat(c, n).entity.map(|e| e.name.as_str()));
        key: Text, "the same for the same entity in every article", |c, n| some(seat(c, n).entity.map(entity_key));
        entity_type: Text, "PER, ORG, MIL, MED, GPE, LOC, FAC or EQP", |c, n| some(seat(c, n).entity.map(|e| e.kind.code()));
        country: Text, "ISO 3166-1 alpha-3", |c, n| some(seat(c, n).entity.and_then(|e| e.country.as_deref()));
        sector: Text, "PLOVER sector", |c, n| some(seat(c, n).entity.and_then(|e| e.sector.as_deref()));
        latitude: Float, "decimal degrees, WGS 84", |c, n| float(seat(c, n).entity.and_then(on_map).map(|l| degrees(l.latitude)));
        longitude: Float, "decimal degrees, WGS 84", |c, n| float(seat(c, n).entity.and_then(on_map).map(|l| degrees(l.longitude)));
        level: Text, "what the point is the middle of", |c, n| some(seat(c, n).entity.and_then(on_map).map(|l| l.level.as_str()));
        where_prec: Int, "UCDP's precision of the point", |c, n| int(seat(c, n).entity.and_then(on_map).map(|l| where_prec(&l.level)));
    },
};

/// Goods, people, weapons.
pub static THINGS: Table = Table {
    name: "things",
    about: "goods, people or weapons of events, with counts and bounds",
    rows: |c| c.event.things.len(),
    columns: columns! {
        event_id: Text, "the event", |c, _| text(&*c.id);
        span_start: Int, "first code point of the words", |c, n| int(Some(c.event.things[n].span.start));
        span_end: Int, "one past the last", |c, n| int(Some(c.event.things[n].span.end));
        words: Text, "as written", |c, n| text(c.things[n]);
        what: Text, "English class, or as written", |c, n| text(&*c.event.things[n].what);
        class: Text, "weapon class", |c, n| some(c.event.things[n].class.as_deref());
        family: Text, "weapon family", |c, n| some(c.event.things[n].family.as_deref());
        model: Text, "weapon model", |c, n| some(c.event.things[n].model.as_deref());
        count: Float, "how many, as stated", |c, n| float(c.event.things[n].count);
        bound: Text, "how the number bounds the count; empty without a number", |c, n| some(c.event.things[n].count.map(|_| c.event.things[n].bound.code()));
        part: Bool, "whether it is a part of another thing of the same event", |c, n| Value::Bool(c.event.things[n].part);
    },
};

/// Who said so, through whom.
pub static CHAIN: Table = Table {
    name: "chain",
    about: "links of the chain behind an event, in the order the words travelled",
    rows: |c| c.chain.len(),
    columns: columns! {
        event_id: Text, "the event", |c, _| text(&*c.id);
        position: Int, "0 is the first", |_, n| int(Some(n));
        role: Text, "origin, via, or outlet (the article's own)", |c, n| text(c.chain[n].role);
        span_start: Int, "first code point of the words", |c, n| int(c.chain[n].named.as_ref().map(|p| p.span.start));
        span_end: Int, "one past the last", |c, n| int(c.chain[n].named.as_ref().map(|p| p.span.end));
        words: Text, "as written; empty where the origin is hidden", |c, n| some(c.chain[n].named.as_ref().map(|p| p.words));
        name: Text, "name of the entity, else the words; the outlet's name", |c, n| some(c.chain[n].label);
        key: Text, "the same for the same link in every article", |c, n| some(c.chain[n].key.as_deref());
        country: Text, "ISO 3166-1 alpha-3", |c, n| some(link(c, n).and_then(|e| e.country.as_deref()));
        sector: Text, "PLOVER sector", |c, n| some(link(c, n).and_then(|e| e.sector.as_deref()));
    },
};

fn link<'a>(claim: &Claim<'a>, n: usize) -> Option<&'a Entity> {
    claim.chain[n].named.as_ref()?.entities.first().copied()
}

/// All tables; the first has one row an event.
pub static TABLES: [&Table; 4] = [&EVENTS, &PARTICIPANTS, &THINGS, &CHAIN];

/// The JSON Schema of a row as an object.
pub fn json_schema(table: &Table) -> serde_json::Value {
    let properties: serde_json::Map<String, serde_json::Value> = table
        .columns
        .iter()
        .map(|c| {
            let kind = match c.kind {
                Kind::Text | Kind::Day => "string",
                Kind::Int => "integer",
                Kind::Float => "number",
                Kind::Bool => "boolean",
            };
            (c.name.to_string(), serde_json::json!({ "type": [kind, "null"], "description": c.about }))
        })
        .collect();
    let required: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
    serde_json::json!({
        "title": table.name, "description": table.about, "type": "object",
        "properties": properties, "required": required, "additionalProperties": false,
    })
}

impl From<Value<'_>> for serde_json::Value {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::None => Self::Null,
            Value::Text(t) => t.into_owned().into(),
            Value::Int(i) => i.into(),
            Value::Float(f) => f.into(),
            Value::Bool(b) => b.into(),
            Value::Day(d) => d.to_string().into(),
        }
    }
}
