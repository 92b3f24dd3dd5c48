//! How many samples changed, as marks: `+12 −3 ~4`.

use contract::version::{ChangeCounts, ChangeKind};
use leptos::prelude::*;

use crate::components::{Badge, Tone};
use crate::text::{Text, number, t, word};

/// The sign of a kind of change.
pub fn sign(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "+",
        ChangeKind::Removed => "−",
        ChangeKind::Relabelled => "~",
        ChangeKind::TextChanged => "Δ",
        ChangeKind::Moved => "⇄",
        ChangeKind::Details => "·",
    }
}

/// The class that gives a kind of change its colour.
pub fn class(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "change change-added",
        ChangeKind::Removed => "change change-removed",
        ChangeKind::Relabelled => "change change-relabelled",
        ChangeKind::TextChanged => "change change-text",
        ChangeKind::Moved => "change change-moved",
        ChangeKind::Details => "change change-details",
    }
}

/// The marks of all kinds that occur.
#[component]
pub fn ChangeMarks(
    /// The counts.
    changes: ChangeCounts,
) -> impl IntoView {
    let mark = |kind: &ChangeKind| {
        let count = changes.of(*kind);
        let title = format!("{}: {}", word(kind), number(count));
        (count > 0).then(|| {
            view! {
                <span class=class(*kind) title=title.clone()>
                    <span aria-hidden="true">
                        <i class="change-sign">{sign(*kind)}</i>
                        {number(count)}
                    </span>
                    <span class="visually-hidden">{title.clone()}</span>
                </span>
            }
        })
    };
    view! {
        <span class="changes number">
            {ChangeKind::ALL.iter().map(mark).collect_view()}
            {changes.schema_changed.then(|| view! { <Badge text=t(Text::ChangesSchema) tone=Tone::Warn /> })}
            {changes.is_empty().then(|| view! { <span class="faint">{t(Text::ChangesNone)}</span> })}
        </span>
    }
}

/// The kinds of one sample's change.
#[component]
pub fn KindMarks(
    /// The kinds.
    kinds: Vec<ChangeKind>,
) -> impl IntoView {
    let mark = |kind: ChangeKind| {
        view! {
            <span class=class(kind)>
                <span aria-hidden="true">{sign(kind)}</span>
                " "
                {word(&kind)}
            </span>
        }
    };
    view! { <span class="kind-marks">{kinds.into_iter().map(mark).collect_view()}</span> }
}
