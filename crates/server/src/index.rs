//! What the lists, the timeline and the map are answered from: every document, claim, statement, happening and story of the
//! ledger in a compact form, with the few words that rows show ([`Told`], [`Said`]); texts stay in the ledger and are
//! fetched for what is shown.
//!
//! Everything is named by its place in a vector. Places are never given again within one generation, so that a list that
//! was ordered once stays good while articles are added.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use export::slice::Slicer;
use ledger::{DocumentId, Record, Tide};
use model::{ChainRole, EntityType, EventType, Location, Polarity, Reading, Span, Status};
use trace::happenings::Gathered;
use trace::stories::Story as Copies;

use crate::article::Article;
use crate::names::{self, Names, OutletName};
use crate::told::{Said, Told};
use crate::types::Name;

/// No place.
pub const NONE: u32 = u32::MAX;
/// No number within a document, or no code.
pub const NO: u16 = u16::MAX;
/// Claims and statements of one document beyond this are not indexed.
const MOST: usize = 60_000;
/// Ways to write one actor that are kept for one outlet.
const SPELLINGS: usize = 64;

/// What somebody does in a claim or statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Who does it.
    Actor,
    /// To whom.
    Recipient,
    /// Where.
    Place,
    /// Who says it.
    Origin,
    /// Who passes it on.
    Via,
}

/// A document.
#[derive(Debug)]
pub struct Doc {
    /// Its number in the ledger.
    pub number: i64,
    /// Its name by content.
    pub id: DocumentId,
    /// Places of the outlets that carried it, the first first.
    pub outlets: Box<[u32]>,
    /// What it calls the first of them, where that is not the name of the index.
    pub outlet_called: Option<Box<Name>>,
    /// Publication as given.
    pub published: Option<Box<str>>,
    /// Publication (Unix time, seconds).
    pub at: Option<i64>,
    /// Day of publication on the outlet's own calendar.
    pub day: Option<i32>,
    /// Its claims.
    pub claims: Range<u32>,
    /// Its statements.
    pub statements: Range<u32>,
    /// Kinds of its loaded words, a bit each ([`loaded_bit`]).
    pub loaded: u8,
    /// Number of its loaded words.
    pub loaded_words: u32,
    /// Place of its story.
    pub story: u32,
    family: u64,
}

/// A claim.
#[derive(Debug)]
pub struct Claim {
    /// Place of its document.
    pub doc: u32,
    /// Number of the event in the reading.
    pub event: u16,
    /// Number of the statement; [`NO`] in the outlet's own voice.
    pub statement: u16,
    /// PLOVER type.
    pub kind: EventType,
    /// Code of the mode.
    pub mode: u16,
    /// How the text holds it.
    pub status: Status,
    /// Said to happen or not to.
    pub polarity: Polarity,
    /// Stated days.
    pub days: Option<(i32, i32)>,
    /// Who takes part, and who says it.
    pub parties: Box<[(Part, u32)]>,
    /// Codes of classes of things.
    pub classes: Box<[u16]>,
    /// Whether the text hides who says it.
    pub hidden: bool,
    /// What lists tell of it in words.
    pub told: Told,
    /// Place of its happening.
    pub happening: u32,
}

/// A statement.
#[derive(Debug)]
pub struct Statement {
    /// Place of its document.
    pub doc: u32,
    /// Number in the reading.
    pub number: u16,
    /// Its chain.
    pub chain: Box<[(Part, u32)]>,
    /// Whether the text hides who says it.
    pub hidden: bool,
    /// What lists tell of it in words.
    pub said: Said,
}

/// Somebody or something.
#[derive(Debug)]
pub struct Entity {
    /// The same in every article.
    pub key: String,
    /// What it is.
    pub kind: EntityType,
    /// For display.
    pub name: Name,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
    /// Where it lies.
    pub location: Option<Location>,
    /// Documents that name it.
    pub documents: u32,
    /// Claims in which it acts.
    pub acted: u32,
    /// Claims in which it is done to.
    pub received: u32,
    /// Statements of which it is the origin.
    pub said: u32,
    /// How outlets (or [`NONE`]) write it.
    pub written: HashMap<u32, Written>,
}

/// How one outlet writes somebody.
#[derive(Debug, Default)]
pub struct Written {
    /// Documents that name it.
    pub documents: u32,
    /// Words, whether they judge, documents.
    pub ways: Vec<(Box<str>, bool, u32)>,
}

