//! Which phrase fills which role of a happening.
//!
//! Every phrase near a trigger is a candidate. The lexicon's frame says what a slot (subject, object, preposition)
//! would mean; a linear model weighs that against kind, order, distance and the words between.

use std::sync::Arc;

use arabic::Kind as TokenKind;
use learn::{Features, Key, Model, Named, key, lexical, mix, plain};
use lexicon::{Form, Role};
use model::{Entity, EventType};

use crate::article::Article;
use crate::clauses::Clauses;
use crate::companions::{Companion, LEAST_ODDS};
use crate::spans::{Kind, Phrase};
use crate::words::{Knowledge, WordType, Words};

/// Labels of the role model.
pub const LABELS: [&str; 6] = ["none", "actor", "recipient", "place", "time", "thing"];

/// A happening or a saying as the layer of roles sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The token that names it.
    pub token: usize,
    /// Number of its class: the PLOVER type of a happening, 32 + the stance of a saying.
    pub class: u32,
}

impl Trigger {
    /// A happening of this type.
    pub fn happening(token: usize, kind: EventType) -> Self {
        Self { token, class: kind as u32 }
    }

    /// A saying of this stance.
    pub fn saying(token: usize, stance: model::Stance) -> Self {
        Self { token, class: 32 + stance as u32 }
    }
}

/// Farthest token distance between trigger and candidate inside a sentence.
const REACH: usize = 40;

/// Candidates for the roles of a happening: indexes into `phrases`, which are ordered by first token (outer before
/// inner). Those of the sentence, then the last few of the two sentences before.
pub fn candidates(article: &Article<'_>, phrases: &[Phrase], trigger: usize, out: &mut Vec<usize>) {
    out.clear();
    let s = article.sentence_of[trigger] as usize;
    let range = article.sentences[s].clone();
    let begin = phrases.partition_point(|p| p.first < range.start);
    for (i, p) in phrases.iter().enumerate().skip(begin) {
        if p.first >= range.end {
            break;
        }
        let far = if p.first > trigger { p.first - trigger } else { trigger.saturating_sub(p.last) };
        if far <= REACH && !(p.first == trigger && p.last == trigger) {
            out.push(i);
        }
    }
    // what was named before may be the dropped subject
    let earliest = article.sentences[s.saturating_sub(2)].start;
    let mut taken = 0;
    for i in (0..begin).rev() {
        let p = &phrases[i];
        if p.first < earliest || taken >= 5 {
            break;
        }
        if !p.inner
            && matches!(p.kind, Kind::Unnamed | Kind::Entity(_))
            && p.kind != Kind::Entity(model::EntityType::Loc)
        {
            out.push(i);
            taken += 1;
        }
    }
}

fn bucket(d: usize) -> u32 {
    match d {
        0..=3 => d as u32,
        4..=5 => 4,
        6..=8 => 5,
        9..=13 => 6,
        14..=22 => 7,
        _ => 8,
    }
}

/// How a phrase stands in its clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// At the beginning of the text.
    First,
    /// After a mark.
    AfterMark,
    /// After a preposition, or with one attached.
    Prepositional,
    /// Right after a verb.
    AfterVerb,
    /// In the genitive of the noun before.
    Genitive,
    /// After another word.
    Elsewhere,
}

/// What governs a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Governor {
    /// How the phrase stands.
    pub stands: Stands,
    /// The same as a feature, with the preposition or mark.
    pub key: Key,
}

/// What governs a phrase: its preposition (attached or before it), or how it stands.
pub fn governor(article: &Article<'_>, words: &Words, phrases: &[Phrase], at: usize) -> Governor {
    let mut p = phrases[at];
    // a coordinated phrase has the governor of the first one
    for _ in 0..4 {
        let w = article.word(words, p.first);
        if w.prefix.conjunction != Some('و') || w.prefix.preposition.is_some() {
            break;
        }
        let Some(before) = phrases[..at]
            .iter()
            .rev()
            .take_while(|q| q.first + 300 >= p.first)
            .find(|q| !q.inner && q.last < p.first && q.last + 2 >= p.first)
        else {
            break;
        };
        p = *before;
    }
    governor_of_word(article, words, p.first)
}

/// What governs the phrase that this token begins.
pub fn governor_of_word(article: &Article<'_>, words: &Words, token: usize) -> Governor {
    let is = |stands: Stands, key: Key| Governor { stands, key };
    let w = article.word(words, token);
    if let Some(c) = w.prefix.preposition {
        return is(Stands::Prepositional, key(500, c.encode_utf8(&mut [0; 4])));
    }
    let start = is(Stands::First, key(500, "start"));
    let Some(mut j) = token.checked_sub(1) else { return start };
    if article.tokens.all()[j].kind == TokenKind::Punct && matches!(article.tokens.norm(j), "\"" | "“" | "«" | "(") {
        let Some(k) = j.checked_sub(1) else { return start };
        j = k;
    }
    let b = article.word(words, j);
    // «لـ CNN»: a preposition that stands alone before another script or a quotation mark
    if b.preposition || matches!(b.head(), "ل" | "ب") {
        return is(Stands::Prepositional, key(500, b.head()));
    }
    if b.kind == TokenKind::Punct {
        return is(Stands::AfterMark, key(501, &b.norm));
    }
    if b.finite_verb() {
        return is(Stands::AfterVerb, key(500, "verb"));
    }
    if !b.prefix.article && b.suffix.is_empty() {
        return is(Stands::Genitive, key(500, "idafa"));
    }
    is(Stands::Elsewhere, key(500, "other"))
}

/// What a phrase hangs on beyond its own genitives: in «غارات جوية على مواقع المتمردين» the rebels hang on «غارات» by «على».
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// What governs the first noun of the genitives, as a feature.
    pub key: Key,
    /// How many genitives stand between, at most 3.
    pub depth: u32,
    /// The first noun of the genitives.
    pub noun: usize,
    /// The word before the preposition, or before the first noun.
    pub site: Option<usize>,
}

