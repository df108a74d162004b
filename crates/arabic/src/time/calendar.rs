use icu_calendar::Date as IcuDate;
use icu_calendar::cal::Hijri;
use jiff::SignedDuration;
use jiff::civil::Date;

use super::tense::Outlook;
use super::words::Direction;

/// A place in the calendar, as precise as the text makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    Day(Date),
    Month(i16, i8),
    Year(i16),
    /// A month of no known year.
    AnyMonth(i8),
    /// A day of no known year.
    AnyDay(i8, i8),
}

impl Point {
    /// The value in EDTF.
    pub(crate) fn edtf(self) -> String {
        match self {
            Self::Day(d) => d.to_string(),
            Self::Month(y, m) => format!("{y:04}-{m:02}"),
            Self::Year(y) => format!("{y:04}"),
            Self::AnyMonth(m) => format!("XXXX-{m:02}"),
            Self::AnyDay(m, d) => format!("XXXX-{m:02}-{d:02}"),
        }
    }

    /// The first day, where the year is known.
    pub(crate) fn start(self) -> Option<Date> {
        match self {
            Self::Day(d) => Some(d),
            Self::Month(y, m) => Date::new(y, m, 1).ok(),
            Self::Year(y) => Date::new(y, 1, 1).ok(),
            Self::AnyMonth(_) | Self::AnyDay(..) => None,
        }
    }

    /// The year, where known.
    pub(crate) fn year(self) -> Option<i16> {
        self.start().map(Date::year)
    }
}

/// What an expression says of its date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Partial {
    pub(crate) year: Option<i16>,
    pub(crate) month: Option<i8>,
    pub(crate) day: Option<i8>,
    /// Days after Monday.
    pub(crate) weekday: Option<i8>,
    /// Days from the reference.
    pub(crate) offset: Option<i8>,
    pub(crate) direction: Option<Direction>,
}

impl Partial {
    /// The place in the calendar; the outlook tells whether the last such date is meant or the next.
    pub(crate) fn resolve(&self, reference: Option<Date>, outlook: Outlook) -> Option<Point> {
        let near = outlook == Outlook::Near && self.direction.is_none();
        let direction = self.direction.or((outlook == Outlook::Ahead).then_some(Direction::Future));
        match (self.year, self.month, self.day) {
            (Some(y), Some(m), Some(d)) => Date::new(y, m, d).ok().map(Point::Day),
            (Some(y), Some(m), None) => Some(Point::Month(y, m)),
            (Some(y), None, None) => Some(Point::Year(y)),
            (None, Some(m), Some(d)) => {
                let Some(reference) = reference else { return valid_day(m, d).then_some(Point::AnyDay(m, d)) };
                self.nearest_day(reference, m, d, direction, near).map(Point::Day)
            }
            (None, Some(m), None) => {
                let Some(r) = reference else { return Some(Point::AnyMonth(m)) };
                let soon = near && (m - r.month()).rem_euclid(12) < 6;
                Some(Point::Month(month_year(r, m, if soon { Some(Direction::Future) } else { direction }), m))
            }
            _ => {
                let reference = reference?;
                if let Some(offset) = self.offset {
                    let day = plus_days(reference, i64::from(offset))?;
                    return self.weekday.map_or(Some(day), |w| weekday_beside(day, w)).map(Point::Day);
                }
                weekday(reference, self.weekday?, self.direction, outlook != Outlook::Behind).map(Point::Day)
            }
        }
    }

    fn nearest_day(&self, reference: Date, m: i8, d: i8, direction: Option<Direction>, near: bool) -> Option<Date> {
        let fits = |date: &Date| self.weekday.is_none_or(|w| date.weekday().to_monday_zero_offset() == w);
        let year = reference.year();
        // a weekday beside it tells the year
        let reach = if self.weekday.is_some() { 6 } else { 4 };
        let dates = || (-reach..=reach).filter_map(|k| Date::new(year.checked_add(k)?, m, d).ok());
        let past = || dates().filter(|x| *x <= reference).rfind(fits);
        let future = || dates().filter(|x| *x >= reference).find(fits);
        let strictly_past = || dates().filter(|x| *x < reference).rfind(fits);
        let found = match direction {
            Some(Direction::Past) => strictly_past(),
            Some(Direction::Future) => future().or_else(past),
            Some(Direction::Current) => Date::new(year, m, d).ok(),
            None => match (near || self.weekday.is_some(), past(), future()) {
                (true, Some(p), Some(f)) => {
                    let (back, on) = (days_between(p, reference), days_between(reference, f));
                    Some(if back <= on { p } else { f })
                }
                (_, p, f) => p.or(f),
            },
        };
        // a weekday that fits no year near is a slip of the pen
        found.or_else(|| {
            let plain = Self { weekday: None, ..*self };
            if self.weekday.is_some() { plain.nearest_day(reference, m, d, direction, near) } else { None }
        })
    }
}

