//! Labellers beside single language models: encoders, classifiers trained on decisions, routes, ensembles; and the prompt
//! that language models of a project are given.

use serde::{Deserialize, Serialize};

use crate::call::call;
use crate::{ItemId, JobId, SourceId, UnixMillis};

/// When a route asks its strong labeller.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum RouteRule {
    /// Where the cheap one's confidence is below this.
    Threshold {
        /// In [0, 1].
        below: f32,
    },
    /// As rarely as possible while what the cheap one keeps is right in at least this share, as decisions show: even the lower
    /// end of their interval.
    Accuracy {
        /// In (0, 1).
        at_least: f32,
    },
    /// For at most this share of the items: those that the cheap one is least sure of.
    Budget {
        /// In (0, 1).
        share: f32,
    },
}

/// How the members of an ensemble are combined. Weights come from decisions; without enough of them all count the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnsembleRule {
    /// Each member gives its voice to one domain; a voice weighs the log-odds of its member's accuracy.
    Vote,
    /// The members' probabilities are averaged.
    Average,
}

/// What a classifier learns from, beside the schema's examples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingSet {
    /// Sources whose existing labels are trusted as decisions are.
    pub trusted_sources: Vec<SourceId>,
    /// The labels of every source are trusted.
    pub trust_all: bool,
}

/// An encoder on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncoderEntry {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub path: String,
    /// In short, as read from its files.
    pub summary: String,
}

/// The encoders in the model folders.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListEncoders {}

/// Trains a classifier now (a labelling run does it by itself when there are new decisions).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartTraining {
    /// The project's folder.
    pub project: String,
    /// The classifier's name.
    pub model: String,
}

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShareEstimate {
    /// The share, in [0, 1].
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How many it was counted on.
    pub of: u64,
}

/// What a training gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingReport {
    /// The classifier's name.
    pub model: String,
    /// Texts that it learned from.
    pub examples: u64,
    /// Of these, decided by people.
    pub decisions: u64,
    /// Domains with at least one example.
    pub domains: u64,
    /// Domains of the schema without any: they can't be predicted.
    pub missing: Vec<String>,
    /// Accuracy by cross-validation: each text judged by a classifier that did not see it.
    pub accuracy: Option<ShareEstimate>,
    /// Folds of the cross-validation.
    pub folds: u32,
    /// Inverse strength of the regularisation that was chosen.
    pub c: f64,
    /// Expected calibration error by cross-validation, before and after calibration.
    pub ece_before: Option<f64>,
    /// After.
    pub ece_after: Option<f64>,
    /// Time spent on vectors, milliseconds.
    pub encoding_millis: u64,
    /// Time spent on training and cross-validation, milliseconds.
    pub training_millis: u64,
    /// Whether there was nothing new to learn, so that the earlier classifier stays.
    pub unchanged: bool,
}

/// Where a classifier stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassifierState {
    /// What its last training gave; `None` before the first.
    pub report: Option<TrainingReport>,
    /// When.
    pub trained: Option<UnixMillis>,
    /// Examples that there are now.
    pub examples_now: u64,
}

/// Where a classifier stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetClassifier {
    /// The project's folder.
    pub project: String,
    /// The classifier's name.
    pub model: String,
}

/// Which examples a language model is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FewShot {
    /// Whether decisions are shown beside the schema's examples, those nearest to each text.
    pub nearest: bool,
    /// At most so many of them for one text.
    pub count: u32,
    /// At most so many characters of them.
    pub characters: u32,
    /// With more domains than this a shortlist of so many is made by vectors, and the model decides among these.
    pub shortlist: Option<u32>,
    /// Folder of the encoder that says what is near.
    pub encoder: Option<String>,
}

impl FewShot {
    /// Whether texts get prompts of their own.
    pub fn is_used(&self) -> bool {
        self.encoder.is_some() && (self.nearest || self.shortlist.is_some())
    }
}

impl Default for FewShot {
    fn default() -> Self {
        Self { nearest: false, count: 8, characters: 2_000, shortlist: None, encoder: None }
    }
}

/// What language models are told beside schema and text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PromptSettings {
    /// The instruction in the person's words; `{labels}` in it stands for the list of labels. `None`: the product's own.
    pub instruction: Option<String>,
    /// Examples.
    pub few_shot: FewShot,
}

/// The prompt of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromptView {
    /// Settings.
    pub settings: PromptSettings,
    /// The product's own instruction, to start from; `{labels}` stands for the list of labels.
    pub own_instruction: String,
    /// The instruction as models get it, the labels filled in.
    pub rendered: String,
    /// Changes with instruction, schema and the settings of examples. The versions of predictions name the model and the
    /// encoder, too.
    pub version: String,
}

/// The prompt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetPrompt {
    /// The project's folder.
    pub project: String,
}

/// Changes the prompt; models label anew with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetPrompt {
    /// The project's folder.
    pub project: String,
    /// Settings.
    pub settings: PromptSettings,
}

/// An item that is like another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimilarItem {
    /// The item.
    pub item: ItemId,
    /// The beginning of its text (at most 300 characters).
    pub excerpt: String,
    /// Cosine of the vectors.
    pub similarity: f32,
    /// The domain that it has now.
    pub domain: Option<String>,
}

/// Items most like one, most similar first, among those that have vectors.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListSimilar {
    /// The project's folder.
    pub project: String,
    /// The item.
    pub item: ItemId,
    /// How many.
    pub count: u32,
}

call! {
    ListEncoders => Vec<EncoderEntry>, "list_encoders";
    StartTraining => JobId, "start_training";
    GetClassifier => ClassifierState, "get_classifier";
    GetPrompt => PromptView, "get_prompt";
    SetPrompt => PromptView, "set_prompt";
    ListSimilar => Vec<SimilarItem>, "list_similar";
}
