//! Who refers to whom: mentions of one thing in the article gathered into an entity.

use hashbrown::{HashMap, HashSet};
use lexicon::{Entry, EntryKind, Form, NameInfo};
use model::{Entity, EntityType, Location};

use crate::article::{Article, Match};
use crate::spans::{Kind, Phrase};
use crate::words::{Knowledge, Words};

/// What the lexicon knows of a mention.
struct Known {
    id: u32,
    country: String,
    sector: String,
    name: String,
    key: String,
    location: Option<Location>,
}

/// Gathers the entity phrases into entities, in order of first mention; also the entity of each phrase.
/// Linear in the mentions.
pub fn gather(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
) -> (Vec<Entity>, Vec<Option<usize>>) {
    let mut entities: Vec<Entity> = Vec::new();
    let mut of: Vec<Option<usize>> = vec![None; phrases.len()];
    // folded words of each entity's fullest mention
    let mut fullest: Vec<String> = Vec::new();
    let mut by_entry: HashMap<(EntityType, u32), usize> = HashMap::new();
    let mut by_country: HashMap<String, usize> = HashMap::new();
    let mut by_text: HashMap<(EntityType, String), usize> = HashMap::new();
    let mut by_part: HashMap<(EntityType, String), usize> = HashMap::new();
    let countries = std::cell::OnceCell::new();
    let countries = || -> &Countries<'_> { countries.get_or_init(|| Countries::of(article, words, knowledge)) };
    for (i, p) in phrases.iter().enumerate() {
        let Kind::Entity(kind) = p.kind else { continue };
        let core = core_words(article, words, p, kind);
        let text = core.join(" ");
        let town = kind == EntityType::Gpe && stands_for_a_town(article, words, p);
        let known = lookup(article, words, knowledge, p, kind, town, countries);
        let found = match &known {
            Some(k) if kind == EntityType::Gpe && k.sector == "country" => by_country.get(&k.country).copied(),
            Some(k) => by_entry.get(&(kind, k.id)).copied(),
            None => None,
        }
        // the same words, unless they are known to name two («طرابلس» the government and the town)
        .or_else(|| {
            let same = by_text.get(&(kind, text.clone())).copied();
            same.filter(|at| known.is_none() || entities[*at].key.is_empty())
        })
        .or_else(|| match kind {
            // a person by the last name, a body by its head («الجيش» after «الجيش الليبي»)
            EntityType::Per => core.last().and_then(|w| by_part.get(&(kind, w.clone())).copied()),
            EntityType::Gpe | EntityType::Eqp => None,
            _ if core.len() == 1 => by_part.get(&(kind, text.clone())).copied(),
            _ => None,
        });
        let at = found.unwrap_or_else(|| {
            entities.push(Entity {
                id: format!("e{}", entities.len() + 1),
                kind,
                name: known.as_ref().map_or_else(|| written(article, words, p), |k| k.name.clone()),
                country: match &known {
                    Some(k) => Some(k.country.clone()).filter(|c| !c.is_empty()),
                    None => told_country(article, words, knowledge, p, kind),
                },
                sector: known.as_ref().map(|k| k.sector.clone()).filter(|s| !s.is_empty() && kind != EntityType::Gpe),
                key: known.as_ref().map(|k| k.key.clone()).unwrap_or_default(),
                location: known.as_ref().and_then(|k| k.location.clone()),
                mentions: Vec::new(),
            });
            entities.len() - 1
        });
        of[i] = Some(at);
        match &known {
            None if fullest.len() <= at => fullest.push(text.clone()),
            None if text.len() > fullest[at].len() => fullest[at].clone_from(&text),
            Some(_) if fullest.len() <= at => fullest.push(String::new()),
            _ => {}
        }
        entities[at].mentions.push(p.span(article, words));
        if let Some(k) = known {
            // named in full only now; the last name alone does not make somebody else of a person named in full before
            let e = &mut entities[at];
            let other = kind == EntityType::Per && core.len() == 1 && fullest[at].contains(' ');
            if e.key.is_empty() && !other {
                e.name.clone_from(&k.name);
                e.key.clone_from(&k.key);
                e.location.clone_from(&k.location);
                e.country = Some(k.country.clone()).filter(|c| !c.is_empty());
                e.sector = Some(k.sector.clone()).filter(|s| !s.is_empty() && kind != EntityType::Gpe);
            }
            if other {
                // this mention names the person of the article
            } else if kind == EntityType::Gpe && k.sector == "country" {
                by_country.entry(k.country).or_insert(at);
            } else {
                by_entry.entry((kind, k.id)).or_insert(at);
            }
        }
        if let Some(part) = if kind == EntityType::Per { core.last() } else { core.first() } {
            by_part.insert((kind, part.clone()), at);
        }
        by_text.insert((kind, text), at);
    }
    for (e, words) in entities.iter_mut().zip(fullest) {
        e.mentions.sort_unstable();
        e.mentions.dedup();
        if e.key.is_empty() {
            e.key = format!("word:{}:{words}", e.kind.code());
        }
    }
    (entities, of)
}

