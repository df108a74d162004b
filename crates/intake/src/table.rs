//! Tables: CSV and TSV with a line of headings; columns by name.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::Encoding;
use model::{Document, SourceKind};

use crate::fault::{Fault, Skip};
use crate::{Item, MOST, Prepared, Raw, Sink, Spot, date, encoding};

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The caller's name for it.
    Id,
    /// Headline.
    Title,
    /// Body.
    Text,
    /// Date of publication.
    Published,
    /// Who signed it.
    Author,
    /// Who carried it.
    Outlet,
    /// Its address.
    Url,
    /// Its language.
    Language,
}

/// Fields, their names, and headings that mean them when nobody says.
const FIELDS: [(Field, &str, &[&str]); 8] = [
    (
        Field::Text,
        "text",
        &[
            "text",
            "body",
            "content",
            "article",
            "articlebody",
            "article_text",
            "full_text",
            "fulltext",
            "story",
            "النص",
            "نص",
            "المحتوى",
            "المتن",
            "نص المقال",
        ],
    ),
    (Field::Title, "title", &["title", "headline", "heading", "العنوان", "عنوان"]),
    (Field::Id, "id", &["id", "article_id", "doc_id", "docid", "document_id", "key", "المعرف", "رقم"]),
    (
        Field::Published,
        "published",
        &[
            "published",
            "date",
            "pub_date",
            "pubdate",
            "publish_date",
            "published_at",
            "publication_date",
            "datetime",
            "timestamp",
            "التاريخ",
            "تاريخ",
            "تاريخ النشر",
        ],
    ),
    (Field::Author, "author", &["author", "byline", "writer", "authors", "الكاتب", "كاتب"]),
    (
        Field::Outlet,
        "outlet",
        &["outlet", "source", "publisher", "newspaper", "site", "media", "المصدر", "الصحيفة", "الوسيلة"],
    ),
    (Field::Url, "url", &["url", "link", "href", "address", "الرابط", "رابط"]),
    (Field::Language, "language", &["language", "lang", "اللغة"]),
];

/// Which column holds what: `text=body,title=headline`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(Vec<(Field, String)>);

impl std::str::FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut out = Vec::new();
        for pair in text.split(',').filter(|p| !p.trim().is_empty()) {
            let (name, heading) =
                pair.split_once('=').ok_or_else(|| format!("{pair:?} is not FIELD=COLUMN, like text=body"))?;
            let name = name.trim().to_ascii_lowercase();
            let Some((field, ..)) = FIELDS.iter().find(|(_, n, _)| *n == name) else {
                let known: Vec<&str> = FIELDS.iter().map(|f| f.1).collect();
                return Err(format!("{name:?} is no field; known are {}", known.join(", ")));
            };
            out.push((*field, heading.trim().to_string()));
        }
        if out.is_empty() {
            Err("names no column; expected something like text=body,title=headline".into())
        } else {
            Ok(Self(out))
        }
    }
}

/// Where each field stands.
#[derive(Debug, Default)]
pub struct Layout {
    columns: Vec<(Field, usize)>,
}

impl Layout {
    fn new(headings: &[String], asked: Option<&Columns>) -> Result<Self, String> {
        let clean = |h: &str| h.trim().trim_start_matches('\u{feff}').to_lowercase();
        let all = || headings.iter().map(|h| format!("{:?}", h.trim())).collect::<Vec<_>>().join(", ");
        let mut columns: Vec<(Field, usize)> = Vec::new();
        for (field, wanted) in asked.map_or(&[][..], |c| &c.0[..]) {
            let at = headings.iter().position(|h| clean(h) == wanted.to_lowercase());
            let at = at.ok_or_else(|| format!("has no column {wanted:?}; its columns are {}", all()))?;
            columns.push((*field, at));
        }
        for (field, _, guesses) in FIELDS {
            if columns.iter().any(|(f, _)| *f == field) {
                continue;
            }
            let found = guesses.iter().find_map(|g| headings.iter().position(|h| clean(h) == *g));
            columns.extend(found.filter(|at| !columns.iter().any(|(_, a)| a == at)).map(|at| (field, at)));
        }
        if !columns.iter().any(|(f, _)| *f == Field::Text) {
            return Err(format!(
                "no column of it is known to hold the text; its columns are {}; say which with --columns text=NAME",
                all()
            ));
        }
        Ok(Self { columns })
    }
}

