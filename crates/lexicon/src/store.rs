use std::borrow::Cow;

use fst::raw::{CompiledAddr, Fst, Node};

use crate::compile::{FORMS, MAGIC, unpack};
use crate::entry::{Entry, EntryKind, Posting};

/// Why bytes are not a compiled lexicon.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FormatError {
    /// Wrong first bytes.
    #[error("not a compiled lexicon of this version (expected {:?}); compile it again", std::str::from_utf8(MAGIC).unwrap_or(""))]
    Magic,
    /// The sections do not fit.
    #[error("the compiled lexicon is cut short or damaged; compile it again")]
    Damaged,
}

/// A compiled lexicon: spellings → entries. Looking up costs time linear in the spelling; nothing is parsed at start.
pub struct Lexicon {
    bytes: Cow<'static, [u8]>,
    fst: Fst<Cow<'static, [u8]>>,
    postings: std::ops::Range<usize>,
    offsets: std::ops::Range<usize>,
    entries: usize,
}

/// A place inside the automaton while a multi-word entry is being walked.
#[derive(Clone, Copy)]
pub struct Walk {
    addr: CompiledAddr,
    output: u64,
}

impl Lexicon {
    /// Reads a compiled lexicon in place.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Result<Self, FormatError> {
        if bytes.get(..8) != Some(MAGIC) {
            return Err(FormatError::Magic);
        }
        let number =
            |i: usize| bytes.get(8 + i * 4..12 + i * 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
        let (Some(map), Some(posting), Some(count)) = (number(0), number(1), number(2)) else {
            return Err(FormatError::Damaged);
        };
        let postings = 20 + map..20 + map + posting;
        let offsets = postings.end..postings.end + count * 4;
        if bytes.len() < offsets.end {
            return Err(FormatError::Damaged);
        }
        let slice = match &bytes {
            Cow::Borrowed(b) => Cow::Borrowed(&b[20..20 + map]),
            Cow::Owned(b) => Cow::Owned(b[20..20 + map].to_vec()),
        };
        let fst = Fst::new(slice).map_err(|_| FormatError::Damaged)?;
        Ok(Self { entries: offsets.end, postings, offsets, fst, bytes })
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.offsets.len() / 4
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many spellings lead to them.
    pub fn spellings(&self) -> usize {
        self.fst.len()
    }

    /// Entry number `id`.
    pub fn entry(&self, id: u32) -> Option<Entry<'_>> {
        postcard::from_bytes(self.record(id)?).ok()
    }

    /// The kind of entry number `id`: cheaper than the whole entry.
    pub fn kind(&self, id: u32) -> Option<EntryKind> {
        // the first field of the record
        postcard::from_bytes(self.record(id)?).ok()
    }

    fn record(&self, id: u32) -> Option<&[u8]> {
        let at = self.offsets.start + id as usize * 4;
        let b = self.bytes.get(at..at + 4).filter(|_| at + 4 <= self.offsets.end)?;
        let start = self.entries + u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize;
        self.bytes.get(start..)
    }

    /// The postings of one folded spelling.
    pub fn get(&self, key: &str) -> Postings<'_> {
        self.walk(self.start(), key).map_or(Postings(&[]), |w| self.finish(w))
    }

    /// Where every walk begins.
    pub fn start(&self) -> Walk {
        Walk { addr: self.fst.root().addr(), output: 0 }
    }

    /// Follows the bytes of `part` from `from`; none where no spelling goes on like that.
    #[inline]
    pub fn walk(&self, from: Walk, part: &str) -> Option<Walk> {
        let mut node: Node<'_> = self.fst.node(from.addr);
        let mut output = from.output;
        for b in part.bytes() {
            let t = node.transition(node.find_input(b)?);
            output += t.out.value();
            node = self.fst.node(t.addr);
        }
        Some(Walk { addr: node.addr(), output })
    }

    /// The postings of the spelling that ends here, if one does.
    pub fn finish(&self, at: Walk) -> Postings<'_> {
        let node = self.fst.node(at.addr);
        if !node.is_final() {
            return Postings(&[]);
        }
        let offset = self.postings.start + (at.output + node.final_output().value()) as usize;
        let Some(count) = self.bytes.get(offset).map(|c| usize::from(*c)) else { return Postings(&[]) };
        Postings(self.bytes.get(offset + 1..offset + 1 + count * 6).unwrap_or(&[]))
    }
}

/// The forms that one spelling can be.
#[derive(Clone)]
pub struct Postings<'a>(&'a [u8]);

impl Postings<'_> {
    /// Whether the spelling is unknown.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    fn next(&mut self) -> Option<Posting> {
        let (b, rest) = self.0.split_at_checked(6)?;
        self.0 = rest;
        Some(Posting {
            entry: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            form: FORMS[usize::from(b[4]).min(FORMS.len() - 1)],
            agreement: unpack(b[5]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conjugate::Form;
    use crate::source::Sources;

    fn small() -> Lexicon {
        let files = [
            (
                "verbs/a.tsv",
                "أرسل\tIV\tر-س-ل\tيرسل\tإرسال\tAID\ts=actor o=thing إلى=recipient\tsend\nأطلق\tIV\tط-ل-ق\tيطلق\tإطلاق\t-\t-\tlaunch",
            ),
            ("phrases/a.tsv", "~أطلق النار\tASSAULT.firearms\ts=actor على=recipient\topen fire"),
            ("names/countries.tsv", "RUS\tRU\tRussia\tروسيا\tروسي|روسية\tموسكو"),
        ];
        let sources = Sources::from_memory(files.map(|(f, t)| (f.to_string(), t.to_string())).to_vec());
        let (entries, faults) = sources.expand();
        assert_eq!(faults, []);
        Lexicon::from_bytes(Cow::Owned(crate::compile(&entries))).unwrap()
    }

    #[test]
    fn spellings_lead_to_their_entries() {
        let l = small();
        let p = l.get("ارسلت").next().unwrap();
        assert_eq!((l.entry(p.entry).unwrap().lemma, p.form), ("أرسل", Form::Past));
        assert_eq!(l.kind(p.entry), Some(EntryKind::Verb));
        assert_eq!(l.get("موسكو").next().unwrap().form, Form::Metonym);
        assert!(l.get("ارس").is_empty());
    }

    #[test]
    fn phrases_are_walked_word_by_word() {
        let l = small();
        let w = l.walk(l.start(), "اطلقوا").and_then(|w| l.walk(w, " ")).and_then(|w| l.walk(w, "النار")).unwrap();
        let p = l.finish(w).next().unwrap();
        assert_eq!(l.entry(p.entry).unwrap().gloss, "open fire");
    }

    #[test]
    fn damage_is_told() {
        assert_eq!(Lexicon::from_bytes(Cow::Borrowed(b"nonsense")).err(), Some(FormatError::Magic));
        assert_eq!(Lexicon::from_bytes(Cow::Borrowed(b"ISNADLX1\x01")).err(), Some(FormatError::Damaged));
    }
}
