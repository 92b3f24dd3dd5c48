//! The system's own dialogs. The page has no access to them but through these three commands.

use std::sync::mpsc;

use catalogue::{Language, language_of_locale};
use contract::{CallError, ErrorCode};
use serde::Deserialize;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath, MessageDialogKind};

/// Which files a dialog offers.
#[derive(Clone, Debug, Deserialize)]
pub struct FileFilter {
    /// What a person reads.
    name: String,
    /// Extensions without the dot.
    extensions: Vec<String>,
}

/// Lets the person choose a file; `None` when they leave the dialog.
#[tauri::command]
pub async fn pick_file(app: AppHandle, filters: Vec<FileFilter>) -> Result<Option<String>, CallError> {
    chosen(move |answer| filtered(app.dialog().file(), &filters).pick_file(answer)).await
}

/// Lets the person choose a folder; `None` when they leave the dialog.
#[tauri::command]
pub async fn pick_folder(app: AppHandle) -> Result<Option<String>, CallError> {
    chosen(move |answer| app.dialog().file().pick_folder(answer)).await
}

/// Lets the person say where to save; `None` when they leave the dialog.
#[tauri::command]
pub async fn save_file(
    app: AppHandle,
    default_name: String,
    filters: Vec<FileFilter>,
) -> Result<Option<String>, CallError> {
    let dialog = filtered(app.dialog().file(), &filters).set_file_name(default_name);
    chosen(move |answer| dialog.save_file(answer)).await
}

fn filtered<R: tauri::Runtime>(mut dialog: FileDialogBuilder<R>, filters: &[FileFilter]) -> FileDialogBuilder<R> {
    for filter in filters {
        let extensions: Vec<&str> = filter.extensions.iter().map(String::as_str).collect();
        dialog = dialog.add_filter(&filter.name, &extensions);
    }
    dialog
}

/// Waits for the person's answer without holding a thread that calls need.
async fn chosen<S>(show: S) -> Result<Option<String>, CallError>
where
    S: FnOnce(Box<dyn FnOnce(Option<FilePath>) + Send>),
{
    let (sender, receiver) = mpsc::channel();
    show(Box::new(move |path| {
        // The command can only be gone when the program ends.
        let _ = sender.send(path);
    }));
    let path = tauri::async_runtime::spawn_blocking(move || receiver.recv().ok().flatten())
        .await
        .map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))?;
    let Some(path) = path else { return Ok(None) };
    let path = path.into_path().map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))?;
    Ok(Some(path.display().to_string()))
}

/// Tells the person why the program can't start; ends the program when they have read it.
pub fn tell_failure(app: &AppHandle, error: &CallError) {
    let handle = app.clone();
    app.dialog()
        .message(catalogue::error_message(language(), error).line())
        .title("Winnow")
        .kind(MessageDialogKind::Error)
        .show(move |_| handle.exit(1));
}

/// The system's language, for the one message that comes before the person's settings can be read.
fn language() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find_map(|locale| language_of_locale(&locale))
        .unwrap_or(Language::En)
}
