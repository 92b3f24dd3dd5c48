//! A proxy before a model server that spoils some of the exchanges, and keeps account of what it did and delivered.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::web_server::{Request, Response, read, read_response};

/// What can go wrong with an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// 429 with a wait of 20 ms.
    RateLimited,
    /// 500.
    ServerError,
    /// Nothing comes until the client goes.
    Hang,
    /// Half of the answer comes, then the connection is cut.
    Half,
    /// Status 200 and something that is no chat completion.
    WrongJson,
    /// A chat completion that is none of the labels.
    WrongLabel,
    /// The answer comes twice over the same connection.
    Twice,
    /// The answer comes in small pieces, in time.
    Drip,
    /// The answer comes in small pieces that never end in time.
    EndlessDrip,
}

impl Fault {
    /// Whether a valid answer arrives all the same.
    pub fn is_answered(self) -> bool {
        matches!(self, Fault::Twice | Fault::Drip)
    }
}

/// How many of a thousand questions are spoiled, by kind.
pub type Shares = &'static [(Fault, u32)];

/// What the proxy did.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Faults by kind.
    pub faults: HashMap<Fault, u64>,
    /// Questions by text (the last message of the chat).
    pub asked: HashMap<String, u64>,
    /// Valid answers that were delivered whole and in time, by text.
    pub delivered: HashMap<String, u64>,
    /// Texts that were asked about again after their answer had been delivered.
    pub asked_again: Vec<String>,
}

impl Account {
    /// How often there was a fault of this kind.
    pub fn count(&self, fault: Fault) -> u64 {
        self.faults.get(&fault).copied().unwrap_or(0)
    }
}

/// A proxy before a model server.
pub struct FaultProxy {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: String,
    shares: Shares,
    seed: u64,
    /// Answers that the client may no longer have waited for don't count as delivered.
    in_time: Duration,
    /// The server is gone once so many texts were answered.
    gone_after: AtomicUsize,
    account: Mutex<Account>,
}

impl Shared {
    fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_gone(&self) -> bool {
        let after = self.gone_after.load(Ordering::SeqCst);
        after != usize::MAX && self.account().delivered.len() >= after
    }

    /// The fault that the `turn`-th question about a text meets: the same for the same seed.
    fn fault(&self, text: &str, turn: u64) -> Option<Fault> {
        let mut hasher = DefaultHasher::new();
        (self.seed, text, turn).hash(&mut hasher);
        let mut drawn = u32::try_from(hasher.finish() % 1000).unwrap_or(0);
        for (fault, share) in self.shares {
            if drawn < *share {
                return Some(*fault);
            }
            drawn -= share;
        }
        None
    }
}

impl FaultProxy {
    /// Starts a proxy before the server at `upstream` (`http://127.0.0.1:port`). Only questions are spoiled, neither lists of models nor
    /// the questions of a probe. `timeout`: how long the client waits for an answer.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(upstream: &str, shares: Shares, seed: u64, timeout: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("no free port: {error}"));
        let port = listener.local_addr().map_or(0, |address| address.port());
        let shared = Arc::new(Shared {
            upstream: upstream.trim_start_matches("http://").to_owned(),
            shares,
            seed,
            in_time: timeout / 2,
            gone_after: AtomicUsize::new(usize::MAX),
            account: Mutex::default(),
        });
        let kept = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&kept);
                // Who goes away in the middle is none of the proxy's concern.
                std::thread::spawn(move || serve(&stream, &shared).ok());
            }
        });
        Self { port, shared }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Takes the server away, with all connections, as soon as so many texts were answered.
    pub fn go_after(&self, answers: usize) {
        self.shared.gone_after.store(answers, Ordering::SeqCst);
    }

    /// Brings the server back.
    pub fn come_back(&self) {
        self.go_after(usize::MAX);
    }

    /// What it did so far.
    pub fn account(&self) -> Account {
        self.shared.account().clone()
    }
}

/// Serves one connection of a client over one connection to the server.
fn serve(stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = BufReader::new(stream);
    let mut server: Option<BufReader<TcpStream>> = None;
    while let Some(request) = read(&mut input)? {
        if shared.is_gone() {
            return stream.shutdown(Shutdown::Both);
        }
        let received = Instant::now();
        let text = question(&request);
        let fault = text.as_deref().and_then(|text| begin(shared, text));
        let mut answer = || forward(shared, &mut server, &request);
        let kept = match fault {
            None => send(stream, &answer()?.bytes())?,
            Some(fault) => spoil(stream, fault, &mut answer)?,
        };
        if let Some(text) = text.filter(|_| fault.is_none_or(Fault::is_answered))
            && received.elapsed() < shared.in_time
        {
            *shared.account().delivered.entry(text).or_default() += 1;
        }
        if !kept {
            return stream.shutdown(Shutdown::Both);
        }
    }
    Ok(())
}

