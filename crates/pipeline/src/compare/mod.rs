//! Comparing two labellers on the same items: which is better, and whether the difference is real.

mod score;

use std::ops::ControlFlow;

use contract::compare::Comparison;
use contract::job::JobResult;
use contract::label::LabelScope;
use contract::{CallError, ComparisonId, ErrorCode};
use store::{Answer, ComparedItem, ComparisonPlan, Side};

use crate::job::{JobControl, Stop};
use crate::labeller::{Bench, Cost, Labeller, Question, open};

use score::judge;

/// Items that one side labels between two stores of its answers.
const PAGE: u32 = 128;

/// What to compare.
#[derive(Clone, Copy, Debug)]
pub struct CompareRequest<'a> {
    /// One labeller.
    pub first: &'a str,
    /// The other.
    pub second: &'a str,
    /// The sample.
    pub scope: &'a LabelScope,
    /// Whether the label of an undecided item counts as the truth.
    pub trust_labels: bool,
    /// Only items whose truth is known.
    pub known_only: bool,
}

/// What one side's run took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effort {
    pub(crate) version: String,
    pub(crate) millis: u64,
    pub(crate) cost: Cost,
    /// Answers whose time and tokens are not, or not all, among these.
    pub(crate) cached: u64,
}

/// Labels the sample with both and judges them. The items' predictions are not touched. What was answered is kept, so that a
/// comparison that was cut goes on.
///
/// # Errors
/// No such labeller; what the labellers and the store say; [`Stop::Cancelled`].
pub fn compare(bench: &Bench, control: &mut JobControl, request: &CompareRequest<'_>) -> Result<Comparison, Stop> {
    let store = &bench.store;
    if request.first == request.second {
        let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "second");
        return Err(error.with("value", request.second).with("detail", "≠ first").into());
    }
    store.model(request.first)?;
    store.model(request.second)?;
    let plan =
        ComparisonPlan { scope: request.scope, trust_labels: request.trust_labels, known_only: request.known_only };
    let id = store.plan_comparison(control.job(), &plan, control.now())?;
    let items = store.compared_items(id)?;
    // What was answered before the comparison was cut took a time that nobody kept.
    let count = |is_answered: fn(&ComparedItem) -> bool| items.iter().filter(|item| is_answered(item)).count() as u64;
    let (before_first, before_second) = (count(|item| item.first.is_some()), count(|item| item.second.is_some()));
    let total = 2 * items.len() as u64;
    let mut progress = Progress { done: before_first + before_second, total };
    let mut first = side(bench, control, id, (Side::First, request.first), &mut progress)?;
    first.cached += before_first;
    let mut second = side(bench, control, id, (Side::Second, request.second), &mut progress)?;
    second.cached += before_second;
    let mut report = judge(&store.compared_items(id)?, (request.first, first), (request.second, second))?;
    report.id = id;
    report.at = control.now();
    store.store_comparison(&report)?;
    let result = JobResult::Compare(Box::new(report.clone()));
    let kept = control.measure(total, Some(total), None, Some(result));
    store.save_job_progress(control.job(), &kept)?;
    Ok(report)
}

struct Progress {
    done: u64,
    total: u64,
}

/// Labels what one side has not answered yet.
fn side(
    bench: &Bench,
    control: &mut JobControl,
    id: ComparisonId,
    (side, model): (Side, &str),
    progress: &mut Progress,
) -> Result<Effort, Stop> {
    let cancel = control.cancel_token().clone();
    let labeller = open(bench, model, &cancel)?;
    let domains: Vec<String> = bench.store.schema()?.domains.into_iter().map(|domain| domain.id).collect();
    let mut effort = Effort { version: labeller.version(), ..Effort::default() };
    loop {
        control.check()?;
        let items = bench.store.items_to_compare(id, side, PAGE)?;
        if items.is_empty() {
            return Ok(effort);
        }
        let begun = control.now();
        let questions: Vec<Question<'_>> =
            items.iter().map(|(item, text)| Question { item: Some(*item), text }).collect();
        let (answers, cancelled) = ask(labeller.as_ref(), &questions, &domains, control, &mut effort)?;
        let answers: Vec<_> =
            items.iter().zip(answers).filter_map(|((item, _), answer)| Some((*item, answer?))).collect();
        effort.millis += u64::try_from(control.now() - begun).unwrap_or(0);
        bench.store.store_compared(id, side, &answers)?;
        progress.done += answers.len() as u64;
        control.advance(progress.done, Some(progress.total))?;
        if cancelled {
            return Err(Stop::Cancelled);
        }
    }
}

/// An answer a question, `None` where there is none because of cancelling. Counts the cost into `effort`.
fn ask(
    labeller: &dyn Labeller,
    questions: &[Question<'_>],
    domains: &[String],
    control: &JobControl,
    effort: &mut Effort,
) -> Result<(Vec<Option<Answer>>, bool), Stop> {
    let mut answers: Vec<Option<Answer>> = vec![None; questions.len()];
    let outcome = labeller.label(questions, control.cancel_token(), &mut |index, opinion| {
        if let Some(place) = answers.get_mut(index) {
            *place = Some(opinion.ok().and_then(|opinion| {
                effort.cached += u64::from(opinion.is_reused);
                let (domain, confidence) = opinion.best();
                Some((domains.get(domain)?.clone(), confidence))
            }));
        }
        ControlFlow::Continue(())
    })?;
    effort.cost.add(outcome.cost);
    Ok((answers, outcome.cancelled))
}
