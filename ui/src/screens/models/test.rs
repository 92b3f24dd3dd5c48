//! Trying a model on a few texts.

use catalogue::model_finding;
use contract::labeller::PromptSettings;
use contract::model::{ModelFinding, ModelTest, TestAnswer, TestModel};
use leptos::prelude::*;

use crate::components::{Badge, Button, ButtonKind, ErrorBox, Notice, ShareBar, Symbol, TextArea, Tone};
use crate::frame::Screen;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Domains, Project, Sending};
use crate::text::{Text, lang, percent, t, word};

/// How many candidates of an answer are shown.
const CANDIDATES: usize = 4;

/// The test and its answers.
#[component]
pub fn ModelTrial(
    /// The labeller's name.
    name: String,
    /// A prompt to try instead of the project's own.
    #[prop(optional, into)]
    prompt: Signal<Option<PromptSettings>>,
    /// Title of the panel.
    #[prop(optional, into)]
    title: Option<String>,
) -> impl IntoView {
    let project = Project::get();
    let domains = Domains::load();
    let texts = RwSignal::new(String::new());
    let result = RwSignal::new(None::<ModelTest>);
    let testing = Sending::new();
    let no_schema = Memo::new(move |_| project.overview.with(|overview| overview.domains == 0));
    let no_texts = Memo::new(move |_| {
        project.overview.with(|overview| overview.items == 0) && texts.with(|texts| texts.trim().is_empty())
    });
    let test = move |()| {
        if no_schema.get_untracked() || no_texts.get_untracked() {
            return;
        }
        let lines = texts.with_untracked(|texts| {
            texts.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        });
        let request =
            TestModel { project: project.folder(), name: name.clone(), texts: lines, prompt: prompt.get_untracked() };
        testing.send(request, move |answer| result.set(Some(answer)));
    };
    let test = Callback::new(test);
    use_shortcuts(t(Text::ModelsTitle), move || vec![Shortcut::new("t", t(Text::ModelTest), test)]);
    // Seconds that the person has waited, so that loading a large model is seen to go on.
    let waited = RwSignal::new(0_u64);
    let clock = set_interval_with_handle(
        move || {
            if testing.busy().get_untracked() {
                waited.update(|seconds| *seconds += 1);
            } else if waited.get_untracked() > 0 {
                waited.set(0);
            }
        },
        std::time::Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(clock) = clock {
            clock.clear();
        }
    });
    let state = move || {
        if testing.busy().get() {
            #[allow(clippy::cast_precision_loss)]
            let seconds = waited.get() as f64;
            return view! {
                <div class="models-waiting" role="status" data-testid="model-testing">
                    <div class="progress progress-unknown"><div class="progress-fill"></div></div>
                    <span class="soft small number">{Text::model_testing(lang(), seconds)}</span>
                </div>
            }
            .into_any();
        }
        if let Some(error) = testing.error().get() {
            return view! { <ErrorBox error=error on_retry=move |()| test.run(()) /> }.into_any();
        }
        match result.get() {
            Some(result) => answers(result, domains).into_any(),
            None => ().into_any(),
        }
    };
    let missing = move || {
        no_schema.get().then(|| {
            view! {
                <Notice tone=Tone::Warn title=t(Text::ModelTestNoSchema)>
                    <div>
                        <Button text=t(Text::ModelGoSchema) testid="model-go-schema" keys=Screen::Schema.keys() on_click=move |()| project.go(Screen::Schema) />
                    </div>
                </Notice>
            }
        })
    };
    let hint = move || {
        t(if project.overview.with(|overview| overview.items == 0) {
            Text::ModelTestNoItems
        } else {
            Text::ModelTestHint
        })
        .to_owned()
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>{title.unwrap_or_else(|| t(Text::ModelTestTitle).to_owned())}</h2>
                <Button
                    text=t(Text::ModelTest)
                    testid="model-test"
                    kind=ButtonKind::Primary
                    icon=Symbol::Play
                    keys="T"
                    disabled=Signal::derive(move || no_schema.get() || no_texts.get())
                    busy=testing.busy()
                    on_click=test
                />
            </div>
            <div class="panel-body stack">
                {missing}
                <TextArea
                    label=t(Text::ModelTestTexts)
                    value=texts
                    testid="model-test-texts"
                    rows=2
                    hint=Signal::derive(hint)
                />
                {state}
            </div>
        </section>
    }
}

/// What the test showed.
fn answers(result: ModelTest, domains: Domains) -> impl IntoView {
    let finding = |found: ModelFinding| view! { <Badge text=model_finding(lang(), &found) tone=Tone::Info /> };
    #[allow(clippy::cast_precision_loss)]
    let ready = result.ready_millis as f64 / 1000.0;
    view! {
        <div class="stack" data-testid="model-answers">
            <div class="row row-wrap">
                <span class="soft">{Text::model_ready_after(lang(), ready)}</span>
                {result.findings.into_iter().map(finding).collect_view()}
            </div>
            {result.answers.into_iter().map(|answer| one(answer, domains)).collect_view()}
            <details class="models-prompt">
                <summary data-testid="model-prompt">{t(Text::ModelPrompt)}</summary>
                <pre class="models-prompt-text" tabindex="0">{result.prompt}</pre>
            </details>
        </div>
    }
}

/// One answer.
fn one(answer: TestAnswer, domains: Domains) -> impl IntoView {
    let label = answer.label.clone();
    let agrees = label.as_ref().zip(answer.candidates.first()).map(|(label, first)| *label == first.domain);
    let tone = match agrees {
        Some(true) => Tone::Good,
        Some(false) => Tone::Warn,
        None => Tone::Plain,
    };
    let candidate = move |candidate: contract::label::Candidate| {
        let share = f64::from(candidate.probability);
        let id = candidate.domain;
        let name = Signal::derive(move || domains.name(&id));
        view! {
            <span class="bars-name clip" title=move || name.get()>{move || name.get()}</span>
            <ShareBar share=share />
            <span class="bars-count">{percent(share)}</span>
        }
    };
    #[allow(clippy::cast_precision_loss)]
    let took = catalogue::duration(lang(), answer.millis as f64 / 1000.0);
    let took = match answer.millis {
        0..=999 => Text::milliseconds(lang(), answer.millis),
        _ => took,
    };
    let meta = [answer.obtained.map(|obtained| word(&obtained).to_owned()), Some(took)];
    view! {
        <div class="models-answer" data-testid="model-answer">
            <p class="models-answer-text" dir="auto">{answer.text}</p>
            {label
                .map(|label| {
                    view! {
                        <div class="row">
                            <span class="faint small">{t(Text::ReviewCameWith)}</span>
                            <Badge text=Signal::derive(move || domains.name(&label)) tone=tone />
                        </div>
                    }
                })}
            <div class="bars">{answer.candidates.into_iter().take(CANDIDATES).map(candidate).collect_view()}</div>
            {answer.error.map(|error| view! { <ErrorBox error=error /> })}
            <span class="faint small">{meta.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</span>
        </div>
    }
}
