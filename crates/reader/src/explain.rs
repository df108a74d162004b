//! Why: the lexicon entries and the candidates behind a decision, for `--explain`.

use crate::article::Article;
use crate::engine::Explanation;
use crate::roles::{Filler, LABELS, Trigger};
use crate::spans::Phrase;
use crate::words::{Knowledge, Words};

/// Explains one event: what the lexicon says of its trigger, and how sure each role is.
pub fn event(
    id: &str,
    article: &Article<'_>,
    words: &Words,
    knowledge: &Knowledge,
    phrases: &[Phrase],
    trigger: Trigger,
    fillers: &[Filler],
) -> Explanation {
    let w = article.word(words, trigger.token);
    let mut lines = Vec::new();
    for l in &w.lexemes {
        if let Some(e) = knowledge.entry(l.entry)
            && !e.senses.is_empty()
        {
            let senses: Vec<String> = e.senses.iter().map(|s| s.code()).collect();
            let frame: Vec<String> = e.frame.iter().map(|(s, r)| format!("{s}={}", r.name())).collect();
            lines.push(format!(
                "«{}» is {:?} of {} ({}): {} [{}], {}:{}",
                article.tokens.surface(trigger.token),
                l.form,
                e.lemma,
                e.gloss,
                senses.join(" | "),
                frame.join(" "),
                e.file,
                e.line
            ));
        }
    }
    if lines.is_empty() {
        lines.push(format!(
            "«{}» has no event sense in the lexicon: read from its surroundings",
            article.tokens.surface(trigger.token)
        ));
    }
    for f in fillers {
        let p = &phrases[f.phrase];
        let text: Vec<&str> = (p.first..=p.last).map(|i| article.tokens.surface(i)).collect();
        lines.push(format!(
            "{}: «{}» ({}, {:.2})",
            LABELS[usize::from(f.role)],
            text.join(" "),
            p.kind.code(),
            f.probability
        ));
    }
    Explanation { of: id.to_string(), lines }
}
