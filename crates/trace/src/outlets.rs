//! How each outlet names each actor over time, whom it takes its news from, and what it copies. Plain shares with intervals;
//! what they mean is the reader's to say.

use std::collections::BTreeMap;

use model::{ChainRole, Document, Entity, EntityType, Reading};
use serde::{Deserialize, Serialize};

use crate::stories::Story;
use crate::words;

/// Actors, sources and spellings kept of one outlet; further ones are counted together under `(others)`.
const KEPT: usize = 10_000;

/// A share with the interval that the number of cases leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Cases counted.
    pub hits: u64,
    /// Of so many.
    pub of: u64,
    /// Lower end of the 95 % Wilson interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Share {
    /// The share of `hits` among `of`; from 0 to 1 where there is nothing to count.
    pub fn new(hits: u64, of: u64) -> Self {
        const Z: f64 = 1.959_963_984_540_054;
        if of == 0 {
            return Self { hits, of, low: 0.0, high: 1.0 };
        }
        let (n, p) = (of as f64, hits as f64 / of as f64);
        let z2 = Z * Z;
        let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Self { hits, of, low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
    }
}

/// How a mention names an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Naming {
    /// By a name that judges nothing.
    Neutral,
    /// By the name it gives itself.
    Own,
    /// With a word that judges it, in the outlet's own voice.
    Loaded,
}

#[derive(Clone, Debug, Default)]
struct Outlet {
    articles: u64,
    claims: u64,
    sourced: u64,
    unnamed: u64,
    sources: BTreeMap<(String, String), u64>,
    naming: BTreeMap<(String, String, String), [u64; 3]>,
    spellings: BTreeMap<(String, String, Naming), u64>,
    copies: BTreeMap<String, u64>,
    copied: u64,
}

/// Counts over articles in any order; the memory grows with outlets, actors and months, not with articles.
#[derive(Clone, Debug, Default)]
pub struct Counts(BTreeMap<String, Outlet>);

fn bump<K: Ord + Clone>(map: &mut BTreeMap<K, u64>, key: K, others: K) {
    let key = if map.contains_key(&key) || map.len() < KEPT { key } else { others };
    *map.entry(key).or_default() += 1;
}

impl Counts {
    /// Counts an article. `own` says whether folded words are an actor's name for itself, by its key and the words.
    pub fn add(&mut self, document: &Document, reading: &Reading, own: impl Fn(&Entity, &str) -> bool) {
        let Some(name) = document.outlet.as_deref().filter(|o| !o.trim().is_empty()) else { return };
        let o = self.0.entry(name.to_owned()).or_default();
        o.articles += 1;
        let whole = document.whole();
        let chars: Vec<(usize, char)> = whole.char_indices().collect();
        let slice = |a: u32, b: u32| {
            let byte = |i: u32| chars.get(i as usize).map_or(whole.len(), |c| c.0);
            whole.get(byte(a)..byte(b)).unwrap_or("")
        };
        for e in &reading.events {
            o.claims += 1;
            let Some(s) = e.statement.as_ref().and_then(|id| reading.statements.iter().find(|s| s.id == *id)) else {
                continue;
            };
            o.sourced += 1;
            let origin = s.chain.iter().find(|l| l.role == ChainRole::Origin);
            let entity =
                |span: model::Span| reading.entities.iter().find(|x| x.mentions.iter().any(|m| m.overlaps(span)));
            match origin.and_then(|l| l.span).and_then(entity) {
                Some(x) => bump(&mut o.sources, (x.key.clone(), x.name.clone()), ("(others)".into(), String::new())),
                None => o.unnamed += 1,
            }
        }
        let month = document.published.as_deref().and_then(|p| p.get(..7)).unwrap_or("undated").to_owned();
        let actors = [EntityType::Per, EntityType::Org, EntityType::Mil, EntityType::Gpe];
        for x in reading.entities.iter().filter(|x| actors.contains(&x.kind)) {
            for m in &x.mentions {
                let folded = words::folded(slice(m.start, m.end)).join(" ");
                let loaded = reading.framing.iter().any(|f| match &f.of {
                    Some(of) => {
                        *of == x.id && (f.span.overlaps(*m) || f.span.end + 2 >= m.start && f.span.start <= m.end + 2)
                    }
                    None => f.span.overlaps(*m),
                });
                let naming = match (loaded, own(x, &folded)) {
                    (true, _) => Naming::Loaded,
                    (false, true) => Naming::Own,
                    (false, false) => Naming::Neutral,
                };
                let key = (x.key.clone(), x.name.clone(), month.clone());
                let key = if o.naming.contains_key(&key) || o.naming.len() < KEPT {
                    key
                } else {
                    ("(others)".into(), String::new(), month.clone())
                };
                o.naming.entry(key).or_default()[naming as usize] += 1;
                bump(&mut o.spellings, (x.key.clone(), folded, naming), ("(others)".into(), String::new(), naming));
            }
        }
    }

