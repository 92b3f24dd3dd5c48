//! A program with all that it starts, ended together.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// A running program that leads a process group.
pub struct ProcessGroup {
    leader: Child,
}

impl ProcessGroup {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let leader = command.process_group(0).stdin(Stdio::null()).spawn();
        Self { leader: leader.unwrap_or_else(|error| panic!("{command:?} can't be started: {error}")) }
    }

    /// The program itself.
    pub fn leader(&mut self) -> &mut Child {
        &mut self.leader
    }

    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.leader.id());
        let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.signal("-TERM");
        // What doesn't end by itself is ended; a group that is gone already is no error.
        std::thread::sleep(std::time::Duration::from_millis(200));
        self.signal("-KILL");
        let _ = self.leader.wait();
    }
}
