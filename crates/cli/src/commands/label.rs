//! `winnow label`: a model's predictions for items.

use catalogue::Language;
use contract::item::ItemFilter;
use contract::job::{JobResult, JobStatus};
use contract::label::{Budget, LabelReport, LabelScope, StartLabelling, Thresholds};

use crate::arguments::Label;
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::Session;

pub fn label(lang: Language, label: Label) -> Result<Reply, Failure> {
    let filter = label.filter.as_deref().map(ItemFilter::parse).transpose()?.unwrap_or_default();
    let session = Session::open(lang, &label.dir)?;
    let scope = LabelScope { filter, limit: label.limit, sample_seed: label.sample_seed };
    let (report, status) =
        label_items(&session, label.model, scope, label.thresholds.contract(), label.budget.contract())?;
    let told = report::labelling::labelled(lang, &report, &status);
    Ok(Reply::new(&report, told)?.failed_if(is_in_vain(&report)))
}

/// Whether a run labelled nothing of what it asked about.
pub fn is_in_vain(report: &LabelReport) -> bool {
    report.labelled == 0 && report.failed > 0
}

/// Labels items in one job.
pub fn label_items(
    session: &Session,
    model: String,
    scope: LabelScope,
    thresholds: Thresholds,
    budget: Budget,
) -> Result<(LabelReport, JobStatus), Failure> {
    let status = session.run(StartLabelling { project: session.project(), model, scope, thresholds, budget })?;
    match &status.result {
        Some(JobResult::Label(report)) => Ok((*report.clone(), status)),
        _ => Ok((LabelReport::default(), status)),
    }
}