    /// Counts who copied whom: the earliest copy is taken as copied by the others.
    pub fn add_story(&mut self, story: &Story) {
        let mut copies = story.documents.iter();
        let Some(first) = copies.next().and_then(|d| d.outlet.clone()) else { return };
        for later in copies {
            if let Some(who) = later.outlet.as_ref().filter(|w| **w != first) {
                let o = self.0.entry(who.clone()).or_default();
                o.copied += 1;
                bump(&mut o.copies, first.clone(), "(others)".into());
            }
        }
    }

    /// One profile an outlet, by name.
    pub fn profiles(&self) -> Vec<Profile> {
        self.0.iter().map(|(name, o)| profile(name, o)).collect()
    }
}

/// An outlet's use of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Key of the origin.
    pub key: String,
    /// For display.
    pub name: String,
    /// Of all claims with a source.
    pub share: Share,
}

/// How an outlet names an actor in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// Key of the actor.
    pub key: String,
    /// For display.
    pub name: String,
    /// `2015-07`, or `undated`.
    pub month: String,
    /// Of all mentions.
    pub neutral: Share,
    /// Of all mentions.
    pub own: Share,
    /// Of all mentions.
    pub loaded: Share,
}

/// A way of writing an actor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spelling {
    /// Key of the actor.
    pub key: String,
    /// Folded words.
    pub words: String,
    /// How it names it.
    pub naming: Naming,
    /// How often.
    pub times: u64,
}

/// What an outlet takes from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The outlet with the earliest copy.
    pub from: String,
    /// How many texts.
    pub texts: u64,
}

/// Figures of one outlet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Its name as given.
    pub outlet: String,
    /// Articles counted.
    pub articles: u64,
    /// Claims with a source, of all claims.
    pub sourced: Share,
    /// Claims whose source is not named, of those with a source.
    pub unnamed: Share,
    /// Articles that copy an earlier text of another outlet, of all articles.
    pub copies: Share,
    /// From whom, most first.
    pub copied: Vec<Copied>,
    /// Whom it takes its claims from, most first.
    pub sources: Vec<Source>,
    /// How it names actors, by actor and month.
    pub naming: Vec<Named>,
    /// The words it uses, most first.
    pub spellings: Vec<Spelling>,
}

fn profile(name: &str, o: &Outlet) -> Profile {
    let mut copied: Vec<Copied> = o.copies.iter().map(|(f, n)| Copied { from: f.clone(), texts: *n }).collect();
    copied.sort_by_key(|c| std::cmp::Reverse(c.texts));
    let mut sources: Vec<Source> = o
        .sources
        .iter()
        .map(|((k, n), hits)| Source { key: k.clone(), name: n.clone(), share: Share::new(*hits, o.sourced) })
        .collect();
    sources.sort_by_key(|s| std::cmp::Reverse(s.share.hits));
    let naming = o
        .naming
        .iter()
        .map(|((key, name, month), [neutral, own, loaded])| {
            let all = neutral + own + loaded;
            Named {
                key: key.clone(),
                name: name.clone(),
                month: month.clone(),
                neutral: Share::new(*neutral, all),
                own: Share::new(*own, all),
                loaded: Share::new(*loaded, all),
            }
        })
        .collect();
    let mut spellings: Vec<Spelling> = o
        .spellings
        .iter()
        .map(|((key, words, naming), n)| Spelling {
            key: key.clone(),
            words: words.clone(),
            naming: *naming,
            times: *n,
        })
        .collect();
    spellings.sort_by_key(|s| std::cmp::Reverse(s.times));
    Profile {
        outlet: name.to_owned(),
        articles: o.articles,
        sourced: Share::new(o.sourced, o.claims),
        unnamed: Share::new(o.unnamed, o.sourced),
        copies: Share::new(o.copied.min(o.articles), o.articles),
        copied,
        sources,
        naming,
        spellings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_intervals() {
        let s = Share::new(5, 10);
        assert!((s.low - 0.2366).abs() < 1e-3 && (s.high - 0.7634).abs() < 1e-3);
        assert!(Share::new(0, 10).low.abs() < 1e-9 && (Share::new(0, 0).high - 1.0).abs() < 1e-9);
    }
}
