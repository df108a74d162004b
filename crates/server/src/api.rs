//! The resources under `/api/v1`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio_stream::wrappers::UnboundedReceiverStream;
use utoipa::{IntoParams, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::adding::{Adding, Progress};
use crate::app::{Asked, PageOf, Shared};
use crate::board::What;
use crate::guard::Caller;
use crate::problem::{Problem, Result};
use crate::query::{FILTERS, Filter, PAGING, Query};
use crate::show::Unit;
use crate::types::{
    ActorFull, ActorSummary, Added, Claim, Counts, DocumentFull, DocumentSummary, Flows, HappeningFull,
    HappeningSummary, List, MapView, Marked, Meta, NewDocument, OutletFull, OutletSummary, ReadOnly, ReaderVersion,
    Reported, SearchHit, SearchList, Snippet, StatementRow, StoryFull, StorySummary, Timeline, TransferSummary,
};

/// Version of what the API answers.
pub const SCHEMA: u32 = 1;

/// The description of the API; paths and schemas are gathered from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Isnad",
        description = "Claims of news articles with the chains that say them. Nothing here is stated as a fact: every event is said by somebody.",
    ),
    components(schemas(Problem))
)]
pub struct Description;

/// Filters that lists, timeline, map and export share. All given must hold; of several values of one, one.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // only described; read by `Filter::read`
struct Filtered {
    /// PLOVER type.
    #[param(inline)]
    r#type: Option<Vec<String>>,
    /// PLOVER mode.
    mode: Option<Vec<String>>,
    /// Key or name of who does it.
    actor: Option<String>,
    /// Key or name of whom it is done to.
    recipient: Option<String>,
    /// ISO 3166 alpha-3 of an actor or recipient.
    country: Option<String>,
    /// Key or name of a place.
    place: Option<String>,
    /// Kilometres around the place.
    #[param(exclusive_minimum = 0, maximum = 20_100)]
    radius: Option<f64>,
    /// First day.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
    /// Key or name of an outlet.
    outlet: Option<String>,
    /// Key or name of who says it first; `hidden` where the text hides that.
    origin: Option<String>,
    /// Key or name of who passes it on.
    via: Option<String>,
    /// `actual`, `planned`, `possible`, `wanted`, `conditional`, `question`.
    status: Option<Vec<String>>,
    /// `positive`, `negative`.
    polarity: Option<String>,
    /// `true`, `pejorative`, `laudatory`, `delegitimising`, `victim`.
    loaded: Option<String>,
    /// Class of a thing.
    class: Option<String>,
    /// Id of a happening.
    happening: Option<String>,
    /// Full text; for actors and outlets their names.
    q: Option<String>,
}

/// Which page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // only described; read by `PageOf::read`
struct Paged {
    /// Rows (100).
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows to pass over.
    #[param(minimum = 0, maximum = 100_000_000)]
    skip: Option<u32>,
}

fn json<T: Serialize>(value: &T) -> Result<Response> {
    let body = serde_json::to_vec(value).map_err(|e| Problem::fault(&e))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response())
}

/// Decoded after the path was split: keys may hold `/`.
type Key = Path<String>;

macro_rules! lists {
    ($($name:ident $path:literal $what:ident $row:ident $doc:literal $show:expr;)+) => {
        $(
            #[doc = $doc]
            #[utoipa::path(get, path = $path, params(Filtered, Paged), responses(
                (status = 200, body = List<$row>),
                (status = 400, body = Problem, content_type = "application/problem+json"),
                (status = 401, body = Problem, content_type = "application/problem+json"),
                (status = 503, body = Problem, content_type = "application/problem+json"),
            ))]
            async fn $name(State(app): State<Shared>, RawQuery(raw): RawQuery) -> Result<Response> {
                let query = Query::read(raw.as_deref(), &[&FILTERS, &PAGING])?;
                let asked = Asked::of(What::$what, Filter::read(&query)?);
                let page = PageOf::read(&query)?;
                let shared = Arc::clone(&app);
                let list: List<$row> =
                    app.pool.ask(move |desk| shared.page(desk, &asked, &page, $show)).await?;
                json(&list)
            }
        )+
    };
}

