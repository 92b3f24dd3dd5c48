//! How fast a job is and how long it will take.

use std::collections::VecDeque;

use contract::UnixMillis;

/// The rate is taken over this much time.
const WINDOW_MILLIS: i64 = 10_000;
/// Before this much time has passed a rate would be noise.
const LEAST_MILLIS: i64 = 500;

/// Keeps the last seconds of a job's progress.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter {
    samples: VecDeque<(UnixMillis, u64)>,
    /// Whether anything was done yet.
    begun: bool,
}

impl Meter {
    /// Takes how much is done now.
    pub(crate) fn record(&mut self, at: UnixMillis, done: u64) {
        // A clock set back would give negative times.
        if self.samples.back().is_some_and(|(last, before)| at < *last || done < *before) {
            self.samples.clear();
        }
        // Before the first of it a job prepares: loads a model, trains, warms up. That tells nothing of the rest.
        if !self.begun && self.samples.back().is_some_and(|(_, before)| done > *before) {
            self.begun = true;
            self.samples.clear();
        }
        self.samples.push_back((at, done));
        while self.samples.len() > 2 && self.samples[1].0 < at - WINDOW_MILLIS {
            self.samples.pop_front();
        }
    }

    /// Units a second over the last seconds.
    pub(crate) fn rate(&self) -> Option<f64> {
        let ((from, before), (to, after)) = (*self.samples.front()?, *self.samples.back()?);
        let millis = to - from;
        (millis >= LEAST_MILLIS).then(|| (after - before) as f64 * 1000.0 / millis as f64)
    }

    /// Seconds until `total` at the present rate.
    pub(crate) fn seconds_left(&self, total: Option<u64>) -> Option<f64> {
        let (_, done) = *self.samples.back()?;
        let rate = self.rate().filter(|rate| *rate > 0.0)?;
        Some(total?.saturating_sub(done) as f64 / rate)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let mut meter = Meter::default();
        for second in 0..100 {
            // Slow for a minute, then ten times faster.
            let done = if second < 60 { second } else { 60 + (second - 60) * 10 };
            meter.record(i64::try_from(second).unwrap() * 1000, done);
        }
        assert_eq!(meter.rate().unwrap().round(), 10.0);
        assert_eq!(meter.seconds_left(Some(450 + 100)).unwrap().round(), 10.0);
    }

    #[test]
    fn preparing_does_not_count() {
        let mut meter = Meter::default();
        meter.record(0, 2048);
        meter.record(60_000, 2049);
        assert_eq!(meter.rate(), None);
        meter.record(61_000, 2149);
        assert_eq!(meter.rate(), Some(100.0));
    }

    #[test]
    fn nothing_is_claimed_without_knowledge() {
        let mut meter = Meter::default();
        assert_eq!(meter.rate(), None);
        meter.record(0, 0);
        meter.record(100, 50);
        assert_eq!(meter.rate(), None);
        meter.record(5000, 50);
        assert_eq!(meter.seconds_left(None), None);
        meter.record(1000, 60);
        assert_eq!(meter.rate(), None, "the clock was set back");
    }
}
