//! What tests stand on: real files, real models, a real llama.cpp server, and servers that fail on purpose.
//!
//! A development dependency alone. What the set-up places is looked for where `WINNOW_MODELS`, `WINNOW_DATA` and
//! `WINNOW_LLAMA_SERVER` and `WINNOW_READERS` say, or at its usual place. Where a variable is set and the thing is missing, a test fails; where
//! nothing was promised, it says loudly that it was skipped.

mod fault_proxy;
mod folders;
mod label_server;
mod llama_server;
mod places;
mod web_server;

pub use fault_proxy::{Account, Fault, FaultProxy, Shares};
pub use folders::copy_folder;
pub use label_server::LabelServer;
pub use llama_server::{LlamaServer, server_python};
pub use places::{
    ENGLISH_ENCODER, LARGER_MODEL, MULTILINGUAL_ENCODER, SMALL_MODEL, STARTER_MODEL, data, encoder, gemma_model,
    larger_model, models_folder, readers_python, repository, sample, small_model, starter_model,
};
pub use web_server::{Reply, Request, WebServer};
