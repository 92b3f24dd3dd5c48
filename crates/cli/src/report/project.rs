//! A project at a glance.

use catalogue::{Language, Text, t};
use contract::project::ProjectOverview;

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
