//! A project's SQLite: migrations, one file a table, typed queries.
//!
//! [`Store`] is an open project folder. Writing is one at a time, in the order of asking; reading goes through its own
//! connections and never waits for a writer. Time comes in as a parameter everywhere.
//!
//! What is recorded and what is derived: predictions and decisions are only ever appended; the state of an item, its place in
//! the review queue and all counters are derived from them and kept up to date in the same transaction.

mod agreement;
mod asked;
mod cache;
mod checkpoint;
mod classifier;
mod code;
mod comparison;
mod connection;
mod count;
mod dataset;
mod decision;
mod domain;
mod dropped;
mod error;
mod filter;
mod folder;
mod import;
mod import_batch;
mod item;
mod item_stats;
mod job;
mod lock;
mod migration;
mod model;
mod plan;
mod prediction;
mod project;
mod queue;
mod review;
mod source;
mod state;
mod store;
mod term;
mod text_hash;
mod time_text;
mod trusted;
mod truth;
mod turn;
mod vector;
mod version;
mod word_search;

pub use asked::{Asked, AskedBefore};
pub use cache::NewAnswer;
pub use classifier::{StoredCalibration, TrainedClassifier};
pub use comparison::{Answer, ComparedItem, ComparisonPlan, Side};
pub use dataset::NewDataset;
pub use dropped::NewDrop;
pub use error::{Result, StoreError};
pub use folder::ProjectFolder;
pub use import::{ImportSummary, ImportWriter, NewItem, NewSource, Pushed};
pub use job::{JobProgress, JobRecord, NewJob};
pub use plan::{ItemToLabel, LabelPlan};
pub use prediction::{NewPrediction, RawAnswer};
pub use review::{ReviewedItem, ReviewerLabel};
pub use store::Store;
pub use text_hash::{TextHash, TextHashes};
pub use trusted::{Origin, TrustedItem, TrustedKey};
pub use truth::{Evidence, KnownItem, NO_DOMAIN};
