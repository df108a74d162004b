//! What the API answers with: the same records that `web/src/api/types.ts` names, and the source of the `OpenAPI` schemas.
//!
//! Every record is a claim made by somebody. `null` is "not stated"; nothing is filled in.

use std::collections::BTreeMap;

use model::Span;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name in either language; at least one is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Name {
    /// Arabic, or the words of the text where the lexicon does not know it.
    pub ar: Option<String>,
    /// English, where the lexicon knows it.
    pub en: Option<String>,
}

impl Name {
    /// The words of a text.
    pub fn written(words: &str) -> Self {
        Self { ar: Some(words.to_string()), en: None }
    }

    /// Both languages.
    pub fn both(ar: &str, en: &str) -> Self {
        Self { ar: Some(ar.into()), en: Some(en.into()) }
    }
}

/// Somebody who takes part or says something. `key` is null where the text does not say who.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Party {
    /// The same in every article.
    pub key: Option<String>,
    /// For display.
    pub name: Name,
}

/// An outlet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutletRef {
    /// The same in every article.
    pub key: String,
    /// For display.
    pub name: Name,
}

/// A point and what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Point {
    /// Decimal degrees, WGS 84.
    pub latitude: f32,
    /// Decimal degrees, WGS 84.
    pub longitude: f32,
    /// `country`, `adm1`, `city`, …
    pub level: String,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlaceRef {
    /// The same in every article.
    pub key: String,
    /// For display.
    pub name: Name,
    /// Null where the lexicon has no coordinates.
    pub location: Option<Point>,
}

/// A document as rows name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DocumentRef {
    /// Name by content.
    pub id: String,
    /// The id it came with.
    pub source_id: String,
    /// Headline.
    pub title: Option<String>,
    /// Outlet.
    pub outlet: Option<OutletRef>,
    /// Publication as given.
    pub published: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Group of near-copies.
    pub story: Option<String>,
}

/// Text with the ranges to be marked, in code points of `text`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Marked {
    /// The words.
    pub text: String,
    /// Half-open ranges, in order, without overlaps.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub highlights: Vec<Span>,
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give it back as `cursor`; null on the last page.
    pub next: Option<String>,
    /// How many match in all.
    pub total: Option<u64>,
    /// Goes up with every committed change of the ledger.
    pub revision: i64,
}

/// A document in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentSummary {
    /// The document.
    #[serde(flatten)]
    pub document: DocumentRef,
    /// Claims of events read in it.
    pub events: u64,
    /// Statements read in it.
    pub statements: u64,
    /// Loaded words in the outlet's own voice.
    pub loaded: u64,
    /// First words of the body, at most 240 code points.
    pub opening: String,
}

/// A place where a document was seen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sighting {
    /// Address.
    pub url: Option<String>,
    /// Outlet.
    pub outlet: Option<OutletRef>,
    /// When first (RFC 3339).
    pub seen: String,
    /// File or address it was taken from.
    #[schema(value_type = Option<Object>)]
    pub source: Option<serde_json::Value>,
}

/// A reading that was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReadingVersion {
    /// Number of what made it.
    pub id: i64,
    /// Version of the reader.
    pub reader: String,
    /// Fingerprint of the lexicon.
    pub lexicon: String,
    /// When (RFC 3339).
    pub made: String,
    /// Whether it is the one kept.
    pub current: bool,
}

/// The story that a document belongs to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InStory {
    /// The story.
    pub id: String,
    /// Copies, the first with them.
    pub copies: u64,
    /// Document of the earliest copy.
    pub first: String,
}

/// The happening that an event is a claim of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfHappening {
    /// The event in the reading.
    pub event: String,
    /// The happening.
    pub happening: String,
    /// Outlets that carry it.
    pub outlets: u32,
    /// Different ways they have it by.
    pub chains: u32,
    /// Independent origins.
    pub origins: u32,
}

/// All that is kept of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentFull {
    /// As it came in.
    #[schema(value_type = Object)]
    pub document: model::Document,
    /// Outlet.
    pub outlet: Option<OutletRef>,
    /// Hash of the normalised text.
    pub content_hash: String,
    /// Hash of the bytes it came in.
    pub raw_hash: Option<String>,
    /// When it was added (RFC 3339).
    pub added: String,
    /// What was read in it.
    #[schema(value_type = Object)]
    pub reading: model::Reading,
    /// Names for the keys in `reading.entities`.
    #[schema(value_type = Object)]
    pub names: BTreeMap<String, Name>,
    /// Where it was seen.
    pub sightings: Vec<Sighting>,
    /// Readings that were made of it.
    pub versions: Vec<ReadingVersion>,
    /// Near-copies.
    pub story: Option<InStory>,
    /// Which happening each event is a claim of.
    pub happenings: Vec<OfHappening>,
}

