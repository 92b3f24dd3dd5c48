//! Fitting a labeller's calibration on what people decided.

use std::ops::ControlFlow;

use contract::confidence::CalibrationReport;
use contract::{CallError, ErrorCode, ItemId};
use models::CancelToken;
use store::{KnownItem, NO_DOMAIN};

use crate::job::{JobControl, Stop};
use crate::labeller::{
    Bench, Known, Labeller, Ledger, Opinion, Question, defect, evidence_of_runs, fit_calibration, known_items,
    open_uncalibrated, spread,
};

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
/// Whatever domain it gives an item that belongs to none is wrong. The items' predictions are not touched; the next run applies
/// the calibration. The answers are kept: they say what the labeller is worth in an ensemble, and are not asked for again.
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
    let said = evidence_of_runs(store, request.model, &schema, &known)?;
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
    let asking = Asking {
        bench,
        model: request.model,
        version: labeller.version(),
        labeller: labeller.as_ref(),
        ledger: Ledger::of(bench)?,
    };
    let total = Some(left.len() as u64);
    let mut done = 0;
    for page in left.chunks(PAGE) {
        let unasked = asking.recalled(page, &mut said)?;
        if !asking.asked(&unasked, &cancel, &mut said)? {
            return Err(Stop::Cancelled);
        }
        done += page.len() as u64;
        control.advance(done, total)?;
    }
    Ok(said)
}

/// A labeller that is asked about known items.
struct Asking<'a> {
    bench: &'a Bench,
    model: &'a str,
    version: String,
    labeller: &'a dyn Labeller,
    ledger: Ledger,
}

impl Asking<'_> {
    /// Takes up what was asked for an earlier calibration; gives the items that have to be asked about.
    fn recalled<'i>(&self, page: &[&'i KnownItem], said: &mut Known) -> Result<Vec<&'i KnownItem>, CallError> {
        let items: Vec<ItemId> = page.iter().map(|known| known.item).collect();
        let before = self.bench.store.asked(self.model, &self.version, &items)?;
        let mut left = Vec::new();
        for (known, before) in page.iter().zip(before) {
            let Some((candidates, no_domain)) = before else {
                left.push(*known);
                continue;
            };
            match spread(&candidates, said.domains) {
                Some(row) => take(said, known, &row, no_domain),
                None => left.push(*known),
            }
        }
        Ok(left)
    }

    /// Asks about items and keeps the answers; `false` when cancelled.
    fn asked(&self, page: &[&KnownItem], cancel: &CancelToken, said: &mut Known) -> Result<bool, CallError> {
        if page.is_empty() {
            return Ok(true);
        }
        let items: Vec<ItemId> = page.iter().map(|known| known.item).collect();
        let texts = self.bench.store.item_texts(&items)?;
        let questions: Vec<Question<'_>> =
            texts.iter().map(|(item, text)| Question { item: Some(*item), text }).collect();
        let mut answers: Vec<(ItemId, Opinion)> = Vec::with_capacity(questions.len());
        let outcome = self.labeller.label(&questions, cancel, &mut |index, opinion| {
            if let (Some((item, _)), Ok(opinion)) = (texts.get(index), opinion) {
                answers.push((*item, opinion));
            }
            ControlFlow::Continue(())
        });
        // What was answered before it failed or was cancelled has been paid for, too.
        let kept: Vec<(ItemId, &Opinion)> = answers.iter().map(|(item, opinion)| (*item, opinion)).collect();
        self.ledger.keep(self.model, &self.version, &kept)?;
        for (item, opinion) in &answers {
            if let Some(known) = page.iter().find(|known| known.item == *item) {
                take(said, known, &opinion.probabilities, opinion.no_domain);
            }
        }
        Ok(!outcome?.cancelled)
    }
}

/// Takes up an answer. What belongs to no domain and was taken so is in review, where it should be, and says nothing of
/// confidence.
fn take(said: &mut Known, known: &KnownItem, row: &[f32], no_domain: bool) {
    if known.domain != NO_DOMAIN || !no_domain {
        said.insert(known.item, row, known.domain);
    }
}
