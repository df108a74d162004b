//! Bytes → text. UTF-8 is taken as it is; anything else is recognised, decoded and told.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};
use model::Document;

use crate::error::InputFault;

/// First bytes of files that are often taken for articles.
const MAGIC: [(&[u8], &str); 9] = [
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "gzip data inside gzip data"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich-text (RTF) document"),
];

/// The text of these bytes and what a user should know about it.
pub fn decode(bytes: Vec<u8>) -> Result<(String, Vec<String>), InputFault> {
    if let Some((_, what)) = MAGIC.iter().find(|(m, _)| bytes.starts_with(m)) {
        return Err(InputFault::Binary(what));
    }
    if is_wide(&bytes) {
        let (text, name) = wide(&bytes);
        return Ok((text, vec![format!("is {name}, not UTF-8; offsets count its code points")]));
    }
    // Arabic in UTF-16 happens to be valid UTF-8 too, full of control characters
    let bytes = if is_binary(&bytes) {
        bytes
    } else {
        match String::from_utf8(bytes) {
            Ok(text) => return Ok((text, Vec::new())),
            Err(e) => e.into_bytes(),
        }
    };
    decode_other(&bytes)
}

/// The text of bytes that are not UTF-8.
fn decode_other(bytes: &[u8]) -> Result<(String, Vec<String>), InputFault> {
    if let Some(encoding) = unmarked_wide(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return Ok((text.into_owned(), vec![format!("is {}, not UTF-8", encoding.name())]));
    }
    if is_binary(bytes) {
        return Err(InputFault::Binary("binary"));
    }
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if bad * 20 <= good {
        let text = String::from_utf8_lossy(bytes).into_owned();
        return Ok((text, vec![format!("{bad} damaged places in its UTF-8, each read as U+FFFD")]));
    }
    let encoding = guess(bytes);
    let whole = |bytes: &[u8]| encoding.decode_without_bom_handling(bytes).0.into_owned();
    if good > 0 {
        // some lines in UTF-8, some not
        let (mut text, mut foreign, mut lines) = (String::with_capacity(bytes.len()), 0, 0);
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            lines += 1;
            if let Ok(line) = std::str::from_utf8(line) {
                text.push_str(line);
            } else {
                foreign += 1;
                text.push_str(&whole(line));
            }
        }
        if foreign < lines {
            let name = encoding.name();
            return Ok((text, vec![format!("mixed encodings: {foreign} of {lines} lines read as {name}")]));
        }
    }
    let text = whole(bytes);
    let strange = text.chars().filter(|c| *c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())).count();
    if strange * 20 > text.chars().count() {
        return Err(InputFault::Binary("binary, or in an unknown encoding"));
    }
    Ok((text, vec![format!("is not UTF-8; read as {}", encoding.name())]))
}

/// The text of a page: by the character set it names, if that fits, else as [`decode`] does.
pub fn decode_page(bytes: Vec<u8>) -> Result<(String, Vec<String>), InputFault> {
    if std::str::from_utf8(&bytes).is_err()
        && !is_wide(&bytes)
        && let Some(encoding) = named(&bytes)
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(&bytes)
    {
        return Ok((text.into_owned(), Vec::new()));
    }
    decode(bytes)
}

