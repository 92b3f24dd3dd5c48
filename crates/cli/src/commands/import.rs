//! `winnow import`: files into items.

use catalogue::Language;
use contract::SourceId;
use contract::job::JobResult;
use contract::source::{ExportDropped, FileSpec, ImportReport, ListSources, StartImport, TryCleaning, WrittenFile};

use crate::arguments::Import;
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

pub fn import(lang: Language, import: &Import) -> Result<Reply, Failure> {
    let session = Session::open(lang, &import.dir)?;
    let files: Vec<FileSpec> =
        import.files.iter().map(|file| import.reading.of_file(file)).collect::<Result<_, _>>()?;
    if import.dry_run {
        let reports = trial(&session, files)?;
        return Reply::new(&reports, report::sources::imported(lang, &reports, true));
    }
    let reports = import_files(&session, files)?;
    let mut text = report::sources::imported(lang, &reports, false);
    if let Some(to) = &import.dropped {
        let written = export_dropped(&session, &reports, &path_text(to)?)?;
        text += &report::sources::written(lang, &written);
    }
    Reply::new(&reports, text)
}

fn trial(session: &Session, files: Vec<FileSpec>) -> Result<Vec<ImportReport>, Failure> {
    files.into_iter().map(|file| session.call(TryCleaning { project: session.project(), file, rows: None })).collect()
}

/// Imports files in one job.
pub fn import_files(session: &Session, files: Vec<FileSpec>) -> Result<Vec<ImportReport>, Failure> {
    let status = session.run(StartImport { project: session.project(), files })?;
    match status.result {
        Some(JobResult::Import(reports)) => Ok(reports),
        _ => Ok(Vec::new()),
    }
}

/// Writes the rows that these imports dropped: of the one source, or of all when there were several files.
fn export_dropped(session: &Session, reports: &[ImportReport], to: &str) -> Result<WrittenFile, Failure> {
    let source = match reports {
        [report] => source_of(session, &report.path)?,
        _ => None,
    };
    session.call(ExportDropped { project: session.project(), source, to: Some(to.to_owned()) })
}

/// The latest source that was made from a file.
fn source_of(session: &Session, path: &str) -> Result<Option<SourceId>, Failure> {
    let sources = session.call(ListSources { project: session.project() })?;
    Ok(sources.into_iter().find(|source| source.report.path == path).map(|source| source.id))
}
