//! A ledger open for questions.

use std::collections::HashMap;

use model::{Document, Reading};
use reader::Reader;

use crate::backend::{self, Access, Backend};
use crate::error::{LedgerError, Result};
use crate::filter::{Conditions, Filter, first_of, list, outlets, sighted_in};
use crate::flat::{Words, role};
use crate::identity::{DocumentId, canonical_url};
use crate::location::Location;
use crate::packing::Kind;
use crate::query::Search;
use crate::records::{
    ActorRow, EventRow, Hit, Page, Record, Sighting, Source, StatementRow, StoredDocument, TransferRow,
};
use crate::schema::{self, WITHIN};
use crate::shelf::{Cache, Shelf};
use crate::value::{Row, Value};
use crate::write::Version;

/// How much of an answer is wanted.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Most rows.
    pub limit: usize,
    /// Where the page before ended ([`Page::next`]); none is the beginning.
    pub cursor: Option<String>,
}

impl Default for Paging {
    fn default() -> Self {
        Self { limit: 50, cursor: None }
    }
}

/// Most rows of one page.
const MOST: usize = 10_000;

impl Paging {
    fn limit(&self) -> usize {
        self.limit.clamp(1, MOST)
    }

    /// The number in a cursor of this kind of question; 0 at the beginning.
    fn after(&self, kind: char) -> Result<i64> {
        let Some(cursor) = &self.cursor else { return Ok(0) };
        cursor.strip_prefix(kind).and_then(|n| i64::from_str_radix(n, 16).ok()).filter(|n| *n >= 0).ok_or_else(|| {
            LedgerError::Question(format!(
                "{cursor:?} is no cursor of this question\n  give the one that the page before ended with, and the same filters"
            ))
        })
    }
}

fn cursor(kind: char, n: i64) -> String {
    format!("{kind}{n:x}")
}

/// A document's number, hash and packed text.
pub(crate) type Packed = (i64, Vec<u8>, Vec<u8>);

/// What an identifier names.
#[derive(Debug)]
pub enum Shown {
    /// A document, by its id, the beginning of it, or the id it came with.
    Document(Box<Full>),
    /// A claim of an event: `<document>/ev3`.
    Event(Box<EventRow>),
    /// A statement: `<document>/st1`.
    Statement(Box<StatementRow>),
    /// An entity, by its key.
    Actor(Box<ActorRow>),
    /// Several documents came with this id, or have ids that begin like this.
    Several(Vec<DocumentId>),
}

/// All that is kept of a document.
#[derive(Debug, serde::Serialize)]
pub struct Full {
    /// Document, reading, version.
    #[serde(flatten)]
    pub record: Record,
    /// Earlier readings.
    pub history: Vec<Earlier>,
    /// All documents that were seen at one of its addresses, itself included, by first sight.
    pub versions: Vec<DocumentVersion>,
}

/// An earlier reading of a document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Earlier {
    /// What made it.
    pub version: Version,
    /// When it was made (Unix time, seconds).
    pub made: i64,
    /// When another took its place.
    pub replaced: i64,
    /// Number of its events.
    pub events: i64,
    /// Number of its statements.
    pub statements: i64,
}

/// A document that was seen at an address.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DocumentVersion {
    /// The address.
    pub url: String,
    /// The document.
    pub id: DocumentId,
    /// First seen there (Unix time, seconds).
    pub first_seen: i64,
}

/// Counts of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Documents.
    pub documents: i64,
    /// Sightings of them.
    pub sightings: i64,
    /// Claims of events.
    pub events: i64,
    /// Statements.
    pub statements: i64,
    /// Entities.
    pub entities: i64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// A ledger open for questions; any number may be open at once, also beside a [`crate::Writer`].
pub struct Ledger {
    db: Box<dyn Backend>,
    location: Location,
}

impl Ledger {
    /// Opens a ledger that is there.
    pub fn open(location: &Location) -> Result<Self> {
        let mut db = backend::connect(location, Access::Read)?;
        schema::prepare(&mut *db, Access::Read)?;
        Ok(Self { db, location: location.clone() })
    }

    pub(crate) fn over(db: Box<dyn Backend>, location: Location) -> Self {
        Self { db, location }
    }

