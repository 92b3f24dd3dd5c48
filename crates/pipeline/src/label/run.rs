//! A labelling run over the items of its plan.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use contract::label::{LabelReport, LabelScope, Thresholds};
use contract::model::{ModelEntry, ModelSpec};
use contract::{CallError, ErrorCode, ItemId};
use models::{CancelToken, ItemError, LabelModel, LabelPrompt, Scored, cache_key};
use store::{ItemToLabel, LabelPlan};

use super::batch::Batch;
use super::cached::CachedAnswer;
use super::opinions;
use super::source::ModelSource;
use crate::job::{JobControl, Stop};
use crate::labeller::{Bench, base_prompt, calibration_of, prompt_settings, version_with};

/// Items read from the plan at a time.
const PAGE: u32 = 256;
/// How often somebody who waits for a model looks whether to go on.
const LOOK: Duration = Duration::from_millis(100);

/// What to label and how.
#[derive(Clone, Copy, Debug)]
pub struct LabelRequest<'a> {
    /// The model's name in the project.
    pub model: &'a str,
    /// Which items.
    pub scope: &'a LabelScope,
    /// What goes to review.
    pub thresholds: Thresholds,
}

/// What makes two predictions of one text the same work: wording, schema and examples, and which model it really is (so
/// that another file under the same name labels anew).
#[must_use]
pub fn prompt_version(prompt: &LabelPrompt, model: &dyn LabelModel) -> String {
    let identity = blake3::hash(model.identity().as_bytes()).to_hex();
    format!("{}-{}", prompt.version(), &identity[..8])
}

/// Labels the items of the scope that have no valid prediction. Predictions are stored every twenty items or quarter of a
/// second; a server's answer is put into the cache the moment it arrives, so that no paid call is made twice.
///
/// # Errors
/// No such model, no schema, what the model says ([`ErrorCode::ServerUnreachable`] when a server is gone),
/// [`Stop::Cancelled`]; all of these leave what was labelled, and the job can be resumed.
pub fn label(bench: &Bench, control: &mut JobControl, request: &LabelRequest<'_>) -> Result<LabelReport, Stop> {
    let (store, models) = (&bench.store, &bench.models);
    let entry = store.model(request.model)?;
    let settings = prompt_settings(store)?;
    let prompt = base_prompt(&store.schema()?, &settings)?;
    let is_alone = matches!(entry.spec, ModelSpec::Gguf { .. } | ModelSpec::Server { .. });
    if !is_alone || settings.few_shot.is_used() {
        return opinions::label(bench, control, request, &prompt);
    }
    let model = load(models, &entry, control)?;
    let calibration = calibration_of(store, request.model)?;
    let version = version_with(prompt_version(&prompt, model.as_ref()), calibration.as_ref());
    let job = control.job();
    let plan = LabelPlan { scope: request.scope, model: request.model, prompt_version: &version };
    let left = store.plan_labelling(job, &plan)?;
    let cancel = control.cancel_token().clone();
    let mut batch = Batch::new(store, control, request.model, (&prompt, &version), request.thresholds);
    batch.calibration = calibration.map(|(_, calibration)| calibration);
    let cache_hours = match &entry.spec {
        ModelSpec::Server { settings, .. } => settings.cache_hours,
        _ => 0,
    };
    let mut run = Run { model: model.as_ref(), identity: model.identity(), cache_hours, cancel, batch };
    run.batch.total = run.batch.report.labelled + left;
    run.batch.flush()?;
    let mut after: Option<ItemId> = None;
    loop {
        run.batch.control.check()?;
        let items = store.items_to_label(job, after, PAGE)?;
        let Some(last) = items.last() else { break };
        after = Some(last.id);
        run.page(items)?;
    }
    run.batch.flush()?;
    Ok(run.batch.report)
}

