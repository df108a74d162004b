use std::fmt;
use std::path::PathBuf;

/// Where a ledger is: a file (SQLite) or a server (PostgreSQL).
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// One file; two more stand beside it while it is written.
    File(PathBuf),
    /// `postgres://user@host/database`.
    Server(String),
}

impl Location {
    /// Reads what a user gives: an address of PostgreSQL, else a path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Server(text.to_string())
        } else {
            Self::File(PathBuf::from(text))
        }
    }
}

/// Without the password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(address) => match url::Url::parse(address) {
                Ok(mut url) => {
                    if url.password().is_some() {
                        let _ = url.set_password(Some("…"));
                    }
                    // options may name a password too
                    url.set_query(None);
                    f.write_str(&url.as_str().replace("%E2%80%A6", "…"))
                }
                Err(_) => f.write_str("postgres://…"),
            },
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_shown() {
        let place = Location::parse("postgres://me:secret@db.example/news?password=secret");
        assert_eq!(place.to_string(), "postgres://me:…@db.example/news");
        assert_eq!(Location::parse("postgres://[bad:secret").to_string(), "postgres://…");
        assert_eq!(Location::parse("a/b.ledger").to_string(), "a/b.ledger");
    }
}