/// An outlet.
#[derive(Debug)]
pub struct Outlet {
    /// The same in every article.
    pub key: String,
    /// For display.
    pub name: Name,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// Documents.
    pub documents: u64,
    /// Claims.
    pub claims: u64,
    /// Claims that name a source.
    pub attributed: u64,
    /// Loaded words.
    pub loaded: u64,
}

/// What several claims are of.
#[derive(Debug)]
pub struct Happening {
    /// Stable.
    pub id: String,
    /// In the trace.
    pub number: u64,
    /// PLOVER type of most claims.
    pub kind: EventType,
    /// Code of the mode of most.
    pub mode: u16,
    /// Of most affirming claims.
    pub status: Status,
    /// By publication.
    pub claims: Vec<u32>,
    /// Last publication.
    pub last: Option<i64>,
    /// Stated days.
    pub when: Option<(i32, i32)>,
    /// The day that it falls on: the earliest stated, else that of the first publication.
    pub day: Option<i32>,
    /// Entities where most claims have it.
    pub places: Box<[u32]>,
    /// Documents.
    pub documents: u32,
    /// Outlets.
    pub outlets: u32,
    /// Ways.
    pub chains: u32,
    /// Hashes of its independent origins.
    pub roots: Box<[u64]>,
    /// Claims that it happened.
    pub affirmed: u32,
    /// Claims that it did not.
    pub denied: u32,
    /// Points in which the tellings differ.
    pub contradictions: u32,
    /// Whether outlets cite each other.
    pub circular: bool,
    /// Its line in the register of transfers.
    pub transfer: Option<Box<Transfer>>,
}

/// A line of the register of transfers.
#[derive(Debug)]
pub struct Transfer {
    /// Key and name of who is said to have given.
    pub supplier: Option<(String, String)>,
    /// Key and name of who is said to have got.
    pub recipient: Option<(String, String)>,
    /// What.
    pub things: Vec<trace::transfers::Item>,
}

/// Near-copies.
#[derive(Debug)]
pub struct Story {
    /// Stable.
    pub id: String,
    /// The earliest first.
    pub copies: Vec<Carried>,
}

/// A text in one outlet. Several outlets may carry the same document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Place of the document.
    pub doc: u32,
    /// Place of the outlet.
    pub outlet: u32,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Index {
    /// Documents, in the order of adding.
    pub docs: Vec<Doc>,
    /// Claims, document after document.
    pub claims: Vec<Claim>,
    /// Statements, document after document.
    pub statements: Vec<Statement>,
    /// Entities.
    pub entities: Vec<Entity>,
    /// Outlets.
    pub outlets: Vec<Outlet>,
    /// Happenings; none where one was merged into another.
    pub happenings: Vec<Option<Happening>>,
    /// Stories; none where one was merged into another.
    pub stories: Vec<Option<Story>>,
    /// Modes and classes by code.
    pub words: Vec<String>,
    /// Documents, latest publication first; those that came since [`Index::settle`] stand unordered at the end.
    pub by_time: Vec<u32>,
    settled: usize,
    /// How far the ledger had come.
    pub tide: Tide,
    word_of: HashMap<String, u16>,
    doc_of: HashMap<DocumentId, u32>,
    doc_numbered: HashMap<i64, u32>,
    entity_of: HashMap<String, u32>,
    named: HashMap<String, Vec<u32>>,
    outlet_of: HashMap<String, u32>,
    happening_numbered: HashMap<u64, u32>,
    happening_of: HashMap<String, u32>,
    families: HashMap<u64, Vec<u32>>,
    story_of: HashMap<String, u32>,
    live_happenings: u64,
    live_stories: u64,
    transfers: u64,
}

/// A document to be taken in, made ready outside of the lock.
pub struct Taken {
    article: Article,
    told: Vec<Told>,
    said: Vec<Said>,
}

impl Taken {
    /// Makes it ready.
    pub fn new(record: Record, names: &Names) -> Self {
        let article = Article::new(record, names);
        let shown = article.shown(names);
        let Reading { events, statements, .. } = &article.record.reading;
        let told = (0..).zip(events.iter().take(MOST)).map(|(i, e)| Told::of(&shown, e, i)).collect();
        let said = (0..).zip(statements.iter().take(MOST)).map(|(i, s)| Said::of(&shown, s, i, names)).collect();
        Self { article, told, said }
    }
}

