//! What Prometheus reads.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Asked {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

/// Counters of one server.
pub struct Metrics {
    registry: Registry,
    requests: Family<Asked, Counter>,
    times: Family<Route, Histogram>,
    /// Requests being answered.
    pub open: Gauge,
    /// Documents in the index.
    pub documents: Gauge,
    /// Revision of the ledger that answers come from.
    pub revision: Gauge,
    /// Documents added over the API.
    pub added: Counter<u64, AtomicU64>,
    /// Answers that were at hand.
    pub kept: Counter<u64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("isnad");
        let requests = Family::<Asked, Counter>::default();
        let times =
            Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(exponential_buckets(0.000_25, 2.0, 18)));
        let (open, documents, revision) = (Gauge::default(), Gauge::default(), Gauge::default());
        let (added, kept) = (Counter::default(), Counter::default());
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit("http_request_duration", "Time to answer", Unit::Seconds, times.clone());
        registry.register("http_requests_open", "Requests being answered", open.clone());
        registry.register("index_documents", "Documents that answers are made from", documents.clone());
        registry.register("ledger_revision", "Revision of the ledger that answers are made from", revision.clone());
        registry.register("documents_added", "Documents added over the API", added.clone());
        registry.register("answers_kept", "Answers that were at hand", kept.clone());
        Self { registry, requests, times, open, documents, revision, added, kept }
    }
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, method: &str, route: &str, status: u16, time: Duration) {
        let asked = Asked { method: method.into(), route: route.into(), status };
        self.requests.get_or_create(&asked).inc();
        self.times.get_or_create(&Route { route: route.into() }).observe(time.as_secs_f64());
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        if encode(&mut out, &self.registry).is_err() {
            out.clear();
        }
        out
    }
}
