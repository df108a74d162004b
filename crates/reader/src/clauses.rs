//! Clauses, shallowly: which verb governs a word, and whose subject stands for it.
//!
//! A sentence is cut where a clause opens («أن», «الذي», «بينما», «و» with a verb, a quotation …); each clause keeps its
//! verb, what opened it, and the phrases that stand as its subject and object by order and government alone. The
//! relations are features for the model of roles, not decisions.

use arabic::Kind as TokenKind;
use model::EntityType;

use crate::article::Article;
use crate::roles::{Governor, Stands, governor};
use crate::spans::{Kind, Phrase};
use crate::words::Words;

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
}

fn that(norm: &str) -> Option<Opener> {
    let core = norm.strip_prefix('و').or_else(|| norm.strip_prefix('ف')).unwrap_or(norm);
    let core = core.strip_prefix('ب').or_else(|| core.strip_prefix('ل')).unwrap_or(core);
    match core {
        "ان" | "كان" if norm != "كان" && norm != "وكان" && norm != "فكان" => Some(Opener::That),
        "انه" | "انها" | "انهم" | "انهما" | "انهن" | "اننا" | "انني" | "انا" => Some(Opener::ThatPronoun),
        _ => None,
    }
}

fn relative(norm: &str) -> bool {
    let core = norm.strip_prefix('و').unwrap_or(norm);
    matches!(core, "الذي" | "التي" | "الذين" | "اللذين" | "اللتين" | "اللواتي" | "اللذان" | "اللتان" | "ممن" | "مما")
}

fn adverbial(norm: &str) -> Option<Opener> {
    let core = norm.strip_prefix('و').or_else(|| norm.strip_prefix('ف')).unwrap_or(norm);
    match core {
        "بينما" | "فيما" | "حيث" | "عندما" | "حينما" | "حين" | "لكن" | "لكنه" | "لكنها" | "اذ" | "اذا" | "لو" | "كما"
        | "لان" | "لانه" | "لانها" | "بعدما" | "قبلما" | "كلما" | "ريثما" | "طالما" | "رغم" | "الا" | "غير" => {
            Some(Opener::Adverbial)
        }
        "كي" | "لكي" | "حتي" => Some(Opener::Purpose),
        _ => None,
    }
}

/// Verbs that only carry the tense of the next one.
fn auxiliary(stem: &str) -> bool {
    matches!(
        stem,
        "كان" | "كانت" | "كانوا" | "يكون" | "تكون" | "بات" | "باتت" | "ظل" | "ظلت" | "مازال" | "يزال" | "تزال" | "زال" | "زالت"
            | "عاد" | "عادت" | "كاد" | "كادت" | "اصبح" | "اصبحت" | "ليس" | "ليست" | "سبق" | "تم" | "يتم" | "تتم" | "تمت"
    )
}

impl Clauses {
    /// Finds the clauses of an article. Linear in the tokens and phrases.
    pub fn new(article: &Article<'_>, words: &Words, phrases: &[Phrase]) -> Self {
        let governors: Vec<Governor> = (0..phrases.len()).map(|i| governor(article, words, phrases, i)).collect();
        let mut out = Self { all: Vec::new(), of: vec![0; article.tokens.len()] };
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
            out.place(article, words, phrases, &governors, from..to, begin);
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
            } else if let Some(o) = that(norm) {
                now = self.open(i, o, Some(now), None);
            } else if relative(norm) {
                now = self.open(i, Opener::Relative, Some(now), None);
            } else if let Some(o) = adverbial(norm) {
                now = self.open(i, o, Some(now), None);
            } else if verb {
                if w.prefix.preposition == Some('ل') && i > range.start {
                    now = self.open(i, Opener::Purpose, Some(now), None);
                } else if (w.prefix.conjunction.is_some() || after_comma) && self.row_has_verb(now) {
                    let parent = self.all[now].parent;
                    now = self.open(i, Opener::Coordinate, parent, Some(now));
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

    fn row_has_verb(&self, clause: usize) -> bool {
        self.all[clause].verb.is_some()
    }

    /// Finds subjects and objects of the clauses from `begin` on.
    fn place(
        &mut self,
        article: &Article<'_>,
        words: &Words,
        phrases: &[Phrase],
        governors: &[Governor],
        here: std::ops::Range<usize>,
        begin: usize,
    ) {
        let names = |p: &Phrase| {
            !p.inner && matches!(p.kind, Kind::Unnamed | Kind::Thing | Kind::Entity(_))
                && p.kind != Kind::Entity(EntityType::Loc)
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
            for c in at..here.end.min(at + 24) {
                let p = &phrases[c];
                if p.inner {
                    continue;
                }
                if self.of[p.first] as usize != k {
                    // what stands in deeper clauses is passed over; another row ends the search
                    continue;
                }
                let stands = governors[c].stands;
                let free = !matches!(stands, Stands::Prepositional | Stands::Genitive);
                match clause.verb {
                    Some(v) if p.first > v => {
                        if names(p) && (free || stands == Stands::Genitive) {
                            if subject.is_none() && before.is_none() {
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
                    let antecedent = (here.start..at).rev().take(6).find(|c| {
                        !phrases[*c].inner && phrases[*c].last < start && phrases[*c].last + 3 >= start
                    });
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
