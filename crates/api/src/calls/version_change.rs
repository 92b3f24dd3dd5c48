//! Versions beside each other: what changed, and merging.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use contract::spreadsheet::harmless;
use contract::version::{
    CompareVersions, ExportChanges, ListChanges, ListConflicts, MergeConflict, MergePreview, PreviewMerge,
    ResolveConflicts, SampleChange, SampleSide, StartMerge, VersionComparison,
};
use contract::{CallError, ErrorCode, JobId, Page};
use pipeline::version::{VersionWork, Wanted};

use super::version::{author, language, number, start};
use crate::Winnow;
use crate::path::absolute;
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
            let mut export = Export::create(&path)?;
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
    Csv(Box<csv::Writer<BufWriter<File>>>),
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
    fn create(path: &Path) -> Result<Self, CallError> {
        let failed = |error: std::io::Error| CallError::from_io(&error, path.display(), true);
        let file = BufWriter::with_capacity(1 << 18, File::create(partial(path)).map_err(failed)?);
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
            let mut writer = csv::Writer::from_writer(file);
            writer.write_record(HEAD).map_err(|error| failed(error.into()))?;
            return Ok(Self::Csv(Box::new(writer)));
        }
        Ok(Self::Jsonl(file))
    }

    fn push(&mut self, change: &SampleChange) -> std::io::Result<()> {
        match self {
            Self::Jsonl(writer) => {
                serde_json::to_writer(&mut *writer, change)?;
                writer.write_all(b"\n")
            }
            Self::Csv(writer) => Ok(writer.write_record(record(change))?),
        }
    }

    fn finish(self, path: &Path) -> Result<(), CallError> {
        let failed = |error: std::io::Error| CallError::from_io(&error, path.display(), true);
        let file = match self {
            Self::Jsonl(writer) => writer,
            Self::Csv(writer) => writer.into_inner().map_err(|error| failed(error.into_error()))?,
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
    let fields = [
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
    ];
    // The texts are anybody's: a spreadsheet must not take one for a formula.
    fields.map(|field| harmless(&field).into_owned())
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
        let schema = project.store().schema()?;
        for resolution in self.resolutions.iter().filter_map(|(_, resolution)| resolution.as_ref()).chain(&self.others)
        {
            if let contract::version::Resolution::Label(label) = resolution
                && !schema.domains.iter().any(|domain| domain.id == *label)
            {
                return Err(CallError::new(ErrorCode::DomainUnknown).with("domain", label));
            }
        }
        let (versions, go_on) = (project.versions(), &mut |_| ControlFlow::Continue(()));
        let (ours, theirs) = (self.ours.trim(), self.theirs.trim());
        versions.resolve((ours, theirs), self.resolutions, self.others, go_on)?;
        Ok(versions.preview_merge(ours, theirs, go_on)?)
    }
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
