//! The one typed function behind every request.

use contract::{Call, CallError, ErrorCode};
use js_sys::JSON;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Runs a command of the shell.
    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = invoke, catch)]
    async fn invoke(command: &str, arguments: JsValue) -> Result<JsValue, JsValue>;
}

/// What the shell's command `call` takes.
#[derive(Serialize)]
struct Envelope<'a, C> {
    name: &'a str,
    request: &'a C,
}

/// Sends a request of the contract and waits for its answer.
///
/// # Errors
/// What `api` answers; [`ErrorCode::Internal`] when the shell itself can't be reached or answers something else.
pub async fn call<C: Call>(request: C) -> Result<C::Answer, CallError> {
    command("call", &Envelope { name: C::NAME, request: &request }).await
}

/// Runs a command of the shell with JSON in and out.
pub(super) async fn command<A: DeserializeOwned>(name: &str, arguments: &impl Serialize) -> Result<A, CallError> {
    match invoke(name, to_js(arguments)?).await {
        Ok(answer) => from_js(&answer),
        Err(error) => Err(from_js::<CallError>(&error).unwrap_or_else(|_| internal(&said(&error)))),
    }
}

/// A value as JavaScript has it.
fn to_js(value: &impl Serialize) -> Result<JsValue, CallError> {
    let json = serde_json::to_string(value).map_err(|error| internal(&error.to_string()))?;
    JSON::parse(&json).map_err(|error| internal(&said(&error)))
}

/// A value as Rust has it.
pub(super) fn from_js<A: DeserializeOwned>(value: &JsValue) -> Result<A, CallError> {
    // `undefined` has no JSON; a command without an answer gives it.
    let json = if value.is_undefined() {
        "null".to_owned()
    } else {
        JSON::stringify(value).map_err(|error| internal(&said(&error)))?.into()
    };
    serde_json::from_str(&json).map_err(|error| internal(&error.to_string()))
}

/// What a JavaScript error says.
fn said(error: &JsValue) -> String {
    match error.as_string() {
        Some(text) => text,
        None => js_sys::Object::from(error.clone()).to_string().into(),
    }
}

/// A defect of the program, with what is known of it.
fn internal(detail: &str) -> CallError {
    CallError::new(ErrorCode::Internal).with("detail", detail)
}
