//! Feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, CDF, JSON Feed, well-formed or not.
//!
//! One tolerant reading for all forms: a feed that a strict parser refuses is what readers subscribe to all the same.
//! Dates keep the zone they were written with.

use model::Document;
use serde::Serialize;
use url::Url;

use crate::markup::{self, Event, Tag};
use crate::{date, page};

/// A feed.
#[derive(Debug, Default)]
pub struct Feed {
    /// Its title.
    pub title: Option<String>,
    /// The language it declares.
    pub language: Option<String>,
    /// Its entries in their order.
    pub entries: Vec<Entry>,
}

/// An entry of a feed, as found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its own id.
    pub id: Option<String>,
    /// Plain text.
    pub title: Option<String>,
    /// Address of what it announces, absolute where it can be made so.
    pub link: Option<String>,
    /// As written.
    pub published: Option<String>,
    /// As written.
    pub updated: Option<String>,
    /// Who signed it.
    pub author: Option<String>,
    /// The outlet it was taken over from (`<source>`).
    pub source: Option<String>,
    /// Language that it declares.
    pub language: Option<String>,
    /// Plain text of its short form.
    pub summary: Option<String>,
    /// Plain text of its full form.
    pub content: Option<String>,
}

impl Entry {
    /// The document of the entry itself. `id` is used if it has none.
    pub fn document(
        self,
        feed_title: Option<&str>,
        feed_language: Option<&str>,
        id: String,
    ) -> (Document, Vec<String>) {
        let mut notes = Vec::new();
        let mut published = None;
        for written in [self.published, self.updated].into_iter().flatten() {
            match date::normalise(&written) {
                Some(d) if date::is_future(&d) => {
                    notes.push(format!("its date {written:?} lies in the future and was left out"));
                }
                Some(d) => {
                    published = Some(d);
                    break;
                }
                None => notes.push(format!("its date {written:?} is in no form that is known and was left out")),
            }
        }
        let document = Document {
            id: self.id.or_else(|| self.link.clone()).unwrap_or(id),
            title: self.title.filter(|t| !t.is_empty()),
            text: self.content.filter(|t| !t.is_empty()).or(self.summary).unwrap_or_default(),
            published,
            outlet: self.source.or_else(|| feed_title.map(String::from)),
            url: self.link,
            author: self.author,
            language: self.language.or_else(|| feed_language.map(String::from)),
            ..Document::default()
        };
        (document, notes)
    }
}

/// How the text of an element is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Plain, or HTML if it looks like it.
    Any,
    /// Plain: `<` is a sign.
    Text,
    /// Escaped HTML.
    Html,
    /// base64.
    Base64,
}

/// A piece of an element's content.
#[derive(Debug)]
enum Piece {
    Text(String),
    Tag(String),
}

/// An element whose content is being gathered.
#[derive(Debug)]
struct Open {
    name: String,
    tag: Tag,
    pieces: Vec<Piece>,
    nested: usize,
    base: Option<Url>,
    /// Depth of an inner element with the same name.
    inner: usize,
}

/// Elements whose content is gathered.
const LEAVES: [&str; 40] = [
    "title",
    "link",
    "guid",
    "id",
    "description",
    "abstract",
    "summary",
    "content",
    "content:encoded",
    "tagline",
    "subtitle",
    "xhtml:body",
    "xhtml:div",
    "body",
    "fullitem",
    "dc:description",
    "pubdate",
    "published",
    "issued",
    "created",
    "updated",
    "modified",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "dcterms:modified",
    "dc:title",
    "media:title",
    "date",
    "lastbuilddate",
    "author",
    "dc:creator",
    "dc:author",
    "itunes:author",
    "managingeditor",
    "language",
    "dc:language",
    "source",
    "dc:source",
    "dc:identifier",
];

/// Elements of a feed or entry that have titles and links of their own.
const ASIDE: [&str; 7] =
    ["image", "textinput", "textarea", "media:group", "media:content", "contributor", "dc:contributor"];

#[derive(Default)]
struct Builder {
    feed: Feed,
    entry: Option<Partial>,
    open: Option<Open>,
    /// Name and depth of an element being passed over.
    aside: Option<(String, usize)>,
    base: Option<Url>,
    seen: bool,
}

