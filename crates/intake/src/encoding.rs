//! Bytes → text. UTF-8 is taken as it is; anything else is recognised, decoded and told.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, ISO_8859_6, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};
use model::Document;

use crate::fault::Fault;

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

/// Text and how it was got.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// What it was decoded from, by its WHATWG name (UTF-32 has none and keeps its own).
    pub encoding: &'static str,
    /// What a user should know about it.
    pub notes: Vec<String>,
}

impl Decoded {
    fn new(text: impl Into<String>, encoding: &'static str) -> Self {
        Self { text: text.into(), encoding, notes: Vec::new() }
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// The text of a plain file: nothing is declared, its marks are kept as code points.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, Fault> {
    decode_declared(bytes, &[])
}

/// The text of a page or feed: by what HTTP or the markup itself declare, if that is true, else as it seems.
/// `http` is the character set named by the server.
pub fn decode_markup(bytes: Vec<u8>, http: Option<&str>) -> Result<Decoded, Fault> {
    let inner = named(&bytes);
    let declared: Vec<&str> = http.into_iter().chain(inner.as_deref()).collect();
    let mut decoded = decode_declared(bytes, &declared)?;
    if decoded.text.starts_with('\u{feff}') {
        decoded.text.drain(..'\u{feff}'.len_utf8());
    }
    // a page is not its characters: what offsets refer to is its article
    decoded.notes.retain(|n| !n.contains("offsets"));
    Ok(decoded)
}

/// Decodes by marks, by validity, and by how much well-formed text each candidate gives; `declared` are labels, the
/// most trusted first. What is declared is a candidate like others, with some credit.
fn decode_declared(bytes: Vec<u8>, declared: &[&str]) -> Result<Decoded, Fault> {
    if let Some((_, what)) = MAGIC.iter().find(|(m, _)| bytes.starts_with(m)) {
        return Err(Fault::Binary(what));
    }
    if let Some((text, name)) = utf32(&bytes) {
        return Ok(Decoded::new(text, name).note(format!("is {name}, not UTF-8; offsets count its code points")));
    }
    if is_marked(&bytes) {
        let (text, name) = wide(&bytes);
        return Ok(Decoded::new(text, name).note(format!("is {name}, not UTF-8; offsets count its code points")));
    }
    let labels: Vec<&'static Encoding> =
        declared.iter().filter_map(|l| Encoding::for_label(l.trim().as_bytes())).collect();
    if bytes.is_ascii() && labels.first() == Some(&ISO_2022_JP) {
        return Ok(Decoded::new(ISO_2022_JP.decode_without_bom_handling(&bytes).0, ISO_2022_JP.name()));
    }
    // Arabic in UTF-16 happens to be valid UTF-8 too, full of control characters
    let bytes = if is_binary(&bytes) {
        bytes
    } else {
        match String::from_utf8(bytes) {
            Ok(text) => {
                let mut decoded = Decoded::new(text, UTF_8.name());
                if let Some(label) = labels.first().filter(|l| **l != UTF_8)
                    && !decoded.text.is_ascii()
                {
                    decoded = decoded.note(format!("declares {} but is UTF-8; read as UTF-8", label.name()));
                }
                return Ok(decoded);
            }
            Err(e) => e.into_bytes(),
        }
    };
    let decoded = decode_other(&bytes, &labels)?;
    Ok(match labels.first() {
        // what was declared and holds needs no word
        Some(label) if label.name() == decoded.encoding => Decoded { notes: damage_only(decoded.notes), ..decoded },
        Some(label) => {
            let note = format!("declares {} but is not; read as {}", label.name(), decoded.encoding);
            Decoded { notes: damage_only(decoded.notes), ..decoded }.note(note)
        }
        None => decoded,
    })
}

fn damage_only(notes: Vec<String>) -> Vec<String> {
    notes.into_iter().filter(|n| !n.starts_with("is ")).collect()
}

/// The text of bytes that are not UTF-8.
fn decode_other(bytes: &[u8], declared: &[&'static Encoding]) -> Result<Decoded, Fault> {
    if let Some(encoding) = unmarked_wide(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return Ok(Decoded::new(text, encoding.name()).note(format!("is {}, not UTF-8", encoding.name())));
    }
    if is_binary(bytes) && !declared.contains(&ISO_2022_JP) {
        return Err(Fault::Binary("binary"));
    }
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if bad * 20 <= good {
        let text = String::from_utf8_lossy(bytes).into_owned();
        return Ok(
            Decoded::new(text, UTF_8.name()).note(format!("{bad} damaged places in its UTF-8, each read as U+FFFD"))
        );
    }
    let encoding = likeliest(bytes, declared);
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
        let truly = bytes.split(|b| *b == b'\n').any(|l| !l.is_ascii() && std::str::from_utf8(l).is_ok());
        if foreign < lines && truly {
            let name = encoding.name();
            return Ok(
                Decoded::new(text, name).note(format!("mixed encodings: {foreign} of {lines} lines read as {name}"))
            );
        }
    }
    let text = whole(bytes);
    let strange = text.chars().filter(|c| *c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())).count();
    if strange * 20 > text.chars().count() {
        return Err(Fault::Binary("binary, or in an unknown encoding"));
    }
    Ok(Decoded::new(text, encoding.name()).note(format!("is not UTF-8; read as {}", encoding.name())))
}

