//! Files and folders: dropped on the window, chosen in the system's dialog, or typed as a path.

use leptos::prelude::*;

use super::{Button, Symbol, TextField};
use crate::bridge::{self, Drag, FileFilter};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Sending;

/// While it lives, files can be dropped anywhere on the window; a cover says so while they hover.
#[component]
pub fn FileDrop(
    /// What to say on the cover.
    #[prop(into)]
    text: Signal<String>,
    /// Files were dropped.
    #[prop(into)]
    on_drop: Callback<Vec<String>>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let listeners = StoredValue::new_local(Some(bridge::on_drag(move |drag| match drag {
        Drag::Over => over.set(true),
        Drag::Left => over.set(false),
        Drag::Dropped(paths) => {
            over.set(false);
            if !paths.is_empty() {
                on_drop.run(paths);
            }
        }
    })));
    on_cleanup(move || listeners.dispose());
    view! {
        <Show when=move || over.get()>
            <div class="drop-cover" data-testid="drop-cover">
                {move || text.get()}
            </div>
        </Show>
    }
}

/// What a path leads to.
#[derive(Clone, Debug)]
pub enum PathKind {
    /// A file with one of these extensions.
    File(Vec<FileFilter>),
    /// A folder.
    Folder,
}

/// A path to type or paste, with a button for the system's dialog beside it.
#[component]
pub fn PathField(
    /// What is asked for.
    #[prop(optional, into)]
    label: Signal<String>,
    /// What it leads to.
    kind: PathKind,
    /// The path.
    value: RwSignal<String>,
    /// `data-testid` of the field; the button's is this and `-browse`.
    testid: &'static str,
    /// Text of the button.
    #[prop(into)]
    browse_text: Signal<String>,
    /// An example, shown while it is empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// What to enter.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong; empty when nothing is.
    #[prop(optional, into)]
    error: Signal<String>,
    /// What Enter does.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// A path was chosen in the dialog.
    #[prop(optional, into)]
    on_pick: Option<Callback<()>>,
    /// Whether it takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let dialog = Sending::new();
    let browse = Callback::new(move |()| {
        let kind = kind.clone();
        let picked = async move {
            match kind {
                PathKind::File(filters) => bridge::pick_file(filters).await,
                PathKind::Folder => bridge::pick_folder().await,
            }
        };
        dialog.run(picked, move |path| {
            if let Some(path) = path {
                value.set(path);
                if let Some(picked) = on_pick {
                    picked.run(());
                }
            }
        });
    });
    let shown_error = Signal::derive(move || match dialog.error().get() {
        Some(error) => crate::text::explain(&error),
        None => error.get(),
    });
    let named = Signal::derive(move || if label.get().is_empty() { placeholder.get() } else { label.get() });
    use_shortcuts(named.get_untracked(), move || vec![Shortcut::new("Ctrl+o", browse_text.get(), browse)]);
    view! {
        <div class="field">
            <Show when=move || !label.get().is_empty()>
                <span class="field-label">{move || label.get()}</span>
            </Show>
            <div class="path-field">
                <div class="grow">
                    <TextField
                        value=value
                        testid=testid
                        placeholder=placeholder
                        aria_label=named
                        error=shown_error
                        on_enter=move |()| {
                            if let Some(enter) = on_enter {
                                enter.run(());
                            }
                        }
                        autofocus=autofocus
                    />
                </div>
                <Button
                    text=browse_text
                    testid=format!("{testid}-browse")
                    icon=Symbol::Folder
                    keys="Ctrl+O"
                    busy=dialog.busy()
                    on_click=browse
                />
            </div>
            <Show when=move || !hint.get().is_empty()>
                <span class="field-hint">{move || hint.get()}</span>
            </Show>
        </div>
    }
}