lists! {
    events "/events" Claims Claim "Claims of events, latest publication first" |look, rows, _| look.claims(rows);
    statements "/statements" Statements StatementRow "Statements, latest publication first"
        |look, rows, _| look.statements(rows);
    documents "/documents" Documents DocumentSummary "Documents, latest publication first"
        |look, rows, _| look.documents(rows);
    stories "/stories" Stories StorySummary "Groups of near-copies, latest copy first" |look, rows, _| look.stories(rows);
    transfers "/transfers" Transfers TransferSummary "The register of transfers, latest report first"
        |look, rows, _| Ok(look.transfers(rows));
    actors "/actors" Actors ActorSummary "Actors, most documents first"
        |look, rows, counted| Ok(look.actors(rows, counted));
    outlets "/outlets" Outlets OutletSummary "Outlets, most documents first"
        |look, rows, counted| Ok(look.outlets(rows, counted));
}

/// Happenings.
#[utoipa::path(get, path = "/happenings", params(Filtered, Paged,
    ("sort" = Option<String>, Query, description = "`recent`, `origins`, `outlets`, `disputed`; other lists have one order and pass over it")), responses(
    (status = 200, body = List<HappeningSummary>),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
async fn happenings(State(app): State<Shared>, RawQuery(raw): RawQuery) -> Result<Response> {
    let query = Query::read(raw.as_deref(), &[&FILTERS, &PAGING])?;
    let sort = query.one("sort")?.unwrap_or("recent");
    if !["recent", "origins", "outlets", "disputed"].contains(&sort) {
        return Err(Problem::parameter("sort", "must be recent, origins, outlets or disputed"));
    }
    let asked = Asked { sort: sort.into(), ..Asked::of(What::Happenings, Filter::read(&query)?) };
    let page = PageOf::read(&query)?;
    let shared = Arc::clone(&app);
    let list =
        app.pool.ask(move |desk| shared.page(desk, &asked, &page, |look, rows, _| Ok(look.happenings(rows)))).await?;
    json(&list)
}

/// Looks at one thing, found in the index by its name.
async fn one<T: Serialize + Send + 'static>(
    app: Shared,
    raw: Option<String>,
    what: &'static str,
    look: impl FnOnce(&mut crate::show::Look<'_>) -> Result<Option<T>> + Send + 'static,
) -> Result<Response> {
    Query::read(raw.as_deref(), &[])?;
    let shared = Arc::clone(&app);
    let found = app
        .pool
        .ask(move |desk| {
            let index = shared.board.index()?;
            look(&mut crate::show::Look { board: &shared.board, index: &index, ledger: &mut desk.ledger })
        })
        .await?;
    json(&found.ok_or_else(|| Problem::not_found(what))?)
}

macro_rules! ones {
    ($($name:ident $path:literal $row:ident $what:literal $doc:literal |$look:ident, $key:ident| $show:expr;)+) => {
        $(
            #[doc = $doc]
            #[utoipa::path(get, path = $path, params(("id" = String, Path, description = "id or key, encoded as one segment")),
                responses(
                (status = 200, body = $row),
                (status = 400, body = Problem, content_type = "application/problem+json"),
                (status = 401, body = Problem, content_type = "application/problem+json"),
                (status = 404, body = Problem, content_type = "application/problem+json"),
                (status = 503, body = Problem, content_type = "application/problem+json"),
            ))]
            async fn $name(State(app): State<Shared>, Path($key): Key, RawQuery(raw): RawQuery) -> Result<Response> {
                one(app, raw, $what, move |$look| -> Result<Option<$row>> { $show }).await
            }
        )+
    };
}

