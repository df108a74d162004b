//! Things with their counts: goods, people, weapons given, moved, used or destroyed.

use arabic::numeral::{Kind as NumberKind, Number};
use lexicon::{EntryKind, Form, Sense};
use model::{Bound, EventType, Span, Thing};

use crate::article::Article;
use crate::duals::Duals;
use crate::spans::{self, Phrase};
use crate::words::{Knowledge, Words};

/// Classes of nouns whose bare singular means one piece («دبابة», «سيارة مفخخة»).
const PIECES: [&str; 7] = ["vehicle", "aircraft", "ship", "weapon", "ammunition", "facility", "person"];

/// Singular nouns of those classes that name a mass (folded).
const MASS: [&str; 9] = ["سلاح", "غاز", "رصاص", "عتاد", "طيران", "مدفعيه", "بارود", "ذخيره", "رادار"];

/// Describes the thing that a phrase names.
pub fn describe(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    numbers: &[Number],
    phrase: &Phrase,
) -> Thing {
    let span = phrase.span(article, words);
    let Named { what, class, family, model } = name(article, words, knowledge, phrase);
    let mut thing = Thing { span, what, class, family, model, count: None, bound: Bound::Exact, part: false };
    // the first counting number inside, or right before; not the number of a model («إف-16»)
    let from = numbers.partition_point(|n| n.last_token + 1 < phrase.first);
    let stated = numbers[from..].iter().take_while(|n| n.first_token <= phrase.last).find(|n| {
        let inside = n.first_token >= phrase.first && n.last_token <= phrase.last;
        let before = n.last_token + 1 == phrase.first;
        let counts =
            matches!(n.kind, NumberKind::Cardinal | NumberKind::Money | NumberKind::Measure | NumberKind::Range);
        let glued = n.first_token > 0
            && (matches!(article.tokens.norm(n.first_token - 1), "-" | "–")
                || !article.tokens.all()[n.first_token].spaced)
            && article.word(words, n.first_token - 1).kind != arabic::Kind::Arabic
            && !matches!(article.tokens.norm(n.first_token - 1), "(" | "\"" | "«" | "“");
        let named = article.name_of[n.first_token];
        let model = n.first_token > phrase.first && named != 0 && named == article.name_of[n.first_token - 1];
        // «مدفع 120 ملم»: after a noun in the singular stands a measure, not a count
        let after_noun = n.first_token > phrase.first
            && article.word(words, n.first_token - 1).any(|l| l.form == Form::Singular)
            && !article.word(words, n.first_token).prefix.article;
        // «عبوة زنتها نحو عشرة كيلوغرامات»: what a weapon weighs, not how many there are; «مساعدات زنتها 20 طنا» are 20 tons
        let weight = thing.class.is_some()
            && (phrase.first.max(n.first_token.saturating_sub(2)) + 1..=n.first_token)
                .any(|i| matches!(article.word(words, i - 1).bare(), "زنه" | "زنت" | "وزن" | "عيار" | "مدي" | "مدا"));
        // «قصفت ثلاث مرات ناقلات نفط»: so many times, not so many tankers
        let times = (article.types.get(n.last_token + 1))
            .is_some_and(|t| matches!(&*words.get(*t).norm, "مره" | "مرات" | "مرتين" | "مرتان"))
            || counts_time(article, words, n);
        // «ثلاثة أرباع المقاتلين» are a share and no count
        let share = n.value.is_some_and(|v| v > 0.0 && v < 1.0) && n.kind == NumberKind::Cardinal;
        (inside || before) && counts && !share && !glued && !model && !after_noun && !weight && !times
    });
    if let Some(n) = stated {
        thing.count = n.value.or(n.low);
        thing.bound = bound(article, words, n, phrase.last);
        return thing;
    }
    if let Some(n) = numbered(article, words, numbers, phrase.last) {
        thing.count = n.value.or(n.low);
        thing.bound = n.bound;
        return thing;
    }
    let head = article.word(words, phrase.first);
    // a listed word form says how the word is cut, not what form of which noun it is
    let nouns =
        || head.lexemes.iter().filter(|l| matches!(l.kind, EntryKind::Noun | EntryKind::Weapon | EntryKind::Verb));
    let least = nouns().map(|l| l.cost).min().unwrap_or(0);
    let nominal = |form: Form| nouns().any(|l| l.form == form && l.cost == least);
    let piece = head.senses.iter().any(|(s, f, _)| {
        matches!(s, Sense::Class(c) if PIECES.contains(&lexicon::CLASSES[usize::from(*c)]))
            && matches!(f, Form::Singular | Form::Dual)
    }) || head.any(|l| l.kind == EntryKind::Weapon && l.form != Form::Plural);
    let singular = nominal(Form::Singular) && !nominal(Form::Plural);
    let dual = Duals { article, words, knowledge, tags: &article.pos }.at(phrase.first);
    let ordinal = head.number.is_some_and(|n| n.is_ordinal())
        && phrase.last > phrase.first
        && !article.word(words, phrase.first + 1).prefix.article;
    if dual {
        thing.count = Some(2.0);
        thing.bound = arabic::numeral::dual(&article.tokens, phrase.first).bound;
    } else if ordinal || piece && singular && !MASS.contains(&head.bare()) {
        // «طائرة», «الطائرة», «ثاني طائرة»
        thing.count = Some(1.0);
    } else if let Some(n) = numbers[numbers.partition_point(|n| n.first_token <= phrase.last)..].first()
        && n.first_token == phrase.last + 1
        && n.kind == NumberKind::Cardinal
        && head.prefix.article
        && article.word(words, n.first_token).prefix.article
    {
        // «السيارات الخمس»
        thing.count = n.value;
    }
    thing
}

