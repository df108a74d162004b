//! Why: the lexicon entries, the candidates and the weighed features behind a decision, for `--explain`.

use learn::{Key, Model, Named};

use crate::article::Article;
use crate::engine::Explanation;
use crate::roles::{Filler, LABELS, Layers, Trigger};
use crate::words::Words;

/// Most reasons told of one decision.
const REASONS: usize = 5;
/// Least weight, in log odds, of a reason that is told.
const TELLING: f32 = 0.05;

/// What the features add to the score of label `of` (less that of `against`), by what they look at.
fn sums(model: &Model, features: &Named, of: usize, against: Option<usize>) -> Vec<(&'static str, f32)> {
    let mut sums: Vec<(&'static str, f32)> = Vec::new();
    let mut row = vec![0.0; model.labels().len()];
    for (template, key) in &features.0 {
        row.fill(0.0);
        model.add(*key, &mut row);
        let weight = row[of] - against.map_or(0.0, |a| row[a]);
        add(&mut sums, meaning(*template), weight);
    }
    sums
}

fn add(sums: &mut Vec<(&'static str, f32)>, meaning: &'static str, weight: f32) {
    match sums.iter_mut().find(|s| s.0 == meaning) {
        Some(s) => s.1 += weight,
        None => sums.push((meaning, weight)),
    }
}

/// The weightiest reasons in words.
fn told(mut sums: Vec<(&'static str, f32)>) -> String {
    sums.retain(|s| s.1.abs() >= TELLING);
    sums.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let told: Vec<String> = sums.iter().take(REASONS).map(|(m, w)| format!("{m} {w:+.1}")).collect();
    told.join(", ")
}

/// The reasons of a decision for label `of` rather than `against` (or than nothing): what the features look at, and what
/// all those that look at the same add to the log odds, the weightiest first.
pub fn weigh(model: &Model, features: &Named, of: usize, against: Option<usize>) -> String {
    told(sums(model, features, of, against))
}

/// The reasons why one candidate and none of the others has label `of`: its sums less the others' mean.
pub fn contrast(model: &Model, chosen: &Named, others: &[Named], of: usize) -> String {
    let mut out = sums(model, chosen, of, None);
    let share = 1.0 / others.len().max(1) as f32;
    for other in others {
        for (meaning, weight) in sums(model, other, of, None) {
            add(&mut out, meaning, -weight * share);
        }
    }
    told(out)
}

/// The features of a word for its labelling, grouped by where they look.
pub fn of_word(article: &Article<'_>, words: &Words, at: usize, out: &mut Named) {
    let range = article.sentences[article.sentence_of[at] as usize].clone();
    let mut keys: Vec<Key> = Vec::new();
    for (slot, template) in crate::tagger::word_keys(article, words, at, &range, &mut keys) {
        out.0.extend(keys[slot].iter().map(|k| (template, *k)));
    }
    keys.clear();
    article.context_keys(words, at, &range, &mut keys);
    out.0.extend(keys.iter().map(|k| (NEIGHBOURS, *k)));
}

/// Template numbers of the words of a labelling, which have no templates of their own.
pub(crate) const WORD: u32 = 1;
pub(crate) const BEFORE: u32 = 2;
pub(crate) const AFTER: u32 = 3;
const NEIGHBOURS: u32 = 4;

/// What the features of a template look at.
fn meaning(template: u32) -> &'static str {
    match template {
        WORD => "the word itself",
        BEFORE => "the words before",
        AFTER => "the words after",
        NEIGHBOURS => "the word with its neighbours",
        400..=408 => "the phrases around",
        409..=415 => "its sense with the phrases after",
        416..=418 => "its sense with the words before",
        419 | 420 => "its sense with the word after",
        430..=438 => "«أن», colon and quotation marks near by",
        600..=602 | 630 => "what kind of phrase, on which side",
        603..=605 | 615 | 616 | 621 | 629 => "its preposition or case",
        606 | 607 | 631 => "distance",
        608..=610 | 624 | 625 => "its place among the phrases",
        611..=613 | 746 | 747 => "the slot of the verb's frame",
        614 | 627 | 628 | 632 | 687 | 688 => "the word of the happening",
        617 | 618 => "verbs and marks between",
        619 | 695 | 696 | 753 => "agreement of gender and number",
        620 | 752 | 754 => "the attached pronoun",
        622 | 623 | 626 => "the phrase's first word",
        633..=635 | 744 | 745 => "the words around the phrase",
        636..=639 => "the words between",
        640..=642 => "other happenings near the phrase",
        643 | 648 => "this phrase with this word",
        644 | 645 => "how often the article names it",
        646 | 647 => "who it is, by the lexicon",
        650..=655 => "what it did before in the article",
        670 => "its part in the saying",
        660..=669 | 676..=678 => "the roles of the happening before",
        680..=694 | 755 | 756 => "its place in the clauses",
        700..=727 => "the happening alone",
        740..=743 | 748..=750 => "what it hangs on",
        800..=802 | 818 | 825 | 826 => "the words after the cue",
        810..=813 | 820 | 821 | 834 => "the chain of the saying before",
        814 | 815 | 827 | 828 => "the dateline",
        816 | 817 | 819 | 822..=824 | 830..=833 => "who passes on words, and how",
        900..=903 | 907..=909 | 954 => "the word itself",
        904..=906 | 950..=953 => "the saying that holds it",
        910 => "a question mark",
        917..=945 => "the words around",
        946 | 956..=957 | 980..=996 => "particles and verbs before",
        1000..=1008 => "the verb that governs it",
        1010..=1013 => "the clauses above",
        1020..=1030 => "the happenings beside it",
        1031 | 1032 => "words of time to come",
        1100 | 1101 => "whether such a role is shared at all",
        1102..=1107 | 1126..=1128 | 1132..=1135 => "how it is joined to the first phrase of its role",
        1108..=1114 => "how well it fits alone",
        1115..=1118 => "its preposition and the first phrase's",
        1119..=1121 => "whether it names another, and has another role",
        1122..=1125 | 1129..=1131 | 1136 => "what kind of phrases, and where they stand",
        1137..=1139 => "whether they shared a role before",
        _ => "other features",
    }
}

/// What decided an event, in words.
pub struct Reasons<'a> {
    /// Why it is a happening of its type.
    pub kind: String,
    /// Why each filler has its role, in the order of the fillers.
    pub roles: &'a [String],
    /// Why it has its status.
    pub status: String,
}

/// Explains one event: what the lexicon says of its trigger, how sure each role is, and which features decided.
pub fn event(
    id: &str,
    layers: Layers<'_, '_>,
    trigger: Trigger,
    fillers: &[Filler],
    reasons: &Reasons<'_>,
) -> Explanation {
    let Layers { article, words, knowledge, phrases, .. } = layers;
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
    if !reasons.kind.is_empty() {
        lines.push(format!("read as a happening of its type by: {}", reasons.kind));
    }
    for (f, why) in fillers.iter().zip(reasons.roles) {
        let p = &phrases[f.phrase];
        let text: Vec<&str> = (p.first..=p.last).map(|i| article.tokens.surface(i)).collect();
        lines.push(format!(
            "{}: «{}» ({}, {:.2}) by: {why}",
            LABELS[usize::from(f.role)],
            text.join(" "),
            p.kind.code(),
            f.probability
        ));
    }
    if !reasons.status.is_empty() {
        lines.push(format!("status by: {}", reasons.status));
    }
    Explanation { of: id.to_string(), lines }
}
