//! Fetching: bounded in time, size and redirects, polite, and never into the private network on a page's word.

mod address;
mod pace;

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use robotxt::Robots;
use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

use crate::unpack::{self, Packing};
use crate::warc;

pub use address::is_public;
use address::{Private, PublicOnly};
use pace::Pace;

/// How the program names itself to servers.
pub const USER_AGENT: &str =
    concat!("isnad/", env!("CARGO_PKG_VERSION"), " (reads news; polite; obeys robots.txt as isnad)");
/// The name that robots.txt is read for.
const ROBOT: &str = "isnad";
/// How long a robots.txt holds.
const ROBOTS_AGE: Duration = Duration::from_secs(12 * 3600);
/// The most of a robots.txt that is read (RFC 9309 asks for 500 KiB at least).
const ROBOTS_SIZE: usize = 512 << 10;
/// The longest pause between requests that a robots.txt can ask for.
const LONGEST_GAP: Duration = Duration::from_secs(30);

/// How to fetch.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Whether private, loopback and link-local addresses may be reached.
    pub allow_private: bool,
    /// Whether robots.txt is obeyed.
    pub robots: bool,
    /// Least time between two requests to one host.
    pub gap: Duration,
    /// Longest wait for one's turn or for `Retry-After`; beyond it the page is given up.
    pub patience: Duration,
    /// Time for a connection.
    pub connect: Duration,
    /// Time for one request, body included: a slow drip ends here.
    pub whole: Duration,
    /// Most bytes of a page, unpacked.
    pub size: usize,
    /// Most redirects.
    pub redirects: usize,
    /// How often a request is tried again that failed for a reason that may pass.
    pub retries: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            allow_private: false,
            robots: true,
            gap: Duration::from_secs(1),
            patience: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(45),
            size: 32 << 20,
            redirects: 10,
            retries: 2,
        }
    }
}

/// Why an address gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum WebFault {
    /// No address that can be fetched.
    #[error("{0:?} is no http or https address")]
    Address(String),
    /// An address of the private network.
    #[error("{url} lies at the private address {ip}; give --allow-private if that is meant")]
    Private {
        /// The address, which may be one that was redirected to.
        url: String,
        /// What its host resolved to.
        ip: std::net::IpAddr,
    },
    /// No answer.
    #[error("{url} cannot be reached: {why}")]
    Unreachable {
        /// The address.
        url: String,
        /// What failed.
        why: String,
    },
    /// Too slow.
    #[error("{url} did not answer in full within {} s", .limit.as_secs())]
    Slow {
        /// The address.
        url: String,
        /// The time it had.
        limit: Duration,
    },
    /// An answer that is no success.
    #[error("{url} answers with status {status}")]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
    },
    /// The host asks for a pause longer than we wait.
    #[error("{url} asks not to be asked for {} s more", .wait.as_secs())]
    Later {
        /// The address.
        url: String,
        /// How long.
        wait: Duration,
    },
    /// Robots are not wanted.
    #[error("robots.txt of the site does not allow {0}")]
    Robots(String),
    /// Redirects that come back to where they were.
    #[error("redirects go round in a loop: {0}")]
    Loop(String),
    /// Redirects without end.
    #[error("more than {most} redirects, the last to {url}")]
    Redirects {
        /// How many are followed.
        most: usize,
        /// Where the last one led.
        url: String,
    },
    /// Larger than is taken.
    #[error("{url} is larger than {} MiB, the most that is taken as a page; download a large file first and give its name", .most >> 20)]
    Large {
        /// The address.
        url: String,
        /// The limit in bytes.
        most: usize,
    },
    /// A body that cannot be unpacked.
    #[error("{url}: {why}")]
    Body {
        /// The address.
        url: String,
        /// What is wrong with it.
        why: String,
    },
}

impl WebFault {
    /// Whether the fault may pass by itself.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Slow { .. } | Self::Later { .. } => true,
            Self::Status { status, .. } => *status >= 500 || *status == 429 || *status == 408,
            _ => false,
        }
    }
}

/// What tells a server which version is known here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// `ETag` of the last answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer.
    pub modified: Option<String>,
}

/// A page as it came.
#[derive(Debug)]
pub struct Fetched {
    /// Where it came from at last.
    pub url: Url,
    /// Its bytes, unpacked.
    pub body: Vec<u8>,
    /// Its media type, in small letters; empty if none was told.
    pub media: String,
    /// The character set that the server named.
    pub charset: Option<String>,
    /// What to tell the server next time.
    pub known: Known,
}

/// An answer to a conditional request.
#[derive(Debug)]
pub enum Answer {
    /// A page.
    Page(Box<Fetched>),
    /// Nothing new.
    Unchanged,
}

/// Robots rules of a site.
#[derive(Clone)]
enum Site {
    Rules(Arc<Robots>),
    /// It could not say: RFC 9309 asks to stay away.
    Closed,
}

