//! SQLite: one file, many readers beside one writer (write-ahead log).

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, params_from_iter};

use super::{Access, Asked, Backend, Content, Dialect, Waiting};
use crate::error::{LedgerError, Result};
use crate::query::{Expression, fts5};
use crate::schema::Table;
use crate::shadow::Shadow;
use crate::value::{Row, Value};

/// "isnd": marks the file as a ledger.
const APPLICATION: i64 = 0x6973_6e64;

/// How long a statement waits for another program that holds the file, beyond our own lock.
const PATIENCE: Duration = Duration::from_secs(30);

static DIALECT: Dialect = Dialect {
    blob: "BLOB",
    key: "INTEGER PRIMARY KEY",
    compact: "WITHOUT ROWID",
    // the words come folded, cut and joined by spaces; the `ascii` tokenizer only has to cut at those
    words: "CREATE VIRTUAL TABLE words USING fts5(title, body, title_stems, body_stems, \
            content='', contentless_delete=1, tokenize='ascii')",
    // FTS5 marks every column in a list of places but the first; a document without a word has its row all the same
    reorder_words: "
CREATE VIRTUAL TABLE temp.instance USING fts5vocab('main', 'words', 'instance');
CREATE VIRTUAL TABLE words_now USING fts5(body, body_stems, title, title_stems,
    content='', contentless_delete=1, tokenize='ascii');
INSERT INTO words_now (rowid, body, body_stems, title, title_stems)
    SELECT doc, group_concat(term, ' ') FILTER (WHERE col = 'body'),
        group_concat(term, ' ') FILTER (WHERE col = 'body_stems'),
        group_concat(term, ' ') FILTER (WHERE col = 'title'),
        group_concat(term, ' ') FILTER (WHERE col = 'title_stems')
    FROM (SELECT doc, col, offset, term FROM temp.instance ORDER BY doc, col, offset) GROUP BY doc;
INSERT INTO words_now (rowid, body) SELECT document, '' FROM reading WHERE document NOT IN (SELECT rowid FROM words_now);
DROP TABLE temp.instance;
DROP TABLE words;
ALTER TABLE words_now RENAME TO words;",
    words_key: "rowid",
};

pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    place: String,
    access: Access,
    lock: Option<File>,
}

impl Sqlite {
    pub fn open(path: &Path, access: Access) -> Result<Self> {
        let place = path.display().to_string();
        if path.is_dir() {
            return Err(LedgerError::Foreign { place, why: "a folder".into() });
        }
        if access == Access::Read && !path.exists() {
            return Err(LedgerError::Missing { place });
        }
        let open = |flags, name: &Path| -> rusqlite::Result<Connection> {
            let c = Connection::open_with_flags(name, flags)?;
            c.busy_timeout(PATIENCE)?;
            c.set_prepared_statement_cache_capacity(128);
            // the first touch of the file: shows what it is and whether it can be used
            c.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
            Ok(c)
        };
        let shared = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = match access {
            Access::Write => open(shared | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, path),
            Access::Read => open(shared | OpenFlags::SQLITE_OPEN_READ_ONLY, path).or_else(|e| {
                // a folder that cannot be written lets no log be shared: nobody writes there, so none is needed
                if !matches!(e.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)) {
                    return Err(e);
                }
                let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
                open(shared | OpenFlags::SQLITE_OPEN_READ_ONLY, Path::new(&format!("file:{name}?immutable=1")))
            }),
        };
        let connection = connection.map_err(|e| explain(&place, &e))?;
        let mut out = Self { connection, path: path.to_path_buf(), place, access, lock: None };
        // each thread that adds reads over a connection of its own, for single rows; a writer may have to sort a whole
        // ledger, to bring it up to date
        out.run(match access {
            Access::Write => "PRAGMA temp_store = FILE; PRAGMA cache_size = -32768;",
            Access::Read => "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;",
        })?;
        Ok(out)
    }

    fn fail<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|e| explain(&self.place, &e))
    }

    fn beside(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".lock");
        name.into()
    }
}

impl Backend for Sqlite {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn place(&self) -> &str {
        &self.place
    }

