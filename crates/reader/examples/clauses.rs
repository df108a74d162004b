use reader::{Engine, article::Article, clauses::Clauses, part, spans, tagger::Tagger, words::Words};
use std::sync::Arc;
fn main() {
    let bundle = learn::Bundle::from_bytes(std::fs::read(std::env::args().nth(1).unwrap()).unwrap().into()).unwrap();
    let engine = Arc::new(Engine::new(lexicon_data::open(), None, &bundle).unwrap());
    let mut words = Words::default();
    let k = engine.knowledge();
    let mut pos = Tagger::new(bundle.model(part::POS).unwrap().unwrap());
    let mut outer = Tagger::new(bundle.model(part::PHRASES).unwrap().unwrap());
    let mut inner = Tagger::new(bundle.model(part::INNER).unwrap().unwrap());
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let mut a = Article::new(&line, &mut words, k);
        a.tag(&words, &mut pos);
        let mut ps = vec![];
        for r in &a.sentences {
            spans::find(&mut outer, &mut inner, &a, &words, r, &spans::Bias::default(), &mut ps);
            spans::propose(&a, &words, r, &mut ps);
        }
        ps.sort_by_key(|p| (p.first, p.inner));
        let c = Clauses::new(&a, &words, &ps);
        let name = |i: Option<usize>| {
            i.map(|i| (ps[i].first..=ps[i].last).map(|t| a.tokens.surface(t)).collect::<Vec<_>>().join(" "))
        };
        for (n, k) in c.all.iter().enumerate() {
            let toks: Vec<_> =
                (0..a.tokens.len()).filter(|t| c.of[*t] as usize == n).map(|t| a.tokens.surface(t)).collect();
            println!(
                "{n} {:?} up {:?} cont {:?} verb {:?} subj {:?} {:?} obj {:?} | {}",
                k.opener,
                k.parent,
                k.continues,
                k.verb.map(|v| a.tokens.surface(v)),
                name(k.subject),
                k.source,
                name(k.object),
                toks.join(" ")
            );
        }
        println!();
    }
}
