//! Sentence detection on annotators' sentences (ASSAULT, PROTEST), by five-fold cross-validation over articles: does a
//! sentence hold an event of the type? The reader's own finds are features beside words, clusters and senses.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use learn::{Bundle, Key, key, mix, plain};
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

/// What a word must be worth to be a happening, for two looks at a sentence: half of the negatives hold words of the type,
/// so what the reader would usually name says less than what it is sure of.
const SURE: [f32; 2] = [2.5, 0.5];

/// Runs the cross-validation on one file.
pub fn cross_validate(file: &Path, event: &str, bundle: &Bundle) -> Detection {
    let text = std::fs::read_to_string(file).unwrap_or_else(|e| {
        eprintln!("cannot read {}: {e}", file.display());
        std::process::exit(2);
    });
    let lines: Vec<Line> = text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect();
    let engines = SURE.map(|sure| {
        let mut engine = Engine::new(lexicon_data::open(), None, bundle).expect("a whole bundle");
        engine.settings.triggers = sure;
        Arc::new(engine)
    });
    let mut readers = engines.each_ref().map(Reader::new);
    let mut words = Words::default();
    let mut articles: BTreeMap<&str, usize> = BTreeMap::new();
    for l in &lines {
        let n = articles.len();
        articles.entry(article_of(&l.id)).or_insert(n);
    }
    let examples: Vec<Blocks> = lines
        .iter()
        .map(|l| {
            let article = Article::new(&l.text, &mut words, engines[0].knowledge());
            let mut blocks: Blocks = Default::default();
            let stems: Vec<Key> = (0..article.tokens.len()).map(|i| plain(article.word(&words, i).stem_key)).collect();
            for (i, s) in stems.iter().enumerate() {
                let w = article.word(&words, i);
                blocks[0].push(mix(2, plain(w.norm_key)));
                blocks[0].push(mix(1, *s));
                if i > 0 {
                    blocks[0].push(mix(mix(3, stems[i - 1]), *s));
                }
                for a in &w.atoms[..w.near.0] {
                    blocks[1].push(mix(7, plain(*a)));
                }
                blocks[1].push(mix(mix(6, w.sense), w.class));
                if i > 0 {
                    blocks[1].push(mix(mix(10, article.word(&words, i - 1).class), w.sense));
                    blocks[1].push(mix(mix(11, article.word(&words, i - 1).sense), w.sense));
                }
                let letters: Vec<char> =
                    std::iter::once(' ').chain(w.norm.chars()).chain(std::iter::once(' ')).collect();
                for n in 2..=5 {
                    for g in letters.windows(n) {
                        blocks[2].push(key(8, &g.iter().collect::<String>()));
                    }
                }
            }
            for (look, reader) in readers.iter_mut().enumerate() {
                let reading = reader.read(&model::Document { text: l.text.clone(), ..Default::default() });
                finds(&reading, event, |k| blocks[3].push(mix(look as u32, k)));
            }
            blocks
        })
        .collect();
    let fold_of = |l: &Line| articles[article_of(&l.id)] % 5;
    let mut scored: Vec<(f32, bool)> = Vec::new();
    let (mut tp, mut sys) = (0, 0);
    for fold in 0..5 {
        let part =
            |keep: &dyn Fn(&Line) -> bool| -> Vec<usize> { (0..lines.len()).filter(|i| keep(&lines[*i])).collect() };
        let inner_of = |l: &Line| articles[article_of(&l.id)] / 5 % 3;
        // the threshold comes from inside the training folds
        let mut inside: Vec<(f32, bool)> = Vec::new();
        for k in 0..3 {
            let m = Svm::fit(&lines, &examples, &part(&|l| fold_of(l) != fold && inner_of(l) != k));
            for i in part(&|l| fold_of(l) != fold && inner_of(l) == k) {
                inside.push((m.margin(&examples[i]), lines[i].positive));
            }
        }
        let threshold = best_threshold(&mut inside);
        let m = Svm::fit(&lines, &examples, &part(&|l| fold_of(l) != fold));
        for i in part(&|l| fold_of(l) == fold) {
            let s = m.margin(&examples[i]);
            scored.push((s, lines[i].positive));
            sys += usize::from(s >= threshold);
            tp += usize::from(s >= threshold && lines[i].positive);
        }
    }
    let gold = lines.iter().filter(|l| l.positive).count();
    Detection {
        sentences: (lines.len(), gold),
        average_precision: average_precision(&mut scored),
        f1: 2.0 * tp as f64 / (sys + gold).max(1) as f64,
    }
}