/// What the phrase hangs on that this token begins.
pub fn anchor(article: &Article<'_>, words: &Words, token: usize) -> Anchor {
    let opens = |j: usize| matches!(article.tokens.norm(j), "\"" | "“" | "«" | "(");
    let before = |j: usize| {
        let k = j.checked_sub(1)?;
        if opens(k) { k.checked_sub(1) } else { Some(k) }
    };
    let mut noun = token;
    let mut depth = 0;
    let mut governor = governor_of_word(article, words, token);
    while governor.stands == Stands::Genitive && depth < 3 {
        let Some(j) = before(noun) else { break };
        noun = j;
        depth += 1;
        governor = governor_of_word(article, words, noun);
    }
    let mut site = before(noun);
    if governor.stands == Stands::Prepositional && article.word(words, noun).prefix.preposition.is_none() {
        site = site.and_then(before);
    }
    Anchor { key: governor.key, depth, noun, site }
}

/// What the frame of a happening's word says of the slots of its sentence.
#[derive(Clone, Debug, Default)]
struct Frame {
    /// Governors that it gives a role, as features, with the number of the role.
    slots: Vec<(Key, u32)>,
    /// What it says of a phrase after the word, by order alone.
    after: u32,
}

impl Frame {
    fn new(knowledge: &Knowledge, word: &WordType) -> Self {
        let entry = |(_, form, entry): &(_, Form, u32)| knowledge.entry(*entry).map(|e| (*form, e));
        let Some((form, e)) = word.senses.iter().take(4).find_map(entry) else { return Self::default() };
        let has = |s: &str, r: Role| e.frame.iter().any(|(x, y)| *x == s && *y == r);
        let after = if !matches!(form, Form::Past | Form::Present) {
            0
        } else if has("s", Role::Actor) {
            1 + u32::from(has("o", Role::Recipient)) + 2 * u32::from(has("o", Role::Thing))
        } else {
            5 + u32::from(has("s", Role::Recipient))
        };
        let slot = |(slot, role): &(&str, Role)| (key(500, &arabic::letter::fold(slot)), 10 + *role as u32);
        Self { slots: e.frame.iter().map(slot).collect(), after }
    }

    /// The slot that a phrase stands in, as far as order and preposition tell.
    fn role(&self, governor: Key, after: bool) -> u32 {
        let slot = self.slots.iter().find(|(key, _)| *key == governor);
        slot.map_or(if after { self.after } else { 0 }, |(_, role)| *role)
    }
}

/// Who or what a phrase names, across the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The same for phrases that name the same.
    pub id: u32,
    /// Hash of the sector and kind that the lexicon knows, 0 for none.
    pub sector: Key,
    /// How often the article names it, at most 5.
    pub named: u8,
    /// Whether the first line names it.
    pub in_title: bool,
}

/// Who or what each phrase names: its entity, or where it is none its first and last word. Linear in the phrases.
pub fn bearers(
    article: &Article<'_>,
    words: &Words,
    phrases: &[Phrase],
    entities: &[Entity],
    entity_of: &[Option<usize>],
) -> Vec<Bearer> {
    let id = |i: usize| {
        if let Some(e) = entity_of[i] {
            return e as u32;
        }
        let p = &phrases[i];
        let stem = |t: usize| plain(article.word(words, t).stem_key);
        mix(mix(690, stem(p.first)), stem(p.last)) | 1 << 30
    };
    let mut counts: hashbrown::HashMap<u32, (u8, bool)> = hashbrown::HashMap::new();
    for (i, p) in phrases.iter().enumerate() {
        let c = counts.entry(id(i)).or_default();
        c.0 = (c.0 + 1).min(5);
        c.1 |= article.sentence_of[p.first] == 0;
    }
    (0..phrases.len())
        .map(|i| {
            let e = entity_of[i].map(|e| &entities[e]);
            let (named, in_title) = counts[&id(i)];
            let sector = e.and_then(|e| e.sector.as_deref()).map_or(0, |s| key(503, s));
            Bearer { id: id(i), sector, named, in_title }
        })
        .collect()
}

/// A saying as the layer of roles sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Token of its cue.
    pub cue: usize,
    /// Number of its stance.
    pub stance: u32,
    /// Phrase of its origin.
    pub origin: Option<usize>,
    /// Phrases of its relays.
    pub via: Vec<usize>,
}

/// What is known of an article before its roles.
#[derive(Clone, Copy)]
pub struct Layers<'a, 'w> {
    /// The article.
    pub article: &'a Article<'w>,
    /// The types of its words.
    pub words: &'a Words,
    /// The lexicons.
    pub knowledge: &'a Knowledge,
    /// All phrases of the article by first token.
    pub phrases: &'a [Phrase],
    /// Its clauses, and what governs its phrases.
    pub clauses: &'a Clauses,
    /// Who or what each phrase names.
    pub bearers: &'a [Bearer],
}

/// Everything about an article that the features of its pairs of happening and phrase share.
pub struct Pairs<'a, 'w> {
    /// The article.
    pub article: &'a Article<'w>,
    /// The types of its words.
    pub words: &'a Words,
    /// The lexicons.
    pub knowledge: &'a Knowledge,
    /// All phrases of the article by first token.
    pub phrases: &'a [Phrase],
    /// Clauses of the article, and what governs its phrases.
    pub clauses: &'a Clauses,
    /// Sayings found before, in order of their cues; empty where roles are those of sayings themselves.
    pub told: &'a [Told],
    /// Who or what each phrase names.
    pub bearers: &'a [Bearer],
    /// All happenings of the article, in order.
    pub triggers: &'a [Trigger],
    /// Where each of them stands.
    seats: Vec<Seat>,
    /// What the frame of each says.
    frames: Vec<Frame>,
}

/// Where a happening stands: what the features of all its candidates share.
#[derive(Clone, Copy)]
struct Seat {
    /// Its form, as a feature.
    form: Key,
    /// Whether it is the verb of its clause, as [`Clauses::governing_verb`] numbers it.
    is_verb: u32,
    /// The governing verb's stem and sense, as features.
    gov: Key,
    gov_sense: Key,
    /// What governs it, as a feature.
    stands: Key,
    /// What opened its clause, and how that came by its subject.
    opener: u32,
    source: u32,
    /// Whether it can have a masculine subject (1) and a feminine one (2).
    genders: u32,
}

impl Seat {
    fn new(article: &Article<'_>, words: &Words, clauses: &Clauses, trigger: Trigger) -> Self {
        let word = article.word(words, trigger.token);
        let here = clauses.at(trigger.token);
        let (is_verb, governing) = clauses.governing_verb(trigger.token);
        let governing = governing.map(|v| article.word(words, v));
        let (masculine, feminine) = crate::clauses::genders(word);
        Self {
            form: key(502, form_name(word)),
            is_verb,
            gov: governing.map_or(1, |v| v.stem_key),
            gov_sense: governing.map_or(1, |v| v.sense),
            stands: governor_of_word(article, words, trigger.token).key,
            opener: here.opener as u32,
            source: here.source as u32,
            genders: u32::from(masculine) | u32::from(feminine) << 1,
        }
    }
}

