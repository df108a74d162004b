//! Measured on real articles, where they are at hand: `ISNAD_CORPUS` names a `.jsonl.gz` of `{"id", "title", "text", …}`,
//! default `../shared/corpus/news.jsonl.gz` beside the repository. Skipped with a message otherwise.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use model::{Document, Reading};
use trace::claim::{Article, Claim, ClaimRef, claims};
use trace::compare::{self, FEATURES, NAMES, features_of, score};
use trace::store::Memory;
use trace::stories::{self, SAME};
use trace::words::shingles;

fn corpus() -> Option<Vec<Document>> {
    let path = std::env::var_os("ISNAD_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/news.jsonl.gz"),
        PathBuf::from,
    );
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("skipped: no corpus at {}", path.display());
        return None;
    };
    let lines = BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
    Some(lines.map(|l| serde_json::from_str(&l.expect("a line")).expect("a document")).collect())
}

/// All pairs of documents with a Jaccard value of at least [`SAME`], by counting common shingles.
fn exhaustive(documents: &[Document]) -> HashSet<(usize, usize)> {
    let sets: Vec<Vec<u64>> = documents.iter().map(|d| shingles(&d.whole())).collect();
    let mut places: HashMap<u64, Vec<u32>> = HashMap::new();
    for (i, s) in sets.iter().enumerate() {
        for &h in s {
            places.entry(h).or_default().push(i as u32);
        }
    }
    let mut pairs = HashSet::new();
    for (i, s) in sets.iter().enumerate() {
        let mut common: HashMap<u32, usize> = HashMap::new();
        for h in s {
            for &j in &places[h] {
                if (j as usize) < i {
                    *common.entry(j).or_default() += 1;
                }
            }
        }
        for (j, n) in common {
            let all = s.len() + sets[j as usize].len() - n;
            if n as f64 / all as f64 >= SAME {
                pairs.insert((j as usize, i));
            }
        }
    }
    pairs
}

#[test]
fn near_copies_are_found_as_by_exhaustive_comparison() {
    let Some(documents) = corpus() else { return };
    let truth = exhaustive(&documents);
    let mut tracer = trace::Tracer::new(Memory::default());
    let start = std::time::Instant::now();
    for (i, d) in documents.iter().enumerate() {
        tracer.add_text(i as u64 + 1, d).unwrap();
    }
    let took = start.elapsed();
    let (groups, _) = stories::stories(tracer.store(), None, usize::MAX).unwrap();
    let number: HashMap<&str, usize> = documents.iter().enumerate().map(|(i, d)| (d.id.as_str(), i)).collect();
    let mut found = HashSet::new();
    for g in &groups {
        let mut members: Vec<usize> = g.documents.iter().map(|d| number[d.id.as_str()]).collect();
        members.sort_unstable();
        for (k, &a) in members.iter().enumerate() {
            found.extend(members[k + 1..].iter().map(|&b| (a, b)));
        }
    }
    let hit = truth.intersection(&found).count() as f64;
    let (recall, precision) = (hit / truth.len() as f64, hit / found.len() as f64);
    eprintln!(
        "{} true pairs, {} found in {} stories, recall {recall:.4}, precision {precision:.4}, {:.2} ms a document",
        truth.len(),
        found.len(),
        groups.len(),
        took.as_secs_f64() * 1e3 / documents.len() as f64
    );
    for (a, b) in truth.symmetric_difference(&found).take(20) {
        eprintln!("  differs: {} {} (true: {})", documents[*a].id, documents[*b].id, truth.contains(&(*a, *b)));
    }
    assert!(recall >= 0.98 && precision >= 0.98);
}

/// Two claims and a reader's judgement.
#[derive(serde::Deserialize)]
struct Labelled {
    a: ClaimRef,
    b: ClaimRef,
    same: bool,
    /// Which half it belongs to, where the line does not tell.
    half: Option<usize>,
}

/// Two articles, and whether they report the same main happening: `yes`, `no`, or `partly` where the main one of one article
/// is told in passing by the other.
#[derive(serde::Deserialize)]
struct Beside {
    a: String,
    b: String,
    same: String,
}

fn lines<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().map(|l| serde_json::from_str(l).expect("a labelled pair")).collect()
}

fn labels() -> Vec<Labelled> {
    lines(include_str!("../labels/pairs.jsonl"))
}

/// Claims that were found joined in articles which do not report the same, each judged by reading.
fn joined_labels() -> Vec<Labelled> {
    lines(include_str!("../labels/joined.jsonl"))
}

fn articles() -> Vec<Beside> {
    lines(include_str!("../labels/articles.jsonl"))
}

