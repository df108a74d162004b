//! Happenings: claims of one and the same happening, joined across articles as they arrive.
//!
//! A claim is compared with happenings that share a key with it (type and entity, place, toll or rare word, within
//! [`NEAR_DAYS`] days). It joins the best one whose log odds are above [`JOIN`], provided that those of the claims standing
//! for the happening that it is most like agree. Another happening that fits as well was begun twice: the claim bridges
//! the two, and they are merged. What the user joined or split is obeyed ever after, splits before joins.
//!
//! **Order.** A claim is judged by what is known when it comes, so borderline memberships, the ids, and which of several
//! good reasons is kept may depend on the order of arrival. Claims that clearly fit (all pairs above the threshold) or
//! clearly do not (none) end up alike in any order.
//!
//! **Full keys.** The first [`FULL`] happenings under a key stand for it; later ones are found by their other keys only.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt as _};
use serde::{Deserialize, Serialize};

use crate::claim::{self, Article, Claim, ClaimRef, claims, head};
use crate::compare::{self, Articles, Reason, excludes, features, same_in_article, score, tells_apart};
use crate::dates;
use crate::passing::{self, Passing};
use crate::profile::{Nature, Profile};
use crate::record::{self, Error, Result};
use crate::store::{Index, Store, Table};
use crate::stories::{self, Copy, Kept, Placed};
use crate::words::{Bag, hash, hash_parts, name_key};

/// Happenings kept under a key.
pub const FULL: usize = 64;
/// Days before and after within which happenings are looked for; up to a day more, since keys are of two days.
pub const NEAR_DAYS: i32 = 2;
/// Days of one key.
const KEY_DAYS: i32 = 2;
/// Rare words of a claim's sentence that it is looked for by.
const RARE: usize = 4;
/// Claims kept in memory between articles.
const REMEMBERED: usize = 40_000;
/// Happenings compared with a claim, those with most common keys first.
const COMPARED: usize = 20;
/// Claims that stand for a happening, of as many days as possible.
const STANDING: usize = 6;
/// Of one article at most.
const OF_ONE_ARTICLE: usize = 2;
/// Keys of one cluster of claims.
const KEYS: usize = 14;
/// Log odds from which a claim joins.
const JOIN: f32 = 0.3;
/// Log odds that the claims standing for a happening must reach on average, of those that are most like.
const AGREE: f32 = 0.3;
/// Log odds from which a second happening is merged into the best.
const MERGE: f32 = 0.3;
/// Log odds that the claims standing for both happenings must reach on average for a merge, each with those of the other
/// side that are most like it.
const MERGE_AGREE: f32 = -0.3;
/// Of the claims that stand for a happening, those most like another are asked: later tellings are in other words, and
/// what an article says in passing lacks places and parties, so that all of them never agree.
const ASKED: usize = 3;
/// What a pair counts at most that cannot be one.
const EXCLUDED: f32 = -3.0;
/// Claims of one happening that a split is remembered against.
const SPLIT_AGAINST: usize = 64;

/// How a claim came into its happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It is the first.
    First,
    /// It tells again what its article told before, or the same text in another outlet.
    Article,
    /// It was found alike.
    Alike,
    /// The user joined it.
    User,
}

/// What is kept under a claim's number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptClaim {
    pub profile: Profile,
    pub happening: u64,
    pub how: How,
    /// The claim that it was joined to.
    pub to: u64,
}

/// What is kept under a happening's number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    pub id: String,
    /// Claim that the id was derived from.
    born: u64,
    /// Ids of happenings merged in.
    pub aliases: Vec<String>,
    /// Claims with their days of publication.
    standing: Vec<(u64, i32)>,
    /// Claims that must not be in here.
    apart: Vec<u64>,
    /// Where its claims went.
    into: Option<u64>,
}

/// What the user decided about two claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Together, or apart.
    pub together: bool,
    /// One claim.
    pub a: ClaimRef,
    /// The other.
    pub b: ClaimRef,
}

/// What adding an article came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Number of its story.
    pub story: u64,
    /// Claims traced.
    pub claims: usize,
    /// Happenings that did not exist before.
    pub new: usize,
    /// Events beyond [`crate::claim::MOST_CLAIMS`], not traced.
    pub left_out: usize,
}

struct Cluster {
    claims: Vec<u64>,
    keys: Vec<u64>,
}

/// Numbers of the events' claims.
const fn claim_number(document: u64, index: usize) -> u64 {
    document << 12 | index as u64
}

/// The numbers of a document's claims.
fn numbers_within(document: u64, kept: &Kept) -> Vec<u64> {
    (0..kept.claims as usize).map(|i| claim_number(document, i)).collect()
}

/// Adds a text to the stories.
pub(crate) fn place<S: Store>(
    store: &mut S,
    known: &mut Known,
    number: u64,
    copy: &Copy,
    text: &str,
) -> Result<Placed, S> {
    let placed = stories::add(store, number, copy, text)?;
    if placed.merged {
        known.articles.clear();
    }
    Ok(placed)
}

/// Whether the claims kept under `before` are these.
fn is_kept<S: Store>(store: &S, numbered: &[(u64, Profile)], before: &[u64]) -> Result<bool, S> {
    if numbered.len() != before.len() {
        return Ok(false);
    }
    let kept = record::get_all::<KeptClaim, S>(store, Table::Claim, before)?;
    Ok(numbered.iter().zip(kept).all(|((_, now), kept)| kept.is_some_and(|k| k.profile == *now)))
}

