//! How likely two claims tell of the same happening: a sum of weighted reasons (logistic model).
//!
//! The weights were fitted on labelled pairs of claims and of articles (`labels/`, ids and labels only; `labels/fit.py`).

use std::fmt::Write as _;

use model::EventType;
use serde::{Deserialize, Serialize};

use crate::claim::{Claim, Party};
use crate::profile::{Profile, Spot, Ware, Who};

/// One reason for or against a join.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Short name, stable.
    pub name: String,
    /// What it adds to the log odds.
    pub weight: f32,
}

/// How many features there are.
pub const FEATURES: usize = 31;

/// Names of the features, in their order.
pub const NAMES: [&str; FEATURES] = [
    "words around the trigger alike",
    "words around the trigger contained",
    "articles begin alike",
    "same trigger word",
    "same mode",
    "other mode",
    "related type only",
    "same actor",
    "other actor",
    "same recipient",
    "other recipient",
    "roles exchanged",
    "same place",
    "place inside the other",
    "other place",
    "same stated day",
    "other stated day",
    "days between publications",
    "same deaths or injuries",
    "deaths or injuries that exclude each other",
    "same goods",
    "both lead their articles",
    "one says it happened, the other only that it may, will or shall",
    "articles are copies",
    "goods of another kind",
    "another town",
    "an act and its deaths, told apart",
    "articles begin alike and both lead them",
    "same number",
    "other numbers",
    "other place in an order",
];

/// Types that tellings of one happening may fall into.
pub fn group(kind: EventType) -> u8 {
    match kind {
        EventType::Aid | EventType::Mobilize => 1,
        EventType::Agree | EventType::Cooperate => 2,
        other => 3 + other as u8,
    }
}

/// Days that articles without dates count as apart.
const UNDATED: f32 = 1.5;
/// Days from which publications count as no farther apart: the pairs that the weights were fitted on tell nothing of more.
const FAR_DAYS: f64 = 3.0;

fn flag(b: bool) -> f32 {
    f32::from(u8::from(b))
}

/// Whether two parties are one, as far as keys and countries tell: the same key, or a state and its government or capital.
pub(crate) fn same_party(a: &Party, b: &Party) -> bool {
    Who::of(a).same(&Who::of(b))
}

fn any_same(a: &[Who], b: &[Who]) -> bool {
    a.iter().any(|x| b.iter().any(|y| x.same(y)))
}

/// Whether two role fillers exclude each other: on both sides someone the lexicon knows, and no one in common. Names that
/// the lexicon does not know may be written in too many ways to exclude anything.
fn exclude(a: &[Who], b: &[Who]) -> bool {
    a.iter().any(Who::known) && b.iter().any(Who::known) && !any_same(a, b)
}

/// Whether two claims of one article tell of the same happening: headline and body, lead and background.
pub(crate) fn same_in_article(x: &Profile, y: &Profile) -> bool {
    let mode_apart = matches!((x.mode, y.mode), (Some(m), Some(n)) if m != n);
    if x.kind() != y.kind() || mode_apart || exclude(&x.actors, &y.actors) || exclude(&x.recipients, &y.recipients) {
        return false;
    }
    if matches!((x.when, y.when), (Some(p), Some(q)) if p.apart(q) > 0) {
        return false;
    }
    let places: Option<u8> = x.places.iter().flat_map(|p| y.places.iter().filter_map(move |q| place(p, q))).max();
    let tolls = matches!((x.toll, y.toll), (Some(p), Some(q)) if p.0.is_some() && p.0 == q.0);
    let things = x.goods.iter().flat_map(|p| y.goods.iter().map(move |q| goods(p, q))).fold(0.0, f32::max);
    if places == Some(0) || given(x) && other_goods(&x.goods, &y.goods) {
        return false;
    }
    let common = u8::from(any_same(&x.actors, &y.actors))
        + u8::from(any_same(&x.recipients, &y.recipients))
        + u8::from(places == Some(2))
        + u8::from(tolls)
        + u8::from(things >= 0.6);
    let words = x.context.shared(&y.context).1;
    let trigger = x.trigger != 0 && x.trigger == y.trigger;
    common >= 2 && (trigger || words >= 0.5) || common >= 1 && trigger && words >= 0.35 || trigger && words >= 0.6
}

