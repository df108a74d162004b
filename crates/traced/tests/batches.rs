//! What is found across articles is the same wherever the batches of an `add` end, and one by one.
//!
//! The articles are the invented week, each also told in other versions: word for word in another outlet, without its
//! last or its first lines, of another sender, and on other days. Versions without first lines and those without last lines are different
//! stories until the whole text comes and brings them together.

#[allow(dead_code)]
#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use std::sync::OnceLock;

use common::{engine, version};
use ledger::{DocumentId, Entry, Filter, Ledger, Location, Paging, Read, Shadow, WriteOptions, Writer};
use model::{Document, Reading};
use proptest::prelude::*;
use reader::Reader;
use traced::{OutletNames, Traced, catch_up};

/// Versions of each article.
const VERSIONS: usize = 6;

/// An article of the week in one of its versions.
fn told(article: &Document, version: usize) -> Document {
    let lines: Vec<&str> = article.text.lines().collect();
    let cut = lines.len() / 4;
    let (text, later) = match version {
        1 => (lines[..lines.len() - cut].join("\n"), 1),
        2 => (lines[cut..].join("\n"), 2),
        3 => (article.text.clone(), 1),
        4 => (article.text.replace("مرسانيا", "تيلانيا"), 6),
        5 => (lines[cut..lines.len() - cut].join("\n"), 0),
        _ => (article.text.clone(), 0),
    };
    let outlet = match version {
        0 => article.outlet.clone(),
        other => Some(format!("منبر {other}")),
    };
    let published = article.published.as_ref().map(|p| {
        let day: u32 = p[8..10].parse().unwrap();
        format!("{}{:02}{}", &p[..8], day + later, &p[10..])
    });
    Document { id: format!("{}.{version}", article.id), text, outlet, published, ..article.clone() }
}

/// Versions of the week's articles read once.
fn articles() -> &'static Vec<(Document, Reading)> {
    static ALL: OnceLock<Vec<(Document, Reading)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/week/articles.jsonl");
        let week = std::fs::read_to_string(path).unwrap();
        let mut reader = Reader::new(engine());
        let week = week.lines().map(|l| serde_json::from_str::<Document>(l).unwrap());
        let all = week.flat_map(|a| (0..VERSIONS).map(move |v| told(&a, v)));
        all.map(|d| (reader.read(&d), d)).map(|(r, d)| (d, r)).collect()
    })
}

/// All that is known across articles once those of `order` came in batches of these sizes.
fn known(order: &[usize], sizes: &[usize]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let place = Location::File(dir.path().join("test.ledger"));
    let names = OutletNames::new(engine());
    let mut reader = Reader::new(engine());
    let mut writer = Writer::open(&place, &version(), WriteOptions { wait: 0, waiting: &mut |_| () }).unwrap();
    let (mut rest, mut sizes) = (order, sizes.iter().cycle());
    while !rest.is_empty() {
        let (batch, later) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
        let entries = batch.iter().map(|&i| {
            let (d, r) = &articles()[i];
            Entry::new(DocumentId::of(d), d, Read::new(d, r, Shadow::of(&mut reader, d)), None)
        });
        writer.add(entries.collect()).unwrap();
        catch_up(&mut writer, &names, |_| ()).unwrap();
        rest = later;
    }
    writer.finish().unwrap();
    let mut traced = Traced::new(Ledger::open(&place).unwrap());
    let paging = Paging { limit: 10_000, cursor: None };
    let happenings = traced.happenings(&Filter::default(), 1, &paging, &mut None).unwrap().rows;
    let stories = traced.stories(&Filter::default(), &paging, &mut None).unwrap().rows;
    let lines = happenings.iter().map(|h| serde_json::to_string(h).unwrap());
    lines.chain(stories.iter().map(|s| serde_json::to_string(s).unwrap())).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 6,
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn batches_change_nothing(
        order in Just((0..32 * VERSIONS).collect::<Vec<_>>()).prop_shuffle(),
        sizes in proptest::collection::vec(1usize..40, 1..6),
    ) {
        let whole = known(&order, &[order.len()]);
        prop_assert!(whole.lines().count() > 30, "{} lines", whole.lines().count());
        for sizes in [&sizes[..], &[1]] {
            let parts = known(&order, sizes);
            let differ = whole.lines().zip(parts.lines()).find(|(a, b)| a != b);
            prop_assert!(differ.is_none() && whole.len() == parts.len(), "batches of {sizes:?}: {differ:?}");
        }
    }
}