/// The same for the same thing in every article: names of the lexicon by kind, country and English name.
pub fn key(entry: &Entry<'_>, name: &NameInfo<'_>) -> String {
    match entry.kind {
        EntryKind::Country => format!("country:{}", name.country),
        EntryKind::Place => {
            let country = if name.country.is_empty() { "-" } else { name.country };
            format!("place:{country}:{}:{}", name.detail, entry.gloss)
        }
        EntryKind::Weapon => format!("weapon:{}", entry.gloss),
        EntryKind::Outlet => format!("outlet:{}", entry.gloss),
        _ => format!("actor:{}", entry.gloss),
    }
}

/// The country that a name itself tells of: «الرئاسة الروسية», «وزير الخارجية السعودي». None where it tells of two.
fn told_country(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    p: &Phrase,
    kind: EntityType,
) -> Option<String> {
    if !matches!(kind, EntityType::Org | EntityType::Mil | EntityType::Per | EntityType::Med) {
        return None;
    }
    let demonym = |i: usize| {
        let of = |l: &&crate::words::Lexeme| l.kind == EntryKind::Country && l.form == Form::Demonym;
        let lexeme = article.word(words, i).lexemes.iter().find(of)?;
        Some(knowledge.entry(lexeme.entry)?.name?.country)
    };
    let mut told = (p.first..=p.last).filter_map(demonym);
    let country = told.next().filter(|c| !c.is_empty())?;
    told.all(|other| other == country).then(|| country.to_string())
}

/// The words of a mention as written, without the clitics before it.
fn written(article: &Article<'_>, words: &Words, p: &Phrase) -> String {
    let span = article.tokens.all()[p.first].span;
    let cut = (crate::spans::without_clitics(article, words, p.first, span) - span.start) as usize;
    (p.first..=p.last)
        .map(|i| {
            let s = article.tokens.surface(i);
            if i == p.first { s.char_indices().nth(cut).map_or(s, |(at, _)| &s[at..]) } else { s }
        })
        .filter(|s| s.chars().any(char::is_alphanumeric))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The tokens of a mention that are neither titles nor marks.
fn core_tokens(article: &Article<'_>, words: &Words, p: &Phrase, kind: EntityType) -> impl Iterator<Item = usize> {
    let last = p.last;
    (p.first..=last).filter(move |i| {
        let w = article.word(words, *i);
        let title = kind == EntityType::Per && w.any(|l| l.kind == EntryKind::Title);
        let in_title_match = kind == EntityType::Per
            && article.name_of[*i] > 0
            && article.names.get(article.name_of[*i] as usize - 1).is_some_and(|m| m.kind == EntryKind::Title);
        w.kind != arabic::Kind::Punct && (*i == last || !(title || in_title_match))
    })
}

/// The words of a mention without titles, clitics and marks.
fn core_words(article: &Article<'_>, words: &Words, p: &Phrase, kind: EntityType) -> Vec<String> {
    let bare = |i: usize| {
        let w = article.word(words, i);
        let bare = if i == p.first { &w.norm[usize::from(w.head_cut_bytes)..] } else { &w.norm };
        bare.strip_prefix("ال").filter(|r| r.chars().count() > 2).unwrap_or(bare).to_string()
    };
    core_tokens(article, words, p, kind).map(bare).collect()
}

/// Levels of places, the one first that a bare name most likely means.
const LEVELS: [&str; 5] = ["city", "town", "village", "adm1", "adm2"];

/// Nouns that make the name after them a town's (folded).
const TOWNS: [&str; 8] = ["مدينه", "بلده", "قريه", "المدينه", "البلده", "القريه", "العاصمه", "ضاحيه"];

/// What an article tells of a country.
#[derive(Default)]
struct Sign {
    /// How often it names the country, its people or its government.
    named: u32,
    /// Which bodies and persons of the country it names: one of them, and whether there are others.
    own: Option<(u32, bool)>,
}

/// The countries that an article speaks of.
#[derive(Default)]
struct Countries<'k> {
    signs: HashMap<&'k str, Sign>,
    /// Entries that the article names by several words.
    in_full: HashSet<u32>,
}