    pub(crate) fn db(&mut self) -> &mut dyn Backend {
        &mut *self.db
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Whether a document is there.
    pub fn holds(&mut self, id: DocumentId) -> Result<bool> {
        Ok(self.number(id)?.is_some())
    }

    pub(crate) fn number(&mut self, id: DocumentId) -> Result<Option<i64>> {
        let rows = self.db.query("SELECT id FROM document WHERE hash = ?1", &[Value::Blob(id.bytes().to_vec())])?;
        Ok(rows.into_iter().next().and_then(|mut r| r.int()))
    }

    /// Numbers of documents that are new, or read anew, or seen in another outlet, since the shelf was written last: those
    /// after a number, in the order of adding.
    pub fn untraced(&mut self, after: i64, limit: usize) -> Result<Vec<i64>> {
        let sql = format!("SELECT document FROM untraced WHERE document > ?1 ORDER BY document LIMIT {limit}");
        Ok(self.db.query(&sql, &[after.into()])?.into_iter().filter_map(|mut r| r.int()).collect())
    }

    /// How many those are.
    pub fn count_untraced(&mut self) -> Result<i64> {
        let rows = self.db.query("SELECT count(*) FROM untraced", &[])?;
        Ok(rows.into_iter().next().and_then(|mut r| r.int()).unwrap_or(0))
    }

    /// The version that the shelf was begun with; none where it never was.
    pub fn shelf_version(&mut self) -> Result<Option<i64>> {
        let rows = self.db.query("SELECT value FROM isnad WHERE name = 'shelf'", &[])?;
        Ok(rows.into_iter().next().and_then(|mut r| r.int()))
    }

    /// What is known across articles, to be asked. The cache holds what was read until the next question.
    pub fn shelf<'a>(&'a mut self, cache: &'a mut Cache) -> Shelf<'a> {
        Shelf::new(&mut *self.db, cache)
    }

    /// Numbers of the events that a filter lets through, in the order of adding: of their document, and their place in its
    /// reading from 0. `after` is the last pair of the page before.
    #[allow(clippy::type_complexity)] // document and place of each event, and remarks on the filter
    pub fn event_numbers(
        &mut self,
        filter: &Filter,
        after: Option<(i64, u32)>,
        limit: usize,
    ) -> Result<(Vec<(i64, u32)>, Vec<String>)> {
        let mut c = Conditions::default();
        filter.events(&mut *self.db, &mut c)?;
        let after = after.map_or(0, |(n, i)| first_of(n) + i64::from(i));
        let sql = format!(
            "SELECT e.id FROM event e JOIN document d ON d.id = e.document WHERE e.id > {after} AND {} \
             ORDER BY e.id LIMIT {limit}",
            c.sql()
        );
        let rows = self.db.query(&sql, &c.values)?;
        let pair = |n: i64| (n >> WITHIN, (n - first_of(n >> WITHIN)) as u32);
        Ok((rows.into_iter().filter_map(|mut r| r.int().map(pair)).collect(), c.notes))
    }

    /// Numbers of the documents that a filter lets through, in the order of adding: those after a number. See
    /// [`Ledger::record_page`].
    pub fn document_numbers(&mut self, filter: &Filter, after: i64, limit: usize) -> Result<(Vec<i64>, Vec<String>)> {
        let c = self.of_documents(filter)?;
        let sql =
            format!("SELECT d.id FROM document d WHERE d.id > {after} AND {} ORDER BY d.id LIMIT {limit}", c.sql());
        let rows = self.db.query(&sql, &c.values)?;
        Ok((rows.into_iter().filter_map(|mut r| r.int()).collect(), c.notes))
    }

    /// The number of a document that [`Ledger::show`] would show for this name; none where there is not just one.
    pub fn number_called(&mut self, name: &str) -> Result<Option<i64>> {
        Ok(match self.documents_called(name)?[..] {
            [one] => Some(one),
            _ => None,
        })
    }

    /// Counts everything.
    pub fn counts(&mut self) -> Result<Counts> {
        let mut count = |table: &str| -> Result<i64> {
            let rows = self.db.query(&format!("SELECT count(*) FROM {table}"), &[])?;
            Ok(rows.into_iter().next().and_then(|mut r| r.int()).unwrap_or(0))
        };
        Ok(Counts {
            documents: count("document")?,
            sightings: count("sighting")?,
            events: count("event")?,
            statements: count("statement")?,
            entities: count("entity")?,
            bytes: self.db.size()?,
        })
    }

    /// Claims of events, in the order in which their documents were added.
    pub fn events(&mut self, filter: &Filter, paging: &Paging) -> Result<Page<EventRow>> {
        let mut c = Conditions::default();
        filter.events(&mut *self.db, &mut c)?;
        let (numbers, next) = self.numbers_of("event", 'e', &c, paging)?;
        let rows = self.rows(&numbers, &mut c.notes, |source, words, i| {
            source.reading.events.get(i).map(|e| source.event(words, e))
        })?;
        Ok(Page { rows, next, notes: c.notes })
    }

    /// Claims that something was given, sent or sold.
    pub fn transfers(&mut self, filter: &Filter, paging: &Paging) -> Result<Page<TransferRow>> {
        let filter = Filter { types: vec![model::EventType::Aid], with_things: true, ..filter.clone() };
        let page = self.events(&filter, paging)?;
        Ok(Page { rows: page.rows.into_iter().map(TransferRow::from).collect(), next: page.next, notes: page.notes })
    }

    /// Statements. What the filter asks of events holds for one of the events that the statement claims.
    pub fn statements(&mut self, filter: &Filter, paging: &Paging) -> Result<Page<StatementRow>> {
        let mut c = Conditions::default();
        if filter.narrows_events() {
            filter.events(&mut *self.db, &mut c)?;
            let claims = format!(
                "s.id IN (SELECT e.statement FROM event e JOIN document d ON d.id = e.document WHERE {})",
                c.sql()
            );
            c = c.restart();
            c.add(claims);
        } else {
            filter.documents(&mut *self.db, &mut c)?;
            filter.published(&mut c)?;
            filter.sayings("s.id", &mut *self.db, &mut c)?;
        }
        let (numbers, next) = self.numbers_of("statement", 's', &c, paging)?;
        let rows = self.rows(&numbers, &mut c.notes, |source, words, i| {
            source.reading.statements.get(i).map(|s| source.statement(words, s))
        })?;
        Ok(Page { rows, next, notes: c.notes })
    }

    /// A page of the numbers of a table whose rows are of documents (`d`); `letter` names the table in the conditions and
    /// its kind in cursors.
    fn numbers_of(
        &mut self,
        table: &str,
        letter: char,
        c: &Conditions,
        paging: &Paging,
    ) -> Result<(Vec<i64>, Option<String>)> {
        let after = paging.after(letter)?;
        let limit = paging.limit();
        let sql = format!(
            "SELECT {letter}.id FROM {table} {letter} JOIN document d ON d.id = {letter}.document \
             WHERE {letter}.id > {after} AND {} ORDER BY {letter}.id LIMIT {}",
            c.sql(),
            limit + 1
        );
        self.numbers(&sql, &c.values, limit, letter)
    }

    fn numbers(&mut self, sql: &str, values: &[Value], limit: usize, kind: char) -> Result<(Vec<i64>, Option<String>)> {
        let mut numbers: Vec<i64> = self.db.query(sql, values)?.into_iter().filter_map(|mut r| r.int()).collect();
        let more = numbers.len() > limit;
        numbers.truncate(limit);
        let next = numbers.last().filter(|_| more).map(|n| cursor(kind, *n));
        Ok((numbers, next))
    }

    /// Makes rows of numbers of events or statements, which come in the order of their documents. One document is held
    /// at a time; a damaged one is told in the notes, and the others answer.
    fn rows<T>(
        &mut self,
        numbers: &[i64],
        notes: &mut Vec<String>,
        mut make: impl FnMut(&Source, &Words<'_>, usize) -> Option<T>,
    ) -> Result<Vec<T>> {
        let mut out = Vec::with_capacity(numbers.len());
        let mut rest = numbers;
        while let Some(first) = rest.first() {
            let document = first >> WITHIN;
            let end = rest.iter().position(|n| n >> WITHIN != document).unwrap_or(rest.len());
            let (these, after) = rest.split_at(end);
            rest = after;
            let source = match self.source(document) {
                Ok(source) => source,
                Err(e @ LedgerError::Damaged { .. }) => {
                    notes.push(format!("{} rows are left out: {e}", these.len()));
                    continue;
                }
                Err(e) => return Err(e),
            };
            let whole = source.document.whole();
            let words = Words::new(&whole);
            for n in these {
                let i = (n - first_of(document)) as usize;
                match make(&source, &words, i) {
                    Some(row) => out.push(row),
                    None => notes.push(format!(
                        "a row is left out: document {} has no record {} in its reading; `isnad reread --all` mends it",
                        source.id,
                        i + 1
                    )),
                }
            }
        }
        Ok(out)
    }

    fn source(&mut self, document: i64) -> Result<Source> {
        let sql =
            "SELECT d.hash, d.record, r.record FROM document d JOIN reading r ON r.document = d.id WHERE d.id = ?1";
        let row = self.db.query(sql, &[document.into()])?.into_iter().next();
        let damaged = |why: String| LedgerError::Damaged { place: self.db.place().into(), why };
        let mut row = row.ok_or_else(|| damaged(format!("document number {document} has no reading")))?;
        let id = row.blob().and_then(|b| DocumentId::from_bytes(&b));
        let id = id.ok_or_else(|| damaged(format!("document number {document} has no id")))?;
        let records = (row.blob().unwrap_or_default(), row.blob().unwrap_or_default());
        let text: Document = Kind::Document.unpack(&records.0).map_err(|e| damaged(format!("the text of {id} {e}")))?;
        let reading: Reading =
            Kind::Reading.unpack(&records.1).map_err(|e| damaged(format!("the reading of {id} {e}")))?;
        Ok(Source::new(id, text, reading))
    }

    /// Entities that take part in the claims asked for, the most active first.
    /// `name` narrows them to those called so.
    pub fn actors(&mut self, filter: &Filter, name: Option<&str>, paging: &Paging) -> Result<Page<ActorRow>> {
        let mut c = Conditions::default();
        filter.events(&mut *self.db, &mut c)?;
        if let Some(name) = name {
            let ids = crate::filter::entities(&mut *self.db, &[name.to_string()], "name", &mut c.notes)?;
            c.add(format!("p.entity IN ({})", list(&ids)));
        }
        let skip = paging.after('a')?;
        let limit = paging.limit();
        let sql = format!(
            "SELECT p.entity, CAST(sum(CASE WHEN p.role = 'a' THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE WHEN p.role = 'r' THEN 1 ELSE 0 END) AS BIGINT) \
             FROM participant p JOIN event e ON e.id = p.event JOIN document d ON d.id = e.document \
             WHERE p.role <> 'p' AND {} GROUP BY p.entity ORDER BY count(*) DESC, p.entity LIMIT {} OFFSET {skip}",
            c.sql(),
            limit + 1
        );
        let found: Vec<(i64, i64, i64)> = (self.db.query(&sql, &c.values)?.into_iter())
            .filter_map(|mut r| Some((r.int()?, r.int()?, r.int()?)))
            .collect();
        let next = (found.len() > limit).then(|| cursor('a', skip + limit as i64));
        let mut rows = Vec::with_capacity(found.len().min(limit));
        for (entity, actor, recipient) in found.into_iter().take(limit) {
            rows.extend(self.actor(entity, actor, recipient)?);
        }
        Ok(Page { rows, next, notes: c.notes })
    }

    fn actor(&mut self, entity: i64, as_actor: i64, as_recipient: i64) -> Result<Option<ActorRow>> {
        let sql = "SELECT key, name, kind, country, sector, \
             (SELECT count(*) FROM named n WHERE n.entity = entity.id), \
             (SELECT count(*) FROM link l WHERE l.entity = entity.id AND l.role = 'o') \
             FROM entity WHERE id = ?1";
        let Some(mut r) = self.db.query(sql, &[entity.into()])?.into_iter().next() else { return Ok(None) };
        let aliases = self.db.query(
            "SELECT written, count FROM alias WHERE entity = ?1 ORDER BY count DESC, written LIMIT 20",
            &[entity.into()],
        )?;
        Ok(Some(ActorRow {
            key: r.text().unwrap_or_default(),
            name: r.text().unwrap_or_default(),
            kind: r.text().unwrap_or_default(),
            country: r.text(),
            sector: r.text(),
            documents: r.int().unwrap_or(0),
            as_origin: r.int().unwrap_or(0),
            as_actor,
            as_recipient,
            aliases: aliases.into_iter().filter_map(|mut r| Some((r.text()?, r.int()?))).collect(),
        }))
    }

    /// Documents that hold what a search asks for, the best first. The filter's outlets and dates (of publication) count,
    /// and what it asks of events holds for one of the document's events.
    pub fn search(&mut self, text: &str, filter: &Filter, paging: &Paging, reader: &mut Reader) -> Result<Page<Hit>> {
        let asked_for = Search::parse(text, reader)?;
        let Search { words, outlets: wanted, not_outlets } = &asked_for;
        let asked = self.db.search(words);
        let mut c = Conditions::after(vec![Value::text(&asked.expression)]);
        c.add(asked.condition);
        let events = filter.narrows_events() || !filter.origins.is_empty() || !filter.vias.is_empty();
        if events || !filter.stances.is_empty() {
            c = c.restart();
            filter.events(&mut *self.db, &mut c)?;
            let claims = format!(
                "d.id IN (SELECT e.document FROM event e JOIN document d ON d.id = e.document WHERE {})",
                c.sql()
            );
            c = c.restart();
            c.add(asked.condition);
            c.add(claims);
        } else {
            filter.documents(&mut *self.db, &mut c)?;
            filter.published(&mut c)?;
        }
        if !wanted.is_empty() {
            let ids = outlets(&mut *self.db, wanted, &mut c.notes)?;
            c.add(sighted_in(&ids));
        }
        if !not_outlets.is_empty() {
            let ids = outlets(&mut *self.db, not_outlets, &mut c.notes)?;
            c.add(format!("NOT {}", sighted_in(&ids)));
        }
        let skip = paging.after('q')?;
        let limit = paging.limit();
        let key = self.db.dialect().words_key;
        // documents are looked into only where something is asked of them: hits may be many
        let (id, join) = if c.len() > 1 {
            ("d.id".to_string(), format!("JOIN document d ON d.id = words.{key}"))
        } else {
            (format!("words.{key}"), String::new())
        };
        let sql = format!(
            "SELECT {id}, {} AS score FROM words {join} WHERE {} ORDER BY score, {id} LIMIT {} OFFSET {skip}",
            asked.rank,
            c.sql(),
            limit + 1
        );
        let found: Vec<(i64, f64)> =
            (self.db.query(&sql, &c.values)?.into_iter()).filter_map(|mut r| Some((r.int()?, r.real()?))).collect();
        let next = (found.len() > limit).then(|| cursor('q', skip + limit as i64));
        let mut rows = Vec::with_capacity(found.len().min(limit));
        for (number, score) in found.into_iter().take(limit) {
            rows.extend(self.hit(&asked_for, number, -score, reader)?);
        }
        Ok(Page { rows, next, notes: c.notes })
    }

    /// What an identifier names: a document's id or the beginning of it (6 digits or more), the id that a document came
    /// with, `<document>/ev3`, `<document>/st1`, or an entity's key.
    pub fn show(&mut self, name: &str) -> Result<Option<Shown>> {
        let documents = self.documents_called(name)?;
        match documents[..] {
            [] => {}
            [one] => return Ok(Some(Shown::Document(Box::new(self.full(one)?)))),
            _ => return Ok(Some(Shown::Several(self.ids(&documents)?))),
        }
        if let Some((document, part)) = name.rsplit_once('/')
            && let [document] = self.documents_called(document)?[..]
        {
            let source = self.source(document)?;
            let whole = source.document.whole();
            let words = Words::new(&whole);
            if let Some(e) = source.reading.events.iter().find(|e| e.id == part) {
                return Ok(Some(Shown::Event(Box::new(source.event(&words, e)))));
            }
            if let Some(s) = source.reading.statements.iter().find(|s| s.id == part) {
                return Ok(Some(Shown::Statement(Box::new(source.statement(&words, s)))));
            }
        }
        let mut one = |sql: &str| -> Result<Option<i64>> {
            Ok(self.db.query(sql, &[Value::text(name)])?.into_iter().next().and_then(|mut r| r.int()))
        };
        if let Some(entity) = one("SELECT id FROM entity WHERE key = ?1")? {
            let mut count = |role: &str| -> Result<i64> {
                let sql = format!("SELECT count(*) FROM participant WHERE entity = {entity} AND role = '{role}'");
                Ok(self.db.query(&sql, &[])?.into_iter().next().and_then(|mut r| r.int()).unwrap_or(0))
            };
            let (actor, recipient) = (count(role::ACTOR)?, count(role::RECIPIENT)?);
            return Ok(self.actor(entity, actor, recipient)?.map(|a| Shown::Actor(Box::new(a))));
        }
        Ok(None)
    }

    fn documents_called(&mut self, name: &str) -> Result<Vec<i64>> {
        let hex = name.len() >= 6 && name.len() <= 32 && name.bytes().all(|b| b.is_ascii_hexdigit());
        let mut out = Vec::new();
        if hex {
            let low = name.to_ascii_lowercase();
            let bound = |fill: char| -> Option<Value> {
                let full: String = low.chars().chain(std::iter::repeat(fill)).take(32).collect();
                full.parse::<DocumentId>().ok().map(|d| Value::Blob(d.bytes().to_vec()))
            };
            if let (Some(from), Some(to)) = (bound('0'), bound('f')) {
                let rows =
                    self.db.query("SELECT id FROM document WHERE hash >= ?1 AND hash <= ?2 LIMIT 20", &[from, to])?;
                out.extend(rows.into_iter().filter_map(|mut r| r.int()));
            }
        }
        if out.is_empty() {
            let sql = "SELECT DISTINCT document FROM sighting WHERE source_id = ?1 ORDER BY document LIMIT 20";
            let rows = self.db.query(sql, &[Value::text(name)])?;
            out.extend(rows.into_iter().filter_map(|mut r| r.int()));
        }
        if out.is_empty() && name.contains("://") {
            let sql = "SELECT DISTINCT g.document FROM sighting g JOIN page p ON p.id = g.page WHERE p.url = ?1 \
                 ORDER BY g.document LIMIT 20";
            let rows = self.db.query(sql, &[Value::text(&canonical_url(name))])?;
            out.extend(rows.into_iter().filter_map(|mut r| r.int()));
        }
        Ok(out)
    }

    fn ids(&mut self, numbers: &[i64]) -> Result<Vec<DocumentId>> {
        let mut out = Vec::new();
        for n in numbers {
            let rows = self.db.query("SELECT hash FROM document WHERE id = ?1", &[(*n).into()])?;
            out.extend(rows.into_iter().next().and_then(|mut r| DocumentId::from_bytes(&r.blob()?)));
        }
        Ok(out)
    }

    fn full(&mut self, number: i64) -> Result<Full> {
        let record = self.records_of(&[number])?.pop().ok_or_else(|| LedgerError::Damaged {
            place: self.db.place().into(),
            why: format!("document number {number} has no reading"),
        })?;
        let rows = self.db.query(
            "SELECT v.reader, v.weights, v.lexicon, h.made, h.replaced, h.events, h.statements FROM history h \
             JOIN version v ON v.id = h.version WHERE h.document = ?1 ORDER BY h.replaced, h.made",
            &[number.into()],
        )?;
        let history = rows.into_iter().filter_map(|mut r| {
            let version = version(&mut r)?;
            Some(Earlier { version, made: r.int()?, replaced: r.int()?, events: r.int()?, statements: r.int()? })
        });
        let history = history.collect();
        let rows = self.db.query(
            "SELECT p.url, d.hash, min(g.first_seen) FROM sighting g JOIN page p ON p.id = g.page \
             JOIN document d ON d.id = g.document \
             WHERE g.page IN (SELECT s.page FROM sighting s WHERE s.document = ?1) \
             GROUP BY p.url, d.hash, d.id ORDER BY p.url, min(g.first_seen), d.id",
            &[number.into()],
        )?;
        let versions = rows.into_iter().filter_map(|mut r| {
            Some(DocumentVersion { url: r.text()?, id: DocumentId::from_bytes(&r.blob()?)?, first_seen: r.int()? })
        });
        Ok(Full { record, history, versions: versions.collect() })
    }

    /// Documents with their readings, in the order of adding, a page at a time: those with a claim that the filter lets
    /// through, or all where it asks nothing of claims. See [`Ledger::records`] for all of them in turn.
    pub fn record_page(&mut self, filter: &Filter, paging: &Paging) -> Result<Page<Record>> {
        let c = self.of_documents(filter)?;
        let after = paging.after('d')?;
        let limit = paging.limit();
        let sql = format!(
            "SELECT d.id FROM document d WHERE d.id > {after} AND {} ORDER BY d.id LIMIT {}",
            c.sql(),
            limit + 1
        );
        let (numbers, next) = self.numbers(&sql, &c.values, limit, 'd')?;
        Ok(Page { rows: self.records_of(&numbers)?, next, notes: c.notes })
    }

    /// Conditions on a document `d`: it has a claim that the filter lets through, or the filter asks nothing of claims.
    fn of_documents(&mut self, filter: &Filter) -> Result<Conditions> {
        let mut c = Conditions::default();
        if filter.narrows_events()
            || !filter.origins.is_empty()
            || !filter.vias.is_empty()
            || !filter.stances.is_empty()
        {
            filter.events(&mut *self.db, &mut c)?;
            let claims = format!(
                "d.id IN (SELECT e.document FROM event e JOIN document d ON d.id = e.document WHERE {})",
                c.sql()
            );
            c = c.restart();
            c.add(claims);
        } else {
            filter.documents(&mut *self.db, &mut c)?;
            filter.published(&mut c)?;
        }
        Ok(c)
    }

    /// All documents that [`Ledger::record_page`] gives, one after the other, in memory of a few of them.
    pub fn records(&mut self, filter: Filter) -> Records<'_> {
        Records { ledger: self, filter, page: Vec::new().into_iter(), cursor: None, ended: false }
    }

    /// A page of what [`Ledger::selected`] gives, and what is damaged in it.
    fn selected_page(&mut self, filter: &Filter, paging: &Paging) -> Result<(Page<Selected>, Vec<LedgerError>)> {
        let mut damage = Vec::new();
        let mut c = Conditions::default();
        let whole = !filter.narrows_claims();
        if whole {
            filter.documents(&mut *self.db, &mut c)?;
        } else {
            filter.events(&mut *self.db, &mut c)?;
        }
        let after = paging.after('d')?;
        let limit = paging.limit();
        let sql = if whole {
            format!(
                "SELECT d.id FROM document d WHERE d.id > {after} AND {} ORDER BY d.id LIMIT {}",
                c.sql(),
                limit + 1
            )
        } else {
            format!(
                "SELECT DISTINCT e.document FROM event e JOIN document d ON d.id = e.document \
                 WHERE e.document > {after} AND {} ORDER BY e.document LIMIT {}",
                c.sql(),
                limit + 1
            )
        };
        let (numbers, next) = self.numbers(&sql, &c.values, limit, 'd')?;
        let mut claims: HashMap<i64, Vec<usize>> = HashMap::new();
        if !whole && !numbers.is_empty() {
            let sql = format!(
                "SELECT e.id FROM event e JOIN document d ON d.id = e.document \
                 WHERE e.document IN ({}) AND {} ORDER BY e.id",
                list(&numbers),
                c.sql()
            );
            for id in self.db.query(&sql, &c.values)?.into_iter().filter_map(|mut r| r.int()) {
                let document = id >> WITHIN;
                claims.entry(document).or_default().push((id - first_of(document)) as usize);
            }
        }
        let mut rows = Vec::with_capacity(numbers.len());
        for number in numbers {
            match self.records_of(&[number]) {
                Ok(records) => rows.extend(
                    records
                        .into_iter()
                        .map(|record| Selected { record, claims: claims.remove(&number).filter(|_| !whole) }),
                ),
                Err(e @ LedgerError::Damaged { .. }) => damage.push(e),
                Err(e) => return Err(e),
            }
        }
        Ok((Page { rows, next, notes: c.notes }, damage))
    }

    /// Documents with the claims for which the filter holds, in the order of adding, in memory of a few of them. Where the
    /// filter asks something of claims, documents without such a claim are left out.
    pub fn selected(&mut self, filter: Filter) -> Selection<'_> {
        Selection {
            ledger: self,
            filter,
            page: Vec::new().into_iter(),
            cursor: None,
            ended: false,
            notes: Vec::new(),
            damage: Vec::new(),
        }
    }