/// Adds an article: its story and its claims. One that was added before is read anew: its earlier claims are taken out
/// first, happenings keep their ids, decisions of the user hold.
pub(crate) fn add<S: Store>(store: &mut S, known: &mut Known, article: Article<'_>) -> Result<Added, S> {
    let id = &article.document.id;
    let copy = Copy {
        id: id.clone(),
        source_id: article.source_id.map(str::to_owned),
        outlet: article.document.outlet.clone(),
        published: article.document.published.clone(),
    };
    let namesakes = store.members(Index::Named, &[name_key(hash(id))], 1)?.pop().unwrap_or_default();
    let Placed { story, of, .. } = place(store, known, article.number, &copy, &article.document.whole())?;
    let mut kept: Kept = record::get(store, Table::Document, article.number)?
        .ok_or_else(|| Error::Unknown { what: "document", id: id.clone() })?;
    // only where the text is known already can a claim of its name have begun a happening
    let mut begun = if namesakes.is_empty() { Begun::Only(BTreeSet::new()) } else { Begun::Unknown };
    kept.copy = copy;
    kept.outlet_key = article.outlet_key.map(str::to_owned);
    if of.is_some() {
        // it says what the same text says elsewhere
        record::put(store, Table::Document, article.number, &kept)?;
        let claims = article.reading.events.len().min(claim::MOST_CLAIMS);
        return Ok(Added { story, claims, new: 0, left_out: article.reading.events.len() - claims });
    }
    let all = claims(article);
    let left_out = article.reading.events.len() - all.len();
    let numbered: Vec<(u64, Profile)> =
        all.iter().enumerate().map(|(i, c)| (claim_number(article.number, i), Profile::of(c))).collect();
    let before = numbers_within(article.number, &kept);
    let unchanged = !before.is_empty() && is_kept(store, &numbered, &before)?;
    kept.head = head(article.document);
    kept.claims = all.len() as u32;
    record::put(store, Table::Document, article.number, &kept)?;
    if store.keeps(Table::Full) {
        record::put(store, Table::Full, article.number, &all)?;
    }
    if unchanged {
        // read again to the same end, or seen in a further outlet: what was found stays as it was found in its turn
        return Ok(Added { story, claims: numbered.len(), new: 0, left_out });
    }
    if !before.is_empty() {
        *known = Known::default();
        for claim in before {
            take_out(store, id, claim)?;
            store.delete(Table::Claim, &[claim])?;
        }
    }

    let refs: BTreeMap<u64, ClaimRef> = numbered.iter().map(|(n, _)| *n).zip(all.into_iter().map(|c| c.at)).collect();
    let decided = decisions_about(store, refs.values())?;
    let clusters = cluster(&numbered, &refs, &decided);
    let by_number: BTreeMap<u64, &Profile> = numbered.iter().map(|(n, c)| (*n, c)).collect();
    let mut added = Added { story, claims: numbered.len(), new: 0, left_out };

    // one query for the keys of all clusters
    let around: Vec<u64> =
        clusters.iter().flat_map(|c| &c.keys).copied().collect::<BTreeSet<_>>().into_iter().collect();
    let found: HashMap<u64, Vec<u64>> =
        around.iter().copied().zip(store.members(Index::Candidate, &around, FULL)?).collect();
    // claims of this article are met again in the happenings of its earlier ones
    known.remember(article.number, kept.head.clone(), story, numbered.iter().cloned());
    let mut scene = Scene::new(known, &kept.head, story, article.number);
    for c in &clusters {
        let mut seen: Vec<u64> = c.keys.iter().flat_map(|key| &found[key]).copied().collect();
        seen.sort_unstable();
        let mut ranked: Vec<(u64, usize)> = seen.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect();
        ranked.sort_unstable_by_key(|&(h, n)| (std::cmp::Reverse(n), h));
        ranked.truncate(COMPARED);
        let names: Vec<u64> = ranked.iter().map(|r| r.0).collect();
        let mut groups = scene.groups(store, &names)?;
        groups.sort_unstable();
        groups.dedup();
        let forbidden = apart_from(store, c, &refs, &decided)?;

        let mut fits: Vec<(f32, u64, u64, u64)> = Vec::new();
        for h in groups {
            let group = scene.group(store, h)?;
            if c.claims.iter().any(|n| group.apart.contains(n)) || forbidden.contains(&h) {
                continue;
            }
            let standing: Vec<u64> = group.standing.iter().map(|s| s.0).collect();
            scene.fetch_claims(store, &standing)?;
            let mut best = (f32::MIN, 0, 0);
            let mut said = Agreement::default();
            for &standing in &standing {
                let Some((there, articles)) = scene.other(standing) else {
                    continue;
                };
                let (mut nearest, mut excluded) = (f32::MIN, false);
                for &mine in c.claims.iter().take(STANDING) {
                    let f = features(by_number[&mine], there, articles);
                    said.forbidden |= tells_apart(&f);
                    let s = score(&f);
                    nearest = nearest.max(s);
                    if excludes(&f) {
                        excluded = true;
                    } else if s > best.0 {
                        best = (s, mine, standing);
                    }
                }
                said.add(close(by_number[&c.claims[0]], there), nearest, excluded);
            }
            if best.0 >= JOIN && said.average().is_some_and(|a| a >= AGREE) {
                fits.push((best.0, h, best.1, best.2));
            }
        }
        fits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));

        let (mut target, how, mine, to) = match fits.first() {
            Some(&(_, h, mine, to)) => (h, How::Alike, mine, to),
            None => (0, How::First, c.claims[0], c.claims[0]),
        };
        if fits.is_empty() {
            target = create(store, c.claims[0], &refs[&c.claims[0]], &mut begun)?;
            added.new += 1;
        }
        for &n in &c.claims {
            let (how, to) = if n == mine { (how, to) } else { (How::Article, mine) };
            let kept = KeptClaim { profile: by_number[&n].clone(), happening: target, how, to };
            record::put(store, Table::Claim, n, &kept)?;
        }
        put_in(store, target, &c.claims)?;
        scene.forget(target);
        let mut open: Vec<(u64, u64)> = c
            .claims
            .iter()
            .take(STANDING)
            .flat_map(|n| keys_of(by_number[n], false))
            .filter(|key| found.get(key).is_none_or(|m| m.len() < FULL && !m.contains(&target)))
            .map(|key| (key, target))
            .collect();
        open.sort_unstable();
        open.dedup();
        store.post(Index::Candidate, &open)?;
        for &(_, other, _, _) in fits.iter().skip(1).filter(|f| f.0 >= MERGE) {
            if let Some(kept_number) = scene.bridge(store, target, other)? {
                target = kept_number;
            }
        }
    }
    for d in decided.iter().filter(|d| d.together) {
        if let (Some(a), Some(b)) = (number_of(store, &d.a)?, number_of(store, &d.b)?) {
            merge_claims(store, a, b)?;
        }
    }
    remember_apart(store, &decided)?;
    Ok(added)
}

