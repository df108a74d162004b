//! Settings of the reader chosen on articles that the weights have not seen, by trying one after the other.

use std::path::Path;

use eval::{Gold, LAYERS, Scores};
use learn::Bundle;
use reader::Settings;

/// A setting: its name, how far apart the values tried are, and where it stands.
type Knob = (&'static str, f32, fn(&mut Settings) -> &mut f32);

const KNOBS: [Knob; 17] = [
    ("triggers", 0.2, |s| &mut s.triggers),
    ("cues", 0.3, |s| &mut s.cues),
    ("roles.trust", 0.1, |s| &mut s.roles.trust),
    ("roles.none actor", 0.25, |s| &mut s.roles.none[1]),
    ("roles.none recipient", 0.25, |s| &mut s.roles.none[2]),
    ("roles.none place", 0.25, |s| &mut s.roles.none[3]),
    ("roles.none time", 0.3, |s| &mut s.roles.none[4]),
    ("roles.none thing", 0.3, |s| &mut s.roles.none[5]),
    ("roles.further actor", 0.05, |s| &mut s.roles.further[1]),
    ("roles.further recipient", 0.05, |s| &mut s.roles.further[2]),
    ("roles.further place", 0.1, |s| &mut s.roles.further[3]),
    ("roles.further thing", 0.1, |s| &mut s.roles.further[5]),
    ("chains.trust", 0.15, |s| &mut s.chains.trust),
    ("chains.none origin", 0.25, |s| &mut s.chains.none[1]),
    ("chains.none via", 0.2, |s| &mut s.chains.none[2]),
    ("chains.further", 0.1, |s| &mut s.chains.further[2]),
    ("reports", 0.3, |s| &mut s.reports),
];

/// Articles with the floors of their layers, and how much their scores count.
pub struct Set {
    /// The articles.
    pub gold: Vec<Gold>,
    /// Least F1 a layer.
    floors: Vec<(String, f64)>,
    weight: f64,
}

impl Set {
    /// Articles of `path`, floors of a file as `.ci/run` reads it.
    pub fn load(path: &Path, floors: &Path, weight: f64) -> Self {
        let text = std::fs::read_to_string(floors).unwrap_or_default();
        let lines = text.lines().filter(|l| !l.starts_with('#'));
        let floors =
            lines.filter_map(|l| l.split_once('\t')).filter_map(|(n, f)| Some((n.to_string(), f.parse().ok()?)));
        Self { gold: crate::data::load(path), floors: floors.collect(), weight }
    }

    /// What scores are worth. Below a floor costs more than anything else can gain.
    fn worth(&self, scores: &Scores) -> f64 {
        let sum: f64 = LAYERS.iter().map(|l| scores.f1(l)).sum();
        let layer = |name: &str| LAYERS.iter().find(|l| l.trim() == name).map_or(0.0, |l| scores.f1(l));
        let below: f64 = self.floors.iter().map(|(l, floor)| (floor - layer(l)).max(0.0)).sum();
        self.weight * sum - 20.0 * below
    }
}

/// Tries each setting a step or two to either side, keeps what is best, and begins anew until nothing gains. Prints every
/// gain.
pub fn tune(bundle: &Bundle, sets: &[Set]) {
    let worth = |settings: &Settings| -> f64 {
        let scores = crate::pipeline::parallel(sets, |set| {
            set.worth(&crate::score(bundle, &set.gold, None, |s| *s = settings.clone()))
        });
        scores.iter().sum()
    };
    let mut best = Settings::default();
    let mut most = worth(&best);
    println!("as it is: {most:.4}");
    for _ in 0..3 {
        let before = most;
        for (name, step, place) in KNOBS {
            let stands = *place(&mut best);
            for steps in [-2.0, -1.0, 1.0, 2.0] {
                let mut tried = best.clone();
                *place(&mut tried) = stands + steps * step;
                let w = worth(&tried);
                if w > most + 1e-4 {
                    println!("{name} {:.2}: {w:.4}", stands + steps * step);
                    (most, best) = (w, tried);
                }
            }
        }
        if most - before < 1e-3 {
            break;
        }
    }
    println!("{best:#?}");
    for set in sets {
        println!("{}", crate::score(bundle, &set.gold, None, |s| *s = best.clone()).table());
    }
}
