//! Everything that has to hold before a change is taken: format, lints, tests, the window, the documents.

use crate::documents;
use crate::failure::{Failure, Outcome};
use crate::process::Process;
use crate::setup;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Sets up, checks and tests.
pub fn run(workspace: &Workspace) -> Outcome {
    let mut steps = Steps::default();
    let outcome = all(workspace, &mut steps);
    steps.summary();
    outcome
}

fn all(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    steps.step("format", || Process::cargo(workspace.root()).args(["fmt", "--all", "--check"]).run())?;
    steps.step("links of the documents", || documents::check_links(workspace))?;
    setup::for_running(workspace, steps)?;
    setup::for_testing(workspace, steps)?;
    steps.step("lints and build", || linted(workspace, "build").arg("--all-targets").run())?;
    steps.step("unit, integration and headless tests", || with_models(workspace, linted(workspace, "test")).run())?;
    steps.step("the window", || {
        let window = with_models(workspace, linted(workspace, "test")).args(["--test", "window"]);
        window.args(["--", "--ignored", "--nocapture", "--test-threads=1", "--skip", "screenshots"]).run()
    })
}

/// Screenshots of every screen in both themes, both languages and two sizes, into `target/screenshots`.
pub fn screenshots(workspace: &Workspace) -> Outcome {
    let mut steps = Steps::default();
    setup::for_running(workspace, &mut steps)?;
    setup::for_testing(workspace, &mut steps)?;
    steps.step("screenshots", || {
        let programs = Process::cargo(workspace.root()).args(["build", "--release", "--package", "winnow-desktop"]);
        programs.run()?;
        let window = Process::cargo(workspace.root()).args(["test", "--release", "--package", "winnow-desktop"]);
        let window = with_models(workspace, window).args(["--test", "window", "--", "--ignored", "--nocapture"]);
        window.args(["--test-threads=1", "screenshots"]).run()?;
        let shown = workspace.target("screenshots/review-en-light-1280x720.png");
        std::fs::copy(&shown, workspace.path("docs/screenshot.png"))
            .map_err(Failure::during(format!("copying {}", shown.display())))?;
        Ok(())
    })
}

/// A cargo command over the whole workspace whose compiler is clippy's driver, warnings denied. It compiles as it lints, so
/// that linting, building and testing compile every crate once; `cargo clippy` would check every dependency once more.
fn linted(workspace: &Workspace, command: &str) -> Process {
    Process::cargo(workspace.root())
        .args([command, "--release", "--workspace"])
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__")
}

/// Tells the tests where the set-up put models and llama.cpp's server.
fn with_models(workspace: &Workspace, process: Process) -> Process {
    process
        .env("WINNOW_MODELS", workspace.target("models"))
        .env("WINNOW_LLAMA_SERVER", workspace.target("llama-server/bin/python"))
        .env("WINNOW_READERS", workspace.target("readers-venv/bin/python"))
}
