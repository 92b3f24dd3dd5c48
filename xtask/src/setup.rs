//! What a fresh machine lacks.

use clap::ValueEnum;

use crate::encoders::{E5, MINILM};
use crate::failure::Outcome;
use crate::interface;
use crate::language_models::{LARGER, SMALL, STARTER};
use crate::packages;
use crate::process::Process;
use crate::python;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// The WebDriver server for windows of this kind.
const DRIVER_VERSION: &str = "2.1.0";

/// A part of the set-up that can be asked for alone.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Part {
    /// The text encoders.
    Encoders,
}

impl Part {
    /// Brings this part.
    pub fn provide(self, workspace: &Workspace, steps: &mut Steps) -> Outcome {
        match self {
            Self::Encoders => steps.step("text encoders", || encoders(workspace)),
        }
    }
}

fn encoders(workspace: &Workspace) -> Outcome {
    MINILM.provide(workspace)?;
    E5.provide(workspace)
}

/// What building and running the window takes.
pub fn for_running(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    steps.step("system packages", || packages::install(workspace, packages::BUILD))?;
    steps.step("starter model", || STARTER.provide(workspace))?;
    Part::Encoders.provide(workspace, steps)?;
    steps.step("interface", || interface::build(workspace))
}

/// What tests take beside that.
pub fn for_testing(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    steps.step("system packages of the window's tests", || packages::install(workspace, packages::WINDOW_TEST))?;
    steps.step("model of the tests", || SMALL.provide(workspace))?;
    steps.step("llama.cpp's server", || python::provide_server(workspace))?;
    steps.step("readers of datasets", || python::provide_readers(workspace))?;
    steps.step("WebDriver", || provide_driver(workspace))
}

/// The language models; with `all`, also the one that nothing needs.
pub fn language_models(workspace: &Workspace, steps: &mut Steps, all: bool) -> Outcome {
    steps.step("starter model", || STARTER.provide(workspace))?;
    steps.step("model of the tests", || SMALL.provide(workspace))?;
    if all {
        steps.step("larger model", || LARGER.provide(workspace))?;
    }
    Ok(())
}

fn provide_driver(workspace: &Workspace) -> Outcome {
    if workspace.target("tools/bin/tauri-driver").is_file() {
        println!("  tauri-driver is in target/tools");
        return Ok(());
    }
    println!("  installing tauri-driver {DRIVER_VERSION} into target/tools");
    Process::cargo(workspace.root())
        .args(["install", "--locked", "--quiet", "tauri-driver", "--version", DRIVER_VERSION, "--root"])
        .arg(workspace.target("tools"))
        .run()
}
