//! What a ledger promises, on each database alike.

mod common;

use common::{document, engine, entry, filled, places, read, reading, told, version, write};
use ledger::{
    Dated, DocumentId, Entry, Fate, Filter, Ledger, LedgerError, Location, Near, Outdated, Paging, Shown, Version,
    WriteOptions, Writer, check,
};
use model::{Document, EventType, Polarity, Reading, Status};
use reader::Reader;
use serde_json::json;

/// Invented articles; the countries are real, so that the lexicon knows them, the happenings are not.
fn articles() -> Vec<Document> {
    let one = |id: &str, title: &str, text: &str, outlet: &str, published: &str, url: &str| Document {
        id: id.into(),
        title: Some(title.into()),
        text: text.into(),
        outlet: Some(outlet.into()),
        published: Some(published.into()),
        url: Some(url.into()),
        ..Document::default()
    };
    vec![
        one(
            "a1",
            "وصول شحنة أسلحة",
            "قال وزير الدفاع الليبي إن روسيا أرسلت ثماني مقاتلات على الأقل إلى ليبيا أمس. ونفت الخارجية الروسية ذلك.",
            "وكالة الضفة",
            "2021-03-04",
            "https://delta.example/1",
        ),
        one(
            "a2",
            "قصف في الشمال",
            "قصفت طائرات حربية مواقع في مدينة حلب يوم 2 مارس 2021، بحسب ما نقلت صحيفة المرفأ عن شهود.",
            "صحيفة المرفأ",
            "2021-03-05",
            "https://port.example/2",
        ),
        one(
            "a3",
            "جلسة للحكومة",
            "دعت تركيا إلى وقف إطلاق النار في ليبيا. وأكدت وزارة الصحة أن الفيروس ينتشر، وأن حكومتهم ستجتمع بالوزراء.",
            "وكالة الضفة",
            "2021-04-01",
            "https://delta.example/3",
        ),
    ]
}

/// The same with readings.
fn readings() -> Vec<(Document, Reading)> {
    let records = [
        json!({"id": "a1", "entities": [
                {"id": "e1", "type": "GPE", "name": "Russia", "country": "RUS", "key": "country:RUS", "mentions": ["@روسيا"]},
                {"id": "e2", "type": "GPE", "name": "Libya", "country": "LBY", "key": "country:LBY", "mentions": ["@ليبيا أمس"]},
                {"id": "e3", "type": "PER", "name": "وزير الدفاع الليبي", "country": "LBY", "key": "word:PER:وزير الدفاع الليبي",
                 "mentions": ["@وزير الدفاع الليبي"]}],
            "statements": [{"id": "st1", "chain": [{"role": "origin", "span": "@وزير الدفاع الليبي"}], "cue": "@قال",
                "content": ["@روسيا أرسلت ثماني مقاتلات على الأقل إلى ليبيا أمس"], "direct": false, "stance": "neutral"}],
            "events": [{"id": "ev1", "type": "AID", "mode": null, "trigger": "@أرسلت", "actor": ["@روسيا"],
                "recipient": ["@ليبيا أمس"], "place": [], "time": ["@أمس"], "status": "actual", "polarity": "positive",
                "when": {"span": "@أمس", "value": "2021-03-03"}, "statement": "st1",
                "things": [{"span": "@ثماني مقاتلات على الأقل", "what": "fighter aircraft", "class": "aircraft",
                    "family": "fighter", "model": null, "count": 8, "bound": "at_least"}]}],
            "framing": [{"span": "@الروسية", "of": "e1", "kind": "pejorative"}]}),
        json!({"id": "a2", "entities": [
                {"id": "e1", "type": "GPE", "name": "Aleppo", "country": "SYR", "key": "place:Aleppo", "mentions": ["@مدينة حلب"],
                 "location": {"latitude": 36.2, "longitude": 37.16, "level": "city"}},
                {"id": "e2", "type": "MED", "name": "صحيفة المرفأ", "key": "word:MED:صحيفه المرفا", "mentions": ["@صحيفة المرفأ"]}],
            "statements": [{"id": "st1", "chain": [{"role": "origin", "span": null}, {"role": "via", "span": "@صحيفة المرفأ"}],
                "cue": "@نقلت", "content": ["@قصفت طائرات حربية مواقع في مدينة حلب"], "direct": false, "stance": "assert"}],
            "events": [{"id": "ev1", "type": "ASSAULT", "mode": "aerial", "trigger": "@قصفت", "actor": ["@طائرات حربية"],
                "recipient": [], "place": ["@مدينة حلب"], "time": ["@يوم 2 مارس 2021"], "things": [], "status": "actual",
                "when": {"span": "@2 مارس 2021", "value": "2021-03-02"}, "polarity": "positive", "statement": "st1"}]}),
        json!({"id": "a3", "entities": [
                {"id": "e1", "type": "GPE", "name": "Turkey", "country": "TUR", "key": "country:TUR", "mentions": ["@تركيا"]},
                {"id": "e2", "type": "GPE", "name": "Libya", "country": "LBY", "key": "country:LBY", "mentions": ["@ليبيا"]}],
            "statements": [],
            "events": [
                {"id": "ev1", "type": "REQUEST", "mode": "change", "trigger": "@دعت", "actor": ["@تركيا"], "recipient": [],
                 "place": [], "time": [], "things": [], "status": "actual", "polarity": "positive", "statement": null},
                {"id": "ev2", "type": "RETREAT", "mode": "ceasefire", "trigger": "@وقف", "actor": [], "recipient": [],
                 "place": ["@ليبيا"], "time": [], "things": [], "status": "wanted", "polarity": "positive", "statement": null}]}),
    ];
    articles()
        .into_iter()
        .zip(records)
        .map(|(d, r)| {
            let r = reading(&d, r);
            (d, r)
        })
        .collect()
}