impl<'k> Countries<'k> {
    /// Linear in the tokens.
    fn of(article: &Article<'_>, words: &Words, knowledge: &'k Knowledge) -> Self {
        let mut out = Self::default();
        for id in &article.types {
            let lexemes = &words.get(*id).lexemes;
            let first = lexemes.iter().find(|l| l.kind == EntryKind::Country);
            if let Some(n) = first.and_then(|l| knowledge.entry(l.entry)).and_then(|e| e.name) {
                out.signs.entry(n.country).or_default().named += 1;
            }
            // a word that may be more than a body or a person («الشريف») tells of no country
            if let Some(l) = lexemes.first().filter(|l| lexemes.len() == 1 || l.kind == EntryKind::Place) {
                out.bears(l.entry, l.kind, knowledge);
            }
        }
        for m in &article.names {
            out.bears(m.entry, m.kind, knowledge);
            out.in_full.insert(m.entry);
        }
        out
    }

    fn bears(&mut self, entry: u32, kind: EntryKind, knowledge: &'k Knowledge) {
        if !matches!(kind, EntryKind::Actor | EntryKind::Place) {
            return;
        }
        let Some(n) = knowledge.entry(entry).and_then(|e| e.name).filter(|n| !n.country.is_empty()) else { return };
        let own = &mut self.signs.entry(n.country).or_default().own;
        *own = Some(own.map_or((entry, false), |(first, more)| (first, more || first != entry)));
    }

    /// How often the article names a country.
    fn named(&self, country: &str) -> u32 {
        self.signs.get(country).map_or(0, |s| s.named)
    }

    /// Whether the article speaks of other countries, and of this one by this entry alone.
    fn elsewhere(&self, country: &str, entry: u32) -> bool {
        let spoken = |s: &Sign| s.named > 0 || s.own.is_some_and(|(first, more)| more || first != entry);
        !self.signs.get(country).is_some_and(spoken) && self.signs.values().any(|s| s.named > 0)
    }
}

/// Whether a capital stands here for its town, not for the government: after a preposition of place or a noun of
/// places («في موسكو», «مطار طرابلس», «ضواحي دمشق»).
fn stands_for_a_town(article: &Article<'_>, words: &Words, p: &Phrase) -> bool {
    let first = article.word(words, p.first);
    if matches!(first.prefix.preposition, Some('ب')) || (p.last > p.first && TOWNS.contains(&first.head())) {
        return true;
    }
    let Some(before) = p.first.checked_sub(1).map(|j| article.word(words, j)) else { return false };
    let place = |s: &lexicon::Sense| matches!(s, lexicon::Sense::Class(c) if matches!(lexicon::CLASSES[usize::from(*c)], "place" | "region" | "facility"));
    matches!(
        before.head(),
        "في" | "قرب"
            | "داخل"
            | "خارج"
            | "وسط"
            | "حول"
            | "نحو"
            | "شرق"
            | "غرب"
            | "شمال"
            | "جنوب"
            | "شرقي"
            | "غربي"
            | "شمالي"
            | "جنوبي"
            | "مدينه"
            | "العاصمه"
            | "محيط"
            | "الي"
    ) || before.senses.iter().any(|(s, _, _)| place(s))
}

