//! The root: state that lives as long as the window, and which of picker and project is shown.

use contract::CallError;
use contract::project::OpenProject;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::bridge;
use crate::components::ToastHost;
use crate::frame::{Frame, Mark};
use crate::screens::picker::Picker;
use crate::shortcuts::Shortcuts;
use crate::state::{App, Project};
use crate::text::{self, Text, t};

/// The application.
#[component]
pub fn Application() -> impl IntoView {
    let app = App::provide();
    Shortcuts::provide();
    let ready = RwSignal::new(false);
    spawn_local(async move {
        app.load_settings().await;
        if let Err(error) = open_wanted(app).await {
            app.toasts.bad(text::explain(&error));
        }
        ready.set(true);
        request_animation_frame(|| spawn_local(bridge::interactive()));
    });
    // The language is outside of the views and the project outside of the language: a project stays as it is when the
    // language changes, and only what shows it is built again.
    let in_language = move |view: fn() -> AnyView| {
        move || {
            text::use_language(app.language.get());
            view()
        }
    };
    let content = move || {
        if !ready.get() {
            return view! { <div class="splash"><Mark /></div> }.into_any();
        }
        match app.opened.get() {
            None => in_language(|| view! { <Picker /> }.into_any()).into_any(),
            Some(overview) => {
                Project::provide(overview);
                in_language(|| view! { <Frame /> }.into_any()).into_any()
            }
        }
    };
    view! {
        {content}
        {in_language(|| view! { <ToastHost toasts=App::get().toasts close_label=t(Text::ActionClose) keys_title=t(Text::ShortcutsMessage) /> }.into_any())}
    }
}

/// Opens the project that the window was started with, if it was.
async fn open_wanted(app: App) -> Result<(), CallError> {
    if let Some(folder) = bridge::startup().await?.open {
        app.opened.set(Some(bridge::call(OpenProject { folder }).await?));
    }
    Ok(())
}
