//! Query parameters: read strictly, so that a misspelt filter never passes as none.

use model::{EventType, Polarity, Status};

use crate::index::{Claim, Index, Part, Statement, loaded_bit};
use crate::problem::{Problem, Result};

/// Most bytes of a query string.
const LONGEST: usize = 16 << 10;

/// Parameters of one request.
#[derive(Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

/// The filters that lists, timeline, map and export share, and the order, which addresses of pages carry along.
pub const FILTERS: [&str; 19] = [
    "type",
    "mode",
    "actor",
    "recipient",
    "country",
    "place",
    "radius",
    "from",
    "to",
    "outlet",
    "origin",
    "via",
    "status",
    "polarity",
    "loaded",
    "class",
    "happening",
    "q",
    "sort",
];
/// The parameters of a page.
pub const PAGING: [&str; 3] = ["limit", "cursor", "skip"];

impl Query {
    /// Reads a query string in which only these parameters may stand.
    pub fn read(raw: Option<&str>, allowed: &[&[&str]]) -> Result<Self> {
        let raw = raw.unwrap_or_default();
        if raw.len() > LONGEST {
            return Err(Problem::parameter("", "the query string is longer than 16 KB"));
        }
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(raw.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        for (name, _) in &pairs {
            if !allowed.iter().any(|a| a.contains(&name.as_str())) {
                let known: Vec<&str> = allowed.iter().flat_map(|a| a.iter().copied()).collect();
                let detail = if known.is_empty() {
                    "this resource takes no parameters".to_string()
                } else {
                    format!("there is no such parameter here; there are: {}", known.join(", "))
                };
                return Err(Problem::parameter(&name.chars().take(100).collect::<String>(), detail));
            }
        }
        Ok(Self { pairs })
    }

    /// All values of a parameter; empty ones are none.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |p| p.0 == name && !p.1.is_empty()).map(|p| p.1.as_str())
    }

    /// The value of a parameter that may stand once.
    pub fn one(&self, name: &str) -> Result<Option<&str>> {
        let mut all = self.pairs.iter().filter(|p| p.0 == name);
        let first = all.next().map(|p| p.1.as_str());
        if all.next().is_some() {
            return Err(Problem::parameter(name, "may be given once"));
        }
        Ok(first.filter(|v| !v.is_empty()))
    }

    /// A value that must stand.
    pub fn required(&self, name: &str) -> Result<&str> {
        self.one(name)?.filter(|v| !v.trim().is_empty()).ok_or_else(|| Problem::parameter(name, "must be given"))
    }

    /// A number within a range.
    pub fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display + Copy>(
        &self,
        name: &str,
        range: std::ops::RangeInclusive<T>,
    ) -> Result<Option<T>> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        let value = text.parse::<T>().ok().filter(|v| range.contains(v));
        value.map(Some).ok_or_else(|| {
            Problem::parameter(name, format!("must be a number from {} to {}", range.start(), range.end()))
        })
    }

    fn codes<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>, known: &str) -> Result<Vec<T>> {
        self.all(name)
            .map(|v| read(v).ok_or_else(|| Problem::parameter(name, format!("must be one of: {known}"))))
            .collect()
    }

    fn many(&self, name: &str) -> Vec<String> {
        self.all(name).map(str::to_string).collect()
    }
}

/// What the claims asked for have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    types: Vec<EventType>,
    modes: Vec<String>,
    actors: Vec<String>,
    recipients: Vec<String>,
    countries: Vec<String>,
    places: Vec<String>,
    radius: Option<f64>,
    from: Option<i32>,
    to: Option<i32>,
    outlets: Vec<String>,
    origins: Vec<String>,
    vias: Vec<String>,
    statuses: Vec<Status>,
    polarity: Option<Polarity>,
    loaded: Option<u8>,
    classes: Vec<String>,
    happenings: Vec<String>,
    /// Full text, or names of actors and outlets.
    pub q: Option<String>,
}