/// Whether a number counts a stretch of time, an age or the day of a month: «شاب (18 عاما)», «20 يوليو».
pub(crate) fn counts_time(article: &Article<'_>, words: &Words, n: &Number) -> bool {
    article.types.get(n.last_token + 1).is_some_and(|t| words.get(*t).time.is_some_and(|t| t.is_counted()))
}

/// How a number bounds the count; the bound may stand after token `last`, which ends the counted words: «8 مقاتلات على الأقل».
pub(crate) fn bound(article: &Article<'_>, words: &Words, n: &Number, last: usize) -> Bound {
    let tail = |d: usize| article.types.get(last + d).map_or("", |t| &words.get(*t).norm);
    if n.bound == Bound::Exact && tail(1) == "علي" && tail(2) == "الاقل" { Bound::AtLeast } else { n.bound }
}

/// Whether those to whom it is done are themselves what is moved: people who are taken, held, freed or sent away.
pub fn moves_people(kind: EventType, mode: Option<&str>) -> bool {
    matches!(
        (kind, mode),
        (EventType::Assault, Some("abduct"))
            | (EventType::Coerce, Some("arrest"))
            | (EventType::Retreat, Some("release"))
            | (EventType::Sanction, Some("expel"))
    )
}

/// The thing that a phrase of people is beside being a recipient, where it tells how many they are («أسر عشرة جنود»,
/// «رهينتين»); none where it only names them.
pub fn people_moved(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    numbers: &[Number],
    phrase: &Phrase,
) -> Option<Thing> {
    let first = article.word(words, phrase.first);
    let told = spans::counts(first) && first.suffix.is_empty();
    let thing = describe(article, words, knowledge, numbers, phrase);
    (told || thing.count.is_some_and(|n| n >= 2.0)).then_some(thing)
}

/// How far after a thing its number is told («مقاتلون … يقدر عددهم بنحو 1200»), in tokens.
const TOLD: usize = 12;

/// The number told of the thing that ends at token `last`, by «عددهم» or «عددها» in the same sentence before anything
/// else is counted.
fn numbered<'n>(article: &Article<'_>, words: &Words, numbers: &'n [Number], last: usize) -> Option<&'n Number> {
    let end = article.sentences[article.sentence_of[last] as usize].end.min(last + TOLD);
    let next = numbers[numbers.partition_point(|n| n.first_token <= last)..].first()?;
    let says = (last + 1..end).find(|i| {
        let w = article.word(words, *i);
        w.bare() == "عدد" && !w.suffix.is_empty()
    })?;
    (next.kind == NumberKind::Cardinal && next.first_token > says && next.first_token <= says + 4).then_some(next)
}

/// What a phrase names, in the terms of the lexicon.
struct Named {
    what: String,
    class: Option<String>,
    family: Option<String>,
    model: Option<String>,
}

