//! Happenings: claims of one and the same happening, joined across articles as they arrive.
//!
//! A claim is compared with happenings that share a key with it (type and entity, place, toll or rare word, within
//! [`NEAR_DAYS`] days). It joins the best one whose log odds are above 0, provided that the claims which stand for
//! the happening do not on the whole speak against it; others that fit as well are merged in. What the user joined or split
//! is obeyed ever after, splits before joins.
//!
//! **Order.** A claim is judged by what is known when it comes, so borderline memberships, the ids, and which of several
//! good reasons is kept may depend on the order of arrival. Claims that clearly fit (all pairs above the threshold) or
//! clearly do not (none) end up alike in any order.
//!
//! **Full keys.** The first [`FULL`] happenings under a key stand for it; later ones are found by their other keys only.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::claim::{Article, Claim, ClaimRef, claims, head};
use crate::compare::{self, Reason, Side, features, same_in_article, score};
use crate::record::{self, Error, Result};
use crate::store::{Index, Store, Table};
use crate::stories::{self, Copy, Kept};
use crate::words::{Bag, hash, hash_parts};

/// Happenings kept under a key.
pub const FULL: usize = 64;
/// Days before and after within which happenings are looked for.
pub const NEAR_DAYS: i32 = 2;
/// Happenings compared with a claim, those with most common keys first.
const COMPARED: usize = 20;
/// Claims that stand for a happening.
const STANDING: usize = 6;
/// Of one article at most.
const OF_ONE_ARTICLE: usize = 2;
/// Keys of one cluster of claims.
const KEYS: usize = 14;
/// Log odds from which a claim joins.
const JOIN: f32 = 0.0;
/// Log odds that those which stand for a happening must reach on average.
const NOT_AGAINST: f32 = 0.3;
/// Log odds from which a second happening is merged into the best.
const MERGE: f32 = 0.8;
/// Log odds that the claims standing for both happenings must reach on average for a merge.
const MERGE_AGREED: f32 = 0.3;
/// Claims of one happening that a split is remembered against.
const SPLIT_AGAINST: usize = 64;

/// How a claim came into its happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It is the first.
    First,
    /// It tells again what its article told before.
    Article,
    /// It was found alike.
    Alike,
    /// The user joined it.
    User,
}

/// What is kept under a claim's number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptClaim {
    pub claim: Claim,
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
    standing: Vec<u64>,
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

