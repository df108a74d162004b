use jiff::civil::Date;

use super::Kind;
use super::calendar::{Partial, hijri};
use super::scan::{Found, Scanner, Value, Way};
use super::words::Role;
use crate::letter::{Class, class};

/// What digits with their separators say.
enum Numeric {
    Date { year: Option<i16>, month: i8, day: Option<i8> },
    Years(i16, i16),
}

fn number(s: &str) -> Option<i16> {
    if s.is_empty() || s.len() > 4 { None } else { s.parse().ok() }
}

/// Day and month in either order; the day first where both could be.
fn day_month(a: i16, b: i16) -> Option<(i8, i8)> {
    let fits = |d: i16, m: i16| (1..=31).contains(&d) && (1..=12).contains(&m);
    if fits(a, b) {
        Some((a as i8, b as i8))
    } else if fits(b, a) {
        Some((b as i8, a as i8))
    } else {
        None
    }
}

fn three(parts: &[&str; 3], reference: Option<Date>) -> Option<Numeric> {
    let [a, b, c] = [number(parts[0])?, number(parts[1])?, number(parts[2])?];
    if parts[0].len() == 4 {
        let fits = (1..=12).contains(&b) && (1..=31).contains(&c) && a >= 1000;
        return fits.then_some(Numeric::Date { year: Some(a), month: b as i8, day: Some(c as i8) });
    }
    let (day, month) = day_month(a, b)?;
    let year = match parts[2].len() {
        4 if c >= 1000 => c,
        2 => {
            let latest = reference.map_or(2049, |r| r.year() + 1);
            if 2000 + c <= latest { 2000 + c } else { 1900 + c }
        }
        _ => return None,
    };
    Some(Numeric::Date { year: Some(year), month, day: Some(day) })
}

/// Whether the number can be a year of the Gregorian calendar in the news.
pub(crate) fn plausible(year: i16) -> bool {
    (1500..=2200).contains(&year)
}

