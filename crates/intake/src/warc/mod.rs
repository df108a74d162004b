//! Web archives (WARC 1.0, 1.1): plain, gzip or zstd, as a stream in constant memory.
//!
//! Archives are damaged in every way: cut short, with false lengths, with garbage between records. Each fault is told
//! with the number of its record, and reading goes on at the next record that can be found.

mod message;
mod tape;

use std::io::{self, BufRead, Cursor, Read};

use flate2::bufread::GzDecoder;
use model::SourceKind;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use url::Url;

pub use message::{Head, charset, dechunk, decode, media};
use tape::{Tape, record_start};

use crate::fault::{Fault, Skip};
use crate::page::{self, Origin};
use crate::{Item, Prepared, Raw, Sink, Spot, encoding, text};

/// Largest record that is taken as an article.
const MOST: usize = 32 << 20;
/// So many false lengths, and no length of the archive is trusted against the beginning of a record.
const LIARS: u32 = 16;
/// Most bytes of a record's own header, and of an HTTP head.
const HEADER: usize = 1 << 16;
/// Versions of the format that are known, drafts that were used widely included.
const VERSIONS: [&str; 4] = ["1.1", "1.0", "0.18", "0.17"];

/// A record that holds a page or a text.
#[derive(Debug)]
pub struct Capture {
    headers: Vec<(String, String)>,
    block: Vec<u8>,
}

impl Capture {
    /// Bytes held.
    pub fn len(&self) -> usize {
        self.block.len()
    }

    /// The bytes of the record.
    pub fn block(&self) -> &[u8] {
        &self.block
    }

    /// The document of the record. The second value: faults of the record that did not keep it from being read.
    pub fn document(self, id: String) -> Result<(Prepared, Vec<String>), Fault> {
        let Self { headers, block } = self;
        let get = |name: &str| message::get(&headers, name);
        let mut flaws = Vec::new();
        let declared = get("content-type").unwrap_or("");
        let head = Head::read(&block);
        let (start, kind, http) = if let Some(head) = &head {
            (head.body, head.get("content-type").unwrap_or("").to_string(), true)
        } else if media(declared) == "application/http" {
            flaws.push("is said to be an HTTP response but has no HTTP head; read as it is".to_string());
            (0, String::new(), false)
        } else {
            (0, declared.to_string(), false)
        };
        let id = get("warc-record-id").map_or(id, |r| r.trim_matches(['<', '>']).to_string());
        let url = get("warc-target-uri").and_then(|u| Url::parse(u.trim_matches(['<', '>'])).ok());
        let payload = &block[start.min(block.len())..];
        let (joined, broken) = match &head {
            Some(head) if head.get("transfer-encoding").is_some_and(|t| t.to_ascii_lowercase().contains("chunked")) => {
                dechunk(payload)
            }
            _ => (payload.to_vec(), None),
        };
        flaws.extend(broken.map(String::from));
        flaws.extend(digests(&headers, &block, &[payload, &joined]));
        if get("warc-segment-number").is_some() {
            flaws.push("is the first of several segments, which are not joined".into());
        }
        if let Some(why) = get("warc-truncated") {
            flaws.push(format!("the crawler cut it short ({why})"));
        }
        let encodings = head.as_ref().and_then(|h| h.get("content-encoding")).unwrap_or("");
        let (body, damaged) = decode(joined, encodings, MOST)?;
        flaws.extend(damaged);
        let plain = media(&kind) == "text/plain" || (media(&kind).is_empty() && !looks_like_page(&body));
        let prepared = if plain && !(http && looks_like_page(&body)) {
            let mut prepared = text::document(body, None, id)?;
            prepared.document.url = url.map(String::from);
            prepared.document.language =
                get("warc-identified-content-language").map(|l| l.split(',').next().unwrap_or(l).to_string());
            prepared
        } else {
            page::document(body, &Origin { url, charset: charset(&kind) }, None, id)?
        };
        Ok((prepared, flaws))
    }
}

