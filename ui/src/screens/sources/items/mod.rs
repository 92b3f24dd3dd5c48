//! The items of the project: a filter, a long list, one item with its history.

mod detail;
mod hint;

use std::time::Duration;

use contract::item::{ItemFilter, ItemRow, ListItems};
use leptos::prelude::*;

use crate::components::{Badge, Column, EmptyState, IconButton, KeyHint, PagedList, Symbol, TextField, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, settled};
use crate::text::{Text, explain, percent, t, word};
use contract::item::ItemStatus;
use detail::Detail;
use hint::FilterHint;

/// Rest of the filter before it is applied.
const REST: Duration = Duration::from_millis(250);

/// The tone of a status.
pub fn status_tone(status: ItemStatus) -> Tone {
    match status {
        ItemStatus::New => Tone::Plain,
        ItemStatus::Confident => Tone::Info,
        ItemStatus::Waiting | ItemStatus::Skipped => Tone::Warn,
        ItemStatus::Approved | ItemStatus::Corrected => Tone::Good,
        ItemStatus::Rejected => Tone::Bad,
    }
}

/// The list and the item beside it.
#[component]
pub fn Items() -> impl IntoView {
    let project = Project::get();
    let typed = project.items_filter;
    let parsed = Memo::new(move |_| typed.with(|typed| ItemFilter::parse(typed)));
    let error = Signal::derive(move || match parsed.get() {
        Ok(_) => String::new(),
        Err(error) => explain(&error),
    });
    // What is typed half-way keeps the list as it was.
    let valid = Memo::new(move |before: Option<&ItemFilter>| match parsed.get() {
        Ok(filter) => filter,
        Err(_) => before.cloned().unwrap_or_default(),
    });
    let filter = settled(move || valid.get(), REST);
    let selected = RwSignal::new(None::<i64>);
    let hint = RwSignal::new(false);
    let request = move |after, limit| {
        project.changed.track();
        Some(ListItems { project: project.folder(), filter: filter.get(), after, limit })
    };
    let columns = vec![
        Column::new("№", |row: &ItemRow| row.id.to_string()).right(),
        Column::new(t(Text::ColumnExcerpt), |row: &ItemRow| row.excerpt.clone()),
        Column::new(t(Text::RoleLabel), |row: &ItemRow| or_dash(row.label.clone())),
        Column::new(t(Text::ColumnDomain), |row: &ItemRow| or_dash(row.domain.clone())),
        Column::new(t(Text::ColumnConfidence), |row: &ItemRow| {
            or_dash(row.confidence.map(|share| percent(f64::from(share))))
        })
        .right(),
        Column::new(t(Text::ColumnStatus), |row: &ItemRow| {
            view! { <Badge text=word(&row.status) tone=status_tone(row.status) /> }
        }),
    ];
    let empty = move || {
        let filtered = typed.with(|typed| !typed.trim().is_empty());
        let (title, text) = if filtered {
            (t(Text::StateNothingFound), t(Text::ItemsNoneMatch))
        } else {
            (t(Text::ItemsEmpty), t(Text::ItemsEmptyText))
        };
        view! { <EmptyState symbol=Symbol::Search title=title text=text testid="items-empty" /> }
    };
    use_shortcuts(t(Text::SourcesTabItems), move || {
        vec![
            Shortcut::new("/", t(Text::ItemsFilterFocus), focus_filter),
            Shortcut::new("h", t(Text::ItemsFilterHelp), move || hint.update(|hint| *hint = !*hint)),
            Shortcut::new("Escape", "", move || selected.set(None)),
        ]
    });
    view! {
        <div class="items page-rest" class:items-narrow=move || selected.get().is_some()>
            <div class="items-main">
                <div class="row items-filter">
                    <div class="grow">
                        <TextField
                            value=typed
                            testid="items-filter"
                            kind="search"
                            placeholder=t(Text::ItemsFilterPlaceholder)
                            aria_label=t(Text::ItemsFilter)
                            error=error
                        />
                    </div>
                    <div class="items-filter-key">
                        <KeyHint keys="/" />
                    </div>
                    <IconButton
                        symbol=Symbol::Help
                        label=t(Text::ItemsFilterHelp)
                        testid="items-filter-help"
                        keys="H"
                        on_click=move |()| hint.update(|hint| *hint = !*hint)
                    />
                </div>
                <Show when=move || hint.get()>
                    <FilterHint filter=typed />
                </Show>
                <div class="panel items-list">
                    <PagedList
                        request=request
                        key=|row: &ItemRow| row.id.0
                        columns=columns
                        class="items-columns"
                        selected=selected
                        label=t(Text::SourcesTabItems)
                        testid="items"
                        empty=empty
                    />
                </div>
            </div>
            {move || selected.get().map(|item| view! { <Detail item=contract::ItemId(item) on_close=move |()| selected.set(None) /> })}
        </div>
    }
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "—".to_owned())
}

fn focus_filter() {
    use wasm_bindgen::JsCast;
    let field = document().query_selector("[data-testid='items-filter']").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A window without focus refuses; nothing depends on it.
        let _ = field.focus();
    }
}
