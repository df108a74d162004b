//! The register of transfers: who is said to have given what to whom, one row for one delivery with every figure that is
//! claimed for it. Figures of different claims are never added, parts of a delivery never counted beside its whole.

use std::collections::BTreeMap;

use model::EventType;
use serde::{Deserialize, Serialize};

use crate::chain::{self, Graph, denies};
use crate::claim::{Claim, ClaimRef, Goods, Party};
use crate::dates;
use crate::figures::Figure;
use crate::happenings::Gathered;
use crate::output::ClaimOf;

/// Goods of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Class of the weapons list.
    pub class: Option<String>,
    /// Family.
    pub family: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// English class or words.
    pub what: String,
    /// The figure most claims give, the earliest of those that tie; none where no claim counts.
    pub count: Option<f64>,
    /// Its bound.
    pub bound: model::Bound,
    /// Every figure that is claimed, with the claims.
    pub figures: Vec<(Figure, Vec<ClaimRef>)>,
    /// Whether it is a part of another item of the row.
    pub part: bool,
}

/// One delivery, as claimed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Transfer {
    /// Id of the happening.
    pub id: String,
    /// Said to have given; none where no claim names it.
    pub supplier: Option<String>,
    /// Key of the supplier.
    pub supplier_key: Option<String>,
    /// Said to have received.
    pub recipient: Option<String>,
    /// Key of the recipient.
    pub recipient_key: Option<String>,
    /// Goods.
    pub things: Vec<Item>,
    /// Where from, as far as it is known apart from where to.
    pub from: Option<String>,
    /// Where.
    pub to: Option<String>,
    /// Days that claims state for it.
    pub dates: Vec<String>,
    /// First and last publication.
    pub reported: (Option<String>, Option<String>),
    /// The claims.
    pub claims: Vec<ClaimOf>,
    /// Independent origins, denying ones with them.
    pub origins: usize,
    /// Origins that affirm.
    pub affirming: usize,
    /// Origins that deny.
    pub denying: usize,
}

/// Whether a claim is about a transfer of goods.
pub fn is_transfer(c: &Claim) -> bool {
    c.kind == EventType::Aid && (!c.goods.is_empty() || denies(c))
}

/// What most claims name; the earlier of those that tie.
fn most<'a>(all: impl Iterator<Item = &'a Party>) -> Option<&'a Party> {
    let mut seen: Vec<(&Party, usize)> = Vec::new();
    for p in all {
        match seen.iter_mut().find(|(q, _)| q.key == p.key) {
            Some((_, n)) => *n += 1,
            None => seen.push((p, 1)),
        }
    }
    seen.into_iter().enumerate().max_by_key(|(i, (_, n))| (*n, std::cmp::Reverse(*i))).map(|(_, (p, _))| p)
}

fn slot(g: &Goods) -> String {
    match (&g.model, &g.family, &g.class) {
        (Some(m), ..) => format!("model {m}"),
        (None, Some(f), _) => format!("family {f}"),
        (None, None, Some(c)) => format!("class {c}"),
        _ => format!("what {}", g.what),
    }
}

fn items(claims: &[&Claim]) -> Vec<Item> {
    let mut rows: BTreeMap<String, (usize, Item)> = BTreeMap::new();
    for c in claims {
        for g in &c.goods {
            let n = rows.len();
            let (_, row) = rows.entry(slot(g)).or_insert_with(|| {
                let item = Item {
                    class: g.class.clone(),
                    family: g.family.clone(),
                    model: g.model.clone(),
                    what: g.what.clone(),
                    count: None,
                    bound: g.bound,
                    figures: Vec::new(),
                    part: true,
                };
                (n, item)
            });
            row.part &= g.part;
            if let Some(count) = g.count {
                let f = Figure { count, bound: g.bound };
                match row.figures.iter_mut().find(|(x, _)| *x == f) {
                    Some((_, at)) => at.push(c.at.clone()),
                    None => row.figures.push((f, vec![c.at.clone()])),
                }
            }
        }
    }
    let mut rows: Vec<(usize, Item)> = rows.into_values().collect();
    rows.sort_by_key(|r| r.0);
    let mut items: Vec<Item> = rows.into_iter().map(|r| r.1).collect();
    // a model beside its family or class is a part of it
    let wholes: Vec<(Option<String>, Option<String>)> =
        items.iter().filter(|i| i.model.is_none()).map(|i| (i.class.clone(), i.family.clone())).collect();
    for i in &mut items {
        let of = |whole: &Option<String>, mine: &Option<String>| whole.is_some() && whole == mine;
        i.part |= i.model.is_some() && wholes.iter().any(|(c, f)| of(f, &i.family) || f.is_none() && of(c, &i.class));
        if let Some((f, _)) =
            i.figures.iter().enumerate().max_by_key(|(n, (_, at))| (at.len(), std::cmp::Reverse(*n))).map(|(_, f)| f)
        {
            i.count = Some(f.count);
            i.bound = f.bound;
        }
    }
    items
}

/// The row of a happening; none where it is about no goods.
pub fn transfer(g: &Gathered) -> Option<Transfer> {
    let claims: Vec<&Claim> = g.members.iter().map(|m| &m.claim).filter(|c| is_transfer(c)).collect();
    if !claims.iter().any(|c| !c.goods.is_empty()) {
        return None;
    }
    let graph: Graph = chain::graph(g);
    let supplier = most(claims.iter().flat_map(|c| c.actors.iter().take(1)));
    let recipient = most(claims.iter().flat_map(|c| c.recipients.iter().take(1)));
    let places: Vec<Party> = claims
        .iter()
        .flat_map(|c| &c.places)
        .map(|p| Party {
            key: p.key.clone(),
            name: p.name.clone(),
            kind: None,
            country: p.country.clone(),
            sector: None,
        })
        .collect();
    // a place in the supplier's own country is where it came from, any other where it went
    let home = |p: &&Party| supplier.is_some_and(|s| s.country.is_some() && s.country == p.country);
    let mut dates: Vec<i32> =
        claims.iter().filter_map(|c| c.when).filter(|w| w.first == w.last).map(|w| w.first).collect();
    dates.sort_unstable();
    dates.dedup();
    let published: Vec<i32> = claims.iter().filter_map(|c| c.published).collect();
    let day = |d: Option<&i32>| d.and_then(|d| dates::iso(*d));
    let affirming = graph.origins.iter().filter(|o| o.says != chain::Says::Denies).count();
    Some(Transfer {
        id: g.id.clone(),
        supplier: supplier.map(|p| p.name.clone()),
        supplier_key: supplier.map(|p| p.key.clone()),
        recipient: recipient.map(|p| p.name.clone()),
        recipient_key: recipient.map(|p| p.key.clone()),
        things: items(&claims),
        from: most(places.iter().filter(home)).map(|p| p.name.clone()),
        to: most(places.iter().filter(|p| !home(p))).map(|p| p.name.clone()),
        dates: dates.iter().filter_map(|d| dates::iso(*d)).collect(),
        reported: (day(published.iter().min()), day(published.iter().max())),
        claims: g.members.iter().filter(|m| is_transfer(&m.claim)).map(ClaimOf::new).collect(),
        origins: graph.origins.len(),
        affirming,
        denying: graph.origins.iter().filter(|o| o.says != chain::Says::Affirms).count(),
    })
}
