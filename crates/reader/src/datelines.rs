//! Datelines: «بنغازي – رويترز:», «كولومبو (أ ف ب) –» at the beginning of a line. The agency named there passed on whatever
//! is said below it, up to the next dateline; a paper's own name there is nothing.

use std::ops::Range;

use lexicon::EntryKind;
use model::EntityType;

use crate::article::Article;
use crate::spans::{Kind, Phrase};
use crate::words::{Knowledge, Words};

/// Most tokens of a dateline.
const LONGEST: usize = 24;

/// One dateline.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dateline {
    tokens: Range<usize>,
    /// Phrase of the agency.
    agency: Option<usize>,
}

/// The datelines of an article.
#[derive(Clone, Debug, Default)]
pub struct Datelines(Vec<Dateline>);

impl Datelines {
    /// Finds them at the beginnings of the lines of the body. Linear in the tokens.
    pub fn find(
        article: &Article<'_>,
        words: &Words,
        knowledge: &Knowledge,
        phrases: &[Phrase],
        body: usize,
    ) -> Self {
        let tokens = article.tokens.all();
        let starts = (body..tokens.len()).filter(|i| *i == body || tokens[*i].line_start);
        Self(starts.filter_map(|i| dateline(article, words, knowledge, phrases, i)).collect())
    }

    /// The agency that passed on what is said at a token. Of a headline it is that of the only dateline.
    pub fn agency(&self, token: usize) -> Option<usize> {
        match self.0.partition_point(|d| d.tokens.start <= token) {
            0 if self.0.len() == 1 => self.0[0].agency,
            0 => None,
            n => self.0[n - 1].agency,
        }
    }

    /// Whether a phrase stands in a dateline.
    pub fn hold(&self, phrase: &Phrase) -> bool {
        let after = self.0.partition_point(|d| d.tokens.start <= phrase.first);
        after > 0 && self.0[after - 1].tokens.contains(&phrase.first)
    }
}

/// The dateline that begins at a token: places, outlets, dates and marks, closed by a mark.
fn dateline(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
    start: usize,
) -> Option<Dateline> {
    let all = article.tokens.all();
    let line = (start + 1..all.len().min(start + LONGEST + 1)).find(|i| all[*i].line_start);
    let stop = line.unwrap_or(all.len().min(start + LONGEST));
    let mut next = phrases.partition_point(|p| p.first < start);
    let (mut end, mut places, mut outlets) = (start, false, Vec::new());
    while end < stop {
        while phrases.get(next).is_some_and(|p| p.first < end || p.inner) {
            next += 1;
        }
        if let Some(p) = phrases.get(next).filter(|p| p.first == end && p.last < stop) {
            match p.kind {
                Kind::Entity(EntityType::Gpe | EntityType::Loc | EntityType::Fac) | Kind::Place => places = true,
                Kind::Entity(EntityType::Med) => outlets.push(next),
                Kind::Unnamed if several_agencies(article, p) => outlets.push(next),
                Kind::Time => {}
                _ => break,
            }
            end = p.last + 1;
        } else if is_mark(article.tokens.norm(end)) || is_date(article, words, end) {
            end += 1;
        } else {
            break;
        }
    }
    // marks that open what follows are no longer of the dateline
    while end > start && matches!(article.tokens.norm(end - 1), "«" | "\"" | "“" | "(" | "،" | "," | "و") {
        end -= 1;
    }
    let closed = end > start + 1 && matches!(article.tokens.norm(end - 1), ":" | "-" | "–" | "—" | "ـ" | ")" | "/");
    let dash = article.tokens.norm(end.checked_sub(1)?) != ":";
    // an outlet and a colon alone open its own words
    if !closed || outlets.is_empty() || !(places || outlets.len() > 1 || dash) {
        return None;
    }
    let agency = outlets.into_iter().rev().find(|i| is_agency(article, words, knowledge, &phrases[*i]));
    Some(Dateline { tokens: start..end, agency })
}

fn is_mark(norm: &str) -> bool {
    matches!(
        norm,
        "-" | "–" | "—" | "ـ" | "/" | "\\" | "|" | "," | "،" | "." | ":" | "(" | ")" | "«" | "»" | "\"" | "“" | "”" | "و"
    )
}

/// Whether a token is of a date («12 تموز/يوليو»).
fn is_date(article: &Article<'_>, words: &Words, token: usize) -> bool {
    let w = article.word(words, token);
    w.time.is_some() || w.number.is_some() || w.norm.chars().all(|c| c.is_numeric())
}

/// «وكالات», «وكالات الأنباء»: agencies that are not named.
fn several_agencies(article: &Article<'_>, p: &Phrase) -> bool {
    let norm = article.tokens.norm(p.first);
    let norm = norm.strip_prefix('و').filter(|r| r.starts_with("وكالات") || r.starts_with("الوكالات")).unwrap_or(norm);
    matches!(norm, "وكالات" | "الوكالات")
}

fn is_agency(article: &Article<'_>, words: &Words, knowledge: &Knowledge, p: &Phrase) -> bool {
    let known = |entry: u32| {
        knowledge.entry(entry).is_some_and(|e| {
            e.kind == EntryKind::Outlet && e.name.is_some_and(|n| n.family == lexicon::AGENCY)
        })
    };
    several_agencies(article, p)
        || article.word(words, p.first).head() == "وكاله"
        || article.names_within(p.first, p.last).any(|m| known(m.entry))
        || (p.first..=p.last).any(|i| article.word(words, i).lexemes.iter().any(|l| known(l.entry)))
}
