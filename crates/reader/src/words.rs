//! What is known of a written word by itself, worked out once per word type and kept.
//!
//! Newspaper text repeats itself: most tokens are types seen before. Everything that depends on the spelling alone
//! (clitic cuts, lexicon readings, features and their summed weights) is therefore a property of the type, kept in a
//! bounded cache. The cache changes speed, never results.

use arabic::Kind;
use arabic::clitic::{Prefix, splits};
use hashbrown::HashMap;
use learn::{Key, key, key_of, lexical};
use lexicon::{Agreement, Entry, EntryKind, Form, Lexicon, Sense};

use crate::clusters::Clusters;

/// One reading of a word: an entry, the form of it, and the cut that laid it bare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lexeme {
    /// Entry number; bit 31 set for the user's overlay.
    pub entry: u32,
    /// Which form of the entry.
    pub form: Form,
    /// Its person, gender, number.
    pub agreement: Agreement,
    /// Kind of entry.
    pub kind: EntryKind,
    /// What stands before the stem.
    pub prefix: Prefix,
    /// Bytes of the folded word before the stem.
    pub prefix_len: u8,
    /// Whether a pronoun is attached.
    pub pronoun: bool,
    /// Cost of the cut; 0 is the whole word.
    pub cost: u8,
}

/// A written word as a type.
#[derive(Debug)]
pub struct WordType {
    /// Folded spelling.
    pub norm: Box<str>,
    /// What it is made of.
    pub kind: Kind,
    /// Readings, the cheapest cut first.
    pub lexemes: Vec<Lexeme>,
    /// Senses over all readings, with the form that carries each.
    pub senses: Vec<(Sense, Form, u32)>,
    /// What is taken to stand before the stem.
    pub prefix: Prefix,
    /// Code points of conjunction and preposition before the word proper (article kept, except in لل).
    pub head_cut: u8,
    /// Bytes of the same.
    pub head_cut_bytes: u8,
    /// The stem, folded.
    pub stem: Box<str>,
    /// The attached pronoun, or empty.
    pub suffix: Box<str>,
    /// Feature atoms, the most telling first.
    pub atoms: Vec<Key>,
    /// How many atoms are used two words away, and three.
    pub near: (usize, usize),
    /// Byte offsets in `norm` from which a multi-word entry may begin.
    pub phrase_starts: Vec<u8>,
    /// Numeral class.
    pub number: Option<arabic::numeral::NumWord>,
    /// Class in dates and times.
    pub time: Option<arabic::time::TimeWord>,
    /// Hash of the folded spelling.
    pub norm_key: Key,
    /// Hash of the stem.
    pub stem_key: Key,
    /// Coarse word class ([`crate::article::class_of`]).
    pub class: Key,
    /// Whether it is a preposition standing by itself.
    pub preposition: bool,
    /// First telling sense ([`crate::triggers::sense_of`]), 0 for none.
    pub sense: Key,
    /// How it holds what it governs, 0 for nothing said.
    pub outlook: u8,
}

/// Types of words, interned; bounded.
#[derive(Default)]
pub struct Words {
    /// By what the word is made of: «﷼» folds to the letters of «ريال» and is another type.
    index: [HashMap<Box<str>, u32>; 4],
    types: Vec<WordType>,
    /// How often each was met; halved whenever the rarest are forgotten.
    met: Vec<u32>,
}

/// How many types are kept before the rarest are forgotten between articles. With its sums a type takes about 2 kB.
const MOST: usize = 16_500;
/// How many are left then, at most.
const LEFT: usize = 11_500;

/// The lexicons in use: the project's own and, over it, the user's.
pub struct Knowledge {
    /// The project's own.
    pub base: Lexicon,
    /// The user's.
    pub overlay: Option<Lexicon>,
    /// Word clusters, part of the model.
    pub clusters: Clusters,
}

const OVERLAY: u32 = 1 << 31;

impl Knowledge {
    /// Entry by number, from the overlay where bit 31 says so.
    pub fn entry(&self, id: u32) -> Option<Entry<'_>> {
        if id & OVERLAY != 0 { self.overlay.as_ref()?.entry(id & !OVERLAY) } else { self.base.entry(id) }
    }

    /// The lexicons with the bit that marks their entries.
    pub fn layers(&self) -> impl Iterator<Item = (&Lexicon, u32)> {
        std::iter::once((&self.base, 0)).chain(self.overlay.as_ref().map(|o| (o, OVERLAY)))
    }
}

