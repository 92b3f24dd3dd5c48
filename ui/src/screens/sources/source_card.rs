//! One source: its report, its dropped rows, its removal.

use contract::source::{RemoveSource, Source, SourceState};
use leptos::prelude::*;

use super::dropped::DroppedRows;
use super::reasons;
use crate::components::{Badge, Button, ButtonKind, Dialog, ErrorBox, IconButton, Marked, StackedBar, Symbol, Tone};
use crate::shortcuts::{Shortcut, press_focused, use_shortcuts};
use crate::state::{App, Project, Sending};
use crate::text::{Text, date_time, lang, number, t, word};

/// The card.
#[component]
pub fn SourceCard(source: Source, marked: Marked) -> impl IntoView {
    let project = Project::get();
    let (showing_dropped, removing) = (RwSignal::new(false), RwSignal::new(false));
    let (id, ready) = (source.id, source.state == SourceState::Ready);
    let report = source.report.clone();
    let lost = reasons::dropped_count(&report);
    let parts = reasons::parts(&report);
    let name = StoredValue::new(source.name.clone());
    let summary = Text::source_kept(lang(), report.kept, report.read, &reasons::kept_share(&report));
    let facts = facts(&source);
    let mine = marked.is(id.0);
    let show_items = Callback::new(move |()| project.show_items(format!("source:{id}")));
    use_shortcuts(t(Text::SourcesTabFiles), move || {
        let items = Shortcut::new("Enter", t(Text::SourceShowItems), move || {
            if !press_focused() {
                show_items.run(());
            }
        });
        let dropped = Shortcut::new("d", Text::source_dropped_rows(lang(), lost), move || showing_dropped.set(true));
        let remove = Shortcut::new("Shift+Delete", t(Text::SourceRemove), move || removing.set(true));
        let offered =
            [Some(items), (ready && lost > 0).then_some(dropped), (!project.read_only().get()).then_some(remove)];
        if mine.get() { offered.into_iter().flatten().collect() } else { Vec::new() }
    });
    let body = ready.then(|| {
        view! {
            <div class="panel-body stack">
                <div class="row">
                    <b class="grow number" data-testid="source-summary">{summary}</b>
                    <Show when=move || { lost > 0 }>
                        <Button
                            text=Text::source_dropped_rows(lang(), lost)
                            testid="source-dropped"
                            kind=ButtonKind::Quiet
                            icon=Symbol::Search
                            keys="D"
                            on_click=move |()| showing_dropped.set(true)
                        />
                    </Show>
                </div>
                <StackedBar bars=parts label=t(Text::RowsByReason) testid="source-report" />
                <p class="soft small">{facts}</p>
            </div>
        }
    });
    let tone = if ready { Tone::Good } else { Tone::Info };
    view! {
        <section
            class="panel marked-card"
            data-testid="source"
            data-card=id.to_string()
            tabindex="-1"
            aria-current=move || mine.get().then_some("true")
            on:focusin=move |_| marked.set(id.0)
            on:click=move |_| marked.set(id.0)
        >
            <div class="panel-head">
                <div class="row grow">
                    <h2 class="clip" title=report.path.clone()>{source.name.clone()}</h2>
                    <Badge text=word(&source.state) tone=tone />
                </div>
                <span class="faint small">{date_time(source.imported)}</span>
                <Button
                    text=t(Text::SourceShowItems)
                    testid="source-items"
                    kind=ButtonKind::Quiet
                    icon=Symbol::Right
                    keys="Enter"
                    on_click=show_items
                />
                <IconButton
                    symbol=Symbol::Remove
                    label=t(Text::SourceRemove)
                    testid="source-remove"
                    keys="Shift+Delete"
                    disabled=project.read_only()
                    on_click=move |()| removing.set(true)
                />
            </div>
            {body}
            <Show when=move || showing_dropped.get()>
                <DroppedRows source=id name=name.get_value() on_close=move |()| showing_dropped.set(false) />
            </Show>
            <Show when=move || removing.get()>
                <Removal source=id name=name.get_value() on_close=move |()| removing.set(false) />
            </Show>
        </section>
    }
}

/// How the file was read, in one line.
fn facts(source: &Source) -> String {
    let report = &source.report;
    let named = |text: Text, value: &Option<String>| value.as_ref().map(|value| format!("{}: {value}", t(text)));
    let delimiter = report.delimiter.as_deref().map(super::add::delimiter_name);
    [
        report.format.as_ref().map(|format| word(format).to_owned()),
        report.encoding.clone(),
        delimiter,
        named(Text::ReadSheet, &report.sheet),
        named(Text::RoleText, &report.mapping.text),
        named(Text::RoleLabel, &report.mapping.label),
        named(Text::RoleTime, &report.mapping.ts),
        named(Text::RoleUser, &report.mapping.user),
        (report.labels > 0).then(|| Text::source_labels(lang(), report.labels, &number(report.with_label))),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ")
}

/// Asks before a source goes, and says what stays.
#[component]
fn Removal(source: contract::SourceId, name: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let sending = Sending::new();
    let shown = name.clone();
    let remove = Callback::new(move |()| {
        let name = name.clone();
        sending.send(RemoveSource { project: project.folder(), source }, move |removed| {
            let text = if removed.stayed > 0 {
                Text::source_removed_some(lang(), &name, removed.removed, removed.stayed)
            } else {
                Text::source_removed(lang(), &name, removed.removed)
            };
            app.toasts.good(text);
            on_close.run(());
            project.data_changed();
        });
    });
    let footer = move || {
        view! {
            <Button text=t(Text::ActionCancel) testid="source-remove-cancel" keys="Esc" on_click=on_close />
            <Button
                text=t(Text::SourceRemove)
                testid="source-remove-confirm"
                kind=ButtonKind::Danger
                icon=Symbol::Remove
                keys="Ctrl+Enter"
                busy=sending.busy()
                on_click=remove
            />
        }
    };
    view! {
        <Dialog
            title=Text::source_remove_question(lang(), &shown)
            close_label=t(Text::ActionClose)
            on_close=on_close
            testid="source-removal"
            on_confirm=remove
            footer=footer
        >
            <div class="stack">
                <p>{t(Text::SourceRemoveText)}</p>
                {move || sending.error().get().map(|error| view! { <ErrorBox error=error /> })}
            </div>
        </Dialog>
    }
}
