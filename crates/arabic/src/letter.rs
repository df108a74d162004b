//! Letters: classes of characters and the folding that makes spellings comparable.
//!
//! Folding drops vowel signs, tatweel and invisible marks, and unites the variants that newspapers mix up:
//! hamza carriers of alef (أ إ آ ٱ → ا), final ى → ي, ة → ه, Persian ک ی → ك ي, presentation forms → letters,
//! digits of all scripts → ASCII, Latin → lower case. It never looks at neighbours, so offsets stay exact.

/// What a character is to the tokenizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A letter of the Arabic script.
    Arabic,
    /// Vowel sign, tatweel or invisible joiner: part of a word, absent from its folded form.
    Mark,
    /// A letter of another script.
    Latin,
    /// A decimal digit of any script.
    Digit,
    /// White space, controls and bidi overrides.
    Space,
    /// Anything else: one token each.
    Punct,
}

/// The class of a character.
#[inline]
pub fn class(c: char) -> Class {
    match c {
        'ء'..='غ'
        | 'ف'..='ي'
        | 'ٱ'..='ۓ'
        | 'ە'
        | 'ۮ'
        | 'ۯ'
        | 'ۺ'..='ۿ'
        | 'ݐ'..='ݿ'
        | 'ﭐ'..='ﮱ'
        | 'ﯓ'..='ﴽ'
        | 'ﵐ'..='ﷺ'
        | 'ﹰ'..='ﻼ' => Class::Arabic,
        'ـ'
        | '\u{064B}'..='\u{065F}'
        | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E8}'
        | '\u{06EA}'..='\u{06ED}'
        | '\u{0610}'..='\u{061A}'
        | '\u{200B}'..='\u{200D}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{00AD}' => Class::Mark,
        '0'..='9' | '٠'..='٩' | '۰'..='۹' => Class::Digit,
        'a'..='z' | 'A'..='Z' => Class::Latin,
        '\u{0000}'..=' '
        | '\u{007F}'..='\u{00A0}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202F}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{061C}' => Class::Space,
        '!'..='~' => Class::Punct,
        c if c.is_whitespace() => Class::Space,
        c if c.is_alphabetic() => Class::Latin,
        _ => Class::Punct,
    }
}

/// Folds one character onto the end of `out`.
#[inline]
pub fn fold_into(c: char, out: &mut String) {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' => out.push('ا'),
        'ى' | 'ی' | 'ې' | 'ے' => out.push('ي'),
        'ة' | 'ۀ' | 'ہ' | 'ھ' | 'ە' => out.push('ه'),
        'ک' | 'ڪ' => out.push('ك'),
        'ڤ' | 'ڥ' => out.push('ف'),
        'گ' => out.push('غ'),
        'پ' => out.push('ب'),
        'چ' => out.push('ج'),
        'ژ' => out.push('ز'),
        '٠'..='٩' => out.push(char::from(b'0' + (c as u32 - '٠' as u32) as u8)),
        '۰'..='۹' => out.push(char::from(b'0' + (c as u32 - '۰' as u32) as u8)),
        'A'..='Z' => out.push(c.to_ascii_lowercase()),
        'ﭐ'..='ﻼ' => presentation(c, out),
        c if class(c) == Class::Mark => {}
        c if c > '\u{00BF}' && class(c) == Class::Latin => out.extend(c.to_lowercase()),
        c => out.push(c),
    }
}

/// Folds a whole string.
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    s.chars().for_each(|c| fold_into(c, &mut out));
    out
}

/// Decomposes a presentation form to its letters, folded (Unicode compatibility mapping).
fn presentation(c: char, out: &mut String) {
    use unicode_normalization::char::decompose_compatible;
    decompose_compatible(c, |d| {
        if !('ﭐ'..='ﻼ').contains(&d) && d != ' ' {
            fold_into(d, out);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_alike() {
        assert_eq!(fold("أُرْسِلَت"), fold("ارسلت"));
        assert_eq!(fold("إلى"), "الي");
        assert_eq!(fold("مدرسـة"), "مدرسه");
        assert_eq!(fold("ﻻ"), "لا");
        assert_eq!(fold("٢٠۲MiG"), "202mig");
    }

    #[test]
    fn controls_and_overrides_are_space() {
        for c in ['\0', '\u{202E}', '\u{2067}', '\u{FEFF}', '\t'] {
            assert_eq!(class(c), Class::Space, "{c:?}");
        }
    }
}
