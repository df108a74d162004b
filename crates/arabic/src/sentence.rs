//! Sentences: lines, cut after `. ! ? ؟` before white space.

use std::ops::Range;

use crate::Tokens;

/// Token ranges of the sentences, in order, covering every token. Linear time.
pub fn sentences(tokens: &Tokens<'_>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let all = tokens.all();
    for i in 0..all.len() {
        let ends = match all.get(i + 1) {
            None => true,
            Some(next) if next.line_start => true,
            Some(next) => next.spaced && matches!(tokens.norm(i), "." | "!" | "?" | "؟"),
        };
        if ends {
            out.push(start..i + 1);
            start = i + 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_marks_end_sentences() {
        let t = Tokens::new("عنوان بلا نقطة\nقال إن 3.5 كافية. ثم مضى؟ نعم…لا.انتهى");
        assert_eq!(sentences(&t), [0..3, 3..8, 8..11, 11..16]);
    }
}