impl<'a, 'w> Pairs<'a, 'w> {
    /// Prepares the happenings (or sayings) of an article; `told` holds its sayings.
    pub fn new(layers: Layers<'a, 'w>, triggers: &'a [Trigger], told: &'a [Told]) -> Self {
        let Layers { article, words, knowledge, phrases, clauses, bearers } = layers;
        let seats = triggers.iter().map(|t| Seat::new(article, words, clauses, *t)).collect();
        let frames = triggers.iter().map(|t| Frame::new(knowledge, article.word(words, t.token))).collect();
        Self { article, words, knowledge, phrases, clauses, told, bearers, triggers, seats, frames }
    }

    /// The form of a trigger's word, as a feature.
    pub(crate) fn form(&self, t: usize) -> Key {
        self.seats[t].form
    }

    /// Whether two phrases name the same.
    pub fn same(&self, a: usize, b: usize) -> bool {
        self.bearers[a].id == self.bearers[b].id
    }

    /// Whether phrase `b` follows phrase `a` directly with «و».
    pub fn joins(&self, a: usize, b: usize) -> bool {
        let (p, q) = (&self.phrases[a], &self.phrases[b]);
        q.first > p.last
            && q.first <= p.last + 3
            && ((q.first..=q.first).any(|i| self.article.word(self.words, i).prefix.conjunction == Some('و'))
                || (p.last + 1..q.first).any(|i| self.article.tokens.norm(i) == "و"))
    }

    /// The phrase that «و» joins to phrase `a` with nothing but marks between, unless it begins a clause of its own.
    fn joined_to(&self, a: usize) -> Option<usize> {
        let last = self.phrases[a].last;
        let from = self.phrases.partition_point(|q| q.first <= last);
        let b = (from..self.phrases.len()).find(|b| !self.phrases[*b].inner)?;
        let first = self.phrases[b].first;
        let word = |i: usize| self.article.word(self.words, i);
        let mut and = word(first).prefix.conjunction == Some('و');
        for i in (last + 1..first).take(4) {
            let w = word(i);
            and |= &*w.norm == "و";
            if first > last + 4
                || !(&*w.norm == "و" || w.kind == TokenKind::Punct && !matches!(&*w.norm, "." | "،" | ","))
            {
                return None;
            }
        }
        let clause = &self.clauses.all[self.clauses.of[first] as usize];
        let begins = clause.subject == Some(b) && clause.verb.is_some_and(|v| v > self.phrases[b].last);
        (and && !begins && self.article.sentence_of[last] == self.article.sentence_of[first]).then_some(b)
    }

    /// Gives phrases that «و» joins one role: «دانت السعودية ومصر وقطر الهجوم». In the given training articles 563 of 567 such
    /// pairs that fill actor and recipient share their role, and where the first is actor, recipient or place the second is
    /// it too in 310 of 321, 118 of 127 and 105 of 113 cases.
    pub fn coordinate(&self, out: &mut Vec<Filler>) {
        let alike = |role: u8, kind: Kind| match (role, kind) {
            (1 | 2, Kind::Entity(e)) => {
                !matches!(e, model::EntityType::Loc | model::EntityType::Fac | model::EntityType::Eqp)
            }
            (3, Kind::Entity(e)) => {
                matches!(e, model::EntityType::Gpe | model::EntityType::Loc | model::EntityType::Fac)
            }
            (1 | 2, Kind::Unnamed) | (3, Kind::Place) => true,
            _ => false,
        };
        out.sort_by_key(|f| f.phrase);
        let mut i = 0;
        while let Some(f) = out.get(i).copied() {
            i += 1;
            let p = &self.phrases[f.phrase];
            if p.inner || !alike(f.role, p.kind) {
                continue;
            }
            let Some(next) = self.joined_to(f.phrase).filter(|b| alike(f.role, self.phrases[*b].kind)) else {
                continue;
            };
            if let Some(g) = out.iter_mut().find(|g| g.phrase == next) {
                if matches!((f.role, g.role), (1, 2) | (2, 1)) {
                    g.role = f.role;
                }
            } else if !clash(self.phrases, out, next, f.role) {
                let at = out.partition_point(|g| g.phrase < next);
                out.insert(at, Filler { phrase: next, beside: None, ..f });
            }
        }
        out.sort_by_key(|f| (f.role, f.phrase));
    }

