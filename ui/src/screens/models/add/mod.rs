//! Adding a labeller: which kind, and what that kind needs.

mod classifier;
mod combination;
mod form;
mod server;

use contract::model::{AddModel, ModelEntry};
use leptos::prelude::*;

use super::kind::kind_cards;
use crate::bridge::FileFilter;
use crate::components::{
    Button, ButtonKind, ChoiceCards, Dialog, ErrorBox, Notice, PathField, PathKind, Symbol, TextField, Tone,
};
use crate::state::{Project, Sending};
use crate::text::{Text, t};
use classifier::ClassifierFields;
use combination::{EnsembleFields, RouteFields};
use form::Form;
use server::ServerFields;

/// The dialog.
#[component]
pub fn AddDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The labellers that there are.
    known: Vec<ModelEntry>,
    /// The labeller is in the project.
    #[prop(into)]
    on_added: Callback<String>,
) -> impl IntoView {
    let project = Project::get();
    let few = known.len() < 2;
    let form = Form::new(known);
    let adding = Sending::new();
    let add = move |()| {
        if !untrack(|| form.complete()) {
            return;
        }
        let request =
            untrack(|| AddModel { project: project.folder(), name: form.name(), spec: form.spec(), key: form.key() });
        adding.send(request, move |model| {
            open.set(false);
            on_added.run(model.name);
        });
    };
    Effect::new(move |_| {
        form.kind.track();
        adding.clear();
    });
    let needs_two =
        move || view! { <Notice tone=Tone::Info title=t(Text::CombinationNeedsTwo) testid="model-needs-two" /> };
    let fields = move || match form.kind.get().as_str() {
        "server" => view! { <ServerFields form=form /> }.into_any(),
        "classifier" => view! { <ClassifierFields form=form /> }.into_any(),
        "route" | "ensemble" if few => needs_two().into_any(),
        "route" => view! { <RouteFields form=form /> }.into_any(),
        "ensemble" => view! { <EnsembleFields form=form /> }.into_any(),
        _ => view! { <FileFields form=form on_enter=add /> }.into_any(),
    };
    view! {
        <Dialog
            title=t(Text::ModelsAdd)
            close_label=t(Text::ActionClose)
            on_close=move |()| open.set(false)
            testid="model-dialog"
            wide=true
            on_confirm=add
            footer=move || {
                view! {
                    <Button text=t(Text::ActionCancel) testid="model-cancel" keys="Esc" on_click=move |()| open.set(false) />
                    <Button
                        text=t(Text::ModelsAdd)
                        testid="model-save"
                        kind=ButtonKind::Primary
                        icon=Symbol::Add
                        keys="Ctrl+Enter"
                        disabled=Signal::derive(move || !form.complete())
                        busy=adding.busy()
                        on_click=add
                    />
                }
            }
        >
            <div class="models-add">
                <ChoiceCards label=t(Text::ModelKind) cards=kind_cards() value=form.kind testid="model-kind" />
                <div class="stack models-form">
                    {fields}
                    <TextField
                        label=t(Text::ModelName)
                        value=form.name
                        testid="model-name"
                        placeholder=Signal::derive(move || form.suggested())
                        on_enter=add
                    />
                    {move || adding.error().get().map(|error| view! { <ErrorBox error=error /> })}
                </div>
            </div>
        </Dialog>
    }
}

/// A file.
#[component]
fn FileFields(form: Form, #[prop(into)] on_enter: Callback<()>) -> impl IntoView {
    let filter = FileFilter { name: t(Text::ModelFileFilter).to_owned(), extensions: vec!["gguf".to_owned()] };
    view! {
        <PathField
            label=t(Text::ModelFile)
            kind=PathKind::File(vec![filter])
            value=form.path
            testid="model-gguf-path"
            browse_text=t(Text::Browse)
            hint=t(Text::ModelFileHint)
            on_enter=on_enter
            autofocus=true
        />
    }
}
