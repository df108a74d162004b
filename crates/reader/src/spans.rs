//! Phrases: named mentions, the unnamed phrases that fill roles, and names inside names.

use std::ops::Range;

use hashbrown::HashMap;
use model::{EntityType, Span};

use crate::article::Article;
use crate::tagger::Tagger;
use crate::words::{Knowledge, WordType, Words};

/// What a phrase is: an entity type, or one of the fillers of roles that are no entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A named mention.
    Entity(EntityType),
    /// Unnamed people, groups, sources.
    Unnamed,
    /// A place that is no entity: «المدينة», «مناطق واسعة».
    Place,
    /// Goods, people or weapons given, moved, used or destroyed.
    Thing,
    /// A time.
    Time,
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = 12;

    /// Number of the kind, as the model's labels use it.
    pub fn index(self) -> usize {
        match self {
            Self::Entity(t) => t as usize,
            Self::Unnamed => 8,
            Self::Place => 9,
            Self::Thing => 10,
            Self::Time => 11,
        }
    }

    /// The kind of this number.
    pub fn from_index(i: usize) -> Self {
        match i {
            8 => Self::Unnamed,
            9 => Self::Place,
            10 => Self::Thing,
            11 => Self::Time,
            i => Self::Entity(EntityType::ALL[i.min(7)]),
        }
    }

    /// Short code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Entity(t) => t.code(),
            Self::Unnamed => "UNN",
            Self::Place => "PLC",
            Self::Thing => "THG",
            Self::Time => "TIM",
        }
    }

    /// Names of the labels: `O`, then `B-` and `I-` of each kind.
    pub fn labels(count: usize) -> Vec<String> {
        let mut out = vec!["O".to_string()];
        for i in 0..count {
            for p in ["B", "I"] {
                out.push(format!("{p}-{}", Self::from_index(i).code()));
            }
        }
        out
    }
}

/// A phrase in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// What it is.
    pub kind: Kind,
    /// Whether it lies inside another phrase.
    pub inner: bool,
}

impl Phrase {
    /// Its code points: without the conjunction and preposition of the first word.
    pub fn span(&self, article: &Article<'_>, words: &Words) -> Span {
        let t = &article.tokens.all()[self.first];
        let mut span = article.tokens.span(self.first, self.last);
        span.start = without_clitics(article, words, self.first, t.span);
        span
    }
}

/// First code point of token `i` after its conjunction and preposition.
pub fn without_clitics(article: &Article<'_>, words: &Words, i: usize, span: Span) -> u32 {
    let w = article.word(words, i);
    let mut left = u32::from(w.head_cut);
    let mut at = span.start;
    for c in article.tokens.surface(i).chars() {
        // vowel signs belong to the letter before
        let mark = arabic::letter::class(c) == arabic::letter::Class::Mark;
        if left == 0 && !mark {
            break;
        }
        at += 1;
        left = left.saturating_sub(u32::from(!mark));
    }
    if at < span.end { at } else { span.start }
}

/// Label numbers of a sentence → phrases.
pub fn decode(labels: &[u8], range: &Range<usize>, inner: bool, out: &mut Vec<Phrase>) {
    let mut open: Option<Phrase> = None;
    for (p, l) in labels.iter().enumerate() {
        let i = range.start + p;
        let l = usize::from(*l);
        if l == 0 {
            out.extend(open.take());
            continue;
        }
        let kind = Kind::from_index((l - 1) / 2);
        let begins = (l - 1).is_multiple_of(2);
        match &mut open {
            Some(o) if !begins && o.kind == kind => o.last = i,
            _ => {
                out.extend(open.take());
                open = Some(Phrase { first: i, last: i, kind, inner });
            }
        }
    }
    out.extend(open);
}

/// Transitions that make no sense: into the inside of a kind from anything but that kind.
pub fn forbidden(count: usize) -> Vec<(usize, usize)> {
    let n = 1 + 2 * count;
    let mut out = Vec::new();
    for to in (2..n).step_by(2) {
        for from in 0..=n {
            if from != to && from != to - 1 {
                out.push((from, to));
            }
        }
    }
    out
}

