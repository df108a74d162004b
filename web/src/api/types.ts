// The contract between the pages and the server, as types. `web/API.md` says the same in words.
// Every offset is a Unicode code point, half-open; for a document they run over `title + "\n" + text`,
// or over `text` alone where there is no title. Times are RFC 3339, dates EDTF or ISO 8601.

/** Half-open range of code points. */
export type Span = [start: number, end: number];

// ---------------------------------------------------------------- the reader's records (crates/model)

export type EventType =
  | "AGREE" | "CONSULT" | "SUPPORT" | "CONCEDE" | "COOPERATE" | "AID" | "RETREAT" | "REQUEST"
  | "ACCUSE" | "REJECT" | "THREATEN" | "PROTEST" | "SANCTION" | "MOBILIZE" | "COERCE" | "ASSAULT";
export type Status = "actual" | "planned" | "possible" | "wanted" | "conditional" | "question";
export type Polarity = "positive" | "negative";
export type Bound = "exact" | "about" | "at_least" | "more_than" | "up_to";
export type EntityType = "PER" | "ORG" | "MIL" | "MED" | "GPE" | "LOC" | "FAC" | "EQP";
export type Stance = "neutral" | "assert" | "reveal" | "deny" | "accuse" | "doubt" | "urge";
export type FramingKind = "pejorative" | "laudatory" | "delegitimising" | "victim";

export interface Source {
  path: string;
  kind: "text" | "html" | "feed" | "warc" | "json" | "csv";
  item: number;
}
/** An article as it came in. */
export interface Document {
  id: string;
  title?: string;
  text: string;
  published?: string;
  outlet?: string;
  url?: string;
  author?: string;
  language?: string;
  encoding?: string;
  source?: Source;
}
export interface When {
  span: Span;
  value: string;
}
export interface Location {
  latitude: number;
  longitude: number;
  /** What the point is the middle of: `country`, `adm1`, `adm2`, `city`, `town`, `village`, `airport`, … */
  level: string;
}
export interface Entity {
  id: string;
  type: EntityType;
  name: string;
  country?: string;
  sector?: string;
  key: string;
  location?: Location;
  mentions: Span[];
}
export interface ChainLink {
  role: "origin" | "via";
  /** Null where the text hides the origin. */
  span: Span | null;
}
export interface Statement {
  id: string;
  chain: ChainLink[];
  cue: Span | null;
  content: Span[];
  direct: boolean;
  stance: Stance;
  when?: When;
}
export interface Thing {
  span: Span;
  what: string;
  class?: string;
  family?: string;
  model: string | null;
  count: number | null;
  bound: Bound;
  part?: boolean;
}
export interface Harm {
  killed: number | null;
  injured: number | null;
  bound: Bound;
}
export interface Event {
  id: string;
  type: EventType;
  mode: string | null;
  trigger: Span;
  actor: Span[];
  recipient: Span[];
  things: Thing[];
  place: Span[];
  time: Span[];
  when?: When;
  status: Status;
  polarity: Polarity;
  /** Null where the outlet itself says it. */
  statement: string | null;
  harm?: Harm;
}
export interface Framing {
  span: Span;
  of?: string;
  kind: FramingKind;
}
export interface Reading {
  id: string;
  language?: string;
  entities: Entity[];
  statements: Statement[];
  events: Event[];
  framing: Framing[];
  furniture?: Span[];
}

// ---------------------------------------------------------------- names and references

/** A name in either language; at least one is set. Where neither is known, `ar` holds the words of the text. */
export interface Name {
  ar: string | null;
  en: string | null;
}
/** An actor or an outlet that the ledger knows across articles. `key` is null where the text hides who it is. */
export interface Party {
  key: string | null;
  name: Name;
}
export interface OutletRef {
  key: string;
  name: Name;
}
export interface PlaceRef {
  key: string;
  name: Name;
  /** Null where the lexicon has no coordinates. */
  location: Location | null;
}
export interface DocumentRef {
  id: string;
  /** The id that the document came with. */
  source_id: string;
  title: string | null;
  outlet: OutletRef | null;
  published: string | null;
  url: string | null;
  /** Group of near-copies it belongs to. */
  story: string | null;
}
/** Text with the ranges to be marked, in code points of `text`. */
export interface Marked {
  text: string;
  highlights: Span[];
}