ones! {
    happening "/happenings/{id}" HappeningFull "happening" "A happening with everything that is said of it"
        |look, id| match look.index.happening(&id) { Some(at) => look.happening(at), None => Ok(None) };
    story "/stories/{id}" StoryFull "story" "A story with what each copy changed"
        |look, id| match look.index.story(&id) { Some(at) => look.story(at), None => Ok(None) };
    actor "/actors/{id}" ActorFull "actor" "An actor with all that is said of it"
        |look, id| Ok(look.index.entity(&id).and_then(|at| look.actor(at)));
    outlet "/outlets/{id}" OutletFull "outlet" "An outlet with its sources, copies and naming"
        |look, id| Ok(look.index.outlet(&id).map(|at| look.outlet_full(at)));
}

/// All that is kept of a document.
#[utoipa::path(get, path = "/documents/{id}", params(("id" = String, Path, description = "name by content"),
    ("version" = Option<i64>, Query, description = "an id from `versions`; only the current reading is kept")), responses(
    (status = 200, body = DocumentFull),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
async fn document(State(app): State<Shared>, Path(id): Key, RawQuery(raw): RawQuery) -> Result<Response> {
    let query = Query::read(raw.as_deref(), &[&["version"]])?;
    let version = query.number("version", 0..=i64::MAX)?;
    one(app, None, "document", move |look| {
        let Some(at) = look.index.doc(&id) else { return Ok(None) };
        let Some(full) = look.document(at)? else { return Ok(None) };
        match version {
            Some(v) if !full.versions.iter().any(|x| x.id == v && x.current) => Err(Problem::new(
                StatusCode::NOT_FOUND,
                "of earlier readings only the version is kept; the current one is there without `version`",
            )),
            _ => Ok(Some(full)),
        }
    })
    .await
}

/// About ledger and program.
#[utoipa::path(get, path = "/meta", responses((status = 200, body = Meta),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn meta(State(app): State<Shared>, caller: Caller, RawQuery(raw): RawQuery) -> Result<Response> {
    Query::read(raw.as_deref(), &[])?;
    let index = app.board.index()?;
    let (happenings, stories, transfers) = index.live();
    let ends = index.docs.iter().filter_map(|d| d.at);
    let (first, last) = (ends.clone().min(), ends.max());
    let actors = index.entities.iter().filter(|e| crate::show::actors::is_actor(e)).count() as u64;
    json(&Meta {
        version: env!("CARGO_PKG_VERSION").into(),
        reader: app.version.reader.clone(),
        lexicon: app.version.lexicon.clone(),
        schema: SCHEMA,
        ledger: app.ledger_name.clone(),
        revision: app.board.revision(),
        counts: Counts {
            documents: index.docs.len() as u64,
            statements: index.statements.len() as u64,
            events: index.claims.len() as u64,
            happenings,
            stories,
            transfers,
            actors,
            outlets: index.outlets.len() as u64,
        },
        span: Reported { first: first.map(crate::show::stamp), last: last.map(crate::show::stamp) },
        may: caller.0,
        demo: app.demo,
        exports: crate::files::offered(),
    })
}

/// The rows of a view that is made of all happenings that fit.
async fn view<T: Serialize + Send + 'static>(
    app: Shared,
    asked: Asked,
    make: impl FnOnce(&crate::show::Look<'_>, &[u32], i64) -> T + Send + 'static,
) -> Result<Response> {
    let shared = Arc::clone(&app);
    let made = app
        .pool
        .ask(move |desk| shared.order(desk, &asked, |look, rows, _| Ok(make(&look, rows, shared.board.revision()))))
        .await?;
    json(&made)
}

/// The register grouped by supplier, recipient, class and year.
#[utoipa::path(get, path = "/transfers/flows", params(Filtered), responses((status = 200, body = Flows),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn flows(State(app): State<Shared>, RawQuery(raw): RawQuery) -> Result<Response> {
    let query = Query::read(raw.as_deref(), &[&FILTERS])?;
    let asked = Asked::of(What::Transfers, Filter::read(&query)?);
    view(app, asked, |look, rows, revision| look.flows(rows, revision)).await
}

