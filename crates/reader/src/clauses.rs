//! Clauses, shallowly: which verb governs a word, and whose subject stands for it.
//!
//! A sentence is cut where a clause opens («أن», «الذي», «بينما», «و» with a verb, a quotation …); each clause keeps its
//! verb, what opened it, and the phrases that stand as its subject and object by order and government alone. The
//! relations are features for the model of roles, not decisions.

use arabic::Kind as TokenKind;
use lexicon::{EntryKind, Form};
use model::EntityType;

use crate::article::Article;
use crate::roles::{Anchor, Governor, Stands, anchor, governor};
use crate::spans::{Kind, Phrase};
use crate::words::{WordType, Words};

/// What opened a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Opener {
    /// The beginning of the sentence.
    Sentence,
    /// «أن», «إن» and their like.
    That,
    /// «أنه», «بأنها»: the subject is a pronoun.
    ThatPronoun,
    /// «الذي», «التي», or a verb right after an indefinite noun.
    Relative,
    /// «بينما», «حيث», «عندما» and their like.
    Adverbial,
    /// «لـ» with a verb, «كي», «حتى».
    Purpose,
    /// «و», «ف», «ثم» or a comma, with a verb.
    Coordinate,
    /// A colon or a quotation mark.
    Quote,
}

/// How a clause came by its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Source {
    /// No subject found.
    Unknown,
    /// It stands after the verb.
    After,
    /// It stands before the verb.
    Before,
    /// The noun that a relative clause describes.
    Antecedent,
    /// The subject of the clause that this one continues.
    Inherited,
}

/// A clause.
#[derive(Clone, Debug)]
pub struct Clause {
    /// First token.
    pub start: usize,
    /// What opened it.
    pub opener: Opener,
    /// The clause it hangs on, by number.
    pub parent: Option<usize>,
    /// The clause before it in the same row, by number: what it continues.
    pub continues: Option<usize>,
    /// Its verb.
    pub verb: Option<usize>,
    /// Its subject, by number of the phrase.
    pub subject: Option<usize>,
    /// How the subject was found.
    pub source: Source,
    /// Its object, by number of the phrase.
    pub object: Option<usize>,
}

/// The clauses of an article.
#[derive(Clone, Debug, Default)]
pub struct Clauses {
    /// In the order of their openings; those of a sentence stand together.
    pub all: Vec<Clause>,
    /// Clause of each token.
    pub of: Vec<u32>,
    /// What governs each phrase.
    pub governors: Vec<Governor>,
    /// What each phrase hangs on.
    pub anchors: Vec<Anchor>,
}

fn that(w: &WordType) -> Option<Opener> {
    // «أن» may carry ب or ل; «كان» is no «ك» with «أن»
    match w.head().strip_prefix(['ب', 'ل']).unwrap_or(w.head()) {
        "ان" => Some(Opener::That),
        "انه" | "انها" | "انهم" | "انهما" | "انهن" | "اننا" | "انني" | "انا" => {
            Some(Opener::ThatPronoun)
        }
        _ => None,
    }
}

fn relative(w: &WordType) -> bool {
    matches!(w.head(), "الذي" | "التي" | "الذين" | "اللذين" | "اللتين" | "اللواتي" | "اللذان" | "اللتان" | "ممن")
}

fn adverbial(w: &WordType) -> Option<Opener> {
    match w.head() {
        "بينما" | "فيما" | "حيث" | "عندما" | "حينما" | "حين" | "لكن" | "لكنه" | "لكنها" | "اذ" | "اذا" | "لو"
        | "كما" | "لان" | "لانه" | "لانها" | "بعدما" | "قبلما" | "كلما" | "ريثما" | "طالما" | "الا" | "مما" | "ما" => {
            Some(Opener::Adverbial)
        }
        "كي" | "لكي" | "حتي" => Some(Opener::Purpose),
        _ => None,
    }
}

/// Whether a relative pronoun can describe a noun that begins with this word, by gender and number.
fn describes(pronoun: &str, noun: &WordType) -> bool {
    let feminine = noun.stem.ends_with('ه') || noun.stem.ends_with("ات");
    let plural = noun.lexemes.first().is_some_and(|l| l.form == Form::Plural || l.agreement.number == 3);
    match pronoun {
        "الذي" => !feminine && !plural,
        "التي" => feminine || plural || noun.any(|l| l.kind == EntryKind::Country),
        _ => true,
    }
}

/// Whether a verb can have a masculine and a feminine subject in the third person.
pub(crate) fn genders(verb: &WordType) -> (bool, bool) {
    let can = |feminine: bool| {
        verb.any(|l| {
            let finite = matches!(l.form, Form::Past | Form::Present | Form::PastPassive | Form::PresentPassive);
            // «أعلنت» is listed once, as the first person
            let first = feminine && l.agreement.person == 1 && l.form == Form::Past;
            finite && (first || l.agreement.person == 3 && l.agreement.feminine == feminine)
        })
    };
    (can(false), can(true))
}

