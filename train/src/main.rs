//! Makes the reader's weights from annotated articles: `isnad-train --shared DIR [--out FILE]`. See `train/README.md`.

mod chains;
mod data;
mod detect;
mod embed;
mod fillers;
mod happenings;
mod phrases;
mod pipeline;
mod pos;
mod probe;
mod rules;
mod tune;

use std::path::PathBuf;
use std::sync::Arc;

use eval::Gold;
use learn::Bundle;
use reader::clusters::Clusters;
use reader::words::Knowledge;
use reader::{Engine, Reader, Settings, part};

#[allow(clippy::struct_excessive_bools)] // switches of a command line
struct Arguments {
    shared: PathBuf,
    out: Option<PathBuf>,
    /// Folder that keeps finished stages between experiments.
    keep: Option<PathBuf>,
    /// Score by cross-validation over the training articles too.
    cross: bool,
    /// Leave our own labels out.
    core: bool,
    /// Score the lexicon alone.
    rules: bool,
    /// Cross-validate the detection of sentences with the bundle's finds as features.
    gsr: bool,
    /// Train on one half of the training articles only (0 or 1), score on the other.
    half: Option<usize>,
    /// Score this bundle instead of training one.
    bundle: Option<PathBuf>,
    /// Folder for the readings of the development articles.
    dump: Option<PathBuf>,
    /// With `--bundle`: parts taken from other bundles, one after the other, as `FILE:part,part`.
    take: Vec<String>,
    /// With `--bundle`: parts whose weights are added to those of another bundle, as `FILE:part=SHARE+SHARE,…` ([`Blend`]).
    blend: Vec<String>,
    /// With `--bundle`: choose settings on the development articles and those of other wars.
    tune: bool,
    /// With `--bundle`: settings other than those of the reader, as `NAME=VALUE,…` ([`tune::set`]).
    set: Option<String>,
    /// Ask one layer alone (one of [`probe::LAYERS`]), learned from half of the training articles, about the other half.
    probe: Option<String>,
    /// Train only this one of [`pipeline::STAGES`].
    stage: Option<String>,
}

fn arguments() -> Arguments {
    let mut a = Arguments {
        shared: "../shared".into(),
        out: None,
        keep: None,
        cross: false,
        core: false,
        gsr: false,
        rules: false,
        half: None,
        bundle: None,
        dump: None,
        take: Vec::new(),
        blend: Vec::new(),
        tune: false,
        set: None,
        probe: None,
        stage: None,
    };
    let mut args = std::env::args().skip(1);
    while let Some(x) = args.next() {
        let mut value = || args.next().unwrap_or_else(|| usage(&format!("{x} needs a value")));
        match x.as_str() {
            "--shared" => a.shared = value().into(),
            "--out" => a.out = Some(value().into()),
            "--keep" => a.keep = Some(value().into()),
            "--rules" => a.rules = true,
            "--gsr" => a.gsr = true,
            "--half" => a.half = value().parse().ok(),
            "--bundle" => a.bundle = Some(value().into()),
            "--dump" => a.dump = Some(value().into()),
            "--take" => a.take.push(value()),
            "--blend" => a.blend.push(value()),
            "--probe" => {
                let layer = value();
                if !probe::LAYERS.contains(&layer.as_str()) {
                    usage(&format!("there is no layer {layer} to probe"));
                }
                a.probe = Some(layer);
            }
            "--stage" => {
                let stage = value();
                if !pipeline::STAGES.contains(&stage.as_str()) {
                    usage(&format!("there is no stage {stage} (there are {})", pipeline::STAGES.join(", ")));
                }
                a.stage = Some(stage);
            }
            "--tune" => a.tune = true,
            "--set" => a.set = Some(value()),
            "--cross" => a.cross = true,
            "--core" => a.core = true,
            _ => usage(&format!("unknown argument {x}")),
        }
    }
    a
}

fn usage(why: &str) -> ! {
    eprintln!(
        "{why}\nusage: isnad-train [--shared DIR] [--out FILE] [--keep DIR] [--cross] [--core] [--half N] [--stage NAME] [--rules] [--bundle FILE [--take FILE:part,part]… [--blend FILE:part=SHARE+SHARE,…]… [--out FILE] [--gsr] [--set NAME=VALUE,…] [--tune] [--dump DIR]] [--probe LAYER] (LAYER: {})",
        probe::LAYERS.join(", ")
    );
    std::process::exit(2);
}

/// How a part is blended, as `part=0.8+0.25` or `part-label-label=0.8+0.25`: its own share and that of the other bundle's
/// weights, and the labels whose weights stay its own.
struct Blend<'a> {
    name: &'a str,
    shares: [f32; 2],
    but: Vec<&'a str>,
}

