//! A new version equal to an old one.

use contract::version::VersionSummary;

use crate::commit::{Draft, number_of, other_domains};
use crate::difference;
use crate::manifest::{DATA_FILES, LAYOUT, Manifest};
use crate::parent::Parent;
use crate::{Progress, VersionError, VersionStore};

impl VersionStore {
    /// Commits an old version anew, after the current one: its rows, settings and promises. The message and so on are the draft's.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Unchanged`] when the current one has the same rows, [`VersionError::Archived`],
    /// [`VersionError::Cancelled`], and I/O errors.
    pub fn rollback(
        &self,
        version: &str,
        request: &crate::NewVersion<'_>,
        told: &mut Progress<'_>,
    ) -> Result<VersionSummary, VersionError> {
        let _writing = self.lock_for_writing(told)?;
        let refs = self.refs()?;
        if let Some(done) = self.done_before(&refs, request.key)? {
            return Ok(done);
        }
        let objects = self.objects()?;
        let old = Parent::open(self, &objects, refs.find(version)?)?;
        let current =
            refs.current.and_then(|id| refs.by_id(&id)).ok_or_else(|| VersionError::Missing(version.to_owned()))?;
        let current = Parent::open(self, &objects, current)?;
        if DATA_FILES.iter().all(|name| old.manifest.files.get(*name) == current.manifest.files.get(*name)) {
            return Err(VersionError::Unchanged(current.version.version.to_string()));
        }
        let mut changes = difference::between(Some(&current.content), &old.content, told)?.counts;
        changes.schema_changed = other_domains(&old.manifest.schema, &current.manifest.schema);
        let number = number_of(&refs, Some(&current.version), request.increment, &changes);
        let draft = Draft::following(request, vec![current.version]);
        let manifest = Manifest {
            layout: LAYOUT,
            version: number.to_string(),
            parents: draft.parents.iter().map(|parent| parent.id).collect(),
            message: request.message.to_owned(),
            author: request.author.to_owned(),
            committed: request.committed,
            changes,
            key: request.key.to_owned(),
            ..old.manifest
        };
        self.record(refs, &draft, &manifest, 0)
    }
}