/// Fetches pages. Shared by threads.
pub struct Client {
    agent: Agent,
    rules: Rules,
    pace: Pace,
    robots: Mutex<HashMap<String, (Instant, Site)>>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// One answer, redirects not followed.
struct Response {
    status: u16,
    location: Option<String>,
    retry_after: Option<String>,
    media: String,
    charset: Option<String>,
    known: Known,
    body: Vec<u8>,
}

impl Client {
    /// A client under these rules.
    pub fn new(rules: Rules) -> Self {
        let config = Config::builder()
            .user_agent(USER_AGENT)
            .accept("text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.5")
            .accept_encoding("gzip, br")
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .timeout_resolve(Some(rules.connect))
            .timeout_connect(Some(rules.connect))
            .timeout_global(Some(rules.whole))
            .max_response_header_size(64 << 10)
            .build();
        let resolver = PublicOnly { allow_private: rules.allow_private };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { agent, rules, pace: Pace::default(), robots: Mutex::default() }
    }

    /// The rules it keeps.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Fetches a page.
    pub fn get(&self, url: &Url) -> Result<Fetched, WebFault> {
        match self.get_if_changed(url, &Known::default())? {
            Answer::Page(page) => Ok(*page),
            Answer::Unchanged => Err(WebFault::Status { url: url.to_string(), status: 304 }),
        }
    }

    /// Fetches a page if it is another than the one known. Follows redirects, waits its turn, tries again what may pass.
    pub fn get_if_changed(&self, url: &Url, known: &Known) -> Result<Answer, WebFault> {
        let mut tries = 0;
        loop {
            match self.follow(url, known) {
                Err(fault)
                    if fault.may_pass()
                        && !matches!(fault, WebFault::Slow { .. } | WebFault::Later { .. })
                        && tries < self.rules.retries =>
                {
                    tries += 1;
                    // 1, 4, … times the gap
                    std::thread::sleep((self.rules.gap * 4_u32.pow(tries - 1)).min(self.rules.patience));
                }
                answer => return answer,
            }
        }
    }

    fn follow(&self, url: &Url, known: &Known) -> Result<Answer, WebFault> {
        let mut here = url.clone();
        here.set_fragment(None);
        let mut seen = vec![here.clone()];
        loop {
            self.permitted(&here)?;
            let response = self.once(&here, known, self.rules.size)?;
            match response.status {
                304 => return Ok(Answer::Unchanged),
                200..=299 => {
                    let Response { media, charset, known, body, .. } = response;
                    return Ok(Answer::Page(Box::new(Fetched { url: here, body, media, charset, known })));
                }
                301 | 302 | 303 | 307 | 308 => {
                    let Some(next) = response.location.as_deref().and_then(|l| here.join(l.trim()).ok()) else {
                        return Err(WebFault::Status { url: here.to_string(), status: response.status });
                    };
                    let mut next = next;
                    next.set_fragment(None);
                    if seen.contains(&next) {
                        return Err(WebFault::Loop(format!("{here} leads back to {next}")));
                    }
                    if seen.len() > self.rules.redirects {
                        return Err(WebFault::Redirects { most: self.rules.redirects, url: next.to_string() });
                    }
                    seen.push(next.clone());
                    here = next;
                }
                status => {
                    if matches!(status, 429 | 503)
                        && let Some(wait) = response.retry_after.as_deref().and_then(retry_after)
                    {
                        self.pace.pause(&host(&here), wait);
                        if wait > self.rules.patience {
                            return Err(WebFault::Later { url: here.to_string(), wait });
                        }
                    }
                    return Err(WebFault::Status { url: here.to_string(), status });
                }
            }
        }
    }

