//! Gold files: `ID.txt`, `ID.meta.json`, `ID.gold.json`; spans there are a sentence number and exact text.

use std::path::{Path, PathBuf};

use model::{Bound, EntityType, EventType, Polarity, Span, Stance, Status};
use serde::Deserialize;

/// Why a gold file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GoldError {
    /// Unreadable.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not of the form of gold files.
    #[error("{}: {reason}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// One annotated article, spans as code points into [`Gold::text`].
#[derive(Clone, Debug)]
pub struct Gold {
    /// Name of the article.
    pub id: String,
    /// The whole text.
    pub text: String,
    /// Publication date, where known.
    pub published: Option<String>,
    /// The outlet.
    pub outlet: Option<String>,
    /// Type and mentions of each entity.
    pub entities: Vec<(EntityType, String, Vec<Span>)>,
    /// Statements.
    pub statements: Vec<GoldStatement>,
    /// Events.
    pub events: Vec<GoldEvent>,
    /// Framing words with their kind.
    pub framing: Vec<(Span, String)>,
}

/// A gold statement.
#[derive(Clone, Debug)]
pub struct GoldStatement {
    /// Identifier.
    pub id: String,
    /// Origin, then relays; none where the origin is hidden.
    pub chain: Vec<(bool, Option<Span>)>,
    /// Words of saying.
    pub cue: Option<Span>,
    /// What is said.
    pub content: Vec<Span>,
    /// In quotation marks.
    pub direct: bool,
    /// Stance.
    pub stance: Stance,
}

/// A gold event.
#[derive(Clone, Debug)]
pub struct GoldEvent {
    /// Identifier.
    pub id: String,
    /// PLOVER type.
    pub kind: EventType,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// Trigger.
    pub trigger: Span,
    /// Actors.
    pub actor: Vec<Span>,
    /// Recipients.
    pub recipient: Vec<Span>,
    /// Places.
    pub place: Vec<Span>,
    /// Times.
    pub time: Vec<Span>,
    /// Things with their counts.
    pub things: Vec<(Span, Option<f64>, Bound)>,
    /// Status.
    pub status: Status,
    /// Polarity.
    pub polarity: Polarity,
    /// Identifier of the innermost statement.
    pub statement: Option<String>,
    /// Killed and injured, where a number of either is stated.
    pub harm: Option<[Option<u64>; 2]>,
    /// Whether only trigger and type are annotated: who and what is not known, rather than not stated.
    pub trigger_only: bool,
}

/// A span as files write it: a sentence and exact text, or, where no text may be kept, code points.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawSpan {
    Quoted {
        s: usize,
        t: String,
        #[serde(default)]
        k: Option<usize>,
    },
    Offsets(Span),
}

#[derive(Deserialize)]
struct RawEntity {
    #[serde(rename = "type")]
    kind: EntityType,
    #[serde(default)]
    name: String,
    mentions: Vec<RawSpan>,
}

#[derive(Deserialize)]
struct RawLink {
    role: String,
    #[serde(default, alias = "span")]
    who: Option<RawSpan>,
}

#[derive(Deserialize)]
struct RawStatement {
    id: String,
    chain: Vec<RawLink>,
    #[serde(default)]
    cue: Option<RawSpan>,
    #[serde(default)]
    content: Vec<RawSpan>,
    #[serde(default)]
    direct: bool,
    #[serde(default)]
    stance: Stance,
}

#[derive(Deserialize)]
struct RawThing {
    span: RawSpan,
    #[serde(default)]
    count: Option<f64>,
    #[serde(default)]
    bound: Option<Bound>,
}

#[derive(Deserialize)]
struct RawEvent {
    id: String,
    #[serde(rename = "type")]
    kind: EventType,
    #[serde(default)]
    mode: Option<String>,
    trigger: RawSpan,
    #[serde(default)]
    actor: Vec<RawSpan>,
    #[serde(default)]
    recipient: Vec<RawSpan>,
    #[serde(default)]
    place: Vec<RawSpan>,
    #[serde(default)]
    time: Vec<RawSpan>,
    #[serde(default)]
    things: Vec<RawThing>,
    status: Status,
    polarity: Polarity,
    #[serde(default)]
    statement: Option<String>,
    #[serde(default)]
    harm: Option<RawHarm>,
    #[serde(default)]
    trigger_only: bool,
}