impl Words {
    /// Forgets the types that were met least if too many are kept, and gives the former numbers of those left, in the
    /// order of their new ones; to be called between articles.
    pub fn trim(&mut self) -> Option<Vec<u32>> {
        if self.types.len() <= MOST {
            return None;
        }
        let mut left: Vec<u32> = (0..self.types.len() as u32).filter(|i| self.met[*i as usize] > 1).collect();
        left.sort_by_key(|i| std::cmp::Reverse(self.met[*i as usize]));
        left.truncate(LEFT);
        let mut numbers = vec![None; self.types.len()];
        for (new, old) in left.iter().enumerate() {
            numbers[*old as usize] = Some(new as u32);
        }
        for index in &mut self.index {
            index.retain(|_, i| {
                let number = numbers[*i as usize];
                *i = number.unwrap_or(0);
                number.is_some()
            });
        }
        let mut types: Vec<Option<WordType>> = std::mem::take(&mut self.types).into_iter().map(Some).collect();
        self.types = left.iter().filter_map(|i| types[*i as usize].take()).collect();
        self.met = left.iter().map(|i| self.met[*i as usize] / 2).collect();
        Some(left)
    }

    /// Number of the type of this folded word.
    pub fn intern(&mut self, norm: &str, kind: Kind, knowledge: &Knowledge) -> u32 {
        if let Some(&i) = self.index[kind as usize].get(norm) {
            let met = &mut self.met[i as usize];
            *met = met.saturating_add(1);
            return i;
        }
        let i = self.types.len() as u32;
        self.types.push(describe(norm, kind, knowledge));
        self.met.push(1);
        self.index[kind as usize].insert(norm.into(), i);
        i
    }

    /// The type of this number.
    #[inline]
    pub fn get(&self, i: u32) -> &WordType {
        &self.types[i as usize]
    }

    /// How many types are kept.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }
}

impl WordType {
    /// Whether some reading satisfies `f`.
    pub fn any(&self, f: impl Fn(&Lexeme) -> bool) -> bool {
        self.lexemes.iter().any(f)
    }

    /// Whether some cheapest reading is a finite verb.
    pub fn finite_verb(&self) -> bool {
        let least = self.lexemes.first().map_or(0, |l| l.cost);
        self.lexemes
            .iter()
            .take_while(|l| l.cost == least)
            .any(|l| matches!(l.form, Form::Past | Form::Present | Form::PastPassive | Form::PresentPassive))
    }

    /// The folded word without its conjunction.
    pub fn head(&self) -> &str {
        match self.prefix.conjunction {
            Some(c) => self.norm.strip_prefix(c).unwrap_or(&self.norm),
            None => &self.norm,
        }
    }

    /// The stem without its article.
    pub fn bare(&self) -> &str {
        self.stem.strip_prefix("ال").unwrap_or(&self.stem)
    }

    /// Whether the word has a sense of saying.
    pub fn says(&self) -> bool {
        self.senses.iter().any(|(s, _, _)| matches!(s, Sense::Say { .. } | Sense::Relay))
    }
}

fn fits(prefix: &Prefix, suffix: &str, form: Form, kind: EntryKind) -> bool {
    let finite =
        matches!(form, Form::Past | Form::Present | Form::PastPassive | Form::PresentPassive | Form::Imperative);
    let name = matches!(form, Form::Name | Form::ShortName | Form::LoadedName | Form::Metonym | Form::Phrase);
    if prefix.future && !matches!(form, Form::Present | Form::PresentPassive) {
        return false;
    }
    if prefix.article && (finite || (name && kind != EntryKind::Weapon)) {
        return false;
    }
    if let Some(p) = prefix.preposition
        && finite
        && !(p == 'ل' && matches!(form, Form::Present | Form::PresentPassive))
    {
        return false;
    }
    if !suffix.is_empty() {
        if name || form == Form::Demonym || kind == EntryKind::Country {
            return false;
        }
        // ني goes with verbs, ي with nouns
        if suffix == "ني" && !finite || suffix == "ي" && finite {
            return false;
        }
    }
    true
}

