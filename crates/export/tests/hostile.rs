//! Whatever a reading holds, every format stays readable by its own readers.

use export::claim::Article;
use export::{Export, Format, Graph, Manifest, Record, Settings};
use model::{
    Bound, ChainLink, ChainRole, Document, Entity, EntityType, Event, EventType, Harm, Location, Polarity, Reading,
    Span, Stance, Statement, Status, Thing, When,
};
use proptest::prelude::*;

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[=+@\t\r\n\"'<>&,;\\[\\]{}\u{0}\u{1b}\u{202e}\u{feff}\u{fffe}\u{85}-]{0,12}",
        Just("]]><!--\0-->".to_string()),
        Just("صحيفة «الفجر»".to_string()),
        Just(String::new()),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![(0_u32..40, 0_u32..12).prop_map(|(s, l)| Span::new(s, s + l)), any::<(u32, u32)>().prop_map(Span::from)]
}

fn degrees() -> impl Strategy<Value = f32> {
    prop_oneof![-200.0_f32..200.0, any::<f32>(), Just(f32::NAN), Just(f32::INFINITY)]
}

fn entity() -> impl Strategy<Value = Entity> {
    let location = (degrees(), degrees(), words()).prop_map(|(latitude, longitude, level)| Location {
        latitude,
        longitude,
        level,
    });
    let texts = (words(), prop::option::of(words()), prop::option::of(words()), words());
    (0..8_usize, texts, prop::option::of(location), prop::collection::vec(span(), 0..4)).prop_map(
        |(kind, (name, country, sector, key), location, mentions)| Entity {
            id: "e1".into(),
            kind: EntityType::ALL[kind],
            name,
            country,
            sector,
            key,
            location,
            mentions,
        },
    )
}

fn when() -> impl Strategy<Value = Option<When>> {
    let value =
        prop_oneof![words(), "[0-9X]{4}(-[0-9XW]{2}(-[0-9X]{2})?)?(/[0-9X-]{0,10})?", Just("2020-05-27".into())];
    prop::option::of((span(), value).prop_map(|(span, value)| When { span, value }))
}

fn statement() -> impl Strategy<Value = Statement> {
    let link = (any::<bool>(), prop::option::of(span()))
        .prop_map(|(origin, span)| ChainLink { role: if origin { ChainRole::Origin } else { ChainRole::Via }, span });
    (0..3_usize, prop::collection::vec(link, 0..4), prop::option::of(span()), any::<bool>(), 0..7_usize, when())
        .prop_map(|(id, chain, cue, direct, stance, when)| Statement {
            id: format!("st{id}"),
            chain,
            cue,
            content: Vec::new(),
            direct,
            stance: Stance::ALL[stance],
            when,
        })
}