fn valid_day(m: i8, d: i8) -> bool {
    Date::new(2000, m, d).is_ok()
}

/// The year of a month without one.
pub(crate) fn month_year(r: Date, m: i8, direction: Option<Direction>) -> i16 {
    let year = r.year();
    match direction {
        Some(Direction::Past) => year - i16::from(m >= r.month()),
        Some(Direction::Future) => year + i16::from(m < r.month()),
        Some(Direction::Current) => year,
        None => year - i16::from(m > r.month()),
    }
}

/// The last such weekday up to the reference, or the next after it.
pub(crate) fn weekday(r: Date, day: i8, direction: Option<Direction>, ahead: bool) -> Option<Date> {
    let today = r.weekday().to_monday_zero_offset();
    let back = i64::from((today - day).rem_euclid(7));
    let on = i64::from((day - today).rem_euclid(7));
    let days = match direction {
        Some(Direction::Past) => -(if back == 0 { 7 } else { back }),
        Some(Direction::Future) => {
            if on == 0 {
                7
            } else {
                on
            }
        }
        Some(Direction::Current) => i64::from(day - today),
        None if ahead => on,
        None => -back,
    };
    plus_days(r, days)
}

/// The day that today's or yesterday's name of the weekday means: where the two contradict each other the weekday is right,
/// as the day of publication is rather given too late than too early.
fn weekday_beside(day: Date, weekday: i8) -> Option<Date> {
    let on = i64::from((weekday - day.weekday().to_monday_zero_offset()).rem_euclid(7));
    plus_days(day, if on <= 2 { on } else { on - 7 })
}

/// `date` moved by `days`, within the years that can be written.
pub(crate) fn plus_days(date: Date, days: i64) -> Option<Date> {
    if days.abs() > 4_000_000 {
        return None;
    }
    date.checked_add(SignedDuration::from_hours(days * 24)).ok().filter(|d| d.year() >= 0)
}

/// `date`'s month moved by `months`.
pub(crate) fn plus_months(date: Date, months: i64) -> Option<(i16, i8)> {
    let total = (i64::from(date.year()) * 12 + i64::from(date.month()) - 1).checked_add(months)?;
    let year = i16::try_from(total.div_euclid(12)).ok().filter(|y| (0..=9999).contains(y))?;
    Some((year, total.rem_euclid(12) as i8 + 1))
}

/// ISO week of a date, as `2020-W21`.
pub(crate) fn iso_week(date: Date) -> String {
    let week = date.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

fn days_between(a: Date, b: Date) -> i64 {
    a.duration_until(b).as_hours() / 24
}

/// A Hijri date with the Gregorian value it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HijriDate {
    /// `1441`, `1441-10` or `1441-10-04`.
    pub(crate) written: String,
    /// EDTF: a day, or the interval of a month or year.
    pub(crate) value: String,
    /// The day, where it is one.
    pub(crate) day: Option<Date>,
}

/// Converts a Hijri date by the Umm al-Qura calendar. Month and day may be open.
pub(crate) fn hijri(year: i16, month: Option<i8>, day: Option<i8>) -> Option<HijriDate> {
    if !(1..=1600).contains(&year) {
        return None;
    }
    match (month, day) {
        (Some(m), Some(d)) => {
            let date = from_hijri(year, m, d)?;
            Some(HijriDate { written: format!("{year:04}-{m:02}-{d:02}"), value: date.to_string(), day: Some(date) })
        }
        (Some(m), None) => {
            let next = if m == 12 { from_hijri(year + 1, 1, 1) } else { from_hijri(year, m + 1, 1) };
            let value = format!("{}/{}", from_hijri(year, m, 1)?, next?.yesterday().ok()?);
            Some(HijriDate { written: format!("{year:04}-{m:02}"), value, day: None })
        }
        (None, _) => {
            let value = format!("{}/{}", from_hijri(year, 1, 1)?, from_hijri(year + 1, 1, 1)?.yesterday().ok()?);
            Some(HijriDate { written: format!("{year:04}"), value, day: None })
        }
    }
}

