//! The screens. One is a folder (or a file) with a component that takes no properties, finds the project with
//! `Project::get()`, and is named in [`show`].

pub mod datasets;
pub mod jobs;
pub mod label;
pub mod models;
pub mod picker;
pub mod review;
pub mod schema;
pub mod settings;
pub mod sources;

use leptos::prelude::*;

use crate::frame::Screen;

/// The view of a screen.
pub fn show(screen: Screen) -> AnyView {
    match screen {
        Screen::Sources => view! { <sources::Sources /> }.into_any(),
        Screen::Schema => view! { <schema::SchemaScreen /> }.into_any(),
        Screen::Label => view! { <label::Label /> }.into_any(),
        Screen::Review => view! { <review::Review /> }.into_any(),
        Screen::Datasets => view! { <datasets::Datasets /> }.into_any(),
        Screen::Models => view! { <models::Models /> }.into_any(),
        Screen::Jobs => view! { <jobs::Jobs /> }.into_any(),
        Screen::Settings => view! { <settings::Settings /> }.into_any(),
    }
}
