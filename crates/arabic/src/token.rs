use model::Span;

use crate::letter::{Class, class, fold_into};

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Arabic letters.
    Arabic,
    /// Letters of another script, digits and inner hyphens allowed (`Mig-29`).
    Latin,
    /// Digits with their inner separators (`1,200`, `3.5`, `12/3`).
    Number,
    /// One mark of punctuation or another symbol.
    Punct,
}

/// A written word, number or mark, with its place in the text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Code points of the text.
    pub span: Span,
    /// First byte in the text.
    pub byte_start: u32,
    /// One past the last byte in the text.
    pub byte_end: u32,
    norm_start: u32,
    norm_end: u32,
    /// What it is made of.
    pub kind: Kind,
    /// Whether white space (or the start of the text) stands before it.
    pub spaced: bool,
    /// Whether a line break (or the start of the text) stands before it.
    pub line_start: bool,
}

/// A text cut into tokens. Memory: 32 bytes a token and the folded text; time linear in the text.
#[derive(Debug, Default)]
pub struct Tokens<'a> {
    text: &'a str,
    norm: String,
    cut: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// Cuts `text` (at most 4 GiB) into tokens.
    pub fn new(text: &'a str) -> Self {
        let mut out = Self { text, norm: String::with_capacity(text.len()), cut: Vec::with_capacity(text.len() / 9) };
        out.scan();
        out
    }

    fn scan(&mut self) {
        let text = self.text;
        let mut chars = text.char_indices().peekable();
        let mut cp = 0u32;
        let (mut spaced, mut line_start) = (true, true);
        while let Some((at, c)) = chars.next() {
            let start_cp = cp;
            cp += 1;
            let first = class(c);
            if first == Class::Space || (first == Class::Mark) {
                spaced = true;
                line_start |= matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
                continue;
            }
            let norm_start = self.norm.len() as u32;
            fold_into(c, &mut self.norm);
            let mut end = at + c.len_utf8();
            let kind = match first {
                Class::Arabic => {
                    while let Some(&(i, d)) = chars.peek() {
                        if !matches!(class(d), Class::Arabic | Class::Mark) {
                            break;
                        }
                        fold_into(d, &mut self.norm);
                        end = i + d.len_utf8();
                        cp += 1;
                        chars.next();
                    }
                    Kind::Arabic
                }
                Class::Latin => {
                    while let Some(&(i, d)) = chars.peek() {
                        let inner = match class(d) {
                            Class::Latin | Class::Digit | Class::Mark => true,
                            Class::Punct => {
                                matches!(d, '-' | '\'' | '’' | '&' | '.' | '/' | '_' | '‑' | '–')
                                    && text[i + d.len_utf8()..]
                                        .chars()
                                        .next()
                                        .is_some_and(|e| matches!(class(e), Class::Latin | Class::Digit))
                            }
                            _ => false,
                        };
                        if !inner {
                            break;
                        }
                        fold_into(d, &mut self.norm);
                        end = i + d.len_utf8();
                        cp += 1;
                        chars.next();
                    }
                    Kind::Latin
                }
                Class::Digit => {
                    let mut kind = Kind::Number;
                    while let Some(&(i, d)) = chars.peek() {
                        let next = || text[i + d.len_utf8()..].chars().next().map(class);
                        let inner = match class(d) {
                            Class::Digit => true,
                            // `7.62x39`, `29A`: a model's letter, unless Arabic follows
                            Class::Latin => {
                                kind = Kind::Latin;
                                true
                            }
                            Class::Punct => {
                                matches!(d, '.' | ',' | '٫' | '٬' | '،' | ':' | '/' | '\'' | '’')
                                    && next() == Some(Class::Digit)
                            }
                            _ => false,
                        };
                        if !inner {
                            break;
                        }
                        fold_into(d, &mut self.norm);
                        end = i + d.len_utf8();
                        cp += 1;
                        chars.next();
                    }
                    kind
                }
                _ => Kind::Punct,
            };
            self.cut.push(Token {
                span: Span::new(start_cp, cp),
                byte_start: at as u32,
                byte_end: end as u32,
                norm_start,
                norm_end: self.norm.len() as u32,
                kind,
                spaced,
                line_start,
            });
            spaced = false;
            line_start = false;
        }
    }

    /// The text that was cut.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// All tokens in order.
    pub fn all(&self) -> &[Token] {
        &self.cut
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.cut.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cut.is_empty()
    }

    /// The folded form of token `i` (see [`crate::letter`]).
    #[inline]
    pub fn norm(&self, i: usize) -> &str {
        let t = &self.cut[i];
        &self.norm[t.norm_start as usize..t.norm_end as usize]
    }

    /// Token `i` as written.
    #[inline]
    pub fn surface(&self, i: usize) -> &'a str {
        let t = &self.cut[i];
        &self.text[t.byte_start as usize..t.byte_end as usize]
    }

    /// The code points from token `first` to token `last`, both included.
    pub fn span(&self, first: usize, last: usize) -> Span {
        Span::new(self.cut[first].span.start, self.cut[last].span.end)
    }

    /// Index of the first token that ends after code point `at`.
    pub fn at(&self, at: u32) -> usize {
        self.cut.partition_point(|t| t.span.end <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let t = Tokens::new(text);
        (0..t.len()).map(|i| t.surface(i)).collect()
    }

    #[test]
    fn no_space_punctuation_and_latin_runs() {
        assert_eq!(cut("طرابلس…مليشيات"), ["طرابلس", "…", "مليشيات"]);
        assert_eq!(cut("من طراز “Mig-29”و«إف-16»"), ["من", "طراز", "“", "Mig-29", "”", "و", "«", "إف", "-", "16", "»"]);
        assert_eq!(cut("١٬٢٠٠ مقاتل، 3.5٪ في 12/3/2020."), ["١٬٢٠٠", "مقاتل", "،", "3.5", "٪", "في", "12/3/2020", "."]);
    }

    #[test]
    fn spans_are_code_points() {
        let t = Tokens::new("قالَ 𝄞 لهم");
        let spans: Vec<_> = t.all().iter().map(|t| (t.span.start, t.span.end)).collect();
        assert_eq!(spans, [(0, 4), (5, 6), (7, 10)]);
        assert_eq!(t.norm(0), "قال");
    }

    proptest::proptest! {
        #[test]
        fn every_token_is_its_code_points(text in "\\PC{0,80}") {
            let t = Tokens::new(&text);
            let chars: Vec<char> = text.chars().collect();
            let mut last = 0;
            for (i, k) in t.all().iter().enumerate() {
                proptest::prop_assert!(k.span.start >= last && k.span.end > k.span.start);
                last = k.span.end;
                let by_cp: String = chars[k.span.start as usize..k.span.end as usize].iter().collect();
                proptest::prop_assert_eq!(&by_cp, t.surface(i));
            }
        }
    }
}
