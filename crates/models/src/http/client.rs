//! One exchange with a server, bounded in time and size, and what its failure means.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, Url};
use serde_json::Value;

use super::retry_after::retry_after;
use crate::error::ModelError;

/// Largest answer that is read, bytes.
const MAX_ANSWER: usize = 4 << 20;

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
    /// No whole answer in time.
    TimedOut,
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
}

impl Failure {
    /// Whether the same request may be answered later.
    pub(crate) fn may_pass(&self) -> bool {
        use Failure as F;
        matches!(self, F::Passing { .. } | F::TimedOut | F::Unreachable(_) | F::Lost(_) | F::NotJson(_))
    }

    /// What the server or the network said.
    pub(crate) fn detail(&self) -> String {
        match self {
            Failure::Passing { detail, .. } | Failure::Exhausted { detail, .. } => detail.clone(),
            Failure::TimedOut => "timeout".to_owned(),
            Failure::Refused(status) => status.to_string(),
            Failure::Rejected { body, .. } => body.chars().take(300).collect(),
            Failure::Unreachable(text) | Failure::Lost(text) | Failure::NotFound(text) | Failure::NotJson(text) => {
                text.clone()
            }
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
        let mut request = self.client.request(method, url);
        if let Some(Secret(key)) = &self.key {
            request = request.bearer_auth(key);
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body);
        }
        let response = request.send().await.map_err(|error| network(&error))?;
        let status = response.status();
        let after = retry_after(response.headers());
        let bytes = read_bounded(response).await?;
        let text = || String::from_utf8_lossy(&bytes).chars().take(300).collect::<String>();
        match status.as_u16() {
            200..=299 => serde_json::from_slice(&bytes).map_err(|_| Failure::NotJson(text())),
            401 | 403 => Err(Failure::Refused(status.as_u16())),
            404 => Err(Failure::NotFound(text())),
            // Nothing is left to pay with (OpenAI says so with 429): waiting does not help.
            402 => Err(Failure::Exhausted { status: status.as_u16(), detail: text() }),
            429 if text().contains("insufficient_quota") => {
                Err(Failure::Exhausted { status: status.as_u16(), detail: text() })
            }
            408 | 409 | 425 | 429 | 500..=599 => {
                Err(Failure::Passing { status: status.as_u16(), detail: text(), after })
            }
            300..=399 => Err(Failure::NotJson(format!("redirect ({status})"))),
            _ => Err(Failure::Rejected { status: status.as_u16(), body: String::from_utf8_lossy(&bytes).into_owned() }),
        }
    }
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

fn network(error: &reqwest::Error) -> Failure {
    if error.is_timeout() && !error.is_connect() {
        return Failure::TimedOut;
    }
    // The cause says more than the outermost error, and holds no address or key.
    let mut source: &dyn std::error::Error = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    if error.is_connect() { Failure::Unreachable(source.to_string()) } else { Failure::Lost(source.to_string()) }
}

async fn read_bounded(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| network(&error))? {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(Failure::NotJson(format!("more than {MAX_ANSWER} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
