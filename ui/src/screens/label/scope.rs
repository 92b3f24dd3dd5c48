//! Reading what a person typed into a run's scope and thresholds. No signals in here.

use contract::CallError;
use contract::item::ItemFilter;
use contract::label::{LabelScope, Thresholds};

/// The scope as the form has it.
pub fn scope(filter: &str, limit: Option<f64>, random: bool, seed: Option<f64>) -> Result<LabelScope, CallError> {
    let filter = ItemFilter::parse(filter)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = |value: f64| value as u64;
    let limit = limit.map(whole);
    let sample_seed = (random && limit.is_some()).then(|| seed.map_or(0, whole));
    Ok(LabelScope { filter, limit, sample_seed })
}

/// How many items a run takes of those that match.
pub fn taken(matching: u64, limit: Option<f64>) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    limit.map_or(matching, |limit| matching.min(limit as u64))
}

/// The thresholds as the form has them; `None` while the one for early review is above the other.
pub fn thresholds(review: Option<f64>, high: Option<f64>) -> Option<Thresholds> {
    let default = Thresholds::default();
    #[allow(clippy::cast_possible_truncation)]
    let share = |value: Option<f64>, default: f32| value.map_or(default, |value| value as f32);
    let read =
        Thresholds { review_below: share(review, default.review_below), high_below: share(high, default.high_below) };
    (read.high_below <= read.review_below).then_some(read)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_seed_counts_only_with_a_limit() {
        assert_eq!(scope("", None, true, Some(7.0)).unwrap(), LabelScope::default());
        let drawn = scope("refund", Some(100.0), true, Some(7.0)).unwrap();
        assert_eq!((drawn.limit, drawn.sample_seed), (Some(100), Some(7)));
        assert_eq!(drawn.filter.text.as_deref(), Some("refund"));
        assert!(scope("colour:red", None, false, None).is_err());
    }

    #[test]
    fn a_limit_takes_no_more_than_there_is() {
        assert_eq!((taken(50, None), taken(50, Some(20.0)), taken(50, Some(200.0))), (50, 20, 50));
    }

    #[test]
    fn early_review_can_not_begin_above_review() {
        assert_eq!(thresholds(None, None), Some(Thresholds::default()));
        assert_eq!(thresholds(Some(0.2), Some(0.3)), None);
    }
}
