//! Whether the server is there: a run that loses it pauses, looks for it at growing intervals, and goes on when it is back.

use std::time::Duration;

use tokio::time::Instant;

use super::client::Failure;

/// Longest time between two looks.
const LONGEST_INTERVAL: Duration = Duration::from_secs(60);

/// Where the run stands with its server.
#[derive(Clone, Debug)]
enum State {
    /// It answers.
    There,
    /// It is gone.
    Gone { since: Instant, next_look: Instant, interval: Duration },
    /// It answered when looked for; one request shows whether it works.
    Back { since: Instant, interval: Duration },
}

/// Counts failures in a row.
pub(crate) struct Breaker {
    state: State,
    in_a_row: u32,
    /// So many mean that the server is gone.
    after: u32,
    first_interval: Duration,
    longest: Duration,
    last: Option<Failure>,
    paused: Duration,
}

/// How a failure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counts {
    /// Against the text that was asked about.
    Text,
    /// Against the server alone: the text is asked about again as if nothing had been.
    Server,
}

impl Breaker {
    pub(crate) fn new(after: u32, first_interval: Duration, longest: Duration) -> Self {
        let first_interval = first_interval.max(Duration::from_millis(1));
        let (state, in_a_row, last, paused) = (State::There, 0, None, Duration::ZERO);
        Self { state, in_a_row, after: after.max(1), first_interval, longest, last, paused }
    }

    /// How many requests it allows; `None`: any number.
    pub(crate) fn room(&self) -> Option<usize> {
        match self.state {
            State::There => None,
            State::Gone { .. } => Some(0),
            State::Back { .. } => Some(1),
        }
    }

    /// The server answered a request. Whether it had been taken for gone.
    pub(crate) fn answered(&mut self, now: Instant) -> bool {
        self.in_a_row = 0;
        let (State::Gone { since, .. } | State::Back { since, .. }) = self.state else { return false };
        self.paused += now - since;
        self.state = State::There;
        true
    }

    /// A request failed while `under_way` others were allowed beside it: as many failures as that are one event.
    pub(crate) fn failed(&mut self, failure: Failure, under_way: usize, now: Instant) -> Counts {
        self.last = Some(failure);
        match self.state {
            State::There => {
                self.in_a_row += 1;
                if (self.in_a_row as usize) < under_way.max(self.after as usize) {
                    return Counts::Text;
                }
                let (since, interval) = (now, self.first_interval);
                self.state = State::Gone { since, next_look: now + interval, interval };
                Counts::Server
            }
            // Asked before it was gone.
            State::Gone { .. } => Counts::Server,
            // A text that brings the server down must not do so for ever.
            State::Back { since, interval } => {
                self.look_later(since, interval, now);
                Counts::Text
            }
        }
    }

    /// Whether it is time to look for the server.
    pub(crate) fn look_is_due(&self, now: Instant) -> bool {
        matches!(self.state, State::Gone { next_look, .. } if now >= next_look)
    }

    /// What a look showed.
    pub(crate) fn looked(&mut self, failure: Option<Failure>, now: Instant) {
        let State::Gone { since, interval, .. } = self.state else { return };
        match failure {
            None => self.state = State::Back { since, interval },
            Some(failure) => {
                self.last = Some(failure);
                self.look_later(since, interval, now);
            }
        }
    }

    fn look_later(&mut self, since: Instant, interval: Duration, now: Instant) {
        let interval = (interval * 2).min(LONGEST_INTERVAL.max(self.first_interval));
        self.state = State::Gone { since, next_look: now + interval, interval };
    }

    /// The failure to end with when the server was gone for longer than anybody waits.
    pub(crate) fn given_up(&self, now: Instant) -> Option<Failure> {
        match self.state {
            State::Gone { since, .. } if now - since >= self.longest => self.last.clone(),
            _ => None,
        }
    }

    /// The pause of now: for how long, until the next look, and why.
    pub(crate) fn pause(&self, now: Instant) -> Option<(Duration, Duration, &Failure)> {
        let (since, next_look) = match self.state {
            State::There => return None,
            State::Gone { since, next_look, .. } => (since, next_look),
            State::Back { since, .. } => (since, now),
        };
        Some((now - since, next_look.saturating_duration_since(now), self.last.as_ref()?))
    }

    /// Time spent in the pauses that are over.
    pub(crate) fn paused(&self) -> Duration {
        self.paused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn gone() -> Failure {
        Failure::Unreachable("refused".to_owned())
    }

    #[test]
    fn it_opens_after_failures_in_a_row_alone() {
        let now = Instant::now();
        let mut breaker = Breaker::new(3, SECOND, SECOND * 100);
        assert_eq!(breaker.failed(gone(), 1, now), Counts::Text);
        assert_eq!(breaker.failed(gone(), 1, now), Counts::Text);
        breaker.answered(now);
        assert_eq!(breaker.failed(gone(), 1, now), Counts::Text);
        assert_eq!(breaker.failed(gone(), 1, now), Counts::Text);
        assert_eq!(breaker.room(), None);
        assert_eq!(breaker.failed(gone(), 1, now), Counts::Server);
        assert_eq!(breaker.room(), Some(0));
    }

    #[test]
    fn requests_that_fail_together_are_one_failure() {
        let now = Instant::now();
        let mut breaker = Breaker::new(3, SECOND, SECOND * 100);
        for _ in 0..15 {
            assert_eq!(breaker.failed(gone(), 16, now), Counts::Text);
        }
        assert_eq!(breaker.room(), None);
        breaker.failed(gone(), 16, now);
        assert_eq!(breaker.room(), Some(0));
    }

    #[test]
    fn it_looks_ever_more_seldom_and_goes_on_when_the_server_is_back() {
        let begin = Instant::now();
        let mut breaker = Breaker::new(1, SECOND, SECOND * 100);
        breaker.failed(gone(), 1, begin);
        assert!(!breaker.look_is_due(begin) && breaker.look_is_due(begin + SECOND));
        breaker.looked(Some(gone()), begin + SECOND);
        assert!(!breaker.look_is_due(begin + SECOND * 2) && breaker.look_is_due(begin + SECOND * 3));
        breaker.looked(None, begin + SECOND * 3);
        assert_eq!(breaker.room(), Some(1));
        assert_eq!(breaker.failed(gone(), 1, begin + SECOND * 4), Counts::Text, "this text may be why it goes");
        assert_eq!(breaker.room(), Some(0));
        breaker.looked(None, begin + SECOND * 8);
        assert!(breaker.answered(begin + SECOND * 9));
        assert_eq!((breaker.room(), breaker.paused()), (None, SECOND * 9));
        assert!(breaker.pause(begin + SECOND * 9).is_none());
    }

    #[test]
    fn it_gives_up_after_the_longest_pause() {
        let begin = Instant::now();
        let mut breaker = Breaker::new(1, SECOND, SECOND * 10);
        breaker.failed(gone(), 1, begin);
        assert!(breaker.given_up(begin + SECOND * 9).is_none());
        assert!(matches!(breaker.given_up(begin + SECOND * 10), Some(Failure::Unreachable(_))));
    }
}
