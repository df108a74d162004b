//! Settings of the reader chosen on articles that the weights have not seen: one after the other, then several at once.

use std::path::Path;

use eval::{Gold, LAYERS, Scores};
use learn::{Bundle, Rng};
use reader::Settings;

/// A setting: its name, how far apart the values tried are, and where it stands.
type Knob = (&'static str, f32, fn(&mut Settings) -> &mut f32);

/// All but the odds that a statement reports a happening: those follow the invented week of `examples/`.
const KNOBS: [Knob; 21] = [
    ("phrases.mention", 0.3, |s| &mut s.phrases.mention),
    ("phrases.time", 0.4, |s| &mut s.phrases.time),
    ("phrases.filler", 0.4, |s| &mut s.phrases.filler),
    ("phrases.inner", 0.3, |s| &mut s.phrases.inner),
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
    ("roles.further time", 0.1, |s| &mut s.roles.further[4]),
    ("roles.further thing", 0.1, |s| &mut s.roles.further[5]),
    ("chains.trust", 0.15, |s| &mut s.chains.trust),
    ("chains.none origin", 0.25, |s| &mut s.chains.none[1]),
    ("chains.none via", 0.2, |s| &mut s.chains.none[2]),
    ("chains.further", 0.1, |s| &mut s.chains.further[2]),
];

/// Changes settings as told: `name=value,…` with the names of [`KNOBS`].
///
/// # Errors
///
/// The part of the text that is no setting with a value.
pub fn set(settings: &mut Settings, told: &str) -> Result<(), String> {
    for one in told.split(',') {
        let (name, value) = one.split_once('=').ok_or(one)?;
        let value = value.trim().parse().map_err(|_| one)?;
        let (_, _, place) = KNOBS.iter().find(|k| k.0 == name.trim()).ok_or(one)?;
        *place(settings) = value;
    }
    Ok(())
}

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

/// How many times several settings are changed at once.
const TRIES: usize = 2_000;
/// By how much a set may do better than with the best settings so far, for settings that do worse on the sets before it to
/// be given up without asking it.
const HOPE: f64 = 0.05;

/// The best settings so far.
struct Best {
    settings: Settings,
    /// What they are worth on each set.
    worth: Vec<f64>,
}

impl Best {
    fn total(&self) -> f64 {
        self.worth.iter().sum()
    }

    /// What settings are worth on each set, if they are better than these.
    fn bettered(&self, settings: &Settings, bundle: &Bundle, sets: &[Set]) -> Option<Vec<f64>> {
        let mut worth = Vec::new();
        for (i, set) in sets.iter().enumerate() {
            worth.push(set.worth(&crate::score(bundle, &set.gold, None, |s| *s = settings.clone())));
            let hope: f64 = self.worth[i + 1..].iter().map(|w| w + HOPE).sum();
            if worth.iter().sum::<f64>() + hope < self.total() + 1e-4 {
                return None;
            }
        }
        Some(worth)
    }

    /// Takes the best of these settings if it is better, and says so.
    fn try_all(&mut self, tried: &[(String, Settings)], bundle: &Bundle, sets: &[Set]) {
        let found = crate::pipeline::parallel(tried, |(_, settings)| self.bettered(settings, bundle, sets));
        for ((name, settings), worth) in tried.iter().zip(found) {
            let Some(worth) = worth.filter(|w| w.iter().sum::<f64>() > self.total() + 1e-4) else { continue };
            (self.settings, self.worth) = (settings.clone(), worth);
            // each is printed whole: whoever has waited long enough can stop here
            println!("{name}: {:.4} {:?}", self.total(), self.settings);
        }
    }
}

/// Tries each setting half a step to two steps to either side, keeps what is best, and begins anew until nothing gains; then
/// changes a few settings at once, by chance and the same on every run, since what one loses another may win back. Prints
/// every gain.
pub fn tune(bundle: &Bundle, sets: &[Set], settings: Settings) {
    let worth = crate::pipeline::parallel(sets, |set| {
        set.worth(&crate::score(bundle, &set.gold, None, |s| *s = settings.clone()))
    });
    let mut best = Best { settings, worth };
    println!("as it is: {:.4}", best.total());
    for _ in 0..3 {
        let before = best.total();
        for (name, step, place) in KNOBS {
            let tried = [-2.0, -1.0, -0.5, 0.5, 1.0, 2.0].map(|steps| {
                let mut tried = best.settings.clone();
                *place(&mut tried) += steps * step;
                (format!("{name} {:.2}", place(&mut tried)), tried)
            });
            best.try_all(&tried, bundle, sets);
        }
        if best.total() - before < 1e-3 {
            break;
        }
    }
    let mut random = Rng::new(1);
    for _ in 0..TRIES / 8 {
        let tried = [(); 8].map(|()| {
            let mut tried = best.settings.clone();
            for _ in 0..3 {
                let (knob, steps) = (random.draw() % KNOBS.len() as u64, random.draw() % 401);
                let (_, step, place) = KNOBS[knob as usize];
                *place(&mut tried) += (steps as f32 - 200.0) / 200.0 * step;
            }
            ("several".to_string(), tried)
        });
        best.try_all(&tried, bundle, sets);
    }
    for set in sets {
        println!("{}", crate::score(bundle, &set.gold, None, |s| *s = best.settings.clone()).table());
    }
}
