//! Makes the reader's weights.
mod data;
mod embed;
mod happenings;
mod phrases;

use std::path::Path;

use learn::Trained;
use reader::clusters::Clusters;
use reader::spans::Phrase;
use reader::tagger::Tagger;
use reader::words::{Knowledge, Words};

const FOLDS: usize = 4;

fn main() {
    let shared = Path::new("/work/shared");
    let gold = shared.join("gold");
    let cache = Path::new("/tmp/clusters.bin");
    if !cache.exists() {
        let corpus = data::corpus(&shared.join("corpus/news.jsonl.gz"));
        std::fs::write(cache, embed::clusters(corpus.iter().map(String::as_str))).unwrap();
    }
    let clusters = Clusters::from_bytes(std::fs::read(cache).unwrap().into());
    let train = data::load(&gold.join("train"));
    let dev = data::load(&gold.join("dev"));
    let knowledge = Knowledge { base: lexicon_data::open(), overlay: None, clusters };
    let mut words = Words::default();
    let train = data::cases(&train, &mut words, &knowledge);
    let dev = data::cases(&dev, &mut words, &knowledge);
    let words = &words;
    let t0 = std::time::Instant::now();
    let all: Vec<_> = train.iter().collect();
    let fit = |part: &[&data::Case<'_>]| -> (Trained, Trained) {
        (phrases::train_outer(part, words), phrases::train_inner(part, words))
    };
    let folds: Vec<usize> = (0..=FOLDS).collect();
    let models: Vec<(Trained, Trained)> = parallel(&folds, |k| {
        let part: Vec<_> = all.iter().enumerate().filter(|(i, _)| i % FOLDS != *k).map(|(_, c)| *c).collect();
        fit(&part)
    });
    eprintln!("phrases {:?}", t0.elapsed());
    let mut taggers: Vec<(Tagger, Tagger)> =
        models.iter().map(|(o, i)| (Tagger::new(o.model(0.01)), Tagger::new(i.model(0.01)))).collect();
    let bias = (-0.5, -0.3);
    let train_phrases: Vec<Vec<Phrase>> = train
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let (o, n) = &mut taggers[i % FOLDS];
            happenings::find_phrases(o, n, c, words, bias)
        })
        .collect();
    let dev_phrases: Vec<Vec<Phrase>> = dev
        .iter()
        .map(|c| {
            let (o, n) = &mut taggers[FOLDS];
            happenings::find_phrases(o, n, c, words, bias)
        })
        .collect();
    let pairs: Vec<_> = train.iter().zip(train_phrases.iter().map(Vec::as_slice)).collect();
    let m = parallel(&[false, true], |cue| happenings::train(&pairs, words, *cue));
    eprintln!("happenings {:?}", t0.elapsed());
    for (cue, model) in [false, true].into_iter().zip(&m) {
        let mut t = Tagger::new(model.model(0.01));
        for b in [0.0, -0.4, -0.8, -1.2] {
            let mut c = [0; 4];
            for (d, p) in dev.iter().zip(&dev_phrases) {
                let gold = if cue { happenings::cue_labels(d) } else { happenings::trigger_labels(d) };
                happenings::report(&gold, &happenings::tag(&mut t, d, words, p, cue, b), &mut c);
            }
            eprintln!("cue {cue} bias {b} {c:?} found {:.3} labelled {:.3}", happenings::f(&c, 2), happenings::f(&c, 3));
        }
    }
}

/// Runs `f` over `items` on two threads; results in the order of the items.
fn parallel<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let out: Vec<std::sync::Mutex<Option<R>>> = items.iter().map(|_| std::sync::Mutex::new(None)).collect();
    std::thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                loop {
                    let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(item) = items.get(i) else { break };
                    *out[i].lock().unwrap() = Some(f(item));
                }
            });
        }
    });
    out.into_iter().map(|m| m.into_inner().unwrap().unwrap()).collect()
}