    /// One request, in its turn.
    fn once(&self, url: &Url, known: &Known, most: usize) -> Result<Response, WebFault> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(WebFault::Address(url.to_string()));
        }
        let name = url.to_string();
        let gap =
            self.crawl_delay(url).unwrap_or(self.rules.gap).max(self.rules.gap).min(LONGEST_GAP.max(self.rules.gap));
        match self.pace.turn(&host(url), gap, self.rules.patience) {
            Ok(wait) => std::thread::sleep(wait),
            Err(wait) => return Err(WebFault::Later { url: name, wait }),
        }
        let mut request = self.agent.get(url.as_str());
        if let Some(etag) = &known.etag {
            request = request.header("If-None-Match", etag);
        }
        if let Some(modified) = &known.modified {
            request = request.header("If-Modified-Since", modified);
        }
        let mut answer = request.call().map_err(|e| self.fault(&name, e))?;
        let header = |n: &str| answer.headers().get(n).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        let kind = header("content-type").unwrap_or_default();
        let mut response = Response {
            status: answer.status().as_u16(),
            location: header("location"),
            retry_after: header("retry-after"),
            media: warc::media(&kind),
            charset: warc::charset(&kind),
            known: Known { etag: header("etag"), modified: header("last-modified") },
            body: Vec::new(),
        };
        if !(200..300).contains(&response.status) {
            return Ok(response);
        }
        let encodings = header("content-encoding").unwrap_or_default();
        let packings: Vec<Packing> = encodings.split(',').filter_map(Packing::named).collect();
        let mut stream: Box<dyn Read> = Box::new(answer.body_mut().as_reader());
        for packing in packings.iter().rev().take(3) {
            stream = Box::new(unpack::unpack(stream, *packing).map_err(|e| self.io_fault(&name, e))?);
        }
        let taken = unpack::take(stream, most);
        if taken.more {
            return Err(WebFault::Large { url: name, most });
        }
        if let Some(e) = taken.error {
            return Err(self.io_fault(&name, e));
        }
        response.body = taken.bytes;
        Ok(response)
    }

    fn fault(&self, url: &str, error: ureq::Error) -> WebFault {
        let url = url.to_string();
        match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                WebFault::Unreachable { url, why: format!("no connection within {} s", self.rules.connect.as_secs()) }
            }
            ureq::Error::Timeout(_) => WebFault::Slow { url, limit: self.rules.whole },
            ureq::Error::Other(inner) => match inner.downcast_ref::<Private>() {
                Some(private) => WebFault::Private { url, ip: private.0 },
                None => WebFault::Unreachable { url, why: inner.to_string() },
            },
            ureq::Error::Io(e) => self.io_fault(&url, e),
            ureq::Error::HostNotFound => WebFault::Unreachable { url, why: "its host has no address".into() },
            e => WebFault::Unreachable { url, why: e.to_string() },
        }
    }

    fn io_fault(&self, url: &str, error: io::Error) -> WebFault {
        let url = url.to_string();
        if error.kind() == io::ErrorKind::TimedOut {
            return WebFault::Slow { url, limit: self.rules.whole };
        }
        if error
            .get_ref()
            .and_then(|e| e.downcast_ref::<ureq::Error>())
            .is_some_and(|e| matches!(e, ureq::Error::Timeout(_)))
            || error.to_string().contains("timeout")
        {
            return WebFault::Slow { url, limit: self.rules.whole };
        }
        match crate::Fault::from(error) {
            crate::Fault::Io(e) => WebFault::Unreachable { url, why: e.to_string() },
            fault => WebFault::Body { url, why: fault.to_string() },
        }
    }

    /// Whether robots.txt of the site lets us at a page.
    fn permitted(&self, url: &Url) -> Result<(), WebFault> {
        if !self.rules.robots || url.path() == "/robots.txt" {
            return Ok(());
        }
        let allowed = match self.site(url)? {
            Site::Closed => false,
            Site::Rules(robots) => robots.is_allowed(&url[url::Position::BeforePath..url::Position::AfterQuery]),
        };
        if allowed { Ok(()) } else { Err(WebFault::Robots(url.to_string())) }
    }

    fn crawl_delay(&self, url: &Url) -> Option<Duration> {
        let sites = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        match sites.get(&url.origin().ascii_serialization()) {
            Some((_, Site::Rules(robots))) => robots.crawl_delay(),
            _ => None,
        }
    }

    fn site(&self, url: &Url) -> Result<Site, WebFault> {
        let origin = url.origin().ascii_serialization();
        let now = Instant::now();
        {
            let sites = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((since, site)) = sites.get(&origin)
                && now.duration_since(*since) < ROBOTS_AGE
            {
                return Ok(site.clone());
            }
        }
        let mut here = Url::parse(&format!("{origin}/robots.txt")).map_err(|_| WebFault::Address(url.to_string()))?;
        let mut hops = 0;
        let site = loop {
            let response = match self.once(&here, &Known::default(), ROBOTS_SIZE) {
                Ok(response) => response,
                // what cannot be reached now may be reached later: do not remember it
                Err(
                    fault @ (WebFault::Private { .. }
                    | WebFault::Unreachable { .. }
                    | WebFault::Slow { .. }
                    | WebFault::Later { .. }),
                ) => return Err(fault),
                Err(WebFault::Large { .. }) => break Site::Rules(Arc::new(Robots::parse(b"", ROBOT))),
                Err(_) => break Site::Closed,
            };
            match response.status {
                200..=299 => break Site::Rules(Arc::new(Robots::parse(&response.body, ROBOT))),
                300..=399 if hops < 5 => match response.location.as_deref().and_then(|l| here.join(l.trim()).ok()) {
                    Some(next) => {
                        here = next;
                        hops += 1;
                    }
                    None => break Site::Rules(Arc::new(Robots::parse(b"", ROBOT))),
                },
                500.. | 429 => break Site::Closed,
                _ => break Site::Rules(Arc::new(Robots::parse(b"", ROBOT))),
            }
        };
        let mut sites = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        if sites.len() > 10_000 {
            sites.clear();
        }
        // a site that could not say is asked again soon
        let since = if matches!(site, Site::Closed) {
            now.checked_sub(ROBOTS_AGE.saturating_sub(Duration::from_secs(300))).unwrap_or(now)
        } else {
            now
        };
        sites.insert(origin, (since, site.clone()));
        Ok(site)
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or("").to_ascii_lowercase()
}

/// The time that `Retry-After` asks for: seconds or a date.
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at: jiff::Timestamp = crate::date::normalise(value)?.parse().ok()?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    Some(Duration::from_secs(u64::try_from(at.as_second()).ok()?.saturating_sub(now)))
}