impl Filter {
    /// Takes the filters out of a query.
    pub fn read(query: &Query) -> Result<Self> {
        let codes = |all: &[&str]| all.join(", ");
        let types: Vec<&str> = EventType::ALL.iter().map(|t| t.code()).collect();
        let statuses: Vec<&str> = Status::ALL.iter().map(|t| t.code()).collect();
        let day = |name: &str| -> Result<Option<i32>> {
            let Some(text) = query.one(name)? else { return Ok(None) };
            let window = (text.len() <= 32).then(|| trace::dates::window(text)).flatten();
            let window = window.ok_or_else(|| Problem::parameter(name, "must be a day like 2020-05-27"))?;
            Ok(Some(if name == "from" { window.first } else { window.last }))
        };
        let out = Self {
            types: query.codes("type", EventType::from_code, &codes(&types))?,
            modes: query.many("mode"),
            actors: query.many("actor"),
            recipients: query.many("recipient"),
            countries: query.many("country"),
            places: query.many("place"),
            radius: query.number("radius", 0.0..=20_100.0)?,
            from: day("from")?,
            to: day("to")?,
            outlets: query.many("outlet"),
            origins: query.many("origin"),
            vias: query.many("via"),
            statuses: query.codes("status", Status::from_code, &codes(&statuses))?,
            polarity: match query.one("polarity")? {
                None => None,
                Some(p) => Some(
                    Polarity::from_code(p)
                        .ok_or_else(|| Problem::parameter("polarity", "must be positive or negative"))?,
                ),
            },
            loaded: match query.one("loaded")? {
                None => None,
                Some("true") => Some(u8::MAX),
                Some(kind @ ("pejorative" | "laudatory" | "delegitimising" | "victim")) => Some(loaded_bit(kind)),
                Some(_) => {
                    return Err(Problem::parameter(
                        "loaded",
                        "must be true, pejorative, laudatory, delegitimising or victim",
                    ));
                }
            },
            classes: query.many("class"),
            happenings: query.many("happening"),
            q: query.one("q")?.filter(|q| !q.trim().is_empty()).map(str::to_string),
        };
        if out.radius.is_some_and(|r| r <= 0.0) {
            return Err(Problem::parameter("radius", "must be more than 0"));
        }
        if out.radius.is_some() && out.places.is_empty() {
            return Err(Problem::parameter("radius", "only goes with place"));
        }
        for code in &out.countries {
            if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_alphabetic()) {
                return Err(Problem::parameter("country", "must be an ISO 3166 code of three letters, like LBY"));
            }
        }
        if let (Some(from), Some(to)) = (out.from, out.to)
            && from > to
        {
            return Err(Problem::parameter("from", "lies after to"));
        }
        Ok(out)
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Without the words: for actors and outlets, of which they are names.
    pub fn without_words(&self) -> Self {
        Self { q: None, ..self.clone() }
    }

    /// Whether anything is asked of claims, beyond their document and who says them.
    fn narrows_claims(&self) -> bool {
        !(self.types.is_empty()
            && self.modes.is_empty()
            && self.actors.is_empty()
            && self.recipients.is_empty()
            && self.countries.is_empty()
            && self.places.is_empty()
            && self.statuses.is_empty()
            && self.classes.is_empty()
            && self.happenings.is_empty())
            || self.polarity.is_some()
    }

