//! What is known of jobs that run in this process, and who wants to hear of them.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::job::{JobState, JobStatus};
use contract::{JobId, UnixMillis};
use models::CancelToken;

/// Hears of every change of a job.
pub type Listener = Box<dyn Fn(&JobStatus) + Send + Sync>;

/// A job that runs in this process.
struct Live {
    status: JobStatus,
    cancel: CancelToken,
}

/// The jobs that run in this process, by project folder and number, and the listeners of them all. One for the whole
/// process, shared by the runners of all its projects.
#[derive(Default)]
pub struct Registry {
    live: Mutex<HashMap<(String, JobId), Live>>,
    /// How jobs ended whose end can't be stored, as on a full disk; in the store they still run.
    unstored: Mutex<HashMap<(String, JobId), JobStatus>>,
    /// Counts changes, so that one that comes between looking and waiting isn't missed.
    changes: Mutex<u64>,
    changed: Condvar,
    listeners: Mutex<Vec<Listener>>,
}

impl Registry {
    /// Adds a listener. It is called on the jobs' threads and should return at once.
    pub fn subscribe(&self, listener: Listener) {
        lock(&self.listeners).push(listener);
    }

    /// The job as it is this moment, if it runs in this process, or ended here and that can't be stored.
    #[must_use]
    pub fn status(&self, project: &str, job: JobId) -> Option<JobStatus> {
        let key = (project.to_owned(), job);
        let live = lock(&self.live).get(&key).map(|live| live.status.clone());
        live.or_else(|| lock(&self.unstored).get(&key).cloned())
    }

    /// Asks a job that runs in this process to stop; answers its state, if there is one.
    pub fn cancel(&self, project: &str, job: JobId) -> Option<JobStatus> {
        let status = {
            let mut live = lock(&self.live);
            let live = live.get_mut(&(project.to_owned(), job))?;
            live.cancel.cancel();
            live.status.state = JobState::Cancelling;
            live.status.clone()
        };
        self.tell(&status);
        Some(status)
    }

    /// How many changes there were so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        *lock(&self.changes)
    }

    /// Sleeps until there were more than `seen` changes, or for `limit`.
    pub fn wait_for_change(&self, seen: u64, limit: Duration) {
        let changes = lock(&self.changes);
        if *changes == seen {
            // What woke it doesn't matter: the caller looks for itself.
            let _ = self.changed.wait_timeout(changes, limit).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Tells the listeners of a job that doesn't run here yet or any more.
    pub fn tell(&self, status: &JobStatus) {
        *lock(&self.changes) += 1;
        self.changed.notify_all();
        for listener in lock(&self.listeners).iter() {
            listener(status);
        }
    }

    pub(crate) fn begin(&self, status: JobStatus, cancel: CancelToken) {
        let key = (status.project.clone(), status.id);
        lock(&self.unstored).remove(&key);
        lock(&self.live).insert(key, Live { status: status.clone(), cancel });
        self.tell(&status);
    }

    /// Takes the present numbers of a running job; `told` says whether the listeners hear of it.
    pub(crate) fn update(&self, status: &JobStatus, told: bool) {
        let mut status = status.clone();
        if let Some(live) = lock(&self.live).get_mut(&(status.project.clone(), status.id)) {
            if live.status.state == JobState::Cancelling {
                status.state = JobState::Cancelling;
            }
            live.status = status.clone();
        }
        if told {
            self.tell(&status);
        }
    }

    /// The job is over, and that is stored.
    pub(crate) fn end(&self, status: &JobStatus) {
        let key = (status.project.clone(), status.id);
        lock(&self.live).remove(&key);
        lock(&self.unstored).remove(&key);
        self.tell(status);
    }

    /// The job is over, but that can't be stored now.
    pub(crate) fn end_unstored(&self, status: &JobStatus) {
        let key = (status.project.clone(), status.id);
        lock(&self.unstored).insert(key.clone(), status.clone());
        lock(&self.live).remove(&key);
        self.tell(status);
    }
}

/// A poisoned lock means that a listener panicked; the data behind it is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets an event through at most every tenth of a second.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    last: Option<UnixMillis>,
}

impl Throttle {
    pub(crate) fn passes(&mut self, now: UnixMillis) -> bool {
        let passes = self.last.is_none_or(|last| now < last || now - last >= 100);
        if passes {
            self.last = Some(now);
        }
        passes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_ten_events_a_second() {
        let mut throttle = Throttle::default();
        let passed = (0..1000).filter(|now| throttle.passes(*now)).count();
        assert_eq!(passed, 10);
        assert!(throttle.passes(-5), "a clock set back must not silence a job");
    }
}