    /// Ids of documents whose reading was made by anything but `version` (or all), after a number; with the number to
    /// go on from.
    pub(crate) fn outdated(&mut self, version: Option<&Version>, after: i64, limit: usize) -> Result<Vec<Packed>> {
        let mut values = Vec::new();
        let mut narrow = String::new();
        if let Some(v) = version {
            values = vec![Value::text(&v.reader), Value::text(&v.weights), Value::text(&v.lexicon)];
            narrow = "AND (r.version IS NULL OR r.version NOT IN (SELECT v.id FROM version v \
                      WHERE v.reader = ?1 AND v.weights = ?2 AND v.lexicon = ?3))"
                .into();
        }
        let sql = format!(
            "SELECT d.id, d.hash, d.record FROM document d LEFT JOIN reading r ON r.document = d.id \
             WHERE d.id > {after} {narrow} ORDER BY d.id LIMIT {limit}"
        );
        let rows = self.db.query(&sql, &values)?;
        Ok(rows.into_iter().filter_map(|mut r| Some((r.int()?, r.blob()?, r.blob()?))).collect())
    }

    /// How many readings were made by anything but `version`, or how many there are.
    pub fn count_outdated(&mut self, version: Option<&Version>) -> Result<i64> {
        let rows = match version {
            None => self.db.query("SELECT count(*) FROM reading", &[])?,
            Some(v) => self.db.query(
                "SELECT count(*) FROM reading r WHERE r.version NOT IN (SELECT v.id FROM version v \
                 WHERE v.reader = ?1 AND v.weights = ?2 AND v.lexicon = ?3)",
                &[Value::text(&v.reader), Value::text(&v.weights), Value::text(&v.lexicon)],
            )?,
        };
        Ok(rows.into_iter().next().and_then(|mut r| r.int()).unwrap_or(0))
    }

