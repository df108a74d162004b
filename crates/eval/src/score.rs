//! Precision, recall and F1 per layer, with the matching rules of the reference scorer (greedy one-to-one in text order).

use std::collections::{BTreeMap, HashMap};

use model::{ChainLink, Reading, Span};

use crate::gold::{Gold, GoldEvent, GoldStatement};

/// Counts of one layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct F1 {
    /// Right ones.
    pub tp: usize,
    /// Given by the reader.
    pub sys: usize,
    /// In the gold.
    pub gold: usize,
}

impl F1 {
    /// Share of the given that is right.
    pub fn precision(self) -> f64 {
        if self.sys == 0 { 0.0 } else { self.tp as f64 / self.sys as f64 }
    }
    /// Share of the gold that was given.
    pub fn recall(self) -> f64 {
        if self.gold == 0 { 0.0 } else { self.tp as f64 / self.gold as f64 }
    }
    /// Harmonic mean.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }
}

/// The layers scored, in the order of the table: those of the reference scorer and, last, one of our own.
pub const LAYERS: [&str; 20] = [
    "mention (overlap)",
    "mention (overlap+type)",
    "mention (exact+type)",
    "statement",
    "statement+origin",
    "statement+whole chain",
    "  chains of 2 or more",
    "event trigger",
    "event type",
    "event type+mode",
    "actor",
    "recipient",
    "place",
    "time",
    "thing+count",
    "who-did-what-to-whom",
    "status (of matched)",
    "polarity (of matched)",
    "event+its chain",
    "killed and injured",
];

/// Scores by layer, summed over articles, with the events missed and given in excess.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// By layer name.
    pub layers: BTreeMap<&'static str, F1>,
    /// One line an error.
    pub errors: Vec<String>,
}

impl Scores {
    fn add(&mut self, layer: &'static str, tp: usize, sys: usize, gold: usize) {
        let c = self.layers.entry(layer).or_default();
        c.tp += tp;
        c.sys += sys;
        c.gold += gold;
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: Self) {
        for (k, v) in other.layers {
            self.add(k, v.tp, v.sys, v.gold);
        }
        self.errors.extend(other.errors);
    }

    /// F1 of a layer.
    pub fn f1(&self, layer: &str) -> f64 {
        self.layers.get(layer).map_or(0.0, |c| c.f1())
    }

    /// The table as text.
    pub fn table(&self) -> String {
        use std::fmt::Write;
        let mut out = format!("{:26}{:>7}{:>7}{:>7}{:>6}{:>6}{:>6}\n", "", "P", "R", "F1", "tp", "sys", "gold");
        for l in LAYERS {
            let c = self.layers.get(l).copied().unwrap_or_default();
            let _ = writeln!(
                out,
                "{l:26}{:7.3}{:7.3}{:7.3}{:6}{:6}{:6}",
                c.precision(),
                c.recall(),
                c.f1(),
                c.tp,
                c.sys,
                c.gold
            );
        }
        out
    }
}

fn pair<'a, A, B>(gold: &'a [A], system: &'a [B], same: impl Fn(&A, &B) -> bool) -> Vec<(&'a A, &'a B)> {
    let mut used = vec![false; system.len()];
    let mut out = Vec::new();
    for g in gold {
        if let Some(i) = (0..system.len()).find(|i| !used[*i] && same(g, &system[*i])) {
            used[i] = true;
            out.push((g, &system[i]));
        }
    }
    out
}

fn link_equal(g: Option<Span>, s: Option<Span>) -> bool {
    match (g, s) {
        (None, None) => true,
        (Some(a), Some(b)) => a.overlaps(b),
        _ => false,
    }
}

fn chain_equal(g: &[(bool, Option<Span>)], s: &[ChainLink]) -> bool {
    g.len() == s.len() && g.iter().zip(s).all(|(a, b)| link_equal(a.1, b.span))
}