/// What made a reading.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReaderVersion {
    /// Version of the reader.
    pub version: String,
    /// Fingerprint of the lexicon.
    pub lexicon: String,
}

/// A document read and not kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReadOnly {
    /// As given.
    #[schema(value_type = Object)]
    pub document: model::Document,
    /// What was read in it.
    #[schema(value_type = Object)]
    pub reading: model::Reading,
    /// Names for the keys in `reading.entities`.
    #[schema(value_type = Object)]
    pub names: BTreeMap<String, Name>,
    /// What made the reading.
    pub reader: ReaderVersion,
    /// How long it took.
    pub milliseconds: f64,
}

/// A link of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChainStep {
    /// `origin`, `via` or `outlet`.
    pub role: String,
    /// For display.
    pub name: Name,
    /// The same in every article.
    pub key: Option<String>,
    /// The text does not say who it was.
    pub hidden: bool,
    /// The words that name it.
    pub words: Option<String>,
}

/// Goods, people or weapons.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ThingSummary {
    /// For display.
    pub what: Name,
    /// Class in the weapons list.
    pub class: Option<String>,
    /// Family in the weapons list.
    pub family: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// How many, where stated.
    #[serde(with = "whole")]
    #[schema(value_type = Option<f64>)]
    pub count: Option<f64>,
    /// `exact`, `about`, `at_least`, `more_than`, `up_to`.
    #[schema(value_type = String)]
    pub bound: model::Bound,
    /// Whether it is a part of another thing of the same event.
    pub part: bool,
    /// As written.
    pub words: String,
}

/// People killed and injured, as said.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Harm {
    /// Killed.
    pub killed: Option<u64>,
    /// Injured.
    pub injured: Option<u64>,
    /// How the numbers bound the counts.
    #[schema(value_type = String)]
    pub bound: model::Bound,
}

/// One event of one document, with the chain that says it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Claim {
    /// `<document>#<event>`.
    pub id: String,
    /// The article.
    pub document: DocumentRef,
    /// The event in its reading.
    pub event: String,
    /// The happening it is a claim of.
    pub happening: Option<String>,
    /// PLOVER type.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: model::EventType,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// How the text holds it.
    #[schema(value_type = String)]
    pub status: model::Status,
    /// Said to happen or not to.
    #[schema(value_type = String)]
    pub polarity: model::Polarity,
    /// How it is said; null in the outlet's own voice.
    #[schema(value_type = Option<String>)]
    pub stance: Option<model::Stance>,
    /// Who does it.
    pub actor: Vec<Party>,
    /// To whom.
    pub recipient: Vec<Party>,
    /// With or about what.
    pub things: Vec<ThingSummary>,
    /// Where.
    pub place: Vec<PlaceRef>,
    /// When, where stated.
    pub when: Option<String>,
    /// Deaths and injuries, as said.
    pub harm: Option<Harm>,
    /// Origin first, the outlet last.
    pub chain: Vec<ChainStep>,
    /// The sentence that carries it.
    pub evidence: Marked,
    /// The claim it is a near-copy of.
    pub copy_of: Option<String>,
}

/// A statement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StatementRow {
    /// `<document>#<statement>`.
    pub id: String,
    /// The article.
    pub document: DocumentRef,
    /// How the saying takes its content.
    #[schema(value_type = String)]
    pub stance: model::Stance,
    /// Whether the content stands in quotation marks.
    pub direct: bool,
    /// Origin first, the outlet last.
    pub chain: Vec<ChainStep>,
    /// When it was said, where stated.
    pub when: Option<String>,
    /// The sentence of the cue, content marked.
    pub evidence: Marked,
    /// The claims it makes.
    pub events: Vec<String>,
}

/// Earliest and latest.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Range {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// First and last publication.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reported {
    /// First.
    pub first: Option<String>,
    /// Last.
    pub last: Option<String>,
}

