//! Language models: in process on candle, and OpenAI-compatible servers over HTTP.
//!
//! What callers ask for is not "a chat answer" but the probability of each allowed label for a text: [`LabelModel`].
//! [`GgufModel`] reads it from the logits of a GGUF file; [`HttpModel`] gets it from the strongest thing that a server
//! offers. For vectors of texts it is [`TextEncoder`], which [`BertEncoder`] computes from a Hugging Face folder. All block
//! the calling thread and stop soon after their [`CancelToken`] is set.
//!
//! Invariants: this crate knows nothing of stores, jobs or windows; it writes no file; every file and every server is
//! taken to be hostile.

mod attention;
mod cancel;
mod chat;
mod decoder;
mod device;
#[cfg(all(feature = "cuda", target_os = "linux", target_arch = "x86_64"))]
mod driver;
mod encoder;
mod error;
mod gguf;
mod gguf_model;
mod graphics;
mod host;
mod http;
mod inspect;
mod kernels;
mod label_model;
mod layer;
mod layers;
mod linear;
mod memory;
mod placement;
mod pre_tokenizer;
mod prepared;
mod prior;
mod prompt;
mod rope;
mod scoring;
mod sentence_piece;
mod shape;
mod special;
mod template;
mod tensor;
mod tokenizer;
mod trie;

pub use cancel::CancelToken;
pub use encoder::{
    BertEncoder, EncodeReport, EncoderFindings, Pooling, PrefixSource, Prefixes, Purpose, TextEncoder, VectorSink,
    describe_encoder, find_encoders,
};
pub use error::{ItemError, ModelError};
pub use gguf_model::{GgufModel, describe_gguf};
pub use http::{HttpModel, Mode, Secret, Server, list_models};
pub use inspect::QuestionTokens;
pub use label_model::{LabelModel, Listener, Next, RunReport, Scored, Sink, Traffic, Waiting, most_probable};
pub use prompt::{LABELS_MARK, Label, LabelPrompt, OWN_INSTRUCTION, PROMPT_VERSION, cache_key};