fn both(test: impl Fn(&Location)) {
    for place in places() {
        test(&place);
    }
}

fn all() -> Paging {
    Paging { limit: 1000, cursor: None }
}

#[test]
fn adding_twice_adds_nothing_and_keeps_where_it_was_seen() {
    both(|place| {
        filled(place, &articles());
        let before = Ledger::open(place).unwrap().counts().unwrap();
        assert_eq!(before.documents, 3);
        assert!(before.events > 0 && before.statements > 0 && before.entities > 0 && before.bytes > 0);
        let mut reader = Reader::new(engine());
        let mut writer = write(place);
        let again: Vec<Entry> = articles().iter().map(|d| entry(&mut reader, d)).collect();
        assert_eq!(writer.add(again).unwrap(), [Fate::Known; 3]);
        // the same text in another outlet, with other spaces
        let first = &articles()[0];
        let copy = Document {
            id: "copy".into(),
            text: first.text.replace(' ', " \u{200f} "),
            outlet: Some("منبر آخر".into()),
            url: Some("https://other.example/x".into()),
            ..first.clone()
        };
        let id = DocumentId::of(&copy);
        assert!(writer.ledger().holds(id).unwrap());
        assert_eq!(writer.add(vec![Entry::seen(id, &copy, None)]).unwrap(), [Fate::SeenAgain]);
        assert_eq!(writer.add(vec![Entry::seen(id, &copy, None)]).unwrap(), [Fate::Known]);
        writer.finish().unwrap();
        let mut ledger = Ledger::open(place).unwrap();
        let after = ledger.counts().unwrap();
        assert_eq!((after.documents, after.events, after.sightings), (3, before.events, before.sightings + 1));
        let Some(Shown::Document(full)) = ledger.show("copy").unwrap() else {
            panic!("not found by the id it came with")
        };
        assert_eq!(full.record.document.document.id, "a1");
        let outlets: Vec<_> = full.record.document.sightings.iter().map(|s| s.outlet.as_deref().unwrap()).collect();
        assert_eq!(outlets, ["وكالة الضفة", "منبر آخر"]);
        // found in either outlet
        for outlet in ["منبر آخر", "الضفة"] {
            let filter = Filter { outlets: vec![outlet.into()], ..Filter::default() };
            let rows = ledger.events(&filter, &all()).unwrap().rows;
            assert!(rows.iter().any(|r| r.document.source_id == "a1"), "{outlet}");
        }
    });
}

