//! Commands of the shell itself: dialogs, start-up.

use contract::CallError;
use serde::{Deserialize, Serialize};

use super::call::command;

/// Which files a dialog offers.
#[derive(Clone, Debug, Serialize)]
pub struct FileFilter {
    /// What a person reads.
    pub name: String,
    /// Extensions without the dot.
    pub extensions: Vec<String>,
}

#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct Filters {
    filters: Vec<FileFilter>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Save {
    default_name: String,
    filters: Vec<FileFilter>,
}

/// What the window was started with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Startup {
    /// The project's folder to open at once.
    #[serde(default)]
    pub open: Option<String>,
}

/// What the window was started with.
///
/// # Errors
/// The shell can't be reached.
pub async fn startup() -> Result<Startup, CallError> {
    command("startup", &Nothing {}).await
}

/// Tells the shell that the first screen can be used, for the measure of the start.
pub async fn interactive() {
    // Only a measurement: nothing to do when nobody takes it.
    let _ = command::<serde_json::Value>("interactive", &Nothing {}).await;
}

/// Lets the person choose a file; `None` when they leave the dialog.
///
/// # Errors
/// The dialog can't be shown.
pub async fn pick_file(filters: Vec<FileFilter>) -> Result<Option<String>, CallError> {
    command("pick_file", &Filters { filters }).await
}

/// Lets the person choose a folder; `None` when they leave the dialog.
///
/// # Errors
/// The dialog can't be shown.
pub async fn pick_folder() -> Result<Option<String>, CallError> {
    command("pick_folder", &Nothing {}).await
}

/// Lets the person say where to save; `None` when they leave the dialog.
///
/// # Errors
/// The dialog can't be shown.
pub async fn save_file(default_name: &str, filters: Vec<FileFilter>) -> Result<Option<String>, CallError> {
    command("save_file", &Save { default_name: default_name.to_owned(), filters }).await
}
