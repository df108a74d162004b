//! Stories: groups of near-copies.
//!
//! Two texts are near-copies when they share at least [`SAME`] of their 4-word shingles (Jaccard). Candidates come from bands
//! of `MinHash` values, every candidate is then measured. Texts that hang together over near-copies are a *family*; it is
//! kept as texts arrive. Since A may be near B and B near C while A is not near C, a family is shown as *stories*, in each of
//! which every two texts are near-copies; a text may stand in two stories of its family. Families of more than
//! [`COVERED`] texts are shown as one story.
//!
//! The order of arrival changes nothing about the groups, except where more than [`FULL`] texts share a band: then only the
//! first [`FULL`] of them stand for it, and a text that is near a later one alone, and shares no other band with it, is missed.
//! Ids derive from the text of the family that was added first.

use serde::{Deserialize, Serialize};

use crate::record::{self, Result};
use crate::sketch::{Sketch, sketch};
use crate::store::{Index, Store, Table};
use crate::words::{Bag, hash, name_key};

/// Jaccard value from which two texts are copies.
pub const SAME: f64 = 0.6;
/// Documents kept under a band.
pub const FULL: usize = 64;
/// Texts of a family up to which its stories are told apart.
pub const COVERED: usize = 64;
/// Candidates measured for one document, those with most common bands first.
const MEASURED: usize = 96;

/// What trace keeps of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// Identity in the ledger.
    pub id: String,
    /// The id it came with.
    pub source_id: Option<String>,
    /// Who carried it.
    pub outlet: Option<String>,
    /// When, as given.
    pub published: Option<String>,
}

/// What is kept under a document's number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub copy: Copy,
    /// Number of its story.
    pub story: u64,
    /// Stems of its first lines.
    pub head: Bag,
    /// By which key readings name its outlet, where the lexicon knows it.
    pub outlet_key: Option<String>,
    /// How many claims were taken from it.
    pub claims: u32,
    /// The document of this very text that was added first, where this is another outlet's; its claims are this one's.
    pub of: Option<u64>,
    /// Documents of this very text in other outlets, as they were added.
    pub elsewhere: Vec<u64>,
}

/// What is kept under a story's number.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Group {
    id: String,
    first: u64,
}

/// A group of near-copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Stable: derived from the document that was added first.
    pub id: String,
    /// By publication, then by order of adding.
    pub documents: Vec<Copy>,
    /// Id of the earliest copy.
    pub first: String,
}

/// Order of copies: by publication where it is known, then as added.
fn age(copy: &Copy, number: u64) -> (bool, &str, u64) {
    (copy.published.is_none(), copy.published.as_deref().unwrap_or(""), number)
}

/// Where a text was put.
pub(crate) struct Placed {
    /// Number of its story.
    pub story: u64,
    /// Whether it brought several stories together, so that other texts are in another story now.
    pub merged: bool,
    /// The document of the very same text that was added before it.
    pub of: Option<u64>,
}

/// Adds a text under its document's number and says which story it belongs to now. A number that is known already is left
/// as it is. Cost: 28 keys looked up, at most 96 sketches measured, however many documents there are.
pub(crate) fn add<S: Store>(store: &mut S, number: u64, copy: &Copy, text: &str) -> Result<Placed, S> {
    if let Some(kept) = record::get::<Kept, S>(store, Table::Document, number)? {
        return Ok(Placed { story: kept.story, merged: false, of: kept.of });
    }
    // the same text elsewhere is found by the first, and stands for nothing itself: when it came changes nothing
    if let Some((first, kept)) = named(store, &copy.id)? {
        add_elsewhere(store, number, copy, (first, &kept))?;
        return Ok(Placed { story: kept.story, merged: false, of: Some(first) });
    }
    let made = sketch(text);
    let found = store.members(Index::Band, &made.bands, FULL)?;
    let mut common: Vec<u64> = found.iter().flatten().copied().filter(|&d| d != number).collect();
    common.sort_unstable();
    let mut counted: Vec<(usize, u64)> = Vec::new();
    for run in common.chunk_by(|a, b| a == b) {
        counted.push((run.len(), run[0]));
    }
    counted.sort_unstable_by_key(|&(n, d)| (std::cmp::Reverse(n), d));
    counted.truncate(MEASURED);
    let candidates: Vec<u64> = counted.into_iter().map(|(_, d)| d).collect();
    let sketches: Vec<Option<Sketch>> = record::get_all(store, Table::Sketch, &candidates)?;
    let near: Vec<u64> = candidates
        .iter()
        .zip(&sketches)
        .filter(|(_, s)| s.as_ref().is_some_and(|s| s.jaccard(&made.sketch) >= SAME))
        .map(|(&d, _)| d)
        .collect();

    if store.keeps(Table::Sketch) {
        record::put(store, Table::Sketch, number, &made.sketch)?;
    }
    let open: Vec<(u64, u64)> =
        made.bands.iter().zip(&found).filter(|(_, m)| m.len() < FULL).map(|(&b, _)| (b, number)).collect();
    store.post(Index::Band, &open)?;
    store.post(Index::Named, &[(name_key(hash(&copy.id)), number)])?;

    let mut stories: Vec<u64> =
        record::get_all::<Kept, S>(store, Table::Document, &near)?.into_iter().flatten().map(|k| k.story).collect();
    stories.sort_unstable();
    stories.dedup();
    let story = if let Some(&oldest) = stories.first() {
        oldest
    } else {
        let group = Group { id: format!("s{:016x}", hash(&copy.id)), first: number };
        record::put(store, Table::Story, number, &group)?;
        number
    };
    record::put(
        store,
        Table::Document,
        number,
        &Kept {
            copy: copy.clone(),
            story,
            head: Bag::default(),
            outlet_key: None,
            claims: 0,
            of: None,
            elsewhere: Vec::new(),
        },
    )?;
    store.post(Index::StoryMembers, &[(story, number)])?;
    for &other in stories.iter().skip(1) {
        absorb(store, story, other)?;
    }
    settle_first(store, story, &[number])?;
    Ok(Placed { story, merged: stories.len() > 1, of: None })
}

