//! Listening, and stopping in order.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use ledger::{Ledger, LedgerError, Location, WriteOptions, Writer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::across::Across;
use crate::adding::Adding;
use crate::app::{App, Shared};
use crate::board::Board;
use crate::desk::Pool;
use crate::flights::Flights;
use crate::guard;
use crate::kept::Kept;
use crate::metrics::Metrics;
use crate::names::Names;
use crate::problem::Problem;
use crate::settings::{ServerError, Settings};

/// Connections at once.
const CONNECTIONS: usize = 1024;
/// Questions that wait.
const QUESTIONS: usize = 512;
/// Bytes of answers kept.
const ANSWERS: usize = 64 << 20;
/// How often the ledger is looked at for what other programs added.
const LOOK: Duration = Duration::from_secs(1);
/// The same at most, where much is added: those who ask need the processor too.
const RARELY: Duration = Duration::from_secs(4);
/// Time that open requests have when the server stops.
const FAREWELL: Duration = Duration::from_secs(15);

/// A server that listens and has not been told to stop.
pub struct Server {
    listener: TcpListener,
    router: Router,
    stop: Arc<AtomicBool>,
    follower: Option<std::thread::JoinHandle<()>>,
    address: SocketAddr,
}

/// Makes the ledger where there is none yet: one may begin by adding in the pages.
fn ensure(settings: &Settings) -> Result<(), LedgerError> {
    match Ledger::open(&settings.location) {
        Err(LedgerError::Missing { .. } | LedgerError::Older { .. }) => {
            let mut waiting = |who: &str| tracing::info!("waiting for {who}, who writes the ledger");
            Writer::open(&settings.location, &settings.version, WriteOptions { wait: 30, waiting: &mut waiting })?
                .finish()
        }
        other => other.map(drop),
    }
}

/// A name without folders, users or passwords.
fn name_of(location: &Location) -> String {
    match location {
        Location::File(path) => path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        Location::Server(_) => location.to_string().rsplit('/').next().unwrap_or_default().to_string(),
    }
}

/// The shared state over a ledger that is there, and the thread that keeps up with it.
pub struct Assembled {
    /// The state.
    pub app: Shared,
    /// Tells the thread to stop.
    pub stop: Arc<AtomicBool>,
    /// The thread.
    pub follower: std::thread::JoinHandle<()>,
}

/// Puts the parts together.
pub fn assemble(settings: &Settings) -> Result<Assembled, ServerError> {
    let board = Arc::new(Board::new(Names::new(&settings.engine)));
    let pool = Pool::start(&settings.location, &settings.engine, settings.threads, QUESTIONS, settings.patience)?;
    let across = Arc::new(Across::new(&settings.location, &settings.version, &settings.engine));
    let adding =
        Adding::start(&settings.location, &settings.engine, &settings.version, &board, &across, settings.allow_private);
    let app: Shared = Arc::new(App {
        board: Arc::clone(&board),
        pool,
        adding,
        adders: Arc::new(Semaphore::new(settings.threads * 4)),
        exports: Arc::new(Semaphore::new(4)),
        location: settings.location.clone(),
        ledger_name: name_of(&settings.location),
        version: settings.version.clone(),
        demo: settings.demo,
        tokens: settings.tokens.clone(),
        loopback: settings.listen.ip().is_loopback(),
        metrics: Metrics::default(),
        answers: Kept::new(ANSWERS),
        asked: Flights::default(),
        patience: settings.patience,
    });
    let stop = Arc::new(AtomicBool::new(false));
    let follower = {
        let (stop, location) = (Arc::clone(&stop), settings.location.clone());
        let work = move || follow(&board, &across, &location, &stop);
        std::thread::Builder::new().name("follower".into()).spawn(work)?
    };
    Ok(Assembled { app, stop, follower })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)
}

