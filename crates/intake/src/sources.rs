//! Opening what was found: unpack, tell the form, cut into items.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use model::SourceKind;
use url::Url;

use crate::detect::{self, Format};
use crate::fault::{Fault, Skip};
use crate::feed::{self, Entry};
use crate::item::{Item, ListHead, Listed, Raw, Spot};
use crate::page::Origin;
use crate::unpack::{self, Packing};
use crate::web::{Client, Fetched, Rules};
use crate::{Columns, Input, MOST, Sink, encoding, json, page, sitemap, table, warc};

/// Bytes of input taken so far, counted where files are read.
pub type Counter = Arc<AtomicU64>;

/// Most bytes of a feed or sitemap.
const LIST: usize = 128 << 20;
/// How deep sitemaps may list sitemaps, and how many of them are read.
const NESTED: usize = 3;
const MAPS: usize = 2_000;

/// How sources are read.
#[derive(Debug, Default)]
pub struct Sources {
    /// Which column of a table holds what, where its headings do not say.
    pub columns: Option<Columns>,
    /// Whether the pages that feeds and sitemaps list are fetched.
    pub fetch: bool,
    /// How the web is asked.
    pub rules: Rules,
    client: OnceLock<Arc<Client>>,
}

/// One source being read.
struct Open<'s> {
    /// As it was named.
    path: String,
    /// For messages.
    place: String,
    /// For ids.
    stem: String,
    /// What stands beside it.
    meta: Option<Vec<u8>>,
    /// Its address and the character set its server named.
    origin: Origin,
    sources: &'s Sources,
}

impl Open<'_> {
    fn whole(&self, fault: Fault) -> Skip {
        Skip { path: self.path.clone(), item: None, place: self.place.clone(), fault }
    }

    fn spot(&self, kind: SourceKind, item: u64, place: String) -> Spot {
        Spot { path: self.path.clone(), kind, item, place }
    }
}

impl Sources {
    /// Sources read with these rules for the web.
    pub fn new(columns: Option<Columns>, fetch: bool, rules: Rules) -> Self {
        Self { columns, fetch, rules, client: OnceLock::new() }
    }

    /// The one client of all, so that politeness holds between them.
    pub fn client(&self) -> &Arc<Client> {
        self.client.get_or_init(|| Arc::new(Client::new(self.rules.clone())))
    }

    /// Opens the inputs one after the other and gives every item of them to `sink`, in order.
    pub fn each(&self, inputs: Vec<Input>, counter: &Counter, sink: &mut Sink<'_>) {
        for input in inputs {
            let more = match input {
                Input::Stdin => {
                    let stdin = Counting { inner: io::stdin().lock(), counter: Counter::clone(counter) };
                    let open = self.open("-", "standard input", "stdin", None);
                    open.start(BufReader::with_capacity(1 << 16, stdin), None, sink)
                }
                Input::Missing(skip) => sink(Err(skip)),
                // told by whoever found it
                Input::Left(..) => true,
                Input::Web(url) => match self.client().get(&url) {
                    Err(fault) => sink(Err(Fault::from(fault).of(url.as_str()))),
                    Ok(fetched) => {
                        counter.fetch_add(fetched.body.len() as u64, Ordering::Relaxed);
                        self.fetched(url.as_str(), fetched, sink)
                    }
                },
                Input::File(path) => match File::open(&path) {
                    Err(e) => sink(Err(Fault::Io(e).of(path.display().to_string()))),
                    #[cfg(feature = "parquet")]
                    Ok(file) if is_parquet(&file, &path) => {
                        crate::columnar::parquet::rows(&file, &path, self.columns.as_ref(), counter, sink)
                    }
                    Ok(file) => {
                        let file = Counting { inner: file, counter: Counter::clone(counter) };
                        self.file(BufReader::with_capacity(1 << 16, file), &path, sink)
                    }
                },
            };
            if !more {
                return;
            }
        }
    }

