//! The queue when nothing is left to show: why, and where to go on.

use leptos::prelude::*;

use super::session::Session;
use crate::components::{Button, ButtonKind, EmptyState, Symbol};
use crate::frame::Screen;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, lang, t};

/// What is missing before there can be anything to review.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Items,
    Predictions,
    Nothing,
}

/// Nothing to review.
#[component]
pub fn QueueEmpty(
    /// The sitting.
    session: Session,
) -> impl IntoView {
    let project = Project::get();
    let missing = Memo::new(move |_| {
        project.overview.with(|overview| match (overview.items, overview.labelled) {
            (0, _) => Missing::Items,
            (_, 0) => Missing::Predictions,
            _ => Missing::Nothing,
        })
    });
    use_shortcuts(t(Text::ReviewTitle), move || {
        let back = Shortcut::new("b", t(Text::ReviewBringBack), move || session.bring_back());
        if session.put_off() > 0 { vec![back] } else { Vec::new() }
    });
    let go = move |screen: Screen, text, testid: &'static str| {
        view! { <Button text=t(text) testid=testid kind=ButtonKind::Primary keys=screen.keys() on_click=move |()| project.go(screen) /> }
    };
    move || {
        match missing.get() {
        Missing::Items => view! {
            <EmptyState symbol=Symbol::Review title=t(Text::ReviewEmpty) text=t(Text::ReviewEmptyNoItems) testid="review-empty">
                {go(Screen::Sources, Text::ReviewGoSources, "review-go-sources")}
            </EmptyState>
        }
        .into_any(),
        Missing::Predictions => view! {
            <EmptyState symbol=Symbol::Review title=t(Text::ReviewEmpty) text=t(Text::ReviewEmptyNoLabels) testid="review-empty">
                {go(Screen::Label, Text::ReviewGoLabel, "review-go-label")}
            </EmptyState>
        }
        .into_any(),
        Missing::Nothing => {
            let put_off = session.put_off();
            let beyond = session.progress.map(|progress| progress.beyond_queue).unwrap_or_default();
            let text = match (put_off, beyond) {
                (0, 0) => t(Text::ReviewEmptyDone).to_owned(),
                (0, beyond) => Text::review_beyond(lang(), beyond),
                (put_off, _) => Text::review_put_off(lang(), put_off as u64),
            };
            view! {
                <EmptyState symbol=Symbol::Check title=t(Text::ReviewEmpty) text=text testid="review-empty">
                    {(put_off > 0)
                        .then(|| {
                            view! {
                                <Button
                                    text=t(Text::ReviewBringBack)
                                    testid="review-bring-back"
                                    icon=Symbol::Refresh
                                    keys="B"
                                    on_click=move |()| session.bring_back()
                                />
                            }
                        })}
                    {session
                        .can_go_back()
                        .then(|| {
                            view! {
                                <Button
                                    text=t(Text::ReviewUndo)
                                    testid="review-undo"
                                    icon=Symbol::Undo
                                    keys="U"
                                    on_click=move |()| session.undo()
                                />
                            }
                        })} {go(Screen::Datasets, Text::ReviewGoDatasets, "review-go-datasets")}
                </EmptyState>
            }
            .into_any()
        }
    }
    }
}
