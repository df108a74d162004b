/// The case endings that tell number words apart in writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// عشرون، مئتان، اثنا عشر.
    Nominative,
    /// عشرين، مئتين، اثني عشر; as a genitive.
    Oblique,
    /// The same in the accusative, which units before tens show: ثلاثاً وعشرين.
    Accusative,
}

/// The gender of what is counted (the numeral's own may be the opposite).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// ثلاثة رجال.
    Masculine,
    /// ثلاث نساء.
    Feminine,
}

const MASCULINE: [&str; 11] = ["صفر", "واحد", "", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"];
const FEMININE: [&str; 11] = ["صفر", "واحدة", "", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"];
const TENS: [&str; 10] = ["", "", "عشر", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع"];
/// Singular, accusative, dual stem, plural of each power of a thousand.
const SCALES: [[&str; 4]; 7] = [
    ["", "", "", ""],
    ["ألف", "ألفاً", "ألف", "آلاف"],
    ["مليون", "مليوناً", "مليون", "ملايين"],
    ["مليار", "ملياراً", "مليار", "مليارات"],
    ["تريليون", "تريليوناً", "تريليون", "تريليونات"],
    ["كوادريليون", "كوادريليوناً", "كوادريليون", "كوادريليونات"],
    ["كوينتيليون", "كوينتيليوناً", "كوينتيليون", "كوينتيليونات"],
];

/// Writes `n` in words as an agency would: for tests, for pages and for checking a reading.
///
/// `joined` chooses ثلاثمئة over ثلاث مئة.
pub fn to_words(n: u64, case: Case, gender: Gender, joined: bool) -> String {
    if n == 0 {
        return "صفر".to_owned();
    }
    let writer = Writer { case, joined };
    let mut parts: Vec<String> = Vec::new();
    for power in (0..7).rev() {
        let count = (n / 1000u64.pow(power)) % 1000;
        if count == 0 {
            continue;
        }
        parts.push(match power {
            0 => writer.below_thousand(count, gender, false),
            _ => writer.scaled(count, &SCALES[power as usize]),
        });
    }
    parts.join(" و")
}

struct Writer {
    case: Case,
    joined: bool,
}

impl Writer {
    const fn dual(&self, construct: bool) -> &'static str {
        match (self.case, construct) {
            (Case::Nominative, false) => "ان",
            (Case::Nominative, true) => "ا",
            (Case::Oblique | Case::Accusative, false) => "ين",
            (Case::Oblique | Case::Accusative, true) => "ي",
        }
    }

    fn scaled(&self, count: u64, scale: &[&str; 4]) -> String {
        let [singular, accusative, dual, plural] = scale;
        match count {
            1 => (*singular).to_owned(),
            2 => format!("{dual}{}", self.dual(false)),
            _ => {
                let counted = match count % 100 {
                    3..=10 => plural,
                    11..=99 => accusative,
                    _ => singular,
                };
                format!("{} {counted}", self.below_thousand(count, Gender::Masculine, true))
            }
        }
    }

    fn below_thousand(&self, n: u64, gender: Gender, counts_a_scale: bool) -> String {
        let (hundreds, rest) = (n / 100, n % 100);
        let hundred = match hundreds {
            0 => String::new(),
            1 => "مئة".to_owned(),
            2 => format!("مئت{}", self.dual(counts_a_scale && rest == 0)),
            _ if self.joined => format!("{}مئة", TENS[hundreds as usize]),
            _ => format!("{} مئة", FEMININE[hundreds as usize]),
        };
        match (hundred.is_empty(), rest) {
            (_, 0) => hundred,
            (true, _) => self.below_hundred(rest, gender),
            (false, _) => format!("{hundred} و{}", self.below_hundred(rest, gender)),
        }
    }

    fn below_hundred(&self, n: u64, gender: Gender) -> String {
        let unit = |u: u64| match (u, gender) {
            (2, Gender::Masculine) => format!("اثن{}", self.dual(false)),
            (2, Gender::Feminine) => format!("اثنت{}", self.dual(false)),
            (_, Gender::Masculine) => MASCULINE[u as usize].to_owned(),
            (_, Gender::Feminine) => FEMININE[u as usize].to_owned(),
        };
        let (tens, units) = (n / 10, n % 10);
        match (n, gender) {
            (0..=10, _) => unit(n),
            (11, Gender::Masculine) => "أحد عشر".to_owned(),
            (11, Gender::Feminine) => "إحدى عشرة".to_owned(),
            (12, Gender::Masculine) => format!("اثن{} عشر", self.dual(true)),
            (12, Gender::Feminine) => format!("اثنت{} عشرة", self.dual(true)),
            (13..=19, Gender::Masculine) => format!("{} عشر", unit(units)),
            (13..=19, Gender::Feminine) => format!("{} عشرة", unit(units)),
            _ => {
                let ending = if self.case == Case::Nominative { "ون" } else { "ين" };
                let tens = format!("{}{ending}", TENS[tens as usize]);
                // only units that end in a consonant or in ي take the alef of the accusative
                let shown = self.case == Case::Accusative
                    && (units > 2 && gender == Gender::Feminine || units == 1 && gender == Gender::Masculine);
                match (units, gender) {
                    (0, _) => tens,
                    (1, Gender::Feminine) => format!("إحدى و{tens}"),
                    _ if shown => format!("{}اً و{tens}", unit(units)),
                    _ => format!("{} و{tens}", unit(units)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_and_case() {
        for (n, case, gender, joined, expected) in [
            (0, Case::Nominative, Gender::Masculine, true, "صفر"),
            (11, Case::Nominative, Gender::Feminine, true, "إحدى عشرة"),
            (12, Case::Oblique, Gender::Masculine, true, "اثني عشر"),
            (250_003, Case::Nominative, Gender::Masculine, true, "مئتان وخمسون ألفاً وثلاثة"),
            (300, Case::Nominative, Gender::Masculine, false, "ثلاث مئة"),
            (800, Case::Nominative, Gender::Masculine, true, "ثمانمئة"),
            (200_000, Case::Oblique, Gender::Masculine, true, "مئتي ألف"),
            (2_005_000, Case::Oblique, Gender::Feminine, true, "مليونين وخمسة آلاف"),
            (21, Case::Nominative, Gender::Feminine, true, "إحدى وعشرون"),
        ] {
            assert_eq!(to_words(n, case, gender, joined), expected);
        }
    }
}
