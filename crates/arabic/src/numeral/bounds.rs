use model::Bound;

use crate::{Kind as TokenKind, Tokens};

/// How many words may name what a verb measures: `تجاوز عدد ضحايا الزلزال الأخير 250`.
const SUBJECT: usize = 4;

/// The words around a number that say how it bounds the true count.
pub(crate) struct Found {
    pub(crate) bound: Bound,
    /// First token of the bound words, or of the number.
    pub(crate) first: usize,
    /// Last token of the bound words, or of the number.
    pub(crate) last: usize,
}

/// Whether `norm`, with up to two clitic letters off, is one of `words`.
pub(crate) fn is_any(norm: &str, words: &[&str]) -> bool {
    let mut rest = norm;
    for _ in 0..3 {
        if words.contains(&rest) {
            return true;
        }
        match rest.chars().next() {
            Some(c @ ('و' | 'ف' | 'ب' | 'ل' | 'ك')) => rest = &rest[c.len_utf8()..],
            _ => return false,
        }
    }
    false
}

struct Before<'t, 'a> {
    tokens: &'t Tokens<'a>,
}

impl Before<'_, '_> {
    /// Whether the token `back` places before `at` stands on the same line and is one of `words`.
    fn is(&self, at: usize, back: usize, words: &[&str]) -> bool {
        let Some(i) = at.checked_sub(back) else { return false };
        (i + 1..=at).all(|k| !self.tokens.all()[k].line_start) && is_any(self.tokens.norm(i), words)
    }

    /// How far before `at` one of `verbs` stands: right there, or with what it measures between.
    fn verb(&self, at: usize, nearest: usize, verbs: &[&str]) -> Option<usize> {
        if self.is(at, nearest, verbs) {
            return Some(nearest);
        }
        // «عدد سكان دولة واحدة»: it describes what is measured
        if self.is(at, 0, &["واحد", "واحده"]) {
            return None;
        }
        let word = |back: usize| at.checked_sub(back).filter(|i| !self.tokens.all()[*i].line_start);
        for back in nearest..nearest + SUBJECT {
            let i = word(back)?;
            let norm = self.tokens.norm(i);
            if is_measured(norm) && self.is(at, back + 1, verbs) {
                return Some(back + 1);
            }
            let name = self.tokens.all()[i].kind == TokenKind::Arabic && super::word_class(norm).is_none();
            if !name || matches!(norm, "من" | "في" | "عن" | "علي" | "الي" | "ان" | "الذي" | "التي")
            {
                return None;
            }
        }
        None
    }
}

/// Verbs of going beyond what follows them.
const EXCEED: [&str; 19] = [
    "يفوق",
    "تفوق",
    "فاق",
    "فاقت",
    "يتجاوز",
    "تتجاوز",
    "تجاوز",
    "تجاوزت",
    "تجاوزوا",
    "يتجاوزون",
    "يتعدي",
    "تتعدي",
    "تعدي",
    "تعدت",
    "يتخطي",
    "تتخطي",
    "تخطي",
    "تخطت",
    "جاوز",
];

/// Verbs of being more, with عن or على.
const MORE: [&str; 9] = ["يزيد", "تزيد", "يربو", "تربو", "زاد", "زادت", "يزيدون", "ينوف", "تنوف"];

/// Verbs of being less, with عن.
const LESS: [&str; 4] = ["يقل", "تقل", "قل", "يقلون"];

/// What is counted or measured, as the subject of such a verb before its number: `تجاوز عدد الضحايا 250`.
const MEASURED: [&str; 36] = [
    "عدد",
    "اعداد",
    "حصيله",
    "مجموع",
    "اجمالي",
    "خسائر",
    "ضحايا",
    "قتلي",
    "جرحي",
    "وفيات",
    "اصابات",
    "قيمه",
    "تكلفه",
    "تكاليف",
    "كلفه",
    "نسبه",
    "معدل",
    "ثمن",
    "سعر",
    "حجم",
    "وزن",
    "طول",
    "عرض",
    "عمر",
    "اعمار",
    "مساحه",
    "ارتفاع",
    "سرعه",
    "مدي",
    "ديون",
    "ايرادات",
    "عائدات",
    "ارباح",
    "صادرات",
    "واردات",
    "انتاج",
];

/// Whether the word is one of [`MEASURED`], with its article or an attached pronoun (`عددهم`).
fn is_measured(norm: &str) -> bool {
    let bare = norm.strip_prefix("ال").unwrap_or(norm);
    let own = ["هم", "ها", "هن", "هما", "ه"].iter().filter_map(|p| bare.strip_suffix(p));
    // ة is written ت before a pronoun
    MEASURED.contains(&bare)
        || own.into_iter().any(|stem| {
            MEASURED
                .iter()
                .any(|m| *m == stem || m.strip_suffix('ه').is_some_and(|m| stem.strip_suffix('ت') == Some(m)))
        })
}

