use phf::phf_map;

use super::prefix::{Particle, Prefix, split};

/// How a scale word is inflected: what it counts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// ألف: one, or counted by what stands before.
    Singular,
    /// ألفا: counted by what stands before, or the dual before a noun.
    Alef,
    /// ألفان، ألفي: two.
    Dual,
    /// آلاف: counted by what stands before, or vague.
    Plural,
}

/// A part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fraction {
    Half,
    Third,
    Quarter,
}

impl Fraction {
    /// The divisor.
    pub(crate) const fn parts(self) -> u64 {
        match self {
            Self::Half => 2,
            Self::Third => 3,
            Self::Quarter => 4,
        }
    }
}

/// What a word can be in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A token that begins with a digit.
    Digits,
    /// صفر to تسعة.
    Unit(u8),
    /// أحد، اثنا: a unit only before عشر (and أحد before tens).
    Front(u8),
    /// ثلاثاً، واحداً: a unit in the accusative, only before tens.
    Accusative(u8),
    /// عشر، عشرة.
    Ten,
    /// عشرون to تسعون, in tens.
    Tens(u8),
    /// مئة.
    Hundred,
    /// مئتان, ثلاثمئة and on, in hundreds.
    Hundreds(u8),
    /// ألف and on, as a power of a thousand.
    Scale(u8, Form),
    /// عشرات، مئات.
    Vague,
    /// نصف، ثلث، ربع.
    Fraction(Fraction),
    /// أول to عاشر.
    Ordinal(u8),
    /// أولى: feminine of the first, written like أولي.
    First,
    /// حادي: first before عشر and tens.
    Eleventh,
    /// نيف.
    Nayyif,
    /// بضع، عدة: a few, only before a vague plural.
    Few,
    /// و apart from its number.
    And,
    /// ال with its clitics, apart from its number (`الـ24`).
    Article,
    /// ب ل ك apart from their number (`بـ5`).
    Particle,
}

/// One word's place in numbers: a few bytes, to be cached per word type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumWord {
    pub(crate) role: Role,
    pub(crate) prefix: Prefix,
}

impl NumWord {
    /// Whether it is an ordinal («ثاني», «الخامس»).
    pub fn is_ordinal(&self) -> bool {
        matches!(self.role, Role::Ordinal(_))
    }
}

/// The value of `Scale(power)`.
pub(crate) const fn scale_value(power: u8) -> u64 {
    1000u64.pow(if power > 6 { 6 } else { power as u32 })
}

use Form::{Alef, Dual, Plural, Singular};
use Role::{Accusative, Fraction as Part, Front, Hundreds, Ordinal, Scale, Ten, Tens, Unit};

