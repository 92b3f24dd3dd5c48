//! Written datasets, as files: determinism, shards, folds, balance, hostile texts, and the programs that people read them with.
#![allow(clippy::unwrap_used, missing_docs)]

mod content;
mod determinism;
mod preview;
mod project;
mod promises;
mod readers;
