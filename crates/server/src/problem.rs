//! Errors as callers see them: `application/problem+json` (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ledger::LedgerError;
use serde::Serialize;
use traced::TracedError;
use utoipa::ToSchema;

/// What went wrong with a request and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// In a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Where the log tells more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The parameter that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
}

/// Results of handlers.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// A problem of this status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            detail: Some(detail.into()),
            instance: None,
            parameter: None,
        }
    }

    /// A parameter that is none or out of range.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self { parameter: Some(name.into()), ..Self::new(StatusCode::BAD_REQUEST, detail) }
    }

    /// Nothing of this name.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("the ledger has no such {what}"))
    }

    /// Too much at once.
    pub fn busy(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// A fault of ours: the log says what, the caller gets its number.
    pub fn fault(why: &dyn std::fmt::Display) -> Self {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let instance = format!("urn:isnad:fault:{}:{number}", std::process::id());
        tracing::error!(instance, "{why}");
        let detail = "a fault of the server; its log tells more under this instance";
        Self { instance: Some(instance), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail) }
    }

    /// Whether it is a fault of ours.
    pub fn is_fault(&self) -> bool {
        self.instance.is_some()
    }
}

impl From<LedgerError> for Problem {
    fn from(e: LedgerError) -> Self {
        match e {
            LedgerError::Question(why) => Self::new(StatusCode::BAD_REQUEST, why),
            LedgerError::Busy { .. } | LedgerError::ReadOnly { .. } => {
                tracing::warn!("{e}");
                Self::new(
                    StatusCode::CONFLICT,
                    "the ledger cannot be written now: another program writes it, or it is read-only",
                )
            }
            other => Self::fault(&other),
        }
    }
}

impl From<TracedError> for Problem {
    fn from(e: TracedError) -> Self {
        match e {
            TracedError::Ledger(e) => e.into(),
            other => Self::fault(&other),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut out = (status, body).into_response();
        let headers = out.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        out
    }
}
