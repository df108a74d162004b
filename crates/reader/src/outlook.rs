//! How the words around a happening hold it: wished, intended, feared, begun.
//!
//! «دعا إلى وقف القصف», «يعتزم زيارة», «خشية اندلاع»: most of what makes a happening planned, wished or denied is said by a
//! verb or noun above it, and one such word is much like another of its class. `outlooks.tsv` names the classes.

use std::sync::LazyLock;

use hashbrown::HashMap;
use learn::{Features, Key};
use lexicon::EntryKind;

use crate::article::Article;
use crate::clauses::Clauses;
use crate::words::{WordType, Words};

/// Words before a happening that are looked at.
const BEFORE: usize = 24;
/// Words after it.
const AFTER: usize = 5;
/// Words with an outlook that are told apart before it.
const TOLD: u32 = 3;
/// Words that are climbed over above it.
const CLIMB: u32 = 6;
/// Words between two that «و» joins.
const JOINED: usize = 12;

/// Folded headword → number of its class from 1.
static CLASSES: LazyLock<HashMap<String, u8>> = LazyLock::new(|| {
    let mut numbers: HashMap<&str, u8> = HashMap::new();
    let mut classes = HashMap::new();
    for (class, words) in lines() {
        let next = numbers.len() as u8 + 1;
        let number = *numbers.entry(class).or_insert(next);
        for w in words.split('|') {
            classes.entry(arabic::letter::fold(w)).or_insert(number);
        }
    }
    classes
});

/// The lines of the table as class and headwords.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = include_str!("outlooks.tsv").lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    text.map(|l| l.split_once('\t').unwrap_or((l, "")))
}

/// The class of a word by its spellings, without and with clitics, or else by the lemmas that the lexicon knows for it;
/// 0 for none.
pub(crate) fn class_of(stem: &str, norm: &str, lemmas: impl Iterator<Item = (EntryKind, String)>) -> u8 {
    let bare = stem.strip_prefix("ال").unwrap_or(stem);
    let written = [norm, stem, bare].into_iter().find_map(|s| CLASSES.get(s));
    let of_lemma = || {
        lemmas
            .filter(|(kind, _)| matches!(kind, EntryKind::Verb | EntryKind::Noun))
            .find_map(|(_, lemma)| CLASSES.get(&arabic::letter::fold(&lemma)))
    };
    written.or_else(of_lemma).copied().unwrap_or(0)
}

/// What lets a word stand above another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// A preposition written to the lower word.
    Attached = 1,
    /// «و» joins the lower word to this one.
    Joined,
    /// «أن».
    That,
    /// A preposition.
    Preposition,
    /// It is a verb.
    Verb,
    /// The lower word is its genitive.
    Genitive,
    /// It has an outlook and stands right before.
    Beside,
}

/// A sentence with a happening in it.
struct Around<'a, 'w> {
    article: &'a Article<'w>,
    words: &'a Words,
    /// Where the sentence begins.
    start: usize,
}

impl Around<'_, '_> {
    fn word(&self, token: usize) -> &WordType {
        self.article.word(self.words, token)
    }

    fn outlook(&self, token: usize) -> Key {
        Key::from(self.word(token).outlook)
    }

    /// The word before, over an opening quotation mark or bracket.
    fn before(&self, token: usize) -> Option<usize> {
        for i in (self.start..token).rev() {
            let w = self.word(i);
            if w.kind != arabic::Kind::Punct {
                return Some(i);
            }
            if !matches!(&*w.norm, "\"" | "“" | "«" | "'" | "”" | "(") {
                return None;
            }
        }
        None
    }

    /// Whether a particle of negation stands before.
    fn negated(&self, token: usize) -> Key {
        let negation = |i: usize| matches!(self.word(i).head(), "لا" | "لم" | "لن" | "ليس" | "عدم" | "ما");
        Key::from(token > self.start && negation(token - 1))
    }

    /// The word that governs `token`.
    fn above(&self, token: usize) -> Option<(usize, Link)> {
        let w = self.word(token);
        if w.prefix.preposition.is_some() {
            return self.before(token).map(|b| (b, Link::Attached));
        }
        if w.prefix.conjunction.is_some() {
            let alike = |x: &WordType| {
                x.finite_verb() == w.finite_verb() && x.class == w.class && x.prefix.article == w.prefix.article
            };
            let joined = (self.start..token).rev().take(JOINED).find(|i| alike(self.word(*i)));
            return joined.map(|i| (i, Link::Joined));
        }
        let b = self.before(token)?;
        let x = self.word(b);
        if matches!(x.head(), "ان" | "بان" | "لان" | "انه" | "انها" | "بانه" | "بانها" | "الا")
        {
            return self.before(b).map(|i| (i, Link::That));
        }
        if x.preposition && x.outlook == 0 {
            return self.before(b).map(|i| (i, Link::Preposition));
        }
        if x.finite_verb() {
            return Some((b, Link::Verb));
        }
        if !x.prefix.article && x.suffix.is_empty() {
            return Some((b, Link::Genitive));
        }
        let noun = x.kind == arabic::Kind::Arabic && !x.preposition;
        Some((b, Link::Beside)).filter(|_| noun && x.outlook != 0)
    }
}

