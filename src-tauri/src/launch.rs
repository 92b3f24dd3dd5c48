//! How the program was started, and how long it takes until it can be used.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use api::Winnow;
use contract::CallError;
use contract::project::OpenSampleProject;
use serde::Serialize;

/// What the page asks for first.
#[derive(Clone, Debug, Serialize)]
pub struct Startup {
    /// The project's folder to open at once, absolute.
    pub open: Option<String>,
}

/// Which project the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Folder(String),
    /// `--sample`.
    Sample,
}

/// This run of the program.
pub struct Launch {
    wanted: Wanted,
    began: Instant,
    before_main: Duration,
    told: AtomicBool,
}

impl Launch {
    /// From the command line: `--sample` asks for the sample project, else the first argument that is not an option
    /// names the project's folder.
    pub fn of_process() -> Self {
        let began = Instant::now();
        let arguments: Vec<_> = std::env::args_os().skip(1).collect();
        let folder = arguments.iter().find(|argument| !argument.to_string_lossy().starts_with('-'));
        let wanted = match folder {
            _ if arguments.iter().any(|argument| argument == "--sample") => Wanted::Sample,
            Some(folder) => {
                let folder = Path::new(folder);
                Wanted::Folder(std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).display().to_string())
            }
            None => Wanted::Nothing,
        };
        Self { wanted, began, before_main: since_process_start().unwrap_or_default(), told: AtomicBool::new(false) }
    }

    /// What the page asks for first. Blocks while the sample project is made, on its first use.
    ///
    /// # Errors
    /// The sample project can't be made.
    pub fn startup(&self, winnow: &Winnow) -> Result<Startup, CallError> {
        let open = match &self.wanted {
            Wanted::Nothing => None,
            Wanted::Folder(folder) => Some(folder.clone()),
            Wanted::Sample => Some(winnow.call(OpenSampleProject {})?.folder),
        };
        Ok(Startup { open })
    }

    /// Writes the measured start to the log, once.
    pub fn interactive(&self) {
        if !self.told.swap(true, Ordering::Relaxed) {
            let millis = (self.before_main + self.began.elapsed()).as_millis();
            eprintln!("winnow-desktop: interactive after {millis} ms");
        }
    }
}

/// Time since the system started this process, so that loading the libraries counts. To a hundredth of a second.
#[cfg(target_os = "linux")]
fn since_process_start() -> Option<Duration> {
    /// What the kernel counts in, on every Linux that is in use (`getconf CLK_TCK`).
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name stands in brackets and may hold anything; the start time is field 22, the 20th after it.
    let start: f64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    let uptime: f64 = std::fs::read_to_string("/proc/uptime").ok()?.split_whitespace().next()?.parse().ok()?;
    Duration::try_from_secs_f64(uptime - start / TICKS_A_SECOND).ok()
}

/// Elsewhere the time counts from the program's first line.
#[cfg(not(target_os = "linux"))]
fn since_process_start() -> Option<Duration> {
    None
}
