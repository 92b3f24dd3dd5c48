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

/// Serves one connection for as long as the client keeps it.
fn serve(stream: &TcpStream, counter: &AtomicUsize, reply: &dyn Fn(&Request) -> Reply) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = BufReader::new(stream);
    let mut output = stream;
    while let Some(mut request) = read(&mut input)? {
        request.number = counter.fetch_add(1, Ordering::SeqCst);
        match reply(&request) {
            Reply::Answer(status, headers, body) => {
                let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
                let length = body.len();
                // In one write: a client that has the head waits for the body.
                let answer = format!("HTTP/1.1 {status} Said\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
                output.write_all(answer.as_bytes())?;
            }
            Reply::Cut => {
                return write!(output, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{{\"choices\": [{{\"mess");
            }
            Reply::Silence(time) => {
                std::thread::sleep(time);
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The next request of a connection; `None` when the client has closed it.
pub(crate) fn read(input: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let target = line.rsplit_once(' ').map_or("", |(target, _)| target).to_owned();
    let (lines, body) = read_rest(input)?;
    let authorization = header(&lines, "authorization").map(str::to_owned);
    Ok(Some(Request { target, authorization, body: String::from_utf8_lossy(&body).into_owned(), number: 0 }))
}

/// What a server answered.
pub(crate) struct Response {
    head: String,
    body: Vec<u8>,
}

impl Response {
    /// All of it, as it goes over a connection that is kept.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let length = self.body.len();
        let head = format!("{}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n", self.head);
        [head.as_bytes(), &self.body].concat()
    }
}

/// Reads an answer that names its length.
pub(crate) fn read_response(input: &mut impl BufRead) -> std::io::Result<Response> {
    let mut head = String::new();
    if input.read_line(&mut head)? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let (_, body) = read_rest(input)?;
    Ok(Response { head: head.trim_end().to_owned(), body })
}

/// Header lines and body.
fn read_rest(input: &mut impl BufRead) -> std::io::Result<(Vec<String>, Vec<u8>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        lines.push(line);
    }
    let mut body = vec![0; header(&lines, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
    input.read_exact(&mut body)?;
    Ok((lines, body))
}

fn header<'a>(lines: &'a [String], name: &str) -> Option<&'a str> {
    let of = |line: &'a String| line.trim().split_once(':').filter(|(found, _)| found.eq_ignore_ascii_case(name));
    lines.iter().find_map(of).map(|(_, value)| value.trim())
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
