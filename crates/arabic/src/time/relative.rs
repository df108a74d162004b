use super::Kind;
use jiff::civil::Date;

use super::calendar::{Partial, Point, hijri_century, iso_week, plus_days, plus_months};
use super::clock::Clock;
use super::dates::months;
use super::duration::{Length, iso};
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

/// Verbs after which قريبا is "near" in space.
const POSTURES: [&str; 14] =
    ["يقف", "تقف", "وقف", "وقفت", "يقع", "تقع", "كان", "كانت", "يجلس", "جلس", "يسكن", "تسكن", "ظل", "بقي"];

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
            (Unit::Century, Count::Two) if definite => {
                if let Some(found) = self.two_centuries(i) {
                    return Some(found);
                }
            }
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
            let year: i16 = if norm.len() <= 4 { norm.parse().ok()? } else { return None };
            if let Some(last) = self.hijri_era(at + 1) {
                return self.hijri_year_found(i, last, year);
            }
            if norm.len() != 4 {
                return None;
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
        if self.is_times_in(i) {
            return Some(Found::text(i, i, Kind::Set, iso(1, Unit::Day)));
        }
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
            if self.is_no_morrow(i, word) {
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

    /// Whether غدا is the verb "became" («غدا الوضع صعبا») or الغد a name («الغد الأردني»).
    fn is_no_morrow(&self, i: usize, word: TimeWord) -> bool {
        let next = self.norm(i + 1);
        if !next.starts_with("ال") || self.class(i + 1).is_some() {
            return false;
        }
        if word.prefix.definite {
            return next.ends_with('ي');
        }
        let begins = word.prefix.and || matches!(self.any_before(i), "" | "." | "،" | "قد" | "لقد" | "وقد" | "فقد");
        begins && !self.tokens.surface(i).contains('\u{64B}')
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
            let near = self.tokens.norm(i).ends_with("قريبا")
                && (matches!(next, "من" | "الي") || POSTURES.contains(&self.any_before(i)));
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
        if !this && let Some(same) = self.points_back(i + 1) {
            let year = if same && unit == Unit::Year { self.same_year(i) } else { None };
            return match year {
                Some(_) => Some(Found::date(i, i + 1, Partial { year, ..Partial::default() }, Way::Larger)),
                None if edge => Some(Found::vague(i, i + 1, Kind::Date)),
                None => None,
            }
            .map(|found| self.extend_left(found));
        }
        let (n, mut last) = match self.steps(i + 1) {
            // الأمين العام الحالي: an adjective of what stands before
            Some((0, _)) if unit == Unit::Year && bare && any.starts_with("ال") => return None,
            Some(found) => found,
            None if self.role(i + 1) == Some(Role::Latest) && unit != Unit::Year => return None,
            None if this || edge => (0, i),
            None if self.is_times_in(i) => return Some(Found::text(i, i, Kind::Set, iso(1, unit))),
            None => return None,
        };
        let first = if this { i - 1 } else { i };
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

    /// A relative adjective at `at`, or the step beyond it (قبل الماضي, بعد المقبل): units from now, and its last token.
    pub(crate) fn steps(&self, at: usize) -> Option<(i64, usize)> {
        if let Some(Role::Relative(direction)) = self.role(at) {
            return Some((months(direction), at));
        }
        // ما قبل الماضي
        let k = if self.norm(at) == "ما" { at + 1 } else { at };
        match (self.role(k)?, self.role(k + 1)?) {
            (Role::Tie(Tie::Before), Role::Relative(Direction::Past)) => Some((-2, k + 1)),
            (Role::Tie(Tie::After), Role::Relative(Direction::Future)) => Some((2, k + 1)),
            _ => None,
        }
    }

    /// Whether a unit tells how often (مرتين في الأسبوع, ثلاث مرات في اليوم).
    fn is_times_in(&self, i: usize) -> bool {
        let Some(k) = self.back(i).filter(|k| self.tokens.norm(*k) == "في") else { return false };
        match self.before(k) {
            "مرتين" | "مرتان" | "مرات" => true,
            // لأول مرة في اليوم is once for all
            "مره" => !matches!(self.any_before(k - 1), "اول" | "لاول" | "اخر" | "لاخر" | "كل"),
            _ => false,
        }
    }

    /// القرن التاسع عشر, القرن العشرين.
    fn century(&self, i: usize) -> Option<Found> {
        let (number, last) = self.century_number(i + 1)?;
        let found = match self.norm(last + 1) {
            "الهجري" | "هجري" | "للهجره" | "ه" => {
                let (value, written) = hijri_century(number)?;
                Found { hijri: Some(written), ..Found::text(i, last + 1, Kind::Date, value) }
            }
            "الميلادي" | "للميلاد" => {
                Found::text(i, last + 1, Kind::Date, format!("{:02}XX", number - 1))
            }
            // the first before the era has no digits in common: it is no century in EDTF
            "قبل" if number > 1 && matches!(self.norm(last + 2), "الميلاد" | "ميلاد") => {
                Found::text(i, last + 2, Kind::Date, format!("-{:02}XX", number - 1))
            }
            "قبل" | "ق" => return None,
            _ => Found::text(i, last, Kind::Date, format!("{:02}XX", number - 1)),
        };
        Some(self.extend_left(Found { way: Way::Larger, ..found }))
    }

    /// The number of a century in words or, after the article, in digits, and its last token.
    fn century_number(&self, at: usize) -> Option<(i16, usize)> {
        let article = self.norm(at) == "ال" && self.is_number_token(at + 1);
        let word = self.class(at + usize::from(article))?;
        if !(article || word.prefix.definite) {
            return None;
        }
        let (number, last) = match word.role {
            Role::Number(numeral::Role::Tens(t)) => (u64::from(t) * 10, at),
            Role::Number(numeral::Role::Unit(1) | numeral::Role::Digits) => {
                let number = self.parser.cardinal(at + usize::from(article))?;
                (number.amount?.exact()?, number.last)
            }
            Role::Number(_) => self.parser.ordinal(at)?,
            _ => return None,
        };
        (1..=21).contains(&number).then_some((number as i16, last))
    }

    /// القرنين الثامن والتاسع.
    fn two_centuries(&self, i: usize) -> Option<Found> {
        let (low, last) = self.century_number(i + 1)?;
        self.class(last + 1).filter(|w| w.prefix.and)?;
        let (high, mut last) = self.century_number(last + 1)?;
        if matches!(self.norm(last + 1), "الهجريين" | "هجري" | "قبل" | "ق") || low >= high {
            return None;
        }
        last += usize::from(matches!(self.norm(last + 1), "الميلاديين" | "للميلاد"));
        Some(Found::text(i, last, Kind::Period, format!("{:02}XX/{:02}XX", low - 1, high - 1)))
    }

    /// الأولى من العام after months that were counted: the first months of a year.
    pub(crate) fn first_months(&self, first: usize, at: usize, count: u64, unit: Unit) -> Option<Found> {
        if unit != Unit::Month || !(1..=12).contains(&count) || self.norm(at) != "الاولي" {
            return None;
        }
        let (year, last) = match self.year_word(at + 1) {
            Some((year, last)) => (self.year_of(year), last),
            None if self.norm(at + 1) == "من" => {
                let k = at + 2 + usize::from(matches!(self.norm(at + 2), "هذا" | "هذه"));
                self.class(k).filter(|w| w.role == Role::Unit(Unit::Year, Count::One) && w.prefix.definite)?;
                (self.reference.map(Date::year), k)
            }
            None => return None,
        };
        Some(match year {
            Some(y) => Found::text(first, last, Kind::Period, format!("{y:04}-01/{y:04}-{count:02}")),
            None => Found::vague(first, last, Kind::Period),
        })
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
                // -02XX is before the era
                century = text.get(..2)?.parse().ok().filter(|c: &i64| *c >= 0)?;
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
        if let Some(found) = count.and_then(|n| self.first_months(i, at, n, unit)) {
            return Some(found);
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