/// What several claims are said to be of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HappeningSummary {
    /// Stable.
    pub id: String,
    /// PLOVER type of most claims.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: model::EventType,
    /// PLOVER mode of most claims.
    pub mode: Option<String>,
    /// Parties of most claims.
    pub actor: Vec<Party>,
    /// Parties of most claims.
    pub recipient: Vec<Party>,
    /// Of the earliest claim, parts left out.
    pub things: Vec<ThingSummary>,
    /// Places of most claims.
    pub place: Vec<PlaceRef>,
    /// Stated time.
    pub when: Option<Range>,
    /// Publications.
    pub reported: Reported,
    /// Chain of the earliest claim.
    pub first_by: Vec<ChainStep>,
    /// Documents.
    pub documents: u32,
    /// Outlets that carry it.
    pub outlets: u32,
    /// Different ways they have it by.
    pub chains: u32,
    /// Independent origins.
    pub origins: u32,
    /// Claims that it happened.
    pub affirmed: u32,
    /// Claims that it did not.
    pub denied: u32,
    /// Points in which the tellings differ.
    pub contradictions: u32,
    /// Whether outlets cite each other in a circle.
    pub circular: bool,
    /// Of most affirming claims.
    #[schema(value_type = String)]
    pub status: model::Status,
}

/// One who says it or passes it on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GraphNode {
    /// Within this graph.
    pub id: String,
    /// `origin`, `relay` or `outlet`.
    pub kind: String,
    /// For display.
    pub name: Name,
    /// The same in every article.
    pub key: Option<String>,
    /// The texts do not say who.
    pub hidden: bool,
    /// Root it counts as; null for relays and outlets.
    pub root: Option<usize>,
    /// Roots that its claims rest on.
    pub rests_on: Vec<usize>,
    /// Node whose text it nearly copies.
    pub copy_of: Option<String>,
    /// Earliest publication.
    pub first: Option<String>,
    /// Claims that came by it.
    pub claims: Vec<String>,
    /// How an origin says it.
    #[schema(value_type = Option<String>)]
    pub stance: Option<model::Stance>,
}

/// From whom to whom the words went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GraphEdge {
    /// Node.
    pub from: String,
    /// Node.
    pub to: String,
    /// `said`, `relayed`, `copied` or `cited`.
    pub kind: String,
    /// Closes a circle.
    pub circular: bool,
    /// Claims that came by it.
    pub claims: Vec<String>,
}

/// An independent origin.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Root {
    /// For display.
    pub name: Name,
    /// The same in every article.
    pub key: Option<String>,
    /// The texts do not name it.
    pub hidden: bool,
    /// Body that several voices of it share.
    pub interest: Option<Name>,
    /// Outlets that rest on it.
    pub outlets: usize,
    /// Claims that rest on it.
    pub claims: usize,
}

/// What was claimed when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Version {
    /// Publication.
    pub at: String,
    /// The claim.
    pub claim: String,
    /// Who published it.
    pub outlet: Option<OutletRef>,
    /// Who says it.
    pub origin: Option<ChainStep>,
    /// `count`, `denial` or `status`.
    pub aspect: String,
    /// `first`, `raised`, `lowered`, `same`, `denied`, `confirmed` or `changed`.
    pub change: String,
    /// The count.
    #[serde(with = "whole")]
    #[schema(value_type = Option<f64>)]
    pub value: Option<f64>,
    /// How it bounds.
    #[schema(value_type = Option<String>)]
    pub bound: Option<model::Bound>,
    /// As written.
    pub words: String,
}

/// One side of a disagreement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Side {
    /// Words of its earliest claim.
    pub words: String,
    /// The count, where it is about one.
    #[serde(with = "whole")]
    #[schema(value_type = Option<f64>)]
    pub value: Option<f64>,
    /// How it bounds.
    #[schema(value_type = Option<String>)]
    pub bound: Option<model::Bound>,
    /// Of the happening's independent origins, those that this side rests on; none where outlets only cite each other.
    pub origins: usize,
    /// Outlets of this side.
    pub outlets: usize,
    /// Its claims.
    pub claims: Vec<String>,
}

/// What the tellings differ in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contradiction {
    /// Within the happening.
    pub id: String,
    /// `count`, `denial`, `actor`, `recipient`.
    pub aspect: String,
    /// The sides.
    pub sides: Vec<Side>,
}

/// Outlets that cite each other.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Circle {
    /// Nodes.
    pub nodes: Vec<String>,
    /// In both languages.
    pub words: Name,
}

/// Why two claims were joined.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Joined {
    /// The two claims.
    pub claims: [String; 2],
    /// Reasons.
    pub reasons: Vec<Name>,
}

