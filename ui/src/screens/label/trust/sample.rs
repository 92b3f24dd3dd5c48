//! Items drawn at random for review, to know how good labels are where the labeller is sure.

use contract::item::ItemFilter;
use contract::review::ReviewSample;
use leptos::prelude::*;

use crate::components::{Button, ErrorBox, NumberField, Symbol};
use crate::frame::Screen;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{App, Project, Sending};
use crate::text::{Text, lang, t};

/// The panel.
#[component]
pub fn Sample() -> impl IntoView {
    let (app, project) = (App::get(), Project::get());
    let count = RwSignal::new(Some(100.0));
    let sending = Sending::new();
    let none = Memo::new(move |_| project.overview.with(|overview| overview.items == 0));
    let blocked = Signal::derive(move || project.read_only().get() || none.get());
    let send = Callback::new(move |()| {
        if blocked.get_untracked() {
            return;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = count.get_untracked().map_or(100, |count| count as u64);
        // Each press draws others.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let seed = js_sys::Date::now() as u64;
        let request = ReviewSample { project: project.folder(), filter: ItemFilter::default(), count, seed };
        sending.send(request, move |sent| {
            project.data_changed();
            match sent {
                0 => app.toasts.good(t(Text::TrustSampledNone)),
                some => app.toasts.with_action(Text::trust_sampled(lang(), some), t(Text::LabelGoReview), move || {
                    project.go(Screen::Review);
                }),
            }
        });
    });
    use_shortcuts(t(Text::LabelTabTrust), move || vec![Shortcut::new("r", t(Text::TrustSample), send)]);
    view! {
        <section class="panel trust-sample" data-testid="trust-sample">
            <div class="stack stack-tight grow">
                <h2>{t(Text::TrustSample)}</h2>
                <p class="soft">{t(Text::TrustSampleText)}</p>
                {move || sending.error().get().map(|error| view! { <ErrorBox error=error /> })}
            </div>
            <div class="row trust-sample-do">
                <NumberField
                    label=t(Text::TrustSampleCount)
                    value=count
                    testid="trust-sample-count"
                    min=1.0
                    max=100_000.0
                    step=10.0
                    range_text=Text::number_range(lang(), "1", "100000")
                />
                <Button
                    text=t(Text::TrustSampleSend)
                    testid="trust-sample-send"
                    icon=Symbol::Review
                    keys="R"
                    disabled=blocked
                    busy=sending.busy()
                    on_click=send
                />
            </div>
        </section>
    }
}
