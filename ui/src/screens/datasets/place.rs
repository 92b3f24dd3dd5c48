//! Where one is on the screen, and what its parts read in common.

use contract::DatasetId;
use contract::dataset::{DatasetSummary, ListDatasets};
use contract::version::{CommitSource, ListVersions, VersionSummary};
use leptos::prelude::*;

use crate::components::Choice;
use crate::state::{Domains, Project, Remote};
use crate::text::{Text, t};

/// The place, the lists and the schema.
#[derive(Clone, Copy)]
pub struct Place {
    /// The tab shown.
    pub tab: RwSignal<&'static str>,
    /// The dataset looked at; the latest when `None`.
    pub dataset: RwSignal<Option<DatasetId>>,
    /// The version whose page is shown; `None` for the history.
    pub version: RwSignal<Option<String>>,
    /// The row of the history that keys act on; the first when `None`.
    pub marked: RwSignal<Option<String>>,
    /// What is about to be committed; `None` while the dialog is closed.
    pub committing: RwSignal<Option<CommitSource>>,
    /// The two versions compared: older and newer; empty as long as nobody chose.
    pub compared: (RwSignal<String>, RwSignal<String>),
    /// The two versions merged: ours and theirs.
    pub merged: (RwSignal<String>, RwSignal<String>),
    /// Written datasets, latest first.
    pub written: Remote<Vec<DatasetSummary>>,
    /// Versions, latest first.
    pub versions: Remote<Vec<VersionSummary>>,
    /// The schema.
    pub domains: Domains,
}

impl Place {
    /// Asks for the lists. Lives as long as the calling component.
    pub fn new() -> Self {
        let project = Project::get();
        let none = || (RwSignal::new(String::new()), RwSignal::new(String::new()));
        Self {
            tab: project.datasets_tab,
            dataset: RwSignal::new(None),
            version: project.shown_version,
            marked: RwSignal::new(None),
            committing: RwSignal::new(None),
            compared: none(),
            merged: none(),
            written: Remote::new(move || {
                project.changed.track();
                Some(ListDatasets { project: project.folder() })
            }),
            versions: Remote::new(move || {
                project.changed.track();
                Some(ListVersions { project: project.folder() })
            }),
            domains: Domains::load(),
        }
    }

    /// Goes to a version's page.
    pub fn show_version(self, version: String) {
        self.marked.set(Some(version.clone()));
        self.version.set(Some(version));
        self.tab.set("versions");
    }

    /// Goes back to the history.
    pub fn show_history(self) {
        self.version.set(None);
        self.tab.set("versions");
    }

    /// Compares two versions.
    pub fn compare(self, from: String, to: String) {
        self.compared.0.set(from);
        self.compared.1.set(to);
        self.tab.set("compare");
    }

    /// Merges two versions.
    pub fn merge(self, ours: String, theirs: String) {
        self.merged.0.set(ours);
        self.merged.1.set(theirs);
        self.tab.set("merge");
    }

    /// The version that the next commit follows.
    pub fn current(self) -> Option<VersionSummary> {
        self.versions.map(|versions| versions.iter().find(|version| version.current).cloned()).flatten()
    }

    /// A version by its number.
    pub fn summary(self, number: &str) -> Option<VersionSummary> {
        self.versions.map(|versions| versions.iter().find(|version| version.version == number).cloned()).flatten()
    }

    /// The version that a tag points at.
    pub fn tagged(self, tag: &str) -> Option<VersionSummary> {
        let has = |version: &&VersionSummary| version.tags.iter().any(|known| known == tag);
        self.versions.map(|versions| versions.iter().find(has).cloned()).flatten()
    }

    /// The versions to choose from whose rows can be read.
    pub fn choices(self) -> Vec<Choice> {
        let choice = |version: &VersionSummary| Choice::new(version.version.clone(), told(version));
        let there = |versions: &Vec<VersionSummary>| {
            versions.iter().filter(|version| !version.archived).map(choice).collect::<Vec<_>>()
        };
        self.versions.map(there).unwrap_or_default()
    }
}

/// A version in one line.
fn told(version: &VersionSummary) -> String {
    let mut parts = vec![version.version.clone()];
    parts.extend(version.tags.iter().cloned());
    if version.current {
        parts.push(t(Text::VersionCurrent).to_owned());
    }
    if !version.message.is_empty() {
        parts.push(version.message.lines().next().unwrap_or_default().to_owned());
    }
    parts.join(" · ")
}
