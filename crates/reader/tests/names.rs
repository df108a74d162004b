//! A name that the labelling found once is found wherever it stands again.

use model::EntityType;
use reader::article::Article;
use reader::clusters::Clusters;
use reader::spans::{self, Kind, Phrase};
use reader::words::{Knowledge, Words};

/// The phrases of a text after the words given with their kinds were named where they stand first.
fn named(text: &str, first: &[(&str, EntityType)]) -> Vec<(String, EntityType, bool)> {
    let knowledge = Knowledge { base: lexicon_data::open(), overlay: None, clusters: Clusters::default() };
    let mut words = Words::default();
    let article = Article::new(text, &mut words, &knowledge);
    let surfaces: Vec<&str> = (0..article.tokens.len()).map(|i| article.tokens.surface(i)).collect();
    let mut phrases: Vec<Phrase> = Vec::new();
    for (word, kind) in first {
        let at = surfaces.iter().position(|s| s == word).expect("it stands in the text");
        phrases.push(Phrase { first: at, last: at, kind: Kind::Entity(*kind), inner: false });
    }
    // what is found as a longer phrase of people
    if let Some(at) = surfaces.iter().position(|s| *s == "مقاتلي") {
        phrases.push(Phrase { first: at, last: at + 1, kind: Kind::Unnamed, inner: false });
    }
    phrases.sort_by_key(|p| (p.first, p.inner));
    spans::name_again(&article, &words, &knowledge, &mut phrases);
    let entity = |p: &Phrase| match p.kind {
        Kind::Entity(kind) => Some((article.word(&words, p.first).stem.to_string(), kind, p.inner)),
        _ => None,
    };
    phrases.iter().filter_map(entity).collect()
}

#[test]
fn a_name_is_found_again_with_and_without_what_is_attached() {
    let found = named("وصل حفتر إلى موسكو. والتقى مساعد لحفتر الوفد، ثم غادر حفتر.", &[("حفتر", EntityType::Per)]);
    assert_eq!(found, vec![("حفتر".to_string(), EntityType::Per, false); 3]);
}

#[test]
fn inside_a_longer_phrase_it_is_a_name_inside() {
    let found = named("دخلت قسد المدينة. وانسحب مئات من مقاتلي قسد.", &[("قسد", EntityType::Mil)]);
    assert_eq!(found, [("قسد".to_string(), EntityType::Mil, false), ("قسد".to_string(), EntityType::Mil, true)]);
}

#[test]
fn a_definite_body_is_the_same_one_and_an_indefinite_one_another() {
    let found = named("اتهمت الحركة الحكومة. وردت الحكومة على الحركة.", &[("الحركة", EntityType::Mil)]);
    assert_eq!(found.len(), 2, "{found:?}");
    let found = named("شكلت حكومة في الشرق. وتعمل حكومة أخرى في الغرب.", &[("حكومة", EntityType::Org)]);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn demonyms_and_words_that_name_two_kinds_are_left() {
    let found =
        named("قصفت مقاتلات روسية البلدة. وقالت وكالة روسية إن الغارة قتلت اثنين.", &[("روسية", EntityType::Gpe)]);
    assert_eq!(found.len(), 1, "{found:?}");
    let both = [("حفتر", EntityType::Per), ("لحفتر", EntityType::Mil)];
    assert_eq!(named("وصل حفتر. وقال مساعد لحفتر ذلك. ثم غادر حفتر.", &both).len(), 2);
}
