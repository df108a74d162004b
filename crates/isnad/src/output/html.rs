//! A reading as a self-contained page: the article right-to-left with its evidence marked, and what was read beside it,
//! each linked to the other. No script, nothing loaded from elsewhere; everything from the article is escaped.

use std::collections::BTreeMap;
use std::fmt::Write;

use model::{ChainRole, Event, Polarity, Span, Statement, Status};

use super::table::{harm, kind, thing};
use super::view::View;

/// The page up to its first article.
pub const HEAD: &str = concat!(
    r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="generator" content="isnad "#,
    env!("CARGO_PKG_VERSION"),
    r#"">
<title>Isnad: who did what to whom, and who said so</title>
<style>
"#,
    include_str!("page.css"),
    r#"</style>
</head>
<body>
<details class="key"><summary>How to read this page · مفتاح القراءة</summary>
<p><span class="e PER">person</span> <span class="e ORG">organisation</span> <span class="e MIL">armed force</span> <span class="e MED">outlet</span> <span class="e GPE">place</span> <span class="e EQP">equipment or facility</span> <b class="t">event</b> <i class="q">word of saying</i> <span class="l">source in a chain</span> <span class="w">loaded word</span> <span class="n">not part of the article</span></p>
<p>An event is what its chain of sources says, never a fact. Every mark in the article leads to its record, every record back to its words.</p></details>
"#
);

/// The page after its last article.
pub const FOOT: &str = "</body>\n</html>\n";

/// Text made safe for content and for quoted attributes. Direction overrides are dropped: they could turn a page around.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    escape(text, &mut out);
    out
}

/// What a stretch of the text is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Trigger(usize),
    Cue(usize),
    Link(usize),
    Loaded,
    Entity(usize, usize),
    Content(usize),
    Noise,
}

/// One article as a section of a page. `number` keeps its anchors apart from those of others.
/// Time n log n in the marks, linear in the text.
pub fn render(view: &View<'_>, number: usize) -> String {
    let mut p = Page { view, prefix: format!("a{number}"), out: String::with_capacity(1 << 14) };
    p.section();
    p.out
}

struct Page<'a> {
    view: &'a View<'a>,
    prefix: String,
    out: String,
}

