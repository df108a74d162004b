//! Stated times and what they come to, resolved against the day of publication.

use arabic::time::{Kind, Time};
use model::{Span, When};

use crate::article::Article;
use crate::spans::Phrase;
use crate::words::Words;

/// How far from its cue the time of a saying may stand, in tokens.
const REACH: usize = 10;

/// The time expressions of the article, in order.
pub(crate) fn of_article(article: &Article<'_>, words: &Words, published: Option<&str>) -> Vec<Time> {
    let reference = published.and_then(|d| d.get(..10)).and_then(|d| d.parse().ok());
    let classes: Vec<_> = article.types.iter().map(|t| words.get(*t).time).collect();
    arabic::time::times(&article.tokens, &classes, reference)
}

fn when(time: &Time) -> Option<When> {
    let placed = matches!(time.kind, Kind::Date | Kind::Time | Kind::Period);
    time.value.as_ref().filter(|_| placed).map(|v| When { span: time.span, value: v.clone() })
}

/// What a phrase of time comes to.
pub(crate) fn of_phrase(times: &[Time], phrase: &Phrase) -> Option<When> {
    let from = times.partition_point(|t| t.last_token < phrase.first);
    times[from..].iter().take_while(|t| t.first_token <= phrase.last).find_map(when)
}

/// When something was said: a time close to the cue («قال أمس»), in its sentence and outside of what is said.
pub(crate) fn of_saying(article: &Article<'_>, times: &[Time], cue: usize, content: &[Span]) -> Option<When> {
    let sentence = &article.sentences[article.sentence_of[cue] as usize];
    let (from, to) = (cue.saturating_sub(REACH).max(sentence.start), (cue + REACH).min(sentence.end));
    times[times.partition_point(|t| t.first_token < from)..]
        .iter()
        .take_while(|t| t.last_token < to)
        .filter(|t| !content.iter().any(|c| t.span.start < c.end && c.start < t.span.end))
        .find_map(when)
}
