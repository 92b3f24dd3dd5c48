//! Adding a model: a file on this machine or a server.

use contract::model::{AddModel, KeySource, ListServerModels, ModelSpec, ServerSettings};
use leptos::prelude::*;

use super::file_stem;
use crate::bridge::FileFilter;
use crate::components::{
    Button, ButtonKind, Choice, Dialog, ErrorBox, Field, NumberField, PathField, PathKind, Segmented, Select, Symbol,
    TextField,
};
use crate::state::{Project, Sending};
use crate::text::{Text, lang, t};

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    kind: RwSignal<String>,
    name: RwSignal<String>,
    path: RwSignal<String>,
    url: RwSignal<String>,
    model: RwSignal<String>,
    key_kind: RwSignal<String>,
    key: RwSignal<String>,
    variable: RwSignal<String>,
    concurrency: RwSignal<Option<f64>>,
    interval: RwSignal<Option<f64>>,
    retries: RwSignal<Option<f64>>,
    timeout: RwSignal<Option<f64>>,
    cache: RwSignal<Option<f64>>,
}

impl Form {
    fn new() -> Self {
        let defaults = ServerSettings::default();
        let text = || RwSignal::new(String::new());
        let number = |value: u32| RwSignal::new(Some(f64::from(value)));
        Self {
            kind: RwSignal::new("gguf".to_owned()),
            name: text(),
            path: text(),
            url: text(),
            model: text(),
            key_kind: RwSignal::new("none".to_owned()),
            key: text(),
            variable: text(),
            concurrency: number(defaults.concurrency),
            interval: RwSignal::new(None),
            retries: number(defaults.retries),
            timeout: number(u32::try_from(defaults.timeout_ms / 1000).unwrap_or(60)),
            cache: number(defaults.cache_hours),
        }
    }

    fn is_file(self) -> bool {
        self.kind.with(|kind| kind == "gguf")
    }

    fn key_source(self) -> KeySource {
        match self.key_kind.get().as_str() {
            "keyring" => KeySource::Keyring,
            "environment" => KeySource::Environment { variable: trimmed(self.variable) },
            _ => KeySource::None,
        }
    }

    /// The key typed, where it is meant for the keyring.
    fn key(self) -> Option<String> {
        let typed = trimmed(self.key);
        (self.key_kind.with(|kind| kind == "keyring") && !typed.is_empty()).then_some(typed)
    }

    /// The name under which the model will stand: what was typed, else what the file or server suggests.
    fn name(self) -> String {
        let typed = trimmed(self.name);
        if typed.is_empty() { self.suggested() } else { typed }
    }

    fn suggested(self) -> String {
        if self.is_file() { file_stem(&trimmed(self.path)) } else { file_stem_of_id(&trimmed(self.model)) }
    }

    fn spec(self) -> ModelSpec {
        if self.is_file() {
            return ModelSpec::Gguf { path: trimmed(self.path) };
        }
        let defaults = ServerSettings::default();
        let whole = |field: RwSignal<Option<f64>>, default: u32| field.get().map_or(default, |value| value as u32);
        let settings = ServerSettings {
            concurrency: whole(self.concurrency, defaults.concurrency),
            min_interval_ms: self.interval.get().map(|millis| millis as u64),
            retries: whole(self.retries, defaults.retries),
            timeout_ms: self.timeout.get().map_or(defaults.timeout_ms, |seconds| seconds as u64 * 1000),
            cache_hours: whole(self.cache, defaults.cache_hours),
            ..defaults
        };
        ModelSpec::Server { url: trimmed(self.url), model: trimmed(self.model), key: self.key_source(), settings }
    }

    fn complete(self) -> bool {
        let there = |field: RwSignal<String>| field.with(|text| !text.trim().is_empty());
        if self.is_file() { there(self.path) } else { there(self.url) && there(self.model) }
    }
}

/// A model's id without the folder that servers put before it.
fn file_stem_of_id(id: &str) -> String {
    id.rsplit('/').next().unwrap_or(id).to_owned()
}

fn trimmed(field: RwSignal<String>) -> String {
    field.with(|text| text.trim().to_owned())
}