    /// Features of candidate phrase `c` for happening `t` (index into the triggers).
    pub fn keys(&self, t: usize, c: usize, out: &mut impl Features) {
        let (article, words) = (self.article, self.words);
        let trigger = self.triggers[t];
        let tok = trigger.token;
        let p = &self.phrases[c];
        let tw = article.word(words, tok);
        let head = article.word(words, p.first);
        let same = article.sentence_of[tok] == article.sentence_of[p.first];
        let after = p.first > tok;
        let holds = p.first <= tok && tok <= p.last;
        let side: u32 = if holds {
            3
        } else if !same {
            // a relay of the next sentence counts as the farthest
            4 + article.sentence_of[tok].checked_sub(article.sentence_of[p.first]).map_or(2, |d| d.min(2))
        } else {
            u32::from(after)
        };
        let kind = p.kind.index() as u32 + 1;
        let gov = self.clauses.governors[c].key;
        let form = self.seats[t].form;
        let ty = trigger.class + 1;
        let (low, high) = if after { (tok + 1, p.first) } else { (p.last + 1, tok) };
        let distance = high.saturating_sub(low);
        let far = bucket(distance);
        let between = if same && low < high { low..high } else { 0..0 };
        // rank among the phrases between
        let rank = if same {
            self.phrases[self.phrases.partition_point(|q| q.first < between.start)..]
                .iter()
                .take_while(|q| q.first < between.end)
                .filter(|q| !q.inner && q.kind != Kind::Time && q.last < between.end)
                .count()
                .min(4) as u32
        } else {
            let later = self.phrases[c + 1..]
                .iter()
                .take_while(|q| article.sentence_of[q.first] == article.sentence_of[p.first])
                .filter(|q| !q.inner)
                .count();
            10 + later.min(3) as u32
        };
        let first_of_sentence = same
            && !self.phrases[..c]
                .iter()
                .rev()
                .take_while(|q| article.sentence_of[q.first] == article.sentence_of[tok])
                .any(|q| !q.inner && q.last < p.first);
        let mut verbs = 0u32;
        let mut commas = 0u32;
        let mut relative = 0u32;
        for j in between.clone() {
            let b = article.word(words, j);
            verbs += u32::from(b.finite_verb());
            commas += u32::from(b.kind == TokenKind::Punct);
            relative |= u32::from(matches!(&*b.norm, "الذي" | "التي" | "الذين" | "اللذين" | "اللتين"));
        }
        let triggers_before = |end: usize| self.triggers.partition_point(|x| x.token < end);
        let triggers_between =
            triggers_before(between.end).saturating_sub(triggers_before(between.start)).min(3) as u32;
        let role = self.frames[t].role(gov, after);
        let bits = verbs.min(2) | commas.min(2) << 2 | relative << 4 | triggers_between << 5;
        let gender = u32::from(tw.lexemes.first().is_some_and(|l| l.agreement.feminine))
            | u32::from(head.stem.ends_with('ه')) << 1
            | u32::from(tw.lexemes.first().is_some_and(|l| l.agreement.number == 3)) << 2;
        let pronoun = u32::from(!tw.suffix.is_empty());
        let inner = u32::from(p.inner);

        let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
        put(600, &[kind, inner]);
        put(601, &[kind, side]);
        put(602, &[kind, side, ty]);
        put(603, &[kind, side, ty, gov]);
        put(604, &[side, gov]);
        put(605, &[kind, side, form, gov]);
        put(606, &[side, far]);
        put(607, &[kind, side, far]);
        put(608, &[side, rank, form]);
        put(609, &[kind, side, rank, form]);
        put(610, &[kind, side, rank, form, ty]);
        put(611, &[role, side, kind]);
        put(612, &[role, form, side, rank]);
        put(613, &[role, ty, kind, side]);
        put(614, &[tw.stem_key, side, kind]);
        put(615, &[tw.stem_key, side, gov]);
        put(616, &[tw.stem_key, side, kind, gov]);
        put(617, &[bits, side]);
        put(618, &[bits, side, kind]);
        put(619, &[gender, side, rank, form]);
        put(620, &[pronoun, side, kind, rank]);
        put(621, &[pronoun, form, side, gov]);
        put(622, &[plain(head.stem_key), kind]);
        put(623, &[plain(head.stem_key), ty, side]);
        put(624, &[u32::from(first_of_sentence), side, kind, form]);
        put(625, &[u32::from(first_of_sentence), side, ty, kind]);
        put(626, &[head.class, side, form]);
        put(627, &[tw.sense, kind, side, gov]);
        put(628, &[tw.sense, kind, side, rank]);
        put(629, &[inner, side, kind, rank, gov]);
        put(630, &[u32::from(article.quoted[tok] == article.quoted[p.first]), side, kind]);
        put(631, &[distance.min(1) as u32, side, gov, kind, form]);
        let before_t = tok.checked_sub(1).map_or(0, |j| plain(article.word(words, j).stem_key));
        put(632, &[before_t, kind, side]);
        let before_p = p.first.checked_sub(1).map_or(0, |j| plain(article.word(words, j).stem_key));
        put(633, &[before_p, kind]);
        put(634, &[before_p, side, ty]);
        if let Some(next) = article.types.get(p.last + 1) {
            put(635, &[words.get(*next).class, kind, side]);
        }
        if !between.is_empty() {
            if between.len() <= 4 {
                let path = between.clone().fold(side, |k, j| mix(k, article.word(words, j).class));
                put(636, &[path, kind]);
                put(637, &[path, form]);
            }
            for j in between.clone().take(3).chain(between.clone().rev().take(3)) {
                put(638, &[plain(article.word(words, j).stem_key), side]);
            }
            let edge = if after { between.start } else { between.end - 1 };
            put(639, &[plain(article.word(words, edge).stem_key), side, kind]);
        }
        // the clause's other happenings: a phrase right beside another trigger is likelier that one's
        let home = &article.sentences[article.sentence_of[p.first] as usize];
        let from = self.triggers.partition_point(|x| x.token < home.start);
        let nearest = self.triggers[from..]
            .iter()
            .take_while(|x| x.token < home.end)
            .enumerate()
            .filter(|(i, _)| from + *i != t)
            .map(
                |(_, x)| if x.token > p.last { (x.token - p.last, 1u32) } else { (p.first.saturating_sub(x.token), 0) },
            )
            .min();
        if let Some((d, where_)) = nearest {
            let closer = u32::from(same && d < distance);
            put(640, &[closer, side, kind]);
            put(641, &[closer, where_, side, bucket(d), kind]);
        } else {
            put(642, &[side, kind]);
        }
        out.take(643, lexical(mix(643, mix(tw.stem_key, head.stem_key))));
        let relation = self.relation(tok, c);
        self.clause_keys(t, c, side, kind, relation, out);
        self.anchor_keys(t, c, side, rank, relation, out);
        self.told_keys(t, c, out);
        let b = &self.bearers[c];
        let salience = u32::from(b.named.min(4)) * 2 + u32::from(b.in_title);
        let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
        put(644, &[salience, kind, side]);
        put(645, &[salience, ty]);
        if b.sector != 0 {
            put(646, &[b.sector, ty]);
            put(647, &[b.sector, ty, side]);
            put(648, &[b.sector, plain(tw.stem_key)]);
        }
    }

    /// Features of where candidate `c` stands in the clauses around happening `t`.
    fn clause_keys(&self, t: usize, c: usize, side: u32, kind: u32, relation: u32, out: &mut impl Features) {
        let (article, words) = (self.article, self.words);
        let trigger = self.triggers[t];
        let tw = article.word(words, trigger.token);
        let ty = trigger.class + 1;
        let Seat { form, is_verb, gov, gov_sense, stands, opener, source, genders } = self.seats[t];
        let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
        put(680, &[relation, is_verb]);
        put(681, &[relation, is_verb, form, source]);
        put(682, &[relation, ty, is_verb]);
        put(683, &[relation, kind, form]);
        put(684, &[relation, gov, is_verb]);
        put(685, &[relation, gov, form]);
        put(686, &[relation, opener, is_verb, side]);
        put(687, &[relation, plain(tw.stem_key)]);
        put(688, &[relation, tw.sense, form]);
        put(689, &[relation, stands, form]);
        put(690, &[relation, stands, gov]);
        put(691, &[relation, gov_sense, ty]);
        put(692, &[relation, gov_sense, stands, is_verb]);
        put(693, &[relation, self.clauses.governors[c].key, is_verb]);
        put(694, &[relation, self.clauses.governors[c].key, ty, form]);
        let head = article.word(words, self.phrases[c].first);
        let ending = u32::from(head.stem.ends_with("ين")) + 2 * u32::from(head.stem.ends_with("ون"));
        let agree = genders | u32::from(head.stem.ends_with('ه')) << 2 | ending << 3;
        put(695, &[relation, is_verb, agree]);
        put(696, &[relation, is_verb, agree, side, source]);
    }

