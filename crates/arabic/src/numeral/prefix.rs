use model::Span;

use crate::Tokens;
use crate::letter::{Class, class};

/// A one-letter preposition written onto its word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Particle {
    #[default]
    None,
    Ba,
    Lam,
    Kaf,
}

/// What is written before the stem of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// و joins the word to what stands before.
    pub(crate) and: bool,
    /// The attached preposition.
    pub(crate) particle: Particle,
    /// The article.
    pub(crate) definite: bool,
    /// Letters of و ف ب ل ك before the stem or its article.
    pub(crate) letters: u8,
}

impl Prefix {
    /// Whether neither conjunction nor preposition is attached.
    pub(crate) const fn bare(self) -> bool {
        self.letters == 0
    }
}

/// Tries the readings of `norm` as clitics and stem, the fewest clitics first, until `find` knows the stem.
pub(crate) fn split<T>(norm: &str, find: impl Fn(&str) -> Option<T>) -> Option<(Prefix, T)> {
    // the longest numeral with all its clitics has fewer than 16 letters
    if norm.len() > 40 {
        return None;
    }
    let conjunction = norm.strip_prefix('و').map(|r| (r, true)).or_else(|| norm.strip_prefix('ف').map(|r| (r, false)));
    for joined in [None, conjunction] {
        let (rest, and, letters) = match joined {
            Some((rest, and)) => (rest, and, 1),
            None => (norm, false, 0),
        };
        let with = Prefix { and, letters, ..Prefix::default() };
        if let Some(found) = article(rest, with, &find) {
            return Some(found);
        }
        let particle = match rest.chars().next() {
            Some('ب') => Particle::Ba,
            Some('ل') => Particle::Lam,
            Some('ك') => Particle::Kaf,
            _ => Particle::None,
        };
        if particle != Particle::None {
            let stem = &rest['ب'.len_utf8()..];
            let with = Prefix { particle, letters: letters + 1, ..with };
            if let Some(found) = article(stem, with, &find) {
                return Some(found);
            }
            if particle == Particle::Lam
                && let Some(stem) = stem.strip_prefix('ل')
                && let Some(value) = find(stem)
            {
                return Some((Prefix { definite: true, ..with }, value));
            }
        }
        if conjunction.is_none() {
            break;
        }
    }
    None
}

fn article<T>(rest: &str, with: Prefix, find: &impl Fn(&str) -> Option<T>) -> Option<(Prefix, T)> {
    if let Some(value) = find(rest) {
        return Some((with, value));
    }
    let stem = rest.strip_prefix("ال")?;
    find(stem).map(|value| (Prefix { definite: true, ..with }, value))
}

/// The code points of tokens `first..=last` less the first `letters` letters of token `first`.
pub(crate) fn start_after_letters(tokens: &Tokens, first: usize, last: usize, letters: u8) -> Span {
    let mut span = tokens.span(first, last);
    let mut left = letters;
    for (at, c) in tokens.surface(first).chars().enumerate() {
        if class(c) == Class::Mark {
            continue;
        }
        if left == 0 {
            span.start += at as u32;
            break;
        }
        left -= 1;
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clitics_come_off_in_every_combination() {
        let find = |s: &str| (s == "خمسه").then_some(());
        for (word, and, particle, definite, letters) in [
            ("خمسه", false, Particle::None, false, 0),
            ("الخمسه", false, Particle::None, true, 0),
            ("وخمسه", true, Particle::None, false, 1),
            ("فالخمسه", false, Particle::None, true, 1),
            ("وبالخمسه", true, Particle::Ba, true, 2),
            ("للخمسه", false, Particle::Lam, true, 1),
            ("وللخمسه", true, Particle::Lam, true, 2),
            ("كخمسه", false, Particle::Kaf, false, 1),
        ] {
            assert_eq!(split(word, find), Some((Prefix { and, particle, definite, letters }, ())), "{word}");
        }
        assert_eq!(split("", find), None);
        assert_eq!(split("سوخمسه", find), None);
    }

    #[test]
    fn spans_leave_the_attached_letters_out() {
        let tokens = Tokens::new("وَبِـثلاثة أيام");
        let span = start_after_letters(&tokens, 0, 1, 2);
        let text: String = tokens.text().chars().skip(span.start as usize).take(span.len() as usize).collect();
        assert_eq!(text, "ثلاثة أيام");
    }
}
