//! A stream that can be looked ahead in and wound back.

use std::io::{self, Read};

/// A stream with what was read ahead of it.
pub struct Tape<'a> {
    source: Box<dyn Read + 'a>,
    held: Vec<u8>,
    at: usize,
    ended: bool,
    /// What ended it before its end.
    pub error: Option<io::Error>,
}

/// How [`Tape::skip`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Bytes passed.
    pub passed: u64,
    /// Whether a record begins where they end.
    pub at_record: bool,
}

const STEP: usize = 1 << 16;

impl<'a> Tape<'a> {
    /// A tape of a stream.
    pub fn new(source: Box<dyn Read + 'a>) -> Self {
        Self { source, held: Vec::new(), at: 0, ended: false, error: None }
    }

    /// At least `n` bytes ahead, fewer only where the stream ends.
    pub fn peek(&mut self, n: usize) -> &[u8] {
        while self.held.len() - self.at < n && !self.ended {
            if self.at > STEP {
                self.held.drain(..self.at);
                self.at = 0;
            }
            let old = self.held.len();
            self.held.resize(old + STEP.max(n.min(1 << 20)), 0);
            match self.source.read(&mut self.held[old..]) {
                Ok(0) => {
                    self.ended = true;
                    self.held.truncate(old);
                }
                Ok(got) => self.held.truncate(old + got),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => self.held.truncate(old),
                Err(e) => {
                    self.held.truncate(old);
                    self.ended = true;
                    self.error = Some(e);
                }
            }
        }
        &self.held[self.at..]
    }

    /// Moves on over bytes that were peeked.
    pub fn pass(&mut self, n: usize) {
        self.at = (self.at + n).min(self.held.len());
        if self.at == self.held.len() {
            self.held.clear();
            self.at = 0;
        }
    }

    /// Takes up to `n` bytes; fewer where the stream ends.
    pub fn take(&mut self, n: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(n.min(1 << 20));
        while out.len() < n {
            let want = (n - out.len()).min(STEP);
            let ahead = self.peek(want);
            if ahead.is_empty() {
                break;
            }
            let got = ahead.len().min(n - out.len());
            out.extend_from_slice(&ahead[..got]);
            self.pass(got);
        }
        out
    }

    /// Takes up to `n` bytes, but not over what looks like the beginning of a record.
    pub fn take_to_record(&mut self, n: usize) -> Vec<u8> {
        let mut out = Vec::new();
        while out.len() < n {
            let ahead = self.peek(STEP);
            if ahead.is_empty() {
                break;
            }
            let within = ahead.len().min(n - out.len());
            if let Some(found) = record_start(ahead, false).filter(|f| *f < within) {
                out.extend_from_slice(&ahead[..found]);
                self.pass(found);
                break;
            }
            let step = if within < ahead.len() || ahead.len() < STEP { within } else { within - 32 };
            out.extend_from_slice(&ahead[..step]);
            self.pass(step);
        }
        out
    }

    /// Puts bytes back before everything else.
    pub fn unread(&mut self, bytes: &[u8]) {
        let rest = self.held.split_off(self.at);
        self.held.clear();
        self.held.extend_from_slice(bytes);
        self.held.extend_from_slice(&rest);
        self.at = 0;
    }

    /// Passes `n` bytes, or stops early at what looks like the beginning of a record on a line of its own.
    pub fn skip(&mut self, n: u64, watch: bool) -> Skipped {
        let mut passed = 0;
        while passed < n {
            let left = n - passed;
            let ahead = self.peek(STEP);
            if ahead.is_empty() {
                break;
            }
            let within = ahead.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if watch {
                if let Some(found) = record_start(&ahead[..ahead.len().min(within + 16)], false)
                    && (found as u64) < left
                {
                    self.pass(found);
                    return Skipped { passed: passed + found as u64, at_record: true };
                }
                // a mark may lie across the edge of what is held
                let step = if within < ahead.len() || ahead.len() < STEP { within } else { within - 32 };
                self.pass(step);
                passed += step as u64;
            } else {
                self.pass(within);
                passed += within as u64;
            }
        }
        Skipped { passed, at_record: false }
    }
}

/// Where a record begins: `WARC/` and a version on a line of its own; at the very front only if asked for.
pub fn record_start(bytes: &[u8], at_front: bool) -> Option<usize> {
    let begins = |rest: &[u8]| {
        matches!(rest, [b'W', b'A', b'R', b'C', b'/', a, b'.', b, ..] if a.is_ascii_digit() && b.is_ascii_digit())
            && rest[8..].iter().take(3).find(|c| !c.is_ascii_digit()).is_some_and(|c| matches!(c, b'\r' | b'\n'))
    };
    if at_front && begins(bytes) {
        return Some(0);
    }
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|b| *b == b'\n') {
        at += found + 1;
        if begins(&bytes[at..]) {
            return Some(at);
        }
    }
    None
}