    fn open(&self, path: &str, place: &str, stem: &str, meta: Option<Vec<u8>>) -> Open<'_> {
        let (path, place, stem) = (path.into(), place.into(), stem.into());
        Open { path, place, stem, meta, origin: Origin::default(), sources: self }
    }

    fn file(&self, reader: impl BufRead, path: &Path, sink: &mut Sink<'_>) -> bool {
        let (name, stem) = (path.display().to_string(), detect::stem(path));
        let meta = std::fs::read(path.with_file_name(format!("{stem}.meta.json"))).ok();
        self.open(&name, &name, &stem, meta).start(reader, detect::by_name(path), sink)
    }

    /// The items of a stream that came under a name; nothing is looked for beside it.
    pub fn stream(&self, reader: impl BufRead, name: &Path, sink: &mut Sink<'_>) -> bool {
        let (path, stem) = (name.display().to_string(), detect::stem(name));
        self.open(&path, &path, &stem, None).start(reader, detect::by_name(name), sink)
    }

    /// The items of something fetched: a page, a feed, a sitemap, or any other form.
    pub fn fetched(&self, named: &str, fetched: Fetched, sink: &mut Sink<'_>) -> bool {
        let Fetched { url, body, media, charset, .. } = fetched;
        let mut open = self.open(named, named, named, None);
        open.origin = Origin { url: Some(url), charset };
        let format = match &*media {
            "text/html" | "application/xhtml+xml" => {
                match detect::by_content(&encoding::glimpse(&body[..body.len().min(8192)])) {
                    // feeds are often sent under a false name, pages seldom
                    Format::Xml => Some(Format::Xml),
                    _ => Some(Format::Html),
                }
            }
            "text/csv" => Some(Format::Csv),
            "text/tab-separated-values" => Some(Format::Tsv),
            "application/x-ndjson" | "application/jsonl" => Some(Format::JsonLines),
            "application/feed+json" => Some(Format::JsonFeed),
            _ => None,
        };
        open.start(io::Cursor::new(body), format, sink)
    }
}

