//! The writer: one at a time, whole batches or nothing.

use std::collections::{HashMap, HashSet};
use std::time::{SystemTime, UNIX_EPOCH};

pub use model::Version;
use model::{Document, Reading, SourceKind};

use crate::backend::{self, Access, Backend, Content as Found, Waiting};
use crate::error::{LedgerError, Result};
use crate::flat::{Flat, brief, letter};
use crate::identity::{DocumentId, canonical_url};
use crate::location::Location;
use crate::packing::Kind;
use crate::schema::{self, Table, WITHIN};
use crate::shadow::Shadow;
use crate::shelf::{Cache, Shelf};
use crate::value::{Row, Value};
use crate::{days, ledger::Ledger};

/// Most names kept in memory of those that are looked up for every document.
const KEPT: usize = 20_000;

/// Where a document was seen.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    mark: i64,
    source_id: String,
    outlet: Option<String>,
    page: Option<String>,
    published: Option<String>,
    author: Option<String>,
    path: Option<String>,
    kind: Option<&'static str>,
    item: Option<i64>,
    raw: Option<[u8; 32]>,
}

/// A document with what was read in it, made ready outside of the writer, in any thread.
#[derive(Debug)]
pub struct Entry {
    id: DocumentId,
    seen: Seen,
    content: Option<Box<Content>>,
}

#[derive(Debug)]
struct Content {
    record: Vec<u8>,
    published: Option<i64>,
    read: Read,
}

/// A reading made ready for the writer.
#[derive(Debug)]
pub struct Read {
    record: Vec<u8>,
    language: Option<String>,
    flat: Flat,
    shadow: Shadow,
    by: Option<Version>,
}

impl Read {
    /// Packs a reading and takes it apart.
    pub fn new(document: &Document, reading: &Reading, shadow: Shadow) -> Self {
        let flat = Flat::of(document, reading);
        Self { record: Kind::Reading.pack(reading), language: reading.language.clone(), flat, shadow, by: None }
    }

    /// The same as made by another version than the writer's: elsewhere, or earlier.
    #[must_use]
    pub fn made_by(self, version: Version) -> Self {
        Self { by: Some(version), ..self }
    }
}

impl Entry {
    /// A document that the ledger may not hold yet. `raw` is the hash of the bytes it was taken from.
    pub fn new(id: DocumentId, document: &Document, read: Read, raw: Option<[u8; 32]>) -> Self {
        Self {
            id,
            seen: Seen::of(document, raw),
            content: Some(Box::new(Content {
                record: Kind::Document.pack(document),
                published: document.published.as_deref().and_then(days::day),
                read,
            })),
        }
    }

    /// A document that the ledger holds ([`Ledger::holds`]): only where it was seen is added.
    pub fn seen(id: DocumentId, document: &Document, raw: Option<[u8; 32]>) -> Self {
        Self { id, seen: Seen::of(document, raw), content: None }
    }

    /// Which document it is.
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// Bytes it holds, roughly: to keep batches small.
    pub fn size(&self) -> usize {
        self.content.as_ref().map_or(200, |c| {
            let s = &c.read.shadow;
            let words = s.title.len() + s.body.len() + s.title_stems.len() + s.body_stems.len();
            c.record.len() + c.read.record.len() * 4 + words
        })
    }
}

impl Seen {
    fn of(d: &Document, raw: Option<[u8; 32]>) -> Self {
        let mut out = Self {
            mark: 0,
            source_id: d.id.clone(),
            outlet: d.outlet.as_deref().map(str::trim).filter(|o| !o.is_empty()).map(str::to_string),
            page: d.url.as_deref().map(canonical_url).filter(|u| !u.is_empty()),
            published: d.published.clone(),
            author: d.author.clone(),
            path: d.source.as_ref().map(|s| s.path.clone()),
            kind: d.source.as_ref().map(|s| kind_code(s.kind)),
            item: d.source.as_ref().map(|s| s.item as i64),
            raw,
        };
        let mut hash = blake3::Hasher::new();
        let item = out.item.map(|i| i.to_string());
        for part in [Some(&out.source_id), out.outlet.as_ref(), out.page.as_ref(), out.path.as_ref(), item.as_ref()] {
            hash.update(part.map_or("", |p| p).as_bytes());
            hash.update(&[0, u8::from(part.is_some())]);
        }
        let hash = hash.finalize();
        out.mark = i64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("eight bytes"));
        out
    }
}

