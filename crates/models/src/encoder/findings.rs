//! What is found out about an encoder before it is used.

use crate::encoder::prefixes::Prefixes;

/// How a text's vector is made of its tokens' vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// The mean of all tokens, special ones included.
    Mean,
    /// The first token.
    First,
}

/// What was found out about an encoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncoderFindings {
    /// What the files say of it, in one line, as [`crate::describe_encoder`] gives it.
    pub summary: String,
    /// Length of a vector.
    pub dimensions: usize,
    /// Longest text in tokens, special ones and prefix included; more is cut off.
    pub max_tokens: usize,
    /// How tokens become one vector.
    pub pooling: Pooling,
    /// What stands before each text.
    pub prefixes: Prefixes,
    /// Memory that the weights take, in bytes.
    pub weight_bytes: u64,
    /// Memory that was free before they were loaded, in bytes.
    pub free_bytes: u64,
}
