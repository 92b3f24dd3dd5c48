//! What lies beside the versions, and no version needs: line indexes, reports of promises, choices of merges that are not done.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use contract::version::{CheckReport, ProblemKind};

use crate::disk::files_of;
use crate::merge_choices::Choices;
use crate::verify::{Findings, kind_of};
use crate::{VersionStore, line_index, seal};

/// Looks at a file; answers how many bytes were read.
type Look = fn(&Path) -> io::Result<u64>;

impl VersionStore {
    /// Where the choices of merges that are not done are kept.
    pub(crate) fn merges(&self) -> PathBuf {
        self.folder.join("merges")
    }

    /// Whether a file, named relative to the store's folder, is one of those that no version needs.
    pub(crate) fn is_beside(&self, file: &str) -> bool {
        let path = self.absolute(file);
        [self.indexes(), self.checks(), self.merges()].iter().any(|folder| path.parent() == Some(folder))
    }

    /// Looks whether what lies beside the versions is what was written.
    pub(crate) fn look_beside(&self, findings: &mut Findings) {
        let all: [(PathBuf, &str, Look); 3] = [
            (self.indexes(), "lines", line_index::examine),
            (self.checks(), "json", look_at_sealed::<CheckReport>),
            (self.merges(), "json", look_at_sealed::<Choices>),
        ];
        for (folder, extension, look) in all {
            let files = files_of(&folder, extension).unwrap_or_else(|error| {
                findings.note(kind_of(&error), self.relative(&folder), None, None);
                Vec::new()
            });
            for path in files {
                match look(&path) {
                    Ok(bytes) => {
                        findings.report.files += 1;
                        findings.report.bytes += bytes;
                    }
                    // Somebody committed in the meantime, and a newer one is there.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => {
                        findings.report.files += 1;
                        let kind = match kind_of(&error) {
                            ProblemKind::Damaged if folder != self.merges() => ProblemKind::Redundant,
                            kind => kind,
                        };
                        findings.note(kind, self.relative(&path), None, None);
                    }
                }
            }
        }
    }

    /// Damaged files that no version needs. Choices of a merge that can't be read are of no use either, and in the way of new ones.
    pub(crate) fn redundant(&self) -> Vec<PathBuf> {
        let mut findings = Findings::default();
        self.look_beside(&mut findings);
        let damaged = |kind: ProblemKind| matches!(kind, ProblemKind::Redundant | ProblemKind::Damaged);
        let problems = findings.report.problems.iter().filter(|problem| damaged(problem.kind));
        problems.map(|problem| self.absolute(&problem.file)).collect()
    }
}

fn look_at_sealed<T: serde::de::DeserializeOwned>(path: &Path) -> io::Result<u64> {
    let bytes = fs::read(path)?;
    match seal::open_or_bare::<T>(&bytes) {
        Ok(_) => Ok(bytes.len() as u64),
        Err(detail) => Err(io::Error::new(io::ErrorKind::InvalidData, detail)),
    }
}
