//! Any text is read without panic, in time linear in its length, and read alike every time.

#[path = "../../../fuzz/src/lib.rs"]
mod checks;

use std::sync::{Arc, LazyLock};

use model::{Analysis, Document, Reading};
use proptest::prelude::*;
use reader::{Engine, Reader};

static ENGINE: LazyLock<Arc<Engine>> =
    LazyLock::new(|| Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).unwrap()));

const WORDS: [&str; 64] = [
    "قالت",
    "أعلن",
    "نفى",
    "اتهمت",
    "بحسب",
    "نقلا",
    "عن",
    "إن",
    "بأن",
    "لم",
    "لن",
    "هل",
    "إذا",
    "من",
    "المتحدث",
    "باسم",
    "الجيش",
    "الوزارة",
    "وزارة",
    "الدفاع",
    "الروسية",
    "روسيا",
    "ليبيا",
    "طرابلس",
    "حفتر",
    "رويترز",
    "الميليشيات",
    "الإرهابية",
    "مقاتلتين",
    "دبابة",
    "صواريخ",
    "طائرات",
    "مسيّرة",
    "قُتِلَ",
    "أصيب",
    "قصف",
    "أرسلت",
    "سلّمت",
    "سيرسلونها",
    "وللحكومة",
    "وبقواتهم",
    "خمسة",
    "عشر",
    "مئة",
    "وعشرون",
    "آلاف",
    "مليون",
    "نصف",
    "دولار",
    "ريال",
    "نحو",
    "أكثر",
    "بين",
    "اليوم",
    "أمس",
    "غدا",
    "الأحد",
    "الماضي",
    "المقبل",
    "أيار",
    "شوال",
    "الساعة",
    "مساء",
    "منذ",
];

fn piece() -> impl Strategy<Value = String> {
    let one_of = |list: &'static [&'static str]| prop::sample::select(list).prop_map(str::to_string);
    prop_oneof![
        24 => one_of(&WORDS),
        4 => one_of(&["،", "؛", ".", "؟", "!", ":", "…", "-", "–", "/", "(", ")", "٪", "%", "$", "€"]),
        4 => one_of(&["«", "»", "“", "”", "″", "„", "\"", "'", "❝", "❞"]),
        3 => "[0-9٠-٩۰-۹]{1,4}([-.,:/٫٬،'][0-9٠-٩۰-۹]{1,4}){0,3}",
        1 => "[0-9٠-٩]{15,60}",
        1 => one_of(&["12/3/2020", "2020-05-27", "31/2/2020", "10:30", "25:99", "1441هـ", "0", "5-3", "٤٠٤"]),
        2 => one_of(&["Mig-29", "Su", "T-72A", "7.62x39", "COVID-19", "a", "İstanbul", "ß", "中文", "שלום", "Ⅷ"]),
        2 => one_of(&["\0", "\u{1}", "\u{7f}", "\u{202e}", "\u{202b}", "\u{2066}", "\u{2067}", "\u{2069}", "\u{200f}", "\u{feff}", "\u{200c}", "\r", "\t", "\u{2029}"]),
        1 => one_of(&["ﷺ", "﷼", "ﷲ", "ﻻ", "ﹰ", "﴿", "﴾", "ـ", "ــــ", "ّ", "پ", "گ", "ی", "ے", "\u{fffd}", "𝄞", "🛩️"]),
        1 => (one_of(&["و", "ل", "ال", "سي", "ها", "كما", "َ", "x", "٩"]), 20usize..400).prop_map(|(s, n)| s.repeat(n)),
        1 => ".{1,8}",
        1 => any::<char>().prop_map(String::from),
    ]
}

fn text(most: usize) -> impl Strategy<Value = String> {
    let space =
        prop_oneof![12 => Just(" "), 3 => Just(""), 1 => Just("\n"), 1 => Just("\u{a0}"), 1 => Just("\r\n\r\n")];
    prop::collection::vec((piece(), space), 0..most)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(p, s)| [p, s.to_string()]).collect())
}

fn document() -> impl Strategy<Value = Document> {
    let published = prop::sample::select(vec![
        None,
        Some("2020-05-27"),
        Some("2020-05-27T10:00:00Z"),
        Some("2020-02-29"),
        Some("0000-01-01"),
        Some("9999-12-31"),
        Some("2020-13-45"),
        Some("يوم الأربعاء"),
        Some(""),
    ]);
    (prop::option::of(text(12)), text(160), published).prop_map(|(title, text, published)| Document {
        id: "مقال".to_string(),
        title,
        text,
        published: published.map(str::to_string),
        ..Document::default()
    })
}

/// Reads by a reader that has read `before`, and by a fresh one.
fn read_after(before: &[&str], text: &str) -> (Reading, Analysis) {
    let mut warm = Reader::new(&ENGINE);
    for text in before {
        warm.read(&Document { text: (*text).to_string(), ..Document::default() });
    }
    checks::read(&mut warm, Reader::new(&ENGINE), &Document { text: text.to_string(), ..Document::default() })
}

