//! Speed of the layers on an article of 100 kB.

use arabic::{Tokens, numeral, sentence, time};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

/// Of our own writing; no such events took place.
const ARTICLE: &str = "\
وزارة الدفاع: وصول ثلاث سفن إلى الميناء
أعلنت وزارة الدفاع، أمس الأحد، أن ثلاث سفن تحمل نحو 1200 طن من المساعدات وصلت إلى الميناء في الساعة العاشرة والنصف صباحا. \
وقال المتحدث باسم الوزارة إن «السفينة الأولى أبحرت في 27 أيار 2020، وستعود خلال أسبوعين»، مضيفا أن كلفة الرحلة تتجاوز مليونين وخمسمئة ألف دولار.
ونقلت وكالة الأنباء عن مسؤول محلي لم تسمّه أن ما لا يقل عن خمسة وعشرين عاملا شاركوا في التفريغ، بينهم 8 مهندسين، وأن 12.5% من الحمولة أدوية. \
وبحسب بيان صدر في 4 شوال 1441هـ، فإن من المقرر أن تصل سفينة رابعة يوم الخميس المقبل؛ لكن المدينة تبعد 45 كيلومترا عن الطريق. هل تكفي المساعدات؟ لم يجب البيان.
";

fn main() {
    divan::main();
}

fn article() -> String {
    ARTICLE.repeat(100_000 / ARTICLE.len() + 1)
}

#[divan::bench]
fn tokens(bencher: Bencher) {
    let text = article();
    bencher.counter(BytesCount::of_str(&text)).bench(|| Tokens::new(black_box(&text)));
}

#[divan::bench]
fn sentences(bencher: Bencher) {
    let text = article();
    let tokens = Tokens::new(&text);
    bencher.counter(BytesCount::of_str(&text)).bench(|| sentence::sentences(black_box(&tokens)));
}

/// The class of every word is known, as it is in the reader.
#[divan::bench]
fn numerals(bencher: Bencher) {
    let text = article();
    let tokens = Tokens::new(&text);
    let classes: Vec<_> = (0..tokens.len()).map(|i| numeral::word_class(tokens.norm(i))).collect();
    bencher.counter(BytesCount::of_str(&text)).bench(|| numeral::numbers(black_box(&tokens), &classes));
}

/// The class of every word is known, as it is in the reader.
#[divan::bench]
fn times(bencher: Bencher) {
    let text = article();
    let tokens = Tokens::new(&text);
    let classes: Vec<_> = (0..tokens.len()).map(|i| time::word_class(tokens.norm(i))).collect();
    let published = "2020-06-01".parse().ok();
    bencher.counter(BytesCount::of_str(&text)).bench(|| time::times(black_box(&tokens), &classes, published));
}
