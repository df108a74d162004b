use phf::phf_map;

use crate::numeral::{self, Prefix, split};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
    Century,
}

/// How many a noun of time names by its own form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    One,
    Two,
    /// The dual before its noun (يومي السبت والأحد), written like the adjective "daily".
    TwoOf,
    Many,
}

/// How much of its surroundings a month's name needs to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trust {
    /// Also an everyday word: needs a year or شهر.
    Least,
    /// Also a name: needs a day, a year, شهر or a relative adjective.
    Weak,
    /// Mostly a month: a preposition of time is enough.
    Medium,
    /// A month wherever it stands.
    Sure,
}

/// The first word of a month named by two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    Kanun,
    Tishrin,
    /// Also the spring.
    Rabi,
    Jumada,
    Dhu,
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Dawn,
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

/// A word that ties a time to the moment of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    Before,
    After,
    Since,
    Within,
    Every,
}

/// A relative adjective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Past,
    Future,
    Current,
}

/// What a word can be in a time expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Number(numeral::Role),
    Month(i8, Trust),
    Hijri(i8, Trust),
    Head(Head),
    /// Days after Monday.
    Weekday(i8),
    Unit(Unit, Count),
    /// Days from the reference.
    Offset(i8),
    Part(Part),
    /// صباحاً: a part of the day as an adverb.
    At(Part),
    Vague,
    Often(Unit),
    /// EDTF season, 21 to 24.
    Season(i8),
    /// The tens of a decade.
    Decade(i8),
    Edge,
    Tie(Tie),
    Relative(Direction),
    /// الأخير: relative to now in durations only.
    Latest,
    /// وقت سابق, الآونة الأخيرة: vague with the word that follows.
    Span,
}

/// One word's place in time expressions: a few bytes, to be cached per word type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeWord {
    pub(crate) role: Role,
    pub(crate) prefix: Prefix,
}

impl TimeWord {
    /// Whether a number before the word counts time and nothing else: «22 عاما», «20 يوليو».
    pub fn is_counted(&self) -> bool {
        match self.role {
            Role::Unit(..) | Role::Head(_) => true,
            Role::Month(_, trust) | Role::Hijri(_, trust) => trust >= Trust::Medium,
            _ => false,
        }
    }
}

use Count::{Many, One, Two, TwoOf};
use Role::{At, Decade, Hijri, Month, Often, Season, Weekday};
use Trust::{Least, Medium, Sure, Weak};
use Unit::{Century, Day, Hour, Minute, Second, Week, Year};

const PAST: Role = Role::Relative(Direction::Past);
const FUTURE: Role = Role::Relative(Direction::Future);
const CURRENT: Role = Role::Relative(Direction::Current);

