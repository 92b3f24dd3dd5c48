//! The developer's commands: `cargo xtask setup | run | test | ui | bundle | bench | screenshots`.

mod failure;
mod interface;
mod packages;
mod process;
mod wasm;
mod workspace;

use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};

use crate::failure::Outcome;
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
    /// Builds the interface into ui/dist.
    Ui,
}

fn main() -> ExitCode {
    let started = Instant::now();
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure} (after {} s)", started.elapsed().as_secs());
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Outcome {
    let workspace = Workspace::here();
    match command {
        Command::Ui => interface::build(&workspace),
    }
}
