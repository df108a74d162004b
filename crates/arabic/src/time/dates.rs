use super::Kind;
use super::calendar::{Partial, hijri, hijri_year, month_year};
use super::numeric::plausible;
use super::scan::{Found, Scanner, Value, Way};
use super::tense::Outlook;
use super::words::{Count, Direction, Head, Part, Role, Tie, Trust, Unit};
use crate::numeral;

/// A month's name, with the twin of another naming beside it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MonthName {
    number: i8,
    hijri: bool,
    pub(crate) last: usize,
    trust: Trust,
}

/// A year as the words give it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum YearWord {
    Gregorian(i16),
    Hijri(i16),
    /// العام الماضي, العام قبل الماضي: years from now
    Relative(i64),
    /// العام نفسه, where no year was named
    Unknown,
}

/// What is named by a day and no year (قصر 22 مايو, قوى 14 آذار).
const NAMED_BY_DAY: [&str; 28] = [
    "قصر",
    "مبني",
    "مجمع",
    "شارع",
    "ميدان",
    "ساحه",
    "جسر",
    "كوبري",
    "مدينه",
    "ملعب",
    "استاد",
    "مستشفي",
    "جامعه",
    "مدرسه",
    "قاعده",
    "معسكر",
    "مطار",
    "حي",
    "محور",
    "نفق",
    "حديقه",
    "حركه",
    "قوي",
    "تحالف",
    "فريق",
    "جبهه",
    "كتله",
    "تيار",
];

/// Titles and names after which a month's name is a person's.
const TITLES: [&str; 18] = [
    "حميد",
    "السيد",
    "السيده",
    "القاضي",
    "القاضيه",
    "الدكتور",
    "الدكتوره",
    "المحامي",
    "المحاميه",
    "الشيخ",
    "الشاعر",
    "الفنان",
    "الفنانه",
    "اللاعب",
    "المخرج",
    "الكاتب",
    "الكاتبه",
    "المهندس",
];

