use super::Kind;
use super::calendar::{Partial, Point};
use super::scan::{Found, Scanner, Value, Way};
use super::tense::Outlook;

/// Joins neighbours that name one time (`اليوم الاثنين 27 أيار`, `الاثنين الساعة 14:00`) and the ends of periods
/// (`من 27 أيار إلى 3 حزيران`).
pub(crate) fn join(scanner: &Scanner, found: Vec<Found>) -> Vec<Found> {
    let mut named: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        let Some(last) = named.last_mut() else {
            named.push(next);
            continue;
        };
        let joined = gap(scanner, last, &next).and_then(|gap| {
            let day = || same_day(scanner, last, &next, &gap);
            day().or_else(|| clock(last, &next, &gap)).or_else(|| dated_clock(scanner, last, &next, &gap))
        });
        match joined {
            Some(joined) => *last = joined,
            None => named.push(next),
        }
    }
    let mut out: Vec<Found> = Vec::with_capacity(named.len());
    for next in named {
        let joined =
            out.last().and_then(|last| gap(scanner, last, &next).and_then(|gap| period(scanner, last, &next, &gap)));
        match joined {
            Some(joined) => *out.last_mut().expect("an element was just looked at") = joined,
            None => out.push(next),
        }
    }
    lend_days(scanner, &mut out);
    out
}

/// How far from its day a clock time may stand, in tokens.
const DAY_REACH: usize = 12;

/// Gives the clock times that stand apart from their day its date: `وصل أمس إلى المطار الساعة التاسعة`,
/// `الساعة 14:00 (11:00 ت غ) أمس`.
fn lend_days(scanner: &Scanner, found: &mut [Found]) {
    for k in 0..found.len() {
        if !matches!(found[k].value, Value::Clock(_)) {
            continue;
        }
        // the day behind what is enclosed, by itself or beside the local time
        let enclosed = |k: usize| {
            let (time, day) = (found.get(k)?, found.get(k + 1)?);
            let opens =
                time.first > 0 && scanner.tokens.norm(time.first - 1) == "(" && matches!(time.value, Value::Clock(_));
            (opens && is_day(day) && gap(scanner, time, day)? == [")"]).then(|| day.clone())
        };
        let beside = found.get(k + 1).is_some_and(|b| gap(scanner, &found[k], b).is_some_and(|g| g == ["("]));
        if let Some(day) = enclosed(k).or_else(|| if beside { enclosed(k + 1) } else { None }) {
            lend(&day, &mut found[k]);
        } else if let Some(day) = found[..k].last()
            && (is_day(day) && day.kind == Kind::Date || matches!(day.value, Value::Both(..)))
            && same_clause(scanner, day.last, found[k].first)
        {
            let day = day.clone();
            lend(&day, &mut found[k]);
        }
    }
}

fn lend(day: &Found, time: &mut Found) {
    if let (Value::Date(partial) | Value::Both(partial, _), Value::Clock(clock)) = (&day.value, &time.value) {
        let clock = day.part.map_or(*clock, |part| clock.beside(part));
        time.value = Value::Both(*partial, clock);
        time.outlook = day.outlook;
    }
}

/// Whether two tokens stand near each other with no other clause between.
fn same_clause(scanner: &Scanner, a: usize, b: usize) -> bool {
    b - a <= DAY_REACH
        && (a + 1..=b).all(|k| !scanner.tokens.all()[k].line_start)
        && (a + 1..b).all(|k| !matches!(scanner.tokens.norm(k), "." | "؟" | "!" | "؛" | "ان" | "انه" | "انها" | "انهم"))
}

/// The words between two expressions on one line, at most three.
fn gap<'t>(scanner: &Scanner<'t, '_, '_>, a: &Found, b: &Found) -> Option<Vec<&'t str>> {
    let between = a.last + 1..b.first;
    if between.len() > 3 || (a.last + 1..=b.first).any(|k| scanner.tokens.all()[k].line_start) {
        return None;
    }
    Some(between.map(|k| scanner.tokens.norm(k)).collect())
}

fn is_day(found: &Found) -> bool {
    matches!(found.way, Way::Offset | Way::Weekday | Way::Day | Way::Hijri)
}

fn joined_with_and(scanner: &Scanner, found: &Found) -> bool {
    scanner.classes[found.first].is_some_and(|w| w.prefix.and)
}

fn same_day(scanner: &Scanner, a: &Found, b: &Found, gap: &[&str]) -> Option<Found> {
    if !is_day(a) || !is_day(b) || a.way == b.way || joined_with_and(scanner, b) {
        return None;
    }
    if a.kind != Kind::Date || b.kind != Kind::Date {
        return None;
    }
    let dated = |f: &Found| matches!(f.way, Way::Day | Way::Hijri);
    let hijri = a.way == Way::Hijri || b.way == Way::Hijri;
    let closes = || scanner.norm(b.last + 1) == ")";
    let mut last = b.last;
    match gap {
        [] => {}
        ["الموافق" | "موافق"] | ["الموافق", "ل"] | ["،", "الموافق"] if dated(b) => {}
        ["،"] if dated(b) && !dated(a) => {}
        ["-" | "–" | "/" | "،"] if hijri && dated(a) && dated(b) => {}
        ["(" | "["] | ["(", "الموافق"] if closes() || scanner.norm(b.last + 1) == "]" => last += 1,
        _ => return None,
    }
    let rank = |f: &Found| match f.way {
        Way::Day => 0,
        Way::Hijri => 1,
        Way::Offset => 2,
        _ => 3,
    };
    let (main, other) = if rank(a) <= rank(b) { (a, b) } else { (b, a) };
    let mut out = main.clone();
    (out.first, out.last) = (a.first, last);
    out.part = a.part.or(b.part);
    out.hijri = main.hijri.clone().or_else(|| other.hijri.clone());
    if let (Value::Date(partial), Value::Date(Partial { weekday: Some(day), .. })) = (&mut out.value, &other.value)
        && (partial.day.is_some() || partial.offset.is_some())
    {
        partial.weekday = Some(*day);
    }
    out.outlook = a.outlook;
    Some(out)
}

