//! The labellers screen: what the project labels with, what each of them answers, and the prompt of language models.

mod add;
mod classifier;
mod detail;
mod encoder;
pub mod kind;
mod list;
mod prompt;
mod test;

use leptos::prelude::*;

use crate::components::{Tab, Tabs};
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::Project;
use crate::text::{Text, t};
use list::LabellerList;
use prompt::PromptEditor;

/// The screen.
#[component]
pub fn Models() -> impl IntoView {
    let project = Project::get();
    let tab = project.labellers_tab;
    let plain = |value, text| Tab { value, text: t(text).to_owned(), count: None };
    let tabs = vec![plain("list", Text::LabellersTab), plain("prompt", Text::LabellersTabPrompt)];
    use_shortcuts(t(Text::ModelsTitle), move || {
        vec![
            Shortcut::new("1", t(Text::LabellersTab), move || tab.set("list")),
            Shortcut::new("2", t(Text::LabellersTabPrompt), move || tab.set("prompt")),
        ]
    });
    view! {
        <div class="page">
            <div class="page-head">
                <div class="page-title">
                    <h1>{t(Text::ModelsTitle)}</h1>
                    <p>{t(Text::ModelsLead)}</p>
                </div>
            </div>
            <Tabs tabs=tabs value=tab testid="labellers" digits=true />
            {move || match tab.get() {
                "prompt" => view! { <PromptEditor /> }.into_any(),
                _ => view! { <LabellerList /> }.into_any(),
            }}
        </div>
    }
}
