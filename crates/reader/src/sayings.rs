//! Who says what, through whom: the chain of each cue, and which happenings it reports.

use learn::{Features, Key, Model, Named, plain};
use lexicon::{Role, Sense};
use model::{EntityType, Stance};

use crate::article::Article;
use crate::datelines::Datelines;
use crate::roles::{Governor, Layers, Pairs, RoleModel, Scratch, Trigger};
use crate::spans::{Kind, Phrase};
use crate::words::Words;

/// How far after a relay's verb its sources are looked for, in tokens.
const REACH: usize = 16;

/// Labels of the models of chains.
pub const LABELS: [&str; 3] = ["none", "origin", "via"];

/// The chain found for the statement before, as the next one sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Token of its cue.
    pub cue: usize,
    /// Phrase of its origin.
    pub origin: Option<usize>,
    /// Phrases of its relays.
    pub via: Vec<usize>,
}

/// A saying as found, before it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The word of saying.
    pub cue: Trigger,
    /// How it is said.
    pub stance: Stance,
    /// Phrase of whoever says it; none where the text hides it.
    pub origin: Option<usize>,
    /// Phrases of the relays, in the order in which the words travelled.
    pub via: Vec<usize>,
}

/// Where the body begins: the first token of the second line, or 0.
pub fn body_start(article: &Article<'_>) -> usize {
    article.tokens.all().iter().skip(1).position(|t| t.line_start).map_or(0, |i| i + 1)
}

/// Whether the phrase stands in the dateline («رويترز – بنغازي:», «(أ ف ب)») or signs the end of the article.
pub fn in_dateline(article: &Article<'_>, body: usize, p: &Phrase) -> u32 {
    let n = article.tokens.len();
    if p.first >= body && p.first < body + 14 {
        let follows = (p.last + 1..(p.last + 6).min(n))
            .find(|i| matches!(article.tokens.norm(*i), ":" | "-" | "–" | "—" | ")" | "ـ" | "/"))
            .map_or(0, |i| i - p.last);
        return if follows > 0 { 1 } else { 2 };
    }
    if p.last + 4 >= n { 3 } else { 0 }
}

/// Candidates for the chain of a cue: phrases of its sentence, of the three before and the one after, the dateline's
/// outlets, and the chain of the statement before.
pub fn candidates(
    article: &Article<'_>,
    phrases: &[Phrase],
    cue: usize,
    body: usize,
    before: &Before,
    out: &mut Vec<usize>,
) {
    crate::roles::candidates(article, phrases, cue, out);
    let s = article.sentence_of[cue] as usize;
    let outlet = |p: &Phrase| p.kind == Kind::Entity(EntityType::Med);
    let mut add = |i: usize| {
        if !out.contains(&i) {
            out.push(i);
        }
    };
    // a relay named in the next sentence of the same telling
    if let Some(next) = article.sentences.get(s + 1) {
        let from = phrases.partition_point(|p| p.first < next.start);
        phrases[from..]
            .iter()
            .enumerate()
            .take_while(|(_, p)| p.first < next.end)
            .filter(|(_, p)| outlet(p))
            .take(3)
            .for_each(|(i, _)| add(from + i));
    }
    let from = phrases.partition_point(|p| p.first < body);
    phrases[from..]
        .iter()
        .enumerate()
        .take_while(|(_, p)| p.first < body + 14)
        .filter(|(_, p)| outlet(p) || p.kind == Kind::Unnamed)
        .take(3)
        .for_each(|(i, _)| add(from + i));
    before.origin.into_iter().chain(before.via.iter().copied()).for_each(add);
}

