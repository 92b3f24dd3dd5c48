//! A schema from a file.

use contract::schema::{Domain, ReadSchemaFile};
use leptos::prelude::*;

use crate::bridge::FileFilter;
use crate::components::{Button, ButtonKind, Dialog, ErrorBox, PathField, PathKind};
use crate::state::Sending;
use crate::text::{Text, t};

/// Asks for the file, reads and checks it.
#[component]
pub fn LoadFile(
    /// It was closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// The file's domains.
    #[prop(into)]
    on_load: Callback<Vec<Domain>>,
) -> impl IntoView {
    let path = RwSignal::new(String::new());
    let reading = Sending::new();
    let load = move |()| {
        let wanted = path.get_untracked().trim().to_owned();
        if !wanted.is_empty() {
            reading.send(ReadSchemaFile { path: wanted }, move |domains| on_load.run(domains));
        }
    };
    let filter =
        FileFilter { name: t(Text::SchemaFilter).to_owned(), extensions: vec!["json".to_owned(), "csv".to_owned()] };
    let footer = move || {
        view! {
            <Button text=t(Text::ActionCancel) testid="schema-file-cancel" keys="Esc" on_click=on_close />
            <Button
                text=t(Text::SchemaLoadButton)
                testid="schema-file-load"
                kind=ButtonKind::Primary
                keys="Ctrl+Enter"
                disabled=Signal::derive(move || path.with(|path| path.trim().is_empty()))
                busy=reading.busy()
                on_click=load
            />
        }
    };
    view! {
        <Dialog
            title=t(Text::SchemaLoadTitle)
            close_label=t(Text::ActionClose)
            on_close=on_close
            testid="schema-file"
            on_confirm=load
            footer=footer
        >
            <div class="stack">
                <p class="soft">{t(Text::SchemaLoadText)}</p>
                <PathField
                    label=t(Text::PathOfFile)
                    kind=PathKind::File(vec![filter])
                    value=path
                    testid="schema-file-path"
                    browse_text=t(Text::Browse)
                    on_enter=load
                    autofocus=true
                />
                {move || reading.error().get().map(|error| view! { <ErrorBox error=error /> })}
            </div>
        </Dialog>
    }
}
