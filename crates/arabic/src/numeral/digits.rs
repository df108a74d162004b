use super::Amount;

/// A token of digits read as a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digits {
    /// The usual reading: `1.200` is one thousand two hundred.
    pub(crate) amount: Amount,
    /// The reading with a decimal point, where both are possible; a scale or a percent sign after it decides.
    pub(crate) decimal: Option<Amount>,
    /// Whether it is nothing but digits, at most three of them.
    pub(crate) can_lead_spaced_group: bool,
}

/// Reads folded digits with their separators. None for clock times, dates, numbers with leading zeros
/// (telephones, codes) and anything of more than 18 digits.
pub(crate) fn parse(norm: &str) -> Option<Digits> {
    let mut groups: [&str; 8] = [""; 8];
    let mut marks: [char; 8] = ['\0'; 8];
    let (mut count, mut from) = (0, 0);
    for (at, c) in norm.char_indices() {
        if c.is_ascii_digit() {
            continue;
        }
        if !matches!(c, '.' | ',' | '٫' | '٬' | '،' | '\'' | '’') || count >= 7 {
            return None;
        }
        groups[count] = &norm[from..at];
        marks[count] = if c == '’' { '\'' } else { c };
        count += 1;
        from = at + c.len_utf8();
    }
    groups[count] = &norm[from..];
    let (groups, marks) = (&groups[..=count], &marks[..count]);
    let whole_first = groups[0];
    if whole_first.is_empty() || (whole_first.len() > 1 && whole_first.starts_with('0')) || norm.len() > 40 {
        return None;
    }
    let Some((&last_mark, earlier)) = marks.split_last() else {
        let amount = Amount::whole(integer(groups)?);
        return Some(Digits { amount, decimal: None, can_lead_spaced_group: whole_first.len() <= 3 });
    };
    let last = groups[count];
    let alike = earlier.iter().all(|&m| m == last_mark);
    let triples = whole_first.len() <= 3
        && whole_first != "0"
        && groups[1..].iter().all(|g| g.len() == 3)
        && alike
        && last_mark != '٫';
    if triples {
        let decimal = if count == 1 && last_mark == '.' { decimals(&groups[..1], last) } else { None };
        return Some(Digits { amount: Amount::whole(integer(groups)?), decimal, can_lead_spaced_group: false });
    }
    // the last mark is a decimal point; any earlier ones are of one other kind and part thousands
    let point = matches!(last_mark, '٫' | '.' | ',' | '،');
    let thousands = earlier.iter().all(|&m| m == earlier[0] && m != last_mark && m != '٫');
    let parted = count == 1 || (whole_first.len() <= 3 && groups[1..count].iter().all(|g| g.len() == 3));
    if !(point && thousands && parted) {
        return None;
    }
    Some(Digits { amount: decimals(&groups[..count], last)?, decimal: None, can_lead_spaced_group: false })
}

fn integer(groups: &[&str]) -> Option<u64> {
    if groups.iter().map(|g| g.len()).sum::<usize>() > 18 {
        return None;
    }
    groups.iter().flat_map(|g| g.bytes()).try_fold(0u64, |n, b| n.checked_mul(10)?.checked_add(u64::from(b - b'0')))
}

fn decimals(whole: &[&str], part: &str) -> Option<Amount> {
    let mut billionths = 0u128;
    for at in 0..9 {
        billionths = billionths * 10 + u128::from(part.as_bytes().get(at).map_or(0, |b| b - b'0'));
    }
    Amount::whole(integer(whole)?).plus(Amount::billionths(billionths))
}

/// The amount of a whole and the decimals behind it; none where either is more than digits or too long.
pub(crate) fn decimal(whole: &str, part: &str) -> Option<Amount> {
    let plain = |s: &str| !s.is_empty() && s.len() <= 18 && s.bytes().all(|b| b.is_ascii_digit());
    if plain(whole) && plain(part) { decimals(&[whole], part) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(s: &str) -> Option<f64> {
        parse(s).map(|d| d.amount.value())
    }

    #[test]
    fn separators_of_all_presses() {
        for (written, expected) in [
            ("1200", 1200.0),
            ("1,200", 1200.0),
            ("1٬200", 1200.0),
            ("1.200.000", 1_200_000.0),
            ("1.200", 1200.0),
            ("1'200", 1200.0),
            ("1،200", 1200.0),
            ("3.5", 3.5),
            ("3،5", 3.5),
            ("3٫125", 3.125),
            ("0.125", 0.125),
            ("1,234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("0", 0.0),
        ] {
            assert_eq!(value(written), Some(expected), "{written}");
        }
        assert_eq!(parse("1.250").unwrap().decimal.unwrap().value().to_bits(), 1.25f64.to_bits());
    }

    #[test]
    fn what_is_no_quantity() {
        for written in ["14:00", "27/5", "27.5.2020", "00218", "1234567890123456789012345", "1.2.3", "1,2,3"] {
            assert_eq!(value(written), None, "{written}");
        }
    }
}
