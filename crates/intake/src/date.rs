//! Dates as sources write them, made RFC 3339 with their own zone. What is not written is not added: a day without a
//! time stays a day, a time without a zone stays without.

use std::fmt::Write;

use jiff::civil::Date;

/// The day of a publication date: `2020-05-27`, with or without a time.
pub fn parse_date(text: &str) -> Option<Date> {
    text.get(..10).and_then(|d| d.parse().ok()).filter(|_| text[10..].is_empty() || text[10..].starts_with(['T', ' ']))
}

/// The date in RFC 3339, or as much of it as is known (`2020`, `2020-05`, `2020-05-27`, `2020-05-27T10:00:00`);
/// `None` if it is no date that this knows.
pub fn normalise(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > 120 {
        return None;
    }
    let folded = fold(text);
    // a weekday may stand before either form
    let bare = folded.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, ',' | ' '));
    let weekday = Some(bare).filter(|b| matches!(b.as_bytes().get(4), Some(b'-' | b'/')));
    iso(&folded).or_else(|| weekday.and_then(iso)).or_else(|| words(&folded))
}

/// Whether a date lies more than a day and a half ahead of now: no zone and no clock explains that.
pub fn is_future(date: &str) -> bool {
    let Some(day) = parse_date(date) else { return false };
    let Ok(now) = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) else { return false };
    let limit = i64::try_from(now.as_secs()).unwrap_or(i64::MAX).saturating_add(36 * 3600);
    jiff::Timestamp::from_second(limit).is_ok_and(|t| day > jiff::tz::Offset::UTC.to_datetime(t).date())
}

/// ASCII digits, small letters, no marks of direction.
fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '٠'..='٩' => char::from(b'0' + (u32::from(c) - 0x660) as u8),
            '۰'..='۹' => char::from(b'0' + (u32::from(c) - 0x6f0) as u8),
            '،' => ',',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

/// What was read of a date.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
    /// Hour, minute, second.
    time: Option<(u32, u32, u32)>,
    /// Minutes east of Greenwich; `Some` only where a zone is written.
    zone: Option<i32>,
}

impl Parts {
    fn write(self) -> Option<String> {
        let (year, month, day) = (self.year, self.month, self.day);
        if !(1..=9999).contains(&year) {
            return None;
        }
        let mut out = format!("{year:04}");
        let Some(month) = month else { return Some(out) };
        let Some(day) = day else {
            return (1..=12).contains(&month).then(|| format!("{out}-{month:02}"));
        };
        Date::new(year as i16, month as i8, day as i8).ok()?;
        let _ = write!(out, "-{month:02}-{day:02}");
        let Some((mut hour, minute, second)) = self.time else { return Some(out) };
        if hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute, second) != (0, 0)) {
            return Some(out);
        }
        if hour == 24 {
            // midnight at the end of the day
            let next = Date::new(year as i16, month as i8, day as i8).ok()?.tomorrow().ok()?;
            out = next.to_string();
            hour = 0;
        }
        let _ = write!(out, "T{hour:02}:{minute:02}:{:02}", second.min(59));
        match self.zone {
            Some(0) => out.push('Z'),
            Some(m) if m.abs() < 24 * 60 => {
                let sign = if m < 0 { '-' } else { '+' };
                let _ = write!(out, "{sign}{:02}:{:02}", m.abs() / 60, m.abs() % 60);
            }
            _ => {}
        }
        Some(out)
    }
}

/// Reads digits at the front.
fn digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let n = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if n < least {
        return None;
    }
    Some((text[..n].parse().ok()?, &text[n..]))
}

