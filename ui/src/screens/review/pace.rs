//! How fast a person decides, pauses left out.

/// A longer gap between two decisions is a pause and counts as this much, milliseconds.
const PAUSE: f64 = 120_000.0;
/// Fewer decisions than this say nothing of the speed.
const ENOUGH: u64 = 5;
/// Nor does less time, milliseconds.
const LONG_ENOUGH: f64 = 10_000.0;

/// The speed of a sitting.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    last: f64,
    active: f64,
    decisions: u64,
}

impl Pace {
    /// Begins at a moment, in milliseconds.
    pub fn begin(now: f64) -> Self {
        Self { last: now, active: 0.0, decisions: 0 }
    }

    /// Counts a decision.
    pub fn decided(&mut self, now: f64) {
        self.active += (now - self.last).clamp(0.0, PAUSE);
        self.last = now;
        self.decisions += 1;
    }

    /// Takes a decision back.
    pub fn undone(&mut self) {
        self.decisions = self.decisions.saturating_sub(1);
    }

    /// Decisions an hour, once there are enough to tell.
    pub fn per_hour(&self) -> Option<u64> {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rate = || (self.decisions as f64 / self.active * 3_600_000.0).round() as u64;
        (self.decisions >= ENOUGH && self.active >= LONG_ENOUGH).then(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_an_hour_leave_pauses_out() {
        let mut pace = Pace::begin(0.0);
        for at in 1..=4 {
            pace.decided(f64::from(at) * 3_000.0);
            assert_eq!(pace.per_hour(), None);
        }
        pace.decided(15_000.0);
        assert_eq!(pace.per_hour(), Some(1200));
        pace.decided(15_000.0 + 3_600_000.0);
        assert_eq!(pace.per_hour(), Some(160));
    }

    #[test]
    fn what_is_taken_back_does_not_count() {
        let mut pace = Pace::begin(0.0);
        for at in 1..=6 {
            pace.decided(f64::from(at) * 2_000.0);
        }
        pace.undone();
        assert_eq!(pace.per_hour(), Some(1500));
    }
}