fn kind_code(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Text => "text",
        SourceKind::Html => "html",
        SourceKind::Feed => "feed",
        SourceKind::Warc => "warc",
        SourceKind::Json => "json",
        SourceKind::Csv => "csv",
        SourceKind::Parquet => "parquet",
    }
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The document is new.
    Added,
    /// The document was there; it was seen at a new place (or in a new outlet).
    SeenAgain,
    /// All of it was there.
    Known,
}

/// How to become the writer.
pub struct WriteOptions<'a> {
    /// Most seconds to wait for another writer.
    pub wait: u64,
    /// Told once, with the other writer's name, when there is one.
    pub waiting: &'a mut Waiting<'a>,
}

/// The one writer of a ledger. Everything that a call adds is there after it, or nothing of it.
pub struct Writer {
    ledger: Ledger,
    version: i64,
    others: HashMap<Version, i64>,
    next: Next,
    outlets: HashMap<String, i64>,
    pages: HashMap<String, i64>,
    entities: HashMap<String, (i64, u64)>,
    shelved: Cache,
}

/// The numbers that come next.
#[derive(Clone, Copy, Debug, Default)]
struct Next {
    document: i64,
    outlet: i64,
    page: i64,
    entity: i64,
}

/// Rows of a batch, gathered to be written table by table.
#[derive(Default)]
struct Rows {
    outlets: Vec<Vec<Value>>,
    pages: Vec<Vec<Value>>,
    documents: Vec<Vec<Value>>,
    sightings: Vec<Vec<Value>>,
    readings: Vec<Vec<Value>>,
    entities: HashMap<i64, Vec<Value>>,
    /// Hashes of the folded names of those that were only read.
    called: HashMap<i64, u64>,
    aliases: HashMap<(i64, String), i64>,
    named: Vec<Vec<Value>>,
    events: Vec<Vec<Value>>,
    participants: Vec<Vec<Value>>,
    things: Vec<Vec<Value>>,
    statements: Vec<Vec<Value>>,
    links: Vec<Vec<Value>>,
    loaded: Vec<Vec<Value>>,
    words: Vec<(i64, Shadow)>,
    /// Whether earlier searchable words of these documents are to go.
    again: bool,
    untraced: Vec<i64>,
}

impl Writer {
    /// Opens a ledger for writing, makes it where there is none, and brings its tables up to date.
    pub fn open(location: &Location, version: &Version, options: WriteOptions<'_>) -> Result<Self> {
        let mut db = backend::connect(location, Access::Write)?;
        // nothing of somebody else's is touched, not even by a lock
        if let Found::Other(why) = db.inspect()? {
            return Err(LedgerError::Foreign { place: db.place().into(), why });
        }
        let WriteOptions { wait, waiting } = options;
        db.lock(wait, waiting)?;
        schema::prepare(&mut *db, Access::Write)?;
        let mut out = Self {
            ledger: Ledger::over(db, location.clone()),
            version: 0,
            others: HashMap::new(),
            next: Next::default(),
            outlets: HashMap::new(),
            pages: HashMap::new(),
            entities: HashMap::new(),
            shelved: Cache::default(),
        };
        out.refresh()?;
        out.version = out.number_of(version)?;
        Ok(out)
    }

    /// Questions to the same ledger, over the writer's connection.
    pub fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    fn db(&mut self) -> &mut dyn Backend {
        self.ledger.db()
    }

    /// Forgets what was looked up: to be called when a batch was not written.
    fn refresh(&mut self) -> Result<()> {
        self.outlets.clear();
        self.pages.clear();
        self.entities.clear();
        self.others.clear();
        let mut next = |table: &str| -> Result<i64> {
            let rows = self.ledger.db().query(&format!("SELECT coalesce(max(id), 0) + 1 FROM {table}"), &[])?;
            Ok(rows.into_iter().next().and_then(|mut r| r.int()).unwrap_or(1))
        };
        self.next =
            Next { document: next("document")?, outlet: next("outlet")?, page: next("page")?, entity: next("entity")? };
        Ok(())
    }

