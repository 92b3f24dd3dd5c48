//! A run: which requests are sent when, and what becomes of each.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::CallError;
use contract::model::ServerSettings;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::ask::{Fault, Outcome, Questions, ask};
use super::breaker::{Breaker, Counts};
use super::client::Failure;
use super::model::stop;
use super::pace::Pace;
use super::queue::Queue;
use super::stray::Seen;
use crate::cancel::CancelToken;
use crate::error::{ItemError, ModelError};
use crate::label_model::{Next, RunReport, Scored, Traffic, Waiting};

/// How often a run looks whether it was cancelled.
const GLANCE: Duration = Duration::from_millis(50);
/// How long a cancelled run waits for answers that are under way: they are paid for.
const GRACE: Duration = Duration::from_millis(250);
/// Longest look for a server that is gone.
const LOOK: Duration = Duration::from_secs(10);
/// A run is not further ahead of who takes its answers than this: they are in memory alone, and may reach a budget.
const AHEAD: usize = 256;
/// Texts refused in a row, with none labelled before, that mean that no text will be accepted.
const REFUSED: u32 = 20;

/// What a run tells the thread that waits for it.
pub(crate) enum Event {
    Answer(usize, Result<Scored, ItemError>),
    End(Box<Result<RunReport, ModelError>>, Pace),
}

/// What a run shares with the thread that waits for it.
#[derive(Default)]
pub(crate) struct Shared {
    wish: AtomicU8,
    traffic: Mutex<Traffic>,
    /// Answers that were told and not taken yet.
    untaken: AtomicUsize,
    taken: Notify,
}

impl Shared {
    /// Says what the run shall do; it never goes back on it.
    pub(crate) fn wish(&self, next: Next) {
        self.wish.fetch_max(next as u8, Ordering::AcqRel);
    }

    /// To be called when an answer has been dealt with.
    pub(crate) fn took(&self) {
        if self.untaken.fetch_sub(1, Ordering::AcqRel) == AHEAD {
            self.taken.notify_one();
        }
    }

    fn is_far_ahead(&self) -> bool {
        self.untaken.load(Ordering::Acquire) >= AHEAD
    }

    fn wished(&self) -> Next {
        match self.wish.load(Ordering::Acquire) {
            0 => Next::GoOn,
            1 => Next::Finish,
            _ => Next::Stop,
        }
    }