/// A happening with everything that is said of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HappeningFull {
    /// The summary.
    #[serde(flatten)]
    pub summary: HappeningSummary,
    /// By publication.
    pub claims: Vec<Claim>,
    /// Independent origins, in order of their first claim.
    pub roots: Vec<Root>,
    /// The graph.
    pub nodes: Vec<GraphNode>,
    /// The graph.
    pub edges: Vec<GraphEdge>,
    /// What was claimed when.
    pub versions: Vec<Version>,
    /// What the tellings differ in.
    pub disagreements: Vec<Contradiction>,
    /// Circular reporting.
    pub circles: Vec<Circle>,
    /// Why claims were joined.
    pub joined_by: Vec<Joined>,
    /// Its line in the register of transfers.
    pub transfer: Option<String>,
}

/// A part of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiffPart {
    /// `same`, `added`, `dropped`.
    pub kind: String,
    /// The words.
    pub text: String,
    /// A loaded word was put in or taken out.
    pub loaded: bool,
}

/// Near-copies of one text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StorySummary {
    /// Stable.
    pub id: String,
    /// The earliest.
    pub first: DocumentRef,
    /// How many, the first with them.
    pub copies: usize,
    /// Of so many outlets.
    pub outlets: usize,
    /// First publication.
    pub from: Option<String>,
    /// Last publication.
    pub to: Option<String>,
}

/// A copy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryDocument {
    /// The document.
    pub document: DocumentRef,
    /// Share of shingles in common with the first.
    pub likeness: f64,
    /// Against the first.
    pub diff: Vec<DiffPart>,
    /// Words put in.
    pub added: usize,
    /// Words left out.
    pub dropped: usize,
}

/// A story with its copies.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryFull {
    /// The summary.
    #[serde(flatten)]
    pub summary: StorySummary,
    /// The earliest first.
    pub documents: Vec<StoryDocument>,
}

/// Somebody of the ledger.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActorSummary {
    /// The same in every article.
    pub key: String,
    /// For display.
    pub name: Name,
    /// Entity type.
    #[serde(rename = "type")]
    pub kind: String,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// PLOVER sector.
    pub sector: Option<String>,
    /// Documents that name it.
    pub documents: u32,
    /// Claims in which it acts.
    pub acted: u32,
    /// Claims in which it is done to.
    pub received: u32,
    /// Statements of which it is the origin.
    pub said: u32,
}

/// A share with its 95 % interval, 0 to 1.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// Of so many.
    pub of: u64,
}

impl Share {
    /// The share of `hits` among `of`.
    pub fn new(hits: u64, of: u64) -> Self {
        let s = trace::outlets::Share::new(hits, of);
        Self { value: if of == 0 { 0.0 } else { hits as f64 / of as f64 }, low: s.low, high: s.high, of }
    }
}

/// How an outlet names an actor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Naming {
    /// The outlet.
    pub outlet: OutletRef,
    /// Whom.
    pub actor: Party,
    /// How.
    pub words: String,
    /// `own`, `short`, `neutral`, `loaded`.
    pub kind: String,
    /// In so many documents.
    pub documents: u32,
    /// Among the outlet's documents that name it.
    pub share: Share,
}

/// What somebody is said to have done.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Deed {
    /// PLOVER type.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: model::EventType,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// To or from whom.
    pub other: Option<Party>,
    /// Happenings.
    pub happenings: usize,
    /// Claims.
    pub claims: usize,
    /// Independent origins, added over the happenings.
    pub origins: u64,
    /// Claims that deny it.
    pub denied: usize,
}

/// A way in which somebody is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Alias {
    /// As written.
    pub words: String,
    /// `own`, `short`, `neutral`, `loaded`.
    pub kind: String,
    /// In so many documents.
    pub documents: u32,
    /// Of so many outlets.
    pub outlets: u32,
}

/// A node of a network.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NetworkNode {
    /// The same in every article.
    pub key: String,
    /// For display.
    pub name: Name,
    /// Entity type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Happenings shared.
    pub weight: usize,
}

/// An edge of a network.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NetworkEdge {
    /// Who.
    pub from: String,
    /// To whom.
    pub to: String,
    /// PLOVER type.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: model::EventType,
    /// Happenings.
    pub happenings: usize,
    /// Independent origins, added over the happenings.
    pub origins: u64,
}