fn describe(norm: &str, kind: Kind, knowledge: &Knowledge) -> WordType {
    let mut lexemes: Vec<Lexeme> = Vec::new();
    let mut stems: Vec<(u8, usize, usize)> = Vec::new(); // cost, stem start, stem end
    let mut phrase_starts = Vec::new();
    let continues = |(l, _): (&Lexicon, u32)| l.walk(l.start(), norm).and_then(|w| l.walk(w, " ")).is_some();
    if norm.len() < 200 && knowledge.layers().any(continues) {
        phrase_starts.push(0);
    }
    let mut best_cut: Option<(u8, Prefix, usize, usize)> = None;
    let listed = listed_cut(norm, knowledge);
    if kind == Kind::Arabic && norm.len() < 80 {
        splits(norm, |s| {
            let mut cost = u8::from(s.prefix.conjunction.is_some()) * 3
                + u8::from(s.prefix.preposition.is_some()) * 3
                + u8::from(s.prefix.future) * 2
                + u8::from(s.prefix.article)
                + u8::from(!s.suffix.is_empty()) * 3;
            if s.stem.chars().count() < 3 {
                cost += 2;
            }
            // a listed word form says how it is cut: readings cut alike come first
            if let Some((p, _, end)) = listed {
                let alike = p.conjunction == s.prefix.conjunction
                    && p.preposition == s.prefix.preposition
                    && p.future == s.prefix.future
                    && (end < norm.len()) != s.suffix.is_empty();
                cost = if alike { u8::from(s.prefix.article) } else { cost + 2 };
            }
            let mut hit = false;
            // whether a multi-word entry goes on after the spelling
            let mut take = |spelling: &str, prefix: Prefix, prefix_len: usize, extra: u8| -> bool {
                let mut continues = false;
                for (lexicon, bit) in knowledge.layers() {
                    let Some(walk) = lexicon.walk(lexicon.start(), spelling) else { continue };
                    continues |= lexicon.walk(walk, " ").is_some();
                    for p in lexicon.finish(walk) {
                        let Some(kind) = lexicon.kind(p.entry) else { continue };
                        if fits(&prefix, s.suffix, p.form, kind) {
                            hit = true;
                            lexemes.push(Lexeme {
                                entry: p.entry | bit,
                                form: p.form,
                                agreement: p.agreement,
                                kind,
                                prefix,
                                prefix_len: prefix_len as u8,
                                pronoun: !s.suffix.is_empty(),
                                cost: cost + extra,
                            });
                        }
                    }
                }
                continues
            };
            let continues = take(s.stem, s.prefix, s.prefix_len, 0);
            // ه of a ة written ت before a pronoun is listed by the compiler; the article of a name hides in لل
            if s.prefix.article {
                let name = format!("ال{}", s.stem);
                let at = s.prefix_len.saturating_sub(4);
                take(&name, Prefix { article: false, ..s.prefix }, at, 0);
            }
            if hit {
                let start = s.prefix_len;
                stems.push((cost, start, start + s.stem.len()));
                if best_cut.is_none_or(|b| cost < b.0) {
                    best_cut = Some((cost, s.prefix, start, start + s.stem.len()));
                }
            }
            if s.suffix.is_empty() && s.prefix_len > 0 && continues {
                phrase_starts.push(s.prefix_len as u8);
            }
        });
        lexemes.sort_by_key(|l| (l.cost, l.kind != EntryKind::Word));
        let least = lexemes.first().map_or(0, |l| l.cost);
        // readings that need far more cutting than the best are noise
        lexemes.retain(|l| l.cost <= least + 3);
        let mut seen = Vec::new();
        lexemes.retain(|l| {
            let id = (l.entry, l.form, l.prefix, l.pronoun);
            !seen.contains(&id) && {
                seen.push(id);
                true
            }
        });
        phrase_starts.sort_unstable();
        phrase_starts.dedup();
    } else if kind == Kind::Latin || kind == Kind::Number {
        for (lexicon, bit) in knowledge.layers() {
            for p in lexicon.get(norm) {
                let Some(kind) = lexicon.kind(p.entry) else { continue };
                lexemes.push(Lexeme {
                    entry: p.entry | bit,
                    form: p.form,
                    agreement: p.agreement,
                    kind,
                    prefix: Prefix::default(),
                    prefix_len: 0,
                    pronoun: false,
                    cost: 0,
                });
            }
        }
    }
    let (prefix, stem_start, stem_end) = match (listed, best_cut) {
        (Some(cut), _) => cut,
        (None, Some((_, p, a, b))) => (p, a, b),
        (None, None) => guess_cut(norm, kind),
    };
    let head_cut_bytes = {
        let mut n = 0;
        for c in [prefix.conjunction, prefix.preposition].into_iter().flatten() {
            n += c.len_utf8();
        }
        // the article of لل goes with the preposition
        if prefix.preposition == Some('ل')
            && prefix.article
            && norm[n..].starts_with('ل')
            && !norm[n..].starts_with("لل")
        {
            n += 'ل'.len_utf8();
        }
        n
    };
    let stem: Box<str> = norm[stem_start..stem_end].into();
    let suffix: Box<str> = norm[stem_end..].into();
    lexemes.shrink_to_fit();
    let entries: Vec<Option<Entry<'_>>> = lexemes.iter().map(|l| knowledge.entry(l.entry)).collect();
    let mut senses: Vec<(Sense, Form, u32)> = Vec::new();
    for (l, e) in lexemes.iter().zip(&entries) {
        if let Some(e) = e
            && l.form != Form::Phrase
        {
            for s in &e.senses {
                if !senses.iter().any(|(t, f, _)| t == s && *f == l.form) {
                    senses.push((*s, l.form, l.entry));
                }
            }
        }
    }
    senses.shrink_to_fit();
    let number = arabic::numeral::word_class(norm);
    let time = arabic::time::word_class(norm);
    let mut w = WordType {
        norm: norm.into(),
        kind,
        lexemes,
        senses,
        prefix,
        head_cut: norm[..head_cut_bytes].chars().count() as u8,
        head_cut_bytes: head_cut_bytes as u8,
        stem_key: lexical(key(2, &stem)),
        norm_key: lexical(key(1, norm)),
        stem,
        suffix,
        atoms: Vec::new(),
        near: (0, 0),
        phrase_starts,
        number,
        time,
        class: 0,
        sense: 0,
        outlook: 0,
        preposition: false,
    };
    w.preposition = is_preposition(w.head());
    w.sense = crate::triggers::sense_of(&w.senses);
    let lemmas = w.lexemes.iter().zip(&entries).filter(|(l, _)| l.form != Form::Phrase);
    w.outlook = crate::outlook::class_of(
        &w.stem,
        w.head(),
        lemmas.filter_map(|(l, e)| e.as_ref().map(|e| (l.kind, e.lemma.to_string()))),
    );
    w.class = crate::article::class_of(&w, entries.first().and_then(Option::as_ref));
    (w.atoms, w.near) = atoms(&w, &entries, knowledge);
    w
}

