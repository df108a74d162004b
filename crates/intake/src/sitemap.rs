//! Sitemaps, sitemap indexes and news sitemaps.

use url::Url;

use crate::feed::Entry;
use crate::markup::{self, Event};
use crate::page;

/// A sitemap.
#[derive(Debug, Default)]
pub struct Sitemap {
    /// Other sitemaps it lists.
    pub maps: Vec<Url>,
    /// Pages it lists, each with what it says of them.
    pub pages: Vec<Entry>,
}

/// Most lines of a sitemap that are taken: what the protocol allows.
const MOST: usize = 50_000;

/// Reads a sitemap or an index of them; `None` if it is neither.
pub fn read(text: &str) -> Option<Sitemap> {
    let mut map = Sitemap::default();
    let (mut seen, mut in_map) = (false, false);
    let mut entry: Option<Entry> = None;
    let mut field = String::new();
    let mut value = String::new();
    // the publication has a name and a language of its own
    markup::each(text, |event| {
        match event {
            Event::Start(tag) => {
                match &*tag.name {
                    "urlset" | "sitemapindex" => seen = true,
                    "url" => {
                        map.pages.extend(entry.take().filter(|e| e.link.is_some()));
                        entry = Some(Entry::default());
                    }
                    "sitemap" => (in_map, entry) = (true, Some(Entry::default())),
                    _ => {}
                }
                field = tag.name;
                value.clear();
            }
            Event::Text(text) => value.push_str(&text),
            Event::End(name) => {
                if let Some(entry) = entry.as_mut().filter(|_| name == field) {
                    let said = Some(page::squeeze(&value)).filter(|v| !v.is_empty());
                    match &*name {
                        "loc" => entry.link = entry.link.take().or(said),
                        "lastmod" => entry.updated = said,
                        "news:title" => entry.title = said,
                        "news:publication_date" => entry.published = said,
                        "news:name" => entry.source = said,
                        "news:language" => entry.language = said,
                        _ => {}
                    }
                }
                field.clear();
                match &*name {
                    "url" => map.pages.extend(entry.take().filter(|e| e.link.is_some())),
                    "sitemap" if in_map => {
                        in_map = false;
                        map.maps.extend(entry.take().and_then(|e| Url::parse(e.link.as_deref()?).ok()));
                    }
                    _ => {}
                }
            }
        }
        map.maps.len() < MOST && map.pages.len() < MOST
    });
    // a line that never closed
    if !in_map {
        map.pages.extend(entry.filter(|e| e.link.is_some()));
    }
    seen.then_some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_indexes_and_news() {
        let map = read("<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>
            <url><loc> https://example.org/a?x=1&amp;y=2 </loc><lastmod>2021-03-04</lastmod><n:news><n:publication><n:name>صوت الضفة</n:name>
            <n:language>ar</n:language></n:publication><n:publication_date>2021-03-04T10:00:00+02:00</n:publication_date><n:title>عنوان & خبر</n:title></n:news></url>
            <url><lastmod>2021</lastmod></url><url><loc>https://example.org/b</loc></urlset>").unwrap();
        assert_eq!(map.pages.len(), 2);
        assert_eq!(map.pages[0].link.as_deref(), Some("https://example.org/a?x=1&y=2"));
        assert_eq!(map.pages[0].title.as_deref(), Some("عنوان & خبر"));
        assert_eq!(map.pages[0].source.as_deref(), Some("صوت الضفة"));
        let index = read("<sitemapindex><sitemap><loc>https://example.org/1.xml</loc></sitemap><sitemap><loc>x</loc></sitemap></sitemapindex>").unwrap();
        assert_eq!(index.maps.len(), 1);
        assert!(read("<html><p>x").is_none());
    }
}
