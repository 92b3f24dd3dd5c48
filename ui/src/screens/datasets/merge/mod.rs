//! Merging two versions: which, where they disagree, and how each disagreement ends.

mod card;
mod conflicts;
mod resolving;

use contract::job::JobResult;
use contract::version::{ChangeCounts, MergePreview, PreviewMerge, SetCurrentVersion, StartMerge, VersionSummary};
use leptos::prelude::*;

use super::changes::ChangeMarks;
use super::place::Place;
use super::task::{Task, TaskProgress};
use super::undo::Acts;
use crate::components::{Button, ButtonKind, EmptyState, Field, Notice, ProgressBar, Select, Symbol, TextField, Tone};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Loaded, Project, Remote};
use crate::text::{Text, lang, t};
use conflicts::Conflicts;
use resolving::Resolving;

/// The tab.
#[component]
pub fn Merge(place: Place) -> impl IntoView {
    // A merge needs two versions neither of which comes from the other; where there is one branch there are none.
    let branches = Memo::new(move |_| place.versions.map(|versions| tips(versions).len()).unwrap_or_default());
    Effect::new(move |_| {
        let (ours, theirs) = place.merged;
        if ours.with(String::is_empty)
            && let Some(tips) = place.versions.map(|versions| tips(versions))
            && let [first, second, ..] = tips.as_slice()
        {
            let current = place.current().map(|version| version.version).filter(|current| tips.contains(current));
            let other = if current.as_ref() == Some(first) { second } else { first };
            ours.set(current.clone().unwrap_or_else(|| second.clone()));
            theirs.set(other.clone());
        }
    });
    let chosen = Memo::new(move |_| !place.merged.0.with(String::is_empty));
    move || {
        if branches.get() < 2 && !chosen.get() {
            return view! {
                <EmptyState symbol=Symbol::Merge title=t(Text::MergeNeeds) text=t(Text::MergeNeedsText) testid="merge-empty" />
            }
            .into_any();
        }
        view! { <Both place=place /> }.into_any()
    }
}

/// The versions that nothing follows, latest first.
fn tips(versions: &[VersionSummary]) -> Vec<String> {
    let followed = |number: &str| versions.iter().any(|version| version.parents.iter().any(|parent| parent == number));
    let tip = |version: &&VersionSummary| !version.archived && !followed(&version.version);
    versions.iter().filter(tip).map(|version| version.version.clone()).collect()
}

/// The choice of two, and what their merge would do.
#[component]
fn Both(place: Place) -> impl IntoView {
    let project = Project::get();
    let (ours, theirs) = place.merged;
    let preview = Remote::new(move || {
        project.changed.track();
        let (ours, theirs) = (ours.get(), theirs.get());
        let different = !ours.is_empty() && !theirs.is_empty() && ours != theirs;
        different.then(|| PreviewMerge { project: project.folder(), ours, theirs })
    });
    let choose = move |label: Text, value: RwSignal<String>, testid: &'static str| {
        view! {
            <div class="diff-chosen">
                <Field label=t(label)>
                    <Select
                        label=t(label)
                        choices=Signal::derive(move || place.choices())
                        value=value
                        on_change=move |chosen| value.set(chosen)
                        testid=testid
                    />
                </Field>
            </div>
        }
    };
    let same = Memo::new(move |_| ours.get() == theirs.get());
    // Another pair begins anew.
    let pair = Memo::new(move |_| (ours.get(), theirs.get()));
    view! {
        <div class="stack" data-testid="merge">
            <p class="soft">{t(Text::MergeLead)}</p>
            <div class="diff-head">
                {choose(Text::MergeOurs, ours, "merge-ours")}
                {choose(Text::MergeTheirs, theirs, "merge-theirs")}
            </div>
            <Show
                when=move || !same.get()
                fallback=|| view! { <Notice tone=Tone::Info title=t(Text::DiffSame) testid="merge-same" /> }
            >
                <Loaded remote=preview lines=8 strict=true>
                    {move || {
                        let (ours, theirs) = pair.get();
                        view! { <Prepared ours=ours theirs=theirs preview=preview place=place /> }
                    }}
                </Loaded>
            </Show>
        </div>
    }
}

