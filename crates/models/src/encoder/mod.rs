//! Encoders: a vector for each text, computed in process.

mod attention;
mod bert;
mod findings;
mod folder;
mod kernels;
mod network;
mod prefixes;
mod shape;
mod tensor_file;
mod text_encoder;
mod tokens;
mod weights;

pub use bert::BertEncoder;
pub use findings::{EncoderFindings, Pooling};
pub use folder::{describe_encoder, find_encoders};
pub use prefixes::{PrefixSource, Prefixes};
pub use text_encoder::{EncodeReport, Purpose, TextEncoder, VectorSink};
