//! Feeds of every form, well-formed and not: counts, titles, links, dates.

use intake::parts;
use model::Document;

fn feed(text: &str) -> Vec<Document> {
    feed_bytes(text.as_bytes())
}

fn feed_bytes(bytes: &[u8]) -> Vec<Document> {
    parts::read("feed.xml", bytes).into_iter().map(|d| d.unwrap_or_else(|e| panic!("{e}")).document).collect()
}

/// `title|link|date` of each entry.
fn brief(text: &str) -> Vec<String> {
    let or = |v: Option<String>| v.unwrap_or_else(|| "-".into());
    feed(text).into_iter().map(|d| format!("{}|{}|{}", or(d.title), or(d.url), or(d.published))).collect()
}

#[test]
fn rss_in_its_versions() {
    let item = "<item><title>وصول &amp; تسليم</title><link>http://a.example/1?x=1&amp;y=2</link><pubDate>Tue, 09 Mar 2021 08:30:00 +0200</pubDate></item>";
    let want = ["وصول & تسليم|http://a.example/1?x=1&y=2|2021-03-09T08:30:00+02:00"];
    for version in ["0.91", "0.92", "2.0"] {
        assert_eq!(
            brief(&format!(
                "<?xml version=\"1.0\"?><rss version=\"{version}\"><channel><title>صوت</title><link>http://a.example/</link>{item}</channel></rss>"
            )),
            want
        );
    }
    let old = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://my.netscape.com/rdf/simple/0.9/\"><channel><title>صوت</title></channel><image><title>x</title><link>http://no.example</link></image><item><title>خبر</title><link>http://a.example/1</link></item></rdf:RDF>";
    assert_eq!(brief(old), ["خبر|http://a.example/1|-"]);
    let one = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:q=\"http://purl.org/dc/elements/1.1/\">
        <channel rdf:about=\"http://a.example/\"><title>صوت</title><items><rdf:Seq><rdf:li rdf:resource=\"http://a.example/1\"/></rdf:Seq></items></channel>
        <item rdf:about=\"http://a.example/1\"><title>خبر</title><q:date>2021-03-09T08:30+02:00</q:date><q:creator>كاتب</q:creator></item></rdf:RDF>";
    assert_eq!(brief(one), ["خبر|http://a.example/1|2021-03-09T08:30:00+02:00"]);
    assert_eq!(feed(one)[0].author.as_deref(), Some("كاتب"));
    // an item has a link, or a guid that is one
    let guid = "<rss><channel><item><title>a</title><guid>http://a.example/g</guid></item><item><title>b</title><guid isPermaLink='false'>http://a.example/g2</guid></item></channel></rss>";
    assert_eq!(brief(guid), ["a|http://a.example/g|-", "b|-|-"]);
}

#[test]
fn atom_in_both_versions() {
    let new = r#"<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar" xml:base="http://a.example/news/"><title>صوت</title><updated>2021-03-10T00:00:00Z</updated>
        <entry><title type="html">&lt;b&gt;خبر&lt;/b&gt; &amp;amp; آخر</title><link rel="self" href="/self"/><link rel="enclosure" href="/a.mp3"/><link href="1.html"/><id>tag:1</id>
        <published>2021-03-09T08:30:00.5+02:00</published><updated>2021-03-09T10:00:00Z</updated><author><name>كاتب</name><email>x@y</email></author>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>فقرة <em>أولى</em>.</p><p>فقرة ثانية &lt; ثالثة.</p></div></content></entry>
        <entry><title type="text">1 &lt; 2</title><link rel="alternate" type="text/html" href="http://b.example/2"/><updated>2021-03-09</updated>
        <source><title>وكالة الساحل</title><id>x</id><link href="http://no.example"/><updated>1999-01-01T00:00:00Z</updated></source><summary>ملخص</summary></entry></feed>"#;
    assert_eq!(
        brief(new),
        ["خبر & آخر|http://a.example/news/1.html|2021-03-09T08:30:00+02:00", "1 < 2|http://b.example/2|2021-03-09"]
    );
    let d = feed(new);
    assert_eq!(d[0].text, "فقرة أولى.\nفقرة ثانية < ثالثة.");
    assert_eq!(
        (d[0].author.as_deref(), d[0].language.as_deref(), d[0].outlet.as_deref()),
        (Some("كاتب"), Some("ar"), Some("صوت"))
    );
    assert_eq!((d[1].outlet.as_deref(), &*d[1].text), (Some("وكالة الساحل"), "ملخص"));
    let old = r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped" type="text/html">&lt;i&gt;خبر&lt;/i&gt;</title><link rel="alternate" type="text/html" href="http://a.example/1"/>
        <issued>2021-03-09T08:30:00-05:00</issued><modified>2021-03-10T08:30:00Z</modified><content type="text/plain" mode="base64">2YbYtQ==</content></entry></feed>"#;
    assert_eq!(brief(old), ["خبر|http://a.example/1|2021-03-09T08:30:00-05:00"]);
    assert_eq!(feed(old)[0].text, "نص");
    let prefixed = r#"<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>خبر</a:title><a:link href="http://a.example/1"/></a:entry></a:feed>"#;
    assert_eq!(brief(prefixed), ["خبر|http://a.example/1|-"]);
}