    fn run(&mut self, script: &str) -> Result<()> {
        self.fail(self.connection.execute_batch(script))
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64> {
        let done = self.connection.prepare_cached(sql).and_then(|mut s| s.execute(params_from_iter(values)));
        self.fail(done.map(|n| n as u64))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let ask = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let columns = statement.column_count();
            let mut rows = statement.query(params_from_iter(values))?;
            let mut out = Vec::new();
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|i| Ok(value(row.get_ref(i)?))).collect::<rusqlite::Result<_>>()?;
                out.push(Row::new(values));
            }
            Ok(out)
        };
        self.fail(ask())
    }

    fn insert(&mut self, table: &Table, rows: &mut Vec<Vec<Value>>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let add = |rows: &mut Vec<Vec<Value>>| {
            let mut statement = self.connection.prepare_cached(&table.insert_one())?;
            for row in rows.drain(..) {
                statement.execute(params_from_iter(row))?;
            }
            Ok(())
        };
        self.fail(add(rows))
    }

    fn index(&mut self, words: &mut Vec<(i64, Shadow)>, fresh: bool) -> Result<()> {
        // FTS5 looks for what it is to replace, at some cost
        let sql = if fresh {
            "INSERT INTO words(rowid, title, body, title_stems, body_stems) VALUES (?1, ?2, ?3, ?4, ?5)"
        } else {
            "INSERT OR REPLACE INTO words(rowid, title, body, title_stems, body_stems) VALUES (?1, ?2, ?3, ?4, ?5)"
        };
        let mut add = || {
            let mut add = self.connection.prepare_cached(sql)?;
            for (document, shadow) in words.drain(..) {
                add.execute(rusqlite::params![
                    document,
                    shadow.title,
                    shadow.body,
                    shadow.title_stems,
                    shadow.body_stems
                ])?;
            }
            Ok(())
        };
        self.fail(add())
    }

    fn search(&self, expression: &Expression) -> Asked {
        Asked { condition: "words MATCH ?1", rank: "bm25(words, 1.0, 0.8, 4.0, 3.2)", expression: fts5(expression) }
    }

    fn inspect(&mut self) -> Result<Content> {
        let mut one =
            |sql: &str| -> Result<i64> { Ok(self.query(sql, &[])?.first_mut().and_then(Row::int).unwrap_or(0)) };
        let application = one("PRAGMA application_id")?;
        if application == APPLICATION {
            return Ok(Content::Ledger);
        }
        if application != 0 {
            return Ok(Content::Other("a database of another program".into()));
        }
        Ok(match one("SELECT count(*) FROM sqlite_master")? {
            0 => Content::Nothing,
            n => Content::Other(format!("a database with {n} tables and indexes of something else")),
        })
    }

    fn lock(&mut self, seconds: u64, waiting: &mut Waiting<'_>) -> Result<()> {
        let name = self.beside();
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&name).map_err(|e| match e
                .kind()
            {
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                    LedgerError::ReadOnly { place: self.place.clone(), why: format!("{}: {e}", name.display()) }
                }
                std::io::ErrorKind::StorageFull => LedgerError::Full { place: self.place.clone(), why: e.to_string() },
                _ => LedgerError::Beside { path: name.clone(), source: e },
            })?;
        let begun = Instant::now();
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(source)) => return Err(LedgerError::Beside { path: name, source }),
                Err(TryLockError::WouldBlock) => {}
            }
            let mut who = String::new();
            let read = file.seek(SeekFrom::Start(0)).and_then(|_| (&file).take(1000).read_to_string(&mut who));
            let who = who.trim();
            let who = if read.is_err() || who.is_empty() { "another process" } else { who };
            if begun.elapsed().as_secs() >= seconds {
                return Err(LedgerError::Busy { place: self.place.clone(), who: who.into(), waited: seconds });
            }
            if !told {
                waiting(who);
                told = true;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        // who we are, for those who wait; that it cannot be written does no harm
        let _ = file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0)));
        let _ = file.write_all(super::super::write::signature().as_bytes());
        self.lock = Some(file);
        // only whoever may write sets these up; the size of pages counts for a new file only: rows of two or three
        // kilobytes leave little of such a page empty
        self.run("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;")?;
        if self.inspect()? == Content::Nothing {
            self.run(&format!("PRAGMA application_id = {APPLICATION}"))?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<()> {
        self.run("BEGIN IMMEDIATE")
    }

    fn faults(&mut self) -> Result<Vec<String>> {
        let rows = self.query("PRAGMA integrity_check(100)", &[])?;
        Ok(rows.into_iter().filter_map(|mut r| r.text()).filter(|t| t != "ok").collect())
    }

    fn size(&mut self) -> Result<u64> {
        let of = |suffix: &str| {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            std::fs::metadata(name).map_or(0, |m| m.len())
        };
        Ok(of("") + of("-wal"))
    }

    fn settle(&mut self) -> Result<()> {
        self.run("PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002; PRAGMA wal_checkpoint(TRUNCATE);")
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        if let Some(file) = self.lock.take() {
            let _ = file.set_len(0);
        }
        debug_assert!(self.access == Access::Write || self.lock.is_none());
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Real(n) => ValueRef::Real(*n),
            Self::Text(s) => ValueRef::Text(s.as_bytes()),
            Self::Blob(b) => ValueRef::Blob(b),
        }))
    }
}

fn value(v: ValueRef<'_>) -> Value {
    match v {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(n) => Value::Real(n),
        ValueRef::Text(s) => Value::Text(String::from_utf8_lossy(s).into_owned().into()),
        ValueRef::Blob(b) => Value::Blob(b.to_vec()),
    }
}

fn explain(place: &str, e: &rusqlite::Error) -> LedgerError {
    let place = place.to_string();
    let why = e.to_string();
    match e.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => LedgerError::Full { place, why },
        Some(ErrorCode::ReadOnly) => LedgerError::ReadOnly { place, why },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            LedgerError::Busy { place, who: "another program".into(), waited: PATIENCE.as_secs() }
        }
        Some(ErrorCode::NotADatabase) => LedgerError::Foreign { place, why },
        Some(ErrorCode::DatabaseCorrupt) => LedgerError::Damaged { place, why },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => LedgerError::Unreachable {
            place,
            why,
            remedy: "the folder must exist and be writable for adding, the file readable for questions",
        },
        _ => LedgerError::Database { place, why },
    }
}
