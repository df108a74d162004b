//! Claims: the events of one reading, each with all that is needed to compare it and to trace it, without the texts.

use std::collections::BTreeMap;

use arabic::{Tokens, numeral, time};
use model::{Bound, ChainRole, Document, Entity, EntityType, EventType, Polarity, Reading, Span, Stance, Status};
use serde::{Deserialize, Serialize};

use crate::dates::{self, Window};
use crate::words::{self, Bag, Stems};

/// Claims of a document beyond this many are not traced (the reader finds about 30 in a long article).
pub const MOST_CLAIMS: usize = 4096;
/// Stems kept of the words around a trigger.
const CONTEXT: usize = 48;
/// Part of the headline's words, or of a sentence's where they are fewer, from which the sentence tells of what the headline
/// tells of.
const OF_HEADLINE: f32 = 0.3;
/// Stems kept of the head of an article.
const HEAD: usize = 64;

/// What names a claim for good: the document's id and where the trigger stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClaimRef {
    /// Identity of the document.
    pub document: String,
    /// Code points of the trigger.
    pub trigger: Span,
}

impl ClaimRef {
    pub(crate) fn key(&self) -> u64 {
        words::hash_parts(&[&self.document, &self.trigger.start.to_string(), &self.trigger.end.to_string()])
    }
}

/// Someone or something that fills a role or stands in a chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Party {
    /// The same for the same one in every article; see `model::Entity::key`. `words:…` for phrases that name no entity.
    pub key: String,
    /// For display.
    pub name: String,
    /// What it is, where it is an entity.
    pub kind: Option<EntityType>,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
}

/// A place of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// As of [`Party::key`].
    pub key: String,
    /// For display.
    pub name: String,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// Latitude and longitude, decimal degrees.
    pub point: Option<(f32, f32)>,
    /// Level of the point (`country`, `city`, …).
    pub level: Option<String>,
}

/// One link of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Whether it asserts or passes on.
    pub origin: bool,
    /// Who; none where the text hides it.
    pub who: Option<Party>,
    /// Whether the words name no one («military source»).
    pub unnamed: bool,
    /// Key of the body that the words place it in («spokesman of …»).
    pub of: Option<String>,
}

/// Goods of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goods {
    /// English class, or as written.
    pub what: String,
    /// Class of the weapons list.
    pub class: Option<String>,
    /// Family of the weapons list.
    pub family: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// How many.
    pub count: Option<f64>,
    /// How the number bounds the count.
    pub bound: Bound,
    /// Whether it is a part of another thing of the same claim.
    pub part: bool,
}

/// People killed and injured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toll {
    /// Killed.
    pub killed: Option<u64>,
    /// Injured.
    pub injured: Option<u64>,
    /// How the numbers bound the counts.
    pub bound: Bound,
}

/// Says who did what to whom, and who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Its name for good.
    pub at: ClaimRef,
    /// Number of the document.
    pub document: u64,
    /// The event's id within the reading.
    pub event: String,
    /// PLOVER type.
    pub kind: EventType,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// How the text holds it.
    pub status: Status,
    /// Said to happen or not to.
    pub polarity: Polarity,
    /// The trigger's words, folded and cut to a stem.
    pub trigger: String,
    /// Who does it.
    pub actors: Vec<Party>,
    /// To whom.
    pub recipients: Vec<Party>,
    /// Where.
    pub places: Vec<Place>,
    /// With what.
    pub goods: Vec<Goods>,
    /// Deaths and injuries.
    pub toll: Option<Toll>,
    /// Days of the happening, where the text states them.
    pub when: Option<Window>,
    /// Day of publication.
    pub published: Option<i32>,
    /// Origin first, then the relays in order; empty where the outlet says it in its own voice.
    pub chain: Vec<Link>,
    /// How the saying takes it.
    pub stance: Stance,
    /// The outlet.
    pub outlet: Option<Party>,
    /// Whether the trigger stands in the headline or the first lines.
    pub leading: bool,
    /// Whether it does, or its sentence is in words of the headline: whether this is what the article is about.
    pub prominent: bool,
    /// Stems of the sentence around the trigger.
    pub(crate) context: Bag,
    /// Numbers of that sentence.
    pub(crate) numbers: Numbers,
}

/// Numbers that stand near a trigger, each once: «27 raids», «the second aircraft».
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Numbers {
    /// Counts, percentages, sums.
    pub counts: Vec<u32>,
    /// Places in an order.
    pub places: Vec<u32>,
}

