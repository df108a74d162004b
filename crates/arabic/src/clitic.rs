//! Clitics: the written word cut into conjunction, preposition, future mark, article, stem and attached pronoun.
//!
//! [`splits`] proposes every cut that the orthography allows; whoever owns a lexicon decides which stems exist.
//! Works on folded forms ([`crate::letter`]): `ه` stands for both ه and ة.

/// What stands before the stem. The parts are always in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Prefix {
    /// و or ف.
    pub conjunction: Option<char>,
    /// ب, ل or ك.
    pub preposition: Option<char>,
    /// The future mark س.
    pub future: bool,
    /// The article ال (also hidden in لل).
    pub article: bool,
}

/// One way to cut a written word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split<'a> {
    /// What stands before the stem.
    pub prefix: Prefix,
    /// Bytes of the folded word taken by the prefix.
    pub prefix_len: usize,
    /// The stem as written (folded).
    pub stem: &'a str,
    /// The attached pronoun, or empty.
    pub suffix: &'a str,
}

/// Attached pronouns, longest first.
pub const PRONOUNS: [&str; 11] = ["هما", "كما", "ها", "هم", "هن", "كم", "نا", "ني", "ه", "ك", "ي"];

/// Calls `found` for every cut of the folded word that leaves a stem of at least two letters, plainest first.
pub fn splits<'a>(word: &'a str, mut found: impl FnMut(Split<'a>)) {
    let mut with_suffixes = |prefix: Prefix, prefix_len: usize, rest: &'a str| {
        if rest.chars().nth(1).is_none() {
            return;
        }
        found(Split { prefix, prefix_len, stem: rest, suffix: "" });
        if prefix.article {
            return;
        }
        for p in PRONOUNS {
            if let Some(stem) = rest.strip_suffix(p)
                && stem.chars().nth(1).is_some()
            {
                found(Split { prefix, prefix_len, stem, suffix: p });
            }
        }
    };
    let mut after_conjunction = |conjunction: Option<char>, at: usize| {
        let rest = &word[at..];
        let base = Prefix { conjunction, ..Prefix::default() };
        with_suffixes(base, at, rest);
        if let Some(r) = rest.strip_prefix("ال") {
            with_suffixes(Prefix { article: true, ..base }, word.len() - r.len(), r);
        }
        for p in ['ب', 'ل', 'ك'] {
            if let Some(r) = rest.strip_prefix(p) {
                let base = Prefix { preposition: Some(p), ..base };
                with_suffixes(base, word.len() - r.len(), r);
                let article = if p == 'ل' { "ل" } else { "ال" };
                if let Some(r) = r.strip_prefix(article) {
                    with_suffixes(Prefix { article: true, ..base }, word.len() - r.len(), r);
                }
            }
        }
        if let Some(r) = rest.strip_prefix('س') {
            with_suffixes(Prefix { future: true, ..base }, word.len() - r.len(), r);
        }
    };
    after_conjunction(None, 0);
    for c in ['و', 'ف'] {
        if word.starts_with(c) {
            after_conjunction(Some(c), c.len_utf8());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(word: &str, prefix_len: usize, stem: &str, suffix: &str) -> bool {
        let mut hit = false;
        splits(word, |s| hit |= s.prefix_len == prefix_len * 2 && s.stem == stem && s.suffix == suffix);
        hit
    }

    #[test]
    fn cuts_what_newspapers_join() {
        assert!(has("وللحكومه", 3, "حكومه", ""));
        assert!(has("وبقواتهم", 2, "قوات", "هم"));
        assert!(has("سيرسلها", 1, "يرسل", "ها"));
        assert!(has("فالروس", 3, "روس", ""));
        assert!(has("موسكو", 0, "موسكو", ""));
    }

    #[test]
    fn short_words_leave_no_stem() {
        let mut n = 0;
        splits("و", |_| n += 1);
        assert_eq!(n, 0);
    }
}
