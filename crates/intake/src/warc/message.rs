//! The HTTP message inside a record: as servers sent it and crawlers kept it, which is seldom by the book.

use crate::unpack::{self, Packing};

/// Status and headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Status code, where there is a status line.
    pub status: Option<u16>,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    /// Where the body begins.
    pub body: usize,
}

impl Head {
    /// Reads status line and headers; `None` if the bytes do not begin like a response.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if !bytes.get(..5)?.eq_ignore_ascii_case(b"HTTP/") {
            return None;
        }
        let mut head = Self::default();
        let mut at = 0;
        let mut first = true;
        loop {
            let end = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n + 1);
            let text = String::from_utf8_lossy(&bytes[at..end]);
            let line = text.trim_end_matches(['\r', '\n']);
            at = end;
            if first {
                head.status = line.split_whitespace().nth(1).and_then(|s| s.parse().ok());
                first = false;
            } else if line.is_empty() {
                break;
            } else {
                header(line, &mut head.headers);
            }
            if at >= bytes.len() {
                break;
            }
        }
        head.body = at;
        Some(head)
    }

    /// The first value of a header.
    pub fn get(&self, name: &str) -> Option<&str> {
        get(&self.headers, name)
    }
}

/// Takes a line of headers; one that begins with a blank goes on from the one before.
pub fn header(line: &str, into: &mut Vec<(String, String)>) {
    if line.starts_with([' ', '\t']) {
        if let Some((_, value)) = into.last_mut() {
            value.push(' ');
            value.push_str(line.trim());
        }
    } else if let Some((name, value)) = line.split_once(':') {
        into.push((name.trim().to_ascii_lowercase(), value.trim().to_string()));
    }
}

/// The first value of a header.
pub fn get<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// The media type of a `Content-Type`, in small letters.
pub fn media(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// The character set of a `Content-Type`.
pub fn charset(content_type: &str) -> Option<String> {
    let at = content_type.to_ascii_lowercase().find("charset")?;
    let value =
        content_type.get(at + 7..)?.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let label: String =
        value.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')).collect();
    (!label.is_empty()).then_some(label)
}

/// The body without its chunks; bytes that are not chunked come back as they are, for many crawlers join chunks and
/// leave the header. The remark tells of chunks that end early.
pub fn dechunk(body: &[u8]) -> (Vec<u8>, Option<&'static str>) {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let line = &body[at..body.len().min(at + 1024)];
        let Some(end) = line.iter().position(|b| *b == b'\n') else {
            return if out.is_empty() { (body.to_vec(), None) } else { (out, Some("its chunks end early")) };
        };
        let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let tail = line[digits..end].iter().find(|b| !b.is_ascii_whitespace());
        let size = std::str::from_utf8(&line[..digits]).ok().and_then(|d| usize::from_str_radix(d, 16).ok());
        let Some(size) = size.filter(|_| matches!(tail, None | Some(b';'))) else {
            return if out.is_empty() { (body.to_vec(), None) } else { (out, Some("its chunks are damaged")) };
        };
        at += end + 1;
        if size == 0 {
            return (out, None);
        }
        let stop = at.saturating_add(size).min(body.len());
        out.extend_from_slice(&body[at..stop]);
        if stop - at < size {
            return (out, Some("its chunks end early"));
        }
        at = stop;
        if body[at..].starts_with(b"\r\n") {
            at += 2;
        } else if body[at..].starts_with(b"\n") {
            at += 1;
        }
    }
}

/// The body without its content encodings, and a remark if they are damaged; `most` bounds it.
pub fn decode(body: Vec<u8>, encodings: &str, most: usize) -> Result<(Vec<u8>, Option<String>), crate::Fault> {
    let mut body = body;
    let mut remark = None;
    for name in encodings.rsplit(',').take(4) {
        let Some(packing) = Packing::named(name) else { continue };
        // a crawler that unpacked it may have left the header
        if matches!(packing, Packing::Gzip | Packing::Zstd) && Packing::of(&body) != Some(packing) {
            continue;
        }
        let taken = unpack::take(unpack::unpack(&body[..], packing)?, most);
        if taken.more {
            return Err(crate::Fault::TooLarge(most));
        }
        match taken.error.map(crate::Fault::from) {
            Some(bomb @ crate::Fault::Bomb(_)) => return Err(bomb),
            Some(fault) if taken.bytes.is_empty() => {
                // brotli and deflate have no mark: what does not unpack was not packed
                if matches!(packing, Packing::Brotli | Packing::Deflate) {
                    continue;
                }
                return Err(fault);
            }
            Some(fault) => remark = Some(fault.to_string()),
            None => {}
        }
        body = taken.bytes;
    }
    Ok((body, remark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_by_the_book_and_not() {
        let head =
            Head::read(b"HTTP/1.1 200 OK\r\nContent-Type: text/html;\r\n  charset=\"windows-1256\"\r\nX\r\n\r\nbody")
                .unwrap();
        assert_eq!((head.status, head.body), (Some(200), 74));
        assert_eq!(charset(head.get("content-type").unwrap()).as_deref(), Some("windows-1256"));
        assert_eq!(Head::read(b"HTTP/1.0 404\nA: b\n\nx").unwrap().get("a"), Some("b"));
        assert!(Head::read(b"<html>").is_none());
    }

    #[test]
    fn chunks_joined_or_not() {
        assert_eq!(dechunk(b"4\r\nabcd\r\n2;x=y\r\nef\r\n0\r\n\r\n"), (b"abcdef".to_vec(), None));
        assert_eq!(dechunk(b"<html>\n").0, b"<html>\n");
        assert_eq!(dechunk(b"ffff\r\nabc").1, Some("its chunks end early"));
        assert_eq!(dechunk(b"ffffffffffffffff\r\nabc").0, b"abc");
    }
}
