//! Sources: the files that items came from, adding one, and the items themselves.

mod add;
mod dropped;
mod files;
mod items;
mod progress;
mod reasons;
mod source_card;

use leptos::prelude::*;

use crate::components::{Button, ButtonKind, Symbol, Tab, Tabs};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, number, t};
use add::AddFile;
use files::Files;
use items::Items;

/// The screen.
#[component]
pub fn Sources() -> impl IntoView {
    let project = Project::get();
    let adding = RwSignal::new(false);
    // A file that comes in opens the form by itself.
    Effect::new(move |_| {
        if project.incoming.with(|incoming| !incoming.is_empty()) {
            adding.set(true);
        }
    });
    let tabs = move || {
        let (sources, items) = project.overview.with(|overview| (overview.sources, overview.items));
        vec![
            Tab { value: "files", text: t(Text::SourcesTabFiles).to_owned(), count: Some(number(sources)) },
            Tab { value: "items", text: t(Text::SourcesTabItems).to_owned(), count: Some(number(items)) },
        ]
    };
    let on_items = Memo::new(move |_| project.sources_tab.get() == "items");
    use_shortcuts(t(Text::SourcesTitle), move || {
        if adding.get() {
            return Vec::new();
        }
        let tab = project.sources_tab;
        let mut list = vec![
            Shortcut::new("1", t(Text::SourcesTabFiles), move || tab.set("files")),
            Shortcut::new("2", t(Text::SourcesTabItems), move || tab.set("items")),
        ];
        if !project.read_only().get() {
            list.push(Shortcut::new("n", t(Text::SourcesAddFile), move || adding.set(true)));
        }
        list
    });
    let content = move || {
        if adding.get() {
            view! { <AddFile on_close=move |()| adding.set(false) /> }.into_any()
        } else if on_items.get() {
            view! { <Items /> }.into_any()
        } else {
            view! { <Files on_add=move |()| adding.set(true) /> }.into_any()
        }
    };
    let heading = move || {
        (!adding.get()).then(|| {
            view! {
                <div class="page-head">
                    <h1>{t(Text::SourcesTitle)}</h1>
                    <div class="page-actions">
                        <Button
                            text=t(Text::SourcesAddFile)
                            testid="sources-add"
                            kind=ButtonKind::Primary
                            icon=Symbol::Add
                            keys="N"
                            disabled=project.read_only()
                            on_click=move |()| adding.set(true)
                        />
                    </div>
                </div>
                <Tabs tabs=tabs value=project.sources_tab testid="sources-tab" digits=true />
            }
        })
    };
    view! {
        <div class="page" class:page-fill=move || on_items.get() && !adding.get() class:add=move || adding.get()>
            {heading}
            {content}
        </div>
    }
}