/// What was read in a sentence, as features.
fn finds(reading: &model::Reading, event: &str, mut out: impl FnMut(Key)) {
    let of_type: Vec<_> = reading.events.iter().filter(|e| e.kind.code() == event).collect();
    out(mix(20, of_type.len().min(3) as u32));
    out(mix(29, u32::from(of_type.is_empty())));
    for e in &of_type {
        out(key(21, e.mode.as_deref().unwrap_or("-")));
        out(key(22, e.status.code()));
        out(key(23, e.polarity.code()));
        let roles = u32::from(!e.actor.is_empty()) | u32::from(!e.recipient.is_empty()) << 1;
        out(mix(24, roles));
        out(mix(mix(25, roles), u32::from(!e.place.is_empty()) | u32::from(!e.time.is_empty()) << 1));
        let good = e.status == model::Status::Actual && e.polarity == model::Polarity::Positive;
        out(mix(26, u32::from(good)));
    }
    for e in &reading.events {
        out(key(27, e.kind.code()));
    }
    out(mix(28, reading.statements.len().min(3) as u32));
}

fn article_of(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |x| x.0)
}

/// Features in four blocks, each brought to its own length: words, lexicon and clusters, letters, the reader's finds.
type Blocks = [Vec<Key>; 4];

/// Lengths of the blocks.
const LENGTHS: [f32; 4] = [1.0, 1.0, 1.0, 0.7];

/// A linear support vector machine with squared hinge loss, by dual coordinate descent (Hsieh et al. 2008), over
/// log-count × inverse-document-frequency features; classes weighted by their rarity.
struct Svm {
    weights: HashMap<Key, f32>,
    rarity: HashMap<Key, f32>,
}

impl Svm {
    fn vector(rarity: &HashMap<Key, f32>, blocks: &Blocks) -> Vec<(Key, f32)> {
        let mut out = Vec::new();
        for (b, keys) in blocks.iter().enumerate() {
            let mut counts: BTreeMap<Key, f32> = BTreeMap::new();
            for k in keys {
                *counts.entry(mix(*k, b as u32)).or_default() += 1.0;
            }
            let begin = out.len();
            let mut length = 0.0;
            for (k, c) in counts {
                if let Some(r) = rarity.get(&k) {
                    let v = (1.0 + f32::ln(c)) * r;
                    length += v * v;
                    out.push((k, v));
                }
            }
            let scale = LENGTHS[b] / f32::sqrt(length).max(1e-6);
            out[begin..].iter_mut().for_each(|x| x.1 *= scale);
        }
        out
    }

    fn fit(lines: &[Line], examples: &[Blocks], part: &[usize]) -> Self {
        let mut seen: HashMap<Key, f32> = HashMap::new();
        for i in part {
            let mut keys: Vec<Key> =
                examples[*i].iter().enumerate().flat_map(|(b, ks)| ks.iter().map(move |k| mix(*k, b as u32))).collect();
            keys.sort_unstable();
            keys.dedup();
            for k in keys {
                *seen.entry(k).or_default() += 1.0;
            }
        }
        let n = part.len() as f32;
        let rarity: HashMap<Key, f32> =
            seen.into_iter().map(|(k, c)| (k, ((1.0 + n) / (1.0 + c)).ln() + 1.0)).collect();
        let vectors: Vec<Vec<(Key, f32)>> = part.iter().map(|i| Self::vector(&rarity, &examples[*i])).collect();
        let positive = part.iter().filter(|i| lines[**i].positive).count().max(1) as f32;
        let mut weights: HashMap<Key, f32> = HashMap::new();
        let mut alpha = vec![0f32; part.len()];
        for round in 0..40 {
            for step in 0..part.len() {
                // a fixed walk that differs from round to round
                let j = (step * 7919 + round * 104_729) % part.len();
                let y = if lines[part[j]].positive { 1.0 } else { -1.0 };
                let share = if y > 0.0 { n / (2.0 * positive) } else { n / (2.0 * (n - positive).max(1.0)) };
                let slack = 0.5 / (COST * share);
                let v = &vectors[j];
                let dot: f32 = v.iter().map(|(k, x)| weights.get(k).copied().unwrap_or(0.0) * x).sum();
                let own: f32 = v.iter().map(|(_, x)| x * x).sum();
                let old = alpha[j];
                alpha[j] = (old - (y * dot - 1.0 + slack * old) / (own + slack)).max(0.0);
                let change = (alpha[j] - old) * y;
                if change != 0.0 {
                    for (k, x) in v {
                        *weights.entry(*k).or_default() += change * x;
                    }
                }
            }
        }
        Self { weights, rarity }
    }

    fn margin(&self, blocks: &Blocks) -> f32 {
        Self::vector(&self.rarity, blocks).iter().map(|(k, x)| self.weights.get(k).copied().unwrap_or(0.0) * x).sum()
    }
}

/// Cost of an error against the length of the weights.
const COST: f32 = 0.5;

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