/// Happenings over time.
#[utoipa::path(get, path = "/timeline", params(Filtered,
    ("unit" = Option<String>, Query, description = "`auto`, `day`, `week`, `month`, `year`")), responses(
    (status = 200, body = Timeline),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn timeline(State(app): State<Shared>, RawQuery(raw): RawQuery) -> Result<Response> {
    let query = Query::read(raw.as_deref(), &[&FILTERS, &["unit"]])?;
    let unit = match query.one("unit")? {
        None | Some("auto") => None,
        Some(u) => {
            Some(Unit::read(u).ok_or_else(|| Problem::parameter("unit", "must be auto, day, week, month or year"))?)
        }
    };
    let asked = Asked::of(What::Happenings, Filter::read(&query)?);
    view(app, asked, move |look, rows, revision| look.timeline(rows, unit, revision)).await
}

/// Happenings on the map.
#[utoipa::path(get, path = "/map", params(Filtered,
    ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees"),
    ("zoom" = Option<u8>, Query, description = "of web maps, 0 to 20")), responses(
    (status = 200, body = MapView),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn map(State(app): State<Shared>, RawQuery(raw): RawQuery) -> Result<Response> {
    let query = Query::read(raw.as_deref(), &[&FILTERS, &["bbox", "zoom"]])?;
    let zoom: u8 = query.number("zoom", 0..=20)?.unwrap_or(2);
    let bbox = match query.one("bbox")? {
        None => [-180.0, -90.0, 180.0, 90.0],
        Some(text) => {
            let parts: Vec<f64> = text.split(',').filter_map(|p| p.trim().parse().ok()).collect();
            <[f64; 4]>::try_from(parts)
                .ok()
                .filter(|b| text.matches(',').count() == 3 && b.iter().all(|x| x.is_finite()))
                .filter(|b| b[0] <= b[2] && b[1] <= b[3] && b[0] >= -180.0 && b[2] <= 180.0)
                .filter(|b| b[1] >= -90.0 && b[3] <= 90.0)
                .ok_or_else(|| {
                    Problem::parameter("bbox", "must be west,south,east,north in degrees, w ≤ e and s ≤ n")
                })?
        }
    };
    let asked = Asked::of(What::Happenings, Filter::read(&query)?);
    view(app, asked, move |look, rows, revision| look.map(rows, bbox, zoom, revision)).await
}

/// Documents by their words, the best first.
#[utoipa::path(get, path = "/search", params(Filtered, Paged), responses(
    (status = 200, body = SearchList),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn search(State(app): State<Shared>, RawQuery(raw): RawQuery) -> Result<Response> {
    let query = Query::read(raw.as_deref(), &[&FILTERS, &PAGING])?;
    let q = query.required("q")?.to_string();
    let filter = Filter::read(&query)?.without_words();
    let (limit, skip) =
        (query.number("limit", 1..=500)?.unwrap_or(20), query.number("skip", 0..=1_000_000)?.unwrap_or(0));
    let offset: usize = match query.one("cursor")? {
        None => 0,
        Some(c) => c
            .strip_prefix('q')
            .and_then(|n| n.parse().ok())
            .filter(|n| *n <= 10_000_000)
            .ok_or_else(|| Problem::parameter("cursor", "is none that a page ended with"))?,
    };
    let shared = Arc::clone(&app);
    let found = app.pool.ask(move |desk| find(&shared, desk, &q, &filter, offset + skip, limit)).await?;
    json(&found)
}

/// Reads a search.
pub fn search_of(q: &str, desk: &mut crate::desk::Desk) -> Result<ledger::Search> {
    ledger::Search::parse(q, &mut desk.reader).map_err(|e| match e {
        ledger::LedgerError::Question(why) => Problem::parameter("q", why),
        other => other.into(),
    })
}

/// Searches: ranked by the ledger, narrowed by the index, shown by the ledger.
pub fn find(
    app: &crate::app::App,
    desk: &mut crate::desk::Desk,
    q: &str,
    filter: &Filter,
    begin: usize,
    limit: usize,
) -> Result<SearchList> {
    let search = search_of(q, desk)?;
    let ranked = app.board.ranked(&mut desk.ledger, q, &search)?;
    let index = app.board.index()?;
    let narrowed: Vec<(i64, f64)>;
    let fitting = if filter.is_empty() {
        &ranked.documents
    } else {
        let matcher = filter.over(&index, None);
        let fits = |n: i64| index.doc_numbered(n).is_some_and(|d| matcher.document(&index, d));
        narrowed = ranked.documents.iter().copied().filter(|r| fits(r.0)).collect();
        &narrowed
    };
    let begin = begin.min(fitting.len());
    let end = (begin + limit).min(fitting.len());
    let story = |number: i64| {
        let d = &index.docs[index.doc_numbered(number)? as usize];
        Some(index.stories.get(d.story as usize)?.as_ref()?.id.clone())
    };
    let generation = app.board.state().1;
    let mut hits = Vec::with_capacity(end - begin);
    for &(number, _) in &fitting[begin..end] {
        let hit = app.board.searches.hit(generation, q, &search, number, &mut desk.ledger, &mut desk.reader)?;
        hits.extend(hit.map(|hit| (number, hit)));
    }
    let items = (hits.iter())
        .map(|(number, h)| {
            let title_len = h.document.title.as_ref().map_or(0, |t| t.chars().count() as u32);
            let at = h.snippet.span;
            let mut in_title: Vec<model::Span> = h.highlights.iter().copied().filter(|m| m.end <= title_len).collect();
            let mut in_text: Vec<model::Span> = (h.highlights.iter())
                .filter(|m| at.contains(**m))
                .map(|m| model::Span::new(m.start - at.start, m.end - at.start))
                .collect();
            SearchHit {
                title: h
                    .document
                    .title
                    .as_ref()
                    .map(|t| Marked { text: t.clone(), highlights: crate::article::apart(&mut in_title) }),
                snippets: vec![Snippet {
                    marked: Marked { text: h.snippet.words.clone(), highlights: crate::article::apart(&mut in_text) },
                    start: at.start,
                }],
                document: crate::types::DocumentRef {
                    id: h.document.id.to_string(),
                    source_id: h.document.source_id.clone(),
                    title: h.document.title.clone(),
                    outlet: h.document.outlet.as_deref().map(|o| crate::article::outlet_ref(&app.board.names, o)),
                    published: h.document.published.clone(),
                    url: h.document.url.clone(),
                    story: story(*number),
                },
            }
        })
        .collect();
    Ok(SearchList {
        list: List {
            items,
            next: (end < fitting.len()).then(|| format!("q{end}")),
            total: ranked.whole.then_some(fitting.len() as u64),
            revision: app.board.revision(),
        },
        understood: search.understood(),
    })
}

/// The body of a request as a document.
fn body(headers: &HeaderMap, body: &Bytes) -> Result<NewDocument> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"));
    }
    serde_json::from_slice(body).map_err(|e| {
        let status = if e.is_data() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        Problem::new(status, format!("the body is not what is wanted here: {e}"))
    })
}

