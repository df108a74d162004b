//! How many a happening is said to have killed and wounded.
//!
//! Words of killing and of wounding are counted with those it is done to: «مقتل جنديين وإصابة أربعة» is two killed and four
//! wounded in one happening. A total of both («مقتل وإصابة 45») and a number that nobody gives («عشرات», «جنود») leave the
//! count open, as one unknown part of a sum does.

use arabic::numeral::{Kind as NumberKind, Number};
use lexicon::{EntryKind, Form, Sense};
use model::{Bound, EntityType, Harm};

use crate::roles::Layers;
use crate::spans::{Kind, Phrase};
use crate::things;
use crate::words::WordType;

/// What a word says was done to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blow {
    Killed,
    Wounded,
}

/// Headwords of those who are dead, counted themselves: «31 قتيلا».
const DEAD: [&str; 9] = ["قتيل", "قتيلة", "شهيد", "شهيدة", "ميت", "متوفى", "جثة", "جثمان", "صريع"];

/// Headwords of killing and dying, done to those beside them.
const KILLING: [&str; 15] = [
    "قتل",
    "اغتال",
    "أعدم",
    "ذبح",
    "استشهد",
    "مات",
    "توفي",
    "قضى",
    "لقي",
    "أودى",
    "مصرع",
    "حتف",
    "ضحية",
    "وفاة",
    "مقتل",
];

/// Headwords of the wounded, counted themselves.
const WOUNDED: [&str; 4] = ["جريح", "جريحة", "مصاب", "مصابة"];

/// Headwords of wounding.
const WOUNDING: [&str; 3] = ["أصاب", "جرح", "إصابة"];

/// Headwords that lead to them: «سقوط قتلى», «أوقع جرحى».
const LEADING: [&str; 7] = ["سقط", "سقوط", "أوقع", "وقع", "أسفر", "خلف", "أدى"];

/// Classes of what is no person.
const NO_PEOPLE: [&str; 9] =
    ["vehicle", "aircraft", "ship", "weapon", "ammunition", "facility", "place", "region", "infrastructure"];

/// How far behind the word of the happening what is said with it may stand, in tokens.
const REACH: usize = 18;

/// A count as far as it is stated.
#[derive(Clone, Copy, Debug)]
struct Count {
    number: u64,
    bound: Bound,
}

/// The sum of those counted so far: nothing, a number, or unknown once a part of it is.
#[derive(Clone, Copy, Debug, Default)]
enum Sum {
    #[default]
    Nothing,
    Known(u64),
    Unknown,
}

impl Sum {
    fn add(&mut self, count: Option<Count>) {
        *self = match (*self, count) {
            (Self::Nothing, Some(c)) => Self::Known(c.number),
            (Self::Known(n), Some(c)) => Self::Known(n.saturating_add(c.number)),
            _ => Self::Unknown,
        };
    }

    fn stated(self) -> Option<u64> {
        if let Self::Known(n) = self { Some(n) } else { None }
    }
}

/// Killed and wounded, as far as they were counted.
struct Tally {
    sums: [Sum; 2],
    bound: Bound,
}

impl Tally {
    fn add(&mut self, blow: Blow, count: Option<Count>) {
        self.sums[blow as usize].add(count);
        if let Some(c) = count.filter(|c| c.bound != Bound::Exact) {
            self.bound = c.bound;
        }
    }

    /// Takes what was told in another way.
    fn instead(&mut self, blow: Blow, count: Option<Count>) {
        self.sums[blow as usize] = Sum::Nothing;
        self.add(blow, count);
    }
}

/// What harm is counted from.
#[derive(Clone, Copy)]
pub struct Casualties<'a, 'w> {
    /// What is known of the article.
    pub layers: Layers<'a, 'w>,
    /// Its numbers, in order.
    pub numbers: &'a [Number],
}