#[test]
fn one_document_twice_in_a_batch_is_one() {
    both(|place| {
        let mut reader = Reader::new(engine());
        let d = &articles()[0];
        let mut writer = write(place);
        let fates = writer.add(vec![entry(&mut reader, d), entry(&mut reader, d)]).unwrap();
        assert_eq!(fates, [Fate::Added, Fate::Known]);
        assert_eq!(writer.ledger().counts().unwrap().documents, 1);
    });
}

#[test]
fn versions_of_a_page_are_linked() {
    both(|place| {
        let first = articles().remove(0);
        let second = Document {
            text: format!("{} (محدّث)", first.text),
            url: Some("https://delta.example/1?utm_source=feed#x".into()),
            ..first.clone()
        };
        filled(place, &[first, second.clone()]);
        let mut ledger = Ledger::open(place).unwrap();
        let Some(Shown::Document(full)) = ledger.show(&DocumentId::of(&second).to_string()).unwrap() else { panic!() };
        assert_eq!(full.versions.len(), 2);
        assert!(full.versions.iter().all(|v| v.url == "https://delta.example/1"));
        assert!(matches!(ledger.show("https://delta.example/1").unwrap(), Some(Shown::Several(ids)) if ids.len() == 2));
    });
}

#[test]
fn a_batch_is_all_or_nothing() {
    both(|place| {
        let mut writer = write(place);
        let mut reader = Reader::new(engine());
        let good = entry(&mut reader, &articles()[0]);
        // said to be known, but is not: refused, and the good one with it
        let gone = document("gone", "لا أحد يعرف هذا النص");
        let bad = Entry::seen(DocumentId::of(&gone), &gone, None);
        assert!(matches!(writer.add(vec![good, bad]), Err(LedgerError::Damaged { .. })));
        assert_eq!(writer.ledger().counts().unwrap().documents, 0);
        assert_eq!(writer.ledger().counts().unwrap().entities, 0);
        // and the writer goes on
        assert_eq!(writer.add(vec![entry(&mut reader, &articles()[0])]).unwrap(), [Fate::Added]);
        assert!(writer.ledger().database_faults().unwrap().is_empty());
    });
}

