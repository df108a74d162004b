//! What a date in EDTF spans, in days. Nothing is filled in: what is open or unknown stays so.

use jiff::civil::{Date, ISOWeekDate, Weekday};

/// First and last day that a date may mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// First day; none where unknown or open.
    pub start: Option<Date>,
    /// Last day; none where unknown or open.
    pub end: Option<Date>,
}

impl Days {
    /// The days of an EDTF or ISO 8601 value: a day, a week, a month, a year, a decade (`201X`), a century (`19XX`), a
    /// time of day, or an interval of these. Whatever else gives none.
    pub fn of(value: &str) -> Self {
        match value.split_once('/') {
            Some((from, to)) => {
                let whole = Self { start: single(from).and_then(|d| d.start), end: single(to).and_then(|d| d.end) };
                if whole.start.zip(whole.end).is_some_and(|(s, e)| e < s) { Self::default() } else { whole }
            }
            None => single(value).unwrap_or_default(),
        }
    }

    /// The day, where it is one.
    pub fn day(self) -> Option<Date> {
        self.start.filter(|s| self.end == Some(*s))
    }

    /// UCDP's `date_prec`: 1 a day, 2 two to six days, 3 a week, 4 up to a month, 5 up to a year. UCDP has no class for more.
    pub fn precision(self) -> Option<u8> {
        let days = (self.end? - self.start?).get_days().unsigned_abs() + 1;
        match days {
            1 => Some(1),
            2..=6 => Some(2),
            7 => Some(3),
            8..=31 => Some(4),
            32..=366 => Some(5),
            _ => None,
        }
    }
}

fn single(value: &str) -> Option<Days> {
    let value = value.trim_end_matches(['?', '~', '%']);
    let value = value.split('T').next().filter(|v| v.is_ascii())?;
    let mut parts = value.split('-');
    let (year, month, day) = (parts.next()?, parts.next(), parts.next());
    if year.len() != 4 || parts.next().is_some() {
        return None;
    }
    let known = year.trim_end_matches('X');
    let number: i16 = if known.is_empty() { return None } else { digits(known)? };
    let first = Date::new(number.checked_mul(10_i16.checked_pow(4 - known.len() as u32)?)?, 1, 1).ok()?;
    let unknown = |part: Option<&str>| part.is_none_or(|p| p == "XX");
    if known.len() < 4 || (unknown(month) && unknown(day)) {
        let last = Date::new(first.year() + 10_i16.pow(4 - known.len() as u32) - 1, 12, 31).ok()?;
        return (known.len() == 4 || month.is_none()).then_some(Days { start: Some(first), end: Some(last) });
    }
    if let Some(week) = month?.strip_prefix('W') {
        let monday = ISOWeekDate::new(number, digits(week)?.try_into().ok()?, Weekday::Monday).ok()?;
        let sunday = ISOWeekDate::new(number, monday.week(), Weekday::Sunday).ok()?;
        return day.is_none().then(|| Days { start: Some(monday.date()), end: Some(sunday.date()) });
    }
    let month = digits(month?)?.try_into().ok()?;
    if unknown(day) {
        let first = Date::new(number, month, 1).ok()?;
        return Some(Days { start: Some(first), end: Some(first.last_of_month()) });
    }
    let date = Date::new(number, month, digits(day?)?.try_into().ok()?).ok()?;
    Some(Days { start: Some(date), end: Some(date) })
}

/// Digits only: no sign, no more than four.
fn digits(text: &str) -> Option<i16> {
    (text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> String {
        let d = Days::of(value);
        let side = |d: Option<Date>| d.map_or("..".into(), |d| d.to_string());
        format!("{}/{} {:?}", side(d.start), side(d.end), d.precision())
    }

    #[test]
    fn values_of_every_precision() {
        for (value, want) in [
            ("2020-05-27", "2020-05-27/2020-05-27 Some(1)"),
            ("2020-05-27T14:00", "2020-05-27/2020-05-27 Some(1)"),
            ("2020-05-27~", "2020-05-27/2020-05-27 Some(1)"),
            ("2020-05-25/2020-05-27", "2020-05-25/2020-05-27 Some(2)"),
            ("2020-W21", "2020-05-18/2020-05-24 Some(3)"),
            ("2020-02", "2020-02-01/2020-02-29 Some(4)"),
            ("2020-02-XX", "2020-02-01/2020-02-29 Some(4)"),
            ("2020", "2020-01-01/2020-12-31 Some(5)"),
            ("2020-XX-XX", "2020-01-01/2020-12-31 Some(5)"),
            ("2015/2017", "2015-01-01/2017-12-31 None"),
            ("201X", "2010-01-01/2019-12-31 None"),
            ("19XX", "1900-01-01/1999-12-31 None"),
            ("2020-05-27/..", "2020-05-27/.. None"),
            ("../2020-05", "../2020-05-31 None"),
        ] {
            assert_eq!(shown(value), want, "{value}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_filled_in() {
        for value in [
            "",
            "/",
            "XXXX-05-27",
            "XXXX-05",
            "XXXX",
            "XXXX-WXX-3",
            "2020-13",
            "2020-02-30",
            "2020-W60",
            "2020-W21-3",
            "2020-21",
            "2020/2019",
            "غدا",
            "-202",
            "+202-01-01",
            "99999",
            "2020-05-27-1",
            "201X-05",
            "P3D",
            "2020-1-2-3",
        ] {
            assert_eq!(Days::of(value), Days::default(), "{value}");
        }
    }
}
