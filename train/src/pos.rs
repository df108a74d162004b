//! The part-of-speech tagger: trained on our own labels (ids and offsets of corpus articles).

use std::collections::HashMap;
use std::path::Path;

use learn::{Example, Options, Trained};
use model::Span;
use reader::analysis::UPOS;
use reader::article::Article;
use reader::tagger;
use reader::words::{Knowledge, Words};

/// A labelled sentence: the text of its article, and the tag of each labelled token.
pub struct Sentence {
    text: String,
    tags: Vec<(Span, u8)>,
}

/// Loads labels; texts come from the corpus.
pub fn load(labels: &Path, corpus: &Path) -> Vec<Sentence> {
    let Ok(text) = std::fs::read_to_string(labels) else { return Vec::new() };
    let mut by_id: Vec<(String, Vec<(Span, u8)>)> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if line.starts_with('#') {
            continue;
        }
        let c: Vec<&str> = line.split('\t').collect();
        if c.len() < 4 {
            open = false;
            continue;
        }
        let (Ok(start), Ok(end)) = (c[1].parse(), c[2].parse()) else { continue };
        let Some(tag) = UPOS.iter().position(|t| *t == c[3]) else { continue };
        if !open {
            by_id.push((c[0].to_string(), Vec::new()));
            open = true;
        }
        if let Some(last) = by_id.last_mut() {
            last.1.push((Span::new(start, end), tag as u8));
        }
    }
    let texts: HashMap<String, String> = crate::data::texts(corpus);
    by_id.into_iter().filter_map(|(id, tags)| texts.get(&id).map(|t| Sentence { text: t.clone(), tags })).collect()
}

/// Trains the tagger; none without labels.
pub fn train(sentences: &[Sentence], words: &mut Words, knowledge: &Knowledge) -> Option<Trained> {
    let mut examples = Vec::new();
    for s in sentences {
        let article = Article::new(&s.text, words, knowledge);
        let tags: HashMap<u32, u8> = s.tags.iter().map(|(sp, t)| (sp.start, *t)).collect();
        let (low, high) = (s.tags.first()?.0.start, s.tags.last()?.0.end);
        for range in &article.sentences {
            let inside: Vec<usize> = range
                .clone()
                .filter(|i| {
                    let sp = article.tokens.all()[*i].span;
                    sp.start >= low && sp.end <= high && tags.contains_key(&sp.start)
                })
                .collect();
            if inside.len() < 2 {
                continue;
            }
            let mut e = Example { weight: 1.0, ..Example::default() };
            for i in inside {
                let mut keys = Vec::new();
                tagger::keys(&article, words, i, range, &mut keys);
                e.features.push(keys);
                e.labels.push(tags[&article.tokens.all()[i].span.start]);
            }
            examples.push(e);
        }
    }
    if examples.is_empty() {
        return None;
    }
    let labels: Vec<String> = UPOS.iter().map(|t| (*t).to_string()).collect();
    let options = Options { epochs: 15, rate: 0.1, l2: 2e-6, dropout: 0.2, word_dropout: 0.3, ..Options::default() };
    Some(learn::train(&examples, &labels, &options))
}

/// Right tags, tokens, and the same without punctuation, of labelled sentences as `isnad analyse` tags them.
pub fn test(sentences: &[Sentence], reader: &mut reader::Reader) -> [usize; 4] {
    let mut out = [0; 4];
    for s in sentences {
        let analysis = reader.analyse(&model::Document { text: s.text.clone(), ..Default::default() });
        let found: HashMap<u32, &str> = analysis.tokens.iter().map(|t| (t.span.start, t.pos.as_str())).collect();
        for (span, tag) in &s.tags {
            let want = UPOS[usize::from(*tag)];
            let right = usize::from(found.get(&span.start) == Some(&want));
            out[0] += right;
            out[1] += 1;
            if want != "PUNCT" {
                out[2] += right;
                out[3] += 1;
            }
        }
    }
    out
}