#[derive(Default)]
struct Partial {
    entry: Entry,
    base: Option<Url>,
    /// Worth of what was taken, so that the better of two wins: link, date.
    link_worth: u8,
    date_worth: u8,
    permalink: Option<String>,
    about: Option<String>,
    /// Stands in where there is no title.
    media_title: Option<String>,
}

/// Reads an XML feed. `base` is its own address. `None` if nothing in it says that it is a feed.
pub fn read(text: &str, base: Option<&Url>) -> Option<Feed> {
    let mut builder = Builder { base: base.cloned(), ..Builder::default() };
    markup::each(text, |event| {
        builder.event(event);
        true
    });
    builder.finish_open();
    builder.finish_entry();
    builder.seen.then_some(builder.feed)
}

impl Builder {
    fn event(&mut self, event: Event) {
        if let Some((name, depth)) = &mut self.aside {
            match event {
                Event::Start(tag) if tag.name == *name => *depth += 1,
                Event::End(end) if end == *name => {
                    *depth -= 1;
                    if *depth == 0 {
                        self.aside = None;
                    }
                    return;
                }
                // a new entry ends whatever was left open
                Event::Start(tag) if matches!(&*tag.name, "item" | "entry") => {
                    self.aside = None;
                    self.start(tag);
                    return;
                }
                _ => return,
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(name) => self.end(&name),
            Event::Text(text) => {
                if let Some(open) = &mut self.open {
                    open.pieces.push(Piece::Text(text));
                }
            }
        }
    }

    fn start(&mut self, tag: Tag) {
        if let Some(open) = &mut self.open {
            let breaks_out =
                matches!(&*tag.name, "item" | "entry" | "channel") && open.name != "content" && open.name != "summary";
            // a plain element that was never closed ends where the next begins; rich ones may hold tags of the same names
            let rich = matches!(
                &*open.name,
                "author"
                    | "source"
                    | "content"
                    | "summary"
                    | "description"
                    | "abstract"
                    | "content:encoded"
                    | "body"
                    | "fullitem"
                    | "xhtml:body"
                    | "xhtml:div"
            );
            let next_leaf = !rich && LEAVES.contains(&&*tag.name) && !tag.name.starts_with("xhtml:");
            if breaks_out || next_leaf {
                self.finish_open();
            } else {
                if tag.name == open.name {
                    open.inner += 1;
                }
                open.nested += 1;
                let mut markup = format!("<{}", tag.name.trim_start_matches("xhtml:"));
                for (key, value) in tag.attributes.iter().filter(|(k, _)| !k.starts_with("xmlns")) {
                    markup.push(' ');
                    markup.push_str(key);
                    markup.push_str("=\"");
                    markup::escape(value, &mut markup);
                    markup.push('"');
                }
                markup.push('>');
                open.pieces.push(Piece::Tag(markup));
                return;
            }
        }
        let language = tag.get("xml:lang").filter(|l| !l.is_empty()).map(String::from);
        match &*tag.name {
            "rss" | "rdf:rdf" | "feed" | "channel" | "rdf" => {
                self.seen = true;
                if self.entry.is_none() {
                    self.base = rebase(self.base.as_ref(), &tag);
                    self.feed.language = language.or(self.feed.language.take());
                }
            }
            "item" | "entry" => {
                self.finish_entry();
                self.seen = true;
                let mut partial = Partial { base: rebase(self.base.as_ref(), &tag), ..Partial::default() };
                partial.entry.language = language;
                partial.about = tag.get("rdf:about").or(tag.get("about")).map(|a| absolute(partial.base.as_ref(), a));
                if let Some(href) = tag.get("href") {
                    partial.entry.link = Some(absolute(partial.base.as_ref(), href));
                    partial.link_worth = 1;
                }
                partial.entry.updated = tag.get("lastmod").map(String::from);
                self.entry = Some(partial);
            }
            name if ASIDE.contains(&name) => self.aside = (!tag.empty).then_some((tag.name, 1)),
            name if LEAVES.contains(&name) => {
                let outer = self.entry.as_ref().map_or(self.base.as_ref(), |e| e.base.as_ref());
                let base = rebase(outer, &tag);
                self.open = Some(Open { name: tag.name.clone(), tag, pieces: Vec::new(), nested: 0, base, inner: 0 });
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(open) = &mut self.open {
            let over = matches!(name, "item" | "entry" | "channel" | "feed" | "rss" | "rdf:rdf");
            if name == open.name {
                if open.inner == 0 {
                    self.finish_open();
                } else {
                    open.inner -= 1;
                    open.nested = open.nested.saturating_sub(1);
                    open.pieces.push(Piece::Tag(format!("</{name}>")));
                }
                return;
            }
            if !over {
                open.nested = open.nested.saturating_sub(1);
                open.pieces.push(Piece::Tag(format!("</{}>", name.trim_start_matches("xhtml:"))));
                return;
            }
            self.finish_open();
        }
        if matches!(name, "item" | "entry") {
            self.finish_entry();
        }
    }

    fn finish_entry(&mut self) {
        let Some(mut partial) = self.entry.take() else { return };
        let entry = &mut partial.entry;
        let stand_in = partial.permalink.take().or(partial.about.take().filter(|a| a.starts_with("http")));
        if entry.link.is_none() {
            entry.link.clone_from(&stand_in);
        }
        if entry.id.is_none() {
            entry.id = stand_in;
        }
        entry.title = entry.title.take().or(partial.media_title.take());
        self.feed.entries.push(partial.entry);
    }

    fn finish_open(&mut self) {
        let Some(open) = self.open.take() else { return };
        let raw = |open: &Open| -> String {
            let text: String = open.pieces.iter().map(|p| if let Piece::Text(t) = p { t } else { "" }).collect();
            text.trim().to_string()
        };
        let written = raw(&open);
        let filled = || Some(written.clone()).filter(|t| !t.is_empty());
        let Some(partial) = &mut self.entry else {
            match &*open.name {
                "title" if self.feed.title.is_none() => self.feed.title = line(&open, Kind::Any),
                "language" | "dc:language" => self.feed.language = filled().or(self.feed.language.take()),
                _ => {}
            }
            return;
        };
        let entry = &mut partial.entry;
        match &*open.name {
            "title" | "dc:title" => {
                entry.title = entry.title.take().or_else(|| line(&open, Kind::Any));
            }
            "media:title" => partial.media_title = partial.media_title.take().or_else(|| line(&open, Kind::Any)),
            "link" => {
                let worth = match (open.tag.get("rel"), open.tag.get("type")) {
                    (None | Some("alternate" | ""), None | Some("text/html" | "application/xhtml+xml" | "")) => 4,
                    (None | Some("alternate" | ""), _) => 3,
                    (Some("related" | "via"), _) => 0,
                    _ => return,
                };
                let target =
                    open.tag.get("href").map(str::trim).filter(|h| !h.is_empty()).map(String::from).or_else(filled);
                if let Some(target) = target.filter(|_| worth > partial.link_worth) {
                    partial.link_worth = worth;
                    entry.link = Some(absolute(open.base.as_ref(), &target));
                }
            }
            "guid" | "id" | "dc:identifier" => {
                if let Some(id) = filled().filter(|_| entry.id.is_none() || open.name != "dc:identifier") {
                    let address = match &*open.name {
                        "guid" if open.tag.get("ispermalink").is_none_or(|p| !p.eq_ignore_ascii_case("false")) => {
                            Some(absolute(open.base.as_ref(), &id))
                        }
                        // an Atom id is not relative to anything, but some write the path of the page
                        "id" if is_path(&id) => Some(absolute(open.base.as_ref(), &id)),
                        "id" => Some(id.clone()),
                        _ => None,
                    };
                    let leads =
                        |a: &String| is_path(a) || Url::parse(a).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
                    partial.permalink = address.filter(leads).or(partial.permalink.take());
                    entry.id = Some(id);
                }
            }
            "description" | "summary" | "abstract" | "dc:description" => {
                let text = block(&open, Kind::Any);
                entry.summary = entry.summary.take().or(text);
            }
            "content" | "content:encoded" | "xhtml:body" | "xhtml:div" | "body" | "fullitem" => {
                let text = block(&open, Kind::Html);
                let longer = text.as_ref().map_or(0, String::len) > entry.content.as_ref().map_or(0, String::len);
                if longer {
                    entry.content = text;
                }
            }
            "pubdate" | "published" | "dcterms:issued" | "issued" | "dc:date" | "date" | "created"
            | "dcterms:created" => {
                let worth = match &*open.name {
                    "pubdate" | "published" => 4,
                    "issued" | "dcterms:issued" => 3,
                    "dc:date" | "date" => 2,
                    _ => 1,
                };
                // of two the later one is the correction
                if let Some(when) = filled().filter(|_| worth >= partial.date_worth) {
                    partial.date_worth = worth;
                    entry.published = Some(when);
                }
            }
            "updated" | "modified" | "dcterms:modified" | "lastbuilddate" => {
                entry.updated = filled().or(entry.updated.take());
            }
            "author" | "dc:creator" | "dc:author" | "itunes:author" => {
                entry.author = entry.author.take().or_else(|| author(&open));
            }
            "language" | "dc:language" => entry.language = filled().or(entry.language.take()),
            "source" | "dc:source" => {
                if open.pieces.iter().any(|p| matches!(p, Piece::Tag(_))) {
                    // Atom: a feed's head inside the entry
                    entry.source = inner(&open, "title");
                } else if !written.starts_with("http") {
                    entry.source = line(&open, Kind::Any);
                }
            }
            _ => {}
        }
    }
}

/// The base for what stands inside a tag.
fn rebase(outer: Option<&Url>, tag: &Tag) -> Option<Url> {
    // CDF has an attribute of its own
    let own = tag.get("xml:base").or_else(|| tag.get("base").filter(|_| tag.name == "channel"));
    match own.map(str::trim).filter(|b| !b.is_empty()) {
        Some(base) => outer.map_or_else(|| Url::parse(base), |o| o.join(base)).ok().or_else(|| outer.cloned()),
        None => outer.cloned(),
    }
}

/// An address made absolute if it can be; otherwise as it is.
fn absolute(base: Option<&Url>, address: &str) -> String {
    let address = address.trim();
    match (Url::parse(address), base) {
        (Err(_), Some(base)) => base.join(address).map_or_else(|_| address.to_string(), String::from),
        _ => address.to_string(),
    }
}

/// How the tag says its text is to be taken.
fn kind(open: &Open, usual: Kind) -> Kind {
    let kind = open.tag.get("type").unwrap_or("").to_ascii_lowercase();
    match (open.tag.get("mode"), &*kind) {
        (Some("base64"), _) => Kind::Base64,
        (Some("escaped"), "text/plain") | (_, "text" | "text/plain" | "plain") => Kind::Text,
        (Some("escaped"), _) | (_, "html" | "text/html" | "xhtml" | "application/xhtml+xml") => Kind::Html,
        // RFC 4287, 4.1.3.3: what is neither text nor XML is packed
        (None, media) if media.contains('/') && !media.starts_with("text/") && !media.ends_with("xml") => Kind::Base64,
        _ => usual,
    }
}

/// The content as HTML or as plain text: `Ok` is markup, `Err` is plain.
fn content(open: &Open, usual: Kind) -> Result<String, String> {
    let inline = open.pieces.iter().any(|p| matches!(p, Piece::Tag(_)));
    let mut out = String::new();
    for piece in &open.pieces {
        match piece {
            Piece::Tag(tag) => out.push_str(tag),
            Piece::Text(text) if inline => markup::escape(text, &mut out),
            Piece::Text(text) => out.push_str(text),
        }
    }
    if inline {
        // escaped markup beside tags of its own: both are meant
        return Ok(
            if out.contains("&lt;")
                && !open.tag.get("type").is_some_and(|t| t.contains("xhtml"))
                && kind(open, usual) != Kind::Text
            {
                out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
            } else {
                out
            },
        );
    }
    match kind(open, usual) {
        Kind::Html => Ok(out),
        Kind::Any if page::looks_like_html(&out) => Ok(out),
        Kind::Any | Kind::Text => Err(out),
        Kind::Base64 => {
            // pictures and the like are no text
            let text = base64(&out).map_or(Ok(out), String::from_utf8).unwrap_or_default();
            if page::looks_like_html(&text) { Ok(text) } else { Err(text) }
        }
    }
}

/// The content as one line of plain text.
fn line(open: &Open, usual: Kind) -> Option<String> {
    let text = match content(open, usual) {
        // what a page would not show is still all there is («safe<object> description»)
        Ok(html) => Some(page::plain(&html)).filter(|t| !t.is_empty()).unwrap_or_else(|| without_tags(&html)),
        Err(text) => text,
    };
    let text = page::squeeze(&text);
    (!text.is_empty()).then_some(text)
}

/// What stands between tags. Linear.
fn without_tags(html: &str) -> String {
    let mut parts = html.split('<');
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|p| p.split_once('>').map_or("", |(_, text)| text));
    std::iter::once(first).chain(rest).collect()
}

/// Whether an id is the path of a page on its host.
fn is_path(id: &str) -> bool {
    id.starts_with('/') && !id.starts_with("//") && !id.contains(char::is_whitespace)
}

/// The content as lines of plain text.
fn block(open: &Open, usual: Kind) -> Option<String> {
    let text = match content(open, usual) {
        Ok(html) => page::plain(&html),
        Err(text) => text.lines().map(page::squeeze).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n"),
    };
    (!text.is_empty()).then_some(text)
}

/// The text of an inner element.
fn inner(open: &Open, name: &str) -> Option<String> {
    let start = open.pieces.iter().position(|p| matches!(p, Piece::Tag(t) if t.strip_prefix('<').is_some_and(|t| t.strip_prefix(name).is_some_and(|r| r.starts_with(['>', ' '])))))?;
    let text: String = open.pieces[start + 1..]
        .iter()
        .take_while(|p| !matches!(p, Piece::Tag(t) if t.starts_with("</")))
        .map(|p| if let Piece::Text(t) = p { t } else { "" })
        .collect();
    Some(page::squeeze(&text)).filter(|t| !t.is_empty())
}

/// A name: of an element of its own, or out of `address (name)` and `name <address>`.
fn author(open: &Open) -> Option<String> {
    if open.pieces.iter().any(|p| matches!(p, Piece::Tag(_))) {
        return inner(open, "name");
    }
    let text = line(open, Kind::Text)?;
    if let Some((before, rest)) = text.split_once('(')
        && before.contains('@')
    {
        return Some(rest.trim_end_matches(')').trim().to_string()).filter(|n| !n.is_empty());
    }
    if let Some((name, address)) = text.split_once('<')
        && address.contains('@')
        && !name.trim().is_empty()
    {
        return Some(name.trim().trim_matches('"').to_string());
    }
    Some(text)
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(out)
}

/// Reads a JSON Feed.
pub fn read_json(text: &str, base: Option<&Url>) -> Result<Feed, String> {
    let value: serde_json::Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| e.to_string())?;
    let get = |v: &serde_json::Value, names: &[&str]| -> Option<String> {
        names.iter().find_map(|n| match v.get(n)? {
            serde_json::Value::String(s) if !s.trim().is_empty() => Some(s.trim().to_string()),
            serde_json::Value::Number(n) => Some(n.to_string()),
            _ => None,
        })
    };
    let author = |v: &serde_json::Value| {
        let first = v.get("authors").and_then(|a| a.get(0)).or_else(|| v.get("author"))?;
        get(first, &["name"])
    };
    let items = value.get("items").and_then(|i| i.as_array()).ok_or("it has no \"items\"")?;
    let feed_author = author(&value);
    let entries = items
        .iter()
        .map(|item| Entry {
            id: get(item, &["id"]),
            title: get(item, &["title"]).map(|t| page::squeeze(&t)),
            link: get(item, &["url", "external_url"]).map(|u| absolute(base, &u)),
            published: get(item, &["date_published"]),
            updated: get(item, &["date_modified"]),
            author: author(item).or_else(|| feed_author.clone()),
            source: None,
            language: get(item, &["language"]),
            summary: get(item, &["summary"]),
            content: get(item, &["content_html"]).map(|h| page::plain(&h)).or_else(|| get(item, &["content_text"])),
        })
        .collect();
    Ok(Feed { title: get(&value, &["title"]), language: get(&value, &["language"]), entries })
}
