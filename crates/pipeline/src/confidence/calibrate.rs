//! Fitting a labeller's calibration on what people decided.

use std::ops::ControlFlow;

use contract::confidence::CalibrationReport;
use contract::{CallError, ErrorCode, ItemId};
use store::KnownItem;

use crate::job::{JobControl, Stop};
use crate::labeller::{Bench, Known, Question, defect, evidence_of, fit_calibration, known_items, open_uncalibrated};

/// Items whose truth is known without which a calibration would be a guess.
const NEEDS: usize = 20;
/// Items labelled between two looks at the job.
const PAGE: usize = 128;

/// What to calibrate on.
#[derive(Clone, Copy, Debug)]
pub struct CalibrateRequest<'a> {
    /// The labeller.
    pub model: &'a str,
    /// At most so many items are labelled for it.
    pub limit: u64,
    /// Whether the label of an undecided item counts as the truth.
    pub trust_labels: bool,
}

/// Fits the calibration of a labeller: on what it said of the items whose domain is known, asked now where it has not said anything.
/// The items' predictions are not touched; the next run applies the calibration.
///
/// # Errors
/// [`ErrorCode::ExamplesTooFew`]; what the labeller and the store say; [`Stop::Cancelled`].
pub fn calibrate(
    bench: &Bench,
    control: &mut JobControl,
    request: &CalibrateRequest<'_>,
) -> Result<CalibrationReport, Stop> {
    let store = &bench.store;
    let schema = store.schema()?;
    let known = known_items(store, request.trust_labels)?;
    let said = evidence_of(store, request.model, &schema, &known)?;
    let said = ask_the_rest(bench, control, request, &known, said)?;
    if said.count() < NEEDS {
        let error = CallError::new(ErrorCode::ExamplesTooFew).with("found", said.count()).with("needed", NEEDS);
        return Err(error.into());
    }
    let (calibration, report) = fit_calibration(request.model, &said, control.now())?;
    store.store_calibration(&serde_json::to_string(&calibration).map_err(defect)?, &report)?;
    Ok(report)
}

/// Adds what the labeller says of known items that it has not been asked about.
fn ask_the_rest(
    bench: &Bench,
    control: &mut JobControl,
    request: &CalibrateRequest<'_>,
    known: &[KnownItem],
    mut said: Known,
) -> Result<Known, Stop> {
    let mut left: Vec<&KnownItem> =
        known.iter().filter(|known| said.items.binary_search(&known.item).is_err()).collect();
    // Hashes are as good as random: a cut is an even draw that repeats.
    left.sort_by_key(|known| (std::cmp::Reverse(known.decided), known.hash));
    left.truncate(usize::try_from(request.limit).unwrap_or(usize::MAX));
    if left.is_empty() {
        return Ok(said);
    }
    let cancel = control.cancel_token().clone();
    let labeller = open_uncalibrated(bench, request.model, &cancel)?;
    let total = Some(left.len() as u64);
    let mut done = 0;
    for page in left.chunks(PAGE) {
        let items: Vec<ItemId> = page.iter().map(|known| known.item).collect();
        let texts = bench.store.item_texts(&items)?;
        let questions: Vec<Question<'_>> =
            texts.iter().map(|(item, text)| Question { item: Some(*item), text }).collect();
        let outcome = labeller.label(&questions, &cancel, &mut |index, opinion| {
            let known = texts.get(index).and_then(|(item, _)| page.iter().find(|known| known.item == *item));
            if let (Some(known), Ok(opinion)) = (known, opinion) {
                said.insert(known.item, &opinion.probabilities, known.domain);
            }
            ControlFlow::Continue(())
        })?;
        if outcome.cancelled {
            return Err(Stop::Cancelled);
        }
        done += page.len() as u64;
        control.advance(done, total)?;
    }
    Ok(said)
}