impl Casualties<'_, '_> {
    /// How many the happening at token `trigger` killed and wounded, where its word is one of killing or wounding and a
    /// number is stated; `harmed` are the phrases of those to whom it was done, `doers` of those who did it. Linear in the
    /// words nearby.
    pub fn of(&self, trigger: usize, harmed: &[usize], doers: &[usize]) -> Option<Harm> {
        let trigger = self.casualties_of(trigger).unwrap_or(trigger);
        let own = self.blow(trigger).filter(|_| !self.undone(trigger))?;
        let sentence = &self.layers.article.sentences[self.layers.article.sentence_of[trigger] as usize];
        let mut reach = trigger + 1..sentence.end.min(trigger + REACH);
        let other = reach.find(|i| self.blow(*i).is_some_and(|b| b != own));
        // «مقتل وإصابة 45»: a total that nobody splits; «جنديين قتلا وأصيب 31» has two subjects
        if other == Some(trigger + 1) && !harmed.iter().any(|p| self.layers.phrases[*p].last < trigger) {
            return None;
        }
        let mut tally = Tally { sums: [Sum::Nothing; 2], bound: Bound::Exact };
        if let Some(count) = self.counted_noun(trigger) {
            tally.add(own, Some(count));
        } else {
            for p in harmed.iter().map(|p| &self.layers.phrases[*p]).filter(|p| !self.among_them(p)) {
                // whom the second word has stands behind it
                let second = other.filter(|second| p.first > *second).and_then(|second| self.blow(second));
                tally.add(second.unwrap_or(own), self.people(p));
            }
        }
        if !matches!(tally.sums[own as usize], Sum::Known(_)) {
            tally.instead(own, self.people_behind(trigger, doers));
        }
        if let Some(second) = other.filter(|second| self.goes_with(*second))
            && let Some(blow) = self.blow(second)
            && !matches!(tally.sums[blow as usize], Sum::Known(_))
        {
            tally.instead(blow, self.counted_noun(second).or_else(|| self.people_behind(second, doers)));
        }
        let [killed, injured] = tally.sums.map(Sum::stated);
        (killed.is_some() || injured.is_some()).then_some(Harm { killed, injured, bound: tally.bound })
    }

    /// What a word says was done to people.
    fn blow(&self, token: usize) -> Option<Blow> {
        self.told(token).map(|(blow, _)| blow)
    }

    /// What a word says was done to people, and whether it is a noun for those people.
    fn told(&self, token: usize) -> Option<(Blow, bool)> {
        self.lemma_of(token, |lemma| {
            let among = |list: &[&str]| list.contains(&lemma);
            if among(&DEAD) || among(&KILLING) {
                Some((Blow::Killed, among(&DEAD)))
            } else {
                (among(&WOUNDED) || among(&WOUNDING)).then(|| (Blow::Wounded, among(&WOUNDED)))
            }
        })
    }

    /// The first answer of `known` for a headword of the likeliest readings of a word.
    fn lemma_of<T>(&self, token: usize, known: impl Fn(&str) -> Option<T>) -> Option<T> {
        let w = self.layers.article.word(self.layers.words, token);
        let readings = || w.lexemes.iter().filter(|l| matches!(l.kind, EntryKind::Noun | EntryKind::Verb));
        let least = readings().map(|l| l.cost).min()?;
        readings()
            .filter(|l| l.cost == least && l.form != Form::ActiveParticiple)
            .find_map(|l| self.layers.knowledge.entry(l.entry).and_then(|e| known(e.lemma)))
    }

    /// The noun of casualties that a word leads to: «سقوط 3 قتلى», «أوقع أكثر من 180 قتيلا».
    fn casualties_of(&self, token: usize) -> Option<usize> {
        let leads = self.lemma_of(token, |lemma| LEADING.contains(&lemma).then_some(())).is_some();
        let sentence = &self.layers.article.sentences[self.layers.article.sentence_of[token] as usize];
        let mut near = token + 1..sentence.end.min(token + 6);
        if leads { near.find(|i| self.told(*i).is_some_and(|(_, people)| people)) } else { None }
    }

