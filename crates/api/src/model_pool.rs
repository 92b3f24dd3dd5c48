//! Models between calls: the one used last stays in memory, so that testing a model and labelling with it loads it once.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use contract::model::{ModelEntry, ModelSpec};
use contract::{CallError, ErrorCode};
use models::{GgufModel, HttpModel, LabelModel, Secret, describe_gguf, list_models};
use pipeline::label::ModelSource;

use crate::keys;

/// The model that is ready.
#[derive(Default)]
pub(crate) struct ModelPool {
    ready: Mutex<Option<Ready>>,
}

struct Ready {
    identity: Identity,
    model: Arc<dyn LabelModel>,
}

/// What must be the same for a loaded model to be used again.
#[derive(PartialEq)]
struct Identity {
    spec: ModelSpec,
    /// Size and time of the file.
    file: Option<(u64, SystemTime)>,
    key: Option<String>,
}

impl Identity {
    fn of(spec: &ModelSpec) -> Result<Self, CallError> {
        let (file, key) = match spec {
            ModelSpec::Gguf { path } => (stamp(path.as_ref()), None),
            ModelSpec::Server { url, key, .. } => (None, keys::read(url, key)?),
        };
        Ok(Self { spec: spec.clone(), file, key })
    }
}

fn stamp(path: &Path) -> Option<(u64, SystemTime)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

impl ModelSource for ModelPool {
    fn model(&self, entry: &ModelEntry) -> Result<Arc<dyn LabelModel>, CallError> {
        let identity = Identity::of(&entry.spec)?;
        // Held while loading: a second caller waits for the model instead of loading it, too.
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = ready.as_ref().filter(|ready| ready.identity == identity) {
            return Ok(ready.model.clone());
        }
        // Freed before the next one takes its place in memory.
        *ready = None;
        let model = load(&identity)?;
        *ready = Some(Ready { identity, model: model.clone() });
        Ok(model)
    }
}

impl ModelPool {
    /// Gives the memory back as soon as nobody labels any more.
    pub(crate) fn release(&self) {
        *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn load(identity: &Identity) -> Result<Arc<dyn LabelModel>, CallError> {
    match &identity.spec {
        ModelSpec::Gguf { path } => Ok(Arc::new(GgufModel::open(Path::new(path))?)),
        ModelSpec::Server { url, model, settings, .. } => {
            Ok(Arc::new(HttpModel::connect(url, model, secret(identity.key.as_deref()), settings.clone())?))
        }
    }
}

fn secret(key: Option<&str>) -> Option<Secret> {
    key.map(Secret::new)
}

/// Looks at a model without loading it: the file's header, the server's list. Answers a summary for people.
pub(crate) fn look(spec: &ModelSpec, key: Option<&str>) -> Result<String, CallError> {
    match spec {
        ModelSpec::Gguf { path } => Ok(describe_gguf(Path::new(path))?),
        ModelSpec::Server { url, model, .. } => {
            let offered = list_models(url, secret(key))?;
            if offered.is_empty() || offered.contains(model) {
                return Ok(format!("{} · {model}", url.trim_end_matches('/')));
            }
            let error = CallError::new(ErrorCode::ServerModelMissing).with("server", url).with("model", model);
            Err(error.with("models", offered.join(", ")))
        }
    }
}

/// The ids of the models that a server offers.
pub(crate) fn server_models(url: &str, key: Option<&str>) -> Result<Vec<String>, CallError> {
    Ok(list_models(url, secret(key))?)
}
