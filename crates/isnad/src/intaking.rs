//! Intake as the command line asks for it, and where it tells what could not be read.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use intake::web::Rules;
use intake::{Skip, Sources};

use crate::cli::IntakeArgs;
use crate::error::Fatal;
use crate::progress::Progress;

/// The sources under the user's rules.
pub fn sources(args: &IntakeArgs) -> Sources {
    let rules = Rules {
        allow_private: args.allow_private,
        gap: Duration::from_secs_f64(args.delay),
        whole: Duration::from_secs_f64(args.timeout.max(0.1)),
        ..Rules::default()
    };
    Sources::new(args.columns.clone(), args.fetch, rules)
}

/// Tells what was skipped: on standard error, and as JSON Lines in a file if one is asked for. Counts it.
pub struct Report {
    file: Option<(BufWriter<File>, PathBuf)>,
    count: usize,
}

impl Report {
    /// Opens the file.
    pub fn open(path: Option<&Path>) -> Result<Self, Fatal> {
        let file = path.map(|path| match File::create(path) {
            Ok(file) => Ok((BufWriter::new(file), path.to_path_buf())),
            Err(source) => Err(Fatal::Report { path: path.into(), source }),
        });
        Ok(Self { file: file.transpose()?, count: 0 })
    }

    /// Opens the file to go on at its end.
    pub fn go_on(path: Option<&Path>) -> Result<Self, Fatal> {
        let file = path.map(|path| match OpenOptions::new().create(true).append(true).open(path) {
            Ok(file) => Ok((BufWriter::new(file), path.to_path_buf())),
            Err(source) => Err(Fatal::Report { path: path.into(), source }),
        });
        Ok(Self { file: file.transpose()?, count: 0 })
    }

    /// Tells of one skip.
    pub fn skip(&mut self, skip: &Skip, progress: &Progress) -> Result<(), Fatal> {
        self.count += 1;
        progress.error(&skip.to_string());
        if let Some((file, path)) = &mut self.file {
            // flushed at once: a run that is killed leaves what it knew
            let written = file.write_all(skip.report_line().as_bytes()).and_then(|()| file.flush());
            written.map_err(|source| Fatal::Report { path: path.clone(), source })?;
        }
        Ok(())
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.count
    }
}

/// Remarks on oddities of documents: counted by kind and told at the end, so that a large source does not bury what
/// matters.
#[derive(Default)]
pub struct Notes {
    /// Each is told where it is.
    verbose: bool,
    kinds: BTreeMap<String, Kind>,
}

struct Kind {
    count: usize,
    place: String,
    first: String,
}

/// Most kinds that are kept apart: remarks hold words of documents.
const KINDS: usize = 50;

impl Notes {
    /// None yet.
    pub fn new(verbose: bool) -> Self {
        Self { verbose, ..Self::default() }
    }

    /// Another one, on a document at this place.
    pub fn add(&mut self, place: &str, note: &str, progress: &Progress) {
        if self.verbose {
            return progress.note(&format!("{place}: {note}"));
        }
        let mut kind = kind(note);
        if self.kinds.len() >= KINDS && !self.kinds.contains_key(&kind) {
            kind = String::new();
        }
        let new = || Kind { count: 0, place: place.into(), first: note.into() };
        self.kinds.entry(kind).or_insert_with(new).count += 1;
    }

    /// Tells them, once a kind, and forgets them.
    pub fn tell(&mut self, progress: &Progress) {
        for (kind, Kind { count, place, first }) in std::mem::take(&mut self.kinds) {
            match count {
                1 => progress.note(&format!("{place}: {first}")),
                n if kind.is_empty() => progress.note(&format!("{n} of further kinds; --verbose tells each")),
                n => progress.note(&format!("{n} documents, the first {place}: {first}; --verbose tells each")),
            }
        }
    }
}

/// A remark without its particulars: quoted words and numbers.
fn kind(note: &str) -> String {
    let mut out = String::with_capacity(note.len());
    for (i, part) in note.split('"').enumerate() {
        if i % 2 == 1 {
            out.push('"');
        } else {
            out.extend(part.chars().filter(|c| !c.is_ascii_digit()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_of_one_kind_differ_in_numbers_and_quoted_words() {
        assert_eq!(kind("a mark in 3 places; kept"), kind("a mark in 1244 places; kept"));
        assert_eq!(kind("its date \"3 May\" is odd"), kind("its date \"gestern\" is odd"));
        assert_ne!(kind("its date is odd"), kind("its name is odd"));
    }
}