/// The weapon or goods that a phrase names; the words themselves where the lexicon knows none.
fn name(article: &Article<'_>, words: &Words, knowledge: &Knowledge, phrase: &Phrase) -> Named {
    let (mut what, mut class, mut family, mut model) = (None, None, None, None);
    let mut take = |id: u32| {
        let Some(e) = knowledge.entry(id) else { return };
        match (e.kind, e.name) {
            (EntryKind::Weapon, Some(n)) => {
                let known = |s: &str| (!s.is_empty()).then(|| s.to_string());
                class = class.take().or_else(|| known(n.detail));
                family = family.take().or_else(|| known(n.family));
                if !n.model.is_empty() && model.is_none() {
                    model = Some(n.model.to_string());
                }
                if what.is_none() {
                    let family = if n.family.is_empty() { n.detail } else { n.family };
                    what = Some(if n.model.is_empty() { e.gloss.to_string() } else { family.to_string() });
                }
            }
            (EntryKind::Noun, _)
                if what.is_none() && !e.gloss.is_empty() && e.senses.iter().any(|s| matches!(s, Sense::Class(_))) =>
            {
                what = Some(e.gloss.to_string());
            }
            _ => {}
        }
    };
    for m in article.names_within(phrase.first, phrase.last) {
        take(m.entry);
    }
    for i in phrase.first..=phrase.last {
        let w = article.word(words, i);
        if w.number.is_some() {
            continue;
        }
        // a listed word form says how the word is cut, not what it names
        let naming = || w.lexemes.iter().filter(|l| l.kind != EntryKind::Word);
        let least = naming().map(|l| l.cost).min().unwrap_or(0);
        for l in naming().filter(|l| l.cost == least) {
            take(l.entry);
        }
    }
    let written = || {
        let cut = phrase.span(article, words).start - article.tokens.all()[phrase.first].span.start;
        let first: String = article.tokens.surface(phrase.first).chars().skip(cut as usize).collect();
        let rest = (phrase.first + 1..=phrase.last).map(|i| article.tokens.surface(i));
        std::iter::once(first.as_str()).chain(rest).collect::<Vec<_>>().join(" ")
    };
    Named { what: what.unwrap_or_else(written), class, family, model }
}

/// Joins a thing with what is told of it right after: its model («مقاتلتين من طراز “سو-24”»), its worth or number («فدية
/// قدرها 40 ألف دولار») make no thing of their own.
pub fn join_details(article: &Article<'_>, words: &Words, things: &mut Vec<Thing>) {
    things.sort_by_key(|t| t.span);
    let mut i = 0;
    while i + 1 < things.len() {
        let (from, to) = (things[i].span.end, things[i + 1].span.start);
        let between = article.tokens.at(from)..article.tokens.at(to);
        let linked = between.len() <= 4
            && between.clone().any(|j| matches!(article.word(words, j).head(), "طراز" | "نوع"))
            && between.clone().all(|j| {
                article.word(words, j).kind == arabic::Kind::Punct
                    || matches!(article.word(words, j).head(), "من" | "طراز" | "نوع")
            });
        let measured = between.len() <= 3
            && things[i].count.is_none_or(|c| c <= 1.0)
            && between.clone().next().is_some_and(|j| {
                let w = article.word(words, j);
                matches!(w.bare(), "قدر" | "قيمه" | "قيمت" | "عدد" | "وزن" | "زنه" | "زنت" | "بلغ")
                    && !w.suffix.is_empty()
            });
        if measured && things[i + 1].count.is_some() {
            let told = things.remove(i + 1);
            let thing = &mut things[i];
            thing.span = Span::new(thing.span.start, told.span.end);
            // weapons are counted by the piece
            if thing.class.is_none() {
                thing.count = told.count;
                thing.bound = told.bound;
            }
        } else if linked && things[i].model.is_none() && things[i + 1].count.is_none_or(|c| c <= 1.0) {
            let model = things.remove(i + 1);
            let thing = &mut things[i];
            thing.span = Span::new(thing.span.start, model.span.end);
            thing.model = model.model;
            thing.class = thing.class.take().or(model.class);
            thing.family = thing.family.take().or(model.family);
        } else {
            i += 1;
        }
    }
}

/// Marks parts of a whole («من بين المقاتلات 6 …»).
pub fn mark_parts(events: &mut [model::Event]) {
    for e in events.iter_mut() {
        // two or more counted things whose sum is the count of another are its parts
        let counts: Vec<f64> = e.things.iter().map(|t| t.count.unwrap_or(0.0)).collect();
        if counts.len() >= 3 {
            for i in 0..counts.len() {
                let rest: f64 = counts.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, c)| c).sum();
                if counts[i] > 0.0 && (counts[i] - rest).abs() < 0.5 {
                    for (j, t) in e.things.iter_mut().enumerate() {
                        t.part = j != i && t.count.is_some();
                    }
                }
            }
        }
    }
}
