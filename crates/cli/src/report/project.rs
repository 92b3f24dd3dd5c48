//! A project at a glance.

use catalogue::{Language, Text, number, t};
use contract::project::{Access, ProjectOverview};

use super::facts;
use crate::output::excerpt;

/// What a new project is.
pub fn created(lang: Language, project: &ProjectOverview) -> String {
    let mut text = Text::project_created(lang, &excerpt(&project.name, 100), &excerpt(&project.folder, 400));
    text.push('\n');
    if project.domains > 0 {
        text += &Text::schema_has(lang, project.domains);
    } else {
        text += t(lang, Text::ProjectNextStep);
    }
    text
}

/// The project's counts.
pub fn overview(lang: Language, project: &ProjectOverview) -> String {
    let mut text = facts([
        (t(lang, Text::FactProject), excerpt(&project.name, 100)),
        (t(lang, Text::FactSources), number(lang, project.sources)),
        (t(lang, Text::FactItems), number(lang, project.items)),
        (t(lang, Text::FactLabelled), number(lang, project.labelled)),
        (t(lang, Text::FactWaiting), number(lang, project.waiting)),
        (t(lang, Text::FactReviewed), number(lang, project.reviewed)),
        (t(lang, Text::FactDomains), number(lang, project.domains)),
        (t(lang, Text::FactVersions), number(lang, project.versions)),
    ]);
    if let Access::ReadOnly { .. } = project.access {
        text = format!("{}\n{text}", t(lang, Text::ReadOnlyBanner));
    }
    text
}
