//! JSON: one object a line, or laid out so that a person can read it and a diff stays small.

use std::io::{self, Write};

use model::{Analysis, Entity, Event, Framing, Reading, Span, Statement};
use reader::Explanation;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

/// Why an event was read as it was.
#[derive(Serialize)]
struct Why<'a> {
    of: &'a str,
    lines: &'a [String],
}

/// An event with the codes that follow from its type and mode.
#[derive(Serialize)]
struct EventOut<'a> {
    #[serde(flatten)]
    event: &'a Event,
    cameo: Option<&'static str>,
}

/// The fields of a [`Reading`], in its order.
#[derive(Serialize)]
struct ReadingOut<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    entities: &'a [Entity],
    statements: &'a [Statement],
    events: Vec<EventOut<'a>>,
    framing: &'a [Framing],
    #[serde(skip_serializing_if = "<[Span]>::is_empty")]
    furniture: &'a [Span],
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<Vec<Why<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct AnalysisOut<'a> {
    #[serde(flatten)]
    analysis: &'a Analysis,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// A reading as JSON, without a final line break when laid out, with one when on a line.
pub fn reading(reading: &Reading, explain: Option<&[Explanation]>, text: Option<&str>, line: bool) -> Vec<u8> {
    let explain = explain.map(|x| x.iter().map(|w| Why { of: &w.of, lines: &w.lines }).collect());
    // every field by name: a new one must be thought of here
    let Reading { id, language, entities, statements, events, framing, furniture } = reading;
    let events = events
        .iter()
        .map(|event| EventOut { event, cameo: export::codes::cameo(event.kind, event.mode.as_deref()) })
        .collect();
    let language = language.as_deref();
    write(&ReadingOut { id, language, entities, statements, events, framing, furniture, explain, text }, line)
}

/// An analysis as JSON, laid out or on a line.
pub fn analysis(analysis: &Analysis, text: Option<&str>, line: bool) -> Vec<u8> {
    write(&AnalysisOut { analysis, text }, line)
}

/// Any value, laid out or on a line.
pub fn write(value: &impl Serialize, line: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(4096);
    let done = if line {
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, CompactFormatter))
    } else {
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Layout::default()))
    };
    done.expect("writing records to memory cannot fail");
    if line {
        out.push(b'\n');
    }
    out
}

/// The two outer levels get a line for each member, what is inside stays on its line.
#[derive(Default)]
struct Layout {
    depth: usize,
    filled: bool,
}

const OUTER: usize = 2;

impl Layout {
    fn member<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.depth > OUTER {
            return if first { Ok(()) } else { out.write_all(b", ") };
        }
        out.write_all(if first { b"\n" } else { b",\n" })?;
        out.write_all(&b"    "[..self.depth * 2])
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.filled && self.depth < OUTER {
            out.write_all(b"\n")?;
            out.write_all(&b"    "[..self.depth * 2])?;
        }
        self.filled = true;
        Ok(())
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(b"[")
    }
    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out)?;
        out.write_all(b"]")
    }
    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }
    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(b"{")
    }
    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out)?;
        out.write_all(b"}")
    }
    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }
    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_json_and_keeps_records_on_their_line() {
        let value = serde_json::json!({"id": "a", "events": [{"x": [[1, 2], []], "y": {}}, {"z": null}], "none": []});
        let text = String::from_utf8(write(&value, false)).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(text.contains("\n    {\"x\": [[1, 2], []], \"y\": {}},\n    {\"z\": null}\n  ]"), "{text}");
        assert!(text.contains("\n  \"none\": []"), "{text}");
        assert!(text.starts_with("{\n") && text.ends_with("\n}"), "{text}");
    }

    #[test]
    fn a_line_is_a_line() {
        let reading = Reading { id: "أ\n".into(), ..Reading::default() };
        let bytes = super::reading(&reading, None, Some("نص\u{2028}"), true);
        assert_eq!(bytes.split(|b| *b == b'\n').count(), 2);
    }
}
