//! What questions answer with, in the shape that the project's format fixes, with more fields.

use model::EventType;
use serde::Serialize;
use trace::chain::First;
use trace::contradictions::{Contradiction, Contradictions, VersionAt};
use trace::stories::{Copy, Story};

/// A group of near-copies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoryLine {
    /// Stable id.
    pub id: String,
    /// By publication.
    pub documents: Vec<Copy>,
    /// Id of the earliest copy.
    pub first: String,
    /// The outlet that had it first, as far as is known.
    pub first_outlet: Option<String>,
}

impl From<Story> for StoryLine {
    fn from(s: Story) -> Self {
        let first_outlet = s.documents.first().and_then(|d| d.outlet.clone());
        Self { id: s.id, documents: s.documents, first: s.first, first_outlet }
    }
}

/// What tellings of one happening differ in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContradictionLine {
    /// Id of the happening.
    pub id: String,
    /// PLOVER type of most claims.
    #[serde(rename = "type")]
    pub kind: Option<EventType>,
    /// Who reported first.
    pub first: Option<First>,
    /// What differs.
    pub contradictions: Vec<Contradiction>,
    /// Versions in order of time.
    pub timeline: Vec<VersionAt>,
}

impl ContradictionLine {
    pub(crate) fn new(c: Contradictions, kind: Option<EventType>, first: Option<First>) -> Self {
        Self { id: c.id, kind, first, contradictions: c.contradictions, timeline: c.timeline }
    }
}