#[derive(Deserialize)]
struct RawHarm {
    #[serde(default)]
    killed: Option<u64>,
    #[serde(default)]
    injured: Option<u64>,
}

#[derive(Deserialize)]
struct RawFraming {
    span: RawSpan,
    #[serde(default)]
    kind: String,
}

#[derive(Deserialize)]
struct RawGold {
    id: String,
    #[serde(default)]
    entities: Vec<RawEntity>,
    #[serde(default)]
    statements: Vec<RawStatement>,
    #[serde(default)]
    events: Vec<RawEvent>,
    #[serde(default)]
    framing: Vec<RawFraming>,
}

#[derive(Deserialize, Default)]
struct Meta {
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    outlet: Option<String>,
}

/// Sentences as gold files number them: lines, cut after `. ! ? ؟` before white space. Each with its first code point.
pub fn sentences(text: &str) -> Vec<(u32, &str)> {
    let mut out = Vec::new();
    let mut base = 0u32;
    for line in text.split('\n') {
        let chars: Vec<(usize, char)> = line.char_indices().collect();
        let mut i = 0;
        while i < chars.len() {
            if chars[i].1.is_whitespace() {
                i += 1;
                continue;
            }
            let mut end = chars.len();
            for j in i + 1..chars.len() {
                if matches!(chars[j].1, '.' | '!' | '?' | '؟') && chars.get(j + 1).is_none_or(|c| c.1.is_whitespace())
                {
                    end = j + 1;
                    break;
                }
            }
            let to = chars.get(end).map_or(line.len(), |c| c.0);
            out.push((base + i as u32, &line[chars[i].0..to]));
            i = end;
        }
        base += chars.len() as u32 + 1;
    }
    out
}

fn locate(span: &RawSpan, sentences: &[(u32, &str)]) -> Result<Span, String> {
    let (s, t, k) = match span {
        RawSpan::Offsets(span) => return Ok(*span),
        RawSpan::Quoted { s, t, k } => (*s, t, k.unwrap_or(1)),
    };
    let (start, text) = sentences.get(s).ok_or_else(|| format!("no sentence {s}"))?;
    let mut from = 0;
    let mut at = None;
    for _ in 0..k {
        let hit = text[from..].find(t.as_str()).ok_or_else(|| format!("{t:?} not in sentence {s}"))? + from;
        at = Some(hit);
        from = hit + text[hit..].chars().next().map_or(1, char::len_utf8);
    }
    let at = at.ok_or("k must be at least 1")?;
    let begin = start + text[..at].chars().count() as u32;
    Ok(Span::new(begin, begin + t.chars().count() as u32))
}

impl Gold {
    /// Reads one annotated article by the path of its `.gold.json`.
    pub fn load(path: &Path) -> Result<Self, GoldError> {
        let read = |p: &Path| std::fs::read_to_string(p).map_err(|source| GoldError::Io { path: p.into(), source });
        let stem = path.to_string_lossy().trim_end_matches(".gold.json").to_string();
        let text = read(Path::new(&format!("{stem}.txt")))?;
        let meta: Meta = std::fs::read_to_string(format!("{stem}.meta.json"))
            .ok()
            .and_then(|m| serde_json::from_str(&m).ok())
            .unwrap_or_default();
        Self::parse(&read(path)?, text, meta.published, meta.outlet)
            .map_err(|reason| GoldError::Form { path: path.into(), reason })
    }

