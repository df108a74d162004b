//! Profiles: what a claim is compared by, in numbers, so that it takes little room and is quickly compared.
//!
//! Names and keys become 32-bit hashes. Two that fall together by chance would make two claims look more alike than they
//! are; that happens to one pair in four thousand million.

use model::{EventType, Span, Status};
use serde::{Deserialize, Serialize};

use crate::claim::{Claim, Goods, Numbers, Party, Place, Toll};
use crate::dates::Window;
use crate::words::{Bag, hash};

/// What a claim is compared by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile {
    /// Where its trigger stands in its document.
    pub at: Span,
    /// Place of the type in `EventType::ALL`.
    kind: u8,
    pub mode: Option<u32>,
    pub actual: bool,
    pub leading: bool,
    /// Hash of the trigger's stem; 0 for none.
    pub trigger: u32,
    pub actors: Vec<Who>,
    pub recipients: Vec<Who>,
    pub places: Vec<Spot>,
    pub goods: Vec<Ware>,
    /// Killed and injured.
    pub toll: Option<(Option<u64>, Option<u64>)>,
    pub when: Option<Window>,
    pub published: Option<i32>,
    pub context: Bag,
    pub numbers: Numbers,
}

/// A party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Who {
    pub key: u32,
    /// Letters of the country's code; 0 for none.
    pub country: u32,
    pub nature: Nature,
    /// A country, or a body of its government.
    pub state: bool,
}

/// What the key of a party tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Nature {
    /// A phrase that names no entity.
    Words,
    /// A country.
    Country,
    /// Another that the lexicon knows.
    Known,
    /// A name that was read.
    Read,
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spot {
    pub key: u32,
    pub country: u32,
    pub is_country: bool,
    /// A part of a country.
    pub region: bool,
    /// Latitude and longitude in hundredths of a degree (about a kilometre).
    pub point: Option<(i16, i16)>,
}

/// Goods.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ware {
    pub what: u32,
    pub class: u32,
    pub family: u32,
    pub model: u32,
    /// See [`sort_of_goods`].
    pub sort: Option<u8>,
    pub count: Option<f32>,
}

fn short(text: &str) -> u32 {
    // 0 stands for none
    (hash(text) as u32).max(1)
}

fn short_or_none(text: Option<&str>) -> u32 {
    text.map_or(0, short)
}

fn country(code: Option<&str>) -> u32 {
    code.map_or(0, |c| c.bytes().take(4).fold(0, |n, b| n << 8 | u32::from(b)))
}

impl Who {
    pub fn of(p: &Party) -> Self {
        let nature = match p.key.split_once(':').map(|k| k.0) {
            Some("words") => Nature::Words,
            Some("country") => Nature::Country,
            Some("actor") => Nature::Known,
            _ => Nature::Read,
        };
        Self {
            key: short(&p.key),
            country: country(p.country.as_deref()),
            nature,
            state: nature == Nature::Country
                || (p.sector.as_deref() == Some("GOV") && p.kind != Some(model::EntityType::Per)),
        }
    }

    /// Whether two parties are one, as far as keys and countries tell: the same key, or a state and its government or
    /// capital.
    pub fn same(&self, other: &Self) -> bool {
        self.key == other.key
            || self.country != 0
                && self.country == other.country
                && self.state
                && other.state
                && (self.nature == Nature::Country || other.nature == Nature::Country)
    }

    /// Whether the lexicon knows it.
    pub const fn known(&self) -> bool {
        matches!(self.nature, Nature::Country | Nature::Known)
    }
}

impl Spot {
    fn of(p: &Place) -> Self {
        let hundredths = |degrees: f32| (degrees * 100.0).round() as i16;
        Self {
            key: short(&p.key),
            country: country(p.country.as_deref()),
            is_country: p.key.starts_with("country:"),
            region: p.level.as_deref().is_some_and(|l| l.starts_with("adm")),
            point: p.point.map(|(a, b)| (hundredths(a), hundredths(b))),
        }
    }
}

impl Ware {
    fn of(g: &Goods) -> Self {
        Self {
            what: short(&g.what),
            class: short_or_none(g.class.as_deref()),
            family: short_or_none(g.family.as_deref()),
            model: short_or_none(g.model.as_deref()),
            sort: sort_of_goods(g),
            count: g.count.map(|c| c as f32),
        }
    }
}

/// Kinds of goods no two of which are one delivery, however freely they are worded; none for words that may mean any
/// («arms», «equipment», «supplies»).
fn sort_of_goods(g: &Goods) -> Option<u8> {
    const ROLLING: [&str; 7] = ["truck", "car", "bus", "ambulance", "vehicle", "vehicle, cart", "vehicle, mechanism"];
    const MONEY: [&str; 6] = ["money", "dollar", "euro", "grant", "loan", "sum"];
    const RELIEF: [&str; 6] = ["relief supplies", "foodstuff", "food", "medical supplies", "medicine", "flour"];
    match g.class.as_deref() {
        Some("aircraft" | "helicopter" | "drone") => Some(1),
        Some("armour" | "vehicle") => Some(2),
        Some("missile" | "rocket" | "artillery" | "air-defence" | "ammunition" | "explosive") => Some(3),
        Some("ship") => Some(4),
        None if ROLLING.contains(&g.what.as_str()) => Some(2),
        None if MONEY.contains(&g.what.as_str()) => Some(5),
        None if RELIEF.contains(&g.what.as_str()) => Some(6),
        _ => None,
    }
}

impl Profile {
    pub fn of(c: &Claim) -> Self {
        Self {
            at: c.at.trigger,
            kind: EventType::ALL.iter().position(|k| *k == c.kind).unwrap_or(0) as u8,
            mode: c.mode.as_deref().map(short),
            actual: c.status == Status::Actual,
            leading: c.leading,
            trigger: if c.trigger.is_empty() { 0 } else { short(&c.trigger) },
            actors: c.actors.iter().map(Who::of).collect(),
            recipients: c.recipients.iter().map(Who::of).collect(),
            places: c.places.iter().map(Spot::of).collect(),
            goods: c.goods.iter().map(Ware::of).collect(),
            toll: c.toll.map(|Toll { killed, injured, .. }| (killed, injured)),
            when: c.when,
            published: c.published,
            context: c.context.clone(),
            numbers: c.numbers.clone(),
        }
    }

    pub fn kind(&self) -> EventType {
        EventType::ALL.get(usize::from(self.kind)).copied().unwrap_or(EventType::ALL[0])
    }

    /// The day that the text states, else that of publication.
    pub fn day(&self) -> Option<i32> {
        self.when.filter(|w| w.last.saturating_sub(w.first) <= 2).map(|w| w.first).or(self.published)
    }
}