fn looks_like_page(body: &[u8]) -> bool {
    crate::detect::by_content(&encoding::glimpse(&body[..body.len().min(4096)])) == crate::Format::Html
}

/// What is wrong with the digests that a record declares. `payloads`: what its payload may be held to be.
fn digests(headers: &[(String, String)], block: &[u8], payloads: &[&[u8]]) -> Vec<String> {
    let get = |name: &str| message::get(headers, name);
    let mut out = Vec::new();
    if get("warc-truncated").is_some() || get("warc-segment-number").is_some() {
        return out;
    }
    // crawlers disagree on whether a payload is hashed with or without its chunks
    let payloads: Vec<&[u8]> = payloads.iter().copied().chain([block]).collect();
    // a revisit declares the digest of what it does not hold
    let revisit = get("warc-type").is_some_and(|t| t.eq_ignore_ascii_case("revisit"));
    for (what, digest, held) in [
        ("block", get("warc-block-digest"), &[block][..]),
        ("payload", get("warc-payload-digest").filter(|_| !revisit), &payloads[..]),
    ] {
        match digest.map(|d| (d, differs(d, held))) {
            Some((digest, Some(true))) => {
                out.push(format!("its {what} does not have the digest that it declares ({digest})"));
            }
            Some((digest, None)) => out.push(format!("declares a digest of no known kind ({digest})")),
            _ => {}
        }
    }
    out
}

/// Whether a digest (`sha1:BASE32`, hex and other algorithms too) is that of none of the candidates; none where it is of no
/// kind that is known.
fn differs(digest: &str, candidates: &[&[u8]]) -> Option<bool> {
    let (algorithm, value) = digest.split_once(':')?;
    let value = value.trim().trim_end_matches('=');
    let sum = |bytes: &[u8]| -> Option<Vec<u8>> {
        match algorithm.trim().to_ascii_lowercase().as_str() {
            "sha1" | "sha-1" => Some(Sha1::digest(bytes).to_vec()),
            "sha256" | "sha-256" => Some(Sha256::digest(bytes).to_vec()),
            "sha512" | "sha-512" => Some(Sha512::digest(bytes).to_vec()),
            // known, but too weak or too rare to be worth a library
            "md5" | "sha384" | "sha-384" | "blake3" | "xxh128" => Some(Vec::new()),
            _ => None,
        }
    };
    for candidate in candidates {
        let sum = sum(candidate)?;
        if sum.is_empty() || value.eq_ignore_ascii_case(&base32(&sum)) || value.eq_ignore_ascii_case(&hex(&sum)) {
            return Some(false);
        }
    }
    Some(true)
}

fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut out, mut held, mut bits) = (String::new(), 0_u32, 0);
    for b in bytes {
        held = held << 8 | u32::from(*b);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(LETTERS[(held >> bits & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(char::from(LETTERS[(held << (5 - bits) & 31) as usize]));
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |s, b| s + &format!("{b:02x}"))
}

/// Whether unpacked gzip or zstd data begin like an archive.
pub fn is_packed_archive(head: &[u8]) -> bool {
    let mut first = [0_u8; 5];
    let read = match crate::unpack::Packing::of(head) {
        Some(crate::unpack::Packing::Gzip) => GzDecoder::new(head).read_exact(&mut first),
        Some(crate::unpack::Packing::Zstd) => {
            zstd::stream::read::Decoder::with_buffer(head).and_then(|mut d| d.read_exact(&mut first))
        }
        _ => return false,
    };
    read.is_ok() && matches!(&first, b"WARC/" | b"filed")
}

/// Where records are counted and told.
struct Reader<'s, 'a> {
    path: &'s str,
    place: &'s str,
    stem: &'s str,
    next: u64,
    /// Records whose length was false.
    liars: u32,
    more: bool,
    sink: &'s mut Sink<'a>,
}

/// Reads an archive. False when the sink wants no more.
pub fn records(reader: impl BufRead, path: &str, place: &str, stem: &str, sink: &mut Sink<'_>) -> bool {
    let mut state = Reader { path, place, stem, next: 0, liars: 0, more: true, sink };
    let mut reader = Back { front: Vec::new(), at: 0, inner: reader, taken: 0 };
    let head = match reader.fill_buf() {
        Ok(head) => head[..head.len().min(4)].to_vec(),
        Err(e) => {
            state.fault(None, Fault::from(e));
            return state.more;
        }
    };
    match crate::unpack::Packing::of(&head) {
        Some(crate::unpack::Packing::Gzip) => state.members(&mut reader, &Member::Gzip),
        Some(crate::unpack::Packing::Zstd) => match dictionary(&mut reader) {
            Ok(dictionary) => state.members(&mut reader, &Member::Zstd(dictionary)),
            Err(e) => state.fault(None, Fault::from(e)),
        },
        _ => {
            let mut tape = Tape::new(Box::new(reader));
            state.all(&mut tape, false);
            if let Some(e) = tape.error {
                state.fault(None, Fault::from(e));
            }
        }
    }
    if state.next == 0 && state.more {
        state.fault(None, Fault::Archive("holds no WARC record".into()));
    }
    state.more
}

/// How members are packed.
enum Member {
    Gzip,
    Zstd(Option<zstd::dict::DecoderDictionary<'static>>),
}

impl Member {
    fn magic(&self) -> &'static [u8] {
        match self {
            Self::Gzip => &[0x1f, 0x8b, 8],
            Self::Zstd(_) => &[0x28, 0xb5, 0x2f, 0xfd],
        }
    }
}

impl Reader<'_, '_> {
    /// Reads members one by one: each is whole by itself, so that damage ends with its member.
    fn members<R: BufRead>(&mut self, reader: &mut Back<R>, kind: &Member) {
        let mut lost = 0_u64;
        while self.more {
            match reader.at_magic(kind.magic()) {
                Ok(Some(0)) => {}
                Ok(Some(n)) => {
                    if lost == 0 {
                        self.fault(
                            Some(self.next),
                            Fault::Archive(format!("{n} bytes that belong to no record were passed over")),
                        );
                    }
                    lost += n;
                }
                Ok(None) => break,
                Err(e) => {
                    self.fault(None, Fault::from(e));
                    break;
                }
            }
            let (before, taken) = (self.next, reader.taken);
            let source: Box<dyn Read + '_> = match kind {
                Member::Gzip => Box::new(GzDecoder::new(&mut *reader)),
                Member::Zstd(dictionary) => {
                    let decoder = match dictionary {
                        Some(d) => zstd::stream::read::Decoder::with_prepared_dictionary(&mut *reader, d),
                        None => zstd::stream::read::Decoder::with_buffer(&mut *reader),
                    };
                    match decoder {
                        Ok(d) => Box::new(d.single_frame()),
                        Err(e) => return self.fault(None, Fault::from(e)),
                    }
                }
            };
            let mut tape = Tape::new(source);
            self.all(&mut tape, lost > 0);
            let error = tape.error.take();
            drop(tape);
            if reader.taken == taken {
                // a decoder that refuses a header without touching it
                reader.consume(1);
            }
            if let Some(e) = error {
                if self.next > before || lost == 0 {
                    let what = if matches!(kind, Member::Gzip) { "gzip" } else { "zstd" };
                    let item = if self.next > before { self.next - 1 } else { self.next };
                    self.fault(Some(item), Fault::Archive(format!("the {what} data are damaged or cut short ({e})")));
                    if self.next == before {
                        self.next += 1;
                    }
                }
                // what looked like a member was none: look on behind its mark
                lost += 1;
            } else if lost > 0 && self.next > before {
                lost = 0;
            }
        }
        if lost > 1 && self.next == 0 {
            self.fault(None, Fault::Archive("nothing in it can be unpacked".into()));
        }
    }

    fn spot(&self, item: Option<u64>) -> (String, Option<u64>) {
        (item.map_or_else(|| self.place.to_string(), |n| format!("{}, record {n}", self.place)), item)
    }

    fn fault(&mut self, item: Option<u64>, fault: Fault) {
        let (place, item) = self.spot(item);
        self.more &= (self.sink)(Err(Skip { path: self.path.to_string(), item, place, fault }));
    }

    /// Reads all records of a tape. `doubtful`: it may be no member at all, so garbage in it is not told.
    fn all(&mut self, tape: &mut Tape<'_>, doubtful: bool) {
        while self.more {
            loop {
                let ahead = tape.peek(1 << 12);
                let blank = ahead.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
                if blank == 0 {
                    break;
                }
                tape.pass(blank);
            }
            let ahead = tape.peek(32);
            if ahead.is_empty() {
                return;
            }
            if record_start(ahead, true) != Some(0) {
                let arc = ahead.starts_with(b"filedesc:");
                let skipped = tape.skip(u64::MAX, true);
                if !doubtful || skipped.at_record {
                    let what = if arc {
                        "is an ARC file, the forerunner of WARC; convert it to WARC"
                    } else {
                        "bytes that belong to no record were passed over"
                    };
                    let what = if arc { what.to_string() } else { format!("{} {what}", skipped.passed) };
                    self.fault(Some(self.next), Fault::Archive(what));
                }
                if !skipped.at_record {
                    return;
                }
                continue;
            }
            self.record(tape);
        }
    }

    /// Reads one record; the tape stands at its version.
    fn record(&mut self, tape: &mut Tape<'_>) {
        let item = self.next;
        self.next += 1;
        let version: String =
            tape.peek(16).iter().skip(5).take_while(|b| !b.is_ascii_whitespace()).map(|b| char::from(*b)).collect();
        if !VERSIONS.contains(&version.as_str()) {
            self.fault(Some(item), Fault::Archive(format!("is of WARC {version}, which is not known; read as 1.1")));
        }
        let Some(headers) = header(tape) else {
            self.fault(
                Some(item),
                Fault::Archive(format!("its header does not end within {} KiB or breaks off", HEADER >> 10)),
            );
            return find_next(tape);
        };
        let get = |name: &str| message::get(&headers, name);
        let Some(declared) = get("content-length") else {
            self.fault(Some(item), Fault::Archive("has no Content-Length; passed over".into()));
            return find_next(tape);
        };
        let Ok(length) = declared.parse::<u64>() else {
            self.fault(
                Some(item),
                Fault::Archive(format!("declares the length {declared:?}, which is no number; passed over")),
            );
            return find_next(tape);
        };
        let missing: Vec<&str> =
            ["warc-type", "warc-record-id", "warc-date"].into_iter().filter(|n| get(n).is_none()).collect();
        if !missing.is_empty() {
            self.fault(Some(item), Fault::Archive(format!("lacks {} in its header", missing.join(", "))));
        }
        let ahead = tape.peek(usize::try_from(length).unwrap_or(HEADER).min(HEADER));
        if !wanted(&headers, ahead, length) {
            // small ones are looked at all the same, so that a damaged archive is known by them
            let whole = usize::try_from(length).ok().and_then(|n| ahead.get(..n));
            let mut flaws = whole.map_or_else(Vec::new, |block| digests(&headers, block, &[after_head(block)]));
            if get("warc-type").is_some_and(|t| t.eq_ignore_ascii_case("continuation")) {
                flaws.push("continues another record; segments are not joined".into());
            }
            for flaw in flaws {
                self.fault(Some(item), Fault::Archive(flaw));
            }
            // no honest record runs over the beginning of another
            let skipped = tape.skip(length, length > MOST as u64);
            if skipped.passed < length {
                let why = if skipped.at_record { "the next record begins" } else { "the data end" };
                self.fault(
                    Some(item),
                    Fault::Archive(format!("declares {length} bytes, but after {} {why}", skipped.passed)),
                );
                return;
            }
            self.boundary(tape, item, None);
            return;
        }
        let most = usize::try_from(length).unwrap_or(usize::MAX).min(MOST);
        // winding back costs what was taken: where lengths are false again and again, do not read over records at all
        let mut block = if self.liars < LIARS { tape.take(most) } else { tape.take_to_record(most) };
        if (block.len() as u64) < length {
            self.liars += 1;
            // either larger than is taken, or cut short, or the length is false
            if let Some(at) = record_start(&block, false) {
                tape.unread(&block[at..]);
                block.truncate(at);
                self.fault(
                    Some(item),
                    Fault::Archive(format!("declares {length} bytes, but after {at} the next record begins")),
                );
            } else if block.len() < MOST {
                let why = if tape.peek(1).is_empty() { "the data end" } else { "the next record begins" };
                self.fault(
                    Some(item),
                    Fault::Archive(format!("declares {length} bytes, but after {} {why}", block.len())),
                );
            } else {
                let skipped = tape.skip(length - MOST as u64, true);
                let fault = if skipped.at_record || skipped.passed < length - MOST as u64 {
                    Fault::Archive(format!(
                        "declares {length} bytes, but after {} it ends",
                        MOST as u64 + skipped.passed
                    ))
                } else {
                    Fault::TooLarge(MOST)
                };
                return self.fault(Some(item), fault);
            }
            return self.put(item, headers, block);
        }
        let end = self.boundary(tape, item, Some(&block));
        if let Some(at) = end {
            block.truncate(at);
        }
        self.put(item, headers, block);
    }

    fn put(&mut self, item: u64, headers: Vec<(String, String)>, block: Vec<u8>) {
        if !self.more {
            return;
        }
        let (place, _) = self.spot(Some(item));
        let spot = Spot { path: self.path.to_string(), kind: SourceKind::Warc, item, place };
        let id = format!("{}-{item}", self.stem);
        self.more &= (self.sink)(Ok(Item { spot, id, raw: Raw::Capture(Capture { headers, block }) }));
    }

    /// After a block come two line ends or the end. If not, its length was false: where the block holds the beginning
    /// of another record, reading goes on there, and the block's true end is given back.
    fn boundary(&mut self, tape: &mut Tape<'_>, item: u64, block: Option<&[u8]>) -> End {
        let ahead = tape.peek(32);
        if ahead.is_empty()
            || ahead.starts_with(b"\r\n\r\n")
            || ahead.starts_with(b"\n\n")
            || record_start(ahead, true) == Some(0)
        {
            return End::default();
        }
        // one line end where two belong is common and harmless
        let line_ends = ahead.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        if line_ends > 0 && (ahead.len() == line_ends || record_start(&ahead[line_ends..], true) == Some(0)) {
            return End::default();
        }
        if let Some(at) = block.and_then(|b| record_start(b, false)) {
            self.liars += 1;
            tape.unread(&block.unwrap_or_default()[at..]);
            self.fault(
                Some(item),
                Fault::Archive(format!("its declared length is false: after {at} bytes the next record begins")),
            );
            return Some(at);
        }
        let skipped = tape.skip(u64::MAX, true);
        self.fault(
            Some(item),
            Fault::Archive(format!(
                "its declared length is false: {} bytes more stand before the next record",
                skipped.passed
            )),
        );
        None
    }
}

/// What comes after the first empty line.
fn after_head(block: &[u8]) -> &[u8] {
    block.windows(4).position(|w| w == b"\r\n\r\n").map_or(&[], |at| &block[at + 4..])
}

/// Moves on to the next record.
fn find_next(tape: &mut Tape<'_>) {
    // not the line the tape stands on
    if record_start(tape.peek(32), true) == Some(0) {
        tape.pass(5);
    }
    tape.skip(u64::MAX, true);
}

/// The true end of a block whose length was false.
type End = Option<usize>;

/// The header of a record; `None` if it does not end.
fn header(tape: &mut Tape<'_>) -> Option<Vec<(String, String)>> {
    let ahead = tape.peek(HEADER);
    let ahead = &ahead[..ahead.len().min(HEADER)];
    let mut headers = Vec::new();
    let mut at = 0;
    loop {
        let end = at + ahead[at..].iter().position(|b| *b == b'\n')? + 1;
        let text = String::from_utf8_lossy(&ahead[at..end]).into_owned();
        let line = text.trim_end_matches(['\r', '\n']);
        if at > 0 {
            if line.is_empty() {
                tape.pass(end);
                return Some(headers);
            }
            if headers.len() < 256 {
                message::header(line, &mut headers);
            }
        }
        at = end;
    }
}

/// Whether a record holds a page or a text that somebody published.
fn wanted(headers: &[(String, String)], block: &[u8], length: u64) -> bool {
    let get = |name: &str| message::get(headers, name);
    let on_the_web = || {
        get("warc-target-uri")
            .is_some_and(|u| u.trim_matches('<').get(..4).is_some_and(|s| s.eq_ignore_ascii_case("http")))
    };
    let text = |kind: &str| matches!(&*media(kind), "text/html" | "application/xhtml+xml" | "text/plain");
    if length == 0 || get("warc-segment-number").is_some_and(|n| n != "1") {
        return false;
    }
    match get("warc-type").map(str::to_ascii_lowercase).as_deref() {
        Some("response") => match Head::read(block) {
            Some(head) => {
                let full = head.body < block.len();
                let good = head.status.is_none_or(|s| (200..300).contains(&s));
                let kind = head.get("content-type").unwrap_or("");
                good && full && (text(kind) || (kind.is_empty() && looks_like_page(&block[head.body..])))
            }
            None => looks_like_page(block),
        },
        Some("resource" | "conversion") => on_the_web() && get("content-type").is_some_and(text),
        _ => false,
    }
}

/// The dictionary that a zstd archive may begin with, in a frame that decoders skip.
fn dictionary<R: BufRead>(reader: &mut Back<R>) -> io::Result<Option<zstd::dict::DecoderDictionary<'static>>> {
    let mut head = [0_u8; 8];
    reader.read_exact(&mut head)?;
    if head[..4] != [0x5d, 0x2a, 0x4d, 0x18] {
        reader.put_back(&head);
        return Ok(None);
    }
    let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
    if size > 64 << 20 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its dictionary is larger than 64 MiB"));
    }
    let mut bytes = Vec::new();
    reader.take(size as u64).read_to_end(&mut bytes)?;
    if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        bytes = crate::unpack::take(zstd::stream::read::Decoder::with_buffer(Cursor::new(bytes))?, 64 << 20).bytes;
    }
    Ok(Some(zstd::dict::DecoderDictionary::copy(&bytes)))
}

