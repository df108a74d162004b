//! A reading as blocks for the eye, in a terminal that may know nothing of right-to-left writing.
//!
//! Arabic is never reordered or reshaped: where the terminal does bidi it must not be done twice, and where it does not
//! the letters at least stand in reading order. Each Arabic cell stands last on its line or between isolates.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use model::{Bound, ChainLink, EntityType, Event, Polarity, Span, Status, Thing};
use unicode_width::UnicodeWidthStr;

use super::view::View;

/// How the table is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Colours.
    pub color: bool,
    /// Direction isolates around Arabic cells.
    pub isolate: bool,
    /// Columns.
    pub width: usize,
}

/// `ASSAULT.aerial`
pub fn kind(event: &Event) -> String {
    match &event.mode {
        Some(mode) => format!("{}.{mode}", event.kind.code()),
        None => event.kind.code().to_string(),
    }
}

/// `≥ 8 fighter aircraft (MiG-29)`
pub fn thing(t: &Thing) -> String {
    let mut out = String::new();
    if let Some(count) = t.count {
        let _ = write!(out, "{}{} ", bound(t.bound), number(count));
    }
    out.push_str(&clean(&t.what));
    if let Some(model) = t.model.as_deref().filter(|m| *m != t.what) {
        let _ = write!(out, " ({})", clean(model));
    }
    if t.part {
        out.push_str(", part of another");
    }
    out
}

/// `killed ≥ 3, injured 5`
pub fn harm(h: &model::Harm) -> String {
    let one = |label: &str, n: Option<u64>| n.map(|n| format!("{label} {}{}", bound(h.bound), number(n as f64)));
    [one("killed", h.killed), one("injured", h.injured)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `≥ ` and the like.
pub fn bound(b: Bound) -> &'static str {
    match b {
        Bound::Exact => "",
        Bound::About => "≈ ",
        Bound::AtLeast => "≥ ",
        Bound::MoreThan => "> ",
        Bound::UpTo => "≤ ",
    }
}

/// A number with its thousands set apart.
pub fn number(n: f64) -> String {
    if n.fract() != 0.0 || n.abs() > 9e15 {
        return format!("{n}");
    }
    let digits = format!("{}", n.abs() as u64);
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if n < 0.0 { format!("-{out}") } else { out }
}

/// Text without anything that a terminal would obey: controls, escapes, direction marks; line breaks become spaces.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}' => {}
            c if c.is_control() || c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.trim().to_string()
}

/// A text that takes at most so many columns, cut between words where it can be.
pub fn shorten(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_string();
    }
    let mut out = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let w = word.width() + usize::from(!out.is_empty());
        if used + w + 1 > columns {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        used += w;
    }
    if out.is_empty() {
        // one long word
        for c in text.chars() {
            if out.width() + 2 > columns {
                break;
            }
            out.push(c);
        }
    }
    out.push('…');
    out
}

const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

fn type_style(kind: EntityType) -> Style {
    let color = match kind {
        EntityType::Per => AnsiColor::Cyan,
        EntityType::Org => AnsiColor::Blue,
        EntityType::Mil => AnsiColor::Red,
        EntityType::Med => AnsiColor::Magenta,
        EntityType::Gpe | EntityType::Loc => AnsiColor::Green,
        EntityType::Fac | EntityType::Eqp => AnsiColor::Yellow,
    };
    Style::new().fg_color(Some(color.into()))
}

struct Table<'a> {
    view: &'a View<'a>,
    look: Look,
    out: String,
}

/// Draws one reading. Linear in the reading and the spans it shows.
pub fn render(view: &View<'_>, look: Look) -> String {
    let mut t = Table { view, look, out: String::new() };
    t.article();
    t.out
}