static WORDS: phf::Map<&'static str, Role> = phf_map! {
    // Gulf and Egypt
    "يناير" => Month(1, Sure), "فبراير" => Month(2, Sure), "مارس" => Month(3, Medium), "ابريل" => Month(4, Sure), "مايو" => Month(5, Medium),
    "يونيو" => Month(6, Sure), "يونيه" => Month(6, Sure), "يوليو" => Month(7, Sure), "يوليه" => Month(7, Sure), "اغسطس" => Month(8, Sure),
    "سبتمبر" => Month(9, Sure), "اكتوبر" => Month(10, Sure), "نوفمبر" => Month(11, Sure), "ديسمبر" => Month(12, Sure),
    // Levant
    "شباط" => Month(2, Sure), "اذار" => Month(3, Sure), "نيسان" => Month(4, Medium), "ايار" => Month(5, Sure), "حزيران" => Month(6, Sure),
    "تموز" => Month(7, Sure), "اب" => Month(8, Weak), "ايلول" => Month(9, Sure),
    "كانون" => Role::Head(Head::Kanun), "تشرين" => Role::Head(Head::Tishrin),
    // Maghreb
    "جانفي" => Month(1, Sure), "فيفري" => Month(2, Sure), "افريل" => Month(4, Sure), "ماي" => Month(5, Weak), "جوان" => Month(6, Weak),
    "جويليه" => Month(7, Sure), "اوت" => Month(8, Weak), "يوليوز" => Month(7, Sure), "غشت" => Month(8, Sure), "شتنبر" => Month(9, Sure),
    "نونبر" => Month(11, Sure), "دجنبر" => Month(12, Sure),
    // Hijri
    "محرم" => Hijri(1, Weak), "صفر" => Hijri(2, Least), "ربيع" => Role::Head(Head::Rabi), "جمادي" => Role::Head(Head::Jumada),
    "جمادا" => Role::Head(Head::Jumada), "رجب" => Hijri(7, Weak), "شعبان" => Hijri(8, Weak), "رمضان" => Hijri(9, Medium), "شوال" => Hijri(10, Medium),
    "ذو" => Role::Head(Head::Dhu), "ذي" => Role::Head(Head::Dhu),
    "اثنين" => Weekday(0), "ثلاثاء" => Weekday(1), "ثلثاء" => Weekday(1), "اربعاء" => Weekday(2), "خميس" => Weekday(3), "جمعه" => Weekday(4), "سبت" => Weekday(5),
    "احد" => Weekday(6),
    "ثواني" => Role::Unit(Second, Many), "ثوان" => Role::Unit(Second, Many), "ثانيتين" => Role::Unit(Second, Two),
    "دقيقه" => Role::Unit(Minute, One), "دقائق" => Role::Unit(Minute, Many), "دقايق" => Role::Unit(Minute, Many),
    "دقيقتان" => Role::Unit(Minute, Two), "دقيقتين" => Role::Unit(Minute, Two),
    "ساعه" => Role::Unit(Hour, One), "ساعات" => Role::Unit(Hour, Many), "ساعتان" => Role::Unit(Hour, Two), "ساعتين" => Role::Unit(Hour, Two),
    "يوم" => Role::Unit(Day, One), "يوما" => Role::Unit(Day, One), "ايام" => Role::Unit(Day, Many), "اياما" => Role::Unit(Day, Many),
    "يومان" => Role::Unit(Day, Two), "يومين" => Role::Unit(Day, Two), "يومي" => Role::Unit(Day, TwoOf), "ليلتين" => Role::Unit(Day, Two),
    "اسبوع" => Role::Unit(Week, One), "اسبوعا" => Role::Unit(Week, One), "اسابيع" => Role::Unit(Week, Many),
    "اسبوعان" => Role::Unit(Week, Two), "اسبوعين" => Role::Unit(Week, Two),
    "شهر" => Role::Unit(Unit::Month, One), "شهرا" => Role::Unit(Unit::Month, One), "اشهر" => Role::Unit(Unit::Month, Many), "شهور" => Role::Unit(Unit::Month, Many),
    "اشهرا" => Role::Unit(Unit::Month, Many), "شهران" => Role::Unit(Unit::Month, Two), "شهرين" => Role::Unit(Unit::Month, Two),
    "شهري" => Role::Unit(Unit::Month, TwoOf),
    "عام" => Role::Unit(Year, One), "عاما" => Role::Unit(Year, One), "اعوام" => Role::Unit(Year, Many), "اعواما" => Role::Unit(Year, Many),
    "عامان" => Role::Unit(Year, Two), "عامين" => Role::Unit(Year, Two), "عامي" => Role::Unit(Year, TwoOf),
    "سنه" => Role::Unit(Year, One), "سنوات" => Role::Unit(Year, Many), "سنين" => Role::Unit(Year, Many), "سنتان" => Role::Unit(Year, Two),
    "سنتين" => Role::Unit(Year, Two), "سنتي" => Role::Unit(Year, TwoOf),
    "عقد" => Role::Unit(Unit::Decade, One), "عقدا" => Role::Unit(Unit::Decade, One), "عقود" => Role::Unit(Unit::Decade, Many),
    "عقدان" => Role::Unit(Unit::Decade, Two), "عقدين" => Role::Unit(Unit::Decade, Two),
    "قرن" => Role::Unit(Century, One), "قرنا" => Role::Unit(Century, One), "قرون" => Role::Unit(Century, Many),
    "قرنان" => Role::Unit(Century, Two), "قرنين" => Role::Unit(Century, Two),
    "امس" => Role::Offset(-1), "بارحه" => Role::Offset(-1), "غد" => Role::Offset(1), "غدا" => Role::Offset(1),
    "فجر" => Role::Part(Part::Dawn), "صباح" => Role::Part(Part::Morning), "ظهر" => Role::Part(Part::Noon), "ظهيره" => Role::Part(Part::Noon),
    "عصر" => Role::Part(Part::Afternoon), "مساء" => Role::Part(Part::Evening), "ليل" => Role::Part(Part::Night), "ليله" => Role::Part(Part::Night),
    "فجرا" => At(Part::Dawn), "صباحا" => At(Part::Morning), "ظهرا" => At(Part::Noon), "عصرا" => At(Part::Afternoon),
    "مساءا" => At(Part::Evening), "ليلا" => At(Part::Night),
    "مؤخرا" => Role::Vague, "موخرا" => Role::Vague, "حاليا" => Role::Vague, "قريبا" => Role::Vague, "لاحقا" => Role::Vague, "سابقا" => Role::Vague,
    "الان" => Role::Vague, "اونه" => Role::Span, "وقت" => Role::Span,
    "يوميا" => Often(Day), "اسبوعيا" => Often(Week), "شهريا" => Often(Unit::Month), "سنويا" => Often(Year),
    "صيف" => Season(22), "خريف" => Season(23), "شتاء" => Season(24),
    "عشرينيات" => Decade(2), "عشرينات" => Decade(2), "ثلاثينيات" => Decade(3), "ثلاثينات" => Decade(3), "اربعينيات" => Decade(4), "اربعينات" => Decade(4),
    "خمسينيات" => Decade(5), "خمسينات" => Decade(5), "ستينيات" => Decade(6), "ستينات" => Decade(6), "سبعينيات" => Decade(7), "سبعينات" => Decade(7),
    "ثمانينيات" => Decade(8), "ثمانينات" => Decade(8), "تسعينيات" => Decade(9), "تسعينات" => Decade(9),
    "مطلع" => Role::Edge, "بدايه" => Role::Edge, "اوائل" => Role::Edge, "منتصف" => Role::Edge, "اواسط" => Role::Edge, "نهايه" => Role::Edge,
    "اواخر" => Role::Edge, "مستهل" => Role::Edge, "ختام" => Role::Edge, "غره" => Role::Edge,
    "قبل" => Role::Tie(Tie::Before), "بعد" => Role::Tie(Tie::After), "منذ" => Role::Tie(Tie::Since), "خلال" => Role::Tie(Tie::Within),
    "غضون" => Role::Tie(Tie::Within), "ظرف" => Role::Tie(Tie::Within), "طوال" => Role::Tie(Tie::Within), "طيله" => Role::Tie(Tie::Within),
    "مده" => Role::Tie(Tie::Within), "كل" => Role::Tie(Tie::Every),
    "ماضي" => PAST, "ماضيه" => PAST, "ماضيين" => PAST, "ماضيتين" => PAST, "منصرم" => PAST, "منصرمه" => PAST, "منصرمين" => PAST, "فائت" => PAST,
    "فائته" => PAST, "فائتين" => PAST,
    "مقبل" => FUTURE, "مقبله" => FUTURE, "مقبلين" => FUTURE, "مقبلتين" => FUTURE, "قادم" => FUTURE, "قادمه" => FUTURE, "قادمين" => FUTURE,
    "قادمتين" => FUTURE, "اتي" => FUTURE, "اتيه" => FUTURE,
    "جاري" => CURRENT, "جاريه" => CURRENT, "حالي" => CURRENT, "حاليه" => CURRENT, "راهن" => CURRENT, "راهنه" => CURRENT,
    "اخير" => Role::Latest, "اخيره" => Role::Latest, "اخيرين" => Role::Latest, "اخيرتين" => Role::Latest,
};

