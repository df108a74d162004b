//! What the reader asks of its weights.

use learn::{Bundle, Example, ModelError, Options};
use reader::{Engine, part};

fn bundle(name: &str, labels: &[&str]) -> Bundle {
    let labels: Vec<String> = labels.iter().map(|l| (*l).to_string()).collect();
    let examples = [Example { features: vec![vec![7]], labels: vec![0], weight: 1.0 }];
    let trained = learn::train(&examples, &labels, &Options { epochs: 1, ..Options::default() });
    let mut bundle = Bundle::default();
    bundle.insert(name, trained.pack(10));
    bundle
}

#[test]
fn a_part_that_answers_other_questions_is_refused_by_name() {
    let open = |name: &str, labels: &[&str]| Engine::new(lexicon_data::open(), None, &bundle(name, labels));
    for name in [part::ROLES, part::CHAINS, part::STATUS] {
        let error = open(name, &["none", "one"]).err().expect("two answers are too few");
        assert!(matches!(&error, ModelError::Labels(n) if n == name), "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
    let chains = ["none", "origin", "via", "origin", "via"];
    assert!(open(part::CHAINS, &chains).is_ok());
}
