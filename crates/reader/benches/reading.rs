//! Speed of reading, by length of the article; the readers are warm, as they are after some articles.

use std::sync::{Arc, LazyLock};

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use model::Document;
use reader::article::Article;
use reader::words::Words;
use reader::{Engine, Reader};

/// Of our own writing; no such events took place.
const ARTICLE: &str = "\
موسكو تنفي إرسال مقاتلات إلى المنطقة
نفت وزارة الدفاع الروسية، أمس الأحد، أن تكون قد أرسلت مقاتلات من طراز «ميغ-29» إلى ليبيا، وقالت إن ما ينشر في الصحف لا أساس له. \
وكان المتحدث باسم الجيش أعلن أن ثماني طائرات وصلت إلى قاعدة الجفرة الجوية قادمة من سوريا، وأنها ستستخدم في قصف العاصمة طرابلس.
ونقلت وكالة رويترز عن مسؤول لم تسمّه قوله إن «ما لا يقل عن 14 دبابة سُلّمت إلى القوات خلال أسبوعين»، مضيفا أن 3 جنود قتلوا وأصيب 12 آخرون. \
واتهمت الحكومة الميليشيات بخرق وقف إطلاق النار، ودعت الأمم المتحدة إلى فرض عقوبات على من يرسل السلاح.
وبحسب صحيفة محلية، هدد قائد القوات بالانسحاب من المحادثات إذا استمر الحصار؛ فيما التقى وزير الخارجية نظيره التركي في أنقرة يوم الخميس الماضي.
";

const LENGTHS: [usize; 3] = [1_000, 10_000, 100_000];

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).expect("the shipped weights are whole"))
});

fn main() {
    divan::main();
}

fn document(length: usize) -> Document {
    let mut text = ARTICLE.repeat(length / ARTICLE.len() + 1);
    let end = (0..=length).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    text.truncate(end);
    Document { text, published: Some("2020-06-01".to_string()), ..Document::default() }
}

#[divan::bench(args = LENGTHS)]
fn article(bencher: Bencher, length: usize) {
    let document = document(length);
    let mut words = Words::default();
    bencher.counter(BytesCount::of_str(&document.text)).bench_local(|| {
        Article::new(black_box(&document.text), &mut words, ENGINE.knowledge());
    });
}

#[divan::bench(args = LENGTHS)]
fn analyse(bencher: Bencher, length: usize) {
    let document = document(length);
    let mut reader = Reader::new(&ENGINE);
    bencher.counter(BytesCount::of_str(&document.text)).bench_local(|| reader.analyse(black_box(&document)));
}

#[divan::bench(args = LENGTHS)]
fn read(bencher: Bencher, length: usize) {
    let document = document(length);
    let mut reader = Reader::new(&ENGINE);
    bencher.counter(BytesCount::of_str(&document.text)).bench_local(|| reader.read(black_box(&document)));
}