/// Whether two claims were published within a day of each other.
fn close(a: &Profile, b: &Profile) -> bool {
    matches!((a.published, b.published), (Some(p), Some(q)) if p.abs_diff(q) <= 1)
}

/// What the claims that stand for a happening say of another claim.
#[derive(Debug, Default)]
struct Agreement {
    /// Whether the days are close, and the log odds.
    each: Vec<(bool, f32)>,
    excluded: usize,
    forbidden: bool,
}

impl Agreement {
    fn add(&mut self, close: bool, score: f32, excluded: bool) {
        self.each.push((close, if excluded { score.min(EXCLUDED) } else { score }));
        self.excluded += usize::from(excluded);
    }

    /// The average of the [`ASKED`] highest: of the claims of the same days where there are two of them, for later days tell in
    /// other words; else of all. None where most cannot be one with it: a single place or thing may have been misread.
    fn average(&self) -> Option<f32> {
        if self.forbidden || self.excluded * 2 > self.each.len() {
            return None;
        }
        let near = self.each.iter().filter(|s| s.0).count() >= 2;
        let mut asked: Vec<f32> = self.each.iter().filter(|s| s.0 || !near).map(|s| s.1).collect();
        asked.sort_unstable_by(|a, b| b.total_cmp(a));
        asked.truncate(ASKED);
        (!asked.is_empty()).then(|| asked.iter().sum::<f32>() / asked.len() as f32)
    }
}

/// Claims of the article that tell of the same, in order; each claim is compared with at most 64 clusters of its type.
fn cluster(all: &[(u64, Profile)], refs: &BTreeMap<u64, ClaimRef>, decided: &[Decision]) -> Vec<Cluster> {
    const LOOKED_AT: usize = 64;
    let apart = |a: usize, b: usize| {
        let (a, b) = (&refs[&all[a].0], &refs[&all[b].0]);
        decided.iter().any(|d| !d.together && (d.a == *a && d.b == *b || d.a == *b && d.b == *a))
    };
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut of_kind: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (i, (_, c)) in all.iter().enumerate() {
        let list = of_kind.entry(c.kind() as u8).or_default();
        let home = list.iter().rev().take(LOOKED_AT).copied().find(|&m| {
            same_in_article(&all[members[m][0]].1, c)
                && (decided.is_empty() || members[m].iter().all(|&k| !apart(k, i)))
        });
        if let Some(m) = home {
            members[m].push(i);
        } else {
            list.push(members.len());
            members.push(vec![i]);
        }
    }
    members
        .into_iter()
        .map(|m| {
            let mut keys = Vec::new();
            for &i in m.iter().take(STANDING) {
                keys.extend(keys_of(&all[i].1, true));
            }
            keys.sort_unstable();
            keys.dedup();
            Cluster { claims: m.into_iter().map(|i| all[i].0).collect(), keys }
        })
        .collect()
}

/// The keys that a claim is looked for by, for an engine that joins claims itself (the Python package, over whole archives).
pub fn keys(claim: &Claim, around: bool) -> Vec<u64> {
    keys_of(&Profile::of(claim), around)
}

/// What a claim is looked for by: two claims that may tell of one happening share a key when one's keys are of its day
/// alone and the other's of all days `around` it. Ascending, at most 14 for two days. Claims without any day meet only each
/// other. The day stands in the high bits: what is of one time lies together in the store.
fn keys_of(c: &Profile, around: bool) -> Vec<u64> {
    const UNDATED: u64 = 1 << 47;
    let kind = u64::from(compare::group(c.kind()));
    let base = |what: u64, key: u64| crate::words::mix(kind << 40 | what << 32 | key) >> 32;
    let mut bases: Vec<u64> = Vec::new();
    let parties = c.actors.iter().take(3).chain(c.recipients.iter().take(3));
    bases.extend(parties.filter(|p| p.nature != Nature::Words).map(|p| base(1, p.key.into())));
    bases.extend(c.places.iter().take(3).map(|p| base(2, p.key.into())));
    bases.extend(c.toll.and_then(|t| t.0).map(|killed| base(3, killed)));
    bases.extend(c.context.rare(RARE).into_iter().map(|s| base(4, s.into())));
    bases.dedup();
    bases.truncate(KEYS);
    // a day that the text states, else the day of publication; without either the undated keep to themselves
    let of = |d: i32| u64::from(d.div_euclid(KEY_DAYS) as u32 & 0x3fff) << 32;
    let days: Vec<u64> = match c.day() {
        None => vec![UNDATED],
        Some(d) if around => {
            let mut all: Vec<u64> = (d.saturating_sub(NEAR_DAYS)..=d.saturating_add(NEAR_DAYS)).map(of).collect();
            all.dedup();
            all
        }
        Some(d) => vec![of(d)],
    };
    let mut out: Vec<u64> = bases.iter().flat_map(|base| days.iter().map(move |d| d | base)).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Which of its claims an article may have begun happenings with before.
enum Begun {
    /// These starts of triggers, and no others.
    Only(BTreeSet<u32>),
    /// To be looked up.
    Unknown,
}

/// Profiles and beginnings of articles kept in memory from one article to the next. Profiles never change but by a new
/// reading; an article's story does when stories come together, and then all articles are forgotten: what is remembered
/// changes speed, never results.
#[derive(Debug, Default)]
pub(crate) struct Known {
    claims: HashMap<u64, Profile>,
    articles: HashMap<u64, (Bag, u64)>,
}

impl Known {
    fn remember(&mut self, document: u64, head: Bag, story: u64, claims: impl Iterator<Item = (u64, Profile)>) {
        if self.claims.len() > REMEMBERED {
            *self = Self::default();
        }
        self.articles.insert(document, (head, story));
        self.claims.extend(claims);
    }
}

/// What is looked at for one article, each record once.
struct Scene<'a> {
    known: &'a mut Known,
    head: &'a Bag,
    story: u64,
    document: u64,
    groups: BTreeMap<u64, Group>,
    /// How each article looks beside this one.
    beside: HashMap<u64, Articles>,
}

impl<'a> Scene<'a> {
    fn new(known: &'a mut Known, head: &'a Bag, story: u64, document: u64) -> Self {
        Self { known, head, story, document, groups: BTreeMap::new(), beside: HashMap::new() }
    }

