//! Running other programs: shown before they run, their failure told with what was run.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};

/// A program to run, in the repository's root unless told otherwise.
pub struct Process {
    command: Command,
    shown: String,
}

impl Process {
    /// A program with nothing of the running `cargo` in its environment: a nested cargo would otherwise see another
    /// environment than one started by hand, and rebuild what is there.
    pub fn new(program: impl AsRef<OsStr>, root: &Path) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.current_dir(root).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let cargos = name.to_str().is_some_and(|name| {
                name.starts_with("CARGO_PKG_")
                    || name.starts_with("CARGO_MANIFEST_")
                    || matches!(
                        name,
                        "CARGO" | "CARGO_PRIMARY_PACKAGE" | "LD_LIBRARY_PATH" | "RUSTC" | "RUSTUP_TOOLCHAIN"
                    )
            });
            if cargos {
                command.env_remove(name);
            }
        }
        let name = Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned();
        Self { command, shown: name }
    }

    /// The host's cargo.
    pub fn cargo(root: &Path) -> Self {
        Self::new("cargo", root)
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        let argument = argument.as_ref();
        self.shown.push(' ');
        self.shown.push_str(&argument.to_string_lossy());
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        for argument in arguments {
            self = self.arg(argument);
        }
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Leaves the person's terminal to it, so that it can ask for a password.
    #[must_use]
    pub fn interactive(mut self) -> Self {
        self.command.stdin(Stdio::inherit());
        self
    }

    /// Shows it, runs it to its end, and takes any status but zero for a failure.
    pub fn run(mut self) -> Outcome {
        println!("  $ {}", self.shown);
        let status = self.command.status().map_err(Failure::during(format!("`{}` can't be started", self.shown)))?;
        if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` failed ({status})", self.shown))) }
    }

    /// Runs it unseen and gives what it printed, or `None` when it can't be started or fails.
    pub fn answer(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The bare command, for what has to be kept running.
    pub fn into_command(self) -> Command {
        self.command
    }
}

/// Whether a program is on the path.
pub fn is_installed(program: &str) -> bool {
    find_program(program).is_some()
}

/// Where on the path a program is.
pub fn find_program(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}