    fn number_of(&mut self, v: &Version) -> Result<i64> {
        let values = [Value::text(&v.reader), Value::text(&v.weights), Value::text(&v.lexicon)];
        let db = self.db();
        let ask = "SELECT id FROM version WHERE reader = ?1 AND weights = ?2 AND lexicon = ?3";
        if let Some(id) = first_int(db.query(ask, &values)?) {
            return Ok(id);
        }
        let id = first_int(db.query("SELECT coalesce(max(id), 0) + 1 FROM version", &[])?).unwrap_or(1);
        let mut row = vec![Value::Int(id)];
        row.extend(values);
        db.insert(&schema::VERSION, &mut vec![row])?;
        Ok(id)
    }

    /// Does something in one transaction; undoes it where it fails.
    fn whole<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        // only between batches: what a batch has numbered is not in the tables before its end
        if self.outlets.len().max(self.pages.len()).max(self.entities.len()) > KEPT {
            self.outlets.clear();
            self.pages.clear();
            self.entities.clear();
        }
        self.db().begin()?;
        let done = work(self).and_then(|out| self.db().run("COMMIT").map(|()| out));
        if done.is_err() {
            let _ = self.db().run("ROLLBACK");
            let _ = self.refresh();
        }
        done
    }

    /// Adds a batch, all of it or nothing; tells what became of each. Memory grows with the batch only.
    pub fn add(&mut self, entries: Vec<Entry>) -> Result<Vec<Fate>> {
        self.whole(|w| w.add_within(entries))
    }

    fn add_within(&mut self, entries: Vec<Entry>) -> Result<Vec<Fate>> {
        let now = now();
        let mut rows = Rows::default();
        let mut fates = Vec::with_capacity(entries.len());
        let mut fresh: HashMap<DocumentId, i64> = HashMap::new();
        let mut marks: HashSet<(i64, i64)> = HashSet::new();
        for Entry { id, seen, content } in entries {
            let held = match fresh.get(&id) {
                Some(n) => Some(*n),
                None => self.ledger.number(id)?,
            };
            let outlet = seen.outlet.as_deref().map(|o| self.outlet(o, &mut rows)).transpose()?;
            let page = seen.page.as_deref().map(|p| self.page(p, &mut rows)).transpose()?;
            let (document, fate) = match (held, content) {
                (Some(n), _) => {
                    let ask = "SELECT 1 FROM sighting WHERE document = ?1 AND mark = ?2";
                    let unseen = !marks.contains(&(n, seen.mark))
                        && self.db().query(ask, &[n.into(), seen.mark.into()])?.is_empty();
                    // in another outlet it is a copy, which is news across articles; which of an outlet's own counts, its
                    // date says, not when it was seen
                    if unseen && outlet.is_some() {
                        rows.untraced.push(n);
                    }
                    (n, if unseen { Fate::SeenAgain } else { Fate::Known })
                }
                (None, Some(content)) => {
                    let n = self.next.document;
                    self.next.document += 1;
                    fresh.insert(id, n);
                    rows.documents.push(vec![
                        n.into(),
                        Value::Blob(id.bytes().to_vec()),
                        Value::int_or_null(outlet),
                        Value::int_or_null(content.published),
                        now.into(),
                        Value::Blob(content.record),
                    ]);
                    self.read(n, now, content.read, &mut rows)?;
                    (n, Fate::Added)
                }
                // told to be known, but gone: cannot be in a ledger that only grows
                (None, None) => {
                    return Err(LedgerError::Damaged {
                        place: self.db().place().into(),
                        why: format!("document {id} was there and is no more"),
                    });
                }
            };
            if marks.insert((document, seen.mark)) {
                rows.sightings.push(vec![
                    document.into(),
                    seen.mark.into(),
                    Value::text(&seen.source_id),
                    Value::int_or_null(outlet),
                    Value::int_or_null(page),
                    Value::text_or_null(seen.published.as_deref()),
                    Value::text_or_null(seen.author.as_deref()),
                    Value::text_or_null(seen.path.as_deref()),
                    seen.kind.map_or(Value::Null, Value::from),
                    Value::int_or_null(seen.item),
                    seen.raw.map_or(Value::Null, |r| Value::Blob(r.to_vec())),
                    now.into(),
                    now.into(),
                ]);
            }
            fates.push(fate);
        }
        self.write(rows)?;
        Ok(fates)
    }

    /// Puts new readings in the place of those stored; the earlier ones' versions stay in the history.
    pub fn replace(&mut self, readings: Vec<(DocumentId, Read)>) -> Result<()> {
        self.whole(|w| {
            let now = now();
            let mut rows = Rows { again: true, ..Rows::default() };
            for (id, read) in readings {
                let Some(n) = w.ledger.number(id)? else { continue };
                w.withdraw(n, now, &mut rows)?;
                w.read(n, now, read, &mut rows)?;
            }
            w.write(rows)
        })
    }

    /// Takes the rows of a stored reading out and notes it in the history.
    fn withdraw(&mut self, n: i64, now: i64, rows: &mut Rows) -> Result<()> {
        let ask = "SELECT d.record, r.record FROM document d JOIN reading r ON r.document = d.id WHERE d.id = ?1";
        let found = self.db().query(ask, &[n.into()])?;
        if let Some((Some(document), Some(reading))) = found.into_iter().next().map(|mut r| (r.blob(), r.blob())) {
            // a record that cannot be read has left counts that nobody can take back; the rest is made anew
            if let (Ok(document), Ok(reading)) =
                (Kind::Document.unpack::<Document>(&document), Kind::Reading.unpack::<Reading>(&reading))
            {
                for e in Flat::of(&document, &reading).entities {
                    let ask = "SELECT id FROM entity WHERE key = ?1";
                    let Some(entity) = first_int(self.db().query(ask, &[Value::text(&e.key)])?) else { continue };
                    self.db()
                        .execute("DELETE FROM named WHERE entity = ?1 AND document = ?2", &[entity.into(), n.into()])?;
                    for (written, count) in e.written {
                        *rows.aliases.entry((entity, written)).or_default() -= count;
                    }
                }
            }
        }
        let (from, to) = (n << WITHIN, (n + 1) << WITHIN);
        let db = self.db();
        for (table, column) in
            [("event", "id"), ("participant", "event"), ("thing", "event"), ("statement", "id"), ("link", "statement")]
        {
            let sql = format!("DELETE FROM {table} WHERE {column} >= ?1 AND {column} < ?2");
            db.execute(&sql, &[from.into(), to.into()])?;
        }
        db.execute("DELETE FROM loaded WHERE document = ?1", &[n.into()])?;
        db.execute(
            "INSERT INTO history (document, version, made, events, statements, replaced) \
             SELECT document, version, made, events, statements, ?2 FROM reading WHERE document = ?1",
            &[n.into(), now.into()],
        )?;
        db.execute("DELETE FROM reading WHERE document = ?1", &[n.into()])?;
        Ok(())
    }

    /// Gathers the rows of a reading.
    fn read(&mut self, n: i64, now: i64, read: Read, rows: &mut Rows) -> Result<()> {
        let Read { record, language, flat, shadow, by } = read;
        let version = match by {
            None => self.version,
            Some(by) => {
                if let Some(n) = self.others.get(&by) {
                    *n
                } else {
                    let n = self.number_of(&by)?;
                    self.others.insert(by, n);
                    n
                }
            }
        };
        rows.untraced.push(n);
        rows.readings.push(vec![
            n.into(),
            version.into(),
            now.into(),
            (flat.events.len() as i64).into(),
            (flat.statements.len() as i64).into(),
            Value::text_or_null(language.as_deref()),
            Value::Blob(record),
        ]);
        rows.words.push((n, shadow));
        let mut numbers = Vec::with_capacity(flat.entities.len());
        for e in &flat.entities {
            let number = self.entity(e, rows)?;
            numbers.push(number);
            rows.named.push(vec![number.into(), n.into(), e.mentions.into()]);
        }
        for (e, number) in flat.entities.iter().zip(&numbers) {
            for (written, count) in &e.written {
                *rows.aliases.entry((*number, written.clone())).or_default() += count;
            }
        }
        let within = |i: usize| (n << WITHIN) + i as i64;
        for (i, e) in flat.events.iter().take(1 << WITHIN).enumerate() {
            let event = &e.event;
            rows.events.push(vec![
                within(i).into(),
                n.into(),
                letter(event.kind).into(),
                Value::text_or_null(event.mode.as_deref()),
                brief(event.status.code()).into(),
                brief(event.polarity.code()).into(),
                Value::int_or_null(e.statement.map(within)),
                Value::int_or_null(e.days.map(|d| d.0)),
                Value::int_or_null(e.days.map(|d| d.1)),
                Value::int_or_null(e.place.map(|p| numbers[p])),
            ]);
            for (entity, role) in &e.participants {
                rows.participants.push(vec![numbers[*entity].into(), (*role).into(), within(i).into()]);
            }
            for (position, t) in event.things.iter().enumerate() {
                rows.things.push(vec![
                    within(i).into(),
                    (position as i64).into(),
                    Value::text(&t.what),
                    Value::text_or_null(t.class.as_deref()),
                    Value::text_or_null(t.family.as_deref()),
                    Value::text_or_null(t.model.as_deref()),
                    t.count.map_or(Value::Null, Value::Real),
                    t.bound.code().into(),
                    i64::from(t.part).into(),
                ]);
            }
        }
        for (i, s) in flat.statements.iter().take(1 << WITHIN).enumerate() {
            rows.statements.push(vec![
                within(i).into(),
                n.into(),
                s.stance.into(),
                i64::from(s.direct).into(),
                Value::int_or_null(s.days.map(|d| d.0)),
                Value::int_or_null(s.days.map(|d| d.1)),
            ]);
            for (position, (role, entity)) in s.links.iter().enumerate() {
                rows.links.push(vec![
                    within(i).into(),
                    (position as i64).into(),
                    (*role).into(),
                    Value::int_or_null(entity.map(|e| numbers[e])),
                ]);
            }
        }
        for (position, l) in flat.loaded.iter().enumerate() {
            rows.loaded.push(vec![
                n.into(),
                (position as i64).into(),
                Value::text(&l.kind),
                Value::int_or_null(l.entity.map(|e| numbers[e])),
                Value::text(&l.word),
            ]);
        }
        Ok(())
    }

    fn outlet(&mut self, name: &str, rows: &mut Rows) -> Result<i64> {
        if let Some(n) = self.outlets.get(name) {
            return Ok(*n);
        }
        let found = first_int(self.db().query("SELECT id FROM outlet WHERE name = ?1", &[Value::text(name)])?);
        let n = found.unwrap_or_else(|| {
            let n = self.next.outlet;
            self.next.outlet += 1;
            rows.outlets.push(vec![n.into(), Value::text(name), Value::text(&fold_words(name))]);
            n
        });
        keep(&mut self.outlets, name, n);
        Ok(n)
    }

    fn page(&mut self, url: &str, rows: &mut Rows) -> Result<i64> {
        if let Some(n) = self.pages.get(url) {
            return Ok(*n);
        }
        let found = first_int(self.db().query("SELECT id FROM page WHERE url = ?1", &[Value::text(url)])?);
        let n = found.unwrap_or_else(|| {
            let n = self.next.page;
            self.next.page += 1;
            rows.pages.push(vec![n.into(), Value::text(url)]);
            n
        });
        keep(&mut self.pages, url, n);
        Ok(n)
    }

    /// The number of an entity. What the lexicon knows of one is brought up to date; what was only read stays as it was
    /// read first.
    fn entity(&mut self, e: &crate::flat::FlatEntity, rows: &mut Rows) -> Result<i64> {
        let known = !e.key.starts_with("word:");
        let folded = fold_words(&e.entity.name);
        let looks = if known { looks(&e.entity) } else { hash_of(&folded) };
        let held = if let Some(held) = self.entities.get(&e.key) {
            Some(*held)
        } else {
            let ask = "SELECT id, folded FROM entity WHERE key = ?1";
            let row = self.db().query(ask, &[Value::text(&e.key)])?.into_iter().next();
            // looks of 1: those stored are not known here, so what the lexicon says is written once more
            row.and_then(|mut r| Some((r.int()?, if known { 1 } else { hash_of(&r.text()?) })))
        };
        if let Some((n, same)) = held
            && (!known || same == looks)
        {
            if !known {
                rows.called.insert(n, same);
            }
            keep(&mut self.entities, &e.key, (n, same));
            return Ok(n);
        }
        let n = held.map_or(self.next.entity, |h| h.0);
        if held.is_none() {
            self.next.entity += 1;
        }
        if !known {
            rows.called.insert(n, looks);
        }
        let point = e.entity.location.as_ref();
        let row = vec![
            n.into(),
            Value::text(&e.key),
            e.entity.kind.code().into(),
            Value::text(&e.entity.name),
            Value::text(&folded),
            Value::text_or_null(e.entity.country.as_deref()),
            Value::text_or_null(e.entity.sector.as_deref().filter(|s| !s.is_empty())),
            point.map_or(Value::Null, |p| Value::Real(p.latitude.into())),
            point.map_or(Value::Null, |p| Value::Real(p.longitude.into())),
            Value::text_or_null(point.map(|p| p.level.as_str())),
        ];
        rows.entities.insert(n, row);
        keep(&mut self.entities, &e.key, (n, looks));
        Ok(n)
    }

    fn write(&mut self, rows: Rows) -> Result<()> {
        let Rows { words, again, entities, called, aliases, mut untraced, .. } = rows;
        untraced.sort_unstable();
        untraced.dedup();
        let mut entities: Vec<Vec<Value>> = entities.into_values().collect();
        let mut emptied: Vec<i64> = aliases.iter().filter(|a| *a.1 < 0).map(|a| a.0.0).collect();
        let mut alias_rows: Vec<((i64, String), i64)> = aliases.into_iter().filter(|a| a.1 != 0).collect();
        // in the order of the table, which is quicker, and the same every time
        alias_rows.sort_unstable();
        let mut aliases: Vec<Vec<Value>> = (alias_rows.into_iter())
            .map(|((entity, written), count)| {
                // most of those that were only read are written as they are called: once is enough
                let mut folded = fold_words(&written);
                if called.get(&entity) == Some(&hash_of(&folded)) {
                    folded.clear();
                }
                vec![entity.into(), Value::text(&written), Value::text(&folded), count.into()]
            })
            .collect();
        let by_number = |r: &Vec<Value>| match r.first() {
            Some(Value::Int(n)) => *n,
            _ => 0,
        };
        entities.sort_by_key(by_number);
        let (mut named, mut participants) = (rows.named, rows.participants);
        named.sort_by_key(by_number);
        participants.sort_by_key(by_number);
        let mut words = words;
        let db = self.ledger.db();
        let mut put = |table: &Table, mut rows: Vec<Vec<Value>>| db.insert(table, &mut rows);
        put(&schema::OUTLET, rows.outlets)?;
        put(&schema::PAGE, rows.pages)?;
        put(&schema::DOCUMENT, rows.documents)?;
        put(&schema::SIGHTING, rows.sightings)?;
        put(&schema::READING, rows.readings)?;
        put(&schema::ENTITY, std::mem::take(&mut entities))?;
        put(&schema::ALIAS, std::mem::take(&mut aliases))?;
        put(&schema::NAMED, named)?;
        put(&schema::EVENT, rows.events)?;
        put(&schema::PARTICIPANT, participants)?;
        put(&schema::THING, rows.things)?;
        put(&schema::STATEMENT, rows.statements)?;
        put(&schema::LINK, rows.links)?;
        put(&schema::LOADED, rows.loaded)?;
        put(&schema::UNTRACED, untraced.into_iter().map(|n| vec![n.into()]).collect())?;
        db.index(&mut words, !again)?;
        emptied.sort_unstable();
        emptied.dedup();
        for entity in emptied {
            db.execute("DELETE FROM alias WHERE entity = ?1 AND count <= 0", &[entity.into()])?;
        }
        Ok(())
    }

    /// Changes what is known across articles, in one transaction: all that `work` writes on the shelf, and that `traced`
    /// (numbers of [`Ledger::untraced`]) are done; or nothing.
    pub fn shelve<T, E: From<LedgerError>>(
        &mut self,
        traced: &[i64],
        work: impl FnOnce(&mut Shelf<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.db().begin()?;
        let mut shelf = Shelf::new(self.ledger.db(), &mut self.shelved);
        let done = work(&mut shelf).and_then(|out| {
            shelf.flush()?;
            Ok(out)
        });
        let done = done.and_then(|out| {
            for n in traced {
                self.db().execute("DELETE FROM untraced WHERE document = ?1", &[(*n).into()])?;
            }
            self.db().run("COMMIT")?;
            Ok(out)
        });
        if done.is_err() {
            let _ = self.db().run("ROLLBACK");
            self.shelved = Cache::default();
        }
        done
    }

    /// Forgets all that is known across articles, and lets all documents wait to be traced. `version` is kept beside it
    /// ([`Ledger::shelf_version`]); `first` may write what is to be there from the beginning.
    pub fn clear_shelf<E: From<LedgerError>>(
        &mut self,
        version: i64,
        first: impl FnOnce(&mut Shelf<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.shelved = Cache::default();
        self.shelve(&[], |shelf| {
            shelf.clear(version)?;
            first(shelf)
        })
    }

    /// Ends the work: statistics and log brought up to date. What was added is safe without it.
    pub fn finish(mut self) -> Result<()> {
        self.db().settle()
    }
}

fn keep<T>(cache: &mut HashMap<String, T>, key: &str, value: T) {
    cache.insert(key.to_string(), value);
}

/// What is known of an entity besides its key, as one number.
fn looks(e: &model::Entity) -> u64 {
    let point = e.location.as_ref().map(|p| (p.latitude.to_bits(), p.longitude.to_bits(), &p.level));
    // 1 has a meaning of its own
    hash_of(&(e.kind.code(), &e.name, &e.country, &e.sector, point)) | 2
}

fn hash_of(what: &(impl std::hash::Hash + ?Sized)) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(what)
}