impl Server {
    /// Opens the ledger and listens. The ledger is taken in meanwhile: `/ready` tells when that is done.
    pub async fn start(settings: Settings) -> Result<Self, ServerError> {
        settings.check()?;
        // a client of PostgreSQL waits in its own way, which a thread of this runtime may not
        let settings = blocking(move || ensure(&settings).map(|()| settings)).await??;
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(|source| ServerError::Listen { address: settings.listen, source })?;
        let address = listener.local_addr()?;
        let body = settings.body;
        let Assembled { app, stop, follower } = blocking(move || assemble(&settings)).await??;
        let router = router(app, body);
        Ok(Self { listener, router, stop, follower: Some(follower), address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until told to stop, then lets open requests end.
    pub async fn run(mut self, until: impl Future<Output = ()>) {
        let mut builder = hyper::server::conn::http1::Builder::new();
        // a caller that drips its headers is let go
        builder.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(10)).max_buf_size(64 << 10);
        let open = Arc::new(Semaphore::new(CONNECTIONS));
        let graceful = GracefulShutdown::new();
        let mut until = std::pin::pin!(until);
        loop {
            let Ok(permit) = Arc::clone(&open).acquire_owned().await else { break };
            let stream = tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(e) => {
                        tracing::warn!("a connection could not be taken: {e}");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = &mut until => break,
            };
            let _ = stream.set_nodelay(true);
            let service = TowerToHyperService::new(self.router.clone());
            let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
            tokio::spawn(async move {
                let _permit = permit;
                if let Err(e) = connection.await {
                    tracing::debug!("a connection ended: {e}");
                }
            });
        }
        drop(self.listener);
        tracing::info!("stopping");
        if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
            tracing::warn!("requests that did not end in {} s are cut", FAREWELL.as_secs());
        }
        self.stop.store(true, Ordering::Relaxed);
        if let Some(follower) = self.follower.take() {
            let _ = tokio::task::spawn_blocking(move || follower.join()).await;
        }
    }
}

/// Takes in what the ledger holds, then what is added to it by anybody, and has it traced.
fn follow(board: &Board, across: &Across, location: &Location, stop: &AtomicBool) {
    let mut ledger: Option<Ledger> = None;
    while !stop.load(Ordering::Relaxed) {
        if ledger.is_none() {
            ledger = Ledger::open(location).map_err(|e| tracing::error!("the ledger cannot be opened: {e}")).ok();
        }
        let begun = Instant::now();
        let done = ledger.as_mut().map_or(Ok(()), |open| {
            across.turn(open, stop)?;
            board.catch_up(open, stop).map(drop)
        });
        if let Err(p) = done {
            tracing::error!("the ledger could not be taken in: {}", p.detail.unwrap_or_default());
            ledger = None;
        }
        // as long as it worked, it rests
        let pause = begun.elapsed().clamp(LOOK, RARELY);
        let mut slept = Duration::ZERO;
        while slept < pause && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(50));
            slept += Duration::from_millis(50);
        }
    }
}

async fn ready(State(app): State<Shared>) -> Response {
    if app.board.is_ready() {
        "ready\n".into_response()
    } else {
        let so_far = format!("the ledger is being taken in: {} documents so far", app.board.taken_in());
        Problem::busy(so_far).into_response()
    }
}

async fn metrics(State(app): State<Shared>) -> Response {
    app.metrics.documents.set(app.board.taken_in() as i64);
    app.metrics.revision.set(app.board.revision());
    let media = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    ([(header::CONTENT_TYPE, media)], app.metrics.text()).into_response()
}

fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let why = panic.downcast_ref::<&str>().map(ToString::to_string);
    let why = why.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".into());
    Problem::fault(&why).into_response()
}

/// The `OpenAPI` document of the API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut api) =
        utoipa_axum::router::OpenApiRouter::new().nest("/api/v1", crate::api::router()).split_for_parts();
    let described = <crate::api::Description as utoipa::OpenApi>::openapi();
    api.info = described.info;
    api
}

fn router(app: Shared, body: usize) -> Router {
    let (api, _) = crate::api::router().split_for_parts();
    let description = serde_json::to_vec(&openapi()).unwrap_or_default();
    let described = move || async move {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], description).into_response()
    };
    let api = api
        .layer(from_fn_with_state(Arc::clone(&app), guard::tags))
        .route("/openapi.json", get(described))
        .layer(from_fn_with_state(Arc::clone(&app), guard::who))
        .layer(axum::middleware::from_fn(guard::refusals));
    let metrics = Router::new().route("/metrics", get(metrics)).layer(from_fn_with_state(Arc::clone(&app), guard::who));
    Router::new()
        .nest("/api/v1", api)
        .merge(metrics)
        .route("/health", get(|| async { (StatusCode::OK, "alive\n") }))
        .route("/ready", get(ready))
        .fallback(crate::pages::serve)
        .layer(DefaultBodyLimit::max(body))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(Arc::clone(&app), guard::in_time))
        .layer(from_fn_with_state(Arc::clone(&app), guard::outer))
        .with_state(app)
}

/// How the server writes its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// Only what goes wrong.
    Quiet,
    /// A line for each request.
    Lines,
    /// The same as JSON.
    Json,
}

/// Serves until SIGINT or SIGTERM. `listening` is told the address once there is one.
pub fn serve(settings: Settings, log: Log, listening: impl FnOnce(SocketAddr)) -> Result<(), ServerError> {
    let level = if log == Log::Quiet { tracing::Level::WARN } else { tracing::Level::INFO };
    let lines = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false);
    // a second server in one process keeps the first one's log
    let _ = match log {
        Log::Json => lines.json().try_init(),
        _ => lines.with_ansi(false).try_init(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(settings.threads.max(2))
        .max_blocking_threads(64)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let server = Server::start(settings).await?;
        listening(server.address());
        server.run(stopped()).await;
        Ok(())
    })
}

/// Until somebody wants the server to stop.
async fn stopped() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut s) => {
                s.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}

impl App {
    /// A number that differs between two runs of the program, so that their entity tags do.
    pub fn run_number(&self) -> u64 {
        static START: std::sync::Mutex<Option<u64>> = std::sync::Mutex::new(None);
        let mut start = START.lock().unwrap_or_else(PoisonError::into_inner);
        *start.get_or_insert_with(|| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            now.map_or(0, |d| d.as_nanos() as u64)
        }) ^ self.board.state().1
    }
}