fn lookup<'c>(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    p: &Phrase,
    kind: EntityType,
    town: bool,
    countries: impl Fn() -> &'c Countries<'c>,
) -> Option<Known> {
    let mut best: Option<Known> = None;
    let mut take = |id: u32| -> bool {
        let Some(e) = knowledge.entry(id) else { return false };
        let Some(n) = e.name else { return false };
        let fits = n.kind == kind.code()
            || (kind == EntityType::Org && n.kind == "MIL")
            || (kind == EntityType::Mil && n.kind == "ORG");
        if fits && e.kind != EntryKind::Title && best.is_none() {
            let sector = if kind == EntityType::Eqp || (kind != EntityType::Gpe && e.kind == EntryKind::Place) {
                ""
            } else {
                n.detail
            };
            best = Some(Known {
                id,
                country: n.country.to_string(),
                sector: sector.to_string(),
                name: e.gloss.to_string(),
                key: key(&e, &n),
                location: (!n.latitude.is_nan() && !n.longitude.is_nan()).then(|| Location {
                    latitude: n.latitude,
                    longitude: n.longitude,
                    level: n.detail.to_string(),
                }),
            });
            return true;
        }
        false
    };
    let core = core_tokens(article, words, p, kind).count();
    let country = |entry: u32| knowledge.entry(entry).and_then(|e| e.name).map_or("", |n| n.country);
    // of one country at least: bodies of several are named everywhere
    let foreign = |entry: u32| {
        let country = country(entry);
        !country.is_empty() && country != "INT" && countries().elsewhere(country, entry)
    };
    let level = |entry: u32| knowledge.entry(entry).and_then(|e| e.name).map_or("", |n| n.detail);
    // a small town of a country that the article does not speak of is another of that name
    let village = matches!(article.word(words, p.first).head(), "قريه" | "بلده" | "القريه" | "البلده");
    let small = |entry: u32| matches!(level(entry), "town" | "village") || village && level(entry) == "city";
    let far = |m: &Meaning| m.kind == EntryKind::Place && small(m.entry) && foreign(m.entry);
    let named = |m: &Meaning| {
        matches!(m.form, Form::Name | Form::ShortName | Form::LoadedName | Form::Demonym | Form::Metonym)
            && knowledge.entry(m.entry).and_then(|e| e.name).is_some_and(|n| n.kind == kind.code())
    };
    let chosen = |all: Vec<Meaning>| choose(all, town, level, |entry| countries().named(country(entry)));
    for m in article.names_within(p.first, p.last) {
        // a last name is not the person of that name whom the lexicon knows, where another first name stands before it or
        // another last name behind; a whole name with a further one behind is that person's where the article speaks of
        // their country
        let other = kind == EntityType::Per && core > 1 && {
            let mut core = core_tokens(article, words, p, kind);
            let before = core.next().is_some_and(|i| i < m.first);
            // no name goes on behind a preposition
            let behind = core.find(|i| *i > m.last).filter(|i| {
                let w = article.word(words, *i);
                !w.preposition && w.prefix.preposition.is_none()
            });
            if m.first == m.last || m.form == Form::ShortName {
                before || behind.is_some()
            } else {
                behind.is_some_and(|i| article.tokens.norm(i) != "ال" && foreign(m.entry))
            }
        };
        let meaning = Meaning { entry: m.entry, kind: m.kind, form: m.form };
        // words that name several bodies or persons identify none of them; of places one may be meant
        let meaning = match kind {
            _ if !m.shared => Some(meaning),
            EntityType::Gpe | EntityType::Loc => {
                chosen(meanings(article, words, knowledge, m).into_iter().filter(named).collect())
            }
            _ => None,
        };
        if let Some(meaning) = meaning.filter(|m| !other && !far(m))
            && take(meaning.entry)
        {
            return best;
        }
    }
    // a single word names the whole only where the rest are titles or heads of names
    if core == 1 || (kind != EntityType::Per && p.last - p.first <= 2) {
        for i in (p.first..=p.last).rev() {
            let w = article.word(words, i);
            let all = w.lexemes.iter().map(|l| Meaning { entry: l.entry, kind: l.kind, form: l.form });
            let Some(first) = chosen(all.filter(named).collect()) else { continue };
            let demonym = first.form == Form::Demonym && p.first != p.last;
            // «وكالات الأنباء» are agencies, not the paper «الأنباء»
            let agencies = first.kind == EntryKind::Outlet
                && i > p.first
                && w.bare() == "انباء"
                && matches!(article.word(words, i - 1).bare(), "وكاله" | "وكالات");
            // a last name alone is many people's
            let stranger = kind == EntityType::Per
                && first.kind == EntryKind::Actor
                && !countries().in_full.contains(&first.entry)
                && foreign(first.entry);
            // «كواتار مالي»: a word that nobody knows makes another name of it
            let part =
                matches!(kind, EntityType::Gpe | EntityType::Loc) && i > p.first && unknown(article.word(words, i - 1));
            if !demonym && !agencies && !stranger && !part && !far(&first) && take(first.entry) {
                return best;
            }
        }
    }
    None
}

