//! One exchange with a server, bounded in time and size, and what its failure means.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, Url};
use serde_json::Value;

use super::retry_after::retry_after;
use crate::error::ModelError;

/// Largest answer that is read, bytes.
const MAX_ANSWER: usize = 4 << 20;
/// Characters of what a server says that a message shows.
const SHOWN: usize = 300;

/// A key. It never shows in logs or messages.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a key.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A server's address and key.
#[derive(Clone, Debug)]
pub struct Server {
    base: Url,
    key: Option<Secret>,
    client: Client,
    timeout: Duration,
}

/// Why an exchange failed.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// It may pass: try again, after this time if the server says so.
    Passing { status: u16, detail: String, after: Option<Duration> },
    /// No whole answer came within this time.
    TimedOut(Duration),
    /// No connection could be made.
    Unreachable(String),
    /// The connection was cut.
    Lost(String),
    /// The key was refused.
    Refused(u16),
    /// There is no such thing there.
    NotFound(String),
    /// There is no money or quota left.
    Exhausted { status: u16, detail: String },
    /// The request is not accepted, and won't be.
    Rejected { status: u16, body: String },
    /// The answer is not JSON.
    NotJson(String),
    /// The answer is longer than so many bytes, and was not read to its end.
    TooLong(usize),
    /// It sends everybody to another address.
    Redirected(String),
}

impl Failure {
    /// Whether the same request may be answered later.
    pub(crate) fn may_pass(&self) -> bool {
        use Failure as F;
        let is_answer = matches!(self, F::Passing { .. } | F::NotJson(_) | F::TooLong(_));
        is_answer || matches!(self, F::TimedOut(_) | F::Unreachable(_) | F::Lost(_))
    }

    /// Whether the server is there and has not loaded its model yet (llama.cpp says so with 503).
    pub(crate) fn is_loading(&self) -> bool {
        matches!(self, Failure::Passing { status: 503, detail, .. } if detail.to_lowercase().contains("loading model"))
    }

    /// What the server or the network said.
    pub(crate) fn detail(&self) -> String {
        match self {
            Failure::Passing { detail, .. } | Failure::Exhausted { detail, .. } => detail.clone(),
            Failure::TimedOut(time) => format!("no answer in {time:?}"),
            Failure::TooLong(bytes) => format!("more than {bytes} bytes"),
            Failure::Refused(status) => status.to_string(),
            Failure::Rejected { body, .. } => said(body),
            Failure::Unreachable(text) | Failure::Lost(text) | Failure::NotFound(text) | Failure::NotJson(text) => {
                text.clone()
            }
            Failure::Redirected(to) => to.clone(),
        }
    }
}

