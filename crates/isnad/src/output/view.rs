//! One article with its reading, ready to be shown: words of spans, names of actors, records by identifier.

use std::collections::HashMap;

use export::mentions::Mentions;
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
    mentions: Mentions<'a>,
    entities: HashMap<&'a str, usize>,
    statements: HashMap<&'a str, usize>,
    explanations: HashMap<&'a str, &'a [String]>,
}

impl<'a> View<'a> {
    /// Prepares an article. `whole` is the text that offsets refer to. Time n log n in the mentions.
    pub fn new(document: &'a Document, reading: &'a Reading, explain: &'a [Explanation], whole: &'a str) -> Self {
        Self {
            document,
            reading,
            text: Slicer::new(whole),
            whole,
            mentions: Mentions::new(reading),
            entities: reading.entities.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect(),
            statements: reading.statements.iter().enumerate().map(|(i, s)| (s.id.as_str(), i)).collect(),
            explanations: explain.iter().map(|x| (x.of.as_str(), x.lines.as_slice())).collect(),
        }
    }

    /// The first line of the text that is not page noise: the headline.
    pub fn headline(&self) -> &'a str {
        let mut at = 0;
        let mut first = "";
        // noise beyond a few lines is no noise
        for line in self.whole.split('\n').take(100) {
            let trimmed = line.trim();
            let begin = at + line.chars().take_while(|c| c.is_whitespace()).count() as u32;
            at += line.chars().count() as u32 + 1;
            if trimmed.is_empty() {
                continue;
            }
            if !self.reading.furniture.iter().take(100).any(|f| f.start <= begin && begin < f.end) {
                return trimmed;
            }
            if first.is_empty() {
                first = trimmed;
            }
        }
        first
    }

    /// Number of the entity that a span names: the mention that is most of it.
    pub fn entity_at(&self, span: Span) -> Option<usize> {
        self.mentions.most_of(span)
    }

    /// The name of whoever a span names, if it is known in Latin letters: of one whose mention is (nearly) the whole
    /// span or its beginning, or of several that make it up («تركيا وفرنسا»).
    pub fn name(&self, span: Span) -> Option<String> {
        let names: Option<Vec<String>> = self.mentions.numbers(span).into_iter().map(|n| self.latin(n)).collect();
        names.filter(|n| !n.is_empty()).map(|n| n.join(" + "))
    }

    fn latin(&self, entity: usize) -> Option<String> {
        let name = &self.reading.entities[entity].name;
        name.chars().any(|c| c.is_ascii_alphabetic()).then(|| name.clone())
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
            key: String::new(),
            location: None,
            mentions: vec![Span::new(a, b)],
        };
        let reading = Reading {
            entities: vec![
                entity("e1", "Militia", 0, 15),
                entity("e2", "Leader", 9, 15),
                entity("e3", "مكان", 20, 24),
                entity("e4", "West", 30, 35),
                entity("e5", "East", 37, 43),
            ],
            ..Reading::default()
        };
        let document = Document::default();
        let view = View::new(&document, &reading, &[], "");
        let name = |a: u32, b: u32| view.name(Span::new(a, b));
        assert_eq!(name(0, 15).as_deref(), Some("Militia"));
        assert_eq!(name(9, 15).as_deref(), Some("Leader"));
        assert_eq!(name(20, 24), None, "no Latin name");
        assert_eq!(name(16, 20), None, "no mention");
        assert_eq!(name(26, 60), None, "a mention deep inside");
        assert_eq!(name(30, 40).as_deref(), Some("West"), "the beginning");
        assert_eq!(name(30, 43).as_deref(), Some("West + East"));
        assert_eq!(view.entity_at(Span::new(20, 24)), Some(2));
        assert_eq!(view.entity_at(Span::new(50, 54)), None);
    }

    #[test]
    fn the_headline_is_no_page_noise() {
        let text = "\n الرئيسية \nوصول شحنة\nنص";
        let reading = Reading { furniture: vec![Span::new(2, 10)], ..Reading::default() };
        let document = Document::default();
        assert_eq!(View::new(&document, &reading, &[], text).headline(), "وصول شحنة");
        assert_eq!(View::new(&document, &Reading::default(), &[], text).headline(), "الرئيسية");
        assert_eq!(View::new(&document, &reading, &[], "\n الرئيسية").headline(), "الرئيسية");
    }
}
