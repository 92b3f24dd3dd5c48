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
    /// The text of the last failure that may have been the text's own.
    suspect: Option<usize>,
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
        let (state, in_a_row, suspect, last, paused) = (State::There, 0, None, None, Duration::ZERO);
        Self { state, in_a_row, suspect, after: after.max(1), first_interval, longest, last, paused }
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
        self.suspect = None;
        let (State::Gone { since, .. } | State::Back { since, .. }) = self.state else { return false };
        self.paused += now - since;
        self.state = State::There;
        true
    }

    /// A request about a text failed while `under_way` were allowed at once: as many failures as that are one event. A text that
    /// fails again and again, with no other in between, may itself be the reason, and says nothing of the server.
    pub(crate) fn failed(&mut self, failure: Failure, text: usize, under_way: usize, now: Instant) -> Counts {
        let suspicious = may_be_the_texts(&failure);
        self.last = Some(failure);
        match self.state {
            State::There => {
                if suspicious && self.suspect.replace(text) == Some(text) {
                    return Counts::Text;
                }
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
            State::Back { since, interval } => {
                self.look_later(since, interval, now);
                // A text that brings the server down must not do so for ever.
                if suspicious { Counts::Text } else { Counts::Server }
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

/// Whether a failure may be due to what was asked: a server that can't be reached, is loading its model or is busy is not.
fn may_be_the_texts(failure: &Failure) -> bool {
    !matches!(failure, Failure::Unreachable(_) | Failure::Passing { status: 429 | 503, .. })
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
        assert_eq!(breaker.failed(gone(), 0, 1, now), Counts::Text);
        assert_eq!(breaker.failed(gone(), 0, 1, now), Counts::Text);
        breaker.answered(now);
        assert_eq!(breaker.failed(gone(), 0, 1, now), Counts::Text);
        assert_eq!(breaker.failed(gone(), 0, 1, now), Counts::Text);
        assert_eq!(breaker.room(), None);
        assert_eq!(breaker.failed(gone(), 0, 1, now), Counts::Server);
        assert_eq!(breaker.room(), Some(0));
    }

    fn lost() -> Failure {
        Failure::Lost("cut".to_owned())
    }

    #[test]
    fn one_text_does_not_make_a_server_gone() {
        let now = Instant::now();
        let mut breaker = Breaker::new(3, SECOND, SECOND * 100);
        for _ in 0..20 {
            assert_eq!(breaker.failed(lost(), 7, 1, now), Counts::Text);
        }
        assert_eq!(breaker.room(), None);
        breaker.failed(lost(), 8, 1, now);
        breaker.failed(lost(), 7, 1, now);
        assert_eq!(breaker.room(), Some(0), "but two do");
    }

    #[test]
    fn requests_that_fail_together_are_one_failure() {
        let now = Instant::now();
        let mut breaker = Breaker::new(3, SECOND, SECOND * 100);
        for _ in 0..15 {
            assert_eq!(breaker.failed(gone(), 0, 16, now), Counts::Text);
        }
        assert_eq!(breaker.room(), None);
        breaker.failed(gone(), 0, 16, now);
        assert_eq!(breaker.room(), Some(0));
    }

    #[test]
    fn it_looks_ever_more_seldom_and_goes_on_when_the_server_is_back() {
        let begin = Instant::now();
        let mut breaker = Breaker::new(1, SECOND, SECOND * 100);
        breaker.failed(gone(), 0, 1, begin);
        assert!(!breaker.look_is_due(begin) && breaker.look_is_due(begin + SECOND));
        breaker.looked(Some(gone()), begin + SECOND);
        assert!(!breaker.look_is_due(begin + SECOND * 2) && breaker.look_is_due(begin + SECOND * 3));
        breaker.looked(None, begin + SECOND * 3);
        assert_eq!(breaker.room(), Some(1));
        assert_eq!(breaker.failed(lost(), 0, 1, begin + SECOND * 4), Counts::Text, "this text may be why it goes");
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
        breaker.failed(gone(), 0, 1, begin);
        assert!(breaker.given_up(begin + SECOND * 9).is_none());
        assert!(matches!(breaker.given_up(begin + SECOND * 10), Some(Failure::Unreachable(_))));
    }
}
