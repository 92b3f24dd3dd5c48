//! A web server that does as it is told, for faults that no real server makes on demand.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What a client asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method and path, such as `POST /v1/chat/completions`.
    pub target: String,
    /// The value of the header `Authorization`.
    pub authorization: Option<String>,
    /// The body as text.
    pub body: String,
    /// How many requests came before.
    pub number: usize,
}

/// What the server does with it.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Answers with status, more header lines and a body.
    Answer(u16, Vec<String>, String),
    /// Announces a body and cuts the connection in its middle.
    Cut,
    /// Keeps the connection open and says nothing for so long.
    Silence(Duration),
}

impl Reply {
    /// JSON with status 200.
    pub fn json(body: impl ToString) -> Self {
        Self::Answer(200, vec!["Content-Type: application/json".to_owned()], body.to_string())
    }

    /// A page with status 200.
    pub fn html(body: &str) -> Self {
        Self::Answer(200, vec!["Content-Type: text/html".to_owned()], body.to_owned())
    }

    /// A status without anything to say.
    pub fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), String::new())
    }
}

/// A web server on this machine; it serves as long as the process lives.
pub struct WebServer {
    port: u16,
    requests: Arc<AtomicUsize>,
}

impl WebServer {
    /// Starts a server that answers each request with what `reply` says.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("no free port: {error}"));
        let port = listener.local_addr().map_or(0, |address| address.port());
        let requests = Arc::new(AtomicUsize::new(0));
        let (counter, reply) = (Arc::clone(&requests), Arc::new(reply));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (counter, reply) = (Arc::clone(&counter), Arc::clone(&reply));
                // A client that goes away in the middle is none of the server's concern.
                std::thread::spawn(move || serve(&stream, &counter, &*reply).ok());
            }
        });
        Self { port, requests }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Requests so far.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn serve(stream: &TcpStream, counter: &AtomicUsize, reply: &dyn Fn(&Request) -> Reply) -> std::io::Result<()> {
    let request = read(stream, counter)?;
    let mut stream = stream;
    match reply(&request) {
        Reply::Answer(status, headers, body) => {
            let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
            write!(stream, "HTTP/1.1 {status} Said\r\n{headers}Content-Length: {}\r\n", body.len())?;
            write!(stream, "Connection: close\r\n\r\n{body}")
        }
        Reply::Cut => write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{{\"choices\": [{{\"mess"),
        Reply::Silence(time) => {
            std::thread::sleep(time);
            Ok(())
        }
    }
}

fn read(stream: &TcpStream, counter: &AtomicUsize) -> std::io::Result<Request> {
    let mut input = BufReader::new(stream);
    let mut line = String::new();
    input.read_line(&mut line)?;
    let target = line.rsplit_once(' ').map_or("", |(target, _)| target).to_owned();
    let (mut length, mut authorization) = (0, None);
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let Some((name, value)) = line.trim().split_once(':') else { continue };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "authorization" => authorization = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    let number = counter.fetch_add(1, Ordering::SeqCst);
    Ok(Request { target, authorization, body: String::from_utf8_lossy(&body).into_owned(), number })
}

/// A port that is free now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map_or_else(|error| panic!("no free port: {error}"), |address| address.port())
}

/// The whole answer to a GET on this machine, headers and all; `None` when there is none.
pub(crate) fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}
