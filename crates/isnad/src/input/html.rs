//! A web page: its article without menus, teasers and comments.
//!
//! The page is cut into blocks of text (by a WHATWG tokenizer); the container whose paragraphs hold the most running
//! text is the article. Title, date, outlet and address come from the page's metadata.

use std::collections::HashMap;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use model::Document;

use super::{Meta, Prepared, encoding};
use crate::error::InputFault;

/// The document of a page and its meta file. The text is the article's, one line a paragraph, the title apart.
pub fn document(bytes: Vec<u8>, meta: Option<&[u8]>, id: String) -> Result<Prepared, InputFault> {
    let (html, notes) = encoding::decode_page(bytes)?;
    let page = Page::parse(&html);
    let title = page.title();
    let text = page.article(title.as_deref());
    let find = |names: &[&str]| names.iter().find_map(|n| page.meta.get(*n).cloned());
    let document = Document {
        id,
        title,
        text,
        published: find(&[
            "article:published_time",
            "datepublished",
            "og:published_time",
            "pubdate",
            "date",
            "dc.date",
            "time",
        ]),
        outlet: find(&["og:site_name", "publisher", "application-name"]),
        url: find(&["canonical", "og:url"]),
        ..Document::default()
    };
    let mut prepared = Prepared { document, notes, extracted: true };
    Meta::apply(meta, &mut prepared);
    Ok(prepared)
}

/// Elements that end a line of text.
const BLOCKS: [&str; 42] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "title",
    "tr",
    "ul",
];

/// Elements without content.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements that never hold an article's text.
const SKIPPED: [&str; 22] = [
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "math",
    "iframe",
    "object",
    "select",
    "button",
    "textarea",
    "nav",
    "aside",
    "footer",
    "form",
    "figure",
    "figcaption",
    "dialog",
    "audio",
    "video",
    "canvas",
    "menu",
];

/// Parts of class names and ids of what stands around an article.
const AROUND: [&str; 30] = [
    "comment",
    "related",
    "share",
    "social",
    "sidebar",
    "widget",
    "promo",
    "banner",
    "advert",
    "breadcrumb",
    "newsletter",
    "subscribe",
    "most-read",
    "mostread",
    "trending",
    "popular",
    "recommend",
    "footer",
    "navbar",
    "menu",
    "cookie",
    "tags",
    "taglist",
    "pagination",
    "byline",
    "author-box",
    "caption",
    "read-more",
    "readmore",
    "teaser",
];

/// Parts of class names and ids of articles.
const INSIDE: [&str; 9] =
    ["article", "story", "post-content", "entry-content", "content", "body", "main", "news-text", "itemfulltext"];

#[derive(Debug)]
struct Node {
    tag: String,
    parent: usize,
    skipped: bool,
    bonus: f32,
}

#[derive(Debug)]
struct Block {
    node: usize,
    text: String,
    linked: usize,
}

#[derive(Debug, Default)]
struct Page {
    nodes: Vec<Node>,
    blocks: Vec<Block>,
    meta: HashMap<String, String>,
    title: String,
}

impl Page {
    fn parse(html: &str) -> Self {
        let mut builder = Builder::default();
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    let attributes: HashMap<String, String> = tag
                        .attributes
                        .iter()
                        .map(|(k, v)| {
                            (String::from_utf8_lossy(k).into_owned(), String::from_utf8_lossy(&v.value).into_owned())
                        })
                        .collect();
                    builder.open(&name, &attributes, tag.self_closing);
                }
                Token::EndTag(tag) => builder.close(&String::from_utf8_lossy(&tag.name)),
                Token::String(text) => builder.text(&String::from_utf8_lossy(&text.value)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        builder.flush();
        builder.page
    }

    /// The headline: what the page tells others, else its heading, else its title without the name of the site.
    fn title(&self) -> Option<String> {
        let site = self.meta.get("og:site_name").map_or("", String::as_str);
        let told = ["og:title", "twitter:title", "headline"].iter().find_map(|n| self.meta.get(*n));
        let heading = self.blocks.iter().find(|b| self.nodes[b.node].tag == "h1").map(|b| &b.text);
        let whole = told.or(heading).unwrap_or(&self.title).trim();
        let mut title = whole;
        for separator in [" | ", " - ", " – ", " — ", " :: ", " » "] {
            let Some((head, tail)) = whole.rsplit_once(separator) else { continue };
            let is_site = !site.is_empty() && tail.trim() == site;
            // a title that is also a heading on the page is the headline as it stands
            let is_heading = self.blocks.iter().any(|b| b.text == whole);
            if is_site || (told.is_none() && !is_heading && tail.split_whitespace().count() <= 4) {
                title = head.trim();
                break;
            }
        }
        (!title.is_empty()).then(|| title.to_string())
    }

    fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |n| (*n > 0).then(|| self.nodes[*n].parent))
    }

    /// The lines of the article.
    fn article(&self, title: Option<&str>) -> String {
        for strict in [true, false] {
            let text = self.lines(title, strict);
            if !text.is_empty() {
                return text;
            }
        }
        String::new()
    }

    fn lines(&self, title: Option<&str>, strict: bool) -> String {
        let usable = |b: &Block| !strict || !self.ancestors(b.node).any(|n| self.nodes[n].skipped);
        let mut scores: HashMap<usize, f32> = HashMap::new();
        for b in self.blocks.iter().filter(|b| usable(b)) {
            let letters = b.text.chars().count();
            if letters < 25 || b.linked * 2 > letters || self.nodes[b.node].tag.starts_with('h') {
                continue;
            }
            let marks = b.text.matches(['،', ',', '.', '؛', '؟']).count();
            let worth = 1.0 + marks as f32 + (letters as f32 / 100.0).min(5.0);
            // the paragraph's own container most, those around it less
            let mut weight = 1.0;
            for n in self.ancestors(b.node).skip(usize::from(is_paragraph(&self.nodes[b.node].tag))).take(4) {
                *scores.entry(n).or_default() += worth * weight * self.nodes[n].bonus;
                weight *= 0.6;
            }
        }
        // the deepest of equals: later nodes lie deeper
        let Some(best) = scores.iter().max_by(|a, b| a.1.total_cmp(b.1).then(a.0.cmp(b.0))).map(|(n, _)| *n) else {
            // no running text: whatever stands there
            let lines: Vec<&str> = self.blocks.iter().filter(|b| usable(b)).map(|b| b.text.as_str()).collect();
            return lines.join("\n");
        };
        let mut out: Vec<&str> = Vec::new();
        for b in self.blocks.iter().filter(|b| usable(b)) {
            if !self.ancestors(b.node).any(|n| n == best) {
                continue;
            }
            let letters = b.text.chars().count();
            let mostly_links = b.linked * 2 > letters;
            let repeats_title = title == Some(b.text.as_str());
            if !mostly_links && !repeats_title {
                out.push(&b.text);
            }
        }
        out.join("\n")
    }
}

