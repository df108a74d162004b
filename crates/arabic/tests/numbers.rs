//! Numbers: expressions of our own writing, and words → value → words over the whole range.

use arabic::Tokens;
use arabic::numeral::{self, Case, Gender, Kind, Number, to_words};
use model::{Bound, Span};
use proptest::prelude::*;

const CASES: &str = include_str!("data/numbers.tsv");

fn slice(text: &str, span: Span) -> String {
    text.chars().skip(span.start as usize).take(span.len() as usize).collect()
}

fn show(n: &Number) -> String {
    let value = match (n.low, n.high, n.value) {
        (Some(low), Some(high), _) => format!("{low}..{high}"),
        (_, _, Some(value)) => value.to_string(),
        _ => "?".to_owned(),
    };
    let mut out = format!("{}:{value}", n.kind.code());
    if n.bound != Bound::Exact || n.unit.is_some() {
        out.push(':');
        out.push_str(n.bound.code());
    }
    if let Some(unit) = n.unit {
        out.push(':');
        out.push_str(unit);
    }
    out
}

#[test]
fn every_expression_of_the_list() {
    let (mut count, mut failures) = (0, Vec::new());
    for (line, row) in CASES.lines().enumerate().filter(|(_, r)| !r.is_empty() && !r.starts_with('#')) {
        let mut columns = row.split('\t');
        let (sentence, expected) = (columns.next().unwrap(), columns.next().unwrap());
        count += 1;
        let tokens = Tokens::new(sentence);
        let found = numeral::read(&tokens);
        let told =
            if found.is_empty() { "none".to_owned() } else { found.iter().map(show).collect::<Vec<_>>().join(";") };
        let spans = found.iter().map(|n| slice(sentence, n.span)).collect::<Vec<_>>().join(";");
        if told != expected || columns.next().is_some_and(|wanted| wanted != spans) {
            failures.push(format!("{}: {sentence}\n    expected {expected}\n    found    {told} [{spans}]", line + 1));
        }
        for n in &found {
            assert!(n.outer.contains(n.span), "{sentence}: {n:?}");
            assert!(n.first_token <= n.last_token && n.last_token < tokens.len());
        }
    }
    assert!(count >= 200, "only {count} expressions");
    assert!(failures.is_empty(), "{} of {count} wrong:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn outer_holds_the_bound_words() {
    for (sentence, outer) in [
        ("قتل نحو 1200 مقاتل", "نحو 1200"),
        ("دمر ما لا يقل عن 8 مقاتلات", "ما لا يقل عن 8"),
        ("دمر 8 مقاتلات على الأقل", "8 مقاتلات على الأقل"),
        ("قتل ما بين 5 و10 جنود", "ما بين 5 و10"),
        ("قتل أكثر من عشرين", "أكثر من عشرين"),
        ("قتل عشرون ونيف", "عشرون ونيف"),
        ("قتل عشرون", "عشرون"),
    ] {
        let found = numeral::read(&Tokens::new(sentence));
        assert_eq!(slice(sentence, found[0].outer), outer);
    }
}

#[test]
fn lines_do_not_run_together() {
    let found = numeral::read(&Tokens::new("عادت مئة\nوخمسون بقيت"));
    assert_eq!(found.iter().map(|n| n.exact.unwrap()).collect::<Vec<_>>(), [100, 50]);
}

#[test]
fn covered_spans_are_left_out() {
    let text = "في 27 أيار 2020 وصل ثلاثة";
    let tokens = Tokens::new(text);
    let classes: Vec<_> = (0..tokens.len()).map(|i| numeral::word_class(tokens.norm(i))).collect();
    let found = numeral::numbers_excluding(&tokens, &classes, &[Span::new(3, 15)]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].exact, Some(3));
}

#[test]
fn the_dual_tells_two() {
    for (sentence, at, expected) in [
        ("جرح عاملان في المصنع", 1, "cardinal:2"),
        ("جرح عاملان على الأقل", 1, "cardinal:2:at_least"),
        ("ما لا يقل عن عاملين", 4, "cardinal:2:at_least"),
        ("أكثر من سفينتين", 2, "cardinal:2:more_than"),
        ("ساروا نحو سفينتين", 2, "cardinal:2"),
        ("نحو كيلومترين", 1, "measure:2:about:km"),
        ("مساحة كيلومترين مربعين", 1, "measure:2:exact:km2"),
        ("باع طنين من التمر", 1, "measure:2:exact:t"),
        ("دفع ليرتين سوريتين", 1, "money:2:exact:SYP"),
        ("نصبوا كمينين", 1, "cardinal:2"),
    ] {
        assert_eq!(show(&numeral::dual(&Tokens::new(sentence), at)), expected, "{sentence}");
    }
}

