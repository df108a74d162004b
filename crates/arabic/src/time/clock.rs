use super::Kind;
use super::scan::{Found, Scanner, Value, Way};
use super::words::{Count, Part, Role, Tie, Unit};
use crate::numeral::{self, Fraction};

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    hour: u8,
    minute: u8,
    utc: bool,
    /// Whether the half of the day is certain.
    settled: bool,
}

impl Clock {
    pub(crate) const MIDNIGHT: Self = Self { hour: 0, minute: 0, utc: false, settled: true };

    /// As in ISO 8601, without the date.
    pub(crate) fn iso(self) -> String {
        format!("T{:02}:{:02}{}", self.hour, self.minute, if self.utc { "Z" } else { "" })
    }

    /// The hour moved into the part of the day that was named.
    pub(crate) fn within(self, part: Part) -> Self {
        if self.settled {
            return self;
        }
        let hour = match (part, self.hour) {
            (Part::Dawn | Part::Morning | Part::Night, 12) => 0,
            (Part::Evening | Part::Afternoon, 1..=11) | (Part::Noon, 1..=4) | (Part::Night, 6..=11) => self.hour + 12,
            (_, h) => h,
        };
        Self { hour, settled: true, ..self }
    }
}

impl Clock {
    /// As [`Clock::within`], for a part of the local day.
    pub(crate) fn beside(self, part: Part) -> Self {
        if self.utc { self } else { self.within(part) }
    }
}