/// ISO 8601 and what is near it: `2003-12-31T10:14:55Z`, `20031231`, `2003-365`, `2003/12/31 10:14`, `2003-12`.
fn iso(text: &str) -> Option<String> {
    let (year, rest) = digits(text, 4, 4)?;
    let mut parts = Parts { year: year as i32, ..Parts::default() };
    if rest.is_empty() {
        return parts.write();
    }
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'));
    let rest = if let Some(s) = separator {
        let rest = &rest[1..];
        let width = rest.bytes().take_while(u8::is_ascii_digit).count();
        if width == 3 && s == '-' && !rest[3..].starts_with('-') {
            let (n, rest) = digits(rest, 3, 3)?;
            ordinal(&mut parts, n)?;
            rest
        } else {
            // some write a month with a zero too many
            let (month, rest) = digits(rest, 1, 3)?;
            parts.month = Some(month);
            if let Some(rest) = rest.strip_prefix(s) {
                let (day, rest) = digits(rest, 1, 2)?;
                parts.day = Some(day);
                rest
            } else {
                rest
            }
        }
    } else {
        let width = rest.bytes().take_while(u8::is_ascii_digit).count();
        match width {
            3 => {
                let (n, rest) = digits(rest, 3, 3)?;
                ordinal(&mut parts, n)?;
                rest
            }
            4 | 10 => {
                let (month, rest) = digits(rest, 2, 2)?;
                let (day, rest) = digits(rest, 2, 2)?;
                (parts.month, parts.day) = (Some(month), Some(day));
                rest
            }
            2 => {
                let (month, rest) = digits(rest, 2, 2)?;
                parts.month = Some(month);
                rest
            }
            _ => return None,
        }
    };
    if rest.trim().is_empty() {
        return parts.write();
    }
    // a day is needed before a time
    parts.day?;
    let rest = rest.strip_prefix(['t', ' ', ',']).unwrap_or(rest).trim_start_matches([' ', ',', '-', '|']);
    let (time, rest) = clock(rest)?;
    parts.time = Some(time);
    parts.zone = zone(rest);
    parts.write()
}

fn ordinal(parts: &mut Parts, day: u32) -> Option<()> {
    let date = Date::new(parts.year as i16, 1, 1)
        .ok()?
        .checked_add(jiff::Span::new().days(i64::from(day.checked_sub(1)?)))
        .ok()?;
    if i32::from(date.year()) != parts.year {
        return None;
    }
    (parts.month, parts.day) = (Some(date.month() as u32), Some(date.day() as u32));
    Some(())
}

/// `10:14:55.123 pm`, `10:14`, `101455`; what follows it.
fn clock(text: &str) -> Option<((u32, u32, u32), &str)> {
    let early = ["오전", "오후"].iter().find_map(|w| text.strip_prefix(w).map(|r| (*w == "오후", r.trim_start())));
    let (after_noon, text) = early.map_or((None, text), |(a, r)| (Some(a), r));
    let (hour, rest) = digits(text, 1, 2)?;
    let (minute, second, rest) = if let Some(rest) = rest.strip_prefix([':', 'h']) {
        let (minute, rest) = digits(rest, 1, 2)?;
        match rest.strip_prefix(':').and_then(|r| digits(r, 1, 2)) {
            Some((second, rest)) => (minute, second, rest),
            None => (minute, 0, rest),
        }
    } else if let Some((minute, rest)) = digits(rest, 2, 2) {
        let (second, rest) = digits(rest, 2, 2).unwrap_or((0, rest));
        (minute, second, rest)
    } else if rest.is_empty() || rest.starts_with(['z', '+', '-']) {
        (0, 0, rest)
    } else {
        return None;
    };
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        _ => rest,
    };
    let mut rest = rest.trim_start();
    let mut hour = hour;
    let mut noon = after_noon;
    for (word, pm) in [
        ("am", false),
        ("pm", true),
        ("a.m.", false),
        ("p.m.", true),
        ("ص", false),
        ("صباحا", false),
        ("م", true),
        ("مساء", true),
    ] {
        if let Some(after) = rest.strip_prefix(word).filter(|r| !r.starts_with(char::is_alphabetic)) {
            noon = Some(pm);
            rest = after.trim_start_matches('ً').trim_start();
        }
    }
    match noon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    Some(((hour, minute, second), rest))
}

/// The zone at the front, in minutes.
fn zone(text: &str) -> Option<i32> {
    let text = text.trim().trim_start_matches('(').trim_start();
    let named = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let after = &text[named.len()..];
    let signed = if named.is_empty() || matches!(named, "gmt" | "utc" | "ut") { offset(after) } else { None };
    if let Some(minutes) = signed {
        return Some(minutes);
    }
    let hours = match named {
        "z" | "gmt" | "utc" | "ut" | "wet" => 0,
        "est" | "et" | "cdt" => -5,
        "edt" | "ast" | "at" => -4,
        "cst" | "ct" | "mdt" => -6,
        "mst" | "mt" | "pdt" => -7,
        "pst" | "pt" | "akdt" => -8,
        "adt" => -3,
        "akst" => -9,
        "hst" => -10,
        "bst" | "cet" | "west" | "met" => 1,
        "cest" | "eet" | "mest" => 2,
        "eest" | "msk" => 3,
        "jst" | "kst" => 9,
        // the one-letter zones of RFC 822 were specified with the wrong sign and mean nothing (RFC 2822)
        _ => return None,
    };
    Some(hours * 60)
}

