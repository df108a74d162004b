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
    /// A JSON Feed.
    JsonFeed,
    /// A feed or sitemap.
    Xml,
    /// Values separated by commas, semicolons or bars.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// A web archive.
    Warc,
    /// A table in columns.
    Parquet,
}

/// Endings that are looked for in folders.
pub const ENDINGS: &str =
    ".txt .html .htm .xhtml .json .jsonl .ndjson .xml .rss .atom .rdf .csv .tsv .parquet .warc .wet, also .gz and .zst";

/// The form that a name promises; `.gz` and `.zst` are looked through.
pub fn by_name(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "txt" | "text" => Some(Format::Text),
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "json" => Some(Format::Json),
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        "xml" | "rss" | "atom" | "rdf" => Some(Format::Xml),
        "csv" => Some(Format::Csv),
        "tsv" | "tab" => Some(Format::Tsv),
        "warc" | "wet" => Some(Format::Warc),
        "parquet" => Some(Format::Parquet),
        _ => None,
    }
}

/// The name without `.gz` or `.zst` and without its last extension.
pub fn stem(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let packed = [".gz", ".zst"].iter().find_map(|end| {
        let cut = name.len().checked_sub(end.len())?;
        name.get(cut..).filter(|e| e.eq_ignore_ascii_case(end)).map(|_| cut)
    });
    let name = packed.map_or(&*name, |cut| &name[..cut]);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_string(),
        _ => name.to_string(),
    }
}

/// The form that the first characters look like.
pub fn by_content(text: &str) -> Format {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut rest = text.chars();
    match rest.next() {
        Some('{') => {
            let after = rest.as_str().trim_start();
            if !after.is_empty() && !after.starts_with(['"', '}']) {
                return Format::Text;
            }
            if text.contains("jsonfeed.org/version") {
                return Format::JsonFeed;
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
            let mut end = text.len().min(8192);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let lower = text[..end].to_ascii_lowercase();
            let first = |tags: &[&str]| tags.iter().filter_map(|t| lower.find(t)).min().unwrap_or(usize::MAX);
            let page =
                first(&["<!doctype html", "<html", "<head", "<body", "<article", "<div", "<p>", "<p ", "<h1", "<meta"]);
            let list = first(&[
                "<rss",
                "<rdf:rdf",
                "<feed",
                "<channel",
                "<urlset",
                "<sitemapindex",
                ":feed ",
                ":rss ",
                ":urlset",
                ":rdf ",
            ]);
            match (page, list) {
                (usize::MAX, usize::MAX) if lower.starts_with("<?xml") => Format::Xml,
                (usize::MAX, usize::MAX) => {
                    if ["<title", "<!--", "<p"].iter().any(|t| lower.contains(t)) {
                        Format::Html
                    } else {
                        Format::Text
                    }
                }
                _ if list < page => Format::Xml,
                _ => Format::Html,
            }
        }
        _ if text.starts_with("WARC/") => Format::Warc,
        _ => Format::Text,
    }
}

/// The first bytes: 4 KiB, or less where the input ends, or a line ends that tells enough (so that one who types is
/// answered). They are taken from the reader.
pub fn peek(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let enough = |head: &[u8]| {
        let Some(line) = head.split_inclusive(|b| *b == b'\n').next().filter(|l| l.ends_with(b"\n")) else {
            return false;
        };
        let first = line.iter().find(|b| !b.is_ascii_whitespace());
        match first {
            Some(b'{') => serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok(),
            Some(b'<' | 0xff | 0xfe | 0xef | 0) | None => false,
            Some(_) => true,
        }
    };
    let mut head = Vec::new();
    while head.len() < 4096 && !enough(&head) {
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
        let form = by_content;
        assert_eq!(form("{\"id\": 1}\n{\"id\": 2}\n"), Format::JsonLines);
        assert_eq!(form("{\"id\": 1,\n \"text\": \"\"}\n"), Format::Json);
        assert_eq!(form("\u{feff}[\n {\"id\": 1}]"), Format::Json);
        assert_eq!(form("[رويترز] قال"), Format::Text);
        assert_eq!(form("{نص بين قوسين}"), Format::Text);
        assert_eq!(form("\n<!DOCTYPE html>"), Format::Html);
        assert_eq!(form("<?xml version='1.0'?>\n<!-- x --><rss><channel><pubDate>"), Format::Xml);
        assert_eq!(form("<?xml version='1.0'?><a:feed xmlns:a='x'>"), Format::Xml);
        assert_eq!(form("<?xml version='1.0'?><!DOCTYPE html><html>"), Format::Html);
        assert_eq!(form("{\"version\": \"https://jsonfeed.org/version/1.1\""), Format::JsonFeed);
        assert_eq!(form("WARC/1.0\r\n"), Format::Warc);
        assert_eq!(form("قال الوزير"), Format::Text);
        assert_eq!(form(""), Format::Text);
    }
}