fn thing() -> impl Strategy<Value = Thing> {
    (span(), words(), prop::option::of(words()), prop::option::of(any::<f64>()), 0..5_usize, any::<bool>()).prop_map(
        |(span, what, model, count, bound, part)| Thing {
            span,
            what,
            class: model.clone(),
            family: None,
            model,
            count,
            bound: Bound::ALL[bound],
            part,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let spans = || prop::collection::vec(span(), 0..3);
    let harm = (any::<Option<u64>>(), any::<Option<u64>>(), 0..5_usize).prop_map(|(killed, injured, bound)| Harm {
        killed,
        injured,
        bound: Bound::ALL[bound],
    });
    let codes = (0..16_usize, prop::option::of(words()), 0..6_usize, any::<bool>());
    let rest = (prop::collection::vec(thing(), 0..3), when(), prop::option::of(0..4_usize), prop::option::of(harm));
    (codes, span(), (spans(), spans(), spans(), spans()), rest).prop_map(
        |(
            (kind, mode, status, positive),
            trigger,
            (actor, recipient, place, time),
            (things, when, statement, harm),
        )| Event {
            id: "ev1".into(),
            kind: EventType::ALL[kind],
            mode,
            trigger,
            actor,
            recipient,
            things,
            place,
            time,
            when,
            status: Status::ALL[status],
            polarity: if positive { Polarity::Positive } else { Polarity::Negative },
            statement: statement.map(|n| format!("st{n}")),
            harm,
        },
    )
}

fn record() -> impl Strategy<Value = (Document, Reading)> {
    let document = (words(), prop::option::of(words()), words(), prop::option::of(words()), prop::option::of(words()));
    let found = (
        prop::collection::vec(entity(), 0..5),
        prop::collection::vec(statement(), 0..3),
        prop::collection::vec(event(), 0..5),
    );
    (document, found).prop_map(|((id, title, text, outlet, published), (entities, statements, events))| {
        let document = Document {
            id: id.clone(),
            title,
            text,
            url: outlet.clone(),
            author: published.clone(),
            outlet,
            published,
            ..Document::default()
        };
        (document, Reading { id, entities, statements, events, ..Reading::default() })
    })
}

fn exported(format: Format, graph: Graph, records: &[(Document, Reading)]) -> (Manifest, Vec<Vec<u8>>) {
    let writers = format.parts().iter().map(|_| Vec::new()).collect();
    let mut export = Export::new(format, Settings { graph, ..Settings::default() }, writers).unwrap();
    for (document, reading) in records {
        export.add(Record { document, reading }).unwrap();
    }
    export.finish(&[]).unwrap()
}

/// Elements of well-formed XML.
fn elements(xml: &[u8]) -> (u64, u64) {
    let mut reader = quick_xml::Reader::from_reader(xml);
    reader.config_mut().check_end_names = true;
    let (mut nodes, mut edges, mut depth) = (0, 0, 0_i32);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).expect("well-formed") {
            quick_xml::events::Event::Start(e) => {
                depth += 1;
                nodes += u64::from(e.name().as_ref() == b"node");
                edges += u64::from(e.name().as_ref() == b"edge");
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    assert_eq!(depth, 0);
    let text = std::str::from_utf8(xml).expect("UTF-8");
    let allowed = |c: char| (c >= ' ' || matches!(c, '\t' | '\n' | '\r')) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(text.chars().all(allowed), "a character that XML forbids");
    (nodes, edges)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_format_stays_whole(records in prop::collection::vec(record(), 0..4)) {
        let events: u64 = records.iter().map(|r| r.1.events.len() as u64).sum();
        for format in Format::ALL {
            if format == Format::Parquet && !cfg!(feature = "parquet") {
                continue;
            }
            for graph in [Graph::Actors, Graph::Chains] {
                let (manifest, parts) = exported(format, graph, &records);
                let counts = &manifest.counts;
                prop_assert_eq!(counts.events, events);
                prop_assert_eq!(counts.events_exported + counts.events_left_out.values().sum::<u64>(), events);
                for (file, part) in manifest.files.iter().zip(&parts) {
                    prop_assert_eq!(file.bytes, part.len() as u64);
                    match format {
                        Format::Plover => {
                            let lines: Vec<_> = part.split(|b| *b == b'\n').filter(|l| !l.is_empty()).collect();
                            prop_assert!(lines.iter().all(|l| serde_json::from_slice::<serde_json::Value>(l).is_ok()));
                            prop_assert_eq!(lines.len() as u64, file.records);
                        }
                        Format::Csv => {
                            let mut reader = csv::ReaderBuilder::new().from_reader(&part[..]);
                            let width = reader.headers().unwrap().len();
                            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
                            prop_assert!(rows.iter().all(|r| r.len() == width));
                            prop_assert_eq!(rows.len() as u64, file.records);
                        }
                        Format::GeoJson | Format::JsonLd => {
                            let value: serde_json::Value = serde_json::from_slice(part).unwrap();
                            let list = value.get("features").or(value.get("@graph")).unwrap().as_array().unwrap();
                            prop_assert_eq!(list.len() as u64, file.records);
                        }
                        Format::GraphMl => {
                            let (nodes, edges) = elements(part);
                            prop_assert_eq!(nodes + edges, file.records);
                        }
                        Format::Parquet => prop_assert_eq!(parquet_rows(part), file.records),
                    }
                }
                let again = exported(format, graph, &records);
                prop_assert_eq!(again, (manifest, parts));
            }
        }
    }

    #[test]
    fn ids_are_unique_within_an_article((document, reading) in record()) {
        let (_, parts) = exported(Format::Plover, Graph::Actors, &[(document, reading.clone())]);
        let ids: std::collections::HashSet<String> = String::from_utf8(parts[0].clone()).unwrap().lines()
            .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["id"].as_str().unwrap().to_string()).collect();
        prop_assert_eq!(ids.len(), reading.events.len());
    }

    #[test]
    fn days_of_any_text_are_in_order(text in prop_oneof![any::<String>(), "[0-9XTW/?~.-]{0,24}"]) {
        let days = export::dates::Days::of(&text);
        if let (Some(start), Some(end)) = (days.start, days.end) {
            prop_assert!(start <= end);
        }
        let _ = (days.precision(), days.day());
    }

    #[test]
    fn every_claim_can_be_asked_everything((document, reading) in record()) {
        let whole = document.whole();
        let article = Article::new(Record { document: &document, reading: &reading }, &whole);
        for event in &reading.events {
            let claim = article.claim(event, 0);
            for table in export::table::TABLES {
                for n in 0..(table.rows)(&claim) {
                    for column in table.columns {
                        let _ = (column.get)(&claim, n);
                    }
                }
            }
            if let Some(p) = claim.point {
                prop_assert!(p.latitude.abs() <= 90.0 && p.longitude.abs() <= 180.0);
            }
        }
    }
}

#[cfg(feature = "parquet")]
fn parquet_rows(bytes: &[u8]) -> u64 {
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::copy_from_slice(bytes)).unwrap();
    builder.build().unwrap().map(|batch| batch.unwrap().num_rows() as u64).sum()
}

#[cfg(not(feature = "parquet"))]
fn parquet_rows(_: &[u8]) -> u64 {
    0
}
