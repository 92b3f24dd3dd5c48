//! Where labelling gets its models from.

use std::sync::Arc;

use contract::CallError;
use contract::model::ModelEntry;
use models::{LabelModel, TextEncoder};

/// Gives the model of an entry, ready to label.
pub trait ModelSource: Send + Sync {
    /// Loads the file or reaches the server, unless that has been done before.
    ///
    /// # Errors
    /// What file, server or keyring say.
    fn model(&self, entry: &ModelEntry) -> Result<Arc<dyn LabelModel>, CallError>;

    /// Loads the encoder in a folder, unless that has been done before.
    ///
    /// # Errors
    /// What its files say.
    fn encoder(&self, folder: &str) -> Result<Arc<dyn TextEncoder>, CallError>;
}
