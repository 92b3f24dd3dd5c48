//! Merging two versions that come from one: what one side changed is taken; what both changed to different ends goes to a person.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::PathBuf;

use contract::Page;
use contract::version::{MergeConflict, MergePreview, Resolution, VersionSummary};

use crate::commit::{Draft, NewVersion};
use crate::compare::Reader;
use crate::difference::{self, Change, Difference};
use crate::merge_choices::Choices;
use crate::merge_files::{Edits, write_merged};
use crate::merge_side::{Version, read};
use crate::parent::Parent;
use crate::refs::{Refs, VersionRef};
use crate::row::Place;
use crate::store::{metadata_bytes, summarise};
use crate::{Progress, VersionError, VersionStore, seal};

/// Rows of a page at most.
const PAGE: u32 = 1000;

/// Two versions, the one that both come from, and what each changed.
struct Sides {
    base: Parent,
    ours: Parent,
    theirs: Parent,
    our_changes: Difference,
    their_changes: Difference,
    choices: Choices,
}

/// A sample that at least one side changed.
struct Case {
    /// Where it stood before both.
    base: Option<Place>,
    ours: Option<Place>,
    theirs: Option<Place>,
    changed: Changed,
}

/// Who changed a sample.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Changed {
    Ours,
    Theirs,
    Both,
}

/// How a case ends.
enum Outcome {
    /// As a side has it; `None`: not there.
    Is(Option<Box<Version>>),
    /// For a person to say.
    Conflict,
}

