//! The cost of adding one article as the store grows, on synthetic articles. Ignored: it takes minutes.
//! `ISNAD_COST` is the number of articles, default 10,000.

use std::time::Instant;

use model::{
    ChainLink, ChainRole, Document, Entity, EntityType, Event, EventType, Polarity, Reading, Span, Stance, Statement,
    Status,
};
use trace::Tracer;
use trace::claim::Article;
use trace::store::Memory;

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

#[test]
#[ignore = "takes minutes"]
fn adding_costs_the_same_however_many_there_are() {
    let n: u64 = std::env::var("ISNAD_COST").ok().and_then(|s| s.parse().ok()).unwrap_or(10_000);
    let mut tracer = Tracer::new(Memory::default());
    let mut chance = Chance(7);
    let tenth = (n / 10).max(1);
    let (mut sum, mut worst, mut first) = (0.0f64, 0.0f64, 0.0f64);
    for i in 1..=n {
        let (document, reading) = synthetic(i, &mut chance);
        let start = Instant::now();
        tracer
            .add(Article { number: i, document: &document, source_id: None, reading: &reading, outlet_key: None })
            .unwrap();
        let took = start.elapsed().as_secs_f64() * 1e3;
        sum += took;
        worst = worst.max(took);
        if i % tenth == 0 {
            let mean = sum / tenth as f64;
            eprintln!("after {i}: {mean:.3} ms an article, slowest {worst:.1} ms");
            // by then the days around are as full as they will ever be
            if i == 5 * tenth {
                first = mean;
            }
            if i == n {
                assert!(mean < 2.0 * first, "cost grows: {first:.3} ms half way, {mean:.3} ms at last");
            }
            (sum, worst) = (0.0, 0.0);
        }
    }
}