/// What the trace says of a happening, made ready outside of the lock.
#[derive(Debug)]
pub struct Traced {
    id: String,
    aliases: Vec<String>,
    /// Of most claims, an article counted once for each outlet that carried it.
    kind: Option<EventType>,
    /// Document number, number of the claim in it, whether it denies.
    members: Vec<(i64, u32, bool)>,
    when: Option<(i32, i32)>,
    outlets: u32,
    chains: u32,
    roots: Vec<u64>,
    contradictions: u32,
    circular: bool,
    transfer: Option<Box<Transfer>>,
}

fn hash(text: &str) -> u64 {
    let mut h = DefaultHasher::new();
    text.hash(&mut h);
    h.finish()
}

/// The bit of a kind of loaded word.
pub fn loaded_bit(kind: &str) -> u8 {
    match kind {
        "pejorative" => 1,
        "laudatory" => 2,
        "delegitimising" => 4,
        "victim" => 8,
        _ => 16,
    }
}

/// The number of a claim in its document, from its number in the trace.
pub fn within(member: u64) -> u32 {
    (member & 0xfff) as u32
}

impl Traced {
    /// Takes from a happening what lists show; `document` tells the ledger's number of a claim's document. Linear in its
    /// claims but for what the trace compares in pairs.
    pub fn of(g: &Gathered, document: fn(u64) -> i64) -> Self {
        let graph = trace::chain::graph(g);
        let differ = trace::contradictions::contradictions(g);
        let denied: HashSet<_> = differ.timeline.iter().filter(|v| v.denied).map(|v| &v.claim).collect();
        let days = |f: fn(i32, i32) -> i32, of: fn(&trace::dates::Window) -> i32| {
            g.members.iter().filter_map(|m| m.claim.when.as_ref().map(of)).reduce(f)
        };
        let when = days(i32::min, |w| w.first).zip(days(i32::max, |w| w.last));
        let transfer = trace::transfers::transfer(g).map(|t| {
            let named = |key: Option<String>, name: Option<String>| Some((key?, name?));
            Box::new(Transfer {
                supplier: named(t.supplier_key, t.supplier),
                recipient: named(t.recipient_key, t.recipient),
                things: t.things,
            })
        });
        let (outlets, chains, _) = graph.counts();
        Self {
            id: g.id.clone(),
            aliases: g.aliases.clone(),
            kind: trace::output::kind(g),
            members: (g.members.iter())
                .map(|m| (document(m.claim.document), within(m.number), denied.contains(&m.claim.at)))
                .collect(),
            when,
            outlets: outlets as u32,
            chains: chains as u32,
            roots: graph.origins.iter().map(|o| hash(o.keys.first().unwrap_or(&o.name))).collect(),
            contradictions: differ.contradictions.len() as u32,
            circular: !graph.circles.is_empty(),
            transfer,
        }
    }
}

/// The moment of a publication date as given.
pub fn moment(published: &str) -> Option<i64> {
    if let Ok(t) = published.parse::<jiff::Timestamp>() {
        return Some(t.as_second());
    }
    trace::dates::day(published).map(|d| i64::from(d) * 86_400)
}

/// What of most things there is; the earlier of those that tie.
pub fn most<T: PartialEq + Copy>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut seen: Vec<(T, usize)> = Vec::new();
    for x in all {
        match seen.iter_mut().find(|s| s.0 == x) {
            Some(s) => s.1 += 1,
            None => seen.push((x, 1)),
        }
    }
    seen.iter().enumerate().max_by_key(|(i, s)| (s.1, std::cmp::Reverse(*i))).map(|(_, s)| s.0)
}

impl Index {
    /// Place of a document.
    pub fn doc(&self, id: &str) -> Option<u32> {
        self.doc_of.get(&id.parse::<DocumentId>().ok()?).copied()
    }

    /// Place of the document of a ledger's number.
    pub fn doc_numbered(&self, number: i64) -> Option<u32> {
        self.doc_numbered.get(&number).copied()
    }

    /// Place of an entity.
    pub fn entity(&self, key: &str) -> Option<u32> {
        self.entity_of.get(key).copied()
    }

    /// Place of an outlet.
    pub fn outlet(&self, key: &str) -> Option<u32> {
        self.outlet_of.get(key).copied()
    }

    /// Place of a happening, by its id or that of one merged into it.
    pub fn happening(&self, id: &str) -> Option<u32> {
        self.happening_of.get(id).copied().filter(|h| self.happenings[*h as usize].is_some())
    }

    /// Place of a story.
    pub fn story(&self, id: &str) -> Option<u32> {
        self.story_of.get(id).copied().filter(|s| self.stories[*s as usize].is_some())
    }