// ---------------------------------------------------------------- lists

export interface List<T> {
  items: T[];
  /** Give it back as `cursor` for the next page; null on the last. */
  next: string | null;
  /** How many match in all; null where counting would cost too much. */
  total: number | null;
  /** Goes up with every committed change of the ledger: pages of different revisions do not belong together. */
  revision: number;
}

/** The filters that every list, the timeline, the map and the export take as query parameters. */
export interface Filters {
  type?: string[];
  mode?: string[];
  actor?: string;
  recipient?: string;
  country?: string;
  place?: string;
  /** Kilometres around `place`. */
  radius?: number;
  /** First day, inclusive, `2020-05-01`. */
  from?: string;
  /** Last day, inclusive. */
  to?: string;
  outlet?: string;
  origin?: string;
  via?: string;
  status?: string[];
  polarity?: Polarity;
  /** `true`: only documents with loaded words; or the kind of loaded word. */
  loaded?: string;
  /** Class of thing, e.g. `aircraft`. */
  class?: string;
  /** Only claims of this happening. */
  happening?: string;
  /** Full text, Arabic-aware. */
  q?: string;
  sort?: string;
}

// ---------------------------------------------------------------- documents

export interface DocumentSummary extends DocumentRef {
  events: number;
  statements: number;
  loaded: number;
  /** First words of the body, at most 240 code points. */
  opening: string;
}
export interface Sighting {
  url: string | null;
  outlet: OutletRef | null;
  seen: string;
  source: Source | null;
}
export interface ReadingVersion {
  id: number;
  reader: string;
  lexicon: string;
  made: string;
  current: boolean;
}
export interface DocumentFull {
  document: Document;
  outlet: OutletRef | null;
  /** Hash of the normalised text, and of the bytes it came in where they were kept. */
  content_hash: string;
  raw_hash: string | null;
  added: string;
  reading: Reading;
  /** Both-language names for the keys in `reading.entities`. */
  names: Record<string, Name>;
  sightings: Sighting[];
  versions: ReadingVersion[];
  story: { id: string; copies: number; first: string } | null;
  /** Which happening each event belongs to. */
  happenings: { event: string; happening: string; outlets: number; chains: number; origins: number }[];
}
/** What `POST /read` gives: the same without anything that only the ledger knows. */
export interface ReadOnly {
  document: Document;
  reading: Reading;
  names: Record<string, Name>;
  reader: { version: string; lexicon: string };
  milliseconds: number;
}

// ---------------------------------------------------------------- claims

export interface ChainStep {
  role: "origin" | "via" | "outlet";
  name: Name;
  key: string | null;
  /** The text does not say who it was. */
  hidden: boolean;
  /** The words that name it, where it is named. */
  words: string | null;
}
export interface ThingSummary {
  what: Name;
  class: string | null;
  family: string | null;
  model: string | null;
  count: number | null;
  bound: Bound;
  part: boolean;
  /** As written. */
  words: string;
}
/** One event of one document, with the chain that says it. */
export interface Claim {
  /** `<document id>#<event id>`. */
  id: string;
  document: DocumentRef;
  event: string;
  happening: string | null;
  type: EventType;
  mode: string | null;
  status: Status;
  polarity: Polarity;
  stance: Stance | null;
  actor: Party[];
  recipient: Party[];
  things: ThingSummary[];
  place: PlaceRef[];
  /** Resolved time of the event; null where none is stated. */
  when: string | null;
  harm: Harm | null;
  /** Origin first, the outlet last. */
  chain: ChainStep[];
  /** The sentence that carries it, trigger and roles marked. */
  evidence: Marked;
  /** The claim it is a near-copy of. */
  copy_of: string | null;
}
export interface StatementRow {
  /** `<document id>#<statement id>`. */
  id: string;
  document: DocumentRef;
  stance: Stance;
  direct: boolean;
  chain: ChainStep[];
  when: string | null;
  evidence: Marked;
  events: string[];
}

// ---------------------------------------------------------------- happenings

