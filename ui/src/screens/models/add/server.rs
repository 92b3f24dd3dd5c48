//! Adding a language model on a server.

use contract::model::ListServerModels;
use leptos::prelude::*;

use super::form::{Form, trimmed};
use crate::components::{Button, Choice, ErrorBox, Field, NumberField, Segmented, Select, Symbol, TextField};
use crate::state::Sending;
use crate::text::{Text, lang, t};

/// A server, its model and its key.
#[component]
pub fn ServerFields(
    /// The form.
    form: Form,
) -> impl IntoView {
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
                keys="Enter"
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
