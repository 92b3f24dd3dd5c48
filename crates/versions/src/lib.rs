//! The version store: immutable snapshots of train and eval, content-addressed.
//!
//! A version is a manifest over chunks; equal chunks are stored once, so a commit costs what changed. A commit writes
//! chunks, syncs them, then renames the manifest into place: any prefix of that sequence is harmless, and the same
//! commit started again gives the same version. Nothing here knows of the project's database.
//!
//! Layout of the folder: `objects/ab/abcd….zst` (zstd of JSONL, named by the blake3 of what it holds) and
//! `manifests/1.0.0.json`.

mod checkout;
mod chunk;
mod commit;
mod difference;
mod durable;
mod error;
mod manifest;
mod number;
mod store;

pub use commit::CommitRequest;
pub use error::VersionError;
pub use store::{Progress, VersionStore};
