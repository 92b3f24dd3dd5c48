//! Versions beside each other: what changed, and merging.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use contract::spreadsheet::harmless;
use contract::version::{
    CompareVersions, ExportChanges, ListChanges, ListConflicts, MergeConflict, MergePreview, PreviewMerge, Resolution,
    ResolveConflicts, SampleChange, SampleSide, StartMerge, VersionComparison,
};
use contract::{CallError, ErrorCode, JobId, Page};
use pipeline::version::{VersionWork, Wanted};

use super::version::{author, language, number, start};
use crate::Winnow;
use crate::path::absolute;
use crate::project::Project;
use crate::route::Handle;

impl Handle for CompareVersions {
    fn handle(self, winnow: &Winnow) -> Result<VersionComparison, CallError> {
        let project = winnow.project(&self.project)?;
        let versions = (self.from.trim(), self.to.trim());
        project.comparisons().with(&project.versions(), versions, |comparison| Ok(comparison.summary()))
    }
}

impl Handle for ListChanges {
    fn handle(self, winnow: &Winnow) -> Result<Page<SampleChange>, CallError> {
        let project = winnow.project(&self.project)?;
        let versions = (self.from.trim(), self.to.trim());
        project.comparisons().with(&project.versions(), versions, |comparison| {
            Ok(comparison.page(&self.filter, self.after, self.limit)?)
        })
    }
}

impl Handle for ExportChanges {
    fn handle(self, winnow: &Winnow) -> Result<u64, CallError> {
        let project = winnow.project(&self.project)?;
        let path = absolute(&self.file)?;
        let versions = (self.from.trim(), self.to.trim());
        project.comparisons().with(&project.versions(), versions, |comparison| {
            let mut export = Export::create(&path, self.formula_safe)?;
            let (mut written, mut failed) = (0, None);
            comparison.visit(&self.filter, 0, &mut |_, change| match export.push(&change) {
                Ok(()) => {
                    written += 1;
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            })?;
            match failed {
                Some(error) => Err(CallError::from_io(&error, path.display(), true)),
                None => export.finish(&path).map(|()| written),
            }
        })
    }
}

/// A file of changed samples; it gets its name when it is whole.
enum Export {
    Csv {
        writer: Box<csv::Writer<BufWriter<File>>>,
        /// Whether cells that a spreadsheet would take for a formula are disarmed.
        safe: bool,
    },
    Jsonl(BufWriter<File>),
}

/// Names of the columns.
const HEAD: [&str; 12] = [
    "id",
    "kinds",
    "label_before",
    "label_after",
    "text_before",
    "text_after",
    "split_before",
    "split_after",
    "decided_by",
    "decided_at",
    "source",
    "row",
];

impl Export {
    fn create(path: &Path, safe: bool) -> Result<Self, CallError> {
        let failed = |error: std::io::Error| CallError::from_io(&error, path.display(), true);
        let file = BufWriter::with_capacity(1 << 18, File::create(partial(path)).map_err(failed)?);
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
            let mut writer = csv::Writer::from_writer(file);
            writer.write_record(HEAD).map_err(|error| failed(error.into()))?;
            return Ok(Self::Csv { writer: Box::new(writer), safe });
        }
        Ok(Self::Jsonl(file))
    }

    fn push(&mut self, change: &SampleChange) -> std::io::Result<()> {
        match self {
            Self::Jsonl(writer) => {
                serde_json::to_writer(&mut *writer, change)?;
                writer.write_all(b"\n")
            }
            Self::Csv { writer, safe: false } => Ok(writer.write_record(record(change))?),
            Self::Csv { writer, safe: true } => {
                Ok(writer.write_record(record(change).map(|cell| harmless(&cell).into_owned()))?)
            }
        }
    }

    fn finish(self, path: &Path) -> Result<(), CallError> {
        let failed = |error: std::io::Error| CallError::from_io(&error, path.display(), true);
        let file = match self {
            Self::Jsonl(writer) => writer,
            Self::Csv { writer, .. } => writer.into_inner().map_err(|error| failed(error.into_error()))?,
        };
        file.into_inner().map_err(|error| failed(error.into_error()))?.sync_all().map_err(failed)?;
        std::fs::rename(partial(path), path).map_err(failed)
    }
}

fn partial(path: &Path) -> std::path::PathBuf {
    path.with_file_name(format!("{}.partial", path.file_name().unwrap_or_default().to_string_lossy()))
}