    /// The happenings that these have become.
    fn groups<S: Store>(&mut self, store: &S, names: &[u64]) -> Result<Vec<u64>, S> {
        let missing: Vec<u64> = names.iter().copied().filter(|n| !self.groups.contains_key(n)).collect();
        for (n, g) in missing.iter().zip(record::get_all::<Group, S>(store, Table::Happening, &missing)?) {
            if let Some(g) = g {
                self.groups.insert(*n, g);
            }
        }
        names
            .iter()
            .map(|n| match self.groups.get(n) {
                Some(Group { into: None, .. }) => Ok(*n),
                _ => resolve(store, *n),
            })
            .collect()
    }

    fn group<S: Store>(&mut self, store: &S, n: u64) -> Result<Group, S> {
        if let Some(g) = self.groups.get(&n) {
            return Ok(g.clone());
        }
        let g: Group = record::get(store, Table::Happening, n)?
            .ok_or_else(|| Error::Unknown { what: "happening", id: n.to_string() })?;
        self.groups.insert(n, g.clone());
        Ok(g)
    }

    fn forget(&mut self, n: u64) {
        self.groups.remove(&n);
    }

    fn fetch_claims<S: Store>(&mut self, store: &S, numbers: &[u64]) -> Result<(), S> {
        let known = &mut *self.known;
        let missing: Vec<u64> = numbers.iter().copied().filter(|n| !known.claims.contains_key(n)).collect();
        for (n, k) in missing.iter().zip(record::get_all::<KeptClaim, S>(store, Table::Claim, &missing)?) {
            known.claims.extend(k.map(|k| (*n, k.profile)));
        }
        let mut articles: Vec<u64> = numbers.iter().map(|n| n >> 12).filter(|d| !self.beside.contains_key(d)).collect();
        articles.dedup();
        for d in articles {
            if let std::collections::hash_map::Entry::Vacant(v) = known.articles.entry(d) {
                let Some(k) = record::get::<Kept, S>(store, Table::Document, d)? else {
                    continue;
                };
                v.insert((k.head, k.story));
            }
            let (head, story) = &known.articles[&d];
            let beside =
                Articles { begin_alike: self.head.cosine(head), copies: self.story == *story, one: self.document == d };
            self.beside.insert(d, beside);
        }
        Ok(())
    }

    /// A claim of another article, and how that article looks beside this one.
    fn other(&self, n: u64) -> Option<(&Profile, Articles)> {
        Some((self.known.claims.get(&n)?, *self.beside.get(&(n >> 12))?))
    }

    /// What two claims look like beside each other, where both are known.
    fn pair(&self, p: u64, q: u64) -> Option<[f32; compare::FEATURES]> {
        let (c, d) = (self.known.claims.get(&p)?, self.known.claims.get(&q)?);
        let (head, s) = self.known.articles.get(&(p >> 12))?;
        let (beginning, t) = self.known.articles.get(&(q >> 12))?;
        let articles = Articles { begin_alike: head.cosine(beginning), copies: s == t, one: p >> 12 == q >> 12 };
        Some(features(c, d, articles))
    }

    /// Merges two happenings where the claims that stand for them agree: each with those of the other side that it is most
    /// like, on the average of the side that agrees less. The number of what they are then.
    fn bridge<S: Store>(&mut self, store: &mut S, a: u64, b: u64) -> Result<Option<u64>, S> {
        let (x, y) = (self.group(store, a)?, self.group(store, b)?);
        let of = |g: &Group| -> Vec<u64> { g.standing.iter().map(|s| s.0).collect() };
        let (mine, theirs) = (of(&x), of(&y));
        self.fetch_claims(store, &mine)?;
        self.fetch_claims(store, &theirs)?;
        let average = |side: &[u64], other: &[u64]| {
            let mut each = Vec::with_capacity(side.len());
            for &p in side {
                let mut said = Agreement::default();
                for &q in other {
                    let Some(f) = self.pair(p, q) else { continue };
                    said.forbidden |= tells_apart(&f);
                    said.add(close(&self.known.claims[&p], &self.known.claims[&q]), score(&f), excludes(&f));
                }
                if said.forbidden {
                    return None;
                }
                each.push(said.average().unwrap_or(EXCLUDED));
            }
            (!each.is_empty()).then(|| each.iter().sum::<f32>() / each.len() as f32)
        };
        let agreed = |side, other| average(side, other).is_some_and(|a| a >= MERGE_AGREE);
        if !agreed(&mine, &theirs) || !agreed(&theirs, &mine) {
            return Ok(None);
        }
        let Some(kept) = merge(store, a, b)? else { return Ok(None) };
        self.forget(a);
        self.forget(b);
        // the younger began nothing: its first claim is explained by the one of the other side that it is most like
        let (born, among) = if x.born < y.born { (y.born, &mine) } else { (x.born, &theirs) };
        if let Some(first) = record::get::<KeptClaim, S>(store, Table::Claim, born)?.filter(|k| k.how == How::First) {
            self.fetch_claims(store, &[born])?;
            let likeness = |q: &u64| self.pair(born, *q).map_or(f32::MIN, |f| score(&f));
            if let Some(&to) = among.iter().max_by(|p, q| likeness(p).total_cmp(&likeness(q))) {
                record::put(store, Table::Claim, born, &KeptClaim { how: How::Alike, to, ..first })?;
            }
        }
        Ok(Some(kept))
    }
}

/// Follows merges.
pub(crate) fn resolve<S: Store>(store: &S, mut n: u64) -> Result<u64, S> {
    // each merge points to an older or larger group, never back; the bound guards against damaged records
    for _ in 0..64 {
        match record::get::<Group, S>(store, Table::Happening, n)? {
            Some(Group { into: Some(next), .. }) => n = next,
            _ => break,
        }
    }
    Ok(n)
}

/// The id of a happening that this claim begins. It leads back to the claim: the high bits are the document's, the low ones
/// the trigger's.
fn id_of(at: &ClaimRef) -> String {
    format!("h{:016x}", name_key(hash(&at.document)) << 20 | u64::from(at.trigger.start) & 0xf_ffff)
}