/// What is added to the labels' scores: a model trained for likelihood is too shy to score best on F1.
#[derive(Clone, Debug)]
pub struct Bias {
    /// Of mentions.
    pub mention: f32,
    /// Of times.
    pub time: f32,
    /// Of the other fillers of roles.
    pub filler: f32,
    /// Of names inside names.
    pub inner: f32,
}

impl Default for Bias {
    fn default() -> Self {
        Self { mention: 1.0, time: 2.3, filler: 2.07, inner: 0.34 }
    }
}

impl Bias {
    /// One a label of the outer phrases.
    fn outer(&self) -> [f32; 1 + 2 * Kind::COUNT] {
        std::array::from_fn(|label| match label.checked_sub(1).map(|l| Kind::from_index(l / 2)) {
            None => 0.0,
            Some(Kind::Entity(_)) => self.mention,
            Some(Kind::Time) => self.time,
            Some(_) => self.filler,
        })
    }

    /// One a label of the names inside names: outside of any, then two a type of entity.
    fn inside(&self) -> [f32; INSIDE] {
        std::array::from_fn(|label| if label == 0 { 0.0 } else { self.inner })
    }
}

/// How many phrases before a word are asked whether it lies in them.
const NEAR: usize = 8;

/// Labels of the names inside names.
const INSIDE: usize = 1 + 2 * EntityType::ALL.len();

/// Takes particles and prepositions off the end of a phrase, and off that of people or things a verb («سفينة تحمل»): none
/// ends with them. A mark whose fellow lies outside goes too («رويترز)»), and one right behind that closes what the phrase
/// opens comes in («طائرات من طراز «ميغ-29»»): of the given phrases with a mark inside, 171 of 177 have its fellow too.
fn trim(article: &Article<'_>, words: &Words, p: &mut Phrase) {
    let hangs = |i: usize| {
        matches!(
            article.tokens.norm(i),
            "لم" | "لن"
                | "لا"
                | "قد"
                | "سوف"
                | "ان"
                | "في"
                | "من"
                | "الي"
                | "علي"
                | "عن"
                | "مع"
                | "و"
                | "او"
                | "التي"
                | "الذي"
                | "الذين"
        )
    };
    let verb = |i: usize| {
        matches!(p.kind, Kind::Thing | Kind::Unnamed)
            && article.pos.get(i).is_some_and(|t| lexicon::UPOS[usize::from(*t)] == "VERB")
            && article.is_verb(words, i)
    };
    let count = |marks: &[&str]| (p.first..=p.last).filter(|i| marks.contains(&article.tokens.norm(*i))).count();
    let brackets = [("(", ")"), ("«", "»"), ("“", "”"), ("[", "]")];
    let alone = |i: usize, opens: bool| {
        let mark = article.tokens.norm(i);
        brackets.iter().any(|(open, close)| {
            let (this, that) = if opens { (*open, *close) } else { (*close, *open) };
            mark == this && count(&[this]) > count(&[that])
        }) || mark == "\"" && count(&["\""]) == 1
    };
    let (cut_first, cut_last) = (alone(p.first, true), alone(p.last, false));
    if p.last > p.first {
        p.last -= usize::from(cut_last);
        p.first += usize::from(cut_first && p.first < p.last);
    }
    while p.last > p.first && (hangs(p.last) || verb(p.last)) {
        p.last -= 1;
    }
    let next = p.last + 1;
    if next < article.tokens.len() && article.sentence_of[next] == article.sentence_of[p.first] {
        let count = |mark: &str| (p.first + 1..next).filter(|i| article.tokens.norm(*i) == mark).count();
        let mark = article.tokens.norm(next);
        let closes = brackets.iter().any(|(open, close)| mark == *close && count(open) > count(close));
        p.last += usize::from(closes || mark == "\"" && count(mark) % 2 == 1);
    }
}