/// The document with this id that was added first, where there is one.
pub(crate) fn named<S: Store>(store: &S, id: &str) -> Result<Option<(u64, Kept)>, S> {
    let numbers = store.members(Index::Named, &[name_key(hash(id))], 64)?.pop().unwrap_or_default();
    let kept = record::get_all::<Kept, S>(store, Table::Document, &numbers)?;
    let named = numbers.into_iter().zip(kept).filter_map(|(n, k)| Some((n, k?)));
    Ok(named.into_iter().find(|(_, k)| k.copy.id == id && k.of.is_none()))
}

/// Adds another outlet's document of a text that is known.
fn add_elsewhere<S: Store>(store: &mut S, number: u64, copy: &Copy, (first, kept): (u64, &Kept)) -> Result<(), S> {
    if store.keeps(Table::Sketch)
        && let Some(made) = record::get::<Sketch, S>(store, Table::Sketch, first)?
    {
        record::put(store, Table::Sketch, number, &made)?;
    }
    let there = Kept { copy: copy.clone(), claims: 0, of: Some(first), elsewhere: Vec::new(), ..kept.clone() };
    record::put(store, Table::Document, number, &there)?;
    let mut elsewhere = kept.elsewhere.clone();
    elsewhere.push(number);
    record::put(store, Table::Document, first, &Kept { elsewhere, ..kept.clone() })?;
    store.post(Index::StoryMembers, &[(kept.story, number)])?;
    settle_first(store, kept.story, &[number])
}

/// Moves all of `other` into `story`.
fn absorb<S: Store>(store: &mut S, story: u64, other: u64) -> Result<(), S> {
    let moved = store.members(Index::StoryMembers, &[other], usize::MAX)?.pop().unwrap_or_default();
    for (&d, kept) in moved.iter().zip(record::get_all::<Kept, S>(store, Table::Document, &moved)?) {
        if let Some(kept) = kept {
            record::put(store, Table::Document, d, &Kept { story, ..kept })?;
        }
    }
    store.unpost(Index::StoryMembers, &moved.iter().map(|&d| (other, d)).collect::<Vec<_>>())?;
    store.post(Index::StoryMembers, &moved.iter().map(|&d| (story, d)).collect::<Vec<_>>())?;
    store.delete(Table::Story, &[other])?;
    settle_first(store, story, &moved)
}

/// Finds the earliest copy again after `new` ones came.
fn settle_first<S: Store>(store: &mut S, story: u64, new: &[u64]) -> Result<(), S> {
    let Some(mut group) = record::get::<Group, S>(store, Table::Story, story)? else { return Ok(()) };
    let mut all = vec![group.first];
    all.extend_from_slice(new);
    let kept = record::get_all::<Kept, S>(store, Table::Document, &all)?;
    let first = all
        .iter()
        .zip(&kept)
        .filter_map(|(&d, k)| k.as_ref().map(|k| (age(&k.copy, d), d)))
        .min_by(|a, b| a.0.cmp(&b.0))
        .map(|(_, d)| d);
    if let Some(first) = first
        && first != group.first
    {
        group.first = first;
        record::put(store, Table::Story, story, &group)?;
    }
    Ok(())
}

/// A family's id, and its texts with their numbers.
type Family = (String, Vec<(u64, Copy)>);