fn forms() -> impl Strategy<Value = (Case, Gender, bool)> {
    (
        prop_oneof![Just(Case::Nominative), Just(Case::Oblique), Just(Case::Accusative)],
        prop_oneof![Just(Gender::Masculine), Just(Gender::Feminine)],
        any::<bool>(),
    )
}

fn check(n: u64, (case, gender, joined): (Case, Gender, bool), prefix: &str) -> Result<(), TestCaseError> {
    let words = to_words(n, case, gender, joined);
    let text = format!("{prefix}{words}");
    // written like "I am not"
    prop_assume!(text != "لست");
    // with و or a preposition صفر and واحد read as the bare words do
    let tokens = Tokens::new(&text);
    let found = numeral::read(&tokens);
    prop_assert_eq!(found.len(), 1, "{}: {:?}", &text, &found);
    prop_assert_eq!(found[0].exact, Some(n), "{}", &text);
    prop_assert_eq!(found[0].kind, Kind::Cardinal);
    prop_assert_eq!(slice(&text, found[0].span), words);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_to_value(n in 0u64..1_000_000_000, form in forms()) {
        check(n, form, "")?;
    }

    #[test]
    fn words_with_prefixes(n in 0u64..1_000_000_000, form in forms(), prefix in prop_oneof![Just("و"), Just("ب"), Just("ل"), Just("وب"), Just("ول")]) {
        check(n, form, prefix)?;
    }

    #[test]
    fn sparse_numbers(digits in proptest::collection::vec((0u32..18, 1u64..10), 1..4), form in forms(), prefix in prop_oneof![Just(""), Just("و"), Just("ب")]) {
        let n = digits.iter().map(|(p, d)| d * 10u64.pow(*p)).sum();
        check(n, form, prefix)?;
    }

    #[test]
    fn digits_in_three_scripts(n in 0u64..1_000_000_000_000_000_000, script in 0u32..3, grouped in any::<bool>()) {
        let mut plain = n.to_string();
        if grouped {
            let marks = [',', '٬', '\''];
            let reversed: Vec<char> = plain.chars().rev().collect();
            plain = reversed.chunks(3).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(&marks[script as usize].to_string());
            plain = plain.chars().rev().collect();
        }
        let zero = [u32::from('0'), u32::from('٠'), u32::from('۰')][script as usize];
        let text: String = plain.chars().map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(zero + d).unwrap())).collect();
        let found = numeral::read(&Tokens::new(&text));
        prop_assert_eq!(found.len(), 1, "{}", &text);
        prop_assert_eq!(found[0].exact, Some(n));
    }

    #[test]
    fn any_text_is_read_without_panic(text in "[ \\n0-9٠-٩.,:/%$-]{0,12}|\\PC{0,60}") {
        for n in numeral::read(&Tokens::new(&text)) {
            prop_assert!(n.outer.contains(n.span));
        }
    }

    #[test]
    fn any_mixture_of_number_words_is_read_without_panic(words in proptest::collection::vec(prop_oneof![
        Just("و"), Just("ثلاثة"), Just("عشر"), Just("وعشرين"), Just("مئة"), Just("ومئتين"), Just("ألف"), Just("ألفا"), Just("آلاف"), Just("ملايين"),
        Just("بين"), Just("من"), Just("إلى"), Just("نصف"), Just("ونصف"), Just("المليون"), Just("كوينتيليون"), Just("5"), Just("و10"), Just("999999999999999999"),
        Just("٪"), Just("في"), Just("المئة"), Just("دولار"), Just("-"), Just("على"), Just("الأقل"), Just("الحادي"), Just("أحد"), Just("واحد"), Just("عشرات"), Just("\n"), Just("لا"), Just("يقل"), Just("عن"), Just("1.500"), Just("000"),
        Just("أرباع"), Just("فاصلة"), Just("ر"), Just("أو"), Just("كيلومترين"), Just("تجاوز"), Just("عدد"), Just("«"), Just("»"), Just("ناخب")
    ], 0..14), glue in prop_oneof![Just(" "), Just("")]) {
        let text = words.join(glue);
        let found = numeral::read(&Tokens::new(&text));
        for pair in found.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start, "{:?}", pair);
        }
    }
}

#[test]
fn time_is_linear() {
    // a long sum, a long chain of dashes and a long run of scales: quadratic reading would take minutes
    let words = "مئة وخمسة و".repeat(20_000)
        + &"1-".repeat(40_000)
        + &"ألف مليون ".repeat(20_000)
        + &"بين 5 و".repeat(20_000)
        + &"2ر5 مليون ".repeat(20_000)
        + &"خمسة فاصلة ستة أو ".repeat(20_000)
        + &"تجاوز عدد القتلى 5 ".repeat(20_000);
    let start = std::time::Instant::now();
    numeral::read(&Tokens::new(&words));
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
