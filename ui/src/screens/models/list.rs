//! The list of labellers and the chosen one.

use contract::model::{AddModel, ListModels, ModelEntry, ModelSpec, RemoveModel};
use contract::settings::GetAbout;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::add::AddDialog;
use super::detail::Detail;
use super::kind::{file_name, file_stem, summary, symbol};
use crate::bridge;
use crate::components::{Badge, Button, ButtonKind, ChoiceEntry, ChoiceList, EmptyState, ErrorBox, Icon, Symbol, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Loaded, Project, Remote, Sending};
use crate::text::{Text, explain, lang, t};

/// The list at the left, the chosen labeller at the right.
#[component]
pub fn LabellerList() -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let models = Remote::new(move || {
        project.changed.track();
        Some(ListModels { project: project.folder() })
    });
    let about = Remote::new(|| Some(GetAbout {}));
    let selected = RwSignal::new(None::<String>);
    let adding = RwSignal::new(false);
    let blocked = project.read_only();
    let (removing, starting) = (Sending::new(), Sending::new());
    // The chosen one, or the first: something is always shown.
    let chosen = Memo::new(move |_| {
        let wanted = selected.get();
        models
            .map(|models| {
                let found = models.iter().find(|model| Some(&model.name) == wanted.as_ref());
                found.or(models.first()).cloned()
            })
            .flatten()
    });
    let remove = move |model: ModelEntry| {
        let request = RemoveModel { project: project.folder(), name: model.name.clone() };
        removing.send(request, move |()| {
            project.data_changed();
            let text = Text::model_taken_out(lang(), &model.name);
            let (name, spec) = (model.name, model.spec);
            app.toasts.with_action(text, t(Text::ReviewUndo), move || {
                let request = AddModel { project: project.folder(), name: name.clone(), spec: spec.clone(), key: None };
                spawn_local(async move {
                    match bridge::call(request).await {
                        Ok(_) => project.data_changed(),
                        Err(error) => app.toasts.bad(explain(&error)),
                    }
                });
            });
        });
    };
    let start_with = move |path: String| {
        let request =
            AddModel { project: project.folder(), name: file_stem(&path), spec: ModelSpec::Gguf { path }, key: None };
        starting.send(request, move |model| {
            selected.set(Some(model.name));
            project.data_changed();
        });
    };
    // Model files that lie ready on this machine and aren't in the project.
    let ready = Memo::new(move |_| {
        let known: Vec<String> = models
            .map(|models| {
                let path = |model: &ModelEntry| match &model.spec {
                    ModelSpec::Gguf { path } => Some(path.clone()),
                    _ => None,
                };
                models.iter().filter_map(path).collect()
            })
            .unwrap_or_default();
        let all = about.map(|about| about.models.clone()).unwrap_or_default();
        if models.ready() {
            all.into_iter().filter(|path| !known.contains(path)).collect::<Vec<_>>()
        } else {
            Vec::new()
        }
    });
    let ready_buttons = move || {
        let button = |path: String| {
            let name = file_name(&path).to_owned();
            view! {
                <Button
                    text=Text::model_add_ready(lang(), &name)
                    testid="model-add-ready"
                    icon=Symbol::Add
                    disabled=blocked
                    busy=starting.busy()
                    title=path.clone()
                    on_click=move |()| start_with(path.clone())
                />
            }
        };
        ready.get().into_iter().map(button).collect_view()
    };
    use_shortcuts(t(Text::ModelsTitle), move || {
        vec![Shortcut::new("n", t(Text::ModelsAdd), move || {
            if !blocked.get_untracked() {
                adding.set(true);
            }
        })]
    });
    let why = move || if blocked.get() { t(Text::ReadOnlyBanner).to_owned() } else { String::new() };
    let add_button = move || {
        view! {
            <Button
                text=t(Text::ModelsAdd)
                testid="model-add"
                kind=ButtonKind::Primary
                icon=Symbol::Add
                keys="N"
                disabled=blocked
                title=Signal::derive(why)
                on_click=move |()| adding.set(true)
            />
        }
    };
    let error = move || {
        let error = removing.error().get().or_else(|| starting.error().get());
        error.map(|error| view! { <ErrorBox error=error /> })
    };
    let names = move || models.map(|all| all.iter().map(|model| model.name.clone()).collect()).unwrap_or_else(Vec::new);
    let none = Memo::new(move |_| models.map(Vec::is_empty).unwrap_or(true));
    let list = move || {
        let entry = |model: ModelEntry| view! { <Entry model=model chosen=chosen selected=selected /> };
        models.get().unwrap_or_default().into_iter().map(entry).collect_view()
    };
    let content = move || {
        if none.get() {
            return view! {
                <EmptyState symbol=Symbol::Models title=t(Text::ModelsEmpty) text=t(Text::ModelsEmptyText) testid="models-empty">
                    {add_button()} {ready_buttons}
                </EmptyState>
            }
            .into_any();
        }
        view! {
            <div class="chosen">
                <div class="stack">
                    <div class="models-add-row">{add_button()}</div>
                    <ChoiceList testid="models-list">{list}</ChoiceList>
                    {move || {
                        (!ready.with(Vec::is_empty))
                            .then(|| {
                                view! {
                                    <section class="panel panel-body stack models-ready">
                                        <h3>{t(Text::ModelsReady)}</h3>
                                        {ready_buttons()}
                                    </section>
                                }
                            })
                    }}
                </div>
                {move || chosen.get().map(|model| view! { <Detail model=model on_remove=remove names=names() removing=removing.busy() /> })}
            </div>
        }
        .into_any()
    };
    view! {
        <div class="stack models-list">
            {error}
            <Loaded remote=models>{content}</Loaded>
        </div>
        <Show when=move || adding.get()>
            <AddDialog open=adding known=models.get().unwrap_or_default() on_added=move |name: String| {
                selected.set(Some(name));
                project.data_changed();
            } />
        </Show>
    }
}

/// A labeller in the list.
#[component]
fn Entry(model: ModelEntry, chosen: Memo<Option<ModelEntry>>, selected: RwSignal<Option<String>>) -> impl IntoView {
    let (name, own) = (model.name.clone(), model.name.clone());
    let current = move || chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.name == own));
    view! {
        <ChoiceEntry
            testid=format!("model-row-{}", model.name)
            current=Signal::derive(current)
            on_choose=move |()| selected.set(Some(name.clone()))
        >
            <Icon symbol=symbol(&model.spec) />
            <span class="choice-entry-text">
                <b class="clip">{model.name.clone()}</b>
                <span class="clip small soft">{summary(&model)}</span>
            </span>
            {(!model.present && matches!(model.spec, ModelSpec::Gguf { .. })).then(|| view! { <Badge text=t(Text::ModelFileGone) tone=Tone::Bad /> })}
        </ChoiceEntry>
    }
}
