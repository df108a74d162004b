//! One article as it was found, and how it becomes a document.

use std::sync::Arc;

use model::{Document, Reading, Source, SourceKind, Version};
use url::Url;

use crate::fault::{Fault, Skip};
use crate::feed::Entry;
use crate::page::{self, Origin};
use crate::warc::Capture;
use crate::web::Client;
use crate::{date, encoding, json, table, text};

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// File or address as it was named.
    pub path: String,
    /// What kind of container it came in.
    pub kind: SourceKind,
    /// Number of the item in it, from 0.
    pub item: u64,
    /// The same for messages: file, and line, entry, row or record in it.
    pub place: String,
}

impl Spot {
    /// A fault at this spot.
    pub fn skip(&self, fault: Fault) -> Skip {
        Skip { path: self.path.clone(), item: Some(self.item), place: self.place.clone(), fault }
    }
}

/// One article as it was found, not yet taken apart.
#[derive(Debug)]
pub struct Item {
    /// Where it stands.
    pub spot: Spot,
    /// Its id if it brings none.
    pub id: String,
    /// What was found.
    pub raw: Raw,
}

/// What was found.
#[derive(Debug)]
pub enum Raw {
    /// A JSON object.
    Record(Vec<u8>),
    /// A plain text, with its meta file if there is one.
    Text(Vec<u8>, Option<Vec<u8>>),
    /// A web page and where it came from, with its meta file if there is one.
    Html(Vec<u8>, Box<Origin>, Option<Vec<u8>>),
    /// An entry of a feed or sitemap.
    Entry(Box<Listed>),
    /// A row of a table.
    Row(table::Row),
    /// A record of a web archive.
    Capture(Capture),
    /// A document that was made earlier.
    Stored(Box<Stored>),
}

/// A document that was made earlier, with what was read in it then.
#[derive(Debug, Default)]
pub struct Stored {
    /// The document.
    pub document: Document,
    /// blake3 of the raw bytes it was made of, where that was kept.
    pub hash: Option<[u8; 32]>,
    /// Its reading as JSON, and what made it.
    pub kept: Option<Kept>,
}

/// A reading that was made earlier, as it stands beside its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// JSON.
    pub json: String,
    /// What made it, where that is told.
    pub by: Option<Version>,
}

/// A reading that came with its document.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The reading.
    pub reading: Reading,
    /// What made it.
    pub by: Version,
}

/// An entry and what its list says of all of its entries.
#[derive(Debug)]
pub struct Listed {
    /// The entry.
    pub entry: Entry,
    /// What the list says of all of them.
    pub list: Arc<ListHead>,
    /// Fetches the page it leads to, if that is wanted.
    pub client: Option<Arc<Client>>,
}

/// What a list says of all of its entries.
#[derive(Debug, Default)]
pub struct ListHead {
    /// Its title.
    pub title: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// What it was decoded from.
    pub encoding: &'static str,
}

/// A document ready to be read.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The document.
    pub document: Document,
    /// blake3 of the raw bytes of the item: of the file, page, record or JSON line as it came; of the fields of a table's
    /// row or feed's entry.
    pub raw_hash: [u8; 32],
    /// What a user should know about how it was taken.
    pub notes: Vec<String>,
    /// Faults of the source that did not keep the document from being read: to be told and reported like skips.
    pub flaws: Vec<Skip>,
    /// Whether its text was taken out of a page, so that offsets refer to a text that the user has not seen.
    pub extracted: bool,
    /// What was read in it earlier, where the source holds that: it need not be read again.
    pub read: Option<Read>,
}

impl Prepared {
    pub(crate) fn new(document: Document, notes: Vec<String>) -> Self {
        Self { document, notes, ..Self::default() }
    }
}

