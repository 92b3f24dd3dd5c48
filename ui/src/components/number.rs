//! A field for a number that says at once when it is out of range.

use leptos::prelude::*;

use super::Field;
use crate::text::shortest;

/// A number, or nothing where that is allowed. What is typed stays as typed; `value` changes only with a valid entry,
/// so what the screen works with is always in range.
#[component]
pub fn NumberField(
    /// What is asked for.
    #[prop(optional, into)]
    label: Signal<String>,
    /// The number.
    value: RwSignal<Option<f64>>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// Smallest value allowed.
    #[prop(optional, into)]
    min: Option<f64>,
    /// Largest value allowed.
    #[prop(optional, into)]
    max: Option<f64>,
    /// Step of the arrow keys; a whole step allows whole numbers only.
    #[prop(optional, default = 1.0)]
    step: f64,
    /// Whether it may be empty.
    #[prop(optional)]
    optional: bool,
    /// What it means.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// What to say when the entry is no number in range.
    #[prop(into)]
    range_text: Signal<String>,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(value.get_untracked().map(shortest).unwrap_or_default());
    let check = move |text: &str| parsed(text, min, max, step, optional);
    // A change from outside replaces what is typed, unless that already means the same.
    Effect::new(move |_| {
        let outside = value.get();
        if typed.with_untracked(|text| check(text)) != Some(outside) {
            typed.set(outside.map(shortest).unwrap_or_default());
        }
    });
    let error =
        Signal::derive(move || if typed.with(|text| check(text)).is_some() { String::new() } else { range_text.get() });
    let enter = move |text: String| {
        let number = check(&text);
        typed.set(text);
        if let Some(number) = number {
            value.set(number);
        }
    };
    let nudge = move |by: f64| {
        let base = value.get_untracked().unwrap_or(min.unwrap_or(0.0));
        let moved = base + by * step;
        let next = moved.max(min.unwrap_or(f64::MIN)).min(max.unwrap_or(f64::MAX));
        // Steps such as 0.05 must not pile up binary remainders.
        let next = (next * 1e6).round() / 1e6;
        typed.set(shortest(next));
        value.set(Some(next));
    };
    view! {
        <Field label=label hint=hint error=error>
            <input
                class="input input-number"
                class:input-wrong=move || !error.get().is_empty()
                inputmode="decimal"
                data-testid=testid
                placeholder=move || placeholder.get()
                autocomplete="off"
                disabled=move || disabled.get()
                prop:value=move || typed.get()
                on:input=move |event| enter(event_target_value(&event))
                on:keydown=move |event| match event.key().as_str() {
                    "ArrowUp" => {
                        event.prevent_default();
                        nudge(1.0);
                    }
                    "ArrowDown" => {
                        event.prevent_default();
                        nudge(-1.0);
                    }
                    _ => {}
                }
            />
        </Field>
    }
}

/// Reads an entry: `Some(None)` is a valid empty one, `None` an invalid one. A comma is a decimal point too.
fn parsed(text: &str, min: Option<f64>, max: Option<f64>, step: f64, optional: bool) -> Option<Option<f64>> {
    let text: String = text.trim().replace(',', ".").split_whitespace().collect();
    if text.is_empty() {
        return optional.then_some(None);
    }
    let number: f64 = text.parse().ok()?;
    let whole = step.fract() != 0.0 || number.fract() == 0.0;
    let inside = min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max);
    (number.is_finite() && whole && inside).then_some(Some(number))
}

#[cfg(test)]
mod tests {
    use super::parsed;

    #[test]
    fn what_people_type_is_read() {
        assert_eq!(parsed("1 000", Some(1.0), None, 1.0, false), Some(Some(1000.0)));
        assert_eq!(parsed("0,5", Some(0.0), Some(1.0), 0.05, false), Some(Some(0.5)));
        assert_eq!(parsed(" ", None, None, 1.0, true), Some(None));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(parsed("", None, None, 1.0, false), None);
        assert_eq!(parsed("2.5", None, None, 1.0, false), None);
        assert_eq!(parsed("1.01", Some(0.0), Some(1.0), 0.05, false), None);
        assert_eq!(parsed("inf", None, None, 1.0, false), None);
        assert_eq!(parsed("ten", None, None, 1.0, false), None);
    }
}
