//! From a labeller's entry in the project to the labeller itself.

use std::sync::Arc;

use contract::labeller::PromptSettings;
use contract::model::{ModelEntry, ModelSpec};
use contract::{CallError, ErrorCode};
use models::CancelToken;
use store::Store;

use super::Labeller;
use super::calibrated::{Calibrated, calibration_of};
use super::classifier::Classifier;
use super::ensemble::Ensemble;
use super::evidence::{Known, evidence_of, known_items};
use super::few_shot::FewShotExamples;
use super::ledger::Ledger;
use super::prompted::{Prompted, prompt_settings};
use super::route::{Route, threshold};
use super::training::{Head, defect, train};
use super::vectors::Vectors;
use crate::Clock;
use crate::job::Stop;
use crate::label::ModelSource;

/// How many labellers may ask each other in a row.
const DEEPEST: usize = 8;

/// Where labellers are made: the project and what gives models.
#[derive(Clone)]
pub struct Bench {
    /// The project.
    pub store: Arc<Store>,
    /// Gives models and encoders.
    pub models: Arc<dyn ModelSource>,
    /// The time.
    pub clock: Clock,
}

/// Makes a labeller ready: loads the model, reaches the server, trains the classifier on what was decided since. Behind its
/// calibration, where it has one. `cancel` ends a training under way.
///
/// # Errors
/// What file, server, encoder, keyring or store say; [`ErrorCode::ExamplesTooFew`] for a classifier without examples;
/// [`ErrorCode::Cancelled`].
pub fn open(bench: &Bench, model: &str, cancel: &CancelToken) -> Result<Arc<dyn Labeller>, CallError> {
    let settings = prompt_settings(&bench.store)?;
    Opening { bench, settings: &settings, cancel, keeps: true }.calibrated(model, 0)
}

/// The same with another prompt than the project's, for trying one out: nothing that is said is kept.
///
/// # Errors
/// As [`open`].
pub fn open_with_prompt(
    bench: &Bench,
    model: &str,
    settings: &PromptSettings,
    cancel: &CancelToken,
) -> Result<Arc<dyn Labeller>, CallError> {
    Opening { bench, settings, cancel, keeps: false }.calibrated(model, 0)
}

/// The same without its calibration: what it says by itself.
///
/// # Errors
/// As [`open`].
pub fn open_uncalibrated(bench: &Bench, model: &str, cancel: &CancelToken) -> Result<Arc<dyn Labeller>, CallError> {
    let settings = prompt_settings(&bench.store)?;
    Opening { bench, settings: &settings, cancel, keeps: true }.plain(&bench.store.model(model)?, 0)
}

struct Opening<'a> {
    bench: &'a Bench,
    settings: &'a PromptSettings,
    cancel: &'a CancelToken,
    /// Whether what members of ensembles say of decided items is kept.
    keeps: bool,
}

impl Opening<'_> {
    fn calibrated(&self, model: &str, depth: usize) -> Result<Arc<dyn Labeller>, CallError> {
        if depth > DEEPEST {
            return Err(CallError::new(ErrorCode::LabellerCircular).with("name", model));
        }
        let entry = self.bench.store.model(model)?;
        let labeller = self.plain(&entry, depth)?;
        Ok(Calibrated::behind(labeller, calibration_of(&self.bench.store, model)?))
    }

    fn plain(&self, entry: &ModelEntry, depth: usize) -> Result<Arc<dyn Labeller>, CallError> {
        match &entry.spec {
            ModelSpec::Gguf { .. } => self.prompted(entry, 0),
            ModelSpec::Server { settings, .. } => self.prompted(entry, settings.cache_hours),
            ModelSpec::Classifier { encoder, .. } => self.classifier(&entry.name, encoder),
            ModelSpec::Route { cheap, strong, rule } => {
                let (first, second) = (self.calibrated(cheap, depth + 1)?, self.calibrated(strong, depth + 1)?);
                let border = threshold(self.bench, *rule, first.as_ref(), || self.known(cheap))?;
                Ok(Arc::new(Route::new(first, second, border)))
            }
            ModelSpec::Ensemble { members, rule } => {
                let mut opened = Vec::with_capacity(members.len());
                let mut known = Vec::with_capacity(members.len());
                for member in members {
                    opened.push((member.clone(), self.calibrated(member, depth + 1)?));
                    known.push(self.known(member)?);
                }
                let domains = self.bench.store.schema()?.domains.len();
                let ledger = self.keeps.then(|| Ledger::of(self.bench)).transpose()?;
                Ok(Arc::new(Ensemble::new(opened, *rule, &known, domains, ledger)?))
            }
        }
    }

    fn prompted(&self, entry: &ModelEntry, cache_hours: u32) -> Result<Arc<dyn Labeller>, CallError> {
        let model = self.bench.models.model(entry)?;
        let few_shot = &self.settings.few_shot;
        let examples = match &few_shot.encoder {
            Some(encoder) if few_shot.is_used() => {
                let vectors = Vectors::new(self.bench.models.encoder(encoder)?, self.bench.store.clone());
                Some(FewShotExamples::gather(&self.bench.store, vectors, few_shot.clone(), self.cancel)?)
            }
            _ => None,
        };
        Ok(Arc::new(Prompted::new(self.bench, model, self.settings, examples, cache_hours, self.cancel)?))
    }

    fn classifier(&self, name: &str, encoder: &str) -> Result<Arc<dyn Labeller>, CallError> {
        // A project that is only looked at labels with what it has.
        if matches!(self.bench.store.access(), contract::project::Access::ReadWrite) {
            train(self.bench, name, self.cancel, (self.bench.clock)(), &mut |_, _| Ok(())).map_err(
                |stop| match stop {
                    Stop::Cancelled => CallError::new(ErrorCode::Cancelled),
                    Stop::Failed(error) => error,
                },
            )?;
        }
        let trained = self.bench.store.classifier(name)?.ok_or_else(|| {
            CallError::new(ErrorCode::ExamplesTooFew).with("found", 0).with("needed", super::TRAINING_NEEDS)
        })?;
        let head: Head = serde_json::from_str(&trained.head).map_err(defect)?;
        let vectors = Vectors::new(self.bench.models.encoder(encoder)?, self.bench.store.clone());
        let domains: Vec<String> = self.bench.store.schema()?.domains.into_iter().map(|domain| domain.id).collect();
        let store = &self.bench.store;
        Ok(Arc::new(Classifier::new(store, head, vectors, trained.fingerprint, trained.report, &domains)?))
    }

    /// What is known of a labeller, as its calibration makes it.
    fn known(&self, model: &str) -> Result<Known, CallError> {
        let store = &self.bench.store;
        let known = evidence_of(store, model, &store.schema()?, &known_items(store, false)?)?;
        Ok(match calibration_of(store, model)? {
            Some((_, calibration)) => known.calibrated(&calibration),
            None => known,
        })
    }
}