/// Readings of these documents: those made before where `ISNAD_READINGS` names the output of `isnad read --format jsonl` over
/// the corpus, else by the reader as shipped.
fn read(documents: &[Document]) -> Vec<Reading> {
    if let Some(path) = std::env::var_os("ISNAD_READINGS") {
        let lines = BufReader::new(std::fs::File::open(path).unwrap()).lines();
        let mut made: HashMap<String, Reading> =
            lines.map(|l| serde_json::from_str::<Reading>(&l.unwrap()).unwrap()).map(|r| (r.id.clone(), r)).collect();
        return documents.iter().map(|d| made.remove(&d.id).expect("a reading of each document")).collect();
    }
    let engine =
        std::sync::Arc::new(reader::Engine::new(lexicon_data::open(), None, &weights::open()).expect("weights"));
    let mut reader = reader::Reader::new(&engine);
    documents.iter().map(|d| reader.read(d)).collect()
}

#[derive(Default)]
struct Counts {
    hit: f64,
    excess: f64,
    missed: f64,
}

impl Counts {
    fn add(&mut self, same: bool, said: bool) {
        match (same, said) {
            (true, true) => self.hit += 1.0,
            (false, true) => self.excess += 1.0,
            (true, false) => self.missed += 1.0,
            (false, false) => {}
        }
    }

    fn f1(&self) -> f64 {
        2.0 * self.hit / (2.0 * self.hit + self.excess + self.missed)
    }

    fn tell(&self, what: &str) {
        eprintln!(
            "{what}: precision {:.3}, recall {:.3}, F1 {:.3}",
            self.hit / (self.hit + self.excess),
            self.hit / (self.hit + self.missed),
            self.f1()
        );
    }
}

/// The claims of the documents that labels name, with their documents.
struct Claims<'d> {
    of: HashMap<String, Vec<Claim>>,
    documents: HashMap<&'d str, &'d Document>,
}

impl<'d> Claims<'d> {
    fn new(documents: &'d [Document], readings: &'d [Reading]) -> Self {
        let of = documents.iter().zip(readings).map(|(document, reading)| {
            let article = Article { number: 1, document, source_id: None, reading, outlet_key: None };
            (document.id.clone(), claims(article))
        });
        Self { of: of.collect(), documents: documents.iter().map(|d| (d.id.as_str(), d)).collect() }
    }

    /// The reader may have changed since the pair was labelled: the claim whose trigger is the same or overlaps.
    fn find(&self, at: &ClaimRef) -> Option<&Claim> {
        let all = self.of.get(&at.document)?;
        all.iter().find(|c| c.at == *at).or_else(|| all.iter().find(|c| c.at.trigger.overlaps(at.trigger)))
    }

    fn features(&self, a: &Claim, b: &Claim) -> [f32; FEATURES] {
        features_of(a, self.documents[a.at.document.as_str()], b, self.documents[b.at.document.as_str()])
    }

    /// Claims of the headline, and of the first lines where asked.
    fn leading(&self, document: &str, lines: u32) -> impl Iterator<Item = &Claim> {
        let end = self.documents[document].title.as_ref().map_or(0, |t| t.chars().count() as u32) + lines;
        self.of[document].iter().filter(move |c| c.at.trigger.start < end)
    }
}

