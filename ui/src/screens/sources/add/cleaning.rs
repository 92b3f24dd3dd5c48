//! How the rows are cleaned.

use leptos::prelude::*;

use super::draft::Draft;
use crate::components::{Checkbox, NumberField};
use crate::text::{Text, lang, t};

/// Most characters that a limit can name.
const MOST: f64 = 1_000_000.0;

/// The settings, with the product's defaults.
#[component]
pub fn Cleaning(draft: Draft) -> impl IntoView {
    let length_range = Text::number_range(lang(), "1", "1000000");
    let rows_range = Text::number_range(lang(), "1", "4294967295");
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>{t(Text::AddCleaning)}</h2>
            </div>
            <div class="panel-body stack">
                <div class="add-limits">
                    <NumberField
                        label=t(Text::CleanMinLength)
                        value=draft.min_length
                        testid="clean-min-length"
                        min=1.0
                        max=MOST
                        range_text=length_range.clone()
                    />
                    <NumberField
                        label=t(Text::CleanMaxLength)
                        value=draft.max_length
                        testid="clean-max-length"
                        min=1.0
                        max=MOST
                        range_text=length_range
                    />
                    <NumberField
                        label=t(Text::CleanMaxRows)
                        value=draft.max_rows
                        testid="clean-max-rows"
                        min=1.0
                        max=f64::from(u32::MAX)
                        optional=true
                        placeholder=t(Text::CleanAllRows)
                        range_text=rows_range
                    />
                </div>
                <Checkbox label=t(Text::CleanDuplicates) checked=draft.drop_duplicates testid="clean-duplicates" />
                <Checkbox
                    label=t(Text::CleanSkipBad)
                    checked=draft.skip_bad_rows
                    testid="clean-skip-bad"
                    hint=t(Text::CleanSkipBadHint)
                />
                <Checkbox label=t(Text::CleanWhitespace) checked=draft.normalise_whitespace testid="clean-whitespace" />
                <Checkbox label=t(Text::CleanUnicode) checked=draft.normalise_unicode testid="clean-unicode" />
            </div>
        </section>
    }
}