/// Whether a word only says how many there are of what follows: a list after it is counted as one.
pub(crate) fn counts(w: &WordType) -> bool {
    w.number.is_some()
        || matches!(
            w.bare(),
            "عشرات"
                | "مئات"
                | "الاف"
                | "ملايين"
                | "عدد"
                | "كميه"
                | "كميات"
                | "شحنه"
                | "شحنات"
                | "دفعه"
                | "مجموعه"
                | "سلسله"
                | "كثير"
                | "عديد"
                | "مزيد"
                | "بعض"
                | "جميع"
                | "كل"
                | "كافه"
                | "معظم"
                | "غالبيه"
                | "انواع"
                | "مختلف"
                | "نحو"
                | "حوالي"
                | "قرابه"
                | "زهاء"
                | "اكثر"
                | "اقل"
                | "ما"
                | "هذه"
                | "تلك"
        )
}

/// Longest phrase, in tokens, that is looked at for parts.
const LONGEST: usize = 40;

/// Parts the phrases from `begin` on that run on: «مسلحون ستة رجال» is two, and so is a list of things. Linear.
fn part(article: &Article<'_>, words: &Words, begin: usize, out: &mut Vec<Phrase>) {
    for p in out.split_off(begin) {
        let mut rest = p;
        while rest.last - rest.first < LONGEST
            && let Some(i) = border(article, words, &rest)
        {
            out.push(Phrase { last: i - 1, ..rest });
            rest.first = i;
        }
        out.push(rest);
    }
}

/// Where a phrase of people or things ends and the next begins that was taken with it.
///
/// A number in words before a noun begins another («مسلحون ستة رجال»). In a list of things, the next begins with «و» and a
/// noun as definite as the first: «أسلحة خفيفة وذخيرة» is two things, «مواد غذائية وطبية» and «عشرات الآليات والشاحنات» are
/// one. Only adjectives may stand between them, so that the noun is not the second half of a genitive («إمدادات النفط
/// والغاز»), unless the list goes on («أسلحة الجيش وذخيرة ومركبات»).
fn border(article: &Article<'_>, words: &Words, p: &Phrase) -> Option<usize> {
    let is = |i: usize, tag: &str| article.pos.get(i).is_some_and(|p| lexicon::UPOS[usize::from(*p)] == tag);
    // folded letters make «دفاعية» look like a noun with a pronoun
    let adjective = |i: usize| is(i, "ADJ") || article.tokens.surface(i).ends_with("ية");
    let head = article.word(words, p.first);
    if !matches!(p.kind, Kind::Thing | Kind::Unnamed) || !is(p.first, "NOUN") || counts(head) {
        return None;
    }
    let counted = |i: &usize| {
        let (w, before) = (article.word(words, *i), article.word(words, *i - 1));
        w.number.is_some()
            && w.kind == arabic::Kind::Arabic
            && !w.prefix.article
            && w.prefix.preposition.is_none()
            && w.prefix.conjunction.is_none()
            && before.number.is_none()
            && !before.preposition
            && is(*i - 1, "NOUN")
            && is(*i + 1, "NOUN")
    };
    if let Some(i) = (p.first + 1..p.last).find(counted) {
        return Some(i);
    }
    if p.kind != Kind::Thing {
        return None;
    }
    let next = |i: &usize| {
        let w = article.word(words, *i);
        w.prefix.conjunction == Some('و')
            && w.prefix.preposition.is_none()
            && w.prefix.article == head.prefix.article
            && is(*i, "NOUN")
            && !adjective(*i)
    };
    let mut further = (p.first + 1..=p.last).filter(next);
    let i = further.next()?;
    ((p.first + 1..i).all(adjective) || further.next().is_some()).then_some(i)
}