/// Who is said to have had to do with whom.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Network {
    /// At most 40 beside the actor.
    pub nodes: Vec<NetworkNode>,
    /// Among them.
    pub edges: Vec<NetworkEdge>,
}

/// Somebody with all that is said of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActorFull {
    /// The summary.
    #[serde(flatten)]
    pub summary: ActorSummary,
    /// How it is written.
    pub aliases: Vec<Alias>,
    /// What it is said to have done.
    pub did: Vec<Deed>,
    /// What is said to have been done to it.
    pub received_from: Vec<Deed>,
    /// With whom.
    pub network: Network,
    /// How outlets name it.
    pub naming: Vec<Naming>,
}

/// An outlet in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OutletSummary {
    /// The same in every article.
    pub key: String,
    /// For display.
    pub name: Name,
    /// ISO 3166 alpha-3.
    pub country: Option<String>,
    /// Who owns it, where the lexicon knows.
    pub owner: Option<Name>,
    /// Documents.
    pub documents: u64,
    /// Claims.
    pub events: u64,
    /// Claims that name who said them.
    pub attributed: Share,
    /// Documents that nearly copy an earlier one of another outlet.
    pub copied: Share,
    /// Loaded words in its own voice.
    pub loaded: u64,
}

/// A source of an outlet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceOf {
    /// Who; a null key is "unnamed".
    pub party: Party,
    /// `origin` or `via`.
    pub role: String,
    /// Claims.
    pub claims: u64,
    /// Among the outlet's claims.
    pub share: Share,
}

/// Copying between two outlets.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Copies {
    /// The other outlet.
    pub outlet: OutletRef,
    /// `from`: it copies them; `to`: they copy it.
    pub direction: String,
    /// Stories.
    pub stories: u64,
    /// Among the documents of whoever copies.
    pub share: Share,
}

/// An outlet with its sources, copies and naming.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OutletFull {
    /// The summary.
    #[serde(flatten)]
    pub summary: OutletSummary,
    /// By claims, at most 100.
    pub sources: Vec<SourceOf>,
    /// Whom it copies, and who copies it.
    pub copies: Vec<Copies>,
    /// How it names actors.
    pub naming: Vec<Naming>,
}

/// A line of the register of transfers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TransferSummary {
    /// Stable.
    pub id: String,
    /// Who is said to have given.
    pub supplier: Option<Party>,
    /// Who is said to have got.
    pub recipient: Option<Party>,
    /// What.
    pub things: Vec<ThingSummary>,
    /// First stated day.
    pub from: Option<String>,
    /// Last stated day.
    pub to: Option<String>,
    /// Places, in order.
    pub route: Vec<PlaceRef>,
    /// Publications.
    pub reported: Reported,
    /// Documents.
    pub documents: u32,
    /// Outlets.
    pub outlets: u32,
    /// Chains.
    pub chains: u32,
    /// Independent origins.
    pub origins: u32,
    /// Claims that deny it.
    pub denied: u32,
    /// Happenings whose claims it was made of.
    pub happenings: Vec<String>,
}

/// Transfers of one supplier, recipient, class and year.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TransferFlow {
    /// Who is said to have given.
    pub supplier: Option<Party>,
    /// Who is said to have got.
    pub recipient: Option<Party>,
    /// Class of the weapons list.
    pub class: Option<String>,
    /// Calendar year.
    pub year: Option<i32>,
    /// Lines of the register.
    pub transfers: usize,
    /// Claims.
    pub claims: usize,
    /// Independent origins of the group.
    pub origins: usize,
    /// Lowest said counts, added.
    #[serde(with = "whole")]
    #[schema(value_type = Option<f64>)]
    pub low: Option<f64>,
    /// Highest said counts, added.
    #[serde(with = "whole")]
    #[schema(value_type = Option<f64>)]
    pub high: Option<f64>,
}

/// All flows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Flows {
    /// The flows.
    pub flows: Vec<TransferFlow>,
    /// Of the ledger.
    pub revision: i64,
}

/// A stretch of a timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bucket {
    /// First day.
    pub start: String,
    /// Last day.
    pub end: String,
    /// Happenings.
    pub happenings: u64,
    /// Claims.
    pub claims: u64,
    /// Happenings by PLOVER type.
    #[schema(value_type = Object)]
    pub by_type: BTreeMap<String, u64>,
    /// Happenings that rest on one independent origin.
    pub one_origin: u64,
}