    /// Features of what candidate `c` hangs on, and of what the pronoun attached to happening `t` may stand for.
    fn anchor_keys(&self, t: usize, c: usize, side: u32, rank: u32, relation: u32, out: &mut impl Features) {
        let (article, words) = (self.article, self.words);
        let trigger = self.triggers[t];
        let tw = article.word(words, trigger.token);
        let p = &self.phrases[c];
        let kind = p.kind.index() as u32 + 1;
        let ty = trigger.class + 1;
        let form = self.seats[t].form;
        let a = self.clauses.anchors[c];
        let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
        put(740, &[a.key, a.depth, kind, side]);
        put(741, &[a.key, ty, side, kind]);
        put(742, &[a.key, tw.stem_key, side]);
        put(743, &[a.key, form, side, rank]);
        if a.depth > 0 {
            let noun = article.word(words, a.noun);
            put(744, &[plain(noun.stem_key), kind, side]);
            put(745, &[plain(noun.stem_key), ty, a.key]);
            let role = self.frames[t].role(a.key, side == 1);
            put(746, &[role, form, side, a.depth]);
            put(747, &[role, ty, kind]);
        }
        if let Some(site) = a.site {
            let on = if site == trigger.token {
                1
            } else if self.triggers.binary_search_by_key(&site, |x| x.token).is_ok() {
                3
            } else if site > trigger.token
                && site <= trigger.token + 2
                && (trigger.token + 1..=site).all(|j| {
                    let w = article.word(words, j);
                    w.kind != TokenKind::Punct && !w.preposition && w.prefix.preposition.is_none()
                })
            {
                2
            } else if article.word(words, site).finite_verb() {
                4
            } else {
                0
            };
            put(748, &[on, a.key, kind, side]);
            put(749, &[on, a.key, form, ty]);
            put(750, &[plain(article.word(words, site).stem_key), a.key, kind, side]);
        }
        if !tw.suffix.is_empty() {
            let suffix = key(504, &tw.suffix);
            let head = article.word(words, p.first);
            let agree = u32::from(head.stem.ends_with('ه'))
                | u32::from(head.stem.ends_with("ين") || head.stem.ends_with("ون") || head.stem.ends_with("ات")) << 1;
            put(752, &[suffix, side, kind, rank]);
            put(753, &[suffix, agree, form, side]);
            put(754, &[suffix, relation, form]);
        }
        let home = &self.clauses.all[self.clauses.of[p.first] as usize];
        if let Some(verb) = home.verb.filter(|v| *v != trigger.token) {
            let part = u32::from(home.subject == Some(c)) + 2 * u32::from(home.object == Some(c));
            if part > 0 {
                let v = article.word(words, verb);
                put(755, &[part, v.sense, ty, side]);
                put(756, &[part, plain(v.stem_key), ty]);
            }
        }
    }

    /// Where a candidate stands in the clauses around a token, as a small number.
    pub(crate) fn relation(&self, token: usize, c: usize) -> u32 {
        let p = &self.phrases[c];
        let number = self.clauses.of[token] as usize;
        let here = &self.clauses.all[number];
        let home = self.clauses.of[p.first] as usize;
        let part = |k: &crate::clauses::Clause, n: usize| -> u32 {
            if k.subject == Some(c) {
                1 + u32::from(home != n)
            } else if k.object == Some(c) {
                3
            } else {
                u32::from(home == n) * 4
            }
        };
        let own = part(here, number);
        if own > 0 {
            return own;
        }
        let mut above = here.parent;
        for depth in 1..=3 {
            let Some(n) = above else { break };
            let k = &self.clauses.all[n];
            let r = part(k, n);
            if r > 0 {
                return 5 * depth + r;
            }
            above = k.parent;
        }
        if let Some(n) = here.continues {
            let r = part(&self.clauses.all[n], n);
            if r > 0 {
                return 25 + r;
            }
        }
        // deeper than the token, or in another row; in another sentence
        let (a, b) = (self.article.sentence_of[token], self.article.sentence_of[p.first]);
        let k = &self.clauses.all[home];
        let stands = u32::from(k.subject == Some(c)) + 2 * u32::from(k.object == Some(c));
        if a == b {
            let below = k.parent == Some(number);
            return 30 + 4 * u32::from(below) + stands;
        }
        let root = k.opener == crate::clauses::Opener::Sentence;
        40 + 8 * a.saturating_sub(b).min(2) + 4 * u32::from(root) + stands
    }

    /// Features of the part that candidate `c` plays in the sayings around happening `t`.
    fn told_keys(&self, t: usize, c: usize, out: &mut impl Features) {
        let trigger = self.triggers[t];
        let form = self.seats[t].form;
        let Some((told, place)) = self.saying_of(trigger.token) else { return };
        let part = if told.origin == Some(c) {
            1
        } else if told.via.contains(&c) {
            2
        } else if told.origin.is_some_and(|o| self.same(o, c)) {
            3
        } else if told.via.iter().any(|v| self.same(*v, c)) {
            4
        } else {
            return;
        };
        let tw = self.article.word(self.words, trigger.token);
        out.put(670, &[part, place]);
        out.put(670, &[part, place, told.stance]);
        out.put(670, &[part, place, told.stance, trigger.class]);
        out.put(670, &[part, place, form, told.stance]);
        out.put(670, &[part, place, form, trigger.class]);
        out.put(670, &[part, place, plain(tw.stem_key), 1]);
    }