/// Folded words of a name with single spaces around each, so that a whole word can be looked for.
pub fn fold_words(name: &str) -> String {
    let mut out = String::from(" ");
    for word in arabic::letter::fold(name).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        out.push_str(word);
        out.push(' ');
    }
    out
}

fn first_int(rows: Vec<Row>) -> Option<i64> {
    rows.into_iter().next().and_then(|mut r| r.int())
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64)
}

/// Who this process is, for those who wait for it.
pub fn signature() -> String {
    let command: Vec<String> = std::env::args().take(2).collect();
    let name = command.first().map_or("isnad", |c| c.rsplit(['/', '\\']).next().unwrap_or(c));
    let what = command.get(1).map_or("", String::as_str);
    format!("{name} {what} (process {})", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_full_disk_loses_nothing_that_was_committed() {
        let engine = Arc::new(reader::Engine::new(lexicon_data::open(), None, &weights::open()).unwrap());
        let mut reader = reader::Reader::new(&engine);
        let mut entry = |text: &str| {
            let d = Document { id: "x".into(), text: text.into(), ..Document::default() };
            let reading = reader.read(&d);
            let read = Read::new(&d, &reading, Shadow::of(&mut reader, &d));
            Entry::new(DocumentId::of(&d), &d, read, None)
        };
        let dir = tempfile::tempdir().unwrap();
        let place = Location::File(dir.path().join("l"));
        let version = Version { reader: "1".into(), weights: "w".into(), lexicon: "x".into() };
        let mut writer = Writer::open(&place, &version, WriteOptions { wait: 0, waiting: &mut |_| () }).unwrap();
        let first = entry("قال الوزير إن الجيش انسحب من حلب.");
        assert_eq!(writer.add(vec![first]).unwrap(), [Fate::Added]);
        // a disk of so many pages more
        let pages = first_int(writer.db().query("PRAGMA page_count", &[]).unwrap()).unwrap();
        writer.db().query(&format!("PRAGMA max_page_count = {}", pages + 2), &[]).unwrap();
        let big: Vec<String> = (0..20_000).map(|i| format!("قصفت طائرات مدينة حلب {i}.")).collect();
        let big = entry(&big.join(" "));
        assert!(matches!(writer.add(vec![big]), Err(LedgerError::Full { .. })));
        writer.db().query("PRAGMA max_page_count = 1000000", &[]).unwrap();
        let next = entry("قصفت طائرات مدينة حلب.");
        assert_eq!(writer.add(vec![next]).unwrap(), [Fate::Added]);
        drop(writer);
        let mut ledger = Ledger::open(&place).unwrap();
        assert_eq!(ledger.counts().unwrap().documents, 2);
        assert!(ledger.database_faults().unwrap().is_empty());
    }
}
