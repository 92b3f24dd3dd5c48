//! Line indexes of a store: one beside each of the versions that were committed last.

use std::fs;
use std::path::{Path, PathBuf};

use contract::version::VersionSummary;

use crate::commit::{Basis, Draft, Parent};
use crate::content::{Content, Folder, Stored};
use crate::difference::{Difference, Work};
use crate::disk::files_of;
use crate::folder::ReadFolder;
use crate::hash::Hash;
use crate::line::FileLines;
use crate::line_index::{IndexWriter, LineIndex};
use crate::looking::{Deltas, Keeping, Looking};
use crate::secret::Secret;
use crate::{Progress, VersionError, VersionStore};

/// Indexes that are kept, those that were made last: the next commit needs one.
const KEPT: usize = 1;

/// What a commit found out about its content.
pub(crate) struct Found {
    pub difference: Difference,
    /// By file.
    pub deltas: [Deltas; 2],
    /// The index of the new version's lines.
    pub index: IndexWriter,
}

impl VersionStore {
    pub(crate) fn indexes(&self) -> PathBuf {
        self.folder.join("lines")
    }

    pub(crate) fn index_path(&self, version: &Hash) -> PathBuf {
        self.indexes().join(format!("{version}.lines"))
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
        let path = parent.as_ref().map(|parent| self.index_path(&parent.version.id));
        let secret = path.as_ref().and_then(|path| LineIndex::secret_in(path)).unwrap_or_else(Secret::drawn);
        // The index is read while the folder is.
        let (index, folder) = std::thread::scope(|scope| {
            let lists = parent.as_ref().map(|parent| parent.content.lists());
            let opening = scope.spawn(move || LineIndex::open(&path?, lists?));
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
        let mut writer = self.begin_index(secret, &parent.content, [&train, &eval]);
        let (mut looking, mut work) = (Looking::counting(&parent.content, secret.clone()), Work { told, done: 0 });
        for file in 0..2 {
            let keeping = Keeping { index: &mut writer, deltas: &mut Deltas::new() };
            looking.look(file, Some(keeping), &mut work)?;
        }
        // Without it, the commit takes longer.
        let _ = writer.finish(&self.index_path(&parent.version.id), &[]);
        Ok(parent.with_index(self))
    }

    fn begin_index(&self, secret: &Secret, content: &dyn Content, lines: [&FileLines; 2]) -> IndexWriter {
        let content = [(content.chunks(0), lines[0]), (content.chunks(1), lines[1])];
        IndexWriter::begin(&self.disk, &self.indexes(), secret, content)
    }

    /// Compares a folder with the version that it follows; keeps what the next commit will ask for.
    pub(crate) fn compare_indexing(
        &self,
        old: Option<&Stored>,
        folder: &Folder,
        told: &mut Progress<'_>,
    ) -> Result<Found, VersionError> {
        let mut looking = Looking::between(old.map(|old| old as &dyn Content), folder);
        let lines = [&folder.cuts()[0].lines, &folder.cuts()[1].lines];
        let mut index = self.begin_index(folder.secret(), folder, lines);
        match old.map(Content::index) {
            Some(Some(old)) => index.names().clone_from(old.names()),
            Some(None) => index.fail(),
            None => {}
        }
        let (mut deltas, mut work) = ([Deltas::new(), Deltas::new()], Work { told, done: 0 });
        for (file, deltas) in (0..).zip(&mut deltas) {
            looking.look(file, Some(Keeping { index: &mut index, deltas }), &mut work)?;
        }
        Ok(Found { difference: looking.difference(), deltas, index })
    }

    /// Gives the index of a version that was just committed its name; older ones go.
    pub(crate) fn keep_index(&self, index: IndexWriter, version: &VersionSummary) {
        let Ok(id) = version.id.parse::<Hash>() else { return };
        let mut known = files_of(&self.indexes(), "lines").unwrap_or_default();
        known.sort_by_key(|path| fs::metadata(path).and_then(|file| file.modified()).ok());
        let surplus = (known.len() + 1).saturating_sub(KEPT);
        // It only saves time, and the version is there.
        let _ = index.finish(&self.index_path(&id), &known[..surplus.min(known.len())]);
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
