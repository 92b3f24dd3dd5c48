//! What the cleaning would keep and drop, tried on the beginning of the file.

use std::time::Duration;

use contract::ErrorCode;
use contract::source::TryCleaning;
use leptos::prelude::*;

use super::super::reasons;
use super::draft::Draft;
use crate::components::{Bars, Button, ErrorBox, Skeleton, Symbol};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Project, Remote, settled};
use crate::text::{Text, lang, number, t};

/// Rows tried.
const TRIED: u64 = 10_000;
/// Rest of the settings before they are tried.
const REST: Duration = Duration::from_millis(250);

/// Counts by reason, live.
#[component]
pub fn Trial(draft: Draft) -> impl IntoView {
    let project = Project::get();
    let wanted = Memo::new(move |_| draft.inspection.ready().then(|| draft.spec()));
    let file = settled(move || wanted.get(), REST);
    let trial = Remote::new(move || {
        let file = file.get().filter(|file| file.mapping.text.is_some())?;
        Some(TryCleaning { project: project.folder(), file, rows: Some(TRIED) })
    });
    let no_text = move || draft.mapping.with(|mapping| mapping.text.is_none());
    let bad_row = move || {
        let code = trial.error().map(|error| error.code);
        matches!(
            code,
            Some(ErrorCode::RowRagged | ErrorCode::EncodingInvalid | ErrorCode::NulByte | ErrorCode::CellTooLarge)
        )
    };
    use_shortcuts(t(Text::AddTrial), move || {
        let skip = Shortcut::new("k", t(Text::SkipSuchRows), move || draft.skip_bad_rows.set(true));
        if bad_row() { vec![skip] } else { Vec::new() }
    });
    let outcome = move || {
        if no_text() {
            return view! { <p class="soft">{t(Text::TextColumnWanted)}</p> }.into_any();
        }
        if let Some(error) = trial.error() {
            return view! {
                <div class="stack">
                    <ErrorBox error=error />
                    <Show when=bad_row>
                        <Button
                            text=t(Text::SkipSuchRows)
                            testid="clean-skip-now"
                            icon=Symbol::Skip
                            keys="K"
                            on_click=move |()| draft.skip_bad_rows.set(true)
                        />
                    </Show>
                </div>
            }
            .into_any();
        }
        let shown = trial.map(|report| {
            let (lost, read) = (reasons::dropped_count(report), number(report.read));
            let heading = if report.complete {
                Text::trial_all(lang(), &read, &number(report.kept))
            } else {
                Text::trial_first(lang(), &read, &number(report.kept))
            };
            let bars = reasons::dropped(report);
            view! {
                <div class="stack">
                    <p class="trial-summary" data-testid="trial-summary">{heading}</p>
                    {if lost == 0 {
                        view! { <p class="soft">{t(Text::TrialNothingDropped)}</p> }.into_any()
                    } else {
                        view! { <Bars bars=bars testid="trial-reasons" /> }.into_any()
                    }}
                </div>
            }
            .into_any()
        });
        shown.unwrap_or_else(|| view! { <Skeleton lines=4 /> }.into_any())
    };
    view! {
        <section class="panel" aria-busy=move || trial.loading().then_some("true")>
            <div class="panel-head">
                <h2>{t(Text::AddTrial)}</h2>
            </div>
            <div class="panel-body add-trial">{outcome}</div>
        </section>
    }
}
