//! Adding a classifier: its encoder, and what it learns from.

use contract::schema::GetSchema;
use contract::source::{ListSources, Source};
use leptos::prelude::*;

use super::super::encoder::EncoderField;
use super::form::Form;
use crate::components::Checkbox;
use crate::state::{Project, Remote};
use crate::text::{Text, lang, t};

/// The fields.
#[component]
pub fn ClassifierFields(
    /// The form.
    form: Form,
) -> impl IntoView {
    let project = Project::get();
    let sources = Remote::new(move || Some(ListSources { project: project.folder() }));
    let schema = Remote::new(move || Some(GetSchema { project: project.folder() }));
    let decisions = project.overview.with_untracked(|overview| overview.reviewed);
    let shown = move || {
        schema.map(|schema| schema.domains.iter().map(|domain| domain.examples.len() as u64).sum()).unwrap_or(0_u64)
    };
    let labels = move || {
        let trusted =
            |source: &&Source| form.trust_all.get() || form.trusted.with(|trusted| trusted.contains(&source.id));
        sources.map(|list| list.iter().filter(trusted).map(|source| source.report.with_label).sum()).unwrap_or(0_u64)
    };
    let all = Memo::new(move |_| decisions + shown() + labels());
    let source = move |source: Source| {
        let id = source.id;
        let checked = RwSignal::new(form.trusted.with_untracked(|trusted| trusted.contains(&id)));
        Effect::new(move |_| {
            let on = checked.get();
            if form.trusted.with_untracked(|trusted| trusted.contains(&id)) != on {
                form.trusted.update(|trusted| if on { trusted.push(id) } else { trusted.retain(|other| *other != id) });
            }
        });
        view! {
            <Checkbox
                label=Text::classifier_trust_source(lang(), &source.name, source.report.with_label)
                checked=checked
                testid=format!("model-trust-{id}")
                disabled=Signal::derive(move || form.trust_all.get())
            />
        }
    };
    let labelled = move || {
        let with = |list: &Vec<Source>| list.iter().filter(|source| source.report.with_label > 0).cloned().collect();
        sources.map(with).unwrap_or_else(Vec::new)
    };
    let some_labels = Memo::new(move |_| !labelled().is_empty());
    view! {
        <EncoderField label=t(Text::ClassifierEncoder) hint=t(Text::ClassifierEncoderHint) value=form.encoder />
        <section class="stack stack-tight">
            <h3>{t(Text::ClassifierLearns)}</h3>
            <ul class="models-learns">
                <li>{Text::classifier_decisions(lang(), decisions)}</li>
                <li>{move || Text::classifier_schema_examples(lang(), shown())}</li>
            </ul>
            <Show when=move || some_labels.get()>
                <div class="stack stack-tight" data-testid="model-trusted">
                    {move || labelled().into_iter().map(source).collect_view()}
                    <Checkbox label=t(Text::ClassifierTrustAll) checked=form.trust_all testid="model-trust-all" />
                    <p class="field-hint">{t(Text::ClassifierTrustHint)}</p>
                </div>
            </Show>
            <div class="label-scope">
                <b class="number" data-testid="model-examples">{move || Text::classifier_examples_now(lang(), all.get())}</b>
                <Show when=move || { all.get() < 2 }>
                    <span class="small faint">{t(Text::ClassifierExamplesFew)}</span>
                </Show>
            </div>
        </section>
    }
}
