//! The label schema: the domains, typed, taken from labels or loaded from a file, checked while one types.

mod draft;
mod editor;
mod load;
mod table;

use contract::schema::{Domain, GetSchema, SetSchema, SuggestSchema, SuggestedDomain};
use leptos::prelude::*;

use crate::components::{Badge, Button, ButtonKind, EmptyState, ErrorBox, Symbol, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Loaded, Project, Remote, Sending};
use crate::text::{Text, lang, t};
use draft::Draft;
use editor::Editor;
use load::LoadFile;
use table::Table;

/// The screen.
#[component]
pub fn SchemaScreen() -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let schema = Remote::new(move || {
        project.changed.track();
        Some(GetSchema { project: project.folder() })
    });
    let draft = Draft::follow(project, schema);
    let (saving, taking) = (Sending::new(), Sending::new());
    let loading_file = RwSignal::new(false);
    let save = move |()| {
        if !draft.can_save() {
            return;
        }
        let request = SetSchema { project: project.folder(), domains: draft.domains() };
        saving.send(request, move |saved| {
            app.toasts.good(Text::schema_stored(lang(), saved.domains.len() as u64));
            draft.saved(saved.domains.clone());
            schema.set(saved);
            project.data_changed();
        });
    };
    let take = move |()| {
        taking.send(SuggestSchema { project: project.folder() }, move |suggested| take_in(app, draft, suggested));
    };
    let discard = Callback::new(move |()| {
        let before = draft.domains();
        draft.discard();
        app.toasts.with_action(t(Text::PromptDiscarded), t(Text::UndoAction), move || draft.replace(before.clone()));
    });
    let unchangeable = project.read_only();
    use_shortcuts(t(Text::SchemaTitle), move || {
        if unchangeable.get() {
            return Vec::new();
        }
        let mut list = vec![
            Shortcut::new("Ctrl+s", t(Text::SchemaSave), move || save(())),
            // The same while one types, and from anywhere else.
            Shortcut::new("Ctrl+Enter", t(Text::SchemaAdd), move || draft.add()),
            Shortcut::new("n", t(Text::SchemaAdd), move || draft.add()),
            Shortcut::new("l", t(Text::SchemaFromLabels), move || take(())),
            Shortcut::new("o", t(Text::SchemaLoad), move || loading_file.set(true)),
        ];
        if draft.dirty.get() {
            list.push(Shortcut::new("Shift+d", t(Text::SchemaDiscard), discard));
        }
        list
    });
    let loaded = move |domains: Vec<Domain>| {
        let text = Text::schema_loaded(lang(), domains.len() as u64);
        replace(app, draft, domains, text);
        loading_file.set(false);
    };
    let empty = Memo::new(move |_| draft.rows.with(Vec::is_empty));
    let sources = move |primary: bool| {
        view! {
            <Button
                text=t(Text::SchemaFromLabels)
                testid="schema-from-labels"
                kind=if primary { ButtonKind::Primary } else { ButtonKind::Secondary }
                icon=Symbol::Label
                keys="L"
                disabled=unchangeable
                busy=taking.busy()
                on_click=take
            />
            <Button
                text=t(Text::SchemaLoad)
                testid="schema-load"
                icon=Symbol::File
                keys="O"
                disabled=unchangeable
                on_click=move |()| loading_file.set(true)
            />
            <Button
                text=t(Text::SchemaAdd)
                testid="schema-add"
                icon=Symbol::Add
                keys="N"
                disabled=unchangeable
                on_click=move |()| draft.add()
            />
        }
    };
    view! {
        <div class="page page-fill">
            <div class="page-head">
                <div class="page-title">
                    <div class="row">
                        <h1>{t(Text::SchemaTitle)}</h1>
                        <Show when=move || draft.dirty.get()>
                            <Badge text=t(Text::SchemaUnsaved) tone=Tone::Warn />
                        </Show>
                    </div>
                    <p>{t(Text::SchemaLine)}</p>
                </div>
                <div class="page-actions">
                    <Show when=move || !empty.get()>{sources(false)}</Show>
                    <Show when=move || draft.dirty.get()>
                        <Button
                            text=t(Text::SchemaDiscard)
                            testid="schema-discard"
                            kind=ButtonKind::Quiet
                            keys="Shift+D"
                            on_click=discard
                        />
                    </Show>
                    <Show when=move || !empty.get() || draft.dirty.get()>
                        <Button
                            text=t(Text::SchemaSave)
                            testid="schema-save"
                            kind=ButtonKind::Primary
                            icon=Symbol::Check
                            keys="Ctrl+S"
                            disabled=Signal::derive(move || !draft.can_save() || unchangeable.get())
                            busy=saving.busy()
                            on_click=save
                        />
                    </Show>
                </div>
            </div>
            {move || saving.error().get().or(taking.error().get()).map(|error| view! { <ErrorBox error=error /> })}
            <div class="page-rest">
                <Loaded remote=schema lines=12>
                    <Show
                        when=move || !empty.get()
                        fallback=move || {
                            view! {
                                <EmptyState
                                    symbol=Symbol::Schema
                                    title=t(Text::SchemaEmpty)
                                    text=t(Text::SchemaEmptyText)
                                    testid="schema-empty"
                                >
                                    {sources(true)}
                                </EmptyState>
                            }
                        }
                    >
                        <div class="schema">
                            <Table draft=draft />
                            <Editor draft=draft />
                        </div>
                    </Show>
                </Loaded>
            </div>
            <Show when=move || loading_file.get()>
                <LoadFile
                    on_close=move |()| loading_file.set(false)
                    on_load=loaded
                />
            </Show>
        </div>
    }
}

/// Adds the labels that are no domains yet.
fn take_in(app: App, draft: Draft, suggested: Vec<SuggestedDomain>) {
    let mut domains = draft.domains();
    let known = domains.len();
    for suggestion in suggested {
        let id = suggestion.domain.id.to_lowercase();
        if !domains.iter().any(|domain| domain.id.to_lowercase() == id) {
            domains.push(suggestion.domain);
        }
    }
    let new = domains.len() - known;
    if new == 0 {
        app.toasts.good(t(Text::SchemaNothingNew));
    } else {
        replace(app, draft, domains, Text::schema_taken(lang(), new as u64));
    }
}

/// Shows other domains and offers the way back.
fn replace(app: App, draft: Draft, domains: Vec<Domain>, text: String) {
    let before = draft.domains();
    draft.replace(domains);
    app.toasts.with_action(text, t(Text::UndoAction), move || draft.replace(before.clone()));
}