    /// The saying that a token most likely belongs to, and how: 1 it is the cue itself, 2 the cue stands before it in
    /// the sentence, 3 after it, 4 in the sentence before.
    fn saying_of(&self, token: usize) -> Option<(&Told, u32)> {
        let s = self.article.sentence_of[token];
        let after = self.told.partition_point(|x| x.cue <= token);
        if let Some(x) = self.told[..after].last() {
            if x.cue == token {
                return Some((x, 1));
            }
            if self.article.sentence_of[x.cue] == s {
                return Some((x, 2));
            }
        }
        if let Some(x) = self.told.get(after)
            && self.article.sentence_of[x.cue] == s
        {
            return Some((x, 3));
        }
        let x = self.told[..after].last()?;
        (self.article.sentence_of[x.cue] + 1 == s).then_some((x, 4))
    }

    /// Features of the answer that no phrase fills the role.
    pub fn none_keys(&self, t: usize, candidates: &[usize], out: &mut impl Features) {
        let (article, words) = (self.article, self.words);
        let trigger = self.triggers[t];
        let tw = article.word(words, trigger.token);
        let ty = trigger.class + 1;
        let Seat { form, is_verb, gov, stands, opener, source, .. } = self.seats[t];
        let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
        put(700, &[]);
        put(701, &[ty]);
        put(702, &[form]);
        put(703, &[ty, form]);
        put(704, &[tw.stem_key]);
        put(705, &[tw.sense]);
        put(706, &[tw.sense, form]);
        put(707, &[lexical(tw.norm_key)]);
        put(708, &[u32::from(!tw.suffix.is_empty()), form]);
        let title = article.sentence_of[trigger.token] == 0;
        put(709, &[u32::from(title), form]);
        let stem = |d: isize| -> Key {
            trigger
                .token
                .checked_add_signed(d)
                .and_then(|j| article.types.get(j))
                .map_or(1, |t| plain(words.get(*t).stem_key))
        };
        put(710, &[stem(-1)]);
        put(711, &[stem(1)]);
        put(712, &[stem(-1), ty]);
        put(713, &[stem(1), form]);
        // what is near by, on each side
        let mut kinds = [0u32; 2];
        for c in candidates {
            let p = &self.phrases[*c];
            if article.sentence_of[p.first] == article.sentence_of[trigger.token] && !p.inner {
                kinds[usize::from(p.first > trigger.token)] |= 1 << p.kind.index();
            }
        }
        let people = |m: u32| u32::from(m & 0b1_0100_1111 != 0);
        put(714, &[people(kinds[0]), people(kinds[1]), form]);
        put(715, &[people(kinds[0]), people(kinds[1]), ty]);
        let next = candidates
            .iter()
            .map(|c| &self.phrases[*c])
            .filter(|p| p.first > trigger.token && !p.inner && p.first <= trigger.token + 3)
            .min_by_key(|p| p.first)
            .map_or(0, |p| p.kind.index() as u32 + 1);
        put(716, &[next, form]);
        put(717, &[next, ty]);
        put(718, &[next, tw.sense]);
        let subject = self.clauses.at(trigger.token).subject.map_or(0, |c| self.phrases[c].kind.index() as u32 + 1);
        put(720, &[subject, source, is_verb]);
        put(721, &[subject, source, form]);
        put(722, &[gov, is_verb, form]);
        put(723, &[stands, form]);
        put(724, &[stands, gov]);
        put(725, &[opener, source, is_verb]);
        if let Some((told, place)) = self.saying_of(trigger.token) {
            put(726, &[place, told.stance, u32::from(told.origin.is_some()), form]);
            put(727, &[place, told.stance, ty]);
        }
    }
}

fn form_name(w: &WordType) -> &'static str {
    let Some((_, form, _)) = w.senses.first() else {
        return if w.finite_verb() { "verb" } else { "?" };
    };
    match form {
        Form::Past => "past",
        Form::Present => "present",
        Form::PastPassive | Form::PresentPassive => "passive",
        Form::VerbalNoun => {
            if w.suffix.is_empty() {
                "masdar"
            } else {
                "masdar+"
            }
        }
        Form::ActiveParticiple => "participle",
        Form::PassiveParticiple => "passive participle",
        Form::Singular | Form::Plural | Form::Dual => {
            if w.suffix.is_empty() {
                "noun"
            } else {
                "noun+"
            }
        }
        _ => "other",
    }
}

/// Every class of happening together.
const ANY: u32 = 99;

/// Types of what people are accused of.
const DEEDS: [EventType; 6] = [
    EventType::Aid,
    EventType::Assault,
    EventType::Coerce,
    EventType::Mobilize,
    EventType::Sanction,
    EventType::Threaten,
];

/// Who filled the roles of the happenings just before, as the next one sees it: clauses share their subjects.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// Token and fillers `(phrase, role)` of up to three happenings, the latest last.
    latest: std::collections::VecDeque<(usize, Vec<(usize, u8)>)>,
    /// What each bearer did so far: its id and the class of happening, with how often it was actor and recipient.
    deeds: hashbrown::HashMap<(u32, u32), [u8; 2]>,
}

impl Earlier {
    /// Remembers happening `t`.
    pub fn push(&mut self, pairs: &Pairs<'_, '_>, t: usize, fillers: Vec<(usize, u8)>) {
        let Trigger { token, class } = pairs.triggers[t];
        for (p, role) in fillers.iter().filter(|f| matches!(f.1, 1 | 2)) {
            let id = pairs.bearers[*p].id;
            for class in [class, ANY] {
                let count = &mut self.deeds.entry((id, class)).or_default()[usize::from(role - 1)];
                *count = (*count + 1).min(3);
            }
        }
        if self.latest.len() == 3 {
            self.latest.pop_front();
        }
        self.latest.push_back((token, fillers));
    }