/// A role: its layer, and where gold and reading keep it.
type Roles = (&'static str, fn(&GoldEvent) -> &Vec<Span>, fn(&model::Event) -> &Vec<Span>);

/// Scores one reading against the gold of its article.
pub fn score_article(gold: &Gold, reading: &Reading) -> Scores {
    let mut out = Scores::default();
    let overlap = |a: &Span, b: &Span| a.overlaps(*b);
    let gm: Vec<_> = gold.entities.iter().flat_map(|e| e.2.iter().map(|m| (*m, e.0))).collect();
    let sm: Vec<_> = reading.entities.iter().flat_map(|e| e.mentions.iter().map(|m| (*m, e.kind))).collect();
    let mentions =
        |same: fn(&(Span, model::EntityType), &(Span, model::EntityType)) -> bool| pair(&gm, &sm, same).len();
    out.add(LAYERS[0], mentions(|a, b| a.0.overlaps(b.0)), sm.len(), gm.len());
    out.add(LAYERS[1], mentions(|a, b| a.0.overlaps(b.0) && a.1 == b.1), sm.len(), gm.len());
    out.add(LAYERS[2], mentions(|a, b| a.0 == b.0 && a.1 == b.1), sm.len(), gm.len());

    let (gs, ss) = (&gold.statements, &reading.statements);
    let stp = pair(gs, ss, |a: &GoldStatement, b| a.cue.is_some_and(|x| b.cue.is_some_and(|y| x.overlaps(y))));
    out.add(LAYERS[3], stp.len(), ss.len(), gs.len());
    let origin = |a: &GoldStatement, b: &model::Statement| {
        !b.chain.is_empty() && chain_equal(&a.chain[..1.min(a.chain.len())], &b.chain[..1])
    };
    out.add(LAYERS[4], stp.iter().filter(|(a, b)| origin(a, b)).count(), ss.len(), gs.len());
    let whole = |a: &GoldStatement, b: &model::Statement| chain_equal(&a.chain, &b.chain);
    out.add(LAYERS[5], stp.iter().filter(|(a, b)| whole(a, b)).count(), ss.len(), gs.len());
    out.add(
        LAYERS[6],
        stp.iter().filter(|(a, b)| a.chain.len() > 1 && whole(a, b)).count(),
        ss.iter().filter(|s| s.chain.len() > 1).count(),
        gs.iter().filter(|s| s.chain.len() > 1).count(),
    );

    let (gv, sv) = (&gold.events, &reading.events);
    out.add(LAYERS[7], pair(gv, sv, |a: &GoldEvent, b| a.trigger.overlaps(b.trigger)).len(), sv.len(), gv.len());
    let evp = pair(gv, sv, |a: &GoldEvent, b| a.trigger.overlaps(b.trigger) && a.kind == b.kind);
    out.add(LAYERS[8], evp.len(), sv.len(), gv.len());
    out.add(LAYERS[9], evp.iter().filter(|(a, b)| a.mode == b.mode).count(), sv.len(), gv.len());
    let roles: [Roles; 4] = [
        (LAYERS[10], |g| &g.actor, |s| &s.actor),
        (LAYERS[11], |g| &g.recipient, |s| &s.recipient),
        (LAYERS[12], |g| &g.place, |s| &s.place),
        (LAYERS[13], |g| &g.time, |s| &s.time),
    ];
    for (layer, g, s) in roles {
        out.add(
            layer,
            evp.iter().map(|(a, b)| pair(g(a), s(b), overlap).len()).sum(),
            sv.iter().map(|v| s(v).len()).sum(),
            gv.iter().map(|v| g(v).len()).sum(),
        );
    }
    let things = |a: &GoldEvent, b: &model::Event| {
        pair(&a.things, &b.things, |x: &(Span, Option<f64>, model::Bound), y: &model::Thing| {
            x.0.overlaps(y.span) && x.1 == y.count
        })
        .len()
    };
    out.add(
        LAYERS[14],
        evp.iter().map(|(a, b)| things(a, b)).sum(),
        sv.iter().map(|v| v.things.len()).sum(),
        gv.iter().map(|v| v.things.len()).sum(),
    );
    let same_set = |g: &[Span], s: &[Span]| g.len() == s.len() && pair(g, s, overlap).len() == g.len();
    let wdw = evp.iter().filter(|(a, b)| same_set(&a.actor, &b.actor) && same_set(&a.recipient, &b.recipient)).count();
    out.add(LAYERS[15], wdw, sv.len(), gv.len());
    out.add(LAYERS[16], evp.iter().filter(|(a, b)| a.status == b.status).count(), evp.len(), evp.len());
    out.add(LAYERS[17], evp.iter().filter(|(a, b)| a.polarity == b.polarity).count(), evp.len(), evp.len());
    let gid: HashMap<&str, &GoldStatement> = gs.iter().map(|x| (x.id.as_str(), x)).collect();
    let sid: HashMap<&str, &model::Statement> = ss.iter().map(|x| (x.id.as_str(), x)).collect();
    let chains = evp
        .iter()
        .filter(|(a, b)| {
            let g = a.statement.as_deref().and_then(|i| gid.get(i)).map_or(&[][..], |s| &s.chain);
            let s = b.statement.as_deref().and_then(|i| sid.get(i)).map_or(&[][..], |s| &s.chain);
            chain_equal(g, s)
        })
        .count();
    out.add(LAYERS[18], chains, sv.len(), gv.len());
    let harm = |s: &model::Event| s.harm.map(|h| [h.killed, h.injured]);
    out.add(
        LAYERS[19],
        evp.iter().filter(|(a, b)| a.harm.is_some() && a.harm == harm(b)).count(),
        sv.iter().filter(|v| v.harm.is_some()).count(),
        gv.iter().filter(|v| v.harm.is_some()).count(),
    );

    let chars: Vec<char> = gold.text.chars().collect();
    let around = |s: Span| -> String {
        let from = (s.start as usize).saturating_sub(40);
        let to = (s.end as usize + 40).min(chars.len());
        chars[from..to].iter().map(|c| if *c == '\n' { ' ' } else { *c }).collect()
    };
    let word = |s: Span| -> String { chars[s.start as usize..(s.end as usize).min(chars.len())].iter().collect() };
    for g in gv {
        if !evp.iter().any(|(a, _)| std::ptr::eq(*a, g)) {
            out.errors.push(format!(
                "{}: missed {} «{}» …{}…",
                gold.id,
                g.kind.code(),
                word(g.trigger),
                around(g.trigger)
            ));
        }
    }
    for s in sv {
        if !evp.iter().any(|(_, b)| std::ptr::eq(*b, s)) {
            out.errors.push(format!(
                "{}: extra {} «{}» …{}…",
                gold.id,
                s.kind.code(),
                word(s.trigger),
                around(s.trigger)
            ));
        }
    }
    out
}
