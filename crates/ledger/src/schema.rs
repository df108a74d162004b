//! The tables, and how older ledgers are brought up to date.
//!
//! What was read is kept whole in `document.record` and `reading.record` (packed JSON). The other tables are an index
//! over it for questions, and can be made again from it.

use crate::backend::{Access, Backend, Content};
use crate::error::{LedgerError, Result};
use crate::value::{Row, Value};

/// Number of bits of an event's or statement's number that count within its document.
pub const WITHIN: u32 = 28;

/// Layouts, each as the steps from the one before. Never change a released one; add another.
const LAYOUTS: [&str; 4] = [
    "
CREATE TABLE isnad (name TEXT PRIMARY KEY, value BIGINT NOT NULL);

CREATE TABLE version (id {key}, reader TEXT NOT NULL, weights TEXT NOT NULL, lexicon TEXT NOT NULL);
CREATE TABLE outlet (id {key}, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE UNIQUE INDEX outlet_name ON outlet (name);
CREATE TABLE page (id {key}, url TEXT NOT NULL);
CREATE UNIQUE INDEX page_url ON page (url);

CREATE TABLE document (id {key}, hash {blob} NOT NULL, outlet BIGINT, published BIGINT, added BIGINT NOT NULL,
    record {blob} NOT NULL);
CREATE UNIQUE INDEX document_hash ON document (hash);
CREATE INDEX document_published ON document (published);
CREATE TABLE sighting (document BIGINT NOT NULL, mark BIGINT NOT NULL, source_id TEXT NOT NULL, outlet BIGINT,
    page BIGINT, published TEXT, author TEXT, path TEXT, kind TEXT, item BIGINT, raw {blob}, first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL, PRIMARY KEY (document, mark)) {compact};
CREATE INDEX sighting_source ON sighting (source_id);
CREATE INDEX sighting_page ON sighting (page);
CREATE INDEX sighting_outlet ON sighting (outlet);

CREATE TABLE reading (document {key}, version BIGINT NOT NULL, made BIGINT NOT NULL, events BIGINT NOT NULL,
    statements BIGINT NOT NULL, language TEXT, record {blob} NOT NULL);
CREATE INDEX reading_version ON reading (version);
CREATE TABLE history (document BIGINT NOT NULL, version BIGINT NOT NULL, made BIGINT NOT NULL, events BIGINT NOT NULL,
    statements BIGINT NOT NULL, replaced BIGINT NOT NULL);
CREATE INDEX history_document ON history (document);

CREATE TABLE entity (id {key}, key TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
    country TEXT, sector TEXT, latitude DOUBLE PRECISION, longitude DOUBLE PRECISION, level TEXT);
CREATE UNIQUE INDEX entity_key ON entity (key);
CREATE TABLE alias (entity BIGINT NOT NULL, written TEXT NOT NULL, folded TEXT NOT NULL, count BIGINT NOT NULL,
    PRIMARY KEY (entity, written)) {compact};
CREATE TABLE named (entity BIGINT NOT NULL, document BIGINT NOT NULL, mentions BIGINT NOT NULL,
    PRIMARY KEY (entity, document)) {compact};

CREATE TABLE event (id {key}, document BIGINT NOT NULL, type TEXT NOT NULL, mode TEXT, status TEXT NOT NULL,
    polarity TEXT NOT NULL, word TEXT NOT NULL, statement BIGINT, stated TEXT, first_day BIGINT, last_day BIGINT,
    place BIGINT, country TEXT, latitude DOUBLE PRECISION, longitude DOUBLE PRECISION);
CREATE INDEX event_type ON event (type, mode);
CREATE INDEX event_day ON event (first_day);
CREATE TABLE participant (entity BIGINT NOT NULL, role TEXT NOT NULL, event BIGINT NOT NULL,
    PRIMARY KEY (entity, role, event)) {compact};
CREATE INDEX participant_event ON participant (event);
CREATE TABLE thing (event BIGINT NOT NULL, position BIGINT NOT NULL, what TEXT NOT NULL, class TEXT, family TEXT,
    model TEXT, count DOUBLE PRECISION, bound TEXT NOT NULL, part BIGINT NOT NULL, PRIMARY KEY (event, position)) {compact};
CREATE TABLE statement (id {key}, document BIGINT NOT NULL, stance TEXT NOT NULL, direct BIGINT NOT NULL,
    stated TEXT, first_day BIGINT, last_day BIGINT);
CREATE TABLE link (statement BIGINT NOT NULL, position BIGINT NOT NULL, role TEXT NOT NULL, entity BIGINT,
    PRIMARY KEY (statement, position)) {compact};
CREATE INDEX link_entity ON link (entity, role, statement);
CREATE TABLE loaded (document BIGINT NOT NULL, position BIGINT NOT NULL, kind TEXT NOT NULL, entity BIGINT,
    word TEXT NOT NULL, PRIMARY KEY (document, position)) {compact};
CREATE INDEX loaded_kind ON loaded (kind, document);

{words};
",
    // what is known across articles (see `shelf`), and the documents that it does not know of yet: all, at first
    "
CREATE TABLE record (kind BIGINT NOT NULL, id BIGINT NOT NULL, bytes {blob} NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE posting (kind BIGINT NOT NULL, key BIGINT NOT NULL, member BIGINT NOT NULL,
    PRIMARY KEY (kind, key, member)) {compact};
CREATE TABLE untraced (document {key});
INSERT INTO untraced (document) SELECT id FROM document;
",
    // roles in one letter, states in two; what the readings and entities say anyway, and no question asks, goes
    "
DROP INDEX event_day;
DROP INDEX event_type;
ALTER TABLE event DROP COLUMN word;
ALTER TABLE event DROP COLUMN stated;
ALTER TABLE event DROP COLUMN country;
ALTER TABLE event DROP COLUMN latitude;
ALTER TABLE event DROP COLUMN longitude;
ALTER TABLE statement DROP COLUMN stated;
CREATE INDEX event_type ON event (type);
UPDATE participant SET role = substr(role, 1, 1);
UPDATE link SET role = substr(role, 1, 1);
UPDATE event SET status = substr(status, 1, 2), polarity = substr(polarity, 1, 2);
",
    // members of a set stand together in one row; which ones they were is found anew, from the articles. What most
    // rows of the searchable words are of stands first, where it needs no mark. Types in one letter; an alias that is
    // the entity's name is not folded twice
    "
DROP TABLE posting;
CREATE TABLE posting (kind BIGINT NOT NULL, key BIGINT NOT NULL, part BIGINT NOT NULL, members {blob} NOT NULL,
    PRIMARY KEY (kind, key, part)) {compact};
{reorder_words}
UPDATE event SET type = CASE type
    WHEN 'AGREE' THEN 'a' WHEN 'CONSULT' THEN 'b' WHEN 'SUPPORT' THEN 'c' WHEN 'CONCEDE' THEN 'd'
    WHEN 'COOPERATE' THEN 'e' WHEN 'AID' THEN 'f' WHEN 'RETREAT' THEN 'g' WHEN 'REQUEST' THEN 'h'
    WHEN 'ACCUSE' THEN 'i' WHEN 'REJECT' THEN 'j' WHEN 'THREATEN' THEN 'k' WHEN 'PROTEST' THEN 'l'
    WHEN 'SANCTION' THEN 'm' WHEN 'MOBILIZE' THEN 'n' WHEN 'COERCE' THEN 'o' WHEN 'ASSAULT' THEN 'p' ELSE type END;
UPDATE alias SET folded = '' WHERE EXISTS
    (SELECT 1 FROM entity e WHERE e.id = alias.entity AND e.folded = alias.folded AND e.key LIKE 'word:%');
",
];

/// All tables of a ledger.
#[cfg(feature = "postgres")]
pub const TABLES: [&str; 21] = [
    "isnad",
    "version",
    "outlet",
    "page",
    "document",
    "sighting",
    "reading",
    "history",
    "entity",
    "alias",
    "named",
    "event",
    "participant",
    "thing",
    "statement",
    "link",
    "loaded",
    "words",
    "record",
    "posting",
    "untraced",
];

/// A table that rows are added to.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The columns of a row, in order.
    pub columns: &'static [&'static str],
    /// What to do with a row that is there already; empty where there is none.
    pub conflict: &'static str,
}