/// Features of a candidate (or of "none") that only sayings have.
pub fn keys(
    pairs: &Pairs<'_, '_>,
    t: usize,
    candidate: Option<usize>,
    body: usize,
    before: &Before,
    out: &mut impl Features,
) {
    let (article, words) = (pairs.article, pairs.words);
    let cue = pairs.triggers[t];
    let w = article.word(words, cue.token);
    let gap = if before.origin.is_none() && before.via.is_empty() {
        9
    } else {
        (article.sentence_of[cue.token] - article.sentence_of[before.cue]).min(4)
    };
    let quoted_next = (cue.token + 1..(cue.token + 12).min(article.tokens.len()))
        .find(|i| matches!(article.tokens.norm(*i), "ان" | "انه" | "انها" | ":" | "\"" | "“" | "«" | "."))
        .map_or(0, |i| article.word(words, i).class);
    let feminine = u32::from(w.lexemes.first().is_some_and(|l| l.agreement.feminine));
    let Some(c) = candidate else {
        out.put(800, &[gap, w.sense]);
        out.put(801, &[quoted_next, w.sense]);
        out.put(802, &[gap]);
        return;
    };
    let p = &pairs.phrases[c];
    let dateline = in_dateline(article, body, p);
    let med = u32::from(p.kind == Kind::Entity(EntityType::Med));
    let was_origin = u32::from(before.origin == Some(c));
    let was_via = u32::from(before.via.contains(&c));
    let s_cue = article.sentence_of[cue.token];
    let s_cand = article.sentence_of[p.first];
    let where_ = if s_cand > s_cue { 5 } else { (s_cue - s_cand).min(4) };
    let head = article.word(words, p.first);
    let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
    put(810, &[was_origin, gap]);
    put(811, &[was_origin, gap, w.stem_key]);
    put(812, &[was_via, gap, med]);
    put(813, &[was_via, med, where_]);
    put(814, &[dateline, med]);
    put(815, &[dateline, med, u32::from(article.sentence_of[cue.token] == 0)]);
    put(827, &[dateline, plain(head.stem_key)]);
    put(828, &[dateline, plain(article.word(words, p.last).stem_key), med]);
    put(816, &[where_, med]);
    put(817, &[where_, med, plain(w.stem_key)]);
    put(818, &[quoted_next, where_, p.kind.index() as u32]);
    put(819, &[feminine, u32::from(head.norm.ends_with('ه')), where_, p.kind.index() as u32]);
    put(820, &[was_origin, gap, quoted_next, u32::from(p.first > cue.token)]);
    put(821, &[was_origin, where_, feminine]);
    // «مصدر», «مسؤول»: sources that are no names
    put(822, &[plain(head.stem_key), pairs.clauses.governors[c].key, where_]);
    put(823, &[pairs.clauses.governors[c].key, med, where_, cue.class]);
    put(824, &[pairs.clauses.governors[c].key, med, w.stem_key]);
    // «في تصريح لوكالة …», «على صفحته في فيسبوك»
    let hangs = pairs.clauses.anchors[c];
    if let Some(site) = hangs.site {
        let on = article.word(words, site);
        let near = u32::from(site.abs_diff(cue.token) < 8);
        put(830, &[plain(on.stem_key), hangs.key, med, near]);
        put(831, &[plain(on.stem_key), p.kind.index() as u32]);
        put(832, &[on.sense, hangs.key, med, where_]);
        put(833, &[u32::from(site == cue.token), hangs.key, med, cue.class]);
    }
    put(834, &[hangs.key, med, where_, was_via]);
    // a verb of saying at the head of a sentence whose next word is no phrase has its subject before
    let next_is_phrase = u32::from(
        pairs.phrases[pairs.phrases.partition_point(|q| q.first <= cue.token)..]
            .iter()
            .take_while(|q| q.first == cue.token + 1)
            .any(|q| !q.inner),
    );
    put(825, &[next_is_phrase, was_origin, where_]);
    put(826, &[next_is_phrase, u32::from(p.first == cue.token + 1), p.kind.index() as u32]);
}

