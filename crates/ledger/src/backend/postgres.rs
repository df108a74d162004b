//! PostgreSQL: one ledger for a team.

use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use super::{Access, Asked, Backend, Content, Dialect, Waiting};
use crate::error::{LedgerError, Result};
use crate::query::{Expression, tsquery};
use crate::schema::Table;
use crate::shadow::Shadow;
use crate::value::{Row, Value};

/// Number of the advisory lock that the writer holds: "isnd" and the layout of the lock.
const LOCK: i64 = 0x6973_6e64_0001;

/// Most parameters of one statement.
const PARAMETERS: usize = 60_000;

static DIALECT: Dialect = Dialect {
    blob: "BYTEA",
    key: "BIGINT PRIMARY KEY",
    compact: "",
    words: "CREATE TABLE words (document BIGINT PRIMARY KEY, vector TSVECTOR NOT NULL); \
            CREATE INDEX words_vector ON words USING GIN (vector)",
    reorder_words: "",
    words_key: "document",
};

pub struct Postgres {
    client: Client,
    place: String,
    statements: HashMap<String, Statement>,
}

impl Postgres {
    pub fn open(url: &str, place: String, access: Access) -> Result<Self> {
        let unreachable = |e: &postgres::Error| LedgerError::Unreachable {
            place: place.clone(),
            why: told(e),
            remedy: "the address is postgres://USER:PASSWORD@HOST:PORT/DATABASE; the database must exist (createdb)",
        };
        let mut config: postgres::Config = url.parse().map_err(|e| unreachable(&e))?;
        config.application_name(&super::super::write::signature().chars().take(60).collect::<String>());
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(15));
        }
        let client = config.connect(NoTls).map_err(|e| unreachable(&e))?;
        let mut out = Self { client, place, statements: HashMap::new() };
        if access == Access::Read {
            out.run("SET default_transaction_read_only = on")?;
        }
        Ok(out)
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement> {
        if let Some(s) = self.statements.get(sql) {
            return Ok(s.clone());
        }
        if self.statements.len() > 200 {
            self.statements.clear();
        }
        let own = numbered(sql);
        let statement = self.client.prepare(&own).map_err(|e| explain(&self.place, &e))?;
        self.statements.insert(sql.to_string(), statement.clone());
        Ok(statement)
    }

    fn copy(&mut self, sql: &str, text: &[u8]) -> Result<()> {
        let mut copy = || -> std::result::Result<(), CopyError> {
            let mut writer = self.client.copy_in(sql)?;
            writer.write_all(text)?;
            writer.finish()?;
            Ok(())
        };
        match copy() {
            Ok(()) => Ok(()),
            Err(CopyError::Database(e)) => Err(explain(&self.place, &e)),
            Err(CopyError::Io(e)) => Err(match e.get_ref().and_then(|e| e.downcast_ref::<postgres::Error>()) {
                Some(e) => explain(&self.place, e),
                None => LedgerError::Database { place: self.place.clone(), why: e.to_string() },
            }),
        }
    }
}

enum CopyError {
    Database(postgres::Error),
    Io(std::io::Error),
}

impl From<postgres::Error> for CopyError {
    fn from(e: postgres::Error) -> Self {
        Self::Database(e)
    }
}

impl From<std::io::Error> for CopyError {
    fn from(e: std::io::Error) -> Self {
        Self::Io(e)
    }
}

impl Backend for Postgres {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn place(&self) -> &str {
        &self.place
    }

    fn run(&mut self, script: &str) -> Result<()> {
        self.client.batch_execute(script).map_err(|e| explain(&self.place, &e))
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        self.client.execute(&statement, &values).map_err(|e| explain(&self.place, &e))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        let rows = self.client.query(&statement, &values).map_err(|e| explain(&self.place, &e))?;
        rows.iter().map(|r| row(r).map_err(|e| explain(&self.place, &e))).collect()
    }

    fn insert(&mut self, table: &Table, rows: &mut Vec<Vec<Value>>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        if table.conflict.is_empty() {
            let mut text = String::new();
            for row in rows.drain(..) {
                for (i, value) in row.iter().enumerate() {
                    if i > 0 {
                        text.push('\t');
                    }
                    copied(value, &mut text);
                }
                text.push('\n');
            }
            return self
                .copy(&format!("COPY {} ({}) FROM STDIN", table.name, table.columns.join(", ")), text.as_bytes());
        }
        for chunk in rows.chunks(PARAMETERS / table.columns.len().max(1)) {
            let sql = table.insert_many(chunk.len());
            let values: Vec<&(dyn ToSql + Sync)> = chunk.iter().flatten().map(|v| v as _).collect();
            self.client.execute(&numbered(&sql), &values).map_err(|e| explain(&self.place, &e))?;
        }
        rows.clear();
        Ok(())
    }

    fn index(&mut self, words: &mut Vec<(i64, Shadow)>, fresh: bool) -> Result<()> {
        if words.is_empty() {
            return Ok(());
        }
        if !fresh {
            let documents: Vec<String> = words.iter().map(|w| w.0.to_string()).collect();
            self.run(&format!("DELETE FROM words WHERE document IN ({})", documents.join(",")))?;
        }
        let mut text = String::new();
        for (document, shadow) in words.drain(..) {
            let _ = write!(text, "{document}\t");
            copied(&Value::Text(shadow.vector().into()), &mut text);
            text.push('\n');
        }
        self.copy("COPY words (document, vector) FROM STDIN", text.as_bytes())
    }

    fn search(&self, expression: &Expression) -> Asked {
        Asked {
            condition: "words.vector @@ CAST(CAST(?1 AS TEXT) AS tsquery)",
            rank: "-ts_rank('{0.2, 0.2, 0.2, 1.0}', words.vector, CAST(CAST(?1 AS TEXT) AS tsquery), 1)",
            expression: tsquery(expression),
        }
    }

