//! Sentence detection on annotators' sentences (ASSAULT, PROTEST), by five-fold cross-validation over articles: does a
//! sentence hold an event of the type? The reader's own finds are features beside words, clusters and senses.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use learn::{Bundle, Example, Key, Options, key, mix, plain};
use reader::article::Article;
use reader::words::Words;
use reader::{Engine, Reader};

#[derive(serde::Deserialize)]
struct Line {
    id: String,
    positive: bool,
    text: String,
}

/// Average precision and best cross-validated F1 of one set.
#[derive(Clone, Copy, Debug)]
pub struct Detection {
    /// Sentences, and how many are positive.
    pub sentences: (usize, usize),
    /// Average precision.
    pub average_precision: f64,
    /// F1 at the threshold chosen on the training folds.
    pub f1: f64,
}

/// Runs the cross-validation on one file.
pub fn cross_validate(file: &Path, event: &str, bundle: &Bundle) -> Detection {
    let text = std::fs::read_to_string(file).unwrap_or_else(|e| {
        eprintln!("cannot read {}: {e}", file.display());
        std::process::exit(2);
    });
    let lines: Vec<Line> = text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect();
    let engine = Arc::new(Engine::new(lexicon_data::open(), None, bundle).expect("a whole bundle"));
    let mut reader = Reader::new(&engine);
    let mut words = Words::default();
    let mut articles: BTreeMap<&str, usize> = BTreeMap::new();
    for l in &lines {
        let n = articles.len();
        articles.entry(article_of(&l.id)).or_insert(n);
    }
    let examples: Vec<Example> = lines
        .iter()
        .map(|l| {
            let article = Article::new(&l.text, &mut words, engine.knowledge());
            let mut keys: Vec<Key> = Vec::new();
            let stems: Vec<Key> = (0..article.tokens.len()).map(|i| plain(article.word(&words, i).stem_key)).collect();
            for (i, s) in stems.iter().enumerate() {
                let w = article.word(&words, i);
                keys.push(mix(1, *s));
                keys.push(mix(2, plain(w.norm_key)));
                if i > 0 {
                    keys.push(mix(mix(3, stems[i - 1]), *s));
                }
                if i > 1 {
                    keys.push(mix(mix(4, stems[i - 2]), *s));
                }
                keys.push(mix(5, w.sense));
                keys.push(mix(mix(6, w.sense), w.class));
                for a in &w.atoms[..w.near.0] {
                    keys.push(mix(7, plain(*a)));
                }
                let letters: Vec<char> = w.norm.chars().collect();
                for g in letters.windows(4) {
                    keys.push(key(8, &g.iter().collect::<String>()));
                }
                for g in letters.windows(3) {
                    keys.push(key(9, &g.iter().collect::<String>()));
                }
            }
            let reading = reader.read(&model::Document { text: l.text.clone(), ..Default::default() });
            let of_type: Vec<_> = reading.events.iter().filter(|e| e.kind.code() == event).collect();
            keys.push(mix(20, of_type.len().min(3) as u32));
            for e in &of_type {
                keys.push(key(21, e.mode.as_deref().unwrap_or("-")));
                keys.push(key(22, e.status.code()));
                keys.push(key(23, e.polarity.code()));
                let roles = u32::from(!e.actor.is_empty()) | u32::from(!e.recipient.is_empty()) << 1;
                keys.push(mix(24, roles));
                keys.push(mix(mix(25, roles), u32::from(!e.place.is_empty()) | u32::from(!e.time.is_empty()) << 1));
                let good = e.status == model::Status::Actual && e.polarity == model::Polarity::Positive;
                keys.push(mix(26, u32::from(good)));
            }
            for e in &reading.events {
                keys.push(key(27, e.kind.code()));
            }
            keys.push(mix(28, reading.statements.len().min(3) as u32));
            keys.sort_unstable();
            keys.dedup();
            Example { features: vec![keys], labels: vec![u8::from(l.positive)], weight: 1.0 }
        })
        .collect();
    let fold_of = |l: &Line| articles[article_of(&l.id)] % 5;
    let names = ["no".to_string(), "yes".to_string()];
    let options = Options {
        epochs: 14,
        rate: 0.05,
        l2: 2e-5,
        dropout: 0.3,
        transitions: false,
        ..Options::default()
    };
    let mut scored: Vec<(f32, bool)> = Vec::new();
    let (mut tp, mut sys) = (0, 0);
    for fold in 0..5 {
        let train_on = |inner: Option<usize>| -> Vec<Example> {
            lines
                .iter()
                .zip(&examples)
                .filter(|(l, _)| fold_of(l) != fold && inner.is_none_or(|k| articles[article_of(&l.id)] / 5 % 3 != k))
                .map(|(_, e)| e.clone())
                .collect()
        };
        // the threshold comes from inside the training folds
        let mut inside: Vec<(f32, bool)> = Vec::new();
        for k in 0..3 {
            let m = learn::train(&train_on(Some(k)), &names, &options).model(usize::MAX);
            for (l, e) in lines.iter().zip(&examples) {
                if fold_of(l) != fold && articles[article_of(&l.id)] / 5 % 3 == k {
                    inside.push((margin(&m, e), l.positive));
                }
            }
        }
        let threshold = best_threshold(&mut inside);
        let m = learn::train(&train_on(None), &names, &options).model(usize::MAX);
        for (l, e) in lines.iter().zip(&examples).filter(|(l, _)| fold_of(l) == fold) {
            let s = margin(&m, e);
            scored.push((s, l.positive));
            sys += usize::from(s >= threshold);
            tp += usize::from(s >= threshold && l.positive);
        }
    }
    let gold = lines.iter().filter(|l| l.positive).count();
    Detection {
        sentences: (lines.len(), gold),
        average_precision: average_precision(&mut scored),
        f1: 2.0 * tp as f64 / (sys + gold).max(1) as f64,
    }
}

fn article_of(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |x| x.0)
}

fn margin(m: &learn::Model, e: &Example) -> f32 {
    let mut s = Vec::new();
    m.score(&e.features[0], &mut s);
    s[1] - s[0]
}

fn best_threshold(scored: &mut [(f32, bool)]) -> f32 {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let gold = scored.iter().filter(|s| s.1).count();
    let (mut tp, mut best) = (0, (0.0, 0.0));
    for (i, (s, y)) in scored.iter().enumerate() {
        tp += usize::from(*y);
        let f = 2.0 * tp as f64 / (i + 1 + gold) as f64;
        if f > best.0 {
            best = (f, *s);
        }
    }
    best.1
}

fn average_precision(scored: &mut [(f32, bool)]) -> f64 {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let gold = scored.iter().filter(|s| s.1).count();
    let (mut tp, mut sum) = (0, 0.0);
    for (i, (_, y)) in scored.iter().enumerate() {
        if *y {
            tp += 1;
            sum += f64::from(tp) / (i + 1) as f64;
        }
    }
    sum / gold.max(1) as f64
}
