//! Ctrl-C and the polite signal to end: the running job is asked to stop, a second signal ends the process at once.

use std::sync::{Arc, Mutex, PoisonError};

use api::Winnow;
use contract::JobId;
use contract::job::CancelJob;

/// The job that a signal stops.
#[derive(Clone, Default)]
pub struct Interrupt {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    running: Option<Running>,
    asked: bool,
}

struct Running {
    winnow: Winnow,
    project: String,
    job: JobId,
}

impl Interrupt {
    /// Listens from now on. Without a handler (it can be set once a process) signals end the process as usual, which
    /// loses nothing either: jobs commit their work with their cursor.
    pub fn listen(on_stop: impl Fn() + Send + 'static) -> Self {
        let interrupt = Self::default();
        let heard = interrupt.clone();
        let _ = ctrlc::set_handler(move || heard.signal(&on_stop));
        interrupt
    }

    /// A signal from now on stops this job.
    pub fn watch(&self, winnow: &Winnow, project: &str, job: JobId) {
        let asked = {
            let mut state = self.lock();
            state.running = Some(Running { winnow: winnow.clone(), project: project.to_owned(), job });
            state.asked
        };
        if asked {
            self.cancel();
        }
    }

    /// No job runs any more.
    pub fn release(&self) {
        self.lock().running = None;
    }

    fn signal(&self, on_stop: &impl Fn()) {
        let (first, running) = {
            let mut state = self.lock();
            (!std::mem::replace(&mut state.asked, true), state.running.is_some())
        };
        if !first || !running {
            // Between jobs nothing is half-done: calls are single transactions.
            std::process::exit(1);
        }
        on_stop();
        self.cancel();
    }

    fn cancel(&self) {
        let running = self.lock().running.take();
        if let Some(Running { winnow, project, job }) = running {
            // A job that is over by now can't be cancelled, and need not be.
            let _ = winnow.call(CancelJob { project, job });
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