    /// Whether the killing was tried or sentenced to and not done: «محاولة اغتيال», «حكم بالإعدام».
    fn undone(&self, token: usize) -> bool {
        (token.saturating_sub(3)..token).any(|i| {
            matches!(
                self.layers.article.word(self.layers.words, i).bare(),
                "محاوله" | "محاولات" | "حكم" | "احكام" | "حكمت" | "تحكم" | "يحكم" | "عقوبه" | "عقوبات"
            )
        })
    }

    /// Whether a second word of harm is told in one breath with the first: «وإصابة», «و3329 جريحا», «كما أصيب».
    fn goes_with(&self, token: usize) -> bool {
        let joins = |i: usize| {
            let w = self.layers.article.word(self.layers.words, i);
            w.prefix.conjunction == Some('و') || matches!(&*w.norm, "و" | "فيما" | "بينما" | "كما")
        };
        (token.saturating_sub(3)..=token).any(joins)
    }

    /// How many a noun of casualties counts: «31 قتيلا», «قتيلان», «عدد القتلى إلى 21».
    fn counted_noun(&self, token: usize) -> Option<Count> {
        let w = self.layers.article.word(self.layers.words, token);
        if !self.told(token).is_some_and(|(_, people)| people) {
            return None;
        }
        let noun = |form: Form| w.lexemes.iter().any(|l| l.kind == EntryKind::Noun && l.form == form);
        let (one, two, many) = (noun(Form::Singular), noun(Form::Dual), noun(Form::Plural));
        let at = self.numbers.partition_point(|n| n.last_token < token);
        if let Some(n) = at.checked_sub(1).map(|i| &self.numbers[i]).filter(|n| n.last_token + 1 == token) {
            return self.count(n, token);
        }
        let told = |i: usize| matches!(self.layers.article.word(self.layers.words, i).bare(), "عدد" | "حصيله");
        if (token.saturating_sub(2)..token).any(told) {
            // the first number that is no date
            let near = self.numbers[at..].iter().take_while(|n| n.first_token <= token + 12);
            return near.filter(|n| !self.of_time(n)).find_map(|n| self.count(n, n.last_token + 1));
        }
        if two && !one && !many {
            return Some(Count { number: 2, bound: arabic::numeral::dual(&self.layers.article.tokens, token).bound });
        }
        (one && !many && !w.prefix.article).then_some(Count { number: 1, bound: Bound::Exact })
    }

    /// What a number counts, if it counts people; `noun` is the counted word, which «على الأقل» may follow.
    fn count(&self, n: &Number, noun: usize) -> Option<Count> {
        let bound = things::bound(self.layers.article, self.layers.words, n, noun);
        let number = n.exact.filter(|_| n.kind == NumberKind::Cardinal && !self.of_time(n))?;
        Some(Count { number, bound })
    }

    /// How many the number right behind a word says, and one that «و» adds to it: «مقتل نحو 21 من الجيش و5 مدنيين».
    fn number_behind(&self, token: usize) -> Option<Count> {
        let mut behind = self.numbers[self.numbers.partition_point(|n| n.first_token <= token)..].iter();
        let first = behind.next().filter(|n| self.layers.article.tokens.at(n.outer.start) == token + 1)?;
        let mut count = self.count(first, first.last_token + 1)?;
        if let Some(n) = behind.next().filter(|n| self.added(first.last_token, n))
            && let Some(more) = self.count(n, n.last_token + 1)
        {
            count.number = count.number.saturating_add(more.number);
        }
        Some(count)
    }

    /// Whether a number is added by «و» to one that ends at token `last`, with nothing but its noun between.
    fn added(&self, last: usize, n: &Number) -> bool {
        let word = |i: usize| self.layers.article.word(self.layers.words, i);
        let joined = word(n.first_token).prefix.conjunction == Some('و') || &*word(n.first_token - 1).norm == "و";
        let between = last + 1..n.first_token;
        between.len() <= 5
            && joined
            && between.clone().all(|i| {
                word(i).kind != arabic::Kind::Punct
                    && !self.layers.article.is_verb(self.layers.words, i)
                    && self.told(i).is_none()
            })
    }

