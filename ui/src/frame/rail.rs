//! The rail on the left: where one can go, and what waits there.

use leptos::prelude::*;

use super::Screen;
use crate::components::{Icon, KeyHint, Symbol, keys_in_line};
use crate::state::{App, Project, close_project};
use crate::text::{Text, number, t};

/// The product's mark: a grain, and the wind that takes the chaff away.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path class="mark-grain" d="M12 2.5c3.6 3.2 5 6.3 5 9.2 0 3.7-2.2 6-5 6s-5-2.3-5-6c0-2.9 1.4-6 5-9.2Z"></path>
            <path class="mark-chaff" d="M3 20.5c3-1.6 6-1.6 9 0s6 1.6 9 0"></path>
        </svg>
    }
}

/// The rail.
#[component]
pub fn Rail(
    /// Opens the overview of the shortcuts.
    help: RwSignal<bool>,
) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let entry = move |screen: Screen| {
        let due = screen == Screen::Review;
        let count = move || count(project, screen).filter(|count| *count > 0);
        view! {
            <button
                type="button"
                class="rail-entry"
                data-testid=screen.testid()
                title=keys_in_line(&screen.keys())
                aria-current=move || (project.screen.get() == screen).then_some("page")
                on:click=move |_| project.go(screen)
            >
                <Icon symbol=screen.symbol() />
                <span class="grow clip">{t(screen.text())}</span>
                {move || {
                    count()
                        .map(|count| {
                            view! {
                                <span class="rail-count" class:rail-count-due=due>
                                    {number(count)}
                                </span>
                            }
                        })
                }}
                <KeyHint keys=screen.keys() />
            </button>
        }
    };
    let close = move |_| {
        close_project(app, project.folder());
    };
    view! {
        <nav class="rail" aria-label=t(Text::RailLabel)>
            <button
                type="button"
                class="rail-brand"
                data-testid="rail-projects"
                title=t(Text::RailProjects)
                on:click=close
            >
                <Mark />
                <span class="grow clip rail-brand-name">"Winnow"</span>
                <KeyHint keys="Ctrl+0" />
                <Icon symbol=Symbol::Left />
            </button>
            {Screen::ALL.iter().copied().map(entry).collect_view()}
            <div class="rail-foot">
                <button
                    type="button"
                    class="rail-entry"
                    data-testid="rail-help"
                    on:click=move |_| help.set(true)
                >
                    <Icon symbol=Symbol::Help />
                    <span class="grow clip">{t(Text::ShortcutsTitle)}</span>
                    <KeyHint keys="?" />
                </button>
            </div>
        </nav>
    }
}

/// What an entry counts.
fn count(project: Project, screen: Screen) -> Option<u64> {
    project.overview.with(|overview| match screen {
        Screen::Sources => Some(overview.sources),
        Screen::Schema => Some(overview.domains),
        Screen::Review => Some(overview.waiting),
        Screen::Datasets => Some(overview.versions),
        Screen::Models => Some(overview.models),
        Screen::Jobs => Some(overview.active_jobs),
        Screen::Label | Screen::Settings => None,
    })
}
