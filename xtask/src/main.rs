//! The developer's commands: `cargo xtask setup | run | test | ui | bundle | models | bench | screenshots`.

mod bench;
mod bundle;
mod checks;
mod documents;
mod e5_conversion;
mod encoders;
mod failure;
mod interface;
mod language_models;
mod packages;
mod process;
mod python;
mod run;
mod setup;
mod steps;
mod wasm;
mod workspace;

use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};

use crate::failure::Outcome;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// The developer's commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Brings what a fresh machine lacks for running and testing; says what it installs.
    Setup {
        /// Brings this alone.
        #[arg(long, value_enum)]
        only: Option<setup::Part>,
    },
    /// Brings what running needs, builds, and opens the window on the sample project.
    Run,
    /// Brings what testing needs; checks format, lints and documents; runs every test, the window's too.
    Test,
    /// Builds the interface into ui/dist.
    Ui,
    /// Makes the deb and the rpm.
    Bundle {
        /// Installs the deb and starts the window from it.
        #[arg(long)]
        verify: bool,
    },
    /// Fetches the language models of the sample project and of the tests.
    Models {
        /// The larger one too (1.1 GB), with which the optional tests run.
        #[arg(long)]
        all: bool,
    },
    /// Runs the benchmarks and prints their ratios.
    Bench,
    /// Takes pictures of every screen into target/screenshots and refreshes docs/screenshot.png.
    Screenshots,
}

fn main() -> ExitCode {
    let started = Instant::now();
    match execute(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure} (after {} s)", started.elapsed().as_secs());
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Outcome {
    let workspace = Workspace::here();
    match command {
        Command::Setup { only } => {
            let mut steps = Steps::default();
            match only {
                Some(part) => part.provide(&workspace, &mut steps)?,
                None => {
                    setup::for_running(&workspace, &mut steps)?;
                    setup::for_testing(&workspace, &mut steps)?;
                }
            }
            steps.summary();
            Ok(())
        }
        Command::Run => run::run(&workspace),
        Command::Test => checks::run(&workspace),
        Command::Ui => interface::build(&workspace),
        Command::Bundle { verify } => bundle::run(&workspace, verify),
        Command::Models { all } => {
            let mut steps = Steps::default();
            setup::language_models(&workspace, &mut steps, all)?;
            steps.summary();
            Ok(())
        }
        Command::Bench => bench::run(&workspace),
        Command::Screenshots => checks::screenshots(&workspace),
    }
}
