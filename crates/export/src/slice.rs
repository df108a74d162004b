//! Cutting a text by code points without building it anew: a byte offset is kept for every 128th code point.

use model::Span;

const STEP: usize = 128;

/// A text that can be cut by spans. Memory: 4 bytes for 128 code points; a cut costs at most `STEP` steps.
pub struct Slicer<'a> {
    text: &'a str,
    marks: Vec<u32>,
    len: u32,
}

impl<'a> Slicer<'a> {
    /// Prepares a text.
    pub fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STEP / 2 + 1);
        let mut len = 0;
        for (i, (at, _)) in text.char_indices().enumerate() {
            if i % STEP == 0 {
                marks.push(at as u32);
            }
            len = i as u32 + 1;
        }
        Self { text, marks, len }
    }

    /// Length in code points.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether the text holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn byte(&self, at: u32) -> usize {
        let at = at.min(self.len) as usize;
        let Some(mark) = self.marks.get(at / STEP) else { return self.text.len() };
        let from = *mark as usize;
        self.text[from..].char_indices().nth(at % STEP).map_or(self.text.len(), |(i, _)| from + i)
    }

    /// The words of a span; what lies beyond the text is left out.
    pub fn get(&self, span: Span) -> &'a str {
        let (from, to) = (self.byte(span.start), self.byte(span.end));
        if from < to { &self.text[from..to] } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_by_code_points() {
        let text: String = (0..1000)
            .map(|i| {
                if i % 3 == 0 {
                    'ب'
                } else if i % 7 == 0 {
                    '😀'
                } else {
                    'x'
                }
            })
            .collect();
        let chars: Vec<char> = text.chars().collect();
        let s = Slicer::new(&text);
        assert_eq!(s.len(), 1000);
        for (a, b) in [(0, 0), (0, 5), (126, 131), (127, 128), (128, 256), (990, 1000), (0, 1000)] {
            let want: String = chars[a as usize..b as usize].iter().collect();
            assert_eq!(s.get(Span::new(a, b)), want);
        }
        assert_eq!(s.get(Span::new(998, 5000)).chars().count(), 2);
        assert_eq!(s.get(Span::new(9, 3)), "");
        assert_eq!(Slicer::new("").get(Span::new(0, 4)), "");
    }
}