    /// How many people are told right behind a word, other than those who did it.
    fn people_behind(&self, token: usize, doers: &[usize]) -> Option<Count> {
        let from = self.layers.phrases.partition_point(|p| p.first <= token);
        let near = (from..self.layers.phrases.len()).take_while(|i| self.layers.phrases[*i].first <= token + 3);
        if near.clone().any(|i| doers.contains(&i)) {
            return None;
        }
        // «وقوع قتلى بين الطرفين»: dead whom nobody counts
        if self.told(token).is_some_and(|(_, people)| people) {
            return None;
        }
        let named =
            |p: &&Phrase| !p.inner && matches!(p.kind, Kind::Unnamed | Kind::Thing | Kind::Entity(EntityType::Per));
        let mut near = near.map(|i| &self.layers.phrases[i]);
        if let Some(count) = near.find(named).and_then(|p| self.people(p)) {
            return Some(count);
        }
        // «إصابة آخر»
        let next = self.layers.article.types.get(token + 1).map(|t| self.layers.words.get(*t))?;
        let another = matches!(next.bare(), "اخر" | "اخري").then_some(Count { number: 1, bound: Bound::Exact });
        another.or_else(|| self.number_behind(token))
    }

    /// How many people a phrase names, where it tells: every number of a list («8 من داعش و5 عراقيين») and one for a person.
    fn people(&self, p: &Phrase) -> Option<Count> {
        let head = self.layers.article.word(self.layers.words, p.first);
        let is = |list: &[&str], sense: &Sense| matches!(sense, Sense::Class(c) if list.contains(&lexicon::CLASSES[usize::from(*c)]));
        let person = |form: Form| head.senses.iter().any(|(s, f, _)| *f == form && is(&["person"], s));
        let thing = things::describe(self.layers.article, self.layers.words, self.layers.knowledge, self.numbers, p);
        let further = |n: &&Number| {
            n.first_token > p.first
                && self.layers.article.word(self.layers.words, n.first_token).prefix.conjunction == Some('و')
        };
        let from = self.numbers.partition_point(|n| n.first_token <= p.first);
        let inside = self.numbers[from..].iter().take_while(|n| n.last_token <= p.last);
        let rest = inside.filter(further).filter_map(|n| self.count(n, n.last_token));
        let rest = rest.fold(0u64, |sum, c| sum.saturating_add(c.number));
        if let Some(count) = thing.count.filter(|_| !head.senses.iter().any(|(s, _, _)| is(&NO_PEOPLE, s))) {
            // people are not counted by halves
            let whole = count >= 0.0 && count.fract() == 0.0 && count < 1e12;
            return whole.then(|| Count { number: rest.saturating_add(count as u64), bound: thing.bound });
        }
        let one = match p.kind {
            Kind::Entity(EntityType::Per) => true,
            Kind::Unnamed => {
                matches!(head.bare(), "احد" | "احدي" | "اخر" | "اخري")
                    || one_of_a_people(head)
                    || person(Form::Singular) && !person(Form::Plural)
                    || head.any(|l| l.kind == EntryKind::Title && l.form == Form::Singular)
            }
            _ => false,
        };
        one.then(|| Count { number: rest.saturating_add(1), bound: Bound::Exact })
    }

    /// Whether a phrase names some of those just told («13 من عناصرهم بينهم قائدهم»).
    fn among_them(&self, p: &Phrase) -> bool {
        p.first.checked_sub(1).is_some_and(|i| {
            let w = self.layers.article.word(self.layers.words, i);
            !w.suffix.is_empty() && matches!(w.bare(), "بين" | "من" | "ضمن" | "ابرز" | "احد" | "اخر")
        })
    }

    fn of_time(&self, n: &Number) -> bool {
        things::counts_time(self.layers.article, self.layers.words, n)
    }
}

/// «فلسطيني», «الفلسطينية»: one of a people, not several.
fn one_of_a_people(head: &WordType) -> bool {
    let several = ["ين", "ون", "ات", "ان"].iter().any(|s| head.stem.ends_with(s));
    head.any(|l| l.form == Form::Demonym) && !several
}