impl Item {
    /// Bytes held.
    pub fn len(&self) -> usize {
        match &self.raw {
            Raw::Record(b) | Raw::Text(b, _) | Raw::Html(b, ..) => b.len(),
            Raw::Entry(l) => l.entry.content.as_ref().or(l.entry.summary.as_ref()).map_or(256, |t| t.len() + 256),
            Raw::Row(r) => r.len(),
            Raw::Capture(c) => c.len(),
            Raw::Stored(s) => s.len(),
        }
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// blake3 of what was found: the same for the same item found again.
    pub fn fingerprint(&self) -> [u8; 32] {
        let hash = match &self.raw {
            Raw::Record(b) | Raw::Text(b, _) | Raw::Html(b, ..) => blake3::hash(b),
            Raw::Entry(l) => blake3::hash(&serde_json::to_vec(&l.entry).unwrap_or_default()),
            Raw::Row(r) => blake3::hash(r.bytes()),
            Raw::Capture(c) => blake3::hash(c.block()),
            Raw::Stored(s) => blake3::hash(&serde_json::to_vec(&s.document).unwrap_or_default()),
        };
        hash.into()
    }

    /// Takes the item apart. `published` is the user's date, which goes before the item's own.
    pub fn prepare(self, published: Option<&str>) -> Result<Prepared, Skip> {
        let raw_hash = self.fingerprint();
        let Self { spot, id, raw } = self;
        let mut flaws: Vec<Fault> = Vec::new();
        let mut hash = None;
        let result = match raw {
            Raw::Record(bytes) => json::document(bytes, id),
            Raw::Text(bytes, meta) => text::document(bytes, meta.as_deref(), id),
            Raw::Html(bytes, origin, meta) => page::document(bytes, &origin, meta.as_deref(), id),
            Raw::Row(row) => row.document(id),
            Raw::Capture(capture) => capture.document(id).map(|(prepared, told)| {
                flaws.extend(told.into_iter().map(Fault::Archive));
                prepared
            }),
            Raw::Entry(listed) => listed.document(id, &mut flaws, &mut hash),
            Raw::Stored(stored) => {
                hash = stored.hash;
                Ok(stored.prepare(published.is_some(), &mut flaws))
            }
        };
        let mut prepared = result.map_err(|fault| spot.skip(fault))?;
        prepared.raw_hash = hash.unwrap_or(raw_hash);
        prepared.flaws.extend(flaws.into_iter().map(|f| spot.skip(f)));
        if let Some(date) = published {
            prepared.document.published = Some(date.to_string());
        } else if let Some(written) = &prepared.document.published
            && date::parse_date(written).is_none()
        {
            match date::normalise(written) {
                Some(known) => prepared.document.published = Some(known),
                None => prepared.notes.push(format!(
                    "\"published\" is {written:?}, not a date like 2020-05-27; relative times stay open"
                )),
            }
        }
        if prepared.document.published.as_deref().is_some_and(date::is_future) {
            prepared.notes.push("its date of publication lies in the future".into());
        }
        // a document that was made earlier knows better
        let source = Source { path: spot.path, kind: spot.kind, item: spot.item };
        prepared.document.source.get_or_insert(source);
        encoding::remark(&prepared.document, &mut prepared.notes);
        Ok(prepared)
    }
}

impl Stored {
    fn len(&self) -> usize {
        self.document.text.len() + self.kept.as_ref().map_or(0, |k| k.json.len())
    }

    /// The document with its reading. `redated`: the reading was made under another date, so that it cannot be used.
    fn prepare(self, redated: bool, flaws: &mut Vec<Fault>) -> Prepared {
        let read = self.kept.filter(|_| !redated).and_then(|kept| match (serde_json::from_str(&kept.json), kept.by) {
            (Ok(reading), Some(by)) => Some(Read { reading, by }),
            (Ok(_), None) => {
                flaws.push(Fault::Stored("does not tell what made it".into()));
                None
            }
            (Err(e), _) => {
                flaws.push(Fault::Stored(format!("is not JSON of the expected form ({e})")));
                None
            }
        });
        Prepared { document: self.document, read, ..Prepared::default() }
    }
}

impl Listed {
    /// The document of the entry: of the page it leads to if that is wanted and can be had, else of what it says itself.
    fn document(self, id: String, flaws: &mut Vec<Fault>, hash: &mut Option<[u8; 32]>) -> Result<Prepared, Fault> {
        let Self { entry, list, client } = self;
        let address = entry.link.as_deref().and_then(|l| Url::parse(l).ok());
        let (mut own, notes) = entry.document(list.title.as_deref(), list.language.as_deref(), id.clone());
        own.encoding = Some(list.encoding.into());
        let own = Prepared::new(own, notes);
        let Some(client) = client else { return Ok(own) };
        let fetched = address
            .ok_or_else(|| crate::web::WebFault::Address(own.document.url.clone().unwrap_or_default()))
            .and_then(|a| client.get(&a));
        let page = fetched.map_err(Fault::from).and_then(|fetched| {
            *hash = Some(blake3::hash(&fetched.body).into());
            page::document(fetched.body, &Origin { url: Some(fetched.url), charset: fetched.charset }, None, id)
        });
        let page = match page {
            Ok(page) => page,
            Err(fault) if own.document.text.is_empty() => return Err(fault),
            Err(fault) => {
                *hash = None;
                flaws.push(fault);
                return Ok(own);
            }
        };
        let (mut notes, own, mut page) = (own.notes, own.document, page);
        notes.append(&mut page.notes);
        page.notes = notes;
        let d = &mut page.document;
        d.id = own.id;
        d.title = d.title.take().or(own.title);
        d.published = own.published.or(d.published.take());
        d.author = own.author.or(d.author.take());
        d.outlet = d.outlet.take().or(own.outlet);
        d.url = d.url.take().or(own.url);
        d.language = d.language.take().or(own.language);
        if d.text.chars().count() < own.text.chars().count() {
            // a page behind a wall or a front page: the feed said more
            d.text = own.text;
        }
        Ok(page)
    }
}

/// What a meta file beside an article can say.
#[derive(Default, serde::Deserialize)]
pub(crate) struct Meta {
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    outlet: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    author: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

impl Meta {
    /// Puts what the meta file says into the document, before what was found elsewhere.
    pub(crate) fn apply(bytes: Option<&[u8]>, prepared: &mut Prepared) {
        let Some(bytes) = bytes else { return };
        match serde_json::from_slice::<Self>(bytes) {
            Ok(meta) => {
                let d = &mut prepared.document;
                d.published = meta.published.or(d.published.take());
                d.outlet = meta.outlet.or(d.outlet.take());
                d.url = meta.url.or(d.url.take());
                d.author = meta.author.or(d.author.take());
                d.language = meta.language.or(d.language.take());
            }
            Err(e) => {
                prepared.notes.push(format!("its meta file is not JSON of the expected form and was not used ({e})"));
            }
        }
    }
}