fn create<S: Store>(store: &mut S, first: u64, at: &ClaimRef, begun: &mut Begun) -> Result<u64, S> {
    let base = id_of(at);
    let mut id = base.clone();
    let mut number = first;
    let free = match begun {
        Begun::Only(starts) => starts.insert(at.trigger.start & 0xf_ffff),
        Begun::Unknown => false,
    };
    if !free {
        for n in 2..=99 {
            if find(store, &id)?.is_none() {
                break;
            }
            id = format!("{base}-{n}");
        }
        // the number of a happening that this claim once began and left is taken
        while record::get::<Group, S>(store, Table::Happening, number)?.is_some() {
            number = hash_parts(&[&number.to_string(), &id]) >> 1;
        }
    }
    let group = Group { id, born: first, aliases: Vec::new(), standing: Vec::new(), apart: Vec::new(), into: None };
    if group.id != base {
        name(store, &group.id, number)?;
    }
    record::put(store, Table::Happening, number, &group)?;
    Ok(number)
}

/// Lets a happening be found by an id that its claims do not lead to.
fn name<S: Store>(store: &mut S, id: &str, number: u64) -> Result<(), S> {
    Ok(store.post(Index::Named, &[(name_key(hash(id)), number)])?)
}

/// The claims of happenings. A happening's own first claim bears its number and says itself where it is; the others are
/// posted.
fn members<S: Store>(store: &S, happenings: &[u64], limit: usize) -> Result<Vec<Vec<u64>>, S> {
    let mut all = store.members(Index::HappeningMembers, happenings, limit)?;
    let firsts = record::get_all::<KeptClaim, S>(store, Table::Claim, happenings)?;
    for ((n, list), first) in happenings.iter().zip(&mut all).zip(firsts) {
        if first.is_some_and(|k| k.happening == *n) {
            let at = list.partition_point(|m| m < n);
            list.insert(at, *n);
            list.truncate(limit);
        }
    }
    Ok(all)
}

/// Lets claims stand for a happening: those that came first, and of further days one after another in the place of those of
/// the day that has most.
fn stand<S: Store>(store: &S, standing: &mut Vec<(u64, i32)>, new: &[u64]) -> Result<(), S> {
    let kept = record::get_all::<KeptClaim, S>(store, Table::Claim, new)?;
    for (&n, kept) in new.iter().zip(kept) {
        let of_its_article = standing.iter().filter(|s| s.0 >> 12 == n >> 12).count();
        let Some(kept) = kept.filter(|_| of_its_article < OF_ONE_ARTICLE && standing.iter().all(|s| s.0 != n)) else {
            continue;
        };
        standing.push((n, kept.profile.published.unwrap_or(i32::MIN)));
        if standing.len() > STANDING {
            let of_day = |day: i32| standing.iter().filter(|s| s.1 == day).count();
            let most = standing.iter().map(|s| of_day(s.1)).max().unwrap_or(0);
            if let Some(at) = standing.iter().rposition(|s| of_day(s.1) == most) {
                standing.remove(at);
            }
        }
    }
    Ok(())
}

/// Puts claims into a happening; their own records say so already.
fn put_in<S: Store>(store: &mut S, happening: u64, new: &[u64]) -> Result<(), S> {
    let others: Vec<(u64, u64)> = new.iter().filter(|c| **c != happening).map(|&c| (happening, c)).collect();
    store.post(Index::HappeningMembers, &others)?;
    let Some(mut g) = record::get::<Group, S>(store, Table::Happening, happening)? else {
        return Ok(());
    };
    let before = g.standing.clone();
    stand(store, &mut g.standing, new)?;
    if g.standing != before {
        record::put(store, Table::Happening, happening, &g)?;
    }
    Ok(())
}

/// Takes a claim of a document out of its happening; an emptied happening goes.
fn take_out<S: Store>(store: &mut S, document: &str, claim: u64) -> Result<(), S> {
    let Some(kept) = record::get::<KeptClaim, S>(store, Table::Claim, claim)? else {
        return Ok(());
    };
    let h = kept.happening;
    store.unpost(Index::HappeningMembers, &[(h, claim)])?;
    let mut left = members(store, &[h], 65)?.pop().unwrap_or_default();
    left.retain(|c| *c != claim);
    if let Some(mut g) = record::get::<Group, S>(store, Table::Happening, h)? {
        g.standing.clear();
        stand(store, &mut g.standing, &left)?;
        g.apart.retain(|a| *a != claim);
        if left.is_empty() {
            for id in g.aliases.iter().chain(std::iter::once(&g.id)) {
                store.unpost(Index::Named, &[(name_key(hash(id)), h)])?;
            }
            store.delete(Table::Happening, &[h])?;
        } else {
            keep_names(store, h, &g, &id_of(&ClaimRef { document: document.to_owned(), trigger: kept.profile.at }))?;
            record::put(store, Table::Happening, h, &g)?;
        }
    }
    store.unpost(Index::Candidate, &keys_of(&kept.profile, false).iter().map(|&k| (k, h)).collect::<Vec<_>>())?;
    Ok(())
}

/// Lets a happening be found still by ids that a claim gave it which leaves.
fn keep_names<S: Store>(store: &mut S, number: u64, g: &Group, base: &str) -> Result<(), S> {
    for id in g.aliases.iter().chain(std::iter::once(&g.id)) {
        if id == base {
            name(store, id, number)?;
        }
    }
    Ok(())
}

