//! Which changed rows are listed, and their export.

use contract::version::ExportChanges;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Compared;
use crate::bridge::{self, FileFilter};
use crate::components::{Button, Choice, ErrorBox, Select, Symbol, TextField};
use crate::screens::datasets::place::Place;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project, Sending};
use crate::text::{Text, lang, t};

/// Words, a domain, and the export of what fits.
#[component]
pub fn Filter(
    /// What is compared.
    compared: Compared,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let exporting = Sending::new();
    let export = move |()| {
        let Some((from, to)) = untrack(|| compared.pair()) else { return };
        let (project, filter) = (project.folder(), untrack(|| compared.filter()));
        let work = async move {
            let kind =
                |name: &str, extension: &str| FileFilter { name: name.into(), extensions: vec![extension.into()] };
            let filters = vec![kind("CSV", "csv"), kind("JSON Lines", "jsonl")];
            let Some(file) = bridge::save_file(&format!("changes-{from}-{to}.csv"), filters).await? else {
                return Ok(None);
            };
            // The labels and texts as they are, as the command line writes them unless told otherwise.
            let request = ExportChanges { project, from, to, filter, file: file.clone(), formula_safe: false };
            bridge::call(request).await.map(|rows| Some((rows, file)))
        };
        exporting.run(work, move |written| {
            if let Some((rows, file)) = written {
                app.toasts.good(Text::diff_exported(lang(), rows, &file));
            }
        });
    };
    use_shortcuts(t(Text::DatasetsTabCompare), move || {
        vec![
            Shortcut::new("/", t(Text::DiffFilterFocus), focus_filter),
            Shortcut::new("e", t(Text::DiffExport), move || export(())),
        ]
    });
    let choices = Signal::derive(move || {
        std::iter::once(Choice::new("", t(Text::DiffAllDomains))).chain(place.domains.choices()).collect::<Vec<_>>()
    });
    view! {
        <div class="diff-filter">
            <TextField
                value=compared.words
                testid="compare-search"
                kind="search"
                placeholder=t(Text::DiffFilter)
                aria_label=t(Text::DiffFilterFocus)
            />
            <Select
                label=t(Text::DiffDomain)
                choices=choices
                value=compared.domain
                on_change=move |value| compared.domain.set(value)
                testid="compare-domain"
            />
            <Button
                text=t(Text::DiffExport)
                testid="compare-export"
                icon=Symbol::Export
                keys="E"
                busy=exporting.busy()
                on_click=export
            />
        </div>
        {move || exporting.error().get().map(|error| view! { <ErrorBox error=error /> })}
    }
}

fn focus_filter() {
    let field = document().query_selector("[data-testid='compare-search']").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A window without focus refuses; nothing depends on it.
        let _ = field.focus();
    }
}