/// The encoding under which these bytes, which are not UTF-8, make the best text.
fn likeliest(bytes: &[u8], declared: &[&'static Encoding]) -> &'static Encoding {
    let sample = foreign_words(bytes);
    let guess = guess(bytes);
    let mut candidates: Vec<(&'static Encoding, f32)> = Vec::new();
    let mut add = |encoding: &'static Encoding, credit: f32| {
        if !candidates.iter().any(|(e, _)| *e == encoding) && ![UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) {
            candidates.push((encoding, credit));
        }
    };
    for (i, encoding) in declared.iter().enumerate() {
        add(encoding, if i == 0 { 0.15 } else { 0.12 });
    }
    add(guess, 0.1);
    add(WINDOWS_1256, 0.05);
    add(ISO_8859_6, 0.0);
    add(WINDOWS_1252, 0.0);
    let worth = |(encoding, credit): &(&'static Encoding, f32)| {
        credit + crate::spelling::score(&encoding.decode_without_bom_handling(&sample).0)
    };
    // the first of equals: what is declared before what is guessed
    let mut best = (guess, f32::MIN);
    for candidate in &candidates {
        let score = worth(candidate);
        if score > best.1 {
            best = (candidate.0, score);
        }
    }
    best.0
}

/// The words that are not ASCII, up to 32 KiB of them: all that tells encodings apart.
fn foreign_words(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // no multi-byte encoding has bytes below 0x30 or around `<` as a later byte
    for word in bytes.split(|b| *b < 0x30 || matches!(b, 0x3a..=0x3f)) {
        if !word.is_ascii() {
            out.extend_from_slice(word);
            out.push(b' ');
            if out.len() > 1 << 15 {
                break;
            }
        }
    }
    out
}

/// UTF-32, by its mark or by the zeros around its first sign.
fn utf32(bytes: &[u8]) -> Option<(String, &'static str)> {
    let big = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => false,
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => true,
        _ => return None,
    };
    let text = bytes.chunks(4).map(|c| {
        let unit: [u8; 4] = c.try_into().ok()?;
        char::from_u32(if big { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) })
    });
    let text = text.map(|c| c.unwrap_or('\u{fffd}')).collect();
    Some((text, if big { "UTF-32BE" } else { "UTF-32LE" }))
}

