//! Line indexes of a store: that of the version that was committed last, and the one that it builds on.

use std::path::{Path, PathBuf};

use contract::version::VersionSummary;

use crate::commit::Draft;
use crate::content::{Content, Folder, Stored};
use crate::difference::{Difference, Work};
use crate::disk::files_of;
use crate::folder::ReadFolder;
use crate::hash::Hash;
use crate::index_base::IndexWriter;
use crate::line::FileLines;
use crate::line_index::{LineIndex, NextIndex, SharedIndex, identity, path_of};
use crate::looking::{Deltas, Keeping, Looking};
use crate::parent::{Basis, Parent};
use crate::secret::Secret;
use crate::{Progress, VersionError, VersionStore};

/// What a commit found out about its content.
pub(crate) struct Found {
    pub difference: Difference,
    /// By file.
    pub deltas: [Deltas; 2],
    /// The index of the new version's lines; nothing where its parent has none.
    pub index: Option<NewIndex>,
}

/// An index to be.
pub(crate) enum NewIndex {
    /// Of a version that follows none.
    Whole(IndexWriter),
    /// Told by that of the version before.
    Next(SharedIndex, NextIndex),
}

impl VersionStore {
    pub(crate) fn indexes(&self) -> PathBuf {
        self.folder.join("lines")
    }

    /// What a version is built on, and the folder that it is made of. Its parent's lines are indexed where they were not.
    pub(crate) fn basis(
        &self,
        draft: &Draft<'_>,
        dataset: &Path,
        told: &mut Progress<'_>,
    ) -> Result<(Basis, ReadFolder), VersionError> {
        let objects = self.objects()?;
        let parent = draft.parents.first().map(|parent| Parent::open(self, &objects, parent)).transpose()?;
        let (place, id) = (self.indexes(), parent.as_ref().map(|parent| parent.version.id));
        let secret = id.and_then(|id| LineIndex::secret_of(&place, &id)).unwrap_or_else(Secret::drawn);
        // The index is read while the folder is.
        let lists = parent.as_ref().map(|parent| parent.content.lists());
        let (index, folder) = std::thread::scope(|scope| {
            let opening = scope.spawn(|| LineIndex::open(&place, &id?, lists?));
            let folder = ReadFolder::read(dataset, &secret, told);
            (opening.join().ok().flatten(), folder)
        });
        let folder = folder?;
        let parent = parent.map(|parent| match index {
            Some(index) => Ok(parent.with_content_index(index)),
            None => self.indexed(parent, &secret, told),
        });
        Ok((Basis { objects, parent: parent.transpose()? }, folder))
    }

    /// A version with the index of its lines, which was missing.
    fn indexed(&self, parent: Parent, secret: &Secret, told: &mut Progress<'_>) -> Result<Parent, VersionError> {
        let [train, eval] = read_lines(&parent.content, secret, told)?;
        let (folder, of) = (self.indexes(), identity(parent.content.lists()));
        let mut writer = IndexWriter::begin(&self.disk, &folder, secret, &of, [&train, &eval]);
        let (mut looking, mut work) = (Looking::counting(&parent.content, secret.clone()), Work { told, done: 0 });
        for file in 0..2 {
            looking.count(file, Some(&mut writer), &mut work)?;
        }
        // Without it, the commit takes longer.
        let _ = writer.finish(&path_of(&folder, &parent.version.id));
        Ok(parent.with_index(self))
    }

    /// Compares a folder with the version that it follows; keeps what the next commit will ask for.
    pub(crate) fn compare_indexing(
        &self,
        old: Option<&Stored>,
        folder: &Folder,
        told: &mut Progress<'_>,
    ) -> Result<Found, VersionError> {
        let mut looking = Looking::between(old.map(|old| old as &dyn Content), folder);
        let (mut deltas, mut work) = ([Deltas::new(), Deltas::new()], Work { told, done: 0 });
        let Some(old) = old else {
            let lines = [&folder.cuts()[0].lines, &folder.cuts()[1].lines];
            let (of, place) = (identity(folder.lists()), self.indexes());
            let mut writer = IndexWriter::begin(&self.disk, &place, folder.secret(), &of, lines);
            for file in 0..2 {
                looking.count(file, Some(&mut writer), &mut work)?;
            }
            return Ok(Found { difference: looking.difference(), deltas, index: Some(NewIndex::Whole(writer)) });
        };
        let mut next = old.index().map(|index| NextIndex::after(index));
        for (file, deltas) in (0..).zip(&mut deltas) {
            looking.look(file, Some(Keeping { index: next.as_mut(), deltas }), &mut work)?;
        }
        let index = old.index().cloned().zip(next).map(|(before, next)| NewIndex::Next(before, next));
        Ok(Found { difference: looking.difference(), deltas, index })
    }

    /// Gives the index of a version that was just committed its name; older ones go. It only saves time, and the version is there: what
    /// goes wrong here is no error.
    pub(crate) fn keep_index(&self, index: Option<NewIndex>, folder: &Folder, version: &VersionSummary) {
        let (Some(index), Ok(id)) = (index, version.id.parse::<Hash>()) else { return };
        let place = self.indexes();
        let kept = match index {
            NewIndex::Whole(writer) => writer.finish(&path_of(&place, &id)).map(|()| None),
            NewIndex::Next(before, next) => {
                let lines = [&folder.cuts()[0].lines, &folder.cuts()[1].lines];
                next.write(&before, (&self.disk, &place, &id), (&identity(folder.lists()), lines))
            }
        };
        let kept: Vec<PathBuf> = kept.ok().flatten().into_iter().chain([id]).map(|id| path_of(&place, &id)).collect();
        for path in files_of(&place, "lines").unwrap_or_default() {
            if !kept.contains(&path) {
                let _ = self.disk.remove_file(&path);
            }
        }
    }
}

/// The lines of both files of a version.
fn read_lines(content: &Stored, secret: &Secret, told: &mut Progress<'_>) -> Result<[FileLines; 2], VersionError> {
    let (looking, mut work) = (Looking::counting(content, secret.clone()), Work { told, done: 0 });
    let mut lines = |file: u8| {
        let chunks: Vec<u32> = (0..).zip(content.chunks(file)).map(|(place, _)| place).collect();
        looking.lines(content, file, &chunks, &mut work)
    };
    Ok([lines(0)?, lines(1)?])
}