/// Merges two happenings; the older id stays, the other becomes an alias. None where the user's splits forbid it.
fn merge<S: Store>(store: &mut S, a: u64, b: u64) -> Result<Option<u64>, S> {
    let (a, b) = (resolve(store, a)?, resolve(store, b)?);
    if a == b {
        return Ok(Some(a));
    }
    let (Some(mut x), Some(mut y)) =
        (record::get::<Group, S>(store, Table::Happening, a)?, record::get::<Group, S>(store, Table::Happening, b)?)
    else {
        return Ok(None);
    };
    if forbids(store, &x, b)? || forbids(store, &y, a)? {
        return Ok(None);
    }
    let mine = members(store, &[a, b], usize::MAX)?;
    // the fewer move; the id is that of the older, wherever the claims are
    let (keep, gone, moved) = if mine[0].len() >= mine[1].len() {
        (a, b, &mine[1])
    } else {
        std::mem::swap(&mut x, &mut y);
        (b, a, &mine[0])
    };
    for (n, k) in moved.iter().zip(record::get_all::<KeptClaim, S>(store, Table::Claim, moved)?) {
        if let Some(k) = k {
            record::put(store, Table::Claim, *n, &KeptClaim { happening: keep, ..k })?;
        }
    }
    store.unpost(Index::HappeningMembers, &moved.iter().map(|&c| (gone, c)).collect::<Vec<_>>())?;
    if y.born < x.born {
        std::mem::swap(&mut x.id, &mut y.id);
        x.born = y.born;
    }
    for id in [&x.id, &y.id].into_iter().chain(&y.aliases).filter(|id| id.contains('-')) {
        name(store, id, keep)?;
    }
    x.aliases.push(y.id.clone());
    x.aliases.append(&mut y.aliases);
    x.aliases.sort();
    x.aliases.dedup();
    x.apart.append(&mut y.apart);
    x.apart.sort_unstable();
    x.apart.dedup();
    y.into = Some(keep);
    record::put(store, Table::Happening, gone, &y)?;
    record::put(store, Table::Happening, keep, &x)?;
    put_in(store, keep, moved)?;
    Ok(Some(keep))
}

