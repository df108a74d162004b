//! Reading the plain source files. The formats are described in `lexicon/README.md`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use model::EntityType;

use crate::conjugate::{Agreement, Cell, Form, Verb, nominal, noun};
use crate::entry::{AGENCY, Entry, EntryKind, NameInfo};
use crate::sense::{Role, Sense};

/// A line that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {reason}", file.display())]
pub struct Fault {
    /// The file, relative to the lexicon folder.
    pub file: PathBuf,
    /// Line from 1.
    pub line: u32,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// Why a lexicon folder could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The folder or a file in it is unreadable.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// What was being read.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder without one entry is surely not what was meant.
    #[error("{} holds no lexicon file (expected verbs/*.tsv, nouns/*.tsv, names/*.tsv …)", .0.display())]
    Empty(PathBuf),
}

/// The text of all source files of one folder.
pub struct Sources {
    files: Vec<(String, String)>,
}

/// An entry with all its spellings, unfolded; multi-word spellings have single spaces.
pub struct Expanded<'a> {
    /// The line.
    pub entry: Entry<'a>,
    /// Its spellings.
    pub cells: Vec<Cell>,
}

impl Sources {
    /// Reads every `.tsv` file below `dir`, in the order of their names.
    pub fn load(dir: &Path) -> Result<Self, LoadError> {
        let io = |path: &Path| {
            let path = path.to_path_buf();
            move |source| LoadError::Io { path, source }
        };
        let mut paths = Vec::new();
        let mut stack = vec![dir.to_path_buf()];
        while let Some(d) = stack.pop() {
            for item in std::fs::read_dir(&d).map_err(io(&d))? {
                let path = item.map_err(io(&d))?.path();
                if path.is_dir() {
                    stack.push(path);
                } else if path.extension().is_some_and(|e| e == "tsv") {
                    paths.push(path);
                }
            }
        }
        paths.sort();
        if paths.is_empty() {
            return Err(LoadError::Empty(dir.to_path_buf()));
        }
        let files = paths
            .into_iter()
            .map(|p| {
                let text = std::fs::read_to_string(&p).map_err(io(&p))?;
                let name = p.strip_prefix(dir).unwrap_or(&p).to_string_lossy().replace('\\', "/");
                Ok((name, text))
            })
            .collect::<Result<_, LoadError>>()?;
        Ok(Self { files })
    }

    /// Sources given as `(file name, text)`, for tests and overlays in memory.
    pub fn from_memory(files: Vec<(String, String)>) -> Self {
        Self { files }
    }

    /// Parses every line; what cannot be used is reported and left out.
    pub fn expand(&self) -> (Vec<Expanded<'_>>, Vec<Fault>) {
        let mut out = Vec::new();
        let mut faults = Vec::new();
        let mut phrases = Vec::new();
        for (file, text) in &self.files {
            for (i, raw) in text.lines().enumerate() {
                let line = raw.split('#').next().unwrap_or("").trim_end_matches(['\r', ' ', '\t']);
                if line.trim().is_empty() {
                    continue;
                }
                let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
                let at = Line { file, number: i as u32 + 1, columns };
                let result = match kind_of(file) {
                    Some(EntryKind::Verb) => at.verb(),
                    Some(EntryKind::Noun) => at.noun(),
                    Some(EntryKind::Phrase) => {
                        phrases.push(at);
                        continue;
                    }
                    Some(EntryKind::Country) => at.country(),
                    Some(k @ (EntryKind::Actor | EntryKind::Outlet)) => at.actor(k),
                    Some(EntryKind::Place) => at.place(),
                    Some(EntryKind::Weapon) => at.weapon(),
                    Some(EntryKind::Title) => at.title(),
                    Some(EntryKind::Word) => at.word(),
                    None => Err("no such file in the layout of a lexicon (see lexicon/README.md)".into()),
                };
                match result {
                    Ok(e) => out.push(e),
                    Err(reason) => faults.push(Fault { file: file.into(), line: i as u32 + 1, reason }),
                }
            }
        }
        let mut by_lemma: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, e) in out.iter().enumerate() {
            if matches!(e.entry.kind, EntryKind::Verb | EntryKind::Noun) {
                by_lemma.entry(arabic::letter::fold(e.entry.lemma)).or_default().push(i);
            }
        }
        let mut expanded = Vec::new();
        for p in &phrases {
            let forms_of = |lemma: &str| -> Vec<String> {
                let mut forms: Vec<String> = if let Some(ids) = by_lemma.get(&arabic::letter::fold(lemma)) {
                    ids.iter().flat_map(|i| out[*i].cells.iter()).map(|c| c.0.clone()).collect()
                } else {
                    let mut cells = Vec::new();
                    nominal(lemma, Form::Singular, &mut cells);
                    cells.into_iter().map(|c| c.0).collect()
                };
                forms.sort_unstable();
                forms.dedup();
                forms
            };
            match p.phrase(forms_of) {
                Ok(e) => expanded.push(e),
                Err(reason) => faults.push(Fault { file: p.file.into(), line: p.number, reason }),
            }
        }
        out.extend(expanded);
        (out, faults)
    }
}