#[test]
fn other_forms() {
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "صوت", "language": "ar", "items": [
        {"id": "1", "url": "http://a.example/1", "title": "خبر", "content_html": "<p>فقرة</p><p>ثانية</p>", "date_published": "2021-03-09T08:30:00+02:00", "authors": [{"name": "كاتب"}]},
        {"id": 2, "content_text": "نص"}]}"#;
    let d: Vec<Document> = parts::read("f.json", json.as_bytes()).into_iter().map(|d| d.unwrap().document).collect();
    assert_eq!(d.len(), 2);
    assert_eq!((&*d[0].text, d[0].author.as_deref(), d[1].id.as_str()), ("فقرة\nثانية", Some("كاتب"), "2"));
    let cdf = r#"<CHANNEL HREF="http://a.example/"><TITLE>صوت</TITLE><ITEM HREF="http://a.example/1" LASTMOD="2021-03-09T08:30"><TITLE>خبر</TITLE><ABSTRACT>ملخص</ABSTRACT></ITEM></CHANNEL>"#;
    assert_eq!(brief(cdf), ["خبر|http://a.example/1|2021-03-09T08:30:00"]);
}

#[test]
fn broken_feeds_give_what_they_hold() {
    // bare ampersands, undeclared entities and prefixes, tags that never close, a cut end, words before the declaration
    assert_eq!(
        brief(
            "\n\n <?xml version=\"1.0\"?><rss><channel><title>صوت & ضفة</title><item><title>قتال & هدنة&nbsp;&eacute; <b>مهم</b></title><link>http://a.example/?a=1&copy=2&reg=3</link><dc:date>2021-03-09</dc:date></item><item><title>ثان<link>http://a.example/2</link><pubDate>9 Mar 2021</pubDate>"
        ),
        ["قتال & هدنة é مهم|http://a.example/?a=1&copy=2&reg=3|2021-03-09", "ثان|http://a.example/2|2021-03-09"]
    );
    // CDATA that holds markup, entities inside of it
    let d = &feed(
        "<rss><channel><item><title><![CDATA[قال: <em>لا</em> &amp; نعم]]></title><description><![CDATA[<p>أ &amp; ب</p><script>x</script><p>ج]]></description></item></channel></rss>",
    )[0];
    assert_eq!((d.title.as_deref(), &*d.text), (Some("قال: لا & نعم"), "أ & ب\nج"));
    // markup put in without escaping
    let d = &feed(
        "<rss><channel><item><title>خبر</title><description><p>فقرة <a href='/x'>رابط</a></p><p>ثانية</p></description><link>http://a.example/1</link></item></channel></rss>",
    )[0];
    assert_eq!((&*d.text, d.url.as_deref()), ("فقرة رابط\nثانية", Some("http://a.example/1")));
    // an item inside an item, a media title, an empty title
    assert_eq!(
        brief(
            "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>أ</title><media:group><media:title>صورة</media:title><link>http://no.example</link></media:group><link>http://a.example/1</link><item><title/><link>http://a.example/2</link></item></channel></rss>"
        ),
        ["أ|http://a.example/1|-", "-|http://a.example/2|-"]
    );
    // the full text goes before the short one
    let d = &feed(
        "<rss xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel><item><description>قصير</description><c:encoded>&lt;p&gt;النص الكامل للمقال&lt;/p&gt;</c:encoded></item></channel></rss>",
    )[0];
    assert_eq!(d.text, "النص الكامل للمقال");
}

#[test]
fn feeds_in_other_encodings() {
    let text = |label: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{label}\"?><rss><channel><item><title>وصول شحنة إلى الميناء</title><link>http://a.example/1</link></item></channel></rss>"
        )
    };
    let cp = |t: &str| encoding_rs::WINDOWS_1256.encode(t).0.into_owned();
    for bytes in [
        cp(&text("windows-1256")),
        cp(&text("utf-8")),
        text("windows-1256").into_bytes(),
        text("iso-8859-1").into_bytes(),
        encoding_rs::ISO_8859_6.encode(&text("iso-8859-6")).0.into_owned(),
        text("utf-16").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        format!("\u{feff}{}", text("utf-16")).encode_utf16().flat_map(u16::to_be_bytes).collect(),
        format!("\u{feff}{}", text("utf-8")).into_bytes(),
    ] {
        let d = feed_bytes(&bytes);
        assert_eq!(d.len(), 1);
        assert_eq!(d[0].title.as_deref(), Some("وصول شحنة إلى الميناء"));
    }
}

