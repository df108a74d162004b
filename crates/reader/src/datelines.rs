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
/// Most words of an outlet's name that nothing else tells.
const NAME: usize = 4;

/// The datelines of an article.
#[derive(Clone, Debug, Default)]
pub struct Datelines(Vec<Dateline>);

/// One dateline.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dateline {
    tokens: Range<usize>,
    /// Phrases of the agencies, in their order.
    agencies: Vec<usize>,
}

/// What stands in a dateline.
#[derive(Debug, Default)]
struct Parts {
    end: usize,
    places: bool,
    /// Phrases of outlets.
    outlets: Vec<usize>,
    /// Outlets that are no phrases yet.
    unnamed: Vec<(usize, usize)>,
}

impl Datelines {
    /// Finds them at the beginnings of the lines of the body. Linear in the tokens.
    pub fn find(article: &Article<'_>, words: &Words, knowledge: &Knowledge, phrases: &[Phrase], body: usize) -> Self {
        let dateline = |start: usize| {
            let parts = parse(article, words, knowledge, phrases, start)?;
            let mut agencies = parts.outlets;
            agencies.retain(|i| is_agency(article, words, knowledge, &phrases[*i]));
            Some(Dateline { tokens: start..parts.end, agencies })
        };
        Self(lines(article, body).filter_map(dateline).collect())
    }

    /// The agencies that passed on what is said at a token. Of a headline they are those of the only dateline.
    pub fn agencies(&self, token: usize) -> &[usize] {
        match self.0.partition_point(|d| d.tokens.start <= token) {
            0 if self.0.len() == 1 => &self.0[0].agencies,
            0 => &[],
            n => &self.0[n - 1].agencies,
        }
    }

    /// Whether a phrase stands in a dateline.
    pub fn hold(&self, phrase: &Phrase) -> bool {
        let after = self.0.partition_point(|d| d.tokens.start <= phrase.first);
        after > 0 && self.0[after - 1].tokens.contains(&phrase.first)
    }
}

/// Adds the outlets of datelines that the labelling passed over: names that the lexicon knows, and what stands in
/// parentheses after a place. `phrases` are and stay in their order.
pub fn name_outlets(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &mut Vec<Phrase>,
    body: usize,
) {
    let parts = lines(article, body).filter_map(|start| parse(article, words, knowledge, phrases, start));
    let kind = Kind::Entity(EntityType::Med);
    let found: Vec<Phrase> =
        parts.flat_map(|p| p.unnamed).map(|(first, last)| Phrase { first, last, kind, inner: false }).collect();
    if !found.is_empty() {
        phrases.extend(found);
        phrases.sort_by_key(|p| (p.first, p.inner));
    }
}

/// First tokens of the lines from the body on.
fn lines<'a>(article: &'a Article<'_>, body: usize) -> impl Iterator<Item = usize> + 'a {
    let tokens = article.tokens.all();
    (body..tokens.len()).filter(move |i| *i == body || tokens[*i].line_start)
}