    pub(crate) fn records_of(&mut self, numbers: &[i64]) -> Result<Vec<Record>> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let list = list(numbers);
        let rows = self.db.query(
            &format!(
                "SELECT g.document, g.source_id, o.name, p.url, g.published, g.author, g.path, g.kind, g.item, g.raw, \
                 g.first_seen, g.last_seen FROM sighting g LEFT JOIN outlet o ON o.id = g.outlet \
                 LEFT JOIN page p ON p.id = g.page WHERE g.document IN ({list}) \
                 ORDER BY g.document, g.first_seen, g.mark"
            ),
            &[],
        )?;
        let mut sightings: HashMap<i64, Vec<Sighting>> = HashMap::new();
        for mut r in rows {
            let Some(document) = r.int() else { continue };
            sightings.entry(document).or_default().push(Sighting {
                source_id: r.text().unwrap_or_default(),
                outlet: r.text(),
                url: r.text(),
                published: r.text(),
                author: r.text(),
                path: r.text(),
                kind: r.text(),
                item: r.int(),
                raw_hash: r.blob().map(|b| hex(&b)),
                first_seen: r.int().unwrap_or(0),
                last_seen: r.int().unwrap_or(0),
            });
        }
        let rows = self.db.query(
            &format!(
                "SELECT d.id, d.hash, d.added, d.record, r.record, v.reader, v.weights, v.lexicon FROM document d \
                 JOIN reading r ON r.document = d.id JOIN version v ON v.id = r.version \
                 WHERE d.id IN ({list}) ORDER BY d.id"
            ),
            &[],
        )?;
        let mut out = Vec::with_capacity(rows.len());
        for mut r in rows {
            let (number, id) = (r.int().unwrap_or(0), r.blob().and_then(|b| DocumentId::from_bytes(&b)));
            let damaged = |why: String| LedgerError::Damaged { place: self.db.place().into(), why };
            let id = id.ok_or_else(|| damaged(format!("document number {number} has no id")))?;
            let added = r.int().unwrap_or(0);
            let document: Document = Kind::Document
                .unpack(&r.blob().unwrap_or_default())
                .map_err(|e| damaged(format!("the text of {id} {e}")))?;
            let reading = Kind::Reading
                .unpack(&r.blob().unwrap_or_default())
                .map_err(|e| damaged(format!("the reading of {id} {e}")))?;
            let version = version(&mut r).ok_or_else(|| damaged(format!("the reading of {id} has no version")))?;
            let mut sightings = sightings.remove(&number).unwrap_or_default();
            // within one second, the one that brought the text comes first
            let later = |s: &Sighting| s.source_id != document.id || s.outlet != document.outlet;
            sightings.sort_by_key(|s| (s.first_seen, later(s)));
            out.push(Record { document: StoredDocument { id, document, added, sightings }, reading, version });
        }
        Ok(out)
    }
}