#[test]
fn what_is_no_feed_is_told() {
    let told = |text: &str| parts::read("feed.rss", text.as_bytes()).remove(0).unwrap_err().to_string();
    assert!(told("<!DOCTYPE html><html><body><p>خطأ").contains("is an HTML page, not a feed"));
    assert!(told("<?xml version='1.0'?><note><to>x</to></note>").contains("is XML of another kind"));
}

#[test]
fn sitemaps_say_what_they_need() {
    let got = parts::read("s.xml", "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>http://a.example/1</loc><news:news><news:title>خبر</news:title><news:publication_date>2021-03-09</news:publication_date></news:news></url><url><loc>http://a.example/2</loc></url></urlset>".as_bytes());
    assert!(got[0].as_ref().unwrap_err().to_string().contains("lists 1 pages"));
    let d = &got[1].as_ref().unwrap().document;
    assert_eq!(
        (d.title.as_deref(), d.published.as_deref(), d.url.as_deref()),
        (Some("خبر"), Some("2021-03-09"), Some("http://a.example/1"))
    );
}

#[test]
fn titles_and_links_have_stand_ins() {
    // an Atom id that is an address leads there; one that is not does not
    let ids =
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>أ</title><id>https://a.example/news/1</id></entry>
        <entry><title>ب</title><id>urn:uuid:1225c695</id></entry>
        <entry><title>ج</title><id>https://a.example/id/3</id><link href='https://a.example/3'/></entry>
        <entry xml:base='https://a.example/feed/'><title>د</title><id>/news/4</id></entry>
        <entry><title>ه</title><id>/news/5</id></entry><entry><title>و</title><id>//x y</id></entry></feed>";
    assert_eq!(
        brief(ids),
        [
            "أ|https://a.example/news/1|-",
            "ب|-|-",
            "ج|https://a.example/3|-",
            "د|https://a.example/news/4|-",
            "ه|/news/5|-",
            "و|-|-"
        ]
    );
    assert_eq!(feed(ids)[1].id, "urn:uuid:1225c695");
    let media = "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item><media:title>صورة</media:title></item>
        <item><media:title>صورة</media:title><title>خبر</title></item></channel></rss>";
    assert_eq!(brief(media), ["صورة|-|-", "خبر|-|-"]);
    let cdf = "<CHANNEL BASE='http://a.example/'><ITEM HREF='/item/1'><TITLE>خبر</TITLE></ITEM></CHANNEL>";
    assert_eq!(brief(cdf), ["خبر|http://a.example/item/1|-"]);
}

#[test]
fn a_title_that_no_page_would_show_is_still_a_title() {
    let feed = "<feed><entry><title type='text/html' mode='escaped'>خبر&lt;object classid='x'&gt; اليوم</title></entry>
        <entry><title type='html'>&lt;script&gt;</title></entry></feed>";
    assert_eq!(brief(feed), ["خبر اليوم|-|-", "-|-|-"]);
}

#[test]
fn the_better_of_two_dates_is_taken() {
    let entry = |dates: &str| brief(&format!("<feed><entry><title>خبر</title>{dates}</entry></feed>"));
    let want = ["خبر|-|2021-03-09T10:00:00Z"];
    let (early, late) = ("2020-01-01T10:00:00Z", "2021-03-09T10:00:00Z");
    assert_eq!(entry(&format!("<issued>{early}</issued><published>{late}</published>")), want);
    assert_eq!(
        entry(&format!("<published>{late}</published><issued>{early}</issued><created>{early}</created>")),
        want
    );
    assert_eq!(entry(&format!("<created>{early}</created><created>{late}</created>")), want);
    assert_eq!(entry(&format!("<published>{late}</published><updated>{early}</updated>")), want);
}

#[test]
fn packed_content_is_unpacked_where_it_is_text() {
    // «نص <b>آخر</b>» and two bytes that are no text
    let packed = "2YbYtSA8Yj7Yotiu2LE8L2I+";
    let entry = |tag: &str| {
        feed(&format!("<feed><entry><title>ع</title><content {tag}>{packed}</content></entry></feed>"))[0].text.clone()
    };
    assert_eq!(entry("mode='base64'"), "نص آخر");
    assert_eq!(entry("type='application/octet-stream'"), "نص آخر");
    assert_eq!(entry("type='text/plain'"), packed);
    let picture = feed("<feed><entry><title>ع</title><content type='image/png'>//79</content></entry></feed>");
    assert_eq!(picture[0].text, "");
}
