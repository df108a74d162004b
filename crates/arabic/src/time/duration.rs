use super::Kind;
use super::calendar::{iso_week, plus_days, plus_months};
use super::scan::{Found, Scanner, Way};
use super::words::{Count, Role, Tie, Unit};
use crate::numeral::{self, Fraction};

/// A length of time: a count of units, perhaps with a part of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    pub(crate) count: u64,
    pub(crate) unit: Unit,
    pub(crate) part: Option<Fraction>,
}

impl Length {
    pub(crate) const fn whole(count: u64, unit: Unit) -> Self {
        Self { count, unit, part: None }
    }

    /// ISO 8601, where the part can be written in a smaller unit.
    pub(crate) fn iso(self) -> Option<String> {
        let Some(fraction) = self.part else { return Some(iso(self.count, self.unit)) };
        let n = self.count;
        let of = |size: u64| size.is_multiple_of(fraction.parts()).then(|| size / fraction.parts());
        let small = |head: &str, own: char, part: Option<u64>, letter: char| {
            let part = part?;
            Some(if n == 0 { format!("{head}{part}{letter}") } else { format!("{head}{n}{own}{part}{letter}") })
        };
        match self.unit {
            Unit::Second => None,
            Unit::Minute => small("PT", 'M', of(60), 'S'),
            Unit::Hour => small("PT", 'H', of(60), 'M'),
            Unit::Day if n == 0 => Some(format!("PT{}H", of(24)?)),
            Unit::Day => Some(format!("P{n}DT{}H", of(24)?)),
            Unit::Week => {
                let hours = of(7 * 24)?;
                Some(format!("P{}DT{}H", n.checked_mul(7)? + hours / 24, hours % 24))
            }
            Unit::Month => small("P", 'M', of(30), 'D'),
            Unit::Year => small("P", 'Y', of(12), 'M'),
            Unit::Decade => Some(format!("P{}Y", n.checked_mul(10)? + of(10)?)),
            Unit::Century => Some(format!("P{}Y", n.checked_mul(100)? + of(100)?)),
        }
    }

    /// The place in the calendar so far from the reference, as precise as the unit.
    fn from(self, reference: jiff::civil::Date, ahead: bool) -> Option<String> {
        if self.part.is_some() {
            return None;
        }
        let n = i64::try_from(self.count).ok().filter(|n| *n < 4_000_000)?;
        let n = if ahead { n } else { -n };
        match self.unit {
            Unit::Day => plus_days(reference, n).map(|d| d.to_string()),
            Unit::Week => plus_days(reference, n * 7).map(iso_week),
            Unit::Month => plus_months(reference, n).map(|(y, m)| format!("{y:04}-{m:02}")),
            Unit::Year => year(reference, n).map(|y| format!("{y:04}")),
            Unit::Decade => year(reference, n * 10).map(|y| format!("{:03}X", y / 10)),
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Century => None,
        }
    }
}

fn year(reference: jiff::civil::Date, years: i64) -> Option<i64> {
    Some(i64::from(reference.year()) + years).filter(|y| (0..=9999).contains(y))
}

/// A count of units in ISO 8601.
pub(crate) fn iso(n: u64, unit: Unit) -> String {
    match unit {
        Unit::Second => format!("PT{n}S"),
        Unit::Minute => format!("PT{n}M"),
        Unit::Hour => format!("PT{n}H"),
        Unit::Day => format!("P{n}D"),
        Unit::Week => format!("P{n}W"),
        Unit::Month => format!("P{n}M"),
        Unit::Year => format!("P{n}Y"),
        Unit::Decade => format!("P{}Y", u128::from(n) * 10),
        Unit::Century => format!("P{}Y", u128::from(n) * 100),
    }
}

/// Words that may stand between منذ and its number.
const ABOUT: [&str; 8] = ["نحو", "حوالي", "قرابه", "زهاء", "تقريبا", "يقارب", "فقط", "يناهز"];

