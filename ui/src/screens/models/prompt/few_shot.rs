//! Which examples a language model is shown.

use contract::labeller::FewShot;
use leptos::prelude::*;

use super::super::encoder::EncoderField;
use crate::components::{Checkbox, NumberField};
use crate::text::{Text, lang, t};

/// The fields; what they hold follows `few_shot`, and the other way round.
#[component]
pub fn FewShotFields(
    /// The settings.
    few_shot: RwSignal<FewShot>,
    /// Whether an encoder is needed and none is chosen.
    lacks_encoder: Memo<bool>,
) -> impl IntoView {
    let begin = few_shot.get_untracked();
    let nearest = RwSignal::new(begin.nearest);
    let count = RwSignal::new(Some(f64::from(begin.count)));
    let characters = RwSignal::new(Some(f64::from(begin.characters)));
    let shortlist = RwSignal::new(begin.shortlist.map(f64::from));
    let encoder = RwSignal::new(begin.encoder.clone().unwrap_or_default());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = |value: f64| value as u32;
    let read = move || {
        let path = encoder.with(|path| path.trim().to_owned());
        let wanted = nearest.get() || shortlist.get().is_some();
        // An encoder chosen for nothing is no change worth saving; one stored stays.
        let path = if wanted { path } else { begin.encoder.clone().unwrap_or_default() };
        FewShot {
            nearest: nearest.get(),
            count: count.get().map_or(begin.count, whole),
            characters: characters.get().map_or(begin.characters, whole),
            shortlist: shortlist.get().map(whole),
            encoder: (!path.is_empty()).then_some(path),
        }
    };
    Effect::new(move |_| {
        let read = read();
        if few_shot.with_untracked(|held| *held != read) {
            few_shot.set(read);
        }
    });
    // A change from outside, such as discarding, shows in the fields.
    Effect::new(move |_| {
        let held = few_shot.get();
        let differs = |signal: RwSignal<Option<f64>>, value: Option<f64>| signal.get_untracked() != value;
        if nearest.get_untracked() != held.nearest {
            nearest.set(held.nearest);
        }
        for (signal, value) in [
            (count, Some(f64::from(held.count))),
            (characters, Some(f64::from(held.characters))),
            (shortlist, held.shortlist.map(f64::from)),
        ] {
            if differs(signal, value) {
                signal.set(value);
            }
        }
        if let Some(path) = held.encoder
            && encoder.with_untracked(|known| known.trim() != path)
        {
            encoder.set(path);
        }
    });
    let wanted = Memo::new(move |_| nearest.get() || shortlist.get().is_some());
    let range = |min: &str, max: &str| Text::number_range(lang(), min, max);
    view! {
        <section class="panel panel-body stack">
            <h2>{t(Text::PromptExamples)}</h2>
            <Checkbox label=t(Text::PromptNearest) checked=nearest testid="prompt-nearest" hint=t(Text::PromptNearestHint) />
            <div class="label-pair">
                <NumberField
                    label=t(Text::PromptCount)
                    value=count
                    testid="prompt-count"
                    min=0.0
                    max=64.0
                    range_text=range("0", "64")
                />
                <NumberField
                    label=t(Text::PromptCharacters)
                    value=characters
                    testid="prompt-characters"
                    min=0.0
                    max=100_000.0
                    step=100.0
                    range_text=range("0", "100000")
                />
            </div>
            <NumberField
                label=t(Text::PromptShortlist)
                value=shortlist
                testid="prompt-shortlist"
                min=2.0
                max=1000.0
                optional=true
                placeholder=t(Text::PromptShortlistNone)
                hint=t(Text::PromptShortlistHint)
                range_text=range("2", "1000")
            />
            <Show when=move || wanted.get()>
                <EncoderField label=t(Text::PromptEncoder) value=encoder />
                <Show when=move || lacks_encoder.get()>
                    <p class="field-error" role="alert">{t(Text::PromptEncoderNeeded)}</p>
                </Show>
            </Show>
        </section>
    }
}
