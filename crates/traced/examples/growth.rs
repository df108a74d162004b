//! What tracing costs as a ledger grows: `growth LEDGER [ARTICLES]` fills a new ledger with synthetic articles (10,000), traces
//! them, and tells the cost of an article at every tenth, and of 50 articles added one by one at the end. LEDGER is a file or
//! a `postgres://` address.

use std::sync::Arc;
use std::time::Instant;

use ledger::{DocumentId, Entry, Location, Read, Shadow, Version, WriteOptions, Writer};
use model::{
    ChainLink, ChainRole, Document, Entity, EntityType, Event, EventType, Polarity, Reading, Span, Stance, Statement,
    Status,
};
use reader::Engine;
use traced::OutletNames;

/// A small generator (xorshift), the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// An article of 60 invented words with 12 claims; one of ten is a copy of an earlier one with a few words changed.
fn synthetic(i: u64, chance: &mut Chance) -> (Document, Reading) {
    let seed = if chance.below(10) == 0 && i > 10 { i - chance.below(10) } else { i };
    let mut words = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..8 {
        words.below(2);
    }
    let letters: Vec<char> = "ابتثجحخدرزسشصضطظعغفقكلمنهوي".chars().collect();
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut at = 0u32;
    for n in 0..60 {
        let mut source = words.below(4000);
        if seed != i && n % 20 == 7 {
            source = chance.below(4000);
        }
        let word: String = (0..5).map(|k| letters[((source >> (k * 2)) as usize * 7 + k) % letters.len()]).collect();
        spans.push(Span::new(at, at + 5));
        text.push_str(&word);
        text.push(' ');
        at += 6;
    }
    // about 2,000 articles a day, of 3,000 actors and 500 places
    let day = 10_000 + i as i32 / 2_000;
    let entities: Vec<Entity> = (0..8usize)
        .map(|k| {
            let (kind, key) = if k < 5 {
                (EntityType::Org, format!("actor:{}", words.below(3000)))
            } else {
                (EntityType::Gpe, format!("place:{}", words.below(500)))
            };
            Entity {
                id: format!("e{k}"),
                kind,
                name: key.clone(),
                country: None,
                sector: None,
                key,
                location: None,
                mentions: vec![spans[k * 5]],
            }
        })
        .collect();
    let statements = vec![Statement {
        id: "st1".into(),
        chain: vec![ChainLink { role: ChainRole::Origin, span: Some(spans[0]) }],
        cue: None,
        content: Vec::new(),
        direct: false,
        stance: Stance::Neutral,
        when: None,
    }];
    let events = (0..12usize)
        .map(|k| Event {
            id: format!("ev{k}"),
            kind: EventType::ALL[words.below(16) as usize],
            mode: None,
            trigger: spans[k * 4 + 2],
            actor: vec![spans[(k % 5) * 5]],
            recipient: vec![spans[((k + 1) % 5) * 5]],
            things: Vec::new(),
            place: vec![spans[(5 + k % 3) * 5]],
            time: Vec::new(),
            when: None,
            status: Status::Actual,
            polarity: Polarity::Positive,
            statement: Some("st1".into()),
            harm: None,
        })
        .collect();
    let document = Document {
        id: format!("d{i}"),
        text,
        published: trace::dates::iso(day),
        outlet: Some(format!("outlet {}", i % 40)),
        ..Document::default()
    };
    (document, Reading { id: format!("d{i}"), entities, statements, events, ..Reading::default() })
}

/// Seconds of processor time that this process took, where the system tells.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |s| s.1);
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum::<f64>();
    ticks / 100.0
}

fn entry(i: u64, chance: &mut Chance) -> Entry {
    let (document, reading) = synthetic(i, chance);
    let read = Read::new(&document, &reading, Shadow::default());
    Entry::new(DocumentId::of(&document), &document, read, None)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given = std::env::args().skip(1);
    let place = given.next().ok_or("usage: growth LEDGER [ARTICLES]")?;
    let articles: u64 = given.next().map_or(Ok(10_000), |n| n.parse())?;
    let engine = Arc::new(Engine::new(lexicon_data::open(), None, &weights::open())?);
    let names = OutletNames::new(&engine);
    let version = Version { reader: "synthetic".into(), weights: "none".into(), lexicon: "none".into() };
    let options = WriteOptions { wait: 0, waiting: &mut |_| () };
    let mut writer = Writer::open(&Location::parse(&place), &version, options)?;
    let mut chance = Chance(7);
    let step = (articles / 10).max(1);
    let (mut took, mut worked, mut since) = (0.0, 0.0, 0);
    let mut batch = Vec::new();
    for i in 1..=articles {
        batch.push(entry(i, &mut chance));
        if batch.len() == traced::BATCH || i == articles {
            since += batch.len();
            writer.add(std::mem::take(&mut batch))?;
            let (begun, before) = (Instant::now(), processor());
            traced::catch_up(&mut writer, &names, |_| ())?;
            took += begun.elapsed().as_secs_f64() * 1e3;
            worked += (processor() - before) * 1e3;
        }
        if i % step < traced::BATCH as u64 && since as u64 + traced::BATCH as u64 > step || i == articles {
            let n = since.max(1) as f64;
            println!(
                "{i} articles: {:.2} ms of trace an article, {:.2} ms of them processor time",
                took / n,
                worked / n
            );
            (took, worked, since) = (0.0, 0.0, 0);
        }
    }
    let mut single: Vec<f64> = Vec::new();
    for i in articles + 1..=articles + 50 {
        writer.add(vec![entry(i, &mut chance)])?;
        let begun = Instant::now();
        traced::catch_up(&mut writer, &names, |_| ())?;
        single.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    single.sort_by(f64::total_cmp);
    println!("one at a time: median {:.1} ms, slowest {:.1} ms, commit included", single[single.len() / 2], single[49]);
    writer.finish()?;
    Ok(())
}