/// The column of each field, by its name, of a table with these headings.
#[cfg(feature = "parquet")]
pub fn names(
    headings: &[String],
    asked: Option<&Columns>,
) -> Result<std::collections::HashMap<String, String>, String> {
    let layout = Layout::new(headings, asked)?;
    let name = |field: Field| FIELDS.iter().find(|f| f.0 == field).map_or("", |f| f.1);
    Ok(layout.columns.into_iter().map(|(field, at)| (name(field).into(), headings[at].clone())).collect())
}

/// A row as found.
#[derive(Debug)]
pub struct Row {
    layout: Arc<Layout>,
    cells: ByteRecord,
    encoding: Option<&'static Encoding>,
}

impl Row {
    /// Bytes held.
    pub fn len(&self) -> usize {
        self.cells.as_slice().len()
    }

    /// The bytes that identify it.
    pub fn bytes(&self) -> &[u8] {
        self.cells.as_slice()
    }

    /// The document of the row; `id` is used if it has none.
    pub fn document(self, id: String) -> Result<Prepared, Fault> {
        let mut document = Document { id, ..Document::default() };
        let mut notes = Vec::new();
        let mut name = "UTF-8";
        let mut has_text = false;
        for (field, at) in &self.layout.columns {
            let Some(cell) = self.cells.get(*at) else { continue };
            let value = match (std::str::from_utf8(cell), self.encoding) {
                (Ok(text), _) => text.to_string(),
                (Err(_), Some(encoding)) => {
                    name = encoding.name();
                    encoding.decode_without_bom_handling(cell).0.into_owned()
                }
                (Err(_), None) => {
                    let decoded = encoding::decode(cell.to_vec())?;
                    name = decoded.encoding;
                    decoded.text
                }
            };
            if *field == Field::Text {
                has_text = true;
                document.text = value;
                continue;
            }
            let value = value.trim().to_string();
            if value.is_empty() {
                continue;
            }
            match field {
                Field::Id => document.id = value,
                Field::Title => document.title = Some(value),
                Field::Published => match date::normalise(&value) {
                    Some(d) if !date::is_future(&d) => document.published = Some(d),
                    _ => notes.push(format!(
                        "its date {value:?} lies in the future or is in no form that is known and was left out"
                    )),
                },
                Field::Author => document.author = Some(value),
                Field::Outlet => document.outlet = Some(value),
                Field::Url => document.url = Some(value),
                Field::Language => document.language = Some(value),
                Field::Text => {}
            }
        }
        if !has_text {
            return Err(Fault::Columns("the row is too short to have a text".into()));
        }
        document.encoding = Some(name.into());
        Ok(Prepared::new(document, notes))
    }
}

/// A stream that gives no more than a bounded number of bytes for one row.
struct Budget<R> {
    inner: R,
    spent: Rc<Cell<usize>>,
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.spent.get() > MOST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TooLong));
        }
        let n = self.inner.read(out)?;
        self.spent.set(self.spent.get() + n);
        Ok(n)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a row is longer than is read at once; a quotation mark may be missing")]
struct TooLong;