impl Table {
    /// The statement that adds one row.
    pub fn insert_one(&self) -> String {
        self.insert_many(1)
    }

    /// The statement that adds so many.
    pub fn insert_many(&self, rows: usize) -> String {
        let width = self.columns.len();
        let row = |r: usize| {
            let places: Vec<String> = (1..=width).map(|c| format!("?{}", r * width + c)).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("INSERT INTO {} ({}) VALUES {} {}", self.name, self.columns.join(", "), rows.join(", "), self.conflict)
    }
}

macro_rules! tables {
    ($($name:ident = $table:literal ($($column:literal),+) $($conflict:literal)?;)+) => {
        $(pub const $name: Table = Table { name: $table, columns: &[$($column),+], conflict: concat!($($conflict)?) };)+
    };
}

tables! {
    VERSION = "version" ("id", "reader", "weights", "lexicon");
    OUTLET = "outlet" ("id", "name", "folded");
    PAGE = "page" ("id", "url");
    DOCUMENT = "document" ("id", "hash", "outlet", "published", "added", "record");
    SIGHTING = "sighting" ("document", "mark", "source_id", "outlet", "page", "published", "author", "path", "kind", "item",
        "raw", "first_seen", "last_seen")
        "ON CONFLICT (document, mark) DO UPDATE SET last_seen = excluded.last_seen";
    READING = "reading" ("document", "version", "made", "events", "statements", "language", "record");
    ENTITY = "entity" ("id", "key", "kind", "name", "folded", "country", "sector", "latitude", "longitude", "level")
        "ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, name = excluded.name, folded = excluded.folded, \
         country = excluded.country, sector = excluded.sector, latitude = excluded.latitude, \
         longitude = excluded.longitude, level = excluded.level";
    ALIAS = "alias" ("entity", "written", "folded", "count")
        "ON CONFLICT (entity, written) DO UPDATE SET count = alias.count + excluded.count";
    NAMED = "named" ("entity", "document", "mentions");
    EVENT = "event" ("id", "document", "type", "mode", "status", "polarity", "statement", "first_day", "last_day", "place");
    PARTICIPANT = "participant" ("entity", "role", "event");
    THING = "thing" ("event", "position", "what", "class", "family", "model", "count", "bound", "part");
    STATEMENT = "statement" ("id", "document", "stance", "direct", "first_day", "last_day");
    LINK = "link" ("statement", "position", "role", "entity");
    LOADED = "loaded" ("document", "position", "kind", "entity", "word");
    RECORD = "record" ("kind", "id", "bytes") "ON CONFLICT (kind, id) DO UPDATE SET bytes = excluded.bytes";
    POSTING = "posting" ("kind", "key", "part", "members")
        "ON CONFLICT (kind, key, part) DO UPDATE SET members = excluded.members";
    UNTRACED = "untraced" ("document") "ON CONFLICT (document) DO NOTHING";
}

/// Looks at what a connection leads to and, for a writer, makes or updates the tables.
pub fn prepare(db: &mut dyn Backend, access: Access) -> Result<()> {
    prepare_with(db, access, &LAYOUTS)
}

fn prepare_with(db: &mut dyn Backend, access: Access, layouts: &[&str]) -> Result<()> {
    let place = db.place().to_string();
    let known = layouts.len() as i64;
    let found = match db.inspect()? {
        Content::Other(why) => return Err(LedgerError::Foreign { place, why }),
        Content::Nothing => 0,
        Content::Ledger => layout(db),
    };
    if found > known {
        return Err(LedgerError::Newer { place, found, known });
    }
    if found < known && access == Access::Read {
        return Err(if found == 0 {
            LedgerError::Missing { place }
        } else {
            LedgerError::Older { place, found, known }
        });
    }
    let dialect = db.dialect();
    for (step, script) in layouts.iter().enumerate().skip(found as usize) {
        let script = script
            .replace("{key}", dialect.key)
            .replace("{blob}", dialect.blob)
            .replace("{compact}", dialect.compact)
            .replace("{words}", dialect.words)
            .replace("{reorder_words}", dialect.reorder_words);
        db.begin()?;
        let done = db.run(&script).and_then(|()| {
            db.execute("DELETE FROM isnad WHERE name = 'layout'", &[])?;
            db.execute("INSERT INTO isnad (name, value) VALUES ('layout', ?1)", &[Value::Int(step as i64 + 1)])?;
            db.run("COMMIT")
        });
        if let Err(e) = done {
            let _ = db.run("ROLLBACK");
            return Err(e);
        }
    }
    Ok(())
}

/// The layout that a ledger has; none where its first one was cut short.
fn layout(db: &mut dyn Backend) -> i64 {
    let rows = db.query("SELECT value FROM isnad WHERE name = 'layout'", &[]);
    rows.ok().and_then(|mut rows| rows.first_mut().and_then(Row::int)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Document, EventType, Polarity, Status};
    use reader::Reader;

    use super::*;
    use crate::flat::{brief, letter};
    use crate::location::Location;
    use crate::packing::Kind;
    use crate::shadow::Shadow;
    use crate::{Cache, DocumentId, Entry, Filter, Ledger, Paging, Read, RecordKind, Version, WriteOptions, Writer};

    #[test]
    fn older_layouts_are_brought_up_to_date_and_newer_ones_refused() {
        let dir = tempfile::tempdir().unwrap();
        let place = Location::File(dir.path().join("l"));
        let mut layouts = LAYOUTS.to_vec();
        let open = |access, layouts: &[&str]| {
            let mut db = crate::backend::connect(&place, access)?;
            if access == Access::Write {
                db.lock(0, &mut |_| ())?;
            }
            prepare_with(&mut *db, access, layouts)?;
            Ok::<_, LedgerError>(db)
        };
        drop(open(Access::Write, &layouts).unwrap());
        layouts.push("ALTER TABLE document ADD COLUMN note TEXT; CREATE TABLE happening (id {key})");
        assert!(matches!(open(Access::Read, &layouts), Err(LedgerError::Older { found: 4, known: 5, .. })));
        let mut db = open(Access::Write, &layouts).unwrap();
        db.query("SELECT note FROM document", &[]).unwrap();
        drop(db);
        drop(open(Access::Read, &layouts).unwrap());
        for access in [Access::Read, Access::Write] {
            assert!(matches!(open(access, &LAYOUTS), Err(LedgerError::Newer { found: 5, known: 4, .. })));
        }
    }

    #[test]
    fn a_layout_that_fails_leaves_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let mut db = crate::backend::connect(&Location::File(dir.path().join("l")), Access::Write).unwrap();
        db.lock(0, &mut |_| ()).unwrap();
        prepare_with(&mut *db, Access::Write, &LAYOUTS).unwrap();
        let mut layouts = LAYOUTS.to_vec();
        layouts.push("CREATE TABLE a (x BIGINT); NONSENSE");
        assert!(prepare_with(&mut *db, Access::Write, &layouts).is_err());
        assert_eq!(layout(&mut *db), LAYOUTS.len() as i64);
        assert!(db.query("SELECT x FROM a", &[]).is_err());
    }

