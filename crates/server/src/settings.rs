//! How to serve, and who may ask.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ledger::{LedgerError, Location, Version};
use reader::Engine;
use subtle::ConstantTimeEq;

use crate::types::May;

/// Why the server could not start or go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The ledger cannot be used.
    #[error("{0}")]
    Ledger(#[from] LedgerError),
    /// Others could reach it, and nobody would have to say who they are.
    #[error(
        "{0}: is not a loopback address, so a token is wanted of everybody\n  give --token-file FILE with a line `read TOKEN` or `write TOKEN` for each, or listen on 127.0.0.1"
    )]
    Open(SocketAddr),
    /// The address cannot be listened on.
    #[error("{address}: cannot be listened on: {source}\n  another program may have it; give --listen ADDRESS:PORT")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The tokens cannot be used.
    #[error("{}: {why}\n  a token file has one `read TOKEN` or `write TOKEN` a line, tokens of at least 16 letters or digits; # begins a remark", path.display())]
    Tokens {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The system refuses.
    #[error("the server cannot run: {0}")]
    System(#[from] std::io::Error),
}

/// How to serve.
pub struct Settings {
    /// The ledger.
    pub location: Location,
    /// Reads what is added.
    pub engine: Arc<Engine>,
    /// What names the engine.
    pub version: Version,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Who may ask; none needed on loopback.
    pub tokens: Option<Tokens>,
    /// Whether the ledger is the invented demonstration.
    pub demo: bool,
    /// Whether addresses given to be added may lead into private networks.
    pub allow_private: bool,
    /// Threads for questions.
    pub threads: usize,
    /// Most time for a question.
    pub patience: Duration,
    /// Most bytes of a request.
    pub body: usize,
}

impl Settings {
    /// The usual settings: loopback, port 7878, a question answered within 20 s, a body of 8 MB.
    pub fn new(location: Location, engine: Arc<Engine>, version: Version) -> Self {
        Self {
            location,
            engine,
            version,
            listen: SocketAddr::from(([127, 0, 0, 1], 7878)),
            tokens: None,
            demo: false,
            allow_private: false,
            threads: std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 16),
            patience: Duration::from_secs(20),
            body: 8 << 20,
        }
    }

    /// Refuses to be open to others without tokens.
    pub fn check(&self) -> Result<(), ServerError> {
        if !self.listen.ip().is_loopback() && self.tokens.is_none() {
            return Err(ServerError::Open(self.listen));
        }
        Ok(())
    }
}

/// Tokens with what each allows.
#[derive(Clone)]
pub struct Tokens(Vec<(Vec<u8>, May)>);

impl std::fmt::Debug for Tokens {
    /// Never the tokens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} tokens", self.0.len())
    }
}

impl Tokens {
    /// Reads a token file.
    pub fn load(path: &Path) -> Result<Self, ServerError> {
        let wrong = |why: String| ServerError::Tokens { path: path.into(), why };
        let text = std::fs::read_to_string(path).map_err(|e| wrong(format!("cannot be read: {e}")))?;
        Self::parse(&text).map_err(wrong)
    }

    /// Reads the lines of a token file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut out = Vec::new();
        for (i, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (scope, token) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let may = match scope {
                "read" => May { read: true, write: false },
                "write" => May { read: true, write: true },
                _ => return Err(format!("line {}: begins with neither read nor write", i + 1)),
            };
            let token = token.trim();
            if token.len() < 16 || !token.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(format!(
                    "line {}: the token is shorter than 16 characters or has others than ASCII",
                    i + 1
                ));
            }
            out.push((token.as_bytes().to_vec(), may));
        }
        if out.is_empty() { Err("has no tokens".into()) } else { Ok(Self(out)) }
    }

    /// What a token allows. All are compared, each in time that depends on lengths only.
    pub fn may(&self, token: &[u8]) -> Option<May> {
        let mut found = None;
        for (known, may) in &self.0 {
            if bool::from(known.as_slice().ct_eq(token)) {
                found = Some(*may);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_files_are_read_strictly() {
        let t = Tokens::parse("# team\nread  abcdefghijklmnop\n\nwrite 0123456789abcdef\n").unwrap();
        assert_eq!(t.may(b"abcdefghijklmnop"), Some(May { read: true, write: false }));
        assert_eq!(t.may(b"0123456789abcdef"), Some(May { read: true, write: true }));
        assert_eq!(t.may(b"0123456789abcdeg"), None);
        assert_eq!(t.may(b""), None);
        for bad in ["", "# nothing", "admin abcdefghijklmnop", "read short", "read", "read كلمةكلمةكلمةكلمة"]
        {
            assert!(Tokens::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(format!("{t:?}"), "2 tokens");
    }
}