/// Reads a table row by row.
pub fn rows(
    mut reader: impl BufRead,
    tabs: bool,
    asked: Option<&Columns>,
    path: &str,
    place: &str,
    stem: &str,
    sink: &mut Sink<'_>,
) -> bool {
    let mut whole = |fault: Fault| sink(Err(Skip { path: path.into(), item: None, place: place.into(), fault }));
    let head = {
        let mut head = Vec::new();
        if let Err(e) = (&mut reader).take(1 << 18).read_to_end(&mut head) {
            return whole(Fault::from(e));
        }
        head
    };
    let wide = encoding::is_wide(&head);
    let (encoding, reader): (_, Box<dyn Read + '_>) = if wide {
        let taken = crate::unpack::take(io::Cursor::new(head).chain(reader), MOST);
        if taken.more {
            return whole(Fault::TooLarge(MOST));
        }
        (None, Box::new(io::Cursor::new(encoding::wide(&taken.bytes).0.into_bytes())))
    } else {
        let encoding = match encoding::decode(head.clone()) {
            Ok(decoded) => Encoding::for_label(decoded.encoding.as_bytes()).filter(|e| *e != encoding_rs::UTF_8),
            Err(fault) => return whole(fault),
        };
        (encoding, Box::new(io::Cursor::new(head).chain(reader)))
    };
    let mut reader = io::BufReader::new(reader);
    let delimiter = if tabs {
        b'\t'
    } else {
        let ahead = reader.fill_buf().unwrap_or_default();
        let line = ahead.split(|b| *b == b'\n').next().unwrap_or_default();
        // of equals the comma
        *b"\t|;,".iter().max_by_key(|d| line.split(|b| b == *d).count()).unwrap_or(&b',')
    };
    let spent = Rc::new(Cell::new(0));
    let mut table = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(Budget { inner: reader, spent: Rc::clone(&spent) });
    let mut cells = ByteRecord::new();
    let headings = match table.read_byte_record(&mut cells) {
        Ok(true) => {
            let text = |c: &[u8]| {
                encoding.map_or_else(
                    || String::from_utf8_lossy(c).into_owned(),
                    |e| e.decode_without_bom_handling(c).0.into_owned(),
                )
            };
            cells.iter().map(text).collect::<Vec<_>>()
        }
        Ok(false) => return whole(Fault::Columns("is empty; expected a line of column names".into())),
        Err(e) => return whole(fault(e)),
    };
    let layout = match Layout::new(&headings, asked) {
        Ok(layout) => Arc::new(layout),
        Err(why) => return whole(Fault::Columns(why)),
    };
    let mut item = 0;
    loop {
        spent.set(0);
        let here = format!("{place}, row {}", item + 1);
        let mut cells = ByteRecord::new();
        match table.read_byte_record(&mut cells) {
            Ok(true) => {}
            Ok(false) => return true,
            Err(e) => return sink(Err(Skip { path: path.into(), item: Some(item), place: here, fault: fault(e) })),
        }
        let spot = Spot { path: path.into(), kind: SourceKind::Csv, item, place: here };
        let row = Row { layout: Arc::clone(&layout), cells, encoding };
        if !sink(Ok(Item { spot, id: format!("{stem}-{}", item + 1), raw: Raw::Row(row) })) {
            return false;
        }
        item += 1;
    }
}

fn fault(error: csv::Error) -> Fault {
    match error.into_kind() {
        csv::ErrorKind::Io(e) if e.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooLong>) => {
            Fault::Columns(TooLong.to_string())
        }
        csv::ErrorKind::Io(e) => Fault::from(e),
        e => Fault::Columns(format!("{e:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], tabs: bool, asked: Option<&str>) -> Vec<String> {
        let asked: Option<Columns> = asked.map(|a| a.parse().unwrap());
        let mut out = Vec::new();
        rows(text, tabs, asked.as_ref(), "f", "f", "f", &mut |item| {
            out.push(match item.map(|i| i.prepare(None)) {
                Ok(Ok(p)) => format!(
                    "{}|{}|{}|{}",
                    p.document.id,
                    p.document.title.unwrap_or_default(),
                    p.document.text,
                    p.document.published.unwrap_or_default()
                ),
                Ok(Err(e)) | Err(e) => format!("! {e}"),
            });
            true
        });
        out
    }

    #[test]
    fn columns_by_name_and_by_guess() {
        assert_eq!(
            read("id,headline,body,date\r\n7,\"أ, ب\",\"نص\nنص\",27/05/2020\r\n8,,x,\r\n".as_bytes(), false, None),
            ["7|أ, ب|نص\nنص|2020-05-27", "8||x|"]
        );
        assert_eq!(read("العنوان\tالنص\nع\tن\n".as_bytes(), true, None), ["f-1|ع|ن|"]);
        assert_eq!(read("a;b\n1;2\n".as_bytes(), false, Some("text=b,id=A")), ["1||2|"]);
        assert!(read(b"a,b\n1,2\n", false, None)[0].contains("--columns text=NAME"));
        assert!(read(b"a,b\n1,2\n", false, Some("text=c"))[0].contains("has no column \"c\""));
        assert!(read(b"", false, None)[0].contains("is empty"));
        assert!("body".parse::<Columns>().is_err() && "x=y".parse::<Columns>().is_err());
    }

    #[test]
    fn other_encodings_and_short_rows() {
        let table = "النص,العنوان\nقال الوزير إن الوفد وصل إلى المدينة,خبر\n";
        let (bytes, ..) = encoding_rs::WINDOWS_1256.encode(table);
        assert_eq!(read(&bytes, false, None), ["f-1|خبر|قال الوزير إن الوفد وصل إلى المدينة|"]);
        let wide: Vec<u8> = format!("\u{feff}{table}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide, false, None).len(), 1);
        // and without its mark
        assert_eq!(read(&wide[2..], false, None).len(), 1);
        assert!(read(b"id,text\n1\n2,x\n", false, None)[0].contains("too short"));
    }
}
