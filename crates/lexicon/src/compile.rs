//! Source files → one automaton from folded spellings to entries.
//!
//! Layout: magic, three section lengths (u32 LE), then the `fst` map, the posting lists, and the entries
//! (an offset table and `postcard` records). The map's value is the byte offset of a posting list; the keys of
//! multi-word entries hold their words as the tokenizer cuts them, with single spaces between.

use std::collections::BTreeMap;

use arabic::Tokens;

use crate::conjugate::{Agreement, Form};
use crate::entry::Posting;
use crate::source::Expanded;

/// First bytes of a compiled lexicon; the digit is the version of the layout.
pub const MAGIC: &[u8; 8] = b"ISNADLX1";

/// Forms, in the order of their numbers in a posting.
pub(crate) const FORMS: [Form; 18] = [
    Form::Past,
    Form::Present,
    Form::PastPassive,
    Form::PresentPassive,
    Form::Imperative,
    Form::VerbalNoun,
    Form::ActiveParticiple,
    Form::PassiveParticiple,
    Form::Singular,
    Form::Dual,
    Form::Plural,
    Form::Name,
    Form::ShortName,
    Form::LoadedName,
    Form::Demonym,
    Form::Metonym,
    Form::Phrase,
    Form::Word,
];

/// The folded key of a spelling: its tokens joined by single spaces.
pub fn key(spelling: &str) -> String {
    let tokens = Tokens::new(spelling);
    let mut out = String::with_capacity(spelling.len());
    for i in 0..tokens.len() {
        if i > 0 {
            out.push(' ');
        }
        out.push_str(tokens.norm(i));
    }
    out
}

pub(crate) fn pack(a: Agreement) -> u8 {
    a.person | u8::from(a.feminine) << 2 | a.number << 3
}

pub(crate) fn unpack(b: u8) -> Agreement {
    Agreement { person: b & 3, feminine: b & 4 != 0, number: b >> 3 & 3 }
}

/// Compiles entries into the bytes that [`crate::Lexicon::from_bytes`] reads. Time and memory linear in the spellings.
pub fn compile(entries: &[Expanded<'_>]) -> Vec<u8> {
    let mut spellings: BTreeMap<String, Vec<Posting>> = BTreeMap::new();
    for (id, e) in entries.iter().enumerate() {
        for (spelling, form, agreement) in &e.cells {
            let k = key(spelling);
            if !k.is_empty() {
                let posting = Posting { entry: id as u32, form: *form, agreement: *agreement };
                spellings.entry(k).or_default().push(posting);
            }
        }
    }
    let mut map = fst::MapBuilder::memory();
    let mut postings = Vec::new();
    for (k, mut list) in spellings {
        list.sort_unstable();
        list.dedup();
        map.insert(&k, postings.len() as u64).expect("keys of a BTreeMap come sorted");
        let count = list.len().min(255);
        postings.push(count as u8);
        for p in &list[..count] {
            postings.extend_from_slice(&p.entry.to_le_bytes());
            postings.push(FORMS.iter().position(|f| *f == p.form).expect("every form is listed") as u8);
            postings.push(pack(p.agreement));
        }
    }
    let map = map.into_inner().expect("writing to memory does not fail");
    let mut offsets = Vec::with_capacity(entries.len() * 4);
    let mut records = Vec::new();
    for e in entries {
        offsets.extend_from_slice(&(records.len() as u32).to_le_bytes());
        records.extend(postcard::to_allocvec(&e.entry).expect("entries serialise"));
    }
    let mut out = Vec::with_capacity(map.len() + postings.len() + offsets.len() + records.len() + 24);
    out.extend_from_slice(MAGIC);
    for n in [map.len(), postings.len(), entries.len()] {
        out.extend_from_slice(&(n as u32).to_le_bytes());
    }
    out.extend_from_slice(&map);
    out.extend_from_slice(&postings);
    out.extend_from_slice(&offsets);
    out.extend_from_slice(&records);
    out
}
