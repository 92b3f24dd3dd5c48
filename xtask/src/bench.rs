//! The benchmarks, each beside the peer that it is compared with.

use crate::failure::{Failure, Outcome};
use crate::process::Process;
use crate::setup;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Sets up, builds, and runs `benches/run.sh`, which prints the ratios.
pub fn run(workspace: &Workspace) -> Outcome {
    let script = workspace.path("benches/run.sh");
    if !script.is_file() {
        return Err(Failure::new("benches/run.sh is missing"));
    }
    let mut steps = Steps::default();
    setup::for_running(workspace, &mut steps)?;
    setup::for_testing(workspace, &mut steps)?;
    steps.step("programs", || {
        Process::cargo(workspace.root())
            .args(["build", "--release", "--package", "winnow-desktop", "--package", "cli"])
            .run()
    })?;
    steps.step("benchmarks", || {
        Process::new("bash", workspace.root())
            .arg(&script)
            .env("WINNOW_MODELS", workspace.target("models"))
            .env("WINNOW_LLAMA_SERVER", workspace.target("llama-server/bin/python"))
            .run()
    })?;
    steps.summary();
    Ok(())
}
