//! How the text holds a happening: status, polarity, and the mode of its type.

use std::ops::Range;

use learn::{Features, Key, Model, feature, mix, plain};
use model::{EventType, Polarity, Status};

use crate::article::Article;
use crate::clauses::Clauses;
use crate::roles::{Trigger, governor_of_word};
use crate::words::Words;

/// What the status of a happening depends on beside its own words.
pub struct Scene<'a, 'w> {
    /// The article.
    pub article: &'a Article<'w>,
    /// The types of its words.
    pub words: &'a Words,
    /// Its clauses.
    pub clauses: &'a Clauses,
    /// Its happenings, in order.
    pub triggers: &'a [Trigger],
}

impl Scene<'_, '_> {
    /// Features of happening `t` from the clauses and happenings around it; `earlier` holds what was decided for those
    /// before it.
    pub fn keys(&self, t: usize, earlier: &[(Status, Polarity)], out: &mut impl Features) {
        let (article, words) = (self.article, self.words);
        let trigger = self.triggers[t];
        let token = trigger.token;
        let w = article.word(words, token);
        let range = &article.sentences[article.sentence_of[token] as usize];
        let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
        let here = self.clauses.at(token);
        let opener = here.opener as u32;
        let (is_verb, governing) = self.clauses.governing_verb(token);
        let stands = governor_of_word(article, words, token).key;
        let pos = article.pos.get(token).map_or(31, |p| u32::from(*p));
        put(1000, &[opener, w.class]);
        put(1001, &[stands, w.class]);
        put(1002, &[pos, w.class]);
        if let Some(v) = governing {
            let g = article.word(words, v);
            let near = u32::from(token.abs_diff(v) <= 6);
            put(1003, &[plain(g.stem_key), is_verb, w.class]);
            put(1004, &[plain(g.stem_key), stands]);
            put(1005, &[g.class, u32::from(g.prefix.future), is_verb]);
            put(1006, &[g.sense, stands, w.sense]);
            put(1007, &[plain(g.norm_key), near, is_verb]);
            if v > range.start {
                let b = article.word(words, v - 1);
                put(1008, &[plain(b.norm_key), is_verb]);
            }
        }
        // up the clauses: «قال إنه يأمل أن …»
        let mut above = here.parent;
        for depth in 0..3 {
            let Some(k) = above.map(|n| &self.clauses.all[n]) else { break };
            if let Some(v) = k.verb {
                put(1010 + depth, &[plain(article.word(words, v).stem_key), w.class]);
                put(1013, &[plain(article.word(words, v).stem_key), opener]);
            }
            above = k.parent;
        }
        // what was decided for the happenings before, in the sentence and under the same word
        let gap = |x: &Trigger| (token - x.token).min(12) as u32 / 3;
        if let Some(b) = t.checked_sub(1) {
            let x = &self.triggers[b];
            if x.token >= range.start {
                let same = u32::from(self.clauses.of[x.token] == self.clauses.of[token]);
                let (s, p) = earlier[b];
                put(1020, &[x.class, s as u32, gap(x)]);
                put(1021, &[x.class, w.sense, gap(x).min(2)]);
                put(1022, &[plain(article.word(words, x.token).stem_key), w.class, gap(x).min(2)]);
                put(1023, &[s as u32, same, w.class]);
                put(1024, &[s as u32, same, u32::from(w.prefix.conjunction.is_some()), pos]);
                put(1025, &[p as u32, same, gap(x)]);
                put(1026, &[x.class, s as u32, stands]);
            } else {
                put(1027, &[earlier[b].0 as u32]);
            }
        }
        let alike = (0..t).rev().find(|i| article.word(words, self.triggers[*i].token).stem_key == w.stem_key);
        if let Some(i) = alike {
            put(1028, &[earlier[i].0 as u32, trigger.class]);
            put(1029, &[earlier[i].1 as u32]);
        }
        if let Some(x) = self.triggers.get(t + 1).filter(|x| x.token < range.end) {
            put(1030, &[x.class, trigger.class]);
        }
        let ahead = (token.saturating_sub(14).max(range.start)..(token + 15).min(range.end))
            .find(|j| ahead(&article.word(words, *j).stem));
        put(1031, &[u32::from(ahead.is_some()), w.class]);
        put(1032, &[u32::from(ahead.is_some()), trigger.class]);
        crate::outlook::keys(article, words, self.clauses, token, stands, out);
    }
}

