//! Review.

use contract::label::LabelScope;
use contract::review::{
    Action, Decide, Decision, ExportReviewed, GetReviewCard, GetReviewProgress, ImportDecisions, ImportedDecisions,
    ListReview, NextReviewItems, ReviewCard, ReviewProgress, ReviewRow, ReviewSample, UndoDecision,
};
use contract::source::WrittenFile;
use contract::{CallError, ErrorCode, Page};

use crate::Winnow;
use crate::path::absolute;
use crate::route::Handle;

impl Handle for NextReviewItems {
    fn handle(self, winnow: &Winnow) -> Result<Vec<ReviewCard>, CallError> {
        Ok(winnow.project(&self.project)?.store().next_review_items(self.count, &self.exclude)?)
    }
}

impl Handle for GetReviewCard {
    fn handle(self, winnow: &Winnow) -> Result<ReviewCard, CallError> {
        Ok(winnow.project(&self.project)?.store().review_card(self.item)?)
    }
}

impl Handle for Decide {
    fn handle(self, winnow: &Winnow) -> Result<Decision, CallError> {
        let reviewer = reviewer(&self.reviewer)?;
        if matches!(&self.action, Action::Correct { domain } if domain.trim().is_empty()) {
            return Err(CallError::new(ErrorCode::ArgumentEmpty).with("name", "domain"));
        }
        let project = winnow.writable(&self.project)?;
        let decision = project.store().decide(self.item, &self.action, reviewer, winnow.now())?;
        // The decision stands, whatever becomes of what is learned from it.
        if let Err(error) = project.learn_from_decision(winnow.now()) {
            tracing::warn!(%error, "classifiers can't learn from the decisions");
        }
        Ok(decision)
    }
}

impl Handle for UndoDecision {
    fn handle(self, winnow: &Winnow) -> Result<ReviewCard, CallError> {
        let reviewer = reviewer(&self.reviewer)?;
        Ok(winnow.writable(&self.project)?.store().undo(reviewer, winnow.now())?)
    }
}

impl Handle for GetReviewProgress {
    fn handle(self, winnow: &Winnow) -> Result<ReviewProgress, CallError> {
        Ok(winnow.project(&self.project)?.store().review_progress(self.reviewer.trim(), self.since)?)
    }
}

impl Handle for ListReview {
    fn handle(self, winnow: &Winnow) -> Result<Page<ReviewRow>, CallError> {
        Ok(winnow.project(&self.project)?.store().review_rows(self.status, self.after, self.limit)?)
    }
}

impl Handle for ExportReviewed {
    fn handle(self, winnow: &Winnow) -> Result<WrittenFile, CallError> {
        let project = winnow.project(&self.project)?;
        pipeline::review::export_reviewed(project.store(), &absolute(&self.to)?)
    }
}

impl Handle for ReviewSample {
    fn handle(self, winnow: &Winnow) -> Result<u64, CallError> {
        let scope = LabelScope { filter: self.filter, limit: Some(self.count), sample_seed: Some(self.seed) };
        Ok(winnow.writable(&self.project)?.store().review_sample(&scope)?)
    }
}

impl Handle for ImportDecisions {
    fn handle(self, winnow: &Winnow) -> Result<ImportedDecisions, CallError> {
        let reviewer = reviewer(&self.reviewer)?;
        let project = winnow.writable(&self.project)?;
        pipeline::decisions::import_decisions(project.store(), &absolute(&self.file)?, reviewer, winnow.now())
    }
}

fn reviewer(name: &str) -> Result<&str, CallError> {
    let name = name.trim();
    if name.is_empty() { Err(CallError::new(ErrorCode::ReviewerMissing)) } else { Ok(name) }
}