/// End of the names of files of news agencies.
const AGENCIES: &str = "agencies.tsv";

fn kind_of(file: &str) -> Option<EntryKind> {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    match (folder, name) {
        ("verbs", _) => Some(EntryKind::Verb),
        ("nouns", _) => Some(EntryKind::Noun),
        ("phrases", _) => Some(EntryKind::Phrase),
        ("words", _) => Some(EntryKind::Word),
        ("names", n) if n.starts_with("countries") => Some(EntryKind::Country),
        ("names", n) if n.starts_with("actors") => Some(EntryKind::Actor),
        ("names", n) if n.starts_with("outlets") => Some(EntryKind::Outlet),
        ("names", n) if n.starts_with("places") => Some(EntryKind::Place),
        ("names", n) if n.starts_with("weapons") => Some(EntryKind::Weapon),
        ("", n) if n.starts_with("titles") => Some(EntryKind::Title),
        _ => None,
    }
}

/// Universal POS tags; the order is that of the tagger's labels.
pub const UPOS: [&str; 17] = [
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ",
    "SYM", "VERB", "X",
];

struct Line<'a> {
    file: &'a str,
    number: u32,
    columns: Vec<&'a str>,
}

fn values(column: &str) -> impl Iterator<Item = &str> {
    column.split('|').map(str::trim).filter(|v| !v.is_empty() && *v != "-")
}

fn plain(column: &str) -> &str {
    if column == "-" { "" } else { column }
}

impl<'a> Line<'a> {
    fn want(&self, least: usize, names: &str) -> Result<(), String> {
        if self.columns.len() < least {
            return Err(format!("{} columns, expected at least {least}: {names}", self.columns.len()));
        }
        Ok(())
    }

