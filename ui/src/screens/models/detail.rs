//! A labeller: what it is, how it is reached, what it learned, what it answers.

use contract::labeller::TrainingSet;
use contract::model::{KeySource, ModelEntry, ModelSpec};
use contract::source::ListSources;
use leptos::prelude::*;

use super::classifier::ClassifierPanel;
use super::kind::{ensemble_rule, kind_word, route_rule, summary};
use super::test::ModelTrial;
use crate::components::{Button, ButtonKind, Notice, Symbol, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Remote};
use crate::text::{Text, date_time, lang, number, t};

/// The chosen labeller.
#[component]
pub fn Detail(
    /// The labeller.
    model: ModelEntry,
    /// Takes it out of the project.
    #[prop(into)]
    on_remove: Callback<ModelEntry>,
    /// The names of all labellers.
    names: Vec<String>,
    /// Whether that is under way.
    removing: Signal<bool>,
) -> impl IntoView {
    let blocked = Project::get().read_only();
    let removed = model.clone();
    let remove = Callback::new(move |()| {
        if !blocked.get_untracked() {
            on_remove.run(removed.clone());
        }
    });
    use_shortcuts(t(Text::ModelsTitle), move || vec![Shortcut::new("Shift+Delete", t(Text::ActionRemove), remove)]);
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
        ModelSpec::Classifier { encoder, training } => view! {
            <dt>{t(Text::ModelKind)}</dt>
            <dd>{kind_word(&model.spec)}</dd>
            <dt>{t(Text::ClassifierEncoder)}</dt>
            <dd class="mono">{encoder.clone()}</dd>
            <dt>{t(Text::ClassifierTrusts)}</dt>
            <dd><Trusted training=training.clone() /></dd>
        }
        .into_any(),
        ModelSpec::Route { cheap, strong, rule } => view! {
            <dt>{t(Text::ModelKind)}</dt>
            <dd>{kind_word(&model.spec)}</dd>
            <dt>{t(Text::RouteCheap)}</dt>
            <dd>{cheap.clone()}</dd>
            <dt>{t(Text::RouteStrong)}</dt>
            <dd>{strong.clone()}</dd>
            <dt>{t(Text::RouteRule)}</dt>
            <dd>{route_rule(*rule)}</dd>
        }
        .into_any(),
        ModelSpec::Ensemble { members, rule } => view! {
            <dt>{t(Text::ModelKind)}</dt>
            <dd>{kind_word(&model.spec)}</dd>
            <dt>{t(Text::EnsembleMembers)}</dt>
            <dd>{members.join(", ")}</dd>
            <dt>{t(Text::EnsembleRule)}</dt>
            <dd>{ensemble_rule(*rule)}</dd>
        }
        .into_any(),
    };
    let combines = !model.spec.asks().is_empty();
    let orphaned = model.spec.asks().iter().any(|asked| !names.iter().any(|name| name == asked));
    let is_classifier = matches!(model.spec, ModelSpec::Classifier { .. });
    let is_file = matches!(model.spec, ModelSpec::Gguf { .. });
    let gone = (!model.present && is_file).then(|| {
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
                        keys="Shift+Delete"
                        disabled=blocked
                        busy=removing
                        title=t(Text::ModelRemoveHint)
                        on_click=remove
                    />
                </div>
                <div class="panel-body stack">
                    {gone}
                    {orphaned.then(|| view! { <Notice tone=Tone::Warn title=t(Text::CombinationMissing) testid="model-orphaned" /> })}
                    <dl class="facts">
                        {facts}
                        {(!combines && !is_classifier)
                            .then(|| view! { <dt>{t(Text::ModelSummary)}</dt> <dd>{summary(&model)}</dd> })}
                        <dt>{t(Text::ModelAdded)}</dt> <dd>{date_time(model.added)}</dd>
                    </dl>
                    {combines.then(|| view! { <p class="small faint">{t(Text::CombinationNote)}</p> })}
                </div>
            </section>
            {is_classifier.then(|| view! { <ClassifierPanel name=model.name.clone() /> })}
            <ModelTrial name=model.name.clone() />
        </div>
    }
}

/// The sources whose labels a classifier trusts, by name.
#[component]
fn Trusted(training: TrainingSet) -> impl IntoView {
    let project = Project::get();
    let wanted = !training.trust_all && !training.trusted_sources.is_empty();
    let sources = Remote::new(move || wanted.then(|| ListSources { project: project.folder() }));
    move || {
        if training.trust_all {
            return t(Text::ClassifierTrustsAll).to_owned();
        }
        if training.trusted_sources.is_empty() {
            return t(Text::ClassifierTrustsNothing).to_owned();
        }
        let name = |id: &contract::SourceId| {
            let known =
                sources.map(|list| list.iter().find(|source| source.id == *id).map(|source| source.name.clone()));
            known.flatten().unwrap_or_else(|| id.to_string())
        };
        Text::classifier_trusts(lang(), &training.trusted_sources.iter().map(name).collect::<Vec<_>>().join(", "))
    }
}
