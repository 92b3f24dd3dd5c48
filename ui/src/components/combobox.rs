//! Choosing among many by typing a part of the name.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::Choice;

/// How many matches are offered at once.
const OFFERED: usize = 60;

/// A field that filters its choices while one types; arrows move, Enter chooses, Escape leaves.
#[component]
pub fn Combobox(
    /// What is chosen, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The chosen value; empty for none.
    #[prop(into)]
    value: Signal<String>,
    /// A person chose one.
    #[prop(into)]
    on_choose: Callback<String>,
    /// Its `data-testid`.
    testid: &'static str,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// Shown when nothing matches.
    #[prop(into)]
    none_text: Signal<String>,
    /// Whether it takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Escape with a closed list.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Input>::new();
    let list = NodeRef::<leptos::html::Div>::new();
    let (typed, open, at) = (RwSignal::new(None::<String>), RwSignal::new(false), RwSignal::new(0usize));
    let shown = move || {
        let text_of = |value: &str| {
            choices.with(|all| all.iter().find(|c| c.value == value).map_or(value.to_owned(), |c| c.text.clone()))
        };
        typed.get().unwrap_or_else(|| text_of(&value.get()))
    };
    let matches = Memo::new(move |_| {
        let wanted = typed.get().unwrap_or_default();
        choices.with(|all| matching(all, &wanted))
    });
    let choose = move |choice: Choice| {
        typed.set(None);
        open.set(false);
        on_choose.run(choice.value);
    };
    let follow = move || {
        if let Some(list) = list.get_untracked()
            && let Ok(Some(option)) = list.query_selector("[aria-selected='true']")
        {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&options);
        }
    };
    Effect::new(move |_| {
        at.track();
        request_animation_frame(follow);
    });
    if autofocus {
        Effect::new(move |_| {
            if let Some(input) = node.get() {
                let _ = input.focus();
            }
        });
    }
    let keys = move |event: KeyboardEvent| {
        let count = matches.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" => {
                event.prevent_default();
                if !open.get_untracked() {
                    open.set(true);
                } else if count > 0 {
                    let by = if event.key() == "ArrowDown" { 1 } else { count - 1 };
                    at.set((at.get_untracked() + by) % count);
                }
            }
            "Enter" if open.get_untracked() => {
                event.prevent_default();
                event.stop_propagation();
                if let Some(choice) = matches.with_untracked(|found| found.get(at.get_untracked()).cloned()) {
                    choose(choice);
                }
            }
            "Escape" if open.get_untracked() => {
                event.stop_propagation();
                typed.set(None);
                open.set(false);
                if let Some(leave) = on_leave {
                    leave.run(());
                }
            }
            "Escape" => {
                if let Some(leave) = on_leave {
                    event.stop_propagation();
                    leave.run(());
                }
            }
            _ => {}
        }
    };
    let option = move |(index, choice): (usize, Choice)| {
        let chosen = choice.clone();
        view! {
            <div
                class="combobox-option"
                role="option"
                data-testid=format!("{testid}-option")
                aria-selected=move || (at.get() == index).to_string()
                on:mousedown=move |event| {
                    event.prevent_default();
                    choose(chosen.clone());
                }
                on:mouseenter=move |_| at.set(index)
            >
                <span class="clip">{choice.text}</span>
            </div>
        }
    };
    view! {
        <div class="combobox">
            <input
                class="input"
                node_ref=node
                role="combobox"
                data-testid=testid
                aria-label=move || label.get()
                aria-expanded=move || open.get().to_string()
                placeholder=move || placeholder.get()
                autocomplete="off"
                spellcheck="false"
                prop:value=shown
                on:input=move |event| {
                    typed.set(Some(event_target_value(&event)));
                    at.set(0);
                    open.set(true);
                }
                on:focus=move |_| open.set(true)
                on:blur=move |_| {
                    typed.set(None);
                    open.set(false);
                }
                on:keydown=keys
            />
            <Show when=move || open.get()>
                <div class="combobox-list" role="listbox" node_ref=list>
                    {move || matches.get().into_iter().enumerate().map(option).collect_view()}
                    <Show when=move || matches.with(Vec::is_empty)>
                        <p class="combobox-none">{move || none_text.get()}</p>
                    </Show>
                </div>
            </Show>
        </div>
    }
}

/// The choices with every typed word in their text or value, those that begin with it first.
fn matching(all: &[Choice], wanted: &str) -> Vec<Choice> {
    let wanted = wanted.to_lowercase();
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let mut found: Vec<(bool, &Choice)> = all
        .iter()
        .filter_map(|choice| {
            let (text, value) = (choice.text.to_lowercase(), choice.value.to_lowercase());
            let all_there = words.iter().all(|word| text.contains(word) || value.contains(word));
            let later = !(text.starts_with(wanted.trim()) || value.starts_with(wanted.trim()));
            all_there.then_some((later, choice))
        })
        .collect();
    found.sort_by_key(|(later, _)| *later);
    found.into_iter().take(OFFERED).map(|(_, choice)| choice.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(wanted: &str) -> Vec<String> {
        let all = [("card_arrival", "Доставка карты"), ("card_linking", "Привязка карты"), ("age_limit", "Возраст")];
        let all: Vec<Choice> = all.into_iter().map(|(value, text)| Choice::new(value, text)).collect();
        matching(&all, wanted).into_iter().map(|choice| choice.value).collect()
    }

    #[test]
    fn all_words_must_be_in_the_name_or_the_value() {
        assert_eq!(found("карты прив"), ["card_linking"]);
        assert_eq!(found("CARD"), ["card_arrival", "card_linking"]);
        assert!(found("card возраст").is_empty());
    }

    #[test]
    fn what_begins_with_it_comes_first() {
        assert_eq!(found("а").first().map(String::as_str), Some("card_arrival"));
        assert_eq!(found("в"), ["age_limit", "card_arrival", "card_linking"]);
    }
}