/// Status and polarity by the model, and the number of the next best status. The model's labels are the statuses, then the
/// polarities.
pub fn decide(model: &Model, keys: &[Key], scores: &mut Vec<f32>) -> ((Status, Polarity), usize) {
    model.score(keys, scores);
    let (statuses, polarities) = scores.split_at(Status::ALL.len());
    let status = best(statuses, None);
    ((Status::ALL[status], Polarity::ALL[best(polarities, None)]), best(statuses, Some(status)))
}

/// Index of the highest score but one, the first of equals.
fn best(scores: &[f32], but: Option<usize>) -> usize {
    let others = (0..scores.len()).rev().filter(|i| Some(*i) != but);
    others.max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0)
}

/// Whether happening `t` is what a threat before it threatens with («توعد … بقتل …»): a noun after it in the sentence, with
/// no verb between. What is threatened is yet to come.
pub(crate) fn threatened(article: &Article<'_>, words: &Words, happenings: &[Trigger], t: usize) -> bool {
    let token = happenings[t].token;
    if article.is_verb(words, token) {
        return false;
    }
    let threat = happenings[..t]
        .iter()
        .rev()
        .take_while(|x| article.sentence_of[x.token] == article.sentence_of[token])
        .find(|x| x.class == EventType::Threaten as u32);
    threat.is_some_and(|x| (x.token + 1..token).all(|j| !article.is_verb(words, j)))
}

/// What the word right before says of a happening: what is feared or provided against («خوفا من هزيمة», «تحسبا لهجوم») is
/// possible, what must be («يجب وقف», «ضرورة إخراج») is wanted. Prepositions, «أن» and «وقوع» may stand between. By a
/// search of the training articles for such words, 24 of 28 happenings after them are possible, and 91 of 100 wanted.
pub(crate) fn told_by_the_word_before(article: &Article<'_>, words: &Words, token: usize) -> Option<Status> {
    let range = &article.sentences[article.sentence_of[token] as usize];
    let before = (range.start..token)
        .rev()
        .take(4)
        .map(|i| article.word(words, i))
        .take_while(|w| w.kind != arabic::Kind::Punct || matches!(&*w.norm, "\"" | "“" | "«" | "'"))
        .filter(|w| w.kind != arabic::Kind::Punct)
        .find(|w| !matches!(&*w.stem, "من" | "ان" | "اي" | "وقوع" | "حدوث" | "حصول" | "اندلاع"))?;
    match &*before.stem {
        "خوفا" | "خوف" | "مخاوف" | "تخوف" | "تخوفا" | "خشيه" | "تحسبا" => {
            Some(Status::Possible)
        }
        "يتعين" | "ينبغي" | "يجب" | "ضروره" | "لابد" | "واجب" | "وجوب" => {
            Some(Status::Wanted)
        }
        _ => None,
    }
}

