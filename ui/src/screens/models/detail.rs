//! A model: what it is, how it is reached, what it answers.

use contract::model::{KeySource, ModelEntry, ModelSpec};
use leptos::prelude::*;

use super::test::ModelTrial;
use crate::components::{Button, ButtonKind, Notice, Symbol, Tone};
use crate::state::Project;
use crate::text::{Text, date_time, lang, number, t};

/// The chosen model.
#[component]
pub fn Detail(
    /// The model.
    model: ModelEntry,
    /// Takes it out of the project.
    #[prop(into)]
    on_remove: Callback<ModelEntry>,
    /// Whether that is under way.
    removing: Signal<bool>,
) -> impl IntoView {
    let blocked = Project::get().read_only();
    let removed = model.clone();
    let facts = match &model.spec {
        ModelSpec::Gguf { path } => view! {
            <dt>{t(Text::ModelKind)}</dt>
            <dd>{t(Text::ModelKindFile)}</dd>
            <dt>{t(Text::ModelFile)}</dt>
            <dd class="mono">{path.clone()}</dd>
        }
        .into_any(),
        ModelSpec::Server { url, model, key, settings } => {
            let key = match key {
                KeySource::None => t(Text::ModelKeyNone).to_owned(),
                KeySource::Keyring => t(Text::ModelKeyKeyring).to_owned(),
                KeySource::Environment { variable } => format!("{}: {variable}", t(Text::ModelKeyVariable)),
            };
            let pause = settings.min_interval_ms.map_or_else(|| t(Text::ModelIntervalAuto).to_owned(), number);
            let calls = Text::model_calls(
                lang(),
                settings.concurrency.into(),
                &pause,
                settings.retries.into(),
                f64::from(u32::try_from(settings.timeout_ms / 1000).unwrap_or(u32::MAX)),
                settings.cache_hours.into(),
            );
            view! {
                <dt>{t(Text::ModelKind)}</dt>
                <dd>{t(Text::ModelKindServer)}</dd>
                <dt>{t(Text::ModelAddress)}</dt>
                <dd class="mono">{url.clone()}</dd>
                <dt>{t(Text::ModelId)}</dt>
                <dd class="mono">{model.clone()}</dd>
                <dt>{t(Text::ModelKey)}</dt>
                <dd>{key}</dd>
                <dt>{t(Text::ModelSettings)}</dt>
                <dd>{calls}</dd>
            }
            .into_any()
        }
    };
    let gone = (!model.present).then(|| {
        view! { <Notice tone=Tone::Bad title=t(Text::ModelFileGoneTitle)><p class="soft">{t(Text::ModelFileGoneText)}</p></Notice> }
    });
    view! {
        <div class="stack models-detail" data-testid="model-detail">
            <section class="panel">
                <div class="panel-head">
                    <h2 class="clip">{model.name.clone()}</h2>
                    <Button
                        text=t(Text::ActionRemove)
                        testid="model-remove"
                        kind=ButtonKind::Danger
                        icon=Symbol::Remove
                        disabled=blocked
                        busy=removing
                        title=t(Text::ModelRemoveHint)
                        on_click=move |()| on_remove.run(removed.clone())
                    />
                </div>
                <div class="panel-body stack">
                    {gone} <dl class="facts">
                        {facts} <dt>{t(Text::ModelSummary)}</dt> <dd>{model.summary.clone()}</dd>
                        <dt>{t(Text::ModelAdded)}</dt> <dd>{date_time(model.added)}</dd>
                    </dl>
                </div>
            </section>
            <ModelTrial name=model.name.clone() />
        </div>
    }
}