export interface HappeningSummary {
  id: string;
  type: EventType;
  mode: string | null;
  actor: Party[];
  recipient: Party[];
  things: ThingSummary[];
  place: PlaceRef[];
  /** Earliest and latest stated time; null where none is stated. */
  when: { from: string; to: string } | null;
  /** First and last publication of a claim. */
  reported: { first: string | null; last: string | null };
  /** Party that first said it, by publication. */
  first_by: ChainStep[];
  documents: number;
  outlets: number;
  chains: number;
  origins: number;
  /** Claims that it happened, and that it did not. */
  affirmed: number;
  denied: number;
  contradictions: number;
  circular: boolean;
  status: Status;
}
export interface GraphNode {
  id: string;
  kind: "origin" | "relay" | "outlet";
  name: Name;
  key: string | null;
  hidden: boolean;
  /** Independent root it counts as: index into `HappeningFull.roots`; null for relays and outlets. */
  root: number | null;
  /** Roots that its claims rest on: indexes into `roots`. */
  rests_on: number[];
  /** Node whose text it nearly copies. */
  copy_of: string | null;
  /** Earliest publication. */
  first: string | null;
  claims: string[];
  stance: Stance | null;
}
export interface GraphEdge {
  from: string;
  to: string;
  /** said: origin to whoever took it down · relayed: passed on · copied: near-copy of the text · cited: named as source. */
  kind: "said" | "relayed" | "copied" | "cited";
  /** Closes a circle of citing. */
  circular: boolean;
  claims: string[];
}
export interface Root {
  name: Name;
  key: string | null;
  hidden: boolean;
  /** Body or interest that it shares with other roots, e.g. one ministry. */
  interest: Name | null;
  outlets: number;
  claims: number;
}
export type Aspect = "count" | "denial" | "actor" | "recipient" | "place" | "time" | "thing" | "status";
export interface Version {
  at: string;
  claim: string;
  outlet: OutletRef | null;
  origin: ChainStep | null;
  aspect: Aspect;
  change: "first" | "raised" | "lowered" | "same" | "denied" | "confirmed" | "changed";
  /** Value as a number where the aspect is a count. */
  value: number | null;
  bound: Bound | null;
  words: string;
}
export interface Contradiction {
  id: string;
  aspect: Aspect;
  sides: { words: string; value: number | null; bound: Bound | null; origins: number; outlets: number; claims: string[] }[];
}
export interface Circle {
  nodes: string[];
  words: Name;
}
export interface HappeningFull extends HappeningSummary {
  claims: Claim[];
  roots: Root[];
  nodes: GraphNode[];
  edges: GraphEdge[];
  versions: Version[];
  disagreements: Contradiction[];
  circles: Circle[];
  /** Why these claims were joined, one reason a line. */
  joined_by: { claims: [string, string]; reasons: Name[] }[];
  transfer: string | null;
}

// ---------------------------------------------------------------- stories

export interface DiffPart {
  kind: "same" | "added" | "dropped";
  text: string;
  /** A loaded word was put in or taken out. */
  loaded: boolean;
}
export interface StorySummary {
  id: string;
  first: DocumentRef;
  copies: number;
  outlets: number;
  from: string | null;
  to: string | null;
}
export interface StoryFull extends StorySummary {
  documents: {
    document: DocumentRef;
    /** Share of shingles in common with the first, 0 to 1. */
    likeness: number;
    /** Against the first; empty for the first itself. */
    diff: DiffPart[];
    added: number;
    dropped: number;
  }[];
}

// ---------------------------------------------------------------- actors and outlets

export interface ActorSummary extends Party {
  key: string;
  type: EntityType;
  country: string | null;
  sector: string | null;
  documents: number;
  acted: number;
  received: number;
  said: number;
}
/** A share with its 95 % interval, 0 to 1. */
export interface Share {
  value: number;
  low: number;
  high: number;
  of: number;
}
export type NamingKind = "own" | "short" | "neutral" | "loaded";
export interface Naming {
  outlet: OutletRef;
  actor: Party;
  words: string;
  kind: NamingKind;
  documents: number;
  share: Share;
}
export interface Deed {
  type: EventType;
  mode: string | null;
  other: Party | null;
  happenings: number;
  claims: number;
  origins: number;
  denied: number;
}
export interface ActorFull extends ActorSummary {
  aliases: { words: string; kind: NamingKind; documents: number; outlets: number }[];
  did: Deed[];
  received_from: Deed[];
  network: {
    nodes: (Party & { key: string; type: EntityType; weight: number })[];
    edges: { from: string; to: string; type: EventType; happenings: number; origins: number }[];
  };
  naming: Naming[];
}
export interface OutletSummary extends OutletRef {
  country: string | null;
  owner: Name | null;
  documents: number;
  events: number;
  /** Share of its claims that name who said them. */
  attributed: Share;
  /** Share of its documents that nearly copy another outlet's earlier one. */
  copied: Share;
  loaded: number;
}
export interface OutletFull extends OutletSummary {
  sources: { party: Party; role: "origin" | "via"; claims: number; share: Share }[];
  copies: { outlet: OutletRef; direction: "from" | "to"; stories: number; share: Share }[];
  naming: Naming[];
}