/// Whether the lexicon knows nothing of a word.
fn unknown(w: &crate::words::WordType) -> bool {
    w.kind == arabic::Kind::Arabic && w.lexemes.is_empty() && w.number.is_none()
}

/// One thing that words may name.
#[derive(Clone, Copy)]
struct Meaning {
    entry: u32,
    kind: EntryKind,
    form: Form,
}

/// Everything that the words of a match name, countries first as among the readings of a word.
fn meanings(article: &Article<'_>, words: &Words, knowledge: &Knowledge, m: &Match) -> Vec<Meaning> {
    let mut out: Vec<Meaning> = Vec::new();
    for start in &article.word(words, m.first).phrase_starts {
        for (lexicon, bit) in knowledge.layers() {
            let first = lexicon.walk(lexicon.start(), &article.tokens.norm(m.first)[usize::from(*start)..]);
            let whole = (m.first + 1..=m.last).try_fold(first, |at, i| {
                let next = lexicon.walk(at?, " ")?;
                Some(lexicon.walk(next, article.tokens.norm(i)))
            });
            let Some(Some(whole)) = whole else { continue };
            out.extend(lexicon.finish(whole).filter_map(|p| {
                let kind = lexicon.kind(p.entry)?;
                (kind != EntryKind::Word).then_some(Meaning { entry: p.entry | bit, kind, form: p.form })
            }));
        }
    }
    out.sort_by_key(|m| m.kind != EntryKind::Country);
    out
}

/// Which of several things the words name: a country by its capital unless the town is meant; of places with one name the
/// one of the highest level, and of towns that of the country that the article `names` most. None where it stays open.
fn choose<'l>(
    mut all: Vec<Meaning>,
    town: bool,
    level: impl Fn(u32) -> &'l str,
    names: impl Fn(u32) -> u32,
) -> Option<Meaning> {
    let a_town = |m: &Meaning| m.kind == EntryKind::Place && m.form == Form::Name;
    if town && all.iter().any(a_town) {
        all.retain(a_town);
    }
    let first = *all.first()?;
    if first.kind == EntryKind::Country || all.iter().all(|m| m.entry == first.entry) {
        return Some(first);
    }
    if all.iter().any(|m| m.kind != EntryKind::Place) {
        return None;
    }
    // a town gives its name to its province
    let rank = |m: &Meaning| LEVELS.iter().position(|x| *x == level(m.entry)).unwrap_or(LEVELS.len());
    let highest = all.iter().map(rank).min()?;
    all.retain(|m| rank(m) == highest);
    let best = *all.iter().rev().max_by_key(|m| names(m.entry))?;
    let open = all.iter().any(|m| m.entry != best.entry && names(m.entry) == names(best.entry));
    (!open).then_some(best)
}
