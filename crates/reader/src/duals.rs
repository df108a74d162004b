//! Nouns in the dual: which written words say two of what they name.
//!
//! The endings are those of other words too: «-ين» of sound plurals, «-ان» of broken ones and of names, «-ي» of adjectives
//! and of what is mine. The lexicon knows which nouns have a dual; the cut of the word, its other readings and what stands
//! behind it say whether this is one.

use arabic::clitic::PRONOUNS;
use arabic::letter::fold;
use lexicon::{EntryKind, Form, Sense, UPOS};

use crate::article::Article;
use crate::words::{Knowledge, Lexeme, WordType, Words};

/// Words written like a dual that are none: broken plurals in -ان and nouns of their own (folded, without clitics).
const NEVER: [&str; 10] = ["بلدان", "صبيان", "فتيان", "عيدان", "سندان", "بطلان", "سكران", "حيوان", "ميدان", "امنين"];

/// Nouns that are not counted by twos: masses, sides that stand before a place («شمالي مدينة …»), shares («ثلثي السكان»);
/// folded.
const MASSES: [&str; 15] =
    ["اهل", "جوار", "حدود", "اوت", "نهار", "امن", "سكر", "شمال", "جنوب", "شرق", "غرب", "ثلث", "ربع", "خمس", "ضعف"];

/// How a dual ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// «-ان», «-ين»: the whole noun.
    Free,
    /// «-ا», «-ي»: an attached pronoun or the noun that it belongs to follows.
    Construct,
}

/// A word as the dual of a noun.
struct Reading<'w> {
    lexeme: &'w Lexeme,
    /// Folded headword of the noun.
    lemma: String,
    /// What stands before the ending.
    base: &'w str,
    ending: Ending,
    feminine: bool,
}

/// The words of an article, asked for their duals.
pub struct Duals<'a, 't> {
    /// The article.
    pub article: &'a Article<'t>,
    /// Its word types.
    pub words: &'a Words,
    /// The lexicons.
    pub knowledge: &'a Knowledge,
    /// The part of speech of each token ([`UPOS`]); empty where none was learned.
    pub tags: &'a [u8],
}

impl Duals<'_, '_> {
    /// Whether token `i` is a noun in the dual. Looks at a few words around it.
    pub fn at(&self, i: usize) -> bool {
        self.noun(i) && !self.describes(i)
    }

    /// Whether token `i` describes the dual right before it («انتحاريان إرهابيان»).
    fn describes(&self, i: usize) -> bool {
        let word = |i: usize| self.article.word(self.words, i);
        let like = |a: &WordType, b: &WordType| {
            a.prefix.article == b.prefix.article
                && a.prefix.conjunction.is_none()
                && ["ان", "ين"].iter().any(|e| a.norm.ends_with(e) && b.norm.ends_with(e))
        };
        self.tag(i) == "ADJ" && i > 0 && self.on_line(i) && like(word(i), word(i - 1)) && self.noun(i - 1)
    }

    /// Whether token `i` is in the dual, be it the noun or what describes one («انتحاريان إرهابيان»).
    fn noun(&self, i: usize) -> bool {
        let w = self.article.word(self.words, i);
        if w.number.is_some() || NEVER.contains(&w.bare()) {
            return false;
        }
        if ["ان", "ين"].iter().any(|end| w.norm.ends_with(end))
            && arabic::numeral::dual(&self.article.tokens, i).kind != arabic::numeral::Kind::Cardinal
        {
            return true;
        }
        let Some(dual) = self.reading(w) else { return false };
        if dual.base.chars().count() < 3 || MASSES.contains(&&*dual.lemma) || !self.agree(i, &dual) {
            return false;
        }
        let prefix = dual.lexeme.prefix;
        match dual.ending {
            Ending::Free => match self.tag(i) {
                "VERB" => !w.finite_verb(),
                // what looks like a prefix may belong to the name
                "PROPN" => dual.feminine || prefix.conjunction.is_none() && prefix.preposition.is_none(),
                _ => true,
            },
            // ة is folded like the pronoun ه: «جبلية» is not «جبليه»
            Ending::Construct if dual.lexeme.pronoun => !self.article.tokens.surface(i).ends_with(['ة', 'ى']),
            // «رئيسا» is the accusative too
            Ending::Construct => {
                !prefix.article
                    && self.tag(i) != "VERB"
                    && (dual.feminine || w.norm.ends_with('ي'))
                    && self.governs(i, dual.feminine)
            }
        }
    }

