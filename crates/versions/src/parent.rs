//! The version that another one follows.

use std::sync::Arc;

use crate::content::Stored;
use crate::line_index::LineIndex;
use crate::manifest::Manifest;
use crate::objects::Objects;
use crate::refs::{Refs, VersionRef};
use crate::{VersionError, VersionStore};

/// The version that another one follows.
pub(crate) struct Parent {
    pub version: VersionRef,
    pub manifest: Manifest,
    pub content: Stored,
}

impl Parent {
    pub fn open(store: &VersionStore, objects: &Arc<Objects>, version: &VersionRef) -> Result<Self, VersionError> {
        if version.archive.is_some() {
            return Err(VersionError::Archived(version.version.to_string()));
        }
        let manifest = store.manifest(version)?;
        let content = Stored::open(objects, &manifest, version.version.to_string())?;
        Ok(Self { version: version.clone(), manifest, content })
    }

    /// With the index of its lines, where there is one.
    #[must_use]
    pub fn with_index(self, store: &VersionStore) -> Self {
        let index = LineIndex::open(&store.indexes(), &self.version.id, self.content.lists()).map(Arc::new);
        Self { content: self.content.with_index(index), ..self }
    }

    /// With this index of its lines.
    #[must_use]
    pub fn with_content_index(self, index: LineIndex) -> Self {
        Self { content: self.content.with_index(Some(Arc::new(index))), ..self }
    }
}

/// The version that a new one follows: the one that was asked for, else the current one.
pub(crate) fn parent_of<'a>(refs: &'a Refs, asked: Option<&str>) -> Result<Option<&'a VersionRef>, VersionError> {
    match asked {
        Some(asked) => refs.find(asked).map(Some),
        None => Ok(refs.current.and_then(|id| refs.by_id(&id))),
    }
}

/// What a version is built on.
pub(crate) struct Basis {
    pub objects: Arc<Objects>,
    pub parent: Option<Parent>,
}
