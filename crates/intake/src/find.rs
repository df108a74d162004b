//! Finding the files behind the names that a user gives.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use url::Url;

use crate::detect::{self, Format};
use crate::fault::{Fault, Skip};
use crate::web::WebFault;

/// One input, found but not yet opened.
#[derive(Debug)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// An address.
    Web(Url),
    /// Something named that is not there.
    Missing(Skip),
    /// A file of a folder that is of a known form but holds no articles, and why. One that is named itself is tried.
    Left(PathBuf, &'static str),
}

/// Finds the files behind the names given: folders recursively, in the order of their paths; nothing means standard input.
pub fn find(names: &[PathBuf]) -> Vec<Input> {
    if names.is_empty() {
        return vec![Input::Stdin];
    }
    let mut out = Vec::new();
    for name in names {
        if name.as_os_str() == "-" {
            out.push(Input::Stdin);
            continue;
        }
        if let Some(address) = name.to_str().filter(|n| is_address(n)) {
            out.push(match Url::parse(address) {
                Ok(url) => Input::Web(url),
                Err(_) => missing(name, Fault::Web(WebFault::Address(address.into()))),
            });
            continue;
        }
        match std::fs::metadata(name) {
            Err(e) => out.push(missing(name, Fault::Io(e))),
            Ok(m) if m.is_dir() => {
                let before = out.len();
                folder(name, &mut out);
                if out[before..].iter().all(|i| matches!(i, Input::Left(..))) {
                    out.push(missing(name, Fault::EmptyFolder));
                }
            }
            Ok(_) => out.push(Input::File(name.clone())),
        }
    }
    out
}

fn missing(name: &Path, fault: Fault) -> Input {
    Input::Missing(fault.of(name.display().to_string()))
}

fn is_address(name: &str) -> bool {
    name.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

/// Where a folder that the Spark job wrote keeps the list of its finished steps.
const STEPS: &str = "_steps";

/// What a job on Spark wrote: of each finished step the documents and what could not be read. Steps that are not in the
/// list were cut off, and claims stand in the readings already.
fn lake(dir: &Path, out: &mut Vec<Input>) {
    let mut steps: Vec<PathBuf> = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    steps.sort();
    for step in steps {
        let name = step.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(id) = name.strip_prefix("step=") else { continue };
        if dir.join(STEPS).join(format!("{id}.json")).is_file() {
            ["part=documents", "part=errors"]
                .iter()
                .map(|p| step.join(p))
                .filter(|p| p.is_dir())
                .for_each(|p| folder(&p, out));
        }
    }
}

fn folder(dir: &Path, out: &mut Vec<Input>) {
    if dir.join(STEPS).is_dir() {
        return lake(dir, out);
    }
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) => {
            out.push(missing(dir, Fault::Io(e)));
            return;
        }
    };
    let mut paths: Vec<(PathBuf, bool)> = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // links to files are followed, links to folders are not: they may go round in circles
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            paths.push((path, true));
        } else if path.is_file() && detect::by_name(&path).is_some() {
            paths.push((path, false));
        }
    }
    paths.sort();
    let articles: std::collections::HashSet<PathBuf> = paths
        .iter()
        .filter(|(p, _)| matches!(detect::by_name(p), Some(Format::Text | Format::Html)))
        .map(|(p, _)| dir.join(detect::stem(p)))
        .collect();
    for (path, is_dir) in paths {
        if is_dir {
            folder(&path, out);
        } else if !is_companion(&path, &articles) {
            out.push(match no_articles(&path) {
                Some(why) => Input::Left(path, why),
                None => Input::File(path),
            });
        }
    }
}

/// Why a file of a folder cannot hold articles, as far as its beginning tells: a table that begins with a remark, a JSON
/// object that is neither an article nor a feed. What cannot be looked at here is left to be told when it is read.
fn no_articles(path: &Path) -> Option<&'static str> {
    const MOST: u64 = 16 << 20;
    let packed = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz") || e.eq_ignore_ascii_case("zst"));
    let file = std::fs::File::open(path).ok().filter(|_| !packed)?;
    match detect::by_name(path)? {
        Format::Csv | Format::Tsv => {
            let mut first = [0; 4];
            let read = (&file).read(&mut first).ok()?;
            let first = first[..read].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first[..read]);
            first.starts_with(b"#").then_some("a table that begins with a remark, without headings")
        }
        Format::Json if file.metadata().is_ok_and(|m| m.len() <= MOST) => {
            let keys: Keys = serde_json::from_reader(std::io::BufReader::new(file)).ok()?;
            let article = keys.text.is_some() || keys.title.is_some() || keys.items.is_some();
            (!article).then_some("a JSON object without \"text\"")
        }
        _ => None,
    }
}

/// The keys that tell an article or a feed from any other object.
#[derive(serde::Deserialize)]
struct Keys {
    text: Option<IgnoredAny>,
    title: Option<IgnoredAny>,
    items: Option<IgnoredAny>,
}

/// Whether a JSON file only accompanies an article: `ID.meta.json`, `ID.gold.json` beside `ID.txt`.
fn is_companion(path: &Path, articles: &std::collections::HashSet<PathBuf>) -> bool {
    if !matches!(detect::by_name(path), Some(Format::Json)) {
        return false;
    }
    let stem = detect::stem(path);
    stem.rsplit_once('.').is_some_and(|(id, what)| what == "meta" || articles.contains(&path.with_file_name(id)))
}

/// The bytes of all files, where they can be told beforehand.
pub fn total(inputs: &[Input]) -> Option<u64> {
    inputs
        .iter()
        .map(|i| match i {
            Input::Stdin | Input::Web(_) => None,
            Input::File(p) => std::fs::metadata(p).ok().map(|m| m.len()),
            Input::Missing(_) | Input::Left(..) => Some(0),
        })
        .sum()
}