    /// Entities of this key or name; of those whose names hold the words where none is called so.
    pub fn called(&self, name: &str) -> Vec<u32> {
        if let Some(e) = self.entity(name) {
            return vec![e];
        }
        let folded = names::fold(name);
        if folded.is_empty() {
            return Vec::new();
        }
        if let Some(all) = self.named.get(&folded) {
            return all.clone();
        }
        let mut out: Vec<u32> =
            (self.named.iter()).filter(|(n, _)| holds(n, &folded)).flat_map(|(_, all)| all.iter().copied()).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Outlets of this key or name; of those whose names hold the words where none is called so.
    pub fn outlets_called(&self, name: &str) -> Vec<u32> {
        if let Some(o) = self.outlet(name) {
            return vec![o];
        }
        let folded = names::fold(name);
        let fits = |o: &Outlet, test: &dyn Fn(&str) -> bool| {
            [&o.name.ar, &o.name.en].into_iter().flatten().any(|n| test(&names::fold(n)))
        };
        let with = |test: &dyn Fn(&str) -> bool| -> Vec<u32> {
            (0..self.outlets.len() as u32).filter(|o| fits(&self.outlets[*o as usize], test)).collect()
        };
        let exact = with(&|n| n == folded);
        if exact.is_empty() && !folded.is_empty() { with(&|n| holds(n, &folded)) } else { exact }
    }

    /// Code of a mode or class.
    pub fn word(&self, word: &str) -> Option<u16> {
        self.word_of.get(word).copied()
    }

    /// A mode or class by its code.
    pub fn word_at(&self, code: u16) -> Option<&str> {
        self.words.get(usize::from(code)).map(String::as_str)
    }

    /// Number of happenings, stories and transfers.
    pub fn live(&self) -> (u64, u64, u64) {
        (self.live_happenings, self.live_stories, self.transfers)
    }

    /// The day that a claim counts under: first and last.
    pub fn days(&self, claim: &Claim) -> Option<(i32, i32)> {
        claim.days.or_else(|| self.docs[claim.doc as usize].day.map(|d| (d, d)))
    }

    fn code(&mut self, word: &str) -> u16 {
        if let Some(c) = self.word_of.get(word) {
            return *c;
        }
        if self.words.len() >= usize::from(NO) {
            return NO;
        }
        let c = self.words.len() as u16;
        self.words.push(word.to_string());
        self.word_of.insert(word.to_string(), c);
        c
    }

    fn call(&mut self, name: &str, entity: u32) {
        let folded = names::fold(name);
        if !folded.is_empty() {
            let all = self.named.entry(folded).or_default();
            if !all.contains(&entity) && all.len() < 1000 {
                all.push(entity);
            }
        }
    }

    fn meet(&mut self, e: &model::Entity, names: &Names) -> u32 {
        if let Some(at) = self.entity_of.get(&e.key) {
            return *at;
        }
        let at = self.entities.len() as u32;
        let name = names.name(&e.key, &e.name);
        for n in [&name.ar, &name.en].into_iter().flatten() {
            self.call(n, at);
        }
        if let Some(code) = e.key.strip_prefix("country:") {
            self.call(code, at);
        }
        self.entities.push(Entity {
            key: e.key.clone(),
            kind: e.kind,
            name,
            country: e.country.clone(),
            sector: e.sector.clone(),
            location: e.location.clone(),
            documents: 0,
            acted: 0,
            received: 0,
            said: 0,
            written: HashMap::new(),
        });
        self.entity_of.insert(e.key.clone(), at);
        at
    }

    /// The outlet of a name, met if need be.
    fn carry(&mut self, outlet: OutletName) -> u32 {
        if let Some(at) = self.outlet_of.get(&outlet.key) {
            return *at;
        }
        let at = self.outlets.len() as u32;
        self.outlet_of.insert(outlet.key.clone(), at);
        self.outlets.push(Outlet {
            key: outlet.key,
            name: outlet.name,
            country: outlet.country,
            documents: 0,
            claims: 0,
            attributed: 0,
            loaded: 0,
        });
        at
    }

    /// Takes a document in; one that is there already is left as it is.
    pub fn add(&mut self, number: i64, taken: Taken, names: &Names) {
        let Taken { article, told, said } = taken;
        let record = &article.record;
        let id = record.document.id;
        if self.doc_of.contains_key(&id) {
            return;
        }
        let (document, reading) = (&record.document.document, &record.reading);
        let cut = article.shown(names);
        let doc = self.docs.len() as u32;
        let outlets = self.carriers(record, names);
        let local: Vec<u32> = reading.entities.iter().map(|e| self.meet(e, names)).collect();
        let of = |span: Span| -> Vec<u32> { article.named(span).into_iter().map(|i| local[i]).collect() };

        for (e, at) in reading.entities.iter().zip(&local) {
            for outlet in outlets.iter().copied().chain(outlets.is_empty().then_some(NONE)) {
                self.write_down(e, *at, outlet, reading, |span| cut.words(span));
            }
        }
        let mut entities = local.clone();
        entities.sort_unstable();
        entities.dedup();
        for e in &entities {
            self.entities[*e as usize].documents += 1;
        }

        let statements = self.statements.len() as u32;
        let mut numbers: HashMap<&str, u16> = HashMap::new();
        for ((i, s), said) in reading.statements.iter().take(MOST).enumerate().zip(said) {
            numbers.insert(&s.id, i as u16);
            let mut chain: Vec<(Part, u32)> = Vec::new();
            let mut hidden = false;
            for link in &s.chain {
                let part = if link.role == ChainRole::Origin { Part::Origin } else { Part::Via };
                let who = link.span.map(of).unwrap_or_default();
                let nameless = link.span.is_none_or(|s| trace::claim::names_no_one(cut.words(s)));
                hidden |= part == Part::Origin && nameless;
                if !nameless {
                    chain.extend(who.into_iter().map(|w| (part, w)));
                }
            }
            for (part, who) in &chain {
                self.entities[*who as usize].said += u32::from(*part == Part::Origin);
            }
            self.statements.push(Statement { doc, number: i as u16, chain: chain.into(), hidden, said });
        }

        let claims = self.claims.len() as u32;
        // a claim is never shown without who says it: those of statements beyond the index are beyond it too
        let beyond: HashSet<&str> = reading.statements.iter().skip(MOST).map(|s| s.id.as_str()).collect();
        let events = (reading.events.iter().take(MOST))
            .take_while(|e| e.statement.as_deref().is_none_or(|s| !beyond.contains(s)));
        for ((i, e), told) in events.enumerate().zip(told) {
            let statement = e.statement.as_deref().and_then(|s| numbers.get(s)).copied().unwrap_or(NO);
            let mut parties: Vec<(Part, u32)> = Vec::new();
            for (spans, part) in [(&e.actor, Part::Actor), (&e.recipient, Part::Recipient), (&e.place, Part::Place)] {
                for who in spans.iter().flat_map(|s| of(*s)) {
                    if !parties.contains(&(part, who)) {
                        parties.push((part, who));
                    }
                }
            }
            for (part, who) in &parties {
                let entity = &mut self.entities[*who as usize];
                entity.acted += u32::from(*part == Part::Actor);
                entity.received += u32::from(*part == Part::Recipient);
            }
            let said = (statement != NO).then(|| &self.statements[(statements + u32::from(statement)) as usize]);
            let hidden = said.is_some_and(|s| s.hidden);
            parties.extend(said.iter().flat_map(|s| s.chain.iter().copied()));
            let mode = e.mode.as_deref().map_or(NO, |m| self.code(m));
            let mut classes: Vec<u16> =
                e.things.iter().filter_map(|t| t.class.as_deref()).map(|c| self.code(c)).collect();
            classes.sort_unstable();
            classes.dedup();
            self.claims.push(Claim {
                doc,
                event: i as u16,
                statement,
                kind: e.kind,
                mode,
                status: e.status,
                polarity: e.polarity,
                days: e.when.as_ref().and_then(|w| trace::dates::window(&w.value)).map(|w| (w.first, w.last)),
                parties: parties.into(),
                classes: classes.into(),
                hidden,
                told,
                happening: NONE,
            });
        }
        let claims = claims..self.claims.len() as u32;
        self.docs.push(Doc {
            number,
            id,
            outlets: Box::default(),
            outlet_called: (article.outlet.as_ref())
                .filter(|o| outlets.first().is_none_or(|first| self.outlets[*first as usize].name != o.name))
                .map(|o| Box::new(o.name.clone())),
            published: document.published.as_deref().map(Into::into),
            at: document.published.as_deref().and_then(moment),
            day: document.published.as_deref().and_then(trace::dates::day),
            claims,
            statements: statements..self.statements.len() as u32,
            loaded: reading.framing.iter().fold(0, |bits, f| bits | loaded_bit(&f.kind)),
            loaded_words: reading.framing.len() as u32,
            story: NONE,
            family: 0,
        });
        self.doc_of.insert(id, doc);
        self.doc_numbered.insert(number, doc);
        self.by_time.push(doc);
        self.carried(doc, outlets);
    }

    /// Puts the documents that came into their order. Where few came, each is put in its place, and the rest moves up.
    pub fn settle(&mut self) {
        let place = |d: &u32| {
            let d = &self.docs[*d as usize];
            std::cmp::Reverse((d.at, d.number))
        };
        if (self.by_time.len() - self.settled) * 64 > self.settled {
            self.by_time.sort_by_key(place);
        } else {
            for doc in self.by_time.split_off(self.settled) {
                let at = self.by_time.partition_point(|d| place(d) < place(&doc));
                self.by_time.insert(at, doc);
            }
        }
        self.settled = self.by_time.len();
    }

    /// Takes over by which further outlets a document was carried.
    pub fn sight(&mut self, number: i64, record: &Record, names: &Names) {
        let Some(doc) = self.doc_numbered(number) else { return };
        let outlets = self.carriers(record, names);
        let further: Vec<u32> =
            outlets.iter().copied().filter(|o| !self.docs[doc as usize].outlets.contains(o)).collect();
        if further.is_empty() {
            return;
        }
        let reading = &record.reading;
        let whole = record.document.document.whole();
        let cut = Slicer::new(&whole);
        let cut = |span| cut.get(span);
        for e in &reading.entities {
            let at = self.meet(e, names);
            for outlet in &further {
                self.write_down(e, at, *outlet, reading, cut);
            }
        }
        self.carried(doc, further);
    }

    /// The outlets that carried a document, the first first. Where that is not named, nothing tells that another place is
    /// another outlet.
    fn carriers(&mut self, record: &Record, names: &Names) -> Vec<u32> {
        let named = |o: &Option<String>| o.as_deref().map(str::trim).filter(|o| !o.is_empty()).map(|o| names.outlet(o));
        let Some(first) = named(&record.document.document.outlet) else { return Vec::new() };
        let mut out = vec![self.carry(first)];
        for o in record.document.sightings.iter().filter_map(|s| named(&s.outlet)) {
            let o = self.carry(o);
            if !out.contains(&o) {
                out.push(o);
            }
        }
        out
    }

    /// Counts a document for outlets.
    fn carried(&mut self, doc: u32, outlets: Vec<u32>) {
        let d = &mut self.docs[doc as usize];
        let claims = &self.claims[d.claims.start as usize..d.claims.end as usize];
        let attributed = claims.iter().filter(|c| c.statement != NO).count() as u64;
        for o in &outlets {
            let o = &mut self.outlets[*o as usize];
            o.documents += 1;
            o.claims += claims.len() as u64;
            o.attributed += attributed;
            o.loaded += u64::from(d.loaded_words);
        }
        d.outlets = d.outlets.iter().copied().chain(outlets).collect();
    }

    /// Counts how a document writes somebody.
    fn write_down<'a>(
        &mut self,
        e: &model::Entity,
        at: u32,
        outlet: u32,
        reading: &Reading,
        cut: impl Fn(Span) -> &'a str,
    ) {
        let mut ways: Vec<(&str, bool)> = Vec::new();
        for mention in e.mentions.iter().take(256) {
            let judged = reading.framing.iter().find(|f| f.of.as_deref() == Some(&e.id) && near(f.span, *mention));
            let span = judged.map_or(*mention, |f| f.span.join(*mention));
            let words = cut(span).trim();
            if words.is_empty() || words.len() > 400 || ways.iter().any(|w| w.0 == words) {
                continue;
            }
            ways.push((words, judged.is_some()));
        }
        for (words, _) in ways.iter().filter(|w| !w.1) {
            self.call(words, at);
        }
        let written = self.entities[at as usize].written.entry(outlet).or_default();
        written.documents += 1;
        for (words, judged) in ways {
            let room = written.ways.len() < SPELLINGS;
            match written.ways.iter_mut().find(|w| &*w.0 == words) {
                Some(w) => w.2 += 1,
                None if room => written.ways.push((words.into(), judged, 1)),
                None => {}
            }
        }
    }