/// Finds the phrases of one sentence: the outer ones, then names inside names.
pub fn find(
    outer: &mut Tagger,
    inside: &mut Tagger,
    article: &Article<'_>,
    words: &Words,
    range: &Range<usize>,
    bias: &Bias,
    out: &mut Vec<Phrase>,
) {
    let begin = out.len();
    let labels = outer.tag(article, words, range, &bias.outer(), |_, _| {}).to_vec();
    decode(&labels, range, false, out);
    for p in &mut out[begin..] {
        trim(article, words, p);
    }
    part(article, words, begin, out);
    if out[begin..].iter().any(|p| p.last > p.first && p.kind != Kind::Time) {
        let tags: Vec<u8> = labels;
        let inner = inside
            .tag(article, words, range, &bias.inside(), |i, keys| inner_keys(&tags, i - range.start, keys))
            .to_vec();
        let mut found = Vec::new();
        decode(&inner, range, true, &mut found);
        for p in &mut found {
            trim(article, words, p);
        }
        let outers: Vec<Phrase> = out[begin..].to_vec();
        for f in found {
            let within =
                outers.iter().any(|o| o.first <= f.first && f.last <= o.last && (o.first, o.last) != (f.first, f.last));
            if within {
                out.push(f);
            }
        }
    }
}

/// Classes of nouns that name people and their bodies, and those that name things.
const PEOPLE: [&str; 6] = ["person", "group", "force", "casualty", "body", "party"];
const THINGS: [&str; 9] =
    ["weapon", "vehicle", "aircraft", "ship", "ammunition", "goods", "money", "facility", "document"];

/// Proposes phrases that the labelling passed over: a noun of people or things with the number before it and the
/// words that describe it. They are candidates for roles only; whether they fill one is decided there.
pub fn propose(article: &Article<'_>, words: &Words, range: &Range<usize>, out: &mut Vec<Phrase>) {
    let begin = out.partition_point(|p| p.first < range.start);
    let mut taken = vec![false; range.len()];
    for p in out[begin..].iter().filter(|p| p.first < range.end) {
        for i in p.first..=p.last.min(range.end - 1) {
            taken[i - range.start] = true;
        }
    }
    let free = |taken: &[bool], i: usize| i < range.end && !taken[i - range.start];
    let mut i = range.start;
    while i < range.end {
        let w = article.word(words, i);
        if free(&taken, i) && latin_outlet(w) {
            taken[i - range.start] = true;
            out.push(Phrase { first: i, last: i, kind: Kind::Entity(model::EntityType::Med), inner: false });
        }
        let kind = if free(&taken, i) && !w.finite_verb() { noun_kind(w) } else { None };
        let Some(kind) = kind else {
            i += 1;
            continue;
        };
        let mut first = i;
        while first > range.start
            && first + 4 > i
            && free(&taken, first - 1)
            && article.word(words, first - 1).number.is_some()
            && article.tokens.all()[first - 1].kind != arabic::Kind::Punct
        {
            first -= 1;
        }
        let mut last = i;
        while last + 1 < range.end && last < i + 3 && free(&taken, last + 1) {
            let next = article.word(words, last + 1);
            let describes = next.kind == arabic::Kind::Arabic
                && next.prefix.conjunction.is_none()
                && next.prefix.preposition.is_none()
                && !next.preposition
                && !next.finite_verb()
                && !next.lexemes.is_empty()
                && next.number.is_none()
                && next.time.is_none()
                && next.suffix.is_empty();
            if !describes {
                break;
            }
            last += 1;
        }
        for t in first..=last {
            taken[t - range.start] = true;
        }
        out.push(Phrase { first, last, kind, inner: false });
        i = last + 1;
    }
}

/// Whether the word is the name of an outlet in Latin letters («CNN»): nothing else is written like it.
fn latin_outlet(w: &WordType) -> bool {
    w.kind == arabic::Kind::Latin && w.norm.len() > 2 && w.any(|l| l.kind == lexicon::EntryKind::Outlet)
}

