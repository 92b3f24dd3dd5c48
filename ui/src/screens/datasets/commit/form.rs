//! The commit as a form holds it.

use contract::DatasetId;
use contract::dataset::DatasetSummary;
use contract::version::{Checks, CommitSource, GetVersion, Increment, VersionStatus};
use leptos::prelude::*;

use crate::components::{Choice, Field, PathField, PathKind, Segmented, Select, TextArea, TextField};
use crate::screens::datasets::checks::{ChecksFields, ChecksForm};
use crate::screens::datasets::place::Place;
use crate::screens::datasets::version::allowed_tag;
use crate::state::{App, Project, Remote};
use crate::text::{Text, lang, t, word};

const INCREMENTS: [(Increment, &str); 4] =
    [(Increment::Auto, "auto"), (Increment::Major, "major"), (Increment::Minor, "minor"), (Increment::Patch, "patch")];

/// The form.
#[derive(Clone, Copy)]
pub struct CommitForm {
    /// `dataset` or `folder`.
    from: RwSignal<String>,
    /// Number of the dataset; empty for the latest.
    dataset: RwSignal<String>,
    folder: RwSignal<String>,
    /// Message.
    pub message: RwSignal<String>,
    /// Author.
    pub author: RwSignal<String>,
    /// Tag.
    pub tag: RwSignal<String>,
    status: RwSignal<String>,
    increment: RwSignal<String>,
    /// Number of the version that it follows; empty for the current one.
    parent: RwSignal<String>,
    /// `inherit` or `own`.
    promise: RwSignal<String>,
    checks: ChecksForm,
}

impl CommitForm {
    /// A commit of this source, with the person as its author.
    pub fn new(source: CommitSource) -> Self {
        let (from, dataset, folder) = match source {
            CommitSource::Latest => ("dataset", String::new(), String::new()),
            CommitSource::Dataset(id) => ("dataset", id.to_string(), String::new()),
            CommitSource::Folder(folder) => ("folder", String::new(), folder),
        };
        Self {
            from: RwSignal::new(from.to_owned()),
            dataset: RwSignal::new(dataset),
            folder: RwSignal::new(folder),
            message: RwSignal::new(String::new()),
            author: RwSignal::new(App::get().settings.with_untracked(|settings| settings.reviewer.clone())),
            tag: RwSignal::new(String::new()),
            status: RwSignal::new(VersionStatus::Draft.name().to_owned()),
            increment: RwSignal::new(INCREMENTS[0].1.to_owned()),
            parent: RwSignal::new(String::new()),
            promise: RwSignal::new("inherit".to_owned()),
            checks: ChecksForm::new(),
        }
    }

    /// What would be committed; `None` as long as that is not chosen.
    pub fn source(self, place: Place) -> Option<CommitSource> {
        if self.from.with(|from| from == "folder") {
            let folder = self.folder.with(|folder| folder.trim().to_owned());
            return (!folder.is_empty()).then_some(CommitSource::Folder(folder));
        }
        match self.dataset.with(|id| id.parse::<DatasetId>()) {
            Ok(id) => Some(CommitSource::Dataset(id)),
            // Without a dataset there is nothing to ask for.
            Err(_) => place.written.map(|written| !written.is_empty()).unwrap_or(false).then_some(CommitSource::Latest),
        }
    }

    /// The version that it follows; the current one when `None`.
    pub fn parent(self) -> Option<String> {
        self.parent.with(|parent| (!parent.is_empty()).then(|| parent.clone()))
    }

    /// Which part of the number grows.
    pub fn increment(self) -> Increment {
        let found = |value: &String| INCREMENTS.iter().find(|(_, name)| name == value).map(|(increment, _)| *increment);
        self.increment.with(found).unwrap_or_default()
    }

    /// The status asked for.
    pub fn status(self) -> VersionStatus {
        let found = |value: &String| VersionStatus::ALL.iter().find(|status| status.name() == value).copied();
        self.status.with(found).unwrap_or_default()
    }

    /// Its own promises; `None` for its parent's.
    pub fn promises(self) -> Option<Checks> {
        self.promise.with(|promise| promise == "own").then(|| self.checks.read())
    }

    /// Whether everything needed is there.
    pub fn complete(self, place: Place) -> bool {
        let filled = |field: RwSignal<String>| field.with(|text| !text.trim().is_empty());
        filled(self.message)
            && filled(self.author)
            && self.source(place).is_some()
            && self.tag.with(|tag| allowed_tag(tag.trim()))
    }
}