    /// Takes over what the trace says of a happening now; none where it was merged into another.
    pub fn trace(&mut self, number: u64, traced: Option<Traced>) {
        let Some(t) = traced else {
            if let Some(at) = self.happening_numbered.get(&number) {
                self.forget(*at);
            }
            return;
        };
        let at = *self.happening_numbered.entry(number).or_insert_with(|| {
            self.happenings.push(None);
            self.happenings.len() as u32 - 1
        });
        let mut members: Vec<(u32, bool)> = (t.members.iter())
            .filter_map(|(document, i, denied)| {
                let doc = &self.docs[*self.doc_numbered.get(document)? as usize];
                Some((doc.claims.start + i, *denied)).filter(|c| c.0 < doc.claims.end)
            })
            .collect();
        let age = |c: u32| {
            let doc = &self.docs[self.claims[c as usize].doc as usize];
            (doc.at.is_none(), doc.at, doc.number, c)
        };
        members.sort_by_key(|m| age(m.0));
        // an article that several outlets carried is one document here
        members.dedup_by_key(|m| m.0);
        let mut left: Vec<u32> = Vec::new();
        for (c, _) in &members {
            let claim = &mut self.claims[*c as usize];
            if claim.happening != NONE && claim.happening != at {
                left.push(claim.happening);
            }
            claim.happening = at;
        }
        if let Some(before) = &self.happenings[at as usize] {
            // claims that were split off are put where they went by the other happening's turn
            let mine: HashSet<u32> = members.iter().map(|m| m.0).collect();
            for c in &before.claims {
                if !mine.contains(c) && self.claims[*c as usize].happening == at {
                    self.claims[*c as usize].happening = NONE;
                }
            }
        }
        let of = |c: u32| &self.claims[c as usize];
        let claims: Vec<u32> = members.iter().map(|m| m.0).collect();
        let Some(kind) = t.kind.filter(|_| !claims.is_empty()) else {
            self.forget(at);
            return;
        };
        let mode = most(claims.iter().filter(|c| of(**c).kind == kind).map(|c| of(*c).mode)).unwrap_or(NO);
        let affirming = members.iter().filter(|m| !m.1).map(|m| of(m.0).status);
        let status = most(affirming).or_else(|| most(claims.iter().map(|c| of(*c).status))).unwrap_or(Status::Actual);
        let published = || claims.iter().filter_map(|c| self.docs[of(*c).doc as usize].at);
        let mut documents: Vec<u32> = claims.iter().map(|c| of(*c).doc).collect();
        documents.dedup();
        documents.sort_unstable();
        documents.dedup();
        let happening = Happening {
            id: t.id.clone(),
            number,
            kind,
            mode,
            status,
            last: published().max(),
            when: t.when,
            day: t.when.map(|w| w.0).or_else(|| documents.iter().filter_map(|d| self.docs[*d as usize].day).min()),
            places: self.of_most(&claims, Part::Place).into(),
            documents: documents.len() as u32,
            outlets: t.outlets,
            chains: t.chains,
            roots: t.roots.into(),
            affirmed: members.iter().filter(|m| !m.1).count() as u32,
            denied: members.iter().filter(|m| m.1).count() as u32,
            contradictions: t.contradictions,
            circular: t.circular,
            transfer: t.transfer,
            claims,
        };
        self.live_happenings += u64::from(self.happenings[at as usize].is_none());
        let was = self.happenings[at as usize].as_ref().is_some_and(|h| h.transfer.is_some());
        self.transfers = self.transfers + u64::from(happening.transfer.is_some()) - u64::from(was);
        for id in t.aliases.into_iter().chain([t.id]) {
            self.happening_of.insert(id, at);
        }
        self.happenings[at as usize] = Some(happening);
        left.sort_unstable();
        left.dedup();
        for h in left {
            let emptied = self.happenings[h as usize]
                .as_ref()
                .is_some_and(|x| x.claims.iter().all(|c| self.claims[*c as usize].happening != h));
            if emptied {
                self.forget(h);
            }
        }
    }

