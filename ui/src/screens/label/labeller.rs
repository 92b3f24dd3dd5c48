//! Which labeller the screen is about.

use contract::job::JobKind;
use contract::model::ModelEntry;
use leptos::prelude::*;

use crate::components::Choice;
use crate::screens::models::kind::kind_word;
use crate::state::{Project, Remote};

/// The labeller chosen; else that of the latest run; else the first. Empty while they are not known.
pub fn current_labeller(project: Project, models: Remote<Vec<ModelEntry>>) -> Memo<String> {
    Memo::new(move |_| {
        let latest = project.jobs.with(|jobs| {
            jobs.iter().find(|job| job.kind == JobKind::Label).map(|job| job.subject.clone()).unwrap_or_default()
        });
        let wanted = [project.labelling.labeller.get(), latest];
        models
            .map(|models| {
                let found = wanted.iter().find(|name| models.iter().any(|model| model.name == **name)).cloned();
                found.or_else(|| models.first().map(|model| model.name.clone()))
            })
            .flatten()
            .unwrap_or_default()
    })
}

/// The labellers to choose from, each with its kind.
pub fn labeller_choices(models: Remote<Vec<ModelEntry>>) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let of = |model: &ModelEntry| {
            Choice::new(model.name.clone(), format!("{} · {}", model.name, kind_word(&model.spec)))
        };
        models.map(|models| models.iter().map(of).collect::<Vec<_>>()).unwrap_or_default()
    })
}
