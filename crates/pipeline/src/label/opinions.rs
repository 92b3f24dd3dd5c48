//! A labelling run by a labeller that is more than one language model with one prompt.

use std::ops::ControlFlow;

use contract::label::{Budget, LabelReport};
use contract::model::ModelSpec;
use models::LabelPrompt;
use store::LabelPlan;

use super::batch::Batch;
use super::pages::Pages;
use super::run::LabelRequest;
use crate::job::{JobControl, Stop};
use crate::labeller::{Bench, Question, calibration_of, open};

/// Items read from the plan at a time.
const PAGE: u32 = 1_024;
/// The same where a budget may end the run.
const BUDGET_PAGE: u32 = 64;

/// Labels the items of the scope that have no valid prediction of this labeller.
///
/// # Errors
/// As [`super::label`].
pub(super) fn label(
    bench: &Bench,
    control: &mut JobControl,
    request: &LabelRequest<'_>,
    prompt: &LabelPrompt,
) -> Result<LabelReport, Stop> {
    let cancel = control.cancel_token().clone();
    let is_classifier = matches!(bench.store.model(request.model)?.spec, ModelSpec::Classifier { .. });
    let labeller = open(bench, request.model, &cancel)?;
    let version = labeller.version();
    let job = control.job();
    let plan = LabelPlan { scope: request.scope, model: request.model, prompt_version: &version };
    let left = bench.store.plan_labelling(job, &plan)?;
    let mut batch = Batch::new(&bench.store, control, request.model, (prompt, &version), request.thresholds);
    batch.calibration = calibration_of(&bench.store, request.model)?.map(|(_, calibration)| calibration);
    batch.total = batch.report.labelled + left;
    batch.flush()?;
    let began = batch.control.now();
    // With a budget it is looked at more often.
    let page = if request.budget == Budget::default() { PAGE } else { BUDGET_PAGE };
    let mut pages = Pages::new(job, page);
    while !batch.is_spent(request.budget, began) {
        batch.control.check()?;
        let items = pages.next(&mut batch)?;
        if items.is_empty() {
            break;
        }
        // A classifier asked again says the same in no time, and recognises what belongs to no domain.
        let items = if is_classifier { items } else { batch.recall(items)? };
        let questions: Vec<Question<'_>> =
            items.iter().map(|item| Question { item: Some(item.id), text: &item.text }).collect();
        let mut stop = None;
        let outcome = labeller.label(&questions, &cancel, &mut |index, opinion| {
            let Some(item) = items.get(index) else { return ControlFlow::Continue(()) };
            let taken = match opinion {
                Ok(opinion) => {
                    batch.report.from_cache += u64::from(opinion.from_cache);
                    if !opinion.from_cache {
                        batch.prove();
                    }
                    batch.push(item.id, &opinion)
                }
                Err(error) => {
                    batch.fail(&[item.id], error);
                    batch.check_texts()
                }
            };
            match taken {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    stop = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        if let Some(stop) = stop {
            return Err(stop);
        }
        if let Ok(outcome) = &outcome {
            batch.report.prompt_tokens += outcome.cost.prompt_tokens;
            batch.report.completion_tokens += outcome.cost.completion_tokens;
            batch.report.retries += outcome.cost.retries;
        }
        batch.flush()?;
        if outcome?.cancelled {
            return Err(Stop::Cancelled);
        }
    }
    batch.finish()
}
