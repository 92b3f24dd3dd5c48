//! The selected domain's guideline and examples, its place and its removal.

use leptos::prelude::*;

use super::draft::{Draft, Row};
use crate::components::{IconButton, Symbol, TextArea};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project};
use crate::text::{Text, lang, t};

/// The panel beside the table.
#[component]
pub fn Editor(draft: Draft) -> impl IntoView {
    let row = Memo::new_with_compare(
        move |_| {
            let selected = draft.selected.get();
            draft.rows.with(|rows| rows.iter().find(|row| Some(row.key) == selected).cloned())
        },
        |before, now| {
            let key = |row: &Option<Option<Row>>| row.as_ref().map(|row| row.as_ref().map(|row| row.key));
            key(&before.cloned()) != key(&now.cloned())
        },
    );
    view! {
        <aside class="panel schema-editor" data-testid="schema-editor">
            {move || match row.get() {
                Some(row) => view! { <Fields draft=draft row=row /> }.into_any(),
                None => view! { <p class="soft panel-body">{t(Text::SchemaChoose)}</p> }.into_any(),
            }}
        </aside>
    }
}

#[component]
fn Fields(draft: Draft, row: Row) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let key = row.key;
    let id = row.id.clone();
    let title = move || Some(id.get()).filter(|id| !id.trim().is_empty()).unwrap_or_else(|| "—".to_owned());
    let name = row.id.clone();
    let unchangeable = project.read_only();
    let remove = Callback::new(move |()| {
        let before = draft.domains();
        draft.remove(key);
        let text = Text::schema_removed(lang(), &name.get_untracked());
        app.toasts.with_action(text, t(Text::UndoAction), move || draft.replace(before.clone()));
    });
    use_shortcuts(t(Text::SchemaTitle), move || {
        if unchangeable.get() {
            return Vec::new();
        }
        // With Alt, because on this screen one is in a field most of the time.
        vec![
            Shortcut::new("Alt+ArrowUp", t(Text::SchemaMoveUp), move || draft.shift(key, -1)),
            Shortcut::new("Alt+ArrowDown", t(Text::SchemaMoveDown), move || draft.shift(key, 1)),
            Shortcut::new("Shift+Delete", t(Text::SchemaRemove), remove),
        ]
    });
    view! {
        <div class="panel-head">
            <h2 class="clip">{title}</h2>
            <div class="row schema-place">
                <IconButton
                    symbol=Symbol::Up
                    label=t(Text::SchemaMoveUp)
                    testid="schema-up"
                    keys="Alt+ArrowUp"
                    disabled=unchangeable
                    on_click=move |()| draft.shift(key, -1)
                />
                <IconButton
                    symbol=Symbol::Down
                    label=t(Text::SchemaMoveDown)
                    testid="schema-down"
                    keys="Alt+ArrowDown"
                    disabled=unchangeable
                    on_click=move |()| draft.shift(key, 1)
                />
                <IconButton
                    symbol=Symbol::Remove
                    label=t(Text::SchemaRemove)
                    testid="schema-remove"
                    keys="Shift+Delete"
                    disabled=unchangeable
                    on_click=remove
                />
            </div>
        </div>
        <div class="panel-body stack schema-fields">
            <TextArea
                label=t(Text::SchemaGuideline)
                value=RwSignal::from(row.guideline)
                testid="schema-guideline"
                rows=6
                hint=t(Text::SchemaGuidelineHint)
                disabled=unchangeable
            />
            <TextArea
                label=t(Text::SchemaExamples)
                value=RwSignal::from(row.examples)
                testid="schema-examples"
                rows=8
                hint=t(Text::SchemaExamplesHint)
                disabled=unchangeable
            />
        </div>
    }
}