/// Features of the words with an outlook before, above and after the happening at `token`; `stands` is the word it hangs on.
/// Cost: linear in the words looked at, which are bounded.
pub(crate) fn keys(
    article: &Article<'_>,
    words: &Words,
    clauses: &Clauses,
    token: usize,
    stands: Key,
    out: &mut impl Features,
) {
    let sentence = &article.sentences[article.sentence_of[token] as usize];
    let around = Around { article, words, start: sentence.start };
    before(&around, token, stands, out);
    above(&around, token, out);
    let w = around.word(token);
    let after = (token + 1..(token + 1 + AFTER).min(sentence.end)).find(|i| around.outlook(*i) != 0);
    if let Some(i) = after {
        out.put(1131, &[around.outlook(i)]);
        out.put(1132, &[around.outlook(i), (i - token) as Key, w.class]);
    }
    let (kind, governing) = clauses.governing_verb(token);
    if let Some(v) = governing {
        out.put(1133, &[around.outlook(v), kind, w.class]);
        out.put(1134, &[around.outlook(v), around.negated(v), stands]);
    }
    let here = clauses.at(token);
    let mut up = here.parent;
    for depth in 0..3 {
        let Some(k) = up.map(|n| &clauses.all[n]) else { break };
        if let Some(v) = k.verb {
            out.put(1135 + depth, &[around.outlook(v), w.class]);
            out.put(1138, &[around.outlook(v), here.opener as Key, around.negated(v)]);
        }
        up = k.parent;
    }
}

/// The nearest words with an outlook to the left in reading order.
fn before(around: &Around<'_, '_>, token: usize, stands: Key, out: &mut impl Features) {
    let w = around.word(token);
    let is_verb = Key::from(w.finite_verb());
    let (mut seen, mut verbs, mut marks, mut last): (u32, u32, u32, Key) = (0, 0, 0, 0);
    for i in (around.start..token).rev().take(BEFORE) {
        let x = around.word(i);
        if x.kind == arabic::Kind::Punct {
            marks += 1;
            continue;
        }
        if x.outlook != 0 {
            let o = Key::from(x.outlook);
            let near = ((token - i).min(12) / 2) as Key;
            out.put(1100 + seen, &[o, near]);
            out.put(1103 + seen, &[o, verbs.min(2), is_verb]);
            out.put(1106 + seen, &[o, w.class, stands]);
            out.put(1109 + seen, &[o, around.negated(i), marks.min(2)]);
            out.put(1112 + seen, &[o, Key::from(x.finite_verb()), verbs.min(1)]);
            if seen == 0 {
                out.put(1115, &[o, w.sense]);
                out.put(1116, &[o, w.class, near]);
            } else {
                out.put(1117 + seen, &[o, last, verbs.min(2)]);
            }
            last = o;
            seen += 1;
            if seen == TOLD {
                break;
            }
        }
        verbs += u32::from(x.finite_verb());
    }
    out.put(1121, &[seen]);
}

/// The first two words with an outlook on the way up from what governs the happening.
fn above(around: &Around<'_, '_>, token: usize, out: &mut impl Features) {
    let w = around.word(token);
    let (mut at, mut first, mut path): (usize, Key, Key) = (token, 0, 0);
    for depth in 0..CLIMB {
        let Some((i, link)) = around.above(at) else { break };
        let o = around.outlook(i);
        if depth == 0 {
            out.put(1122, &[link as Key, o]);
        }
        if o != 0 && first == 0 {
            out.put(1123, &[o, depth]);
            out.put(1124, &[o, w.class, Key::from(w.finite_verb())]);
            out.put(1125, &[o, link as Key, path]);
            out.put(1126, &[o, around.negated(i)]);
            out.put(1127, &[o, w.sense]);
            first = o;
        } else if o != 0 {
            out.put(1128, &[first, o]);
            out.put(1129, &[o, around.negated(i)]);
            break;
        }
        if !matches!(link, Link::Preposition | Link::Attached) {
            path = link as Key;
        }
        at = i;
    }
    out.put(1130, &[first]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_has_a_class_and_headwords() {
        for (class, words) in lines() {
            assert!(class.chars().all(|c| c.is_ascii_lowercase()), "{class:?} is no class");
            assert!(!words.is_empty() && words.split('|').all(|w| !w.trim().is_empty()), "{class}: {words:?}");
        }
    }

    #[test]
    fn a_class_is_found_by_spelling_or_lemma() {
        let none = || std::iter::empty();
        let wish = class_of("دعوه", "دعوه", none());
        assert_ne!(wish, 0);
        assert_eq!(class_of("الدعوه", "بالدعوه", none()), wish, "without the article");
        assert_eq!(class_of("يطالبون", "يطالبون", std::iter::once((EntryKind::Verb, "طالب".to_string()))), wish);
        assert_eq!(class_of("كتاب", "كتاب", none()), 0);
    }

    #[test]
    fn a_headword_in_two_lines_belongs_to_the_first() {
        // «دون» prevents before it lacks
        assert_eq!(class_of("دون", "دون", std::iter::empty()), class_of("منع", "منع", std::iter::empty()));
    }
}