/// The bound told by the words before token `at`, and the first of them.
fn before(tokens: &Tokens, at: usize) -> Option<(Bound, usize)> {
    let b = Before { tokens };
    let is = |back: usize, words: &[&str]| b.is(at, back, words);
    // how far back the phrase reaches, with a leading ما or بما
    let from = |back: usize| if is(back + 1, &["ما"]) { at - back - 1 } else { at - back };
    let negated = |back: usize| is(back, &["لا", "لم", "الا", "ليس", "لن"]);
    if is(1, &["نحو", "حوالي", "قرابه", "زهاء", "تقريبا", "يقارب", "تقارب", "يناهز", "تناهز", "قارب", "بحدود", "حدود"])
    {
        let back = if is(1, &["حدود"]) && is(2, &["في"]) { 2 } else { 1 };
        return Some((Bound::About, from(back)));
    }
    if is(1, &["من"]) {
        if is(2, &["اكثر", "ازيد", "اعلي", "اكبر"]) {
            return Some((Bound::MoreThan, at - 2));
        }
        if is(2, &["اقل"]) {
            return Some(if negated(3) { (Bound::AtLeast, at - 3) } else { (Bound::UpTo, at - 2) });
        }
        if is(2, &["يقرب", "يقترب"]) {
            return Some((Bound::About, from(2)));
        }
        return None;
    }
    if is(1, &["عن", "علي"]) {
        if let Some(k) = b.verb(at, 2, &MORE) {
            return Some(if negated(k + 1) { (Bound::UpTo, from(k + 1)) } else { (Bound::MoreThan, from(k)) });
        }
        if let Some(k) = b.verb(at, 2, &LESS) {
            return Some(if negated(k + 1) { (Bound::AtLeast, from(k + 1)) } else { (Bound::UpTo, from(k)) });
        }
        return None;
    }
    if let Some(k) = b.verb(at, 1, &EXCEED) {
        return Some(if negated(k + 1) { (Bound::UpTo, from(k + 1)) } else { (Bound::MoreThan, from(k)) });
    }
    if is(1, &["فوق"]) {
        return Some((Bound::MoreThan, at - 1));
    }
    if is(1, &["حتي"]) {
        return Some((Bound::UpTo, at - 1));
    }
    if is(1, &["الي"]) && is(2, &["يصل", "تصل"]) {
        return Some((Bound::UpTo, from(2)));
    }
    if is(1, &["الاقل"]) && is(2, &["علي"]) {
        return Some((Bound::AtLeast, at - 2));
    }
    if is(1, &["ادني"]) && is(2, &["حد", "كحد"]) {
        return Some((Bound::AtLeast, at - 2));
    }
    if is(1, &["اقصي", "اقصاه"]) && is(2, &["حد", "كحد"]) {
        return Some((Bound::UpTo, at - 2));
    }
    if is(1, &["نيف"]) {
        return Some((Bound::MoreThan, at - 1));
    }
    None
}

/// How far after a number its bound may stand: `8 مقاتلات حربية روسية على الأقل`.
const REACH: usize = 5;

/// The bound told by words after token `at`, and the last of them.
fn after(tokens: &Tokens, at: usize) -> Option<(Bound, usize)> {
    let word = |i: usize| {
        let token = tokens.all().get(i)?;
        (token.kind == TokenKind::Arabic && !token.line_start).then(|| tokens.norm(i))
    };
    for i in at + 1..=at + REACH {
        let here = word(i)?;
        let next = || word(i + 1).unwrap_or("");
        match here {
            "علي" if next() == "الاقل" => return Some((Bound::AtLeast, i + 1)),
            "علي" if matches!(next(), "الاكثر" | "اكثر") => return Some((Bound::UpTo, i + 1)),
            "علي" if word(i + 2) == Some("تقدير") && next() == "اقل" => {
                return Some((Bound::AtLeast, i + 2));
            }
            "علي" if word(i + 2) == Some("تقدير") && next() == "ابعد" => return Some((Bound::UpTo, i + 2)),
            "علي" if word(i + 2) == Some("التقريب") && next() == "وجه" => {
                return Some((Bound::About, i + 2));
            }
            "كحد" | "بحد" if next() == "ادني" => return Some((Bound::AtLeast, i + 1)),
            "كحد" | "بحد" if next() == "اقصي" => return Some((Bound::UpTo, i + 1)),
            "تقريبا" | "بالتقريب" => return Some((Bound::About, i)),
            "ونيف" => return Some((Bound::MoreThan, i)),
            "فاكثر" => return Some((Bound::AtLeast, i)),
            "او" if next() == "اكثر" && word(i + 2) != Some("من") => return Some((Bound::AtLeast, i + 1)),
            "وما" if next() == "فوق" => return Some((Bound::AtLeast, i + 1)),
            _ => {}
        }
        if super::word_class(here).is_some() {
            return None;
        }
    }
    None
}

/// The bound of the two that the noun in the dual over tokens `first..=last` tells. Before a noun that is no measure these
/// prepositions are of place and direction (`نحو مدينتين`).
pub(crate) fn of_dual(tokens: &Tokens, first: usize, last: usize, measure: bool) -> Found {
    let placed = first > 0
        && !tokens.all()[first].line_start
        && is_any(tokens.norm(first - 1), &["نحو", "فوق", "حتي", "حدود", "بحدود"]);
    if measure || !placed {
        return find(tokens, first, last);
    }
    let (bound, last) = after(tokens, last).unwrap_or((Bound::Exact, last));
    Found { bound, first, last }
}

/// The bound of the number over tokens `first..=last`.
pub(crate) fn find(tokens: &Tokens, first: usize, last: usize) -> Found {
    // بـ, الـ and an opening mark before digits stand between the number and its bound
    let mut at = first;
    while at > 0
        && !tokens.all()[at].line_start
        && matches!(
            tokens.norm(at - 1),
            "ال" | "ب" | "ل" | "و" | "بال" | "وال" | "%" | "٪" | "$" | "«" | "\"" | "“" | "("
        )
    {
        at -= 1;
    }
    if let Some((bound, from)) = before(tokens, at) {
        return Found { bound, first: from, last };
    }
    match after(tokens, last) {
        Some((bound, to)) => Found { bound, first, last: to },
        None => Found { bound: Bound::Exact, first, last },
    }
}
