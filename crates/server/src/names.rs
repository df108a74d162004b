//! Names of the lexicon's keys in both languages, and which outlet a name means.

use std::collections::HashMap;
use std::sync::Arc;

use lexicon::{Entry, EntryKind};
use reader::Engine;
use traced::OutletNames;

use crate::types::Name;

/// What the lexicon knows under a key.
#[derive(Clone, Debug)]
pub struct Known {
    /// Both names.
    pub name: Name,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
}

/// An outlet that a document names.
#[derive(Clone, Debug)]
pub struct OutletName {
    /// `outlet:…`
    pub key: String,
    /// For display.
    pub name: Name,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
}

/// The names of one engine's lexicons.
pub struct Names {
    known: HashMap<String, Known>,
    english_things: HashMap<String, String>,
    english: HashMap<String, String>,
    outlets: OutletNames<'static>,
}

/// Words as names are compared: folded letters, small, single spaces.
pub fn fold(text: &str) -> String {
    let folded = arabic::letter::fold(text).to_lowercase();
    let mut out = String::with_capacity(folded.len());
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty() && text != "-").then(|| text.to_string())
}

impl Names {
    /// Collects the names; time and memory linear in the lexicon's name entries.
    pub fn new(engine: &Arc<Engine>) -> Self {
        let mut out = Self {
            known: HashMap::new(),
            english_things: HashMap::new(),
            english: HashMap::new(),
            outlets: OutletNames::shared(Arc::clone(engine)),
        };
        let k = engine.knowledge();
        // the overlay comes last and has the last word
        for lexicon in std::iter::once(&k.base).chain(k.overlay.as_ref()) {
            for id in 0..lexicon.len() as u32 {
                let Some(entry) = lexicon.entry(id) else { continue };
                out.learn(&entry);
            }
        }
        out
    }

    fn learn(&mut self, entry: &Entry<'_>) {
        let Some(info) = &entry.name else { return };
        if matches!(entry.kind, EntryKind::Title) || entry.gloss.is_empty() {
            return;
        }
        let key = reader::reference::key(entry, info);
        if entry.kind == EntryKind::Weapon {
            self.english_things.insert(entry.gloss.to_lowercase(), entry.lemma.to_string());
        }
        let name = Name { ar: some(entry.lemma), en: some(entry.gloss) };
        self.english.insert(entry.gloss.to_string(), key.clone());
        self.known.insert(key, Known { name, country: some(info.country) });
    }

    /// Whether the lexicon knows a key.
    pub fn knows(&self, key: &str) -> bool {
        self.known.contains_key(key)
    }

    /// The name of a key; as written where the lexicon does not know it.
    pub fn name(&self, key: &str, written: &str) -> Name {
        self.known.get(key).map_or_else(|| Name::written(written), |k| k.name.clone())
    }

    /// Both names of somebody whom the trace calls by the lexicon's English name; as written where there is none.
    pub fn by_english(&self, written: &str) -> Name {
        self.english.get(written).map_or_else(|| Name::written(written), |key| self.name(key, written))
    }

    /// The name of a class or model of things: English as the reader gives it, Arabic where the lexicon has it, else as
    /// written.
    pub fn thing(&self, what: &str, written: &str) -> Name {
        let latin = what.is_ascii();
        let arabic = self.english_things.get(&what.to_lowercase()).cloned().or_else(|| some(written));
        Name { ar: arabic, en: latin.then(|| what.to_string()) }
    }

    /// The outlet that a document names, under the key that the trace gives it.
    pub fn outlet(&self, written: &str) -> OutletName {
        match self.outlets.key(written) {
            Some(key) => {
                let known = self.known.get(&key);
                OutletName {
                    name: known.map_or_else(|| Name::written(written), |k| k.name.clone()),
                    country: known.and_then(|k| k.country.clone()),
                    key,
                }
            }
            None => OutletName {
                key: format!("outlet:{}", trace::words::folded(written).join(" ")),
                name: Name::written(written),
                country: None,
            },
        }
    }
}