/// Whether a text begins with the mark of UTF-16.
pub fn is_wide(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

/// UTF-16 with its mark, which is kept as a code point.
pub fn wide(bytes: &[u8]) -> (String, &'static str) {
    let encoding = if bytes.starts_with(&[0xff, 0xfe]) { UTF_16LE } else { UTF_16BE };
    (encoding.decode_without_bom_handling(bytes).0.into_owned(), encoding.name())
}

/// Remarks on a text that is odd but is read.
pub fn remark(document: &Document, notes: &mut Vec<String>) {
    let (mut control, mut bidi) = (0, 0);
    for text in [document.title.as_deref().unwrap_or(""), &document.text] {
        // both kinds lie outside the Arabic blocks, so bytes tell quickly where nothing is to be seen
        if text.bytes().any(|b| b < b'\t' || b == 0xe2 || b == 0x7f || b == 0xc2 || (b > b'\r' && b < b' ')) {
            for c in text.chars() {
                match c {
                    '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => bidi += 1,
                    c if c.is_control() && !c.is_whitespace() => control += 1,
                    _ => {}
                }
            }
        }
    }
    if document.text.trim().is_empty() && document.title.as_deref().is_none_or(|t| t.trim().is_empty()) {
        notes.push("is empty: an empty reading".into());
    }
    for (n, what) in [(control, "a control character"), (bidi, "a character that changes the direction of writing")] {
        if n > 0 {
            notes.push(format!("{what} in {n} places; kept, counted in offsets"));
        }
    }
}

/// The character set that a page names in its first bytes.
fn named(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let at = head.windows(7).position(|w| w == b"charset")? + 7;
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
        .collect();
    Encoding::for_label(&label)
}

/// UTF-16 without a mark: nearly every second byte is the high byte of Arabic, ASCII or punctuation.
fn unmarked_wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    if sample.len() < 16 {
        return None;
    }
    let share = |offset: usize| {
        let hits = sample.iter().skip(offset).step_by(2).filter(|b| matches!(b, 0x00 | 0x06 | 0x20)).count();
        hits * 20 > (sample.len() / 2) * 19
    };
    match (share(0), share(1)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(1 << 18)], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    // A few Arabic words amid other text tip the scales to Latin; for this reader Arabic is the likelier.
    if guess == WINDOWS_1252 {
        let (text, damaged) = WINDOWS_1256.decode_without_bom_handling(bytes);
        let letters = |f: fn(char) -> bool| text.chars().filter(|c| f(*c)).count();
        let arabic = letters(|c| ('\u{621}'..='\u{64a}').contains(&c));
        let foreign = letters(|c| c.is_alphabetic() && !c.is_ascii()) - arabic;
        if !damaged && arabic > 3 * foreign {
            return WINDOWS_1256;
        }
    }
    guess
}

/// Whether there are more NULs and controls than any text has.
fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31)).count();
    odd * 100 > bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "قالت وزارة الخارجية إن الوفد وصل إلى المدينة صباح اليوم.\nوأضافت أن المحادثات تبدأ غداً.\n";

    fn text(bytes: &[u8]) -> String {
        decode(bytes.to_vec()).unwrap().0
    }

    #[test]
    fn utf8_is_taken_as_it_is() {
        let with_mark = format!("\u{feff}{TEXT}\r\n");
        assert_eq!(decode(with_mark.clone().into_bytes()).unwrap(), (with_mark.clone(), vec![]));
        assert_eq!(text(b""), "");
    }

    #[test]
    fn other_encodings_are_recognised() {
        for encoding in [WINDOWS_1256, encoding_rs::ISO_8859_6] {
            let (bytes, _, _) = encoding.encode(TEXT);
            let (got, notes) = decode(bytes.into_owned()).unwrap();
            assert_eq!(got, TEXT, "{}", encoding.name());
            assert!(notes[0].contains(encoding.name()), "{notes:?}");
        }
        let units: Vec<u16> = TEXT.encode_utf16().collect();
        let le: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let be: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        assert_eq!(text(&le), TEXT);
        assert_eq!(text(&be), TEXT);
        assert_eq!(text(&[&[0xff, 0xfe][..], &le].concat()), format!("\u{feff}{TEXT}"));
    }

    #[test]
    fn damage_and_mixtures_are_told() {
        let mut damaged = TEXT.as_bytes().to_vec();
        damaged.insert(2, 0xff);
        assert!(decode(damaged).unwrap().1[0].starts_with("1 damaged"));
        let mixed = [TEXT.as_bytes(), &WINDOWS_1256.encode(TEXT).0, TEXT.as_bytes()].concat();
        let (got, notes) = decode(mixed).unwrap();
        assert_eq!(got, TEXT.repeat(3));
        assert_eq!(notes, ["mixed encodings: 2 of 6 lines read as windows-1256"]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"%PDF-1.7 ..."[..], b"PK\x03\x04...", &[0; 64], &[1, 2, 3, 0xff, 0xfe, 0, 200, 7]] {
            assert!(matches!(decode(bytes.to_vec()), Err(InputFault::Binary(_))), "{bytes:?}");
        }
    }

    #[test]
    fn pages_name_their_character_set() {
        let page = format!("<meta charset=\"windows-1256\"><p>{TEXT}");
        let (bytes, _, _) = WINDOWS_1256.encode(&page);
        assert_eq!(decode_page(bytes.into_owned()).unwrap(), (page, vec![]));
    }
}