/// One article on its way into the store.
#[derive(Clone, Copy, Debug)]
pub struct Article<'a> {
    /// Unique, ascending in the order of adding, above 0 and below 2⁵¹.
    pub number: u64,
    /// The text with its id, outlet and publication.
    pub document: &'a Document,
    /// The id that the document came with, where the ledger gave it another.
    pub source_id: Option<&'a str>,
    /// What the reader found.
    pub reading: &'a Reading,
    /// Key of the outlet as the reader keys outlets: `outlet:` and the name by which chains show it. Where the caller cannot
    /// tell, the name as given is used.
    pub outlet_key: Option<&'a str>,
}

/// Which entity a phrase names: the one whose mention covers most of it; the longer mention where two do.
fn named<'r>(reading: &'r Reading, by_start: &BTreeMap<u32, Vec<(Span, usize)>>, span: Span) -> Option<&'r Entity> {
    if span.is_empty() {
        return None;
    }
    let overlap = |m: Span| m.end.min(span.end).saturating_sub(m.start.max(span.start));
    by_start
        .range(span.start.saturating_sub(200)..span.end)
        .flat_map(|(_, v)| v)
        .filter(|(m, _)| m.overlaps(span))
        // a name that is all of the phrase, else the first name in it (the head comes first in Arabic)
        .max_by_key(|(m, _)| (overlap(*m) * 2 >= span.len(), std::cmp::Reverse(m.start), m.len()))
        .map(|&(_, e)| &reading.entities[e])
}

struct Text {
    bytes_of: Vec<usize>,
    whole: String,
}

impl Text {
    fn new(whole: String) -> Self {
        let mut bytes_of: Vec<usize> = whole.char_indices().map(|(b, _)| b).collect();
        bytes_of.push(whole.len());
        Self { bytes_of, whole }
    }

    fn slice(&self, span: Span) -> &str {
        let last = self.bytes_of.len() - 1;
        let (a, b) = ((span.start as usize).min(last), (span.end as usize).min(last));
        if a >= b { "" } else { &self.whole[self.bytes_of[a]..self.bytes_of[b]] }
    }

    /// Bytes of the sentence around a trigger, at most about 200 code points to either side.
    fn sentence(&self, span: Span) -> (usize, usize) {
        let last = self.bytes_of.len() - 1;
        let (a, b) = ((span.start as usize).min(last), (span.end as usize).min(last));
        let from = self.bytes_of[a.saturating_sub(200)];
        let to = self.bytes_of[(b + 200).min(last)];
        let (a, b) = (self.bytes_of[a], self.bytes_of[b.max(a)]);
        let start = self.whole[from..a].rfind(['\n', '؟', '!']).map_or(from, |i| from + i);
        let start = self.whole[start..a].rfind(". ").map_or(start, |i| start + i);
        let end = self.whole[b..to].find(['\n', '؟', '!']).map_or(to, |i| b + i);
        let end = self.whole[b..end].find(". ").map_or(end, |i| b + i);
        (start, end)
    }

    /// Numbers of the text with their first bytes, but for years and days of a month.
    fn numbers(&self, tokens: &Tokens<'_>) -> Vec<(usize, bool, u32)> {
        let classes: Vec<_> = (0..tokens.len()).map(|i| numeral::word_class(tokens.norm(i))).collect();
        let days: Vec<_> = (0..tokens.len()).map(|i| time::word_class(tokens.norm(i))).collect();
        let times: Vec<Span> = time::times(tokens, &days, None).into_iter().map(|t| t.span).collect();
        numeral::numbers_excluding(tokens, &classes, &times)
            .into_iter()
            .filter_map(|n| {
                let value = u32::try_from(n.exact?).ok()?;
                let at = self.bytes_of.get(n.span.start as usize)?;
                (!(1900..2100).contains(&value)).then_some((*at, n.kind == numeral::Kind::Ordinal, value))
            })
            .collect()
    }
}

/// Of numbers with their first bytes, those within these bytes.
fn numbers_within(all: &[(usize, bool, u32)], (start, end): (usize, usize)) -> Numbers {
    /// Numbers kept of each kind.
    const KEPT: usize = 6;
    let mut out = Numbers::default();
    let from = all.partition_point(|n| n.0 < start);
    for &(_, place, value) in all[from..].iter().take_while(|n| n.0 < end) {
        let list = if place { &mut out.places } else { &mut out.counts };
        if list.len() < KEPT && !list.contains(&value) {
            list.push(value);
        }
    }
    out
}

/// Stems of the headline and the first lines: what the article is about.
pub(crate) fn head(document: &Document) -> Bag {
    let whole = document.whole();
    let end = lead_end(document) as usize;
    let cut = whole.char_indices().nth(end).map_or(whole.len(), |(b, _)| b);
    Bag::of(&whole[..cut], HEAD)
}

