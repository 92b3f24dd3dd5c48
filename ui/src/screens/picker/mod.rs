//! The project picker: what one sees first.

mod recent;

use contract::project::{CreateProject, OpenProject, OpenSampleProject};
use leptos::prelude::*;

use crate::bridge;
use crate::components::{Button, ButtonKind, ErrorBox, PathField, PathKind, Symbol, TextField};
use crate::frame::Mark;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Sending};
use crate::text::{Text, t};
use recent::Recent;

/// The picker.
#[component]
pub fn Picker() -> impl IntoView {
    let app = App::get();
    let opening = Sending::new();
    let open = move |folder: String| open_project(opening, app, folder, None);
    let steps = [Text::PickerStepLoad, Text::PickerStepLabel, Text::PickerStepReview, Text::PickerStepVersion];
    let steps = steps.into_iter().enumerate().map(|(at, step)| {
        view! {
            <li>
                <span class="picker-step">{at + 1}</span>
                {t(step)}
            </li>
        }
    });
    view! {
        <main class="picker">
            <header class="picker-hero">
                <Mark />
                <div>
                    <h1>"Winnow"</h1>
                    <p>{t(Text::ProductLine)}</p>
                </div>
                <ol class="picker-steps">{steps.collect_view()}</ol>
            </header>
            {move || opening.error().get().map(|error| view! { <ErrorBox error=error /> })}
            <div class="picker-columns">
                <Recent on_open=open />
                <div class="stack">
                    <Sample opening=opening />
                    <OwnProject opening=opening />
                </div>
            </div>
        </main>
    }
}

/// Opens the sample project.
#[component]
fn Sample(opening: Sending) -> impl IntoView {
    let app = App::get();
    let open = move |()| opening.send(OpenSampleProject {}, move |overview| app.opened.set(Some(overview)));
    use_shortcuts(t(Text::PickerTitle), move || vec![Shortcut::new("s", t(Text::PickerSample), move || open(()))]);
    view! {
        <section class="panel picker-sample">
            <div class="stack stack-tight grow">
                <h2>{t(Text::PickerSampleTitle)}</h2>
                <p class="soft">{t(Text::PickerSampleText)}</p>
            </div>
            <Button
                text=t(Text::PickerSample)
                testid="picker-open-sample"
                kind=ButtonKind::Primary
                icon=Symbol::Spark
                keys="S"
                busy=opening.busy()
                on_click=open
            />
        </section>
    }
}

/// Makes a project in a folder, or opens the one that is there.
#[component]
fn OwnProject(opening: Sending) -> impl IntoView {
    let app = App::get();
    let (folder, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // Without a path the dialog asks for one first.
    let with_folder = move |then: fn(Sending, App, String, Option<String>)| {
        let name = Some(name.get_untracked().trim().to_owned()).filter(|name| !name.is_empty());
        let typed = folder.get_untracked().trim().to_owned();
        if !typed.is_empty() {
            then(opening, app, typed, name);
            return;
        }
        opening.run(bridge::pick_folder(), move |picked| {
            if let Some(picked) = picked {
                folder.set(picked.clone());
                then(opening, app, picked, name);
            }
        });
    };
    let open = move |()| with_folder(open_project);
    let create = move |()| with_folder(create_project);
    use_shortcuts(t(Text::PickerTitle), move || {
        vec![
            Shortcut::new("o", t(Text::PickerOpenHere), move || open(())),
            Shortcut::new("n", t(Text::PickerCreateHere), move || create(())),
        ]
    });
    view! {
        <section class="panel">
            <div class="panel-body stack">
                <h2>{t(Text::PickerOwn)}</h2>
                <PathField
                    label=t(Text::PickerFolder)
                    kind=PathKind::Folder
                    value=folder
                    testid="picker-folder"
                    browse_text=t(Text::Browse)
                    hint=t(Text::PickerFolderHint)
                    on_enter=open
                />
                <TextField
                    label=t(Text::PickerName)
                    value=name
                    testid="picker-name"
                    hint=t(Text::PickerNameHint)
                    on_enter=create
                />
                <div class="row row-end">
                    <Button
                        text=t(Text::PickerOpenHere)
                        testid="picker-open"
                        keys="O"
                        icon=Symbol::Folder
                        busy=opening.busy()
                        on_click=open
                    />
                    <Button
                        text=t(Text::PickerCreateHere)
                        testid="picker-create"
                        keys="N"
                        icon=Symbol::Add
                        busy=opening.busy()
                        on_click=create
                    />
                </div>
            </div>
        </section>
    }
}

fn open_project(opening: Sending, app: App, folder: String, _: Option<String>) {
    opening.send(OpenProject { folder }, move |overview| app.opened.set(Some(overview)));
}

fn create_project(opening: Sending, app: App, folder: String, name: Option<String>) {
    let request = CreateProject { folder, name, schema_file: None };
    opening.send(request, move |overview| app.opened.set(Some(overview)));
}