/// The dateline that begins at a token: places, outlets, reporters, dates and marks, closed by a mark.
fn parse(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
    start: usize,
) -> Option<Parts> {
    let all = article.tokens.all();
    let norm = |i: usize| article.tokens.norm(i);
    let most = all.len().min(start + LONGEST);
    let stop = (start + 1..most).find(|i| all[*i].line_start).unwrap_or(most);
    let mut next = phrases.partition_point(|p| p.first < start);
    let mut out = Parts { end: start, ..Parts::default() };
    while out.end < stop {
        while phrases.get(next).is_some_and(|p| p.first < out.end || p.inner) {
            next += 1;
        }
        let ahead = phrases.get(next);
        if let Some(p) = ahead.filter(|p| p.first == out.end && p.last < stop) {
            match p.kind {
                Kind::Entity(EntityType::Gpe | EntityType::Loc | EntityType::Fac) | Kind::Place => out.places = true,
                Kind::Entity(EntityType::Med) => out.outlets.push(next),
                Kind::Unnamed if several_agencies(norm(p.first)) => out.outlets.push(next),
                Kind::Time | Kind::Entity(EntityType::Per) => {}
                _ => break,
            }
            out.end = p.last + 1;
        } else if is_mark(norm(out.end)) || is_date(article, words, out.end) {
            out.end += 1;
        } else {
            let free = ahead.map_or(stop, |p| p.first.min(stop));
            let Some(last) = outlet(article, words, knowledge, out.end, free, out.places) else { break };
            out.unnamed.push((out.end, last));
            out.end = last + 1;
        }
    }
    // marks that open what follows are no longer of the dateline
    while out.end > start && matches!(norm(out.end - 1), "«" | "\"" | "“" | "(" | "،" | "," | "و") {
        out.end -= 1;
    }
    let closing = out.end.checked_sub(1).filter(|i| *i > start).map(norm)?;
    let closed = matches!(closing, ":" | "-" | "–" | "—" | "ـ" | ")" | "/");
    // an outlet and a colon alone open its own words
    let outlets = out.outlets.len() + out.unnamed.len();
    (closed && outlets > 0 && (out.places || outlets > 1 || closing != ":")).then_some(out)
}

/// The last token of an outlet's name that begins at a token and is closed by a mark.
fn outlet(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    first: usize,
    free: usize,
    places: bool,
) -> Option<usize> {
    let norm = |i: usize| article.tokens.norm(i);
    let mark = (first..free.min(first + NAME + 1)).find(|i| is_mark(norm(*i)))?;
    let last = mark.checked_sub(1).filter(|l| *l >= first)?;
    let p = Phrase { first, last, kind: Kind::Entity(EntityType::Med), inner: false };
    let parentheses = places && first > 0 && norm(first - 1) == "(" && norm(mark) == ")";
    (parentheses || is_outlet(article, words, knowledge, &p, |_| true)).then_some(last)
}

fn is_mark(norm: &str) -> bool {
    matches!(
        norm,
        "-" | "–"
            | "—"
            | "ـ"
            | "/"
            | "\\"
            | "|"
            | ","
            | "،"
            | "."
            | ":"
            | "("
            | ")"
            | "«"
            | "»"
            | "\""
            | "“"
            | "”"
            | "و"
    )
}

/// Whether a token is of a date («12 تموز/يوليو»).
fn is_date(article: &Article<'_>, words: &Words, token: usize) -> bool {
    let w = article.word(words, token);
    w.time.is_some() || w.number.is_some() || w.norm.chars().all(char::is_numeric)
}

/// «وكالات», «ووكالات الأنباء»: agencies that are not named.
fn several_agencies(norm: &str) -> bool {
    matches!(norm, "وكالات" | "الوكالات" | "ووكالات" | "والوكالات")
}

/// Whether a phrase names an outlet whose reports others print.
fn is_agency(article: &Article<'_>, words: &Words, knowledge: &Knowledge, p: &Phrase) -> bool {
    // what stands in parentheses after the place is not the paper itself
    let norm = |i: usize| article.tokens.norm(i);
    let parentheses =
        p.first > 0 && norm(p.first - 1) == "(" && p.last + 1 < article.tokens.len() && norm(p.last + 1) == ")";
    parentheses || is_outlet(article, words, knowledge, p, |family| family == lexicon::AGENCY)
}

/// Whether words name agencies, or an outlet of the lexicon of such a family.
fn is_outlet(
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    p: &Phrase,
    family: impl Fn(&str) -> bool,
) -> bool {
    let known = |entry: u32| {
        let entry = knowledge.entry(entry).filter(|e| e.kind == EntryKind::Outlet);
        entry.and_then(|e| e.name).is_some_and(|n| family(n.family))
    };
    several_agencies(article.tokens.norm(p.first))
        || matches!(article.word(words, p.first).head(), "وكاله" | "انباء")
        || article.names_within(p.first, p.last).any(|m| known(m.entry))
        || p.first == p.last && article.word(words, p.first).lexemes.iter().any(|l| known(l.entry))
}