#[test]
fn questions_find_claims_with_who_says_them() {
    both(|place| {
        told(place, &readings());
        let mut ledger = Ledger::open(place).unwrap();
        let every = ledger.events(&Filter::default(), &all()).unwrap();
        assert!(every.next.is_none());
        for row in &every.rows {
            assert_eq!(row.said_by.last().unwrap().role, "outlet");
            assert_eq!(row.said_by.last().unwrap().name, row.document.outlet);
            assert!(!row.trigger.words.is_empty());
        }
        let aid = Filter { types: vec![EventType::Aid], ..Filter::default() };
        let rows = ledger.events(&aid, &all()).unwrap().rows;
        let [aid] = &rows[..] else { panic!("{rows:#?}") };
        assert_eq!((aid.trigger.words.as_str(), aid.things[0].words.as_str()), ("أرسلت", "ثماني مقاتلات على الأقل"));
        assert_eq!(aid.said_by[0].words.as_deref(), Some("وزير الدفاع الليبي"));
        assert_eq!(aid.loaded[0].words, "الروسية");
        assert_eq!(aid.when.as_ref().unwrap().words, "أمس");
        let mut ids = |filter: Filter| -> Vec<String> {
            let page = ledger.events(&filter, &all()).unwrap();
            let mut ids: Vec<String> = page.rows.into_iter().map(|r| r.document.source_id).collect();
            ids.dedup();
            ids
        };
        for name in ["RUS", "Russia", "روسيا", "country:RUS"] {
            assert_eq!(
                ids(Filter { actors: vec![name.into()], types: vec![EventType::Aid], ..Filter::default() }),
                ["a1"],
                "{name}"
            );
        }
        assert_eq!(ids(Filter { types: vec![EventType::Assault], ..Filter::default() }), ["a2"]);
        assert!(ids(Filter { countries: vec!["LBY".into()], ..Filter::default() }).contains(&"a1".to_string()));
        for filter in [
            Filter { statuses: vec![Status::Wanted], ..Filter::default() },
            Filter { modes: vec!["ceasefire".into()], ..Filter::default() },
            Filter { origins: vec!["outlet".into()], ..Filter::default() },
            Filter { actors: vec!["Turkey".into()], ..Filter::default() },
        ] {
            assert_eq!(ids(filter.clone()), ["a3"], "{filter:?}");
        }
        for filter in [
            Filter { recipients: vec!["ليبيا".into()], ..Filter::default() },
            Filter { origins: vec!["وزير الدفاع".into()], ..Filter::default() },
            Filter { loaded: Some("any".into()), ..Filter::default() },
            Filter { loaded: Some("pejorative".into()), ..Filter::default() },
            Filter { things: vec!["Fighter".into()], ..Filter::default() },
        ] {
            assert_eq!(ids(filter.clone()), ["a1"], "{filter:?}");
        }
        for filter in [
            Filter { vias: vec!["المرفأ".into()], ..Filter::default() },
            Filter { stances: vec![model::Stance::Assert], ..Filter::default() },
            Filter { countries: vec!["SYR".into()], ..Filter::default() },
        ] {
            assert_eq!(ids(filter.clone()), ["a2"], "{filter:?}");
        }
        assert_eq!(ids(Filter { polarity: Some(Polarity::Negative), ..Filter::default() }), [""; 0]);
        assert_eq!(ids(Filter { loaded: Some("victim".into()), ..Filter::default() }), [""; 0]);
        assert_eq!(ids(Filter { countries: vec!["ليبيا".into()], ..Filter::default() }), ["a1", "a3"]);
        assert_eq!(ids(Filter { actors: vec!["لا أحد".into()], ..Filter::default() }), [""; 0]);
        // dates: a2 says 2 March, was published on the 5th
        let days = |from: &str, to: &str, dated| Filter {
            from: Some(from.into()),
            to: Some(to.into()),
            dated,
            types: vec![EventType::Assault],
            ..Filter::default()
        };
        assert_eq!(ids(days("2021-03-02", "2021-03-02", Dated::Event)), ["a2"]);
        assert_eq!(ids(days("2021-03-02", "2021-03-02", Dated::Either)), ["a2"]);
        assert_eq!(ids(days("2021-03-05", "2021-03-05", Dated::Either)), [""; 0]);
        assert_eq!(ids(days("2021-03", "2021-03", Dated::Publication)), ["a2"]);
        // places, with what lies around them
        let near =
            |name: &str, radius_km| Filter { place: Some(Near { name: name.into(), radius_km }), ..Filter::default() };
        assert_eq!(ids(near("حلب", None)), ["a2"]);
        assert_eq!(ids(near("36.3,37.2", Some(40.0))), ["a2"]);
        assert_eq!(ids(near("33.5,36.3", Some(40.0))), [""; 0]);
        let bad = Filter { from: Some("أمس".into()), ..Filter::default() };
        assert!(matches!(ledger.events(&bad, &all()), Err(LedgerError::Question(_))));
    });
}

