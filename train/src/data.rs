//! Annotated articles as training examples.

use std::path::Path;

use eval::Gold;
use learn::Example;
use model::Span;
use reader::article::Article;
use reader::clauses::Clauses;
use reader::roles::{Bearer, Layers};
use reader::spans::Phrase;
use reader::words::{Knowledge, Words};

/// An annotated article, cut and looked up.
pub struct Case<'a> {
    /// The annotation.
    pub gold: &'a Gold,
    /// The text as the reader sees it.
    pub article: Article<'a>,
}

impl<'w> Case<'w> {
    /// Whether the annotation is of the kind that decides.
    pub fn given(&self) -> bool {
        given(self.gold)
    }

    /// How much its examples count.
    pub fn weight(&self) -> f32 {
        if self.given() {
            GIVEN
        } else if self.gold.id.starts_with(OWN) {
            WRITTEN
        } else {
            1.0
        }
    }

    /// Examples of the case, as much as it counts.
    pub fn weighed(&self, mut examples: Vec<Example>) -> Vec<Example> {
        for e in &mut examples {
            e.weight = self.weight();
        }
        examples
    }

    /// The case as the layers of roles and chains see it.
    pub fn layers<'a>(
        &'a self,
        words: &'a Words,
        knowledge: &'a Knowledge,
        phrases: &'a [Phrase],
        clauses: &'a Clauses,
        bearers: &'a [Bearer],
    ) -> Layers<'a, 'w> {
        Layers { article: &self.article, words, knowledge, phrases, clauses, bearers }
    }
}

/// How much given annotations count against our own of corpus articles, which were made by mending what the reader proposed and
/// so lack more of what is there.
const GIVEN: f32 = 2.0;
/// How much texts count that were written for training, and articles that were annotated like them: densely, and from nothing.
const WRITTEN: f32 = 3.0;
/// What the ids begin with of what we annotated from nothing.
const OWN: &str = "own-";

/// Whether the annotation was given (its id names outlet and date) or is our own (a bare corpus id, or a text of ours).
pub fn given(gold: &Gold) -> bool {
    gold.id.len() > 6 && !gold.id.starts_with(OWN)
}

/// Cuts and looks up every article.
pub fn cases<'a>(gold: &'a [Gold], words: &mut Words, knowledge: &Knowledge) -> Vec<Case<'a>> {
    gold.iter().map(|g| Case { gold: g, article: Article::new(&g.text, words, knowledge) }).collect()
}

/// Tokens that a span covers, if any.
pub fn tokens_of(article: &Article<'_>, span: Span) -> Option<(usize, usize)> {
    let first = article.tokens.at(span.start);
    let last = article.tokens.at(span.end.saturating_sub(1));
    let all = article.tokens.all();
    (first < all.len() && all[first].span.overlaps(span)).then(|| {
        let last = last.min(all.len() - 1);
        (first, if all[last].span.start < span.end { last } else { last.saturating_sub(1).max(first) })
    })
}

/// Loads a folder of gold files or a file of annotated texts, or stops with the reason.
pub fn load(path: &Path) -> Vec<Gold> {
    eval::load(path).unwrap_or_else(|e| {
        eprintln!("{e}");
        std::process::exit(2);
    })
}

#[derive(serde::Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    title: Option<String>,
    text: String,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    outlet: Option<String>,
}

fn lines(path: &Path) -> impl Iterator<Item = Line> {
    use std::io::BufRead;
    let file = std::fs::File::open(path).unwrap_or_else(|e| {
        eprintln!("cannot read {}: {e}", path.display());
        std::process::exit(2);
    });
    std::io::BufReader::new(flate2::read::GzDecoder::new(file))
        .lines()
        .map_while(Result::ok)
        .filter_map(|l| serde_json::from_str::<Line>(&l).ok())
}

fn whole(line: &Line) -> String {
    match line.title.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(t) => format!("{t}\n{}", line.text),
        None => line.text.clone(),
    }
}

/// The texts of a gzipped JSON Lines corpus.
pub fn corpus(path: &Path) -> Vec<String> {
    lines(path).map(|l| whole(&l)).collect()
}

/// Our own labels of corpus articles: ids and offsets in the project, texts in the corpus.
pub fn labelled(labels: &Path, corpus: &Path) -> Vec<Gold> {
    let Ok(text) = std::fs::read_to_string(labels) else { return Vec::new() };
    let mut wanted: std::collections::HashMap<String, &str> = text
        .lines()
        .filter_map(|l| {
            let id = serde_json::from_str::<serde_json::Value>(l).ok()?["id"].as_str()?.to_string();
            Some((id, l))
        })
        .collect();
    let mut out: Vec<Gold> = lines(corpus)
        .filter_map(|l| {
            let json = wanted.remove(&l.id)?;
            match Gold::parse(json, whole(&l), l.published.clone(), l.outlet.clone()) {
                Ok(g) => Some(g),
                Err(e) => {
                    eprintln!("labels of {}: {e}", l.id);
                    None
                }
            }
        })
        .collect();
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

/// Labels of corpus articles that were annotated from nothing: as [`labelled`], told apart by their ids.
pub fn from_nothing(labels: &Path, corpus: &Path) -> Vec<Gold> {
    let mut all = labelled(labels, corpus);
    for g in &mut all {
        g.id.insert_str(0, OWN);
    }
    all
}

/// The texts of a corpus by id.
pub fn texts(path: &Path) -> std::collections::HashMap<String, String> {
    lines(path).map(|l| (l.id.clone(), whole(&l))).collect()
}
