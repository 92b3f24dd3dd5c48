//! Adding a file, on one page: how it is read, what its columns are, how it is cleaned, and what that would drop.

mod cleaning;
mod draft;
mod preview;
mod reading;
mod trial;

pub use reading::delimiter_name;

use contract::source::StartImport;
use leptos::prelude::*;

use crate::bridge::FileFilter;
use crate::components::{
    Button, ButtonKind, ErrorBox, IconButton, Notice, PathField, PathKind, Skeleton, Symbol, Tone,
};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Sending};
use crate::text::{Text, explain, lang, t};
use cleaning::Cleaning;
use draft::Draft;
use preview::Preview;
use reading::Reading;
use trial::Trial;

/// The form: first a path, then all there is to decide about that file.
#[component]
pub fn AddFile(
    /// It was left, or the import began.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let project = Project::get();
    let path = RwSignal::new(String::new());
    let current = Memo::new(move |_| project.incoming.with(|incoming| incoming.first().cloned()));
    // Grows when the same file is to be looked at again: it may have changed.
    let looks = RwSignal::new(0_u32);
    let look = move |()| {
        let wanted = path.get_untracked().trim().to_owned();
        if !wanted.is_empty() {
            looks.update(|looks| *looks += 1);
            // What waits behind stays; what was being looked at is replaced.
            project.incoming.update(|incoming| match incoming.first_mut() {
                Some(first) => *first = wanted,
                None => incoming.push(wanted),
            });
        }
    };
    Effect::new(move |_| {
        if let Some(current) = current.get() {
            path.set(current);
        }
    });
    let next = move || {
        project.incoming.update(|incoming| {
            if !incoming.is_empty() {
                incoming.remove(0);
            }
        });
        if project.incoming.with_untracked(Vec::is_empty) {
            on_close.run(());
        }
    };
    let leave = move |()| {
        project.incoming.set(Vec::new());
        on_close.run(());
    };
    use_shortcuts(t(Text::AddTitle), move || vec![Shortcut::new("Escape", t(Text::ActionCancel), move || leave(()))]);
    let waiting = move || {
        let behind = project.incoming.with(|incoming| incoming.len().saturating_sub(1)) as u64;
        (behind > 0).then(|| view! { <Notice tone=Tone::Info title=Text::files_wait(lang(), behind) /> })
    };
    let form = move || match (looks.get(), current.get()).1 {
        Some(file) => view! { <FileForm path=file on_done=move |()| next() on_cancel=leave /> }.into_any(),
        None => view! { <p class="soft">{t(Text::AddFormats)}</p> }.into_any(),
    };
    view! {
        <div class="row add-head-row">
            <IconButton symbol=Symbol::Left label=t(Text::ActionBack) testid="import-back" keys="Escape" on_click=leave />
            <h1>{t(Text::AddTitle)}</h1>
            <div class="grow">
                <PathField
                    kind=PathKind::File(filters())
                    value=path
                    testid="import-path"
                    browse_text=t(Text::ActionChooseFile)
                    placeholder=t(Text::PathOfFile)
                    on_enter=look
                    on_pick=look
                    autofocus=true
                />
            </div>
            <Button
                text=t(Text::AddLook)
                testid="import-inspect"
                keys="Enter"
                disabled=Signal::derive(move || path.with(|path| path.trim().is_empty()))
                on_click=look
            />
        </div>
        {waiting}
        {form}
    }
}

/// What the file dialog offers.
fn filters() -> Vec<FileFilter> {
    let extensions = ["csv", "tsv", "txt", "xlsx", "xls", "ods", "json", "jsonl", "ndjson", "parquet"];
    vec![
        FileFilter { name: t(Text::FilterTables).to_owned(), extensions: extensions.map(str::to_owned).to_vec() },
        FileFilter { name: t(Text::FilterAll).to_owned(), extensions: vec!["*".to_owned()] },
    ]
}

/// All there is to decide about one file.
#[component]
fn FileForm(path: String, #[prop(into)] on_done: Callback<()>, #[prop(into)] on_cancel: Callback<()>) -> impl IntoView {
    let draft = Draft::new(path);
    let error = move || {
        draft.inspection.error().map(|error| {
            view! { <ErrorBox error=error on_retry=move |()| draft.inspection.reload() /> }
        })
    };
    let warnings = move || {
        let warnings = draft.inspection.map(|inspection| inspection.warnings.clone()).unwrap_or_default();
        warnings.into_iter().map(|warning| view! { <Notice tone=Tone::Warn title=explain(&warning) /> }).collect_view()
    };
    let ready = Memo::new(move |_| draft.inspection.ready());
    let waiting = move || !ready.get() && draft.inspection.error().is_none();
    view! {
        {error}
        {warnings}
        <Show when=waiting>
            <div class="panel panel-body">
                <Skeleton lines=10 />
            </div>
        </Show>
        <Show when=move || ready.get()>
            <div class="add-columns">
                <div class="add-main">
                    <Reading draft=draft />
                    <Preview draft=draft />
                </div>
                <div class="add-side">
                    <Cleaning draft=draft />
                    <Trial draft=draft />
                </div>
            </div>
            <Foot draft=draft on_done=on_done on_cancel=on_cancel />
        </Show>
    }
}

/// Starts the import, or says what is missing for it.
#[component]
fn Foot(draft: Draft, on_done: Callback<()>, on_cancel: Callback<()>) -> impl IntoView {
    let project = Project::get();
    let starting = Sending::new();
    let start = move |()| {
        let request = StartImport { project: project.folder(), files: vec![draft.spec()] };
        starting.send(request, move |job| {
            project.follow(job);
            on_done.run(());
        });
    };
    let no_text = Signal::derive(move || draft.mapping.with(|mapping| mapping.text.is_none()));
    let unready = Signal::derive(move || no_text.get() || project.read_only().get());
    use_shortcuts(t(Text::AddTitle), move || {
        let import = Shortcut::new("Ctrl+Enter", t(Text::ImportAll), move || start(()));
        if unready.get() { Vec::new() } else { vec![import] }
    });
    view! {
        {move || starting.error().get().map(|error| view! { <ErrorBox error=error /> })}
        <div class="row row-end add-foot">
            <Show when=move || no_text.get()>
                <span class="field-error grow">{t(Text::TextColumnWanted)}</span>
            </Show>
            <Button text=t(Text::ActionCancel) testid="import-cancel-form" keys="Esc" on_click=on_cancel />
            <Button
                text=t(Text::ImportAll)
                testid="import-start"
                kind=ButtonKind::Primary
                icon=Symbol::Import
                keys="Ctrl+Enter"
                disabled=unready
                busy=starting.busy()
                on_click=start
            />
        </div>
    }
}
