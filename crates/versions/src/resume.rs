//! Work that is started again after it was killed: whether it was done before.

use std::fs;

use contract::version::VersionSummary;

use crate::manifest::Manifest;
use crate::refs::Refs;
use crate::store::summarise;
use crate::{VersionError, VersionStore};

impl VersionStore {
    /// The version that work with this key made, when it was killed after that; others may have come since. Keys are told by the manifests,
    /// and so belong to what a version is identified by: a job's number and the time at which it was made. An empty one names nothing.
    pub(crate) fn done_before(&self, refs: &Refs, key: &str) -> Result<Option<VersionSummary>, VersionError> {
        let named = serde_json::Value::from(key).to_string();
        for version in refs.versions.iter().rev().filter(|_| !key.is_empty()) {
            // One that can't be read can't be told; it is verifying that complains of it.
            let Ok(bytes) = fs::read(self.manifest_path(&version.id)) else { continue };
            // Most are others, and need not be understood to see that.
            if memchr::memmem::find(&bytes, named.as_bytes()).is_none() {
                continue;
            }
            if let Some(manifest) = Manifest::open(&bytes, &version.id).ok().filter(|manifest| manifest.key == key) {
                return Ok(Some(summarise(refs, version, &manifest)));
            }
        }
        Ok(None)
    }
}
