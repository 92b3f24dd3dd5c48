//! The interface: compiled to WebAssembly, given its glue, put beside its page and styles in `ui/dist`.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::failure::{Failure, Outcome};
use crate::wasm::WasmCompiler;
use crate::workspace::Workspace;

/// Builds `ui/dist`; leaves it untouched when nothing that goes into it has changed, so that the window, which carries
/// it inside, isn't built again either.
pub fn build(workspace: &Workspace) -> Outcome {
    let module = WasmCompiler::provide(workspace)?.build_interface(workspace)?;
    let statics = files_under(&workspace.path("ui/static"))?;
    let (dist, stamp) = (workspace.path("ui/dist"), workspace.target("wasm/interface.sha256"));
    let inputs = fingerprint(&module, &statics)?;
    if dist.join("ui_bg.wasm").is_file() && fs::read_to_string(&stamp).is_ok_and(|known| known == inputs) {
        println!("  ui/dist is up to date");
        return Ok(());
    }
    // Everything is made beside the folder and takes its place in one step: nobody sees half an interface.
    let fresh = workspace.path("ui/dist.new");
    remove_folder(&fresh)?;
    fs::create_dir_all(&fresh)?;
    generate_glue(&module, &fresh)?;
    for (relative, path) in &statics {
        let to = fresh.join(relative);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(path, &to).map_err(Failure::during(format!("copying {}", path.display())))?;
    }
    remove_folder(&dist)?;
    fs::rename(&fresh, &dist).map_err(Failure::during("putting ui/dist into place"))?;
    fs::write(&stamp, inputs)?;
    let size = fs::metadata(dist.join("ui_bg.wasm"))?.len();
    println!("  ui/dist: module of {} kB, {} other files", size / 1000, statics.len() + 1);
    Ok(())
}

/// The crate that makes the glue is pinned to the version of `wasm-bindgen` that the interface is built with, so the two
/// can't get out of step.
fn generate_glue(module: &Path, to: &Path) -> Outcome {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("ui")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(to))
        .map_err(|error| Failure::new(format!("wasm-bindgen: {error:#}")))
}

/// A hash over the module and the static files with their names.
fn fingerprint(module: &Path, statics: &[(PathBuf, PathBuf)]) -> Outcome<String> {
    let mut hash = Sha256::new();
    hash.update(fs::read(module).map_err(Failure::during(format!("reading {}", module.display())))?);
    for (relative, path) in statics {
        let content = fs::read(path)?;
        hash.update(relative.to_string_lossy().as_bytes());
        hash.update([0]);
        hash.update(content.len().to_le_bytes());
        hash.update(content);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Every file under a folder: its path inside and its whole path, sorted.
fn files_under(folder: &Path) -> Outcome<Vec<(PathBuf, PathBuf)>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).map_err(Failure::during(format!("reading {}", next.display())))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(folder) {
                found.push((relative.to_owned(), path.clone()));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn remove_folder(folder: &Path) -> Outcome {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("removing {}: {error}", folder.display())))
        }
        _ => Ok(()),
    }
}