/// The cut of a listed word form: what stands before the stem, and the stem's bytes.
fn listed_cut(norm: &str, knowledge: &Knowledge) -> Option<(Prefix, usize, usize)> {
    let entry = knowledge.layers().find_map(|(l, bit)| {
        l.get(norm).filter(|p| p.form == Form::Word).find_map(|p| knowledge.entry(p.entry | bit))
    })?;
    let mut prefix = Prefix::default();
    let (mut start, mut end) = (0, norm.len());
    let parts: Vec<&str> = entry.gloss.split('+').collect();
    let tags: Vec<&str> = entry.pos.split('+').collect();
    let last = parts.len() - 1;
    let mut main = "";
    for (i, (part, tag)) in parts.iter().zip(&tags).enumerate() {
        let letter = part.chars().next().filter(|_| part.chars().count() == 1);
        match (*tag, letter) {
            _ if i == last && i > 0 && *tag == "PRON" => end -= arabic::letter::fold(part).len(),
            ("CCONJ" | "SCONJ" | "PART", Some(c @ ('و' | 'ف'))) if i < last => prefix.conjunction = Some(c),
            ("ADP" | "SCONJ" | "PART", Some(c @ ('ب' | 'ل' | 'ك'))) if i < last => prefix.preposition = Some(c),
            ("PART", Some('س')) if i < last => prefix.future = true,
            _ => {
                main = tag;
                continue;
            }
        }
        if !(i == last && i > 0) {
            start += part.len();
        }
    }
    if start >= end || !norm.is_char_boundary(start) || !norm.is_char_boundary(end) {
        return None;
    }
    if main != "PROPN" && end - start > 6 {
        let stem = &norm[start..end];
        if stem.starts_with("ال") && end == norm.len() {
            prefix.article = true;
            start += "ال".len();
        } else if prefix.preposition == Some('ل') && stem.starts_with('ل') && matches!(main, "NOUN" | "ADJ") {
            prefix.article = true;
            start += 'ل'.len_utf8();
        }
    }
    Some((prefix, start, end))
}