impl Scanner<'_, '_, '_> {
    /// Whether the day is part of a name: `قصر 22 مايو`.
    pub(crate) fn is_name(&self, found: &Found) -> bool {
        let undated = matches!(found.value, Value::Date(Partial { year: None, direction: None, .. }));
        let before = self.any_before(found.first);
        let stem = before.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك']).unwrap_or(before);
        undated && (NAMED_BY_DAY.contains(&before) || NAMED_BY_DAY.contains(&stem))
    }

    /// One or two words that name a month.
    fn simple_month(&self, i: usize) -> Option<MonthName> {
        let word = self.classes.get(i).copied().flatten()?;
        let next = self.norm(i + 1);
        let found = |number, hijri, last, trust| Some(MonthName { number, hijri, last, trust });
        if word.prefix.definite {
            return None;
        }
        match word.role {
            Role::Month(number, trust) => found(number, false, i, trust),
            Role::Hijri(number, trust) => found(number, true, i, trust),
            Role::Head(head) => {
                let (number, hijri) = match (head, next) {
                    (Head::Kanun, "الاول" | "اول") => (12, false),
                    (Head::Kanun, "الثاني" | "ثاني" | "ثان") => (1, false),
                    (Head::Tishrin, "الاول" | "اول") => (10, false),
                    (Head::Tishrin, "الثاني" | "ثاني" | "ثان") => (11, false),
                    (Head::Rabi, "الاول") => (3, true),
                    (Head::Rabi, "الثاني" | "الاخر") => (4, true),
                    (Head::Jumada, "الاولي" | "الاول") => (5, true),
                    (Head::Jumada, "الثانيه" | "الاخره" | "الثاني" | "الاخر") => (6, true),
                    (Head::Dhu, "القعده") => (11, true),
                    (Head::Dhu, "الحجه") => (12, true),
                    _ => return None,
                };
                found(number, hijri, i + 1, Trust::Sure)
            }
            _ => None,
        }
    }

    /// A month with its twin: `أيار/مايو`, `أيار (مايو)`, `أبريل نيسان`.
    fn month(&self, i: usize) -> Option<MonthName> {
        let mut month = self.simple_month(i)?;
        let at = |k: usize| {
            let bare = self.class(k).is_some_and(|w| w.prefix.bare());
            if bare { self.simple_month(k).filter(|m| !m.hijri && !month.hijri) } else { None }
        };
        let (mark, twin) = match self.norm(month.last + 1) {
            "/" | "-" | "–" | "(" | "،" => (self.norm(month.last + 1), at(month.last + 2)),
            _ => ("", at(month.last + 1)),
        };
        let Some(twin) = twin else { return Some(month) };
        // newspapers sometimes pair the wrong names: with a stroke they are still one month
        if twin.number != month.number && mark != "/" {
            return Some(month);
        }
        if mark == "(" {
            if self.norm(twin.last + 1) == ")" {
                month.last = twin.last + 1;
                month.trust = Trust::Sure;
            }
            return Some(month);
        }
        month.last = twin.last;
        month.trust = Trust::Sure;
        Some(month)
    }

    /// A year at `at`, with or without عام, for something that stands before it.
    pub(crate) fn year_word(&self, at: usize) -> Option<(YearWord, usize)> {
        let mut k = at;
        if matches!(self.norm(k), "،" | "," | "/" | "-") && self.digits_year(k + 1).is_some() {
            k += 1;
        }
        if matches!(self.norm(k), "من" | "في") {
            k += 1;
        }
        let is_year = |k: usize| matches!(self.class(k), Some(w) if matches!(w.role, Role::Unit(Unit::Year, Count::One)) && !w.prefix.and);
        if is_year(k) {
            if let Some((years, last)) = self.steps(k + 1) {
                // العام الحالي 2015
                let stated = self.digits_year(last + 1);
                return stated.or(Some((YearWord::Relative(years), last)));
            }
            if let Some(same) = self.points_back(k + 1) {
                let year = if same { self.same_year(k) } else { None };
                return Some((year.map_or(YearWord::Unknown, YearWord::Gregorian), k + 1));
            }
            return self.digits_year(k + 1).or_else(|| self.year_in_words(k + 1));
        }
        self.digits_year(k)
    }

    /// Four digits that can be a year, with هـ or م.
    pub(crate) fn digits_year(&self, at: usize) -> Option<(YearWord, usize)> {
        let norm = self.norm(at);
        if norm.len() > 4 || !self.is_number_token(at) {
            return None;
        }
        let year: i16 = norm.parse().ok()?;
        if let Some(last) = self.hijri_era(at + 1) {
            return Some((YearWord::Hijri(year), last));
        }
        if norm.len() != 4 {
            return None;
        }
        if (1300..1500).contains(&year) {
            return Some((YearWord::Hijri(year), at));
        }
        let last = self.gregorian_era(at + 1).unwrap_or(at);
        plausible(year).then_some((YearWord::Gregorian(year), last))
    }

    fn year_in_words(&self, at: usize) -> Option<(YearWord, usize)> {
        self.class(at)?;
        let number = self.parser.cardinal(at).filter(|c| !c.in_digits)?;
        let year = i16::try_from(number.amount?.exact()?).ok()?;
        if (1300..1500).contains(&year) {
            return Some((YearWord::Hijri(year), self.hijri_era(number.last + 1).unwrap_or(number.last)));
        }
        plausible(year).then_some((YearWord::Gregorian(year), number.last))
    }

    /// The year that a year word means, where the reference tells it.
    pub(crate) fn year_of(&self, year: YearWord) -> Option<i16> {
        match year {
            YearWord::Gregorian(y) => Some(y),
            YearWord::Hijri(_) | YearWord::Unknown => None,
            YearWord::Relative(years) => i16::try_from(i64::from(self.reference?.year()) + years).ok(),
        }
    }

    /// Month (and day) with what follows: the finished expression.
    fn month_found(&self, first: usize, month: MonthName, day: Option<i8>) -> (Found, bool) {
        let mut last = month.last;
        // `رمضان المبارك`, `محرم الحرام`
        let mut blessed = false;
        if month.hijri && matches!(self.norm(last + 1), "المبارك" | "الكريم" | "الحرام" | "المعظم")
        {
            last += 1;
            blessed = true;
        }
        let mut direction = None;
        let mut year = None;
        if let Some(Role::Relative(d)) = self.role(last + 1) {
            direction = Some(d);
            last += 1;
            // `مايو الماضي 2015`
            if let Some((YearWord::Gregorian(y), k)) = self.digits_year(last + 1) {
                year = Some(YearWord::Gregorian(y));
                last = k;
            }
        } else if let Some((y, k)) = self.year_word(last + 1) {
            year = Some(y);
            last = k;
        }
        let told = direction.is_some() || year.is_some() || blessed;
        if month.hijri || matches!(year, Some(YearWord::Hijri(_))) {
            let y = match year {
                Some(YearWord::Hijri(y)) => Some(y),
                _ => self.reference.and_then(|r| hijri_year(r, month.number, day, direction)),
            };
            let date = y.and_then(|y| hijri(y, Some(month.number), day));
            let mut found = Found::vague(first, last, Kind::Date);
            found.way = if day.is_some() { Way::Hijri } else { Way::Larger };
            match date {
                Some(date) => {
                    found.value = Value::Text(date.value);
                    found.hijri = Some(date.written);
                }
                None => found.hijri = Some(open_hijri(month.number, day)),
            }
            return (found, told);
        }
        let way = if day.is_some() { Way::Day } else { Way::Larger };
        let year_number = year.and_then(|y| self.year_of(y));
        let partial = Partial { year: year_number, month: Some(month.number), day, direction, ..Partial::default() };
        if matches!(year, Some(YearWord::Unknown)) {
            let open = partial.resolve(None, Outlook::Behind).map_or(Value::None, |p| Value::Text(p.edtf()));
            return (Found::new(first, last, Kind::Date, open, way), told);
        }
        (Found::date(first, last, partial, way), told)
    }

    /// `27 أيار 2020`, `الأول من مايو`, `3-7 مايو`, `21 من الشهر الجاري`.
    pub(crate) fn day_and_month(&self, i: usize) -> Option<Found> {
        let (day, last) = self.day_number(i)?;
        // النصف الأول من أيار is no first of May
        if !self.is_number_token(i) && ["نصف", "ربع", "ثلث", "اسبوع"].iter().any(|w| self.any_before(i).ends_with(w))
        {
            return None;
        }
        let range = self.second_day(i, last);
        let (at, final_day) = match range {
            Some((second, last)) => (last + 1, second),
            None => (last + 1, day),
        };
        let found = self.after_day(i, at, final_day)?;
        let found = match range {
            Some(_) => self.days_of_month(i, day, found)?,
            None => found,
        };
        Some(self.extend_left(self.extend_right(found)))
    }

    fn after_day(&self, first: usize, at: usize, day: i8) -> Option<Found> {
        let mut k = at;
        // 8/مارس/2016, 8-مارس-2016
        let stroke = match self.norm(k) {
            "/" => true,
            "-" => !self.tokens.all()[k].spaced,
            _ => false,
        } && self.is_number_token(first)
            && self.simple_month(k + 1).is_some();
        if self.norm(k) == "من" || stroke {
            k += 1;
        }
        // ordinals need their من: `الثاني رجب` is no date
        let in_digits = self.is_number_token(first);
        if k == at && !in_digits && self.parser.ordinal(first).is_some() {
            return None;
        }
        match self.class(k) {
            Some(w) if w.role == Role::Unit(Unit::Month, Count::One) && w.prefix.bare() => {
                if w.prefix.definite {
                    let Some(Role::Relative(direction)) = self.role(k + 1) else { return None };
                    let (year, month) = match self.reference {
                        Some(r) => super::calendar::plus_months(r, months(direction))?,
                        None => return Some(Found::vague(first, k + 1, Kind::Date)),
                    };
                    let partial =
                        Partial { year: Some(year), month: Some(month), day: Some(day), ..Partial::default() };
                    partial.resolve(self.reference, Outlook::Behind)?;
                    return Some(Found::date(first, k + 1, partial, Way::Day));
                }
                k += 1;
            }
            Some(w) if w.role == Role::Relative(Direction::Current) && k == at && self.any_before(first) == "يوم" => {
                let r = self.reference?;
                let partial =
                    Partial { year: Some(r.year()), month: Some(r.month()), day: Some(day), ..Partial::default() };
                partial.resolve(self.reference, Outlook::Behind)?;
                return Some(Found::date(first, k, partial, Way::Day));
            }
            _ => {}
        }
        if !self.class(k)?.prefix.bare() {
            return None;
        }
        let month = self.month(k)?;
        let (found, told) = self.month_found(first, month, Some(day));
        let named = matches!(self.role_before(k), Some(Role::Unit(Unit::Month, _)));
        if month.trust == Trust::Least && !told && !named {
            return None;
        }
        match &found.value {
            Value::Date(p) => {
                // 31 حزيران
                let year = p.year.or(p.day.filter(|d| *d == 29).map(|_| 2000)).unwrap_or(2000);
                jiff::civil::Date::new(year, p.month?, p.day?).ok()?;
            }
            Value::None if found.hijri.is_none() => return None,
            _ => {}
        }
        Some(found)
    }

    /// A day of the month in digits, words or as an ordinal: its number and last token.
    fn day_number(&self, i: usize) -> Option<(i8, usize)> {
        let norm = self.tokens.norm(i);
        if self.is_number_token(i) {
            let day = if norm.len() <= 2 { norm.parse().ok()? } else { return None };
            let fits = (1..=31).contains(&day) && !self.grown_on_dash(i);
            return fits.then_some((day, i));
        }
        if let Some((day, last)) = self.parser.ordinal(i) {
            let definite = self.classes[i].is_some_and(|w| w.prefix.definite);
            return (definite && day <= 31).then_some((day as i8, last));
        }
        let number = self.parser.cardinal(i)?;
        let day = number.amount?.exact().filter(|d| (1..=31).contains(d))?;
        Some((day as i8, number.last))
    }

    /// A second day number that shares the month: `3-7 مايو`, `3 إلى 7 مايو`, `9 و10 مايو`.
    fn second_day(&self, first: usize, last: usize) -> Option<(i8, usize)> {
        let from = matches!(self.any_before(first), "من" | "بين" | "ومن" | "وبين" | "يومي" | "ايام" | "الفتره");
        let at = match self.norm(last + 1) {
            "-" | "–" if self.is_number_token(first) => last + 2,
            "الي" | "حتي" | "وحتي" => last + 2,
            "و" if from => last + 2,
            _ if from && self.class(last + 1).is_some_and(|w| w.prefix.and) => last + 1,
            _ => return None,
        };
        self.class(at)?;
        let second = if self.is_number_token(at) {
            let norm = self.norm(at);
            (if norm.len() <= 2 { norm.parse().ok()? } else { return None }, at)
        } else {
            self.day_number(at)?
        };
        (1..=31).contains(&second.0).then_some(second)
    }

    /// The days from `day` to the day that `found` names.
    fn days_of_month(&self, first: usize, day: i8, mut found: Found) -> Option<Found> {
        let Value::Date(second) = found.value else { return None };
        let high = second.resolve(self.reference, self.outlook(first, found.last))?;
        let low = match high.year() {
            Some(year) => Partial { year: Some(year), day: Some(day), direction: None, ..second }
                .resolve(self.reference, Outlook::Behind)?,
            None => Partial { day: Some(day), ..second }.resolve(self.reference, Outlook::Behind)?,
        };
        if day >= second.day? {
            return None;
        }
        found.kind = Kind::Period;
        found.way = Way::Other;
        // بين يومي 3 و7 is the time from one to the other
        let days = self.any_before(first) == "يومي" && self.back(first).is_none_or(|k| self.any_before(k) != "بين");
        let two = days && day + 1 < second.day?;
        let (low, high) = (low.edtf(), high.edtf());
        found.value = Value::Text(if two { format!("{{{low},{high}}}") } else { format!("{low}/{high}") });
        if let Some(k) = self.back(first)
            && matches!(self.classes[k].map(|w| w.role), Some(Role::Unit(Unit::Day, Count::TwoOf)))
        {
            found.first = k;
        }
        Some(found)
    }

    fn grown_on_dash(&self, i: usize) -> bool {
        let all = self.tokens.all();
        i > 1
            && !all[i].spaced
            && !all[i - 1].spaced
            && self.tokens.norm(i - 1) == "-"
            && matches!(all[i - 2].kind, crate::Kind::Arabic | crate::Kind::Latin)
    }

    /// A month without a day.
    pub(crate) fn month_at(&self, i: usize) -> Option<Found> {
        let Some(month) = self.month(i) else { return self.season_at(i) };
        if let Some(first) = self.first_of_month(i) {
            let (found, _) = self.month_found(first, month, Some(1));
            return Some(self.extend_left(found));
        }
        let (found, told) = self.month_found(i, month, None);
        let letters = self.classes[i].map_or(0, |w| w.prefix.letters);
        let particle = letters > u8::from(self.classes[i].is_some_and(|w| w.prefix.and));
        let before = if letters > 0 { None } else { self.role_before(i) };
        let named = matches!(before, Some(Role::Unit(Unit::Month, _)));
        let any = self.any_before(i);
        let next = self.norm(found.last + 1);
        let tied = letters == 0
            && (matches!(before, Some(Role::Edge | Role::Tie(Tie::Since | Tie::Before | Tie::After | Tie::Within)))
                || matches!(any, "في" | "وفي" | "حتي" | "وحتي" | "بحلول" | "بين" | "الي"))
            || any == "من" && matches!(next, "الي" | "حتي" | "وحتي")
            || self.follows_month(i);
        let enough = match month.trust {
            // also "pays to it" and "cheated"
            Trust::Sure if matches!(self.tokens.norm(i), "يوليه" | "غشت") => told || named || tied,
            Trust::Sure => !TITLES.contains(&any),
            Trust::Medium => told || named || tied,
            Trust::Weak => (told && !particle) || named,
            Trust::Least => named || (told && found.hijri.is_some() && self.hijri_era(found.last).is_some()),
        };
        if !enough || matches!(any, "شركه" | "سياره" | "سيارات") || !told && next == "الاسود" {
            return None;
        }
        if before == Some(Role::Unit(Unit::Month, Count::TwoOf))
            && let Some(pair) = self.pair_of_months(i, &found, month)
        {
            return Some(pair);
        }
        Some(self.extend_left(found))
    }

    /// The word before a month that means its first day: غرة رمضان, فاتح شهر مايو, الفاتح من سبتمبر.
    fn first_of_month(&self, i: usize) -> Option<usize> {
        if self.classes[i].is_some_and(|w| w.prefix.letters > 0) {
            return None;
        }
        let named = self.role_before(i) == Some(Role::Unit(Unit::Month, Count::One));
        let k = self.back(if named { self.back(i)? } else { i })?;
        match self.tokens.norm(k) {
            "غره" | "فاتح" => Some(k),
            "من" if self.before(k) == "الفاتح" => self.back(k),
            _ => None,
        }
    }

    /// Whether the word is joined to a month before it (`فبراير ومارس`).
    fn follows_month(&self, i: usize) -> bool {
        let and = self.classes[i].is_some_and(|w| w.prefix.and);
        let before = i.checked_sub(1).and_then(|k| self.classes[k]).map(|w| w.role);
        and && matches!(before, Some(Role::Month(..) | Role::Relative(_)))
    }

    /// `شهري مايو ويونيو 2020`.
    fn pair_of_months(&self, i: usize, low: &Found, first: MonthName) -> Option<Found> {
        let at = low.last + 1;
        if !self.class(at)?.prefix.and || first.hijri {
            return None;
        }
        let second = self.month(at).filter(|m| !m.hijri)?;
        let (high, _) = self.month_found(at, second, None);
        let Value::Date(partial) = high.value else { return None };
        let end = partial.resolve(self.reference, Outlook::Behind)?;
        let start = match end.year() {
            Some(y) => {
                let y = if first.number > second.number { y - 1 } else { y };
                super::calendar::Point::Month(y, first.number)
            }
            None => super::calendar::Point::AnyMonth(first.number),
        };
        Some(Found::text(i - 1, high.last, Kind::Period, format!("{}/{}", start.edtf(), end.edtf())))
    }

    /// الاثنين, يوم الاثنين الماضي, ليل الجمعة السبت.
    pub(crate) fn weekday_at(&self, i: usize) -> Option<Found> {
        let word = self.classes[i]?;
        let Role::Weekday(day) = word.role else { return None };
        let before = self.before(i);
        // كل سبت, كل جمعة
        if before == "كل" && word.prefix.letters == 0 && !word.prefix.definite {
            return Some(Found::text(i - 1, i, Kind::Set, format!("XXXX-WXX-{}", day + 1)));
        }
        if !(word.prefix.definite || before == "يوم" && word.prefix.bare()) {
            return None;
        }
        let any = self.any_before(i);
        // الواحد الأحد, الله الأحد: the One
        if day == 6 && (any == "الواحد" || any == "الله" && matches!(self.any_before(i - 1), "" | "هو" | "يا" | "و"))
        {
            return None;
        }
        let rite = ["صلاه", "خطبه", "خطيب", "امام", "مسجد", "جامع", "سوق", "وصلاه", "لصلاه", "خطبتي"];
        if rite.contains(&any) {
            return None;
        }
        let next = self.class(i + 1);
        if matches!(self.role(i + 1), Some(Role::Number(numeral::Role::Ten))) {
            return None;
        }
        // بين الاثنين: between the two, in both; a day is told by what follows
        let both = match any {
            "بين" => !next.is_some_and(|w| w.prefix.and),
            "في" | "كلا" | "كلي" => next.is_none(),
            _ => false,
        };
        if day == 0 && both && word.prefix.bare() {
            return None;
        }
        if let Some(found) = self.night_between(i, day) {
            return Some(self.extend_left(found));
        }
        let mut partial = Partial { weekday: Some(day), ..Partial::default() };
        let mut last = i;
        if let Some(Role::Relative(direction)) = self.role(i + 1) {
            partial.direction = Some(direction);
            last = i + 1;
        } else if let Some((weeks, last)) = self.steps(i + 1) {
            // الخميس قبل الماضي: a week before the last
            let direction = Some(if weeks < 0 { Direction::Past } else { Direction::Future });
            let date = self.reference.and_then(|r| {
                let day = super::calendar::weekday(r, day, direction, false)?;
                super::calendar::plus_days(day, 7 * weeks.signum())
            });
            let value = date.map_or(Value::None, |d| Value::Text(d.to_string()));
            return Some(self.extend_left(Found::new(i, last, Kind::Date, value, Way::Weekday)));
        } else if self.norm(i + 1) == "من"
            && self.norm(i + 2) == "الاسبوع"
            && let Some(Role::Relative(direction)) = self.role(i + 3)
        {
            let found = match self.reference {
                Some(r) => {
                    let weeks = match direction {
                        Direction::Past => -7,
                        Direction::Future => 7,
                        Direction::Current => 0,
                    };
                    let monday = i64::from(r.weekday().to_monday_zero_offset());
                    let date = super::calendar::plus_days(r, weeks - monday + i64::from(day))?;
                    Found::text(i, i + 3, Kind::Date, date.to_string())
                }
                None => Found::vague(i, i + 3, Kind::Date),
            };
            return Some(self.extend_left(Found { way: Way::Weekday, ..found }));
        }
        let found = Found::date(i, last, partial, Way::Weekday);
        Some(self.extend_left(self.extend_right(found)))
    }

    /// ليل الجمعة السبت: the night from one day to the next.
    fn night_between(&self, i: usize, day: i8) -> Option<Found> {
        if self.role_before(i) != Some(Role::Part(Part::Night)) {
            return None;
        }
        let at = if matches!(self.norm(i + 1), "-" | "–" | "/" | "الي") { i + 2 } else { i + 1 };
        let second = self.class(at).filter(|w| w.prefix.definite && w.prefix.bare())?;
        if second.role != Role::Weekday((day + 1) % 7) {
            return None;
        }
        let last = at + usize::from(matches!(self.role(at + 1), Some(Role::Relative(_))));
        let mut found = Found::vague(i, last, Kind::Period);
        if let Some(r) = self.reference {
            let ahead = self.outlook(i, last) != Outlook::Behind;
            let end = super::calendar::weekday(r, (day + 1) % 7, None, ahead)?;
            let start = super::calendar::plus_days(end, -1)?;
            found.value = Value::Text(format!("{start}/{end}"));
        }
        Some(found)
    }

    /// Takes in a part of the day that follows: `الأحد صباحاً`, `أمس مساء`.
    pub(crate) fn extend_right(&self, mut found: Found) -> Found {
        if !matches!(found.way, Way::Offset | Way::Weekday | Way::Day) {
            return found;
        }
        let at = found.last + 1;
        let day_follows = matches!(
            self.class(at + 1).map(|w| w.role),
            Some(Role::Weekday(_) | Role::Offset(_) | Role::Unit(Unit::Day, _))
        );
        match (self.role(at), self.norm(at), self.norm(at + 1)) {
            (Some(Role::At(part)), ..) => {
                found.part = Some(part);
                found.last = at;
            }
            (_, "مساء", _) if !day_follows => {
                found.part = Some(Part::Evening);
                found.last = at;
            }
            (_, "بعد", "الظهر") => {
                found.part = Some(Part::Afternoon);
                found.last = at + 1;
            }
            _ => {}
        }
        found
    }

    /// Takes in what belongs to a date and stands before it: يوم, مساء, شهر, مطلع.
    pub(crate) fn extend_left(&self, mut found: Found) -> Found {
        let day = matches!(found.way, Way::Offset | Way::Weekday | Way::Day | Way::Hijri) || found.kind == Kind::Period;
        for _ in 0..4 {
            if self.classes[found.first].is_some_and(|w| w.prefix.letters > 0) {
                break;
            }
            let Some(k) = self.back(found.first) else { break };
            let Some(word) = self.classes[k] else {
                if day && self.tokens.norm(k) == "نهار" {
                    found.first = k;
                    continue;
                }
                break;
            };
            if word.prefix.definite {
                break;
            }
            match word.role {
                Role::Unit(Unit::Day, Count::One) if day => found.first = k,
                Role::Part(part) if day => {
                    found.part = found.part.or(Some(part));
                    found.first = k;
                    if part == Part::Noon && word.prefix.bare() {
                        match self.role_before(k) {
                            Some(Role::Tie(Tie::After)) => {
                                found.part = Some(Part::Afternoon);
                                found.first = k - 1;
                            }
                            Some(Role::Tie(Tie::Before)) => {
                                found.part = Some(Part::Morning);
                                found.first = k - 1;
                            }
                            _ => {}
                        }
                    }
                }
                Role::Edge => found.first = k,
                Role::Unit(Unit::Month, Count::One) if found.way == Way::Larger => found.first = k,
                Role::Unit(Unit::Year, Count::One) if found.way == Way::Larger && self.is_number_token(found.first) => {
                    found.first = k;
                }
                _ => break,
            }
        }
        found
    }

    /// صيف 2019, الصيف الماضي, ربيع العام الماضي.
    pub(crate) fn season_at(&self, i: usize) -> Option<Found> {
        let word = self.classes[i]?;
        let season = match word.role {
            Role::Season(s) => s,
            Role::Head(Head::Rabi) => 21,
            _ => return None,
        };
        let starts = (season - 20) * 3;
        if word.prefix.definite {
            let Some(Role::Relative(direction)) = self.role(i + 1) else { return None };
            return Some(match self.reference {
                Some(r) => {
                    let year = match direction {
                        // a season is past when its last month is
                        Direction::Past => {
                            month_year(r, starts, Some(Direction::Past))
                                - i16::from((0..3).contains(&(r.month() - starts)) && r.month() > starts)
                        }
                        Direction::Future => {
                            month_year(r, starts, Some(Direction::Future)) + i16::from(r.month() == starts)
                        }
                        Direction::Current => r.year(),
                    };
                    Found::text(i, i + 1, Kind::Date, format!("{year:04}-{season}"))
                }
                None => Found::vague(i, i + 1, Kind::Date),
            });
        }
        let (year, last) = self.year_word(i + 1)?;
        let value = self.year_of(year).map_or(Value::None, |y| Value::Text(format!("{y:04}-{season}")));
        let found = Found::new(i, last, Kind::Date, value, Way::Larger);
        Some(self.extend_left(found))
    }

    /// الربع الأول من عام 2020, النصف الثاني من العام الماضي.
    pub(crate) fn part_of_year(&self, i: usize) -> Option<Found> {
        let word = self.classes[i]?;
        let first = match word.role {
            Role::Number(numeral::Role::Fraction(numeral::Fraction::Quarter)) => 33,
            Role::Number(numeral::Role::Fraction(numeral::Fraction::Half)) => 40,
            _ => return None,
        };
        if !word.prefix.definite {
            return None;
        }
        self.class(i + 1)?;
        let (place, last) = self.parser.ordinal(i + 1)?;
        if place > if first == 33 { 4 } else { 2 } || last > i + 1 {
            return None;
        }
        let (year, last) = self.year_word(i + 2)?;
        let value = self.year_of(year).map_or(Value::None, |y| Value::Text(format!("{y:04}-{}", first + place - 1)));
        Some(Found::new(i, last, Kind::Date, value, Way::Other))
    }
}

/// Months from now that an adjective of الشهر means.
pub(crate) const fn months(direction: Direction) -> i64 {
    match direction {
        Direction::Past => -1,
        Direction::Future => 1,
        Direction::Current => 0,
    }
}

fn open_hijri(month: i8, day: Option<i8>) -> String {
    match day {
        Some(d) => format!("XXXX-{month:02}-{d:02}"),
        None => format!("XXXX-{month:02}"),
    }
}