    fn forget(&mut self, at: u32) {
        if let Some(h) = self.happenings[at as usize].take() {
            self.live_happenings -= 1;
            self.transfers -= u64::from(h.transfer.is_some());
        }
    }

    /// Entities that most claims have in a part: those in at least half of the claims that name any, else the one in most.
    pub fn of_most(&self, claims: &[u32], part: Part) -> Vec<u32> {
        let mut counts: Vec<(u32, usize)> = Vec::new();
        let mut naming = 0;
        for c in claims {
            let mine = self.claims[*c as usize].parties.iter().filter(|p| p.0 == part);
            let mut any = false;
            for (_, e) in mine {
                any = true;
                match counts.iter_mut().find(|x| x.0 == *e) {
                    Some(x) => x.1 += 1,
                    None => counts.push((*e, 1)),
                }
            }
            naming += usize::from(any);
        }
        let half: Vec<u32> = counts.iter().filter(|c| c.1 * 2 >= naming).map(|c| c.0).collect();
        if half.is_empty() {
            most(counts.iter().flat_map(|(e, n)| std::iter::repeat_n(*e, *n))).into_iter().collect()
        } else {
            half
        }
    }

    /// Numbers of the happenings that claims of a document are in.
    pub fn happenings_of(&self, doc: u32) -> std::collections::BTreeSet<u64> {
        let of = |c: u32| self.happenings.get(self.claims[c as usize].happening as usize)?.as_ref();
        self.docs[doc as usize].claims.clone().filter_map(|c| Some(of(c)?.number)).collect()
    }