fn noun_kind(w: &WordType) -> Option<Kind> {
    let least = w.lexemes.first()?.cost;
    w.lexemes
        .iter()
        .take_while(|l| l.cost == least)
        .find(|l| l.kind == lexicon::EntryKind::Weapon)
        .map(|_| Kind::Thing)
        .or_else(|| {
            w.senses.iter().find_map(|(s, _, _)| match s {
                lexicon::Sense::Class(c) => {
                    let name = lexicon::CLASSES[usize::from(*c)];
                    if PEOPLE.contains(&name) {
                        Some(Kind::Unnamed)
                    } else if THINGS.contains(&name) {
                        Some(Kind::Thing)
                    } else if matches!(name, "place" | "region") {
                        Some(Kind::Place)
                    } else {
                        None
                    }
                }
                _ => None,
            })
        })
}

/// Names once more what the article names elsewhere by the same single word: who or what a word names in one sentence it names
/// in the next. `phrases` are and stay in their order. Left out are words that name more than one kind, demonyms, and common
/// nouns but for definite bodies and forces («الحركة»): «حكومة» is another one each time. Of 38 words so named
/// on texts of other wars 33 were mentions, 29 of that kind. Linear in the tokens.
pub fn name_again(article: &Article<'_>, words: &Words, knowledge: &Knowledge, phrases: &mut Vec<Phrase>) {
    let mut kinds: HashMap<&str, Option<EntityType>> = HashMap::new();
    let mut named = vec![false; article.tokens.len()];
    for p in phrases.iter() {
        let Kind::Entity(kind) = p.kind else { continue };
        named[p.first..=p.last].fill(true);
        let w = article.word(words, p.first);
        if p.first == p.last && stays(w, knowledge, kind) {
            kinds.entry(&w.stem).and_modify(|k| *k = k.filter(|k| *k == kind)).or_insert(Some(kind));
        }
    }
    let again = |i: usize| {
        let w = article.word(words, i);
        kinds.get(&*w.stem).copied().flatten().filter(|kind| !named[i] && stays(w, knowledge, *kind))
    };
    let found: Vec<(usize, EntityType)> = (0..named.len()).filter_map(|i| again(i).map(|k| (i, k))).collect();
    let mut further = Vec::new();
    for (i, kind) in found {
        let kind = Kind::Entity(kind);
        let before = phrases.partition_point(|p| p.first <= i);
        let holds = |p: &Phrase| !p.inner && p.first <= i && i <= p.last;
        let around = (before.saturating_sub(NEAR)..before).find(|n| holds(&phrases[*n]));
        match around {
            Some(n) if phrases[n].first == phrases[n].last => phrases[n].kind = kind,
            _ => further.push(Phrase { first: i, last: i, kind, inner: around.is_some() }),
        }
    }
    phrases.append(&mut further);
    phrases.sort_by_key(|p| (p.first, p.inner));
}

/// Whether a word that names something of this kind names it again elsewhere in the article.
fn stays(w: &WordType, knowledge: &Knowledge, kind: EntityType) -> bool {
    use lexicon::{EntryKind, Form};
    let common = w.any(|l| match l.kind {
        EntryKind::Noun | EntryKind::Title => true,
        EntryKind::Word => knowledge.entry(l.entry).is_some_and(|e| !e.pos.contains("PROPN")),
        _ => false,
    });
    w.kind == arabic::Kind::Arabic
        && w.stem.chars().count() > 2
        && !w.any(|l| l.form == Form::Demonym)
        && match kind {
            EntityType::Per | EntityType::Gpe => !common,
            EntityType::Mil | EntityType::Org => !common || w.prefix.article,
            _ => false,
        }
}

/// Features of the inner labelling: where in which outer phrase the token stands.
pub fn inner_keys(tags: &[u8], p: usize, keys: &mut Vec<learn::Key>) {
    let t = |d: isize| -> u32 {
        let j = p as isize + d;
        if j < 0 { 98 } else { tags.get(j as usize).map_or(99, |x| u32::from(*x)) }
    };
    keys.push(learn::mix(300, t(0)));
    keys.push(learn::mix(learn::mix(301, t(0)), t(1)));
    keys.push(learn::mix(learn::mix(302, t(-1)), t(0)));
}