/// The texts of a family in order of age, with its id.
fn family<S: Store>(store: &S, number: u64) -> Result<Option<Family>, S> {
    let Some(group) = record::get::<Group, S>(store, Table::Story, number)? else { return Ok(None) };
    let members = store.members(Index::StoryMembers, &[number], usize::MAX)?.pop().unwrap_or_default();
    let kept = record::get_all::<Kept, S>(store, Table::Document, &members)?;
    let mut documents: Vec<(u64, Copy)> =
        members.into_iter().zip(kept).filter_map(|(d, k)| Some((d, k?.copy))).collect();
    documents.sort_by(|a, b| age(&a.1, a.0).cmp(&age(&b.1, b.0)));
    Ok(Some((group.id, documents)))
}

/// Number of the family of a document.
pub(crate) fn of_document<S: Store>(store: &S, document: u64) -> Result<Option<u64>, S> {
    Ok(record::get::<Kept, S>(store, Table::Document, document)?.map(|k| k.story))
}

/// Number of the family with this id, or that it was merged into, or with the id of one of its stories.
pub fn find<S: Store>(store: &S, id: &str) -> Result<Option<u64>, S> {
    let Some(hex) = id.strip_prefix('s').and_then(|h| h.get(..16)) else { return Ok(None) };
    let Ok(key) = u64::from_str_radix(hex, 16) else { return Ok(None) };
    // a family is called by the hash of the document that began it, which leads to where that document is now
    let documents = store.members(Index::Named, &[name_key(key)], 64)?.pop().unwrap_or_default();
    let kept = record::get_all::<Kept, S>(store, Table::Document, &documents)?;
    Ok(kept.into_iter().flatten().find(|k| hash(&k.copy.id) == key).map(|k| k.story))
}

/// The record of a text's sketch, for a store that makes it anew ([`Table::Sketch`]).
pub fn sketch_of(text: &str) -> Vec<u8> {
    postcard::to_stdvec(&sketch(text).sketch).unwrap_or_default()
}

/// The stories of a family: groups of two or more of which every two are near-copies, such that every near pair of the family
/// stands in one. Greedy, earliest texts first; the same for the same texts.
pub fn stories_of<S: Store>(store: &S, number: u64) -> Result<Vec<Story>, S> {
    let Some((id, documents)) = family(store, number)? else { return Ok(Vec::new()) };
    if documents.len() < 2 {
        return Ok(Vec::new());
    }
    let groups = if documents.len() > COVERED {
        vec![(0..documents.len()).collect()]
    } else {
        let numbers: Vec<u64> = documents.iter().map(|d| d.0).collect();
        let sketches: Vec<Option<Sketch>> = record::get_all(store, Table::Sketch, &numbers)?;
        cover(documents.len(), |a, b| match (&sketches[a], &sketches[b]) {
            (Some(x), Some(y)) => x.jaccard(y) >= SAME,
            _ => false,
        })
    };
    Ok(groups
        .into_iter()
        .enumerate()
        .map(|(i, g)| Story {
            id: if i == 0 { id.clone() } else { format!("{id}-{}", i + 1) },
            first: documents[g[0]].1.id.clone(),
            documents: g.into_iter().map(|d| documents[d].1.clone()).collect(),
        })
        .collect())
}

/// Covers all near pairs by groups of which every two are near: each group grows from the first pair not covered yet.
fn cover(n: usize, near: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut is_near = vec![false; n * n];
    for a in 0..n {
        for b in 0..a {
            let both = near(a, b);
            is_near[a * n + b] = both;
            is_near[b * n + a] = both;
        }
    }
    let mut covered = vec![false; n * n];
    let mut out = Vec::new();
    for a in 0..n {
        for b in a + 1..n {
            if !is_near[a * n + b] || covered[a * n + b] {
                continue;
            }
            let mut group = vec![a, b];
            for c in 0..n {
                if !group.contains(&c) && group.iter().all(|&g| is_near[g * n + c]) {
                    group.push(c);
                }
            }
            group.sort_unstable();
            for &x in &group {
                for &y in &group {
                    covered[x * n + y] = true;
                }
            }
            out.push(group);
        }
    }
    out
}

/// Stories of families with numbers above `after`, until there are at least `limit`, and the number to go on from.
pub fn stories<S: Store>(store: &S, after: Option<u64>, limit: usize) -> Result<(Vec<Story>, Option<u64>), S> {
    let mut out = Vec::new();
    let mut at = after;
    loop {
        let page = store.ids(Table::Story, at, 256)?;
        if page.is_empty() {
            return Ok((out, None));
        }
        let sizes = store.members(Index::StoryMembers, &page, 2)?;
        for (n, members) in page.into_iter().zip(sizes) {
            at = Some(n);
            if members.len() >= 2 {
                out.extend(stories_of(store, n)?);
                if out.len() >= limit {
                    return Ok((out, at));
                }
            }
        }
    }
}
