//! Rows made ready to be shown: places of the index on one side, texts of the ledger on the other.

pub mod actors;
mod happening;
mod overview;
mod stories;
mod transfers;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ledger::Ledger;

use crate::article::{self, Article, Shown};
use crate::board::Board;
use crate::index::{Doc, Index, NO, NONE, Part};
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

    /// `<document>#<event>`, without a look at the text: events are numbered in order.
    fn claim_id(&self, articles: &Articles, claim: u32) -> Option<String> {
        let c = &self.index.claims[claim as usize];
        let a = self.article(articles, c.doc)?;
        let e = a.record.reading.events.get(usize::from(c.event))?;
        Some(format!("{}#{}", a.record.document.id, e.id))
    }

    /// Claims.
    pub fn claims(&mut self, rows: &[u32]) -> Result<Vec<Claim>> {
        let index = self.index;
        let firsts = rows.iter().filter_map(|c| self.copied(*c)).map(|c| index.claims[c as usize].doc);
        let docs: Vec<u32> = rows.iter().map(|c| index.claims[*c as usize].doc).chain(firsts).collect();
        let articles = self.articles(docs.into_iter())?;
        let mut shown: HashMap<u32, Shown<'_>> = HashMap::new();
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let doc = index.claims[*row as usize].doc;
            let Some(a) = self.article(&articles, doc) else { continue };
            let s = shown.entry(doc).or_insert_with(|| a.shown(&self.board.names));
            out.extend(self.claim(*row, a, s, &articles));
        }
        Ok(out)
    }

    /// The claim of the earliest copy that this one nearly copies.
    fn copied(&self, claim: u32) -> Option<u32> {
        let c = &self.index.claims[claim as usize];
        let story = self.index.stories.get(self.index.docs[c.doc as usize].story as usize)?.as_ref()?;
        let first = story.copies.first().map(|o| o.doc).filter(|d| *d != c.doc)?;
        let mut of = self.index.docs[first as usize].claims.clone();
        of.find(|o| c.happening != NONE && self.index.claims[*o as usize].happening == c.happening)
    }

    fn claim(&self, row: u32, a: &Article, s: &Shown<'_>, articles: &Articles) -> Option<Claim> {
        let c = &self.index.claims[row as usize];
        let e = a.record.reading.events.get(usize::from(c.event))?;
        let statement = s.statement_of(e);
        let mut marks = vec![e.trigger];
        marks.extend(e.actor.iter().chain(&e.recipient).chain(&e.place).chain(&e.time).copied());
        marks.extend(e.things.iter().map(|t| t.span));
        Some(Claim {
            id: format!("{}#{}", a.record.document.id, e.id),
            document: self.reference(a, c.doc),
            event: e.id.clone(),
            happening: self.index.happenings.get(c.happening as usize).and_then(|h| Some(h.as_ref()?.id.clone())),
            kind: e.kind,
            mode: e.mode.clone(),
            status: e.status,
            polarity: e.polarity,
            stance: statement.map(|s| s.stance),
            actor: s.actors(e),
            recipient: s.recipients(e),
            things: e.things.iter().map(|t| s.thing(t)).collect(),
            place: s.places(e),
            when: e.when.as_ref().map(|w| w.value.clone()),
            harm: article::harm(e),
            chain: s.chain(statement),
            evidence: s.evidence(e.trigger, &marks),
            copy_of: self.copied(row).and_then(|o| self.claim_id(articles, o)),
        })
    }

    /// Statements.
    pub fn statements(&mut self, rows: &[u32]) -> Result<Vec<StatementRow>> {
        let index = self.index;
        let articles = self.articles(rows.iter().map(|r| index.statements[*r as usize].doc))?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let at = &index.statements[*row as usize];
            let Some(a) = self.article(&articles, at.doc) else { continue };
            let Some(st) = a.record.reading.statements.get(usize::from(at.number)) else { continue };
            let s = a.shown(&self.board.names);
            let around = st.cue.or_else(|| st.content.first().copied()).unwrap_or_default();
            let id = &a.record.document.id;
            let claims = a.record.reading.events.iter().filter(|e| e.statement.as_ref() == Some(&st.id));
            out.push(StatementRow {
                id: format!("{id}#{}", st.id),
                document: self.reference(a, at.doc),
                stance: st.stance,
                direct: st.direct,
                chain: s.chain(Some(st)),
                when: st.when.as_ref().map(|w| w.value.clone()),
                evidence: s.evidence(around, &st.content),
                events: claims.map(|e| format!("{id}#{}", e.id)).collect(),
            });
        }
        Ok(out)
    }

    /// Documents in a list.
    pub fn documents(&mut self, rows: &[u32]) -> Result<Vec<DocumentSummary>> {
        let numbers: Vec<i64> = rows.iter().map(|d| self.index.docs[*d as usize].number).collect();
        let texts: HashMap<i64, model::Document> = self.ledger.texts(&numbers)?.into_iter().collect();
        let one = |doc: &u32| {
            let d = &self.index.docs[*doc as usize];
            let text = texts.get(&d.number)?;
            let outlet = article::outlet_of(&self.board.names, text);
            Some(DocumentSummary {
                document: article::reference(d.id, text, outlet, self.story_id(*doc)),
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

    /// Happenings in a list.
    pub fn happenings(&self, rows: &[u32]) -> Vec<HappeningSummary> {
        rows.iter().filter_map(|h| self.happening_summary(*h)).collect()
    }

    fn happening_summary(&self, row: u32) -> Option<HappeningSummary> {
        let h = self.index.happenings[row as usize].as_ref()?;
        let claim = &self.index.claims[*h.claims.first()? as usize];
        let doc = &self.index.docs[claim.doc as usize];
        let first = claim.told.shown(&self.board.names);
        let outlet = doc
            .outlets
            .first()
            .and_then(|o| self.outlet(*o))
            .map(|o| OutletRef { name: doc.outlet_called.as_deref().cloned().unwrap_or(o.name), key: o.key });
        let mut first_by = first.chain;
        first_by.push(article::carried_by(outlet.as_ref()));
        let parties = |part, written: Vec<Party>| {
            let named: Vec<Party> = self.index.of_most(&h.claims, part).into_iter().map(|e| self.party(e)).collect();
            if named.is_empty() { written } else { named }
        };
        let place: Vec<PlaceRef> = h.places.iter().map(|e| self.place(*e)).collect();
        Some(HappeningSummary {
            id: h.id.clone(),
            kind: h.kind,
            mode: (h.mode != NO).then(|| self.index.word_at(h.mode).unwrap_or_default().to_string()),
            actor: parties(Part::Actor, first.actor),
            recipient: parties(Part::Recipient, first.recipient),
            things: first.things,
            place: if place.is_empty() { first.place } else { place },
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
