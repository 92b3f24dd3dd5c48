//! How the program was started, and how long it takes until it can be used.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

/// What the page asks for first.
#[derive(Clone, Debug, Serialize)]
pub struct Startup {
    /// The project's folder to open at once, absolute.
    pub open: Option<String>,
}

/// This run of the program.
pub struct Launch {
    startup: Startup,
    began: Instant,
    before_main: Duration,
    told: AtomicBool,
}

impl Launch {
    /// From the command line: the first argument that is not an option names the project's folder.
    pub fn of_process() -> Self {
        let began = Instant::now();
        let open = std::env::args_os().skip(1).find(|argument| !argument.to_string_lossy().starts_with('-'));
        let open = open.map(|folder| std::path::absolute(Path::new(&folder)).unwrap_or_else(|_| folder.into()));
        Self {
            startup: Startup { open: open.map(|folder| folder.display().to_string()) },
            began,
            before_main: since_process_start().unwrap_or_default(),
            told: AtomicBool::new(false),
        }
    }

    /// What the page asks for first.
    pub fn startup(&self) -> Startup {
        self.startup.clone()
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
