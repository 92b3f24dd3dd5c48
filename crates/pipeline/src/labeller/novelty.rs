//! What belongs to no domain: texts unlike everything that the classifier was trained on.

use contract::{CallError, ItemId};
use learn::nearest::Nearest;
use learn::novelty::Novelty;
use learn::{Rows, RowsBuf};
use models::CancelToken;
use store::Store;

use super::Question;
use super::training::{Head, defect};
use super::vectors::Vectors;

/// Recognises texts of no domain, and finds the examples that a text is nearest to.
pub(super) struct NoveltyGuard {
    novelty: Novelty,
    nearest: Nearest,
    items: Vec<ItemId>,
    classes: Vec<u32>,
    store: std::sync::Arc<Store>,
}
