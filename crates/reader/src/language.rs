//! Is this Arabic? Only Arabic is read; anything else is said to be something else, not guessed at.

/// ISO 639-1 code of the text's language: `ar`, `fa` or `ur` by their letters, `en` for Latin script as a whole is not
/// claimed: `None` where it cannot be told. Looks at the first 4,000 letters.
pub fn detect(text: &str) -> Option<&'static str> {
    let (mut arabic, mut other, mut persian, mut urdu, mut own) = (0u32, 0u32, 0u32, 0u32, 0u32);
    for c in text.chars() {
        match c {
            'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' => {
                persian += 1;
                arabic += 1;
            }
            'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ے' | 'ہ' => {
                urdu += 1;
                arabic += 1;
            }
            'ة' | 'ي' | 'ى' | 'ك' | 'إ' | 'أ' => {
                own += 1;
                arabic += 1;
            }
            // all of them letters
            'ء'..='ي' => arabic += 1,
            '\u{064B}'..='ۿ' | 'ﭐ'..='ﻼ' if c.is_alphabetic() => arabic += 1,
            c if c.is_alphabetic() => other += 1,
            _ => {}
        }
        if arabic + other > 4_000 {
            break;
        }
    }
    if arabic == 0 || arabic < other / 2 {
        return None;
    }
    if urdu > own && urdu * 25 > arabic {
        return Some("ur");
    }
    if persian > own && persian * 25 > arabic {
        return Some("fa");
    }
    Some("ar")
}

#[cfg(test)]
mod tests {
    use super::detect;

    #[test]
    fn arabic_is_told_from_its_neighbours() {
        assert_eq!(detect("قالت الوزارة إن القوات انسحبت"), Some("ar"));
        assert_eq!(detect("وزارت خارجه گفت که نیروها عقب‌نشینی کردند"), Some("fa"));
        assert_eq!(detect("وزیر خارجہ نے کہا ہے کہ فوج واپس چلی گئی ہے"), Some("ur"));
        assert_eq!(detect("The ministry said that"), None);
        assert_eq!(detect(""), None);
        assert_eq!(detect("123 … !"), None);
    }
}