/// Whether a text begins with the mark of UTF-16.
fn is_marked(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

/// Whether a text is UTF-16, by its mark or, without one, by its first bytes.
pub fn is_wide(head: &[u8]) -> bool {
    is_marked(head) || unmarked_wide(&head[..head.len().min(4096)]).is_some()
}

/// UTF-16; its mark, where it has one, is kept as a code point.
pub fn wide(bytes: &[u8]) -> (String, &'static str) {
    let encoding = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        _ => unmarked_wide(&bytes[..bytes.len().min(4096)]).unwrap_or(UTF_16BE),
    };
    (encoding.decode_without_bom_handling(bytes).0.into_owned(), encoding.name())
}

/// The first characters of an input, for telling its form: UTF-16 and UTF-32 are seen through, all else is near enough.
pub fn glimpse(head: &[u8]) -> String {
    if let Some((text, _)) = utf32(head) {
        return text;
    }
    if is_marked(head) {
        return wide(head).0;
    }
    match head {
        [b'<' | b'{', 0, ..] => UTF_16LE.decode_without_bom_handling(head).0.into_owned(),
        [0, b'<' | b'{', ..] => UTF_16BE.decode_without_bom_handling(head).0.into_owned(),
        _ => String::from_utf8_lossy(head).into_owned(),
    }
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

/// The character set that markup names in its first bytes: `charset=` of a page, `encoding=` of XML.
fn named(bytes: &[u8]) -> Option<String> {
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let after = |mark: &[u8], within: &[u8]| -> Option<String> {
        let at = within.windows(mark.len()).position(|w| w == mark)? + mark.len();
        let label: String = within[at..]
            .iter()
            .copied()
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''))
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'))
            .map(char::from)
            .collect();
        (!label.is_empty()).then_some(label)
    };
    let start = head.iter().position(|b| *b == b'<')?;
    if head[start..].starts_with(b"<?xml") {
        let end = head[start..].iter().position(|b| *b == b'>').map_or(head.len(), |n| start + n);
        if let Some(label) = after(b"encoding", &head[start..end]) {
            return Some(label);
        }
    }
    after(b"charset", &head)
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
    detector.guess(None, Utf8Detection::Deny)
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
        decode(bytes.to_vec()).unwrap().text
    }

    #[test]
    fn utf8_is_taken_as_it_is() {
        let with_mark = format!("\u{feff}{TEXT}\r\n");
        assert_eq!(decode(with_mark.clone().into_bytes()).unwrap(), Decoded::new(with_mark, "UTF-8"));
        assert_eq!(text(b""), "");
    }

    #[test]
    fn other_encodings_are_recognised() {
        for encoding in [WINDOWS_1256, encoding_rs::ISO_8859_6] {
            let (bytes, _, _) = encoding.encode(TEXT);
            let Decoded { text: got, notes, .. } = decode(bytes.into_owned()).unwrap();
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
        assert!(decode(damaged).unwrap().notes[0].starts_with("1 damaged"));
        let mixed = [TEXT.as_bytes(), &WINDOWS_1256.encode(TEXT).0, TEXT.as_bytes()].concat();
        let Decoded { text: got, notes, .. } = decode(mixed).unwrap();
        assert_eq!(got, TEXT.repeat(3));
        assert_eq!(notes, ["mixed encodings: 2 of 6 lines read as windows-1256"]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"%PDF-1.7 ..."[..], b"PK\x03\x04...", &[0; 64], &[1, 2, 3, 0xff, 0xfe, 0, 200, 7]] {
            assert!(matches!(decode(bytes.to_vec()), Err(Fault::Binary(_))), "{bytes:?}");
        }
    }

    #[test]
    fn pages_name_their_character_set() {
        let page = format!("<meta charset=\"windows-1256\"><p>{TEXT}");
        let (bytes, _, _) = WINDOWS_1256.encode(&page);
        assert_eq!(decode_markup(bytes.into_owned(), None).unwrap(), Decoded::new(page, "windows-1256"));
    }

    /// Every pair of what is declared and what is true, long and short.
    #[test]
    fn false_declarations_are_found_out() {
        let long = "قال متحدث باسم وزارة الدفاع إن القوات تسلمت «ست طائرات» من دولة الرمال يوم الثلاثاء، وأضاف أن الدفعة \
                    التالية تصل إلى القاعدة الجوية في الشهر المقبل؛ ونفى المتحدث ما نشرته صحيفة الضفة عن تأخير التسليم.";
        let texts = [
            long,
            "وصول شحنة إلى الميناء",
            "الجيش ينفي",
            "مقتل ثلاثة جنود في هجوم على نقطة تفتيش شمال المدينة",
            "وقف إطلاق النار يدخل حيز التنفيذ",
            "هل تنسحب القوات؟",
            "محادثات السلام تستأنف غدا",
        ];
        let labels =
            ["utf-8", "windows-1256", "iso-8859-6", "iso-8859-1", "windows-1252", "utf-16", "windows-1251", "nonsense"];
        for text in texts {
            let plain: String = text.chars().filter(|c| !matches!(c, '«' | '»')).collect();
            let units: Vec<u16> = text.encode_utf16().collect();
            let truths: [(&str, &str, Vec<u8>); 5] = [
                ("UTF-8", text, text.as_bytes().to_vec()),
                ("windows-1256", text, WINDOWS_1256.encode(text).0.into_owned()),
                ("ISO-8859-6", &plain, ISO_8859_6.encode(&plain).0.into_owned()),
                ("UTF-16LE", text, units.iter().flat_map(|u| u.to_le_bytes()).collect()),
                ("UTF-16BE", text, units.iter().flat_map(|u| u.to_be_bytes()).collect()),
            ];
            for (name, want, body) in truths {
                for label in labels {
                    let ascii = |s: String| -> Vec<u8> {
                        match name {
                            "UTF-16LE" => s.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                            "UTF-16BE" => s.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                            _ => s.into_bytes(),
                        }
                    };
                    let head = ascii(format!("<html><head><meta charset=\"{label}\"></head><body><p>"));
                    let page = [head, body.clone()].concat();
                    for http in [None, Some(label)] {
                        let got = decode_markup(page.clone(), http).unwrap();
                        assert!(
                            got.text.ends_with(want),
                            "{name} declared as {label}: {:?} {}",
                            got.text,
                            got.encoding
                        );
                        assert_eq!(got.encoding, name, "declared as {label}: {want}");
                    }
                }
                let got = decode(body).unwrap();
                assert_eq!((got.text.as_str(), got.encoding), (want, name), "undeclared");
            }
        }
    }

    #[test]
    fn other_scripts_keep_what_they_declare() {
        for (label, text) in [
            ("windows-1251", "Министр заявил, что войска покинули город утром"),
            ("koi8-r", "Министр заявил, что войска покинули город утром"),
            ("iso-8859-7", "Ο υπουργός δήλωσε ότι τα στρατεύματα αποχώρησαν"),
            ("windows-1252", "Le ministre a déclaré que l\u{2019}armée a été évacuée à l\u{2019}été"),
            ("windows-1254", "Bakan, ordunun şehri sabah terk ettiğini açıkladı"),
            ("windows-1255", "השר אמר כי הכוחות עזבו את העיר"),
            ("shift_jis", "大臣は軍が町を離れたと述べた"),
            ("gb18030", "部长说军队已经离开城市"),
            ("euc-kr", "장관은 군대가 도시를 떠났다고 말했다"),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let page = format!("<?xml version=\"1.0\" encoding=\"{label}\"?><p>{text}");
            let got = decode_markup(encoding.encode(&page).0.into_owned(), None).unwrap();
            assert_eq!((got.text.as_str(), got.encoding), (page.as_str(), encoding.name()));
        }
    }

    #[test]
    fn utf32_is_read() {
        let le: Vec<u8> = format!("\u{feff}{TEXT}").chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(text(&le), format!("\u{feff}{TEXT}"));
        let be: Vec<u8> = format!("<p>{TEXT}").chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert_eq!(decode_markup(be, None).unwrap().text, format!("<p>{TEXT}"));
    }
}
