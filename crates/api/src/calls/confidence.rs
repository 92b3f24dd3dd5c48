//! What confidence is worth.

use contract::confidence::{
    CalibrationReport, GetCalibration, GetPlot, GetThresholds, Plot, StartCalibration, ThresholdReport,
};
use contract::{CallError, ErrorCode, JobId};
use pipeline::confidence::thresholds;
use pipeline::job::JobParameters;

use crate::Winnow;
use crate::route::Handle;

impl Handle for StartCalibration {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let model = project.store().model(&self.model)?.name;
        let (limit, trust_labels, asked) = (self.limit, self.trust_labels, winnow.now());
        project.runner().start(&JobParameters::Calibrate { model, limit, trust_labels, asked })
    }
}

impl Handle for GetCalibration {
    fn handle(self, winnow: &Winnow) -> Result<Option<CalibrationReport>, CallError> {
        let project = winnow.project(&self.project)?;
        Ok(project.store().calibration(&self.model)?.map(|stored| stored.report))
    }
}

impl Handle for GetThresholds {
    fn handle(self, winnow: &Winnow) -> Result<ThresholdReport, CallError> {
        check_share("max_error", self.max_error)?;
        thresholds(winnow.project(&self.project)?.store(), &self.model, self.max_error, self.trust_labels)
    }
}

impl Handle for GetPlot {
    fn handle(self, winnow: &Winnow) -> Result<String, CallError> {
        let project = winnow.project(&self.project)?;
        let store = project.store();
        let plot = match self.plot {
            Plot::Reliability { model } => match store.calibration(&model)? {
                Some(stored) => plots::reliability(&stored.report, self.language),
                None => return Ok(String::new()),
            },
            Plot::Thresholds { model, max_error, trust_labels } => {
                check_share("max_error", max_error)?;
                let report = thresholds(store, &model, max_error, trust_labels)?;
                plots::thresholds(&report, max_error, self.language)
            }
        };
        plot.map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))
    }
}

fn check_share(name: &str, value: Option<f64>) -> Result<(), CallError> {
    match value {
        Some(value) if !(0.0..=1.0).contains(&value) => {
            let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", name);
            Err(error.with("value", value).with("detail", "0 … 1"))
        }
        _ => Ok(()),
    }
}