/// Whether a phrase that begins with this word cannot be the subject of the verb before it: «دعت المتمردين», «بحث قضية».
fn no_subject(verb: &WordType, noun: &WordType) -> bool {
    let feminine = genders(verb).1;
    noun.stem.ends_with("ين") && noun.prefix.article && noun.lexemes.first().is_some_and(|l| l.form == Form::Plural)
        || !feminine && noun.stem.ends_with('ه') && noun.any(|l| l.kind == EntryKind::Noun)
}

/// Verbs that only carry the tense of the next one.
fn auxiliary(stem: &str) -> bool {
    matches!(
        stem,
        "كان"
            | "كانت"
            | "كانوا"
            | "يكون"
            | "تكون"
            | "بات"
            | "باتت"
            | "ظل"
            | "ظلت"
            | "مازال"
            | "يزال"
            | "تزال"
            | "زال"
            | "زالت"
            | "عاد"
            | "عادت"
            | "كاد"
            | "كادت"
            | "اصبح"
            | "اصبحت"
            | "ليس"
            | "ليست"
            | "سبق"
            | "تم"
            | "يتم"
            | "تتم"
            | "تمت"
    )
}

impl Clauses {
    /// Finds the clauses of an article. Linear in the tokens and phrases.
    pub fn new(article: &Article<'_>, words: &Words, phrases: &[Phrase]) -> Self {
        let governors = (0..phrases.len()).map(|i| governor(article, words, phrases, i)).collect();
        let anchors = phrases.iter().map(|p| anchor(article, words, p.first)).collect();
        let mut out = Self { all: Vec::new(), of: vec![0; article.tokens.len()], governors, anchors };
        let mut from = 0;
        for range in &article.sentences {
            let begin = out.all.len();
            out.cut(article, words, range);
            while from < phrases.len() && phrases[from].first < range.start {
                from += 1;
            }
            let mut to = from;
            while to < phrases.len() && phrases[to].first < range.end {
                to += 1;
            }
            out.place(article, words, phrases, from..to, begin);
            from = to;
        }
        out
    }

    /// The clause of a token.
    pub fn at(&self, token: usize) -> &Clause {
        &self.all[self.of[token] as usize]
    }

    /// The verb that governs a token: that of its clause, or where the token is that verb itself, of the clause above.
    /// The number says which: 0 the clause's, 1 none above, 2 the one above.
    pub fn governing_verb(&self, token: usize) -> (u32, Option<usize>) {
        let here = self.at(token);
        if here.verb == Some(token) {
            let above = here.parent.and_then(|p| self.all[p].verb);
            (1 + u32::from(above.is_some()), above)
        } else {
            (0, here.verb)
        }
    }

    fn open(&mut self, start: usize, opener: Opener, parent: Option<usize>, continues: Option<usize>) -> usize {
        self.all.push(Clause {
            start,
            opener,
            parent,
            continues,
            verb: None,
            subject: None,
            source: Source::Unknown,
            object: None,
        });
        self.all.len() - 1
    }

    fn cut(&mut self, article: &Article<'_>, words: &Words, range: &std::ops::Range<usize>) {
        let mut now = self.open(range.start, Opener::Sentence, None, None);
        // clauses that a closing mark returns to
        let mut quoted: Vec<usize> = Vec::new();
        for i in range.clone() {
            let w = article.word(words, i);
            let norm = &*w.norm;
            let token = &article.tokens.all()[i];
            let verb = article.is_verb(words, i);
            let after_comma = i > range.start && matches!(article.tokens.norm(i - 1), "،" | "," | "؛" | ";" | "ثم");
            if token.kind == TokenKind::Punct {
                let opens = article.quotes_from(i).first().is_some_and(|q| q.0 == i && q.1 > i + 4);
                if opens || norm == ":" && i > range.start + 1 {
                    quoted.push(now);
                    now = self.open(i, Opener::Quote, Some(now), None);
                } else if matches!(norm, "\"" | "”" | "»")
                    && self.all[now].opener != Opener::Sentence
                    && let Some(back) = quoted.pop()
                {
                    now = back;
                }
            } else if let Some(o) = that(w) {
                now = self.open(i, o, Some(now), None);
            } else if relative(w) {
                now = self.open(i, Opener::Relative, Some(now), None);
            } else if let Some(o) = adverbial(w) {
                now = self.open(i, o, Some(now), None);
            } else if verb {
                if w.prefix.preposition == Some('ل') && i > range.start {
                    now = self.open(i, Opener::Purpose, Some(now), None);
                } else if (w.prefix.conjunction.is_some() || after_comma) && self.all[now].verb.is_some() {
                    let row = if after_comma { self.row_of(article, words, now, w) } else { now };
                    let parent = self.all[row].parent;
                    now = self.open(i, Opener::Coordinate, parent, Some(row));
                } else if let Some(v) = self.all[now].verb {
                    let carried = auxiliary(&article.word(words, v).stem) || i - v == 1;
                    if !carried {
                        now = self.open(i, Opener::Relative, Some(now), None);
                    }
                }
                let clause = &mut self.all[now];
                if clause.verb.is_none_or(|v| auxiliary(&article.word(words, v).stem)) {
                    clause.verb = Some(i);
                }
            }
            self.of[i] = now as u32;
        }
    }

