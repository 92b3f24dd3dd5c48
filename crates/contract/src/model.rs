//! Models that a project labels with.

use serde::{Deserialize, Serialize};

use crate::UnixMillis;
use crate::call::call;
use crate::label::{Candidate, ConfidenceSource};
use crate::labeller::{EnsembleRule, PromptSettings, RouteRule, TrainingSet};

/// Where a server's key comes from. The key itself is never stored in the project, never logged, never sent back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum KeySource {
    /// The server needs none.
    #[default]
    None,
    /// The operating system's keyring.
    Keyring,
    /// An environment variable.
    Environment {
        /// Its name.
        variable: String,
    },
}

/// How to talk to a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerSettings {
    /// Calls at the same time, at most: a run begins with one and finds out how many the server bears.
    pub concurrency: u32,
    /// Least time between two calls, milliseconds; `None`: 400, but 0 for a server on this machine.
    pub min_interval_ms: Option<u64>,
    /// Further tries after a failure that may pass.
    pub retries: u32,
    /// Longest wait for one answer, milliseconds.
    pub timeout_ms: u64,
    /// How long an answer in the cache stays valid, hours; 0: no cache.
    pub cache_hours: u32,
    /// Wait before the first further try, milliseconds; it doubles with each. The server may ask for more.
    pub backoff_ms: u64,
    /// Failures of the server in a row after which the run pauses until it is back (with more calls at a time: as many).
    pub pause_after: u32,
    /// Longest pause, seconds, after which the run fails; it can be resumed.
    pub longest_pause_s: u64,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            concurrency: 4,
            min_interval_ms: None,
            retries: 3,
            timeout_ms: 60_000,
            cache_hours: 24,
            backoff_ms: 500,
            pause_after: 4,
            longest_pause_s: 1_800,
        }
    }
}

/// What a model is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ModelSpec {
    /// A GGUF file, run in process.
    Gguf {
        /// The file.
        path: String,
    },
    /// An OpenAI-compatible server.
    Server {
        /// Base address, with or without `/v1`.
        url: String,
        /// The model's id on the server.
        model: String,
        /// Where the key comes from.
        #[serde(default)]
        key: KeySource,
        /// How to talk to it.
        #[serde(default)]
        settings: ServerSettings,
    },
    /// A linear head on an encoder's vectors, trained on what people decided.
    Classifier {
        /// Folder of the encoder.
        encoder: String,
        /// What it learns from beside decisions and the schema's examples.
        #[serde(default)]
        training: TrainingSet,
    },
    /// A cheap labeller first, a strong one for what the cheap one is unsure of.
    Route {
        /// Name of the labeller that is asked first.
        cheap: String,
        /// Name of the labeller that is asked where the first is unsure.
        strong: String,
        /// When.
        rule: RouteRule,
    },
    /// Several labellers whose answers are combined.
    Ensemble {
        /// Their names.
        members: Vec<String>,
        /// How.
        rule: EnsembleRule,
    },
}

impl ModelSpec {
    /// The names of the labellers that this one asks.
    pub fn asks(&self) -> Vec<&str> {
        match self {
            ModelSpec::Route { cheap, strong, .. } => vec![cheap, strong],
            ModelSpec::Ensemble { members, .. } => members.iter().map(String::as_str).collect(),
            ModelSpec::Gguf { .. } | ModelSpec::Server { .. } | ModelSpec::Classifier { .. } => Vec::new(),
        }
    }
}

/// A model of the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelEntry {
    /// Name, unique in the project.
    pub name: String,
    /// What it is.
    pub spec: ModelSpec,
    /// When it was added.
    pub added: UnixMillis,
    /// For a file: whether it is still there. For a server: `true`.
    pub present: bool,
    /// In short, as read from the file: architecture, size; for a server its address.
    pub summary: String,
}

/// The answer to one test text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestAnswer {
    /// The text.
    pub text: String,
    /// Label it came with.
    pub label: Option<String>,
    /// Best candidates, most probable first; empty when it failed.
    pub candidates: Vec<Candidate>,
    /// How the confidence was obtained.
    pub obtained: Option<ConfidenceSource>,
    /// Whether the text seems to belong to no domain.
    #[serde(default)]
    pub no_domain: bool,
    /// Why there is no answer.
    pub error: Option<crate::CallError>,
    /// Time for this answer, milliseconds.
    pub millis: u64,
}

