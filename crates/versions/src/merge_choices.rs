//! What a person chose in a merge, kept until it is done.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use contract::version::Resolution;
use serde::{Deserialize, Serialize};

use crate::{VersionError, seal};

/// What a person chose, kept until the merge is done.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Choices {
    /// By the sample's id.
    pub samples: BTreeMap<String, Resolution>,
    /// For all others.
    pub others: Option<Resolution>,
}

impl Choices {
    /// Reads the file; nothing was chosen where it is missing.
    pub fn read(path: &Path) -> Result<Self, VersionError> {
        match fs::read(path) {
            Ok(bytes) => seal::open_or_bare(&bytes).map_err(|_| VersionError::ChoicesDamaged(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(VersionError::read(path)(error)),
        }
    }

    /// What was chosen for a sample.
    pub fn of(&self, id: &str) -> Option<&Resolution> {
        self.samples.get(id).or(self.others.as_ref())
    }
}
