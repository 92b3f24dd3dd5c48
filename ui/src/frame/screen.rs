//! Which screens there are.

use contract::project::ProjectOverview;

use crate::components::Symbol;
use crate::text::Text;

/// A screen of an open project, an entry of the rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Files and items.
    Sources,
    /// Domains.
    Schema,
    /// Labelling runs.
    Label,
    /// The queue of what is unsure.
    Review,
    /// Train, eval and versions.
    Datasets,
    /// Models.
    Models,
    /// Long work.
    Jobs,
    /// The person's settings.
    Settings,
}

impl Screen {
    /// All, in the order of the rail; the n-th answers to Ctrl+n.
    pub const ALL: &'static [Screen] = &[
        Screen::Sources,
        Screen::Schema,
        Screen::Label,
        Screen::Review,
        Screen::Datasets,
        Screen::Models,
        Screen::Jobs,
        Screen::Settings,
    ];

    /// Where one begins in a project: at what waits for a person, else at the files.
    pub fn first_for(overview: &ProjectOverview) -> Self {
        if overview.waiting > 0 { Screen::Review } else { Screen::Sources }
    }

    /// Its name on the rail.
    pub fn text(self) -> Text {
        match self {
            Screen::Sources => Text::NavSources,
            Screen::Schema => Text::NavSchema,
            Screen::Label => Text::NavLabel,
            Screen::Review => Text::NavReview,
            Screen::Datasets => Text::NavDatasets,
            Screen::Models => Text::NavModels,
            Screen::Jobs => Text::NavJobs,
            Screen::Settings => Text::NavSettings,
        }
    }

    /// Its icon on the rail.
    pub fn symbol(self) -> Symbol {
        match self {
            Screen::Sources => Symbol::Sources,
            Screen::Schema => Symbol::Schema,
            Screen::Label => Symbol::Label,
            Screen::Review => Symbol::Review,
            Screen::Datasets => Symbol::Datasets,
            Screen::Models => Symbol::Models,
            Screen::Jobs => Symbol::Jobs,
            Screen::Settings => Symbol::Settings,
        }
    }

    /// `data-testid` of its rail entry.
    pub fn testid(self) -> &'static str {
        match self {
            Screen::Sources => "rail-sources",
            Screen::Schema => "rail-schema",
            Screen::Label => "rail-label",
            Screen::Review => "rail-review",
            Screen::Datasets => "rail-datasets",
            Screen::Models => "rail-models",
            Screen::Jobs => "rail-jobs",
            Screen::Settings => "rail-settings",
        }
    }

    /// The keys that go there from anywhere.
    pub fn keys(self) -> String {
        let at = Self::ALL.iter().position(|screen| *screen == self).unwrap_or(0);
        format!("Ctrl+{}", at + 1)
    }

    /// The key that goes there after `g`.
    pub fn letter(self) -> char {
        match self {
            Screen::Sources => 's',
            Screen::Schema => 'c',
            Screen::Label => 'l',
            Screen::Review => 'r',
            Screen::Datasets => 'd',
            Screen::Models => 'm',
            Screen::Jobs => 'j',
            Screen::Settings => 't',
        }
    }
}
