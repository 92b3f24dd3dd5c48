//! `winnow version merge`: what both sides changed to different ends is told, written to a file, read back.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::Path;

use catalogue::{Text, t};
use contract::spreadsheet::{harmless, harmless_name, named};
use contract::version::{
    ListConflicts, ListVersions, MergeConflict, MergePreview, PreviewMerge, Resolution, ResolveConflicts, SampleSide,
    StartMerge, VersionSummary,
};
use contract::{CallError, ErrorCode};
use serde::Serialize;

use super::version::committed;
use crate::arguments::MergeOptions;
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::{Session, path_text};

/// Conflicts asked for at a time.
const PAGE: u32 = 1000;
/// Conflicts that a summary names.
const NAMED: usize = 20;

/// What a merge would do, and what stands in its way.
#[derive(Serialize)]
struct Preview {
    #[serde(flatten)]
    preview: MergePreview,
    conflicting: Vec<MergeConflict>,
}

/// What a merge came to, as JSON: the version's fields, and whether it is ours because there was nothing to merge.
#[derive(Serialize)]
struct Merged {
    #[serde(flatten)]
    version: VersionSummary,
    unchanged: bool,
}

pub fn merge(session: &Session, options: &MergeOptions) -> Result<Reply, Failure> {
    let (lang, ours, theirs) = (session.lang, options.ours.clone(), options.theirs.clone());
    let resolutions = match options.resolve.as_deref() {
        Some(file) => resolutions(session, options, file)?,
        None => Vec::new(),
    };
    let others = options.take.map(|side| side.contract());
    let preview = if resolutions.is_empty() && others.is_none() {
        session.call(PreviewMerge { project: session.project(), ours: ours.clone(), theirs: theirs.clone() })?
    } else {
        let (ours, theirs) = (ours.clone(), theirs.clone());
        session.call(ResolveConflicts { project: session.project(), ours, theirs, resolutions, others })?
    };
    if let Some(file) = &options.conflicts {
        let rows = conflicts(session, options, usize::MAX)?;
        write_conflicts(file, &rows, options.formula_safe)?;
    }
    let open = preview.conflicts - preview.resolved;
    if options.dry_run || open > 0 {
        let conflicting = conflicts(session, options, NAMED)?;
        let text = report::changes::merge(lang, &preview, &conflicting);
        let reply = Reply::new(&Preview { preview, conflicting }, text)?;
        let stopped = CallError::new(ErrorCode::MergeConflicts).with("count", open);
        return Ok(if options.dry_run { reply } else { reply.failed_with(lang, &stopped) });
    }
    let report = committed(session.run(StartMerge {
        project: session.project(),
        ours,
        theirs,
        message: options.message.clone(),
        author: options.author.clone(),
        increment: options.increment.contract(),
    })?)?;
    // The job answers ours where theirs brings nothing; what was committed has a number of its own.
    let unchanged = report.version.version == preview.ours;
    let text = if unchanged {
        let versions = session.call(ListVersions { project: session.project() })?;
        let current = versions.iter().find(|version| version.current).map(|version| version.version.as_str());
        report::changes::nothing_merged(lang, &preview, current)
    } else {
        report::versions::committed(lang, &report.version)
    };
    Reply::new(&Merged { version: report.version, unchanged }, text)
}

/// How conflicts end, as a person filled it in.
///
/// # Errors
/// The file can't be read or understood, or names a sample that is no conflict of this merge: a mistyped id, or the file of another merge,
/// whose choices would be lost without a word.
fn resolutions(
    session: &Session,
    options: &MergeOptions,
    file: &Path,
) -> Result<Vec<(String, Option<Resolution>)>, Failure> {
    let chosen = read_resolutions(file)?;
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let known: HashSet<String> =
        conflicts(session, options, usize::MAX)?.into_iter().map(|conflict| conflict.id).collect();
    let chosen = with_ids(chosen, &known);
    if let Some(stranger) = chosen.iter().find(|chosen| !known.contains(&chosen.id)) {
        let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "id").with("value", &stranger.id);
        let error = error.with("detail", t(session.lang, Text::ToldMergeStranger)).in_file(path_text(file)?);
        return Err(error.at_row(stranger.row).in_column("id").into());
    }
    Ok(chosen.into_iter().map(|chosen| (chosen.id, Some(chosen.resolution))).collect())
}

/// The ids that the file's cells stand for. Files are written with the guard against formulas and without it: where every cell is an id,
/// none is guarded.
fn with_ids(mut chosen: Vec<Chosen>, known: &HashSet<String>) -> Vec<Chosen> {
    if chosen.iter().all(|chosen| known.contains(&chosen.id)) {
        return chosen;
    }
    for chosen in &mut chosen {
        let id = named(&chosen.id);
        if known.contains(id) {
            chosen.id = id.to_owned();
        }
    }
    chosen
}

