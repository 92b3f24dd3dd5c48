//! What the page asks of the shell, beside dialogs.

use api::Winnow;
use contract::{CallError, ErrorCode};
use serde_json::Value;
use tauri::{AppHandle, Manager, State};

use crate::launch::{Launch, Startup};

/// Answers a call of the contract by its wire name. Every call goes to a thread of its own kind, so that a slow one
/// (loading a model) never holds the window or a quick one.
#[tauri::command]
pub async fn call(name: String, request: Value, winnow: State<'_, Winnow>) -> Result<Value, CallError> {
    let winnow = winnow.inner().clone();
    aside(move || winnow.call_json(&name, request)).await
}

/// How the program was started.
#[tauri::command]
pub async fn startup(app: AppHandle, winnow: State<'_, Winnow>) -> Result<Startup, CallError> {
    let winnow = winnow.inner().clone();
    aside(move || app.state::<Launch>().startup(&winnow)).await
}

/// Does work that blocks away from the threads that serve the window.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CallError> + Send + 'static,
) -> Result<T, CallError> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(CallError::new(ErrorCode::Internal).with("detail", error)))
}

/// The first screen can be used.
#[tauri::command]
pub fn interactive(launch: State<'_, Launch>) {
    launch.interactive();
}