/// Something found out about a model when it was made ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ModelFinding {
    /// What the file says of itself: name, architecture, size, quantisation.
    File {
        /// In one line.
        summary: String,
    },
    /// How its weights are kept in memory.
    Weights {
        /// Dequantised to 32 bits, which is faster; as in the file otherwise.
        full: bool,
        /// Memory that they take.
        bytes: u64,
        /// Memory that was free.
        free: u64,
    },
    /// A graphics processor computes, and the weights are in its memory.
    Graphics {
        /// Its name.
        name: String,
    },
    /// The program could use a graphics processor and found none: this processor computes.
    NoGraphics {
        /// What the driver said.
        detail: String,
    },
    /// The graphics processor has too little memory free for the model: this processor computes.
    GraphicsTooSmall {
        /// Its name.
        name: String,
        /// Memory that the model needs there at least.
        needed: u64,
        /// Memory that was free.
        free: u64,
    },
    /// The longest prompt and text together.
    Context {
        /// In tokens.
        tokens: u64,
    },
    /// The server holds answers to the labels by a grammar.
    Grammar,
    /// The server holds answers to a list of choices.
    GuidedChoice,
    /// The server holds answers to a JSON schema.
    JsonSchema,
    /// The server reports log-probabilities of tokens.
    Logprobs,
    /// A classifier learned from so many texts.
    Examples {
        /// How many.
        count: u64,
    },
    /// How often a classifier is right on texts that it did not learn from.
    CrossValidated {
        /// In thousandths.
        permille: u32,
    },
    /// A route asks its strong labeller below this confidence.
    RouteBelow {
        /// In thousandths.
        permille: u32,
    },
    /// A route asks its strong labeller about everything: no confidence of the cheap one is proved to keep to the accuracy.
    RouteUnproved,
    /// What the cheap labeller of a route for accuracy keeps is right so often on decided items, with its interval.
    RouteKeeps {
        /// The share, in thousandths.
        permille: u32,
        /// Lower end of the interval.
        low: u32,
        /// Upper end.
        high: u32,
        /// Items that it was counted on.
        of: u64,
    },
    /// A member of an ensemble and its weight.
    Member {
        /// Its name.
        name: String,
        /// Its share of all weights, in thousandths.
        permille: u32,
    },
    /// The server reports none: the confidence is what the model says of itself.
    NoLogprobs,
    /// The server does neither: it is asked for JSON and its answers are checked.
    PlainJson,
    /// The server offers models.
    Models {
        /// How many.
        count: u64,
    },
    /// The server makes embeddings with this model.
    Embeddings {
        /// Numbers in each.
        dimensions: u64,
    },
    /// The server makes no embeddings with this model.
    NoEmbeddings,
}

/// What a test of a model showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelTest {
    /// Time until the first text could be labelled (loading, probing), milliseconds.
    pub ready_millis: u64,
    /// What was found out.
    pub findings: Vec<ModelFinding>,
    /// The answers.
    pub answers: Vec<TestAnswer>,
    /// The prompt as the model gets it for the first text.
    pub prompt: String,
}

/// The project's models.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListModels {
    /// The project's folder.
    pub project: String,
}

/// Adds a model after looking at it: the file's header or the server's list is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddModel {
    /// The project's folder.
    pub project: String,
    /// Name, unique in the project.
    pub name: String,
    /// What it is.
    pub spec: ModelSpec,
    /// A key to put into the keyring (only with [`KeySource::Keyring`]).
    #[serde(default)]
    pub key: Option<String>,
}

/// Takes a model out of the project (its file stays where it is; predictions stay).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemoveModel {
    /// The project's folder.
    pub project: String,
    /// Name.
    pub name: String,
}

/// The ids of the models that a server offers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListServerModels {
    /// Base address.
    pub url: String,
    /// Where the key comes from.
    #[serde(default)]
    pub key_source: KeySource,
    /// A key that is not in the keyring yet.
    #[serde(default)]
    pub key: Option<String>,
}

/// Labels a few texts and shows the answers; keeps nothing. Loads the model when needed, so it may take seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestModel {
    /// The project's folder.
    pub project: String,
    /// Name.
    pub name: String,
    /// The texts; three items of the project when empty.
    #[serde(default)]
    pub texts: Vec<String>,
    /// A prompt to try instead of the project's own.
    #[serde(default)]
    pub prompt: Option<PromptSettings>,
}

call! {
    ListModels => Vec<ModelEntry>, "list_models";
    AddModel => ModelEntry, "add_model";
    RemoveModel => (), "remove_model";
    ListServerModels => Vec<String>, "list_server_models";
    TestModel => ModelTest, "test_model";
}
