//! The plan of a labelling job: which items it has still to label.

use contract::label::LabelScope;
use contract::{ItemId, JobId};

use crate::{Result, Store};

/// What a labelling job is to do.
#[derive(Clone, Copy, Debug)]
pub struct LabelPlan<'a> {
    /// Which items.
    pub scope: &'a LabelScope,
    /// The model's name.
    pub model: &'a str,
    /// Version of the prompt; items that have a prediction of this model and prompt version are left out.
    pub prompt_version: &'a str,
}

/// An item that a labelling job has to label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemToLabel {
    /// Number.
    pub id: ItemId,
    /// Its text.
    pub text: String,
    /// Label it came with.
    pub label: Option<String>,
}

impl Store {
    /// Chooses the items of a labelling job once, so that resuming labels the same ones, and answers how many. A second call for
    /// the same job keeps the first choice and answers what is left.
    ///
    /// # Errors
    /// [`crate::StoreError::ReadOnly`], or whatever SQLite says.
    pub fn plan_labelling(&self, job: JobId, plan: &LabelPlan<'_>) -> Result<u64> {
        unimplemented!("{job} {plan:?}")
    }

    /// The next items of the plan after `after`, by number. Items leave the plan as their predictions are stored, so `None` starts
    /// with what is left; those that failed are in it until the job ends.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn items_to_label(&self, job: JobId, after: Option<ItemId>, count: u32) -> Result<Vec<ItemToLabel>> {
        unimplemented!("{job} {after:?} {count}")
    }

    /// The first items of the project, to try a model on: spread over the labels that items came with.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub fn items_to_try(&self, count: u32) -> Result<Vec<ItemToLabel>> {
        unimplemented!("{count}")
    }
}
