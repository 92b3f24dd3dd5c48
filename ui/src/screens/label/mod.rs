//! The labelling screen: running a labeller and following it; what its confidence is worth; comparing two of them.

mod agreement;
mod by_error;
mod compare;
mod form;
mod labeller;
mod results;
mod run;
mod scope;
mod trust;

use contract::model::ListModels;
use leptos::prelude::*;

use crate::components::{Button, ButtonKind, EmptyState, Icon, Symbol, Tab, Tabs};
use crate::frame::Screen;
use crate::shortcuts::{Shortcut, use_shortcuts};
use crate::state::{Domains, Loaded, Project, Remote};
use crate::text::{Text, t};
use compare::Compare;
use form::RunForm;
use results::Results;
use run::LatestRun;
use trust::Trust;

/// The parts of the screen.
const TABS: [(&str, Text); 3] =
    [("run", Text::LabelTabRun), ("trust", Text::LabelTabTrust), ("compare", Text::LabelTabCompare)];

/// The screen.
#[component]
pub fn Label() -> impl IntoView {
    let project = Project::get();
    let domains = Domains::load();
    let models = Remote::new(move || {
        project.changed.track();
        Some(ListModels { project: project.folder() })
    });
    let ready = Memo::new(move |_| {
        let some_models = models.map(|models| !models.is_empty()).unwrap_or(false);
        project.overview.with(|overview| overview.items > 0 && overview.domains > 0) && some_models
    });
    let tab = project.labelling.tab;
    let plain = |(value, text): &(&'static str, Text)| Tab { value, text: t(*text).to_owned(), count: None };
    let tabs = StoredValue::new(TABS.iter().map(plain).collect::<Vec<_>>());
    let content = move || {
        if !ready.get() {
            return view! { <Needs models=models.map(|models| !models.is_empty()).unwrap_or(false) /> }.into_any();
        }
        let shown = move || match tab.get() {
            "trust" => view! { <Trust models=models /> }.into_any(),
            "compare" => view! { <Compare models=models domains=domains /> }.into_any(),
            _ => view! {
                <div class="label-columns">
                    <RunForm models=models />
                    <div class="stack label-right">
                        <LatestRun />
                        <Results domains=domains />
                    </div>
                </div>
            }
            .into_any(),
        };
        view! {
            <Tabs tabs=tabs.get_value() value=tab testid="label-tab" digits=true />
            {shown}
        }
        .into_any()
    };
    use_shortcuts(t(Text::LabelTitle), move || {
        let go =
            |at: usize, text: Text, to: &'static str| Shortcut::new((at + 1).to_string(), t(text), move || tab.set(to));
        TABS.iter().enumerate().map(|(at, (to, text))| go(at, *text, to)).collect()
    });
    view! {
        <div class="page">
            <div class="page-head">
                <div class="page-title">
                    <h1>{t(Text::LabelTitle)}</h1>
                    <p>{t(Text::LabelLead)}</p>
                </div>
            </div>
            <Loaded remote=models>{content}</Loaded>
        </div>
    }
}

/// What is missing before a model can label, with the way there.
#[component]
fn Needs(models: bool) -> impl IntoView {
    let project = Project::get();
    let (items, schema) = project.overview.with(|overview| (overview.items > 0, overview.domains > 0));
    let needs = [
        (items, Text::LabelNeedItems, Screen::Sources, "label-need-items"),
        (schema, Text::LabelNeedSchema, Screen::Schema, "label-need-schema"),
        (models, Text::LabelNeedModel, Screen::Models, "label-need-model"),
    ];
    let first = needs.iter().position(|need| !need.0);
    let need = move |(at, (met, text, screen, testid)): (usize, (bool, Text, Screen, &'static str))| {
        let kind = if first == Some(at) { ButtonKind::Primary } else { ButtonKind::Secondary };
        if met {
            view! {
                <li class="label-need label-need-met">
                    <Icon symbol=Symbol::Check />
                    {t(text)}
                </li>
            }
            .into_any()
        } else {
            view! {
                <li class="label-need">
                    <Button text=t(text) testid=testid kind=kind icon=screen.symbol() keys=screen.keys() on_click=move |()| project.go(screen) />
                </li>
            }
            .into_any()
        }
    };
    view! {
        <EmptyState symbol=Symbol::Label title=t(Text::LabelNeeds) text=t(Text::LabelNeedsText) testid="label-empty">
            <ol class="label-needs">{needs.into_iter().enumerate().map(need).collect_view()}</ol>
        </EmptyState>
    }
}