impl Table<'_> {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.look.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    /// A cell of Arabic (or anything else from the article).
    fn cell(&self, text: &str) -> String {
        if self.look.isolate { format!("\u{2068}{text}\u{2069}") } else { text.to_string() }
    }

    fn words(&self, span: Span, columns: usize) -> String {
        self.cell(&shorten(&clean(self.view.text.get(span)), columns.max(10)))
    }

    fn row(&mut self, label: &str, value: &str) {
        let label = self.paint(FAINT, &format!("{label:<10}"));
        let _ = writeln!(self.out, "      {label} {value}");
    }

    fn heading(&mut self, text: &str) {
        let text = self.paint(BOLD, text);
        let _ = writeln!(self.out, "\n  {text}");
    }

    fn article(&mut self) {
        let (view, width) = (self.view, self.look.width);
        let (d, r) = (view.document, view.reading);
        let mut head = format!("━━ {} ", clean(&d.id));
        for part in [&d.outlet, &d.published].into_iter().flatten() {
            let _ = write!(head, "· {} ", self.cell(&clean(part)));
        }
        let fill = width.saturating_sub(head.width());
        let _ = writeln!(self.out, "{}", self.paint(BOLD, &format!("{head}{}", "━".repeat(fill))));
        let title = shorten(&clean(view.headline()), width.saturating_sub(2));
        let _ = writeln!(self.out, "  {}", self.cell(&title));
        if r.language.as_deref().is_some_and(|l| l != "ar") {
            let _ = writeln!(
                self.out,
                "  not read: the language is {:?}, not Arabic\n",
                r.language.as_deref().unwrap_or("")
            );
            return;
        }
        let counted = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let mut counts = vec![
            counted(r.entities.len(), "entity", "entities"),
            counted(r.statements.len(), "statement", "statements"),
            counted(r.events.len(), "event", "events"),
        ];
        if !r.framing.is_empty() {
            counts.push(counted(r.framing.len(), "loaded word", "loaded words"));
        }
        let counts = self.paint(FAINT, &counts.join(" · "));
        let _ = writeln!(self.out, "  {counts}");
        self.entities();
        self.statements();
        self.events();
        if !r.framing.is_empty() {
            self.heading("LOADED WORDS");
            for f in &r.framing {
                let of = view.entity_named(f.of.as_deref());
                let of = of.map_or_else(String::new, |e| format!(" of {}", self.cell(&clean(&e.name))));
                let line = format!("{:<15} {}{of}", f.kind, self.words(f.span, 30));
                let _ = writeln!(self.out, "    {line}");
            }
        }
        self.out.push('\n');
    }

    fn entities(&mut self) {
        let (view, width) = (self.view, self.look.width);
        if view.reading.entities.is_empty() {
            return;
        }
        self.heading("ENTITIES");
        let names: Vec<String> = view.reading.entities.iter().map(|e| shorten(&clean(&e.name), 34)).collect();
        let column = names.iter().map(|n| n.width()).max().unwrap_or(0);
        for (e, name) in view.reading.entities.iter().zip(&names) {
            let mut forms: Vec<String> = Vec::new();
            for m in &e.mentions {
                let form = clean(view.text.get(*m));
                if !forms.contains(&form) {
                    forms.push(form);
                }
                if forms.len() == 12 {
                    break;
                }
            }
            let pad = " ".repeat(column - name.width());
            let mut line = format!(
                "    {} {}{pad} {}",
                self.paint(type_style(e.kind), e.kind.code()),
                self.cell(name),
                self.paint(FAINT, &format!("×{:<3}", e.mentions.len())),
            );
            let mut left = width.saturating_sub(column + 14);
            for (i, form) in forms.iter().enumerate() {
                let form = shorten(form, 40);
                if form.width() + 3 > left && i > 0 {
                    line.push_str(" …");
                    break;
                }
                left = left.saturating_sub(form.width() + 3);
                line.push_str(if i > 0 { " · " } else { " " });
                line.push_str(&self.cell(&form));
            }
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    /// `who → through whom`, in English names where they are known.
    fn chain(&self, chain: &[ChainLink], english: bool, columns: usize) -> String {
        let each = (columns / chain.len().max(1)).saturating_sub(3);
        let links: Vec<String> = chain
            .iter()
            .map(|l| match l.span {
                None => "(not named)".to_string(),
                Some(s) => match self.view.name(s) {
                    Some(name) if english => self.cell(&shorten(&clean(&name), each)),
                    _ => self.words(s, each),
                },
            })
            .collect();
        links.join(" → ")
    }

    fn statements(&mut self) {
        let (view, width) = (self.view, self.look.width);
        if view.reading.statements.is_empty() {
            return;
        }
        self.heading("WHO SAYS, THROUGH WHOM");
        for s in &view.reading.statements {
            let id = self.paint(BOLD, &format!("{:<5}", s.id));
            let cue = s.cue.map_or_else(String::new, |c| self.words(c, 20));
            let line = format!("    {id} {:<8} {}", s.stance.code(), self.chain(&s.chain, false, width - 20));
            let _ = writeln!(self.out, "{line}");
            if s.chain.iter().any(|l| l.span.is_some_and(|x| view.name(x).is_some())) {
                let names = self.chain(&s.chain, true, width - 20);
                self.row("names", &names);
            }
            if !cue.is_empty() {
                self.row(if s.direct { "quoted" } else { "said" }, &cue);
            }
            for c in &s.content {
                let words = self.words(*c, width.saturating_sub(18));
                self.row("", &words);
            }
        }
    }

    fn events(&mut self) {
        let (view, width) = (self.view, self.look.width);
        if view.reading.events.is_empty() {
            return;
        }
        self.heading("EVENTS");
        for e in &view.reading.events {
            let id = self.paint(BOLD, &format!("{:<5}", e.id));
            let name = self.paint(BOLD, &format!("{:<24}", kind(e)));
            let mut how = match e.status {
                Status::Actual => String::new(),
                other => other.code().to_string(),
            };
            if e.polarity == Polarity::Negative {
                how = format!("not{}{how}", if how.is_empty() { "" } else { ", " });
            }
            let how = if how.is_empty() { how } else { self.paint(type_style(EntityType::Fac), &format!("[{how}] ")) };
            let _ = writeln!(self.out, "    {id} {name} {how}{}", self.words(e.trigger, 24));
            let spans = |t: &Self, list: &[Span]| -> Vec<String> {
                list.iter()
                    .map(|s| {
                        let words = t.words(*s, width.saturating_sub(50));
                        t.view.name(*s).map_or(words.clone(), |n| format!("{words} = {}", clean(&n)))
                    })
                    .collect()
            };
            let two: Vec<String> = spans(self, &e.actor);
            let to: Vec<String> = spans(self, &e.recipient);
            match (two.is_empty(), to.is_empty()) {
                (true, true) => {}
                (false, true) => self.row("who", &two.join(" + ")),
                (true, false) => self.row("to", &to.join(" + ")),
                (false, false) => {
                    self.row("who", &two.join(" + "));
                    self.row("  → to", &to.join(" + "));
                }
            }
            for t in &e.things {
                let value = format!("{}  {}", thing(t), self.words(t.span, width.saturating_sub(50)));
                self.row("what", &value);
            }
            if let Some(h) = &e.harm {
                let h = harm(h);
                if !h.is_empty() {
                    self.row("harm", &h);
                }
            }
            for (label, list) in [("where", &e.place), ("when", &e.time)] {
                if !list.is_empty() {
                    let value = spans(self, list).join(" + ");
                    self.row(label, &value);
                }
            }
            let said = match view.statement(e.statement.as_deref()) {
                Some(s) => format!("{} ({})", self.chain(&s.chain, true, width - 28), s.id),
                None => "the outlet itself".to_string(),
            };
            self.row("said by", &said);
            for line in view.why(&e.id) {
                let line = self.cell(&clean(line));
                self.row("why", &line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Document, Reading};

    use super::*;

    const LOOK: Look = Look { color: false, isolate: false, width: 80 };

    fn draw(look: Look) -> String {
        let text = "سلمت دولة الرمل 8 مركبات على الأقل، بحسب صحيفة الضفة.";
        let span = |word: &str| {
            let at = text.find(word).unwrap();
            let start = text[..at].chars().count() as u32;
            Span::new(start, start + word.chars().count() as u32)
        };
        let document = Document { id: "a\u{1b}[31m".into(), text: text.into(), ..Document::default() };
        let reading: Reading = serde_json::from_value(serde_json::json!({
            "id": "a", "entities": [
                {"id": "e1", "type": "GPE", "name": "Sandland", "mentions": [span("دولة الرمل")]},
                {"id": "e2", "type": "MED", "name": "صحيفة الضفة", "mentions": [span("صحيفة الضفة")]}],
            "statements": [{"id": "st1", "chain": [{"role": "origin", "span": null}, {"role": "via", "span": span("صحيفة الضفة")}],
                "cue": span("بحسب"), "content": [span("سلمت")], "direct": false, "stance": "neutral"}],
            "events": [{"id": "ev1", "type": "AID", "mode": null, "trigger": span("سلمت"), "actor": [span("دولة الرمل")],
                "recipient": [], "things": [{"span": span("8 مركبات"), "what": "vehicle", "model": null, "count": 8, "bound": "at_least"}],
                "place": [], "time": [], "status": "possible", "polarity": "negative", "statement": "st1"}]
        }))
        .unwrap();
        render(&View::new(&document, &reading, &[], text), look)
    }

    #[test]
    fn an_event_is_told_in_full() {
        let t = draw(LOOK);
        for part in [
            "ev1   AID                      [not, possible] سلمت",
            "who        دولة الرمل = Sandland",
            "what       ≥ 8 vehicle  8 مركبات",
            "(not named) → صحيفة الضفة (st1)",
            "GPE Sandland    ×1   دولة الرمل",
            "2 entities · 1 statement · 1 event",
        ] {
            assert!(t.contains(part), "{part:?} is missing in\n{t}");
        }
        assert!(!t.contains(['\u{1b}', '\u{2068}']), "{t}");
    }

    #[test]
    fn cells_are_isolated_and_escapes_disarmed() {
        let t = draw(Look { isolate: true, color: true, ..LOOK });
        assert_eq!(t.matches('\u{2068}').count(), t.matches('\u{2069}').count());
        assert!(t.contains("\u{2068}دولة الرمل\u{2069}"));
        assert!(t.contains("━━ a [31m "), "{t:?}");
    }

    #[test]
    fn numbers_and_lengths() {
        assert_eq!([1200.0, 2.5, 0.0, -1_000_000.0].map(number), ["1,200", "2.5", "0", "-1,000,000"]);
        assert_eq!(shorten("واحد اثنان ثلاثة", 12), "واحد اثنان…");
        assert_eq!(shorten("abcdefghij", 5), "abcd…");
        assert_eq!(clean(" a\n\u{202e}b\u{0}\tc "), "a b c");
    }
}
