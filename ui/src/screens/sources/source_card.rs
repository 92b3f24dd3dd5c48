//! One source: its report, its dropped rows, its removal.

use contract::source::{RemoveSource, Source, SourceState};
use leptos::prelude::*;

use super::dropped::DroppedRows;
use super::reasons;
use crate::components::{Badge, Button, ButtonKind, Dialog, ErrorBox, IconButton, StackedBar, Symbol, Tone};
use crate::state::{App, Project, Sending};
use crate::text::{Text, date_time, lang, number, t, word};

/// The card.
#[component]
pub fn SourceCard(source: Source) -> impl IntoView {
    let project = Project::get();
    let (showing_dropped, removing) = (RwSignal::new(false), RwSignal::new(false));
    let (id, ready) = (source.id, source.state == SourceState::Ready);
    let report = source.report.clone();
    let lost = reasons::dropped_count(&report);
    let parts = reasons::parts(&report);
    let name = StoredValue::new(source.name.clone());
    let summary = Text::source_kept(lang(), report.kept, report.read, &reasons::kept_share(&report));
    let facts = facts(&source);
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
        <section class="panel" data-testid="source">
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
                    on_click=move |()| project.show_items(format!("source:{id}"))
                />
                <IconButton
                    symbol=Symbol::Remove
                    label=t(Text::SourceRemove)
                    testid="source-remove"
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
    let remove = move |()| {
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
    };
    let footer = move || {
        let remove = remove.clone();
        view! {
            <Button text=t(Text::ActionCancel) testid="source-remove-cancel" on_click=on_close />
            <Button
                text=t(Text::SourceRemove)
                testid="source-remove-confirm"
                kind=ButtonKind::Danger
                icon=Symbol::Remove
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
            footer=footer
        >
            <div class="stack">
                <p>{t(Text::SourceRemoveText)}</p>
                {move || sending.error().get().map(|error| view! { <ErrorBox error=error /> })}
            </div>
        </Dialog>
    }
}