impl VersionStore {
    /// What a merge would do.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Unrelated`], [`VersionError::Archived`], [`VersionError::Damaged`],
    /// [`VersionError::Cancelled`].
    pub fn preview_merge(
        &self,
        ours: &str,
        theirs: &str,
        told: &mut Progress<'_>,
    ) -> Result<MergePreview, VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let sides = self.sides(&self.refs()?, ours, theirs, told)?;
        let (mut conflicts, mut resolved) = (0, 0);
        sides.for_each(&mut |case| {
            if let (Outcome::Conflict, versions) = case {
                conflicts += 1;
                resolved += u64::from(sides.choices.of(&versions.id()).is_some());
            }
            Ok(())
        })?;
        let number = |side: &Parent| side.version.version.to_string();
        Ok(MergePreview {
            ours: number(&sides.ours),
            theirs: number(&sides.theirs),
            base: number(&sides.base),
            our_changes: sides.our_changes.counts,
            their_changes: sides.their_changes.counts,
            conflicts,
            resolved,
        })
    }

    /// A page of the samples that both sides changed to different ends.
    ///
    /// # Errors
    /// As [`VersionStore::preview_merge`].
    pub fn conflicts(
        &self,
        (ours, theirs): (&str, &str),
        unresolved: bool,
        after: Option<i64>,
        limit: u32,
        told: &mut Progress<'_>,
    ) -> Result<Page<MergeConflict>, VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let sides = self.sides(&self.refs()?, ours, theirs, told)?;
        let mut all = Vec::new();
        sides.for_each(&mut |case| {
            if let (Outcome::Conflict, versions) = case {
                let id = versions.id();
                let resolution = sides.choices.of(&id).cloned();
                if !(unresolved && resolution.is_some()) {
                    let side = |version: &Option<Version>| version.as_ref().map(|version| version.side.clone());
                    let (base, ours, theirs) = (side(&versions.base), side(&versions.ours), side(&versions.theirs));
                    all.push(MergeConflict { id, base, ours, theirs, resolution });
                }
            }
            Ok(())
        })?;
        let first = after.map_or(0, |after| usize::try_from(after).map_or(0, |after| after + 1));
        let limit = limit.clamp(1, PAGE) as usize;
        let total = all.len();
        let rows: Vec<MergeConflict> = all.into_iter().skip(first).take(limit).collect();
        let last = first + rows.len();
        let next = (last < total).then(|| i64::try_from(last).ok().map(|last| last - 1)).flatten();
        Ok(Page { rows, next, total: Some(total as u64) })
    }

    /// Keeps how conflicts end; a `None` takes it back.
    ///
    /// # Errors
    /// As [`VersionStore::find`], and I/O errors.
    pub fn resolve(
        &self,
        (ours, theirs): (&str, &str),
        resolutions: Vec<(String, Option<Resolution>)>,
        others: Option<Resolution>,
        told: &mut Progress<'_>,
    ) -> Result<(), VersionError> {
        let _writing = self.lock_for_writing(told)?;
        let refs = self.refs()?;
        let path = self.choices_path(refs.find(ours)?, refs.find(theirs)?);
        let mut choices = Choices::read(&path)?;
        for (id, resolution) in resolutions {
            match resolution {
                Some(resolution) => choices.samples.insert(id, resolution),
                None => choices.samples.remove(&id),
            };
        }
        if others.is_some() {
            choices.others = others;
        }
        let bytes = seal::seal(&choices).map_err(|error| VersionError::write(&path)(error.into()))?;
        self.disk.make_folder(&self.merges()).map_err(VersionError::write(&path))?;
        self.disk.replace(&path, &bytes).map_err(VersionError::write(&path))
    }

    /// Merges `theirs` into `ours` as a version with both as parents; where theirs brings nothing, the merge is ours.
    ///
    /// # Errors
    /// [`VersionError::Conflicts`] while some are not resolved, as [`VersionStore::preview_merge`], and I/O errors.
    pub fn merge(
        &self,
        (ours, theirs): (&str, &str),
        request: &NewVersion<'_>,
        told: &mut Progress<'_>,
    ) -> Result<VersionSummary, VersionError> {
        let _writing = self.lock_for_writing(told)?;
        let refs = self.refs()?;
        if let Some(done) = self.done_before(&refs, request.key)? {
            // It may have been killed just before this.
            if let (Ok(ours), Ok(theirs)) = (refs.find(ours), refs.find(theirs)) {
                let choices = self.choices_path(ours, theirs);
                self.disk.remove_file(&choices).map_err(VersionError::write(&choices))?;
            }
            return Ok(done);
        }
        let objects = self.objects()?;
        let sides = self.sides(&refs, ours, theirs, told)?;
        let edits = sides.edits(request)?;
        let folder = self.folder.join("merge.partial");
        self.disk.remove_folder(&folder).map_err(VersionError::write(&folder))?;
        self.disk.make_folder(&folder).map_err(VersionError::write(&folder))?;
        let choices = self.choices_path(&sides.ours.version, &sides.theirs.version);
        let merged = (|| {
            write_merged(&self.disk, &sides.ours.content, edits, &folder)?;
            let draft = Draft::following(request, vec![sides.ours.version.clone(), sides.theirs.version]);
            let (basis, read) = self.basis(&draft, &folder, told)?;
            let read = read.like(
                metadata_bytes(&objects, &sides.ours.manifest, &sides.ours.version.version.to_string())?.as_deref(),
            );
            match self.publish(refs.clone(), &draft, &basis, &read, told) {
                // Theirs brings nothing: the merge is ours.
                Err(VersionError::Unchanged(_)) => Ok(summarise(&refs, &sides.ours.version, &sides.ours.manifest)),
                merged => merged,
            }
        })();
        // Of no use any more, whatever came of it.
        let _ = fs::remove_dir_all(&folder);
        let merged = merged?;
        self.disk.remove_file(&choices).map_err(VersionError::write(&choices))?;
        Ok(merged)
    }

    fn choices_path(&self, ours: &VersionRef, theirs: &VersionRef) -> PathBuf {
        let short = |version: &VersionRef| version.id.to_string()[..16].to_owned();
        self.merges().join(format!("{}-{}.json", short(ours), short(theirs)))
    }

    fn sides(&self, refs: &Refs, ours: &str, theirs: &str, told: &mut Progress<'_>) -> Result<Sides, VersionError> {
        let (ours, theirs) = (refs.find(ours)?, refs.find(theirs)?);
        let base = self.common(refs, ours, theirs)?;
        let objects = self.objects()?;
        let open = |version| Parent::open(self, &objects, version);
        let (base, ours, theirs) = (open(base)?, open(ours)?, open(theirs)?);
        let our_changes = difference::between(Some(&base.content), &ours.content, told)?;
        let their_changes = difference::between(Some(&base.content), &theirs.content, told)?;
        let choices = Choices::read(&self.choices_path(&ours.version, &theirs.version))?;
        Ok(Sides { base, ours, theirs, our_changes, their_changes, choices })
    }

    /// The latest version that both come from.
    fn common<'a>(
        &self,
        refs: &'a Refs,
        ours: &VersionRef,
        theirs: &VersionRef,
    ) -> Result<&'a VersionRef, VersionError> {
        let ancestors = |version| -> Result<HashSet<_>, VersionError> {
            Ok(self.ancestors(refs, Some(version))?.into_iter().map(|version| version.id).collect())
        };
        let (of_ours, of_theirs) = (ancestors(ours)?, ancestors(theirs)?);
        let common =
            refs.versions.iter().rev().find(|version| of_ours.contains(&version.id) && of_theirs.contains(&version.id));
        common.ok_or_else(|| VersionError::Unrelated(ours.version.to_string(), theirs.version.to_string()))
    }
}

/// A case's sample on all sides.
struct Versions {
    base: Option<Version>,
    ours: Option<Version>,
    theirs: Option<Version>,
}

