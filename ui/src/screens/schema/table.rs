//! The domains as a table to type into.

use std::collections::HashMap;

use contract::item::GetItemStats;
use leptos::prelude::*;

use super::draft::{Draft, Row, written};
use crate::components::{Icon, KeyHint, Symbol, TextField};
use crate::shortcuts::{Shortcut, focus, use_shortcuts};
use crate::state::{Project, Remote};
use crate::text::{Text, lang, number, t};

/// All domains; a field finds one among many.
#[component]
pub fn Table(draft: Draft) -> impl IntoView {
    let project = Project::get();
    let wanted = RwSignal::new(String::new());
    let stats = Remote::new(move || {
        project.changed.track();
        Some(GetItemStats { project: project.folder() })
    });
    let counts = Memo::new(move |_| {
        let by_label =
            stats.map(|stats| stats.by_label.iter().map(|count| (count.name.clone(), count.items)).collect());
        by_label.unwrap_or_else(HashMap::<String, u64>::new)
    });
    let shown = move || {
        let wanted = wanted.get().trim().to_lowercase();
        let fits = |row: &Row| {
            let has = |text: &ArcRwSignal<String>| text.with_untracked(|text| text.to_lowercase().contains(&wanted));
            wanted.is_empty() || has(&row.id) || has(&row.en) || has(&row.ru)
        };
        draft.rows.with(|rows| rows.iter().filter(|row| fits(row)).cloned().collect::<Vec<_>>())
    };
    let foot = move || {
        let (count, wrong) = (draft.rows.with(Vec::len), draft.problems.with(HashMap::len));
        match (count, wrong) {
            (0 | 1, _) => view! { <span class="schema-wrong">{t(Text::SchemaTooFew)}</span> }.into_any(),
            (_, 0) => view! { <span>{catalogue::kinds::domains(lang(), count as u64)}</span> }.into_any(),
            (_, wrong) => {
                view! { <span class="schema-wrong" role="alert">{Text::schema_problems(lang(), wrong as u64)}</span> }
                    .into_any()
            }
        }
    };
    use_shortcuts(t(Text::SchemaTitle), move || {
        vec![Shortcut::new("/", t(Text::SchemaFind), || focus("[data-testid='schema-find']"))]
    });
    view! {
        <section class="panel list schema-table" data-testid="schema-table">
            <div class="row schema-find">
                <div class="grow">
                    <TextField
                        value=wanted
                        testid="schema-find"
                        kind="search"
                        placeholder=t(Text::SchemaFind)
                        aria_label=t(Text::SchemaFind)
                    />
                </div>
                <KeyHint keys="/" />
            </div>
            <div class="schema-columns list-head" aria-hidden="true">
                <span class="right">"№"</span>
                <span>{t(Text::SchemaColumnId)}</span>
                <span>{t(Text::SchemaColumnNameEn)}</span>
                <span>{t(Text::SchemaColumnNameRu)}</span>
                <span>{t(Text::SchemaColumnHotkey)}</span>
                <span class="right">{t(Text::SchemaColumnItems)}</span>
                <span></span>
            </div>
            <div class="list-body">
                <For each=shown key=|row| row.key children=move |row| view! { <DomainRow draft=draft row=row counts=counts /> } />
            </div>
            <div class="list-foot" data-testid="schema-foot">{foot}</div>
        </section>
    }
}

#[component]
fn DomainRow(draft: Draft, row: Row, counts: Memo<HashMap<String, u64>>) -> impl IntoView {
    let key = row.key;
    let place = move || draft.rows.with(|rows| rows.iter().position(|row| row.key == key).map_or(0, |at| at + 1));
    let problems = Memo::new(move |_| draft.problems.with(|problems| problems.get(&key).copied().unwrap_or_default()));
    let unchangeable = Project::get().read_only();
    let autofocus = draft.fresh.get_untracked() == Some(key);
    let id = RwSignal::from(row.id);
    let count = move || {
        counts.with(|counts| counts.get(id.get().trim()).map_or_else(|| "—".to_owned(), |count| number(*count)))
    };
    let (guideline, examples) = (row.guideline, row.examples);
    let described =
        move || !guideline.with(|text| text.trim().is_empty()) || !examples.with(|text| text.trim().is_empty());
    let label = move |text: Text| Signal::derive(move || format!("{}: {}", t(text), id.get()));
    view! {
        <div
            class="schema-columns schema-row"
            data-testid="schema-row"
            aria-selected=move || (draft.selected.get() == Some(key)).to_string()
            on:focusin=move |_| draft.selected.set(Some(key))
            on:click=move |_| draft.selected.set(Some(key))
        >
            <span class="right faint number">{place}</span>
            <TextField
                value=id
                testid="schema-id"
                aria_label=t(Text::SchemaColumnId)
                error=Signal::derive(move || written(problems.get().id))
                autofocus=autofocus
                disabled=unchangeable
            />
            <TextField
                value=RwSignal::from(row.en)
                testid="schema-name-en"
                aria_label=label(Text::SchemaColumnNameEn)
                disabled=unchangeable
            />
            <TextField
                value=RwSignal::from(row.ru)
                testid="schema-name-ru"
                aria_label=label(Text::SchemaColumnNameRu)
                disabled=unchangeable
            />
            <TextField
                value=RwSignal::from(row.hotkey)
                testid="schema-hotkey"
                aria_label=label(Text::SchemaColumnHotkey)
                error=Signal::derive(move || written(problems.get().hotkey))
                disabled=unchangeable
            />
            <span class="right number soft">{count}</span>
            <span class="schema-described" class:schema-described-yes=described title=t(Text::SchemaGuideline)>
                <Icon symbol=Symbol::File />
            </span>
        </div>
    }
}