    fn inspect(&mut self) -> Result<Content> {
        let rows = self.query(
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()",
            &[],
        )?;
        let names: Vec<String> = rows.into_iter().filter_map(|mut r| r.text()).collect();
        let ours = |n: &str| names.iter().any(|t| t == n);
        Ok(if ours("isnad") && ours("document") {
            Content::Ledger
        } else if let Some(n) = names.iter().find(|n| crate::schema::TABLES.contains(&n.as_str())) {
            Content::Other(format!("a schema with a table {n:?} of something else"))
        } else {
            Content::Nothing
        })
    }

    fn lock(&mut self, seconds: u64, waiting: &mut Waiting<'_>) -> Result<()> {
        let begun = Instant::now();
        let mut told = false;
        // one lock a schema: two ledgers in one database do not wait for each other
        let key = format!("hashtextextended(current_schema(), {LOCK})");
        loop {
            let got = self.query(&format!("SELECT CAST(pg_try_advisory_lock({key}) AS TEXT)"), &[])?;
            if got.into_iter().next().and_then(|mut r| r.text()).as_deref() == Some("true") {
                return Ok(());
            }
            let rows = self.query(
                &format!(
                    "SELECT CAST(a.application_name || coalesce(' from ' || host(a.client_addr), '') AS TEXT) \
                     FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
                     WHERE l.locktype = 'advisory' AND l.granted \
                     AND ((CAST(CAST(l.classid AS BIGINT) AS BIGINT) << 32) | CAST(l.objid AS BIGINT)) = {key}"
                ),
                &[],
            )?;
            let who = rows.into_iter().find_map(|mut r| r.text()).unwrap_or_else(|| "another session".into());
            if begun.elapsed().as_secs() >= seconds {
                return Err(LedgerError::Busy { place: self.place.clone(), who, waited: seconds });
            }
            if !told {
                waiting(&who);
                told = true;
            }
            std::thread::sleep(Duration::from_millis(150));
        }
    }

    fn begin(&mut self) -> Result<()> {
        self.run("BEGIN")
    }

    fn faults(&mut self) -> Result<Vec<String>> {
        // the server keeps its own checksums; amcheck is for its administrator
        Ok(Vec::new())
    }

    fn size(&mut self) -> Result<u64> {
        let rows = self.query(
            "SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT) FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = current_schema()",
            &[],
        )?;
        Ok(rows.into_iter().next().and_then(|mut r| r.int()).unwrap_or(0) as u64)
    }

    fn settle(&mut self) -> Result<()> {
        self.run("ANALYZE")
    }
}

/// `?1` → `$1`.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT4) => return i32::try_from(*n)?.to_sql(ty, out),
            (Self::Int(n), &Type::FLOAT8) => return (*n as f64).to_sql(ty, out),
            (Self::Int(n), _) => return n.to_sql(&Type::INT8, out),
            (Self::Real(n), _) => return n.to_sql(&Type::FLOAT8, out),
            (Self::Text(s), _) => out.extend_from_slice(s.as_bytes()),
            (Self::Blob(b), _) => out.extend_from_slice(b),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn row(r: &postgres::Row) -> std::result::Result<Row, postgres::Error> {
    let mut out = Vec::with_capacity(r.len());
    for (i, column) in r.columns().iter().enumerate() {
        out.push(match *column.type_() {
            Type::INT8 => r.try_get::<_, Option<i64>>(i)?.map_or(Value::Null, Value::Int),
            Type::INT4 => r.try_get::<_, Option<i32>>(i)?.map_or(Value::Null, |n| Value::Int(n.into())),
            Type::FLOAT8 => r.try_get::<_, Option<f64>>(i)?.map_or(Value::Null, Value::Real),
            Type::FLOAT4 => r.try_get::<_, Option<f32>>(i)?.map_or(Value::Null, |n| Value::Real(n.into())),
            Type::BYTEA => r.try_get::<_, Option<Vec<u8>>>(i)?.map_or(Value::Null, Value::Blob),
            _ => r.try_get::<_, Option<String>>(i)?.map_or(Value::Null, |s| Value::Text(s.into())),
        });
    }
    Ok(Row::new(out))
}

/// A value as COPY reads it.
fn copied(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("\\N"),
        Value::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Real(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Text(s) => {
            for c in s.chars() {
                match c {
                    '\\' => out.push_str("\\\\"),
                    '\t' => out.push_str("\\t"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    c => out.push(c),
                }
            }
        }
        Value::Blob(b) => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.push_str("\\\\x");
            out.reserve(b.len() * 2);
            for byte in b {
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

fn told(e: &postgres::Error) -> String {
    match (e.as_db_error(), e.source()) {
        (Some(d), _) => d.message().to_string(),
        (None, Some(s)) => s.to_string(),
        (None, None) => e.to_string(),
    }
}

fn explain(place: &str, e: &postgres::Error) -> LedgerError {
    let place = place.to_string();
    let why = told(e);
    let Some(code) = e.code() else {
        return LedgerError::Unreachable {
            place,
            why,
            remedy: "the connection was lost; what was committed is safe, run the same command again",
        };
    };
    if *code == SqlState::DISK_FULL {
        LedgerError::Full { place, why }
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION || *code == SqlState::INSUFFICIENT_PRIVILEGE {
        LedgerError::ReadOnly { place, why }
    } else if *code == SqlState::LOCK_NOT_AVAILABLE {
        LedgerError::Busy { place, who: "another session".into(), waited: 0 }
    } else if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED {
        LedgerError::Damaged { place, why }
    } else {
        LedgerError::Database { place, why }
    }
}
