//! `GraphML`: actors and recipients with an edge a claim, or the chains that claims came through.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write;

use model::Entity;
use sha2::{Digest, Sha256};

use super::{Done, Graph, Layout};
use crate::ExportError;
use crate::claim::{Article, Claim, Party, entity_key, hex, key};
use crate::codes;

/// An attribute: name, type, what it is of.
type Key = (&'static str, &'static str, &'static str);

const NODES: [Key; 5] = [
    ("label", "string", "node"),
    ("key", "string", "node"),
    ("kind", "string", "node"),
    ("country", "string", "node"),
    ("sector", "string", "node"),
];

const ACTORS: [Key; 17] = [
    ("event_id", "string", "edge"),
    ("type", "string", "edge"),
    ("mode", "string", "edge"),
    ("cameo", "string", "edge"),
    ("quad_code", "int", "edge"),
    ("scale", "double", "edge"),
    ("status", "string", "edge"),
    ("polarity", "string", "edge"),
    ("date", "string", "edge"),
    ("date_start", "string", "edge"),
    ("date_end", "string", "edge"),
    ("origin", "string", "edge"),
    ("origin_kind", "string", "edge"),
    ("outlet", "string", "edge"),
    ("published", "string", "edge"),
    ("document", "string", "edge"),
    ("words", "string", "edge"),
];

const CHAINS: [Key; 8] = [
    ("event_id", "string", "edge"),
    ("type", "string", "edge"),
    ("position", "int", "edge"),
    ("step", "string", "edge"),
    ("stance", "string", "edge"),
    ("said", "string", "edge"),
    ("published", "string", "edge"),
    ("document", "string", "edge"),
];

fn keys(graph: Graph) -> impl Iterator<Item = Key> {
    let edges: &[Key] = match graph {
        Graph::Actors => &ACTORS,
        Graph::Chains => &CHAINS,
    };
    NODES.into_iter().chain(edges.iter().copied())
}

/// The declarations of attributes: `GraphML`'s own schema.
pub(super) fn schema(graph: Graph) -> String {
    keys(graph).fold(String::new(), |mut out, (name, kind, of)| {
        let short = &of[..1];
        let _ = writeln!(out, "  <key id=\"{short}_{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>");
        out
    })
}

pub(super) struct GraphMl<W> {
    writer: W,
    graph: Graph,
    records: u64,
    edges: u64,
    nodes: HashSet<[u8; 16]>,
}

impl<W: Write> GraphMl<W> {
    pub(super) fn new(mut writer: W, graph: Graph) -> Result<Self, ExportError> {
        write!(
            writer,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n{}  \
             <graph id=\"{}\" edgedefault=\"directed\">\n",
            schema(graph),
            graph.code()
        )?;
        Ok(Self { writer, graph, records: 0, edges: 0, nodes: HashSet::new() })
    }

    /// Writes a node once; its identifier.
    fn node(&mut self, key: &str, label: &str, entity: Option<&Entity>) -> Result<String, ExportError> {
        let mut hash = [0; 16];
        hash.copy_from_slice(&Sha256::digest(key.as_bytes())[..16]);
        let id = format!("n{}", hex(&hash));
        if self.nodes.insert(hash) {
            let mut out = format!("    <node id=\"{id}\">");
            data(&mut out, "n_label", Some(label));
            data(&mut out, "n_key", Some(key));
            data(&mut out, "n_kind", entity.map(|e| e.kind.code()));
            data(&mut out, "n_country", entity.and_then(|e| e.country.as_deref()));
            data(&mut out, "n_sector", entity.and_then(|e| e.sector.as_deref()));
            out.push_str("</node>\n");
            self.writer.write_all(out.as_bytes())?;
            self.records += 1;
        }
        Ok(id)
    }

    fn party(&mut self, parties: &[Party<'_>]) -> Result<Vec<String>, ExportError> {
        let mut ids = Vec::new();
        for party in parties {
            for entity in &party.entities {
                ids.push(self.node(&entity_key(entity), &entity.name, Some(entity))?);
            }
            if party.entities.is_empty() && !party.words.trim().is_empty() {
                ids.push(self.node(&key(party), party.words, None)?);
            }
        }
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        Ok(ids)
    }

    fn edge(&mut self, from: &str, to: &str, data: &str) -> Result<(), ExportError> {
        let n = self.edges;
        writeln!(self.writer, "    <edge id=\"e{n}\" source=\"{from}\" target=\"{to}\">{data}</edge>")?;
        self.edges += 1;
        self.records += 1;
        Ok(())
    }

    fn actors(&mut self, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        match (claim.actors.is_empty(), claim.recipients.is_empty()) {
            (true, true) => return Ok(Some("no actor and no recipient is stated")),
            (true, false) => return Ok(Some("no actor is stated")),
            (false, true) => return Ok(Some("no recipient is stated")),
            (false, false) => {}
        }
        let (from, to) = (self.party(&claim.actors)?, self.party(&claim.recipients)?);
        let event = claim.event;
        let mut out = String::new();
        data(&mut out, "e_event_id", Some(&claim.id));
        data(&mut out, "e_type", Some(event.kind.code()));
        data(&mut out, "e_mode", event.mode.as_deref());
        data(&mut out, "e_cameo", claim.cameo());
        data(&mut out, "e_quad_code", Some(&codes::quad(event.kind).to_string()));
        data(&mut out, "e_scale", claim.scale().map(|s| s.to_string()).as_deref());
        data(&mut out, "e_status", Some(event.status.code()));
        data(&mut out, "e_polarity", Some(event.polarity.code()));
        data(&mut out, "e_date", event.when.as_ref().map(|w| w.value.as_str()));
        data(&mut out, "e_date_start", claim.days.start.map(|d| d.to_string()).as_deref());
        data(&mut out, "e_date_end", claim.days.end.map(|d| d.to_string()).as_deref());
        data(&mut out, "e_origin", claim.asserted_by().and_then(|l| l.label));
        data(&mut out, "e_origin_kind", Some(claim.origin().code()));
        data(&mut out, "e_outlet", claim.document.outlet.as_deref());
        data(&mut out, "e_published", claim.document.published.as_deref());
        data(&mut out, "e_document", Some(&claim.document.id));
        data(&mut out, "e_words", Some(claim.trigger));
        let mut drawn = false;
        for (f, t) in from.iter().flat_map(|f| to.iter().map(move |t| (f, t))).take(MOST_PAIRS) {
            self.edge(f, t, &out)?;
            drawn = true;
        }
        Ok((!drawn).then_some("actor or recipient is without words"))
    }

    fn chain(&mut self, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        // a hidden origin is a node of its own: two of them are not known to be the same
        let links: Vec<_> = claim.chain.iter().filter(|l| l.label.is_some() || l.role != "outlet").collect();
        if links.len() < 2 {
            return Ok(Some(if links.is_empty() {
                "neither a statement nor an outlet is stated"
            } else {
                "the chain has one link only"
            }));
        }
        let mut ids = Vec::with_capacity(links.len());
        for link in &links {
            ids.push(match (&link.key, link.label) {
                (Some(key), Some(label)) => {
                    let entity = link.named.as_ref().and_then(|p| p.entities.first().copied());
                    self.node(key, label, entity)?
                }
                _ => self.node(&format!("hidden:{}", claim.id), "?", None)?,
            });
        }
        for (position, (nodes, steps)) in ids.windows(2).zip(links.windows(2)).enumerate() {
            let mut out = String::new();
            data(&mut out, "e_event_id", Some(&claim.id));
            data(&mut out, "e_type", Some(claim.event.kind.code()));
            data(&mut out, "e_position", Some(&position.to_string()));
            data(&mut out, "e_step", Some(&format!("{} > {}", steps[0].role, steps[1].role)));
            data(&mut out, "e_stance", claim.statement.map(|s| s.stance.code()));
            data(&mut out, "e_said", claim.statement.and_then(|s| s.when.as_ref()).map(|w| w.value.as_str()));
            data(&mut out, "e_published", claim.document.published.as_deref());
            data(&mut out, "e_document", Some(&claim.document.id));
            self.edge(&nodes[0], &nodes[1], &out)?;
        }
        Ok(None)
    }
}

/// Most edges a claim: a list of names on both sides is no reason to draw thousands.
const MOST_PAIRS: usize = 256;

fn data(out: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = write!(out, "<data key=\"{key}\">{}</data>", escaped(value));
    }
}

/// Text as XML 1.0 allows it: marks escaped, characters that no document may hold replaced.
fn escaped(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| (c < ' ' && !matches!(c, '\t' | '\n')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"') || forbidden(c);
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            c if forbidden(c) => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

impl<W: Write> Layout<W> for GraphMl<W> {
    fn claim(&mut self, _: &Article<'_>, claim: &Claim<'_>) -> Result<Option<&'static str>, ExportError> {
        match self.graph {
            Graph::Actors => self.actors(claim),
            Graph::Chains => self.chain(claim),
        }
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Done<W>>, ExportError> {
        self.writer.write_all(b"  </graph>\n</graphml>\n")?;
        Ok(vec![Done { writer: self.writer, records: self.records }])
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_is_escaped_and_cleaned() {
        assert_eq!(escaped("قال"), "قال");
        assert_eq!(escaped("a<b>&\"\0\u{1b}\r"), "a&lt;b&gt;&amp;&quot;\u{fffd}\u{fffd}&#13;");
    }
}
