//! How much a text looks like text: the worth of a candidate decoding.
//!
//! A wrong single-byte table turns letters into other letters, so validity proves nothing. What gives it away: signs
//! inside words, scripts mixed within a word, letters that stand where they never do, rare letters in plenty.

/// Mean worth of the words, from about -8 (garbage) to about 2 (Arabic prose); 0 for no words.
pub fn score(text: &str) -> f32 {
    let (mut sum, mut count) = (0.0_f32, 0_u32);
    for word in text.split_whitespace() {
        sum += self::word(word);
        count += 1;
    }
    if count == 0 { 0.0 } else { sum / count as f32 }
}

fn word(word: &str) -> f32 {
    let broken = |c: char| c == '\u{fffd}' || (c.is_control()) || ('\u{e000}'..='\u{f8ff}').contains(&c);
    if word.chars().any(broken) {
        return -8.0;
    }
    let trimmed = word.trim_matches(|c: char| !c.is_alphanumeric() && !is_mark(c));
    if trimmed.is_empty() {
        return 0.0;
    }
    let arabic = trimmed.chars().filter(|c| is_arabic(*c)).count();
    let letters = trimmed.chars().filter(|c| c.is_alphabetic() || is_mark(*c)).count();
    if arabic == 0 {
        return foreign(trimmed, letters);
    }
    let ascii_only_besides = trimmed.chars().all(|c| is_arabic(c) || c.is_ascii() || !c.is_alphabetic());
    if letters > arabic && !ascii_only_besides {
        return -4.0;
    }
    // words in brackets, with dashes and the like come as several
    let parts = trimmed.split(|c: char| !is_arabic(c)).filter(|p| !p.is_empty());
    let (mut sum, mut n) = (0.0, 0);
    for part in parts {
        sum += arabic_word(part);
        n += 1;
    }
    let inside = trimmed.chars().filter(|c| !c.is_alphanumeric() && !is_arabic(*c) && !c.is_ascii()).count();
    sum / n.max(1) as f32 - 1.5 * inside as f32
}

fn arabic_word(word: &str) -> f32 {
    let last = word.chars().filter(|c| !is_mark(*c)).count();
    let (mut sum, mut at) = (0.0, 0);
    let mut first = true;
    for c in word.chars() {
        if is_mark(c) {
            // a vowel sign needs a letter before it, and hardly anybody prints them
            sum -= if first { 3.0 } else { 0.4 };
            first = false;
            continue;
        }
        first = false;
        at += 1;
        sum += match c {
            'ة' | 'ى' if at < last => -2.0,
            'ء' | 'ئ' | 'ؤ' if at == 1 => -1.0,
            'أ' | 'إ' if at > 4 => 0.0,
            c => frequency(c),
        };
    }
    let mean = sum / last.max(1) as f32;
    let article =
        ["ال", "وال", "بال", "لل", "فال", "كال"].iter().any(|p| word.strip_prefix(p).is_some_and(|r| r.len() > 3));
    mean + if article { 1.2 } else { 0.0 }
        + if word == "في" || word == "من" || word == "على" || word == "إلى" { 0.8 } else { 0.0 }
}

/// How common a letter is in newspapers, from 0 to about 1.
fn frequency(letter: char) -> f32 {
    match letter {
        'ا' => 1.3,
        'ل' => 1.25,
        'ي' => 1.1,
        'م' => 1.05,
        'و' | 'ن' => 1.0,
        'ر' | 'ت' => 0.95,
        'ب' | 'ع' => 0.8,
        'ه' | 'د' | 'س' => 0.75,
        'ف' | 'ة' => 0.7,
        'ق' | 'أ' => 0.65,
        'ك' | 'ح' => 0.6,
        'ج' | 'ى' => 0.5,
        'إ' | 'ش' | 'ص' | 'ط' | 'خ' => 0.4,
        'ض' | 'ث' | 'ز' | 'ء' => 0.3,
        'ذ' | 'غ' | 'ئ' => 0.25,
        'ظ' | 'ؤ' | 'آ' | 'پ' | 'چ' | 'گ' | 'ک' | 'ی' => 0.1,
        'ـ' => -0.2,
        _ => -0.3,
    }
}

/// A word of another script.
fn foreign(word: &str, letters: usize) -> f32 {
    if letters == 0 {
        return 0.0;
    }
    let accented = word.chars().filter(|c| matches!(c, '\u{aa}' | '\u{b5}' | '\u{ba}' | '\u{c0}'..='\u{24f}')).count();
    let signs = word.chars().filter(|c| matches!(c, '\u{a1}'..='\u{bf}' | '\u{d7}' | '\u{f7}')).count();
    let mut worth = if accented * 2 > letters && letters > 2 { -2.5 } else { 0.5 };
    worth -= 1.5 * signs as f32;
    // capitals after small letters
    let jumps = word.chars().zip(word.chars().skip(1)).filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count();
    worth - jumps as f32
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{652}' | '\u{670}')
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{652}' | '\u{66e}'..='\u{6d3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_worth_more_than_what_a_wrong_table_makes_of_it() {
        for text in ["وصل الوفد إلى المدينة", "غداً", "هجوم", "يوم", "وزير الخارجية يزور العاصمة"]
        {
            let right = score(text);
            for (made, read) in [
                (encoding_rs::WINDOWS_1256, encoding_rs::ISO_8859_6),
                (encoding_rs::WINDOWS_1256, encoding_rs::WINDOWS_1252),
                (encoding_rs::ISO_8859_6, encoding_rs::WINDOWS_1256),
            ] {
                let wrong = read.decode_without_bom_handling(&made.encode(text).0).0.into_owned();
                assert!(right > score(&wrong), "{text} {right} against {wrong} {}", score(&wrong));
            }
        }
    }
}