/// A reader that bytes can be put back into.
struct Back<R> {
    front: Vec<u8>,
    at: usize,
    inner: R,
    /// Bytes taken so far, those put back counted again.
    taken: u64,
}

impl<R: BufRead> Back<R> {
    fn put_back(&mut self, bytes: &[u8]) {
        let rest = self.front.split_off(self.at);
        self.front = [bytes, &rest].concat();
        self.at = 0;
    }

    /// Moves to where `magic` stands next; how many bytes were passed, `None` at the end.
    fn at_magic(&mut self, magic: &[u8]) -> io::Result<Option<u64>> {
        let mut passed = 0;
        let mut matched = 0;
        loop {
            let buffer = self.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let n = buffer.len();
            let mut found = None;
            for (i, b) in buffer.iter().enumerate() {
                if *b == magic[matched] {
                    matched += 1;
                    if matched == magic.len() {
                        found = Some(i + 1);
                        break;
                    }
                } else {
                    matched = usize::from(*b == magic[0]);
                }
            }
            let used = found.unwrap_or(n);
            self.consume(used);
            passed += used as u64;
            if found.is_some() {
                self.put_back(magic);
                return Ok(Some(passed - magic.len() as u64));
            }
        }
    }
}

impl<R: BufRead> Read for Back<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let buffer = self.fill_buf()?;
        let n = buffer.len().min(out.len());
        out[..n].copy_from_slice(&buffer[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Back<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.front.len() { Ok(&self.front[self.at..]) } else { self.inner.fill_buf() }
    }

    fn consume(&mut self, n: usize) {
        self.taken += n as u64;
        if self.at < self.front.len() { self.at += n } else { self.inner.consume(n) }
    }
}
