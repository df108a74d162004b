//! Rows made ready to be shown: places of the index on one side, texts of the ledger on the other.

pub mod actors;
mod happening;
mod overview;
mod stories;
mod transfers;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use export::slice::Slicer;
use ledger::Ledger;
use model::Document;

use crate::article::{self, Article};
use crate::board::Board;
use crate::index::{self, Doc, Index, NO, NONE, Part};
use crate::problem::Result;
use crate::types::{
    Claim, DocumentFull, DocumentRef, DocumentSummary, HappeningSummary, InStory, Name, OfHappening, OutletRef, Party,
    PlaceRef, Point, Range, ReadingVersion, Reported, Sighting, StatementRow,
};

pub use overview::Unit;

/// One look at the ledger: the index of one state, and the texts.
pub struct Look<'a> {
    /// Shared state.
    pub board: &'a Board,
    /// The index.
    pub index: &'a Index,
    /// Texts.
    pub ledger: &'a mut Ledger,
}

type Articles = HashMap<i64, Arc<Article>>;

/// One part of a claim in order: `told` has words, or none for the next that the index has.
fn in_order<T>(told: Vec<Option<T>>, known: impl Iterator<Item = T>) -> Vec<T> {
    let mut known = known.fuse();
    let mut out: Vec<T> = told.into_iter().filter_map(|t| t.or_else(|| known.next())).collect();
    out.extend(known);
    out
}

/// A day as ISO writes it.
fn iso(day: i32) -> Option<String> {
    trace::dates::iso(day)
}

/// A moment as RFC 3339 writes it.
pub fn stamp(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |t| t.to_string())
}

