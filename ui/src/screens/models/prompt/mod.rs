//! The prompt: its instruction, its examples, how models see it, and a try before it is saved.

mod draft;
mod few_shot;

use contract::labeller::{GetPrompt, PromptSettings, PromptView, SetPrompt};
use contract::model::{ListModels, ModelEntry, ModelSpec};
use leptos::prelude::*;

use super::test::ModelTrial;
use crate::components::{Badge, Button, ButtonKind, Choice, ErrorBox, Field, Notice, Select, Symbol, TextArea, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Loaded, Project, Remote, Sending};
use crate::text::{Text, lang, t};
use few_shot::FewShotFields;

/// The editor.
#[component]
pub fn PromptEditor() -> impl IntoView {
    let project = Project::get();
    let prompt = Remote::new(move || {
        project.changed.track();
        Some(GetPrompt { project: project.folder() })
    });
    let first = Memo::new(move |_| prompt.ready());
    view! {
        <Loaded remote=prompt lines=10>
            // The editor begins with what is stored and is not built anew when that changes.
            {move || first.get().then(|| untrack(|| prompt.get())).flatten().map(|view| view! { <Editor prompt=prompt view=view /> })}
        </Loaded>
    }
}

/// Everything, once the stored prompt is known.
#[component]
fn Editor(prompt: Remote<PromptView>, view: PromptView) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let saving = Sending::new();
    let begin = project.prompt_draft.get_untracked().unwrap_or_else(|| view.settings.clone());
    let text = RwSignal::new(draft::instruction(&view, &begin));
    let few_shot = RwSignal::new(begin.few_shot);
    let now = move || prompt.get().unwrap_or_else(|| view.clone());
    let stored = Memo::new(move |_| now());
    let settings =
        Memo::new(move |_| stored.with(|view| text.with(|text| draft::with_instruction(view, text, few_shot.get()))));
    let changed = Memo::new(move |_| stored.with(|view| settings.with(|settings| *settings != view.settings)));
    let keep = move || settings.with(|settings| changed.get().then(|| settings.clone()));
    Effect::new(move |_| project.prompt_draft.set(keep()));
    let own = Memo::new(move |_| settings.with(|settings| settings.instruction.is_none()));
    let no_labels = Memo::new(move |_| text.with(|text| !text.trim().is_empty() && !text.contains(draft::LABELS)));
    let lacks_encoder =
        Memo::new(move |_| few_shot.with(|few| (few.nearest || few.shortlist.is_some()) && few.encoder.is_none()));
    let blocked =
        Signal::derive(move || project.read_only().get() || !changed.get() || no_labels.get() || lacks_encoder.get());
    let save = Callback::new(move |()| {
        if blocked.get_untracked() {
            return;
        }
        let request = SetPrompt { project: project.folder(), settings: settings.get_untracked() };
        saving.send(request, move |view| {
            prompt.set(view);
            project.data_changed();
            app.toasts.good(t(Text::PromptSaved));
        });
    });
    let show = move |wanted: &PromptSettings| {
        text.set(stored.with_untracked(|view| draft::instruction(view, wanted)));
        few_shot.set(wanted.few_shot.clone());
    };
    let discard = Callback::new(move |()| {
        if !changed.get_untracked() {
            return;
        }
        let before = settings.get_untracked();
        show(&stored.with_untracked(|view| view.settings.clone()));
        app.toasts.with_action(t(Text::PromptDiscarded), t(Text::ReviewUndo), move || {
            project.prompt_draft.set(Some(before.clone()));
            if text.try_get_untracked().is_some() {
                show(&before);
            }
        });
    });
    let its_own = Signal::derive(move || own.get() || project.read_only().get());
    let back = Callback::new(move |()| {
        if !its_own.get_untracked() {
            text.set(stored.with_untracked(|view| view.own_instruction.clone()));
        }
    });
    use_shortcuts(t(Text::LabellersTabPrompt), move || {
        vec![
            Shortcut::new("Ctrl+s", t(Text::ActionSave), save),
            Shortcut::new("Shift+b", t(Text::PromptBack), back),
            Shortcut::new("Shift+d", t(Text::PromptDiscard), discard),
        ]
    });
    let preview = move || {
        stored.with(|view| text.with(|text| draft::rendered(view, text)).unwrap_or_else(|| view.rendered.clone()))
    };
    let wrong =
        Signal::derive(move || if no_labels.get() { t(Text::PromptNoLabels).to_owned() } else { String::new() });
    view! {
        <div class="prompt-columns" data-testid="prompt">
            <div class="stack">
                <section class="panel">
                    <div class="panel-head">
                        <div class="row">
                            <h2>{t(Text::LabellersTabPrompt)}</h2>
                            <Badge text=Signal::derive(move || t(if own.get() { Text::PromptOwn } else { Text::PromptChanged }).to_owned()) />
                            <span class="prompt-unsaved" class:prompt-unsaved-shown=move || changed.get() data-testid="prompt-unsaved">
                                <Badge text=t(Text::PromptUnsaved) tone=Tone::Warn />
                            </span>
                        </div>
                        <div class="prompt-save">
                            <Button
                                text=t(Text::ActionSave)
                                testid="prompt-save"
                                kind=ButtonKind::Primary
                                icon=Symbol::Check
                                keys="Ctrl+S"
                                disabled=blocked
                                busy=saving.busy()
                                on_click=save
                            />
                        </div>
                    </div>
                    <div class="panel-body stack">
                        {move || saving.error().get().map(|error| view! { <ErrorBox error=error /> })}
                        <TextArea
                            label=t(Text::PromptInstruction)
                            value=text
                            testid="prompt-instruction"
                            rows=9
                            hint=t(Text::PromptInstructionHint)
                            error=wrong
                            disabled=project.read_only()
                        />
                        <div class="row row-wrap">
                            <Button
                                text=t(Text::PromptBack)
                                testid="prompt-back"
                                icon=Symbol::Undo
                                keys="Shift+B"
                                disabled=its_own
                                on_click=back
                            />
                            <Button
                                text=t(Text::PromptDiscard)
                                testid="prompt-discard"
                                kind=ButtonKind::Quiet
                                keys="Shift+D"
                                disabled=Signal::derive(move || !changed.get())
                                on_click=discard
                            />
                            <span class="grow"></span>
                            <span class="small faint mono clip" title=t(Text::PromptVersionHint) data-testid="prompt-version">
                                {move || stored.with(|view| Text::prompt_version(lang(), &view.version))}
                            </span>
                        </div>
                    </div>
                </section>
                <FewShotFields few_shot=few_shot lacks_encoder=lacks_encoder />
            </div>
            <div class="stack">
                <section class="panel">
                    <div class="panel-head">
                        <h2>{t(Text::PromptPreview)}</h2>
                    </div>
                    <div class="panel-body stack">
                        <p class="small faint">{t(Text::PromptPreviewText)}</p>
                        <pre class="prompt-preview" tabindex="0" data-testid="prompt-preview">{preview}</pre>
                    </div>
                </section>
                <Try settings=settings />
            </div>
        </div>
    }
}