/// Great-circle distance in km.
fn distance((a, b): (i16, i16), (c, d): (i16, i16)) -> f64 {
    let [a, b, c, d] = [a, b, c, d].map(|x| (f64::from(x) / 100.0).to_radians());
    let h = ((c - a) / 2.0).sin().powi(2) + a.cos() * c.cos() * ((d - b) / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().clamp(0.0, 1.0).asin()
}

/// 2 the same, 1 one inside the other, 0 neither, none where it cannot be told.
fn place(a: &Spot, b: &Spot) -> Option<u8> {
    const SAME_KM: f64 = 20.0;
    const REGION_KM: f64 = 120.0;
    if a.key == b.key {
        return Some(2);
    }
    if a.is_country || b.is_country {
        return Some(u8::from(a.country != 0 && a.country == b.country));
    }
    let (Some(p), Some(q)) = (a.point, b.point) else { return None };
    let km = distance(p, q);
    if km <= SAME_KM {
        Some(2)
    } else if (a.region || b.region) && a.country == b.country && km <= REGION_KM {
        Some(1)
    } else {
        Some(0)
    }
}

/// Whether both sides name towns or spots of which the points are known, and no two are near each other.
fn other_town(a: &[Spot], b: &[Spot]) -> bool {
    const APART_KM: f64 = 50.0;
    let (Some(_), Some(_)) = (a.first(), b.first()) else { return false };
    let town = |p: &Spot| p.point.filter(|_| !p.is_country && !p.region);
    a.iter().all(|p| {
        b.iter().all(|q| match (town(p), town(q)) {
            (Some(m), Some(n)) => p.key != q.key && distance(m, n) > APART_KM,
            _ => false,
        })
    })
}

fn goods(a: &Ware, b: &Ware) -> f32 {
    let same = |x: u32, y: u32| x != 0 && x == y;
    if !(same(a.model, b.model) || same(a.family, b.family) || same(a.class, b.class) || a.what == b.what) {
        return 0.0;
    }
    if a.count.is_some() && a.count == b.count { 1.0 } else { 0.6 }
}

/// Whether a claim tells of deaths only.
fn deaths(c: &Profile) -> bool {
    c.kind() == EventType::Assault && c.toll.is_some_and(|t| t.0.is_some()) && c.actors.is_empty() && c.mode.is_none()
}

/// Whether a claim tells of violence without its deaths.
fn act(c: &Profile) -> bool {
    c.kind() == EventType::Assault && c.toll.is_none() && (c.mode.is_some() || !c.actors.is_empty())
}

/// Whether the things of a claim are what is handed over, not what is used.
fn given(c: &Profile) -> bool {
    group(c.kind()) == group(EventType::Aid)
}

/// Whether goods on both sides are all of known kinds, and none of one kind.
fn other_goods(a: &[Ware], b: &[Ware]) -> bool {
    let (Some(_), Some(_)) = (a.first(), b.first()) else { return false };
    a.iter().all(|x| x.sort.is_some() && b.iter().all(|y| y.sort.is_some() && x.sort != y.sort))
}

/// What is known of the articles of two claims.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Articles {
    /// How alike the words at their beginnings are: the cosine of their weights.
    pub begin_alike: f32,
    /// Whether one is a copy of the other.
    pub copies: bool,
    /// Whether they are the same article.
    pub one: bool,
}

/// Whether one value stands in both lists; and whether both have values, but none in common.
fn alike(a: &[u32], b: &[u32]) -> (f32, f32) {
    let same = a.iter().any(|x| b.contains(x));
    (flag(same), flag(!same && !a.is_empty() && !b.is_empty()))
}

