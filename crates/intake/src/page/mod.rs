//! A web page: its article without menus, teasers and comments; title, date, author, outlet, address from what the page
//! says of itself.
//!
//! Three witnesses are heard for the body: a readability library, our own container score over a token stream, and the
//! `articleBody` that some pages declare. A page that nests or spreads beyond reason never reaches the library, which
//! builds a tree; the token stream is linear whatever comes.

mod blocks;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use model::Document;
use url::Url;

use crate::fault::Fault;
use crate::{Meta, Prepared, date, encoding};
use blocks::Page;

/// Largest page, in bytes, of which a tree is built.
const TREE: usize = 4 << 20;
/// An article by the library with fewer words than this may be any piece of it.
const FEW: usize = 40;
/// Shortest declared body that is believed, in characters.
const DECLARED: usize = 200;

/// Where a page came from.
#[derive(Debug, Default)]
pub struct Origin {
    /// Its address, for links and as a last resort for its canonical address.
    pub url: Option<Url>,
    /// The character set that the server named.
    pub charset: Option<String>,
}

/// The document of a page and its meta file. The text is the article's, one line a paragraph, the title apart.
pub fn document(bytes: Vec<u8>, origin: &Origin, meta: Option<&[u8]>, id: String) -> Result<Prepared, Fault> {
    let decoded = encoding::decode_markup(bytes, origin.charset.as_deref())?;
    let page = Page::parse(&decoded.text);
    let title = page.title();
    let mut notes = decoded.notes;
    let text = body(&decoded.text, &page, title.as_deref(), origin.url.as_ref());
    let (published, odd) = published(&page.meta, origin.url.as_ref());
    notes.extend(odd);
    let find = |names: &[&str]| names.iter().find_map(|n| page.meta.get(*n).cloned());
    let document = Document {
        id,
        title,
        text,
        published,
        author: author(&page.meta),
        outlet: find(&["og:site_name", "ld:publisher", "publisher", "ld-other:publisher", "application-name"]),
        url: address(&page.meta, origin.url.as_ref()),
        language: language(&page.meta),
        encoding: Some(decoded.encoding.into()),
        source: None,
    };
    let mut prepared = Prepared::new(document, notes);
    prepared.extracted = true;
    Meta::apply(meta, &mut prepared);
    Ok(prepared)
}

fn author(meta: &HashMap<String, String>) -> Option<String> {
    [
        "ld:author",
        "author",
        "article:author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
        "byl",
    ]
    .iter()
    .filter_map(|n| meta.get(*n))
    .map(|a| a.strip_prefix("By ").unwrap_or(a))
    .find(|a| {
        !a.starts_with("http") && !a.contains("facebook.com") && a.chars().any(char::is_alphabetic) && a.len() < 300
    })
    .map(String::from)
}

fn language(meta: &HashMap<String, String>) -> Option<String> {
    ["lang", "ld:inlanguage", "og:locale", "content-language", "language", "dc.language"]
        .iter()
        .filter_map(|n| meta.get(*n))
        .map(|l| l.trim().replace('_', "-"))
        .find(|l| {
            let first = l.split('-').next().unwrap_or("");
            (2..=3).contains(&first.len()) && first.chars().all(|c| c.is_ascii_alphabetic()) && l.len() <= 20
        })
}

/// The canonical address, else the one it came from.
fn address(meta: &HashMap<String, String>, from: Option<&Url>) -> Option<String> {
    let told = ["canonical", "og:url", "ld:url"].iter().filter_map(|n| meta.get(*n)).find_map(|told| {
        let url = Url::parse(told).ok().or_else(|| from?.join(told).ok())?;
        let deep = |u: &Url| u.path().len() > 1 || u.query().is_some();
        // a canonical address that points every article at the front page is a fault of the site
        (matches!(url.scheme(), "http" | "https") && (deep(&url) || !from.is_some_and(deep))).then(|| url.to_string())
    });
    told.or_else(|| from.map(Url::to_string))
}