/// A day and the time of day beside it.
fn clock(a: &Found, b: &Found, gap: &[&str]) -> Option<Found> {
    let (day, time) = match (&a.value, &b.value) {
        (Value::Clock(_), Value::Date(_)) if is_day(b) => (b, a),
        (Value::Date(_), Value::Clock(_)) if is_day(a) => (a, b),
        _ => return None,
    };
    let links = ["من", "في", "عند", "تمام", "،", "علي", "ب", "حوالي", "نحو", "وعند", "وفي", "يوم"];
    if gap.iter().any(|w| !links.contains(w)) {
        return None;
    }
    let (Value::Date(partial), Value::Clock(clock)) = (&day.value, &time.value) else { return None };
    let clock = day.part.map_or(*clock, |part| clock.within(part));
    let mut out = Found::new(a.first, b.last, Kind::Time, Value::Both(*partial, clock), Way::Other);
    out.outlook = day.outlook;
    out.hijri.clone_from(&day.hijri);
    Some(out)
}

/// A day with its time of day and, behind them, its date: `الساعة التاسعة مساء الأحد الموافق 26 يوليو`.
fn dated_clock(scanner: &Scanner, a: &Found, b: &Found, gap: &[&str]) -> Option<Found> {
    let (Value::Both(day, clock), Value::Date(date)) = (&a.value, &b.value) else { return None };
    let linked = match gap {
        [] | ["،" | "الموافق" | "موافق"] => !joined_with_and(scanner, b),
        ["("] | ["(", "الموافق"] => scanner.norm(b.last + 1) == ")",
        _ => false,
    };
    if !linked || b.way != Way::Day || day.day.is_some() {
        return None;
    }
    let last = b.last + usize::from(gap.first() == Some(&"("));
    let date = Partial { weekday: day.weekday, ..*date };
    Some(Found { last, value: Value::Both(date, *clock), outlook: b.outlook, ..a.clone() })
}

/// Whether a word before the expression opens a period: none, من, or بين.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opener {
    None,
    From,
    Between,
}

fn opener(scanner: &Scanner, found: &Found) -> Opener {
    match scanner.any_before(found.first) {
        "من" | "ومن" | "منذ" | "ومنذ" | "الفتره" | "اعتبارا" => Opener::From,
        "بين" | "وبين" | "مابين" => Opener::Between,
        _ => Opener::None,
    }
}

fn period(scanner: &Scanner, a: &Found, b: &Found, gap: &[&str]) -> Option<Found> {
    if !matches!(a.kind, Kind::Date | Kind::Time) || a.kind != b.kind {
        return None;
    }
    let open = opener(scanner, a);
    let linked = match gap {
        ["الي" | "حتي" | "وحتي" | "والي"] => open != Opener::None,
        [] => open == Opener::Between && joined_with_and(scanner, b),
        ["و"] => open == Opener::Between,
        ["-" | "–" | "—"] => a.way == b.way && matches!(a.way, Way::Day | Way::Clock),
        _ => false,
    };
    if !linked {
        return None;
    }
    let text = match (&a.value, &b.value) {
        (Value::Date(low), Value::Date(high)) => dates(scanner, *low, *high, b.outlook)?,
        (Value::Clock(low), Value::Clock(high)) => format!("{}/{}", low.iso(), high.iso()),
        (Value::Text(low), Value::Text(high)) if !low.contains('/') && !high.contains('/') && low < high => {
            format!("{low}/{high}")
        }
        (Value::Date(_) | Value::None, Value::None) | (Value::None, Value::Date(_)) => {
            return Some(Found::vague(a.first, b.last, Kind::Period));
        }
        _ => return None,
    };
    Some(if text.is_empty() {
        Found::vague(a.first, b.last, Kind::Period)
    } else {
        Found::text(a.first, b.last, Kind::Period, text)
    })
}

/// The period between two dates: what the first leaves open is taken from the second. Empty where neither is anchored.
fn dates(scanner: &Scanner, mut low: Partial, mut high: Partial, outlook: Outlook) -> Option<String> {
    let reference = scanner.reference;
    // بين سبتمبر ويناير الماضيين
    if high.year.is_none() && low.year.is_some() && high.month.is_some() && high.direction.is_none() {
        high.year = low.year.map(|y| y + i16::from(low.month > high.month));
    }
    let Some(end) = high.resolve(reference, outlook) else {
        return (low.resolve(reference, Outlook::Behind).is_none() && (low.weekday, low.offset) != (None, None))
            .then(String::new);
    };
    if low.year.is_none() && low.month.is_some() {
        low.year = end.year();
        low.direction = None;
        if let (Some(start), Some(finish)) =
            (low.resolve(reference, Outlook::Behind).and_then(Point::start), end.start())
            && start > finish
        {
            low.year = low.year.map(|y| y - 1);
        }
    }
    let base = if low.weekday.is_some() && low.day.is_none() { end.start().or(reference) } else { reference };
    let start = low.resolve(base, Outlook::Behind)?;
    if let (Some(s), Some(e)) = (start.start(), end.start())
        && s > e
    {
        return None;
    }
    Some(format!("{}/{}", start.edtf(), end.edtf()))
}
