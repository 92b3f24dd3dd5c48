//! A screen that nobody sees, with a window manager.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::process_group::ProcessGroup;

/// A virtual screen of 1920×1080.
pub struct Display {
    name: String,
    // Ended in this order: the window manager before its screen.
    _manager: ProcessGroup,
    _screen: ProcessGroup,
}

impl Display {
    /// Starts one on a number that is free.
    pub fn start() -> Self {
        let mut screen = ProcessGroup::start(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let mut number = String::new();
        let output = screen.leader().stdout.take().unwrap();
        BufReader::new(output).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb gave no display");
        let name = format!(":{}", number.trim());
        let manager = ProcessGroup::start(
            Command::new("openbox").env("DISPLAY", &name).stdout(Stdio::null()).stderr(Stdio::null()),
        );
        Self { name, _manager: manager, _screen: screen }
    }

    /// Its name, as programs find it.
    pub fn name(&self) -> &str {
        &self.name
    }
}