/// Statements that may report a happening: cues of its sentence, of the two before (a quotation may go on), and of the
/// next (a cue may follow), nearest first. Indexes into `cues`, at most 10.
pub fn reporters(article: &Article<'_>, cues: &[Trigger], token: usize, out: &mut Vec<usize>) {
    out.clear();
    let s = article.sentence_of[token];
    let at = cues.partition_point(|c| c.token < token);
    let near = |c: &Trigger| {
        let k = article.sentence_of[c.token];
        k + 2 >= s && k <= s + 1
    };
    out.extend((0..at).rev().take_while(|i| near(&cues[*i])).take(6));
    out.extend((at..cues.len()).take_while(|i| near(&cues[*i])).take(4));
}

/// Words that open what is said (folded).
fn that(norm: &str) -> bool {
    matches!(
        norm,
        "ان" | "بان"
            | "انه"
            | "انها"
            | "بانه"
            | "بانها"
            | "انهم"
            | "قوله"
            | "قولها"
            | "قولهم"
            | ":"
    )
}

/// Features of the question whether cue `c` reports the happening at `token` (or, with none, that no statement does).
pub fn report_keys(
    article: &Article<'_>,
    words: &Words,
    cues: &[Trigger],
    happening: Trigger,
    cue: Option<usize>,
    out: &mut impl Features,
) {
    let token = happening.token;
    let tw = article.word(words, token);
    let s = article.sentence_of[token];
    let range = &article.sentences[s as usize];
    let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
    let quoted = u32::from(article.quoted[token]);
    let title = u32::from(s == 0);
    let at = cues.partition_point(|c| c.token < token);
    let left_in_sentence = cues[..at].iter().rev().take_while(|c| c.token >= range.start).count().min(3) as u32;
    let right_in_sentence = cues[at..].iter().take_while(|c| c.token < range.end).count().min(3) as u32;
    let Some(i) = cue else {
        put(850, &[]);
        put(851, &[quoted, title]);
        put(852, &[left_in_sentence, right_in_sentence, quoted]);
        put(853, &[left_in_sentence, right_in_sentence, title]);
        put(854, &[tw.sense, left_in_sentence]);
        put(855, &[tw.class, left_in_sentence]);
        put(856, &[((token - range.start) as u32).min(4), left_in_sentence, right_in_sentence]);
        put(857, &[happening.class, left_in_sentence.min(1), right_in_sentence.min(1)]);
        // the act of saying is not in its own statement
        let own = u32::from(cues.get(at).is_some_and(|c| c.token == token));
        put(858, &[own, left_in_sentence, right_in_sentence]);
        return;
    };
    let c = cues[i];
    let cw = article.word(words, c.token);
    let own = u32::from(c.token == token);
    let k = article.sentence_of[c.token];
    let side = if own == 1 {
        3
    } else if c.token > token {
        u32::from(k > s) + 1
    } else {
        4 + (s - k).min(3)
    };
    let between = if c.token < token { at - 1 - i.min(at - 1) } else { i.saturating_sub(at) }.min(3) as u32;
    let (low, high) = if c.token < token { (c.token, token) } else { (token, c.token) };
    let mut that = 0u32;
    let mut marks = 0u32;
    let mut quote = 0u32;
    let mut stop = 0u32;
    if high - low < 120 {
        for j in low + 1..high {
            let b = article.word(words, j);
            match &*b.norm {
                "ان" | "بان" | "انه" | "انها" | "بانه" | "بانها" | "انهم" => that = 1,
                "،" | "," | "؛" => marks = (marks + 1).min(3),
                ":" => quote |= 1,
                "\"" | "“" | "”" | "«" | "»" => quote |= 2,
                "." => stop = 1,
                _ => {}
            }
        }
    }
    let distance = match high - low {
        0..=3 => 0u32,
        4..=8 => 1,
        9..=16 => 2,
        17..=30 => 3,
        31..=60 => 4,
        _ => 5,
    };
    let new_line = u32::from(
        k < s
            && article.sentences[k as usize + 1..=s as usize].iter().any(|r| article.tokens.all()[r.start].line_start),
    );
    let same_quote = u32::from(
        article.quotes_from(token).first().is_some_and(|(a, _)| *a <= token && c.token + 14 >= *a && c.token <= *a),
    );
    put(860, &[side, between]);
    put(861, &[side, between, that, quoted]);
    put(862, &[side, c.class, that]);
    put(863, &[side, cw.stem_key]);
    put(864, &[side, cw.stem_key, that, marks.min(1)]);
    put(865, &[side, cw.class, between]);
    put(866, &[side, distance]);
    put(867, &[side, distance, between, that]);
    put(868, &[side, marks, that]);
    put(869, &[side, quote, quoted, same_quote]);
    put(870, &[side, stop, new_line, quoted]);
    put(871, &[side, new_line, quoted, same_quote]);
    put(872, &[side, tw.class, between.min(1)]);
    put(873, &[side, tw.sense, cw.sense]);
    put(874, &[side, happening.class, c.class]);
    put(875, &[own, cw.sense]);
    put(876, &[side, title, ((c.token - article.sentences[k as usize].start) as u32).min(3)]);
    put(877, &[side, left_in_sentence, right_in_sentence, between]);
    put(878, &[side, cw.sense, marks, that]);
    if token > 0 {
        put(879, &[side, plain(article.word(words, token - 1).stem_key), c.class]);
    }
}

