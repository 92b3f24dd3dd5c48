//! `winnow run`: from a file to a committed version in one go.
//!
//! Each step looks at what is there already, so that the same command goes on where it was cut off: the project is made
//! once, the schema set once, a file that was imported is not imported again, a labelled item not labelled again.

use std::fs::File;
use std::path::{Path, PathBuf};

use catalogue::{Language, Text, t};
use contract::dataset::{DatasetSummary, ListDatasets};
use contract::label::{LabelReport, LabelScope};
use contract::model::{AddModel, ListModels, ModelSpec};
use contract::project::{CreateProject, GetOverview, OpenProject, ProjectOverview};
use contract::schema::{GetSchema, ReadSchemaFile, Schema};
use contract::settings::GetAbout;
use contract::source::{FileSpec, ImportReport, InspectFile, ListSources, SourceState};
use contract::version::{GetVersion, VersionSummary};
use contract::{CallError, ErrorCode};
use serde::Serialize;

use super::import::import_files;
use super::label::{is_in_vain, label_items};
use super::schema::{set_domains, suggested};
use super::version::commit_dataset;
use super::write::write_dataset;
use crate::arguments::{Run, model_spec};
use crate::failure::Failure;
use crate::output::{Reply, excerpt};
use crate::report;
use crate::session::{Session, path_text};

/// All that a run gave, each part as its own command would answer it.
#[derive(Serialize)]
struct RunReport {
    project: ProjectOverview,
    schema: Schema,
    import: Vec<ImportReport>,
    label: LabelReport,
    dataset: DatasetSummary,
    version: VersionSummary,
}

pub fn run(lang: Language, run: &Run) -> Result<Reply, Failure> {
    let session = Session::at(lang, &run.dir)?;
    let files: Vec<FileSpec> = run.files.iter().map(|file| run.reading.of_file(file)).collect::<Result<_, _>>()?;
    // What can be seen to fail fails before anything is made.
    for file in &files {
        session.call(InspectFile { path: file.path.clone(), read: file.read.clone() })?;
    }
    let domains = match &run.labels {
        Some(labels) => Some(session.call(ReadSchemaFile { path: path_text(labels)? })?),
        None => None,
    };

    open_or_create(&session)?;
    if let Some(domains) = domains {
        set_domains(&session, domains)?;
    }
    ensure_model(&session, run)?;
    let import = import_new(&session, files)?;
    let schema = ensure_schema(&session)?;
    let scope = LabelScope { limit: run.limit, sample_seed: run.sample_seed, ..LabelScope::default() };
    let (thresholds, budget) = (run.thresholds.contract(), run.budget.contract());
    let (label, labelling) = label_items(&session, run.model.clone(), scope, thresholds, budget)?;
    let dataset = write_dataset(&session, run.split.settings())?;
    let version = commit_new(&session, run, &dataset)?;
    let project = session.call(GetOverview { project: session.project() })?;

    let parts = [
        report::sources::imported(lang, &import, false),
        report::labelling::labelled(lang, &label, &labelling),
        report::datasets::written(lang, &session.project, &dataset),
        report::versions::committed(lang, &version),
        waiting(lang, &project),
    ];
    let text = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let text = text.join("\n\n");
    let in_vain = is_in_vain(&label);
    Ok(Reply::new(&RunReport { project, schema, import, label, dataset, version }, text)?.failed_if(in_vain))
}

fn waiting(lang: Language, project: &ProjectOverview) -> String {
    match project.waiting {
        0 => t(lang, Text::ReviewEmpty).to_owned(),
        waiting => Text::run_waiting(lang, waiting),
    }
}

fn open_or_create(session: &Session) -> Result<(), Failure> {
    match session.call(OpenProject { folder: session.project() }) {
        Err(Failure::Call(error)) if matches!(error.code, ErrorCode::ProjectMissing | ErrorCode::FileMissing) => {
            session.call(CreateProject { folder: session.project(), name: None, schema_file: None })?;
        }
        opened => {
            opened?;
        }
    }
    Ok(())
}

/// The project's schema; taken from the labels of the items when it has none.
fn ensure_schema(session: &Session) -> Result<Schema, Failure> {
    let schema = session.call(GetSchema { project: session.project() })?;
    if schema.revision > 0 {
        return Ok(schema);
    }
    set_domains(session, suggested(session)?)
}

