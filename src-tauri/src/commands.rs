//! What the page asks of the shell, beside dialogs.

use api::Winnow;
use contract::{CallError, ErrorCode};
use serde_json::Value;
use tauri::State;

use crate::launch::{Launch, Startup};

/// Answers a call of the contract by its wire name. Every call goes to a thread of its own kind, so that a slow one
/// (loading a model) never holds the window or a quick one.
#[tauri::command]
pub async fn call(name: String, request: Value, winnow: State<'_, Winnow>) -> Result<Value, CallError> {
    let winnow = winnow.inner().clone();
    tauri::async_runtime::spawn_blocking(move || winnow.call_json(&name, request))
        .await
        .unwrap_or_else(|error| Err(CallError::new(ErrorCode::Internal).with("detail", error)))
}

/// How the program was started.
#[tauri::command]
pub fn startup(launch: State<'_, Launch>) -> Startup {
    launch.startup()
}

/// The first screen can be used.
#[tauri::command]
pub fn interactive(launch: State<'_, Launch>) {
    launch.interactive();
}