/// Picks the statement that reports a happening; none where the outlet itself does.
pub fn reporter(
    model: &Model,
    article: &Article<'_>,
    words: &Words,
    cues: &[Trigger],
    happening: Trigger,
    bias: f32,
    keys: &mut Vec<Key>,
) -> Option<usize> {
    let mut list = Vec::new();
    reporters(article, cues, happening.token, &mut list);
    let mut one = Vec::new();
    let mut score = |c: Option<usize>| {
        keys.clear();
        report_keys(article, words, cues, happening, c, keys);
        model.score(keys, &mut one);
        one[0]
    };
    let mut best = (score(None) + bias, None);
    for c in list {
        let x = score(Some(c));
        if x > best.0 {
            best = (x, Some(c));
        }
    }
    best.1
}

/// The chain of each cue, in order. Where `why` is there, it is given the reasons of each.
pub fn chains(
    model: &RoleModel,
    layers: Layers<'_, '_>,
    found: &[(Trigger, Stance)],
    why: &mut Option<Vec<Vec<String>>>,
) -> Vec<Saying> {
    let Layers { article, phrases, clauses, .. } = layers;
    let cues: Vec<Trigger> = found.iter().map(|f| f.0).collect();
    let pairs = Pairs::new(layers, &cues, &[]);
    let body = body_start(article);
    let datelines = Datelines::find(article, layers.words, layers.knowledge, phrases, body);
    let mut scratch = Scratch::default();
    let mut before = Before::default();
    let mut out: Vec<Saying> = Vec::new();
    let mut chosen = Vec::new();
    for (t, (cue, stance)) in found.iter().enumerate() {
        candidates(article, phrases, cue.token, body, &before, &mut scratch.candidates);
        let extra = |c: Option<usize>, k: &mut Vec<Key>| keys(&pairs, t, c, body, &before, k);
        model.fill(&pairs, t, &mut scratch, extra, None, &mut chosen);
        if let Some(why) = why {
            let features = |c: usize| {
                let mut features = Named::default();
                pairs.keys(t, c, &mut features);
                keys(&pairs, t, Some(c), body, &before, &mut features);
                features
            };
            let reasons = model.reasons(&pairs, &scratch.candidates, &chosen, features, None);
            let lines = chosen.iter().zip(reasons).map(|(f, reasons)| {
                let p = &phrases[f.phrase];
                let text: Vec<&str> = (p.first..=p.last).map(|i| article.tokens.surface(i)).collect();
                format!("{}: «{}» ({:.2}) by: {reasons}", LABELS[usize::from(f.role)], text.join(" "), f.probability)
            });
            why.push(lines.collect());
        }
        let mut origin = chosen.iter().find(|f| f.role == 1).map(|f| f.phrase);
        // nobody passes on their own words
        chosen.retain(|f| f.role == 1 || origin.is_none_or(|o| !pairs.same(o, f.phrase)));
        let relays = chosen.iter().filter(|f| f.role == 2).map(|f| f.phrase).collect();
        let mut via = order_relays(article, phrases, &clauses.governors, body, relays);
        by_frame(&pairs, cue.token, &mut origin, &mut via);
        by_clause(&pairs, cue.token, origin, &mut via);
        via.retain(|v| !datelines.hold(&phrases[*v]));
        if via.is_empty() {
            via = carried(&pairs, &out, cue.token, origin);
            via.retain(|v| !datelines.hold(&phrases[*v]));
        }
        for agency in datelines.agencies(cue.token) {
            if !origin.iter().chain(&via).any(|p| pairs.same(*p, *agency)) {
                via.push(*agency);
            }
        }
        before = Before { cue: cue.token, origin, via: via.clone() };
        out.push(Saying { cue: *cue, stance: *stance, origin, via });
    }
    carry_back(&pairs, body, &mut out);
    out
}

