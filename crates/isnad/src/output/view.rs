//! One article with its reading, ready to be shown: words of spans, names of actors, records by identifier.

use std::collections::HashMap;

use model::{Document, Entity, Reading, Span, Statement};
use reader::Explanation;

use super::slice::Slicer;

/// What a table or a page shows of one article.
pub struct View<'a> {
    /// The article.
    pub document: &'a Document,
    /// What was read in it.
    pub reading: &'a Reading,
    /// The text that offsets refer to.
    pub text: Slicer<'a>,
    whole: &'a str,
    mentions: Vec<(Span, usize)>,
    longest: u32,
    entities: HashMap<&'a str, usize>,
    statements: HashMap<&'a str, usize>,
    explanations: HashMap<&'a str, &'a [String]>,
}

impl<'a> View<'a> {
    /// Prepares an article. `whole` is the text that offsets refer to. Time n log n in the mentions.
    pub fn new(document: &'a Document, reading: &'a Reading, explain: &'a [Explanation], whole: &'a str) -> Self {
        let mut mentions: Vec<(Span, usize)> =
            reading.entities.iter().enumerate().flat_map(|(i, e)| e.mentions.iter().map(move |m| (*m, i))).collect();
        mentions.sort_unstable();
        Self {
            document,
            reading,
            text: Slicer::new(whole),
            whole,
            longest: mentions.iter().map(|m| m.0.len()).max().unwrap_or(0),
            mentions,
            entities: reading.entities.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect(),
            statements: reading.statements.iter().enumerate().map(|(i, s)| (s.id.as_str(), i)).collect(),
            explanations: explain.iter().map(|x| (x.of.as_str(), x.lines.as_slice())).collect(),
        }
    }

    /// The headline, or the first line of the text.
    pub fn headline(&self) -> &'a str {
        self.whole.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("")
    }

    /// Number of the entity that a span names: the mention that is most of it.
    pub fn entity_at(&self, span: Span) -> Option<usize> {
        let from = span.start.saturating_sub(self.longest);
        let first = self.mentions.partition_point(|m| m.0.start < from);
        let common = |m: &Span| m.end.min(span.end).saturating_sub(m.start.max(span.start));
        self.mentions[first..]
            .iter()
            .take_while(|m| m.0.start < span.end)
            .filter(|m| common(&m.0) > 0)
            .max_by_key(|m| (common(&m.0), std::cmp::Reverse(m.0.len())))
            .map(|m| m.1)
    }

    /// The name of whoever a span names, if it is known in Latin letters.
    pub fn name(&self, span: Span) -> Option<&'a str> {
        let name = self.reading.entities[self.entity_at(span)?].name.as_str();
        name.chars().any(|c| c.is_ascii_alphabetic()).then_some(name)
    }

    /// The entity with this identifier.
    pub fn entity_named(&self, id: Option<&str>) -> Option<&'a Entity> {
        self.entities.get(id?).map(|i| &self.reading.entities[*i])
    }

    /// The statement with this identifier.
    pub fn statement(&self, id: Option<&str>) -> Option<&'a Statement> {
        self.statements.get(id?).map(|i| &self.reading.statements[*i])
    }

    /// Why the event or statement with this identifier was read.
    pub fn why(&self, id: &str) -> &'a [String] {
        self.explanations.get(id).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::EntityType;

    #[test]
    fn the_mention_that_is_most_of_a_span_names_it() {
        let entity = |id: &str, name: &str, a: u32, b: u32| Entity {
            id: id.into(),
            kind: EntityType::Per,
            name: name.into(),
            country: None,
            sector: None,
            mentions: vec![Span::new(a, b)],
        };
        let reading = Reading {
            entities: vec![entity("e1", "Militia", 0, 15), entity("e2", "Leader", 9, 15), entity("e3", "مكان", 20, 24)],
            ..Reading::default()
        };
        let document = Document::default();
        let view = View::new(&document, &reading, &[], "");
        assert_eq!(view.name(Span::new(0, 15)), Some("Militia"));
        assert_eq!(view.name(Span::new(9, 15)), Some("Leader"));
        assert_eq!(view.name(Span::new(20, 24)), None);
        assert_eq!(view.entity_at(Span::new(20, 24)), Some(2));
        assert_eq!(view.entity_at(Span::new(30, 34)), None);
    }
}