/// The shipped weights were fitted on all labels; what weights of one half reach on the other, `labels/fit.py` tells.
/// `ISNAD_FIT` names a file for the features of all pairs, to fit again (see docs/trace.md).
#[test]
fn claims_of_one_happening_are_joined() {
    let Some(all) = corpus() else { return };
    let (labels, found, beside) = (labels(), joined_labels(), articles());
    let fit = std::env::var_os("ISNAD_FIT");
    let mut wanted: HashSet<&str> =
        labels.iter().flat_map(|l| [l.a.document.as_str(), l.b.document.as_str()]).collect();
    let judging = wanted.clone();
    if fit.is_some() {
        wanted.extend(found.iter().flat_map(|l| [l.a.document.as_str(), l.b.document.as_str()]));
        wanted.extend(beside.iter().flat_map(|l| [l.a.as_str(), l.b.as_str()]));
    }
    let documents: Vec<Document> = all.into_iter().filter(|d| wanted.contains(d.id.as_str())).collect();
    let readings = read(&documents);
    let mut tracer = trace::Tracer::new(Memory::default());
    for (i, (document, reading)) in documents.iter().zip(&readings).enumerate() {
        if judging.contains(document.id.as_str()) {
            tracer.add(Article { number: i as u64 + 1, document, source_id: None, reading, outlet_key: None }).unwrap();
        }
    }
    let mut home = HashMap::new();
    for n in tracer.happenings(None, usize::MAX).unwrap() {
        for m in tracer.gathered(n).unwrap().unwrap().members {
            home.insert(m.claim.at, n);
        }
    }
    let known = Claims::new(&documents, &readings);
    let mut table = format!("set\thalf\tsame\t{}", NAMES.join("\t"));
    let mut row = |set: &str, half: usize, same: bool, f: &[f32; FEATURES]| {
        let _ = write!(table, "\n{set}\t{half}\t{}", u8::from(same));
        for x in f {
            let _ = write!(table, "\t{x}");
        }
    };
    let (mut fitted, mut held, mut joined, mut lost) = (Counts::default(), Counts::default(), Counts::default(), 0);
    for (i, l) in labels.iter().enumerate() {
        let (Some(a), Some(b)) = (known.find(&l.a), known.find(&l.b)) else {
            lost += 1;
            continue;
        };
        let f = known.features(a, b);
        row("pairs", i % 2, l.same, &f);
        let (counts, odd) = if i % 2 == 0 { (&mut fitted, false) } else { (&mut held, true) };
        counts.add(l.same, score(&f) >= 0.0);
        if odd {
            joined.add(l.same, home[&a.at] == home[&b.at]);
        }
        if std::env::var_os("ISNAD_SHOW").is_some() && (home[&a.at] == home[&b.at]) != l.same {
            eprintln!("  {i} same {} score {:.2} {:?} {:?}", l.same, score(&f), l.a, l.b);
        }
    }
    if let Some(path) = fit {
        for l in &found {
            if let (Some(a), Some(b), Some(half)) = (known.find(&l.a), known.find(&l.b), l.half) {
                row("joined", half, l.same, &known.features(a, b));
            }
        }
        // of articles that report the same, claims of one type in the headlines are taken to be one; of others, none
        for (i, l) in beside.iter().enumerate().filter(|(_, l)| l.same != "partly") {
            let lines = if l.same == "yes" { 0 } else { 150 };
            for a in known.leading(&l.a, lines) {
                for b in known.leading(&l.b, lines).filter(|b| compare::group(a.kind) == compare::group(b.kind)) {
                    row("articles", i % 2, l.same == "yes", &known.features(a, b));
                }
            }
        }
        std::fs::write(path, table).unwrap();
    }
    eprintln!("{} labelled pairs, {lost} not read any more", labels.len());
    fitted.tell("model, half 0");
    held.tell("model, half 1");
    joined.tell("happenings, half 1");
    assert!(lost * 10 < labels.len(), "label the pairs again: the reader finds other triggers now");
    assert!(held.f1() >= 0.75 && joined.f1() >= 0.75);
}

/// Over the whole corpus, with readings made before: `ISNAD_READINGS` names the output of `isnad read --format jsonl`.
#[test]
#[ignore = "takes minutes; needs ISNAD_READINGS"]
fn the_whole_corpus() {
    let Some(all) = corpus() else { return };
    let Some(path) = std::env::var_os("ISNAD_READINGS") else { return };
    let lines = BufReader::new(std::fs::File::open(path).unwrap()).lines();
    let mut tracer = trace::Tracer::new(Memory::default());
    let mut slowest = 0.0f64;
    let start = std::time::Instant::now();
    for (i, (document, line)) in all.iter().zip(lines).enumerate() {
        let reading: Reading = serde_json::from_str(&line.unwrap()).unwrap();
        let one = std::time::Instant::now();
        tracer
            .add(Article { number: i as u64 + 1, document, source_id: None, reading: &reading, outlet_key: None })
            .unwrap();
        slowest = slowest.max(one.elapsed().as_secs_f64() * 1e3);
    }
    eprintln!("{:.2} ms an article, slowest {slowest:.1}", start.elapsed().as_secs_f64() * 1e3 / all.len() as f64);
    let (mut home, mut reporting) = (HashMap::new(), HashMap::<String, HashSet<u64>>::new());
    let mut sizes = Vec::new();
    for n in tracer.happenings(None, usize::MAX).unwrap() {
        let g = tracer.gathered(n).unwrap().unwrap();
        let documents: HashSet<u64> = g.members.iter().map(|m| m.claim.document).collect();
        sizes.push((documents.len(), g.members.len(), g.id.clone()));
        for m in g.members {
            if m.passing.is_none() {
                reporting.entry(m.claim.at.document.clone()).or_default().insert(n);
            }
            home.insert(m.claim.at, n);
        }
    }
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    eprintln!("{} happenings, {} in two or more articles", sizes.len(), sizes.iter().filter(|s| s.0 > 1).count());
    eprintln!("largest: {:?}", &sizes[..10]);
    let find = |at: &ClaimRef| {
        let near = || home.iter().find(|(c, _)| c.document == at.document && c.trigger.overlaps(at.trigger));
        home.get(at).copied().or_else(|| near().map(|c| *c.1))
    };
    let mut of: HashMap<&str, HashSet<u64>> = HashMap::new();
    for (at, n) in &home {
        of.entry(&at.document).or_default().insert(*n);
    }
    for half in 0..2 {
        let mut joined = Counts::default();
        let [mut shared, mut clear, mut same, mut same_clear]: [Counts; 4] = Default::default();
        for l in labels().iter().skip(half).step_by(2) {
            if let (Some(a), Some(b)) = (find(&l.a), find(&l.b)) {
                joined.add(l.same, a == b);
            }
        }
        for l in articles().iter().skip(half).step_by(2) {
            let (a, b) = (of.get(l.a.as_str()), of.get(l.b.as_str()));
            let share = a.zip(b).is_some_and(|(a, b)| !a.is_disjoint(b));
            let (a, b) = (reporting.get(&l.a), reporting.get(&l.b));
            let report = a.zip(b).is_some_and(|(a, b)| !a.is_disjoint(b));
            shared.add(l.same == "yes", share);
            same.add(l.same == "yes", report);
            if l.same != "partly" {
                clear.add(l.same == "yes", share);
                same_clear.add(l.same == "yes", report);
            }
        }
        eprintln!("half {half}");
        joined.tell("  pairs of claims");
        shared.tell("  pairs of articles: both tell of a happening, against the same main happening");
        clear.tell("  the same, without those that report it partly");
        same.tell("  pairs of articles: both report a happening, against the same main happening");
        same_clear.tell("  the same, without those that report it partly");
    }
    if let Some(path) = std::env::var_os("ISNAD_DUMP") {
        let mut out = String::new();
        for (at, n) in &home {
            let _ = writeln!(out, "{}\t{}\t{}\t{n}", at.document, at.trigger.start, at.trigger.end);
        }
        std::fs::write(path, out).unwrap();
    }
}