/// Farthest, in sentences, that a relay holds for what the same source says next. In the training articles 95 of 100
/// sayings so near to one with a relay have the same.
const HOLDS: u32 = 3;

/// Verbs of saying by which a telling goes on.
const GOES_ON: [&str; 4] = ["أضاف", "تابع", "استطرد", "استرسل"];

fn goes_on(pairs: &Pairs<'_, '_>, cue: usize) -> bool {
    let senses = &pairs.article.word(pairs.words, cue).senses;
    senses.iter().any(|(_, _, entry)| pairs.knowledge.entry(*entry).is_some_and(|e| GOES_ON.contains(&e.lemma)))
}

/// The relays that still hold for a source: those of the last thing it said.
fn carried(pairs: &Pairs<'_, '_>, said: &[Saying], cue: usize, origin: Option<usize>) -> Vec<usize> {
    let sentence = |token: usize| pairs.article.sentence_of[token];
    let Some(origin) = origin else { return Vec::new() };
    let last = said
        .iter()
        .rev()
        .take_while(|s| sentence(s.cue.token) + HOLDS >= sentence(cue))
        .find(|s| s.origin.is_some_and(|o| pairs.same(o, origin)))
        .or_else(|| said.last().filter(|s| s.origin.is_some() && the_same_as_before(pairs, origin)));
    last.map(|s| s.via.clone()).unwrap_or_default()
}

/// Whether a phrase says itself that it names whoever spoke last («المصدر ذاته»، «المسؤول نفسه»).
fn the_same_as_before(pairs: &Pairs<'_, '_>, phrase: usize) -> bool {
    let p = &pairs.phrases[phrase];
    let end = (p.last + 2).min(pairs.article.tokens.len());
    (p.first + 1..end).any(|i| {
        matches!(
            pairs.article.tokens.norm(i),
            "ذاته" | "نفسه" | "ذاتها" | "نفسها" | "عينه" | "عينها" | "ذاتهم" | "المذكور"
        )
    })
}

/// A relay named where the same telling goes on («وأضاف، في تصريح لوكالة …») holds for the saying before it too; headlines
/// are no part of a telling.
fn carry_back(pairs: &Pairs<'_, '_>, body: usize, said: &mut [Saying]) {
    let article = pairs.article;
    let sentence = |token: usize| article.sentence_of[token];
    for i in (0..said.len().saturating_sub(1)).rev() {
        let (before, after) = said.split_at_mut(i + 1);
        let (here, next) = (&mut before[i], &after[0]);
        let Some(origin) = here.origin.filter(|_| here.via.is_empty() && here.cue.token >= body) else { continue };
        let near = match sentence(next.cue.token) - sentence(here.cue.token) {
            0 => true,
            1 => goes_on(pairs, next.cue.token),
            _ => false,
        };
        if near && next.origin.is_some_and(|o| pairs.same(o, origin)) {
            here.via.clone_from(&next.via);
        }
    }
}