fn record(change: &SampleChange) -> [String; 12] {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let latest = after.or(before);
    let field = |side: Option<&SampleSide>, field: fn(&SampleSide) -> String| side.map(field).unwrap_or_default();
    let text: fn(&SampleSide) -> String = |side| side.text.clone();
    let label: fn(&SampleSide) -> String = |side| side.label.clone();
    let split: fn(&SampleSide) -> String = |side| side.split.map(|split| split.name().to_owned()).unwrap_or_default();
    let kinds: Vec<&str> = change.kinds.iter().map(|kind| kind.name()).collect();
    [
        change.id.clone(),
        kinds.join(" "),
        field(before, label),
        field(after, label),
        field(before, text),
        field(after, text),
        field(before, split),
        field(after, split),
        field(latest, |side| side.decided_by.clone().unwrap_or_default()),
        field(latest, |side| side.decided_at.map(|at| at.to_string()).unwrap_or_default()),
        field(latest, |side| side.source.clone()),
        field(latest, |side| side.row.map(|row| row.to_string()).unwrap_or_default()),
    ]
}

impl Handle for PreviewMerge {
    fn handle(self, winnow: &Winnow) -> Result<MergePreview, CallError> {
        let versions = winnow.project(&self.project)?.versions();
        Ok(versions.preview_merge(self.ours.trim(), self.theirs.trim(), &mut |_| ControlFlow::Continue(()))?)
    }
}

impl Handle for ListConflicts {
    fn handle(self, winnow: &Winnow) -> Result<Page<MergeConflict>, CallError> {
        let versions = winnow.project(&self.project)?.versions();
        let sides = (self.ours.trim(), self.theirs.trim());
        Ok(versions.conflicts(sides, self.unresolved, self.after, self.limit, &mut |_| ControlFlow::Continue(()))?)
    }
}

impl Handle for ResolveConflicts {
    fn handle(self, winnow: &Winnow) -> Result<MergePreview, CallError> {
        let project = winnow.writable(&self.project)?;
        let (ours, theirs) = (self.ours.trim(), self.theirs.trim());
        let resolutions = self.resolutions.iter().filter_map(|(_, resolution)| resolution.as_ref()).chain(&self.others);
        let given = resolutions.filter_map(|resolution| match resolution {
            Resolution::Label(label) => Some(label.as_str()),
            _ => None,
        });
        check_labels(&project, (ours, theirs), given)?;
        let (versions, go_on) = (project.versions(), &mut |_| ControlFlow::Continue(()));
        versions.resolve((ours, theirs), self.resolutions, self.others, go_on)?;
        Ok(versions.preview_merge(ours, theirs, go_on)?)
    }
}

/// Labels that a refusal names.
const NAMED: usize = 40;

/// Refuses labels that neither the project's schema nor either version has: versions of folders and imports have labels of their own,
/// and the project may have no schema at all.
fn check_labels<'a>(
    project: &Project,
    (ours, theirs): (&str, &str),
    given: impl Iterator<Item = &'a str>,
) -> Result<(), CallError> {
    let mut given = given.peekable();
    if given.peek().is_none() {
        return Ok(());
    }
    let mut labels: BTreeSet<String> = project.store().schema()?.domains.into_iter().map(|domain| domain.id).collect();
    for version in [ours, theirs] {
        let detail = project.versions().show(version)?;
        labels.extend(detail.statistics.domains.into_keys());
        labels.extend(detail.metadata.into_iter().flat_map(|metadata| metadata.domains));
    }
    let Some(stranger) = given.find(|label| !labels.contains(*label)) else { return Ok(()) };
    let mut named: Vec<&str> = labels.iter().map(String::as_str).take(NAMED).collect();
    if labels.len() > NAMED {
        named.push("…");
    }
    Err(CallError::new(ErrorCode::MergeLabelUnknown).with("label", stranger).with("labels", named.join(", ")))
}

impl Handle for StartMerge {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        let (ours, theirs) = (number(&project, &self.ours)?, number(&project, &self.theirs)?);
        // Whether conflicts are open the job finds out, as it looks for them anyway.
        let message = match self.message.trim() {
            "" => catalogue::Text::merge_message(language(winnow), &theirs, &ours),
            message => message.to_owned(),
        };
        let author = author(winnow, &self.author);
        let wanted = Wanted { message, author, increment: self.increment, ..Wanted::default() };
        start(&project, VersionWork::Merge { ours, theirs, wanted })
    }
}
