//! Generates what the window carries inside: the interface, the icons and the permissions.

use std::fs;
use std::io;
use std::path::Path;

use tauri_build::{AppManifest, Attributes, CodegenContext};

/// What the page may ask of the shell. A command that isn't here has no permission and is refused.
const COMMANDS: &[&str] = &["call", "startup", "interactive", "pick_file", "pick_folder", "save_file"];

/// Shown when the shell was built before the interface.
const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Winnow</title>\
<body><p data-testid=\"placeholder\">The interface is not built. Run: cargo xtask ui</p></body></html>\n";

fn main() {
    if let Err(error) = provide_page(Path::new("ui/dist/index.html")) {
        panic!("ui/dist can't be written: {error}");
    }
    let attributes = Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/*.json")
        .app_manifest(AppManifest::new().commands(COMMANDS))
        .codegen(CodegenContext::new());
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("{error:#}");
    }
}

/// The window can't be compiled without a page; a fresh clone has none until the interface is built.
fn provide_page(page: &Path) -> io::Result<()> {
    if page.exists() {
        return Ok(());
    }
    if let Some(folder) = page.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(page, PLACEHOLDER)
}