/// What the frame of a relay's verb says of the chain («نقلت الأناضول عن صحيفة … عن مسؤول …»), where the chosen origin is
/// its subject: the last one after «عن» said it, the ones before passed it on.
pub fn by_frame(pairs: &Pairs<'_, '_>, cue: usize, origin: &mut Option<usize>, via: &mut Vec<usize>) {
    let (article, phrases) = (pairs.article, pairs.phrases);
    let relays = article.word(pairs.words, cue).senses.iter().any(|(sense, _, entry)| {
        let frame = pairs.knowledge.entry(*entry).map(|e| e.frame).unwrap_or_default();
        *sense == Sense::Relay && frame.contains(&("عن", Role::Origin))
    });
    let Some(subject) = origin.filter(|o| relays && phrases[*o].kind == Kind::Entity(EntityType::Med)) else { return };
    let about = learn::key(500, "عن");
    let end = article.sentences[article.sentence_of[cue] as usize].end.min(cue + REACH);
    let from = phrases.partition_point(|p| p.first <= cue);
    let mut told: Vec<usize> = Vec::new();
    for (i, p) in phrases.iter().enumerate().skip(from).take_while(|(_, p)| p.first < end) {
        // what is said begins here
        if (told.last().map_or(cue, |t| phrases[*t].last)..p.first).any(|j| that(article.tokens.norm(j))) {
            break;
        }
        let speaks = matches!(p.kind, Kind::Unnamed | Kind::Entity(_)) && !p.inner;
        if speaks && i != subject && pairs.clauses.governors[i].key == about {
            told.push(i);
        }
    }
    let Some(last) = told.pop() else { return };
    *origin = Some(last);
    via.retain(|v| *v != last && !told.contains(v) && *v != subject);
    let passed = told.into_iter().rev().chain([subject]);
    via.splice(0..0, passed);
}

/// Adds the outlet of a relative clause of relaying in the cue's sentence («… وفق ما نقلته وكالة …»): it passed on what
/// stands before it, last of all.
fn by_clause(pairs: &Pairs<'_, '_>, cue: usize, origin: Option<usize>, via: &mut Vec<usize>) {
    let (article, phrases) = (pairs.article, pairs.phrases);
    let word = |i: usize| article.word(pairs.words, i);
    let end = article.sentences[article.sentence_of[cue] as usize].end;
    let from = phrases.partition_point(|p| p.first <= cue + 2);
    for (i, p) in phrases.iter().enumerate().skip(from).take_while(|(_, p)| p.first < end) {
        let verb = p.first - 1;
        let relays = || word(verb).senses.iter().any(|(sense, ..)| *sense == Sense::Relay);
        let relative = || matches!(word(verb - 1).head(), "ما" | "حسبما" | "كما" | "بما");
        let outlet = !p.inner && p.kind == Kind::Entity(EntityType::Med);
        let new = origin != Some(i) && !via.iter().any(|v| pairs.same(*v, i));
        if outlet && new && verb > cue + 1 && relays() && relative() {
            via.push(i);
        }
    }
}

/// Puts relays in the order in which the words travelled: after a cue the text names the nearest to the origin first,
/// unless a relay tells of the next with «عن»; the dateline's agency comes last.
pub fn order_relays(
    article: &Article<'_>,
    phrases: &[Phrase],
    governors: &[Governor],
    body: usize,
    mut relays: Vec<usize>,
) -> Vec<usize> {
    let about = learn::key(500, "عن");
    relays.sort_by_key(|r| {
        let p = &phrases[*r];
        let dateline = in_dateline(article, body, p) == 1;
        let from = governors[*r].key == about;
        (dateline, !from, p.first)
    });
    relays.dedup();
    relays
}