/// One line for each happening and story once these articles came; a tracer that remembers nothing is made before each of
/// `anew`.
fn found<'a>(
    all: impl Iterator<Item = (u64, &'a Document, &'a Reading)>,
    mut anew: impl FnMut(usize) -> bool,
) -> Vec<String> {
    let mut tracer = trace::Tracer::new(Memory::default());
    for (i, (number, document, reading)) in all.enumerate() {
        if anew(i) {
            tracer = trace::Tracer::new(tracer.into_store());
        }
        tracer.add(Article { number, document, source_id: None, reading, outlet_key: None }).unwrap();
    }
    let mut out: Vec<String> = Vec::new();
    for n in tracer.happenings(None, usize::MAX).unwrap() {
        let g = tracer.gathered(n).unwrap().unwrap();
        let claims: Vec<_> = g.members.iter().map(|m| (m.number, &m.to, m.how, m.passing)).collect();
        out.push(format!("{} {:?} {claims:?}", g.id, g.aliases));
    }
    let (groups, _) = stories::stories(tracer.store(), None, usize::MAX).unwrap();
    out.extend(groups.iter().map(|g| format!("{g:?}")));
    out
}

/// Over the whole corpus, with readings made before: `ISNAD_READINGS` as above. Articles of one text are one document in
/// several outlets, as in a ledger.
#[test]
#[ignore = "takes minutes; needs ISNAD_READINGS"]
fn the_whole_corpus_in_batches() {
    let Some(mut all) = corpus() else { return };
    let readings = read(&all);
    let mut seen: HashMap<String, (u64, u64)> = HashMap::new();
    let mut numbers = Vec::new();
    for (i, d) in all.iter_mut().enumerate() {
        let (first, times) =
            *seen.entry(d.whole().into_owned()).and_modify(|(_, times)| *times += 1).or_insert((i as u64 + 1, 0));
        numbers.push(first << 6 | times);
        d.id = format!("d{first}");
    }
    let arrival: Vec<usize> = (0..all.len()).collect();
    // other outlets' copies right after the first, as when one batch holds them all
    let mut gathered = arrival.clone();
    gathered.sort_by_key(|&i| numbers[i]);
    let of = |order: &[usize]| order.iter().map(|&i| (numbers[i], &all[i], &readings[i])).collect::<Vec<_>>();
    let one = found(of(&gathered).into_iter(), |_| false);
    let copies = numbers.iter().filter(|n| *n & 63 > 0).count();
    eprintln!("{} articles, {copies} of them copies word for word; {} happenings and stories", all.len(), one.len());
    let mut chance = 7u64;
    let mut cut = |i: usize| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        // few, then many
        chance.is_multiple_of(if i < all.len() / 2 { 200 } else { 2 })
    };
    let other = found(of(&arrival).into_iter(), &mut cut);
    let differ = one.iter().zip(&other).find(|(a, b)| a != b);
    assert!(differ.is_none() && one.len() == other.len(), "{differ:?}");
}
