//! A server's model as a labeller.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use contract::model::{ModelFinding, ServerSettings};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::ask::{Outcome, Questions, ask};
use super::client::{Failure, Secret, Server};
use super::probe::{Mode, models_of, strongest};
use crate::cancel::CancelToken;
use crate::chat::messages;
use crate::error::{ItemError, ModelError};
use crate::label_model::{LabelModel, RunReport, Sink};
use crate::prompt::LabelPrompt;

/// Least time between two calls to a server elsewhere, unless set.
const INTERVAL: Duration = Duration::from_millis(400);
/// How often a run looks whether it was cancelled.
const GLANCE: Duration = Duration::from_millis(50);

/// A model behind an OpenAI-compatible server.
pub struct HttpModel {
    server: Server,
    model: String,
    settings: ServerSettings,
    mode: Mode,
}

impl HttpModel {
    /// Looks whether the server is there and has the model, and finds the strongest way to ask it.
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
        let mode = runtime()?.block_on(async {
            let models = models_of(&server).await?;
            if !models.is_empty() && !models.iter().any(|known| known == model) {
                let (server, model) = (server.address(), model.to_owned());
                return Err(ModelError::ServerModel { server, model, models: models.join(", ") });
            }
            strongest(&server, model).await
        })?;
        Ok(Self { server, model: model.to_owned(), settings, mode })
    }

    /// How the server is asked.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    fn interval(&self) -> Duration {
        match self.settings.min_interval_ms {
            Some(millis) => Duration::from_millis(millis),
            None if self.server.is_local() => Duration::ZERO,
            None => INTERVAL,
        }
    }
}

fn runtime() -> Result<Runtime, ModelError> {
    Builder::new_current_thread().enable_all().build().map_err(|error| ModelError::Failed { detail: error.to_string() })
}

/// The error that ends a run.
pub(crate) fn stop(server: &Server, model: &str, failure: Failure) -> ModelError {
    let server = server.address();
    match failure {
        Failure::Passing { status, detail, .. } => ModelError::ServerFailed { server, status, detail },
        Failure::Unreachable(detail) => ModelError::ServerGone { server, detail },
        Failure::Refused(status) => ModelError::ServerRefused { server, status },
        Failure::NotFound(detail) if model.is_empty() => ModelError::NotApi { server, detail },
        Failure::NotFound(detail) => ModelError::ServerModel { server, model: model.to_owned(), models: detail },
        Failure::Rejected { status, body } => {
            ModelError::ServerFailed { server, status, detail: body.chars().take(300).collect() }
        }
        Failure::NotJson(detail) => ModelError::NotApi { server, detail },
    }
}

/// Texts given up in a row that mean that the server is gone, not that the texts are odd.
const IN_A_ROW: u32 = 3;

struct Run<'a> {
    model: &'a HttpModel,
    report: RunReport,
    failed_in_a_row: u32,
}

impl Run<'_> {
    /// Hands a result on; an error when the server has failed for good.
    fn take(&mut self, index: usize, outcome: Outcome, sink: &mut Sink<'_>) -> Result<ControlFlow<()>, ModelError> {
        let result = match outcome {
            Outcome::Scored(scored) => {
                self.failed_in_a_row = 0;
                self.report.prompt_tokens += u64::from(scored.prompt_tokens);
                self.report.completion_tokens += u64::from(scored.completion_tokens);
                Ok(scored)
            }
            Outcome::Item(error) => Err(error),
            Outcome::Failed(failure) => Err(self.given_up(failure)?),
        };
        match &result {
            Ok(_) => self.report.labelled += 1,
            Err(_) => self.report.failed += 1,
        }
        Ok(sink(index, result))
    }

    /// A text whose every try failed: an item's error as long as others get through.
    fn given_up(&mut self, failure: Failure) -> Result<ItemError, ModelError> {
        self.failed_in_a_row += 1;
        match failure {
            Failure::Passing { status, detail, .. }
                if self.report.labelled > 0 && self.failed_in_a_row < IN_A_ROW && status != 429 =>
            {
                Ok(ItemError::Refused { server: self.model.server.address(), status, detail })
            }
            Failure::NotJson(detail) if self.report.labelled > 0 && self.failed_in_a_row < IN_A_ROW => {
                Ok(ItemError::Answer { answer: detail })
            }
            failure => Err(stop(&self.model.server, &self.model.model, failure)),
        }
    }
}

impl LabelModel for HttpModel {
    fn identity(&self) -> String {
        format!("http:{}|{}|{}", self.server.address(), self.model, self.mode.name())
    }

    fn findings(&self) -> Vec<ModelFinding> {
        self.mode.findings()
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
        let questions = Arc::new(Questions {
            server: self.server.clone(),
            model: self.model.clone(),
            prompt: prompt.clone(),
            mode: self.mode,
            retries: self.settings.retries,
        });
        let mut run = Run { model: self, report: RunReport::default(), failed_in_a_row: 0 };
        let runtime = runtime()?;
        let finished: Result<(), ModelError> = runtime.block_on(async {
            let (concurrency, interval) = (self.settings.concurrency.max(1) as usize, self.interval());
            let (mut next, mut slot) = (0, Instant::now());
            let mut asked = JoinSet::new();
            loop {
                if next == texts.len() && asked.is_empty() {
                    return Ok(());
                }
                let room = next < texts.len() && asked.len() < concurrency;
                tokio::select! {
                    biased;
                    () = sleep(GLANCE), if cancel.is_cancelled() => {}
                    Some(done) = asked.join_next() => {
                        let (index, (outcome, retries)) =
                            done.map_err(|error| ModelError::Failed { detail: error.to_string() })?;
                        run.report.retries += retries;
                        if run.take(index, outcome, sink)? == ControlFlow::Break(()) {
                            run.report.cancelled = true;
                            return Ok(());
                        }
                    }
                    () = sleep_until(slot), if room => {
                        let (questions, text, index) = (Arc::clone(&questions), texts[next].to_owned(), next);
                        asked.spawn(async move { (index, ask(questions, text, index as u64).await) });
                        next += 1;
                        slot = Instant::now() + interval;
                    }
                    () = sleep(GLANCE) => {}
                }
                if cancel.is_cancelled() {
                    run.report.cancelled = true;
                    return Ok(());
                }
            }
        });
        finished?;
        // Requests under way are dropped with the runtime: their answers are not waited for.
        Ok(run.report)
    }
}