// ---------------------------------------------------------------- transfers

export interface TransferSummary {
  id: string;
  supplier: Party | null;
  recipient: Party | null;
  things: ThingSummary[];
  from: string | null;
  to: string | null;
  route: PlaceRef[];
  reported: { first: string | null; last: string | null };
  documents: number;
  outlets: number;
  chains: number;
  origins: number;
  denied: number;
  happenings: string[];
}
export interface TransferFlow {
  supplier: Party | null;
  recipient: Party | null;
  class: string | null;
  /** Calendar year the transfers are said to fall in; null where none is stated. */
  year: number | null;
  transfers: number;
  claims: number;
  origins: number;
  /** Said counts over the transfers, parts of one delivery never counted twice; null where no count is stated. */
  low: number | null;
  high: number | null;
}

// ---------------------------------------------------------------- timeline, map, search

export type TimeUnit = "day" | "week" | "month" | "year";
export interface Timeline {
  unit: TimeUnit;
  buckets: {
    /** First day, inclusive. */
    start: string;
    /** Last day, inclusive. */
    end: string;
    happenings: number;
    claims: number;
    by_type: Partial<Record<EventType, number>>;
    /** How many of the happenings rest on one independent origin. */
    one_origin: number;
  }[];
  /** Happenings without any stated or published date. */
  undated: number;
  revision: number;
}
export interface MapCluster {
  latitude: number;
  longitude: number;
  /** West, south, east, north of the places in it. */
  bbox: [number, number, number, number];
  happenings: number;
  claims: number;
  /** Coarsest level of its places. */
  level: string;
  /** At most five, the most reported first. */
  places: (PlaceRef & { happenings: number })[];
  by_type: Partial<Record<EventType, number>>;
}
export interface MapView {
  clusters: MapCluster[];
  /** Places named without coordinates, the most reported first (at most 200), and happenings without any place. */
  unplaced: (PlaceRef & { happenings: number })[];
  nowhere: number;
  revision: number;
}
export interface SearchHit {
  document: DocumentRef;
  title: Marked | null;
  snippets: (Marked & { /** Code point in the whole text where it starts. */ start: number })[];
}
export interface SearchList extends List<SearchHit> {
  /** The words as they were understood: folded, without attached words. */
  understood: string[];
}

// ---------------------------------------------------------------- adding

export type AddStage = "fetch" | "extract" | "read" | "store" | "trace";
export type AddProgress =
  | { stage: AddStage; state: "begun" | "done"; milliseconds?: number; detail?: string }
  | { stage: "end"; state: "added" | "known"; document: string }
  | { stage: "end"; state: "failed"; problem: Problem };
export interface NewDocument {
  url?: string;
  title?: string;
  text?: string;
  published?: string;
  outlet?: string;
}

// ---------------------------------------------------------------- the rest

export interface Meta {
  version: string;
  reader: string;
  lexicon: string;
  schema: number;
  ledger: string;
  revision: number;
  counts: { documents: number; statements: number; events: number; happenings: number; stories: number; transfers: number; actors: number; outlets: number };
  /** First and last publication. */
  span: { first: string | null; last: string | null };
  /** What this caller may do. */
  may: { read: boolean; write: boolean };
  /** Whether this is the invented demonstration ledger. */
  demo: boolean;
  /** What can be exported, and in which forms. */
  exports: Partial<Record<ExportWhat, ExportFormat[]>>;
}
/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  /** Which parameter was wrong, where one was. */
  parameter?: string;
}
export type ExportWhat = "happenings" | "events" | "statements" | "transfers" | "documents" | "actors" | "outlets";
export type ExportFormat = "jsonl" | "plover" | "csv" | "parquet" | "geojson" | "jsonld" | "graphml";
