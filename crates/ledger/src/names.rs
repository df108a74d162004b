//! Which entities a span of a reading names.

use model::{Reading, Span};

/// What may stand before a mention and between two: a prefix, a conjunction, a comma.
const GAP: u32 = 4;

/// The mentions of a reading, in the order of the text.
#[derive(Debug)]
pub struct Names {
    mentions: Vec<(Span, usize)>,
    longest: u32,
}

impl Names {
    /// Orders the mentions of a reading. Time n log n in them.
    pub fn new(reading: &Reading) -> Self {
        let mut mentions: Vec<(Span, usize)> =
            reading.entities.iter().enumerate().flat_map(|(i, e)| e.mentions.iter().map(move |m| (*m, i))).collect();
        mentions.sort_unstable();
        Self { longest: mentions.iter().map(|m| m.0.len()).max().unwrap_or(0), mentions }
    }

    /// Indexes of the entities that a span names: the one whose mention is most of the span or begins it, or several
    /// that make it up («تركيا وفرنسا»). Empty where the words only describe, or name somebody deep inside
    /// («a convoy of the army of …»).
    pub fn of(&self, span: Span) -> Vec<usize> {
        let first = self.mentions.partition_point(|m| m.0.start < span.start.saturating_sub(self.longest));
        let near = || self.mentions[first..].iter().take_while(|m| m.0.start < span.end).filter(|m| m.0.overlaps(span));
        // what lies inside names the span better than what reaches beyond it
        let inside = near().any(|m| span.contains(m.0));
        let mut parts: Vec<(Span, usize)> = Vec::new();
        for m in near().filter(|m| !inside || span.contains(m.0)) {
            match parts.last_mut() {
                // of two that begin alike the longer, of one inside another the outer
                Some(last) if last.0.contains(m.0) => {}
                Some(last) if m.0.contains(last.0) => *last = *m,
                _ => parts.push(*m),
            }
        }
        let Some(head) = parts.first().copied() else { return Vec::new() };
        let begins = head.0.start < span.start + GAP;
        if parts.len() == 1 {
            let most = head.0.len() * 5 >= span.len() * 3;
            return if most || begins { vec![head.1] } else { Vec::new() };
        }
        let joined = begins
            && parts.windows(2).all(|w| w[1].0.start <= w[0].0.end + GAP)
            && parts.last().is_some_and(|l| l.0.end + GAP > span.end);
        match (joined, begins) {
            (true, _) => {
                let mut all: Vec<usize> = parts.iter().map(|p| p.1).collect();
                all.dedup();
                all
            }
            (false, true) => vec![head.1],
            (false, false) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Entity, EntityType};

    #[test]
    fn a_span_names_what_begins_it_or_makes_it_up() {
        let spans = [(0, 15), (9, 15), (20, 24), (30, 35), (37, 43)];
        let entity = |(i, (a, b)): (usize, &(u32, u32))| Entity {
            id: format!("e{i}"),
            kind: EntityType::Per,
            name: String::new(),
            country: None,
            sector: None,
            key: String::new(),
            location: None,
            mentions: vec![Span::new(*a, *b)],
        };
        let reading = Reading { entities: spans.iter().enumerate().map(entity).collect(), ..Reading::default() };
        let names = Names::new(&reading);
        let of = |a: u32, b: u32| names.of(Span::new(a, b));
        assert_eq!(of(0, 15), [0]);
        assert_eq!(of(9, 15), [1]);
        assert_eq!(of(16, 20), [0usize; 0], "no mention");
        assert_eq!(of(26, 60), [0usize; 0], "mentions deep inside");
        assert_eq!(of(30, 40), [3], "the beginning");
        assert_eq!(of(30, 43), [3, 4], "two joined");
    }
}