static WORDS: phf::Map<&'static str, Role> = phf_map! {
    "صفر" => Unit(0),
    "واحد" => Unit(1), "واحده" => Unit(1), "احد" => Front(1), "احدي" => Front(1),
    "اثنان" => Unit(2), "اثنين" => Unit(2), "اثنتان" => Unit(2), "اثنتين" => Unit(2), "ثنتان" => Unit(2), "ثنتين" => Unit(2),
    "اثنا" => Front(2), "اثني" => Front(2), "اثنتا" => Front(2), "اثنتي" => Front(2), "ثنتا" => Front(2), "ثنتي" => Front(2),
    "ثلاث" => Unit(3), "ثلاثه" => Unit(3), "اربع" => Unit(4), "اربعه" => Unit(4), "خمس" => Unit(5), "خمسه" => Unit(5),
    "ست" => Unit(6), "سته" => Unit(6), "سبع" => Unit(7), "سبعه" => Unit(7),
    "ثمان" => Unit(8), "ثماني" => Unit(8), "ثمانيه" => Unit(8), "تسع" => Unit(9), "تسعه" => Unit(9),
    "واحدا" => Accusative(1), "ثلاثا" => Accusative(3), "اربعا" => Accusative(4), "خمسا" => Accusative(5), "ستا" => Accusative(6),
    "سبعا" => Accusative(7), "ثمانيا" => Accusative(8), "تسعا" => Accusative(9),
    "عشر" => Ten, "عشره" => Ten,
    "عشرون" => Tens(2), "عشرين" => Tens(2), "ثلاثون" => Tens(3), "ثلاثين" => Tens(3), "اربعون" => Tens(4), "اربعين" => Tens(4),
    "خمسون" => Tens(5), "خمسين" => Tens(5), "ستون" => Tens(6), "ستين" => Tens(6), "سبعون" => Tens(7), "سبعين" => Tens(7),
    "ثمانون" => Tens(8), "ثمانين" => Tens(8), "تسعون" => Tens(9), "تسعين" => Tens(9),
    "مئه" => Role::Hundred, "مائه" => Role::Hundred,
    "مئتان" => Hundreds(2), "مئتين" => Hundreds(2), "مئتا" => Hundreds(2), "مئتي" => Hundreds(2),
    "مائتان" => Hundreds(2), "مائتين" => Hundreds(2), "مائتا" => Hundreds(2), "مائتي" => Hundreds(2),
    "ثلاثمئه" => Hundreds(3), "ثلاثمائه" => Hundreds(3), "ثلثمئه" => Hundreds(3), "ثلثمائه" => Hundreds(3),
    "اربعمئه" => Hundreds(4), "اربعمائه" => Hundreds(4), "خمسمئه" => Hundreds(5), "خمسمائه" => Hundreds(5),
    "ستمئه" => Hundreds(6), "ستمائه" => Hundreds(6), "سبعمئه" => Hundreds(7), "سبعمائه" => Hundreds(7),
    "ثمانمئه" => Hundreds(8), "ثمانمائه" => Hundreds(8), "ثمانيمئه" => Hundreds(8), "ثمانيمائه" => Hundreds(8),
    "تسعمئه" => Hundreds(9), "تسعمائه" => Hundreds(9),
    "الف" => Scale(1, Singular), "الفا" => Scale(1, Alef), "الفان" => Scale(1, Dual), "الفين" => Scale(1, Dual), "الفي" => Scale(1, Dual),
    "الاف" => Scale(1, Plural), "الوف" => Scale(1, Plural),
    "مليون" => Scale(2, Singular), "مليونا" => Scale(2, Alef), "مليونان" => Scale(2, Dual), "مليونين" => Scale(2, Dual),
    "مليوني" => Scale(2, Dual), "ملايين" => Scale(2, Plural),
    "مليار" => Scale(3, Singular), "مليارا" => Scale(3, Alef), "ملياران" => Scale(3, Dual), "مليارين" => Scale(3, Dual),
    "ملياري" => Scale(3, Dual), "مليارات" => Scale(3, Plural),
    "بليون" => Scale(3, Singular), "بليونا" => Scale(3, Alef), "بليونان" => Scale(3, Dual), "بليونين" => Scale(3, Dual),
    "بليوني" => Scale(3, Dual), "بلايين" => Scale(3, Plural), "بليونات" => Scale(3, Plural),
    "تريليون" => Scale(4, Singular), "تريليونا" => Scale(4, Alef), "تريليونان" => Scale(4, Dual), "تريليونين" => Scale(4, Dual),
    "تريليوني" => Scale(4, Dual), "تريليونات" => Scale(4, Plural),
    "ترليون" => Scale(4, Singular), "ترليونا" => Scale(4, Alef), "ترليونان" => Scale(4, Dual), "ترليونين" => Scale(4, Dual),
    "ترليوني" => Scale(4, Dual), "ترليونات" => Scale(4, Plural),
    "كوادريليون" => Scale(5, Singular), "كوادريليونا" => Scale(5, Alef), "كوادريليونان" => Scale(5, Dual),
    "كوادريليونين" => Scale(5, Dual), "كوادريليوني" => Scale(5, Dual), "كوادريليونات" => Scale(5, Plural),
    "كوينتيليون" => Scale(6, Singular), "كوينتيليونا" => Scale(6, Alef), "كوينتيليونان" => Scale(6, Dual),
    "كوينتيليونين" => Scale(6, Dual), "كوينتيليوني" => Scale(6, Dual), "كوينتيليونات" => Scale(6, Plural),
    "عشرات" => Role::Vague, "مئات" => Role::Vague, "مائات" => Role::Vague,
    "نصف" => Part(Fraction::Half), "ثلث" => Part(Fraction::Third), "ربع" => Part(Fraction::Quarter),
    "اول" => Ordinal(1), "اولي" => Role::First, "ثان" => Ordinal(2), "ثاني" => Ordinal(2), "ثانيه" => Ordinal(2),
    "ثالث" => Ordinal(3), "ثالثه" => Ordinal(3), "رابع" => Ordinal(4), "رابعه" => Ordinal(4),
    "خامس" => Ordinal(5), "خامسه" => Ordinal(5), "سادس" => Ordinal(6), "سادسه" => Ordinal(6),
    "سابع" => Ordinal(7), "سابعه" => Ordinal(7), "ثامن" => Ordinal(8), "ثامنه" => Ordinal(8),
    "تاسع" => Ordinal(9), "تاسعه" => Ordinal(9), "عاشر" => Ordinal(10), "عاشره" => Ordinal(10),
    "حادي" => Role::Eleventh, "حاديه" => Role::Eleventh,
    "نيف" => Role::Nayyif, "بضع" => Role::Few, "بضعه" => Role::Few, "عده" => Role::Few,
};

/// What part a folded word (see [`crate::letter`]), clitics and all, can take in a number.
///
/// Allocates nothing; the answer depends on the word alone, so callers keep it per word type.
pub fn word_class(norm: &str) -> Option<NumWord> {
    let bare = |role| Some(NumWord { role, prefix: Prefix::default() });
    if norm.as_bytes().first()?.is_ascii_digit() {
        return if norm.bytes().any(|b| b.is_ascii_alphabetic()) { None } else { bare(Role::Digits) };
    }
    match norm {
        "و" => return bare(Role::And),
        "ال" | "وال" | "بال" | "لل" | "ولل" | "وبال" | "كال" => return bare(Role::Article),
        "ب" | "ل" | "ك" | "وب" | "ول" => return bare(Role::Particle),
        _ => {}
    }
    let (prefix, role) = split(norm, |stem| WORDS.get(stem).copied())?;
    // words that are written like a preposition and a part of a number
    let never = prefix.particle != Particle::None && matches!(role, Role::Nayyif | Role::Few | Role::First)
        || prefix.definite && matches!(role, Role::Few | Role::Nayyif);
    (!never).then_some(NumWord { role, prefix })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(s: &str) -> Option<Role> {
        word_class(&crate::letter::fold(s)).map(|w| w.role)
    }

    #[test]
    fn clitics_do_not_hide_numerals() {
        for w in ["وخمسون", "بخمسين", "للخمسين", "وبالخمسين", "الخمسين"] {
            assert_eq!(role(w), Some(Tens(5)), "{w}");
        }
        for w in ["آلاف", "الآلاف", "بآلاف", "للآلاف", "والآلاف"] {
            assert_eq!(role(w), Some(Scale(1, Plural)), "{w}");
        }
        assert!(size_of::<Option<NumWord>>() <= 8);
    }

    #[test]
    fn weekdays_are_no_numerals() {
        for w in ["الثلاثاء", "الأربعاء", "الخميس", "السبت", "الجمعة", "قال", "", "F16", "29A"]
        {
            assert_eq!(role(w), None, "{w}");
        }
    }
}
