//! `isnad eval`

use std::collections::BTreeMap;

use eval::score::LAYERS;
use eval::{F1, Scores};
use model::Document;
use serde::Serialize;

use crate::cli::{EvalArgs, threads};
use crate::engine;
use crate::error::{Fatal, Outcome};
use crate::output::json;
use crate::pipeline;

use super::Guarded;

#[derive(Serialize)]
struct Figures {
    p: f64,
    r: f64,
    f1: f64,
    tp: usize,
    sys: usize,
    gold: usize,
}

impl From<F1> for Figures {
    fn from(c: F1) -> Self {
        // rounded on the decimal figure, as the reference scorer does
        let round = |x: f64| format!("{x:.3}").parse().unwrap_or(x);
        Self { p: round(c.precision()), r: round(c.recall()), f1: round(c.f1()), tp: c.tp, sys: c.sys, gold: c.gold }
    }
}

type Layers = BTreeMap<&'static str, Figures>;

#[derive(Serialize)]
struct Report<'a> {
    total: Layers,
    docs: BTreeMap<&'a str, Layers>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [String],
}

fn figures(scores: &Scores) -> Layers {
    LAYERS.iter().map(|l| (*l, scores.layers.get(l).copied().unwrap_or_default().into())).collect()
}

/// Reads the annotated articles and scores the readings.
pub fn run(args: &EvalArgs) -> Result<Outcome, Fatal> {
    let gold = eval::load(&args.articles)?;
    let engine = engine::build(&args.engine)?;
    let mut total = Scores::default();
    let mut docs: Vec<(&str, Scores)> = Vec::new();
    let mut faults = 0;
    pipeline::ordered(
        threads(args.jobs),
        |put| {
            for g in &gold {
                if !put(g, g.text.len()) {
                    break;
                }
            }
        },
        || {
            let mut reader = Guarded::new(&engine);
            move |g: &eval::Gold| -> Result<Scores, intake::Fault> {
                let document = Document {
                    id: g.id.clone(),
                    text: g.text.clone(),
                    published: g.published.clone(),
                    outlet: g.outlet.clone(),
                    ..Document::default()
                };
                reader.with(&document, reader::Reader::read).map(|reading| eval::score_article(g, &reading))
            }
        },
        |result| {
            let g = &gold[docs.len()];
            let scores = result.unwrap_or_else(|fault| {
                faults += 1;
                eprintln!("isnad: {}", fault.of(g.id.as_str()));
                // an article that could not be read is a reading of nothing
                eval::score_article(g, &model::Reading::default())
            });
            total.merge(scores.clone());
            docs.push((&g.id, scores));
            true
        },
    );
    let shown = &total.errors[..args.errors.min(total.errors.len())];
    if args.json {
        let per_doc = docs.iter().filter(|_| args.per_doc).map(|(id, s)| (*id, figures(s))).collect();
        let report = Report { total: figures(&total), docs: per_doc, errors: shown };
        println!("{}", String::from_utf8_lossy(&json::write(&report, false)));
        return Ok(Outcome::from_faults(faults));
    }
    print!("{}", total.table());
    if args.per_doc {
        const SHOWN: [&str; 6] = [
            "mention (overlap+type)",
            "statement+whole chain",
            "event trigger",
            "event type",
            "who-did-what-to-whom",
            "event+its chain",
        ];
        println!("\nF1 of   mention  chain  trigger  type  who-whom  event+chain");
        for (id, s) in &docs {
            let f = SHOWN.map(|l| s.f1(l));
            println!("        {:7.3}{:7.3}{:9.3}{:6.3}{:10.3}{:13.3}  {id}", f[0], f[1], f[2], f[3], f[4], f[5]);
        }
    }
    for line in shown {
        println!("{line}");
    }
    Ok(Outcome::from_faults(faults))
}
