//! Any bytes under any name: no panic, no endless work.

use intake::parts;
use proptest::prelude::*;

const NAMES: [&str; 10] =
    ["x", "x.txt", "x.html", "x.json", "x.jsonl", "x.xml", "x.csv", "x.tsv", "x.warc", "x.warc.gz"];

/// Pieces that parsers care about, so that chance reaches deeper than the first byte.
const PIECES: [&str; 44] = [
    "<",
    ">",
    "</",
    "/>",
    "&",
    "&amp;",
    "&#x",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<rss>",
    "<channel>",
    "<item>",
    "</item>",
    "<title>",
    "<link>",
    "<feed>",
    "<entry xml:base='/'>",
    "<content type='xhtml'>",
    "<source>",
    "<urlset>",
    "<url><loc>",
    "<html>",
    "<p>",
    "<script type='application/ld+json'>",
    "{\"@type\":\"NewsArticle\",\"articleBody\":",
    "{",
    "}",
    "[",
    "\"",
    "\\ud800",
    ",",
    "\t",
    "\r\n",
    "\r\n\r\n",
    "WARC/1.0\r\n",
    "Content-Length: 7\r\n",
    "WARC-Type: response\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
    "قال الوزير إن",
    "\u{feff}",
    "\u{0}",
    "\u{202e}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000), name in 0..NAMES.len()) {
        parts::read(NAMES[name], &bytes);
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(0..PIECES.len(), 0..120), name in 0..NAMES.len(), cut in 0..16_usize) {
        let text: String = pieces.iter().map(|p| PIECES[*p]).collect();
        let bytes = &text.as_bytes()[..text.len().saturating_sub(cut)];
        for got in parts::read(NAMES[name], bytes) {
            match got {
                Ok(p) => prop_assert!(p.document.source.is_some() && p.document.encoding.is_some() || p.document.source.is_some()),
                Err(e) => prop_assert!(!e.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn any_date(text in "[0-9a-zA-Z:/+, .-]{0,40}|\\PC{0,40}") {
        if let Some(date) = parts::date(&text) {
            prop_assert_eq!(parts::date(&date), Some(date));
        }
    }
}

/// Twice the input, about twice the work: no form may cost the square.
#[test]
fn work_is_linear() {
    type Maker = fn(usize) -> String;
    let makers: [(&str, Maker); 10] = [
        ("x.xml", |n| format!("<rss><channel>{}", "<item><title>a&".repeat(n))),
        ("x.xml", |n| format!("<feed><entry><content type='xhtml'>{}", "<div>".repeat(n))),
        ("x.xml", |n| "<![CDATA[".repeat(n)),
        ("x.xml", |n| format!("<urlset>{}", "<url><loc>http://a/".repeat(n))),
        ("x.html", |n| "<a href='".repeat(n)),
        ("x.html", |n| format!("<p>{}", "&amp;<b>x</i>".repeat(n))),
        ("x.csv", |n| format!("text\n\"{}", "a,\"\"".repeat(n))),
        ("x.warc", |n| "WARC/1.0\r\nContent-Length: 9999999\r\n\r\n".repeat(n)),
        ("x.warc", |n| {
            "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9999999\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x\n".repeat(n)
        }),
        ("x.json", |n| "[{\"a\":".repeat(n)),
    ];
    for (i, (name, make)) in makers.iter().enumerate() {
        let time = |n: usize| {
            let text = make(n);
            let begun = std::time::Instant::now();
            parts::read(name, text.as_bytes());
            begun.elapsed().as_secs_f64()
        };
        time(1000);
        let (small, large) = (time(8_000), time(64_000));
        assert!(large < 8.0 * 6.0 * small + 0.5, "{name} {i}: {small:.3} s, eight times as much {large:.3} s");
    }
}
