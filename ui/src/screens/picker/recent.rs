//! Projects opened on this machine before.

use contract::project::{ListRecentProjects, RecentProject};
use leptos::prelude::*;

use crate::components::{Badge, Icon, KeyHint, Symbol, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Loaded, Remote};
use crate::text::{Text, date_time, t};

/// How many of them a digit opens.
const DIGITS: usize = 9;

/// The list, latest first; a missing project is marked and can't be opened.
#[component]
pub fn Recent(
    /// Opens a folder.
    #[prop(into)]
    on_open: Callback<String>,
) -> impl IntoView {
    let recent = Remote::new(|| Some(ListRecentProjects {}));
    use_shortcuts(t(Text::PickerRecent), move || {
        let open = |(at, project): (usize, RecentProject)| {
            let folder = project.folder;
            let run = move || on_open.run(folder.clone());
            project.present.then(|| Shortcut::new((at + 1).to_string(), project.name, run))
        };
        recent.get().unwrap_or_default().into_iter().take(DIGITS).enumerate().filter_map(open).collect()
    });
    let rows = move || {
        recent.get().map(|projects| {
            if projects.is_empty() {
                view! { <p class="soft panel-body">{t(Text::PickerRecentEmpty)}</p> }.into_any()
            } else {
                projects
                    .into_iter()
                    .enumerate()
                    .map(|(at, project)| view! { <Row at=at project=project on_open=on_open /> })
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
fn Row(at: usize, project: RecentProject, on_open: Callback<String>) -> impl IntoView {
    let (folder, title) = (project.folder.clone(), project.folder.clone());
    let keys = (at < DIGITS && project.present).then(|| view! { <KeyHint keys=(at + 1).to_string() /> });
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
            {keys}
        </button>
    }
}
