//! The files imported so far, with what happened to their rows.

use contract::source::{ListSources, SourceState};
use leptos::prelude::*;

use super::progress::{ImportProgress, latest_import};
use super::source_card::SourceCard;
use crate::components::{Button, ButtonKind, EmptyState, Marked, Symbol};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Loaded, Project, Remote};
use crate::text::{Text, t};

/// The list, latest first.
#[component]
pub fn Files(
    /// Adds a file.
    #[prop(into)]
    on_add: Callback<()>,
) -> impl IntoView {
    let project = Project::get();
    let sources = Remote::new(move || {
        project.changed.track();
        Some(ListSources { project: project.folder() })
    });
    let none = Memo::new(move |_| sources.map(Vec::is_empty).unwrap_or(false));
    // The card of the running import tells of its file already.
    let list = move || {
        let told = latest_import(project).is_some();
        let mut list = sources.get().unwrap_or_default();
        list.retain(|source| source.state == SourceState::Ready || !told);
        list
    };
    let marked = Marked::among(move || list().iter().map(|source| source.id.0).collect());
    use_shortcuts(t(Text::SourcesTabFiles), move || {
        vec![
            Shortcut::new("ArrowUp", t(Text::CardPrevious), move || marked.step(-1)),
            Shortcut::new("ArrowDown", t(Text::CardNext), move || marked.step(1)),
        ]
    });
    view! {
        <div class="stack">
            <ImportProgress />
            <Loaded remote=sources lines=8>
                <Show when=move || none.get() && latest_import(project).is_none()>
                    <EmptyState
                        symbol=Symbol::Sources
                        title=t(Text::SourcesEmpty)
                        text=t(Text::SourcesEmptyText)
                        testid="sources-empty"
                    >
                        <Button
                            text=t(Text::SourcesAddFile)
                            testid="sources-empty-add"
                            kind=ButtonKind::Primary
                            icon=Symbol::Add
                            keys="N"
                            disabled=project.read_only()
                            on_click=on_add
                        />
                    </EmptyState>
                </Show>
                <For
                    each=list
                    key=|source| (source.id, source.state == SourceState::Ready, source.report.read)
                    children=move |source| view! { <SourceCard source=source marked=marked /> }
                />
            </Loaded>
        </div>
    }
}
