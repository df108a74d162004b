//! Which words are read as two of what they name. The sentences are invented.

use std::sync::{Arc, LazyLock};

use model::{Bound, Document};
use reader::{Engine, Reader};

static ENGINE: LazyLock<Arc<Engine>> =
    LazyLock::new(|| Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).unwrap()));

fn document(text: &str) -> Document {
    Document { text: text.to_string(), ..Document::default() }
}

/// The words of a text that are twos, with their bounds and units.
fn twos(text: &str) -> Vec<(String, Bound, Option<String>)> {
    let numbers = Reader::new(&ENGINE).analyse(&document(text)).numbers;
    let words = |n: &model::NumberValue| text.chars().skip(n.span.start as usize).take(n.span.len() as usize).collect();
    numbers
        .iter()
        .filter(|n| n.value == Some(2.0) && n.kind != "ordinal")
        .map(|n| (words(n), n.bound, n.unit.clone()))
        .collect()
}

#[test]
fn nouns_in_the_dual_tell_two() {
    let mut failures = Vec::new();
    for (sentence, expected) in [
        ("أغرقت البحرية سفينتين قرب الجزيرة.", &["سفينتين"] as &[&str]),
        ("احترقت حافلتان وشاحنة في المرأب.", &["حافلتان"]),
        ("اتفقت العاصمتان على تبادل الأسرى.", &["العاصمتان"]),
        ("فتح الجيش معبرين حدوديين مع الجارة الشمالية.", &["معبرين"]),
        ("قتل جنديين عند الحاجز.", &["جنديين"]),
        ("استقال وزيران وثلاثة نواب.", &["وزيران"]),
        ("أصيب ضابطان في الكمين.", &["ضابطان"]),
        ("نفى قياديان في الحزب الخبر.", &["قياديان"]),
        ("أغار الطيران على محطتي كهرباء في الضاحية.", &["محطتي"]),
        ("سيطر الجيش على مدينتي الرملة والسدرة.", &["مدينتي"]),
        ("دخلت قوات من سلاحي البر والبحر.", &["سلاحي"]),
        ("عاد الوفدان إلى عاصمتيهما.", &["الوفدان", "عاصمتيهما"]),
        ("هاجم انتحاريان إرهابيان الثكنة.", &["انتحاريان"]),
        ("وصل شخصان اثنان إلى المخفر.", &["اثنان"]),
        ("قذف المهاجمون قذيفتي هاون على الثكنة.", &["قذيفتي"]),
        ("تقدم الفيلقان الثاني والثالث.", &["الفيلقان"]),
    ] {
        let found: Vec<String> = twos(sentence).into_iter().map(|n| n.0).collect();
        if found != expected {
            failures.push(format!("{sentence}: {found:?}, not {expected:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_written_like_a_dual_is_none() {
    for sentence in [
        "سلكت القافلة طرقا جبلية وعرة.",
        "وصل إلى نقطة حدودية مهجورة.",
        "شن الجيش قصفا صاروخيا على التلال.",
        "قدم تقريره الأسبوعي أمس.",
        "وأضاف: غادرت عائلتي إلى القرية، وعدت إلى بيتي.",
        "هذا كتابي الجديد.",
        "قال النهاري إن الطريق سالك.",
        "لعب الصبيان والفتيان في الساحة.",
        "تحدث عن بلدان الجوار وعن بطلان العقد.",
        "زار باكستان وأفغانستان وبساتين الغوطة.",
        "وقف المحتجون مطالبين بالعدل ومعبرين عن غضبهم.",
        "اعتقلت الشرطة عددا من الناشطين والمهندسين.",
        "عاد الناس إلى أهليهم.",
    ] {
        assert_eq!(twos(sentence), [], "{sentence}");
    }
}

#[test]
fn two_have_bounds_and_units() {
    let one = |text: &str| twos(text).first().map(|n| (n.1, n.2.clone()));
    assert_eq!(one("جرح شخصان على الأقل في الانفجار."), Some((Bound::AtLeast, None)));
    assert_eq!(one("احترق ما لا يقل عن سفينتين."), Some((Bound::AtLeast, None)));
    assert_eq!(one("تقدمت الدوريات نحو قريتين."), Some((Bound::Exact, None)));
    assert_eq!(one("ضبط الحرس طنين من التبغ."), Some((Bound::Exact, Some("t".into()))));
    assert_eq!(one("تقدموا نحو كيلومترين."), Some((Bound::About, Some("km".into()))));
}

#[test]
fn the_bound_of_two_killed_is_told() {
    let reading = Reader::new(&ENGINE).read(&document("قتل جنديان على الأقل في هجوم على ثكنة للجيش."));
    let harms: Vec<_> = reading.events.iter().filter_map(|e| e.harm).map(|h| (h.killed, h.bound)).collect();
    assert!(harms.contains(&(Some(2), Bound::AtLeast)), "{harms:?}");
}
