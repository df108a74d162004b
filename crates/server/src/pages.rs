//! The pages, embedded where the program was built with them.

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Said in place of the pages.
const WITHOUT: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Isnad</title>\n\
<h1>Isnad</h1>\n<p>This program was built without its pages. The API is served under <a href=\"/api/v1/openapi.json\">/api/v1</a>.\n\
<p>To get the pages: <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>, then build the program with \
<code>--features pages</code>.\n</html>\n";

#[cfg(feature = "pages")]
#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

#[cfg(feature = "pages")]
fn file(path: &str) -> Option<Vec<u8>> {
    <Dist as rust_embed::RustEmbed>::get(path).map(|f| f.data.into_owned())
}

#[cfg(not(feature = "pages"))]
fn file(_: &str) -> Option<Vec<u8>> {
    None
}

/// Whether the pages are in the program.
pub fn here() -> bool {
    file("index.html").is_some()
}

fn media(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

/// Any path that nothing else answers: a file, else the pages, which know their way by themselves.
#[allow(clippy::unused_async)] // the form of a handler
pub async fn serve(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    if path.starts_with("/api/") || path == "/api" {
        let detail = "there is no such resource; /api/v1/openapi.json lists them";
        return Problem::new(StatusCode::NOT_FOUND, detail).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "pages are only read").into_response();
    }
    let answer = |body: Vec<u8>, path: &str, cache: &'static str| {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media(path))),
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        ];
        (headers, body).into_response()
    };
    let name = path.trim_start_matches('/');
    if !name.is_empty()
        && let Some(body) = file(name)
    {
        let forever = name.starts_with("assets/");
        return answer(body, name, if forever { "public, max-age=31536000, immutable" } else { "no-cache" });
    }
    if name.starts_with("assets/") {
        // a page of an earlier program asks for files that are gone: not to be answered with a page
        return Problem::new(StatusCode::NOT_FOUND, "there is no such file").into_response();
    }
    answer(file("index.html").unwrap_or_else(|| WITHOUT.into()), "index.html", "no-cache")
}
