use super::Kind;
use super::calendar::{Partial, Point, iso_week, plus_days, plus_months};
use super::clock::Clock;
use super::dates::months;
use super::duration::Length;
use super::numeric::plausible;
use super::scan::{Found, Scanner, Value, Way};
use super::tense::Outlook;
use super::words::{Count, Direction, Role, Tie, TimeWord, Unit};
use crate::numeral;

/// Adjectives of اليوم that make it another day, or no day at all.
const NOT_TODAY: [&str; 18] = [
    "العالمي",
    "الوطني",
    "الدولي",
    "التالي",
    "نفسه",
    "ذاته",
    "عينه",
    "الواحد",
    "الاخير",
    "الموعود",
    "السابق",
    "المذكور",
    "العربي",
    "الذي",
    "الاسود",
    "الافريقي",
    "الختامي",
    "الافتتاحي",
];

/// Names that end in اليوم.
const NAMED_TODAY: [&str; 10] = ["المصري", "روسيا", "راي", "اخبار", "ذلك", "كل", "في", "المساء", "صحيفه", "جريده"];

/// Definite nouns whose adjective is العام "general".
const GENERAL: [&str; 22] = [
    "الامين",
    "المدير",
    "النائب",
    "المدعي",
    "القائد",
    "المفتش",
    "الراي",
    "القطاع",
    "المراقب",
    "الكاتب",
    "السكرتير",
    "الحاكم",
    "المفوض",
    "المقر",
    "القنصل",
    "المجلس",
    "الوكيل",
    "الصالح",
    "النظام",
    "المال",
    "الاضراب",
    "العفو",
];