    /// The filter over one state of the index. `found`: the documents that hold the words asked for.
    pub fn over(&self, index: &Index, found: Option<Vec<bool>>) -> Matcher {
        let set = |names: &[String]| -> Option<Set> {
            (!names.is_empty()).then(|| Set::of(index.entities.len(), names.iter().flat_map(|n| index.called(n))))
        };
        let words = |words: &[String]| -> Option<Vec<u16>> {
            (!words.is_empty()).then(|| words.iter().filter_map(|w| index.word(w)).collect())
        };
        let countries = (!self.countries.is_empty()).then(|| {
            let codes: Vec<String> = self.countries.iter().map(|c| c.to_uppercase()).collect();
            let of = |e: &u32| index.entities[*e as usize].country.as_ref().is_some_and(|c| codes.contains(c));
            Set::of(index.entities.len(), (0..index.entities.len() as u32).filter(of))
        });
        let places = (!self.places.is_empty()).then(|| {
            let named: Vec<u32> = self.places.iter().flat_map(|p| index.called(p)).collect();
            let Some(radius) = self.radius else { return Set::of(index.entities.len(), named.into_iter()) };
            let point = |e: u32| {
                let at = index.entities[e as usize].location.as_ref()?;
                Some((f64::from(at.latitude), f64::from(at.longitude)))
            };
            let centres: Vec<(f64, f64)> = named.iter().filter_map(|e| point(*e)).collect();
            let within = |e: &u32| {
                // the middle of a whole country lies nowhere near anything
                let country = index.entities[*e as usize].location.as_ref().is_some_and(|l| l.level == "country");
                !country && point(*e).is_some_and(|p| centres.iter().any(|c| kilometres(*c, p) <= radius))
            };
            Set::of(index.entities.len(), (0..index.entities.len() as u32).filter(within))
        });
        let hidden = self.origins.iter().any(|o| o == "hidden");
        let origins: Vec<String> = self.origins.iter().filter(|o| *o != "hidden").cloned().collect();
        Matcher {
            types: self.types.clone(),
            modes: words(&self.modes),
            actors: set(&self.actors),
            recipients: set(&self.recipients),
            countries,
            places,
            from: self.from.unwrap_or(i32::MIN),
            to: self.to.unwrap_or(i32::MAX),
            dated: self.from.is_some() || self.to.is_some(),
            outlets: (!self.outlets.is_empty())
                .then(|| Set::of(index.outlets.len(), self.outlets.iter().flat_map(|o| index.outlets_called(o)))),
            origins: (!self.origins.is_empty()).then(|| {
                let own = origins.iter().flat_map(|o| index.outlets_called(o));
                Origins {
                    hidden,
                    who: Set::of(index.entities.len(), origins.iter().flat_map(|n| index.called(n))),
                    own: Set::of(index.outlets.len(), own),
                }
            }),
            vias: set(&self.vias),
            statuses: self.statuses.clone(),
            polarity: self.polarity,
            loaded: self.loaded,
            classes: words(&self.classes),
            happenings: (!self.happenings.is_empty())
                .then(|| self.happenings.iter().filter_map(|h| index.happening(h)).collect()),
            found,
            narrows_claims: self.narrows_claims(),
        }
    }
}

/// A set of places in a vector.
#[derive(Debug)]
struct Set(Vec<bool>);

impl Set {
    fn of(len: usize, members: impl Iterator<Item = u32>) -> Self {
        let mut out = vec![false; len];
        for m in members {
            out[m as usize] = true;
        }
        Self(out)
    }

    fn has(&self, member: u32) -> bool {
        self.0.get(member as usize).copied().unwrap_or(false)
    }
}

#[derive(Debug)]
struct Origins {
    hidden: bool,
    who: Set,
    /// Outlets whose own voice is meant.
    own: Set,
}

/// A filter whose names are looked up.
#[derive(Debug)]
pub struct Matcher {
    types: Vec<EventType>,
    modes: Option<Vec<u16>>,
    actors: Option<Set>,
    recipients: Option<Set>,
    countries: Option<Set>,
    places: Option<Set>,
    from: i32,
    to: i32,
    dated: bool,
    outlets: Option<Set>,
    origins: Option<Origins>,
    vias: Option<Set>,
    statuses: Vec<Status>,
    polarity: Option<Polarity>,
    loaded: Option<u8>,
    classes: Option<Vec<u16>>,
    happenings: Option<Vec<u32>>,
    found: Option<Vec<bool>>,
    narrows_claims: bool,
}

impl Matcher {
    fn of_document(&self, index: &Index, doc: u32) -> bool {
        let d = &index.docs[doc as usize];
        self.found.as_ref().is_none_or(|f| f.get(doc as usize).copied().unwrap_or(false))
            && self.outlets.as_ref().is_none_or(|s| d.outlets.iter().any(|o| s.has(*o)))
            && self.loaded.is_none_or(|bits| d.loaded & bits != 0)
    }

    fn said(&self, index: &Index, doc: u32, own_voice: bool, hidden: bool, chain: &[(Part, u32)]) -> bool {
        let by = |part: Part, set: &Set| chain.iter().any(|(p, e)| *p == part && set.has(*e));
        self.origins.as_ref().is_none_or(|o| {
            let own = || index.docs[doc as usize].outlets.iter().any(|outlet| o.own.has(*outlet));
            o.hidden && hidden || by(Part::Origin, &o.who) || own_voice && own()
        }) && self.vias.as_ref().is_none_or(|s| by(Part::Via, s))
    }

