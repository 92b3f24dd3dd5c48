//! The version store: immutable versions of train and eval, content-addressed, with a history like git's. docs/VERSION_STORE.md
//! describes what lies on the disk.
//!
//! Invariants: a version exists from the moment that `refs.json` names it, and everything that it needs was durable before; what is
//! stored under a hash never changes; nothing is removed while somebody reads or commits; whatever is read is verified.

mod archive;
mod archive_order;
mod beside;
mod blame;
mod blame_lines;
mod block;
mod bundle;
mod checkout;
mod checksum;
mod claims;
mod collect;
mod commit;
mod compare;
mod content;
mod cut;
mod delta;
mod difference;
mod digest;
mod disk;
mod error;
mod examine;
mod export;
mod folder;
mod frame;
mod hash;
mod holdings;
mod import;
mod index_base;
mod index_patch;
mod indexing;
mod line;
mod line_index;
mod lock;
mod looking;
mod manifest;
mod matching;
mod merge;
mod merge_choices;
mod merge_files;
mod merge_side;
mod needs;
mod number;
mod objects;
mod pack;
mod pairing;
mod parent;
mod portion;
mod preview;
mod recover;
mod refs;
mod repair;
mod resume;
mod retell;
mod rollback;
mod row;
mod samples;
mod seal;
mod secret;
mod solid;
mod store;
mod tally;
mod tar;
mod tree;
mod verify;
mod view;

pub use commit::{CommitRequest, NewVersion};
pub use compare::{Comparison, label_drift};
pub use disk::{Step, Watch};
pub use error::VersionError;
pub use row::RowProblem;
pub use samples::{LineVisit, VersionSample, read_sample};
pub use store::{Progress, VersionStore};