/// Adds an article: its story and its claims. One that was added before is read anew: its earlier claims are taken out
/// first, happenings keep their ids, decisions of the user hold.
pub(crate) fn add<S: Store>(store: &mut S, article: Article<'_>) -> Result<Added, S> {
    let copy = Copy {
        id: article.document.id.clone(),
        source_id: article.source_id.map(str::to_owned),
        outlet: article.document.outlet.clone(),
        published: article.document.published.clone(),
    };
    let story = stories::add(store, article.number, &copy, &article.document.whole())?;
    let mut kept: Kept = record::get(store, Table::Document, article.number)?
        .ok_or_else(|| Error::Unknown { what: "document", id: article.document.id.clone() })?;
    if !kept.claims.is_empty() {
        for claim in std::mem::take(&mut kept.claims) {
            take_out(store, claim)?;
            store.delete(Table::Claim, &[claim])?;
        }
    }
    kept.copy = copy;
    kept.head = head(article.document);
    let all = claims(article);
    let left_out = article.reading.events.len() - all.len();
    let numbered: Vec<(u64, Claim)> =
        all.into_iter().enumerate().map(|(i, c)| (claim_number(article.number, i), c)).collect();
    kept.claims = numbered.iter().map(|c| c.0).collect();
    record::put(store, Table::Document, article.number, &kept)?;

    let decided = decisions_about(store, numbered.iter().map(|(_, c)| &c.at))?;
    let clusters = cluster(&numbered, &decided);
    let by_number: BTreeMap<u64, &Claim> = numbered.iter().map(|(n, c)| (*n, c)).collect();
    let mut added = Added { story, claims: numbered.len(), new: 0, left_out };

    // one query for the keys of all clusters
    let around: Vec<u64> =
        clusters.iter().flat_map(|c| &c.keys).copied().collect::<BTreeSet<_>>().into_iter().collect();
    let found: BTreeMap<u64, Vec<u64>> =
        around.iter().copied().zip(store.members(Index::Candidate, &around, FULL)?).collect();
    let mut scene = Scene::default();
    for c in &clusters {
        let mut seen: BTreeMap<u64, u32> = BTreeMap::new();
        for key in &c.keys {
            for &h in &found[key] {
                *seen.entry(h).or_default() += 1;
            }
        }
        let mut ranked: Vec<(u64, u32)> = seen.into_iter().collect();
        ranked.sort_unstable_by_key(|&(h, n)| (std::cmp::Reverse(n), h));
        ranked.truncate(COMPARED);
        let names: Vec<u64> = ranked.iter().map(|r| r.0).collect();
        let mut groups = scene.groups(store, &names)?;
        groups.sort_unstable();
        groups.dedup();
        let forbidden = apart_from(store, c, &by_number, &decided)?;

        let mut fits: Vec<(f32, u64, u64, u64)> = Vec::new();
        for h in groups {
            let group = scene.group(store, h)?;
            if c.claims.iter().any(|n| group.apart.contains(n)) || forbidden.contains(&h) {
                continue;
            }
            scene.fetch_claims(store, &group.standing)?;
            let (mut best, mut sum, mut n) = ((f32::MIN, 0, 0), 0.0, 0.0);
            for &standing in &group.standing {
                let Some((there, there_head, there_story)) = scene.side(standing) else { continue };
                let mut nearest = f32::MIN;
                for &mine in c.claims.iter().take(STANDING) {
                    let a = Side { claim: by_number[&mine], head: &kept.head, story };
                    let b = Side { claim: there, head: there_head, story: there_story };
                    let s = score(&features(a, b));
                    nearest = nearest.max(s);
                    if s > best.0 {
                        best = (s, mine, standing);
                    }
                }
                sum += nearest;
                n += 1.0;
            }
            if n > 0.0 && best.0 >= JOIN && sum / n >= NOT_AGAINST {
                fits.push((best.0, h, best.1, best.2));
            }
        }
        fits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));

        let (mut target, how, mine, to) = match fits.first() {
            Some(&(_, h, mine, to)) => (h, How::Alike, mine, to),
            None => (0, How::First, c.claims[0], c.claims[0]),
        };
        if fits.is_empty() {
            target = create(store, c.claims[0], by_number[&c.claims[0]])?;
            added.new += 1;
        }
        for &n in &c.claims {
            let (how, to) = if n == mine { (how, to) } else { (How::Article, mine) };
            let kept = KeptClaim { claim: by_number[&n].clone(), happening: target, how, to };
            record::put(store, Table::Claim, n, &kept)?;
        }
        put_in(store, target, &c.claims)?;
        scene.forget(target);
        let mut open: Vec<(u64, u64)> = c
            .claims
            .iter()
            .take(STANDING)
            .flat_map(|n| keys_of(by_number[n], false))
            .filter(|key| found.get(key).is_none_or(|m| m.len() < FULL))
            .map(|key| (key, target))
            .collect();
        open.sort_unstable();
        open.dedup();
        store.post(Index::Candidate, &open)?;
        for &(s, other, _, _) in fits.iter().skip(1) {
            if s >= MERGE
                && scene.agreed(store, target, other)? >= MERGE_AGREED
                && let Some(kept_number) = merge(store, target, other)?
            {
                scene.forget(target);
                scene.forget(other);
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

/// Claims of the article that tell of the same, in order; each claim is compared with at most 64 clusters of its type.
fn cluster(all: &[(u64, Claim)], decided: &[Decision]) -> Vec<Cluster> {
    const LOOKED_AT: usize = 64;
    let apart = |a: &Claim, b: &Claim| {
        decided.iter().any(|d| !d.together && (d.a == a.at && d.b == b.at || d.a == b.at && d.b == a.at))
    };
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut of_kind: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (i, (_, c)) in all.iter().enumerate() {
        let list = of_kind.entry(c.kind as u8).or_default();
        let home = list.iter().rev().take(LOOKED_AT).copied().find(|&m| {
            same_in_article(&all[members[m][0]].1, c)
                && (decided.is_empty() || members[m].iter().all(|&k| !apart(&all[k].1, c)))
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

/// What a claim is looked for by: two claims that may tell of one happening share a key when one's keys are of its day
/// alone and the other's of all days `around` it. Ascending, at most 14 a day. Claims without any day meet only each other.
pub fn keys_of(c: &Claim, around: bool) -> Vec<u64> {
    let kind = compare::group(c.kind).to_string();
    let mut bases: Vec<[String; 2]> = Vec::new();
    for p in c.actors.iter().take(3).chain(c.recipients.iter().take(3)) {
        if !p.key.starts_with("words:") {
            bases.push(["entity".into(), p.key.clone()]);
        }
    }
    bases.extend(c.places.iter().take(3).map(|p| ["place".into(), p.key.clone()]));
    if let Some(k) = c.toll.and_then(|t| t.killed) {
        bases.push(["killed".into(), k.to_string()]);
    }
    bases.extend(c.context.rare(4).into_iter().map(|s| ["word".into(), s.to_string()]));
    bases.sort();
    bases.dedup();
    bases.truncate(KEYS);
    // a day that the text states, else the day of publication; without either the undated keep to themselves
    let day = c.when.filter(|w| w.last - w.first <= 2).map(|w| w.first).or(c.published);
    let days: Vec<String> = match day {
        None => vec!["undated".into()],
        Some(d) if around => (d - NEAR_DAYS..=d + NEAR_DAYS).map(|d| d.to_string()).collect(),
        Some(d) => vec![d.to_string()],
    };
    let mut out: Vec<u64> =
        bases.iter().flat_map(|[what, key]| days.iter().map(|d| hash_parts(&[&kind, what, key, d]))).collect();
    out.sort_unstable();
    out
}

/// Records fetched for one article, each once.
#[derive(Default)]
struct Scene {
    groups: BTreeMap<u64, Group>,
    claims: BTreeMap<u64, Claim>,
    heads: BTreeMap<u64, (Bag, u64)>,
}

impl Scene {
    /// The happenings that these have become.
    fn groups<S: Store>(&mut self, store: &S, names: &[u64]) -> Result<Vec<u64>, S> {
        let missing: Vec<u64> = names.iter().copied().filter(|n| !self.groups.contains_key(n)).collect();
        for (n, g) in missing.iter().zip(record::get_all::<Group, S>(store, Table::Happening, &missing)?) {
            if let Some(g) = g {
                self.groups.insert(*n, g);
            }
        }
        names.iter().map(|&n| resolve(store, n)).collect()
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
        let missing: Vec<u64> = numbers.iter().copied().filter(|n| !self.claims.contains_key(n)).collect();
        for (n, k) in missing.iter().zip(record::get_all::<KeptClaim, S>(store, Table::Claim, &missing)?) {
            if let Some(k) = k {
                if let std::collections::btree_map::Entry::Vacant(v) = self.heads.entry(k.claim.document)
                    && let Some(d) = record::get::<Kept, S>(store, Table::Document, k.claim.document)?
                {
                    v.insert((d.head, d.story));
                }
                self.claims.insert(*n, k.claim);
            }
        }
        Ok(())
    }

    /// Average over all pairs of claims that stand for the two.
    fn agreed<S: Store>(&mut self, store: &S, a: u64, b: u64) -> Result<f32, S> {
        let (x, y) = (self.group(store, a)?.standing, self.group(store, b)?.standing);
        self.fetch_claims(store, &x)?;
        self.fetch_claims(store, &y)?;
        let (mut sum, mut n) = (0.0, 0.0);
        for &p in &x {
            for &q in &y {
                if let (Some((c, h, s)), Some((d, i, t))) = (self.side(p), self.side(q)) {
                    sum += score(&features(Side { claim: c, head: h, story: s }, Side { claim: d, head: i, story: t }));
                    n += 1.0;
                }
            }
        }
        Ok(if n > 0.0 { sum / n } else { f32::MIN })
    }

    fn side(&self, n: u64) -> Option<(&Claim, &Bag, u64)> {
        let c = self.claims.get(&n)?;
        let (head, story) = self.heads.get(&c.document)?;
        Some((c, head, *story))
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

fn create<S: Store>(store: &mut S, first: u64, claim: &Claim) -> Result<u64, S> {
    let base = format!("h{:016x}", claim.at.key());
    let mut id = base.clone();
    for n in 2..=99 {
        if find(store, &id)?.is_none() {
            break;
        }
        id = format!("{base}-{n}");
    }
    let mut number = first;
    // the number of a happening that this claim once began and left is taken
    while record::get::<Group, S>(store, Table::Happening, number)?.is_some() {
        number = hash_parts(&[&number.to_string(), &id]) >> 1;
    }
    let group = Group { id, born: first, aliases: Vec::new(), standing: Vec::new(), apart: Vec::new(), into: None };
    store.post(Index::Named, &[(hash(&group.id), number)])?;
    record::put(store, Table::Happening, number, &group)?;
    Ok(number)
}

/// Lets claims stand for a happening, as far as there is room.
fn stand(standing: &mut Vec<u64>, new: &[u64]) {
    for &n in new {
        let of_its_article = standing.iter().filter(|&&s| s >> 12 == n >> 12).count();
        if standing.len() < STANDING && of_its_article < OF_ONE_ARTICLE && !standing.contains(&n) {
            standing.push(n);
        }
    }
}

/// Puts claims into a happening; their own records say so already.
fn put_in<S: Store>(store: &mut S, happening: u64, new: &[u64]) -> Result<(), S> {
    store.post(Index::HappeningMembers, &new.iter().map(|&c| (happening, c)).collect::<Vec<_>>())?;
    let Some(mut g) = record::get::<Group, S>(store, Table::Happening, happening)? else { return Ok(()) };
    let before = g.standing.len();
    stand(&mut g.standing, new);
    if g.standing.len() != before {
        record::put(store, Table::Happening, happening, &g)?;
    }
    Ok(())
}

/// Takes a claim out of its happening; an emptied happening keeps its record, so that its id is not given again.
fn take_out<S: Store>(store: &mut S, claim: u64) -> Result<(), S> {
    let Some(kept) = record::get::<KeptClaim, S>(store, Table::Claim, claim)? else { return Ok(()) };
    let h = kept.happening;
    store.unpost(Index::HappeningMembers, &[(h, claim)])?;
    let left = store.members(Index::HappeningMembers, &[h], 64)?.pop().unwrap_or_default();
    if let Some(mut g) = record::get::<Group, S>(store, Table::Happening, h)? {
        g.standing.clear();
        stand(&mut g.standing, &left);
        g.apart.retain(|a| *a != claim);
        if left.is_empty() {
            store.unpost(Index::Named, &[(hash(&g.id), h)])?;
            store.delete(Table::Happening, &[h])?;
        } else {
            record::put(store, Table::Happening, h, &g)?;
        }
    }
    store.unpost(Index::Candidate, &keys_of(&kept.claim, false).iter().map(|&k| (k, h)).collect::<Vec<_>>())?;
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
    let mine = store.members(Index::HappeningMembers, &[a, b], usize::MAX)?;
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
    store.post(Index::Named, &[(hash(&x.id), keep), (hash(&y.id), keep)])?;
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
    by_number: &BTreeMap<u64, &Claim>,
    decided: &[Decision],
) -> Result<BTreeSet<u64>, S> {
    let mut out = BTreeSet::new();
    for d in decided.iter().filter(|d| !d.together) {
        for (mine, theirs) in [(&d.a, &d.b), (&d.b, &d.a)] {
            if c.claims.iter().any(|n| by_number[n].at == *mine) {
                let theirs = numbers_of(store, theirs)?;
                for k in record::get_all::<KeptClaim, S>(store, Table::Claim, &theirs)?.into_iter().flatten() {
                    out.insert(resolve(store, k.happening)?);
                }
            }
        }
    }
    Ok(out)
}

/// Writes splits into the happenings that they concern.
fn remember_apart<S: Store>(store: &mut S, decided: &[Decision]) -> Result<(), S> {
    for d in decided.iter().filter(|d| !d.together) {
        let (a, b) = (numbers_of(store, &d.a)?, numbers_of(store, &d.b)?);
        for (mine, theirs) in [(&a, &b), (&b, &a)] {
            for k in record::get_all::<KeptClaim, S>(store, Table::Claim, mine)?.into_iter().flatten() {
                let Some(mut g) = record::get::<Group, S>(store, Table::Happening, k.happening)? else { continue };
                let before = g.apart.len();
                let new: Vec<u64> = theirs.iter().copied().filter(|t| !g.apart.contains(t)).collect();
                g.apart.extend(new);
                if g.apart.len() != before {
                    record::put(store, Table::Happening, k.happening, &g)?;
                }
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
    let keys: Vec<u64> = claims.map(ClaimRef::key).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut numbers: Vec<u64> = store.members(Index::Decided, &keys, usize::MAX)?.into_iter().flatten().collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(record::get_all(store, Table::Decision, &numbers)?.into_iter().flatten().collect())
}

/// The number of a claim, where its article has been added; the first of them where several outlets carried it.
fn number_of<S: Store>(store: &S, at: &ClaimRef) -> Result<Option<u64>, S> {
    Ok(numbers_of(store, at)?.first().copied())
}

/// The numbers of a claim: one for each outlet that carried its article.
fn numbers_of<S: Store>(store: &S, at: &ClaimRef) -> Result<Vec<u64>, S> {
    let mut out = Vec::new();
    for d in store.members(Index::Named, &[hash(&at.document)], 16)?.pop().unwrap_or_default() {
        let Some(kept) = record::get::<Kept, S>(store, Table::Document, d)? else { continue };
        if kept.copy.id != at.document {
            continue;
        }
        for (n, k) in kept.claims.iter().zip(record::get_all::<KeptClaim, S>(store, Table::Claim, &kept.claims)?) {
            if k.is_some_and(|k| k.claim.at == *at) {
                out.push(*n);
                break;
            }
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
    for n in store.members(Index::Named, &[hash(id)], 16)?.pop().unwrap_or_default() {
        if let Some(g) = record::get::<Group, S>(store, Table::Happening, n)?
            && (g.id == id || g.aliases.iter().any(|a| a == id))
        {
            return Ok(Some(resolve(store, n)?));
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
    let mut sides = store.members(Index::HappeningMembers, &[a, b], usize::MAX)?;
    let (right, left) = (sides.pop().unwrap_or_default(), sides.pop().unwrap_or_default());
    for (n, others) in [(a, &right), (b, &left)] {
        if let Some(mut g) = record::get::<Group, S>(store, Table::Happening, n)? {
            let lifted: Vec<u64> = g.apart.iter().copied().filter(|c| others.contains(c)).collect();
            g.apart.retain(|c| !others.contains(c));
            record::put(store, Table::Happening, n, &g)?;
            for theirs in record::get_all::<KeptClaim, S>(store, Table::Claim, &lifted)?.into_iter().flatten() {
                for d in decisions_about(store, std::iter::once(&theirs.claim.at))?.into_iter().filter(|d| !d.together)
                {
                    let other = if d.a == theirs.claim.at { &d.b } else { &d.a };
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
    let kept = record::get_all::<KeptClaim, S>(store, Table::Claim, &[x, y])?;
    if let [Some(p), Some(q)] = kept.as_slice() {
        decide(store, &Decision { together: true, a: p.claim.at.clone(), b: q.claim.at.clone() })?;
        record::put(store, Table::Claim, y, &KeptClaim { how: How::User, to: x, ..q.clone() })?;
    }
    merge(store, a, b)?.ok_or_else(|| Error::Conflict("another split forbids to join these happenings".into()))
}

/// Takes one claim out of its happening at the user's word, for good, and gives it one of its own.
pub(crate) fn split<S: Store>(store: &mut S, at: &ClaimRef) -> Result<u64, S> {
    let unknown = || Error::Unknown { what: "claim", id: format!("{}@{}", at.document, at.trigger.start) };
    let all = numbers_of(store, at)?;
    let n = *all.first().ok_or_else(unknown)?;
    let kept: KeptClaim = record::get(store, Table::Claim, n)?.ok_or_else(unknown)?;
    // the same words in other outlets are the same claim, and go with it
    let mut mine = Vec::new();
    for (&n, k) in all.iter().zip(record::get_all::<KeptClaim, S>(store, Table::Claim, &all)?) {
        mine.extend(k.filter(|k| k.happening == kept.happening).map(|k| (n, k)));
    }
    let others: Vec<u64> = store
        .members(Index::HappeningMembers, &[kept.happening], SPLIT_AGAINST + mine.len())?
        .pop()
        .unwrap_or_default()
        .into_iter()
        .filter(|c| !all.contains(c))
        .collect();
    if others.is_empty() {
        return Ok(kept.happening);
    }
    let mut decided = Vec::new();
    for k in record::get_all::<KeptClaim, S>(store, Table::Claim, &others)?.into_iter().flatten() {
        let d = Decision { together: false, a: at.clone(), b: k.claim.at };
        decide(store, &d)?;
        decided.push(d);
    }
    let old = kept.happening;
    store.unpost(Index::HappeningMembers, &mine.iter().map(|m| (old, m.0)).collect::<Vec<_>>())?;
    if let Some(mut g) = record::get::<Group, S>(store, Table::Happening, old)? {
        g.standing.retain(|s| !all.contains(s));
        stand(&mut g.standing, &others);
        record::put(store, Table::Happening, old, &g)?;
    }
    let new = create(store, n, &kept.claim)?;
    for (n, k) in &mine {
        record::put(store, Table::Claim, *n, &KeptClaim { happening: new, how: How::User, to: *n, ..k.clone() })?;
    }
    put_in(store, new, &mine.iter().map(|m| m.0).collect::<Vec<_>>())?;
    store.post(Index::Candidate, &keys_of(&kept.claim, false).iter().map(|&k| (k, new)).collect::<Vec<_>>())?;
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
    let Some(g) = record::get::<Group, S>(store, Table::Happening, number)? else { return Ok(None) };
    if g.into.is_some() {
        return Ok(None);
    }
    let numbers = store.members(Index::HappeningMembers, &[number], usize::MAX)?.pop().unwrap_or_default();
    let kept: Vec<(u64, KeptClaim)> = numbers
        .iter()
        .zip(record::get_all::<KeptClaim, S>(store, Table::Claim, &numbers)?)
        .filter_map(|(&n, k)| Some((n, k?)))
        .collect();
    let mut documents: BTreeMap<u64, Kept> = BTreeMap::new();
    let wanted: BTreeSet<u64> = kept.iter().flat_map(|(n, k)| [n >> 12, k.to >> 12]).collect();
    let wanted: Vec<u64> = wanted.into_iter().collect();
    for (d, k) in wanted.iter().zip(record::get_all::<Kept, S>(store, Table::Document, &wanted)?) {
        if let Some(k) = k {
            documents.insert(*d, k);
        }
    }
    let mut members = Vec::with_capacity(kept.len());
    for (n, k) in &kept {
        let Some(d) = documents.get(&(n >> 12)) else { continue };
        let to: Option<KeptClaim> = if k.to == *n { None } else { record::get(store, Table::Claim, k.to)? };
        let reasons = match (&to, k.how) {
            (Some(t), How::Alike) => documents.get(&(k.to >> 12)).map_or_else(Vec::new, |e| {
                compare::reasons(&features(
                    Side { claim: &k.claim, head: &d.head, story: d.story },
                    Side { claim: &t.claim, head: &e.head, story: e.story },
                ))
            }),
            _ => Vec::new(),
        };
        members.push(Member {
            number: *n,
            claim: k.claim.clone(),
            copy: d.copy.clone(),
            story: d.story,
            how: k.how,
            to: to.map_or_else(|| k.claim.at.clone(), |t| t.claim.at),
            reasons,
        });
    }
    Ok(Some(Gathered { id: g.id, aliases: g.aliases, members }))
}

/// Numbers of the happenings that claims of this document are in now, ascending.
pub(crate) fn of_document<S: Store>(store: &S, document: u64) -> Result<Vec<u64>, S> {
    let Some(kept) = record::get::<Kept, S>(store, Table::Document, document)? else { return Ok(Vec::new()) };
    let claims = record::get_all::<KeptClaim, S>(store, Table::Claim, &kept.claims)?;
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
