//! A page cut into blocks of text by a WHATWG tokenizer: linear, whatever the page; the container whose paragraphs hold
//! the most running text is the article. Also gathers what the page says of itself.

use std::collections::HashMap;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::squeeze;

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

/// Parts of class names and ids of what stands around an article, beside comments.
const AROUND: [&str; 29] = [
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
    /// Holds nothing of an article.
    skipped: bool,
    /// Its class or id is one of what stands around an article ([`AROUND`]).
    marked: bool,
    bonus: f32,
}

#[derive(Debug)]
struct Block {
    node: usize,
    text: String,
    linked: usize,
}

/// A page taken apart.
#[derive(Debug, Default)]
pub struct Page {
    nodes: Vec<Node>,
    blocks: Vec<Block>,
    /// What it says of itself, by the name it says it under; the first of a name.
    pub meta: HashMap<String, String>,
    title: String,
    /// Whether it nests or spreads more than a tree builder can be trusted with.
    pub monstrous: bool,
}

/// Shortest block that is running text, in characters.
const LEAST: usize = 25;

/// Outstanding elements, attributes of one tag, elements: more than these, and no tree is built.
const DEEP: u32 = 400;
const BROAD: usize = 300;
const MANY: u32 = 60_000;

impl Page {
    /// Takes a page apart.
    pub fn parse(html: &str) -> Self {
        let mut builder = Builder::default();
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    builder.measure(&name, tag.attributes.len());
                    let attributes: HashMap<String, String> = tag
                        .attributes
                        .iter()
                        .map(|(k, v)| {
                            (String::from_utf8_lossy(k).into_owned(), String::from_utf8_lossy(&v.value).into_owned())
                        })
                        .collect();
                    builder.open(&name, &attributes, tag.self_closing);
                }
                Token::EndTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name);
                    builder.unmeasure(&name);
                    builder.close(&name);
                }
                Token::String(text) => builder.text(&String::from_utf8_lossy(&text.value)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        builder.flush();
        builder.page.skip_marked();
        builder.page
    }

    /// Passes over what the names say stands around the article, but not what holds two thirds of the page's running text: names
    /// lie («content-with-sidebar», «how-to-share-files»). Comments are passed over, however many.
    fn skip_marked(&mut self) {
        let mut below = vec![0; self.nodes.len()];
        let mut total = 0;
        for b in &self.blocks {
            let letters = b.text.chars().count();
            let running = letters >= LEAST && b.linked * 2 <= letters;
            if running && !self.ancestors(b.node).any(|n| self.nodes[n].skipped) {
                total += letters;
                for n in self.ancestors(b.node) {
                    below[n] += letters;
                }
            }
        }
        for (node, letters) in self.nodes.iter_mut().zip(below) {
            node.skipped |= node.marked && letters * 3 <= total * 2;
        }
    }

    /// All text that is not passed over, a line a block.
    pub fn all(&self) -> String {
        let usable = |b: &&Block| !self.ancestors(b.node).any(|n| self.nodes[n].skipped);
        self.blocks.iter().filter(usable).map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// The lines that stand in no list of links and do not repeat the title: for a page that is an article already.
    pub fn running(&self, title: Option<&str>) -> String {
        let kept = self.blocks.iter().filter(|b| {
            !self.ancestors(b.node).any(|n| self.nodes[n].skipped && self.nodes[n].tag != "form")
                && b.linked * 2 <= b.text.chars().count()
                && title != Some(b.text.as_str())
        });
        kept.map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// The lines of a text taken from this page by other means, less those that stand in what surrounds articles
    /// (teasers, comments, notices), or outside of the page's only `article`; unless that would be most of it.
    pub fn without_surroundings(&self, text: &str) -> String {
        let mut articles = (0..self.nodes.len()).filter(|n| self.nodes[*n].tag == "article");
        let only = articles.next().filter(|_| articles.next().is_none());
        let mut text = text.to_string();
        for within in [None, only] {
            let mut around: HashMap<&str, bool> = HashMap::new();
            for b in &self.blocks {
                let out = match within {
                    None => self.ancestors(b.node).any(|n| self.nodes[n].skipped),
                    Some(article) => !self.ancestors(b.node).any(|n| n == article),
                };
                around.entry(&b.text).and_modify(|s| *s &= out).or_insert(out);
            }
            let kept: Vec<&str> = text.lines().filter(|l| !around.get(l).is_some_and(|s| *s)).collect();
            let kept = kept.join("\n");
            if kept.len() * 5 >= text.len() * 2 {
                text = kept;
            }
        }
        text
    }

    /// The headline: what the page tells others, else its heading, else its title without the name of the site.
    pub fn title(&self) -> Option<String> {
        let site = self.meta.get("og:site_name").map_or("", String::as_str);
        let told = ["og:title", "twitter:title", "ld:headline", "headline", "ld-other:headline"]
            .iter()
            .find_map(|n| self.meta.get(*n));
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
    pub fn article(&self, title: Option<&str>) -> String {
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
            if letters < LEAST || b.linked * 2 > letters || self.nodes[b.node].tag.starts_with('h') {
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
    /// Elements opened and not closed, by name, and all together: never less than the depth of the tree.
    outstanding: HashMap<String, u32>,
    depth: u32,
    elements: u32,
    in_article: bool,
}

impl Default for Builder {
    fn default() -> Self {
        let root = Node { tag: String::new(), parent: 0, skipped: false, marked: false, bonus: 0.5 };
        Self {
            page: Page { nodes: vec![root], ..Page::default() },
            open: vec![0],
            line: String::new(),
            linked: 0,
            links: 0,
            script: None,
            outstanding: HashMap::new(),
            depth: 0,
            elements: 0,
            in_article: false,
        }
    }
}

impl Builder {
    fn top(&self) -> usize {
        self.open.last().copied().unwrap_or(0)
    }

    /// Counts what could make a tree builder slow or its tree too deep. The count stands above the true depth, because a
    /// tree builder may ignore end tags; elements that close themselves are left out.
    fn measure(&mut self, name: &str, attributes: usize) {
        self.elements += 1;
        self.page.monstrous |= attributes > BROAD || self.elements > MANY;
        if VOID.contains(&name)
            || matches!(name, "p" | "li" | "td" | "th" | "tr" | "dd" | "dt" | "option")
            || self.page.monstrous
        {
            return;
        }
        *self.outstanding.entry(name.to_string()).or_default() += 1;
        self.depth += 1;
        self.page.monstrous |= self.depth > DEEP;
    }

    fn unmeasure(&mut self, name: &str) {
        if let Some(n) = self.outstanding.get_mut(name).filter(|n| **n > 0) {
            *n -= 1;
            self.depth -= 1;
        }
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
        let marked = !whole_page && AROUND.iter().any(|w| marks.contains(w));
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
        let skipped = SKIPPED.contains(&tag) || !whole_page && (hidden || marks.contains("comment"));
        self.page.nodes.push(Node { tag: tag.into(), parent: self.top(), skipped, marked, bonus });
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
        if matches!(tag, "h1" | "article") {
            self.in_article = true;
        }
        let pair = match tag {
            "meta" => get("property").or(get("name")).or(get("itemprop")).or(get("http-equiv")).zip(get("content")),
            "link" if get("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                get("href").map(|h| ("canonical".to_string(), h))
            }
            "time" => get("datetime").map(|d| {
                let own = attributes.contains_key("pubdate")
                    || get("itemprop").is_some_and(|p| p.eq_ignore_ascii_case("datePublished"));
                (
                    if own {
                        "time-own"
                    } else if self.in_article {
                        "time"
                    } else {
                        "time-before"
                    }
                    .to_string(),
                    d,
                )
            }),
            "html" => get("lang").or(get("xml:lang")).map(|l| ("lang".to_string(), l)),
            _ => None,
        };
        if let Some((name, value)) = pair {
            self.page.meta.entry(name.to_lowercase()).or_insert(value);
        }
    }

    /// What the page says of itself in JSON-LD: articles say it under `ld:`, anything else under `ld-other:`.
    fn linked_data(&mut self, json: &str) {
        let json = json.trim().trim_start_matches("<!--").trim_end_matches("-->");
        // line breaks inside strings are a common fault
        let value = serde_json::from_str::<serde_json::Value>(json)
            .or_else(|_| serde_json::from_str(&json.replace(['\n', '\r', '\t'], " ")));
        let Ok(value) = value else { return };
        let mut stack = vec![&value];
        while let Some(v) = stack.pop() {
            match v {
                serde_json::Value::Array(items) => stack.extend(items.iter().rev()),
                serde_json::Value::Object(map) => {
                    for within in ["@graph", "mainEntity", "mainEntityOfPage"] {
                        stack.extend(map.get(within).filter(|v| !v.is_string()));
                    }
                    let kinds = map.get("@type").map(strings).unwrap_or_default();
                    let article = kinds
                        .iter()
                        .any(|k| k.contains("Article") || k.contains("BlogPosting") || k.contains("Report"));
                    let space = if article { "ld" } else { "ld-other" };
                    let mut say = |name: &str, value: String| {
                        let value = if name == "articlebody" { value } else { squeeze(&value) };
                        if !value.trim().is_empty() {
                            self.page.meta.entry(format!("{space}:{name}")).or_insert(value);
                        }
                    };
                    for name in ["headline", "datePublished", "articleBody", "inLanguage", "author", "publisher", "url"]
                    {
                        if let Some(said) = map.get(name) {
                            say(&name.to_lowercase(), strings(said).join(", "));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// A string, the name of a thing, or several of them.
fn strings(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::String(s) => vec![s.clone()],
        serde_json::Value::Array(items) => items.iter().filter(|v| !v.is_array()).flat_map(strings).collect(),
        serde_json::Value::Object(map) => ["name", "@value", "alternateName"]
            .iter()
            .find_map(|n| map.get(*n)?.as_str())
            .map(String::from)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}