    /// Takes over the stories of a family; those of its documents that were in another before.
    pub fn stories_of(&mut self, family: u64, stories: Vec<Copies>, names: &Names) -> Vec<u32> {
        self.drop_family(family);
        let mut moved = Vec::new();
        let members: Vec<u32> = stories.iter().flat_map(|s| &s.documents).filter_map(|c| self.doc(&c.id)).collect();
        for d in members {
            // families that were merged into this one are no more
            let before = std::mem::replace(&mut self.docs[d as usize].family, family);
            if before != family && before != 0 {
                self.drop_family(before);
            }
            if before != family {
                moved.push(d);
            }
        }
        let mut places = Vec::with_capacity(stories.len());
        for story in stories {
            let mut copies: Vec<Carried> = Vec::with_capacity(story.documents.len());
            for c in &story.documents {
                let Some(doc) = self.doc(&c.id) else { continue };
                let outlet = c.outlet.as_deref().map(str::trim).filter(|o| !o.is_empty());
                let outlet = outlet.map_or(NONE, |o| self.carry(names.outlet(o)));
                copies.push(Carried { doc, outlet });
            }
            if copies.len() < 2 {
                continue;
            }
            let at = match self.story_of.get(&story.id) {
                Some(at) => *at,
                None => {
                    self.stories.push(None);
                    self.stories.len() as u32 - 1
                }
            };
            for c in &copies {
                let doc = &mut self.docs[c.doc as usize];
                // the earliest group that a text stands in is its story
                if doc.story == NONE {
                    doc.story = at;
                }
            }
            self.story_of.insert(story.id.clone(), at);
            self.live_stories += u64::from(self.stories[at as usize].is_none());
            self.stories[at as usize] = Some(Story { id: story.id, copies });
            places.push(at);
        }
        self.families.insert(family, places);
        moved
    }