impl Scanner<'_, '_, '_> {
    pub(crate) fn unit_at(&self, i: usize, word: TimeWord) -> Option<Found> {
        let Role::Unit(unit, count) = word.role else { return None };
        let definite = word.prefix.definite;
        match (unit, count) {
            (Unit::Year, Count::One) => {
                if let Some(found) = self.stated_year(i, definite) {
                    return Some(found);
                }
            }
            (Unit::Year, Count::TwoOf | Count::Many) => {
                if let Some(found) = self.stated_years(i) {
                    return Some(found);
                }
            }
            (Unit::Day, Count::TwoOf) => return self.two_days(i),
            (Unit::Hour, Count::One) if definite => return self.clock_at(i),
            (Unit::Day, Count::One) if definite => return self.today(i),
            (_, Count::TwoOf) => return None,
            _ => {}
        }
        match (count, definite) {
            (Count::Many, true) => self.definite_plural(i, unit),
            (Count::Many, false) => self.vague_plural(i),
            (Count::One, true) => self.relative_unit(i, unit),
            (Count::One, false) if self.tie(i).is_some_and(|t| t.0 == Tie::Every) && unit == Unit::Day => {
                self.every_weekday(i).or_else(|| self.lone_unit(i, unit, count))
            }
            _ => self.lone_unit(i, unit, count),
        }
    }

    /// عام 2019, العام 2019, عام ألفين وعشرين.
    fn stated_year(&self, i: usize, definite: bool) -> Option<Found> {
        let at = i + 1;
        if matches!(self.role(at), Some(Role::Relative(_))) {
            return None;
        }
        let norm = self.norm(at);
        if self.is_number_token(at) {
            let year: i16 = if norm.len() == 4 { norm.parse().ok()? } else { return None };
            if let Some(last) = self.hijri_era(at + 1) {
                return self.hijri_year_found(i, last, year);
            }
            if (1300..1500).contains(&year) {
                return self.hijri_year_found(i, at, year);
            }
            if !(1000..=2999).contains(&year) {
                return None;
            }
            let last = self.gregorian_era(at + 1).unwrap_or(at);
            return Some(self.extend_left(self.year_range(i, last, year)));
        }
        if definite {
            return None;
        }
        self.class(at)?;
        let number = self.parser.cardinal(at).filter(|c| !c.in_digits)?;
        let year = i16::try_from(number.amount?.exact()?).ok().filter(|y| plausible(*y))?;
        Some(self.extend_left(self.year_range(i, number.last, year)))
    }

    /// A year, or the years to the one after a dash.
    fn year_range(&self, first: usize, last: usize, year: i16) -> Found {
        let next = last + 2;
        let dash = matches!(self.norm(last + 1), "-" | "–" | "/") && self.is_number_token(next);
        if dash
            && let Ok(high) = self.norm(next).parse::<i16>()
            && plausible(high)
            && high > year
        {
            return Found::text(first, next, Kind::Period, format!("{year:04}/{high:04}"));
        }
        Found::date(first, last, Partial { year: Some(year), ..Partial::default() }, Way::Larger)
    }

    /// عامي 2011 و2014, أعوام 2011 و2012 و2013.
    fn stated_years(&self, i: usize) -> Option<Found> {
        let digits = |k: usize| -> Option<i16> {
            let norm = self.norm(k);
            if norm.len() == 4 && self.is_number_token(k) { norm.parse().ok().filter(|y| plausible(*y)) } else { None }
        };
        let low = digits(i + 1)?;
        let (mut last, mut high) = (i + 1, low);
        while matches!(self.norm(last + 1), "و" | "-" | "–" | "الي" | "حتي" | "،")
            && let Some(year) = digits(last + 2)
            && year > high
        {
            high = year;
            last += 2;
        }
        if high > low { Some(Found::text(i, last, Kind::Period, format!("{low:04}/{high:04}"))) } else { None }
    }

    /// يومي السبت والأحد, يومي أمس وأول من أمس.
    fn two_days(&self, i: usize) -> Option<Found> {
        let first = self.class(i + 1)?;
        let second = self.class(i + 2).filter(|w| w.prefix.and)?;
        let day = |word: TimeWord| match word.role {
            Role::Weekday(day) if word.prefix.definite => Some(Partial { weekday: Some(day), ..Partial::default() }),
            Role::Offset(offset) => Some(Partial { offset: Some(offset), ..Partial::default() }),
            _ => None,
        };
        let a = day(first)?;
        let (b, last) = match day(second) {
            Some(b) => (b, i + 2),
            None if self.norm(i + 2) == "واول" && self.norm(i + 3) == "امس" => {
                (Partial { offset: Some(-2), ..Partial::default() }, i + 3)
            }
            None if self.norm(i + 2) == "واول" && self.norm(i + 4) == "امس" => {
                (Partial { offset: Some(-2), ..Partial::default() }, i + 4)
            }
            None => return None,
        };
        let mut partial = b;
        let mut last = last;
        if let Some(Role::Relative(direction)) = self.role(last + 1) {
            partial.direction = Some(direction);
            last += 1;
        }
        let Some(Point::Day(end)) = partial.resolve(self.reference, self.outlook(i, last)) else {
            return Some(Found::vague(i, last, Kind::Period));
        };
        let base = if a.weekday.is_some() { Some(end) } else { self.reference };
        let Some(Point::Day(start)) = a.resolve(base, Outlook::Behind) else {
            return Some(Found::vague(i, last, Kind::Period));
        };
        let (start, end) = (start.min(end), start.max(end));
        let text =
            if plus_days(start, 1) == Some(end) { format!("{start}/{end}") } else { format!("{{{start},{end}}}") };
        Some(Found::text(i, last, Kind::Period, text))
    }

    fn today(&self, i: usize) -> Option<Found> {
        let next = self.norm(i + 1);
        let ordinal = self.class(i + 1).is_some_and(|w| w.prefix.definite && w.prefix.bare())
            && self.parser.ordinal(i + 1).is_some();
        let counted = matches!(self.class(i + 1), Some(w) if w.prefix.definite && matches!(w.role, Role::Number(numeral::Role::Tens(_))));
        let bare = self.classes[i].is_some_and(|w| w.prefix.bare());
        if ordinal || counted || NOT_TODAY.contains(&next) || bare && NAMED_TODAY.contains(&self.any_before(i)) {
            return None;
        }
        if let Some(Role::Relative(_)) = self.role(i + 1) {
            return None;
        }
        let mut found = Found::date(i, i, Partial { offset: Some(0), ..Partial::default() }, Way::Offset);
        if self.before(i) == "هذا" && bare {
            found.first = i - 1;
        }
        Some(self.extend_left(self.extend_right(found)))
    }

    /// أمس, أمس الأول, غداً, بعد غد.
    pub(crate) fn offset_at(&self, i: usize) -> Option<Found> {
        let word = self.classes[i]?;
        let Role::Offset(mut offset) = word.role else { return None };
        let norm = self.tokens.norm(i);
        let (mut first, mut last) = (i, i);
        let before = self.role_before(i);
        if offset < 0 {
            if norm.ends_with("بارحه") && !word.prefix.definite {
                return None;
            }
            if self.norm(i + 1) == "الاول" {
                offset = -2;
                last += 1;
            } else if before == Some(Role::Tie(Tie::Before)) && word.prefix.bare() {
                offset = -2;
                first -= 1;
            } else if let Some(start) = self.first_of_before_yesterday(i) {
                offset = -2;
                first = start;
            }
        } else {
            let any = self.any_before(i);
            if word.prefix.definite && matches!(any, "صحيفه" | "جريده" | "تيار" | "حزب" | "قناه" | "موقع")
            {
                return None;
            }
            let tied =
                matches!(before, Some(Role::Tie(Tie::After) | Role::Unit(Unit::Day, Count::One) | Role::Part(_)));
            if norm.ends_with('د') && !word.prefix.definite && !tied {
                return None;
            }
            if before == Some(Role::Tie(Tie::After)) && word.prefix.bare() {
                offset = 2;
                first -= 1;
            }
        }
        let found = Found::date(first, last, Partial { offset: Some(offset), ..Partial::default() }, Way::Offset);
        Some(self.extend_left(self.extend_right(found)))
    }

    /// The first token of أول (من) before أمس.
    fn first_of_before_yesterday(&self, i: usize) -> Option<usize> {
        let first = |k: usize| {
            let w = self.classes[k];
            w.is_some_and(|w| w.role == Role::Number(numeral::Role::Ordinal(1)) && !w.prefix.definite).then_some(k)
        };
        let k = self.back(i)?;
        if self.tokens.norm(k) == "من" { first(self.back(k)?) } else { first(k) }
    }

    /// أول أمس, أول من أمس, from its first word.
    pub(crate) fn before_yesterday(&self, i: usize) -> Option<Found> {
        let at = if self.norm(i + 1) == "من" { i + 2 } else { i + 1 };
        let word = self.class(at)?;
        if word.role != Role::Offset(-1) || !word.prefix.bare() || self.norm(at).ends_with("بارحه") {
            return None;
        }
        let found = Found::date(i, at, Partial { offset: Some(-2), ..Partial::default() }, Way::Offset);
        Some(self.extend_left(self.extend_right(found)))
    }

    /// الليلة, الليلة الماضية, هذا الصباح, منتصف الليل.
    pub(crate) fn part_at(&self, i: usize) -> Option<Found> {
        let word = self.classes[i]?;
        let Role::Part(part) = word.role else { return None };
        if !word.prefix.definite {
            return None;
        }
        let norm = self.tokens.norm(i);
        let edge = self.role_before(i) == Some(Role::Edge) && word.prefix.bare() && self.before(i).ends_with("منتصف");
        if norm.ends_with("ليل") && edge {
            return Some(Found::new(i - 1, i, Kind::Time, Value::Clock(Clock::MIDNIGHT), Way::Clock));
        }
        let this = matches!(self.before(i), "هذا" | "هذه" | "وهذا" | "وهذه") && word.prefix.bare();
        let mut offset = 0;
        let mut last = i;
        if norm.ends_with("ليله") {
            match (self.role(i + 1), self.norm(i + 1), self.norm(i + 2)) {
                (Some(Role::Relative(Direction::Past)), ..) => (offset, last) = (-1, i + 1),
                (Some(Role::Relative(Direction::Future)), ..) => (offset, last) = (1, i + 1),
                (_, "قبل", "الماضيه") => (offset, last) = (-2, i + 2),
                (_, "الواحده" | "التاليه" | "نفسها" | "ذاتها", _) => return None,
                _ if matches!(self.any_before(i), "الف" | "تلك" | "في") || self.parser.ordinal(i + 1).is_some() =>
                {
                    return None;
                }
                _ => {}
            }
        } else if !this {
            return None;
        }
        let first = if this { i - 1 } else { i };
        let mut found = Found::date(first, last, Partial { offset: Some(offset), ..Partial::default() }, Way::Offset);
        found.part = Some(part);
        Some(self.extend_left(found))
    }

    pub(crate) fn vague_at(&self, i: usize, word: TimeWord) -> Option<Found> {
        let next = self.norm(i + 1);
        if word.role == Role::Vague {
            let near = self.tokens.norm(i).ends_with("قريبا") && matches!(next, "من" | "الي");
            return (!near).then(|| Found::vague(i, i, Kind::Date));
        }
        let told = match (self.tokens.norm(i).ends_with("اونه"), word.prefix.definite) {
            (true, true) => next == "الاخيره",
            (false, true) => matches!(next, "الراهن" | "الحالي" | "الحاضر"),
            (false, false) => matches!(next, "سابق" | "لاحق" | "قريب" | "قصير"),
            _ => false,
        };
        told.then(|| Found::vague(i, i + 1, Kind::Date))
    }

    /// الأسبوع الماضي, هذا الشهر, نهاية العام, القرن العشرين.
    fn relative_unit(&self, i: usize, unit: Unit) -> Option<Found> {
        if unit == Unit::Century
            && let Some(found) = self.century(i)
        {
            return Some(found);
        }
        let bare = self.classes[i]?.prefix.bare();
        let this = bare && matches!(self.before(i), "هذا" | "هذه" | "وهذا" | "وهذه");
        let edge = bare && self.role_before(i) == Some(Role::Edge);
        let any = self.any_before(i);
        if unit == Unit::Year && bare && GENERAL.contains(&any) {
            return None;
        }
        let (direction, last) = match self.role(i + 1) {
            // الأمين العام الحالي: an adjective of what stands before
            Some(Role::Relative(Direction::Current)) if unit == Unit::Year && bare && any.starts_with("ال") => {
                return None;
            }
            Some(Role::Relative(direction)) => (direction, i + 1),
            Some(Role::Latest) if unit != Unit::Year => return None,
            _ if this || edge => (Direction::Current, i),
            _ => return None,
        };
        let first = if this { i - 1 } else { i };
        let n = months(direction);
        let mut last = last;
        let mut value = self.reference.and_then(|r| {
            Some(match unit {
                Unit::Week => Value::Text(iso_week(plus_days(r, 7 * n)?)),
                Unit::Month => {
                    let (year, month) = plus_months(r, n)?;
                    Value::Date(Partial { year: Some(year), month: Some(month), ..Partial::default() })
                }
                Unit::Year => Value::Date(Partial { year: Some(r.year() + n as i16), ..Partial::default() }),
                Unit::Decade => Value::Text(format!("{:03}X", i64::from(r.year()) / 10 + n)),
                Unit::Century => Value::Text(format!("{:02}XX", i64::from(r.year()) / 100 + n)),
                Unit::Day | Unit::Hour | Unit::Minute | Unit::Second => return None,
            })
        });
        if matches!(unit, Unit::Hour | Unit::Minute | Unit::Second | Unit::Day) {
            return None;
        }
        // العام الماضي 2014
        if unit == Unit::Year
            && let Ok(year) = self.norm(last + 1).parse::<i16>()
            && plausible(year)
        {
            last += 1;
            value = Some(Value::Date(Partial { year: Some(year), ..Partial::default() }));
        }
        let found = Found::new(first, last, Kind::Date, value.unwrap_or(Value::None), Way::Larger);
        Some(if this { found } else { self.extend_left(found) })
    }

    /// القرن التاسع عشر, القرن العشرين.
    fn century(&self, i: usize) -> Option<Found> {
        let at = i + 1;
        let word = self.class(at).filter(|w| w.prefix.definite && w.prefix.bare())?;
        let (number, last) = match word.role {
            Role::Number(numeral::Role::Tens(t)) => (u64::from(t) * 10, at),
            Role::Number(numeral::Role::Unit(1)) => {
                let number = self.parser.cardinal(at)?;
                (number.amount?.exact()?, number.last)
            }
            Role::Number(_) => self.parser.ordinal(at)?,
            _ => return None,
        };
        let era = self.norm(last + 1);
        if !(1..=21).contains(&number) || self.hijri_word(last + 1) || era == "قبل" || era == "ق" {
            return None;
        }
        let last = if matches!(era, "الميلادي" | "للميلاد") { last + 1 } else { last };
        let found = Found::text(i, last, Kind::Date, format!("{:02}XX", number - 1));
        Some(self.extend_left(Found { way: Way::Larger, ..found }))
    }

    fn hijri_word(&self, at: usize) -> bool {
        matches!(self.norm(at), "الهجري" | "هجري" | "للهجره" | "ه")
    }

    /// التسعينيات, ثمانينات القرن الماضي.
    pub(crate) fn decade_at(&self, i: usize) -> Option<Found> {
        let word = self.classes[i]?;
        let Role::Decade(tens) = word.role else { return None };
        let next = self.norm(i + 1);
        let age = |k: usize| self.norm(k).starts_with("عمر") || self.norm(k).starts_with("العمر");
        if age(i + 1) || next == "من" && age(i + 2) {
            return None;
        }
        let at = if next == "من" { i + 2 } else { i + 1 };
        let mut century = 19;
        let mut last = i;
        if matches!(self.class(at).map(|w| w.role), Some(Role::Unit(Unit::Century, Count::One))) {
            if let Some(Role::Relative(direction)) = self.role(at + 1) {
                let now = self.reference.map_or(20, |r| i64::from(r.year()) / 100);
                century = now + months(direction);
                last = at + 1;
            } else if let Some(found) = self.century(at)
                && let Value::Text(text) = &found.value
            {
                century = text.get(..2)?.parse().ok()?;
                last = found.last;
            }
        }
        if last == i && !word.prefix.definite {
            return None;
        }
        let found = Found::text(i, last, Kind::Date, format!("{century:02}{tens}X"));
        Some(self.extend_left(Found { way: Way::Larger, ..found }))
    }

    /// الأيام الثلاثة الماضية, الساعات الـ24 المقبلة, السنوات الأخيرة.
    fn definite_plural(&self, i: usize, unit: Unit) -> Option<Found> {
        let mut at = i + 1;
        let mut count = None;
        let article = self.norm(at) == "ال";
        if article || self.class(at).is_some_and(|w| w.prefix.definite && w.prefix.bare()) {
            let start = at + usize::from(article);
            if let Some(number) = self.class(start).and_then(|_| self.parser.cardinal(start)) {
                count = number.amount.and_then(numeral::Amount::exact);
                at = number.last + 1;
            }
        }
        if count.is_none() && matches!(self.norm(at), "القليله" | "العشر" | "المعدوده" | "القليلات")
        {
            at += 1;
        }
        if !matches!(self.role(at), Some(Role::Relative(_) | Role::Latest)) {
            return None;
        }
        // `الأيام القليلة الماضية`, `الساعات الماضية القليلة`
        let last = if matches!(self.norm(at + 1), "القليله") { at + 1 } else { at };
        Some(match count.and_then(|n| Length::whole(n, unit).iso()) {
            Some(text) => Found::text(i, last, Kind::Duration, text),
            None => Found::vague(i, last, Kind::Duration),
        })
    }

    /// قبل أيام, لسنوات, عشرات السنين.
    fn vague_plural(&self, i: usize) -> Option<Found> {
        let word = self.classes[i]?;
        let lam = word.prefix.particle == numeral::Particle::Lam;
        if self.tie(i).is_some_and(|t| t.0 != Tie::Every) || lam {
            return Some(self.tied_vague(i, i));
        }
        None
    }

    /// كل يوم جمعة.
    fn every_weekday(&self, i: usize) -> Option<Found> {
        let (_, first) = self.tie(i)?;
        match self.class(i + 1)?.role {
            Role::Weekday(day) => Some(Found::text(first, i + 1, Kind::Set, format!("XXXX-WXX-{}", day + 1))),
            _ => None,
        }
    }
}