impl Open<'_> {
    /// Unpacks.
    fn start(self, mut reader: impl BufRead, format: Option<Format>, sink: &mut Sink<'_>) -> bool {
        let head = match detect::peek(&mut reader) {
            Ok(head) => head,
            Err(e) => return sink(Err(self.whole(Fault::from(e)))),
        };
        if format == Some(Format::Parquet) || head.starts_with(PARQUET) {
            return sink(Err(self.whole(Fault::NoParquet(if cfg!(feature = "parquet") {
                "can only be read from a file of its own; save or unpack it first"
            } else {
                "this program was built without: build it with `--features parquet`"
            }))));
        }
        if format == Some(Format::Warc)
            || head.starts_with(b"WARC/")
            || head.starts_with(ARC)
            || warc::is_packed_archive(&head)
        {
            return warc::records(io::Cursor::new(head).chain(reader), &self.path, &self.place, &self.stem, sink);
        }
        let packing = Packing::of(&head);
        let raw = io::Cursor::new(head).chain(reader);
        let Some(packing) = packing else { return self.items(raw, format, sink) };
        match unpack::unpack(raw, packing) {
            Ok(unpacked) => self.items(unpacked, format, sink),
            Err(e) => sink(Err(self.whole(Fault::from(e)))),
        }
    }

    /// Tells the form and cuts.
    fn items(self, mut reader: impl BufRead, format: Option<Format>, sink: &mut Sink<'_>) -> bool {
        let head = match detect::peek(&mut reader) {
            Ok(head) => head,
            Err(e) => return sink(Err(self.whole(Fault::from(e)))),
        };
        let seen = detect::by_content(&encoding::glimpse(&head));
        let format = match (format, seen) {
            (Some(Format::Json), Format::JsonFeed) => Format::JsonFeed,
            (Some(format), _) => format,
            (None, seen) => seen,
        };
        let wide = encoding::is_wide(&head);
        let reader = io::Cursor::new(head).chain(reader);
        match format {
            Format::Text | Format::Html => {
                let bytes = match read_whole(reader, MOST) {
                    Ok(bytes) => bytes,
                    Err(fault) => return sink(Err(self.whole(fault))),
                };
                let kind = if format == Format::Text { SourceKind::Text } else { SourceKind::Html };
                let spot = self.spot(kind, 0, self.place.clone());
                let raw = match format {
                    Format::Text => Raw::Text(bytes, self.meta),
                    _ => Raw::Html(bytes, Box::new(self.origin), self.meta),
                };
                sink(Ok(Item { spot, id: self.stem, raw }))
            }
            Format::Json | Format::JsonLines if wide => {
                let bytes = match read_whole(reader, MOST) {
                    Ok(bytes) => bytes,
                    Err(fault) => return sink(Err(self.whole(fault))),
                };
                let (text, _) = encoding::wide(&bytes);
                let text = io::Cursor::new(text.into_bytes());
                json::records(text, format == Format::JsonLines, &self.path, &self.place, &self.stem, sink)
            }
            Format::Json | Format::JsonLines => {
                json::records(reader, format == Format::JsonLines, &self.path, &self.place, &self.stem, sink)
            }
            Format::Csv | Format::Tsv => {
                let columns = self.sources.columns.as_ref();
                table::rows(reader, format == Format::Tsv, columns, &self.path, &self.place, &self.stem, sink)
            }
            Format::Parquet => {
                sink(Err(self.whole(Fault::NoParquet("cannot be read in a packed form; unpack it first"))))
            }
            Format::Warc => warc::records(reader, &self.path, &self.place, &self.stem, sink),
            Format::Xml | Format::JsonFeed => match read_whole(reader, LIST) {
                Ok(bytes) => self.list(bytes, format == Format::JsonFeed, sink),
                Err(fault) => sink(Err(self.whole(fault))),
            },
        }
    }

    /// A feed or a sitemap.
    fn list(self, bytes: Vec<u8>, is_json: bool, sink: &mut Sink<'_>) -> bool {
        let decoded = match encoding::decode_markup(bytes, self.origin.charset.as_deref()) {
            Ok(decoded) => decoded,
            Err(fault) => return sink(Err(self.whole(fault))),
        };
        let (text, encoding) = (decoded.text, decoded.encoding);
        if is_json {
            return match feed::read_json(&text, self.origin.url.as_ref()) {
                Ok(feed) => self.entries(feed, encoding, sink),
                Err(why) => sink(Err(self.whole(Fault::Json(format!("a JSON Feed: {why}"))))),
            };
        }
        if let Some(map) = sitemap::read(&text) {
            return self.sitemap(map, encoding, sink);
        }
        match feed::read(&text, self.origin.url.as_ref()) {
            Some(feed) => self.entries(feed, encoding, sink),
            None if page::looks_like_html(&text) && detect::by_content(&text) == Format::Html => {
                sink(Err(self.whole(Fault::NotAFeed("an HTML page"))))
            }
            None => sink(Err(self.whole(Fault::NotAFeed("XML of another kind")))),
        }
    }

    fn entries(&self, feed: feed::Feed, encoding: &'static str, sink: &mut Sink<'_>) -> bool {
        let list = Arc::new(ListHead { title: feed.title, language: feed.language, encoding });
        (0..).zip(feed.entries).all(|(n, entry)| self.entry(SourceKind::Feed, n, entry, &list, sink))
    }

    fn entry(&self, kind: SourceKind, n: u64, entry: Entry, list: &Arc<ListHead>, sink: &mut Sink<'_>) -> bool {
        let spot = self.spot(kind, n, format!("{}, entry {}", self.place, n + 1));
        let client = (self.sources.fetch && entry.link.is_some()).then(|| Arc::clone(self.sources.client()));
        let listed = Listed { entry, list: Arc::clone(list), client };
        sink(Ok(Item { spot, id: format!("{}-{}", self.stem, n + 1), raw: Raw::Entry(Box::new(listed)) }))
    }

    fn sitemap(self, map: sitemap::Sitemap, encoding: &'static str, sink: &mut Sink<'_>) -> bool {
        let fetch = self.sources.fetch;
        let none = Arc::new(ListHead { encoding, ..ListHead::default() });
        let mut seen: HashSet<Url> = self.origin.url.iter().cloned().collect();
        let mut waiting: Vec<(Open<'_>, sitemap::Sitemap, usize)> = Vec::new();
        let mut next = Some((self, map, 0));
        while let Some((open, map, depth)) = next.take() {
            let silent = map.maps.len() + map.pages.iter().filter(|e| e.title.is_none()).count();
            if !fetch && silent > 0 && !sink(Err(open.whole(Fault::OnlyLinks(silent)))) {
                return false;
            }
            for (n, entry) in (0..).zip(map.pages) {
                if (fetch || entry.title.is_some()) && !open.entry(SourceKind::Html, n, entry, &none, sink) {
                    return false;
                }
            }
            if fetch {
                // read in their order: the last put on the pile comes first
                let mut found = Vec::new();
                for url in map.maps {
                    if depth >= NESTED || seen.len() >= MAPS {
                        let why = format!("{url}: sitemaps nest too deep or are too many; it was left out");
                        if !sink(Err(open.whole(Fault::Archive(why)))) {
                            return false;
                        }
                        break;
                    }
                    if seen.insert(url.clone()) {
                        found.push(url);
                    }
                }
                for url in found.into_iter().rev() {
                    let mut inner = open.sources.open(url.as_str(), url.as_str(), url.as_str(), None);
                    inner.origin.url = Some(url);
                    waiting.push((inner, sitemap::Sitemap::default(), depth + 1));
                }
            }
            while let Some((inner, _, depth)) = waiting.pop() {
                match inner.nested() {
                    Ok(map) => {
                        next = Some((inner, map, depth));
                        break;
                    }
                    Err(fault) => {
                        if !sink(Err(inner.whole(fault))) {
                            return false;
                        }
                    }
                }
            }
        }
        true
    }

    /// Fetches and reads a sitemap that another one lists.
    fn nested(&self) -> Result<sitemap::Sitemap, Fault> {
        let url = self.origin.url.as_ref().ok_or(Fault::NotAFeed("nothing that has an address"))?;
        let fetched = self.sources.client().get(url)?;
        let bytes = match Packing::of(&fetched.body) {
            Some(packing) => read_whole(unpack::unpack(&fetched.body[..], packing)?, LIST)?,
            None => fetched.body,
        };
        let text = encoding::decode_markup(bytes, fetched.charset.as_deref())?.text;
        sitemap::read(&text).ok_or(Fault::NotAFeed("something else"))
    }
}

