//! The clauses of ordinary sentences: what opens them, their verbs, and whose subject stands for them.

use reader::article::Article;
use reader::clauses::{Clause, Clauses, Opener, Source};
use reader::spans::{self, Bias, Phrase};
use reader::tagger::Tagger;
use reader::words::{Knowledge, Words};
use reader::{clusters::Clusters, part};

/// For each clause of a text: opener, verb, subject, how it was found, object.
type Row = (Opener, String, String, Source, String);

fn clauses(text: &str) -> Vec<Row> {
    let bundle = weights::open();
    let clusters = Clusters::from_bytes(bundle.part(part::CLUSTERS).unwrap_or_default());
    let knowledge = Knowledge { base: lexicon_data::open(), overlay: None, clusters };
    let tagger = |name: &str| Tagger::new(bundle.model(name).unwrap().unwrap());
    let (mut pos, mut outer, mut inner) = (tagger(part::POS), tagger(part::PHRASES), tagger(part::INNER));
    let mut words = Words::default();
    let mut article = Article::new(text, &mut words, &knowledge);
    article.tag(&words, &mut pos);
    let mut phrases: Vec<Phrase> = Vec::new();
    for range in &article.sentences {
        spans::find(&mut outer, &mut inner, &article, &words, range, &Bias::default(), &mut phrases);
        spans::propose(&article, &words, range, &mut phrases);
    }
    phrases.sort_by_key(|p| (p.first, p.inner));
    let found = Clauses::new(&article, &words, &phrases);
    let surface =
        |first: usize, last: usize| (first..=last).map(|i| article.tokens.surface(i)).collect::<Vec<_>>().join(" ");
    let phrase = |p: Option<usize>| p.map_or(String::new(), |p| surface(phrases[p].first, phrases[p].last));
    let row = |c: &Clause| {
        let verb = c.verb.map_or(String::new(), |v| surface(v, v));
        (c.opener, verb, phrase(c.subject), c.source, phrase(c.object))
    };
    found.all.iter().map(row).collect()
}

fn clause(text: &str, verb: &str) -> Row {
    let all = clauses(text);
    all.iter().find(|c| c.1 == verb).unwrap_or_else(|| panic!("no clause of {verb}: {all:?}")).clone()
}

#[test]
fn subject_after_and_before_the_verb() {
    let c = clause("أعلنت وزارة الدفاع الفرنسية أن الجيش قصف مواقع في مالي.", "أعلنت");
    assert_eq!((c.0, c.2.as_str(), c.3), (Opener::Sentence, "وزارة الدفاع الفرنسية", Source::After));
    let c = clause("أعلنت وزارة الدفاع الفرنسية أن الجيش قصف مواقع في مالي.", "قصف");
    assert_eq!((c.0, c.2.as_str(), c.3), (Opener::That, "الجيش", Source::Before));
}

#[test]
fn a_relative_clause_has_the_noun_it_describes() {
    let c = clause("التقى الرئيس وزير الخارجية التركي الذي اتهم إيران بدعم المتمردين.", "اتهم");
    assert_eq!((c.0, c.3), (Opener::Relative, Source::Antecedent));
    assert!(c.2.ends_with("وزير الخارجية التركي"), "{c:?}");
    assert_eq!(c.4, "إيران");
}

#[test]
fn a_coordinated_verb_continues_the_clause_it_agrees_with() {
    let text = "رحبت الأمم المتحدة بالهدنة التي قررها التحالف، ودعت إلى احترامها.";
    let c = clause(text, "ودعت");
    assert_eq!(c.0, Opener::Coordinate);
    assert_eq!((c.2.as_str(), c.3), ("الأمم المتحدة", Source::Inherited));
}

#[test]
fn every_token_has_a_clause_whatever_the_text() {
    for text in ["", ".", "أن أن أن", "الذي الذي", "« « « »", "و", "قال: \"قال: \"قال"] {
        let all = clauses(text);
        assert!(all.len() <= text.chars().count().max(1), "{text}: {all:?}");
    }
}
