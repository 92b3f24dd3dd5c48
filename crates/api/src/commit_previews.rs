//! Previews of commits, kept between calls: a person who writes a message and chooses a number asks for the same one many times, and each
//! reads the whole dataset.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use contract::CallError;
use contract::version::{CommitPreview, Increment};
use versions::VersionStore;

/// So many are kept.
const KEPT: usize = 4;
/// Files that were written later than this before they were read may be written again without showing it: clocks of file systems are
/// coarse.
const SETTLED: Duration = Duration::from_secs(2);
/// What a commit reads.
const FILES: [&str; 3] = ["train.jsonl", "eval.jsonl", "metadata.json"];

/// What tells a file from what it was: its bytes and when it was written; `None` where there is none.
type Stamp = Option<(u64, SystemTime)>;

/// What a preview depends on, beside the part of its number that grows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subject {
    folder: PathBuf,
    files: [Stamp; 3],
    parent: Option<String>,
    /// [`VersionStore::state`].
    state: String,
}

impl Subject {
    fn of(versions: &VersionStore, folder: &Path, parent: Option<&str>) -> Result<Self, CallError> {
        let stamp = |name: &str| {
            let metadata = fs::metadata(folder.join(name)).ok()?;
            Some((metadata.len(), metadata.modified().ok()?))
        };
        let parent = parent.map(str::to_owned);
        Ok(Self { folder: folder.to_owned(), files: FILES.map(stamp), parent, state: versions.state()? })
    }

    /// Whether its files, if they change, will show it.
    fn is_settled(&self, now: SystemTime) -> bool {
        let settled = |(_, written): &(u64, SystemTime)| now.duration_since(*written).is_ok_and(|age| age > SETTLED);
        self.files.iter().flatten().all(settled)
    }
}

/// The previews of an open project that were made last.
#[derive(Default)]
pub(crate) struct CommitPreviews {
    kept: Mutex<Vec<(Subject, CommitPreview)>>,
}

impl CommitPreviews {
    /// What committing a folder would change. It is read again only where it, the parent or the versions may be others than before.
    pub(crate) fn of(
        &self,
        versions: &VersionStore,
        folder: &Path,
        parent: Option<&str>,
        increment: Increment,
    ) -> Result<CommitPreview, CallError> {
        let (began, before) = (SystemTime::now(), Subject::of(versions, folder, parent)?);
        if let Some(known) = self.known(&before) {
            return Ok(versions.renumbered(&known, increment)?);
        }
        let preview = versions.preview_commit(folder, parent, increment, &mut |_| ControlFlow::Continue(()))?;
        if before.is_settled(began) && Subject::of(versions, folder, parent)? == before {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.retain(|(subject, _)| *subject != before);
            kept.insert(0, (before, preview.clone()));
            kept.truncate(KEPT);
        }
        Ok(preview)
    }

    fn known(&self, subject: &Subject) -> Option<CommitPreview> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(of, _)| of == subject).map(|(_, preview)| preview.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Write;

    fn write(folder: &Path, name: &str, rows: std::ops::Range<u32>, age: u64) {
        let line = |row: u32| format!("{{\"id\":\"{row:04}\",\"text\":\"text {row:04}\",\"label\":\"a\"}}\n");
        let mut file = File::create(folder.join(name)).expect("a file");
        file.write_all(rows.map(line).collect::<String>().as_bytes()).expect("written");
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).expect("a time");
    }

    #[test]
    fn a_preview_is_made_once_and_never_stale() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("dataset");
        fs::create_dir(&folder).expect("a folder");
        let versions = VersionStore::open(&place.path().join("versions"));
        let previews = CommitPreviews::default();
        let of = |increment| previews.of(&versions, &folder, None, increment).expect("a preview");
        let kept = || previews.kept.lock().expect("no panic").len();
        write(&folder, "train.jsonl", 0..50, 3600);
        write(&folder, "eval.jsonl", 50..60, 3600);
        let first = of(Increment::Auto);
        assert_eq!((first.version.as_str(), first.train, first.eval, first.changes.added), ("1.0.0", 50, 10, 60));
        assert_eq!((of(Increment::Auto), kept()), (first, 1));

        let version = versions::NewVersion { message: "m", author: "a", key: "1", ..versions::NewVersion::default() };
        let request = versions::CommitRequest { dataset: &folder, as_written: false, parent: None, version };
        versions.commit(&request, &mut |_| ControlFlow::Continue(())).expect("a version");
        assert!(of(Increment::Auto).unchanged, "the versions are others than before");

        // Other rows with as many bytes, written at another time.
        write(&folder, "train.jsonl", 100..150, 1800);
        let changed = of(Increment::Auto);
        assert_eq!((changed.changes.added, changed.changes.removed, changed.unchanged), (50, 50, false));
        for (increment, number) in
            [(Increment::Major, "2.0.0"), (Increment::Minor, "1.1.0"), (Increment::Patch, "1.0.1")]
        {
            let told = of(increment);
            assert_eq!(told.version, number);
            let read = versions.preview_commit(&folder, None, increment, &mut |_| ControlFlow::Continue(()));
            assert_eq!(told, read.expect("a preview"), "as if it were made anew");
        }
        assert_eq!(kept(), 3, "one for each of what was there");

        // What was written just now may be written again within the same tick.
        write(&folder, "train.jsonl", 200..250, 0);
        assert_eq!((of(Increment::Auto).changes.added, kept()), (50, 3));
    }
}