    /// Takes those who accuse, condemn or investigate out of the actors of what they accuse others of: «تحقق الأمم المتحدة في
    /// تسليم أسلحة», «دانت القاهرة استهداف المطار». Of 113 deeds told right after such a word in the given training articles the
    /// accuser is the actor of one, a mutual one («تبادلت أوكرانيا وانفصاليون الاتهامات بقصف …»).
    pub fn drop_accusers(&self, pairs: &Pairs<'_, '_>, t: usize, out: &mut Vec<Filler>) {
        let (article, words) = (pairs.article, pairs.words);
        let Trigger { token, class } = pairs.triggers[t];
        let deed = DEEDS.iter().any(|d| *d as u32 == class);
        if !deed || article.is_verb(words, token) || article.word(words, token).prefix.conjunction.is_some() {
            return;
        }
        let accuses = |at: usize| {
            let found = pairs.triggers.binary_search_by_key(&at, |x| x.token);
            found.is_ok_and(|i| pairs.triggers[i].class == EventType::Accuse as u32)
        };
        let Some((at, accusers)) = self.latest.iter().rev().find(|(at, _)| accuses(*at)) else { return };
        let mutual = (at.saturating_sub(3)..=*at).any(|i| article.word(words, i).stem.contains("تبادل"));
        let verb = (at + 1..token).any(|i| article.is_verb(words, i));
        if article.sentence_of[*at] != article.sentence_of[token] || mutual || verb {
            return;
        }
        let accuser = |p: usize| accusers.iter().any(|(q, role)| *role == 1 && (*q == p || pairs.same(*q, p)));
        out.retain(|f| f.role != 1 || !accuser(f.phrase));
    }

    /// Whether two phrases shared a role in the happenings just before: 0 neither had it, 1 the first alone, 2 the second
    /// alone, 3 each in another happening, 4 both in one.
    pub fn shared(&self, pairs: &Pairs<'_, '_>, first: usize, second: usize, role: u8) -> u32 {
        let mut seen = 0;
        for (_, fillers) in &self.latest {
            let has = |x: usize| fillers.iter().any(|(p, r)| *r == role && (*p == x || pairs.same(*p, x)));
            let both = u32::from(has(first)) | u32::from(has(second)) << 1;
            if both == 3 {
                return 4;
            }
            seen |= both;
        }
        seen
    }

    /// Features of candidate `c` (or of "no phrase") for happening `t`.
    pub fn keys(&self, pairs: &Pairs<'_, '_>, t: usize, c: Option<usize>, out: &mut impl Features) {
        let (article, words) = (pairs.article, pairs.words);
        let trigger = pairs.triggers[t];
        let w = article.word(words, trigger.token);
        let form = pairs.seats[t].form;
        let s = article.sentence_of[trigger.token];
        let mut code = 0u32;
        for (i, (token, fillers)) in self.latest.iter().rev().enumerate() {
            let gap = (s - article.sentence_of[*token]).min(2);
            let role = match c {
                Some(c) => fillers.iter().find(|(p, _)| *p == c || pairs.same(*p, c)).map_or(0, |(_, r)| u32::from(*r)),
                None => {
                    u32::from(fillers.iter().any(|(_, r)| *r == 1))
                        + 2 * u32::from(fillers.iter().any(|(_, r)| *r == 2))
                }
            };
            let template = 660 + 4 * i as u32 + u32::from(c.is_none());
            out.put(template, &[role, gap]);
            if i == 0 {
                let before = article.word(words, *token);
                out.put(template, &[role, gap, form, 1]);
                out.put(template, &[role, gap, trigger.class, 2]);
                out.put(template, &[role, gap, plain(before.stem_key), 3]);
                out.put(template, &[role, gap, key(502, form_name(before)), form]);
                // «قصفت … ودمرت»: joined by a conjunction
                out.put(template, &[role, gap, u32::from(w.prefix.conjunction.is_some()), form]);
                out.put(template, &[role, gap, (trigger.token - token).min(8) as u32, 5]);
            }
            code = code * 6 + role;
        }
        out.put(676 + u32::from(c.is_none()), &[code, 7]);
        if let Some(c) = c {
            out.put(678, &[code, pairs.phrases[c].kind.index() as u32]);
            let deeds = |class: u32| {
                let [a, r] = self.deeds.get(&(pairs.bearers[c].id, class)).copied().unwrap_or_default();
                u32::from(a) * 4 + u32::from(r)
            };
            let (alike, any) = (deeds(trigger.class), deeds(ANY));
            out.put(650, &[alike]);
            out.put(651, &[alike, trigger.class]);
            out.put(652, &[alike, form]);
            out.put(653, &[any]);
            out.put(654, &[any, pairs.phrases[c].kind.index() as u32]);
            out.put(655, &[alike, any]);
        }
    }
}

/// Scratch for scoring the candidates of one trigger after the other.
#[derive(Default)]
pub struct Scratch {
    /// Candidates: indexes into the phrases.
    pub candidates: Vec<usize>,
    keys: Vec<Key>,
    one: Vec<f32>,
    ranks: Vec<f32>,
    judged: Vec<f32>,
}

/// The models of a set of roles.
pub struct RoleModel {
    /// Its first labels judge each candidate alone (none, then the roles), the rest let candidates compete (the roles
    /// again).
    pub scores: Arc<Model>,
    /// Whether a further phrase shares a role ([`crate::companions`]): no, yes. Without it each role has one phrase.
    pub companions: Option<Arc<Model>>,
    /// How roles are chosen from their scores.
    pub choice: Choice,
}