impl Page<'_> {
    fn section(&mut self) {
        let view = self.view;
        let (d, r) = (view.document, view.reading);
        let _ = writeln!(self.out, "<section id=\"{}\">", self.prefix);
        let _ = write!(self.out, "<header><h1 lang=\"ar\" dir=\"auto\">{}</h1><p>", escaped(view.headline()));
        let mut facts = vec![format!("<code>{}</code>", escaped(&d.id))];
        facts.extend([&d.outlet, &d.published].into_iter().flatten().map(|f| format!("<bdi>{}</bdi>", escaped(f))));
        if let Some(url) = &d.url {
            let safe = url.starts_with("https://") || url.starts_with("http://");
            facts.push(if safe {
                format!("<a href=\"{0}\" rel=\"noreferrer noopener\"><bdi>source</bdi></a>", escaped(url))
            } else {
                format!("<bdi>{}</bdi>", escaped(url))
            });
        }
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        facts.push(count(r.entities.len(), "entity", "entities"));
        facts.push(count(r.statements.len(), "statement", "statements"));
        facts.push(count(r.events.len(), "event", "events"));
        let _ = writeln!(self.out, "{}</p></header>", facts.join(" · "));
        if let Some(l) = r.language.as_deref().filter(|l| *l != "ar") {
            let _ = writeln!(self.out, "<p>Not read: the language is <code>{}</code>, not Arabic.</p>", escaped(l));
        }
        self.out.push_str("<div class=\"both\">\n<article lang=\"ar\" dir=\"rtl\">\n");
        self.text();
        self.out.push_str("</article>\n<div class=\"read\">\n");
        self.events();
        self.statements();
        self.entities();
        self.out.push_str("</div>\n</div>\n</section>\n");
    }

    /// The text with its marks. Marks may overlap in any way: the text is cut wherever one begins or ends,
    /// and each piece bears all that hold there.
    fn text(&mut self) {
        let view = self.view;
        let r = view.reading;
        let mut marks: Vec<(Span, Mark)> = Vec::new();
        for (i, e) in r.entities.iter().enumerate() {
            marks.extend(e.mentions.iter().enumerate().map(|(k, m)| (*m, Mark::Entity(i, k))));
        }
        for (i, s) in r.statements.iter().enumerate() {
            marks.extend(s.cue.map(|c| (c, Mark::Cue(i))));
            marks.extend(s.chain.iter().filter_map(|l| l.span).map(|l| (l, Mark::Link(i))));
            marks.extend(s.content.iter().map(|c| (*c, Mark::Content(i))));
        }
        marks.extend(r.events.iter().enumerate().map(|(i, e)| (e.trigger, Mark::Trigger(i))));
        marks.extend(r.framing.iter().map(|f| (f.span, Mark::Loaded)));
        marks.extend(r.furniture.iter().map(|f| (*f, Mark::Noise)));
        let end = view.text.len();
        marks.retain(|(s, _)| !s.is_empty() && s.end <= end);
        marks.sort_unstable();
        let mut cuts: Vec<u32> = marks.iter().flat_map(|(s, _)| [s.start, s.end]).chain([0, end]).collect();
        cuts.sort_unstable();
        cuts.dedup();

        let mut open = false;
        let mut anchors: Vec<String> = Vec::new();
        let mut active: Vec<(Span, Mark)> = Vec::new();
        let mut next = 0;
        for pair in cuts.windows(2) {
            let piece = Span::new(pair[0], pair[1]);
            active.retain(|(s, _)| s.end > piece.start);
            let begun = active.len();
            while next < marks.len() && marks[next].0.start <= piece.start {
                active.push(marks[next]);
                next += 1;
            }
            anchors.extend(active[begun..].iter().filter_map(|(_, m)| self.anchor(*m)));
            for (i, line) in view.text.get(piece).split('\n').enumerate() {
                if i > 0 && open {
                    self.out.push_str("</p>\n");
                    open = false;
                }
                if line.trim().is_empty() && !open {
                    continue;
                }
                if !open {
                    self.out.push_str("<p>");
                    open = true;
                }
                for a in anchors.drain(..) {
                    let _ = write!(self.out, "<span id=\"{a}\"></span>");
                }
                self.piece(line, &active);
            }
        }
        if open {
            self.out.push_str("</p>\n");
        }
    }

    fn anchor(&self, mark: Mark) -> Option<String> {
        let r = self.view.reading;
        let p = &self.prefix;
        match mark {
            Mark::Trigger(i) => Some(format!("{p}-t-{}", escaped(&r.events[i].id))),
            Mark::Cue(i) => Some(format!("{p}-q-{}", escaped(&r.statements[i].id))),
            Mark::Entity(i, k) => Some(format!("{p}-m-{}-{k}", escaped(&r.entities[i].id))),
            Mark::Link(_) | Mark::Loaded | Mark::Content(_) | Mark::Noise => None,
        }
    }

    /// A piece of one line, with all that it is evidence of.
    fn piece(&mut self, line: &str, active: &[(Span, Mark)]) {
        let r = self.view.reading;
        let mut class: Vec<&str> = Vec::new();
        let mut title: Vec<String> = Vec::new();
        let mut target: Option<(Mark, String)> = None;
        for (_, mark) in active {
            let link = match *mark {
                Mark::Trigger(i) => {
                    class.push("t");
                    title.push(format!("{} {}", r.events[i].id, kind(&r.events[i])));
                    Some(&r.events[i].id)
                }
                Mark::Cue(i) => {
                    class.push("q");
                    title.push(format!("{} {}", r.statements[i].id, r.statements[i].stance.code()));
                    Some(&r.statements[i].id)
                }
                Mark::Link(i) => {
                    class.push("l");
                    title.push(format!("in the chain of {}", r.statements[i].id));
                    Some(&r.statements[i].id)
                }
                Mark::Entity(i, _) => {
                    class.extend(["e", r.entities[i].kind.code()]);
                    title.push(format!("{} {}", r.entities[i].id, r.entities[i].name));
                    Some(&r.entities[i].id)
                }
                Mark::Content(_) => {
                    class.push("c");
                    None
                }
                Mark::Loaded => {
                    class.push("w");
                    None
                }
                Mark::Noise => {
                    class.push("n");
                    None
                }
            };
            // the innermost entity is the last begun; triggers and cues go before entities
            if let Some(id) = link
                && target.as_ref().is_none_or(|(t, _)| matches!(t, Mark::Entity(..)) || *mark < *t)
            {
                target = Some((*mark, format!("#{}-{}", self.prefix, escaped(id))));
            }
        }
        if class.is_empty() {
            escape(line, &mut self.out);
            return;
        }
        class.dedup();
        let class = class.join(" ");
        let title =
            if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(&title.join(" · "))) };
        let (tag, href) = match target {
            Some((_, href)) => ("a", format!(" href=\"{href}\"")),
            None => ("span", String::new()),
        };
        let _ = write!(self.out, "<{tag} class=\"{class}\"{href}{title}>");
        escape(line, &mut self.out);
        let _ = write!(self.out, "</{tag}>");
    }

    /// The words of a span, with the entity it names linked.
    fn words(&self, span: Span) -> String {
        let view = self.view;
        let words = format!("<bdi lang=\"ar\">{}</bdi>", escaped(view.text.get(span)));
        match view.entity_at(span) {
            None => words,
            Some(i) => {
                let e = &view.reading.entities[i];
                let name = view.name(span).map_or(String::new(), |n| format!(" <small>{}</small>", escaped(&n)));
                format!(
                    "<a class=\"e {}\" href=\"#{}-{}\">{words}</a>{name}",
                    e.kind.code(),
                    self.prefix,
                    escaped(&e.id)
                )
            }
        }
    }

    fn list(&self, spans: &[Span]) -> String {
        spans.iter().map(|s| self.words(*s)).collect::<Vec<_>>().join(" <b>+</b> ")
    }

    fn chain(&self, s: &Statement) -> String {
        let mut out = String::from("<ol class=\"chain\">");
        for link in &s.chain {
            let who = link.span.map_or_else(|| "<em>not named</em>".to_string(), |x| self.words(x));
            let role = match link.role {
                ChainRole::Origin => "origin",
                ChainRole::Via => "via",
            };
            let _ = write!(out, "<li class=\"{role}\">{who}</li>");
        }
        if let Some(outlet) = &self.view.document.outlet {
            let _ = write!(out, "<li class=\"outlet\"><bdi>{}</bdi></li>", escaped(outlet));
        }
        out.push_str("</ol>");
        out
    }

    fn row(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            let _ = writeln!(self.out, "<dt>{label}</dt><dd>{value}</dd>");
        }
    }

    fn events(&mut self) {
        let view = self.view;
        let events = &view.reading.events;
        if events.is_empty() {
            return;
        }
        self.out.push_str("<h2>Events <span lang=\"ar\">الأحداث</span></h2>\n");
        for e in events {
            self.event(e);
        }
    }

    fn event(&mut self, e: &Event) {
        let view = self.view;
        let (p, id) = (self.prefix.clone(), escaped(&e.id));
        let _ = write!(
            self.out,
            "<div class=\"card\" id=\"{p}-{id}\"><h3><a href=\"#{p}-t-{id}\">{id}</a> {} <bdi lang=\"ar\" class=\"t\">{}</bdi>",
            escaped(&kind(e)),
            escaped(view.text.get(e.trigger))
        );
        if e.polarity == Polarity::Negative {
            self.out.push_str(" <span class=\"how\">not</span>");
        }
        if e.status != Status::Actual {
            let _ = write!(self.out, " <span class=\"how\">{}</span>", e.status.code());
        }
        self.out.push_str("</h3>\n<dl>\n");
        self.row("who <span lang=\"ar\">الفاعل</span>", &self.list(&e.actor));
        self.row("to whom <span lang=\"ar\">المتلقي</span>", &self.list(&e.recipient));
        let things: Vec<String> =
            e.things.iter().map(|t| format!("{} · {}", escaped(&thing(t)), self.words(t.span))).collect();
        self.row("what <span lang=\"ar\">الأشياء</span>", &things.join("<br>"));
        self.row("harm <span lang=\"ar\">الضحايا</span>", &escaped(&e.harm.as_ref().map_or_else(String::new, harm)));
        self.row("where <span lang=\"ar\">المكان</span>", &self.list(&e.place));
        self.row("when <span lang=\"ar\">الزمان</span>", &self.list(&e.time));
        let said = match view.statement(e.statement.as_deref()) {
            Some(s) => format!("{} <a href=\"#{p}-{1}\">{1}</a>", self.chain(s), escaped(&s.id)),
            None => "the outlet itself".to_string(),
        };
        self.row("who says so <span lang=\"ar\">الإسناد</span>", &said);
        let why: Vec<String> = view.why(&e.id).iter().map(|l| format!("<bdi>{}</bdi>", escaped(l))).collect();
        if !why.is_empty() {
            self.row("why", &format!("<details><summary>what decided</summary>{}</details>", why.join("<br>")));
        }
        self.out.push_str("</dl></div>\n");
    }

    fn statements(&mut self) {
        let view = self.view;
        if view.reading.statements.is_empty() {
            return;
        }
        // which events rest on which statement
        let mut rests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for e in &view.reading.events {
            if let Some(s) = &e.statement {
                rests.entry(s).or_default().push(&e.id);
            }
        }
        self.out.push_str("<h2>Statements <span lang=\"ar\">الأقوال</span></h2>\n");
        for s in &view.reading.statements {
            let (p, id) = (self.prefix.clone(), escaped(&s.id));
            let cue = s.cue.map_or_else(String::new, |c| escaped(view.text.get(c)));
            let _ = writeln!(
                self.out,
                "<div class=\"card\" id=\"{p}-{id}\"><h3><a href=\"#{p}-q-{id}\">{id}</a> {}{} <bdi lang=\"ar\" class=\"q\">{cue}</bdi></h3>\n{}",
                s.stance.code(),
                if s.direct { ", quoted" } else { "" },
                self.chain(s)
            );
            for c in &s.content {
                let _ = writeln!(
                    self.out,
                    "<blockquote lang=\"ar\" dir=\"rtl\">{}</blockquote>",
                    escaped(view.text.get(*c))
                );
            }
            if let Some(events) = rests.get(s.id.as_str()) {
                let links: Vec<String> =
                    events.iter().map(|e| format!("<a href=\"#{p}-{0}\">{0}</a>", escaped(e))).collect();
                let _ = writeln!(self.out, "<p>reports {}</p>", links.join(" "));
            }
            self.out.push_str("</div>\n");
        }
    }

    fn entities(&mut self) {
        let view = self.view;
        if view.reading.entities.is_empty() {
            return;
        }
        self.out.push_str("<h2>Entities <span lang=\"ar\">الأعلام</span></h2>\n<table>\n");
        for e in &view.reading.entities {
            let id = escaped(&e.id);
            let mut places = String::new();
            for k in 0..e.mentions.len() {
                let _ = write!(places, "<a href=\"#{}-m-{id}-{k}\">{}</a> ", self.prefix, k + 1);
            }
            let first = e.mentions.first().map_or("", |m| view.text.get(*m));
            let _ = writeln!(
                self.out,
                "<tr id=\"{}-{id}\"><td><span class=\"e {1}\">{1}</span></td><td><bdi>{2}</bdi></td><td><bdi lang=\"ar\">{3}</bdi></td><td>{places}</td></tr>",
                self.prefix,
                e.kind.code(),
                escaped(&e.name),
                escaped(first)
            );
        }
        self.out.push_str("</table>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Document, Reading};

    fn page(text: &str, reading: serde_json::Value) -> String {
        let document = Document {
            id: "x\"><script>".into(),
            text: text.into(),
            url: Some("javascript:x".into()),
            ..Document::default()
        };
        let reading: Reading = serde_json::from_value(reading).unwrap();
        render(&View::new(&document, &reading, &[], text), 1)
    }

    /// The text of the article, without tags.
    fn text_of(page: &str) -> String {
        let from = page.find("<article").unwrap();
        let to = page.find("</article>").unwrap();
        let mut out = String::new();
        let mut tag = false;
        for c in page[from..to].chars() {
            match c {
                '<' => tag = true,
                '>' => tag = false,
                c if !tag => out.push(c),
                _ => {}
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn overlapping_marks_lose_no_letter_and_repeat_none() {
        let text = "قالت قوات الرمل\n\nإن العدد <8> & «كبير»";
        let page = page(
            text,
            serde_json::json!({
                "id": "x",
                "entities": [
                    {"id": "e1", "type": "MIL", "name": "Sand Forces", "mentions": [[5, 15]]},
                    {"id": "e2", "type": "GPE", "name": "Sand", "mentions": [[10, 15]]},
                    {"id": "e3", "type": "GPE", "name": "beyond", "mentions": [[10, 9999]]}],
                "statements": [{"id": "st1", "chain": [{"role": "origin", "span": [5, 15]}], "cue": [0, 4],
                    "content": [[8, 27]], "direct": false, "stance": "neutral"}],
                "events": [{"id": "ev1", "type": "AID", "mode": null, "trigger": [13, 22], "actor": [[5, 15]], "recipient": [],
                    "things": [], "place": [], "time": [], "status": "actual", "polarity": "positive", "statement": "st1"}]
            }),
        );
        assert_eq!(text_of(&page), "قالت قوات الرمل إن العدد &lt;8&gt; &amp; «كبير»");
        assert!(!page.contains("<script>") && !page.contains("href=\"javascript"), "{page}");
        for anchor in ["a1-ev1", "a1-t-ev1", "a1-st1", "a1-q-st1", "a1-e1", "a1-m-e1-0"] {
            assert_eq!(page.matches(&format!("id=\"{anchor}\"")).count(), 1, "{anchor}");
        }
        // every link leads somewhere, but for the mention that lies beyond the text
        for href in page.split("href=\"#").skip(1).map(|x| x.split('"').next().unwrap()) {
            assert!(href.ends_with("m-e3-0") || page.contains(&format!("id=\"{href}\"")), "{href}");
        }
    }

    #[test]
    fn an_empty_reading_is_a_page() {
        assert_eq!(
            text_of(&page("", serde_json::json!({"id": "", "entities": [], "statements": [], "events": []}))),
            ""
        );
    }
}
