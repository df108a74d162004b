//! Words that judge an actor in the outlet's own voice: recorded as loaded, never judged right or wrong.

use lexicon::{Form, Sense};

use crate::article::Article;
use crate::engine::is_entity;
use crate::spans::Phrase;
use crate::words::Words;

/// A loaded word.
pub struct Loaded {
    /// Its token.
    pub token: usize,
    /// The entity judged, where the word stands in or beside its mention.
    pub entity: Option<usize>,
    /// `pejorative`, `laudatory`, `delegitimising` or `victim`.
    pub kind: &'static str,
}

/// Finds loaded words outside quotations. Linear.
pub fn find(article: &Article<'_>, words: &Words, phrases: &[Phrase], entity_of: &[Option<usize>]) -> Vec<Loaded> {
    let mut out = Vec::new();
    for i in 0..article.tokens.len() {
        if article.quoted[i] {
            continue;
        }
        let w = article.word(words, i);
        let named = w.any(|l| l.form == Form::LoadedName)
            || article.name_of[i] > 0
                && article.names[article.name_of[i] as usize - 1].form == Form::LoadedName
                && article.names[article.name_of[i] as usize - 1].first == i;
        let kind = w.senses.iter().find_map(|(s, _, _)| match s {
            Sense::Loaded(k) => Some(lexicon::LOADED[usize::from(*k)]),
            _ => None,
        });
        let Some(kind) = kind.or(named.then_some("pejorative")) else { continue };
        let near = phrases.partition_point(|p| p.first + 30 < i);
        let entity = phrases[near..]
            .iter()
            .zip(&entity_of[near..])
            .take_while(|(p, _)| p.first <= i + 2)
            .filter(|(p, _)| is_entity(p) && p.last + 1 >= i)
            .find_map(|(_, e)| *e);
        out.push(Loaded { token: i, entity, kind });
    }
    out
}
