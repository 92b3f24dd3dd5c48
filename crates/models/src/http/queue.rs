//! Which text is asked about next.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::time::Instant;

/// The longest wait between two tries, unless the server asks for more.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A server that asks to slow down says nothing about the text: so many times the tries are given to it.
const PATIENCE: u32 = 8;

/// Texts that wait to be asked about, by index.
pub(crate) struct Queue {
    next: usize,
    count: usize,
    /// Texts to be asked about again, by the time of that.
    again: BinaryHeap<Reverse<(Instant, usize)>>,
    tries: HashMap<usize, Tries>,
    retries: u32,
    first_wait: Duration,
    random: ChaCha8Rng,
}

/// Tries of a text that came to nothing.
#[derive(Clone, Copy, Default)]
struct Tries {
    failed: u32,
    rate_limited: u32,
}

impl Queue {
    /// `count` texts, each tried again at most `retries` times.
    pub(crate) fn new(count: usize, retries: u32, first_wait: Duration) -> Self {
        // Only waits are random, and other processes shall draw other ones.
        let random = ChaCha8Rng::seed_from_u64(u64::from(std::process::id()));
        Self { next: 0, count, again: BinaryHeap::new(), tries: HashMap::new(), retries, first_wait, random }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.next == self.count && self.again.is_empty()
    }

    /// The next text that may be asked about now: one to be asked about again, else a new one.
    pub(crate) fn take(&mut self, now: Instant) -> Option<usize> {
        self.take_again(now).or_else(|| self.take_new())
    }

    /// The same the other way round: whether a server is back is tried on a text that did not fail before.
    pub(crate) fn take_unsuspected(&mut self, now: Instant) -> Option<usize> {
        self.take_new().or_else(|| self.take_again(now))
    }

    fn take_again(&mut self, now: Instant) -> Option<usize> {
        self.again.peek().filter(|Reverse((due, _))| *due <= now)?;
        self.again.pop().map(|Reverse((_, index))| index)
    }

    fn take_new(&mut self) -> Option<usize> {
        let next = self.next;
        (next < self.count).then(|| {
            self.next += 1;
            next
        })
    }

    /// When the next text may be asked about, if none may now.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.again.peek().map(|Reverse((due, _))| *due)
    }

    /// Puts a text back that was asked about in vain through no fault of its own.
    pub(crate) fn put_back(&mut self, index: usize, now: Instant) {
        self.again.push(Reverse((now, index)));
    }

    /// Puts a text back after a try that failed, to wait for `after` if that is longer; `false` when it had all its tries.
    pub(crate) fn try_again(
        &mut self,
        index: usize,
        rate_limited: bool,
        after: Option<Duration>,
        now: Instant,
    ) -> bool {
        let tries = self.tries.entry(index).or_default();
        let (count, allowed) = if rate_limited {
            (&mut tries.rate_limited, self.retries.saturating_add(1).saturating_mul(PATIENCE))
        } else {
            (&mut tries.failed, self.retries)
        };
        *count += 1;
        if *count > allowed {
            self.tries.remove(&index);
            return false;
        }
        let doubled = self.first_wait.saturating_mul(1 << (*count - 1).min(10)).min(LONGEST_WAIT);
        // Half of the wait is random, so that many texts and many clients don't come back at once.
        let wait = doubled.mul_f64(self.random.random_range(0.5..1.0));
        self.again.push(Reverse((now + after.map_or(wait, |asked| asked.max(wait)), index)));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_tries_and_waits_longer_before_each() {
        let now = Instant::now();
        let second = Duration::from_secs(1);
        let mut queue = Queue::new(1, 2, second);
        assert_eq!(queue.take(now), Some(0));
        assert!(queue.try_again(0, false, None, now));
        assert!(!queue.is_empty() && queue.take(now).is_none());
        let due = queue.due().map(|due| due - now).unwrap_or_default();
        assert!((second / 2..second).contains(&due), "{due:?}");
        assert_eq!(queue.take(now + second), Some(0));
        assert!(queue.try_again(0, false, Some(second * 9), now));
        assert_eq!(queue.due(), Some(now + second * 9), "the server asked for more");
        assert_eq!(queue.take(now + second * 9), Some(0));
        assert!(queue.try_again(0, true, None, now), "it says nothing about the text");
        assert!(!queue.try_again(0, false, None, now));
    }

    #[test]
    fn what_is_due_goes_before_what_is_new() {
        let now = Instant::now();
        let mut queue = Queue::new(3, 2, Duration::from_secs(1));
        assert_eq!(queue.take(now), Some(0));
        queue.put_back(0, now);
        let order: Vec<Option<usize>> = (0..4).map(|_| queue.take(now)).collect();
        assert_eq!(order, [Some(0), Some(1), Some(2), None]);
        assert!(queue.is_empty());
    }
}