/// Prepositions that stand by themselves (folded), and the nouns that newspapers use like them.
fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "في" | "من"
            | "الي"
            | "علي"
            | "عن"
            | "مع"
            | "ضد"
            | "بين"
            | "حول"
            | "خلال"
            | "بعد"
            | "قبل"
            | "منذ"
            | "عبر"
            | "لدي"
            | "عند"
            | "نحو"
            | "فوق"
            | "تحت"
            | "امام"
            | "قرب"
            | "داخل"
            | "خارج"
            | "وسط"
            | "بدون"
            | "دون"
            | "حتي"
            | "لصالح"
            | "باتجاه"
            | "تجاه"
            | "بشان"
            | "بحق"
            | "بيد"
            | "بقياده"
            | "بواسطه"
            | "بحضور"
            | "برئاسه"
            | "بدعم"
            | "من قبل"
            | "جراء"
            | "اثر"
            | "وراء"
            | "خلف"
            | "لدعم"
            | "برفقه"
            | "بمشاركه"
            | "اثناء"
            | "باسم"
            | "لمواجهه"
            | "ازاء"
            | "عقب"
            | "ضمن"
            | "بسبب"
            | "نتيجه"
            | "مقابل"
    )
}

/// Cuts an unknown word by its looks.
fn guess_cut(norm: &str, kind: Kind) -> (Prefix, usize, usize) {
    let mut p = Prefix::default();
    let mut at = 0;
    if kind == Kind::Arabic {
        let rest = |at: usize| &norm[at..];
        for c in ['و', 'ف'] {
            let r = rest(at).strip_prefix(c);
            if r.is_some_and(|r| ["ال", "بال", "لل", "كال"].iter().any(|a| r.starts_with(a)) && r.chars().count() > 4)
            {
                p.conjunction = Some(c);
                at += c.len_utf8();
                break;
            }
        }
        for (c, a) in [('ب', "ال"), ('ك', "ال"), ('ل', "ل")] {
            if rest(at).strip_prefix(c).is_some_and(|r| r.starts_with(a) && r.chars().count() > 4) {
                p.preposition = Some(c);
                at += c.len_utf8();
                p.article = true;
                at += a.len();
                return (p, at, norm.len());
            }
        }
        if rest(at).starts_with("ال") && rest(at).chars().count() > 4 {
            p.article = true;
            at += "ال".len();
        }
    }
    (p, at, norm.len())
}

