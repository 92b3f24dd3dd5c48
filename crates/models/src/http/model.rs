//! A server's model as a labeller.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use contract::model::{ModelFinding, ServerSettings};
use tokio::runtime::{Builder, Runtime};

use super::ask::Questions;
use super::client::{Failure, Secret, Server, said};
use super::drive::{Drive, Event, Shared};
use super::pace::Pace;
use super::probe::{Mode, Offer};
use super::request::Template;
use crate::cancel::CancelToken;
use crate::chat::messages;
use crate::error::{ItemError, ModelError};
use crate::label_model::{LabelModel, Listener, Next, RunReport, Scored, Sink, Traffic};
use crate::prompt::LabelPrompt;

/// Least time between two calls to a server elsewhere, unless set.
const INTERVAL: Duration = Duration::from_millis(400);
/// How often a listener hears of a run that has no answers for it.
const TICK: Duration = Duration::from_millis(50);

/// A model behind an OpenAI-compatible server.
pub struct HttpModel {
    server: Server,
    model: String,
    settings: ServerSettings,
    offer: Offer,
    /// How many requests the server bore when the last run ended.
    pace: Mutex<Option<Pace>>,
    /// Runs go on here while the thread that asked for them stores what they gave. `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl HttpModel {
    /// Looks whether the server is there and has the model, and finds out what it offers.
    ///
    /// # Errors
    /// A server that can't be reached, refuses the key, lacks the model, or is no OpenAI-compatible one.
    pub fn connect(
        address: &str,
        model: &str,
        key: Option<Secret>,
        settings: ServerSettings,
    ) -> Result<Self, ModelError> {
        let server = Server::new(address, key, Duration::from_millis(settings.timeout_ms.max(1)))?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("server")
            .enable_all()
            .build()
            .map_err(|error| ModelError::Failed { detail: error.to_string() })?;
        let offer = runtime.block_on(Offer::of(&server, model))?;
        let (model, pace, runtime) = (model.to_owned(), Mutex::new(None), Some(runtime));
        Ok(Self { server, model, settings, offer, pace, runtime })
    }

    /// How the server is asked.
    pub fn mode(&self) -> Mode {
        self.offer.mode
    }

    fn interval(&self) -> Duration {
        match self.settings.min_interval_ms {
            Some(millis) => Duration::from_millis(millis),
            None if self.server.is_local() => Duration::ZERO,
            None => INTERVAL,
        }
    }

    /// Starts a run; what it gives comes out of the receiver.
    fn start(
        &self,
        prompt: &LabelPrompt,
        texts: &[&str],
        cancel: &CancelToken,
        shared: &Arc<Shared>,
    ) -> Result<Receiver<Event>, ModelError> {
        let (sender, events) = channel();
        let (server, template) = (self.server.clone(), Template::new(&self.model, prompt, self.offer.mode));
        let questions = Questions { server, template, prompt: prompt.clone() };
        let pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner).take();
        let pace = pace.unwrap_or_else(|| Pace::new(self.settings.concurrency));
        let (settings, interval) = (&self.settings, self.interval());
        let shared = Arc::clone(shared);
        let drive = Drive::new(questions, &self.model, texts, settings, interval, pace, cancel, shared, sender);
        let runtime = self.runtime.as_ref().ok_or_else(|| ModelError::Failed { detail: "shut down".to_owned() })?;
        runtime.spawn(drive.run());
        Ok(events)
    }
}

impl Drop for HttpModel {
    fn drop(&mut self) {
        // Without waiting for a name that is being looked up.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The error that ends a run.
pub(crate) fn stop(server: &Server, model: &str, failure: Failure) -> ModelError {
    let server = server.address();
    if failure.is_loading() {
        return ModelError::ServerLoading { server };
    }
    match failure {
        Failure::Passing { status, detail, .. } => ModelError::ServerFailed { server, status, detail },
        Failure::Exhausted { status, detail } => ModelError::QuotaUsedUp { server, status, detail },
        Failure::TimedOut(time) => ModelError::ServerTimedOut { server, seconds: whole_seconds(time) },
        Failure::Redirected(to) => ModelError::Redirected { server, to },
        Failure::Unreachable(detail) | Failure::Lost(detail) => ModelError::ServerGone { server, detail },
        Failure::Refused(status) => ModelError::ServerRefused { server, status },
        Failure::NotFound(detail) if model.is_empty() => ModelError::NotApi { server, detail },
        Failure::NotFound(detail) => ModelError::ModelGone { server, model: model.to_owned(), detail },
        Failure::Rejected { status, body } => ModelError::ServerFailed { server, status, detail: said(&body) },
        Failure::NotJson(detail) => ModelError::NotApi { server, detail },
        Failure::TooLong(bytes) => ModelError::NotApi { server, detail: format!("more than {bytes} bytes") },
    }
}

/// A time in seconds for people: never less than it was.
pub(crate) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// A listener that wants to hear of answers alone.
struct Answers<'a, 'b>(&'a mut Sink<'b>);

impl Listener for Answers<'_, '_> {
    fn answer(&mut self, index: usize, answer: Result<Scored, ItemError>) -> Next {
        match (self.0)(index, answer) {
            ControlFlow::Continue(()) => Next::GoOn,
            ControlFlow::Break(()) => Next::Stop,
        }
    }

    fn traffic(&mut self, _: &Traffic) -> Next {
        Next::GoOn
    }
}

impl LabelModel for HttpModel {
    fn identity(&self) -> String {
        format!("http:{}|{}|{}", self.server.address(), self.model, self.offer.mode.name())
    }

    fn findings(&self) -> Vec<ModelFinding> {
        self.offer.findings()
    }

    fn rendered(&self, prompt: &LabelPrompt, text: &str) -> String {
        let shared = messages(prompt).into_iter().map(|(role, content)| format!("[{role}]\n{content}\n\n"));
        shared.chain([format!("[user]\n{}", LabelPrompt::question(text))]).collect()
    }

    fn label(
        &self,
        prompt: &LabelPrompt,
        texts: &[&str],
        cancel: &CancelToken,
        sink: &mut Sink<'_>,
    ) -> Result<RunReport, ModelError> {
        self.label_heard(prompt, texts, cancel, &mut Answers(sink))
    }

    fn label_heard(
        &self,
        prompt: &LabelPrompt,
        texts: &[&str],
        cancel: &CancelToken,
        listener: &mut dyn Listener,
    ) -> Result<RunReport, ModelError> {
        let shared = Arc::new(Shared::default());
        let events = self.start(prompt, texts, cancel, &shared)?;
        let mut stopped = false;
        loop {
            let event = events.recv_timeout(TICK);
            let traffic = shared.traffic().clone();
            let heard = if stopped { Next::Stop } else { listener.traffic(&traffic) };
            shared.wish(heard);
            match event {
                Ok(Event::Answer(index, answer)) if !stopped => {
                    let next = listener.answer(index, answer);
                    shared.wish(next);
                    shared.took();
                    stopped = next == Next::Stop;
                }
                Ok(Event::Answer(..)) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Event::End(outcome, pace)) => {
                    *self.pace.lock().unwrap_or_else(PoisonError::into_inner) = Some(pace);
                    return *outcome;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(ModelError::Failed { detail: "the run with the server broke off".to_owned() });
                }
            }
        }
    }
}