impl Scanner<'_, '_, '_> {
    /// A time of day that begins at token `i`: `الساعة 14:00`, `الخامسة مساءً`, `14:00`.
    pub(crate) fn clock_at(&self, i: usize) -> Option<Found> {
        let headed =
            matches!(self.classes[i], Some(w) if w.role == Role::Unit(Unit::Hour, Count::One) && w.prefix.definite);
        let mut at = if headed { i + 1 } else { i };
        let enclosed = headed && self.norm(at) == "(";
        if headed && matches!(self.norm(at), "ال" | ":" | "(") {
            at += 1;
        }
        let (mut clock, mut next, sure) = self.hour(at, headed)?;
        let by_minute = self.tokens.norm(at).contains(':');
        if (enclosed || by_minute && self.day_part(next + 1, true).is_some_and(|p| p.1 > next + 1))
            && self.norm(next) == ")"
        {
            next += 1;
        }
        if let Some((minutes, after)) = self.minutes(next) {
            let total = (i16::from(clock.hour) * 60 + minutes).rem_euclid(24 * 60);
            clock.hour = (total / 60) as u8;
            clock.minute = (total % 60) as u8;
            next = after;
        }
        // bare digits are an hour only with an adverb: `5 مساءً`, not `دورتها 23 صباح الجمعة`
        let bare_digits = !headed && self.is_number_token(i) && !by_minute;
        let part =
            self.day_part(next, headed || by_minute).filter(|p| !bare_digits || p.1 > next && self.before(i) != "ال");
        let mut told = false;
        if let Some((part, after)) = part {
            clock = clock.within(part);
            next = after;
            told = true;
        }
        if let Some((utc, after)) = self.zone(next) {
            clock.utc = utc;
            next = after;
            told = true;
        }
        (told || sure).then(|| Found::new(i, next - 1, Kind::Time, Value::Clock(clock), Way::Clock))
    }

    /// The hour at `at`, the token after it, and whether nothing more need be said.
    fn hour(&self, at: usize, headed: bool) -> Option<(Clock, usize, bool)> {
        // a clock time may begin a line; what follows الساعة may not
        let norm = if headed { self.norm(at) } else { self.tokens.norm(at) };
        let clock = |hour: u8, minute: u8, settled: bool| Clock { hour: hour % 24, minute, utc: false, settled };
        if self.is_number_token(at) {
            let separator = if headed { [':', '.', ',', '،'] } else { [':'; 4] };
            if let Some((h, m)) = norm.split_once(separator) {
                let (hour, minute): (u8, u8) = (h.parse().ok()?, m.get(..2)?.parse().ok()?);
                let seconds = m.len() == 5 && m.as_bytes()[2] == b':';
                let fits = hour <= 24 && minute < 60 && h.len() <= 2 && (m.len() == 2 || seconds);
                return (fits && !self.grown_on(at))
                    .then(|| (clock(hour, minute, hour > 12 || hour == 0), at + 1, true));
            }
            // `2059 بتوقيت غرينتش`, `1.30 بتوقيت غرينتش`
            if !headed && self.zone(at + 1).is_some() {
                let (h, m) = match norm.split_once(['.', ',', '،']) {
                    Some(parts) => parts,
                    None if norm.len() == 4 => norm.split_at_checked(2)?,
                    None => return None,
                };
                let (hour, minute): (u8, u8) = (h.parse().ok()?, m.parse().ok()?);
                return (hour < 24 && minute < 60 && m.len() == 2)
                    .then(|| (clock(hour, minute, hour > 12 || hour == 0), at + 1, true));
            }
            let hour: u8 = norm.parse().ok()?;
            return (hour <= 24 && norm.len() <= 2).then(|| (clock(hour, 0, hour > 12 || hour == 0), at + 1, headed));
        }
        let word = if headed { self.class(at)? } else { self.classes.get(at).copied().flatten()? };
        if !word.prefix.definite {
            return None;
        }
        if word.role == Role::Number(numeral::Role::Unit(1)) && norm.ends_with("الواحده") {
            return Some((clock(1, 0, false), at + 1, headed));
        }
        let (hour, last) = self.parser.ordinal(at)?;
        // الأولى alone is rather "the first hours"
        if hour == 1 && !headed {
            return None;
        }
        if !(1..=12).contains(&hour) || !norm.ends_with('ه') && !norm.ends_with("الاولي") {
            return None;
        }
        Some((clock(hour as u8, 0, false), last + 1, headed && hour > 1))
    }

    /// Minutes after the hour: والنصف, إلا ربعاً, وعشر دقائق.
    fn minutes(&self, at: usize) -> Option<(i16, usize)> {
        let share = |fraction: Fraction| 60 / fraction.parts() as i16;
        if self.norm(at) == "الا" {
            return match self.norm(at + 1) {
                "ربع" | "ربعا" | "الربع" => Some((-15, at + 2)),
                "ثلث" | "ثلثا" | "الثلث" => Some((-20, at + 2)),
                _ => self.counted_minutes(at + 1).map(|(m, next)| (-m, next)),
            };
        }
        let word = self.class(at)?;
        if let Role::Number(numeral::Role::Fraction(fraction)) = word.role
            && word.prefix.and
        {
            return Some((share(fraction), at + 1));
        }
        if word.role == Role::Number(numeral::Role::And) {
            return self.counted_minutes(at + 1);
        }
        if word.prefix.and { self.counted_minutes(at) } else { None }
    }

    fn counted_minutes(&self, at: usize) -> Option<(i16, usize)> {
        self.class(at)?;
        let count = self.parser.cardinal(at)?;
        let minutes = count.amount?.exact().filter(|m| *m < 60)?;
        matches!(self.role(count.last + 1), Some(Role::Unit(Unit::Minute, _)))
            .then_some((minutes as i16, count.last + 2))
    }

    /// The part of the day after an hour; what belongs to a day that follows is left to it.
    fn day_part(&self, at: usize, abbreviated: bool) -> Option<(Part, usize)> {
        let is_day = |k: usize| {
            matches!(
                self.class(k).map(|w| w.role),
                Some(Role::Weekday(_) | Role::Offset(_) | Role::Unit(Unit::Day, _) | Role::Number(_))
            )
        };
        match (self.norm(at), self.norm(at + 1)) {
            ("بعد", "الظهر") => return Some((Part::Afternoon, at + 2)),
            ("قبل", "الظهر") => return Some((Part::Morning, at + 2)),
            ("ص" | "am", _) if abbreviated => return Some((Part::Morning, at + 1)),
            ("م" | "pm", _) if abbreviated => return Some((Part::Evening, at + 1)),
            ("من", _) => {
                let (part, _) = match self.role(at + 1)? {
                    Role::Part(part) => (part, at + 2),
                    _ => self.day_part(at + 1, false)?,
                };
                // `من مساء الاثنين` joins its day; `من الصباح` stands alone
                return Some((part, if is_day(at + 2) || self.is_tie(at + 1) { at } else { at + 2 }));
            }
            ("بعد", "ظهر") => return Some((Part::Afternoon, at)),
            ("قبل", "ظهر") => return Some((Part::Morning, at)),
            _ => {}
        }
        match self.role(at)? {
            Role::At(part) => Some((part, at + 1)),
            Role::Part(part) if self.class(at).is_some_and(|w| !w.prefix.definite) => {
                Some((part, if is_day(at + 1) { at } else { at + 1 }))
            }
            _ => None,
        }
    }

    fn is_tie(&self, at: usize) -> bool {
        matches!(self.role(at), Some(Role::Tie(Tie::Before | Tie::After)))
    }

    /// A time zone: whether it is Greenwich's.
    fn zone(&self, at: usize) -> Option<(bool, usize)> {
        let greenwich = |k: usize| {
            let n = self.norm(k);
            n.starts_with("غرين") || n.starts_with("جرين") || n.starts_with("غرنت") || n == "gmt" || n == "utc"
        };
        match self.norm(at) {
            "بتوقيت" | "توقيت" => {
                let has_word = !self.norm(at + 1).is_empty() && self.tokens.all()[at + 1].kind != crate::Kind::Punct;
                has_word.then(|| (greenwich(at + 1), at + 2))
            }
            "بالتوقيت" | "بتوقيتها" => {
                Some((false, if self.norm(at + 1) == "المحلي" { at + 2 } else { at + 1 }))
            }
            "gmt" | "utc" | "تغ" => Some((true, at + 1)),
            "ت" if self.norm(at + 1) == "." && self.norm(at + 2) == "غ" => Some((true, at + 3)),
            "ت" if matches!(self.norm(at + 1), "م" | "غ") => Some((self.norm(at + 1) == "غ", at + 2)),
            _ => None,
        }
    }
}