impl Versions {
    /// The id that both sides know, else the one that there is.
    fn id(&self) -> String {
        let known = self.base.iter().chain(&self.ours).chain(&self.theirs).next();
        known.map(|version| version.id.clone()).unwrap_or_default()
    }
}

impl Sides {
    /// Samples that a side changed: in the order in which ours has or had them, then those that theirs alone knows.
    fn cases(&self) -> Vec<Case> {
        let mut at: HashMap<u64, usize> = HashMap::new();
        let mut cases: Vec<Case> = Vec::new();
        for change in &self.our_changes.changes {
            at.insert(change.id, cases.len());
            cases.push(Case { base: change.old, ours: change.new, theirs: None, changed: Changed::Ours });
        }
        for change in &self.their_changes.changes {
            let Change { old: base, new: theirs, .. } = *change;
            match at.get(&change.id).map(|case| &mut cases[*case]) {
                Some(case) => (case.theirs, case.changed) = (theirs, Changed::Both),
                None => cases.push(Case { base, ours: None, theirs, changed: Changed::Theirs }),
            }
        }
        cases
    }

    /// Decides on each case.
    fn for_each(
        &self,
        visit: &mut dyn FnMut((Outcome, Versions)) -> Result<(), VersionError>,
    ) -> Result<(), VersionError> {
        let mut base = Reader::new(&self.base.content);
        let mut ours = Reader::new(&self.ours.content);
        let mut theirs = Reader::new(&self.theirs.content);
        for case in self.cases() {
            let mut versions = Versions {
                base: read(&mut base, case.base)?,
                ours: read(&mut ours, case.ours)?,
                theirs: read(&mut theirs, case.theirs)?,
            };
            let outcome = match case.changed {
                Changed::Ours => {
                    versions.theirs = versions.base.clone();
                    Outcome::Is(versions.ours.clone().map(Box::new))
                }
                Changed::Theirs => {
                    versions.ours = versions.base.clone();
                    Outcome::Is(versions.theirs.clone().map(Box::new))
                }
                Changed::Both => decide(&versions),
            };
            visit((outcome, versions))?;
        }
        Ok(())
    }

    /// What is to be done to ours, conflicts as they were resolved.
    fn edits(&self, request: &NewVersion<'_>) -> Result<Edits, VersionError> {
        let (mut edits, mut open) = (Edits::default(), 0);
        self.for_each(&mut |(outcome, versions)| {
            let end = match outcome {
                Outcome::Is(end) => Some(end.map(|end| *end)),
                Outcome::Conflict => match self.choices.of(&versions.id()) {
                    Some(Resolution::Ours) => Some(versions.ours.clone()),
                    Some(Resolution::Theirs) => Some(versions.theirs.clone()),
                    Some(Resolution::Base) => Some(versions.base.clone()),
                    Some(Resolution::Label(label)) => {
                        let version = versions.ours.as_ref().or(versions.theirs.as_ref());
                        Some(version.map(|version| version.relabelled(label, request)))
                    }
                    None => None,
                },
            };
            match end {
                None => open += 1,
                Some(end) if end.as_ref().map(Version::place) != versions.ours.as_ref().map(Version::place) => {
                    edits.replace(
                        versions.ours.as_ref().map(Version::place),
                        end.map(|end| (end.id, end.file, end.line)),
                    );
                }
                Some(_) => {}
            }
            Ok(())
        })?;
        if open > 0 { Err(VersionError::Conflicts(open)) } else { Ok(edits) }
    }
}

/// Whether what both sides made of a sample can stand together.
fn decide(versions: &Versions) -> Outcome {
    let (base, ours, theirs) = match (&versions.base, &versions.ours, &versions.theirs) {
        (_, None, None) => return Outcome::Is(None),
        (Some(base), Some(ours), Some(theirs)) => (base, ours, theirs),
        // Added by both.
        (None, Some(ours), Some(theirs)) => {
            let same = ours.says() == theirs.says() && ours.file == theirs.file;
            return if same { Outcome::Is(Some(Box::new(ours.clone()))) } else { Outcome::Conflict };
        }
        // Removed by one; the other changed what it says, or only where it stands and who decided.
        (base, Some(left), None) | (base, None, Some(left)) => {
            let same = base.as_ref().is_some_and(|base| base.says() == left.says() && base.file == left.file);
            return if same { Outcome::Is(None) } else { Outcome::Conflict };
        }
    };
    let content = match (ours.says() == base.says(), theirs.says() == base.says()) {
        _ if ours.says() == theirs.says() => ours,
        (true, false) => theirs,
        (false, true) => ours,
        _ => return Outcome::Conflict,
    };
    // There are two files: who moved it moved it to the other one.
    let file = if ours.file == base.file { theirs.file } else { ours.file };
    Outcome::Is(Some(Box::new(Version { file, ..content.clone() })))
}
