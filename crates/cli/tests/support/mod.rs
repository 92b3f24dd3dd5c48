//! What the tests of the command line share: running the binary as a person does, and the real files and models.

#![allow(dead_code, clippy::unwrap_used)]

pub mod files;

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A place of its own for one test: the project, the settings' folder, files that the test makes.
pub struct Workplace {
    folder: TempDir,
}

/// How a command ended.
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Workplace {
    pub fn new() -> Self {
        let folder = TempDir::with_prefix("winnow-cli-").unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        Self { folder }
    }

    /// Another place with the same content.
    pub fn copied(&self) -> Self {
        let copy = Self::new();
        testbed::copy_folder(self.folder.path(), copy.folder.path()).unwrap();
        copy
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file of the test's own and answers its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.text(name)
    }

    /// The binary, in this place, with an environment that repeats.
    pub fn command(&self, arguments: &[&str]) -> Command {
        // Another binary than the one just built can be tested, such as an installed one.
        let binary = std::env::var_os("WINNOW_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_winnow").into());
        let mut command = Command::new(binary);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("WINNOW_DATA_FOLDER", self.path("data"))
            .env("WINNOW_MODELS", testbed::models_folder())
            .env("WINNOW_UTC", "1")
            .env("LC_ALL", "C")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs a command that must succeed, with `--json`, and answers its document.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let ended = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(ended.code, 0, "{arguments:?}\n{}{}", ended.stdout, ended.stderr);
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{}", ended.stdout))
    }

    /// Runs a command that must succeed and answers what a person reads.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}\n{}{}", ended.stdout, ended.stderr);
        ended.stdout
    }

    /// Starts a command and leaves it running.
    pub fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    testbed::repository()
}

/// A file of the sample project: real data that is always here.
pub fn sample(name: &str) -> String {
    text(testbed::sample(name))
}

/// A file of the large real data sets.
pub fn data(name: &str) -> Option<String> {
    testbed::data(name).map(text)
}

/// The small model for tests that need speed.
pub fn smollm2() -> Option<String> {
    testbed::small_model().map(text)
}

fn text(path: PathBuf) -> String {
    path.to_str().unwrap().to_owned()
}
