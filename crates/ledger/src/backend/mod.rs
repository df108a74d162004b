//! What differs between the databases; everything above speaks one SQL.
//!
//! SQL is written with `?1, ?2, …`. Column types are `BIGINT`, `DOUBLE PRECISION` and `TEXT` in both; what has no common
//! word stands in [`Dialect`].

#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

use crate::error::Result;
use crate::location::Location;
use crate::query::Expression;
use crate::schema::Table;
use crate::shadow::Shadow;
use crate::value::{Row, Value};

/// Words that the databases do not share.
#[derive(Debug)]
pub struct Dialect {
    /// Type of byte strings.
    pub blob: &'static str,
    /// Type of a key that is the row's own number.
    pub key: &'static str,
    /// What follows a table that is kept in the order of its primary key.
    pub compact: &'static str,
    /// Makes the table of searchable words.
    pub words: &'static str,
    /// Brings that table of an older ledger into the order of columns that it has now.
    pub reorder_words: &'static str,
    /// Column of that table that holds the document's number.
    pub words_key: &'static str,
}

/// A search as one database asks it.
#[derive(Debug)]
pub struct Asked {
    /// Condition on the table `words`, with the first parameter.
    pub condition: &'static str,
    /// Rank of a hit, the best least.
    pub rank: &'static str,
    /// The first parameter.
    pub expression: String,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Questions. Any number at once, also beside a writer.
    Read,
    /// Additions. One at a time.
    Write,
}

/// Told once, with the other writer's name, when the way is not free at once.
pub type Waiting<'a> = dyn FnMut(&str) + 'a;

/// One connection to one database.
pub trait Backend: Send {
    /// The words of its own.
    fn dialect(&self) -> &'static Dialect;

    /// Where it is, fit for messages.
    fn place(&self) -> &str;

    /// Runs statements without parameters.
    fn run(&mut self, script: &str) -> Result<()>;

    /// Runs one statement; gives the number of rows changed.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64>;

    /// Asks.
    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>>;

    /// Adds rows to a table and empties the list.
    fn insert(&mut self, table: &Table, rows: &mut Vec<Vec<Value>>) -> Result<()>;

    /// Makes the words of these documents searchable: new ones (`fresh`), or in place of what was known of them.
    fn index(&mut self, words: &mut Vec<(i64, Shadow)>, fresh: bool) -> Result<()>;

    /// How it asks for a search.
    fn search(&self, expression: &Expression) -> Asked;

    /// Whether the database holds tables of someone else, or none: the layout's version is asked afterwards.
    fn inspect(&mut self) -> Result<Content>;

    /// Makes this connection the only writer; waits at most `seconds`.
    fn lock(&mut self, seconds: u64, waiting: &mut Waiting<'_>) -> Result<()>;

    /// Begins a transaction that will write.
    fn begin(&mut self) -> Result<()>;

    /// Faults that the database itself finds in its files.
    fn faults(&mut self) -> Result<Vec<String>>;

    /// Bytes that the ledger takes.
    fn size(&mut self) -> Result<u64>;

    /// Brings statistics up to date and writes back what can wait, after much was added.
    fn settle(&mut self) -> Result<()>;
}

/// What a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A ledger.
    Ledger,
    /// Something else.
    Other(String),
}

/// Opens a connection. A file is made only for [`Access::Write`].
pub fn connect(location: &Location, access: Access) -> Result<Box<dyn Backend>> {
    match location {
        Location::File(path) => Ok(Box::new(sqlite::Sqlite::open(path, access)?)),
        #[cfg(feature = "postgres")]
        Location::Server(url) => Ok(Box::new(postgres::Postgres::open(url, location.to_string(), access)?)),
        #[cfg(not(feature = "postgres"))]
        Location::Server(_) => Err(crate::LedgerError::NoPostgres { place: location.to_string() }),
    }
}