/// Whether a claim that `group` must not hold is in happening `other`.
fn forbids<S: Store>(store: &S, group: &Group, other: u64) -> Result<bool, S> {
    for k in record::get_all::<KeptClaim, S>(store, Table::Claim, &group.apart)?.into_iter().flatten() {
        if resolve(store, k.happening)? == other {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Happenings that hold a claim from which one of the cluster was split.
fn apart_from<S: Store>(
    store: &S,
    c: &Cluster,
    refs: &BTreeMap<u64, ClaimRef>,
    decided: &[Decision],
) -> Result<BTreeSet<u64>, S> {
    let mut out = BTreeSet::new();
    for d in decided.iter().filter(|d| !d.together) {
        for (mine, theirs) in [(&d.a, &d.b), (&d.b, &d.a)] {
            if c.claims.iter().any(|n| refs[n] == *mine)
                && let Some(n) = number_of(store, theirs)?
                && let Some(k) = record::get::<KeptClaim, S>(store, Table::Claim, n)?
            {
                out.insert(resolve(store, k.happening)?);
            }
        }
    }
    Ok(out)
}

/// Writes splits into the happenings that they concern.
fn remember_apart<S: Store>(store: &mut S, decided: &[Decision]) -> Result<(), S> {
    for d in decided.iter().filter(|d| !d.together) {
        let (Some(a), Some(b)) = (number_of(store, &d.a)?, number_of(store, &d.b)?) else { continue };
        for (mine, theirs) in [(a, b), (b, a)] {
            if let Some(k) = record::get::<KeptClaim, S>(store, Table::Claim, mine)?
                && let Some(mut g) = record::get::<Group, S>(store, Table::Happening, k.happening)?
                && !g.apart.contains(&theirs)
            {
                g.apart.push(theirs);
                record::put(store, Table::Happening, k.happening, &g)?;
            }
        }
    }
    Ok(())
}

fn merge_claims<S: Store>(store: &mut S, a: u64, b: u64) -> Result<Option<u64>, S> {
    let kept = record::get_all::<KeptClaim, S>(store, Table::Claim, &[a, b])?;
    if let [Some(x), Some(y)] = kept.as_slice() { merge(store, x.happening, y.happening) } else { Ok(None) }
}

fn decisions_about<'a, S: Store>(store: &S, claims: impl Iterator<Item = &'a ClaimRef>) -> Result<Vec<Decision>, S> {
    // most ledgers hold none
    if store.ids(Table::Decision, None, 1)?.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<u64> = claims.map(ClaimRef::key).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut numbers: Vec<u64> = store.members(Index::Decided, &keys, usize::MAX)?.into_iter().flatten().collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(record::get_all(store, Table::Decision, &numbers)?.into_iter().flatten().collect())
}

/// The number of a claim, where its article has been added.
fn number_of<S: Store>(store: &S, at: &ClaimRef) -> Result<Option<u64>, S> {
    let Some((d, kept)) = stories::named(store, &at.document)? else { return Ok(None) };
    let all = numbers_within(d, &kept);
    let claims = record::get_all::<KeptClaim, S>(store, Table::Claim, &all)?;
    let found = all.iter().zip(claims).find(|(_, k)| k.as_ref().is_some_and(|k| k.profile.at == at.trigger));
    Ok(found.map(|(n, _)| *n))
}

/// Documents whose id has this key, each once for every outlet that carried it.
fn documents_named<S: Store>(store: &S, key: u64) -> Result<Vec<(u64, Kept)>, S> {
    let numbers = store.members(Index::Named, &[key], 64)?.pop().unwrap_or_default();
    let kept = record::get_all::<Kept, S>(store, Table::Document, &numbers)?;
    let named = numbers.into_iter().zip(kept).filter_map(|(n, k)| Some((n, k?)));
    Ok(named.filter(|(_, k)| name_key(hash(&k.copy.id)) == key).collect())
}

/// What names these claims for good.
fn refs_of<S: Store>(store: &S, claims: &[u64]) -> Result<Vec<(u64, ClaimRef, KeptClaim)>, S> {
    let mut out = Vec::with_capacity(claims.len());
    for (n, k) in claims.iter().zip(record::get_all::<KeptClaim, S>(store, Table::Claim, claims)?) {
        if let Some(k) = k
            && let Some(d) = record::get::<Kept, S>(store, Table::Document, n >> 12)?
        {
            out.push((*n, ClaimRef { document: d.copy.id, trigger: k.profile.at }, k));
        }
    }
    Ok(out)
}

fn decide<S: Store>(store: &mut S, d: &Decision) -> Result<(), S> {
    let (a, b) = if d.a <= d.b { (&d.a, &d.b) } else { (&d.b, &d.a) };
    // the latest decision about two claims replaces the earlier
    let number = hash_parts(&[&a.key().to_string(), &b.key().to_string()]) >> 1;
    record::put(store, Table::Decision, number, d)?;
    Ok(store.post(Index::Decided, &[(a.key(), number), (b.key(), number)])?)
}

/// Number of the happening with this id or alias.
pub(crate) fn find<S: Store>(store: &S, id: &str) -> Result<Option<u64>, S> {
    let bears = |g: &Group| g.id == id || g.aliases.iter().any(|a| a == id);
    // ids that claims do not lead to
    for n in store.members(Index::Named, &[name_key(hash(id))], 64)?.pop().unwrap_or_default() {
        if record::get::<Group, S>(store, Table::Happening, n)?.is_some_and(|g| bears(&g)) {
            return Ok(Some(resolve(store, n)?));
        }
    }
    let Some(key) = id.strip_prefix('h').and_then(|h| h.get(..16)).and_then(|h| u64::from_str_radix(h, 16).ok()) else {
        return Ok(None);
    };
    for (d, kept) in documents_named(store, key >> 20)? {
        let all = numbers_within(d, &kept);
        for k in record::get_all::<KeptClaim, S>(store, Table::Claim, &all)?.into_iter().flatten() {
            if u64::from(k.profile.at.start) & 0xf_ffff == key & 0xf_ffff {
                let n = resolve(store, k.happening)?;
                if record::get::<Group, S>(store, Table::Happening, n)?.is_some_and(|g| bears(&g)) {
                    return Ok(Some(n));
                }
            }
        }
    }
    Ok(None)
}

fn must_find<S: Store>(store: &S, id: &str) -> Result<u64, S> {
    find(store, id)?.ok_or_else(|| Error::Unknown { what: "happening", id: id.to_owned() })
}

/// Joins two happenings at the user's word, for good; earlier splits between their claims are taken back.
pub(crate) fn join<S: Store>(store: &mut S, a: &str, b: &str) -> Result<u64, S> {
    let (a, b) = (must_find(store, a)?, must_find(store, b)?);
    if a == b {
        return Ok(a);
    }
    let mut sides = members(store, &[a, b], usize::MAX)?;
    let (right, left) = (sides.pop().unwrap_or_default(), sides.pop().unwrap_or_default());
    for (n, others) in [(a, &right), (b, &left)] {
        if let Some(mut g) = record::get::<Group, S>(store, Table::Happening, n)? {
            let lifted: Vec<u64> = g.apart.iter().copied().filter(|c| others.contains(c)).collect();
            g.apart.retain(|c| !others.contains(c));
            record::put(store, Table::Happening, n, &g)?;
            for (_, theirs, _) in refs_of(store, &lifted)? {
                for d in decisions_about(store, std::iter::once(&theirs))?.into_iter().filter(|d| !d.together) {
                    let other = if d.a == theirs { &d.b } else { &d.a };
                    let mine = if n == a { &left } else { &right };
                    if number_of(store, other)?.is_some_and(|o| mine.contains(&o)) {
                        decide(store, &Decision { together: true, ..d.clone() })?;
                    }
                }
            }
        }
    }
    let (Some(&x), Some(&y)) = (left.first(), right.first()) else {
        return Err(Error::Conflict("one of the happenings has no claims".into()));
    };
    if let [(_, p, _), (_, q, kept)] = refs_of(store, &[x, y])?.as_slice() {
        decide(store, &Decision { together: true, a: p.clone(), b: q.clone() })?;
        record::put(store, Table::Claim, y, &KeptClaim { how: How::User, to: x, ..kept.clone() })?;
    }
    merge(store, a, b)?.ok_or_else(|| Error::Conflict("another split forbids to join these happenings".into()))
}

/// Takes one claim out of its happening at the user's word, for good, and gives it one of its own.
pub(crate) fn split<S: Store>(store: &mut S, at: &ClaimRef) -> Result<u64, S> {
    let unknown = || Error::Unknown { what: "claim", id: format!("{}@{}", at.document, at.trigger.start) };
    let n = number_of(store, at)?.ok_or_else(unknown)?;
    let kept: KeptClaim = record::get(store, Table::Claim, n)?.ok_or_else(unknown)?;
    let others: Vec<u64> = members(store, &[kept.happening], SPLIT_AGAINST + 1)?
        .pop()
        .unwrap_or_default()
        .into_iter()
        .filter(|c| *c != n)
        .collect();
    if others.is_empty() {
        return Ok(kept.happening);
    }
    let mut decided = Vec::new();
    for (_, other, _) in refs_of(store, &others)? {
        let d = Decision { together: false, a: at.clone(), b: other };
        decide(store, &d)?;
        decided.push(d);
    }
    let old = kept.happening;
    store.unpost(Index::HappeningMembers, &[(old, n)])?;
    if let Some(mut g) = record::get::<Group, S>(store, Table::Happening, old)? {
        g.standing.retain(|s| s.0 != n);
        stand(store, &mut g.standing, &others)?;
        keep_names(store, old, &g, &id_of(at))?;
        record::put(store, Table::Happening, old, &g)?;
    }
    let new = create(store, n, at, &mut Begun::Unknown)?;
    record::put(store, Table::Claim, n, &KeptClaim { happening: new, how: How::User, to: n, ..kept.clone() })?;
    put_in(store, new, &[n])?;
    store.post(Index::Candidate, &keys_of(&kept.profile, false).iter().map(|&k| (k, new)).collect::<Vec<_>>())?;
    remember_apart(store, &decided)?;
    Ok(new)
}

/// The happening that holds a claim, by the number of its document and its place in the reading.
pub(crate) fn of_claim<S: Store>(store: &S, document: u64, index: usize) -> Result<Option<u64>, S> {
    match record::get::<KeptClaim, S>(store, Table::Claim, claim_number(document, index))? {
        Some(k) => Ok(Some(resolve(store, k.happening)?)),
        None => Ok(None),
    }
}

/// All decisions of the user, to carry into another store before its articles are added.
pub fn decisions<S: Store>(store: &S) -> Result<Vec<Decision>, S> {
    let ids = store.ids(Table::Decision, None, usize::MAX)?;
    Ok(record::get_all(store, Table::Decision, &ids)?.into_iter().flatten().collect())
}

/// Takes over decisions from another store; they are obeyed as articles come.
pub(crate) fn import<S: Store>(store: &mut S, all: &[Decision]) -> Result<(), S> {
    all.iter().try_for_each(|d| decide(store, d))
}

/// A claim with how it came here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Member {
    /// Number.
    pub number: u64,
    /// The claim.
    pub claim: Claim,
    /// Its document.
    pub copy: Copy,
    /// Number of its document's story.
    pub story: u64,
    /// How it came into the happening.
    pub how: How,
    /// The claim it was joined to; itself for the first.
    pub to: ClaimRef,
    /// Reasons with what each added to the log odds.
    pub reasons: Vec<Reason>,
    /// Why its article tells it in passing; none where it reports it.
    pub passing: Option<Passing>,
}

/// A happening with all claims.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Gathered {
    /// Stable id.
    pub id: String,
    /// Ids of happenings that were merged into this one.
    pub aliases: Vec<String>,
    /// By number, which is the order of arrival.
    pub members: Vec<Member>,
}

