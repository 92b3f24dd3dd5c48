//! One run of the program: its own display, ports and data, and what a person does to it.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use crate::display::Display;
use crate::misfits::{self, Misfits};
use crate::pictures;
use crate::process_group::ProcessGroup;

/// Longest wait for something that the program shows at once; generous, because tests share the machine.
const SOON: Duration = Duration::from_secs(30);
/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// What a person starts the program with.
#[derive(Default)]
pub struct Start<'a> {
    /// Arguments of the command line.
    pub arguments: Vec<String>,
    /// Where settings are kept; a fresh folder when `None`.
    pub data_folder: Option<&'a Path>,
    /// The system's language.
    pub locale: Option<&'a str>,
}

/// The running program.
pub struct Session {
    client: Client,
    log: PathBuf,
    misfits: Misfits,
    // Ended in this order: the driver with the window before the screen that they are on.
    _driver: ProcessGroup,
    _display: Display,
    _folder: tempfile::TempDir,
}

impl Session {
    /// Starts the program and waits until its page is there.
    pub async fn start(start: Start<'_>) -> Self {
        let folder = tempfile::Builder::new().prefix("winnow-window-").tempdir().unwrap();
        let display = Display::start();
        let log = folder.path().join("window.log");
        let (port, native_port) = free_ports();
        let data_folder = start.data_folder.map_or_else(|| folder.path().join("data"), Path::to_owned);
        let driver = ProcessGroup::start(
            Command::new("dbus-run-session")
                .arg("--")
                .arg(driver_program())
                .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
                .env("DISPLAY", display.name())
                .env_remove("WAYLAND_DISPLAY")
                .env("GDK_BACKEND", "x11")
                .env("LIBGL_ALWAYS_SOFTWARE", "1")
                .env("LC_ALL", start.locale.unwrap_or("C.UTF-8"))
                .env("WINNOW_DATA_FOLDER", data_folder)
                .env("WINNOW_MODELS", testbed::models_folder())
                .env("XDG_DATA_HOME", folder.path().join("share"))
                .env("XDG_CONFIG_HOME", folder.path().join("config"))
                .env("XDG_CACHE_HOME", folder.path().join("cache"))
                .stdout(Stdio::null())
                .stderr(File::create(&log).unwrap()),
        );
        let client = connect(port, &start.arguments, &log).await;
        Self { client, log, misfits: Misfits::default(), _driver: driver, _display: display, _folder: folder }
    }

    /// Closes the window as a person does and waits until the program has ended. Everything must have fitted in its pictures.
    pub async fn close(self) {
        self.client.close().await.unwrap();
        self.misfits.assert_none();
    }

    /// What the program wrote to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The window's title.
    pub async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// Waits until an element is shown.
    pub async fn see(&self, test_id: &str) -> Element {
        self.see_within(test_id, SOON).await
    }