/// Waits for a model without being deaf to cancellation: a load that nobody waits for any more ends by itself, and the
/// next run finds it done.
fn load(models: &Arc<dyn ModelSource>, entry: &ModelEntry, control: &JobControl) -> Result<Arc<dyn LabelModel>, Stop> {
    let (sender, loaded) = channel();
    let (source, wanted) = (models.clone(), entry.clone());
    std::thread::spawn(move || sender.send(source.model(&wanted)));
    loop {
        control.check()?;
        match loaded.recv_timeout(LOOK) {
            Ok(model) => return Ok(model?),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(CallError::new(ErrorCode::ModelFailed).with("detail", "panic").into());
            }
        }
    }
}

struct Run<'a> {
    model: &'a dyn LabelModel,
    identity: String,
    /// 0: no cache.
    cache_hours: u32,
    cancel: CancelToken,
    batch: Batch<'a>,
}

impl Run<'_> {
    /// Labels some items: from the cache what is there, the rest through the model.
    fn page(&mut self, items: Vec<ItemToLabel>) -> Result<(), Stop> {
        let items = &self.batch.recall(items)?;
        let mut asked: Vec<&ItemToLabel> = Vec::with_capacity(items.len());
        for item in items {
            match self.cached(&item.text)? {
                Some(scored) => {
                    self.batch.report.from_cache += 1;
                    self.batch.push_scored(item.id, &scored)?;
                }
                None => asked.push(item),
            }
        }
        if asked.is_empty() {
            return self.batch.flush();
        }
        let texts: Vec<&str> = asked.iter().map(|item| item.text.as_str()).collect();
        let mut stop = None;
        let (prompt, cancel) = (self.batch.prompt, self.cancel.clone());
        let outcome = self.model.label(prompt, &texts, &cancel, &mut |index, answer| match asked
            .get(index)
            .map_or(Ok(()), |item| self.take(item, answer))
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stop = Some(error);
                ControlFlow::Break(())
            }
        });
        if let Some(stop) = stop {
            return Err(stop);
        }
        let report = &mut self.batch.report;
        if let Ok(run) = &outcome {
            report.prompt_tokens += run.prompt_tokens;
            report.completion_tokens += run.completion_tokens;
            report.retries += run.retries;
        }
        self.batch.flush()?;
        match outcome {
            Ok(run) if run.cancelled => Err(Stop::Cancelled),
            Ok(_) => Ok(()),
            Err(error) => Err(CallError::from(error).into()),
        }
    }

    /// Takes what the model said of an item.
    fn take(&mut self, item: &ItemToLabel, answer: Result<Scored, ItemError>) -> Result<(), Stop> {
        match answer {
            Ok(scored) => {
                self.keep(&item.text, &scored)?;
                self.batch.push_scored(item.id, &scored)
            }
            Err(error) => {
                self.batch.report.failed += 1;
                self.batch.report.last_failure = Some(error.into());
                Ok(())
            }
        }
    }

    fn cached(&self, text: &str) -> Result<Option<Scored>, Stop> {
        if self.cache_hours == 0 {
            return Ok(None);
        }
        let key = cache_key(&self.identity, self.batch.prompt, text);
        let answer = self.batch.store.cached_answer(&key, self.batch.control.now())?;
        // An answer that doesn't parse was written by another version; asking again mends it.
        let labels = self.batch.prompt.labels.len();
        Ok(answer
            .and_then(|json| serde_json::from_str(&json).ok())
            .and_then(|answer: CachedAnswer| answer.scored(labels)))
    }

    /// Puts a paid answer on disk before anything else happens with it.
    fn keep(&self, text: &str, scored: &Scored) -> Result<(), Stop> {
        if self.cache_hours == 0 {
            return Ok(());
        }
        let key = cache_key(&self.identity, self.batch.prompt, text);
        let expires = self.batch.control.now() + i64::from(self.cache_hours) * 3_600_000;
        let answer = serde_json::to_string(&CachedAnswer::of(scored))
            .map_err(|error| CallError::new(ErrorCode::Internal).with("detail", error))?;
        Ok(self.batch.store.store_answer(&key, &answer, expires)?)
    }
}
