//! The frame of an open project: rail, header, banner, and the screen in the middle.

mod header;
mod overview;
mod rail;
mod screen;

pub use rail::Mark;
pub use screen::Screen;

use contract::project::Access;
use leptos::prelude::*;

use crate::components::{FileDrop, Icon, Symbol};
use crate::screens;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project, close_project};
use crate::text::{Text, lang, t};
use header::Header;
use overview::ShortcutOverview;
use rail::Rail;

/// The open project.
#[component]
pub fn Frame() -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let help = RwSignal::new(false);
    use_shortcuts(t(Text::ShortcutsEverywhere), move || {
        let mut list: Vec<Shortcut> = Vec::new();
        for screen in Screen::ALL.iter().copied() {
            let go = move || project.go(screen);
            // One line of the overview stands for all numbers.
            let text = if screen == Screen::ALL[0] { t(Text::ShortcutsByNumber) } else { "" };
            list.push(Shortcut::new(screen.keys(), text, go));
            list.push(Shortcut::new(format!("g {}", screen.letter()), t(screen.text()), go));
        }
        list.push(Shortcut::new("Ctrl+0", t(Text::RailProjects), move || close_project(app, project.folder())));
        // Told here, done by the shortcuts themselves.
        list.push(Shortcut::new("Escape", t(Text::ShortcutsLeaveField), || {}));
        list.push(Shortcut::new("?", t(Text::ShortcutsTitle), move || help.set(true)));
        list
    });
    let banner = move || match project.overview.with(|overview| overview.access.clone()) {
        Access::ReadWrite => None,
        Access::ReadOnly { pid } => Some(view! {
            <div class="banner" role="status" data-testid="banner-read-only">
                <Icon symbol=Symbol::Lock />
                {Text::read_only_banner(lang(), pid.into())}
            </div>
        }),
    };
    view! {
        <div class="app">
            <Rail help=help />
            <Header />
            {banner}
            <main class="screen" id="screen" tabindex="-1">
                {move || screens::show(project.screen.get())}
            </main>
        </div>
        <FileDrop text=t(Text::DropHere) on_drop=move |paths| project.add_files(paths) />
        <Show when=move || help.get()>
            <ShortcutOverview on_close=move |()| help.set(false) />
        </Show>
    }
}
