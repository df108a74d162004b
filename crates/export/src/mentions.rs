//! Which entity a span names.

use model::{Entity, Reading, Span};

/// What may stand before a mention and between two: a prefix, a conjunction, a comma.
const GAP: u32 = 4;

/// The mentions of one reading, ready to be asked.
pub struct Mentions<'a> {
    entities: &'a [Entity],
    sorted: Vec<(Span, usize)>,
    longest: u32,
}

impl<'a> Mentions<'a> {
    /// Sorts the mentions: time n log n.
    pub fn new(reading: &'a Reading) -> Self {
        let mut sorted: Vec<(Span, usize)> =
            reading.entities.iter().enumerate().flat_map(|(i, e)| e.mentions.iter().map(move |m| (*m, i))).collect();
        sorted.sort_unstable();
        let longest = sorted.iter().map(|m| m.0.len()).max().unwrap_or(0);
        Self { entities: &reading.entities, sorted, longest }
    }

    fn near(&self, span: Span) -> impl Iterator<Item = &(Span, usize)> + Clone {
        let from = span.start.saturating_sub(self.longest);
        let first = self.sorted.partition_point(|m| m.0.start < from);
        self.sorted[first..].iter().take_while(move |m| m.0.start < span.end).filter(move |m| m.0.overlaps(span))
    }

    /// Number of the entity whose mention is most of a span.
    pub fn most_of(&self, span: Span) -> Option<usize> {
        let common = |m: &Span| m.end.min(span.end).saturating_sub(m.start.max(span.start));
        self.near(span).max_by_key(|m| (common(&m.0), std::cmp::Reverse(m.0.len()))).map(|m| m.1)
    }

    /// Numbers of the entities a span names: the one whose mention is (nearly) the whole span or its beginning, or several
    /// that make it up («تركيا وفرنسا»). None where an entity is only named somewhere inside («دبلوماسيون من تركيا»).
    pub fn numbers(&self, span: Span) -> Vec<usize> {
        // what lies inside names the span better than what reaches beyond it
        let inside = self.near(span).any(|m| span.contains(m.0));
        let mut parts: Vec<(Span, usize)> = Vec::new();
        for m in self.near(span).filter(|m| !inside || span.contains(m.0)) {
            match parts.last_mut() {
                // of two that begin alike the longer, of one inside another the outer
                Some(last) if last.0.contains(m.0) => {}
                Some(last) if m.0.contains(last.0) => *last = *m,
                _ => parts.push(*m),
            }
        }
        let Some(head) = parts.first().copied() else { return Vec::new() };
        let begins = head.0.start < span.start.saturating_add(GAP);
        if let [only] = parts[..] {
            let most = u64::from(only.0.len()) * 5 >= u64::from(span.len()) * 3;
            return if most || begins { vec![only.1] } else { Vec::new() };
        }
        let joined = begins
            && parts.windows(2).all(|w| w[1].0.start <= w[0].0.end.saturating_add(GAP))
            && parts.last().is_some_and(|l| l.0.end.saturating_add(GAP) > span.end);
        if joined {
            let mut numbers: Vec<usize> = Vec::with_capacity(parts.len());
            for (_, n) in parts {
                if !numbers.contains(&n) {
                    numbers.push(n);
                }
            }
            return numbers;
        }
        if begins { vec![head.1] } else { Vec::new() }
    }

    /// The entities a span names; see [`Mentions::numbers`].
    pub fn of(&self, span: Span) -> Vec<&'a Entity> {
        self.numbers(span).into_iter().map(|n| &self.entities[n]).collect()
    }
}
