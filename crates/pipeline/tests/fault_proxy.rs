//! Labelling through a proxy that spoils a fifth of all exchanges: every item is labelled exactly once and rightly, nothing
//! that was delivered is asked for again, and the report says what happened.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use contract::item::{ItemFilter, ItemPageRequest};
use contract::job::{JobResult, JobState, JobStatus};
use contract::label::{Budget, BudgetKind, LabelReport, LabelScope, Thresholds};
use contract::model::{KeySource, ModelEntry, ModelSpec, ServerSettings};
use contract::schema::Domain;
use contract::source::FileSpec;
use contract::{CallError, ErrorCode, JobId};
use models::{HttpModel, LabelModel, Mode};
use pipeline::job::{JobParameters, JobRunner, Registry, Workplace};
use pipeline::label::ModelSource;
use store::Store;
use testbed::{Account, Fault, FaultProxy, LabelServer, LlamaServer, Shares};
