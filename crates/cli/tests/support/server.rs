//! A real llama.cpp server, and one that is no model server at all.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{root, smollm2};

/// llama.cpp's OpenAI-compatible server with SmolLM2, on this machine; ends with the test.
pub struct LlamaServer {
    process: Child,
    pub url: String,
}

impl LlamaServer {
    /// Starts it; `None`, said loudly, where its Python environment or the model is missing.
    pub fn start() -> Option<Self> {
        let python = std::env::var_os("WINNOW_LLAMA_SERVER")
            .map_or_else(|| root().join("target/llama-server/bin/python"), PathBuf::from);
        let script = root().join("tools/serve_gguf.py");
        let model = smollm2()?;
        for needed in [&python, &script] {
            if !needed.is_file() {
                eprintln!("SKIPPED: {} is not there (cargo xtask setup makes it)", needed.display());
                return None;
            }
        }
        let port = free_port();
        let process = Command::new(python)
            .arg(script)
            .args([model.as_str(), "smollm2", &port.to_string(), "8192", "2", "4"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { process, url: format!("http://127.0.0.1:{port}") };
        server.await_ready(port);
        Some(server)
    }

    fn await_ready(&mut self, port: u16) {
        let deadline = Instant::now() + Duration::from_secs(120);
        while !healthy(port) {
            assert!(self.process.try_wait().unwrap().is_none(), "the llama.cpp server ended at its start");
            assert!(Instant::now() < deadline, "the llama.cpp server did not get ready");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Takes it away, as a crash does.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for LlamaServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn healthy(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let request = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

/// A web server that answers every request with a page; its address.
pub fn html_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let page = "<!doctype html><title>Welcome</title><p>It works!";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    url
}
