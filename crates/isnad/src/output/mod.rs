//! Output: readings made text in the workers, written in order by one sink.

pub mod html;
pub mod json;
pub mod rows;
pub mod table;
pub mod traced;
pub mod view;

pub use export::slice;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::Fatal;

/// How several results stand in one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// One object, or an array of them.
    Json,
    /// One after the other.
    Plain,
    /// Sections of one page.
    Page,
}

enum Target {
    Stream { out: Box<dyn Write>, name: PathBuf, count: usize, first: Option<Vec<u8>> },
    Folder { dir: PathBuf, used: HashSet<String>, extension: &'static str },
}

/// Where results go, in order.
pub struct Sink {
    target: Target,
    frame: Frame,
}

/// Whether an output name means a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

impl Sink {
    /// Opens the output: a file, a folder, or standard output.
    pub fn open(output: Option<&Path>, frame: Frame, extension: &'static str) -> Result<Self, Fatal> {
        let target = match output {
            None => Target::Stream {
                out: Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock())),
                name: "standard output".into(),
                count: 0,
                first: None,
            },
            Some(path) if is_folder(path) => {
                std::fs::create_dir_all(path).map_err(|source| Fatal::Write { path: path.into(), source })?;
                Target::Folder { dir: path.into(), used: HashSet::new(), extension }
            }
            Some(path) => {
                let file = File::create(path).map_err(|source| Fatal::Write { path: path.into(), source })?;
                let out = Box::new(BufWriter::with_capacity(1 << 16, file));
                Target::Stream { out, name: path.into(), count: 0, first: None }
            }
        };
        Ok(Self { target, frame })
    }

    /// Writes one result; false when whoever reads has gone. A remark comes back where its name had to be changed.
    pub fn put(&mut self, id: &str, bytes: Vec<u8>) -> Result<(bool, Option<String>), Fatal> {
        let frame = self.frame;
        match &mut self.target {
            Target::Stream { out, name, count, first } => {
                *count += 1;
                let result = match frame {
                    Frame::Json if *count == 1 => {
                        // one article is an object: wait whether there is another
                        *first = Some(bytes);
                        Ok(())
                    }
                    Frame::Json => match first.take() {
                        Some(before) => out
                            .write_all(b"[\n")
                            .and_then(|()| out.write_all(&before))
                            .and_then(|()| out.write_all(b",\n")),
                        None => out.write_all(b",\n"),
                    }
                    .and_then(|()| out.write_all(&bytes)),
                    Frame::Plain => out.write_all(&bytes),
                    Frame::Page => {
                        let head = if *count == 1 { html::HEAD } else { "" };
                        out.write_all(head.as_bytes()).and_then(|()| out.write_all(&bytes))
                    }
                };
                Ok((heard(result, name)?, None))
            }
            Target::Folder { dir, used, extension } => {
                let (name, remark) = file_name(id, used);
                let path = dir.join(format!("{name}.{extension}"));
                let write = || -> io::Result<()> {
                    let mut out = BufWriter::new(File::create(&path)?);
                    if frame == Frame::Page {
                        out.write_all(html::HEAD.as_bytes())?;
                    }
                    out.write_all(&bytes)?;
                    match frame {
                        Frame::Page => out.write_all(html::FOOT.as_bytes())?,
                        Frame::Json => out.write_all(b"\n")?,
                        Frame::Plain => {}
                    }
                    out.flush()
                };
                write().map_err(|source| Fatal::Write { path, source })?;
                Ok((true, remark))
            }
        }
    }

    /// Ends the output.
    pub fn finish(self) -> Result<(), Fatal> {
        let Target::Stream { mut out, name, count, first } = self.target else { return Ok(()) };
        let end = match (self.frame, first) {
            (Frame::Json, Some(only)) => out.write_all(&only).and_then(|()| out.write_all(b"\n")),
            (Frame::Json, None) if count == 0 => out.write_all(b"[]\n"),
            (Frame::Json, None) => out.write_all(b"\n]\n"),
            (Frame::Page, _) if count == 0 => {
                out.write_all(html::HEAD.as_bytes()).and_then(|()| out.write_all(html::FOOT.as_bytes()))
            }
            (Frame::Page, _) => out.write_all(html::FOOT.as_bytes()),
            (Frame::Plain, _) => Ok(()),
        };
        heard(end.and_then(|()| out.flush()), &name)?;
        Ok(())
    }

    /// Pushes on what is held back, so that a waiting reader sees it.
    pub fn flush(&mut self) -> Result<bool, Fatal> {
        match &mut self.target {
            Target::Stream { out, name, .. } => heard(out.flush(), name),
            Target::Folder { .. } => Ok(true),
        }
    }
}

/// A closed pipe is no error: whoever reads has had enough.
fn heard(result: io::Result<()>, name: &Path) -> Result<bool, Fatal> {
    match result {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(source) => Err(Fatal::Write { path: name.into(), source }),
    }
}

/// A name for the file of an article: its id, without what no file name may hold, never twice the same.
fn file_name(id: &str, used: &mut HashSet<String>) -> (String, Option<String>) {
    let mut name: String =
        id.chars()
            .map(|c| {
                if c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') {
                    '_'
                } else {
                    c
                }
            })
            .collect();
    let mut end = name.len().min(200);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    if name.starts_with('.') || name.is_empty() {
        name.insert(0, '_');
    }
    let mut unique = name.clone();
    let mut n = 2;
    while !used.insert(unique.clone()) {
        unique = format!("{name}-{n}");
        n += 1;
    }
    let remark = (unique != id)
        .then(|| format!("its id {id:?} cannot name a second file or holds what no name may: written as {unique:?}"));
    (unique, remark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_unique() {
        let mut used = HashSet::new();
        let mut name = |id: &str| file_name(id, &mut used).0;
        assert_eq!(name("a"), "a");
        assert_eq!(name("a"), "a-2");
        assert_eq!(name("a-2"), "a-2-2");
        assert_eq!(name("../../etc/passwd"), "_.._.._etc_passwd");
        assert_eq!(name(""), "_");
        assert_eq!(name("خبر"), "خبر");
        assert!(name(&"خ".repeat(500)).len() <= 200);
    }
}
