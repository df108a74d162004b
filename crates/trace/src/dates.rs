//! Days and windows of days.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use serde::{Deserialize, Serialize};

/// Days from the first to the last, both included, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Window {
    /// First day.
    pub first: i32,
    /// Last day.
    pub last: i32,
}

impl Window {
    /// The day itself.
    pub const fn day(day: i32) -> Self {
        Self { first: day, last: day }
    }

    /// Days between the two, 0 where they touch.
    pub const fn apart(self, other: Self) -> i32 {
        if self.first > other.last {
            self.first.saturating_sub(other.last)
        } else if other.first > self.last {
            other.first.saturating_sub(self.last)
        } else {
            0
        }
    }
}

fn number(date: Date) -> i32 {
    (date - Date::constant(1970, 1, 1)).get_days()
}

/// ISO form of a day.
pub fn iso(day: i32) -> Option<String> {
    let date = Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
    Some(date.to_string())
}

/// The window that an ISO 8601 or EDTF value names: date or date-time, month, year, ISO week, or an interval of two of them.
/// None where it names no days (`P3D`).
pub fn window(value: &str) -> Option<Window> {
    if let Some((a, b)) = value.split_once('/') {
        let (a, b) = (window(a)?, window(b)?);
        return (a.first <= b.last).then_some(Window { first: a.first, last: b.last });
    }
    let date = value.split(['T', ' ', '~', '?']).next()?;
    let mut parts = date.splitn(3, '-');
    let year: i16 = parts.next()?.parse().ok()?;
    let Some(month) = parts.next() else {
        return Some(Window {
            first: number(Date::new(year, 1, 1).ok()?),
            last: number(Date::new(year, 12, 31).ok()?),
        });
    };
    if let Some(week) = month.strip_prefix('W') {
        let monday = ISOWeekDate::new(year, week.parse().ok()?, Weekday::Monday).ok()?;
        let first = number(monday.date());
        return Some(Window { first, last: first + 6 });
    }
    let month: i8 = month.parse().ok()?;
    if let Some(day) = parts.next() {
        return Some(Window::day(number(Date::new(year, month, day.parse().ok()?).ok()?)));
    }
    let first = Date::new(year, month, 1).ok()?;
    Some(Window { first: number(first), last: number(first.last_of_month()) })
}

/// The day of a publication date as the outlet's own clock showed it.
pub fn day(published: &str) -> Option<i32> {
    window(published.get(..10)?).map(|w| w.first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_all_kinds() {
        assert_eq!(window("1970-01-02"), Some(Window::day(1)));
        assert_eq!(window("1970-01-02T23:00+03:00"), Some(Window::day(1)));
        assert_eq!(window("1970-02"), Some(Window { first: 31, last: 58 }));
        assert_eq!(window("1970/1971"), Some(Window { first: 0, last: 729 }));
        assert_eq!(window("2020-W21").map(|w| w.last - w.first), Some(6));
        for bad in ["", "P3D", "2020-13", "2020-02-31", "x", "2020/2010", "-", "99999"] {
            assert_eq!(window(bad), None, "{bad}");
        }
        assert_eq!(day("2015-07-21").and_then(iso).as_deref(), Some("2015-07-21"));
        assert_eq!(day("قبل يومين قليلة"), None);
    }
}