fn is_paragraph(tag: &str) -> bool {
    matches!(tag, "p" | "li" | "td" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre")
}

#[derive(Debug)]
struct Builder {
    page: Page,
    /// Open elements, the root first.
    open: Vec<usize>,
    line: String,
    linked: usize,
    links: usize,
    script: Option<String>,
}

impl Default for Builder {
    fn default() -> Self {
        let root = Node { tag: String::new(), parent: 0, skipped: false, bonus: 0.5 };
        Self {
            page: Page { nodes: vec![root], ..Page::default() },
            open: vec![0],
            line: String::new(),
            linked: 0,
            links: 0,
            script: None,
        }
    }
}

impl Builder {
    fn top(&self) -> usize {
        self.open.last().copied().unwrap_or(0)
    }

    fn open(&mut self, tag: &str, attributes: &HashMap<String, String>, self_closing: bool) {
        self.metadata(tag, attributes);
        if BLOCKS.contains(&tag) {
            self.flush();
        }
        if VOID.contains(&tag) {
            return;
        }
        // end tags that HTML lets authors leave out
        let implied: &[&str] = match tag {
            "p" => &["p"],
            "li" => &["li", "p"],
            "tr" => &["tr", "td", "th", "p"],
            "td" | "th" => &["td", "th", "p"],
            "body" => &["head", "title"],
            t if BLOCKS.contains(&t) => &["p"],
            _ => &[],
        };
        while self.open.len() > 1 && implied.contains(&self.page.nodes[self.top()].tag.as_str()) {
            self.open.pop();
        }
        // deeper than any honest page: stop nesting, so that cost stays linear
        if self.open.len() > 200 || self_closing && matches!(tag, "svg" | "path" | "use") {
            return;
        }
        let marks = format!(
            "{} {}",
            attributes.get("class").map_or("", String::as_str),
            attributes.get("id").map_or("", String::as_str)
        )
        .to_ascii_lowercase();
        let hidden = attributes.contains_key("hidden")
            || attributes.get("aria-hidden").is_some_and(|v| v == "true")
            || attributes.get("style").is_some_and(|s| s.replace(' ', "").contains("display:none"));
        let whole_page = matches!(tag, "html" | "body" | "main" | "article" | "head");
        let around = !whole_page && AROUND.iter().any(|w| marks.contains(w));
        let mut bonus = match tag {
            "article" | "main" => 1.3,
            "body" | "html" | "table" => 0.7,
            "ul" | "ol" | "li" => 0.6,
            _ => 1.0,
        };
        if attributes.get("itemprop").is_some_and(|p| p.eq_ignore_ascii_case("articleBody")) {
            bonus *= 2.0;
        } else if INSIDE.iter().any(|w| marks.contains(w)) {
            bonus *= 1.2;
        }
        let skipped = SKIPPED.contains(&tag) || (hidden && !whole_page) || around;
        self.page.nodes.push(Node { tag: tag.into(), parent: self.top(), skipped, bonus });
        self.open.push(self.page.nodes.len() - 1);
        if tag == "a" {
            self.links += 1;
        }
        if tag == "script" && attributes.get("type").is_some_and(|t| t == "application/ld+json") {
            self.script = Some(String::new());
        }
    }

    fn close(&mut self, tag: &str) {
        if BLOCKS.contains(&tag) {
            self.flush();
        }
        if tag == "a" {
            self.links = self.links.saturating_sub(1);
        }
        if tag == "script"
            && let Some(json) = self.script.take()
        {
            self.linked_data(&json);
        }
        // only what is open can be closed; a stray end tag closes nothing
        if let Some(at) = self.open.iter().rposition(|n| self.page.nodes[*n].tag == tag)
            && at > 0
        {
            self.open.truncate(at);
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(script) = &mut self.script {
            script.push_str(text);
            return;
        }
        let tag = self.page.nodes[self.top()].tag.as_str();
        if matches!(tag, "script" | "style" | "noscript" | "iframe") {
            return;
        }
        if tag == "title" {
            if self.page.title.is_empty() {
                self.page.title = squeeze(text);
            }
            return;
        }
        for c in text.chars() {
            if c.is_whitespace() {
                if !self.line.is_empty() && !self.line.ends_with(' ') {
                    self.line.push(' ');
                }
            } else {
                self.line.push(c);
                self.linked += usize::from(self.links > 0);
            }
        }
    }

    /// Ends a line of text.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let linked = std::mem::take(&mut self.linked);
        let text = line.trim();
        if !text.is_empty() {
            self.page.blocks.push(Block { node: self.top(), text: text.to_string(), linked });
        }
    }

    fn metadata(&mut self, tag: &str, attributes: &HashMap<String, String>) {
        let get = |name: &str| attributes.get(name).map(|v| squeeze(v)).filter(|v| !v.is_empty());
        let pair = match tag {
            "meta" => get("property").or(get("name")).or(get("itemprop")).zip(get("content")),
            "link" if get("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                get("href").map(|h| ("canonical".to_string(), h))
            }
            "time" => get("datetime").map(|d| ("time".to_string(), d)),
            _ => None,
        };
        if let Some((name, value)) = pair {
            self.page.meta.entry(name.to_lowercase()).or_insert(value);
        }
    }

    /// What the page says of itself in JSON-LD.
    fn linked_data(&mut self, json: &str) {
        let Ok(value) = serde_json::from_str::<serde_json::Value>(json) else { return };
        let mut stack = vec![&value];
        while let Some(v) = stack.pop() {
            match v {
                serde_json::Value::Array(items) => stack.extend(items),
                serde_json::Value::Object(map) => {
                    if let Some(graph) = map.get("@graph") {
                        stack.push(graph);
                    }
                    for name in ["headline", "datePublished"] {
                        if let Some(text) = map.get(name).and_then(|v| v.as_str()).filter(|t| !t.trim().is_empty()) {
                            self.page.meta.entry(name.to_lowercase()).or_insert_with(|| squeeze(text));
                        }
                    }
                    if let Some(name) = map.get("publisher").and_then(|p| p.get("name")).and_then(|n| n.as_str()) {
                        self.page.meta.entry("publisher".into()).or_insert_with(|| squeeze(name));
                    }
                }
                _ => {}
            }
        }
    }
}

fn squeeze(text: &str) -> String {
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
        let p = document(PAGE.into(), None, "a".into()).unwrap();
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
        let read = |h: &str| document(h.into(), None, "a".into()).unwrap().document;
        assert_eq!(read("<p>نص قصير").text, "نص قصير");
        assert_eq!(read("").text, "");
        assert_eq!(read("<nav><p>كل شيء هنا داخل القائمة، ولا شيء خارجها، فيقرأ كما هو.").text.lines().count(), 1);
        assert_eq!(read("</p></div><<<p>نص & نص &amp; &#1575;&#xFFFFFF;").text, "<<\nنص & نص & ا\u{fffd}");
        read(&"<div>".repeat(50_000));
        read(&"<a href='".repeat(1000));
        read("<title><p>نص</title><svg><p>x</svg><script>");
    }

    #[test]
    fn a_meta_file_goes_before_the_page() {
        let p = document(PAGE.into(), Some(br#"{"published": "2021-03-05"}"#), "a".into()).unwrap();
        assert_eq!(p.document.published.as_deref(), Some("2021-03-05"));
        let p = document(PAGE.into(), Some(b"{"), "a".into()).unwrap();
        assert_eq!(p.notes.len(), 1);
    }
}
