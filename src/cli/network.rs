//! Speaking to servers, over HTTP: time-stamping authorities, revocation lists, OCSP responders.
//!
//! Nothing is asked that the user did not name, or that does not stand in a certificate. A server that is not there, or
//! that has a failure, is asked again a little later, and then a little later again; one that is slow is given up. What
//! comes back is limited in size, and is believed by nobody before its signature has been checked. A proxy is taken from
//! the usual variables of the environment (`HTTPS_PROXY`, `NO_PROXY`).
//!
//! An address that stands in a certificate was chosen by whoever made it. It leads to public servers alone ([`Reach`]),
//! so that no file has this machine ask what only this machine can reach; and there is a limit to how long all asking
//! together takes.

mod reach;

pub(super) use reach::Reach;

use crate::signature::{SignatureError, TimeStampAuthority};
use reach::{Inward, Resolving};
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use ureq::http::Response;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error, Timeout};

const CONNECT: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(30);
/// How long all that is asked in one call of the command may take.
const ALTOGETHER: Duration = Duration::from_mins(2);
/// How long to wait before a server is asked again.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];
/// A time-stamp or an OCSP answer has a few thousand octets.
const ANSWER: u64 = 1 << 20;
/// A large authority's revocation list can have some million entries.
const LIST: u64 = 64 << 20;

/// A way to servers.
pub(super) struct Network {
    agent: Agent,
    pauses: [Duration; 2],
    whole: Duration,
    until: Instant,
}

/// A time-stamping authority at an address.
pub(super) struct RemoteAuthority<'a> {
    network: &'a Network,
    url: &'a str,
}

impl Network {
    pub(super) fn new(reach: Reach) -> Self {
        Self::with(CONNECT, WHOLE, PAUSES, reach)
    }

    fn with(connect: Duration, whole: Duration, pauses: [Duration; 2], reach: Reach) -> Self {
        let config = Agent::config_builder()
            .timeout_connect(Some(connect))
            .timeout_global(Some(whole))
            .http_status_as_error(false)
            .max_redirects(3)
            .user_agent(concat!("cscr/", env!("CARGO_PKG_VERSION")))
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), Resolving::within(reach));
        Self { agent, pauses, whole, until: Instant::now() + ALTOGETHER }
    }

    /// The time-stamping authority at an address.
    pub(super) fn authority<'a>(&'a self, url: &'a str) -> Result<RemoteAuthority<'a>, SignatureError> {
        check_address(url)?;
        Ok(RemoteAuthority { network: self, url })
    }

    /// Fetches a revocation list or a certificate.
    pub(super) fn fetch(&self, url: &str) -> Result<Vec<u8>, SignatureError> {
        check_address(url)?;
        self.ask(url, LIST, |agent, left| agent.get(url).config().timeout_global(Some(left)).build().call())
    }

    /// Sends a question to an OCSP responder.
    pub(super) fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, SignatureError> {
        check_address(url)?;
        self.post(url, "application/ocsp-request", request)
    }

    fn post(&self, url: &str, content_type: &str, content: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.ask(url, ANSWER, |agent, left| {
            let call = agent.post(url).config().timeout_global(Some(left)).build();
            call.content_type(content_type).send(content)
        })
    }

    /// Asks, and asks again where that may help.
    fn ask(
        &self,
        url: &str,
        limit: u64,
        call: impl Fn(&Agent, Duration) -> Result<Response<Body>, Error>,
    ) -> Result<Vec<u8>, SignatureError> {
        let mut pauses = self.pauses.iter();
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(SignatureError::new(format!(
                    "{} was not asked: asking has taken {} s altogether",
                    shown(url),
                    ALTOGETHER.as_secs()
                ))
                .hint("try again later"));
            }
            let answer = call(&self.agent, left.min(self.whole));
            let pause = if may_help(&answer) { pauses.next() } else { None };
            match pause {
                Some(pause) => std::thread::sleep(*pause),
                None => return read(url, limit, answer),
            }
        }
    }
}

impl TimeStampAuthority for RemoteAuthority<'_> {
    fn answer(&self, request: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.network.post(self.url, "application/timestamp-query", request)
    }
}

fn check_address(url: &str) -> Result<(), SignatureError> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    if rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) {
        return Ok(());
    }
    Err(SignatureError::new(format!("{} is no address of a server", shown(url)))
        .hint("give an address that begins with http:// or https://"))
}

/// Whether it may help to ask again.
fn may_help(answer: &Result<Response<Body>, Error>) -> bool {
    match answer {
        Ok(response) => response.status().is_server_error(),
        Err(Error::Io(error)) => error.kind() != ErrorKind::TimedOut,
        Err(
            Error::ConnectionFailed
            | Error::HostNotFound
            | Error::Timeout(Timeout::Connect | Timeout::Resolve),
        ) => true,
        Err(_) => false,
    }
}

fn read(url: &str, limit: u64, answer: Result<Response<Body>, Error>) -> Result<Vec<u8>, SignatureError> {
    let mut response = answer.map_err(|error| failure(url, limit, &error))?;
    let status = response.status();
    if !status.is_success() {
        let words = format!("{} answers: {status}", shown(url));
        return Err(SignatureError::new(words).hint("check the address, or try again later"));
    }
    response.body_mut().with_config().limit(limit).read_to_vec().map_err(|error| failure(url, limit, &error))
}

/// What went wrong between here and a server.
fn failure(url: &str, limit: u64, error: &Error) -> SignatureError {
    let url = shown(url);
    if let Error::Other(other) = error
        && other.is::<Inward>()
    {
        return SignatureError::new(format!("{url} leads to this machine or into a private network"))
            .hint("if the authority is one of your own organisation, allow it with --private-network");
    }
    let what = match error {
        Error::HostNotFound => format!("{url}: there is no server of that name"),
        Error::ConnectionFailed | Error::Timeout(Timeout::Connect) => format!("{url} cannot be reached"),
        Error::Timeout(_) => format!("{url} is too slow: it was given up after {} s", WHOLE.as_secs()),
        Error::BodyExceedsLimit(_) => format!("{url} sends more than {limit} octets"),
        Error::Io(error) => format!("{url} cannot be reached: {}", error.kind()),
        Error::TooManyRedirects | Error::RedirectFailed => format!("{url} leads to yet another address"),
        Error::BadUri(_) | Error::Http(_) => format!("{url} is no address of a server"),
        Error::Tls(_) | Error::Rustls(_) => {
            format!("{url} does not show a certificate that is trusted on the web")
        }
        _ => format!("{url} does not speak HTTP"),
    };
    SignatureError::new(what).hint("check the address and the connection, or try again later")
}

/// An address without the name and password that may stand in it.
fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests;
