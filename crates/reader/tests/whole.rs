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

#[test]
fn a_list_is_as_many_things_as_it_names() {
    let text = "سلمت تركيا الحكومة الليبية أسلحة خفيفة وذخيرة ومدرعات أمس.";
    let named: Vec<String> = things(text).into_iter().map(|t| t.0).collect();
    assert!(["أسلحة خفيفة", "ذخيرة", "مدرعات"].iter().all(|n| named.iter().any(|w| w == n)), "{named:?}");
    // adjectives joined by «و» describe one thing
    let text = "أرسلت قطر مواد غذائية وطبية إلى السودان.";
    let named: Vec<String> = things(text).into_iter().map(|t| t.0).collect();
    assert!(named.iter().any(|w| w == "مواد غذائية وطبية"), "{named:?}");
}

#[test]
fn counted_people_who_are_taken_or_freed_are_things_too() {
    for text in ["اعتقلت الشرطة التونسية خمسة متظاهرين في العاصمة.", "أفرجت الحكومة عن خمسة سجناء أمس."]
    {
        let found = things(text);
        assert!(found.iter().any(|(w, t)| w.starts_with("خمسة") && t.count == Some(5.0)), "{text} {found:?}");
    }
    let named = things("اعتقلت الشرطة التونسية زعيم الحزب في العاصمة.");
    assert!(named.is_empty(), "{named:?}");
}

#[test]
fn what_a_sum_is_worth_is_no_second_thing() {
    let found = things("سلمت قطر ليبيا شحنة أسلحة قيمتها مليون دولار أمس.");
    assert!(found.iter().all(|(w, t)| w.starts_with("شحنة") && t.count == Some(1e6)) && !found.is_empty(), "{found:?}");
}

