use std::path::PathBuf;

/// What went wrong with a ledger: what, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Nothing there to read.
    #[error(
        "{place}: there is no ledger here\n  `isnad add SOURCE... --ledger {place}` makes one; --ledger or ISNAD_LEDGER names another"
    )]
    Missing {
        /// File or address.
        place: String,
    },
    /// A file or database that is something else.
    #[error("{place}: is not a ledger ({why})\n  give --ledger a new name, or the file that `isnad add` made")]
    Foreign {
        /// File or address.
        place: String,
        /// What gave it away.
        why: String,
    },
    /// Written by a later version of the program.
    #[error(
        "{place}: was written by a newer version of Isnad (layout {found}, this program knows up to {known})\n  update the program; nothing was changed"
    )]
    Newer {
        /// File or address.
        place: String,
        /// Layout found.
        found: i64,
        /// Newest layout that this program knows.
        known: i64,
    },
    /// Written by an earlier version, and opened only for reading.
    #[error(
        "{place}: has the layout of an older version (layout {found}, this program needs {known})\n  any command that writes brings it up to date: `isnad add` or `isnad reread`"
    )]
    Older {
        /// File or address.
        place: String,
        /// Layout found.
        found: i64,
        /// Layout needed.
        known: i64,
    },
    /// Somebody else writes.
    #[error("{place}: is being written by {who}\n  waited {waited} s; let it finish, or give --wait a longer time")]
    Busy {
        /// File or address.
        place: String,
        /// The other writer, as far as it is known.
        who: String,
        /// Seconds waited.
        waited: u64,
    },
    /// May not be written.
    #[error(
        "{place}: is read-only ({why})\n  questions still work; to add, make file and folder writable or name another ledger"
    )]
    ReadOnly {
        /// File or address.
        place: String,
        /// What the system said.
        why: String,
    },
    /// No room.
    #[error(
        "{place}: no room left to write ({why})\n  everything committed before is safe; make room and run the same command again, it goes on where it stopped"
    )]
    Full {
        /// File or address.
        place: String,
        /// What the system said.
        why: String,
    },
    /// The file is damaged.
    #[error(
        "{place}: is damaged ({why})\n  `isnad verify` lists what can still be read; restore it from a copy, or add the sources again to a new ledger"
    )]
    Damaged {
        /// File or address.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// The server cannot be reached or refuses.
    #[error("{place}: cannot be opened ({why})\n  {remedy}")]
    Unreachable {
        /// File or address, without its password.
        place: String,
        /// What the system said.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// An address of PostgreSQL in a program built without it.
    #[error("{place}: this program was built without PostgreSQL\n  build it with --features postgres, or name a file")]
    NoPostgres {
        /// The address, without its password.
        place: String,
    },
    /// A file beside the ledger cannot be made.
    #[error("{}: cannot be written ({source})\n  the folder of the ledger must exist and be writable", path.display())]
    Beside {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A question that cannot be asked.
    #[error("{0}")]
    Question(String),
    /// Anything else the database says.
    #[error("{place}: {why}\n  what was committed before is safe; if it comes again, report it with the command")]
    Database {
        /// File or address.
        place: String,
        /// What it said.
        why: String,
    },
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, LedgerError>;
