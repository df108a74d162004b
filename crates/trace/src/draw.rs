//! Graphs of chains as `GraphViz` DOT and as `GraphML`, safe for any name.

use std::fmt::Write as _;

use crate::chain::{Graph, Node, NodeKind};

fn kind(n: &Node) -> &'static str {
    match n.kind {
        NodeKind::Origin => "origin",
        NodeKind::Unnamed => "unnamed source",
        NodeKind::Outlet => "outlet",
        NodeKind::Relay => "relay",
    }
}

/// A quoted DOT string: no control characters, quotes and backslashes escaped.
fn dot_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Text of XML 1.0: markup escaped, characters that XML forbids left out.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c < ' ' || ('\u{7f}'..='\u{9f}').contains(&c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// The graph in DOT, from origins on the left to outlets on the right.
pub fn dot(g: &Graph) -> String {
    let mut out = format!("digraph {} {{\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n", dot_quoted(&g.id));
    for (i, n) in g.nodes.iter().enumerate() {
        let shape = match n.kind {
            NodeKind::Origin => "ellipse",
            NodeKind::Unnamed => "ellipse, style=dashed",
            NodeKind::Outlet => "box",
            NodeKind::Relay => "box, style=rounded",
        };
        let _ =
            writeln!(out, "  n{i} [label={}, tooltip={}, shape={shape}];", dot_quoted(&n.name), dot_quoted(kind(n)));
    }
    for (a, b) in &g.edges {
        let _ = writeln!(out, "  n{a} -> n{b};");
    }
    out.push_str("}\n");
    out
}

/// The graph in `GraphML`.
pub fn graphml(g: &Graph) -> String {
    let mut out = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        "  <key id=\"name\" for=\"node\" attr.name=\"name\" attr.type=\"string\"/>\n",
        "  <key id=\"kind\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n",
        "  <key id=\"key\" for=\"node\" attr.name=\"key\" attr.type=\"string\"/>\n",
    ));
    let _ = writeln!(out, "  <graph id=\"{}\" edgedefault=\"directed\">", xml(&g.id));
    for (i, n) in g.nodes.iter().enumerate() {
        let _ = writeln!(
            out,
            "    <node id=\"n{i}\"><data key=\"name\">{}</data><data key=\"kind\">{}</data><data key=\"key\">{}</data></node>",
            xml(&n.name),
            kind(n),
            xml(&n.key)
        );
    }
    for (i, (a, b)) in g.edges.iter().enumerate() {
        let _ = writeln!(out, "    <edge id=\"e{i}\" source=\"n{a}\" target=\"n{b}\"/>");
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}