impl<'a> Blend<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (part, shares) = text.split_once('=')?;
        let (own, other) = shares.split_once('+')?;
        let mut names = part.split('-');
        Some(Self { name: names.next()?, shares: [own.parse().ok()?, other.parse().ok()?], but: names.collect() })
    }
}

fn main() {
    let a = arguments();
    if a.rules {
        let knowledge = Knowledge { base: lexicon_data::open(), overlay: None, clusters: Clusters::default() };
        let mut words = reader::words::Words::default();
        let mut total = eval::Scores::default();
        for g in data::load(&a.shared.join("gold/dev")) {
            total.merge(eval::score_article(&g, &rules::read(&g, &mut words, &knowledge)));
        }
        println!("the lexicon alone\n{}", total.table());
        return;
    }
    if let Some(file) = &a.bundle {
        let open = |file: &std::path::Path| {
            let bytes = std::fs::read(file).unwrap_or_else(|e| usage(&format!("cannot read {}: {e}", file.display())));
            Bundle::from_bytes(bytes.into()).unwrap_or_else(|e| usage(&format!("{}: {e}", file.display())))
        };
        let mut bundle = open(file);
        for (from, parts) in a.take.iter().filter_map(|t| t.split_once(':')) {
            let from = open(std::path::Path::new(from));
            for name in parts.split(',') {
                let bytes = from.part(name).unwrap_or_else(|| usage(&format!("there is no part {name}")));
                bundle.insert(name, bytes.into_owned());
            }
        }
        for (from, parts) in a.blend.iter().filter_map(|t| t.split_once(':')) {
            let from = open(std::path::Path::new(from));
            for part in parts.split(',') {
                let blend = Blend::parse(part).unwrap_or_else(|| usage(&format!("{part} is no part with two shares")));
                pipeline::blend(&mut bundle, &from, blend.name, blend.shares, &blend.but)
                    .unwrap_or_else(|| usage(&format!("no part {} in both", blend.name)));
            }
        }
        if let Some(out) = &a.out {
            write(out, &bundle);
        }
        let mut settings = Settings::default();
        if let Some(told) = &a.set {
            tune::set(&mut settings, told).unwrap_or_else(|e| usage(&format!("{e} is no setting with a value")));
        }
        if a.tune {
            let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
            let floors = root.join("../eval");
            tune::tune(
                &bundle,
                &[
                    tune::Set::load(&a.shared.join("gold/dev"), &floors.join("floors.txt"), 0.5),
                    tune::Set::load(&root.join("labels/aside.jsonl"), &floors.join("floors-aside.txt"), 1.0),
                ],
                settings,
            );
            return;
        }
        let engine = Engine::new(lexicon_data::open(), None, &bundle).expect("a bundle just read is whole");
        let test = pos::load(
            &PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("labels/pos-test.tsv"),
            &a.shared.join("corpus/news.jsonl.gz"),
        );
        let [right, all, words_right, words] = pos::test(&test, &mut Reader::new(&Arc::new(engine)));
        println!(
            "parts of speech: {right} of {all} tokens ({:.3}), {words_right} of {words} words ({:.3})",
            right as f64 / all.max(1) as f64,
            words_right as f64 / words.max(1) as f64
        );
        if a.gsr {
            for (file, event) in [("assault", "ASSAULT"), ("protest", "PROTEST")] {
                let d = detect::cross_validate(&a.shared.join(format!("gsr/{file}.jsonl")), event, &bundle);
                println!(
                    "{event}: {} sentences, {} positive, average precision {:.3}, F1 {:.3}",
                    d.sentences.0, d.sentences.1, d.average_precision, d.f1
                );
            }
            return;
        }
        let with = |path: &std::path::Path| {
            score(&bundle, &data::load(path), a.dump.as_deref(), |s| *s = settings.clone()).table()
        };
        println!("development articles\n{}", with(&a.shared.join("gold/dev")));
        let aside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("labels/aside.jsonl");
        println!("texts of other wars\n{}", with(&aside));
        return;
    }
    let corpus_file = a.shared.join("corpus/news.jsonl.gz");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let clusters = kept(a.keep.as_deref(), "clusters", || {
        let corpus = data::corpus(&corpus_file);
        embed::clusters(corpus.iter().map(String::as_str))
    });
    let mut train = data::load(&a.shared.join("gold/train"));
    if !a.core {
        train.extend(data::labelled(&root.join("labels/articles.jsonl"), &corpus_file));
    }
    let dev = data::load(&a.shared.join("gold/dev"));
    let mut other: Vec<Gold> = Vec::new();
    eprintln!("{} training articles, {} development articles", train.len(), dev.len());
    let knowledge = || Knowledge {
        base: lexicon_data::open(),
        overlay: None,
        clusters: Clusters::from_bytes(clusters.clone().into()),
    };
    if let Some(half) = a.half {
        let rest: Vec<Gold> = train.iter().enumerate().filter(|(i, _)| i % 2 != half).map(|(_, g)| g.clone()).collect();
        train = train.iter().enumerate().filter(|(i, _)| i % 2 == half).map(|(_, g)| g.clone()).collect();
        other = rest;
    }
    let scored = train.len();
    if !a.core {
        // constructions that the press uses and the other articles have too few of
        train.extend(data::load(&root.join("labels/own.jsonl")));
        train.extend(data::from_nothing(&root.join("labels/whole.jsonl"), &corpus_file));
    }
    let sentences = pos::load(&root.join("labels/pos-train.tsv"), &corpus_file);
    if let Some(what) = &a.probe {
        pipeline::with_phrases(&train, &sentences, &knowledge(), a.keep.as_deref(), |found, words, knowledge| {
            probe::probe(what, found, words, knowledge, scored);
        });
        return;
    }
    let only = a.stage.as_deref();
    let mut bundle = pipeline::fit(&train, &sentences, &knowledge(), a.keep.as_deref(), only);
    bundle.insert(part::CLUSTERS, clusters.clone());
    for (name, size) in bundle.sizes() {
        eprintln!("{name:14} {size:9} bytes laid out");
    }
    if let Some(out) = &a.out {
        write(out, &bundle);
    }
    println!("development articles\n{}", score(&bundle, &dev, a.dump.as_deref(), |_| {}).table());
    if !other.is_empty() {
        let own: Vec<Gold> = other.iter().filter(|g| data::given(g)).cloned().collect();
        println!("given articles of the other half\n{}", score(&bundle, &own, None, |_| {}).table());
        println!("the other half\n{}", score(&bundle, &other, a.dump.as_deref(), |_| {}).table());
    }
    if a.cross {
        // two halves, each read by what the other taught
        let mut total = eval::Scores::default();
        for half in 0..2 {
            let part = |keep: bool| -> Vec<Gold> {
                train.iter().enumerate().filter(|(i, _)| (i % 2 == half) != keep).map(|(_, g)| g.clone()).collect()
            };
            let mut b = pipeline::fit(&part(true), &sentences, &knowledge(), None, only);
            b.insert(part::CLUSTERS, clusters.clone());
            total.merge(score(&b, &part(false), None, |_| {}));
        }
        println!("two-fold cross-validation over the training articles\n{}", total.table());
    }
}