    #[test]
    fn a_ledger_of_before_tracing_has_all_its_documents_still_to_be_traced() {
        let dir = tempfile::tempdir().unwrap();
        let place = Location::File(dir.path().join("l"));
        let mut db = crate::backend::connect(&place, Access::Write).unwrap();
        db.lock(0, &mut |_| ()).unwrap();
        prepare_with(&mut *db, Access::Write, &LAYOUTS[..1]).unwrap();
        db.run("INSERT INTO document (id, hash, added, record) VALUES (1, x'01', 0, x'00'), (2, x'02', 0, x'00')")
            .unwrap();
        prepare(&mut *db, Access::Write).unwrap();
        let waiting = db.query("SELECT document FROM untraced ORDER BY document", &[]).unwrap();
        assert_eq!(waiting.into_iter().filter_map(|mut r| r.int()).collect::<Vec<_>>(), [1, 2]);
    }

    /// Rows of a ledger of now in an earlier layout, as the program of that time would have written them.
    fn earlier(place: &Location, layout: usize, now: &std::path::Path, shadows: &[Shadow]) {
        let mut db = crate::backend::connect(place, Access::Write).unwrap();
        db.lock(0, &mut |_| ()).unwrap();
        prepare_with(&mut *db, Access::Write, &LAYOUTS[..layout]).unwrap();
        db.run(&format!("ATTACH '{}' AS now", now.display())).unwrap();
        let full = layout < 3;
        let case = |column: &str, pairs: &[(&str, &str)]| {
            let arms: Vec<String> = pairs.iter().map(|(now, then)| format!("WHEN '{now}' THEN '{then}'")).collect();
            format!("CASE {column} {} END", arms.join(" "))
        };
        let types: Vec<(&str, &str)> = EventType::ALL.iter().map(|k| (letter(*k), k.code())).collect();
        let statuses: Vec<(&str, &str)> = Status::ALL.iter().map(|s| (brief(s.code()), s.code())).collect();
        let polarities: Vec<(&str, &str)> = Polarity::ALL.iter().map(|p| (brief(p.code()), p.code())).collect();
        let roles = [("a", "actor"), ("r", "recipient"), ("p", "place"), ("o", "origin"), ("v", "via")];
        let then = |column: &str, pairs: &[(&str, &str)]| if full { case(column, pairs) } else { column.to_string() };
        for table in [
            "version", "outlet", "page", "document", "sighting", "reading", "history", "entity", "named", "thing",
            "loaded",
        ] {
            db.run(&format!("INSERT INTO main.{table} SELECT * FROM now.{table}")).unwrap();
        }
        db.run(
            "INSERT INTO main.alias SELECT a.entity, a.written, CASE a.folded WHEN '' THEN e.folded ELSE a.folded END, a.count \
             FROM now.alias a JOIN now.entity e ON e.id = a.entity",
        )
        .unwrap();
        db.run(&format!(
            "INSERT INTO main.event (id, document, type, mode, status, polarity, statement, first_day, last_day, place {}) \
             SELECT id, document, {}, mode, {}, {}, statement, first_day, last_day, place {} FROM now.event",
            if full { ", word" } else { "" },
            case("type", &types),
            then("status", &statuses),
            then("polarity", &polarities),
            if full { ", 'word'" } else { "" },
        ))
        .unwrap();
        db.run(&format!(
            "INSERT INTO main.participant SELECT entity, {0}, event FROM now.participant; \
             INSERT INTO main.link SELECT statement, position, {0}, entity FROM now.link; \
             INSERT INTO main.statement (id, document, stance, direct, first_day, last_day) \
             SELECT id, document, stance, direct, first_day, last_day FROM now.statement",
            then("role", &roles),
        ))
        .unwrap();
        for (i, s) in shadows.iter().enumerate() {
            let words = [&s.title, &s.body, &s.title_stems, &s.body_stems].map(|s| Value::text(s));
            let mut row = vec![Value::Int(i as i64 + 1)];
            row.extend(words);
            db.execute(
                "INSERT INTO words (rowid, title, body, title_stems, body_stems) VALUES (?1, ?2, ?3, ?4, ?5)",
                &row,
            )
            .unwrap();
        }
        if full {
            // packed without dictionaries
            for (table, key, kind) in [("document", "id", Kind::Document), ("reading", "document", Kind::Reading)] {
                for mut row in db.query(&format!("SELECT {key}, record FROM {table}"), &[]).unwrap() {
                    let (id, record) = (row.int().unwrap(), row.blob().unwrap());
                    let json: serde_json::Value = kind.unpack(&record).unwrap();
                    let packed = zstd::bulk::compress(&serde_json::to_vec(&json).unwrap(), 3).unwrap();
                    let sql = format!("UPDATE {table} SET record = ?2 WHERE {key} = ?1");
                    db.execute(&sql, &[id.into(), Value::Blob(packed)]).unwrap();
                }
            }
        }
        if layout >= 2 {
            // mark, number, length, bytes
            let mut block = vec![0];
            block.extend_from_slice(&7u64.to_le_bytes());
            block.extend_from_slice(&4u32.to_le_bytes());
            block.extend_from_slice(b"kept");
            db.execute("INSERT INTO record (kind, id, bytes) VALUES (6, 7, ?1)", &[Value::Blob(block)]).unwrap();
            db.run("INSERT INTO posting (kind, key, member) VALUES (5, 3, 7); INSERT INTO untraced SELECT * FROM now.untraced")
                .unwrap();
        }
        db.run("DETACH now").unwrap();
    }

