//! Makes the reader's weights from annotated articles: `isnad-train --shared DIR [--out FILE]`. See `train/README.md`.

mod chains;
mod data;
mod embed;
mod fillers;
mod happenings;
mod phrases;
mod pipeline;
mod pos;

use std::path::PathBuf;
use std::sync::Arc;

use eval::Gold;
use learn::Bundle;
use reader::clusters::Clusters;
use reader::words::Knowledge;
use reader::{Engine, Reader, Settings, part};

struct Arguments {
    shared: PathBuf,
    out: Option<PathBuf>,
    /// Folder that keeps finished stages between experiments.
    keep: Option<PathBuf>,
    /// Score by cross-validation over the training articles too.
    cross: bool,
    /// Leave our own labels out.
    core: bool,
}

fn arguments() -> Arguments {
    let mut a = Arguments { shared: "../shared".into(), out: None, keep: None, cross: false, core: false };
    let mut args = std::env::args().skip(1);
    while let Some(x) = args.next() {
        let mut value = || args.next().unwrap_or_else(|| usage(&format!("{x} needs a value")));
        match x.as_str() {
            "--shared" => a.shared = value().into(),
            "--out" => a.out = Some(value().into()),
            "--keep" => a.keep = Some(value().into()),
            "--cross" => a.cross = true,
            "--core" => a.core = true,
            _ => usage(&format!("unknown argument {x}")),
        }
    }
    a
}

fn usage(why: &str) -> ! {
    eprintln!("{why}\nusage: isnad-train [--shared DIR] [--out FILE] [--keep DIR] [--cross] [--core]");
    std::process::exit(2);
}

fn main() {
    let a = arguments();
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
    eprintln!("{} training articles, {} development articles", train.len(), dev.len());
    let knowledge = || Knowledge {
        base: lexicon_data::open(),
        overlay: None,
        clusters: Clusters::from_bytes(clusters.clone().into()),
    };
    let sentences = pos::load(&root.join("labels/pos-train.tsv"), &corpus_file);
    let mut bundle = pipeline::fit(&train, &sentences, &knowledge(), a.keep.as_deref());
    bundle.insert(part::CLUSTERS, clusters.clone());
    let bytes = bundle.to_bytes();
    if let Some(out) = &a.out {
        std::fs::write(out, &bytes).unwrap_or_else(|e| usage(&format!("cannot write {}: {e}", out.display())));
    }
    for (name, size) in bundle.sizes() {
        eprintln!("{name:14} {:9} bytes", size);
    }
    eprintln!("{:14} {:9} bytes", "all", bytes.len());
    println!("development articles\n{}", score(&bundle, &dev, |_| {}).table());
    if a.cross {
        // two halves, each read by what the other taught
        let mut total = eval::Scores::default();
        for half in 0..2 {
            let part = |keep: bool| -> Vec<Gold> {
                train.iter().enumerate().filter(|(i, _)| (i % 2 == half) != keep).map(|(_, g)| g.clone()).collect()
            };
            let mut b = pipeline::fit(&part(true), &sentences, &knowledge(), None);
            b.insert(part::CLUSTERS, clusters.clone());
            total.merge(score(&b, &part(false), |_| {}));
        }
        println!("two-fold cross-validation over the training articles\n{}", total.table());
    }
}

/// Reads gold articles with a bundle and scores them.
fn score(bundle: &Bundle, gold: &[Gold], settings: impl Fn(&mut Settings)) -> eval::Scores {
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
        total.merge(eval::score_article(g, &reader.read(&document)));
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