    fn drop_family(&mut self, family: u64) {
        for at in self.families.remove(&family).unwrap_or_default() {
            if let Some(story) = self.stories[at as usize].take() {
                self.live_stories -= 1;
                for c in story.copies {
                    self.docs[c.doc as usize].story = NONE;
                }
            }
        }
    }
}

/// Whether a judging word stands at a mention.
fn near(framing: Span, mention: Span) -> bool {
    framing.start <= mention.end + 2 && mention.start <= framing.end + 2
}

/// Whether whole words stand in a name.
fn holds(name: &str, words: &str) -> bool {
    name.match_indices(words).any(|(i, _)| {
        let end = i + words.len();
        (i == 0 || name.as_bytes()[i - 1] == b' ') && (end == name.len() || name.as_bytes()[end] == b' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(index: &mut Index, at: Option<i64>) {
        let number = index.docs.len() as i64;
        index.docs.push(Doc {
            number,
            id: DocumentId::from_bytes(&[0; 16]).expect("sixteen bytes"),
            outlets: Box::default(),
            outlet_called: None,
            published: None,
            at,
            day: None,
            claims: 0..0,
            statements: 0..0,
            loaded: 0,
            loaded_words: 0,
            story: NONE,
            family: 0,
        });
        index.by_time.push(number as u32);
    }

    #[test]
    fn documents_that_come_are_put_in_their_order_many_or_few() {
        let mut index = Index::default();
        index.settle();
        // many at once, then one and three at a time, older and newer ones, alike ones and such without a time
        for few in [500, 1, 3, 1, 3, 3, 200] {
            for n in 0..few {
                let at = (n * 7919 + few * 104_729) % 211;
                came(&mut index, (at > 3).then_some(at));
            }
            index.settle();
            let mut sorted = index.by_time.clone();
            sorted.sort_by_key(|d| std::cmp::Reverse((index.docs[*d as usize].at, index.docs[*d as usize].number)));
            assert_eq!(index.by_time, sorted);
        }
        assert_eq!(index.by_time.len(), 711);
    }
}