fn offset(text: &str) -> Option<i32> {
    let text = text.trim_start();
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return None,
    };
    let rest = text.trim_start_matches(['+', '-', '\u{2212}']);
    let width = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (hours, rest) = digits(rest, 1, if width == 3 { 1 } else { 2 })?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = digits(rest, 2, 2).map_or(0, |(m, _)| m);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) as i32)
}

/// Dates in words, in any order that is clear: RFC 822, asctime, `27 مايو 2020`, `May 27, 2020 10:14 pm EST`.
fn words(text: &str) -> Option<String> {
    let mut parts = Parts::default();
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    let (mut year, mut year_leads) = (None, false);
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric() || c == '+') {
        // a sign belongs to what follows only behind a time
        let signed = parts.time.is_some() && parts.zone.is_none() && rest[..start].ends_with('-');
        let piece = &rest[if signed { start - 1 } else { start }..];
        if parts.time.is_some()
            && parts.zone.is_none()
            && let Some(minutes) = zone(piece).filter(|_| !piece.starts_with(|c: char| c.is_ascii_digit()))
        {
            parts.zone = Some(minutes);
            let n = piece.find(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | ':'))).unwrap_or(piece.len());
            rest = &piece[n..];
            continue;
        }
        let piece = piece.trim_start_matches(['+', '-']);
        if piece.is_empty() {
            break;
        }
        if piece.starts_with(|c: char| c.is_ascii_digit()) {
            let width = piece.bytes().take_while(u8::is_ascii_digit).count();
            let after = &piece[width..];
            let is_time = width <= 2 && after.starts_with(':') && after[1..].starts_with(|c: char| c.is_ascii_digit());
            if is_time && parts.time.is_none() {
                let (time, after) = clock(piece)?;
                parts.time = Some(time);
                rest = after;
                continue;
            }
            let (value, after) = digits(piece, 1, 9)?;
            if width == 4 && year.is_none() {
                year = Some(value);
                year_leads = numbers.is_empty();
            } else if width <= 2 {
                numbers.push((value, width));
            }
            rest = after;
        } else {
            let width = piece
                .find(|c: char| !c.is_alphabetic() && !('\u{64b}'..='\u{652}').contains(&c))
                .unwrap_or(piece.len());
            let width = width.max(piece.chars().next().map_or(1, char::len_utf8));
            if parts.month.is_none() {
                parts.month = month(&piece[..width]);
            }
            rest = &piece[width..];
        }
    }
    if parts.month.is_none() {
        // 27/05/2020 and 2004 5 28: the year tells which end is which; day before month, as the Arab press writes
        let slashes = text.matches(['/', '.', '-']).count() >= 2 && !year_leads;
        let korean = text.contains('년');
        if numbers.len() >= 2 && year.is_some() && (slashes || korean) {
            let (a, b) = (numbers[0].0, numbers[1].0);
            let (day, month) = if korean || b > 12 { (b, a) } else { (a, b) };
            (parts.day, parts.month) = (Some(day), Some(month));
            numbers.drain(..2);
        }
    } else {
        let at = numbers.iter().position(|(n, w)| (1..=31).contains(n) && (*w <= 2)).filter(|_| !numbers.is_empty());
        if let Some(at) = at {
            parts.day = Some(numbers.remove(at).0);
        }
    }
    parts.year = match year {
        Some(y) => y as i32,
        // two digits, as RFC 822 had it; RFC 2822 says how to read them
        None => numbers.iter().find(|(_, w)| *w == 2).map(|(n, _)| if *n < 50 { 2000 } else { 1900 } + *n as i32)?,
    };
    parts.month?;
    parts.day?;
    parts.write()
}