impl Scanner<'_, '_, '_> {
    /// A numeral with a unit of time: `ثلاثة أيام`, `48 ساعة`, `بضعة أسابيع`, `نصف قرن`.
    pub(crate) fn counted(&self, i: usize) -> Result<Found, usize> {
        let word = self.classes[i].ok_or(i + 1)?;
        match word.role {
            Role::Number(numeral::Role::Few) => {
                return match self.role(i + 1) {
                    Some(Role::Unit(_, Count::Many)) => Ok(self.tied_vague(i, i + 1)),
                    _ => Err(i + 1),
                };
            }
            Role::Number(numeral::Role::Fraction(fraction)) => {
                return match self.class(i + 1).map(|w| (w.role, w.prefix.bare())) {
                    Some((Role::Unit(unit, Count::One), true)) => {
                        let length = Length { count: 0, unit, part: Some(fraction) };
                        length.iso().map(|_| self.tied(i, i + 1, length)).ok_or(i + 1)
                    }
                    _ => Err(i + 1),
                };
            }
            _ => {}
        }
        if self.is_number_token(i) && self.grown_on(i) {
            return Err(i + 1);
        }
        let number = self.parser.cardinal(i).ok_or(i + 1)?;
        if let Some(low) = number.amount.and_then(numeral::Amount::exact)
            && let Some(found) = self.counted_range(i, low, number.last)
        {
            return Ok(found);
        }
        let at = number.last + 1;
        let next = self.class(at);
        let seconds = self.norm(at) == "ثانيه";
        let (unit, count) = match next {
            Some(w) if seconds && w.prefix.bare() => (Unit::Second, Count::One),
            Some(w) if w.prefix.bare() => match w.role {
                Role::Unit(unit, count) => (unit, count),
                _ => return Err(at),
            },
            _ => return Err(at),
        };
        if matches!(count, Count::Two | Count::TwoOf) || self.heads_a_date(at) {
            return Err(at);
        }
        let Some(amount) = number.amount else {
            return Ok(self.tied_vague(i, at));
        };
        // `الساعة` and `السنة` after digits are another noun, save in `الـ24 ساعة`
        if next.is_some_and(|w| w.prefix.definite) {
            return Err(at);
        }
        let Some(whole) = amount.exact() else {
            // 1.5 عام
            let fraction = decimal(amount.value());
            let length = fraction.map(|(count, part)| Length { count, unit, part: Some(part) });
            return length.filter(|l| l.iso().is_some()).map(|l| self.tied(i, at, l)).ok_or(at + 1);
        };
        if word.prefix.definite
            && let Some(found) = self.first_months(i, at + 1, whole, unit)
        {
            return Ok(found);
        }
        Ok(self.longer(i, at, Length::whole(whole, unit)))
    }

    /// `5 إلى 10 سنوات`, `بين خمس وعشر سنوات`, `ثلاثة أو أربعة أشهر`, `3-4 أشهر`: the least and the most.
    fn counted_range(&self, first: usize, low: u64, last: usize) -> Option<Found> {
        let between = matches!(self.any_before(first), "بين" | "وبين" | "مابين");
        let at = match self.norm(last + 1) {
            "الي" | "حتي" | "او" | "-" | "–" => last + 2,
            "و" if between => last + 2,
            _ if between && self.class(last + 1).is_some_and(|w| w.prefix.and) => last + 1,
            _ => return None,
        };
        self.class(at)?;
        let number = self.parser.cardinal(at)?;
        let high = number.amount?.exact()?;
        let end = number.last + 1;
        let word = self.class(end).filter(|w| w.prefix.letters == 0 && !w.prefix.definite)?;
        let Role::Unit(unit, count) = word.role else { return None };
        let agrees = count == if (3..=10).contains(&high) { Count::Many } else { Count::One };
        if !agrees || low >= high || self.heads_a_date(end) {
            return None;
        }
        let text = format!("{}/{}", iso(low, unit), iso(high, unit));
        Some(Found::text(self.with_article(first), self.with_adjectives(end), Kind::Duration, text))
    }

    /// Whether the noun at `at` belongs to a date that follows, not to a number before it: «قتل 12 يوم الأحد».
    fn heads_a_date(&self, at: usize) -> bool {
        let next = || self.class(at + 1).map(|w| w.role);
        match self.norm(at) {
            "يوم" => matches!(next(), Some(Role::Weekday(_) | Role::Offset(_))),
            "شهر" => matches!(next(), Some(Role::Month(..) | Role::Hijri(..) | Role::Head(_))),
            "عام" | "سنه" => self.digits_year(at + 1).is_some(),
            _ => false,
        }
    }

    /// Takes in `ونصف`, or a smaller unit (`ثلاثة أيام وخمس ساعات`).
    fn longer(&self, first: usize, last: usize, length: Length) -> Found {
        let at = last + 1;
        if let Some(w) = self.class(at)
            && w.prefix.and
            && let Role::Number(numeral::Role::Fraction(part)) = w.role
        {
            let longer = Length { part: Some(part), ..length };
            if longer.iso().is_some() {
                // عام ونصف العام
                let repeated = matches!(self.role(at + 1), Some(Role::Unit(u, Count::One)) if u == length.unit);
                return self.tied(first, at + usize::from(repeated), longer);
            }
        }
        if let Some((text, end)) = self.smaller(at, length) {
            return Found::text(self.with_article(first), end, Kind::Duration, text);
        }
        self.tied(first, last, length)
    }

    /// A smaller unit joined with و: the whole in ISO 8601 and its last token.
    fn smaller(&self, at: usize, length: Length) -> Option<(String, usize)> {
        let word = self.class(at)?;
        let start = match word.role {
            Role::Number(numeral::Role::And) => at + 1,
            _ if word.prefix.and => at,
            _ => return None,
        };
        let (count, unit, end) = match self.class(start)?.role {
            Role::Unit(unit, Count::Two) => (2, unit, start),
            Role::Number(_) => {
                let number = self.parser.cardinal(start)?;
                match self.role(number.last + 1)? {
                    Role::Unit(unit, Count::One | Count::Many) => (number.amount?.exact()?, unit, number.last + 1),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let pairs = matches!(
            (length.unit, unit),
            (Unit::Year, Unit::Month | Unit::Day)
                | (Unit::Month, Unit::Day)
                | (Unit::Day, Unit::Hour)
                | (Unit::Hour, Unit::Minute)
                | (Unit::Minute, Unit::Second)
        );
        if !pairs {
            return None;
        }
        let (large, small) = (iso(length.count, length.unit), iso(count, unit));
        let joined = if unit >= Unit::Day || length.unit < Unit::Day {
            small.trim_start_matches("PT").trim_start_matches('P').to_owned()
        } else {
            small.trim_start_matches('P').to_owned()
        };
        Some((format!("{large}{joined}"), end))
    }

    /// A length of time with what ties it to now: `قبل ثلاثة أيام`, `كل أسبوعين`, `24 ساعة الماضية`.
    pub(crate) fn tied(&self, first: usize, last: usize, length: Length) -> Found {
        let Some(text) = length.iso() else { return Found::vague(first, last, Kind::Duration) };
        let (first, last) = (self.with_article(first), self.with_adjectives(last));
        let relative = matches!(self.role(last), Some(Role::Relative(_) | Role::Latest));
        if relative {
            return Found::text(first, last, Kind::Duration, text);
        }
        let Some((tie, at)) = self.tie(first) else { return Found::text(first, last, Kind::Duration, text) };
        match tie {
            Tie::Every => Found::text(at, last, Kind::Set, text),
            Tie::Before | Tie::Since | Tie::After => {
                // بعد يومين من الهجوم: from another moment than now
                let elsewhere = match tie {
                    Tie::Since => false,
                    _ => matches!(self.norm(last + 1), "من" | "علي" | "عن"),
                };
                // «عاد بعد عامين في السجن»: from a moment in the past
                let told = !elsewhere && (tie != Tie::After || self.is_to_come(at, last));
                let point = self.reference.and_then(|r| length.from(r, tie == Tie::After));
                match point {
                    Some(value) if told => {
                        let mut found = Found::text(at, last, Kind::Date, value);
                        found.way = Way::Other;
                        found
                    }
                    _ => Found::text(first, last, Kind::Duration, text),
                }
            }
            Tie::Within => Found::text(first, last, Kind::Duration, text),
        }
    }

    /// An uncounted length (`قبل أيام`, `بضعة أسابيع`).
    pub(crate) fn tied_vague(&self, first: usize, last: usize) -> Found {
        let last = self.with_adjectives(last);
        match self.tie(first) {
            Some((Tie::Before | Tie::Since | Tie::After, at)) if !matches!(self.norm(last + 1), "من" | "علي") => {
                Found::vague(at, last, Kind::Date)
            }
            _ => Found::vague(first, last, Kind::Duration),
        }
    }

    /// `الـ24`: the article apart from its digits belongs to the expression.
    fn with_article(&self, first: usize) -> usize {
        match self.back(first) {
            Some(k) if self.tokens.norm(k) == "ال" && !self.tokens.all()[first].spaced => k,
            _ => first,
        }
    }

    fn with_adjectives(&self, mut last: usize) -> usize {
        for _ in 0..2 {
            let next = self.norm(last + 1);
            let relative = matches!(self.role(last + 1), Some(Role::Relative(_) | Role::Latest));
            if relative
                || matches!(
                    next,
                    "كامل"
                        | "كامله"
                        | "كاملا"
                        | "كاملين"
                        | "قليله"
                        | "عديده"
                        | "طويله"
                        | "معدوده"
                        | "متواصله"
                        | "متتاليه"
                        | "متواليه"
                )
            {
                last += 1;
            }
        }
        last
    }

    /// The tie before a length, past words such as نحو and أكثر من.
    pub(crate) fn tie(&self, first: usize) -> Option<(Tie, usize)> {
        if self.classes[first].is_some_and(|w| w.prefix.letters > 0) {
            return None;
        }
        let mut at = first;
        for _ in 0..3 {
            let k = self.back(at)?;
            if let Some(Role::Tie(tie)) = self.classes[k].map(|w| w.role) {
                return Some((tie, k));
            }
            let norm = self.tokens.norm(k);
            let before = self.before(k);
            at = if ABOUT.contains(&norm) {
                if before == "ما" { k - 1 } else { k }
            } else if norm == "من" && matches!(before, "اكثر" | "اقل" | "ازيد" | "يقرب")
                || norm == "عن" && matches!(before, "يزيد" | "يقل")
            {
                if self.before(k - 1) == "ما" { k - 2 } else { k - 1 }
            } else {
                return None;
            };
        }
        None
    }

    /// Whether a bound such as أكثر من stands before a length.
    pub(crate) fn is_bounded(&self, first: usize) -> bool {
        let (one, two) = (self.before(first), self.back(first).map_or("", |k| self.before(k)));
        ABOUT.contains(&one) || one == "من" && matches!(two, "اكثر" | "اقل" | "ازيد" | "يقرب")
    }

    /// A singular or dual unit by itself: `أسبوعين`, `قبل شهر`, `يوم واحد`, `ساعة ونصف`.
    pub(crate) fn lone_unit(&self, i: usize, unit: Unit, count: Count) -> Option<Found> {
        let word = self.classes[i]?;
        if count == Count::Two {
            if word.prefix.definite && !matches!(self.role(i + 1), Some(Role::Relative(_) | Role::Latest)) {
                return None;
            }
            if unit == Unit::Decade && !word.prefix.definite && !self.is_span(i) {
                return None;
            }
            return Some(self.longer(i, i, Length::whole(2, unit)));
        }
        if word.prefix.definite {
            return None;
        }
        let length = Length::whole(1, unit);
        let next = self.class(i + 1);
        if let Some(w) = next
            && w.prefix.and
            && matches!(w.role, Role::Number(numeral::Role::Fraction(_)))
        {
            return Some(self.longer(i, i, length));
        }
        if matches!(self.norm(i + 1), "واحد" | "واحده") {
            return Some(self.tied(i, i + 1, length));
        }
        if matches!(self.norm(i + 1), "كامل" | "كامله" | "كاملا") {
            return Some(self.tied(i, i, length));
        }
        let lam = word.prefix.particle == numeral::Particle::Lam;
        let (tie, at) = match self.tie(i) {
            Some(found) => found,
            None if self.is_bounded(i) && !word.prefix.and => (Tie::Within, i),
            None if lam && matches!(unit, Unit::Week | Unit::Month) && self.ends_here(i + 1) => (Tie::Within, i),
            None => return None,
        };
        // يوما بعد يوم
        if matches!(tie, Tie::Before | Tie::After)
            && self.role_before(at).is_some_and(|role| matches!(role, Role::Unit(u, Count::One) if u == unit))
        {
            return None;
        }
        // `خلال شهر رمضان`, `منذ يوم الأحد`, `بعد عام 2011` name a date
        if matches!(
            next.map(|w| w.role),
            Some(
                Role::Month(..)
                    | Role::Hijri(..)
                    | Role::Head(_)
                    | Role::Weekday(_)
                    | Role::Offset(_)
                    | Role::Relative(_)
            )
        ) || self.is_number_token(i + 1) && tie != Tie::Every
        {
            return None;
        }
        // "every" says nothing of عقد "contract", and عقد after بعد is "holding"
        if unit == Unit::Decade
            && !(tie == Tie::Since || self.norm(i + 1) == "من" && self.norm(i + 2).starts_with("الزم"))
        {
            return None;
        }
        if tie == Tie::Every && unit == Unit::Year && matches!(self.norm(i + 1), "وانتم" | "وانت") {
            return None;
        }
        Some(self.tied(i, i, length))
    }

    /// Whether عقدين are decades and no contracts («وقعت عقدين»).
    fn is_span(&self, i: usize) -> bool {
        let tied = self.tie(i).is_some() || self.is_bounded(i);
        let led = self.classes[i].is_some_and(|w| w.prefix.letters > u8::from(w.prefix.and));
        let lasted = ["مدي", "امتداد", "مرور", "مضي", "استمر", "استمرت", "دام", "دامت"].contains(&self.any_before(i));
        let half = self
            .class(i + 1)
            .is_some_and(|w| w.prefix.and && matches!(w.role, Role::Number(numeral::Role::Fraction(_))));
        let of_time = self.norm(i + 1) == "من" && self.norm(i + 2).starts_with("الزم");
        tied || led || lasted || half || of_time || matches!(self.role(i + 1), Some(Role::Relative(_) | Role::Latest))
    }

    /// Whether nothing but punctuation, a preposition or the end follows.
    fn ends_here(&self, at: usize) -> bool {
        match self.tokens.all().get(at) {
            None => true,
            Some(t) => {
                t.line_start
                    || t.kind == crate::Kind::Punct
                    || matches!(self.norm(at), "في" | "من" | "علي" | "ب" | "بعد" | "قبل" | "مع" | "الي")
            }
        }
    }
}

/// A decimal count as a whole and a part: 1.5, 2.25.
fn decimal(value: f64) -> Option<(u64, Fraction)> {
    let whole = value.trunc();
    let part = value - whole;
    let near = |x: f64| (part - x).abs() < 1e-9;
    let fraction = if near(0.5) {
        Fraction::Half
    } else if near(0.25) {
        Fraction::Quarter
    } else {
        return None;
    };
    (whole < 1e15).then_some((whole as u64, fraction))
}
