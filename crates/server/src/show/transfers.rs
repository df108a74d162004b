//! The register of transfers and its flows. Every line is what claims say, never what happened.

use std::collections::{BTreeMap, BTreeSet};

use trace::transfers::Item;

use super::{Look, iso};
use crate::index::{Part, Transfer};
use crate::types::{Flows, Party, PlaceRef, ThingSummary, TransferFlow, TransferSummary};

/// Claims looked at for the words of a thing.
const CLAIMS: usize = 20;

impl Look<'_> {
    fn side(&self, named: Option<&(String, String)>) -> Option<Party> {
        let (key, written) = named?;
        let known = self.index.entity(key).map(|e| self.party(e));
        Some(known.unwrap_or_else(|| Party { key: None, name: self.board.names.name(key, written) }))
    }

    /// A thing, in the words of the earliest claim that names it.
    fn item(&self, claims: &[u32], item: &Item) -> ThingSummary {
        let named = |c: &u32| {
            let c = &self.index.claims[*c as usize];
            let things = c.told.row(c.event, &self.board.names).things;
            things.into_iter().find(|t| t.what.en.as_ref() == Some(&item.what) && t.model == item.model)
        };
        let words = claims.iter().take(CLAIMS).find_map(named).map(|t| t.words);
        ThingSummary {
            what: self.board.names.thing(item.model.as_deref().unwrap_or(&item.what), words.as_deref().unwrap_or("")),
            class: item.class.clone(),
            family: item.family.clone(),
            model: item.model.clone(),
            count: item.count,
            bound: item.bound,
            part: item.part,
            words: words.unwrap_or_else(|| item.what.clone()),
        }
    }

    /// Lines of the register.
    pub fn transfers(&self, rows: &[u32]) -> Vec<TransferSummary> {
        let index = self.index;
        let one = |row: &u32| {
            let h = index.happenings[*row as usize].as_ref()?;
            let t: &Transfer = h.transfer.as_deref()?;
            let mut route: Vec<PlaceRef> = Vec::new();
            for c in &h.claims {
                for (_, e) in index.claims[*c as usize].parties.iter().filter(|p| p.0 == Part::Place) {
                    let p = self.place(*e);
                    if route.len() < 20 && !route.iter().any(|r| r.key == p.key) {
                        route.push(p);
                    }
                }
            }
            Some(TransferSummary {
                id: h.id.clone(),
                supplier: self.side(t.supplier.as_ref()),
                recipient: self.side(t.recipient.as_ref()),
                things: t.things.iter().map(|i| self.item(&h.claims, i)).collect(),
                from: h.when.and_then(|w| iso(w.0)),
                to: h.when.and_then(|w| iso(w.1)),
                route,
                reported: self.reported(&h.claims),
                documents: h.documents,
                outlets: h.outlets,
                chains: h.chains,
                origins: h.roots.len() as u32,
                denied: h.denied,
                happenings: vec![h.id.clone()],
            })
        };
        rows.iter().filter_map(one).collect()
    }

    /// The lines grouped by supplier, recipient, class and year.
    pub fn flows(&self, rows: &[u32], revision: i64) -> Flows {
        #[derive(Default)]
        struct Group {
            transfers: BTreeSet<u32>,
            claims: usize,
            origins: BTreeSet<u64>,
            low: Option<f64>,
            high: Option<f64>,
        }
        type Side = Option<(String, String)>;
        let mut groups: BTreeMap<(Side, Side, Option<String>, Option<i32>), Group> = BTreeMap::new();
        for row in rows {
            let Some(h) = self.index.happenings[*row as usize].as_ref() else { continue };
            let Some(t) = h.transfer.as_deref() else { continue };
            let year = h.when.and_then(|w| iso(w.0)).and_then(|d| d.get(..4)?.parse().ok());
            for item in t.things.iter().filter(|i| !i.part) {
                let key = (t.supplier.clone(), t.recipient.clone(), item.class.clone(), year);
                let g = groups.entry(key).or_default();
                if g.transfers.insert(*row) {
                    g.claims += h.claims.len();
                    g.origins.extend(h.roots.iter());
                }
                let counts = || item.figures.iter().map(|f| f.0.count);
                for (sum, end) in [(&mut g.low, counts().reduce(f64::min)), (&mut g.high, counts().reduce(f64::max))] {
                    if let Some(n) = end {
                        *sum = Some(sum.unwrap_or(0.0) + n);
                    }
                }
            }
        }
        let flows = (groups.into_iter())
            .map(|((supplier, recipient, class, year), g)| TransferFlow {
                supplier: self.side(supplier.as_ref()),
                recipient: self.side(recipient.as_ref()),
                class,
                year,
                transfers: g.transfers.len(),
                claims: g.claims,
                origins: g.origins.len(),
                low: g.low,
                high: g.high,
            })
            .collect();
        Flows { flows, revision }
    }
}
