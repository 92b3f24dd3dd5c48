//! The window on the sample project, from nothing.

use crate::failure::{Failure, Outcome};
use crate::process::Process;
use crate::setup;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Sets up what running takes, builds, and opens the window.
pub fn run(workspace: &Workspace) -> Outcome {
    let mut steps = Steps::default();
    setup::for_running(workspace, &mut steps)?;
    steps.step("window", || {
        Process::cargo(workspace.root())
            .args(["build", "--release", "--package", "winnow-desktop", "--package", "cli"])
            .run()
    })?;
    steps.summary();
    if cfg!(target_os = "linux") && ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none()) {
        return Err(Failure::new(
            "everything is built, but there is no display to open the window on. Run this in a desktop session, or use \
             the command line: target/release/winnow --help",
        ));
    }
    println!("\nOpening the sample project");
    Process::new(workspace.program("winnow-desktop"), workspace.root())
        .arg("--sample")
        .env("WINNOW_MODELS", workspace.target("models"))
        .run()
}
