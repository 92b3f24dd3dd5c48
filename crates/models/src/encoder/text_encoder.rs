//! What callers ask of an encoder: one vector of length 1 for each text.

use std::ops::ControlFlow;

use crate::cancel::CancelToken;
use crate::encoder::findings::EncoderFindings;
use crate::error::ModelError;

/// What a text's vector is for. Some models were trained with other words before a question than before what answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The text is searched with.
    Query,
    /// The text is to be found.
    Passage,
    /// Texts are compared with each other, grouped or classified.
    Symmetric,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncodeReport {
    /// Texts whose vector the sink has had.
    pub encoded: usize,
    /// Of them, texts that are longer than the model's limit: only their beginning was read.
    pub truncated: usize,
    /// Tokens read, special ones included.
    pub tokens: u64,
    /// Whether the run ended early, by the token or by the sink.
    pub cancelled: bool,
}

/// Takes the vector of the text at an index; `Break` ends the run.
pub type VectorSink<'a> = dyn FnMut(usize, Vec<f32>) -> ControlFlow<()> + 'a;

/// A model that turns texts into vectors.
pub trait TextEncoder: Send + Sync {
    /// All that changes the vectors apart from text and purpose.
    fn identity(&self) -> String;

    /// Length of every vector.
    fn dimensions(&self) -> usize;

    /// What was found out about the model.
    fn findings(&self) -> &EncoderFindings;

    /// Encodes texts. Each vector has [`TextEncoder::dimensions`] numbers and the Euclidean length 1, so that a scalar product
    /// is a cosine. It goes to `sink` on the calling thread as soon as it is known, in any order. A text's vector does
    /// not depend on the texts beside it, but for the rounding of the last digits.
    ///
    /// Stops within half a second after `cancel` is set, with [`EncodeReport::cancelled`].
    ///
    /// # Errors
    /// A [`ModelError`] stops the run; what the sink has had stays valid.
    fn encode(
        &self,
        texts: &[&str],
        purpose: Purpose,
        cancel: &CancelToken,
        sink: &mut VectorSink<'_>,
    ) -> Result<EncodeReport, ModelError>;

    /// The vectors of all texts in their order; `None` when cancelled.
    ///
    /// # Errors
    /// As [`TextEncoder::encode`].
    fn encode_all(
        &self,
        texts: &[&str],
        purpose: Purpose,
        cancel: &CancelToken,
    ) -> Result<Option<Vec<Vec<f32>>>, ModelError> {
        let mut vectors = vec![Vec::new(); texts.len()];
        let report = self.encode(texts, purpose, cancel, &mut |index, vector| {
            if let Some(place) = vectors.get_mut(index) {
                *place = vector;
            }
            ControlFlow::Continue(())
        })?;
        Ok((!report.cancelled).then_some(vectors))
    }
}