/// The date of publication in RFC 3339, and a remark if one was left out.
fn published(meta: &HashMap<String, String>, url: Option<&Url>) -> (Option<String>, Option<String>) {
    const NAMES: [&str; 26] = [
        "ld:datepublished",
        "article:published_time",
        "og:published_time",
        "og:article:published_time",
        "datepublished",
        "time-own",
        "article.published",
        "published_time",
        "publishdate",
        "publish-date",
        "publish_date",
        "pubdate",
        "parsely-pub-date",
        "sailthru.date",
        "cxenseparse:recs:publishtime",
        "dc.date.issued",
        "dcterms.issued",
        "dcterms.created",
        "dc.date",
        "dcterms.date",
        "article_date_original",
        "original-publish-date",
        "date",
        "time",
        "ld-other:datepublished",
        "time-before",
    ];
    let mut odd = None;
    for written in NAMES.iter().filter_map(|n| meta.get(*n)) {
        match date::normalise(written) {
            Some(d) if date::is_future(&d) => {
                odd = Some(format!("its date {written:?} lies in the future and was left out"));
            }
            Some(d) if d.len() >= 10 => return (Some(d), odd),
            _ => {}
        }
    }
    let told = meta.get("og:url").or(meta.get("canonical")).and_then(|u| Url::parse(u).ok());
    let of_path = url.and_then(date_of_path).or_else(|| told.as_ref().and_then(date_of_path));
    (of_path.filter(|d| !date::is_future(d)), odd)
}

/// `/2020/05/27/` or `/2020-05-27` in an address.
fn date_of_path(url: &Url) -> Option<String> {
    let parts: Vec<&str> = url.path_segments()?.collect();
    let number = |s: &str, width: usize| {
        (s.len() <= width && !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.to_string())
    };
    for window in parts.windows(3) {
        if let [year, month, day] = window
            && year.len() == 4
            && year.starts_with(['1', '2'])
            && let (Some(y), Some(m), Some(d)) = (number(year, 4), number(month, 2), number(day, 2))
        {
            return date::normalise(&format!("{y}-{m}-{d}"));
        }
    }
    parts.iter().find_map(|p| {
        let head =
            p.get(..10).filter(|_| p.get(10..11).is_none_or(|c| !c.starts_with(|c: char| c.is_ascii_digit())))?;
        (head.as_bytes()[4] == b'-' && head.as_bytes()[7] == b'-').then(|| date::normalise(head)).flatten()
    })
}

/// The body on which the witnesses agree best.
fn body(html: &str, page: &Page, title: Option<&str>, url: Option<&Url>) -> String {
    let own = page.article(title);
    let declared = page.meta.get("ld:articlebody").map(|b| if looks_like_html(b) { plain(b) } else { lines(b) });
    let declared = declared.filter(|b| b.chars().count() >= DECLARED);
    let tree = if page.monstrous || html.len() > TREE { None } else { readable(html, page, title, url) };
    let candidates: Vec<&str> =
        tree.iter().map(String::as_str).chain([own.as_str()]).filter(|t| !t.is_empty()).collect();
    if let Some(declared) = declared {
        // what is declared often has lost its paragraphs: keep those of the candidate that says the same
        let best = candidates.iter().map(|c| (agreement(c, &declared), *c)).max_by(|a, b| a.0.total_cmp(&b.0));
        return match best {
            Some((share, text)) if share > 0.93 || (declared.ends_with('…') || declared.ends_with("...")) => {
                text.to_string()
            }
            _ => declared,
        };
    }
    match tree.filter(|t| !t.is_empty()) {
        Some(tree) if !own.is_empty() => combine(&tree, &own),
        Some(tree) => tree,
        None => own,
    }
}