    /// Reads an annotation over a text that is at hand.
    pub fn parse(json: &str, text: String, published: Option<String>, outlet: Option<String>) -> Result<Self, String> {
        let raw: RawGold = serde_json::from_str(json).map_err(|e| e.to_string())?;
        let s = sentences(&text);
        let one = |x: &RawSpan| locate(x, &s);
        let many = |x: &[RawSpan]| x.iter().map(one).collect::<Result<Vec<_>, _>>();
        let mut gold = Self {
            id: raw.id,
            published,
            outlet,
            entities: Vec::new(),
            statements: Vec::new(),
            events: Vec::new(),
            framing: Vec::new(),
            text: String::new(),
        };
        for e in &raw.entities {
            gold.entities.push((e.kind, e.name.clone(), many(&e.mentions)?));
        }
        for x in &raw.statements {
            gold.statements.push(GoldStatement {
                id: x.id.clone(),
                chain: x
                    .chain
                    .iter()
                    .map(|c| Ok((c.role == "via", c.who.as_ref().map(one).transpose()?)))
                    .collect::<Result<_, String>>()?,
                cue: x.cue.as_ref().map(one).transpose()?,
                content: many(&x.content)?,
                direct: x.direct,
                stance: x.stance,
            });
        }
        for x in &raw.events {
            gold.events.push(GoldEvent {
                id: x.id.clone(),
                kind: x.kind,
                mode: x.mode.clone(),
                trigger: one(&x.trigger)?,
                actor: many(&x.actor)?,
                recipient: many(&x.recipient)?,
                place: many(&x.place)?,
                time: many(&x.time)?,
                things: x
                    .things
                    .iter()
                    .map(|t| Ok((one(&t.span)?, t.count, t.bound.unwrap_or(Bound::Exact))))
                    .collect::<Result<_, String>>()?,
                status: x.status,
                polarity: x.polarity,
                statement: x.statement.clone(),
                harm: x.harm.as_ref().map(|h| [h.killed, h.injured]).filter(|h| h.iter().any(Option::is_some)),
                trigger_only: x.trigger_only,
            });
        }
        for x in &raw.framing {
            if let Ok(s) = one(&x.span) {
                gold.framing.push((s, x.kind.clone()));
            }
        }
        gold.text = text;
        Ok(gold)
    }
}

/// All annotated articles of a folder, by name.
fn load_dir(dir: &Path) -> Result<Vec<Gold>, GoldError> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
        .map_err(|source| GoldError::Io { path: dir.into(), source })?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.to_string_lossy().ends_with(".gold.json"))
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(GoldError::Form { path: dir.into(), reason: "holds no *.gold.json".into() });
    }
    paths.iter().map(|p| Gold::load(p)).collect()
}

/// The annotated texts of a JSON Lines file: an annotation a line, with the `text` that it is of.
fn load_lines(file: &Path) -> Result<Vec<Gold>, GoldError> {
    let all = std::fs::read_to_string(file).map_err(|source| GoldError::Io { path: file.into(), source })?;
    let parse = |(n, line): (usize, &str)| {
        let whole = serde_json::from_str::<Whole>(line).map_err(|e| e.to_string());
        let gold = whole.and_then(|w| Gold::parse(line, w.text, w.published, w.outlet));
        gold.map_err(|e| GoldError::Form { path: file.into(), reason: format!("line {}: {e}", n + 1) })
    };
    all.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(parse).collect()
}

/// What a line holds besides its annotation.
#[derive(Deserialize)]
struct Whole {
    text: String,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    outlet: Option<String>,
}

/// Annotated articles: those of a folder, or of a JSON Lines file.
pub fn load(path: &Path) -> Result<Vec<Gold>, GoldError> {
    if path.is_file() { load_lines(path) } else { load_dir(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_annotated_text() {
        let file = std::env::temp_dir().join(format!("isnad-gold-{}.jsonl", std::process::id()));
        let line = r#"{"id": "x", "text": "قصف", "entities": [], "statements": [], "events": [{"id": "v1", "type": "ASSAULT", "trigger": [0, 3], "actor": [], "recipient": [], "place": [], "time": [], "things": [], "status": "actual", "polarity": "positive"}]}"#;
        std::fs::write(&file, format!("{line}\n\n{line}\n")).unwrap();
        let gold = load(&file).unwrap();
        assert_eq!((gold.len(), gold[1].text.as_str(), gold[1].events.len()), (2, "قصف", 1));
        std::fs::write(&file, format!("{line}\n{{\"id\": \"y\"}}\n")).unwrap();
        let wrong = load(&file).unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        assert!(wrong.contains("line 2") && wrong.contains("text"), "{wrong}");
    }

    #[test]
    fn sentences_are_numbered_as_the_annotators_saw_them() {
        let t = "عنوان\n\nقال 3.5 نعم. ثم ذهب؟ \n.أ";
        let s = sentences(t);
        assert_eq!(s.iter().map(|x| x.1).collect::<Vec<_>>(), ["عنوان", "قال 3.5 نعم.", "ثم ذهب؟", ".أ"]);
        assert_eq!(s[1].0, 7);
    }
}