/// A Hijri century: its days in EDTF and `04XX`.
pub(crate) fn hijri_century(number: i16) -> Option<(String, String)> {
    let first = from_hijri(number.checked_mul(100)?.checked_sub(99)?, 1, 1)?;
    let next = from_hijri(number * 100 + 1, 1, 1)?;
    Some((format!("{first}/{}", next.yesterday().ok()?), format!("{:02}XX", number - 1)))
}

fn from_hijri(year: i16, month: i8, day: i8) -> Option<Date> {
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let date = IcuDate::try_new_hijri_with_calendar(i32::from(year), month, day, Hijri::new_umm_al_qura()).ok()?;
    let iso = date.to_calendar(icu_calendar::Iso);
    let year = i16::try_from(iso.year().extended_year()).ok()?;
    Date::new(year, iso.month().number() as i8, iso.day_of_month().0 as i8).ok()
}

/// The Hijri year and month of a day.
fn to_hijri(date: Date) -> Option<(i16, i8)> {
    let iso = IcuDate::try_new_iso(i32::from(date.year()), date.month() as u8, date.day() as u8).ok()?;
    let hijri = iso.to_calendar(Hijri::new_umm_al_qura());
    Some((i16::try_from(hijri.year().extended_year()).ok()?, hijri.month().number() as i8))
}

/// The Hijri year of a month (and day) without one, near the reference.
pub(crate) fn hijri_year(reference: Date, month: i8, day: Option<i8>, direction: Option<Direction>) -> Option<i16> {
    let (year, now) = to_hijri(reference)?;
    let later_this_month =
        day.is_some_and(|d| month == now && from_hijri(year, month, d).is_some_and(|x| x > reference));
    Some(match direction {
        Some(Direction::Past) => {
            year - i16::from(month >= now && !(day.is_some() && month == now && !later_this_month))
        }
        Some(Direction::Future) => year + i16::from(month < now),
        Some(Direction::Current) => year,
        None => year - i16::from(month > now || later_this_month),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn hijri_dates_of_record() {
        // first of Ramadan 1441 and of Shawwal 1441, as announced
        assert_eq!(hijri(1441, Some(9), Some(1)).unwrap().value, "2020-04-24");
        assert_eq!(hijri(1441, Some(10), Some(4)).unwrap().value, "2020-05-27");
        assert_eq!(hijri(1441, Some(9), None).unwrap().value, "2020-04-24/2020-05-23");
        assert_eq!(hijri(1441, Some(9), Some(31)), None);
        assert_eq!(to_hijri(date(2020, 5, 27)), Some((1441, 10)));
    }

    #[test]
    fn the_nearest_year_and_weekday() {
        let r = date(2020, 5, 27); // a Wednesday
        assert_eq!(month_year(r, 5, None), 2020);
        assert_eq!(month_year(r, 6, None), 2019);
        assert_eq!(month_year(r, 5, Some(Direction::Past)), 2019);
        assert_eq!(weekday_beside(r, 1), Some(date(2020, 5, 26)));
        assert_eq!(weekday_beside(r, 3), Some(date(2020, 5, 28)));
        assert_eq!(weekday_beside(r, 6), Some(date(2020, 5, 24)));
        assert_eq!(weekday(r, 2, None, false), Some(r));
        assert_eq!(weekday(r, 2, Some(Direction::Past), false), Some(date(2020, 5, 20)));
        assert_eq!(weekday(r, 3, None, false), Some(date(2020, 5, 21)));
        assert_eq!(weekday(r, 3, None, true), Some(date(2020, 5, 28)));
        let p = Partial { month: Some(5), day: Some(27), weekday: Some(0), ..Partial::default() };
        assert_eq!(p.resolve(Some(r), Outlook::Behind), Some(Point::Day(date(2019, 5, 27))));
    }
}