/// The library's article, unless it plainly missed the article that our own score found.
fn combine(tree: &str, own: &str) -> String {
    let (a, b) = (words(tree), words(own));
    let share = common(tree, own) as f32;
    // ours holds all of theirs and more than half again: they cut pieces off; several times as much, and ours is the page
    let (of_tree, of_own) = (share / a.max(1) as f32, share / b.max(1) as f32);
    let cut_off = of_tree > 0.9 && (b as f32) > 1.5 * a as f32 && of_own < 0.67 && (b < 3 * a || a < FEW);
    if cut_off || (of_tree < 0.1 && b > a) { own.to_string() } else { tree.to_string() }
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Words that two texts have in common, each as often as both have it.
fn common(a: &str, b: &str) -> usize {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in a.split_whitespace() {
        *counts.entry(word).or_default() += 1;
    }
    b.split_whitespace().filter(|w| counts.get_mut(w).filter(|n| **n > 0).map(|n| *n -= 1).is_some()).count()
}

/// F1 of the words of two texts.
pub fn agreement(a: &str, b: &str) -> f32 {
    let all = words(a) + words(b);
    if all == 0 { 1.0 } else { 2.0 * common(a, b) as f32 / all as f32 }
}

/// The article by the readability library.
fn readable(html: &str, page: &Page, title: Option<&str>, url: Option<&Url>) -> Option<String> {
    let config =
        dom_smoothie::Config { disable_json_ld: true, max_elements_to_parse: 0, ..dom_smoothie::Config::default() };
    // a library's panic on one page must not end the run
    let article = catch_unwind(AssertUnwindSafe(|| {
        dom_smoothie::Readability::new(html, url.map(Url::as_str), Some(config)).ok()?.parse().ok()
    }))
    .ok()??;
    let text = page.without_surroundings(&Page::parse(&article.content).running(title));
    (!text.is_empty()).then_some(text)
}

/// The text of a piece of HTML, a line a block.
pub fn plain(html: &str) -> String {
    Page::parse(html).all()
}

/// The lines of a text, blanks put in order, empty ones left out.
fn lines(text: &str) -> String {
    text.lines().map(squeeze).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Whether a text has tags or entities in it.
pub fn looks_like_html(text: &str) -> bool {
    let bytes = text.as_bytes();
    let tag = |at: usize| {
        let rest = &bytes[at + 1..];
        let rest = rest.strip_prefix(b"/").unwrap_or(rest);
        let name = rest.iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
        name > 0 && rest[0].is_ascii_alphabetic() && matches!(rest.get(name), Some(b'>' | b' ' | b'/' | b'\n' | b'\t'))
    };
    let entity = |at: usize| {
        let name = bytes[at + 1..].iter().take(10).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
        name > 1 && bytes.get(at + 1 + name) == Some(&b';')
    };
    (0..bytes.len()).any(|i| (bytes[i] == b'<' && tag(i)) || (bytes[i] == b'&' && entity(i)))
}

/// Any run of white space made one space.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>وصول شحنة إلى الميناء | صحيفة الضفة</title>
<meta property="og:site_name" content="صحيفة الضفة"><link rel=canonical href="https://example.org/a?x=1&amp;y=2">
<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2021-03-04T10:00:00+02:00"}]}</script>
<script>var x = "<p>نص في برنامج</p>";</script><style>p { color: red }</style></head>
<body><nav><ul><li><a href="/">الرئيسية</a><li><a href="/w">العالم</a></ul></nav>
<div class="wrap"><div class="story"><h1>وصول شحنة إلى الميناء</h1>
<p>وصلت إلى الميناء، صباح اليوم، شحنة من <b>المعدات</b>، حسب ما قاله مسؤول في الإدارة.
<p>وأضاف المسؤول أن الشحنة &laquo;تضم 12 مركبة&raquo;، وأن أخرى تصل غداً.<br>وتابع: &quot;لا تأخير&quot;.</p>
<div class="related-links"><p>خبر آخر لا صلة له، طويل بما يكفي ليبدو فقرة من المقال، وهو ليس منه.</p></div>
<p><a href="/x">اقرأ أيضاً: خبر آخر</a></p></div>
<aside><p>الأكثر قراءة، قائمة طويلة من الأخبار، لا علاقة لها بالمقال المنشور هنا.</p></aside></div>
<footer><p>جميع الحقوق محفوظة، صحيفة الضفة، الأخبار والمقالات، ولا يجوز النسخ.</p></footer></body></html>"#;

    #[test]
    fn the_article_without_what_stands_around_it() {
        let p = document(PAGE.into(), &Origin::default(), None, "a".into()).unwrap();
        let d = p.document;
        assert_eq!(d.title.as_deref(), Some("وصول شحنة إلى الميناء"));
        assert_eq!(
            d.text.lines().collect::<Vec<_>>(),
            [
                "وصلت إلى الميناء، صباح اليوم، شحنة من المعدات، حسب ما قاله مسؤول في الإدارة.",
                "وأضاف المسؤول أن الشحنة «تضم 12 مركبة»، وأن أخرى تصل غداً.",
                "وتابع: \"لا تأخير\"."
            ]
        );
        assert_eq!(d.published.as_deref(), Some("2021-03-04T10:00:00+02:00"));
        assert_eq!(d.outlet.as_deref(), Some("صحيفة الضفة"));
        assert_eq!(d.url.as_deref(), Some("https://example.org/a?x=1&y=2"));
        assert!(p.extracted);
    }

    #[test]
    fn soup_is_read_and_never_panics() {
        let read = |h: &str| document(h.into(), &Origin::default(), None, "a".into()).unwrap().document;
        assert_eq!(read("<p>نص قصير").text, "نص قصير");
        assert_eq!(read("").text, "");
        assert_eq!(read("<nav><p>كل شيء هنا داخل القائمة، ولا شيء خارجها، فيقرأ كما هو.").text.lines().count(), 1);
        assert_eq!(read("</p></div><<<p>نص & نص &amp; &#1575;&#xFFFFFF;").text, "<<\nنص & نص & ا\u{fffd}");
        read(&"<div>".repeat(50_000));
        read(&"<a href='".repeat(1000));
        read("<title><p>نص</title><svg><p>x</svg><script>");
    }

    #[test]
    fn a_name_of_what_stands_around_does_not_take_the_article_away() {
        let paragraph = "<p>قالت الإدارة، صباح اليوم، إن الشحنة وصلت إلى الميناء، وإن أخرى تصل غداً.</p>";
        let page = |wrapper: &str, around: &str| {
            let html = format!(
                "<body><div class='{wrapper}'>{}</div><div class='related'><p>{around}</p></div></body>",
                paragraph.repeat(4)
            );
            document(html.into(), &Origin::default(), None, "a".into()).unwrap().document.text
        };
        let teaser = "خبر آخر لا صلة له، طويل بما يكفي ليبدو فقرة من المقال.";
        for wrapper in ["plain", "content-with-sidebar", "how-to-share-files", "page-banner-top"] {
            assert_eq!(page(wrapper, teaser).lines().count(), 4, "{wrapper}");
        }
        // comments are comments, however many
        let html =
            format!("<body><p>نص المقال، وهو قصير، في سطر واحد.</p><div id=comments>{}</div>", paragraph.repeat(9));
        let text = document(html.into(), &Origin::default(), None, "a".into()).unwrap().document.text;
        assert_eq!(text, "نص المقال، وهو قصير، في سطر واحد.");
    }

    #[test]
    fn a_meta_file_goes_before_the_page() {
        let p = document(PAGE.into(), &Origin::default(), Some(br#"{"published": "2021-03-05"}"#), "a".into()).unwrap();
        assert_eq!(p.document.published.as_deref(), Some("2021-03-05"));
        let p = document(PAGE.into(), &Origin::default(), Some(b"{"), "a".into()).unwrap();
        assert_eq!(p.notes.len(), 1);
    }
}