/// Imports the files that are not in the project yet: same path, same bytes.
fn import_new(session: &Session, files: Vec<FileSpec>) -> Result<Vec<ImportReport>, Failure> {
    let sources = session.call(ListSources { project: session.project() })?;
    let mut new = Vec::new();
    for file in files {
        let hash = content_hash(&file.path)?;
        let known = sources.iter().any(|source| {
            source.state == SourceState::Ready
                && source.report.path == file.path
                && source.report.content_hash.as_deref() == Some(hash.as_str())
        });
        if known {
            session.note(&Text::run_imported_already(session.lang, &excerpt(&file.path, 400)));
        } else {
            new.push(file);
        }
    }
    if new.is_empty() { Ok(Vec::new()) } else { import_files(session, new) }
}

/// Blake3 of the file's bytes, hex, as an import reports it.
fn content_hash(path: &str) -> Result<String, Failure> {
    let failed = |error: &std::io::Error| CallError::from_io(error, path, false);
    let file = File::open(path).map_err(|error| failed(&error))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file).map_err(|error| failed(&error))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// The model of that name; added when the options describe it, or when a model file of that name is at hand.
fn ensure_model(session: &Session, run: &Run) -> Result<(), Failure> {
    let models = session.call(ListModels { project: session.project() })?;
    if models.iter().any(|model| model.name == run.model) {
        return Ok(());
    }
    let server = run.server.as_ref().zip(run.server_model.as_ref());
    let described = model_spec(run.gguf.as_ref(), server, run.key_env.as_ref(), run.tuning.settings())?;
    let spec = match described {
        Some(spec) => spec,
        None => file_of_name(session, &run.model)?
            .ok_or_else(|| CallError::new(ErrorCode::ModelMissing).with("name", &run.model))?,
    };
    let model = session.call(AddModel { project: session.project(), name: run.model.clone(), spec, key: None })?;
    session.note(&report::models::added(session.lang, &model));
    Ok(())
}

/// A GGUF file that is meant by a name: a path, or a file of that name where the set-up places models.
fn file_of_name(session: &Session, name: &str) -> Result<Option<ModelSpec>, Failure> {
    let is_gguf = |path: &Path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"));
    let given = PathBuf::from(name);
    if is_gguf(&given) && given.is_file() {
        return Ok(Some(ModelSpec::Gguf { path: path_text(&given)? }));
    }
    let about = session.call(GetAbout {})?;
    let mut files: Vec<PathBuf> = Vec::new();
    for place in about.models.iter().map(PathBuf::from) {
        match std::fs::read_dir(&place) {
            Ok(entries) => files.extend(entries.flatten().map(|entry| entry.path())),
            Err(_) => files.push(place),
        }
    }
    let wanted = name.to_lowercase();
    let found = files.into_iter().filter(|file| is_gguf(file) && file.is_file()).find(|file| {
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
        stem == wanted || stem.starts_with(&format!("{wanted}-")) || stem.starts_with(&format!("{wanted}."))
    });
    found.map(|file| Ok(ModelSpec::Gguf { path: path_text(&file)? })).transpose()
}

/// Commits the dataset; a version that holds exactly this already is the answer when nothing changed.
fn commit_new(session: &Session, run: &Run, dataset: &DatasetSummary) -> Result<VersionSummary, Failure> {
    let datasets = session.call(ListDatasets { project: session.project() })?;
    let same = datasets.into_iter().find(|other| other.input_hash == dataset.input_hash && other.version.is_some());
    if let Some(version) = same.and_then(|same| same.version) {
        return unchanged(session, version);
    }
    match commit_dataset(session, &run.commit, dataset.id) {
        Err(Failure::Call(error)) if error.code == ErrorCode::VersionUnchanged => {
            let version = error.params.get("version").cloned().unwrap_or_default();
            unchanged(session, version)
        }
        committed => committed,
    }
}

fn unchanged(session: &Session, version: String) -> Result<VersionSummary, Failure> {
    session.note(&Text::run_unchanged(session.lang, &version));
    Ok(session.call(GetVersion { project: session.project(), version })?.summary)
}
