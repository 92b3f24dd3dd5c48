//! One row of a dataset's files.

use serde::{Deserialize, Serialize};

/// One sample as it stands in `train.jsonl` and `eval.jsonl` (fields in this order). Every field is always there and is never
/// null, so that train and eval have the same types in every reader, also where one of them has no confidence or no decision: a
/// column of nulls has no type. See the fields for what stands for "none". In Parquet, whose columns have types, a confidence that
/// is missing is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Stable key: hex of the hash of the normalised text.
    pub id: String,
    /// The text.
    pub text: String,
    /// Domain id.
    pub label: String,
    /// Where the label comes from: `decision`, `prediction` or `source`; `synthetic` of a sample with a parent.
    pub origin: String,
    /// Confidence of the prediction, where there is one; else −1 in JSON and CSV.
    #[serde(default, with = "confidence_or_minus_one")]
    pub confidence: Option<f32>,
    /// Who decided, where a person did; else empty.
    #[serde(default)]
    pub decided_by: String,
    /// When (RFC 3339, UTC, milliseconds); else empty.
    #[serde(default)]
    pub decided_at: String,
    /// File name of the source.
    pub source: String,
    /// Row in that file.
    pub row: u64,
    /// Id of the sample that a synthetic was made from; else empty.
    #[serde(default)]
    pub parent: String,
    /// Weight in training; written where weights were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

/// A confidence as a number that is always there: −1 where there is none. Datasets written before have null.
mod confidence_or_minus_one {
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
    pub(super) fn serialize<S: Serializer>(confidence: &Option<f32>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f32(confidence.unwrap_or(-1.0))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f32>, D::Error> {
        Ok(Option::<f32>::deserialize(deserializer)?.filter(|confidence| *confidence >= 0.0))
    }
}
