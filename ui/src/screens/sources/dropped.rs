//! The rows that an import dropped, with where they stand in the file and why.

use contract::SourceId;
use contract::source::{DropReason, DroppedRow, ExportDropped, ListDropped};
use leptos::prelude::*;

use crate::components::{Badge, Button, Choice, Column, Dialog, ErrorBox, PagedList, Select, Symbol};
use crate::state::{App, Project, Sending};
use crate::text::{Text, lang, t, word};

/// The rows in a dialog.
#[component]
pub fn DroppedRows(
    /// Of which source.
    source: SourceId,
    /// Its name.
    name: String,
    /// It was closed.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let reason = RwSignal::new(None::<DropReason>);
    let selected = RwSignal::new(None);
    let exporting = Sending::new();
    let request =
        move |after, limit| Some(ListDropped { project: project.folder(), source, reason: reason.get(), after, limit });
    let columns = vec![
        Column::new(t(Text::ColumnRow), |row: &DroppedRow| row.row.to_string()).right(),
        Column::new(t(Text::ColumnReason), |row: &DroppedRow| view! { <Badge text=word(&row.reason) /> }),
        Column::new(t(Text::ColumnExcerpt), |row: &DroppedRow| row.excerpt.clone()),
    ];
    let choices = move || {
        let all = Choice::new("", t(Text::ReasonAll));
        let reasons = DropReason::ALL.iter().enumerate();
        std::iter::once(all)
            .chain(reasons.map(|(at, reason)| Choice::new(at.to_string(), word(reason))))
            .collect::<Vec<_>>()
    };
    let chosen = move || {
        let at = reason.get().and_then(|reason| DropReason::ALL.iter().position(|other| *other == reason));
        at.map(|at| at.to_string()).unwrap_or_default()
    };
    let choose = move |at: String| reason.set(at.parse().ok().and_then(|at: usize| DropReason::ALL.get(at).copied()));
    let export = Callback::new(move |()| {
        let request = ExportDropped { project: project.folder(), source: Some(source), to: None };
        exporting.send(request, move |file| {
            app.toasts.good(Text::dropped_exported(lang(), file.rows, &file.path));
        });
    });
    let empty = || view! { <p class="soft panel-body">{t(Text::StateNothingFound)}</p> };
    view! {
        <Dialog
            title=Text::dropped_title(lang(), &name)
            close_label=t(Text::ActionClose)
            on_close=on_close
            testid="dropped"
            wide=true
            on_confirm=export
        >
            <div class="stack dropped-rows">
                <div class="row">
                    <div class="grow">
                        <Select
                            label=t(Text::ColumnReason)
                            choices=choices
                            value=chosen
                            on_change=choose
                            testid="dropped-reason"
                        />
                    </div>
                    <Button
                        text=t(Text::DroppedExport)
                        testid="dropped-export"
                        icon=Symbol::Export
                        keys="Ctrl+Enter"
                        busy=exporting.busy()
                        on_click=export
                    />
                </div>
                {move || exporting.error().get().map(|error| view! { <ErrorBox error=error /> })}
                <div class="dropped-list panel">
                    <PagedList
                        request=request
                        key=|row: &DroppedRow| row.key
                        columns=columns
                        class="dropped-columns"
                        selected=selected
                        label=Text::dropped_title(lang(), &name)
                        testid="dropped-list"
                        empty=empty
                    />
                </div>
            </div>
        </Dialog>
    }
}