impl Look<'_> {
    fn articles(&mut self, docs: impl Iterator<Item = u32>) -> Result<Articles> {
        let mut numbers: Vec<i64> = docs.map(|d| self.index.docs[d as usize].number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.board.articles(self.ledger, &numbers)
    }

    fn article<'b>(&self, articles: &'b Articles, doc: u32) -> Option<&'b Arc<Article>> {
        articles.get(&self.index.docs[doc as usize].number)
    }

    fn story_id(&self, doc: u32) -> Option<&str> {
        let at = self.index.docs[doc as usize].story;
        self.index.stories.get(at as usize)?.as_ref().map(|s| s.id.as_str())
    }

    fn reference(&self, article: &Article, doc: u32) -> DocumentRef {
        article.reference(self.story_id(doc))
    }

    /// How rows name a document, of which the text is at hand.
    fn named(&self, doc: u32, text: &Document) -> DocumentRef {
        article::reference(self.index.docs[doc as usize].id, text, self.outlet_of(doc), self.story_id(doc))
    }

    /// `<document>#<event>`.
    fn claim_id(&self, claim: u32) -> String {
        let c = &self.index.claims[claim as usize];
        format!("{}#{}", self.index.docs[c.doc as usize].id, c.told.id(c.event))
    }

    /// Shows rows with the texts of their documents, which are fetched together and made ready to be cut once each.
    fn with_texts<T>(
        &mut self,
        rows: &[u32],
        doc: impl Fn(u32) -> u32,
        show: impl Fn(&Self, u32, &Document, &Slicer<'_>) -> T,
    ) -> Result<Vec<T>> {
        let index = self.index;
        let number = |row: &u32| index.docs[doc(*row) as usize].number;
        let mut numbers: Vec<i64> = rows.iter().map(number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let texts = self.ledger.texts(&numbers)?;
        let whole: Vec<Cow<'_, str>> = texts.iter().map(|t| t.1.whole()).collect();
        let at_hand: HashMap<i64, (&Document, Slicer<'_>)> =
            texts.iter().zip(&whole).map(|((n, text), whole)| (*n, (text, Slicer::new(whole)))).collect();
        let one = |row: &u32| at_hand.get(&number(row)).map(|(text, cut)| show(self, *row, text, cut));
        Ok(rows.iter().filter_map(one).collect())
    }

    /// Claims.
    pub fn claims(&mut self, rows: &[u32]) -> Result<Vec<Claim>> {
        let index = self.index;
        self.with_texts(rows, |c| index.claims[c as usize].doc, Self::claim)
    }

    /// The claim of the earliest copy that this one nearly copies.
    fn copied(&self, claim: u32) -> Option<u32> {
        let c = &self.index.claims[claim as usize];
        let story = self.index.stories.get(self.index.docs[c.doc as usize].story as usize)?.as_ref()?;
        let first = story.copies.first().map(|o| o.doc).filter(|d| *d != c.doc)?;
        let mut of = self.index.docs[first as usize].claims.clone();
        of.find(|o| c.happening != NONE && self.index.claims[*o as usize].happening == c.happening)
    }

    fn claim(&self, row: u32, text: &Document, cut: &Slicer<'_>) -> Claim {
        let c = &self.index.claims[row as usize];
        let told = c.told.row(c.event, &self.board.names);
        let said = self.saying(c).map(|s| s.said.row(s.number, &self.board.names));
        let stance = said.as_ref().map(|s| s.stance);
        let mut chain = said.map(|s| s.chain).unwrap_or_default();
        chain.push(article::carried_by(self.outlet_of(c.doc).as_ref()));
        let of = |part| c.parties.iter().filter(move |p| p.0 == part).map(|p| p.1);
        Claim {
            id: self.claim_id(row),
            document: self.named(c.doc, text),
            event: told.event,
            happening: self.index.happenings.get(c.happening as usize).and_then(|h| Some(h.as_ref()?.id.clone())),
            kind: c.kind,
            mode: self.mode(c.mode),
            status: c.status,
            polarity: c.polarity,
            stance,
            actor: in_order(told.actor, of(Part::Actor).map(|e| self.party(e))),
            recipient: in_order(told.recipient, of(Part::Recipient).map(|e| self.party(e))),
            things: told.things,
            place: in_order(told.place, of(Part::Place).map(|e| self.place(e))),
            when: told.when,
            harm: told.harm,
            chain,
            evidence: told.evidence.marked(cut),
            copy_of: self.copied(row).map(|o| self.claim_id(o)),
        }
    }

    /// The statement that says a claim; none in the outlet's own voice.
    fn saying(&self, c: &index::Claim) -> Option<&index::Statement> {
        let first = self.index.docs[c.doc as usize].statements.start;
        (c.statement != NO).then(|| &self.index.statements[(first + u32::from(c.statement)) as usize])
    }

    fn mode(&self, code: u16) -> Option<String> {
        (code != NO).then(|| self.index.word_at(code).unwrap_or_default().to_string())
    }

    /// Statements.
    pub fn statements(&mut self, rows: &[u32]) -> Result<Vec<StatementRow>> {
        let index = self.index;
        self.with_texts(rows, |s| index.statements[s as usize].doc, Self::statement)
    }

    fn statement(&self, row: u32, text: &Document, cut: &Slicer<'_>) -> StatementRow {
        let s = &self.index.statements[row as usize];
        let d = &self.index.docs[s.doc as usize];
        let said = s.said.row(s.number, &self.board.names);
        let mut chain = said.chain;
        chain.push(article::carried_by(self.outlet_of(s.doc).as_ref()));
        let claims = d.claims.clone().filter(|c| self.index.claims[*c as usize].statement == s.number);
        StatementRow {
            id: format!("{}#{}", d.id, said.statement),
            document: self.named(s.doc, text),
            stance: said.stance,
            direct: said.direct,
            chain,
            when: said.when,
            evidence: said.evidence.marked(cut),
            events: claims.map(|c| self.claim_id(c)).collect(),
        }
    }

    /// Documents in a list.
    pub fn documents(&mut self, rows: &[u32]) -> Result<Vec<DocumentSummary>> {
        let numbers: Vec<i64> = rows.iter().map(|d| self.index.docs[*d as usize].number).collect();
        let texts: HashMap<i64, Document> = self.ledger.texts(&numbers)?.into_iter().collect();
        let one = |doc: &u32| {
            let d = &self.index.docs[*doc as usize];
            let text = texts.get(&d.number)?;
            Some(DocumentSummary {
                document: self.named(*doc, text),
                events: u64::from(d.claims.end - d.claims.start),
                statements: u64::from(d.statements.end - d.statements.start),
                loaded: u64::from(d.loaded_words),
                opening: article::opening(text),
            })
        };
        Ok(rows.iter().filter_map(one).collect())
    }

    /// Names for the keys of a reading.
    pub fn names_of(&self, reading: &model::Reading) -> BTreeMap<String, Name> {
        reading.entities.iter().map(|e| (e.key.clone(), self.board.names.name(&e.key, &e.name))).collect()
    }

    /// All that is kept of a document.
    pub fn document(&mut self, doc: u32) -> Result<Option<DocumentFull>> {
        let number = self.index.docs[doc as usize].number;
        let articles = self.articles(std::iter::once(doc))?;
        let Some(a) = self.article(&articles, doc) else { return Ok(None) };
        let versions = self.ledger.readings_made(number)?;
        let r = &a.record;
        let d = &self.index.docs[doc as usize];
        let sightings = r.document.sightings.iter().map(|s| {
            let source = s
                .path
                .as_ref()
                .map(|path| serde_json::json!({"path": path, "kind": s.kind, "item": s.item.unwrap_or(0)}));
            Sighting {
                url: s.url.clone(),
                outlet: s.outlet.as_deref().map(|o| article::outlet_ref(&self.board.names, o)),
                seen: stamp(s.first_seen),
                source,
            }
        });
        let story = self.index.stories.get(d.story as usize).and_then(Option::as_ref).map(|s| InStory {
            id: s.id.clone(),
            copies: s.copies.len() as u64,
            first: self.index.docs[s.copies[0].doc as usize].id.to_string(),
        });
        let happenings = d.claims.clone().filter_map(|c| {
            let c = &self.index.claims[c as usize];
            let h = self.index.happenings.get(c.happening as usize)?.as_ref()?;
            Some(OfHappening {
                event: r.reading.events.get(usize::from(c.event))?.id.clone(),
                happening: h.id.clone(),
                outlets: h.outlets,
                chains: h.chains,
                origins: h.roots.len() as u32,
            })
        });
        Ok(Some(DocumentFull {
            document: r.document.document.clone(),
            outlet: a.outlet.clone(),
            content_hash: r.document.id.to_string(),
            raw_hash: r.document.sightings.iter().find_map(|s| s.raw_hash.clone()),
            added: stamp(r.document.added),
            reading: r.reading.clone(),
            names: self.names_of(&r.reading),
            sightings: sightings.collect(),
            versions: (versions.into_iter())
                .map(|v| ReadingVersion {
                    id: v.id,
                    reader: v.version.reader,
                    lexicon: v.version.lexicon,
                    made: stamp(v.made),
                    current: v.current,
                })
                .collect(),
            story,
            happenings: happenings.collect(),
        }))
    }

    /// An entity as a party.
    pub fn party(&self, entity: u32) -> Party {
        let e = &self.index.entities[entity as usize];
        Party { key: Some(e.key.clone()), name: e.name.clone() }
    }

    /// An entity as a place.
    pub fn place(&self, entity: u32) -> PlaceRef {
        let e = &self.index.entities[entity as usize];
        PlaceRef {
            key: e.key.clone(),
            name: e.name.clone(),
            location: e.location.as_ref().map(|l| Point {
                latitude: l.latitude,
                longitude: l.longitude,
                level: l.level.clone(),
            }),
        }
    }

    /// An outlet of the index.
    pub fn outlet(&self, at: u32) -> Option<OutletRef> {
        let o = self.index.outlets.get(at as usize)?;
        Some(OutletRef { key: o.key.clone(), name: o.name.clone() })
    }

    /// The outlet that a document names.
    fn outlet_of(&self, doc: u32) -> Option<OutletRef> {
        let d = &self.index.docs[doc as usize];
        let o = self.outlet(*d.outlets.first()?)?;
        Some(OutletRef { name: d.outlet_called.as_deref().cloned().unwrap_or(o.name), key: o.key })
    }

    /// Happenings in a list.
    pub fn happenings(&self, rows: &[u32]) -> Vec<HappeningSummary> {
        rows.iter().filter_map(|h| self.happening_summary(*h)).collect()
    }

    fn happening_summary(&self, row: u32) -> Option<HappeningSummary> {
        let h = self.index.happenings[row as usize].as_ref()?;
        let claim = &self.index.claims[*h.claims.first()? as usize];
        let first = claim.told.row(claim.event, &self.board.names);
        let said = self.saying(claim).map(|s| s.said.row(s.number, &self.board.names));
        let mut first_by = said.map(|s| s.chain).unwrap_or_default();
        first_by.push(article::carried_by(self.outlet_of(claim.doc).as_ref()));
        let parties = |part, written: Vec<Option<Party>>| {
            let named: Vec<Party> = self.index.of_most(&h.claims, part).into_iter().map(|e| self.party(e)).collect();
            if named.is_empty() { written.into_iter().flatten().collect() } else { named }
        };
        let place: Vec<PlaceRef> = h.places.iter().map(|e| self.place(*e)).collect();
        Some(HappeningSummary {
            id: h.id.clone(),
            kind: h.kind,
            mode: self.mode(h.mode),
            actor: parties(Part::Actor, first.actor),
            recipient: parties(Part::Recipient, first.recipient),
            things: first.things.into_iter().filter(|t| !t.part).collect(),
            place: if place.is_empty() { first.place.into_iter().flatten().collect() } else { place },
            when: h.when.and_then(|(a, b)| Some(Range { from: iso(a)?, to: iso(b)? })),
            reported: self.reported(&h.claims),
            first_by,
            documents: h.documents,
            outlets: h.outlets,
            chains: h.chains,
            origins: h.roots.len() as u32,
            affirmed: h.affirmed,
            denied: h.denied,
            contradictions: h.contradictions,
            circular: h.circular,
            status: h.status,
        })
    }

    /// First and last publication as given, of claims in order of publication.
    fn reported(&self, claims: &[u32]) -> Reported {
        let doc = |c: &u32| &self.index.docs[self.index.claims[*c as usize].doc as usize];
        let mut dated = claims.iter().map(doc).filter(|d| d.at.is_some());
        let published = |d: &Doc| d.published.as_deref().map(str::to_string);
        let first = dated.next();
        Reported { first: first.and_then(published), last: dated.next_back().or(first).and_then(published) }
    }
}
