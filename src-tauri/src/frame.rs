//! The window's frame: opened at the size that it was left with.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, LogicalSize, Manager, WebviewWindow, WebviewWindowBuilder, WindowEvent};

const LABEL: &str = "main";
const FILE: &str = "window.json";

/// The frame as it was left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Frame {
    /// Logical pixels.
    width: f64,
    /// Logical pixels.
    height: f64,
    /// Whether it filled the screen.
    maximised: bool,
}

/// Opens the window and remembers its size when it is closed.
///
/// # Errors
/// The system gives no window.
pub fn open(app: &AppHandle, data_folder: &Path) -> tauri::Result<()> {
    let Some(config) = app.config().app.windows.iter().find(|window| window.label == LABEL) else {
        return Err(tauri::Error::WindowNotFound);
    };
    let file = data_folder.join(FILE);
    let mut builder = WebviewWindowBuilder::from_config(app, config)?;
    if let Some(frame) = read(&file) {
        let width = frame.width.max(config.min_width.unwrap_or(config.width));
        let height = frame.height.max(config.min_height.unwrap_or(config.height));
        builder = builder.inner_size(width, height).maximized(frame.maximised);
    }
    let window = builder.build()?;
    remember(window, file);
    Ok(())
}

/// A file that is missing or not understood counts as none: the window then opens at its usual size.
fn read(file: &Path) -> Option<Frame> {
    let frame: Frame = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    (frame.width.is_finite() && frame.height.is_finite()).then_some(frame)
}

fn remember(window: WebviewWindow, file: PathBuf) {
    let app = window.app_handle().clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { .. } = event
            && let Some(window) = app.get_webview_window(LABEL)
            && let Some(frame) = frame_of(&window, read(&file))
            && let Ok(json) = serde_json::to_vec(&frame)
        {
            // The size is a convenience: a folder that can't be written to must not hold the window open.
            let _ = fs::write(&file, json);
        }
    });
}

/// The frame now; a maximised window keeps the size that it had before.
fn frame_of(window: &WebviewWindow, before: Option<Frame>) -> Option<Frame> {
    if window.is_maximized().ok()? {
        let before = before.unwrap_or(Frame { width: 1280.0, height: 800.0, maximised: true });
        return Some(Frame { maximised: true, ..before });
    }
    let size: LogicalSize<f64> = window.inner_size().ok()?.to_logical(window.scale_factor().ok()?);
    Some(Frame { width: size.width, height: size.height, maximised: false })
}