    #[test]
    fn ledgers_of_every_earlier_layout_become_those_of_now() {
        let engine = Arc::new(reader::Engine::new(lexicon_data::open(), None, &weights::open()).unwrap());
        let mut reader = Reader::new(&engine);
        let one = |id: &str, title: Option<&str>, text: &str| Document {
            id: id.into(),
            title: title.map(Into::into),
            text: text.into(),
            outlet: Some("وكالة الضفة".into()),
            published: Some("2021-03-05".into()),
            url: Some(format!("https://delta.example/{id}")),
            ..Document::default()
        };
        let documents = [
            one(
                "a",
                Some("وصول شحنة أسلحة"),
                "قال وزير الدفاع الليبي إن روسيا أرسلت ثماني مقاتلات على الأقل إلى ليبيا أمس. ونفت الخارجية الروسية ذلك.",
            ),
            one("b", None, "قصفت طائرات حربية مواقع في مدينة حلب يوم 2 مارس 2021، بحسب ما نقلت صحيفة المرفأ عن شهود."),
            // without a word
            one("c", None, "★ ★"),
        ];
        let shadows: Vec<Shadow> = documents.iter().map(|d| Shadow::of(&mut reader, d)).collect();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("now");
        let version = Version { reader: "1".into(), weights: "w".into(), lexicon: "x".into() };
        let write =
            |place: &Location| Writer::open(place, &version, WriteOptions { wait: 0, waiting: &mut |_| () }).unwrap();
        let mut writer = write(&Location::File(path.clone()));
        let entries = (documents.iter().zip(&shadows))
            .map(|(d, shadow)| {
                let reading = reader.read(d);
                Entry::new(DocumentId::of(d), d, Read::new(d, &reading, shadow.clone()), Some([7; 32]))
            })
            .collect();
        writer.add(entries).unwrap();
        writer.shelve(&[1], |_| Ok::<_, LedgerError>(())).unwrap();
        writer.finish().unwrap();

        let mut answers = |place: &Location| {
            let mut ledger = Ledger::open(place).unwrap();
            let (filter, paging) = (Filter::default(), Paging::default());
            let mut all = vec![
                format!("{:?}", ledger.events(&filter, &paging).unwrap().rows),
                format!("{:?}", ledger.statements(&filter, &paging).unwrap().rows),
                format!("{:?}", ledger.actors(&filter, None, &paging).unwrap().rows),
            ];
            for query in ["مقاتلات", "\"مدينة حلب\"", "title:أسلحة", "الطائرة", "ليبيا outlet:الضفة"]
            {
                all.push(format!("{:?}", ledger.search(query, &filter, &paging, &mut reader).unwrap().rows));
            }
            all
        };
        let wanted = answers(&Location::File(path.clone()));
        assert!(wanted[0].contains("Aid"), "{}", wanted[0]);
        for layout in 1..LAYOUTS.len() {
            let place = Location::File(dir.path().join(format!("layout-{layout}")));
            earlier(&place, layout, &path, &shadows);
            assert!(matches!(Ledger::open(&place), Err(LedgerError::Older { found, .. }) if found == layout as i64));
            let mut writer = write(&place);
            let db = writer.ledger().db();
            db.run(&format!("ATTACH '{}' AS now", path.display())).unwrap();
            let same = [
                (&VERSION, ""),
                (&OUTLET, ""),
                (&PAGE, ""),
                (&DOCUMENT, "record"),
                (&SIGHTING, ""),
                (&READING, "record"),
                (&ENTITY, ""),
                (&ALIAS, ""),
                (&NAMED, ""),
                (&EVENT, ""),
                (&PARTICIPANT, ""),
                (&THING, ""),
                (&STATEMENT, ""),
                (&LINK, ""),
                (&LOADED, ""),
            ];
            for (table, but) in same {
                let columns: Vec<&str> = table.columns.iter().copied().filter(|c| *c != but).collect();
                let columns = columns.join(", ");
                for (a, b) in [("main", "now"), ("now", "main")] {
                    let sql = format!("SELECT {columns} FROM {a}.{0} EXCEPT SELECT {columns} FROM {b}.{0}", table.name);
                    let others = db.query(&sql, &[]).unwrap();
                    assert!(others.is_empty(), "layout {layout}: {} of {a}: {others:?}", table.name);
                }
            }
            let sql = "SELECT name FROM now.sqlite_master WHERE name NOT LIKE 'sqlite_%' EXCEPT SELECT name FROM main.sqlite_master";
            assert!(db.query(sql, &[]).unwrap().is_empty(), "layout {layout}");
            db.run("DETACH now").unwrap();
            // before there was tracing nothing had been traced; of later ledgers the user's decisions stay
            let waiting = if layout == 1 { vec![1, 2, 3] } else { vec![2, 3] };
            assert_eq!(writer.ledger().untraced(0, 10).unwrap(), waiting);
            let mut cache = Cache::default();
            let kept = writer.ledger().shelf(&mut cache).get(RecordKind { code: 6, within: 0 }, &[7]).unwrap();
            assert_eq!(kept, [(layout >= 2).then(|| b"kept".to_vec())]);
            drop(writer);
            assert_eq!(answers(&place), wanted, "layout {layout}");
            let mut ledger = Ledger::open(&place).unwrap();
            let faults: Vec<_> = ledger.held(0, 10).unwrap().0.iter().flat_map(crate::check).collect();
            assert!(faults.is_empty(), "layout {layout}: {faults:?}");
            assert!(ledger.database_faults().unwrap().is_empty());
        }
    }
}
