//! The compiler for WebAssembly: rustup's target, or Debian's compiler where rustup can't fetch it.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::packages;
use crate::process::{Process, is_installed};
use crate::workspace::Workspace;

const TARGET: &str = "wasm32-unknown-unknown";
/// Debian's compiler, its cargo and the source of the standard library.
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// How WebAssembly is compiled here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasmCompiler {
    /// The host's compiler has the target.
    Host,
    /// Debian's compiler builds the standard library from its own source.
    Debian,
}

impl WasmCompiler {
    /// The compiler that is there, installing one where there is none.
    pub fn provide(workspace: &Workspace) -> Outcome<Self> {
        if host_has_target(workspace.root()) {
            return Ok(Self::Host);
        }
        if debian_is_complete() {
            return Ok(Self::Debian);
        }
        println!("  the WebAssembly target is missing; asking rustup for it");
        if is_installed("rustup")
            && Process::new("rustup", workspace.root()).args(["target", "add", TARGET]).run().is_ok()
            && host_has_target(workspace.root())
        {
            return Ok(Self::Host);
        }
        println!("  rustup can't bring it; Debian's compiler can");
        packages::install(workspace, DEBIAN_PACKAGES)?;
        if debian_is_complete() {
            return Ok(Self::Debian);
        }
        Err(Failure::new(format!(
            "no compiler for {TARGET}: neither `rustup target add {TARGET}` nor the packages {} worked",
            DEBIAN_PACKAGES.join(", ")
        )))
    }

    /// Compiles the interface and gives the module's path. The target folder is its own: two compilers that share one
    /// would build everything again each time they take turns.
    pub fn build_interface(self, workspace: &Workspace) -> Outcome<PathBuf> {
        let folder = workspace.target("wasm");
        let build = match self {
            Self::Host => Process::cargo(workspace.root()),
            Self::Debian => debian_cargo(workspace.root())?,
        };
        let build = build
            .args(["build", "--package", "ui", "--profile", "wasm", "--target", TARGET])
            .env("CARGO_TARGET_DIR", &folder);
        let build = match self {
            Self::Host => build,
            Self::Debian => build.args(["-Z", "build-std=std,panic_abort"]),
        };
        build.run()?;
        Ok(folder.join(TARGET).join("wasm/ui.wasm"))
    }
}

fn host_has_target(root: &Path) -> bool {
    Process::new("rustc", root)
        .args(["--print", "target-libdir", "--target", TARGET])
        .answer()
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

fn debian_is_complete() -> bool {
    Path::new("/usr/bin/rustc").is_file() && Path::new("/usr/bin/cargo").is_file() && Path::new(DEBIAN_SOURCE).is_file()
}

/// Debian's cargo. It has no linker for WebAssembly of its own; the host toolchain's serves.
fn debian_cargo(root: &Path) -> Outcome<Process> {
    let sysroot = Process::new("rustc", root)
        .args(["--print", "sysroot"])
        .answer()
        .ok_or_else(|| Failure::new("`rustc --print sysroot` gave no answer"))?;
    let linker = Path::new(&sysroot).join("lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld");
    let path = std::env::var("PATH").unwrap_or_default();
    Ok(Process::new("/usr/bin/cargo", root)
        .env("PATH", format!("/usr/bin:{path}"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker))
}
