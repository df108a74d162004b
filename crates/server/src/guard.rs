//! What stands before every handler: whose request it is and what it may do, headers of answers, entity tags, answers kept,
//! times, logs and counts.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::{App, Kind, Shared};
use crate::flights::Turn;
use crate::problem::{Problem, Result};
use crate::types::May;

/// What pages may do in a browser: nothing but what came from here.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";
/// Most bytes of an answer that is kept.
const KEPT: usize = 2 << 20;

/// What the caller may do.
#[derive(Clone, Copy, Debug)]
pub struct Caller(pub May);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self(May { read: false, write: false })))
    }
}

/// Whether a `Host` names this machine: a page elsewhere whose name leads to loopback is kept out (DNS rebinding).
pub fn local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => match v6.split_once(']') {
            Some((name, rest)) if rest.is_empty() || rest.strip_prefix(':').is_some_and(digits) => name,
            _ => return false,
        },
        None => match host.split_once(':') {
            Some((name, port)) if digits(port) => name,
            Some(_) => return false,
            None => host,
        },
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn host<'r>(headers: &'r HeaderMap, uri: &'r Uri) -> Option<&'r str> {
    let mut all = headers.get_all(header::HOST).iter();
    let first = all.next();
    if all.next().is_some() {
        return None;
    }
    // an address in full outweighs the header (RFC 9112)
    uri.authority().map(axum::http::uri::Authority::as_str).or_else(|| first?.to_str().ok())
}

fn may(app: &App, headers: &HeaderMap) -> Result<May> {
    let Some(tokens) = &app.tokens else { return Ok(May { read: true, write: true }) };
    let given = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let token = match given.split_at_checked(7) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(b"bearer ") => token,
        _ => return Err(Problem::new(StatusCode::UNAUTHORIZED, "send Authorization: Bearer TOKEN")),
    };
    tokens.may(token).ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "this token is not known here"))
}

/// Refuses requests that only a page of somebody else would make.
fn from_here(app: &App, method: &Method, headers: &HeaderMap, uri: &Uri) -> Result<()> {
    let host = host(headers, uri);
    if app.loopback && !host.is_some_and(local) {
        let detail = "the Host of the request is not this machine; use 127.0.0.1 or localhost";
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, detail));
    }
    if method != Method::GET
        && method != Method::HEAD
        && let Some(origin) = headers.get(header::ORIGIN)
    {
        let authority = origin.to_str().ok().and_then(|o| o.split_once("://")).map(|o| o.1);
        if authority.is_none() || authority != host {
            return Err(Problem::new(StatusCode::FORBIDDEN, "requests of other sites' pages are not answered"));
        }
    }
    Ok(())
}

/// Outermost: times, logs, counts, headers of every answer.
pub async fn outer(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let api = request.uri().path().starts_with("/api/");
    let route = request.extensions().get::<MatchedPath>().map_or("pages", MatchedPath::as_str).to_string();
    app.metrics.open.inc();
    let checked = from_here(&app, request.method(), request.headers(), request.uri());
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    app.metrics.open.dec();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    let (status, time) = (response.status().as_u16(), begun.elapsed());
    app.metrics.answered(method, &route, status, time);
    // the query is the asker's business: only the route is logged
    tracing::info!(method, route, status, milliseconds = time.as_secs_f64() * 1000.0, "answered");
    response
}

/// Before the API: who asks. Puts the [`Caller`] into the request.
pub async fn who(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    match may(&app, request.headers()) {
        Ok(may) => {
            request.extensions_mut().insert(Caller(may));
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Turns what the framework refuses by itself into problems.
pub async fn refusals(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t == "application/problem+json");
    if problem || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let detail = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "the body is larger than this server takes",
        StatusCode::METHOD_NOT_ALLOWED => "this resource does not know that method",
        StatusCode::NOT_FOUND => "there is no such resource; /api/v1/openapi.json lists them",
        _ => "the request cannot be understood",
    };
    let mut out = Problem::new(status, detail).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        out.headers_mut().insert(header::ALLOW, allow.clone());
    }
    out
}

/// Entity tags: made of the state of the ledger and what is asked, so that an answer that the caller has costs nothing.
/// Answers that were made of the same state are at hand.
pub async fn tags(State(app): State<Shared>, caller: Caller, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if request.method() != Method::GET || path.ends_with("/export") || !app.board.is_ready() {
        return next.run(request).await;
    }
    let state = app.board.state();
    let asked = format!("{}?{}|{:?}", path, request.uri().query().unwrap_or_default(), caller.0);
    let hash = blake3::hash(format!("{state:?}|{}|{asked}", app.run_number()).as_bytes());
    let tag = format!("W/\"{}\"", &hash.to_hex()[..20]);
    let Ok(tag) = HeaderValue::from_str(&tag) else { return next.run(request).await };
    let held = request.headers().get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    let opaque = |t: &str| t.trim().trim_start_matches("W/").to_string();
    let mine = opaque(tag.to_str().unwrap_or_default());
    if held.flat_map(|v| v.split(',')).any(|t| opaque(t) == mine) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let key = (state, asked);
    let at_hand = || {
        let kept = app.answers.get(&key)?;
        app.metrics.kept.inc();
        let headers = [(header::CONTENT_TYPE, kept.media.clone()), (header::ETAG, tag.clone())];
        Some((headers, kept.body.clone()).into_response())
    };
    if let Some(answer) = at_hand() {
        return answer;
    }
    let _flight = match app.asked.turn(&key) {
        Turn::Mine(flight) => Some(flight),
        Turn::Theirs(mut done) => {
            // it ends by being dropped, with or without an answer
            let _ = done.changed().await;
            if let Some(answer) = at_hand() {
                return answer;
            }
            // too large to be kept, or an error: each makes its own
            None
        }
    };
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(e) => return Problem::fault(&e).into_response(),
    };
    if let Some(media) = parts.headers.get(header::CONTENT_TYPE)
        && body.len() <= KEPT
        && app.board.state() == state
    {
        let weight = body.len() + key.1.len() + 200;
        app.answers.put(key, Arc::new(Kind { media: media.clone(), body: body.clone() }), weight);
    }
    parts.headers.insert(header::ETAG, tag);
    Response::from_parts(parts, body.into())
}

/// A request with a body has a time to arrive and be answered; questions have their own.
pub async fn in_time(State(app): State<Shared>, request: Request, next: Next) -> Response {
    // fetching, reading and waiting for another program that writes
    let most = app.patience * 6;
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::busy(format!("no answer within {} s", most.as_secs())).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for good in ["localhost", "LOCALHOST:80", "127.0.0.1:7878", "127.1.2.3", "[::1]", "[::1]:7878"] {
            assert!(local(good), "{good}");
        }
        for bad in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1:80:80",
            "localhost:",
            "[::1",
            "[::1]x",
            "10.0.0.1",
            "localhost:80@evil.example",
            "0.0.0.0",
        ] {
            assert!(!local(bad), "{bad}");
        }
    }
}
