//! A real llama.cpp server with a real model.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::places::{found, repository};
use crate::web_server::{free_port, get};

/// How long loading a model may take.
const READY: Duration = Duration::from_secs(120);

/// llama.cpp's OpenAI-compatible server on this machine; ends with the test.
pub struct LlamaServer {
    process: Child,
    port: u16,
}

/// The Python that has llama.cpp's server, and the package `gguf` with which tests write models; `None`, said loudly, where
/// it is missing.
pub fn server_python() -> Option<PathBuf> {
    let promised = std::env::var_os("WINNOW_LLAMA_SERVER");
    let usual = || repository().join("target/llama-server/bin/python");
    found(promised.as_ref().map_or_else(usual, PathBuf::from), promised.is_some())
}

impl LlamaServer {
    /// The model's name on this server.
    pub const MODEL: &'static str = "test-model";

    /// Starts it with a model, four slots and a context of 8,192 tokens for all of them; `None`, said loudly, where its Python
    /// environment is missing.
    ///
    /// # Panics
    /// When it does not get ready.
    pub fn start(model: &Path) -> Option<Self> {
        let python = server_python()?;
        let port = free_port();
        let process = Command::new(python)
            .arg(repository().join("tools/serve_gguf.py"))
            .arg(model)
            .args([Self::MODEL, &port.to_string(), "8192", "2", "4"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("the llama.cpp server: {error}"));
        let mut server = Self { process, port };
        let deadline = Instant::now() + READY;
        while get(port, "/health").is_none_or(|answer| !answer.starts_with("HTTP/1.1 200")) {
            let ended = server.process.try_wait().map_or(true, |status| status.is_some());
            assert!(!ended, "the llama.cpp server ended at its start");
            assert!(Instant::now() < deadline, "the llama.cpp server did not get ready");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(server)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
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