/// Reads a document and keeps nothing.
#[utoipa::path(post, path = "/read", request_body = NewDocument, responses(
    (status = 200, body = ReadOnly),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn read(
    State(app): State<Shared>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    bytes: Bytes,
) -> Result<Response> {
    Query::read(raw.as_deref(), &[])?;
    let document = Adding::document(body(&headers, &bytes)?)?;
    let permit =
        Arc::clone(&app.adders).try_acquire_owned().map_err(|_| Problem::busy("too many documents are being read"))?;
    let shared = Arc::clone(&app);
    let done = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let (reading, milliseconds) = shared.adding.read(&document)?;
        let names =
            reading.entities.iter().map(|e| (e.key.clone(), shared.board.names.name(&e.key, &e.name))).collect();
        let reader = ReaderVersion { version: shared.version.reader.clone(), lexicon: shared.version.lexicon.clone() };
        Ok(ReadOnly { document, reading, names, reader, milliseconds })
    });
    let done: Result<ReadOnly> = done.await.map_err(|e| Problem::fault(&e))?;
    json(&done?)
}

/// Adds a document. `Accept: application/x-ndjson` tells each stage as it happens.
#[utoipa::path(post, path = "/documents", request_body = NewDocument, responses(
    (status = 200, body = Added),
    (status = 201, body = Added),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn add(
    State(app): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    bytes: Bytes,
) -> Result<Response> {
    if !caller.0.write {
        return Err(Problem::new(StatusCode::FORBIDDEN, "adding wants a token with the write scope"));
    }
    Query::read(raw.as_deref(), &[])?;
    let new = body(&headers, &bytes)?;
    let permit =
        Arc::clone(&app.adders).try_acquire_owned().map_err(|_| Problem::busy("too many documents are being added"))?;
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (send, receive) = tokio::sync::mpsc::unbounded_channel::<std::result::Result<Bytes, std::io::Error>>();
    let shared = Arc::clone(&app);
    // goes on where the caller leaves: what was begun is finished, and adding again does no harm
    let work = move |told: bool| {
        let _permit = permit;
        let mut tell = |p: Progress| {
            if told && let Ok(mut line) = serde_json::to_vec(&p) {
                line.push(b'\n');
                let _ = send.send(Ok(line.into()));
            }
        };
        let result = shared.adding.add(new, &mut tell);
        if result.as_ref().is_ok_and(|a| !a.known) {
            shared.metrics.added.inc();
        }
        tell(Progress::end(&result));
        result
    };
    if accept.contains("application/x-ndjson") {
        tokio::task::spawn_blocking(move || work(true));
        let stream = Body::from_stream(UnboundedReceiverStream::new(receive));
        let media = HeaderValue::from_static("application/x-ndjson");
        return Ok(([(header::CONTENT_TYPE, media)], stream).into_response());
    }
    let added = tokio::task::spawn_blocking(move || work(false)).await.map_err(|e| Problem::fault(&e))??;
    let mut out = json(&added)?;
    if !added.known {
        *out.status_mut() = StatusCode::CREATED;
        if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/documents/{}", added.document)) {
            out.headers_mut().insert(header::LOCATION, place);
        }
    }
    Ok(out)
}

