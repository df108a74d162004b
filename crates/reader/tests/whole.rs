//! What is told across words and sentences: parts of a delivery, the number of a thing told after it, relays that hold for
//! a whole telling; and the reasons that a reading gives. The texts are invented.

use std::sync::{Arc, LazyLock};

use model::{Bound, Document, Reading, Thing};
use reader::{Engine, Reader};

static ENGINE: LazyLock<Arc<Engine>> =
    LazyLock::new(|| Arc::new(Engine::new(lexicon_data::open(), None, &weights::open()).unwrap()));

fn read(text: &str) -> Reading {
    let document = Document { text: text.to_string(), ..Document::default() };
    Reader::new(&ENGINE).read(&document)
}

fn words(text: &str, span: model::Span) -> String {
    text.chars().skip(span.start as usize).take(span.len() as usize).collect()
}

/// Things of the reading, with their words.
fn things(text: &str) -> Vec<(String, Thing)> {
    let all = read(text).events.into_iter().flat_map(|e| e.things);
    all.map(|t| (words(text, t.span), t)).collect()
}

#[test]
fn the_parts_of_a_delivery_belong_to_it() {
    let text = "روسيا ترسل مقاتلات إلى الجيش السوري\n\
        كشف وزير الدفاع عن إرسال روسيا 8 مقاتلات إلى الجيش السوري. \
        وأضاف الوزير أن من بين المقاتلات 6 من طراز ميغ-29 ومقاتلتين من طراز سو-24.";
    let things = things(text);
    let parts: Vec<_> = things.iter().filter(|t| t.1.part).map(|t| (t.1.count, t.1.model.as_deref())).collect();
    assert_eq!(parts, [(Some(6.0), Some("MiG-29")), (Some(2.0), Some("Su-24"))], "{things:?}");
    assert!(things.iter().any(|t| t.1.count == Some(8.0) && !t.1.part), "{things:?}");
    // more than the whole is no part of it
    let text = text.replace(" 8 ", " 7 ");
    let more = self::things(&text);
    assert!(more.iter().all(|t| !t.1.part), "{more:?}");
}

#[test]
fn the_number_of_a_thing_may_be_told_after_it() {
    let text = "أرسلت روسيا مقاتلين إلى الجيش السوري يقدر عددهم بنحو 1200 مقاتل.";
    let found = things(text);
    assert!(
        found.iter().any(|(w, t)| w.starts_with("مقاتلين") && t.count == Some(1200.0) && t.bound == Bound::About),
        "{found:?}"
    );
}

/// The chain of each statement: its links in words.
fn chains(text: &str) -> Vec<Vec<String>> {
    let links =
        |s: &model::Statement| s.chain.iter().map(|c| c.span.map_or(String::new(), |x| words(text, x))).collect();
    read(text).statements.iter().map(links).collect()
}

#[test]
fn a_relay_holds_for_the_whole_telling() {
    let text = "قال وزير الدفاع الروسي في تصريح لوكالة رويترز إن القوات انسحبت من حلب. \
        وأضاف الوزير أن الجيش قصف مواقع في إدلب.";
    let chains = self::chains(text);
    assert_eq!(chains.len(), 2, "{chains:?}");
    assert!(chains.iter().all(|c| c.len() == 2 && c[1].contains("رويترز")), "{chains:?}");
}

#[test]
fn who_passed_it_on_last_stands_last() {
    let text = "قال المتحدث باسم الجيش الأوكراني لصحيفة نيويورك تايمز إن القوات الروسية قصفت خاركيف، وفق ما نقلته وكالة الأناضول.";
    let chains = chains(text);
    let first = chains.first().expect("a statement");
    assert!(first.len() == 3 && first[1].contains("نيويورك") && first[2].contains("الأناضول"), "{chains:?}");
}

#[test]
fn reasons_name_the_features_that_decided() {
    let text = "قال وزير الدفاع الروسي إن الطائرات الأوكرانية قصفت مواقع في دونيتسك.";
    let document = Document { text: text.to_string(), ..Document::default() };
    let (reading, reasons) = Reader::new(&ENGINE).read_explained(&document);
    assert_eq!(reading, Reader::new(&ENGINE).read(&document), "explaining changes nothing");
    let of = |id: &str| reasons.iter().find(|r| r.of == id).map(|r| r.lines.join("\n")).unwrap_or_default();
    for statement in &reading.statements {
        assert!(of(&statement.id).contains("origin: "), "{reasons:?}");
    }
    assert!(!reading.events.is_empty());
    for event in &reading.events {
        let lines = of(&event.id);
        assert!(lines.contains("read as a happening of its type by: "), "{lines}");
        assert!(lines.contains("status by: "), "{lines}");
        // each filler with what is added to its log odds
        let fillers = lines.lines().filter(|l| l.starts_with("actor: ") || l.starts_with("recipient: "));
        assert!(fillers.clone().count() >= event.actor.len() + event.recipient.len(), "{lines}");
        fillers.for_each(|l| assert!(l.contains(" by: ") && (l.contains(" +") || l.contains(" -")), "{l}"));
    }
}