/// The features of a pair; the same for (x, y) and (y, x).
pub(crate) fn features(x: &Profile, y: &Profile, articles: Articles) -> [f32; FEATURES] {
    let mut f = [0.0; FEATURES];
    (f[0], f[1]) = x.context.shared(&y.context);
    f[2] = articles.begin_alike;
    f[3] = flag(x.trigger != 0 && x.trigger == y.trigger);
    if let (Some(m), Some(n)) = (x.mode, y.mode) {
        f[4] = flag(m == n);
        f[5] = flag(m != n);
    }
    f[6] = flag(x.kind() != y.kind());
    if !x.actors.is_empty() && !y.actors.is_empty() {
        f[7] = flag(any_same(&x.actors, &y.actors));
        f[8] = flag(exclude(&x.actors, &y.actors));
    }
    if !x.recipients.is_empty() && !y.recipients.is_empty() {
        f[9] = flag(any_same(&x.recipients, &y.recipients));
        f[10] = flag(exclude(&x.recipients, &y.recipients));
    }
    f[11] = flag(f[7] + f[9] == 0.0 && (any_same(&x.actors, &y.recipients) || any_same(&x.recipients, &y.actors)));
    let places: Option<u8> = x.places.iter().flat_map(|p| y.places.iter().filter_map(move |q| place(p, q))).max();
    match places {
        Some(2) => f[12] = 1.0,
        Some(1) => f[13] = 1.0,
        Some(_) => f[14] = 1.0,
        None => {}
    }
    if let (Some(p), Some(q)) = (x.when, y.when) {
        f[15] = flag(p.apart(q) == 0);
        f[16] = flag(p.apart(q) > 1);
    }
    if let (Some(p), Some(q)) = (x.published, y.published) {
        f[17] = (f64::from(p) - f64::from(q)).abs().min(FAR_DAYS) as f32;
    } else {
        // undated articles may be far apart
        f[17] = UNDATED;
    }
    if let (Some((killed, hurt)), Some((dead, injured))) = (x.toll, y.toll) {
        let same = |m: Option<u64>, n: Option<u64>| m.is_some() && m == n;
        f[18] = flag(same(killed, dead) || same(hurt, injured));
        f[19] = flag(
            matches!((killed, dead), (Some(m), Some(n)) if m.max(n) > m.min(n).saturating_mul(2).saturating_add(2)),
        );
    }
    f[20] = x.goods.iter().flat_map(|p| y.goods.iter().map(move |q| goods(p, q))).fold(0.0, f32::max);
    f[21] = flag(x.leading && y.leading);
    f[22] = flag(x.actual != y.actual);
    f[23] = flag(articles.copies);
    f[24] = flag(given(x) && given(y) && other_goods(&x.goods, &y.goods));
    f[25] = flag(other_town(&x.places, &y.places));
    f[26] = flag(articles.one && (deaths(x) && act(y) || deaths(y) && act(x)));
    f[27] = f[2] * f[21];
    (f[28], f[29]) = alike(&x.numbers.counts, &y.numbers.counts);
    f[30] = alike(&x.numbers.places, &y.numbers.places).1;
    f
}

/// Whether something known of both forbids that they are one, whatever else is alike.
pub fn excludes(f: &[f32; FEATURES]) -> bool {
    f[24] + f[25] + f[26] > 0.0
}

/// Whether one article tells the two apart.
pub(crate) fn tells_apart(f: &[f32; FEATURES]) -> bool {
    f[26] > 0.0
}

/// The features of two claims with the documents they were taken from, which are taken to be of different stories unless
/// their texts are copies.
pub fn features_of(a: &Claim, from: &model::Document, b: &Claim, of: &model::Document) -> [f32; FEATURES] {
    use crate::claim::head;
    use crate::sketch::sketch;
    let copies = sketch(&from.whole()).sketch.jaccard(&sketch(&of.whole()).sketch) >= crate::stories::SAME;
    let articles = Articles { begin_alike: head(from).cosine(&head(of)), copies, one: from.id == of.id };
    features(&Profile::of(a), &Profile::of(b), articles)
}

/// Weight of each feature, in the order of [`NAMES`].
pub const WEIGHTS: [f32; FEATURES] = [
    3.28, 1.65, 0.92, 0.81, 0.62, -0.87, -2.61, 0.46, 0.00, 0.02, -4.41, -1.35, 0.00, 0.22, -0.91, 2.58, -1.88, -0.85,
    1.30, -1.44, 0.31, 0.84, -0.78, 0.39, 0.00, 0.00, 0.00, 1.41, 0.51, -0.50, -2.94,
];

/// What is added before anything is known.
pub const BIAS: f32 = -1.98;

/// Log odds that two claims tell of the same happening.
pub fn score(f: &[f32; FEATURES]) -> f32 {
    BIAS + f.iter().zip(WEIGHTS).map(|(x, w)| x * w).sum::<f32>()
}

/// The reasons behind a score, strongest first, with the starting value.
pub fn reasons(f: &[f32; FEATURES]) -> Vec<Reason> {
    let mut out: Vec<Reason> = f
        .iter()
        .zip(WEIGHTS)
        .zip(NAMES)
        .filter(|((x, w), _)| (**x * w).abs() >= 0.005)
        .map(|((x, w), name)| {
            let mut name = name.to_owned();
            if (*x - 1.0).abs() > 1e-6 {
                let _ = write!(name, " ({x:.2})");
            }
            Reason { name, weight: x * w }
        })
        .collect();
    out.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    out.push(Reason { name: "before anything is known".to_owned(), weight: BIAS });
    out
}
