//! Dates as the reader and the sources write them (EDTF, ISO 8601) → whole days since 1970-01-01.

use jiff::civil::{Date, ISOWeekDate, Weekday, date};

/// First and last day that a date, month, week, year, decade, interval or set covers; none where it is not placed in
/// time (`XXXX-05`).
pub fn range(value: &str) -> Option<(i64, i64)> {
    let value = value.trim();
    if let Some(set) = value.strip_prefix('{').and_then(|v| v.strip_suffix('}')) {
        return set.split(',').filter_map(range).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    }
    if let Some((from, to)) = value.split_once('/') {
        let (a, b) = (single(from)?, single(to)?);
        return (a.0 <= b.1).then_some((a.0, b.1));
    }
    single(value)
}

/// The day of a date or date-time; of a month or year, its first.
pub fn day(value: &str) -> Option<i64> {
    range(value).map(|r| r.0)
}

fn single(value: &str) -> Option<(i64, i64)> {
    // a time of day tells no other day
    let value = value.split(['T', ' ']).next()?;
    let value = value.trim_end_matches(['?', '~', '%']);
    let mut parts = value.splitn(3, '-');
    let year = parts.next()?;
    if year.len() != 4 {
        return None;
    }
    if year.contains('X') {
        // `199X`, `19XX`
        let low: i16 = year.replace('X', "0").parse().ok()?;
        let high: i16 = year.replace('X', "9").parse().ok()?;
        let leading = year.trim_end_matches('X');
        return (!leading.is_empty() && !leading.contains('X'))
            .then_some(())
            .and_then(|()| span(make(low, 1, 1)?, make(high, 12, 31)?));
    }
    let y: i16 = year.parse().ok()?;
    let Some(middle) = parts.next() else { return span(make(y, 1, 1)?, make(y, 12, 31)?) };
    if let Some(week) = middle.strip_prefix('W') {
        let monday = ISOWeekDate::new(y, week.parse().ok()?, Weekday::Monday).ok()?.date();
        return span(monday, monday.checked_add(jiff::Span::new().days(6)).ok()?);
    }
    let m: i8 = middle.parse().ok()?;
    let (from, to) = match m {
        1..=12 => (m, m),
        // seasons, quarters, quadrimesters and halves, by EDTF
        21 | 25 | 29 => (3, 5),
        22 | 26 | 30 => (6, 8),
        23 | 27 | 31 => (9, 11),
        24 | 28 | 32 => return span(make(y, 12, 1)?, make(y.checked_add(1)?, 3, 1)?.yesterday().ok()?),
        33..=36 => ((m - 33) * 3 + 1, (m - 33) * 3 + 3),
        37..=39 => ((m - 37) * 4 + 1, (m - 37) * 4 + 4),
        40 | 41 => ((m - 40) * 6 + 1, (m - 40) * 6 + 6),
        _ => return None,
    };
    match parts.next() {
        Some(d) => {
            let day = make(y, m, d.parse().ok()?)?;
            span(day, day)
        }
        None => span(make(y, from, 1)?, make(y, to, 1)?.last_of_month()),
    }
}

fn make(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

fn span(from: Date, to: Date) -> Option<(i64, i64)> {
    Some((number(from)?, number(to)?))
}

fn number(day: Date) -> Option<i64> {
    date(1970, 1, 1).until((jiff::Unit::Day, day)).ok().map(|s| i64::from(s.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(value: &str) -> Option<i64> {
        range(value).map(|(a, b)| b - a + 1)
    }

    #[test]
    fn values_cover_their_days() {
        assert_eq!(range("1970-01-01"), Some((0, 0)));
        assert_eq!(range("1969-12-31T23:10+02:00"), Some((-1, -1)));
        assert_eq!(days("2020-02"), Some(29));
        assert_eq!(days("2020"), Some(366));
        assert_eq!(days("2020-W21"), Some(7));
        assert_eq!(days("199X"), Some(3652 + 1 - 1));
        assert_eq!(days("2015/2017"), Some(365 + 366 + 365));
        assert_eq!(days("{2020-05-01,2020-05-03}"), Some(3));
        assert_eq!(days("2020-21"), Some(92));
        assert_eq!(days("2020-34"), Some(91));
        assert_eq!(days("2020-40"), Some(182));
    }

    #[test]
    fn what_is_not_placed_has_none() {
        for v in ["XXXX-05", "XXXX-WXX-4", "P3D", "T14:00", "", "مساء", "2020-13", "2020-02-30", "2017/2015", "XX20"]
        {
            assert_eq!(range(v), None, "{v}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(value in "[0-9XTW/{},?~-]{0,24}|\\PC{0,12}") {
            if let Some((a, b)) = range(&value) {
                proptest::prop_assert!(a <= b);
            }
        }
    }
}
