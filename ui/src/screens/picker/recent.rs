//! Projects opened on this machine before.

use contract::project::{ListRecentProjects, RecentProject};
use leptos::prelude::*;

use crate::components::{Badge, Icon, Symbol, Tone};
use crate::state::{Loaded, Remote};
use crate::text::{Text, date_time, t};

/// The list, latest first; a missing project is marked and can't be opened.
#[component]
pub fn Recent(
    /// Opens a folder.
    #[prop(into)]
    on_open: Callback<String>,
) -> impl IntoView {
    let recent = Remote::new(|| Some(ListRecentProjects {}));
    let rows = move || {
        recent.get().map(|projects| {
            if projects.is_empty() {
                view! { <p class="soft panel-body">{t(Text::PickerRecentEmpty)}</p> }.into_any()
            } else {
                projects
                    .into_iter()
                    .map(|project| view! { <Row project=project on_open=on_open /> })
                    .collect_view()
                    .into_any()
            }
        })
    };
    view! {
        <section class="panel picker-recent" data-testid="picker-recent">
            <div class="panel-head">
                <h2>{t(Text::PickerRecent)}</h2>
            </div>
            <div class="picker-rows">
                <Loaded remote=recent lines=5>{rows}</Loaded>
            </div>
        </section>
    }
}

#[component]
fn Row(project: RecentProject, on_open: Callback<String>) -> impl IntoView {
    let (folder, title) = (project.folder.clone(), project.folder.clone());
    view! {
        <button
            type="button"
            class="picker-row"
            data-testid="picker-recent-row"
            disabled=!project.present
            title=title
            on:click=move |_| on_open.run(folder.clone())
        >
            <Icon symbol=Symbol::Folder />
            <span class="picker-row-text">
                <span class="picker-row-name clip">{project.name}</span>
                <span class="faint small clip">{project.folder}</span>
            </span>
            {if project.present {
                view! { <span class="faint small picker-row-when">{date_time(project.opened)}</span> }.into_any()
            } else {
                view! { <Badge text=t(Text::PickerMissing) tone=Tone::Warn /> }.into_any()
            }}
        </button>
    }
}
