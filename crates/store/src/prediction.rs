//! The table of predictions, and what a new one means for its item.

use contract::label::{Candidate, ConfidenceSource, LabelReport, Thresholds};
use contract::{ItemId, JobId, UnixMillis};

use crate::{JobProgress, Result, Store};

/// A model's answer about an item.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPrediction {
    /// The item.
    pub item: ItemId,
    /// Candidates, most probable first (the first is the prediction; ten are kept). Must not be empty.
    pub candidates: Vec<Candidate>,
    /// Confidence of the first.
    pub confidence: f32,
    /// How it was obtained.
    pub obtained: ConfidenceSource,
}

impl Store {
    /// Appends predictions, derives the items' states, fills the review queue, takes the items out of the job's plan and stores the
    /// job's progress: all in one transaction. An item that has a prediction of this model and prompt version, or is gone, is
    /// passed over. An item that a person decided on keeps that decision and is not queued again.
    ///
    /// `report` grows by `labelled`, `confident`, `to_review`, `beyond_queue`, `agreed`, `disagreed` and the histogram once the
    /// transaction is done; `progress` sees it as it will stand and gives what is stored of the job.
    ///
    /// # Errors
    /// [`crate::StoreError::DiskFull`] and whatever SQLite says; nothing is stored then and `report` is as it was.
    #[expect(clippy::too_many_arguments)]
    pub fn store_predictions(
        &self,
        job: JobId,
        model: &str,
        prompt_version: &str,
        predictions: &[NewPrediction],
        thresholds: Thresholds,
        report: &mut LabelReport,
        progress: impl FnOnce(&LabelReport) -> JobProgress,
        now: UnixMillis,
    ) -> Result<()> {
        let _ = (job, model, prompt_version, predictions, thresholds, report, progress, now);
        unimplemented!()
    }
}
