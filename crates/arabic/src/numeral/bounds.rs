use model::Bound;

use crate::{Kind as TokenKind, Tokens};

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
        if is(2, &["يزيد", "تزيد", "يربو", "تربو", "زاد", "زادت", "يزيدون"]) {
            return Some(if negated(3) { (Bound::UpTo, from(3)) } else { (Bound::MoreThan, from(2)) });
        }
        if is(2, &["يقل", "تقل", "قل", "يقلون"]) {
            return Some(if negated(3) { (Bound::AtLeast, from(3)) } else { (Bound::UpTo, from(2)) });
        }
        return None;
    }
    if is(1, &["يفوق", "تفوق", "فاق", "فاقت", "يتجاوز", "تتجاوز", "تجاوز", "تجاوزت", "يتعدي", "تتعدي", "تعدي"])
    {
        return Some(if negated(2) { (Bound::UpTo, from(2)) } else { (Bound::MoreThan, from(1)) });
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
            "كحد" | "بحد" if next() == "ادني" => return Some((Bound::AtLeast, i + 1)),
            "كحد" | "بحد" if next() == "اقصي" => return Some((Bound::UpTo, i + 1)),
            "تقريبا" => return Some((Bound::About, i)),
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

/// The bound of the number over tokens `first..=last`.
pub(crate) fn find(tokens: &Tokens, first: usize, last: usize) -> Found {
    // بـ and الـ before digits stand between the number and its bound
    let mut at = first;
    while at > 0
        && !tokens.all()[at].line_start
        && matches!(tokens.norm(at - 1), "ال" | "ب" | "ل" | "و" | "بال" | "وال" | "%" | "٪" | "$")
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