/// Happenings over time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// `day`, `week`, `month` or `year`.
    pub unit: String,
    /// From first to last, empty ones too.
    pub buckets: Vec<Bucket>,
    /// Happenings without any date.
    pub undated: u64,
    /// Of the ledger.
    pub revision: i64,
}

/// A place with its happenings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceCount {
    /// The place.
    #[serde(flatten)]
    pub place: PlaceRef,
    /// Happenings said to be there.
    pub happenings: u64,
}

/// Places close to each other.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MapCluster {
    /// Decimal degrees.
    pub latitude: f64,
    /// Decimal degrees.
    pub longitude: f64,
    /// West, south, east, north.
    pub bbox: [f64; 4],
    /// Happenings.
    pub happenings: u64,
    /// Claims.
    pub claims: u64,
    /// Coarsest level of its places.
    pub level: String,
    /// At most five.
    pub places: Vec<PlaceCount>,
    /// Happenings by PLOVER type.
    #[schema(value_type = Object)]
    pub by_type: BTreeMap<String, u64>,
}

/// Happenings on the map.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MapView {
    /// Within the box asked for.
    pub clusters: Vec<MapCluster>,
    /// Places without coordinates, at most 200.
    pub unplaced: Vec<PlaceCount>,
    /// Happenings without any place.
    pub nowhere: u64,
    /// Of the ledger.
    pub revision: i64,
}

/// Words around a hit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Snippet {
    /// The words.
    #[serde(flatten)]
    pub marked: Marked,
    /// Code point of the whole text where they begin.
    pub start: u32,
}

/// A document that a search finds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// The document.
    pub document: DocumentRef,
    /// Headline with what fits marked.
    pub title: Option<Marked>,
    /// Words around what fits.
    pub snippets: Vec<Snippet>,
}

/// A page of a search.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchList {
    /// The page.
    #[serde(flatten)]
    pub list: List<SearchHit>,
    /// The words as they were understood.
    pub understood: Vec<String>,
}

/// A document to be added or read.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// Address; fetched where there is no text.
    #[serde(default)]
    pub url: Option<String>,
    /// Headline.
    #[serde(default)]
    pub title: Option<String>,
    /// Body.
    #[serde(default)]
    pub text: Option<String>,
    /// Publication (ISO 8601).
    #[serde(default)]
    pub published: Option<String>,
    /// Outlet.
    #[serde(default)]
    pub outlet: Option<String>,
}

/// What became of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Added {
    /// Name by content.
    pub document: String,
    /// Whether the ledger held it already.
    pub known: bool,
}

/// Counts of a ledger.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Counts {
    /// Documents.
    pub documents: u64,
    /// Statements.
    pub statements: u64,
    /// Claims of events.
    pub events: u64,
    /// Happenings.
    pub happenings: u64,
    /// Stories.
    pub stories: u64,
    /// Lines of the register of transfers.
    pub transfers: u64,
    /// Actors.
    pub actors: u64,
    /// Outlets.
    pub outlets: u64,
}

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct May {
    /// Ask.
    pub read: bool,
    /// Add.
    pub write: bool,
}

/// About the ledger and the program.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Meta {
    /// Of the program.
    pub version: String,
    /// Of the reader.
    pub reader: String,
    /// Fingerprint.
    pub lexicon: String,
    /// Of this API.
    pub schema: u32,
    /// Name of the ledger.
    pub ledger: String,
    /// Goes up with every committed change.
    pub revision: i64,
    /// How much there is.
    pub counts: Counts,
    /// Publications.
    pub span: Reported,
    /// What this caller may do.
    pub may: May,
    /// Whether the ledger is the invented demonstration.
    pub demo: bool,
    /// What can be exported, and in which forms.
    pub exports: BTreeMap<String, Vec<String>>,
}

/// Numbers in JSON: whole ones without a decimal point.
mod whole {
    #[allow(clippy::trivially_copy_pass_by_ref, clippy::ref_option)] // the signature serde asks for
    pub fn serialize<S: serde::Serializer>(value: &Option<f64>, s: S) -> Result<S::Ok, S::Error> {
        model_number(value, s)
    }

    #[allow(clippy::trivially_copy_pass_by_ref, clippy::ref_option)]
    fn model_number<S: serde::Serializer>(value: &Option<f64>, s: S) -> Result<S::Ok, S::Error> {
        use serde::Serialize;
        match value {
            Some(v) if v.fract() == 0.0 && v.abs() < 9e15 => (*v as i64).serialize(s),
            other => other.serialize(s),
        }
    }
}