impl RoleModel {
    /// Scores `scratch.candidates` for trigger `t` and chooses. `extra` adds features of its own for each candidate (none:
    /// for "no phrase"); `earlier` is what was filled before.
    pub fn fill(
        &self,
        pairs: &Pairs<'_, '_>,
        t: usize,
        scratch: &mut Scratch,
        extra: impl Fn(Option<usize>, &mut Vec<Key>),
        earlier: Option<&Earlier>,
        out: &mut Vec<Filler>,
    ) {
        self.lead(pairs, t, scratch, extra, out);
        let Some(model) = &self.companions else { return };
        let mut more: Vec<Filler> = Vec::new();
        let mut one = std::mem::take(&mut scratch.one);
        self.considered(pairs, t, scratch, out, earlier, |x, keys| {
            model.score(keys, &mut one);
            let probability = 1.0 / (1.0 + (one[0] - one[1]).exp());
            if probability >= self.choice.further[usize::from(x.role)] {
                more.push(Filler { phrase: x.phrase, role: x.role, probability, beside: Some(*x) });
            }
        });
        scratch.one = one;
        more.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.phrase.cmp(&b.phrase)));
        for f in more {
            if !clash(pairs.phrases, out, f.phrase, f.role) {
                out.push(f);
            }
        }
        out.sort_by_key(|f| (f.role, f.phrase));
    }

    /// Scores `scratch.candidates` for trigger `t` and chooses the leading phrase of each role.
    pub fn lead(
        &self,
        pairs: &Pairs<'_, '_>,
        t: usize,
        scratch: &mut Scratch,
        extra: impl Fn(Option<usize>, &mut Vec<Key>),
        out: &mut Vec<Filler>,
    ) {
        let s = scratch;
        let judged = self.choice.none.len();
        s.ranks.clear();
        s.judged.clear();
        s.keys.clear();
        pairs.none_keys(t, &s.candidates, &mut s.keys);
        extra(None, &mut s.keys);
        self.scores.score(&s.keys, &mut s.one);
        s.ranks.extend_from_slice(&s.one[judged..]);
        for c in &s.candidates {
            s.keys.clear();
            pairs.keys(t, *c, &mut s.keys);
            extra(Some(*c), &mut s.keys);
            self.scores.score(&s.keys, &mut s.one);
            s.judged.extend_from_slice(&s.one[..judged]);
            s.ranks.extend_from_slice(&s.one[judged..]);
        }
        choose(pairs.phrases, &s.candidates, &s.ranks, &s.judged, &self.choice, out);
    }

    /// Shows `visit` the further phrases that are considered for the roles that `leads` fill, with their features. To be
    /// called after [`RoleModel::lead`], with the same scratch.
    pub fn considered(
        &self,
        pairs: &Pairs<'_, '_>,
        t: usize,
        scratch: &mut Scratch,
        leads: &[Filler],
        earlier: Option<&Earlier>,
        mut visit: impl FnMut(&Companion, &[Key]),
    ) {
        let s = scratch;
        let choice = &self.choice;
        let n = choice.none.len();
        for lead in leads {
            let role = usize::from(lead.role);
            let ahead = (s.candidates.iter().position(|c| *c == lead.phrase))
                .map_or(0.0, |c| margin(&s.ranks, &s.judged, choice, c, role));
            for (c, phrase) in s.candidates.iter().enumerate() {
                let alone = &s.judged[c * n..(c + 1) * n];
                let rest = (0..n).filter(|l| *l != role).map(|l| alone[l]).fold(f32::MIN, f32::max);
                let odds = alone[role] - rest;
                if odds < LEAST_ODDS || *phrase == lead.phrase {
                    continue;
                }
                let margin = margin(&s.ranks, &s.judged, choice, c, role);
                let companion = Companion {
                    trigger: t,
                    role: lead.role,
                    lead: lead.phrase,
                    phrase: *phrase,
                    odds,
                    margin,
                    behind: ahead - margin,
                    taken: leads.iter().any(|l| l.phrase == *phrase),
                };
                s.keys.clear();
                pairs.companion_keys(&companion, earlier, &mut s.keys);
                visit(&companion, &s.keys);
            }
        }
    }

    /// Why each filler and none of the other candidates has its role, in words; `earlier` as in [`RoleModel::fill`].
    pub fn reasons(
        &self,
        pairs: &Pairs<'_, '_>,
        candidates: &[usize],
        fillers: &[Filler],
        features: impl Fn(usize) -> Named,
        earlier: Option<&Earlier>,
    ) -> Vec<String> {
        // the labels that rank stand behind «none» and those that judge
        let ranks = self.scores.labels().len().div_ceil(2) - 1;
        let reason = |f: &Filler| {
            if let Some((x, model)) = f.beside.zip(self.companions.as_ref()) {
                let mut features = Named::default();
                pairs.companion_keys(&x, earlier, &mut features);
                return crate::explain::weigh(model, &features, 1, Some(0));
            }
            let others: Vec<Named> = candidates.iter().filter(|c| **c != f.phrase).map(|c| features(*c)).collect();
            crate::explain::contrast(&self.scores, &features(f.phrase), &others, ranks + usize::from(f.role))
        };
        fillers.iter().map(reason).collect()
    }
}

/// A role given to a phrase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filler {
    /// Index into the phrases.
    pub phrase: usize,
    /// Index into [`LABELS`].
    pub role: u8,
    /// Probability by the model.
    pub probability: f32,
    /// Beside which phrase, where it is not the first of its role.
    pub beside: Option<Companion>,
}

/// How roles are chosen from the two models' scores.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Added to the score of "no phrase" for each role (index as in the labels; the first is unused).
    pub none: Vec<f32>,
    /// How much the judging model's odds count beside the ranking.
    pub trust: f32,
    /// Least chance of a further phrase in a role that has one (index as in the labels; the first is unused).
    pub further: Vec<f32>,
}

impl Default for Choice {
    fn default() -> Self {
        Self { none: vec![0.0; LABELS.len()], trust: 0.0, further: vec![0.5; LABELS.len()] }
    }
}

/// Whether a phrase cannot take a role: it has one already, or laps over another phrase of the same role.
fn clash(phrases: &[Phrase], out: &[Filler], phrase: usize, role: u8) -> bool {
    let p = &phrases[phrase];
    out.iter().any(|o| {
        let q = &phrases[o.phrase];
        o.phrase == phrase || (o.role == role && q.first <= p.last && p.first <= q.last)
    })
}

/// Chooses the leading phrase of each role. `ranks` holds one score a role for "none" and then for each candidate; `judged`
/// holds one score a label (`none` of [`Choice`] tells how many) and candidate.
pub fn choose(
    phrases: &[Phrase],
    candidates: &[usize],
    ranks: &[f32],
    judged: &[f32],
    choice: &Choice,
    out: &mut Vec<Filler>,
) {
    out.clear();
    let n = choice.none.len();
    // the surest roles choose first; one that finds its best taken asks for its next best
    let mut open: Vec<usize> = (1..n).collect();
    while let Some((margin, role, c)) = open
        .iter()
        .flat_map(|role| (0..candidates.len()).map(|c| (margin(ranks, judged, choice, c, *role), *role, c)))
        .filter(|(margin, role, c)| *margin > 0.0 && !clash(phrases, out, candidates[*c], *role as u8))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.2.cmp(&a.2)))
    {
        let probability = 1.0 / (1.0 + (-margin).exp());
        out.push(Filler { phrase: candidates[c], role: role as u8, probability, beside: None });
        open.retain(|r| *r != role);
    }
    out.sort_by_key(|f| (f.role, f.phrase));
}

/// By how much candidate `c` stands above "no phrase" for a role.
fn margin(ranks: &[f32], judged: &[f32], choice: &Choice, c: usize, role: usize) -> f32 {
    let n = choice.none.len();
    let judge = judged[c * n + role] - judged[c * n];
    ranks[(c + 1) * (n - 1) + role - 1] + choice.trust * judge - ranks[role - 1] - choice.none[role]
}
