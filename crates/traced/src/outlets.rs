//! By which name of the lexicon an outlet goes, however a source writes it: «وكالة …», «… للأنباء», a domain.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lexicon::{EntryKind, Lexicon};
use reader::Engine;

/// Names kept of those that were looked up.
const KEPT: usize = 10_000;

/// Words that tell what kind of outlet it is, folded.
const KINDS: [&str; 33] = [
    "وكاله",
    "الوكاله",
    "انباء",
    "الانباء",
    "للانباء",
    "صحيفه",
    "جريده",
    "مجله",
    "قناه",
    "القناه",
    "فضاييه",
    "الفضاييه",
    "فضائيه",
    "الفضائيه",
    "موقع",
    "شبكه",
    "اذاعه",
    "راديو",
    "تلفزيون",
    "اخباري",
    "اخباريه",
    "الاخباري",
    "الاخباريه",
    "الاخبار",
    "نت",
    "اونلاين",
    "الالكتروني",
    "الالكترونيه",
    "news",
    "agency",
    "tv",
    "online",
    "arabic",
];

enum Held<'a> {
    Lent(&'a Engine),
    Shared(Arc<Engine>),
}

impl Deref for Held<'_> {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        match self {
            Self::Lent(e) => e,
            Self::Shared(e) => e,
        }
    }
}

/// Looks outlets up in the lexicon and its overlay.
pub struct OutletNames<'a> {
    engine: Held<'a>,
    known: Mutex<HashMap<String, Option<String>>>,
    english: OnceLock<HashMap<String, String>>,
}

fn compact(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl<'a> OutletNames<'a> {
    /// Over the lexicons of a reader.
    pub fn new(engine: &'a Engine) -> Self {
        Self::over(Held::Lent(engine))
    }

    /// The same, for as long as it is wanted.
    pub fn shared(engine: Arc<Engine>) -> OutletNames<'static> {
        OutletNames::over(Held::Shared(engine))
    }

    fn over(engine: Held<'a>) -> Self {
        Self { engine, known: Mutex::default(), english: OnceLock::new() }
    }

    /// The key by which readings name this outlet (`outlet:…` with the lexicon's English name); none where the lexicon
    /// does not know it.
    pub fn key(&self, name: &str) -> Option<String> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(name) {
            return known.clone();
        }
        let found = self.look(name).map(|english| format!("outlet:{english}"));
        let mut known = known();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(name.to_owned(), found.clone());
        found
    }

    fn look(&self, name: &str) -> Option<String> {
        let folded = arabic::letter::fold(name);
        let words: Vec<&str> =
            folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(12).collect();
        // the longest name in it, beside which stand only words for kinds of outlets
        for length in (1..=words.len()).rev() {
            for from in 0..=words.len() - length {
                let rest = words[..from].iter().chain(&words[from + length..]);
                if rest.clone().all(|w| KINDS.contains(w))
                    && let Some(found) = self.listed(&words[from..from + length].join(" "))
                {
                    return Some(found);
                }
            }
        }
        let english = self.english.get_or_init(|| self.english());
        let host = name.trim().to_lowercase();
        let host = host.split_once("://").map_or(host.as_str(), |h| h.1);
        let host = host.split('/').next().unwrap_or(host);
        let by = |name: &str| english.get(&compact(name)).cloned();
        by(name).or_else(|| {
            let labels: Vec<&str> = host.split('.').collect();
            let mut own = labels.iter().take(labels.len().saturating_sub(1)).filter(|l| l.len() > 3);
            own.find_map(|l| by(l))
        })
    }

    fn layers(&self) -> impl Iterator<Item = &Lexicon> {
        let knowledge = self.engine.knowledge();
        // what the user says goes first
        knowledge.overlay.iter().chain(std::iter::once(&knowledge.base))
    }

    fn listed(&self, folded: &str) -> Option<String> {
        self.layers().find_map(|l| {
            let entries = l.get(folded).filter_map(|p| l.entry(p.entry));
            entries.filter(|e| e.kind == EntryKind::Outlet).map(|e| e.gloss.to_owned()).next()
        })
    }

    /// English names without spaces and marks, as in addresses.
    fn english(&self) -> HashMap<String, String> {
        let mut out = HashMap::new();
        for l in self.layers() {
            for e in (0..l.len() as u32).filter_map(|i| l.entry(i)).filter(|e| e.kind == EntryKind::Outlet) {
                out.entry(compact(e.gloss)).or_insert_with(|| e.gloss.to_owned());
            }
        }
        out
    }
}