/// Whether the happening at `token` is told as a condition: a verb right after «إذا» or «لو», and after «ما لم», or what stands
/// after «في حال». An indirect question («ما إذا انسحبت») is none. In the given training articles and our own labels 145 of 151
/// verbs after «إذا» and «لو» are conditional, 27 of 37 after «ما لم», and 50 of 60 happenings after «في حال».
pub(crate) fn conditional(article: &Article<'_>, words: &Words, token: usize) -> bool {
    let range = &article.sentences[article.sentence_of[token] as usize];
    let mut before = (range.start..token).rev().filter_map(|i| {
        let w = article.word(words, i);
        (!matches!(&*w.norm, "\"" | "“" | "«" | "'")).then_some(&*w.stem)
    });
    let Some(mut last) = before.next() else { return false };
    if !article.is_verb(words, token) {
        if last == "عدم" {
            last = before.next().unwrap_or_default();
        }
        return matches!(last, "حال" | "حاله") && before.next() == Some("في");
    }
    let denied = last == "لم";
    if denied {
        last = before.next().unwrap_or_default();
    }
    let earlier = before.next().unwrap_or_default();
    match last {
        "اذا" | "لو" => !matches!(earlier, "ما" | "عما" | "فيما" | "مما"),
        "ما" => denied || earlier == "اذا",
        _ => false,
    }
}

/// Whether the word before, over a preposition or «أن», says that the happening at `token` is meant to come: «عزمه على
/// الاستقالة», «خطة لنقل القوات», «بهدف استعادة المدينة». Of annotated happenings 62 of 67 are planned after «عزم», 45 of 62 after
/// words of plans, intentions and readiness, and 168 of 195 planned or wanted after words of aims («بهدف», «من أجل»).
pub(crate) fn intended(article: &Article<'_>, words: &Words, token: usize) -> bool {
    let range = &article.sentences[article.sentence_of[token] as usize];
    let mut before = (range.start..token)
        .rev()
        .take(3)
        .map(|i| article.word(words, i))
        .filter(|w| !matches!(&*w.norm, "\"" | "“" | "«" | "على" | "علي" | "ان" | "في"));
    let Some(w) = before.next() else { return false };
    let attached = article.word(words, token).prefix.preposition.is_some();
    match w.bare() {
        // folded, «عزمه» looks like a noun of its own
        "عزم" | "عزمه" | "اعتزام" | "اعتزامه" | "يعتزم" | "تعتزم" | "يعتزمون" | "بهدف" | "هدف" | "بغيه" | "بغرض" => {
            true
        }
        "خطه" | "خطط" | "مخطط" | "نيه" => attached,
        _ => false,
    }
}

/// Whether the words before say outright that the happening at `token` did not come about: «فشل … في», «امتنع … عن»,
/// «لم يتم», «عدم قيام … بـ», «لن تستطيع … ». In the training articles nine of ten such happenings are negative. What is refused
/// with «أي» («رفضه لأي تدخل») names nothing that took place: seven of nine in our own labels are negative.
pub(crate) fn kept_from(article: &Article<'_>, words: &Words, token: usize) -> bool {
    let range = &article.sentences[article.sentence_of[token] as usize];
    let stem = |i: usize| -> &str { &article.word(words, i).stem };
    // the words before up to a mark, nearest first
    let before =
        || (range.start..token).rev().take(6).take_while(|i| article.word(words, *i).kind != arabic::Kind::Punct);
    let negates = |i: usize| i > range.start && negation(stem(i - 1));
    let Some(last) = before().next() else { return false };
    let starts =
        |i: usize, roots: &[&str]| roots.iter().any(|r| stem(i).trim_start_matches(['ي', 'ت', 'ن']).starts_with(r));
    match stem(last) {
        "في" if before().skip(1).take(4).any(|i| starts(i, &["فشل", "اخفق", "خفق", "اخفاق"])) => {
            return true;
        }
        "عن" if before().skip(1).take(3).any(|i| stem(i).contains("متن")) => return true,
        "يتم" | "تتم" if negates(last) => return true,
        "اي" | "ايه" if before().nth(1).is_some_and(|i| ["رفض", "رافض"].iter().any(|r| stem(i).contains(r))) =>
        {
            return true;
        }
        _ => {}
    }
    if article.word(words, token).prefix.preposition == Some('ب')
        && before().take(3).any(|i| starts(i, &["قيام"]) && i > range.start && stem(i - 1) == "عدم")
    {
        return true;
    }
    before().take(5).any(|i| starts(i, &["ستطيع", "ستطع", "تمكن", "مكن"]) && article.is_verb(words, i) && negates(i))
}

