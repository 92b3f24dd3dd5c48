//! What a preview of a commit depends on, so that one that was made can be told again.

use std::fs;
use std::io;

use contract::version::{CommitPreview, Increment};

use crate::commit::number_of;
use crate::hash::Hash;
use crate::{VersionError, VersionStore};

impl VersionStore {
    /// Changes whenever anything about versions does: commits, tags, statuses, the current one.
    ///
    /// # Errors
    /// I/O errors.
    pub fn state(&self) -> Result<String, VersionError> {
        let path = self.refs_path();
        match fs::read(&path) {
            Ok(bytes) => Ok(Hash::of(&bytes).to_string()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(VersionError::read(&path)(error)),
        }
    }

    /// A preview of the same commit with another part of its number growing.
    ///
    /// # Errors
    /// As [`VersionStore::find`] for its parent.
    pub fn renumbered(&self, preview: &CommitPreview, increment: Increment) -> Result<CommitPreview, VersionError> {
        let refs = self.refs()?;
        let parent = preview.parent.as_deref().map(|parent| refs.find(parent)).transpose()?;
        let version = number_of(&refs, parent, increment, &preview.changes).to_string();
        Ok(CommitPreview { version, ..preview.clone() })
    }
}