fn version(r: &mut Row) -> Option<Version> {
    Some(Version { reader: r.text()?, weights: r.text()?, lexicon: r.text()? })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// A document with the claims that were asked for.
#[derive(Clone, Debug)]
pub struct Selected {
    /// Document, reading, version.
    pub record: Record,
    /// Places of these claims among the reading's events, rising; none where nothing was asked of claims: all of them.
    pub claims: Option<Vec<usize>>,
}

impl Selected {
    /// Whether the event at this place of the reading was asked for.
    pub fn holds(&self, event: usize) -> bool {
        self.claims.as_ref().is_none_or(|c| c.binary_search(&event).is_ok())
    }
}

/// Documents with the claims that were asked for, one after the other.
pub struct Selection<'a> {
    ledger: &'a mut Ledger,
    filter: Filter,
    page: std::vec::IntoIter<Selected>,
    cursor: Option<String>,
    ended: bool,
    notes: Vec<String>,
    damage: Vec<LedgerError>,
}

impl Selection<'_> {
    /// Names in the filter that nothing in the ledger bears. They may be told again.
    pub fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Documents that were left out for they are damaged, since this was asked last.
    pub fn damage(&mut self) -> Vec<LedgerError> {
        std::mem::take(&mut self.damage)
    }
}

impl Iterator for Selection<'_> {
    type Item = Result<Selected>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(selected) = self.page.next() {
                return Some(Ok(selected));
            }
            if self.ended {
                return None;
            }
            match self.ledger.selected_page(&self.filter, &Paging { limit: 64, cursor: self.cursor.take() }) {
                Ok((page, damage)) => {
                    self.ended = page.next.is_none();
                    self.cursor = page.next;
                    self.page = page.rows.into_iter();
                    self.notes.extend(page.notes);
                    self.damage.extend(damage);
                }
                Err(e) => {
                    self.ended = true;
                    return Some(Err(e));
                }
            }
        }
    }
}

/// Documents with their readings, one after the other.
pub struct Records<'a> {
    ledger: &'a mut Ledger,
    filter: Filter,
    page: std::vec::IntoIter<Record>,
    cursor: Option<String>,
    ended: bool,
}

impl Iterator for Records<'_> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.page.next() {
                return Some(Ok(record));
            }
            if self.ended {
                return None;
            }
            match self.ledger.record_page(&self.filter, &Paging { limit: 64, cursor: self.cursor.take() }) {
                Ok(page) => {
                    self.ended = page.next.is_none();
                    self.cursor = page.next;
                    self.page = page.rows.into_iter();
                }
                Err(e) => {
                    self.ended = true;
                    return Some(Err(e));
                }
            }
        }
    }
}
