//! Leaving a project.

use contract::project::CloseProject;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::{bridge, text};

/// Shows the picker at once and gives the project's lock back behind it.
pub fn close_project(app: App, folder: String) {
    app.opened.set(None);
    spawn_local(async move {
        if let Err(error) = bridge::call(CloseProject { project: folder }).await {
            app.toasts.bad(text::explain(&error));
        }
    });
}