    /// After a comma: the outermost clause whose verb agrees with this one in gender, else the present one.
    fn row_of(&self, article: &Article<'_>, words: &Words, now: usize, verb: &WordType) -> usize {
        let past = |w: &WordType| w.any(|l| l.form == Form::Past);
        let agree = |a: &WordType, b: &WordType| {
            let (x, y) = (genders(a), genders(b));
            (x.0 && y.0 || x.1 && y.1) && past(a) == past(b)
        };
        let mut best = now;
        let mut at = Some(now);
        while let Some(k) = at {
            let clause = &self.all[k];
            if clause.verb.is_some_and(|v| agree(article.word(words, v), verb)) {
                best = k;
            }
            at = clause.parent.filter(|_| clause.opener != Opener::Quote);
        }
        best
    }

    /// Finds subjects and objects of the clauses from `begin` on.
    fn place(
        &mut self,
        article: &Article<'_>,
        words: &Words,
        phrases: &[Phrase],
        here: std::ops::Range<usize>,
        begin: usize,
    ) {
        let names = |p: &Phrase| {
            !p.inner
                && matches!(p.kind, Kind::Unnamed | Kind::Entity(_))
                && p.kind != Kind::Entity(EntityType::Loc)
                && !relative(article.word(words, p.first))
        };
        let mut at = here.start;
        for k in begin..self.all.len() {
            let start = self.all[k].start;
            while at > here.start && phrases[at - 1].first >= start {
                at -= 1;
            }
            while at < here.end && phrases[at].first < start {
                at += 1;
            }
            let clause = self.all[k].clone();
            let mut subject = None;
            let mut source = Source::Unknown;
            let mut object = None;
            let mut before = None;
            for (c, p) in phrases.iter().enumerate().take(here.end.min(at + 24)).skip(at) {
                if p.inner {
                    continue;
                }
                if self.of[p.first] as usize != k {
                    // what stands in other clauses is passed over
                    continue;
                }
                let stands = self.governors[c].stands;
                let free = !matches!(stands, Stands::Prepositional | Stands::Genitive);
                match clause.verb {
                    Some(v) if p.first > v => {
                        if names(p) && (free || stands == Stands::Genitive) {
                            let refused =
                                p.first == v + 1 && no_subject(article.word(words, v), article.word(words, p.first));
                            if subject.is_none() && before.is_none() && !refused {
                                subject = Some(c);
                                source = Source::After;
                            } else if object.is_none() {
                                object = Some(c);
                                break;
                            }
                        }
                        if p.first > v + 25 {
                            break;
                        }
                    }
                    _ => {
                        if before.is_none() && names(p) && free && p.first <= start + 3 {
                            before = Some(c);
                        }
                    }
                }
            }
            if let Some(b) = before {
                subject = Some(b);
                source = Source::Before;
            }
            match clause.opener {
                Opener::Relative => {
                    // the noun described stands right before
                    let pronoun = article.word(words, start).head();
                    let near =
                        |c: &usize| !phrases[*c].inner && phrases[*c].last < start && phrases[*c].last + 9 >= start;
                    let mut near = (here.start..at).rev().take(12).filter(near);
                    let first = near.clone().next().filter(|c| phrases[*c].last + 3 >= start);
                    let antecedent =
                        near.find(|c| describes(pronoun, article.word(words, phrases[*c].first))).or(first);
                    if let Some(a) = antecedent {
                        if object.is_none() && source == Source::After {
                            object = subject;
                        }
                        // «التي قصفتها طائرات»: a subject of its own, the antecedent is the object
                        let own = source == Source::After
                            && clause.verb.is_some_and(|v| !article.word(words, v).suffix.is_empty());
                        if own {
                            object = Some(a);
                        } else {
                            subject = Some(a);
                            source = Source::Antecedent;
                        }
                    }
                }
                Opener::ThatPronoun | Opener::Purpose => {
                    if object.is_none() && source == Source::After {
                        object = subject;
                    }
                    let parent = clause.parent.and_then(|p| self.all[p].subject);
                    if let Some(p) = parent {
                        subject = Some(p);
                        source = Source::Inherited;
                    }
                }
                _ => {}
            }
            if subject.is_none() {
                let from = clause.continues.or(clause.parent);
                if let Some(s) = from.and_then(|p| self.all[p].subject) {
                    subject = Some(s);
                    source = Source::Inherited;
                }
            }
            let c = &mut self.all[k];
            (c.subject, c.source, c.object) = (subject, source, object);
        }
    }
}
