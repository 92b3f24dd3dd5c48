//! What a commit will change, counted while one types.

use contract::version::{ChangeKind, CommitPreview, DomainChange};
use leptos::prelude::*;

use crate::components::{EmptyState, Notice, Symbol, Tone};
use crate::screens::datasets::changes::{class, sign};
use crate::screens::datasets::compare::DomainChanges;
use crate::screens::datasets::place::Place;
use crate::state::{Loaded, Remote};
use crate::text::{Text, lang, number, t, word};

/// The counts.
#[component]
pub fn Preview(
    /// The change.
    preview: Remote<CommitPreview>,
    /// Where one is on the screen.
    place: Place,
    /// Whether there is anything to count.
    asked: Signal<bool>,
) -> impl IntoView {
    let shown = move || preview.get().map(|preview| view! { <Told preview=preview place=place /> });
    view! {
        <section class="commit-preview" data-testid="commit-preview" aria-busy=move || preview.loading().then_some("true")>
            <h3>{t(Text::CommitWill)}</h3>
            <Show
                when=move || asked.get()
                fallback=|| {
                    view! {
                        <EmptyState
                            symbol=Symbol::Datasets
                            title=t(Text::CommitSource)
                            text=t(Text::CommitNoDataset)
                            testid="commit-preview-empty"
                        />
                    }
                }
            >
                <Loaded remote=preview lines=6 strict=true>{shown}</Loaded>
            </Show>
        </section>
    }
}

/// What was counted.
#[component]
fn Told(preview: CommitPreview, place: Place) -> impl IntoView {
    let changes = preview.changes;
    let line = |kind: &ChangeKind| {
        let count = changes.of(*kind);
        (count > 0).then(|| {
            view! {
                <dt><span class=class(*kind)>{sign(*kind)}{number(count)}</span></dt>
                <dd>{word(kind)}</dd>
            }
        })
    };
    let first = preview.parent.is_none();
    let after = preview
        .parent
        .as_ref()
        .map_or_else(|| t(Text::CommitFirst).to_owned(), |parent| Text::commit_after(lang(), parent));
    let counts = Text::dataset_counts(lang(), preview.train, preview.eval, domains_in(&preview.domains, first));
    let body = if preview.unchanged {
        view! {
            <Notice tone=Tone::Warn title=t(Text::CommitUnchanged) testid="commit-unchanged">
                <p class="soft">{t(Text::CommitUnchangedText)}</p>
            </Notice>
        }
        .into_any()
    } else if first {
        view! { <p class="soft">{t(Text::CommitFirstText)}</p> }.into_any()
    } else {
        let none = preview.domains.is_empty().then(|| view! { <p class="small soft">{t(Text::CommitDomainsNone)}</p> });
        view! {
            <dl class="facts commit-changes number" data-testid="commit-changes">
                {ChangeKind::ALL.iter().map(line).collect_view()}
            </dl>
            {changes.schema_changed.then(|| view! { <p class="small">{t(Text::ChangesSchema)}</p> })}
            {none}
            <DomainChanges changes=preview.domains.clone() domains=place.domains testid="commit-domains" short=true />
        }
        .into_any()
    };
    view! {
        <div class="stack">
            <div class="stack stack-tight">
                <p class="commit-number number" data-testid="commit-number">{Text::commit_number(lang(), &preview.version)}</p>
                <p class="small soft number">{after}</p>
                <p class="small soft number">{first.then_some(counts)}</p>
            </div>
            {body}
        </div>
    }
}

/// Domains with samples, of a first version.
fn domains_in(domains: &[DomainChange], first: bool) -> u64 {
    if first { domains.iter().filter(|domain| domain.after != (0, 0)).count() as u64 } else { 0 }
}
