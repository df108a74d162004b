//! What kind of input is this? By its name, else by how it begins.

use std::io::{self, BufRead};
use std::path::Path;

/// A form of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text: one article.
    Text,
    /// A web page: one article.
    Html,
    /// A JSON object, an array of them, or several one after the other.
    Json,
    /// A JSON object a line.
    JsonLines,
}

/// The form that a name promises; `.gz` is looked through.
pub fn by_name(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "txt" | "text" => Some(Format::Text),
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "json" => Some(Format::Json),
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        _ => None,
    }
}

/// The name without `.gz` and without its last extension.
pub fn stem(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let cut = name.len().saturating_sub(3);
    let name = match name.get(cut..) {
        Some(end) if end.eq_ignore_ascii_case(".gz") => &name[..cut],
        _ => &name,
    };
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_string(),
        _ => name.to_string(),
    }
}

/// The form that the first bytes look like.
pub fn by_content(head: &[u8]) -> Format {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut rest = text.chars();
    match rest.next() {
        Some('{') => {
            let after = rest.as_str().trim_start();
            if !after.is_empty() && !after.starts_with(['"', '}']) {
                return Format::Text;
            }
            // a whole object on the first line and something after it: JSON Lines
            match text.split_once('\n') {
                Some((line, more))
                    if !more.trim().is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok() =>
                {
                    Format::JsonLines
                }
                _ => Format::Json,
            }
        }
        Some('[') if rest.as_str().trim_start().starts_with(['{', ']']) => Format::Json,
        Some('<') => {
            let lower = text.get(..text.len().min(3000)).unwrap_or(text).to_ascii_lowercase();
            let tags = [
                "<!doctype html",
                "<html",
                "<head",
                "<body",
                "<article",
                "<div",
                "<p",
                "<h1",
                "<title",
                "<meta",
                "<!--",
            ];
            if tags.iter().any(|t| lower.contains(t)) { Format::Html } else { Format::Text }
        }
        _ => Format::Text,
    }
}

/// The first bytes: 4 KiB, or less where a line ends or the input does. They are taken from the reader.
pub fn peek(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while head.len() < 4096 && !head.contains(&b'\n') {
        let buffer = match reader.fill_buf() {
            Ok(b) => b,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        if buffer.is_empty() {
            break;
        }
        let n = buffer.len();
        head.extend_from_slice(buffer);
        reader.consume(n);
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let form = |n: &str| by_name(Path::new(n));
        assert_eq!(form("a/b.TXT"), Some(Format::Text));
        assert_eq!(form("b.jsonl.gz"), Some(Format::JsonLines));
        assert_eq!(form("README"), None);
        for (name, want) in
            [("a/x.v2.txt", "x.v2"), ("x.jsonl.gz", "x"), ("x", "x"), (".txt", ".txt"), ("خبر.txt", "خبر")]
        {
            assert_eq!(stem(Path::new(name)), want);
        }
    }

    #[test]
    fn beginnings() {
        let form = |t: &str| by_content(t.as_bytes());
        assert_eq!(form("{\"id\": 1}\n{\"id\": 2}\n"), Format::JsonLines);
        assert_eq!(form("{\"id\": 1,\n \"text\": \"\"}\n"), Format::Json);
        assert_eq!(form("\u{feff}[\n {\"id\": 1}]"), Format::Json);
        assert_eq!(form("[رويترز] قال"), Format::Text);
        assert_eq!(form("{نص بين قوسين}"), Format::Text);
        assert_eq!(form("\n<!DOCTYPE html>"), Format::Html);
        assert_eq!(form("قال الوزير"), Format::Text);
        assert_eq!(form(""), Format::Text);
    }
}
