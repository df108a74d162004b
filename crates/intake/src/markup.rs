//! XML as it is really sent: a stream of tags and texts out of anything, never an error.
//!
//! Feeds and sitemaps are often no XML: undeclared entities, bare ampersands, tags that never close. An HTML tokenizer
//! reads all of that, and reads well-formed XML as XML does once ampersands are put right and CDATA is let through.

use std::borrow::Cow;
use std::collections::HashMap;

use html5gum::emitters::{Emitter, ForwardingEmitter};
use html5gum::{DefaultEmitter, Token, Tokenizer};

/// A tag or a text.
#[derive(Debug)]
pub enum Event {
    /// A start tag; names are in small letters, prefixes replaced by their usual ones.
    Start(Tag),
    /// An end tag.
    End(String),
    /// Text, entities resolved.
    Text(String),
}

/// A start tag.
#[derive(Debug)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// Its attributes, prefixes as written.
    pub attributes: Vec<(String, String)>,
    /// Whether it has no content.
    pub empty: bool,
}

impl Tag {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
}

/// Lets CDATA sections through, which HTML allows only in foreign content.
#[derive(Debug, Default)]
struct XmlEmitter(DefaultEmitter);

impl ForwardingEmitter for XmlEmitter {
    type Token = Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.0
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        true
    }
}

/// Namespaces by a part of their address, and the prefix they usually have.
const NAMESPACES: [(&str, &str); 18] = [
    ("purl.org/dc/elements/", "dc"),
    ("purl.org/dc/terms", "dcterms"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/rss/1.0/modules/", "rss-module"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com/rdf", ""),
    ("my.netscape.com/publish", ""),
    ("channel.netscape.com/rdf", ""),
    ("backend.userland.com/rss", ""),
    ("www.w3.org/2005/atom", ""),
    ("purl.org/atom/ns", ""),
    ("search.yahoo.com/mrss", "media"),
    ("itunes.com/dtds/podcast", "itunes"),
    ("www.w3.org/1999/xhtml", "xhtml"),
    ("www.w3.org/1999/02/22-rdf", "rdf"),
    ("google.com/schemas/sitemap-news", "news"),
    ("google.com/schemas/sitemap", ""),
    ("sitemaps.org/schemas/sitemap", ""),
];

fn usual_prefix(address: &str) -> Option<&'static str> {
    let address = address.trim().to_ascii_lowercase();
    NAMESPACES.iter().find(|(part, _)| address.contains(part)).map(|(_, prefix)| *prefix)
}

/// Gives every tag and text to `take`, until it says false.
pub fn each(text: &str, mut take: impl FnMut(Event) -> bool) {
    let repaired = repair(text);
    let mut prefixes: HashMap<String, &'static str> =
        [("atom", ""), ("atom10", ""), ("atom03", ""), ("a10", ""), ("rss", "")]
            .map(|(k, v)| (k.to_string(), v))
            .into();
    for token in Tokenizer::new_with_emitter(&*repaired, XmlEmitter::default()) {
        let Ok(token) = token;
        let more = match token {
            Token::StartTag(tag) => {
                let attributes: Vec<(String, String)> = tag
                    .attributes
                    .iter()
                    .map(|(k, v)| {
                        (String::from_utf8_lossy(k).into_owned(), String::from_utf8_lossy(&v.value).into_owned())
                    })
                    .collect();
                let mut own = None;
                for (key, value) in &attributes {
                    if key == "xmlns" {
                        own = usual_prefix(value);
                    } else if let Some(prefix) = key.strip_prefix("xmlns:")
                        && let Some(usual) = usual_prefix(value)
                        && prefixes.len() < 256
                    {
                        prefixes.insert(prefix.to_string(), usual);
                    }
                }
                let written = String::from_utf8_lossy(&tag.name);
                let name = match own.filter(|p| !p.is_empty() && !written.contains(':')) {
                    Some(prefix) => format!("{prefix}:{written}"),
                    None => canonical(&written, &prefixes),
                };
                let empty = tag.self_closing;
                let end = name.clone();
                take(Event::Start(Tag { name, attributes, empty })) && (!empty || take(Event::End(end)))
            }
            Token::EndTag(tag) => take(Event::End(canonical(&String::from_utf8_lossy(&tag.name), &prefixes))),
            Token::String(text) => take(Event::Text(String::from_utf8_lossy(&text.value).into_owned())),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => true,
        };
        if !more {
            return;
        }
    }
}

fn canonical(written: &str, prefixes: &HashMap<String, &'static str>) -> String {
    match written.split_once(':') {
        Some((prefix, local)) => match prefixes.get(prefix) {
            Some(&"") => local.to_string(),
            Some(usual) => format!("{usual}:{local}"),
            None => written.to_string(),
        },
        None => written.to_string(),
    }
}

/// Ampersands that begin no entity are escaped; inside CDATA everything stays.
fn repair(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(found) = bytes[at..].iter().position(|b| matches!(b, b'&' | b'<')) {
        at += found;
        if bytes[at] == b'<' {
            at += if bytes[at..].starts_with(b"<![CDATA[") {
                // an open one reaches to the end
                text[at..].find("]]>").map_or(bytes.len() - at, |n| n + 3)
            } else {
                1
            };
            continue;
        }
        let name = bytes[at + 1..].iter().take(40).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
        if name == 0 || bytes.get(at + 1 + name) != Some(&b';') {
            out.push_str(&text[copied..at]);
            out.push_str("&amp;");
            copied = at + 1;
        }
        at += 1;
    }
    if copied == 0 {
        return text.into();
    }
    out.push_str(&text[copied..]);
    out.into()
}

/// Escapes what markup takes for its own.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(text: &str) -> String {
        let mut out = String::new();
        each(text, |e| {
            match e {
                Event::Start(t) => {
                    out.extend(["<", &t.name]);
                    t.attributes.iter().for_each(|(k, v)| out.extend([" ", k, "=", v]));
                    out.push('>');
                }
                Event::End(n) => out.extend(["</", &n, ">"]),
                Event::Text(t) => out.push_str(&t),
            }
            true
        });
        out
    }

    #[test]
    fn broken_xml_is_read_as_it_was_meant() {
        assert_eq!(flat("<link>http://a/?x=1&copy=2&amp;y=3</link>"), "<link>http://a/?x=1&copy=2&y=3</link>");
        assert_eq!(flat("<t><![CDATA[a <b> & &amp; c]]> &eacute;&nbsp;&#1575;</t>"), "<t>a <b> & &amp; c é\u{a0}ا</t>");
        assert_eq!(flat("<t>1 < 2 & 3</t><![CDATA[open"), "<t>1 < 2 & 3</t>open");
        assert_eq!(
            flat("<x xmlns:q='http://purl.org/dc/elements/1.1/'><q:date/></x>"),
            "<x xmlns:q=http://purl.org/dc/elements/1.1/><dc:date></dc:date></x>"
        );
    }
}