fn conflicts(session: &Session, options: &MergeOptions, most: usize) -> Result<Vec<MergeConflict>, Failure> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (ours, theirs) = (options.ours.clone(), options.theirs.clone());
        let limit = PAGE.min(u32::try_from(most).unwrap_or(PAGE));
        let asked = ListConflicts { project: session.project(), ours, theirs, unresolved: false, after, limit };
        let page = session.call(asked)?;
        all.extend(page.rows);
        after = page.next;
        if after.is_none() || all.len() >= most {
            return Ok(all);
        }
    }
}

/// The column that a person fills in: `ours`, `theirs`, `base`, or `label:` and a domain.
const TAKE: &str = "take";

/// Writes the table that a person fills in. `safe`: what a spreadsheet would take for a formula begins with an apostrophe.
fn write_conflicts(path: &Path, rows: &[MergeConflict], safe: bool) -> Result<(), Failure> {
    let failed = |error: csv::Error| CallError::from_io(&error.into(), path.display(), true);
    let mut writer = csv::Writer::from_path(path).map_err(failed)?;
    let head = ["id", "base_label", "our_label", "their_label", "base_text", "our_text", "their_text", TAKE];
    writer.write_record(head).map_err(failed)?;
    for row in rows {
        let field = |side: &Option<SampleSide>, field: fn(&SampleSide) -> &String| {
            side.as_ref().map(field).cloned().unwrap_or_default()
        };
        let label: fn(&SampleSide) -> &String = |side| &side.label;
        let text: fn(&SampleSide) -> &String = |side| &side.text;
        let take = match &row.resolution {
            Some(Resolution::Ours) => "ours".to_owned(),
            Some(Resolution::Theirs) => "theirs".to_owned(),
            Some(Resolution::Base) => "base".to_owned(),
            Some(Resolution::Label(label)) => format!("label:{label}"),
            None => String::new(),
        };
        let (base, ours, theirs) = (&row.base, &row.ours, &row.theirs);
        let names = [row.id.clone(), field(base, label), field(ours, label), field(theirs, label)];
        let texts = [field(base, text), field(ours, text), field(theirs, text), take];
        // Ids are read back, and labels where a person copies one into `take`.
        let names = names.iter().map(|cell| if safe { harmless_name(cell) } else { Cow::Borrowed(cell.as_str()) });
        let texts = texts.iter().map(|cell| if safe { harmless(cell) } else { Cow::Borrowed(cell.as_str()) });
        let cells: Vec<_> = names.chain(texts).collect();
        writer.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(failed)?;
    }
    writer.flush().map_err(|error| CallError::from_io(&error, path.display(), true))?;
    Ok(())
}

/// A row of the table that a person filled in.
struct Chosen {
    /// In the file, as a person counts.
    row: u64,
    /// As it stands in the file, until it is looked for among the conflicts.
    id: String,
    resolution: Resolution,
}

/// Reads what a person filled in; rows without a choice stay open.
fn read_resolutions(path: &Path) -> Result<Vec<Chosen>, Failure> {
    let file = path_text(path)?;
    let damaged = |row: u64, column: &str, value: &str| -> Failure {
        let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", TAKE).with("value", value);
        error.with("detail", "ours, theirs, base, label:…").in_file(&file).at_row(row).in_column(column).into()
    };
    let mut reader = csv::Reader::from_path(path).map_err(|error| CallError::from_io(&error.into(), &file, false))?;
    let head = reader.headers().map_err(|error| CallError::from_io(&error.into(), &file, false))?.clone();
    let column = |name: &str| head.iter().position(|column| column == name);
    let (Some(id), Some(take)) = (column("id"), column(TAKE)) else { return Err(damaged(1, "id, take", "")) };
    let mut resolutions = Vec::new();
    for (number, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|error| CallError::from_io(&error.into(), &file, false))?;
        let value = record.get(take).unwrap_or_default().trim();
        let resolution = match value {
            "" => continue,
            "ours" => Resolution::Ours,
            "theirs" => Resolution::Theirs,
            "base" => Resolution::Base,
            other => {
                // A label may have been copied from a cell with the guard against formulas.
                let label = other.strip_prefix("label:").map(|label| named(label.trim()));
                match label.filter(|label| !label.is_empty()) {
                    Some(label) => Resolution::Label(label.to_owned()),
                    None => return Err(damaged(number, TAKE, other)),
                }
            }
        };
        let id = record.get(id).unwrap_or_default().to_owned();
        resolutions.push(Chosen { row: number, id, resolution });
    }
    Ok(resolutions)
}