    fn column(&self, i: usize) -> &'a str {
        self.columns.get(i).copied().unwrap_or("-")
    }

    fn entry(&self, kind: EntryKind, lemma: &'a str, gloss: &'a str) -> Entry<'a> {
        Entry {
            kind,
            lemma,
            gloss: plain(gloss),
            senses: Vec::new(),
            frame: Vec::new(),
            name: None,
            pos: "",
            trigger: 0,
            file: self.file,
            line: self.number,
        }
    }

    fn senses(&self, i: usize) -> Result<Vec<Sense>, String> {
        values(self.column(i)).map(Sense::parse).collect()
    }

    fn frame(&self, i: usize) -> Result<Vec<(&'a str, Role)>, String> {
        let text = self.column(i);
        let mut out = Vec::new();
        for part in text.split_whitespace().filter(|p| *p != "-") {
            // `hidden` marks a saying whose origin the text does not name
            if part == "hidden" {
                out.push(("hidden", Role::Origin));
                continue;
            }
            let (slot, role) = part.split_once('=').ok_or_else(|| format!("frame part {part:?} is not slot=role"))?;
            let role = Role::from_name(role)
                .ok_or_else(|| format!("unknown role {role:?}; known: {}", Role::NAMES.map(|(n, _)| n).join(" ")))?;
            out.push((slot, role));
        }
        Ok(out)
    }

    fn verb(&self) -> Result<Expanded<'a>, String> {
        self.want(6, "lemma, form, root, present, verbal nouns, senses, frame, English")?;
        let forms = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "Q", "QII", "QIV"];
        let form = self.column(1);
        if !forms.contains(&form) {
            return Err(format!("unknown verb form {form:?}; known: {}", forms.join(" ")));
        }
        let root: Vec<char> = self.column(2).split(['-', ' ']).filter_map(|p| p.chars().next()).collect();
        if !(3..=4).contains(&root.len()) {
            return Err(format!("root {:?} has {} letters, expected 3 or 4", self.column(2), root.len()));
        }
        let present = self.column(3);
        if !present.starts_with('ي') {
            return Err(format!("present {present:?} does not begin with ي (third person singular)"));
        }
        let mut entry = self.entry(EntryKind::Verb, self.column(0), self.column(7));
        entry.senses = self.senses(5)?;
        entry.frame = self.frame(6)?;
        let mut cells = Vec::new();
        Verb { past: self.column(0), form, root, present }.paradigm(&mut cells);
        for m in values(self.column(4)) {
            nominal(m, Form::VerbalNoun, &mut cells);
        }
        Ok(Expanded { entry, cells })
    }

    fn noun(&self) -> Result<Expanded<'a>, String> {
        self.want(4, "lemma, gender, plurals, senses, frame, English")?;
        if !matches!(self.column(1), "m" | "f" | "-" | "p" | "mf" | "m/f") {
            return Err(format!("gender {:?}, expected m or f", self.column(1)));
        }
        let mut entry = self.entry(EntryKind::Noun, self.column(0), self.column(5));
        entry.senses = self.senses(3)?;
        entry.frame = self.frame(4)?;
        let plurals: Vec<&str> = values(self.column(2)).collect();
        let mut cells = Vec::new();
        if self.column(0).contains(' ') {
            cells.push((self.column(0).to_string(), Form::Singular, Agreement::default()));
            for p in plurals {
                cells.push((p.to_string(), Form::Plural, Agreement { person: 0, feminine: false, number: 3 }));
            }
        } else {
            noun(self.column(0), &plurals, &mut cells);
        }
        Ok(Expanded { entry, cells })
    }

    fn phrase(&self, forms_of: impl Fn(&str) -> Vec<String>) -> Result<Expanded<'a>, String> {
        self.want(2, "phrase, senses, frame, English")?;
        let mut entry = self.entry(EntryKind::Phrase, self.column(0), self.column(3));
        entry.senses = self.senses(1)?;
        entry.frame = self.frame(2)?;
        let mut spellings = vec![String::new()];
        for (i, word) in self.column(0).split_whitespace().enumerate() {
            let (word, marked) = word.strip_suffix('*').map_or((word, false), |w| (w, true));
            if marked {
                entry.trigger = i as u8;
            }
            let choices = match word.strip_prefix('~') {
                Some(lemma) => forms_of(lemma),
                None => vec![word.to_string()],
            };
            if spellings.len() * choices.len() > 60_000 {
                return Err("more than 60,000 spellings: use fewer ~ words".into());
            }
            spellings = spellings
                .iter()
                .flat_map(|s| choices.iter().map(move |c| if s.is_empty() { c.clone() } else { format!("{s} {c}") }))
                .collect();
        }
        let cells = spellings.into_iter().map(|s| (s, Form::Phrase, Agreement::default())).collect();
        Ok(Expanded { entry, cells })
    }

    fn named(&self, entry: Entry<'a>, lists: &[(usize, Form)]) -> Result<Expanded<'a>, String> {
        let mut cells = Vec::new();
        for (column, form) in lists {
            for v in values(self.column(*column)) {
                cells.push((v.to_string(), *form, Agreement::default()));
            }
        }
        if cells.is_empty() {
            return Err("no name given".into());
        }
        Ok(Expanded { entry, cells })
    }

    /// A coordinate within ±`most` degrees; not a number where the column is empty.
    fn degrees(&self, i: usize, most: f32) -> Result<f32, String> {
        match plain(self.column(i)) {
            "" => Ok(f32::NAN),
            t => match t.parse::<f32>() {
                Ok(d) if d.abs() <= most => Ok(d),
                _ => Err(format!("{t:?} is not a coordinate within ±{most}")),
            },
        }
    }

    fn country(&self) -> Result<Expanded<'a>, String> {
        self.want(4, "alpha-3, alpha-2, English, names, demonyms, metonyms, latitude, longitude")?;
        if self.column(0).len() != 3 {
            return Err(format!("{:?} is not an ISO 3166 alpha-3 code", self.column(0)));
        }
        let lemma = values(self.column(3)).next().unwrap_or("");
        let mut entry = self.entry(EntryKind::Country, lemma, self.column(2));
        entry.name = Some(NameInfo {
            kind: "GPE",
            country: self.column(0),
            detail: "country",
            latitude: self.degrees(6, 90.0)?,
            longitude: self.degrees(7, 180.0)?,
            ..NameInfo::default()
        });
        self.named(entry, &[(3, Form::Name), (4, Form::Demonym), (5, Form::Metonym)])
    }

    fn actor(&self, kind: EntryKind) -> Result<Expanded<'a>, String> {
        self.want(5, "type, country, sector, English, names, short names, loaded names")?;
        if EntityType::from_code(self.column(0)).is_none() {
            return Err(format!("unknown entity type {:?}", self.column(0)));
        }
        let lemma = values(self.column(4)).next().unwrap_or("");
        let mut entry = self.entry(kind, lemma, self.column(3));
        entry.name = Some(NameInfo {
            kind: self.column(0),
            country: plain(self.column(1)),
            detail: plain(self.column(2)),
            family: if kind == EntryKind::Outlet && self.file.ends_with(AGENCIES) { AGENCY } else { "" },
            latitude: f32::NAN,
            longitude: f32::NAN,
            ..NameInfo::default()
        });
        self.named(entry, &[(4, Form::Name), (5, Form::ShortName), (6, Form::LoadedName)])
    }

    fn place(&self) -> Result<Expanded<'a>, String> {
        self.want(5, "type, country, level, English, names, latitude, longitude")?;
        if !matches!(self.column(0), "GPE" | "LOC" | "FAC") {
            return Err(format!("type {:?}, expected GPE, LOC or FAC", self.column(0)));
        }
        let lemma = values(self.column(4)).next().unwrap_or("");
        let mut entry = self.entry(EntryKind::Place, lemma, self.column(3));
        entry.name = Some(NameInfo {
            kind: self.column(0),
            country: plain(self.column(1)),
            detail: plain(self.column(2)),
            latitude: self.degrees(5, 90.0)?,
            longitude: self.degrees(6, 180.0)?,
            ..NameInfo::default()
        });
        self.named(entry, &[(4, Form::Name)])
    }

    fn weapon(&self) -> Result<Expanded<'a>, String> {
        self.want(5, "class, family, model, English, names")?;
        let lemma = values(self.column(4)).next().unwrap_or("");
        let mut entry = self.entry(EntryKind::Weapon, lemma, self.column(3));
        entry.name = Some(NameInfo {
            kind: "EQP",
            detail: self.column(0),
            family: plain(self.column(1)),
            model: plain(self.column(2)),
            latitude: f32::NAN,
            longitude: f32::NAN,
            ..NameInfo::default()
        });
        let mut e = self.named(entry, &[(4, Form::Name)])?;
        // class words bend like nouns: طائرة، طائرتين
        if plain(self.column(2)).is_empty() {
            let first = e.entry.lemma;
            let mut cells = Vec::new();
            match first.split_once(' ') {
                None => noun(first, &[""], &mut cells),
                Some((head, rest)) => {
                    noun(head, &[""], &mut cells);
                    for c in &mut cells {
                        c.0 = format!("{} {rest}", c.0);
                    }
                }
            }
            e.cells.extend(cells.into_iter().filter(|c| c.1 == Form::Dual));
        }
        Ok(e)
    }

    fn title(&self) -> Result<Expanded<'a>, String> {
        self.want(2, "kind, masculine singular, other forms, English")?;
        let mut entry = self.entry(EntryKind::Title, self.column(1), self.column(3));
        entry.name = Some(NameInfo { kind: self.column(0), ..NameInfo::default() });
        let mut e = self.named(entry, &[(1, Form::Singular), (2, Form::Plural)])?;
        // duals are listed among the other forms: -ان, and -ين where no -ون is the plural
        let lemma = e.entry.lemma;
        let ends = |spelling: &str, end: &str| spelling.strip_suffix(end) == Some(lemma);
        let sound = e.cells.iter().any(|c| ends(&c.0, "ون"));
        for c in e.cells.iter_mut().filter(|c| ends(&c.0, "ان") || !sound && ends(&c.0, "ين")) {
            c.2.number = 2;
        }
        Ok(e)
    }

    fn word(&self) -> Result<Expanded<'a>, String> {
        self.want(3, "form with + between parts, POS of each part, lemma")?;
        let parts = self.column(0).split('+').count();
        let tags = self.column(1).split('+').count();
        if parts != tags {
            return Err(format!("{parts} parts but {tags} tags"));
        }
        if let Some(bad) = self.column(1).split('+').find(|t| !UPOS.contains(t)) {
            return Err(format!("{bad:?} is no Universal POS tag"));
        }
        let mut entry = self.entry(EntryKind::Word, self.column(2), self.column(0));
        entry.pos = self.column(1);
        let cells = vec![(self.column(0).replace('+', ""), Form::Word, Agreement::default())];
        Ok(Expanded { entry, cells })
    }
}