/// Particles that negate the verb after them (folded stems).
fn negation(stem: &str) -> bool {
    matches!(stem, "لم" | "لن" | "لا")
}

/// Whether a negating particle stands right before the verb at `token` («لم تطلب», «لن يدعم»). In the given training articles
/// 18 of 18 such happenings are negative, in those of our own 311 of 315. Left out is what refuses or threatens by its type
/// («لن تقبل» is a rejection that takes place), what is excepted («لم يصل إلا نصفها»), and conditions («ما لم تنسحب»).
pub(crate) fn negated(article: &Article<'_>, words: &Words, token: usize, kind: EventType) -> bool {
    if matches!(kind, EventType::Reject | EventType::Threaten | EventType::Protest) || !article.is_verb(words, token) {
        return false;
    }
    let range = &article.sentences[article.sentence_of[token] as usize];
    let mut before = (range.start..token).rev();
    let particle = before.find(|i| !matches!(article.tokens.norm(*i), "«" | "\"" | "“" | "("));
    let Some(particle) = particle.filter(|i| negation(&article.word(words, *i).stem)) else {
        return false;
    };
    let conditional = |i: usize| matches!(article.tokens.norm(i), "ما" | "اذا" | "ان" | "لو");
    if particle > range.start && conditional(particle - 1) {
        return false;
    }
    let clause = (token + 1..range.end).take_while(|i| !matches!(article.tokens.norm(*i), "." | "،" | "؛"));
    !clause.into_iter().any(|i| matches!(article.tokens.norm(i), "الا" | "سوى"))
}

/// Words of times to come (folded stems).
fn ahead(stem: &str) -> bool {
    matches!(
        stem,
        "مقبل"
            | "مقبله"
            | "قادم"
            | "قادمه"
            | "غدا"
            | "غد"
            | "مرتقب"
            | "مرتقبه"
            | "مزمع"
            | "مقرر"
            | "مقرره"
            | "لاحقا"
            | "قريبا"
            | "سوف"
            | "متوقع"
            | "متوقعه"
            | "منتظر"
            | "منتظره"
    )
}

