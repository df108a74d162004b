//! Times: expressions of our own writing, and robustness against any text.

use arabic::Tokens;
use arabic::time::{self, Time};
use jiff::civil::{Date, date};
use model::Span;
use proptest::prelude::*;

const CASES: &str = include_str!("data/times.tsv");

fn slice(text: &str, span: Span) -> String {
    text.chars().skip(span.start as usize).take(span.len() as usize).collect()
}

fn show(t: &Time) -> String {
    let value = t.value.as_deref().unwrap_or("?");
    match &t.hijri {
        Some(hijri) => format!("{} {value} {hijri}", t.kind.code()),
        None => format!("{} {value}", t.kind.code()),
    }
}

#[test]
fn expressions_of_the_list() {
    let (mut count, mut negatives, mut failures) = (0, 0, Vec::new());
    for (line, row) in CASES.lines().enumerate().filter(|(_, r)| !r.is_empty() && !r.starts_with('#')) {
        let mut columns = row.split('\t');
        let (sentence, reference, expected) =
            (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        let reference: Option<Date> = if reference == "-" { None } else { Some(reference.parse().unwrap()) };
        count += 1;
        negatives += usize::from(expected == "none");
        let tokens = Tokens::new(sentence);
        let found = time::read(&tokens, reference);
        let told =
            if found.is_empty() { "none".to_owned() } else { found.iter().map(show).collect::<Vec<_>>().join(" ; ") };
        let spans = found.iter().map(|n| slice(sentence, n.span)).collect::<Vec<_>>().join(" ; ");
        if told != expected || columns.next().is_some_and(|wanted| wanted != spans) {
            failures.push(format!("{}: {sentence}\n    expected {expected}\n    found    {told} [{spans}]", line + 1));
        }
    }
    assert!(count >= 300 && negatives >= 60, "{count} expressions, {negatives} without times");
    let right = count - failures.len();
    println!("{right} of {count} right\n{}", failures.join("\n"));
    assert!(right * 100 >= count * 97, "{right} of {count} right:\n{}", failures.join("\n"));
}

#[test]
fn what_lines_part_is_not_joined() {
    let tokens = Tokens::new("عاد يوم\nالاثنين 25\nأيار");
    let found = time::read(&tokens, Some(date(2020, 5, 27)));
    assert_eq!(found.iter().map(show).collect::<Vec<_>>(), ["date 2020-05-25", "date 2020-05"]);
}

/// The pieces that rules look for, in any order.
const PIECES: [&str; 92] = [
    "يوم",
    "اليوم",
    "أمس",
    "أول",
    "من",
    "الاثنين",
    "والأحد",
    "الأحد",
    "السبت",
    "27",
    "31",
    "29",
    "و10",
    "أيار",
    "/",
    "مايو",
    "(",
    ")",
    "شباط",
    "رمضان",
    "شوال",
    "1441",
    "هـ",
    "2020",
    "عام",
    "العام",
    "الماضي",
    "المقبل",
    "الجاري",
    "الشهر",
    "شهر",
    "الأسبوع",
    "القرن",
    "العشرين",
    "التاسع",
    "عشر",
    "الساعة",
    "الخامسة",
    "مساء",
    "صباحا",
    "والنصف",
    "إلا",
    "ربعا",
    "بتوقيت",
    "غرينتش",
    "14:00",
    "27/5/2020",
    "قبل",
    "بعد",
    "منذ",
    "خلال",
    "كل",
    "ثلاثة",
    "أيام",
    "الأيام",
    "أسبوعين",
    "سنوات",
    "999999999999999999",
    "إلى",
    "حتى",
    "-",
    "بين",
    "كانون",
    "الثاني",
    "ليل",
    "الجمعة",
    "الـ",
    "نصف",
    "ونصف",
    "ربيع",
    "الأول",
    "صيف",
    "التسعينيات",
    "غرة",
    "فاتح",
    "القرنين",
    "الثاني",
    "الهجري",
    "الميلاد",
    "مرات",
    "في",
    "نفسه",
    "أو",
    "ما",
    "يجتمع",
    "سيعقد",
    "تأجيل",
    "الـ19",
    "الأولى",
    "يومي",
    "\n",
    "،",
];

fn references() -> impl Strategy<Value = Option<Date>> {
    prop_oneof![
        Just(None),
        (0i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Some(date(y, m, d))),
        Just(Some(date(-9999, 1, 1))),
        Just(Some(date(9999, 12, 31))),
        Just(Some(date(2020, 2, 29))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_pieces_is_read_without_panic(pieces in proptest::collection::vec(proptest::sample::select(PIECES.as_slice()), 0..14), reference in references(), glue in prop_oneof![4 => Just(" "), 1 => Just("")]) {
        let text = pieces.join(glue);
        let tokens = Tokens::new(&text);
        let found = time::read(&tokens, reference);
        for t in &found {
            prop_assert!(t.first_token <= t.last_token && t.last_token < tokens.len());
            prop_assert!(t.span.start < t.span.end);
        }
        for pair in found.windows(2) {
            prop_assert!(pair[0].last_token < pair[1].first_token, "{}: {:?}", &text, pair);
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in "[ \\n0-9٠-٩/:.-]{0,24}|\\PC{0,60}", reference in references()) {
        time::read(&Tokens::new(&text), reference);
    }

    #[test]
    fn numeric_dates_come_back(y in 1900i16..2100, m in 1i8..=12, d in 1i8..=28, style in 0u32..4) {
        let text = match style {
            0 => format!("{d}/{m}/{y}"),
            1 => format!("{y}-{m:02}-{d:02}"),
            2 => format!("{d}-{m}-{y}"),
            _ => format!("{y}/{m}/{d}"),
        };
        let found = time::read(&Tokens::new(&text), None);
        prop_assert_eq!(found.len(), 1);
        let value = date(y, m, d).to_string();
        prop_assert_eq!(found[0].value.as_deref(), Some(value.as_str()));
    }
}

#[test]
fn reading_takes_linear_time() {
    let text = "مساء يوم ".repeat(30_000)
        + &"الاثنين اليوم ".repeat(30_000)
        + &"2015-".repeat(30_000)
        + &"قبل نحو ".repeat(30_000)
        + &"مايو و".repeat(30_000)
        + &"(27 أيار ".repeat(30_000)
        + &"تأجيل إلى السبت ".repeat(30_000)
        + &"الساعة 14:00 (11:00 ".repeat(30_000)
        + &"بين خمس وعشر ".repeat(30_000)
        + &"من العام نفسه ".repeat(30_000);
    let tokens = Tokens::new(&text);
    let start = std::time::Instant::now();
    time::read(&tokens, Some(date(2020, 5, 27)));
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