    pub(crate) fn traffic(&self) -> MutexGuard<'_, Traffic> {
        // Only whole values are written.
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that ended, or a look for a server that is gone.
enum Done {
    Asked { index: usize, outcome: Outcome, time: Duration, round: u64 },
    Looked(Result<(), Failure>),
}

/// A run over texts.
pub(crate) struct Drive {
    questions: Arc<Questions>,
    model: String,
    texts: Arc<[String]>,
    interval: Duration,
    shared: Arc<Shared>,
    cancel: CancelToken,
    events: Sender<Event>,
    queue: Queue,
    pace: Pace,
    breaker: Breaker,
    seen: Seen,
    report: RunReport,
    traffic: Traffic,
    tasks: JoinSet<Done>,
    asked: usize,
    looking: bool,
    refused: u32,
    /// The next request may be sent from then on.
    slot: Instant,
    cancelled: Option<Instant>,
}

impl Drive {
    #[expect(clippy::too_many_arguments)]
    pub(crate) fn new(
        questions: Questions,
        model: &str,
        texts: &[&str],
        settings: &ServerSettings,
        interval: Duration,
        pace: Pace,
        cancel: &CancelToken,
        shared: Arc<Shared>,
        events: Sender<Event>,
    ) -> Self {
        let first_wait = Duration::from_millis(settings.backoff_ms);
        let longest_pause = Duration::from_secs(settings.longest_pause_s);
        Self {
            questions: Arc::new(questions),
            model: model.to_owned(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            interval,
            shared,
            cancel: cancel.clone(),
            events,
            queue: Queue::new(texts.len(), settings.retries, first_wait),
            pace,
            breaker: Breaker::new(settings.pause_after, first_wait * 2, longest_pause),
            seen: Seen::default(),
            report: RunReport::default(),
            traffic: Traffic::default(),
            tasks: JoinSet::new(),
            asked: 0,
            looking: false,
            refused: 0,
            slot: Instant::now(),
            cancelled: None,
        }
    }

    /// Runs to the end and tells of it.
    pub(crate) async fn run(mut self) {
        let outcome = self.drive().await;
        self.tell_traffic(Instant::now());
        // Requests under way are dropped: nobody waits for their answers.
        self.tasks.shutdown().await;
        let report = outcome.map(|()| self.report);
        // Who is gone doesn't want to know.
        let _ = self.events.send(Event::End(Box::new(report), self.pace));
    }

    async fn drive(&mut self) -> Result<(), ModelError> {
        loop {
            let now = Instant::now();
            if self.is_over(now) {
                return Ok(());
            }
            if let Some(failure) = self.breaker.given_up(now) {
                return Err(stop(&self.questions.server, &self.model, failure));
            }
            if self.breaker.look_is_due(now) && !self.looking {
                self.look()?;
            }
            self.send(now);
            self.tell_traffic(now);
            let wake = self.wake(now);
            tokio::select! {
                biased;
                Some(done) = self.tasks.join_next() => {
                    self.take(done)?;
                    // All that has ended is seen before more is sent: one of them may say that a connection can't be trusted.
                    while let Some(done) = self.tasks.try_join_next() {
                        self.take(done)?;
                    }
                }
                () = self.shared.taken.notified() => {}
                () = sleep_until(wake) => {}
            }
        }
    }

    /// Whether the run is done, or is to end before it is.
    fn is_over(&mut self, now: Instant) -> bool {
        if self.cancel.is_cancelled() {
            let since = *self.cancelled.get_or_insert(now);
            self.report.cancelled = true;
            return self.asked == 0 || now - since >= GRACE;
        }
        match self.shared.wished() {
            Next::GoOn => self.asked == 0 && self.queue.is_empty(),
            Next::Finish => self.asked == 0,
            Next::Stop => {
                self.report.cancelled = true;
                true
            }
        }
    }

    /// Until when there is nothing to do but to wait for answers.
    fn wake(&self, now: Instant) -> Instant {
        let soon = now + GLANCE;
        let slot = if self.slot > now { self.slot } else { soon };
        let due = self.queue.due().filter(|due| *due > now).unwrap_or(soon);
        soon.min(slot).min(due)
    }

    /// Sends as many requests as are allowed now.
    fn send(&mut self, now: Instant) {
        if self.cancelled.is_some() || self.shared.wished() != Next::GoOn || self.shared.is_far_ahead() {
            return;
        }
        let trial = self.breaker.room();
        let room = trial.unwrap_or_else(|| self.pace.limit());
        while self.asked < room && self.slot <= now {
            let next = if trial.is_some() { self.queue.take_unsuspected(now) } else { self.queue.take(now) };
            let Some(index) = next else { return };
            let (questions, texts) = (Arc::clone(&self.questions), Arc::clone(&self.texts));
            let round = self.pace.round();
            self.tasks.spawn(async move {
                let began = Instant::now();
                let text = texts.get(index).map_or("", String::as_str);
                let outcome = ask(&questions, text).await;
                Done::Asked { index, outcome, time: began.elapsed(), round }
            });
            self.asked += 1;
            self.slot = self.slot.max(now) + self.interval;
            let asked = u32::try_from(self.asked).unwrap_or(u32::MAX);
            self.traffic.peak_concurrency = self.traffic.peak_concurrency.max(asked);
        }
    }

    /// Looks whether a server that is gone is back, with a request that costs nothing.
    fn look(&mut self) -> Result<(), ModelError> {
        // What is left of old connections leads nowhere.
        let server = self.questions.server.within(LOOK)?;
        self.looking = true;
        self.tasks.spawn(async move { Done::Looked(server.get("models").await.map(drop)) });
        Ok(())
    }

    /// Takes what has ended; an error when nobody gets an answer any more.
    fn take(&mut self, done: Result<Done, tokio::task::JoinError>) -> Result<(), ModelError> {
        let now = Instant::now();
        match done.map_err(|error| ModelError::Failed { detail: error.to_string() })? {
            Done::Looked(found) => {
                self.looking = false;
                match found {
                    Err(failure @ (Failure::Refused(_) | Failure::Exhausted { .. } | Failure::Redirected(_))) => {
                        Err(self.stop(failure))
                    }
                    Err(failure) if failure.may_pass() => {
                        self.breaker.looked(Some(failure), now);
                        Ok(())
                    }
                    // Something answers there, if only that it has no such list.
                    _ => {
                        self.breaker.looked(None, now);
                        Ok(())
                    }
                }
            }
            Done::Asked { index, outcome, time, round } => {
                let full = self.asked >= self.pace.limit();
                self.asked -= 1;
                match outcome {
                    Outcome::Scored(scored, id) => self.scored(index, scored, id.as_deref(), (time, round, full), now),
                    Outcome::Item(error) => self.refused(index, error, now),
                    Outcome::Fault(fault) => {
                        self.fault(index, fault, round, now);
                        Ok(())
                    }
                    Outcome::Over(failure) => Err(self.stop(failure)),
                }
            }
        }
    }

    fn scored(
        &mut self,
        index: usize,
        scored: Scored,
        id: Option<&str>,
        (time, round, full): (Duration, u64, bool),
        now: Instant,
    ) -> Result<(), ModelError> {
        if self.seen.is_stray(id, index) {
            // Whatever comes over the same connection is about yet another text.
            let questions = &self.questions;
            let server = questions.server.over_new_connections()?;
            let (template, prompt) = (questions.template.clone(), questions.prompt.clone());
            self.questions = Arc::new(Questions { server, template, prompt });
            let detail = "the answer to another request".to_owned();
            self.fault(index, Fault::Malformed(detail, super::answer::Tokens::default()), round, now);
            return Ok(());
        }
        self.is_there(now);
        self.pace.answered(time, round, full);
        self.traffic.prompt_tokens += u64::from(scored.prompt_tokens);
        self.traffic.completion_tokens += u64::from(scored.completion_tokens);
        self.report.labelled += 1;
        self.traffic.answered += 1;
        self.tell(index, Ok(scored));
        Ok(())
    }

    /// The server is there; it may not have been before.
    fn is_there(&mut self, now: Instant) {
        if self.breaker.answered(now) {
            self.pace.begin_again();
        }
    }

    fn refused(&mut self, index: usize, error: ItemError, now: Instant) -> Result<(), ModelError> {
        self.is_there(now);
        if let ItemError::Refused { server, status, detail } = &error {
            self.refused += 1;
            if self.report.labelled == 0 && self.refused >= REFUSED {
                let (server, status, detail) = (server.clone(), *status, detail.clone());
                return Err(ModelError::ServerFailed { server, status, detail });
            }
        }
        self.report.failed += 1;
        self.tell(index, Err(error));
        Ok(())
    }

    fn fault(&mut self, index: usize, fault: Fault, round: u64, now: Instant) {
        fault.count(&mut self.traffic.faults);
        if let Fault::NotALabel(answer, _) = &fault {
            self.traffic.wrong_answer = Some(answer.clone());
        }
        let tokens = fault.tokens();
        self.traffic.prompt_tokens += u64::from(tokens.prompt);
        self.traffic.completion_tokens += u64::from(tokens.completion);
        let counts = match fault.of_server() {
            None => {
                self.is_there(now);
                Counts::Text
            }
            Some(failure) => self.breaker.failed(failure, index, self.pace.limit(), now),
        };
        if fault.is_congestion() {
            self.pace.congested(round);
        }
        // Who is asked to wait waits with everything.
        if let Some(after) = fault.after() {
            self.slot = self.slot.max(now + after);
        }
        let again = match counts {
            Counts::Server => {
                self.queue.put_back(index, now);
                true
            }
            Counts::Text => self.queue.try_again(index, fault.is_rate_limit(), fault.after(), now),
        };
        if again {
            self.traffic.retries += 1;
            self.report.retries += 1;
        } else {
            self.report.failed += 1;
            let error = fault.of_item(&self.questions.server);
            self.tell(index, Err(error));
        }
    }

    fn stop(&self, failure: Failure) -> ModelError {
        stop(&self.questions.server, &self.model, failure)
    }

    fn tell(&mut self, index: usize, answer: Result<Scored, ItemError>) {
        self.report.prompt_tokens = self.traffic.prompt_tokens;
        self.report.completion_tokens = self.traffic.completion_tokens;
        self.tell_traffic(Instant::now());
        self.shared.untaken.fetch_add(1, Ordering::AcqRel);
        if self.events.send(Event::Answer(index, answer)).is_err() {
            self.shared.wish(Next::Stop);
        }
    }

    fn tell_traffic(&mut self, now: Instant) {
        self.traffic.paused = self.breaker.paused();
        self.traffic.pause = self.breaker.pause(now).map(|(since, next_try, failure)| {
            let reason: CallError = self.stop(failure.clone()).into();
            Waiting { since, next_try, reason }
        });
        self.shared.traffic().clone_from(&self.traffic);
    }
}
