//! The installers: deb and rpm around the programs that are already built, and the proof that the deb installs and starts.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::packages;
use crate::process::{Process, is_installed};
use crate::setup;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Tauri's packager, prebuilt; in step with the `tauri` of Cargo.lock.
const PACKAGER: &str = "@tauri-apps/cli@2.12.5";
const DEB_PACKAGE: &str = "winnow";
/// What the program logs when its first screen can be used.
const STARTED: &str = "interactive after";

/// Builds what is missing and packs it; with `verify`, installs the deb and starts the window.
pub fn run(workspace: &Workspace, verify: bool) -> Outcome {
    let mut steps = Steps::default();
    setup::for_running(workspace, &mut steps)?;
    steps.step("programs", || {
        Process::cargo(workspace.root())
            .args(["build", "--release", "--package", "winnow-desktop", "--package", "cli"])
            .run()
    })?;
    let packager = steps.step("packager", || provide_packager(workspace))?;
    steps.step("deb and rpm", || {
        Process::new(packager, workspace.root()).args(["bundle", "--bundles", "deb,rpm", "--ci"]).run()
    })?;
    let installers = installers(workspace)?;
    for installer in &installers {
        println!("  {} ({:.1} MB)", installer.display(), fs::metadata(installer)?.len() as f64 / 1e6);
    }
    if verify {
        let deb = installers
            .iter()
            .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
            .ok_or_else(|| Failure::new("no deb was made"))?;
        steps.step("the deb installs", || install(workspace, deb))?;
        steps.step("the installed window starts", || start(workspace))?;
    }
    steps.summary();
    Ok(())
}

fn provide_packager(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.target("tools/packager");
    let program = folder.join("node_modules/.bin/tauri");
    if program.exists() {
        return Ok(program);
    }
    if !is_installed("npm") {
        packages::install(workspace, &["npm"])?;
    }
    fs::create_dir_all(&folder)?;
    Process::new("npm", workspace.root())
        .args(["install", "--no-save", "--prefix"])
        .arg(&folder)
        .arg(PACKAGER)
        .run()?;
    Ok(program)
}

/// The latest deb and rpm.
fn installers(workspace: &Workspace) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for kind in ["deb", "rpm"] {
        for entry in fs::read_dir(workspace.target("release/bundle").join(kind))? {
            let path = entry?.path();
            let current = path.to_string_lossy().contains(env!("CARGO_PKG_VERSION"));
            if current && path.extension().is_some_and(|extension| extension == kind) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn install(workspace: &Workspace, deb: &std::path::Path) -> Outcome {
    packages::as_root(workspace)?.args(["apt-get", "install", "--yes", "--reinstall"]).arg(deb).run()?;
    Process::new("dpkg-query", workspace.root()).args(["--listfiles", DEB_PACKAGE]).run()?;
    Process::new("/usr/bin/winnow", workspace.root()).arg("--version").run()
}

/// Starts the installed window on a display of its own and waits until its first screen can be used.
fn start(workspace: &Workspace) -> Outcome {
    packages::install(workspace, packages::WINDOW_TEST)?;
    let folder = workspace.target("bundle-check");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let log = folder.join("window.log");
    let mut window = Process::new("xvfb-run", workspace.root())
        .args(["--auto-servernum", "dbus-run-session", "--", "/usr/bin/winnow-desktop"])
        .env("WINNOW_DATA_FOLDER", folder.join("data"))
        .into_command();
    // A group of its own: what is ended later is this display, this bus and this window, and nothing else.
    std::os::unix::process::CommandExt::process_group(&mut window, 0);
    let mut window = window.stdout(Stdio::null()).stderr(fs::File::create(&log)?).spawn()?;
    let deadline = Instant::now() + Duration::from_secs(60);
    let line = loop {
        let text = fs::read_to_string(&log)?;
        if let Some(line) = text.lines().find(|line| line.contains(STARTED)) {
            break Some(line.to_owned());
        }
        if Instant::now() > deadline || window.try_wait()?.is_some() {
            break None;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    Process::new("kill", workspace.root()).args(["-TERM", "--"]).arg(format!("-{}", window.id())).run()?;
    window.wait()?;
    match line {
        Some(line) => {
            println!("  {line}");
            Ok(())
        }
        None => Err(Failure::new(format!("the installed window didn't start; see {}", log.display()))),
    }
}