    /// Whether a claim fits.
    pub fn claim(&self, index: &Index, at: u32) -> bool {
        let c: &Claim = &index.claims[at as usize];
        let takes = |part: Part, set: &Option<Set>| {
            set.as_ref().is_none_or(|s| c.parties.iter().any(|(p, e)| *p == part && s.has(*e)))
        };
        (self.types.is_empty() || self.types.contains(&c.kind))
            && (self.statuses.is_empty() || self.statuses.contains(&c.status))
            && self.polarity.is_none_or(|p| p == c.polarity)
            && self.modes.as_ref().is_none_or(|m| m.contains(&c.mode))
            && self.classes.as_ref().is_none_or(|m| m.iter().any(|x| c.classes.contains(x)))
            && self.happenings.as_ref().is_none_or(|h| h.contains(&c.happening))
            && (!self.dated || index.days(c).is_some_and(|(a, b)| b >= self.from && a <= self.to))
            && takes(Part::Actor, &self.actors)
            && takes(Part::Recipient, &self.recipients)
            && takes(Part::Place, &self.places)
            && self
                .countries
                .as_ref()
                .is_none_or(|s| c.parties.iter().any(|(p, e)| matches!(p, Part::Actor | Part::Recipient) && s.has(*e)))
            && self.said(index, c.doc, c.statement == crate::index::NO, c.hidden, &c.parties)
            && self.of_document(index, c.doc)
    }

    /// Whether a statement fits: what is asked of claims must hold for one that it makes.
    pub fn statement(&self, index: &Index, at: u32) -> bool {
        let s: &Statement = &index.statements[at as usize];
        if self.narrows_claims {
            let of = index.docs[s.doc as usize].claims.clone();
            return of.into_iter().any(|c| index.claims[c as usize].statement == s.number && self.claim(index, c));
        }
        self.of_document(index, s.doc)
            && self.said(index, s.doc, false, s.hidden, &s.chain)
            && (!self.dated || index.docs[s.doc as usize].day.is_some_and(|d| d >= self.from && d <= self.to))
    }

    /// Whether a document fits: what is asked of claims must hold for one of them.
    pub fn document(&self, index: &Index, at: u32) -> bool {
        if self.narrows_claims || self.origins.is_some() || self.vias.is_some() {
            return index.docs[at as usize].claims.clone().any(|c| self.claim(index, c));
        }
        self.of_document(index, at)
            && (!self.dated || index.docs[at as usize].day.is_some_and(|d| d >= self.from && d <= self.to))
    }

    /// Whether a happening fits: one of its claims must.
    pub fn happening(&self, index: &Index, at: u32) -> bool {
        index.happenings[at as usize].as_ref().is_some_and(|h| h.claims.iter().any(|c| self.claim(index, *c)))
    }

    /// Whether a story fits: one of its documents must.
    pub fn story(&self, index: &Index, at: u32) -> bool {
        index.stories[at as usize].as_ref().is_some_and(|s| s.copies.iter().any(|c| self.document(index, c.doc)))
    }
}

/// Great-circle distance of two points in degrees, in kilometres.
fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (la, lb) = (a.0.to_radians(), b.0.to_radians());
    let (dla, dlo) = ((lb - la) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = dla.sin().powi(2) + la.cos() * lb.cos() * dlo.sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filter(raw: &str) -> Result<Filter> {
        Filter::read(&Query::read(Some(raw), &[&FILTERS])?)
    }

    #[test]
    fn what_is_none_is_refused_by_name() {
        for (raw, name) in [
            ("typo=1", "typo"),
            ("type=WAR", "type"),
            ("status=done", "status"),
            ("from=yesterday", "from"),
            ("from=2020-02-02&to=2020-01-01", "from"),
            ("radius=5", "radius"),
            ("place=x&radius=0", "radius"),
            ("place=x&radius=NaN", "radius"),
            ("polarity=maybe", "polarity"),
            ("polarity=positive&polarity=negative", "polarity"),
            ("country=Libya", "country"),
            ("loaded=yes", "loaded"),
        ] {
            assert_eq!(filter(raw).unwrap_err().parameter.as_deref(), Some(name), "{raw}");
        }
        assert!(filter("type=AID&type=COERCE&place=x&radius=5&from=2020&q=").is_ok());
        assert!(filter("").unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn no_query_string_panics(raw in "\\PC{0,80}") {
            let _ = filter(&raw);
        }
    }
}
