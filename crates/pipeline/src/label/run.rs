//! A labelling run over the items of its plan.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use contract::label::{Budget, LabelReport, LabelScope, Thresholds};
use contract::model::{ModelEntry, ModelSpec};
use contract::{CallError, ErrorCode, UnixMillis};
use models::{CancelToken, LabelModel, LabelPrompt};
use store::{ItemToLabel, LabelPlan};

use super::batch::Batch;
use super::cached::Cache;
use super::hearing::{Hearing, Question};
use super::opinions;
use super::pages::Pages;
use super::source::ModelSource;
use crate::job::{JobControl, Stop};
use crate::labeller::{Bench, calibration_of, project_prompt, prompt_settings, settle, version_with};

/// Items read from the plan at a time.
const PAGE: u32 = 256;
/// The same for a server, which is to have as many requests as it bears without waiting for the last of a page.
const SERVER_PAGE: u32 = 2_048;
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
    /// What it may cost.
    pub budget: Budget,
}

/// What makes two predictions of one text the same work: wording, schema and examples, and which model it really is (so
/// that another file under the same name labels anew).
#[must_use]
pub fn prompt_version(prompt: &LabelPrompt, model: &dyn LabelModel) -> String {
    let identity = blake3::hash(model.identity().as_bytes()).to_hex();
    format!("{}-{}", prompt.version(), &identity[..8])
}

/// Labels the items of the scope that have no valid prediction. A prediction is stored as soon as it is known, together with the
/// server's answer that it was read from; those that come within the twentieth part of a second share a transaction. So no
/// answer that arrived is paid for twice, unless the process is killed within that time of it.
///
/// A run that reaches its budget ends well, with [`LabelReport::ended_by`]. What failed for reasons that may pass is gone over once
/// more at the end; what fails all the same is counted.
///
/// # Errors
/// No such model, no schema, what the model says ([`ErrorCode::ServerUnreachable`] when a server is gone for longer than its
/// settings allow), [`ErrorCode::AnswersUseless`] for a model that has answered often enough without a label,
/// [`Stop::Cancelled`]; all of these leave what was labelled, and the job can be resumed.
pub fn label(bench: &Bench, control: &mut JobControl, request: &LabelRequest<'_>) -> Result<LabelReport, Stop> {
    let (store, models) = (&bench.store, &bench.models);
    let entry = store.model(request.model)?;
    let settings = prompt_settings(store)?;
    let prompt = project_prompt(store, &settings)?;
    let is_alone = matches!(entry.spec, ModelSpec::Gguf { .. } | ModelSpec::Server { .. });
    if !is_alone || settings.few_shot.is_used() {
        return opinions::label(bench, control, request, &prompt);
    }
    let model = load(models, &entry, control)?;
    if !settle(store, model.as_ref(), &prompt, control.cancel_token())? {
        return Err(Stop::Cancelled);
    }
    let calibration = calibration_of(store, request.model)?;
    let version = version_with(prompt_version(&prompt, model.as_ref()), calibration.as_ref());
    let job = control.job();
    let plan = LabelPlan { scope: request.scope, model: request.model, prompt_version: &version };
    let left = store.plan_labelling(job, &plan)?;
    let cancel = control.cancel_token().clone();
    let began = control.now();
    let mut batch = Batch::new(store, control, request.model, (&prompt, &version), request.thresholds);
    batch.calibration = calibration.map(|(_, calibration)| calibration);
    let (page, cache_hours) = match &entry.spec {
        ModelSpec::Server { settings, .. } => (SERVER_PAGE, settings.cache_hours),
        _ => (PAGE, 0),
    };
    let cache = (cache_hours > 0).then(|| Cache::new(&model.identity(), &prompt, cache_hours));
    let mut run = Run { model: model.as_ref(), cache, cancel, batch, budget: request.budget, began };
    run.batch.total = run.batch.report.labelled + left;
    run.batch.flush()?;
    let mut pages = Pages::new(job, page);
    while !run.is_spent() {
        run.batch.control.check()?;
        let items = pages.next(&mut run.batch)?;
        if items.is_empty() {
            break;
        }
        run.page(items)?;
    }
    run.batch.finish()
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

/// A run in the middle.
pub(super) struct Run<'a> {
    model: &'a dyn LabelModel,
    /// Where paid answers are kept, if they are.
    pub(super) cache: Option<Cache>,
    cancel: CancelToken,
    pub(super) batch: Batch<'a>,
    budget: Budget,
    began: UnixMillis,
}

impl<'a> Run<'a> {
    /// Labels some items: from the cache what is there, the rest through the model.
    fn page(&mut self, items: Vec<ItemToLabel>) -> Result<(), Stop> {
        let items = self.batch.recall(items)?;
        let questions = self.unanswered(&items)?;
        if questions.is_empty() {
            return self.batch.flush();
        }
        let texts: Vec<&str> = questions.iter().map(|question| question.text).collect();
        let (model, prompt, cancel) = (self.model, self.batch.prompt, self.cancel.clone());
        let mut hearing = Hearing::new(self, &questions);
        let label = || model.label_heard(prompt, &texts, &cancel, &mut hearing);
        let outcome = catch_unwind(AssertUnwindSafe(label));
        let stop = hearing.over();
        let stored = self.batch.flush();
        let outcome = match outcome {
            // What was paid for before the defect is stored.
            Err(panic) => resume_unwind(panic),
            Ok(outcome) => outcome,
        };
        if let Some(stop) = stop {
            return Err(stop);
        }
        stored?;
        match outcome {
            Ok(run) if run.cancelled && !self.is_spent() => Err(Stop::Cancelled),
            Ok(_) => self.batch.control.check(),
            Err(error) => Err(CallError::from(error).into()),
        }
    }

    /// What has to be asked: items whose answers lie in the cache are done with, and equal texts are asked about once.
    fn unanswered<'i>(&mut self, items: &'i [ItemToLabel]) -> Result<Vec<Question<'i>>, Stop> {
        let Some(cache) = &self.cache else { return Ok(items.iter().map(Question::of).collect()) };
        let keys: Vec<[u8; 32]> = items.iter().map(|item| cache.key(&item.text)).collect();
        let found = cache.find(self.batch.store, &keys, self.batch.control.now())?;
        let mut questions: Vec<Question<'i>> = Vec::new();
        let mut places: HashMap<[u8; 32], usize> = HashMap::new();
        for ((item, key), scored) in items.iter().zip(keys).zip(found) {
            if let Some(scored) = scored {
                self.batch.report.from_cache += 1;
                self.batch.push_scored(item.id, &scored)?;
                continue;
            }
            let place = *places.entry(key).or_insert(questions.len());
            match questions.get_mut(place) {
                Some(question) => question.items.push(item.id),
                None => questions.push(Question { key: Some(key), ..Question::of(item) }),
            }
        }
        Ok(questions)
    }

    /// Whether the budget is used up; the report says which part of it.
    pub(super) fn is_spent(&mut self) -> bool {
        self.batch.is_spent(self.budget, self.began)
    }
}