    fn tag(&self, i: usize) -> &'static str {
        match self.tags.get(i) {
            Some(t) => UPOS[usize::from(*t)],
            None if i < self.article.types.len() && self.article.word(self.words, i).finite_verb() => "VERB",
            None => "NOUN",
        }
    }

    /// Whether there is a token `i`, on the line of the one before.
    fn on_line(&self, i: usize) -> bool {
        self.article.tokens.all().get(i).is_some_and(|t| !t.line_start)
    }

    /// The likeliest reading of the word as a noun in the dual; none where the spelling is not that of one: a dual loses its ن
    /// before a pronoun.
    fn reading<'w>(&self, w: &'w WordType) -> Option<Reading<'w>> {
        let lexeme = best(w).find(|l| l.form == Form::Dual || is_title(l))?;
        let lemma = fold(self.knowledge.entry(lexeme.entry)?.lemma);
        let stem = w.norm.get(usize::from(lexeme.prefix_len)..)?;
        let free = || stem.strip_suffix("ان").or_else(|| stem.strip_suffix("ين"));
        let (base, ending) = if lexeme.pronoun {
            let own = PRONOUNS.iter().find_map(|p| stem.strip_suffix(p).filter(|s| s.ends_with(['ا', 'ي'])))?;
            (own.strip_suffix(['ا', 'ي'])?, Ending::Construct)
        } else if let Some(base) = free() {
            (base, Ending::Free)
        } else {
            (stem.strip_suffix(['ا', 'ي'])?, Ending::Construct)
        };
        let feminine = lemma.ends_with('ه') && base.ends_with('ت');
        Some(Reading { lexeme, lemma, base, ending, feminine })
    }

    /// Whether all that token `i` can be agrees with the dual.
    fn agree(&self, i: usize, dual: &Reading<'_>) -> bool {
        let w = self.article.word(self.words, i);
        let listed = |l: &Lexeme| self.knowledge.entry(l.entry).is_some_and(|e| fold(e.lemma) == dual.lemma);
        // only the masculine in -ين and -ي is spelled like a plural
        let plural = !dual.feminine && (dual.ending == Ending::Construct || w.norm.ends_with("ين"));
        let two = |l: &Lexeme| match l.form {
            Form::Dual => true,
            Form::VerbalNoun => l.agreement.number == 2,
            Form::ActiveParticiple | Form::PassiveParticiple => {
                l.agreement.number == 2 && (!plural || is_title(dual.lexeme) || self.is_thing(w, i))
            }
            _ => is_title(l),
        };
        let words = || w.lexemes.iter().filter(|l| l.kind == EntryKind::Word && l.cost <= dual.lexeme.cost);
        words().all(listed) && best(w).all(two)
    }

    /// Whether a noun that is spelled like a participle in the plural is the noun: what follows a noun that names no person is
    /// in the dual too («حادثين منفصلين», not «الموردين الرئيسيين»), or a place is named and nothing follows that a participle
    /// governs («معبرين عن»).
    fn is_thing(&self, w: &WordType, i: usize) -> bool {
        let of = |classes: &[&str]| {
            let named =
                |s: &Sense| matches!(s, Sense::Class(c) if classes.contains(&lexicon::CLASSES[usize::from(*c)]));
            w.senses.iter().any(|(s, f, _)| *f == Form::Dual && named(s))
        };
        let next = self.article.types.get(i + 1).map_or("", |t| &self.words.get(*t).norm);
        let governs = matches!(next, "علي" | "عن" | "ان" | "بان" | "الي") || matches!(self.tag(i + 1), "NOUN" | "NUM");
        !w.prefix.article && next.ends_with("ين") && of(&["facility", "place", "region", "abstract"])
            || self.tag(i) == "NOUN" && !governs && of(&["facility", "place", "region"])
    }

    /// Whether a noun follows that the dual in the construct belongs to. What is mine is spelled like it («عائلتي»), and so is
    /// an adjective where it is masculine («صاروخي»), which is therefore one only where two are told («سلاحي الجو والبحر»),
    /// a dual follows, or no noun stands before that the adjective could describe.
    fn governs(&self, i: usize, feminine: bool) -> bool {
        let quoted = self.on_line(i + 1) && matches!(self.article.tokens.norm(i + 1), "«" | "\"" | "“" | "(");
        let next = if quoted { i + 2 } else { i + 1 };
        if !self.on_line(next) {
            return false;
        }
        let w = self.article.word(self.words, next);
        let named = matches!(self.tag(next), "NOUN" | "PROPN" | "NUM" | "X") || w.any(|l| l.kind == EntryKind::Weapon);
        let free = w.prefix.conjunction.is_none() && w.prefix.preposition.is_none();
        let noun = named && free && w.kind != arabic::Kind::Punct;
        if feminine || !noun {
            return noun;
        }
        let and = |k: usize| {
            let w = self.article.word(self.words, k);
            w.prefix.conjunction == Some('و') || &*w.norm == "و"
        };
        let joined = (next + 1..next + 4).take_while(|k| self.on_line(*k) && self.tag(*k) != "VERB").any(and);
        let described = i > 0 && self.on_line(i) && {
            let before = self.article.word(self.words, i - 1);
            matches!(self.tag(i - 1), "NOUN" | "ADJ") && !before.prefix.article && before.suffix.is_empty()
        };
        self.tag(i) == "NOUN" && (joined || w.norm.ends_with("ين") || !described && self.tag(next) == "NOUN")
    }
}

/// The readings of the cheapest cut, less listed word forms, which say how the word is cut and not what form of which noun
/// it is.
fn best(w: &WordType) -> impl Iterator<Item = &Lexeme> {
    let known = || w.lexemes.iter().filter(|l| l.kind != EntryKind::Word);
    let least = known().map(|l| l.cost).min();
    known().filter(move |l| Some(l.cost) == least)
}

/// Whether the reading is a title in the dual; titles list their duals among their other forms.
fn is_title(l: &Lexeme) -> bool {
    l.kind == EntryKind::Title && l.form == Form::Plural && l.agreement.number == 2
}