/// Features of one happening for its status and polarity. `stance` is that of the statement that reports it
/// (its number + 1), 0 for the outlet's own voice.
pub fn status_keys(
    article: &Article<'_>,
    words: &Words,
    token: usize,
    kind: EventType,
    stance: u32,
    cue: Option<usize>,
    out: &mut impl Features,
) {
    let range = &article.sentences[article.sentence_of[token] as usize];
    let w = article.word(words, token);
    let mut put = |template: u32, parts: &[Key]| out.put(template, parts);
    let ty = kind as u32;
    put(900, &[w.class]);
    put(901, &[w.sense]);
    put(902, &[w.stem_key]);
    put(903, &[ty]);
    put(904, &[stance]);
    put(905, &[stance, w.class]);
    put(906, &[stance, ty]);
    put(907, &[w.class, ty]);
    put(908, &[u32::from(w.prefix.future)]);
    put(909, &[w.norm_key]);
    let asks = u32::from(range.clone().rev().take(2).any(|i| article.tokens.norm(i) == "؟"));
    put(910, &[asks]);
    let inside = |d: isize| {
        let j = token as isize + d;
        (j >= range.start as isize && j < range.end as isize).then_some(j as usize)
    };
    for d in -5isize..=4 {
        if d == 0 {
            continue;
        }
        if let Some(j) = inside(d) {
            let b = article.word(words, j);
            let stem = plain(b.stem_key);
            if d.abs() <= 3 {
                put((920 + d) as u32, &[stem]);
                put((930 + d) as u32, &[b.class]);
            }
            if d < 0 {
                put(940, &[stem]);
                put(941, &[plain(b.norm_key)]);
                put(942, &[b.sense]);
                put(943, &[stem, w.class]);
            } else {
                put(944, &[stem]);
            }
        }
    }
    if let (Some(a), Some(b)) = (inside(-1), inside(-2)) {
        put(945, &[plain(article.word(words, a).stem_key), plain(article.word(words, b).stem_key)]);
    }
    // the clause's earlier verbs and particles that open possibility, wish, condition or negation
    for j in range.start..token {
        let b = article.word(words, j);
        if b.finite_verb()
            || b.lexemes.is_empty()
            || matches!(&*b.norm, "اذا" | "لو" | "ان" | "قد" | "لن" | "لم" | "لا" | "ربما" | "حال" | "ليس")
        {
            let near = u32::from(token - j <= 8);
            put(946, &[plain(b.stem_key), near]);
        }
    }
    // the nearest words before and after that carry a sense of their own: «دعا إلى وقف», «مشروع اتفاق», «فشل في»
    let mut seen = 0u32;
    for j in (range.start..token).rev() {
        let b = article.word(words, j);
        if b.sense != 0 {
            let far = ((token - j).min(9) / 2) as u32;
            put(956 + seen, &[b.sense, far]);
            put(980 + seen, &[plain(b.stem_key), w.class]);
            put(984 + seen, &[b.sense, w.sense]);
            put(988 + seen, &[b.sense, b.class]);
            seen += 1;
            if seen == 2 {
                break;
            }
        }
    }
    if let Some(b) = (token + 1..range.end).map(|j| article.word(words, j)).find(|b| b.finite_verb()) {
        put(992, &[b.class]);
        put(993, &[plain(b.stem_key)]);
    }
    let verb = (range.start..token).rev().map(|j| article.word(words, j)).find(|b| b.finite_verb());
    if let Some(b) = verb {
        put(994, &[plain(b.stem_key)]);
        put(995, &[b.class, w.class]);
        put(996, &[plain(b.norm_key), w.class]);
    }
    if let Some(c) = cue {
        let cw = article.word(words, c);
        put(950, &[plain(cw.stem_key), u32::from(c < token)]);
        put(951, &[plain(cw.stem_key), w.class]);
        if token > c && token - c <= 12 {
            let that = (c + 1..token).any(|j| matches!(article.tokens.norm(j), "ان" | "بان" | "انه" | "انها"));
            put(952, &[plain(cw.stem_key), u32::from(that)]);
            put(953, &[stance, u32::from(that), w.class]);
        }
    }
    put(954, &[u32::from(article.sentence_of[token] == 0), w.class]);
}

/// Features of one happening for its mode.
pub fn mode_keys(article: &Article<'_>, words: &Words, token: usize, kind: EventType, out: &mut impl Features) {
    let range = &article.sentences[article.sentence_of[token] as usize];
    let w = article.word(words, token);
    let ty = kind as u32;
    let mut put = |template: u32, parts: &[Key]| out.take(template, feature(mix(template, ty), parts));
    put(960, &[]);
    put(961, &[w.stem_key]);
    put(962, &[w.norm_key]);
    put(963, &[w.sense]);
    put(964, &[w.class]);
    for a in &w.atoms[..w.near.0] {
        put(965, &[*a]);
    }
    for m in article.match_keys[token] {
        put(966, &[m]);
    }
    for (d, j) in around(token, 5, range) {
        let b = article.word(words, j);
        let stem = plain(b.stem_key);
        put(967, &[stem]);
        put(968, &[b.sense]);
        if d.abs() <= 2 {
            put(969, &[stem, (d + 2) as u32]);
            put(970, &[b.sense, (d + 2) as u32]);
        }
    }
}

fn around(token: usize, reach: usize, range: &Range<usize>) -> impl Iterator<Item = (isize, usize)> {
    let from = token.saturating_sub(reach).max(range.start);
    let to = (token + reach + 1).min(range.end);
    (from..to).filter(move |j| *j != token).map(move |j| (j as isize - token as isize, j))
}

