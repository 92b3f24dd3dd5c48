//! The open project: its counts, its jobs, where one is in it.

use contract::job::{GetJob, JobState, JobStatus, ListJobs};
use contract::labeller::PromptSettings;
use contract::project::{Access, GetOverview, ProjectOverview};
use contract::schema::Domain;
use contract::{ItemId, JobId};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::bridge;
use crate::frame::Screen;
use crate::state::{App, Labelling};
use crate::text::{Text, explain, lang, word};

/// How many past jobs are kept at hand.
const JOBS: u32 = 50;

/// What every screen of an open project can reach with [`Project::get`].
#[derive(Clone, Copy)]
pub struct Project {
    app: App,
    folder: StoredValue<String>,
    asked: StoredValue<u64>,
    /// The counts that rail and header show.
    pub overview: RwSignal<ProjectOverview>,
    /// Jobs, latest first; kept up to date by events.
    pub jobs: RwSignal<Vec<JobStatus>>,
    /// Grows whenever the project's data changed (a job ended, something was saved): lists read it to load again.
    pub changed: RwSignal<u64>,
    /// The screen shown.
    pub screen: RwSignal<Screen>,
    /// The filter of the items list, as typed; set it with [`Project::show_items`].
    pub items_filter: RwSignal<String>,
    /// The tab of the sources screen: `files` or `items`.
    pub sources_tab: RwSignal<&'static str>,
    /// Files that were dropped on the window or chosen, and wait to be looked at, first to last.
    pub incoming: RwSignal<Vec<String>>,
    /// What was chosen on the labelling screen and its parts.
    pub labelling: Labelling,
    /// The tab of the labellers screen: `list` or `prompt`.
    pub labellers_tab: RwSignal<&'static str>,
    /// The prompt as it is being edited, kept while another screen is shown; `None` when nothing was changed.
    pub prompt_draft: RwSignal<Option<PromptSettings>>,
    /// The item that the review screen shows first when it is opened.
    pub review_item: RwSignal<Option<ItemId>>,
    /// Domains as they are being edited, kept while another screen is shown; `None` when nothing was changed.
    pub schema_draft: RwSignal<Option<Vec<Domain>>>,
    /// The tab of the datasets screen: `split`, `written`, `versions`, `compare`, `merge` or `keeping`.
    pub datasets_tab: RwSignal<&'static str>,
    /// The version whose page the datasets screen shows; `None` for the history.
    pub shown_version: RwSignal<Option<String>>,
    /// The import that the sources screen no longer tells of.
    pub dismissed_import: RwSignal<Option<JobId>>,
}

impl Project {
    /// Makes the state of a project that was just opened, listens to its jobs, and puts it where [`Project::get`]
    /// finds it.
    pub fn provide(overview: ProjectOverview) -> Self {
        let screen = Screen::first_for(&overview);
        let project = Self {
            app: App::get(),
            folder: StoredValue::new(overview.folder.clone()),
            asked: StoredValue::new(0),
            overview: RwSignal::new(overview),
            jobs: RwSignal::new(Vec::new()),
            changed: RwSignal::new(0),
            screen: RwSignal::new(screen),
            items_filter: RwSignal::new(String::new()),
            sources_tab: RwSignal::new("files"),
            incoming: RwSignal::new(Vec::new()),
            labelling: Labelling::new(),
            labellers_tab: RwSignal::new("list"),
            prompt_draft: RwSignal::new(None),
            review_item: RwSignal::new(None),
            schema_draft: RwSignal::new(None),
            datasets_tab: RwSignal::new("split"),
            shown_version: RwSignal::new(None),
            dismissed_import: RwSignal::new(None),
        };
        provide_context(project);
        let listener = StoredValue::new_local(Some(bridge::on_job(move |job| project.hear(job))));
        on_cleanup(move || listener.dispose());
        project.load_jobs();
        project
    }

    /// The state of the open project.
    pub fn get() -> Self {
        expect_context()
    }

    /// The folder that every call names the project by.
    pub fn folder(self) -> String {
        self.folder.get_value()
    }

    /// Whether nothing can be changed, because another process holds the project.
    pub fn read_only(self) -> Signal<bool> {
        Signal::derive(move || self.overview.with(|overview| overview.access != Access::ReadWrite))
    }

    /// Goes to a screen.
    pub fn go(self, screen: Screen) {
        self.screen.set(screen);
    }

    /// Goes to the list of items with a filter as people type it.
    pub fn show_items(self, filter: impl Into<String>) {
        self.items_filter.set(filter.into());
        self.sources_tab.set("items");
        self.screen.set(Screen::Sources);
    }

    /// Goes to an item on the review screen.
    pub fn review(self, item: ItemId) {
        self.review_item.set(Some(item));
        self.screen.set(Screen::Review);
    }