fn read(text: &str) -> (Reading, Analysis) {
    read_after(&[], text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_sound_layers(text in text(160)) {
        checks::layers(&text);
    }

    #[test]
    fn any_characters_have_sound_layers(text in "\\PC{0,200}|(.|\n){0,200}") {
        checks::layers(&text);
    }

    #[test]
    fn any_text_is_read_alike_whatever_was_read_before(documents in prop::collection::vec(document(), 1..3)) {
        let mut warm = Reader::new(&ENGINE);
        for document in &documents {
            checks::read(&mut warm, Reader::new(&ENGINE), document);
        }
    }
}

#[test]
fn an_empty_text_holds_nothing() {
    for text in ["", " ", "\n\n", "\0", "\u{202e}\u{feff}"] {
        let (reading, analysis) = read(text);
        assert_eq!(reading, Reading::default());
        assert_eq!(analysis, Analysis::default());
        checks::layers(text);
    }
}

#[test]
fn marks_alone_are_in_no_language() {
    for text in ["…", "123 456", "«»«»\"\"“”", "12/3/2020 10:30"] {
        let (reading, _) = read(text);
        assert_eq!(reading, Reading::default());
    }
}

#[test]
fn other_languages_are_told_and_not_read() {
    for (text, language) in [
        ("The ministry said that its forces withdrew from Tripoli on Sunday.", None),
        ("Министерство заявило, что войска отошли.", None),
        ("وزارت خارجه گفت که نیروهای این کشور از پایگاه عقب‌نشینی کرده‌اند", Some("fa")),
        ("وزیر خارجہ نے کہا ہے کہ فوج شہر سے واپس چلی گئی ہے", Some("ur")),
        ("政府宣布停火", None),
    ] {
        let (reading, analysis) = read(text);
        assert_eq!(reading, Reading { language: language.map(str::to_string), ..Reading::default() }, "{text}");
        assert!(!analysis.tokens.is_empty());
    }
}

#[test]
fn one_line_of_two_megabytes_ends() {
    let line = "قالت الوزارة إن القوات أرسلت مقاتلتين و3 دبابات إلى طرابلس أمس الأحد، ";
    let times = 2_000_000 / line.len() + 1;
    let text = line.repeat(times);
    let document = Document { text, ..Document::default() };
    let (reading, analysis) = checks::read_once(&mut Reader::new(&ENGINE), &document);
    assert_eq!(reading.language.as_deref(), Some("ar"));
    assert_eq!(analysis.tokens.len(), times * arabic::Tokens::new(line).len());
}

#[test]
fn one_line_of_words_without_a_mark_ends() {
    let text = WORDS.join(" ") + " ";
    checks::layers(&text.repeat(1_000_000 / text.len()));
}

#[test]
fn fifty_thousand_open_quotations_end() {
    for mark in ["«", "“", "\"", "„", "”"] {
        for with in ["", " ", "قال ", "\n"] {
            let text = format!("قال{}", format!("{mark}{with}").repeat(50_000));
            checks::layers(&text);
        }
    }
    read(&format!("قال المتحدث: {}", "«".repeat(50_000)));
    read(&format!("قال المتحدث: {}", "«نعم ".repeat(50_000)));
}

#[test]
fn a_word_of_a_million_characters_ends() {
    for letter in ["و", "م", "ال", "َ", "ـ", "9", "٩", "٩.", "x", "x-", "ﷺ", "\u{202e}", "\0"] {
        let word = letter.repeat(1_000_000 / letter.chars().count());
        checks::layers(&word);
        read(&format!("قالت الوزارة {word} أمس"));
    }
}

#[test]
fn a_full_cache_changes_no_reading() {
    // more different words than a reader keeps
    let letters: Vec<char> = "بتجحدرسصطعفقلمنه".chars().collect();
    let word = |n: usize| (0..5).map(|i| letters[n >> (4 * i) & 15]).collect::<String>();
    let many = (0..70_000).map(word).collect::<Vec<_>>().join(" ");
    let article = "قالت وزارة الدفاع الروسية إن 3 مقاتلات وصلت إلى طرابلس أمس. ونفى المتحدث باسم الجيش ذلك.";
    read_after(&[article, &many, article], article);
    read_after(&[&many], &many[..many.len() / 8]);
}

#[test]
fn a_sign_that_spells_a_word_is_not_taken_for_it() {
    // `﷼` folds to the letters of the word
    read_after(&["دفع 5 ﷼ في السوق"], "دفع 5 ريال في السوق");
    read_after(&["دفع 5 ريال في السوق"], "دفع 5 ﷼ في السوق");
    read_after(&["﴿ قال ﴾"], "قال ﹰ الجيش");
}