impl Scanner<'_, '_, '_> {
    /// Dates in digits (`27/5/2020`, `2020-05-27`), spans of years (`2015-2017`), years alone and clock times.
    pub(crate) fn numeric(&self, i: usize) -> Option<Found> {
        let norm = self.tokens.norm(i);
        let slashed = norm.split('/').count();
        let dotted = norm.split('.').count();
        if slashed > 1 {
            return self.slashed(i, i, &norm.split('/').collect::<Vec<_>>());
        }
        if dotted == 3 {
            let parts: Vec<_> = norm.split('.').collect();
            return if parts[2].len() == 4 { self.slashed(i, i, &parts) } else { None };
        }
        if norm.contains(':') {
            return self.clock_at(i);
        }
        if !norm.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (mut parts, mut last) = (vec![norm], i);
        while parts.len() < 4
            && let Some(next) = self.dashed(last)
        {
            parts.push(self.tokens.norm(next));
            last = next;
        }
        if parts.len() > 1 && self.dashed(last).is_none() {
            if parts.iter().any(|p| !p.bytes().all(|b| b.is_ascii_digit())) {
                return None;
            }
            if parts.len() == 3 || parts[0].len() == 4 {
                return self.slashed(i, last, &parts);
            }
        }
        if let Some(found) = self.spaced_date(i) {
            return Some(found);
        }
        if let Some(found) = self.spaced_years(i) {
            return Some(found);
        }
        // `2009 /2010`
        if norm.len() == 4 && self.norm(i + 1) == "/" && self.is_number_token(i + 2) {
            let parts = [norm, self.norm(i + 2)];
            if let Some(found) = self.slashed(i, i + 2, &parts) {
                return Some(found);
            }
        }
        self.bare_year(i)
    }

    /// The digits after an unspaced dash after `i`.
    fn dashed(&self, i: usize) -> Option<usize> {
        let (dash, next) = (self.tokens.all().get(i + 1)?, self.tokens.all().get(i + 2)?);
        let joined = !dash.spaced
            && !next.spaced
            && matches!(self.norm(i + 1), "-" | "–" | "—" | "‑")
            && self.is_number_token(i + 2);
        joined.then_some(i + 2)
    }

    /// `20 / 1 / 1419هـ`, with spaces around its strokes.
    fn spaced_date(&self, i: usize) -> Option<Found> {
        let mut parts = [self.tokens.norm(i), "", ""];
        let mut at = i;
        for part in &mut parts[1..] {
            if !matches!(self.norm(at + 1), "/") || !self.is_number_token(at + 2) {
                return None;
            }
            at += 2;
            *part = self.norm(at);
        }
        if parts.iter().all(|p| p.len() <= 2) || self.norm(at + 1) == "/" {
            return None;
        }
        self.slashed(i, at, &parts)
    }

    /// `2005 - 2011`, with spaces around its dash.
    fn spaced_years(&self, i: usize) -> Option<Found> {
        let all = self.tokens.all();
        let (dash, next) = (all.get(i + 1)?, all.get(i + 2)?);
        if !matches!(self.norm(i + 1), "-" | "–" | "—") || dash.spaced != next.spaced || !self.is_number_token(i + 2)
        {
            return None;
        }
        if next.line_start || self.tokens.norm(i).len() != 4 || self.norm(i + 2).len() != 4 {
            return None;
        }
        self.slashed(i, i + 2, &[self.tokens.norm(i), self.norm(i + 2)])
    }

    fn slashed(&self, first: usize, last: usize, parts: &[&str]) -> Option<Found> {
        // the number of a model, of a telephone
        if self.grown_on(first) {
            return None;
        }
        let read = match *parts {
            [a, b, c] => three(&[a, b, c], self.reference)?,
            [a, b] if a.len() == 4 && b.len() == 4 => {
                let (low, high) = (number(a)?, number(b)?);
                let enclosed = self.any_before(first) == "(" && self.norm(last + 1) == ")";
                let round = low % 100 == 0 && high % 100 == 0;
                let near = (1700..=2100).contains(&low) && (1700..=2100).contains(&high) && !round;
                if !(low < high && low >= 1000 && (enclosed || near && !crate::numeral::is_count(self.tokens, last))) {
                    return None;
                }
                Numeric::Years(low, high)
            }
            [a, b] if b.len() == 4 => {
                let (month, year) = (number(a)?, number(b)?);
                if !((1..=12).contains(&month) && (plausible(year) || (1300..1500).contains(&year))) {
                    return None;
                }
                Numeric::Date { year: Some(year), month: month as i8, day: None }
            }
            [a, b] => {
                let (a, b) = (number(a)?, number(b)?);
                let (day, month) = day_month(a, b)?;
                let told = self.date_context(first);
                if !told && (day <= 12 || (a, b) == (24, 7) || last > first) {
                    return None;
                }
                Numeric::Date { year: None, month, day: Some(day) }
            }
            _ => return None,
        };
        match read {
            Numeric::Years(low, high) => Some(Found::text(first, last, Kind::Period, format!("{low:04}/{high:04}"))),
            Numeric::Date { year: Some(year), month, day }
                if self.hijri_era(last + 1).is_some() || (1300..1500).contains(&year) =>
            {
                let date = hijri(year, Some(month), day)?;
                let mut found = Found::text(first, self.hijri_era(last + 1).unwrap_or(last), Kind::Date, date.value);
                found.way = Way::Hijri;
                found.hijri = Some(date.written);
                Some(self.extend_left(found))
            }
            Numeric::Date { year, month, day } => {
                if let (Some(y), Some(d)) = (year, day)
                    && Date::new(y, month, d).is_err()
                {
                    return None;
                }
                let partial = Partial { year, month: Some(month), day, ..Partial::default() };
                let last = self.gregorian_era(last + 1).unwrap_or(last);
                let way = if day.is_some() { Way::Day } else { Way::Larger };
                Some(self.extend_left(Found::date(first, last, partial, way)))
            }
        }
    }

    /// Whether the digits hang on a word or a dash.
    pub(crate) fn grown_on(&self, i: usize) -> bool {
        let all = self.tokens.all();
        let Some(k) = i.checked_sub(1) else { return false };
        if all[i].spaced {
            return false;
        }
        let before = self.tokens.norm(k);
        (matches!(before, "-" | "–" | "/" | "." | ":" | "+") && !all[k].spaced)
            || before.chars().next().is_some_and(|c| class(c) == Class::Latin)
    }

    /// Whether a word before digits says that they are a date.
    fn date_context(&self, i: usize) -> bool {
        let words = ["في", "وفي", "بتاريخ", "تاريخ", "الموافق", "موافق", "يوم", "منذ", "حتي", "من", "الي"];
        let before = i.checked_sub(1).and_then(|k| self.classes[k]).map(|w| w.role);
        words.contains(&self.any_before(i)) || matches!(before, Some(Role::Weekday(_)))
    }

    /// هـ or its words at `i`: the last token.
    pub(crate) fn hijri_era(&self, i: usize) -> Option<usize> {
        matches!(self.norm(i), "ه" | "هجري" | "هجريه" | "للهجره").then_some(i)
    }

    /// م or its words at `i`: the last token.
    pub(crate) fn gregorian_era(&self, i: usize) -> Option<usize> {
        matches!(self.norm(i), "م" | "ميلادي" | "ميلاديه" | "للميلاد").then_some(i)
    }

    /// Digits of a year without عام, where the words around leave no doubt.
    fn bare_year(&self, i: usize) -> Option<Found> {
        let norm = self.tokens.norm(i);
        if norm.len() != 4 || self.grown_on(i) {
            return None;
        }
        let year = number(norm)?;
        if year >= 1000
            && let Some(last) = self.hijri_era(i + 1)
        {
            return self.hijri_year_found(i, last, year);
        }
        if !(1900..=2060).contains(&year) {
            return None;
        }
        let era = self.gregorian_era(i + 1);
        let before = self.any_before(i);
        let edge = self.role_before(i) == Some(Role::Edge);
        let told = matches!(
            before,
            "في" | "وفي"
                | "منذ"
                | "ومنذ"
                | "حتي"
                | "وحتي"
                | "خلال"
                | "وخلال"
                | "بحلول"
                | "قبل"
                | "بعد"
                | "من"
                | "الي"
                | "بين"
                | "ل"
        ) || NAMED_BY_YEAR.contains(&before)
            || NAMED_BY_YEAR.contains(&before.strip_prefix("ال").unwrap_or("-"));
        let enclosed = before == "(" && self.norm(i + 1) == ")";
        let counts = crate::numeral::is_count(self.tokens, i);
        if era.is_some() || enclosed || (told || edge) && !counts {
            let found =
                Found::date(i, era.unwrap_or(i), Partial { year: Some(year), ..Partial::default() }, Way::Larger);
            return Some(self.extend_left(self.years_on(found)));
        }
        None
    }

    /// A Hijri year as a date.
    pub(crate) fn hijri_year_found(&self, first: usize, last: usize, year: i16) -> Option<Found> {
        let date = hijri(year, None, None)?;
        let mut found = Found::text(first, last, Kind::Date, date.value);
        found.way = Way::Hijri;
        found.hijri = Some(date.written);
        Some(self.extend_left(found))
    }

    /// `2015 إلى 2017` after من, `2011 و2014` after بين.
    fn years_on(&self, found: Found) -> Found {
        let before = self.any_before(found.first);
        let connector = self.norm(found.last + 1);
        let from = matches!(before, "من" | "بين" | "منذ" | "ومن" | "وبين")
            && matches!(connector, "الي" | "حتي" | "وحتي")
            || before == "بين" && connector == "و";
        let Value::Date(Partial { year: Some(low), .. }) = found.value else { return found };
        let at = found.last + 2;
        let high = if from && self.is_number_token(at) { number(self.norm(at)) } else { None };
        match high {
            Some(high) if (1900..=2100).contains(&high) && high > low => {
                Found::text(found.first, at, Kind::Period, format!("{low:04}/{high:04}"))
            }
            _ => found,
        }
    }
}

/// Events and things known by their year.
const NAMED_BY_YEAR: [&str; 32] = [
    "مونديال",
    "انتخابات",
    "حرب",
    "ثوره",
    "انتفاضه",
    "اتفاق",
    "اتفاقيه",
    "هجمات",
    "احداث",
    "معاهده",
    "دستور",
    "قانون",
    "عدوان",
    "موازنه",
    "ميزانيه",
    "نسخه",
    "دوره",
    "كاس",
    "بطوله",
    "قمه",
    "انقلاب",
    "غزو",
    "مجزره",
    "ازمه",
    "صيف",
    "خريف",
    "شتاء",
    "ربيع",
    "موسم",
    "رؤيه",
    "هزيمه",
    "العالم",
];