/// The month that a word names.
fn month(word: &str) -> Option<u32> {
    const ENGLISH: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word: String = word.chars().filter(|c| !('\u{64b}'..='\u{652}').contains(c)).collect();
    if word.is_ascii()
        && word.len() >= 3
        && let Some(n) = ENGLISH.iter().position(|m| m.starts_with(&*word))
    {
        return Some(n as u32 + 1);
    }
    let lists: [&[&str]; 12] = [
        &["يناير", "جانفي", "janvier", "enero", "januar", "ιαν", "január", "ene", "ocak"],
        &["فبراير", "فيفري", "شباط", "février", "fevrier", "febrero", "februar", "φεβ", "február", "şubat"],
        &["مارس", "آذار", "اذار", "mars", "marzo", "märz", "μάώ", "μαώ", "μαρ", "március", "mart"],
        &["أبريل", "ابريل", "إبريل", "أفريل", "نيسان", "avril", "abril", "απρ", "április", "nisan"],
        &["مايو", "ماي", "أيار", "ايار", "mai", "mayo", "μάι", "μαϊ", "μαι", "május", "mayıs"],
        &["يونيو", "يونيه", "جوان", "حزيران", "juin", "junio", "juni", "ιούν", "ιον", "ιουν", "június", "haziran"],
        &["يوليو", "يوليه", "جويلية", "تموز", "juillet", "julio", "juli", "ιούλ", "ιολ", "ιουλ", "július", "temmuz"],
        &["أغسطس", "اغسطس", "أوت", "آب", "août", "aout", "agosto", "αύγ", "αυγ", "augusztus", "ağustos"],
        &["سبتمبر", "أيلول", "ايلول", "septembre", "septiembre", "σεπ", "szeptember", "eylül"],
        &["أكتوبر", "اكتوبر", "octobre", "octubre", "oktober", "οκτ", "október", "ekim"],
        &["نوفمبر", "novembre", "noviembre", "νοέ", "νοε", "kasım"],
        &["ديسمبر", "décembre", "decembre", "diciembre", "dezember", "δεκ", "aralık"],
    ];
    lists.iter().position(|names| names.contains(&&*word)).map(|n| n as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_of_every_spelling() {
        for (text, want) in [
            ("2020-05-27", "2020-05-27"),
            ("2020-05-27T10:00:00+02:00", "2020-05-27T10:00:00+02:00"),
            ("2020-05-27T10:00:00.123Z", "2020-05-27T10:00:00Z"),
            ("2020-05-27 10:00", "2020-05-27T10:00:00"),
            ("2020-05-27T10:00-0800", "2020-05-27T10:00:00-08:00"),
            ("20200527", "2020-05-27"),
            ("20200527T101530Z", "2020-05-27T10:15:30Z"),
            ("2020-148", "2020-05-27"),
            ("2020-05", "2020-05"),
            ("2020", "2020"),
            ("2020/5/7 9:05:00 PM", "2020-05-07T21:05:00"),
            ("2020-05-27T24:00:00Z", "2020-05-28T00:00:00Z"),
            ("Wed, 27 May 2020 10:14:55 GMT", "2020-05-27T10:14:55Z"),
            ("27 May 20 10:14 EST", "2020-05-27T10:14:00-05:00"),
            ("Wed, 27 May 2020 10:14:55 +0300", "2020-05-27T10:14:55+03:00"),
            ("Wed, 27 May 2020 10:14:55 -0430 (XXX)", "2020-05-27T10:14:55-04:30"),
            ("Wed, 27 May 2020 10:14:55 GMT+02:00", "2020-05-27T10:14:55+02:00"),
            ("Wed May 27 10:14:55 2020", "2020-05-27T10:14:55"),
            ("Wed May 27 10:14:55 PDT 2020", "2020-05-27T10:14:55-07:00"),
            ("May 27, 2020 10:14 pm", "2020-05-27T22:14:00"),
            ("Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("27 مايو 2020", "2020-05-27"),
            ("الأربعاء ٢٧ أيار ٢٠٢٠ - 10:14", "2020-05-27T10:14:00"),
            ("27/05/2020", "2020-05-27"),
            ("27/05/2020 - 10:14 م", "2020-05-27T22:14:00"),
            ("2004년 05월 28일  01:31:15", "2004-05-28T01:31:15"),
            ("2004-05-25 오후 11:23:17", "2004-05-25T23:23:17"),
            ("2004-07-08 23:56:58.0", "2004-07-08T23:56:58"),
            ("Wed, 2020/05/27 10:14:55 EDT", "2020-05-27T10:14:55-04:00"),
            ("الأربعاء 2020/05/27 10:14", "2020-05-27T10:14:00"),
            ("2020-005-27T10:14:55+00:00", "2020-05-27T10:14:55Z"),
            ("Wed, 27 May 2020 10:14:55 ET", "2020-05-27T10:14:55-05:00"),
        ] {
            assert_eq!(normalise(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "اليوم",
            "yesterday",
            "2020-13-01",
            "2020-02-30",
            "99",
            "27 foo 2020",
            "0000-01-01",
            "::",
            "+",
            "2020-05-27x",
            "May",
            "12:30",
        ] {
            assert_eq!(normalise(text), None, "{text}");
        }
        assert!(is_future("9000-01-01") && !is_future("2020-01-01"));
    }
}
