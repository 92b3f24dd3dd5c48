//! System packages of Debian and Ubuntu.

use crate::failure::{Failure, Outcome};
use crate::process::{Process, is_installed};
use crate::workspace::Workspace;

/// What building the window needs.
pub const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "file",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libxdo-dev",
    "libssl-dev",
    "libdbus-1-dev",
];

/// What a window under test needs: a display, a window manager, the driver, and fonts for both languages.
pub const WINDOW_TEST: &[&str] =
    &["xvfb", "webkit2gtk-driver", "openbox", "dbus-x11", "imagemagick", "fonts-noto-core"];

/// Installs those of the packages that are not there; says which.
pub fn install(workspace: &Workspace, wanted: &[&str]) -> Outcome {
    let missing: Vec<&str> = wanted.iter().copied().filter(|package| !is_there(workspace, package)).collect();
    if missing.is_empty() {
        println!("  system packages: all {} are there", wanted.len());
        return Ok(());
    }
    if !is_installed("apt-get") {
        return Err(Failure::new(format!(
            "these system packages are missing, and there is no apt-get to install them: {}",
            missing.join(" ")
        )));
    }
    println!("  installing system packages: {}", missing.join(" "));
    let install = |workspace: &Workspace| {
        as_root(workspace)?.args(["apt-get", "install", "--yes", "--no-install-recommends"]).args(&missing).run()
    };
    // The lists of a fresh machine are empty or old; on any other, asking for them would only cost time.
    if install(workspace).is_ok() {
        return Ok(());
    }
    println!("  the package lists may be missing or old; fetching them");
    as_root(workspace)?.args(["apt-get", "update"]).run()?;
    install(workspace)
}

fn is_there(workspace: &Workspace, package: &str) -> bool {
    Process::new("dpkg-query", workspace.root())
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .answer()
        .is_some_and(|status| status == "installed")
}

/// A program run as root: at once when this is root, else through sudo, which may ask for the password.
pub fn as_root(workspace: &Workspace) -> Outcome<Process> {
    let root = Process::new("id", workspace.root()).arg("-u").answer().is_some_and(|user| user == "0");
    let process = if root {
        Process::new("env", workspace.root())
    } else if is_installed("sudo") {
        Process::new("sudo", workspace.root()).interactive().arg("env")
    } else {
        return Err(Failure::new("system packages have to be installed: run this as root, or install sudo"));
    };
    Ok(process.arg("DEBIAN_FRONTEND=noninteractive"))
}
