//! Makes the reader's weights.
mod data;
mod embed;
mod fillers;
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
    let mut train = data::load(&gold.join("train"));
    let core = train.len();
    if std::env::var_os("NOEXTRA").is_none() {
        train.extend(data::labelled(Path::new("train/labels/articles.jsonl"), &shared.join("corpus/news.jsonl.gz")));
    }
    eprintln!("{} articles, {core} of them given", train.len());
    let dev = data::load(&gold.join("dev"));
    let knowledge = Knowledge { base: lexicon_data::open(), overlay: None, clusters };
    let mut words = Words::default();
    let train = data::cases(&train, &mut words, &knowledge);
    let dev = data::cases(&dev, &mut words, &knowledge);
    let words = &words;
    let t0 = std::time::Instant::now();
    if std::env::var_os("STATS").is_some() {
        let mut miss: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
        let (mut g, mut cov, mut typ, mut any, mut anyhit) = (0, 0, 0, 0, 0);
        for c in &train {
            let gold = happenings::trigger_labels(c);
            for i in 0..gold.len() {
                let w = c.article.word(words, i);
                let kinds: Vec<u8> = w.senses.iter().filter_map(|(s, _, _)| match s { lexicon::Sense::Event { kind, .. } => Some(*kind), _ => None }).collect();
                any += usize::from(!kinds.is_empty());
                if gold[i] != 0 {
                    g += 1;
                    cov += usize::from(!kinds.is_empty());
                    typ += usize::from(kinds.contains(&(gold[i] - 1)));
                    anyhit += usize::from(!kinds.is_empty());
                    if !kinds.contains(&(gold[i] - 1)) {
                        *miss.entry(format!("{} {}", happenings::event_names()[gold[i] as usize], w.norm)).or_default() += 1;
                    }
                }
            }
        }
        eprintln!("gold {g} with a sense {cov} with the right type {typ}; words with senses {any} of them triggers {anyhit}");
        let mut m: Vec<_> = miss.into_iter().collect();
        m.sort_by_key(|x| std::cmp::Reverse(x.1));
        for (k, n) in m.iter().take(150) { print!("{k} {n}; "); }
        return;
    }
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
    let number = |name: &str, or: f32| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(or);
    let bias = reader::spans::Bias::new(number("B_M", 0.5), number("B_F", 1.5), number("B_I", 0.3));
    let train_phrases: Vec<Vec<Phrase>> = train
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let (o, n) = &mut taggers[i % FOLDS];
            happenings::find_phrases(o, n, c, words, &bias)
        })
        .collect();
    let dev_phrases: Vec<Vec<Phrase>> = dev
        .iter()
        .map(|c| {
            let (o, n) = &mut taggers[FOLDS];
            happenings::find_phrases(o, n, c, words, &bias)
        })
        .collect();
    for (name, cases, found) in [("CV", &train, &train_phrases), ("dev", &dev, &dev_phrases)] {
        let mut s = eval::Scores::default();
        for (c, p) in cases.iter().zip(found) {
            s.merge(phrases::score(c, p, words));
        }
        eprintln!("{name} {}", s.table().lines().nth(2).unwrap_or(""));
    }
    let train_phrases: Vec<Vec<Phrase>> = train_phrases.into_iter().map(order).collect();
    let dev_phrases: Vec<Vec<Phrase>> = dev_phrases.into_iter().map(order).collect();
    let pairs: Vec<_> = train.iter().zip(train_phrases.iter().map(Vec::as_slice)).collect();
    let role_models = parallel(&folds, |k| {
        let part: Vec<_> = pairs.iter().enumerate().filter(|(i, _)| i % FOLDS != *k).map(|(_, p)| *p).collect();
        fillers::train(&part, words, &knowledge)
    });
    eprintln!("roles {:?} {} features", t0.elapsed(), role_models[FOLDS].features.len());
    let rank_models = parallel(&folds, |k| {
        let part: Vec<_> = pairs.iter().enumerate().filter(|(i, _)| i % FOLDS != *k).map(|(_, p)| *p).collect();
        fillers::train_ranks(&part, words, &knowledge)
    });
    eprintln!("ranks {:?} {} features", t0.elapsed(), rank_models[FOLDS].features.len());
    for (none, further) in [(0.0, 0.5), (-0.5, 0.5), (-0.5, 0.35), (-1.0, 0.4)] {
        let choice = reader::roles::Choice { none: [none; 6], further };
        for (name, cases, found) in [("CV", &train, &train_phrases), ("dev", &dev, &dev_phrases)] {
            let ms: Vec<(learn::Model, learn::Model)> =
                role_models.iter().zip(&rank_models).map(|(m, r)| (m.model(0.01), r.model(0.01))).collect();
            let mut s = eval::Scores::default();
            for (i, (c, p)) in cases.iter().zip(found).enumerate() {
                let m = if name == "CV" { &ms[i % FOLDS] } else { &ms[FOLDS] };
                let triggers: Vec<_> = fillers::gold_triggers(c).into_iter().map(|t| t.0).collect();
                let f = fillers::fill((&m.0, &m.1), c, words, &knowledge, p, &triggers, &choice);
                s.merge(eval::score_article(c.gold, &fillers::reading(c, words, p, &triggers, &f)));
            }
            eprintln!("{name} {none} {further} {}", s.table().lines().skip(11).take(6).collect::<Vec<_>>().join("\n"));
        }
    }
    if std::env::var_os("ROLES").is_some() {
        for (name, cases, found) in [("CV", &train, &train_phrases), ("dev", &dev, &dev_phrases)] {
            let mut t = [[0usize; 3]; 5];
            for (c, p) in cases.iter().zip(found) {
                let spans: Vec<_> = p.iter().map(|p| (p.span(&c.article, words), c.article.sentence_of[p.first])).collect();
                for v in &c.gold.events {
                    let s = c.article.sentence_of[data::tokens_of(&c.article, v.trigger).unwrap().0];
                    let things: Vec<_> = v.things.iter().map(|t| t.0).collect();
                    for (k, list) in [&v.actor, &v.recipient, &v.place, &v.time, &things].into_iter().enumerate() {
                        for g in list {
                            t[k][0] += 1;
                            t[k][1] += usize::from(spans.iter().any(|x| x.0.overlaps(*g)));
                            t[k][2] += usize::from(spans.iter().any(|x| x.0.overlaps(*g) && x.1 == s));
                        }
                    }
                }
            }
            eprintln!("{name} coverage gold/any/same sentence: actor {:?} recipient {:?} place {:?} time {:?} thing {:?}", t[0], t[1], t[2], t[3], t[4]);
        }
        return;
    }
    // cross-validation over the training articles, then dev
    let jobs: Vec<(bool, usize)> = [false, true].iter().flat_map(|c| (0..=FOLDS).map(|k| (*c, k))).collect();
    let fitted = parallel(&jobs, |(cue, k)| {
        let part: Vec<_> = pairs.iter().enumerate().filter(|(i, _)| i % FOLDS != *k).map(|(_, p)| *p).collect();
        happenings::train(&part, words, *cue)
    });
    for (cue, name) in [(0, "trigger"), (1, "cue")] {
        let mut ts: Vec<Tagger> =
            (0..=FOLDS).map(|k| Tagger::new(fitted[cue * (FOLDS + 1) + k].model(0.01))).collect();
        for b in [-1.2, -1.8, -2.4] {
            let mut c = [0; 4];
            for (i, (case, p)) in pairs.iter().enumerate() {
                let gold = if cue == 1 { happenings::cue_labels(case) } else { happenings::trigger_labels(case) };
                happenings::report(&gold, &happenings::tag(&mut ts[i % FOLDS], case, words, p, cue == 1, b), &mut c);
            }
            eprintln!("CV {name} bias {b} {c:?} found {:.3} labelled {:.3}", happenings::f(&c, 2), happenings::f(&c, 3));
        }
    }
    let m = [fitted[FOLDS].clone(), fitted[2 * FOLDS + 1].clone()];
    eprintln!("happenings {:?}", t0.elapsed());
    for (cue, model) in [false, true].into_iter().zip(&m) {
        let mut t = Tagger::new(model.model(0.01));
        for b in [-1.2, -1.8, -2.4] {
            let mut c = [0; 4];
            for (d, p) in dev.iter().zip(&dev_phrases) {
                let gold = if cue { happenings::cue_labels(d) } else { happenings::trigger_labels(d) };
                let sys = happenings::tag(&mut t, d, words, p, cue, b);
                if b == -1.2 && std::env::var_os("ERRORS").is_some() {
                    for i in 0..gold.len() {
                        if gold[i] != sys[i] {
                            let r = i.saturating_sub(5)..(i + 6).min(gold.len());
                            let text: Vec<&str> = r.map(|j| if j == i { d.article.tokens.surface(j) } else { d.article.tokens.surface(j) }).collect();
                            println!("{} {} > {}\t«{}»\t{}", if cue {"cue"} else {"trig"}, model.labels[gold[i] as usize], model.labels[sys[i] as usize], d.article.tokens.surface(i), text.join(" "));
                        }
                    }
                }
                happenings::report(&gold, &sys, &mut c);
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

fn order(mut p: Vec<Phrase>) -> Vec<Phrase> {
    p.sort_by_key(|p| (p.first, p.inner));
    p
}