/// Trying what is written with a language model.
#[component]
fn Try(settings: Memo<PromptSettings>) -> impl IntoView {
    let project = Project::get();
    let models = Remote::new(move || {
        project.changed.track();
        Some(ListModels { project: project.folder() })
    });
    let chosen = RwSignal::new(String::new());
    // A classifier reads no prompt.
    let names = Memo::new(move |_| {
        let reads = |model: &&ModelEntry| !matches!(model.spec, ModelSpec::Classifier { .. });
        models
            .map(|models| models.iter().filter(reads).map(|model| model.name.clone()).collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let name = Memo::new(move |_| {
        let wanted = chosen.get();
        names.with(|names| names.iter().find(|name| **name == wanted).or(names.first()).cloned())
    });
    let choices = move || names.get().into_iter().map(|name| Choice::new(name.clone(), name)).collect::<Vec<_>>();
    let draft = Signal::derive(move || Some(settings.get()));
    let content = move || match name.get() {
        None => view! {
            <Notice tone=Tone::Info title=t(Text::PromptNoModel) testid="prompt-no-model">
                <p class="soft">{t(Text::PromptNoModelText)}</p>
            </Notice>
        }
        .into_any(),
        Some(name) => view! { <ModelTrial name=name prompt=draft title=t(Text::PromptTry).to_owned() /> }.into_any(),
    };
    let many = Memo::new(move |_| names.with(|names| names.len() > 1));
    view! {
        <Loaded remote=models lines=3>
            <div class="stack">
                <Show when=move || many.get()>
                    <Field label=t(Text::PromptTryWith) hint=t(Text::PromptTryDraft)>
                        <Select
                            label=t(Text::PromptTryWith)
                            choices=Signal::derive(choices)
                            value=Signal::derive(move || name.get().unwrap_or_default())
                            on_change=move |name| chosen.set(name)
                            testid="prompt-try-model"
                        />
                    </Field>
                </Show>
                {content}
            </div>
        </Loaded>
    }
}
