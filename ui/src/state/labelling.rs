//! What was chosen on the labelling screen: kept while another of its parts, or another screen, is shown.

use contract::ComparisonId;
use contract::label::Thresholds;
use leptos::prelude::*;

/// The choices that the run, the confidence and the comparison share.
#[derive(Clone, Copy)]
pub struct Labelling {
    /// The part shown: `run`, `trust` or `compare`.
    pub tab: RwSignal<&'static str>,
    /// The labeller chosen; empty as long as nobody chose one.
    pub labeller: RwSignal<String>,
    /// Confidence below this goes to review.
    pub review: RwSignal<Option<f64>>,
    /// Confidence below this comes early.
    pub high: RwSignal<Option<f64>>,
    /// Largest share of wrong labels among the accepted, in percent; `None` where the threshold is set by hand.
    pub max_error: RwSignal<Option<f64>>,
    /// `expected`, or `safe` where the interval's upper end has to be below it.
    pub caution: RwSignal<String>,
    /// Whether the label that an undecided item came with counts as the truth where confidence is judged.
    pub trust_labels: RwSignal<bool>,
    /// The threshold that was last set by the share of errors: it is not set again after a person changed it.
    pub applied: StoredValue<Option<f64>>,
    /// The comparison shown; `None` for a new one.
    pub comparison: RwSignal<Option<ComparisonId>>,
}

impl Labelling {
    /// The product's own choices.
    pub fn new() -> Self {
        let defaults = Thresholds::default();
        let share = |value: f32| RwSignal::new(Some((f64::from(value) * 100.0).round() / 100.0));
        Self {
            tab: RwSignal::new("run"),
            labeller: RwSignal::new(String::new()),
            review: share(defaults.review_below),
            high: share(defaults.high_below),
            max_error: RwSignal::new(None),
            caution: RwSignal::new("expected".to_owned()),
            trust_labels: RwSignal::new(false),
            applied: StoredValue::new(None),
            comparison: RwSignal::new(None),
        }
    }

    /// Sets the threshold for review; the one for early review gives way.
    pub fn review_below(self, threshold: f64) {
        self.review.set(Some(threshold));
        if self.high.get_untracked().is_some_and(|high| high > threshold) {
            self.high.set(Some(threshold));
        }
    }
}
