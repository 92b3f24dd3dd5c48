//! Models between calls: the ones used last stay in memory, so that testing a model and labelling with it loads it once, and a
//! route or an ensemble has all of its members.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use contract::model::{ModelEntry, ModelSpec};
use contract::{CallError, ErrorCode};
use models::{BertEncoder, GgufModel, HttpModel, LabelModel, ModelError, Secret, TextEncoder, describe_encoder};
use models::{describe_gguf, list_models};
use pipeline::label::ModelSource;

use crate::keys;

/// Language models that are kept ready at most.
const MOST_MODELS: usize = 4;
/// Encoders that are kept ready at most.
const MOST_ENCODERS: usize = 2;

/// What is ready.
#[derive(Default)]
pub(crate) struct ModelPool {
    models: Mutex<Vec<Ready<Identity, dyn LabelModel>>>,
    encoders: Mutex<Vec<Ready<Stamp, dyn TextEncoder>>>,
}

/// Something in memory; the one used last stands last.
struct Ready<I, M: ?Sized> {
    identity: I,
    model: Arc<M>,
}

/// What must be the same for a loaded model to be used again.
#[derive(PartialEq)]
struct Identity {
    spec: ModelSpec,
    file: Option<Stamp>,
    key: Option<String>,
}

/// A file with its size and time.
#[derive(PartialEq)]
struct Stamp {
    path: String,
    size: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(path: &str, file: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(file).ok()?;
        Some(Self { path: path.to_owned(), size: metadata.len(), modified: metadata.modified().ok() })
    }
}

impl Identity {
    fn of(spec: &ModelSpec) -> Result<Self, CallError> {
        let (file, key) = match spec {
            ModelSpec::Gguf { path } => (Stamp::of(path, path.as_ref()), None),
            ModelSpec::Server { url, key, .. } => (None, keys::read(url, key)?),
            ModelSpec::Classifier { .. } | ModelSpec::Route { .. } | ModelSpec::Ensemble { .. } => (None, None),
        };
        Ok(Self { spec: spec.clone(), file, key })
    }
}

impl ModelSource for ModelPool {
    fn model(&self, entry: &ModelEntry) -> Result<Arc<dyn LabelModel>, CallError> {
        let identity = Identity::of(&entry.spec)?;
        // Held while loading: a second caller waits for the model instead of loading it, too.
        let mut ready = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = used(&mut ready, |known| *known == identity) {
            return Ok(model);
        }
        make_room(&mut ready, MOST_MODELS);
        let model = load(&identity, &entry.name).or_else(|error| {
            // Others that nobody uses now may hold the memory that it needs.
            if error.code == ErrorCode::ModelTooLarge && !ready.is_empty() {
                ready.clear();
                return load(&identity, &entry.name);
            }
            Err(error)
        })?;
        ready.push(Ready { identity, model: model.clone() });
        Ok(model)
    }

    fn encoder(&self, folder: &str) -> Result<Arc<dyn TextEncoder>, CallError> {
        let stamp = Stamp::of(folder, &Path::new(folder).join("model.safetensors"))
            .ok_or_else(|| CallError::new(ErrorCode::EncoderMissing).with("folders", folder))?;
        let mut ready = self.encoders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(encoder) = used(&mut ready, |known| *known == stamp) {
            return Ok(encoder);
        }
        make_room(&mut ready, MOST_ENCODERS);
        let encoder: Arc<dyn TextEncoder> = Arc::new(BertEncoder::open(Path::new(folder))?);
        ready.push(Ready { identity: stamp, model: encoder.clone() });
        Ok(encoder)
    }
}

/// What is ready already; it becomes the one used last.
fn used<I, M: ?Sized>(ready: &mut Vec<Ready<I, M>>, same: impl Fn(&I) -> bool) -> Option<Arc<M>> {
    let place = ready.iter().position(|ready| same(&ready.identity))?;
    let found = ready.remove(place);
    let model = found.model.clone();
    ready.push(found);
    Some(model)
}

/// Lets the ones go that were not used for longest.
fn make_room<I, M: ?Sized>(ready: &mut Vec<Ready<I, M>>, most: usize) {
    while ready.len() >= most {
        ready.remove(0);
    }
}

impl ModelPool {
    /// Gives the memory back as soon as nobody labels any more.
    pub(crate) fn release(&self) {
        self.models.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.encoders.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn load(identity: &Identity, name: &str) -> Result<Arc<dyn LabelModel>, CallError> {
    match &identity.spec {
        ModelSpec::Gguf { path } => Ok(Arc::new(GgufModel::open(Path::new(path))?)),
        ModelSpec::Server { url, model, settings, .. } => {
            Ok(Arc::new(HttpModel::connect(url, model, secret(identity.key.as_deref()), settings.clone())?))
        }
        // These are made of others and are no model themselves.
        ModelSpec::Classifier { .. } | ModelSpec::Route { .. } | ModelSpec::Ensemble { .. } => {
            Err(CallError::new(ErrorCode::ModelMissing).with("name", name))
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
        ModelSpec::Classifier { encoder, .. } => describe_encoder(Path::new(encoder)).map_err(|error| match error {
            ModelError::Missing { .. } => CallError::new(ErrorCode::EncoderMissing).with("folders", encoder),
            error => error.into(),
        }),
        ModelSpec::Route { cheap, strong, .. } => Ok(format!("{cheap} → {strong}")),
        ModelSpec::Ensemble { members, .. } => Ok(members.join(" + ")),
    }
}

/// The ids of the models that a server offers.
pub(crate) fn server_models(url: &str, key: Option<&str>) -> Result<Vec<String>, CallError> {
    Ok(list_models(url, secret(key))?)
}
