//! The project's domains by id, and their names in the person's language.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::schema::{Domain, GetSchema, Schema};
use leptos::prelude::*;

use super::{Project, Remote};
use crate::components::Choice;
use crate::text::lang;

/// The schema as a screen needs it; asked for when made, and again when the project's data changed.
#[derive(Clone, Copy)]
pub struct Domains {
    /// The schema as it was answered.
    pub schema: Remote<Schema>,
    by_id: Memo<Arc<BTreeMap<String, Domain>>>,
}

impl Domains {
    /// Asks for the schema. Lives as long as the calling component.
    pub fn load() -> Self {
        let project = Project::get();
        let schema = Remote::new(move || {
            project.changed.track();
            Some(GetSchema { project: project.folder() })
        });
        let by_id = Memo::new(move |_| {
            let index =
                |schema: &Schema| schema.domains.iter().map(|domain| (domain.id.clone(), domain.clone())).collect();
            Arc::new(schema.map(index).unwrap_or_default())
        });
        Self { schema, by_id }
    }

    /// The name of a domain; the id where the schema has none.
    pub fn name(self, id: &str) -> String {
        self.by_id.with(|domains| match domains.get(id) {
            Some(domain) => catalogue::local_text(lang(), &domain.name, &domain.id).to_owned(),
            None => id.to_owned(),
        })
    }

    /// A domain of the schema.
    pub fn domain(self, id: &str) -> Option<Domain> {
        self.by_id.with(|domains| domains.get(id).cloned())
    }

    /// The domains in the person's order.
    pub fn all(self) -> Vec<Domain> {
        self.schema.map(|schema| schema.domains.clone()).unwrap_or_default()
    }

    /// The domains to choose from, by name.
    pub fn choices(self) -> Vec<Choice> {
        self.all().into_iter().map(|domain| Choice::new(domain.id.clone(), self.name(&domain.id))).collect()
    }
}
