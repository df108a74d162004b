//! Pages of news sites in every layout: the article and nothing else.

use std::collections::HashMap;
use std::path::Path;

use intake::{Sources, agreement};
use model::Document;

fn page(path: &Path) -> Document {
    let mut out = None;
    let bytes = std::fs::read(path).unwrap();
    Sources::default().stream(&bytes[..], path, &mut |item| {
        out = Some(item.unwrap().prepare(None).unwrap().document);
        true
    });
    out.unwrap()
}

#[test]
fn bodies_and_metadata_of_every_layout() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut names: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "html"));
    names.sort();
    assert!(names.len() >= 18);
    let mut scores = Vec::new();
    let mut bad = Vec::new();
    for path in &names {
        let d = page(path);
        let want = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        let f1 = agreement(&d.text, &want);
        scores.push(f1);
        if f1 < 0.97 {
            bad.push(format!("{} {f1:.3}\n{}", path.display(), d.text));
        }
        let Ok(fields) = std::fs::read_to_string(path.with_extension("json")) else { continue };
        let fields: HashMap<String, String> = serde_json::from_str(&fields).unwrap();
        for (name, value) in fields {
            let got = match &*name {
                "title" => d.title.clone(),
                "published" => d.published.clone(),
                "author" => d.author.clone(),
                "outlet" => d.outlet.clone(),
                "language" => d.language.clone(),
                "url" => d.url.clone(),
                other => panic!("{other}"),
            };
            assert_eq!(got.as_deref(), Some(&*value), "{name} of {}", path.display());
        }
    }
    let mean = scores.iter().sum::<f32>() / scores.len() as f32;
    println!("mean F1 of {} pages {mean:.3}", scores.len());
    assert!(bad.is_empty(), "{}", bad.join("\n\n"));
}

/// Pages made to break tree builders: read, and in time linear in their length.
#[test]
fn monsters_are_read_in_linear_time() {
    type Maker<'a> = &'a dyn Fn(usize) -> String;
    let deep = |n: usize| format!("<html><body>{}<p>نص المقال، وهو طويل بما يكفي ليكون فقرة.</p>", "<div>".repeat(n));
    let mixed = |n: usize| format!("<body>{}", "<div><table><td></div><b id=x><p></a>".repeat(n));
    let bold = |n: usize| (0..n).fold(String::new(), |s, i| s + &format!("<div><b id={i}><p>x</div>"));
    let attributes = |n: usize| (0..n).fold("<p ".to_string(), |s, i| s + &format!("a{i}=1 ")) + ">نص";
    let wide = |n: usize| "<p>نص قصير</p><br>".repeat(n);
    let makers: [(&str, Maker<'_>, usize); 5] = [
        ("deep", &deep, 1_000_000),
        ("mixed", &mixed, 100_000),
        ("bold", &bold, 100_000),
        ("attributes", &attributes, 200_000),
        ("wide", &wide, 200_000),
    ];
    for (name, make, n) in makers {
        let html = make(n);
        let begun = std::time::Instant::now();
        let got = intake::parts::read("x.html", html.as_bytes());
        assert_eq!(got.len(), 1, "{name}");
        let seconds = begun.elapsed().as_secs_f64();
        assert!(seconds < 40.0, "{name}: {seconds:.1} s for {} MB", html.len() >> 20);
    }
}
