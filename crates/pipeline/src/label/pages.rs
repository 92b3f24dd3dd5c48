//! Which items a run asks about next: all of its plan, page by page, and then once more those that failed for reasons that may
//! pass. With a fifth of all answers spoiled, a few of ten thousand items meet a fault in each of their tries.

use std::collections::HashSet;

use contract::{ItemId, JobId};
use store::ItemToLabel;

use super::batch::Batch;
use crate::job::Stop;

/// How often a run goes over what failed, at most.
const PASSES: u32 = 3;
/// A page of what failed that gains less than one item of so many is the last: the others fail for reasons of their own, and
/// each of their tries is paid for.
const GAIN: u64 = 10;

/// The pages of a job's plan.
pub(super) struct Pages {
    job: JobId,
    /// Items read at a time.
    size: u32,
    after: Option<ItemId>,
    /// How often what failed was gone over.
    pass: u32,
    /// What is gone over now; `None`: all of the plan.
    wanted: Option<HashSet<ItemId>>,
    /// Items of the last page that was gone over once more, and how many were labelled before it.
    last: Option<(u64, u64)>,
}

impl Pages {
    pub(super) fn new(job: JobId, size: u32) -> Self {
        Self { job, size, after: None, pass: 0, wanted: None, last: None }
    }

    /// The next items to ask about; none: the run is done. What the last page gave must have been stored: items leave the plan as
    /// they are labelled, so that nothing is asked about again whose answer came.
    pub(super) fn next(&mut self, batch: &mut Batch<'_>) -> Result<Vec<ItemToLabel>, Stop> {
        if self.last.is_some_and(|(asked, before)| (batch.report.labelled - before) * GAIN < asked) {
            return Ok(Vec::new());
        }
        loop {
            let items = batch.store.items_to_label(self.job, self.after, self.size)?;
            let Some(last) = items.last() else {
                if self.begin_again(batch) {
                    continue;
                }
                return Ok(Vec::new());
            };
            self.after = Some(last.id);
            let Some(wanted) = &self.wanted else { return Ok(items) };
            let items: Vec<ItemToLabel> = items.into_iter().filter(|item| wanted.contains(&item.id)).collect();
            if !items.is_empty() {
                self.last = Some((items.len() as u64, batch.report.labelled));
                batch.ask_again(&items);
                return Ok(items);
            }
        }
    }

    /// Begins to go over what failed since this was done last; `false` when there is nothing or it was done often enough.
    fn begin_again(&mut self, batch: &mut Batch<'_>) -> bool {
        let failed = std::mem::take(&mut batch.may_pass);
        if failed.is_empty() || self.pass == PASSES {
            return false;
        }
        self.pass += 1;
        (self.after, self.wanted) = (None, Some(failed));
        true
    }
}
