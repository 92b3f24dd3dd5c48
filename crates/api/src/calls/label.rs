//! Labelling.

use contract::label::{AgreementReport, GetAgreement, StartLabelling};
use contract::{CallError, ErrorCode, JobId};
use pipeline::job::JobParameters;

use crate::Winnow;
use crate::route::Handle;

impl Handle for StartLabelling {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        for (name, value) in
            [("review_below", self.thresholds.review_below), ("high_below", self.thresholds.high_below)]
        {
            if !(0.0..=1.0).contains(&value) {
                let error = CallError::new(ErrorCode::ArgumentInvalid);
                return Err(error.with("name", name).with("value", value).with("detail", "0 … 1"));
            }
        }
        let model = project.store().model(&self.model)?.name;
        let schema = project.store().schema()?;
        if schema.domains.is_empty() {
            return Err(CallError::new(ErrorCode::SchemaMissing));
        }
        let (scope, thresholds, schema, budget) = (self.scope, self.thresholds, schema.revision, self.budget);
        project.runner().start(&JobParameters::Label { model, scope, thresholds, schema, budget })
    }
}

impl Handle for GetAgreement {
    fn handle(self, winnow: &Winnow) -> Result<AgreementReport, CallError> {
        Ok(winnow.project(&self.project)?.store().agreement()?)
    }
}
