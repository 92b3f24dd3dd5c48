//! Comparing labellers.

use contract::compare::{
    Comparison, Disagreement, GetComparison, ListComparisons, ListDisagreements, ReviewDisagreements, StartComparison,
};
use contract::{CallError, ErrorCode, JobId, Page};
use pipeline::job::JobParameters;

use crate::Winnow;
use crate::route::Handle;

impl Handle for StartComparison {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let first = project.store().model(&self.first)?.name;
        let second = project.store().model(&self.second)?.name;
        if first == second {
            let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "second");
            return Err(error.with("value", second).with("detail", "≠ first"));
        }
        let (scope, trust_labels, known_only) = (self.scope, self.trust_labels, self.known_only);
        let asked = winnow.now();
        project.runner().start(&JobParameters::Compare { first, second, scope, trust_labels, known_only, asked })
    }
}

impl Handle for ListComparisons {
    fn handle(self, winnow: &Winnow) -> Result<Vec<Comparison>, CallError> {
        Ok(winnow.project(&self.project)?.store().comparisons(self.limit.min(1_000))?)
    }
}

impl Handle for GetComparison {
    fn handle(self, winnow: &Winnow) -> Result<Comparison, CallError> {
        Ok(winnow.project(&self.project)?.store().comparison(self.id)?)
    }
}

impl Handle for ListDisagreements {
    fn handle(self, winnow: &Winnow) -> Result<Page<Disagreement>, CallError> {
        Ok(winnow.project(&self.project)?.store().disagreements(self.id, self.after, self.limit)?)
    }
}

impl Handle for ReviewDisagreements {
    fn handle(self, winnow: &Winnow) -> Result<u64, CallError> {
        let project = winnow.writable(&self.project)?;
        project.store().comparison(self.id)?;
        Ok(project.store().review_disagreements(self.id)?)
    }
}