/// What part a folded word (see [`crate::letter`]), clitics and all, can take in a time expression.
///
/// Numerals are among them. Allocates nothing; callers keep the answer per word type.
pub fn word_class(norm: &str) -> Option<TimeWord> {
    let found = split(norm, |stem| WORDS.get(stem).copied());
    let number = || numeral::word_class(norm).map(|w| TimeWord { role: Role::Number(w.role), prefix: w.prefix });
    let Some((prefix, role)) = found else { return number() };
    match role {
        // without the article these are "one of" and "two"
        Weekday(0 | 6) if !prefix.definite => number(),
        // the adverb is one word; الآن in front of it is no article
        Role::Relative(_) | Role::Latest if !(prefix.definite && prefix.bare()) => number(),
        Role::Vague if prefix.definite => None,
        _ => Some(TimeWord { role, prefix }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_and_numerals_part_by_the_article() {
        let role = |w| word_class(w).map(|c| c.role);
        assert_eq!(role("الاثنين"), Some(Weekday(0)));
        assert_eq!(role("للاحد"), Some(Weekday(6)));
        assert_eq!(role("اثنين"), Some(Role::Number(numeral::Role::Unit(2))));
        assert_eq!(role("احد"), Some(Role::Number(numeral::Role::Front(1))));
        assert_eq!(role("27"), Some(Role::Number(numeral::Role::Digits)));
        assert_eq!(role("ماضي"), None);
        assert!(size_of::<Option<TimeWord>>() <= 12);
    }
}