#[test]
fn what_a_weapon_weighs_is_not_how_many_there_are() {
    let found = things("فجر مسلحون عبوة ناسفة زنتها نحو عشرة كيلوغرامات قرب الثكنة.");
    assert!(found.iter().any(|(w, t)| w.starts_with("عبوة") && t.count == Some(1.0)), "{found:?}");
    let found = things("أرسلت قطر إلى ليبيا مساعدات وزنها 20 طنا.");
    assert!(found.iter().any(|(w, t)| w.starts_with("مساعدات") && t.count == Some(20.0)), "{found:?}");
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
fn the_agency_of_a_dateline_passed_on_all_that_is_said_below_it() {
    let said =
        "قال وزير الدفاع إن الجيش قصف مواقع المتمردين قرب الحدود.\nوأعلنت الأمم المتحدة أن القصف قتل عشرة مدنيين.";
    let last = |dateline: &str, said: &str| -> Vec<Option<String>> {
        let all = chains(&format!("قصف على الحدود\n{dateline}{said}"));
        assert_eq!(all.len(), 2, "{dateline} {all:?}");
        all.into_iter().map(|mut c| if c.len() > 1 { c.pop() } else { None }).collect()
    };
    for (dateline, agency) in [
        ("نجامينا – رويترز: ", "رويترز"),
        ("رويترز - نجامينا: ", "رويترز"),
        ("نجامينا (أ ف ب) – ", "أ ف ب"),
        ("نجامينا، 12 آذار/مارس (د ب أ) - ", "د ب أ"),
        ("نجامينا – «النهار»، رويترز: ", "رويترز"),
        ("النهار - وكالات: ", "وكالات"),
        // no outlet that the lexicon knows: nothing else stands so
        ("نجامينا (سهلبرس) – ", "سهلبرس"),
    ] {
        assert_eq!(last(dateline, said), [Some(agency.into()), Some(agency.into())], "{dateline}");
    }
    // the paper itself is no relay, nor is there one without an outlet
    for dateline in ["نجامينا – «النهار»: ", "نجامينا: ", ""] {
        assert_eq!(last(dateline, said), [None, None], "{dateline}");
    }
    // the next item of a collection has its own
    let (first, second) = said.split_once('\n').unwrap();
    let two = format!("{first}\nنيروبي – أ ف ب: {second}");
    assert_eq!(last("نجامينا – رويترز: ", &two), [Some("رويترز".into()), Some("أ ف ب".into())]);
}

#[test]
fn a_last_name_is_not_the_known_person_of_that_name() {
    let text = "قال وزير الزراعة سامي أردوغان إن الحكومة أرسلت مساعدات إلى حلب. وأضاف أردوغان أن المساعدات وصلت.";
    let keys: Vec<_> =
        read(text).entities.into_iter().filter(|e| e.kind == model::EntityType::Per).map(|e| e.key).collect();
    assert!(!keys.is_empty() && keys.iter().all(|k| !k.contains("Erdo")), "{keys:?}");
    let text = "قال الرئيس التركي رجب طيب أردوغان إن الحكومة أرسلت مساعدات إلى حلب. وأضاف أردوغان أن المساعدات وصلت.";
    assert!(read(text).entities.iter().any(|e| e.key.contains("Erdo") && e.mentions.len() == 2));
}

#[test]
fn a_name_may_tell_its_country() {
    let text =
        "قالت هيئة الطيران المدني السودانية إن وكالات الأنباء الروسية نقلت الخبر عن وزير النقل الكويتي سالم الهاجري.";
    let entities = read(text).entities;
    let country = |word: &str| entities.iter().find(|e| e.name.contains(word)).and_then(|e| e.country.as_deref());
    assert_eq!(country("الطيران"), Some("SDN"));
    assert_eq!(country("الهاجري"), Some("KWT"));
    assert!(entities.iter().all(|e| !e.key.contains("Al-Anba")), "{entities:?}");
}

#[test]
fn a_namesake_is_not_the_known_person() {
    let person = |text: &str| {
        let reading = read(text);
        let found = reading.entities.into_iter().find(|e| e.kind == model::EntityType::Per);
        found.map(|e| e.key).expect("a person is named")
    };
    // «بن علي» inside a longer name is not the president of Tunisia
    let key = person("قال وزير التجارة السعودي فهد بن علي السهلي إن المملكة وقعت اتفاقا تجاريا مع الأردن.");
    assert!(!key.starts_with("actor:"), "{key}");
    // a whole name with another one behind it, where the article speaks of other countries
    let key = person("اعتقلت الشرطة العراقية في الموصل محمد يونس الدليمي بعد هجوم على نقطة تفتيش.");
    assert!(!key.starts_with("actor:"), "{key}");
    // his own family's name takes nothing away
    let key = person("استقبل رئيس الإمارات محمد بن زايد آل نهيان وفدا من الأردن.");
    assert_eq!(key, "actor:Mohamed bin Zayed");
}

#[test]
fn a_town_with_its_noun_has_the_point_of_the_country_that_is_named() {
    let key = |text: &str| {
        let town = read(text).entities.into_iter().find(|e| e.key.contains("Tripoli"));
        town.map(|e| (e.country.unwrap_or_default(), e.location.is_some()))
    };
    assert_eq!(key("قالت الحكومة الليبية إن قوات حفتر انسحبت من مدينة طرابلس أمس."), Some(("LBY".into(), true)));
    assert_eq!(key("قال الجيش اللبناني إن مسلحين هاجموا مدينة طرابلس شمال لبنان أمس."), Some(("LBN".into(), true)));
}

#[test]
fn what_and_joins_has_one_role() {
    let text = "دانت السعودية ومصر وقطر وإيران الهجوم، وهنأت روسيا والصين وكوبا الرئيس مادورو بفوزه.";
    let events = read(text).events;
    let of = |trigger: &str| {
        let e = events.iter().find(|e| words(text, e.trigger).contains(trigger)).expect("it is read");
        let all = |spans: &[model::Span]| spans.iter().map(|s| words(text, *s)).collect::<Vec<_>>();
        (all(&e.actor), all(&e.recipient))
    };
    assert_eq!(of("دانت"), (["السعودية", "مصر", "قطر", "إيران"].map(String::from).to_vec(), vec![]));
    assert_eq!(of("هنأت").0, ["روسيا", "الصين", "كوبا"]);
}

#[test]
fn who_accuses_is_not_who_did_it() {
    let actors = |text: &str, of: &str| {
        let event = read(text).events.into_iter().find(|e| words(text, e.trigger).contains(of)).expect("it is read");
        event.actor.into_iter().map(|a| words(text, a)).collect::<Vec<_>>()
    };
    let text = "أدانت السعودية ومصر ومجلس التعاون الخليجي استهداف المرافق الحيوية في المدينة.";
    assert_eq!(actors(text, "استهداف"), Vec::<String>::new());
    let text = "قال دبلوماسيون إن الأمم المتحدة تحقق في عملية تسليم الأسلحة إلى قوات الشرق.";
    assert_eq!(actors(text, "تسليم"), Vec::<String>::new());
}

#[test]
fn the_killed_and_wounded_are_counted() {
    let harm = |text: &str| {
        let all = read(text).events.into_iter().filter_map(|e| e.harm);
        all.map(|h| (h.killed, h.injured, h.bound)).collect::<Vec<_>>()
    };
    let exact = |killed, injured| vec![(killed, injured, model::Bound::Exact)];
    assert_eq!(harm("قال المصدر إن جنديين قتلا وأصيب 31 آخرون في هجوم على مركز للشرطة."), exact(Some(2), Some(31)));
    assert_eq!(harm("أسفر الانفجار عن مقتل ضابط وثلاثة جنود وإصابة ثمانية آخرين."), exact(Some(4), Some(8)));
    assert_eq!(
        harm("أعلن الجيش مقتل نحو 21 من المسلحين و5 مدنيين في قصف على البلدة."),
        [(Some(26), None, model::Bound::About)]
    );
    assert_eq!(harm("قتل أحد عناصر الحركة برصاص الشرطة في غزة أمس."), exact(Some(1), None));
    // a date, an age and a total of both are no count, and nobody counts those of an attempt
    assert_eq!(harm("أعلنت الوزارة مقتل وإصابة 45 جنديا في هجوم انتحاري على معسكر."), []);
    assert_eq!(harm("اغتال مسلحون مجهولون القاضي سالم العولقي يوم 31 يوليو في عدن."), exact(Some(1), None));
    assert_eq!(harm("قتل مسلحان ثلاثة جنود في هجوم على نقطة تفتيش."), exact(Some(3), None));
    assert_eq!(harm("قتل الشرطي صالح حسين (22 عاما) برصاص مسلحين في المدينة."), exact(Some(1), None));
    assert_eq!(harm("نجا قائد الشرطة من محاولة اغتيال في عدن أمس."), []);
}

#[test]
fn a_small_town_is_of_a_country_that_the_article_speaks_of() {
    let keys = |text: &str| read(text).entities.into_iter().map(|e| e.key).collect::<Vec<_>>();
    let far = keys("قال الجيش الإسرائيلي إن مستوطنين أحرقوا منزلا في قرية دوما في الضفة الغربية أمس.");
    assert!(far.iter().all(|k| !k.contains("SYR")), "{far:?}");
    let near = keys("قال الجيش السوري إن مسلحين قصفوا مدينة دوما في ريف دمشق أمس.");
    assert!(near.iter().any(|k| k.contains("SYR") && k.contains("Douma")), "{near:?}");
    // a capital of two words is the town where something is in it
    let there = keys("قتل شاب فلسطيني في رام الله أمس برصاص الجيش الإسرائيلي.");
    assert!(there.iter().any(|k| k == "place:PSE:city:Ramallah"), "{there:?}");
}

#[test]
fn what_did_not_come_about_is_negative() {
    for text in ["فشلت القوات الحكومية في اقتحام المدينة أمس.", "لم يتم إرسال أسلحة إلى الجيش السوداني."]
    {
        let reading = read(text);
        assert!(reading.events.iter().any(|e| e.polarity == model::Polarity::Negative), "{reading:?}");
    }
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