/// One past the last code point of the headline and the first lines.
fn lead_end(document: &Document) -> u32 {
    document.title.as_ref().map_or(0, |t| t.chars().take(1 << 16).count() as u32) + 320
}

/// Words with which the press speaks of sources that it does not name.
const UNNAMED: [&str; 26] = [
    "مصدر",
    "مصادر",
    "مسوول",
    "مسوولون",
    "مسوولين",
    "شاهد",
    "شهود",
    "دبلوماسي",
    "دبلوماسيون",
    "دبلوماسيين",
    "مراقبون",
    "مراقبين",
    "محللون",
    "خبراء",
    "سكان",
    "ناشطون",
    "نشطاء",
    "ناشطين",
    "مطلعون",
    "مقربون",
    "مقربين",
    "جهات",
    "اوساط",
    "تقارير",
    "مسعفون",
    "ضابط",
];

fn unnamed(folded: &[String]) -> bool {
    folded.first().is_some_and(|w| {
        let w = words::stem(w).replace(['ؤ', 'ئ'], "و");
        UNNAMED.contains(&w.as_str())
    })
}

/// A source without what is said of its wish to stay unnamed («… طلب عدم الكشف عن اسمه»), which one telling adds and
/// another leaves out.
fn without_wish(text: &str) -> String {
    const WISHES: [&str; 14] = [
        "طلب",
        "طلبت",
        "طلبوا",
        "رفض",
        "رفضت",
        "رفضوا",
        "فضل",
        "فضلت",
        "فضلوا",
        "اشترط",
        "اشترطت",
        "اشترطوا",
        "لم",
        "اثر",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let wish = |w: &&str| words::folded(w).first().is_some_and(|f| WISHES.contains(&f.as_str()));
    let end = words.iter().skip(1).position(wish).map_or(words.len(), |i| i + 1);
    words[..end].join(" ").trim_end_matches(['،', ',']).to_owned()
}

/// Whether words name no one («a military source»).
pub fn names_no_one(text: &str) -> bool {
    unnamed(&words::folded(text))
}

struct Maker<'a> {
    article: Article<'a>,
    text: Text,
    mentions: BTreeMap<u32, Vec<(Span, usize)>>,
}

impl<'a> Maker<'a> {
    fn entity(&self, span: Span) -> Option<&'a Entity> {
        named(self.article.reading, &self.mentions, span)
    }

    fn party(&self, span: Span) -> Option<Party> {
        if let Some(e) = self.entity(span) {
            return Some(Party {
                key: e.key.clone(),
                name: e.name.clone(),
                kind: Some(e.kind),
                country: e.country.clone(),
                sector: e.sector.clone(),
            });
        }
        let text = self.text.slice(span);
        let folded = words::folded(text);
        if folded.is_empty() {
            return None;
        }
        let stems: Vec<&str> = folded.iter().map(|w| words::stem(w)).collect();
        Some(Party {
            key: format!("words:{}", stems.join(" ")),
            name: text.split_whitespace().collect::<Vec<_>>().join(" "),
            kind: None,
            country: None,
            sector: None,
        })
    }

    /// The body named inside a phrase, or inside a mention of the person whom the phrase names.
    fn body(&self, span: Span, own: &str) -> Option<String> {
        let inside = |within: Span| {
            self.mentions
                .range(within.start..within.end.max(within.start))
                .flat_map(|(_, v)| v)
                .filter(|(m, _)| within.contains(*m) && *m != within)
                .map(|&(_, e)| &self.article.reading.entities[e])
                .find(|e| matches!(e.kind, EntityType::Org | EntityType::Mil) && e.key != own)
                .map(|e| e.key.clone())
        };
        inside(span).or_else(|| {
            let person = self.entity(span).filter(|e| e.kind == EntityType::Per)?;
            person.mentions.iter().take(8).find_map(|&m| inside(m))
        })
    }

    fn place(&self, span: Span) -> Option<Place> {
        let p = self.party(span)?;
        let at = self.entity(span).and_then(|e| e.location.as_ref());
        Some(Place {
            key: p.key,
            name: p.name,
            country: p.country,
            point: at.map(|l| (l.latitude, l.longitude)),
            level: at.map(|l| l.level.clone()),
        })
    }

    /// The chain of a statement. The reader gives each statement its whole chain.
    fn chain(&self, statement: Option<&str>) -> (Vec<Link>, Stance) {
        let Some(s) = statement.and_then(|id| self.article.reading.statements.iter().find(|s| s.id == id)) else {
            return (Vec::new(), Stance::Neutral);
        };
        let links = s
            .chain
            .iter()
            .map(|l| {
                let hidden = Link { origin: l.role == ChainRole::Origin, who: None, unnamed: true, of: None };
                let Some(span) = l.span else { return hidden };
                let text = self.text.slice(span);
                let mut folded = words::folded(text);
                let nameless = unnamed(&folded);
                let mut who = self.party(span);
                if nameless && let Some(w) = &mut who {
                    // «a source of the ministry» is not the ministry, but shares its country and sector
                    let name = without_wish(text);
                    folded = words::folded(&name);
                    let stems: Vec<&str> = folded.iter().map(|w| words::stem(w)).collect();
                    w.key = format!("unnamed:{}", stems.join(" "));
                    w.name = name;
                    w.kind = None;
                }
                let of = self.body(span, who.as_ref().map_or("", |w| &w.key));
                Link { unnamed: nameless || who.is_none(), who, of, ..hidden }
            })
            .collect();
        (links, s.stance)
    }
}

fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut out = Vec::new();
    for x in all.take(64) {
        if !out.contains(&x) {
            out.push(x);
        }
    }
    out
}

/// The outlet as a party.
pub(crate) fn outlet(document: &Document, key: Option<&str>) -> Option<Party> {
    outlet_called(document.outlet.as_deref(), key)
}

pub(crate) fn outlet_called(name: Option<&str>, key: Option<&str>) -> Option<Party> {
    let name = name.map(str::trim).filter(|n| !n.is_empty())?;
    Some(Party {
        key: key.map_or_else(|| format!("outlet:{}", words::folded(name).join(" ")), str::to_owned),
        // the name by which other articles' chains call it, so that both are one
        name: key.and_then(|k| k.strip_prefix("outlet:")).unwrap_or(name).to_owned(),
        kind: Some(EntityType::Med),
        country: None,
        sector: Some("MED".to_owned()),
    })
}

/// The record of an article's claims, for a store that makes it anew ([`crate::store::Table::Full`]).
pub fn record_of(article: Article<'_>) -> Vec<u8> {
    postcard::to_stdvec(&claims(article)).unwrap_or_default()
}

/// The claims of an article, in text order. Linear in the text and the reading.
pub fn claims(article: Article<'_>) -> Vec<Claim> {
    let reading = article.reading;
    let mut mentions: BTreeMap<u32, Vec<(Span, usize)>> = BTreeMap::new();
    for (i, e) in reading.entities.iter().enumerate() {
        for &m in &e.mentions {
            mentions.entry(m.start).or_default().push((m, i));
        }
    }
    let make = Maker { article, text: Text::new(article.document.whole().into_owned()), mentions };
    let tokens = Tokens::new(&make.text.whole);
    let stems = Stems::new(&tokens);
    let numbers = make.text.numbers(&tokens);
    let lead_end = lead_end(article.document);
    let headline = Bag::of(article.document.title.as_deref().unwrap_or_default(), HEAD);
    let published = article.document.published.as_deref().and_then(dates::day);
    let outlet = outlet(article.document, article.outlet_key);
    reading
        .events
        .iter()
        .take(MOST_CLAIMS)
        .map(|e| {
            let (chain, stance) = make.chain(e.statement.as_deref());
            let folded = words::folded(make.text.slice(e.trigger));
            let leading = e.trigger.start < lead_end;
            let sentence = make.text.sentence(e.trigger);
            let context = stems.bag(sentence.0, sentence.1, CONTEXT);
            Claim {
                at: ClaimRef { document: article.document.id.clone(), trigger: e.trigger },
                document: article.number,
                event: e.id.clone(),
                kind: e.kind,
                mode: e.mode.clone(),
                status: e.status,
                polarity: e.polarity,
                trigger: folded.iter().map(|w| words::stem(w)).collect::<Vec<_>>().join(" "),
                actors: distinct(e.actor.iter().filter_map(|&s| make.party(s))),
                recipients: distinct(e.recipient.iter().filter_map(|&s| make.party(s))),
                places: distinct(e.place.iter().filter_map(|&s| make.place(s))),
                goods: e
                    .things
                    .iter()
                    .take(64)
                    .map(|t| Goods {
                        what: t.what.clone(),
                        class: t.class.clone(),
                        family: t.family.clone(),
                        model: t.model.clone(),
                        count: t.count,
                        bound: t.bound,
                        part: t.part,
                    })
                    .collect(),
                toll: e.harm.map(|h| Toll { killed: h.killed, injured: h.injured, bound: h.bound }),
                when: e.when.as_ref().and_then(|w| dates::window(&w.value)),
                published,
                chain,
                stance,
                outlet: outlet.clone(),
                leading,
                prominent: leading || context.shared(&headline).1 >= OF_HEADLINE,
                context,
                numbers: numbers_within(&numbers, sentence),
            }
        })
        .collect()
}
