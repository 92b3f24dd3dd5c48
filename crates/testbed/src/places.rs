//! Where real files and models lie.

use std::path::{Path, PathBuf};

/// File name of the model for tests that need speed: SmolLM2-135M-Instruct.
pub const SMALL_MODEL: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";
/// File name of the starter model: Qwen2.5-Coder-0.5B-Instruct.
pub const STARTER_MODEL: &str = "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf";
/// Folder of the English text encoder.
pub const ENGLISH_ENCODER: &str = "all-MiniLM-L6-v2";
/// Folder of the multilingual text encoder.
pub const MULTILINGUAL_ENCODER: &str = "multilingual-e5-small";

/// File name of the larger model, which nobody has to have: Qwen2.5-Coder-1.5B-Instruct.
pub const LARGER_MODEL: &str = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf";

/// The root of the repository.
pub fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap_or(root)
}

/// A file of the sample project: real data that is always here.
pub fn sample(name: &str) -> PathBuf {
    repository().join("assets/sample").join(name)
}

/// A file of the large real data sets. Banking77 is always here.
pub fn data(name: &str) -> Option<PathBuf> {
    let kept = repository().join("tests/data").join(name);
    if kept.is_file() {
        return Some(kept);
    }
    placed("WINNOW_DATA", "../shared/data", name)
}

/// The folder in which the set-up places models.
pub fn models_folder() -> PathBuf {
    std::env::var_os("WINNOW_MODELS").map_or_else(|| repository().join("target/models"), PathBuf::from)
}

/// The model for tests that need speed.
pub fn small_model() -> Option<PathBuf> {
    placed("WINNOW_MODELS", "target/models", SMALL_MODEL)
}

/// The starter model.
pub fn starter_model() -> Option<PathBuf> {
    placed("WINNOW_MODELS", "target/models", STARTER_MODEL)
}

/// The folder of a text encoder, [`ENGLISH_ENCODER`] or [`MULTILINGUAL_ENCODER`].
pub fn encoder(name: &str) -> Option<PathBuf> {
    let weights = placed("WINNOW_MODELS", "target/models", &format!("{name}/model.safetensors"))?;
    weights.parent().map(Path::to_owned)
}

/// The larger model, where somebody fetched it (`cargo xtask models --all`): it is never promised.
pub fn larger_model() -> Option<PathBuf> {
    found(models_folder().join(LARGER_MODEL), false)
}

/// The base model of the family Gemma 3, where somebody has it: its terms don't let it be given on, so it is never promised.
pub fn gemma_model() -> Option<PathBuf> {
    found(models_folder().join("gemma-3-270m-q4_k_m.gguf"), false)
}

/// The Python that has pandas, polars, Hugging Face's `datasets`, blake3 and zstandard; `None`, said loudly, where it is missing.
pub fn readers_python() -> Option<PathBuf> {
    let promised = std::env::var_os("WINNOW_READERS");
    let usual = || repository().join("target/readers-venv/bin/python");
    found(promised.as_ref().map_or_else(usual, PathBuf::from), promised.is_some())
}

/// A file in the folder that a variable names, or else at its usual place.
fn placed(variable: &str, usual: &str, name: &str) -> Option<PathBuf> {
    let promised = std::env::var_os(variable);
    let folder = promised.as_ref().map_or_else(|| repository().join(usual), PathBuf::from);
    found(folder.join(name), promised.is_some())
}

/// The file, if it is there. One that was promised must be.
///
/// # Panics
/// When a promised file is missing: a test that skips itself there would look like one that passed.
pub(crate) fn found(file: PathBuf, promised: bool) -> Option<PathBuf> {
    if file.is_file() {
        // Not canonical: the Python of a virtual environment is a link that must be called by its own name.
        return Some(file);
    }
    assert!(!promised, "{} is missing", file.display());
    eprintln!("SKIPPED: {} is not there (`cargo xtask setup` places models and servers)", file.display());
    None
}