#[test]
fn pages_join_without_gap_or_overlap() {
    both(|place| {
        told(place, &readings());
        let mut ledger = Ledger::open(place).unwrap();
        let whole: Vec<String> =
            ledger.events(&Filter::default(), &all()).unwrap().rows.into_iter().map(|r| r.id).collect();
        assert!(whole.len() > 2);
        let mut paged = Vec::new();
        let mut paging = Paging { limit: 1, cursor: None };
        loop {
            let page = ledger.events(&Filter::default(), &paging).unwrap();
            paged.extend(page.rows.into_iter().map(|r| r.id));
            match page.next {
                Some(next) => paging.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(paged, whole);
        paging.cursor = Some("s1".into());
        assert!(matches!(ledger.events(&Filter::default(), &paging), Err(LedgerError::Question(_))));
        let records: Vec<_> = ledger.records(Filter::default()).map(|r| r.unwrap().document.document.id).collect();
        assert_eq!(records, ["a1", "a2", "a3"]);
        let aid = Filter { types: vec![EventType::Aid], ..Filter::default() };
        assert_eq!(ledger.records(aid).count(), 1);
    });
}

#[test]
fn statements_transfers_and_actors() {
    both(|place| {
        told(place, &readings());
        let mut ledger = Ledger::open(place).unwrap();
        let statements = ledger.statements(&Filter::default(), &all()).unwrap().rows;
        assert_eq!(statements.len(), 2);
        assert_eq!(statements[0].events, [format!("{}/ev1", statements[0].document.id)]);
        assert_eq!(statements[1].said_by[0].words, None, "a hidden origin stays hidden");
        assert!(statements.iter().all(|s| s.said_by.len() >= 2));
        let aid = Filter { types: vec![EventType::Aid], ..Filter::default() };
        let of_aid = ledger.statements(&aid, &all()).unwrap().rows;
        assert_eq!(of_aid.len(), 1);
        assert_eq!(of_aid[0].document.source_id, "a1");
        let transfers = ledger.transfers(&Filter::default(), &all()).unwrap().rows;
        let t = transfers.iter().find(|t| t.supplier.as_deref() == Some("Russia")).expect("a transfer");
        assert_eq!((t.recipient.as_deref(), t.claims.len(), t.origins), (Some("Libya"), 1, 1));
        assert_eq!(t.claims[0].chain, ["وزير الدفاع الليبي"]);
        assert_eq!(t.things[0].count, Some(8.0));
        let actors = ledger.actors(&Filter::default(), Some("Russia"), &all()).unwrap().rows;
        let russia = actors.iter().find(|a| a.key == "country:RUS").expect("Russia");
        assert!(
            russia.as_actor >= 1 && russia.documents == 1 && russia.aliases.iter().any(|a| a.0 == "روسيا"),
            "{russia:?}"
        );
        assert!(matches!(ledger.show("country:RUS").unwrap(), Some(Shown::Actor(_))));
        let id = &t.id;
        assert!(matches!(ledger.show(id).unwrap(), Some(Shown::Event(e)) if e.id == *id));
        assert!(ledger.show("nothing").unwrap().is_none());
    });
}

#[test]
fn search_knows_arabic() {
    both(|place| {
        told(place, &readings());
        let mut ledger = Ledger::open(place).unwrap();
        let mut reader = Reader::new(engine());
        let mut ids = |query: &str| -> Vec<String> {
            let page = ledger
                .search(query, &Filter::default(), &all(), &mut reader)
                .unwrap_or_else(|e| panic!("{query}: {e}"));
            let mut ids: Vec<String> = page.rows.into_iter().map(|h| h.document.source_id).collect();
            ids.sort();
            ids
        };
        let none: [&str; 0] = [];
        // with or without what is attached, hamza and vowel signs
        for query in ["فيروس", "الفيروس", "والفيروس", "فَيْروس", "بالفيروس"] {
            assert_eq!(ids(query), ["a3"], "{query}");
        }
        // a whole word is no part of another
        for query in ["روس", "فيرو", "يروس", "وزرا"] {
            assert_eq!(ids(query), none, "{query}");
        }
        assert_eq!(ids("الوزراء"), ["a3"]);
        assert_eq!(ids("وزراء"), ["a3"]);
        assert_eq!(ids("حكومة"), ["a3"], "title, and with a pronoun");
        assert_eq!(ids("أسلحه"), ["a1"]);
        // in quotes as written
        assert_eq!(ids("\"الفيروس\""), ["a3"]);
        assert_eq!(ids("\"فيروس\""), none);
        assert_eq!(ids("\"وقف إطلاق النار\""), ["a3"]);
        assert_eq!(ids("\"إطلاق وقف النار\""), none);
        assert_eq!(ids("«وزير الدفاع»"), ["a1"]);
        // together, either, without, beginnings, fields
        assert_eq!(ids("روسيا مقاتلات"), ["a1"]);
        assert_eq!(ids("روسيا AND قصف"), none);
        assert_eq!(ids("مقاتلات OR قصف"), ["a1", "a2"]);
        assert_eq!(ids("ليبيا -روسيا"), ["a3"]);
        assert_eq!(ids("ليبيا NOT (روسيا OR قصف)"), ["a3"]);
        assert_eq!(ids("مقاتل*"), ["a1"]);
        assert_eq!(ids("title:أسلحة"), ["a1"]);
        assert_eq!(ids("title:روسيا"), none);
        assert_eq!(ids("title:\"قصف في الشمال\""), ["a2"]);
        assert_eq!(ids("ليبيا outlet:الضفة"), ["a1", "a3"]);
        assert_eq!(ids("ليبيا outlet:المرفأ"), none);
        assert_eq!(ids("ليبيا -outlet:الضفة"), none);
        // nothing of a query is obeyed by the database
        for query in [
            "a\" OR \"",
            "'; DROP TABLE document; --",
            "NEAR(ليبيا روسيا)",
            "body:ليبيا*",
            "\\'",
            "{ليبيا}",
            "^ليبيا",
            "ليبيا:*A",
        ] {
            let _ = ledger.search(query, &Filter::default(), &all(), &mut reader);
        }
        for query in ["", "-ليبيا", "\"\"", "outlet:الضفة", "(((", "ليبيا)", "a OR outlet:b"] {
            assert!(
                matches!(ledger.search(query, &Filter::default(), &all(), &mut reader), Err(LedgerError::Question(_))),
                "{query}"
            );
        }
        let deep = "(".repeat(5000);
        assert!(ledger.search(&deep, &Filter::default(), &all(), &mut reader).is_err());
        // with a filter
        let filter = Filter { types: vec![EventType::Assault], ..Filter::default() };
        assert_eq!(ledger.search("حلب", &filter, &all(), &mut reader).unwrap().rows.len(), 1);
        assert_eq!(ledger.search("ليبيا", &filter, &all(), &mut reader).unwrap().rows.len(), 0);
    });
}

#[test]
fn any_search_is_answered_or_refused_in_words() {
    both(|place| {
        told(place, &readings());
        let mut ledger = Ledger::open(place).unwrap();
        let mut reader = Reader::new(engine());
        let mut ask = |query: &str| match ledger.search(query, &Filter::default(), &all(), &mut reader) {
            Ok(page) => page.rows.iter().for_each(|hit| {
                let end = articles().iter().map(|d| d.whole().chars().count()).max().unwrap() as u32;
                assert!(hit.highlights.iter().all(|h| h.start < h.end && h.end <= end), "{query}");
            }),
            Err(LedgerError::Question(_)) => {}
            Err(e) => panic!("{query:?}: {e}"),
        };
        let parts =
            "(روسيا|ال|و|MiG-29|3\\.5|title:|outlet:|\"|«|\\(|\\)|-|\\*| AND | OR | NOT |'|:|\\^|\\{|\\\\| ){0,12}";
        let config = proptest::test_runner::Config { cases: 300, failure_persistence: None, ..Default::default() };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let strategy = proptest::strategy::Union::new([
            proptest::strategy::Strategy::boxed(parts),
            proptest::strategy::Strategy::boxed("\\PC{0,30}"),
        ]);
        let ask = std::cell::RefCell::new(&mut ask);
        runner
            .run(&strategy, |query| {
                (ask.borrow_mut())(&query);
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn highlights_point_at_the_original_text() {
    both(|place| {
        let text = "\u{feff}مقدّمة طويلة 😀. ثمّ وصلتْ «الفَيْروسات» والفيروسُ إلى المدينة.";
        filled(place, &[document("h", text)]);
        let mut ledger = Ledger::open(place).unwrap();
        let mut reader = Reader::new(engine());
        let hit = ledger.search("فيروس", &Filter::default(), &all(), &mut reader).unwrap().rows.remove(0);
        let words: Vec<String> = hit
            .highlights
            .iter()
            .map(|s| text.chars().skip(s.start as usize).take(s.len() as usize).collect())
            .collect();
        assert!(words.contains(&"والفيروسُ".to_string()), "{words:?}");
        let shown: String =
            text.chars().skip(hit.snippet.span.start as usize).take(hit.snippet.span.len() as usize).collect();
        assert_eq!(hit.snippet.words, shown);
        assert!(hit.score > 0.0);
        let phrase = ledger.search("\"إلى المدينة\"", &Filter::default(), &all(), &mut reader).unwrap().rows.remove(0);
        assert_eq!(phrase.highlights.len(), 2);
    });
}

#[test]
fn rereading_replaces_readings_and_keeps_their_versions() {
    both(|place| {
        filled(place, &articles());
        let mut ledger = Ledger::open(place).unwrap();
        let before = ledger.counts().unwrap();
        let names = |l: &mut Ledger| l.actors(&Filter::default(), None, &all()).unwrap().rows;
        let actors = names(&mut ledger);
        let newer = Version { lexicon: "y".into(), ..version() };
        assert_eq!(ledger.count_outdated(Some(&version())).unwrap(), 0);
        assert_eq!(ledger.count_outdated(Some(&newer)).unwrap(), 3);
        let mut reader = Reader::new(engine());
        let mut writer = Writer::open(place, &newer, WriteOptions { wait: 0, waiting: &mut |_| () }).unwrap();
        for next in Outdated::new(Ledger::open(place).unwrap(), Some(newer.clone())) {
            let (id, d) = next.unwrap();
            let new = read(&mut reader, &d);
            writer.replace(vec![(id, new)]).unwrap();
        }
        writer.finish().unwrap();
        let mut ledger = Ledger::open(place).unwrap();
        assert_eq!(ledger.count_outdated(Some(&newer)).unwrap(), 0);
        let after = ledger.counts().unwrap();
        assert_eq!(
            (after.events, after.statements, after.entities),
            (before.events, before.statements, before.entities)
        );
        // the same reader reads the same: no count was lost or doubled
        assert_eq!(names(&mut ledger), actors);
        let Some(Shown::Document(full)) = ledger.show("a1").unwrap() else { panic!() };
        assert_eq!(full.record.version, newer);
        assert_eq!(full.history.len(), 1);
        assert_eq!(full.history[0].version, version());
        assert!(ledger.database_faults().unwrap().is_empty());
        assert_eq!(ledger.search("الفيروس", &Filter::default(), &all(), &mut reader).unwrap().rows.len(), 1);
    });
}

#[test]
fn verify_finds_what_was_changed() {
    both(|place| {
        told(place, &readings());
        let mut ledger = Ledger::open(place).unwrap();
        let (held, last) = ledger.held(0, 100).unwrap();
        assert_eq!((held.len(), last), (3, 3));
        assert!(held.iter().all(|h| check(h).is_empty()), "{:?}", held.iter().flat_map(check).collect::<Vec<_>>());
        drop(ledger);
        // a text that is not the one that was hashed; a reading with a span beyond the text; a claim that is gone
        let Location::File(path) = place else { return };
        let db = rusqlite::Connection::open(path).unwrap();
        let record: Vec<u8> = db.query_row("SELECT record FROM document WHERE id = 2", [], |r| r.get(0)).unwrap();
        db.execute("UPDATE document SET record = ?1 WHERE id = 1", [&record]).unwrap();
        db.execute("DELETE FROM event WHERE document = 3", []).unwrap();
        db.execute("UPDATE document SET record = x'00' WHERE id = 2", []).unwrap();
        drop(db);
        let mut ledger = Ledger::open(place).unwrap();
        let faults: Vec<String> = ledger.held(0, 100).unwrap().0.iter().flat_map(check).map(|f| f.what).collect();
        assert!(faults.iter().any(|f| f.contains("it was changed")), "{faults:?}");
        assert!(faults.iter().any(|f| f.contains("cannot be unpacked")), "{faults:?}");
        assert!(faults.iter().any(|f| f.contains("the tables 0 and")), "{faults:?}");
        assert!(!ledger.database_faults().unwrap().is_empty(), "participants without their events");
        let page = ledger.events(&Filter::default(), &all()).unwrap();
        assert!(!page.rows.is_empty(), "the others answer");
        assert!(
            page.notes.iter().any(|n| n.contains("left out") && n.contains("cannot be unpacked")),
            "{:?}",
            page.notes
        );
    });
}

#[test]
fn a_second_writer_waits_or_is_told_who_writes() {
    both(|place| {
        let first = write(place);
        let mut told = String::new();
        let mut tell = |who: &str| told = who.to_string();
        let second = Writer::open(place, &version(), WriteOptions { wait: 1, waiting: &mut tell });
        let Err(LedgerError::Busy { who, waited, .. }) = second else { panic!("two writers") };
        assert!(who.contains(&std::process::id().to_string()), "{who}");
        assert_eq!((waited, told), (1, who));
        // questions are answered meanwhile
        assert_eq!(Ledger::open(place).unwrap().counts().unwrap().documents, 0);
        let waiter = std::thread::spawn({
            let place = place.clone();
            move || Writer::open(&place, &version(), WriteOptions { wait: 30, waiting: &mut |_| () }).map(|_| ())
        });
        std::thread::sleep(std::time::Duration::from_millis(300));
        drop(first);
        waiter.join().unwrap().unwrap();
    });
}

#[test]
fn a_newer_ledger_is_refused_and_left_alone() {
    both(|place| {
        filled(place, &articles());
        execute(place, "UPDATE isnad SET value = 99 WHERE name = 'layout'");
        assert!(matches!(Ledger::open(place), Err(LedgerError::Newer { found: 99, .. })));
        let refused = Writer::open(place, &version(), WriteOptions { wait: 0, waiting: &mut |_| () });
        assert!(matches!(refused, Err(LedgerError::Newer { found: 99, .. })));
    });
}

#[test]
fn what_is_no_ledger_is_left_alone() {
    both(|place| {
        assert!(matches!(Ledger::open(place), Err(LedgerError::Missing { .. })));
        execute(place, "CREATE TABLE document (x TEXT)");
        for opened in [
            Ledger::open(place).map(|_| ()),
            Writer::open(place, &version(), WriteOptions { wait: 0, waiting: &mut |_| () }).map(|_| ()),
        ] {
            assert!(matches!(opened, Err(LedgerError::Foreign { .. })), "{opened:?}");
        }
    });
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notes.txt");
    std::fs::write(&path, "ليس دفتراً ".repeat(200)).unwrap();
    let place = Location::File(path.clone());
    assert!(matches!(Ledger::open(&place), Err(LedgerError::Foreign { .. })));
    assert!(Writer::open(&place, &version(), WriteOptions { wait: 0, waiting: &mut |_| () }).is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "ليس دفتراً ".repeat(200));
    assert!(matches!(Ledger::open(&Location::File(dir.path().into())), Err(LedgerError::Foreign { .. })));
}

#[test]
fn hostile_documents_are_kept_like_others() {
    both(|place| {
        let nul = Document {
            outlet: Some("a\0b".into()),
            url: Some("\0".into()),
            published: Some("لا تاريخ\0".into()),
            title: Some("\0\u{202e}".into()),
            ..document("\0id\\N\t\n", "نص \0 فيه صفر، قصفت طائرات المدينة\u{202e}")
        };
        let long = document("long", &"كلمة".repeat(5000));
        let many = document("many", &"قصفت طائرات مدينة حلب. ".repeat(3000));
        let marks = document("marks", "'\\ \"' %% __ \u{10ffff} ''; --");
        filled(place, &[nul.clone(), long, many, marks, document("latin", "no Arabic here at all, MiG-29")]);
        let mut ledger = Ledger::open(place).unwrap();
        assert!(ledger.database_faults().unwrap().is_empty());
        let (held, _) = ledger.held(0, 100).unwrap();
        assert_eq!(held.len(), 5);
        assert!(held.iter().all(|h| check(h).is_empty()));
        let stored = ledger.records(Filter::default()).next().unwrap().unwrap();
        assert_eq!(stored.document.document, nul, "as it came");
        let mut reader = Reader::new(engine());
        for query in ["MiG-29", "mig 29", "مدينة"] {
            assert!(!ledger.search(query, &Filter::default(), &all(), &mut reader).unwrap().rows.is_empty(), "{query}");
        }
    });
}

fn execute(place: &Location, sql: &str) {
    match place {
        Location::File(path) => rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap(),
        #[cfg(feature = "postgres")]
        Location::Server(url) => postgres::Client::connect(url, postgres::NoTls).unwrap().batch_execute(sql).unwrap(),
        #[cfg(not(feature = "postgres"))]
        Location::Server(_) => unreachable!(),
    }
}