    /// Waits until an element is shown, at most so long.
    pub async fn see_within(&self, test_id: &str, longest: Duration) -> Element {
        let selector = selector(test_id);
        let deadline = Instant::now() + longest;
        loop {
            if let Ok(element) = self.client.find(Locator::Css(&selector)).await
                && element.is_displayed().await.unwrap_or(false)
            {
                return element;
            }
            if Instant::now() > deadline {
                self.picture("failure").await;
                panic!("[{test_id}] did not appear; the page says:\n{}\n{}", self.page_text().await, self.log());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Clicks an element once it is shown and can be clicked.
    pub async fn click(&self, test_id: &str) {
        let deadline = Instant::now() + SOON;
        loop {
            let element = self.see(test_id).await;
            let enabled = element.is_enabled().await.unwrap_or(false)
                && element.attr("aria-disabled").await.ok().flatten().as_deref() != Some("true");
            if enabled && element.click().await.is_ok() {
                return;
            }
            if Instant::now() > deadline {
                self.picture("failure").await;
                panic!("[{test_id}] can't be clicked; the page says:\n{}", self.page_text().await);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Puts text into a field in place of what is there.
    pub async fn write(&self, test_id: &str, text: &str) {
        let field = self.see(test_id).await;
        field.click().await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses in a list by the choice's value.
    pub async fn choose(&self, test_id: &str, value: &str) {
        self.see(test_id).await.select_by_value(value).await.unwrap();
    }

    /// Presses a key wherever the focus is.
    pub async fn press(&self, key: char) {
        self.client.active_element().await.unwrap().send_keys(&key.to_string()).await.unwrap();
    }

    /// What an element says.
    pub async fn text(&self, test_id: &str) -> String {
        self.see(test_id).await.text().await.unwrap()
    }

    /// Waits until an element says something that `fits`.
    pub async fn text_that(&self, test_id: &str, longest: Duration, fits: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + longest;
        loop {
            // The element may be drawn anew between finding and reading it.
            let text = self.see(test_id).await.text().await.unwrap_or_default();
            if fits(&text) {
                return text;
            }
            if Instant::now() > deadline {
                self.picture("failure").await;
                panic!("[{test_id}] says {text:?}; the page says:\n{}", self.page_text().await);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// How many elements of this kind there are.
    pub async fn count(&self, test_id: &str) -> usize {
        self.client.find_all(Locator::Css(&selector(test_id))).await.unwrap().len()
    }

    /// Runs a script that answers through the function it gets as its last argument.
    pub async fn script_async(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.unwrap()
    }

    /// Asks the program directly, as the page does; for what a test has to prepare or check beside the window.
    pub async fn call(&self, name: &str, request: Value) -> Value {
        const ASK: &str = "const [name, request, done] = arguments; \
            window.__TAURI_INTERNALS__.invoke('call', {name, request}).then(answer => done({answer}), error => done({error}));";
        let answer = self.client.execute_async(ASK, vec![json!(name), request]).await.unwrap();
        assert!(answer.get("error").is_none(), "{name}: {answer}");
        answer["answer"].clone()
    }

    /// Draws the page anew, as after a start.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Waits until the page has stopped changing.
    pub async fn settled(&self) {
        let mut before = String::new();
        for _ in 0..50 {
            tokio::time::sleep(PAUSE * 2).await;
            let now = self.page_text().await;
            if now == before {
                return;
            }
            before = now;
        }
    }

    /// Sets the window's size.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.unwrap();
    }

    /// Keeps a picture of the window under this name, and looks whether everything fits in it.
    pub async fn picture(&self, name: &str) {
        // On a busy machine what is drawn lags behind what the page is; the second frame from now shows it.
        const DRAWN: &str = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)));";
        let _ = self.client.execute_async(DRAWN, Vec::new()).await;
        if let Ok(png) = self.client.screenshot().await {
            std::fs::create_dir_all(pictures()).unwrap();
            std::fs::write(pictures().join(format!("{name}.png")), png).unwrap();
        }
        if let Ok(found) = self.client.execute_async(misfits::LOOK, Vec::new()).await {
            self.misfits.note(name, &found);
        }
    }

    /// Everything that the page says.
    pub async fn page_text(&self) -> String {
        let text = self.client.execute("return document.body.innerText", Vec::new()).await;
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

fn selector(test_id: &str) -> String {
    format!("[data-testid='{test_id}']")
}

async fn connect(port: u16, arguments: &[String], log: &Path) -> Client {
    let options = json!({ "application": env!("CARGO_BIN_EXE_winnow-desktop"), "args": arguments });
    let capabilities = json!({ "tauri:options": options }).as_object().unwrap().clone();
    let address = format!("http://127.0.0.1:{port}");
    let deadline = Instant::now() + SOON;
    loop {
        match ClientBuilder::native().capabilities(capabilities.clone()).connect(&address).await {
            Ok(client) => return client,
            Err(error) if Instant::now() > deadline => {
                panic!("no window: {error}\n{}", std::fs::read_to_string(log).unwrap_or_default())
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Two ports that are free now.
fn free_ports() -> (u16, u16) {
    let listeners = [TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap()];
    (listeners[0].local_addr().unwrap().port(), listeners[1].local_addr().unwrap().port())
}

fn driver_program() -> PathBuf {
    let program = testbed::repository().join("target/tools/bin/tauri-driver");
    assert!(program.is_file(), "{} is missing: run `cargo xtask setup`", program.display());
    program
}