/// How the forerunners of WARC begin.
const ARC: &[u8] = b"filedesc://";
/// How files of Parquet begin.
const PARQUET: &[u8] = b"PAR1";

/// Whether a file is Parquet, by its name or its beginning.
#[cfg(feature = "parquet")]
fn is_parquet(mut file: &File, path: &Path) -> bool {
    use std::io::{Seek, SeekFrom};
    let mut head = [0; 4];
    // in a pipe nothing can be gone back to
    if !file.metadata().is_ok_and(|m| m.is_file()) {
        return false;
    }
    let begins = file.read_exact(&mut head).is_ok() && head == *PARQUET;
    let back = file.seek(SeekFrom::Start(0)).is_ok();
    back && (begins || detect::by_name(path) == Some(Format::Parquet))
}

fn read_whole(reader: impl Read, most: usize) -> Result<Vec<u8>, Fault> {
    let taken = unpack::take(reader, most);
    match taken.error {
        Some(e) => Err(Fault::from(e)),
        None if taken.more => Err(Fault::TooLarge(most)),
        None => Ok(taken.bytes),
    }
}

/// A reader that counts what passes.
struct Counting<R> {
    inner: R,
    counter: Counter,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.counter.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::find;

    fn all(dir: &Path) -> Vec<String> {
        let mut out = Vec::new();
        Sources::default().each(find(&[dir.to_path_buf()]), &Counter::default(), &mut |item| {
            out.push(match item {
                Ok(i) => i.id,
                Err(e) => format!("! {}", e.fault),
            });
            true
        });
        out
    }

    #[test]
    fn folders_are_read_in_order_without_companions() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("b.txt", "نص");
        write("a.v2.txt", "نص");
        write("a.v2.meta.json", "{}");
        write("b.gold.json", "{}");
        write("deep/c.jsonl", "{\"id\":\"x\",\"text\":\"نص\"}\n\n{\"id\":\"y\",\"text\":\"نص\"}\n");
        write("notes.md", "#");
        write("words.tsv", "# words\nكلمة\tword\n");
        write("truth.json", "{\"week\": [1]}");
        write(".hidden.txt", "نص");
        assert_eq!(all(dir.path()), ["a.v2", "b", "c-1", "c-3"]);
        let left = |i: Input| if let Input::Left(p, _) = i { Some(p.file_name()?.to_owned()) } else { None };
        let left: Vec<_> = find(&[dir.path().to_path_buf()]).into_iter().filter_map(left).collect();
        assert_eq!(left, ["truth.json", "words.tsv"]);
        // named itself, it is tried
        assert!(matches!(find(&[dir.path().join("truth.json")])[..], [Input::File(_)]));
    }

    #[test]
    fn an_empty_folder_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(all(dir.path())[0].starts_with("! holds no article"));
    }

    #[test]
    fn lines_in_utf_16_are_read_with_and_without_a_mark() {
        let lines = "{\"id\":\"x\",\"text\":\"وصل الوزير إلى المدينة\"}\n{\"id\":\"y\",\"text\":\"نص\"}\n";
        let wide = |mark: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("{mark}{lines}").encode_utf16().flat_map(order).collect()
        };
        for mark in ["\u{feff}", ""] {
            for bytes in [wide(mark, u16::to_le_bytes), wide(mark, u16::to_be_bytes)] {
                let ids: Vec<String> = crate::parts::read("a.jsonl", &bytes)
                    .into_iter()
                    .map(|d| d.map_or_else(|e| e.to_string(), |p| p.document.id))
                    .collect();
                assert_eq!(ids, ["x", "y"]);
            }
        }
    }

    #[test]
    fn parquet_that_cannot_be_had_says_why() {
        let why = if cfg!(feature = "parquet") { "a file of its own" } else { "--features parquet" };
        for name in ["a.parquet", "a.bin"] {
            let read = crate::parts::read(name, b"PAR1 and what follows");
            let told = read[0].as_ref().unwrap_err().to_string();
            assert!(read.len() == 1 && told.contains(why), "{told}");
        }
    }
}
