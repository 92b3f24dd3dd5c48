//! Every type that crosses a border of Winnow: the window, the command line and, later, REST speak these and nothing
//! else. A call is a request struct that names its answer ([`Call`]); an error is a code with parameters, a place and
//! a detail ([`CallError`]); texts for people live in the crate `catalogue`, not here.
//!
//! Invariants: this crate imports nothing of ours, does no I/O, and compiles to WebAssembly.

pub mod call;
pub mod compare;
pub mod confidence;
pub mod dataset;
pub mod error;
pub mod id;
pub mod item;
pub mod job;
pub mod label;
pub mod labeller;
pub mod model;
pub mod page;
pub mod project;
pub mod review;
pub mod schema;
pub mod settings;
pub mod source;
pub mod spreadsheet;
pub mod version;

pub use call::Call;
pub use error::{CallError, ErrorCode, Place};
pub use id::{ComparisonId, DatasetId, DecisionId, ItemId, JobId, SourceId};
pub use page::{Page, UnixMillis};