/// Gathers the claims of a happening.
pub(crate) fn gather<S: Store>(store: &S, number: u64) -> Result<Option<Gathered>, S> {
    let Some(g) = record::get::<Group, S>(store, Table::Happening, number)? else {
        return Ok(None);
    };
    if g.into.is_some() {
        return Ok(None);
    }
    let numbers = members(store, &[number], usize::MAX)?.pop().unwrap_or_default();
    let kept: Vec<(u64, KeptClaim)> = numbers
        .iter()
        .zip(record::get_all::<KeptClaim, S>(store, Table::Claim, &numbers)?)
        .filter_map(|(&n, k)| Some((n, k?)))
        .collect();
    let wanted: BTreeSet<u64> = kept.iter().flat_map(|(n, k)| [n >> 12, k.to >> 12]).collect();
    let fetch = |wanted: BTreeSet<u64>| -> Result<BTreeMap<u64, Kept>, S> {
        let wanted: Vec<u64> = wanted.into_iter().collect();
        let all = record::get_all::<Kept, S>(store, Table::Document, &wanted)?;
        Ok(wanted.into_iter().zip(all).filter_map(|(d, k)| Some((d, k?))).collect())
    };
    let documents = fetch(wanted)?;
    let members_of = kept.iter().filter_map(|(n, _)| documents.get(&(n >> 12)));
    let elsewhere = fetch(members_of.flat_map(|d| &d.elsewhere).copied().collect())?;
    // one document after another: those of large happenings are many
    let mut full: (u64, Vec<Claim>) = (0, Vec::new());
    let mut out = Vec::with_capacity(kept.len());
    for (n, k) in &kept {
        let (document, index) = (n >> 12, (n & 0xfff) as usize);
        let Some(d) = documents.get(&document) else {
            continue;
        };
        if full.0 != document {
            full = (document, record::get(store, Table::Full, document)?.unwrap_or_default());
        }
        // a new reading that was not traced yet may have other claims
        let Some(claim) = full.1.get(index).filter(|c| c.at.trigger == k.profile.at) else {
            continue;
        };
        let at = ClaimRef { document: d.copy.id.clone(), trigger: k.profile.at };
        let said_in = |document: u64, d: &Kept| Claim {
            at: at.clone(),
            document,
            published: d.copy.published.as_deref().and_then(dates::day),
            outlet: claim::outlet_called(d.copy.outlet.as_deref(), d.outlet_key.as_deref()),
            ..claim.clone()
        };
        let to = if k.to == *n { None } else { record::get::<KeptClaim, S>(store, Table::Claim, k.to)? };
        let to = to.and_then(|t| Some((t, documents.get(&(k.to >> 12))?)));
        let reasons = match (&to, k.how) {
            (Some((t, e)), How::Alike) => {
                let begin_alike = d.head.cosine(&e.head);
                let articles = Articles { begin_alike, copies: d.story == e.story, one: document == k.to >> 12 };
                compare::reasons(&features(&k.profile, &t.profile, articles))
            }
            _ => Vec::new(),
        };
        // other outlets say it in the words of this one
        for (number, e) in d.elsewhere.iter().filter_map(|e| Some((*e, elsewhere.get(e)?))) {
            out.push(Member {
                number: claim_number(number, index),
                claim: said_in(number, e),
                copy: e.copy.clone(),
                story: e.story,
                how: How::Article,
                to: at.clone(),
                reasons: Vec::new(),
                passing: None,
            });
        }
        let claim = said_in(document, d);
        let to =
            to.map_or_else(|| at.clone(), |(t, e)| ClaimRef { document: e.copy.id.clone(), trigger: t.profile.at });
        let (copy, story, how) = (d.copy.clone(), d.story, k.how);
        out.push(Member { number: *n, claim, copy, story, how, to, reasons, passing: None });
    }
    out.sort_by_key(|m| m.number);
    passing::mark(&mut out);
    Ok(Some(Gathered { id: g.id, aliases: g.aliases, members: out }))
}

/// Numbers of the happenings that claims of this document are in now, ascending.
pub(crate) fn of_document<S: Store>(store: &S, document: u64) -> Result<Vec<u64>, S> {
    let (mut document, mut kept) = (document, record::get::<Kept, S>(store, Table::Document, document)?);
    if let Some(first) = kept.as_ref().and_then(|k| k.of) {
        (document, kept) = (first, record::get(store, Table::Document, first)?);
    }
    let Some(kept) = kept else { return Ok(Vec::new()) };
    let claims = record::get_all::<KeptClaim, S>(store, Table::Claim, &numbers_within(document, &kept))?;
    let mut out: Vec<u64> = claims.into_iter().flatten().map(|k| k.happening).collect();
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// Numbers of happenings above `after` that have claims, at most `limit`.
pub(crate) fn numbers<S: Store>(store: &S, after: Option<u64>, limit: usize) -> Result<Vec<u64>, S> {
    let mut out = Vec::new();
    let mut at = after;
    while out.len() < limit {
        let page = store.ids(Table::Happening, at, 512)?;
        let Some(&last) = page.last() else { break };
        at = Some(last);
        for (n, g) in page.iter().zip(record::get_all::<Group, S>(store, Table::Happening, &page)?) {
            if g.is_some_and(|g| g.into.is_none()) && out.len() < limit {
                out.push(*n);
            }
        }
    }
    Ok(out)
}
