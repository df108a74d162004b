//! What makes two documents the same.
//!
//! A document *is* its text. Its id is the first 32 hex digits of the BLAKE3 hash of the **normalised** text:
//!
//! 1. title, line break, body (or the body alone where there is no title), the text that offsets refer to;
//! 2. composed letters (Unicode NFC);
//! 3. marks that nobody sees are dropped: zero-width joiners and spaces, variation selectors, soft hyphens, direction
//!    marks, isolates and overrides, the byte order mark;
//! 4. every run of white space and control characters becomes one space; none stand at the ends.
//!
//! Nothing else is changed: not the letters (`أ` and `ا` differ), not vowel signs, digits or punctuation.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use model::Document;
use serde::{Serialize, Serializer};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Name of a document by its content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId([u8; 16]);

impl DocumentId {
    /// The id of a document. Time linear in its text.
    pub fn of(document: &Document) -> Self {
        Self::of_text(&document.whole())
    }

    /// The id of a text with its title.
    pub fn of_text(whole: &str) -> Self {
        let composed: Cow<'_, str> = match is_nfc_quick(whole.chars()) {
            IsNormalized::Yes => Cow::Borrowed(whole),
            _ => Cow::Owned(whole.nfc().collect()),
        };
        let mut hash = blake3::Hasher::new();
        let mut buffer = String::with_capacity(4096);
        let (mut begun, mut gap) = (false, false);
        for c in composed.chars() {
            if unseen(c) {
                continue;
            }
            if c.is_whitespace() || c.is_control() {
                gap = true;
                continue;
            }
            if gap && begun {
                buffer.push(' ');
            }
            (begun, gap) = (true, false);
            buffer.push(c);
            if buffer.len() > 4000 {
                hash.update(buffer.as_bytes());
                buffer.clear();
            }
        }
        hash.update(buffer.as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finalize().as_bytes()[..16]);
        Self(id)
    }

    /// As stored.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// From what was stored; none where it has another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

fn unseen(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DocumentId {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        if s.len() != 32 || !s.is_ascii() {
            return Err(());
        }
        let mut id = [0; 16];
        for (i, byte) in id.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&s[2 * i..2 * i + 2], 16).map_err(|_| ())?;
        }
        Ok(Self(id))
    }
}

impl Serialize for DocumentId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Parts of a query that only follow readers around.
const TRACKING: [&str; 8] = ["fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "yclid", "msclkid", "cmpid"];

/// The address by which versions of one page are known: host in lower case, default port, fragment and tracking
/// parameters gone. What is no address stays as it is, without white space around it.
pub fn canonical_url(address: &str) -> String {
    let address = address.trim();
    let Ok(mut url) = url::Url::parse(address) else { return address.to_string() };
    url.set_fragment(None);
    if url.query().is_some() {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(k, _)| !k.starts_with("utm_") && !TRACKING.contains(&k.as_ref()))
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        if kept.is_empty() {
            url.set_query(None);
        } else if kept.len() != url.query_pairs().count() {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> DocumentId {
        DocumentId::of_text(text)
    }

    #[test]
    fn spaces_and_unseen_marks_do_not_make_another_document() {
        let one = id("قال الوزير:\nنعم");
        assert_eq!(one, id("  قال\u{a0} الوزير:\r\n\r\n\t نعم \u{0}"));
        assert_eq!(one, id("\u{feff}قال \u{200f}الوز\u{200d}ير: نعم"));
        assert_eq!(id("أ"), id("ا\u{654}"), "composed");
    }

    #[test]
    fn letters_signs_and_marks_do() {
        for other in ["قال الوزير: نعم.", "قال الوزير نعم", "قالَ الوزير: نعم", "قال الوزيرُ: نعم", "قا ل الوزير: نعم"]
        {
            assert_ne!(id("قال الوزير: نعم"), id(other), "{other}");
        }
        assert_ne!(id("أ"), id("ا"));
    }

    #[test]
    fn a_title_is_the_first_line() {
        let with = Document { title: Some("عنوان".into()), text: "نص".into(), ..Document::default() };
        let without = Document { text: "عنوان\nنص".into(), ..Document::default() };
        assert_eq!(DocumentId::of(&with), DocumentId::of(&without));
    }

    #[test]
    fn ids_read_back() {
        let one = id("نص");
        assert_eq!(one.to_string().parse(), Ok(one));
        assert!("zz".parse::<DocumentId>().is_err());
        assert!("é".repeat(16).parse::<DocumentId>().is_err());
    }

    #[test]
    fn addresses_of_one_page_are_one() {
        let one = canonical_url("https://news.example/a?id=7");
        assert_eq!(one, canonical_url(" HTTPS://News.Example:443/a?utm_source=x&id=7&fbclid=1#top"));
        assert_eq!(canonical_url("https://news.example/a?utm_medium=x"), "https://news.example/a");
        assert_eq!(canonical_url("not an address"), "not an address");
    }

    proptest::proptest! {
        #[test]
        fn space_never_matters(text in "\\PC{0,60}") {
            let spread: String = text.split(' ').collect::<Vec<_>>().join(" \n\u{200e} ");
            proptest::prop_assert_eq!(id(&text), id(&spread));
        }
    }
}