/// The text that a request asks about; `None` for everything else and for probes.
fn question(request: &Request) -> Option<String> {
    if !request.target.ends_with("/chat/completions") {
        return None;
    }
    let body: Value = serde_json::from_str(&request.body).ok()?;
    let text = body["messages"].as_array()?.last()?["content"].as_str()?;
    (!request.body.contains("qx_first")).then(|| text.to_owned())
}

/// Takes a question into the account and draws its fault.
fn begin(shared: &Shared, text: &str) -> Option<Fault> {
    let mut account = shared.account();
    if account.delivered.contains_key(text) {
        account.asked_again.push(text.to_owned());
    }
    let turn = account.asked.entry(text.to_owned()).or_default();
    *turn += 1;
    let fault = shared.fault(text, *turn);
    if let Some(fault) = fault {
        *account.faults.entry(fault).or_default() += 1;
    }
    fault
}

/// Does what a fault says; whether the connection may be used again.
fn spoil(
    stream: &TcpStream,
    fault: Fault,
    answer: &mut dyn FnMut() -> std::io::Result<Response>,
) -> std::io::Result<bool> {
    let said = |status: u16, headers: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {status} Said\r\n{headers}Content-Length: {length}\r\n\r\n{body}").into_bytes()
    };
    match fault {
        Fault::RateLimited => send(stream, &said(429, "retry-after-ms: 20\r\n", "{}")),
        Fault::ServerError => send(stream, &said(500, "", "{\"error\": \"out of luck\"}")),
        Fault::Hang => wait_until_gone(stream),
        Fault::Half => {
            let bytes = answer()?.bytes();
            send(stream, bytes.get(..bytes.len() - bytes.len() / 4).unwrap_or_default())?;
            Ok(false)
        }
        Fault::WrongJson => send(stream, &said(200, "", "{\"choices\": [{\"mess")),
        Fault::WrongLabel => {
            let content = "{\"label\": \"none of them\", \"confidence\": 0.5}";
            let completion = json!({"id": "chatcmpl-of-a-wrong-label", "choices": [{"message": {"content": content}}]});
            send(stream, &said(200, "", &completion.to_string()))
        }
        Fault::Twice => {
            let bytes = answer()?.bytes();
            // The copy comes with the answer or just after it, when the next request may be on its way.
            let late = bytes.len() % 2 == 0;
            if late {
                send(stream, &bytes)?;
                std::thread::sleep(Duration::from_millis(1));
                send(stream, &bytes)
            } else {
                send(stream, &[&bytes[..], &bytes[..]].concat())
            }
        }
        Fault::Drip => {
            for piece in answer()?.bytes().chunks(64) {
                send(stream, piece)?;
                std::thread::sleep(Duration::from_millis(2));
            }
            Ok(true)
        }
        Fault::EndlessDrip => {
            let bytes = answer()?.bytes();
            for byte in &bytes[..bytes.len() / 2] {
                send(stream, std::slice::from_ref(byte))?;
                std::thread::sleep(Duration::from_millis(40));
            }
            wait_until_gone(stream)
        }
    }
}

fn send(stream: &TcpStream, bytes: &[u8]) -> std::io::Result<bool> {
    let mut stream = stream;
    stream.write_all(bytes).map(|()| true)
}

fn wait_until_gone(stream: &TcpStream) -> std::io::Result<bool> {
    let mut stream = stream;
    let mut rest = [0; 64];
    while stream.read(&mut rest)? > 0 {}
    Ok(false)
}

/// What the server says; its connection is made when there is none.
fn forward(shared: &Shared, server: &mut Option<BufReader<TcpStream>>, request: &Request) -> std::io::Result<Response> {
    let bytes = format!(
        "{} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        request.target,
        shared.upstream,
        request.body.len(),
        request.body
    );
    // One that rested for long may have been closed.
    if let Some(kept) = server
        && kept.get_mut().write_all(bytes.as_bytes()).is_ok()
        && let Ok(response) = read_response(kept)
    {
        return Ok(response);
    }
    let stream = TcpStream::connect(&shared.upstream)?;
    stream.set_nodelay(true)?;
    let fresh = server.insert(BufReader::new(stream));
    fresh.get_mut().write_all(bytes.as_bytes())?;
    read_response(fresh)
}