/// Names of the mode model's labels: the type, or type and mode.
pub fn mode_labels() -> Vec<String> {
    EventType::ALL
        .iter()
        .flat_map(|t| {
            std::iter::once(t.code().to_string()).chain(t.modes().iter().map(move |m| format!("{}.{m}", t.code())))
        })
        .collect()
}

/// The likeliest mode of an event of this type.
pub fn mode(model: &Model, keys: &[Key], kind: EventType, scores: &mut Vec<f32>) -> Option<&'static str> {
    model.score(keys, scores);
    let code = kind.code();
    let mut best: Option<(f32, usize)> = None;
    for (i, l) in model.labels().iter().enumerate() {
        let ours = l.strip_prefix(code).is_some_and(|r| r.is_empty() || r.starts_with('.'));
        if ours && best.is_none_or(|b| scores[i] > b.0) {
            best = Some((scores[i], i));
        }
    }
    let label = &model.labels()[best?.1];
    let (_, m) = label.split_once('.')?;
    kind.modes().iter().copied().find(|x| *x == m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clusters::Clusters;
    use crate::words::Knowledge;

    /// What a rule says of the happening named by `word`.
    fn asked<T>(text: &str, word: &str, rule: impl Fn(&Article<'_>, &Words, usize) -> T) -> T {
        let knowledge = Knowledge { base: lexicon_data::open(), overlay: None, clusters: Clusters::default() };
        let mut words = Words::default();
        let mut article = Article::new(text, &mut words, &knowledge);
        let pos = weights::open().model(crate::part::POS).expect("whole").expect("there");
        article.tag(&words, &mut crate::tagger::Tagger::new(pos));
        let token = (0..article.tokens.len()).find(|i| article.tokens.surface(*i) == word);
        rule(&article, &words, token.unwrap_or_else(|| panic!("{word} does not stand in {text}")))
    }

    #[test]
    fn a_condition_is_told_by_its_particle() {
        for (text, word) in [
            ("سنرد إذا هاجمت القوات المدينة.", "هاجمت"),
            ("هددت بالعودة إلى القتال إذا لم تنسحب الكتائب.", "تنسحب"),
            ("ستستمر الغارات ما لم تنسحب الكتائب.", "تنسحب"),
            ("قال إنه كان سيعود لو طلبت الحكومة ذلك.", "طلبت"),
            ("لوحت بفرض عقوبات في حال انسحاب طهران من الاتفاق.", "انسحاب"),
            ("ستعود إلى القتال في حال عدم تنفيذ الاتفاق.", "تنفيذ"),
        ] {
            assert!(asked(text, word, conditional), "{text}");
        }
        for (text, word) in [
            ("لم يتضح ما إذا انسحبت الكتائب من المدينة.", "انسحبت"),
            ("قالت إنها لم تنسحب من المدينة.", "تنسحب"),
            ("هاجمت القوات المدينة في وضح النهار.", "هاجمت"),
        ] {
            assert!(!asked(text, word, conditional), "{text}");
        }
    }

    #[test]
    fn what_is_meant_to_come_is_told_by_the_word_before() {
        for (text, word) in [
            ("أعلن رئيس الوزراء عزمه على الاستقالة غدا.", "الاستقالة"),
            ("كشفت الصحيفة خطة لنقل القوات إلى الحدود.", "لنقل"),
            ("تحركت الكتائب بهدف استعادة المدينة.", "استعادة"),
        ] {
            assert!(asked(text, word, intended), "{text}");
        }
        for (text, word) in
            [("أعلن رئيس الوزراء نقل القوات إلى الحدود.", "نقل"), ("تحركت الكتائب بعد استعادة المدينة.", "استعادة")]
        {
            assert!(!asked(text, word, intended), "{text}");
        }
    }
}