/// What there is to export.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code)] // only described; read by `files::export`
enum ExportWhat {
    Happenings,
    Events,
    Statements,
    Transfers,
    Documents,
    Actors,
    Outlets,
}

/// The forms of exports; `/meta` says which there are of what.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code)] // only described; read by `files::export`
enum ExportFormat {
    Jsonl,
    Plover,
    Csv,
    Parquet,
    Geojson,
    Jsonld,
    Graphml,
}

/// A file of what the filters let through.
#[utoipa::path(get, path = "/export", params(Filtered,
    ("what" = inline(ExportWhat), Query, description = "what of"),
    ("format" = inline(ExportFormat), Query, description = "in which form")), responses(
    (status = 200, description = "The file, streamed", content(
        (String = "application/x-ndjson"), (String = "text/csv"), (serde_json::Value = "application/geo+json"),
        (serde_json::Value = "application/ld+json"), (String = "application/graphml+xml"),
        (Vec<u8> = "application/vnd.apache.parquet"))),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn export(State(app): State<Shared>, RawQuery(raw): RawQuery) -> Result<Response> {
    let query = Query::read(raw.as_deref(), &[&FILTERS, &["what", "format"]])?;
    crate::files::export(app, &query)
}

/// All of it, with its description.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(meta))
        .routes(routes!(happenings))
        .routes(routes!(happening))
        .routes(routes!(events))
        .routes(routes!(statements))
        .routes(routes!(documents, add))
        .routes(routes!(document))
        .routes(routes!(read))
        .routes(routes!(stories))
        .routes(routes!(story))
        .routes(routes!(actors))
        .routes(routes!(actor))
        .routes(routes!(outlets))
        .routes(routes!(outlet))
        .routes(routes!(flows))
        .routes(routes!(transfers))
        .routes(routes!(timeline))
        .routes(routes!(map))
        .routes(routes!(search))
        .routes(routes!(export))
}