/// The dialog.
#[component]
pub fn AddDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The model is in the project.
    #[prop(into)]
    on_added: Callback<String>,
) -> impl IntoView {
    let project = Project::get();
    let form = Form::new();
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
    let kinds = vec![Choice::new("gguf", t(Text::ModelFromFile)), Choice::new("server", t(Text::ModelFromServer))];
    let fields = move || match form.kind.get().as_str() {
        "server" => view! { <ServerFields form=form /> }.into_any(),
        _ => view! { <FileFields form=form on_enter=add /> }.into_any(),
    };
    view! {
        <Dialog
            title=t(Text::ModelsAdd)
            close_label=t(Text::ActionClose)
            on_close=move |()| open.set(false)
            testid="model-dialog"
            footer=move || {
                view! {
                    <Button text=t(Text::ActionCancel) testid="model-cancel" on_click=move |()| open.set(false) />
                    <Button
                        text=t(Text::ModelsAdd)
                        testid="model-save"
                        kind=ButtonKind::Primary
                        icon=Symbol::Add
                        disabled=Signal::derive(move || !form.complete())
                        busy=adding.busy()
                        on_click=add
                    />
                }
            }
        >
            <div class="stack models-form">
                <div>
                    <Segmented label=t(Text::ModelKind) choices=kinds value=form.kind testid="model-kind" />
                </div>
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

/// A server, its model and its key.
#[component]
fn ServerFields(form: Form) -> impl IntoView {
    let listing = Sending::new();
    let offered = RwSignal::new(None::<Vec<String>>);
    let load = move |()| {
        let url = trimmed(form.url);
        if url.is_empty() {
            return;
        }
        let request = untrack(|| ListServerModels { url, key_source: form.key_source(), key: form.key() });
        listing.send(request, move |models| {
            if let Some(first) = models.first()
                && !models.contains(&trimmed(form.model))
            {
                form.model.set(first.clone());
            }
            offered.set(Some(models));
        });
    };
    let has_list = Memo::new(move |_| offered.with(|models| models.as_ref().is_some_and(|models| !models.is_empty())));
    let choices = move || {
        let models = offered.get().unwrap_or_default();
        models.into_iter().map(|id| Choice::new(id.clone(), id)).collect::<Vec<_>>()
    };
    let id_field = move || {
        if has_list.get() {
            view! {
                <Field
                    label=t(Text::ModelId)
                    hint=Signal::derive(move || {
                        let count = offered.with(|models| models.as_ref().map_or(0, Vec::len));
                        Text::model_list_loaded(lang(), count as u64)
                    })
                >
                    <Select
                        label=t(Text::ModelId)
                        choices=Signal::derive(choices)
                        value=form.model
                        on_change=move |id| form.model.set(id)
                        testid="model-server-id"
                    />
                </Field>
            }
            .into_any()
        } else {
            let hint = move || {
                t(if offered.with(Option::is_some) { Text::ModelListEmpty } else { Text::ModelIdHint }).to_owned()
            };
            view! { <TextField label=t(Text::ModelId) value=form.model testid="model-server-id" hint=Signal::derive(hint) /> }
                .into_any()
        }
    };
    let key_kinds = vec![
        Choice::new("none", t(Text::ModelKeyNone)),
        Choice::new("keyring", t(Text::ModelKeyKeyring)),
        Choice::new("environment", t(Text::ModelKeyVariable)),
    ];
    let key_field = move || match form.key_kind.get().as_str() {
        "keyring" => view! {
            <TextField
                label=t(Text::ModelKeyField)
                value=form.key
                testid="model-key"
                kind="password"
                hint=t(Text::ModelKeyHint)
            />
        }
        .into_any(),
        "environment" => view! {
            <TextField
                label=t(Text::ModelKeyVariableField)
                value=form.variable
                testid="model-key-variable"
                placeholder="OPENAI_API_KEY"
            />
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <TextField
            label=t(Text::ModelAddress)
            value=form.url
            testid="model-server-url"
            placeholder="http://127.0.0.1:8080"
            hint=t(Text::ModelAddressHint)
            on_enter=load
            autofocus=true
        />
        <Field label=t(Text::ModelKey)>
            <Segmented label=t(Text::ModelKey) choices=key_kinds value=form.key_kind testid="model-key-kind" />
        </Field>
        {key_field}
        <div class="models-id">
            <div class="grow">{id_field}</div>
            <Button
                text=t(Text::ModelLoadList)
                testid="model-server-list"
                icon=Symbol::Refresh
                disabled=Signal::derive(move || form.url.with(|url| url.trim().is_empty()))
                busy=listing.busy()
                on_click=load
            />
        </div>
        {move || listing.error().get().map(|error| view! { <ErrorBox error=error /> })}
        <details class="models-advanced">
            <summary data-testid="model-advanced">{t(Text::ModelAdvanced)}</summary>
            <Advanced form=form />
        </details>
    }
}

/// How to talk to the server.
#[component]
fn Advanced(form: Form) -> impl IntoView {
    let range = |min: &str, max: &str| Text::number_range(lang(), min, max);
    view! {
        <div class="models-numbers">
            <NumberField label=t(Text::ModelConcurrency) value=form.concurrency testid="model-concurrency" min=1.0 max=256.0 range_text=range("1", "256") />
            <NumberField
                label=t(Text::ModelInterval)
                value=form.interval
                testid="model-interval"
                min=0.0
                max=3_600_000.0
                step=100.0
                optional=true
                placeholder=t(Text::ModelIntervalAuto)
                hint=t(Text::ModelIntervalHint)
                range_text=range("0", "3600000")
            />
            <NumberField label=t(Text::ModelRetries) value=form.retries testid="model-retries" min=0.0 max=20.0 range_text=range("0", "20") />
            <NumberField label=t(Text::ModelTimeout) value=form.timeout testid="model-timeout" min=1.0 max=3600.0 range_text=range("1", "3600") />
            <NumberField
                label=t(Text::ModelCache)
                value=form.cache
                testid="model-cache"
                min=0.0
                max=8760.0
                hint=t(Text::ModelCacheHint)
                range_text=range("0", "8760")
            />
        </div>
    }
}