/// The feature atoms of a word, and how many of them are used two words away, and three. `entries` are those of its
/// readings.
fn atoms(w: &WordType, entries: &[Option<Entry<'_>>], knowledge: &Knowledge) -> (Vec<Key>, (usize, usize)) {
    let mut far: Vec<Key> = Vec::with_capacity(16);
    let mut mid: Vec<Key> = Vec::with_capacity(32);
    let mut all: Vec<Key> = Vec::with_capacity(32);
    let push = |list: &mut Vec<Key>, k: Key| {
        if !list.contains(&k) {
            list.push(k);
        }
    };
    let least = w.lexemes.first().map_or(0, |l| l.cost);
    for (l, e) in w.lexemes.iter().zip(entries) {
        let Some(e) = e else { continue };
        let near = u32::from(l.cost > least);
        match l.kind {
            EntryKind::Word => {
                for (i, pos) in e.pos.split('+').enumerate() {
                    push(if i == 0 { &mut mid } else { &mut all }, key(20 + near, pos));
                }
                push(&mut far, key(22 + near, e.pos));
                push(&mut mid, lexical(key(24, e.lemma)));
            }
            EntryKind::Verb | EntryKind::Noun => {
                let form = l.form;
                push(&mut far, key_of(26 + near, format_args!("{form:?}")));
                push(&mut mid, lexical(key(24, e.lemma)));
                push(&mut all, lexical(key_of(28, format_args!("{} {form:?}", e.lemma))));
                for s in &e.senses {
                    let code = s.code();
                    push(&mut mid, key(30 + near, &code));
                    push(&mut all, key_of(32, format_args!("{code} {form:?}")));
                    if let Some((head, _)) = code.split_once('.') {
                        push(&mut mid, key(34, head));
                    }
                }
                if l.agreement.person > 0 {
                    push(&mut all, key_of(36, format_args!("{form:?}{}", l.agreement.person)));
                }
            }
            EntryKind::Phrase => {}
            _ => {
                if let Some(n) = e.name {
                    let (kind, form) = (e.kind, l.form);
                    push(&mut far, key_of(40 + near, format_args!("{kind:?} {} {form:?}", n.kind)));
                    push(&mut mid, key_of(42, format_args!("{kind:?} {} {form:?} {}", n.kind, n.detail)));
                }
            }
        }
    }
    if let Some(n) = w.number {
        push(&mut far, key_of(44, format_args!("{n:?}")));
        push(&mut far, key(45, "num"));
    }
    if let Some(t) = w.time {
        push(&mut far, key_of(46, format_args!("{t:?}")));
        push(&mut far, key(47, "time"));
    }
    push(&mut far, w.stem_key);
    push(&mut mid, w.norm_key);
    if let Some(c) = knowledge.clusters.get(key(1, &w.norm)).or_else(|| knowledge.clusters.get(key(1, &w.stem))) {
        push(&mut far, key_of(50, format_args!("{}", c.coarse)));
        push(&mut mid, key_of(51, format_args!("{}", c.middle)));
        push(&mut mid, key_of(52, format_args!("{}", c.fine)));
    }
    let shape = match w.kind {
        Kind::Arabic => format!("A{}", w.stem.chars().count().min(7)),
        Kind::Latin => "L".to_string(),
        Kind::Number => format!("N{}", w.norm.len().min(6)),
        Kind::Punct => "P".to_string(),
    };
    push(&mut far, key(53, &shape));
    let p = w.prefix;
    let profile = format!(
        "{}{}{}{}|{}",
        p.conjunction.unwrap_or('-'),
        p.preposition.unwrap_or('-'),
        u8::from(p.future),
        u8::from(p.article),
        w.suffix
    );
    push(&mut mid, key(54, &profile));
    push(&mut all, key_of(55, format_args!("{}{}", u8::from(p.article), w.suffix.is_empty())));
    if let Some(c) = p.preposition {
        push(&mut all, key(56, c.encode_utf8(&mut [0; 4])));
    }
    if let Some(c) = p.conjunction {
        push(&mut all, key(57, c.encode_utf8(&mut [0; 4])));
    }
    if w.kind == Kind::Arabic {
        let mut starts: Vec<usize> = w.stem.char_indices().map(|(at, _)| at).collect();
        for n in 1..=4 {
            if starts.len() > n {
                push(&mut all, lexical(key(60 + n as u32, &w.stem[..starts[n]])));
                push(&mut all, key(65 + n as u32, &w.stem[starts[starts.len() - n]..]));
            }
        }
        starts.clear();
        starts.extend(w.norm.char_indices().map(|(at, _)| at));
        for n in 2..=3 {
            if starts.len() > n {
                push(&mut all, key(70 + n as u32, &w.norm[..starts[n]]));
                push(&mut all, key(75 + n as u32, &w.norm[starts[starts.len() - n]..]));
            }
        }
        if w.lexemes.is_empty() {
            push(&mut all, key(80, &shape));
        }
    }
    let n3 = far.len();
    let n2 = n3 + mid.len();
    far.reserve_exact(mid.len() + all.len());
    far.extend(mid);
    far.extend(all);
    (far, (n2, n3))
}