impl Server {
    /// Checks an address; `/v1` may be left out.
    ///
    /// # Errors
    /// [`ModelError::Address`], [`ModelError::Failed`] when the system's TLS can't be set up.
    pub fn new(address: &str, key: Option<Secret>, timeout: Duration) -> Result<Self, ModelError> {
        let invalid = || ModelError::Address { server: address.to_owned() };
        // Before anything is joined to it: "http://" and a path would make a host of the path.
        Url::parse(address.trim()).map_err(|_| invalid())?;
        let mut text = address.trim().trim_end_matches('/').to_owned();
        if !text.ends_with("/v1") {
            text.push_str("/v1");
        }
        let base = Url::parse(&format!("{text}/")).map_err(|_| invalid())?;
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return Err(invalid());
        }
        Ok(Self { base, key, client: client(timeout)?, timeout })
    }

    /// The same server over new connections.
    ///
    /// # Errors
    /// [`ModelError::Failed`] when the system's TLS can't be set up.
    pub(crate) fn over_new_connections(&self) -> Result<Self, ModelError> {
        Ok(Self { client: client(self.timeout)?, ..self.clone() })
    }

    /// The same server with nobody waiting longer than `timeout` for an answer.
    ///
    /// # Errors
    /// [`ModelError::Failed`] when the system's TLS can't be set up.
    pub(crate) fn within(&self, timeout: Duration) -> Result<Self, ModelError> {
        let timeout = timeout.min(self.timeout);
        Ok(Self { client: client(timeout)?, timeout, ..self.clone() })
    }

    /// The address for people and errors, without `/v1`.
    pub fn address(&self) -> String {
        let text = self.base.as_str().trim_end_matches('/');
        text.strip_suffix("/v1").unwrap_or(text).to_owned()
    }

    /// Whether it runs on this machine.
    pub fn is_local(&self) -> bool {
        let host = self.base.host_str().unwrap_or_default().trim_matches(['[', ']']);
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Reads the JSON that lies at a path.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.exchange(Method::GET, path, None).await
    }

    /// Sends JSON, as bytes, to a path and reads the JSON that comes back.
    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> Result<Value, Failure> {
        self.exchange(Method::POST, path, Some(body)).await
    }

    async fn exchange(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Result<Value, Failure> {
        let url = self.base.join(path).map_err(|error| Failure::NotFound(error.to_string()))?;
        let mut request = self.client.request(method, url.clone());
        if let Some(Secret(key)) = &self.key {
            request = request.bearer_auth(key);
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body);
        }
        let response = request.send().await.map_err(|error| network(&error, self.timeout))?;
        let status = response.status().as_u16();
        let after = retry_after(response.headers());
        if let (300..=399, Some(to)) = (status, response.headers().get(LOCATION)) {
            return Err(Failure::Redirected(base_of(&url, path, &String::from_utf8_lossy(to.as_bytes()))));
        }
        let bytes = read_bounded(response, self.timeout).await?;
        let text = || String::from_utf8_lossy(&bytes);
        match status {
            200..=299 => serde_json::from_slice(&bytes).map_err(|_| Failure::NotJson(shown(&text()))),
            401 | 403 => Err(Failure::Refused(status)),
            404 => Err(Failure::NotFound(said(&text()))),
            // Nothing is left to pay with (OpenAI says so with 429): waiting does not help.
            402 => Err(Failure::Exhausted { status, detail: said(&text()) }),
            429 if text().contains("insufficient_quota") => Err(Failure::Exhausted { status, detail: said(&text()) }),
            408 | 409 | 425 | 429 | 500..=599 => Err(Failure::Passing { status, detail: said(&text()), after }),
            _ => Err(Failure::Rejected { status, body: text().into_owned() }),
        }
    }
}

/// What the body of an error says: the message in its JSON, else all of it; readable, and cut to a bearable length.
pub(crate) fn said(body: &str) -> String {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let places = [&json["error"]["message"], &json["error"], &json["message"], &json["detail"]];
    shown(places.into_iter().find_map(Value::as_str).unwrap_or(body))
}

/// The beginning of a text from outside, without what a screen would take for a command.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect()
}

/// The address that a redirect of `path` leads to, as somebody would give it: without the path, what follows a question mark, and
/// names of users.
fn base_of(asked: &Url, path: &str, location: &str) -> String {
    let Ok(mut to) = asked.join(location.trim()) else { return shown(location) };
    to.set_query(None);
    to.set_fragment(None);
    // An address that can have neither has none.
    let _ = to.set_username("").and_then(|()| to.set_password(None));
    let text = to.as_str().trim_end_matches('/');
    let base = text.strip_suffix(path).unwrap_or(text).trim_end_matches('/');
    shown(base.strip_suffix("/v1").unwrap_or(base))
}

fn client(timeout: Duration) -> Result<Client, ModelError> {
    // A redirect would send texts and key to a host that nobody chose.
    Client::builder()
        .redirect(Policy::none())
        .timeout(timeout)
        // llama.cpp's server closes connections that rest for five seconds; a request that meets it there is lost.
        .pool_idle_timeout(Duration::from_secs(3))
        .connect_timeout(Duration::from_secs(10).min(timeout))
        .tcp_nodelay(true)
        .build()
        .map_err(|error| ModelError::Failed { detail: error.to_string() })
}

fn network(error: &reqwest::Error, timeout: Duration) -> Failure {
    if error.is_timeout() && !error.is_connect() {
        return Failure::TimedOut(timeout);
    }
    // The cause says more than the outermost error, and holds no address or key.
    let mut source: &dyn std::error::Error = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    if error.is_connect() { Failure::Unreachable(source.to_string()) } else { Failure::Lost(source.to_string()) }
}

async fn read_bounded(mut response: Response, timeout: Duration) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| network(&error, timeout))? {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(Failure::TooLong(MAX_ANSWER));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