/// What the merge would do, the conflicts, and the merge itself.
#[component]
fn Prepared(ours: String, theirs: String, preview: Remote<MergePreview>, place: Place) -> impl IntoView {
    let resolving = Resolving::new(ours.clone(), theirs.clone(), preview);
    let some = Memo::new(move |_| preview.map(|preview| preview.conflicts > 0).unwrap_or(false));
    view! {
        {move || preview.get().map(|preview| view! { <Told preview=preview /> })}
        <Finish ours=ours theirs=theirs resolving=resolving place=place />
        <Show
            when=move || some.get()
            fallback=|| {
                view! {
                    <Notice tone=Tone::Good title=t(Text::MergeNoConflicts) testid="merge-no-conflicts">
                        <p class="soft">{t(Text::MergeNoConflictsText)}</p>
                    </Notice>
                }
            }
        >
            <Conflicts resolving=resolving place=place />
        </Show>
    }
}

/// Where both come from and what each changed since.
#[component]
fn Told(preview: MergePreview) -> impl IntoView {
    let side = |text: Text, changes: ChangeCounts| {
        view! {
            <dt>{t(text)}</dt>
            <dd><ChangeMarks changes=changes /></dd>
        }
    };
    view! {
        <dl class="facts number merge-told" data-testid="merge-told">
            <dt>{t(Text::MergeBase)}</dt>
            <dd data-testid="merge-base">{preview.base}</dd>
            {side(Text::MergeOurChanges, preview.our_changes)}
            {side(Text::MergeTheirChanges, preview.their_changes)}
        </dl>
    }
}

/// How far one is, and the merge.
#[component]
fn Finish(ours: String, theirs: String, resolving: Resolving, place: Place) -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let acts = Acts::new(place);
    let task = Task::new();
    let message = RwSignal::new(String::new());
    let open = Memo::new(move |_| {
        resolving.preview.map(|preview| preview.conflicts.saturating_sub(preview.resolved)).unwrap_or(1)
    });
    let blocked = Signal::derive(move || open.get() > 0 || task.blocked().get());
    let former = ours.clone();
    let merge = Callback::new(move |()| {
        if blocked.get_untracked() {
            return;
        }
        task.start(StartMerge {
            project: project.folder(),
            ours: ours.clone(),
            theirs: theirs.clone(),
            message: message.with_untracked(|message| message.trim().to_owned()),
            author: app.settings.with_untracked(|settings| settings.reviewer.clone()),
            increment: contract::version::Increment::Auto,
        });
    });
    task.when_done(move |result| {
        if let JobResult::Commit(report) = result {
            let text = Text::merge_done(lang(), &report.version.version);
            let back = SetCurrentVersion { project: project.folder(), version: former.clone() };
            acts.told(text, &Text::version_back_to(lang(), &former), back);
            place.merged.0.set(String::new());
            place.merged.1.set(String::new());
            place.show_version(report.version.version);
        }
    });
    use_shortcuts(t(Text::MergeTitle), move || vec![Shortcut::new("Ctrl+Enter", t(Text::MergeStart), merge)]);
    let counts = move || resolving.preview.map(|preview| (preview.resolved, preview.conflicts)).unwrap_or_default();
    let line = move || {
        let (resolved, conflicts) = counts();
        if conflicts > 0 {
            Text::merge_resolved(lang(), resolved, conflicts)
        } else {
            t(Text::MergeNoConflicts).to_owned()
        }
    };
    #[allow(clippy::cast_precision_loss)] // A share for a bar.
    let share = move || {
        let (resolved, conflicts) = counts();
        Some(if conflicts == 0 { 1.0 } else { resolved as f64 / conflicts as f64 })
    };
    view! {
        <section class="panel panel-body stack">
            <div class="merge-finish">
                <div class="stack stack-tight grow">
                    <span class="number" data-testid="merge-progress">{line}</span>
                    <ProgressBar share=Signal::derive(share) label=Signal::derive(line) />
                </div>
                <div class="grow">
                    <TextField
                        value=message
                        testid="merge-message"
                        aria_label=t(Text::MergeMessage)
                        placeholder=t(Text::MergeMessagePlaceholder)
                        on_enter=merge
                    />
                </div>
                <Button
                    text=t(Text::MergeStart)
                    testid="merge-start"
                    kind=ButtonKind::Primary
                    icon=Symbol::Merge
                    keys="Ctrl+Enter"
                    disabled=blocked
                    busy=task.busy()
                    on_click=merge
                />
            </div>
            <TaskProgress task=task testid="merge" />
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tips_are_what_nothing_follows() {
        let version = |number: &str, parents: &[&str]| VersionSummary {
            version: number.to_owned(),
            parents: parents.iter().map(|parent| (*parent).to_owned()).collect(),
            ..VersionSummary::default()
        };
        let versions = [version("2.0.0", &["1.0.0"]), version("1.1.0", &["1.0.0"]), version("1.0.0", &[])];
        assert_eq!(tips(&versions), ["2.0.0", "1.1.0"]);
    }
}
