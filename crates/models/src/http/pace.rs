//! How many requests a server bears at once, found out by asking more of it until it shows that this was too much.
//!
//! The rule is that of TCP (V. Jacobson, "Congestion avoidance and control", 1988): each answer makes room for one more
//! request until the first sign of too much; then the number is cut, and grows by one a round.

use std::time::Duration;

/// What is left of the number after a sign of too much.
const CUT: f64 = 0.7;
/// The number no longer grows when answers take so many times as long as they did with few requests…
const SLOW: f64 = 3.0;
/// …and is cut when they take so many times as long.
const TOO_SLOW: f64 = 6.0;
/// Share of a new time in the running mean.
const SHARE: f64 = 1.0 / 16.0;
/// Times below this (seconds) say nothing of a server's load.
const NOTHING: f64 = 0.01;
/// What the shortest time grows by with each answer, so that one lucky answer does not count for ever.
const FORGET: f64 = 1.001;

/// How many requests may be under way.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    level: f64,
    ceiling: f64,
    /// Below this the number grows with every answer, above it by one a round.
    threshold: f64,
    /// Running mean of the times of answers, seconds.
    mean: Option<f64>,
    /// Its least value.
    least: f64,
    /// Counts cuts: what was asked before the last one tells of a number that is no more.
    round: u64,
}

impl Pace {
    /// One request, up to `ceiling`.
    pub(crate) fn new(ceiling: u32) -> Self {
        let ceiling = f64::from(ceiling.max(1));
        Self { level: 1.0, ceiling, threshold: ceiling, mean: None, least: f64::INFINITY, round: 0 }
    }

    /// How many requests may be under way now.
    pub(crate) fn limit(&self) -> usize {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 1 to a u32.
        let limit = self.level as usize;
        limit.max(1)
    }

    /// To be kept with each request and handed back with its end.
    pub(crate) fn round(&self) -> u64 {
        self.round
    }

    /// An answer came after `time`; `full`: as many requests were under way as were allowed.
    pub(crate) fn answered(&mut self, time: Duration, round: u64, full: bool) {
        let time = time.as_secs_f64();
        let mean = self.mean.map_or(time, |mean| mean + (time - mean) * SHARE);
        self.mean = Some(mean);
        self.least = (self.least * FORGET).min(mean);
        let slower = mean / self.least.max(NOTHING);
        if slower > TOO_SLOW {
            self.congested(round);
        } else if full && slower < SLOW {
            let step = if self.level < self.threshold { 1.0 } else { 1.0 / self.level };
            self.level = (self.level + step).min(self.ceiling);
        }
    }

    /// The server asked to slow down or did not answer in time.
    pub(crate) fn congested(&mut self, round: u64) {
        if round < self.round {
            return;
        }
        self.round += 1;
        self.level = (self.level * CUT).max(1.0);
        self.threshold = self.level;
    }

    /// The server is back after it was gone: what it bears is found out anew.
    pub(crate) fn begin_again(&mut self) {
        self.round += 1;
        self.level = 1.0;
        self.threshold = self.ceiling;
        self.mean = None;
        self.least = f64::INFINITY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(50);

    fn answers(pace: &mut Pace, count: usize, time: Duration) {
        for _ in 0..count {
            pace.answered(time, pace.round(), true);
        }
    }

    #[test]
    fn it_grows_to_the_ceiling_and_no_further() {
        let mut pace = Pace::new(8);
        assert_eq!(pace.limit(), 1);
        answers(&mut pace, 3, QUICK);
        assert_eq!(pace.limit(), 4);
        answers(&mut pace, 100, QUICK);
        assert_eq!(pace.limit(), 8);
    }

    #[test]
    fn it_is_cut_once_a_round_and_grows_slowly_after() {
        let mut pace = Pace::new(10);
        answers(&mut pace, 20, QUICK);
        let round = pace.round();
        (0..10).for_each(|_| pace.congested(round));
        assert_eq!(pace.limit(), 7, "ten refusals of one round are one sign");
        answers(&mut pace, 5, QUICK);
        assert_eq!(pace.limit(), 7);
        answers(&mut pace, 4, QUICK);
        assert_eq!(pace.limit(), 8);
        (0..50).for_each(|_| pace.congested(pace.round()));
        assert_eq!(pace.limit(), 1, "one is always asked");
    }

    #[test]
    fn answers_that_take_ever_longer_slow_it_down() {
        let mut pace = Pace::new(64);
        answers(&mut pace, 20, QUICK);
        answers(&mut pace, 40, QUICK * 4);
        let held = pace.limit();
        answers(&mut pace, 40, QUICK * 4);
        assert!(pace.limit() == held && held < 64, "{held}: growth stops");
        answers(&mut pace, 100, QUICK * 20);
        assert!(pace.limit() < held / 2, "{}", pace.limit());
    }

    #[test]
    fn what_is_not_used_does_not_grow() {
        let mut pace = Pace::new(64);
        (0..100).for_each(|_| pace.answered(QUICK, pace.round(), false));
        assert_eq!(pace.limit(), 1);
    }
}
