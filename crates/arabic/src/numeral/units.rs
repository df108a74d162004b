use phf::phf_map;

use super::split;
use crate::{Kind as TokenKind, Tokens};

/// What a number counts, where that is a unit with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Percent,
    /// Money, with its ISO 4217 code where the country is known.
    Money(Option<&'static str>),
    /// A UCUM code.
    Measure(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noun {
    /// One code whatever follows.
    Money(&'static str),
    /// A currency of several countries, with the code meant where none is named.
    Shared(Currency, Option<&'static str>),
    Measure(&'static str),
    /// A length that مربع or مكعب may raise: code, squared, cubed.
    Length(&'static str, &'static str, &'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Currency {
    Dollar,
    Riyal,
    Dinar,
    Pound,
    Lira,
    Dirham,
    Franc,
    Rouble,
    Rupee,
    Krone,
    Peso,
}

use Currency::{Dinar, Dirham, Dollar, Franc, Krone, Lira, Peso, Pound, Riyal, Rouble, Rupee};
use Noun::{Length, Measure, Money, Shared};

const USD: Noun = Shared(Dollar, Some("USD"));
const RUB: Noun = Shared(Rouble, Some("RUB"));
const KM: Noun = Length("km", "km2", "km3");
const M: Noun = Length("m", "m2", "m3");
const CM: Noun = Length("cm", "cm2", "cm3");
const MM: Noun = Length("mm", "mm2", "mm3");
const MILE: Noun = Length("[mi_i]", "[smi_us]", "[mi_i]3");
const FOOT: Noun = Length("[ft_i]", "[sft_i]", "[cft_i]");

static NOUNS: phf::Map<&'static str, Noun> = phf_map! {
    "دولار" => USD, "دولارا" => USD, "دولارات" => USD, "دولاري" => USD,
    "يورو" => Money("EUR"), "يوروهات" => Money("EUR"),
    "ريال" => Shared(Riyal, None), "ريالا" => Shared(Riyal, None), "ريالات" => Shared(Riyal, None),
    "دينار" => Shared(Dinar, None), "دينارا" => Shared(Dinar, None), "دنانير" => Shared(Dinar, None),
    "جنيه" => Shared(Pound, None), "جنيها" => Shared(Pound, None), "جنيهات" => Shared(Pound, None),
    "ليره" => Shared(Lira, None), "ليرات" => Shared(Lira, None),
    "درهم" => Shared(Dirham, None), "درهما" => Shared(Dirham, None), "دراهم" => Shared(Dirham, None),
    "فرنك" => Shared(Franc, None), "فرنكا" => Shared(Franc, None), "فرنكات" => Shared(Franc, None),
    "روبل" => RUB, "روبلا" => RUB, "روبلات" => RUB,
    "روبيه" => Shared(Rupee, None), "روبيات" => Shared(Rupee, None),
    "كرونه" => Shared(Krone, None), "كرونات" => Shared(Krone, None), "كرون" => Shared(Krone, None),
    "بيزو" => Shared(Peso, None),
    "شيكل" => Money("ILS"), "شيكلا" => Money("ILS"), "شيقل" => Money("ILS"), "شيقلا" => Money("ILS"), "شواكل" => Money("ILS"),
    "يوان" => Money("CNY"), "يوانا" => Money("CNY"), "ين" => Money("JPY"), "ينا" => Money("JPY"),
    "وون" => Money("KRW"), "اوقيه" => Measure("[oz_av]"), "افغاني" => Money("AFN"),
    "usd" => Money("USD"), "eur" => Money("EUR"), "gbp" => Money("GBP"), "sar" => Money("SAR"), "aed" => Money("AED"),
    "egp" => Money("EGP"), "$" => Money("USD"), "€" => Money("EUR"), "£" => Money("GBP"), "₪" => Money("ILS"),
    "₽" => Money("RUB"), "₺" => Money("TRY"), "¥" => Money("JPY"),
    "كيلومتر" => KM, "كيلومترا" => KM, "كيلومترات" => KM, "كلم" => KM, "كم" => KM, "km" => KM,
    "متر" => M, "مترا" => M, "امتار" => M, "متار" => M,
    "سنتيمتر" => CM, "سنتيمترا" => CM, "سنتيمترات" => CM, "سنتمتر" => CM, "سنتمترا" => CM, "سم" => CM, "cm" => CM,
    "مليمتر" => MM, "مليمترا" => MM, "مليمترات" => MM, "ميليمتر" => MM, "ميليمترا" => MM, "ملليمتر" => MM, "ملم" => MM, "مم" => MM,
    "mm" => MM, "ميل" => MILE, "ميلا" => MILE, "اميال" => MILE, "قدم" => FOOT, "قدما" => FOOT, "اقدام" => FOOT,
    "بوصه" => Measure("[in_i]"), "بوصات" => Measure("[in_i]"), "انش" => Measure("[in_i]"),
    "ياردة" => Measure("[yd_i]"), "يارده" => Measure("[yd_i]"), "ياردات" => Measure("[yd_i]"),
    "هكتار" => Measure("har"), "هكتارا" => Measure("har"), "هكتارات" => Measure("har"),
    "طن" => Measure("t"), "طنا" => Measure("t"), "اطنان" => Measure("t"),
    "كيلوغرام" => Measure("kg"), "كيلوغراما" => Measure("kg"), "كيلوغرامات" => Measure("kg"), "كيلوجرام" => Measure("kg"),
    "كيلوجراما" => Measure("kg"), "كيلوجرامات" => Measure("kg"), "كلغ" => Measure("kg"), "كغ" => Measure("kg"), "كغم" => Measure("kg"),
    "كجم" => Measure("kg"), "كيلو" => Measure("kg"), "kg" => Measure("kg"),
    "غرام" => Measure("g"), "غراما" => Measure("g"), "غرامات" => Measure("g"), "جرام" => Measure("g"), "جراما" => Measure("g"),
    "جرامات" => Measure("g"),
    "لتر" => Measure("L"), "لترا" => Measure("L"), "لترات" => Measure("L"), "ليتر" => Measure("L"), "ليترا" => Measure("L"), "ليترات" => Measure("L"),
    "برميل" => Measure("[bbl_us]"), "برميلا" => Measure("[bbl_us]"), "براميل" => Measure("[bbl_us]"),
    "واط" => Measure("W"), "كيلوواط" => Measure("kW"), "كيلووات" => Measure("kW"), "ميغاواط" => Measure("MW"), "ميغاوات" => Measure("MW"),
    "ميجاواط" => Measure("MW"), "ميجاوات" => Measure("MW"), "غيغاواط" => Measure("GW"), "جيجاواط" => Measure("GW"), "جيجاوات" => Measure("GW"),
    "غيغاوات" => Measure("GW"), "mw" => Measure("MW"), "فولت" => Measure("V"), "ميغاهرتز" => Measure("MHz"),
};

/// Prefixes and nouns written as two words: `كيلو متر`, `ميغا واط`.
const SPACED: [(&str, &str, Noun); 10] = [
    ("كيلو", "متر", KM),
    ("كيلو", "مترا", KM),
    ("كيلو", "مترات", KM),
    ("كيلو", "غرام", Measure("kg")),
    ("كيلو", "جرام", Measure("kg")),
    ("ميغا", "واط", Measure("MW")),
    ("ميجا", "وات", Measure("MW")),
    ("كيلو", "واط", Measure("kW")),
    ("ميل", "بحري", Measure("[nmi_i]")),
    ("ميلا", "بحريا", Measure("[nmi_i]")),
];

static COUNTRIES: phf::Map<&'static str, &'static str> = phf_map! {
    "امريكي" => "US", "اميركي" => "US", "كندي" => "CA", "استرالي" => "AU", "نيوزيلندي" => "NZ", "سنغافوري" => "SG", "تايواني" => "TW",
    "سعودي" => "SA", "قطري" => "QA", "عماني" => "OM", "يمني" => "YE", "ايراني" => "IR", "برازيلي" => "BR",
    "ليبي" => "LY", "تونسي" => "TN", "عراقي" => "IQ", "اردني" => "JO", "كويتي" => "KW", "بحريني" => "BH", "جزائري" => "DZ", "صربي" => "RS",
    "مصري" => "EG", "استرليني" => "GB", "بريطاني" => "GB", "سوداني" => "SD", "سوري" => "SY", "لبناني" => "LB", "تركي" => "TR",
    "اماراتي" => "AE", "مغربي" => "MA", "سويسري" => "CH", "فرنسي" => "FR", "روسي" => "RU", "بيلاروسي" => "BY",
    "هندي" => "IN", "باكستاني" => "PK", "اندونيسي" => "ID", "سويدي" => "SE", "نرويجي" => "NO", "دنماركي" => "DK", "تشيكي" => "CZ",
    "مكسيكي" => "MX", "ارجنتيني" => "AR", "كولومبي" => "CO", "فلبيني" => "PH", "ايطالي" => "IT", "افريقي" => "XO",
};

fn code(currency: Currency, country: &str) -> Option<&'static str> {
    Some(match (currency, country) {
        (Dollar, "US") => "USD",
        (Dollar, "CA") => "CAD",
        (Dollar, "AU") => "AUD",
        (Dollar, "NZ") => "NZD",
        (Dollar, "SG") => "SGD",
        (Dollar, "TW") => "TWD",
        (Riyal, "SA") => "SAR",
        (Riyal, "QA") => "QAR",
        (Riyal, "OM") => "OMR",
        (Riyal, "YE") => "YER",
        (Riyal, "IR") => "IRR",
        (Riyal, "BR") => "BRL",
        (Dinar, "LY") => "LYD",
        (Dinar, "TN") => "TND",
        (Dinar, "IQ") => "IQD",
        (Dinar, "JO") => "JOD",
        (Dinar, "KW") => "KWD",
        (Dinar, "BH") => "BHD",
        (Dinar, "DZ") => "DZD",
        (Dinar, "RS") => "RSD",
        (Pound, "EG") => "EGP",
        (Pound, "GB") => "GBP",
        (Pound, "SD") => "SDG",
        (Lira | Pound, "SY") => "SYP",
        (Lira | Pound, "LB") => "LBP",
        (Lira, "TR") => "TRY",
        (Lira, "IT") => "ITL",
        (Dirham, "AE") => "AED",
        (Dirham, "MA") => "MAD",
        (Franc, "CH") => "CHF",
        (Franc, "FR") => "FRF",
        (Franc, "XO") => "XOF",
        (Rouble, "RU") => "RUB",
        (Rouble, "BY") => "BYN",
        (Rupee, "IN") => "INR",
        (Rupee, "PK") => "PKR",
        (Rupee, "ID") => "IDR",
        (Krone, "SE") => "SEK",
        (Krone, "NO") => "NOK",
        (Krone, "DK") => "DKK",
        (Krone, "CZ") => "CZK",
        (Peso, "MX") => "MXN",
        (Peso, "AR") => "ARS",
        (Peso, "CO") => "COP",
        (Peso, "PH") => "PHP",
        _ => return None,
    })
}

/// The country of an adjective in any gender, case and definiteness.
fn country(norm: &str) -> Option<&'static str> {
    let stem = norm.strip_prefix("ال").unwrap_or(norm);
    let stem = if stem.ends_with("يه") || stem.ends_with("يا") { &stem[..stem.len() - 2] } else { stem };
    let dual = || ["تين", "تان", "ين", "ان"].iter().find_map(|end| COUNTRIES.get(stem.strip_suffix(end)?));
    COUNTRIES.get(stem).or_else(dual).copied()
}

fn noun(norm: &str) -> Option<Noun> {
    NOUNS.get(norm).or_else(|| NOUNS.get(norm.strip_prefix("ال")?)).copied()
}

/// The unit that begins at token `at`, and its last token.
pub(crate) fn unit_at(tokens: &Tokens, at: usize) -> Option<(Unit, usize)> {
    let here = word(tokens, at)?;
    match here {
        "%" | "٪" | "بالمئه" | "بالمائه" | "بالميه" => return Some((Unit::Percent, at)),
        "في" => return is_hundred(word(tokens, at + 1)?).then_some((Unit::Percent, at + 1)),
        "درجه" | "درجات" => {
            let scale = word(tokens, at + 1)?;
            let celsius = scale.starts_with("مئوي") || scale.starts_with("مائوي");
            return celsius.then_some((Unit::Measure("Cel"), at + 1));
        }
        _ => {}
    }
    if tokens.all()[at].kind == TokenKind::Number {
        return None;
    }
    let next = word(tokens, at + 1).unwrap_or("");
    if let Some((_, _, noun)) = SPACED.iter().find(|(a, b, _)| *a == here && *b == next) {
        return Some(measure(tokens, *noun, at + 1));
    }
    // barrel bombs are counted, not measured
    if next.trim_start_matches("ال").starts_with("متفجر") {
        return None;
    }
    match noun(here)? {
        Money(code) => Some((Unit::Money(Some(code)), at)),
        Shared(currency, default) => match country(next) {
            Some(c) => Some((Unit::Money(code(currency, c)), at + 1)),
            None => Some((Unit::Money(default), at)),
        },
        found => Some(measure(tokens, found, at)),
    }
}

/// The unit whose dual is written at token `at` (`كيلومترين`, `ليرتان`), and its last token.
pub(crate) fn dual_at(tokens: &Tokens, at: usize) -> Option<(Unit, usize)> {
    let (_, unit) = split(tokens.norm(at), |stem| {
        let one = stem.strip_suffix("ان").or_else(|| stem.strip_suffix("ين"))?;
        let feminine = || NOUNS.get(&format!("{}ه", one.strip_suffix('ت')?)).copied();
        // shorter ones are parts of other words («سمين», «كمين», «عينان»)
        let long = one == "طن" || one.chars().count() > 2;
        // «أفغانيين» are people
        NOUNS.get(one).copied().or_else(feminine).filter(|_| long && !one.ends_with('ي'))
    })?;
    Some(match unit {
        Money(code) => (Unit::Money(Some(code)), at),
        Shared(currency, default) => match word(tokens, at + 1).and_then(country) {
            Some(c) => (Unit::Money(code(currency, c)), at + 1),
            None => (Unit::Money(default), at),
        },
        found => measure(tokens, found, at),
    })
}

fn measure(tokens: &Tokens, noun: Noun, at: usize) -> (Unit, usize) {
    let next = word(tokens, at + 1).unwrap_or("");
    let hour = |k: usize| matches!(word(tokens, k), Some("الساعه" | "ساعه"));
    let per_hour = next == "في" && hour(at + 2);
    match noun {
        Length(_, squared, _)
            if matches!(next, "مربع" | "مربعا" | "مربعه" | "المربع" | "المربعه" | "مربعين" | "مربعان") =>
        {
            (Unit::Measure(squared), at + 1)
        }
        Length(_, _, cubed)
            if matches!(next, "مكعب" | "مكعبا" | "مكعبه" | "المكعب" | "المكعبه" | "مكعبين" | "مكعبان") =>
        {
            (Unit::Measure(cubed), at + 1)
        }
        Length("km", ..) if per_hour => (Unit::Measure("km/h"), at + 2),
        Length("[mi_i]", ..) if per_hour => (Unit::Measure("[mi_i]/h"), at + 2),
        Length(code, ..) | Measure(code) => (Unit::Measure(code), at),
        Money(code) => (Unit::Money(Some(code)), at),
        Shared(_, default) => (Unit::Money(default), at),
    }
}

/// The sign of a currency or percentage written before its number (`$5`, `%5`).
pub(crate) fn sign(norm: &str) -> Option<Unit> {
    match norm {
        "%" | "٪" => Some(Unit::Percent),
        "$" | "€" | "£" | "₪" | "₽" | "₺" | "¥" => match NOUNS.get(norm) {
            Some(Money(code)) => Some(Unit::Money(Some(code))),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the word is the hundred of a percentage.
pub(crate) fn is_hundred(norm: &str) -> bool {
    matches!(norm, "المئه" | "المائه" | "الميه" | "مئه" | "مائه")
}

fn word<'t>(tokens: &'t Tokens, at: usize) -> Option<&'t str> {
    let token = tokens.all().get(at)?;
    (!token.line_start).then(|| tokens.norm(at))
}