    /// Goes to a part of the datasets screen.
    pub fn datasets(self, tab: &'static str) {
        self.datasets_tab.set(tab);
        self.screen.set(Screen::Datasets);
    }

    /// Goes to a version's page.
    pub fn show_version(self, version: impl Into<String>) {
        self.shown_version.set(Some(version.into()));
        self.datasets("versions");
    }

    /// Goes to a part of the labelling screen: `run`, `trust` or `compare`.
    pub fn label(self, tab: &'static str) {
        self.labelling.tab.set(tab);
        self.screen.set(Screen::Label);
    }

    /// Takes files in to be looked at and imported, and goes where that is done.
    pub fn add_files(self, paths: Vec<String>) {
        self.incoming.update(|incoming| incoming.extend(paths));
        self.sources_tab.set("files");
        self.screen.set(Screen::Sources);
    }

    /// Says that the project's data changed: counts and lists load again.
    pub fn data_changed(self) {
        self.changed.update(|changed| *changed += 1);
        self.load_overview();
    }

    /// One job as it is now.
    pub fn job(self, id: JobId) -> Option<JobStatus> {
        self.jobs.with(|jobs| jobs.iter().find(|job| job.id == id).cloned())
    }

    /// Follows a job that was just started, before its first event comes.
    pub fn follow(self, id: JobId) {
        let project = self.folder();
        spawn_local(async move {
            // Events that came meanwhile are newer than this answer.
            if let Ok(job) = bridge::call(GetJob { project, job: id }).await
                && !self.knows(id)
            {
                self.hear(job);
            }
        });
    }

    /// Loads the counts again.
    pub fn load_overview(self) {
        let Some(project) = self.folder.try_get_value() else { return };
        self.asked.update_value(|asked| *asked += 1);
        let turn = self.asked.get_value();
        spawn_local(async move {
            // Answers may overtake each other; only the latest question's counts.
            if let Ok(overview) = bridge::call(GetOverview { project }).await
                && self.asked.try_get_value() == Some(turn)
            {
                self.overview.set(overview);
            }
        });
    }

    fn load_jobs(self) {
        let project = self.folder();
        spawn_local(async move {
            if let Ok(listed) = bridge::call(ListJobs { project, limit: JOBS }).await {
                // What was heard meanwhile is newer.
                let news = |job: &JobStatus| !self.knows(job.id);
                listed.into_iter().filter(news).for_each(|job| self.keep(job));
            }
        });
    }

    /// Whether a job is in the list already; also when the project was closed meanwhile.
    fn knows(self, id: JobId) -> bool {
        self.jobs.try_with_untracked(|jobs| jobs.iter().any(|job| job.id == id)).unwrap_or(true)
    }

    /// Takes news of a job in: its end is told and makes the lists load again.
    pub fn hear(self, job: JobStatus) {
        // The project may have been closed while the answer was on its way.
        let Some(folder) = self.folder.try_get_value() else { return };
        if job.project != folder {
            return;
        }
        let before = self.jobs.with_untracked(|jobs| jobs.iter().find(|known| known.id == job.id).map(|job| job.state));
        let was_active = before.is_some_and(JobState::is_active);
        // A short job may be over before anything else is heard of it.
        let ends = !job.state.is_active() && (was_active || before.is_none());
        let begins = job.state.is_active() && !was_active;
        if ends {
            announce(self.app, &job);
        }
        self.keep(job);
        if ends {
            self.data_changed();
        } else if begins {
            self.load_overview();
        }
    }

    /// Puts a job into the list.
    fn keep(self, job: JobStatus) {
        self.jobs.update(|jobs| match jobs.iter_mut().find(|known| known.id == job.id) {
            Some(known) => *known = job,
            None => {
                jobs.insert(0, job);
                jobs.sort_by_key(|job| std::cmp::Reverse(job.id));
            }
        });
    }

    /// The job that runs, or the next one that waits.
    pub fn current_job(self) -> Option<JobStatus> {
        self.jobs.with(|jobs| {
            let running = |job: &&JobStatus| matches!(job.state, JobState::Running | JobState::Cancelling);
            jobs.iter().find(running).or_else(|| jobs.iter().rev().find(|job| job.state.is_active())).cloned()
        })
    }
}

/// Says how a job ended, wherever one is.
fn announce(app: App, job: &JobStatus) {
    let (kind, subject) = (word(&job.kind), job.subject.as_str());
    match (&job.state, &job.error) {
        (JobState::Done, _) if subject.is_empty() => app.toasts.good(Text::job_done(lang(), kind)),
        (JobState::Done, _) => app.toasts.good(Text::job_done(lang(), &format!("{kind} · {subject}"))),
        (JobState::Failed, Some(error)) => app.toasts.bad(Text::job_failed(lang(), kind, &explain(error))),
        _ => {}
    }
}