/// Writes a bundle as the program ships it.
fn write(out: &std::path::Path, bundle: &Bundle) {
    let written = bundle.packed().and_then(|bytes| std::fs::write(out, &bytes).map(|()| bytes.len()));
    match written {
        Ok(size) => eprintln!("{:14} {size:9} bytes packed", "all"),
        Err(e) => usage(&format!("cannot write {}: {e}", out.display())),
    }
}

/// Reads gold articles with a bundle and scores them.
fn score(
    bundle: &Bundle,
    gold: &[Gold],
    dump: Option<&std::path::Path>,
    settings: impl Fn(&mut Settings),
) -> eval::Scores {
    let mut engine = Engine::new(lexicon_data::open(), None, bundle).expect("a bundle just made is whole");
    settings(&mut engine.settings);
    let mut reader = Reader::new(&Arc::new(engine));
    let mut total = eval::Scores::default();
    for g in gold {
        let document = model::Document {
            id: g.id.clone(),
            text: g.text.clone(),
            published: g.published.clone(),
            outlet: g.outlet.clone(),
            ..Default::default()
        };
        let reading = reader.read(&document);
        if let Some(d) = dump {
            let _ = std::fs::create_dir_all(d);
            let json = serde_json::to_string(&reading).expect("readings serialise");
            if let Err(e) = std::fs::write(d.join(format!("{}.json", g.id)), json) {
                eprintln!("{}: {e}", d.display());
            }
        }
        total.merge(eval::score_article(g, &reading));
    }
    total
}

/// What a file holds from an earlier run, or what `make` makes, kept for the next.
fn kept(dir: Option<&std::path::Path>, name: &str, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let file = dir.map(|d| d.join(name));
    if let Some(bytes) = file.as_ref().and_then(|f| std::fs::read(f).ok()) {
        return bytes;
    }
    let bytes = make();
    if let Some(f) = file {
        let _ = std::fs::create_dir_all(f.parent().expect("a joined path has a parent"));
        if let Err(e) = std::fs::write(&f, &bytes) {
            eprintln!("cannot keep {}: {e}", f.display());
        }
    }
    bytes
}