/// The fields.
#[component]
pub fn CommitFields(
    /// The form.
    form: CommitForm,
    /// Where one is on the screen.
    place: Place,
) -> impl IntoView {
    let tag_error = Signal::derive(move || {
        let allowed = form.tag.with(|tag| allowed_tag(tag.trim()));
        if allowed { String::new() } else { t(Text::TagBad).to_owned() }
    });
    let increments = INCREMENTS.map(|(increment, value)| Choice::new(value, word(&increment))).to_vec();
    let statuses: Vec<Choice> =
        VersionStatus::ALL.iter().map(|status| Choice::new(status.name(), word(status))).collect();
    let stable = Memo::new(move |_| form.status() == VersionStatus::Stable);
    let parents = Signal::derive(move || {
        let current = place.current().map(|version| version.version);
        let first = match current {
            Some(version) => format!("{} ({version})", t(Text::CommitParentCurrent)),
            None => t(Text::CommitParentCurrent).to_owned(),
        };
        std::iter::once(Choice::new("", first)).chain(place.choices()).collect::<Vec<_>>()
    });
    let some_versions = Memo::new(move |_| place.versions.map(|versions| !versions.is_empty()).unwrap_or(false));
    view! {
        <div class="stack">
            <Source form=form place=place />
            <TextArea
                label=t(Text::CommitMessage)
                value=form.message
                testid="commit-message"
                rows=2
                placeholder=t(Text::CommitMessagePlaceholder)
                autofocus=true
            />
            <div class="split-pair">
                <TextField label=t(Text::CommitAuthor) value=form.author testid="commit-author" />
                <TextField
                    label=t(Text::CommitTag)
                    value=form.tag
                    testid="commit-tag"
                    placeholder=t(Text::CommitOptional)
                    error=tag_error
                />
            </div>
            <Show when=move || some_versions.get()>
                <Field label=t(Text::CommitParent)>
                    <Select
                        label=t(Text::CommitParent)
                        choices=parents
                        value=form.parent
                        on_change=move |value| form.parent.set(value)
                        testid="commit-parent"
                    />
                </Field>
            </Show>
            <Field
                label=t(Text::CommitStatus)
                hint=Signal::derive(move || if stable.get() { t(Text::CommitStatusHint).to_owned() } else { String::new() })
            >
                <Segmented label=t(Text::CommitStatus) choices=statuses value=form.status testid="commit-status" />
            </Field>
            <Field label=t(Text::CommitIncrement) hint=t(Text::CommitIncrementHint)>
                <Select
                    label=t(Text::CommitIncrement)
                    choices=increments
                    value=form.increment
                    on_change=move |value| form.increment.set(value)
                    testid="commit-increment"
                />
            </Field>
            <Promises form=form some_versions=some_versions />
        </div>
    }
}

/// A dataset, or a folder.
#[component]
fn Source(form: CommitForm, place: Place) -> impl IntoView {
    let kinds =
        vec![Choice::new("dataset", t(Text::CommitFromDataset)), Choice::new("folder", t(Text::CommitFromFolder))];
    let datasets = Signal::derive(move || {
        let choice = |(at, dataset): (usize, &DatasetSummary)| {
            let name = Text::dataset_name(lang(), &dataset.id.to_string());
            let latest = (at == 0).then(|| t(Text::CommitLatest));
            let parts: Vec<&str> =
                std::iter::once(name.as_str()).chain(latest).chain(dataset.version.as_deref()).collect();
            Choice::new(dataset.id.to_string(), parts.join(" · "))
        };
        place.written.map(|written| written.iter().enumerate().map(choice).collect::<Vec<_>>()).unwrap_or_default()
    });
    let chosen = Signal::derive(move || {
        let latest = || place.written.map(|written| written.first().map(|dataset| dataset.id.to_string())).flatten();
        form.dataset.with(|id| Some(id.clone()).filter(|id| !id.is_empty())).or_else(latest).unwrap_or_default()
    });
    let none = Memo::new(move |_| datasets.with(Vec::is_empty));
    let what = move || {
        if form.from.with(|from| from == "folder") {
            return view! {
                <PathField
                    label=t(Text::CommitFolder)
                    kind=PathKind::Folder
                    value=form.folder
                    testid="commit-folder"
                    browse_text=t(Text::ActionChooseFolder)
                />
            }
            .into_any();
        }
        if none.get() {
            return view! { <p class="soft" data-testid="commit-no-dataset">{t(Text::CommitNoDataset)}</p> }.into_any();
        }
        view! {
            <Select
                label=t(Text::CommitFromDataset)
                choices=datasets
                value=chosen
                on_change=move |value| form.dataset.set(value)
                testid="commit-dataset"
            />
        }
        .into_any()
    };
    view! {
        <div class="stack stack-tight">
            <span class="field-label">{t(Text::CommitSource)}</span>
            <Segmented label=t(Text::CommitSource) choices=kinds value=form.from testid="commit-from" />
            {what}
        </div>
    }
}

/// Its parent's promises, or its own.
#[component]
fn Promises(form: CommitForm, some_versions: Memo<bool>) -> impl IntoView {
    let project = Project::get();
    let own = Memo::new(move |_| form.promise.with(|promise| promise == "own"));
    let parent = Remote::new(move || {
        let version = form.parent().unwrap_or_else(|| "current".to_owned());
        (own.get() && some_versions.get()).then(|| GetVersion { project: project.folder(), version })
    });
    // What the parent promised is where one's own begin.
    Effect::new(move |_| {
        if let Some(checks) = parent.map(|detail| detail.checks.clone())
            && untrack(|| form.checks.read().is_empty())
        {
            form.checks.set(&checks);
        }
    });
    let kinds =
        vec![Choice::new("inherit", t(Text::CommitPromisesInherit)), Choice::new("own", t(Text::CommitPromisesOwn))];
    view! {
        <div class="stack stack-tight">
            <span class="field-label">{t(Text::CommitPromises)}</span>
            <Segmented label=t(Text::CommitPromises) choices=kinds value=form.promise testid="commit-promises" />
            <p class="field-hint">{t(Text::ChecksLead)}</p>
            <Show when=move || own.get()>
                <ChecksFields form=form.checks />
            </Show>
        </div>
    }
}
