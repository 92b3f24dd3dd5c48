//! An open project.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use contract::job::JobStatus;
use contract::model::ModelSpec;
use contract::project::{Access, ProjectOverview};
use contract::{CallError, ErrorCode, ItemId, JobId, UnixMillis};
use pipeline::job::{JobParameters, JobRunner, Workplace};
use store::Store;
use versions::VersionStore;

use crate::commit_previews::CommitPreviews;
use crate::comparisons::Comparisons;
use crate::similar::SimilarItems;

/// Decisions after which classifiers learn again.
const LEARN_EACH: u32 = 25;

/// A project that this process has open.
pub(crate) struct Project {
    folder: PathBuf,
    store: Arc<Store>,
    runner: JobRunner,
    similar: SimilarItems,
    comparisons: Comparisons,
    commit_previews: CommitPreviews,
    /// Decisions since the classifiers were last asked to learn.
    decided: AtomicU32,
}

impl Project {
    pub(crate) fn new(folder: PathBuf, workplace: Workplace) -> Self {
        let store = workplace.store.clone();
        Self {
            folder,
            store,
            runner: JobRunner::new(workplace),
            similar: SimilarItems::default(),
            comparisons: Comparisons::default(),
            commit_previews: CommitPreviews::default(),
            decided: AtomicU32::new(0),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.store
    }

    pub(crate) fn runner(&self) -> &JobRunner {
        &self.runner
    }

    pub(crate) fn versions(&self) -> VersionStore {
        VersionStore::open(&self.store.folder().versions())
    }

    pub(crate) fn comparisons(&self) -> &Comparisons {
        &self.comparisons
    }

    pub(crate) fn commit_previews(&self) -> &CommitPreviews {
        &self.commit_previews
    }

    /// An error when another process writes to the project.
    pub(crate) fn check_writable(&self) -> Result<(), CallError> {
        match self.store.access() {
            Access::ReadWrite => Ok(()),
            Access::ReadOnly { pid } => {
                Err(CallError::new(ErrorCode::ProjectLocked).with("pid", pid).in_file(self.folder.display()))
            }
        }
    }

    pub(crate) fn overview(&self) -> Result<ProjectOverview, CallError> {
        Ok(self.store.overview()?)
    }

    /// Counts a decision; with every [`LEARN_EACH`]th the classifiers learn from what was decided, so that the next run begins with
    /// trained ones.
    pub(crate) fn learn_from_decision(&self, now: UnixMillis) -> Result<(), CallError> {
        if !(self.decided.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(LEARN_EACH) {
            return Ok(());
        }
        for model in self.store.models()? {
            if let ModelSpec::Classifier { .. } = model.spec {
                self.runner.start(&JobParameters::Train { model: model.name, asked: now })?;
            }
        }
        Ok(())
    }

    /// The items most like one, among those that have vectors.
    pub(crate) fn similar(&self, item: ItemId, count: u32) -> Result<Vec<(ItemId, f32)>, CallError> {
        self.similar.of(&self.store, item, count)
    }

    /// The job as it is this moment.
    pub(crate) fn job(&self, job: JobId) -> Result<JobStatus, CallError> {
        let stored = self.store.job(job)?.status;
        let live = self.runner.workplace().registry.status(&stored.project, job);
        Ok(live.filter(|_| stored.state.is_active()).unwrap_or(stored))
    }

    /// The latest jobs as they are this moment.
    pub(crate) fn jobs(&self, limit: u32) -> Result<Vec<JobStatus>, CallError> {
        let registry = &self.runner.workplace().registry;
        let live = |stored: JobStatus| {
            let live = registry.status(&stored.project, stored.id);
            live.filter(|_| stored.state.is_active()).unwrap_or(stored)
        };
        Ok(self.store.jobs(limit)?.into_iter().map(live).collect())
    }
}
