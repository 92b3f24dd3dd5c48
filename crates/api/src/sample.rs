//! The sample project: real data, so that the first minute shows something.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use contract::CallError;
use contract::model::{ModelEntry, ModelSpec};
use contract::settings::Language;
use contract::source::{ColumnMapping, FileSpec, SourceState};
use pipeline::job::JobParameters;

use crate::Winnow;
use crate::path::text;
use crate::project::Project;

/// The files of the sample, by name.
const FILES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../../assets/sample/README.md")),
    (QUESTIONS, include_str!("../../../assets/sample/bank_questions.csv")),
    (SCHEMA, include_str!("../../../assets/sample/bank_questions.schema.json")),
    ("goods_services_ru.csv", include_str!("../../../assets/sample/goods_services_ru.csv")),
    ("goods_services_ru.schema.json", include_str!("../../../assets/sample/goods_services_ru.schema.json")),
];
const QUESTIONS: &str = "bank_questions.csv";
const SCHEMA: &str = "bank_questions.schema.json";
/// Setting of the project that says that its making was finished.
const MADE: &str = "sample_made";

/// Opens the sample project, making it first if need be. Each step can be done again, so that a making that was killed is
/// finished by the next opening.
pub(crate) fn open(winnow: &Winnow) -> Result<Arc<Project>, CallError> {
    let folder = winnow.environment().data_folder.join("sample");
    let project = if store::ProjectFolder::new(&folder).is_project() {
        winnow.projects().get(&text(&folder), true)?
    } else {
        let russian = winnow.person().settings().language == Some(Language::Ru);
        winnow.projects().create(&folder, if russian { "Вопросы банку (пример)" } else { "Bank questions (sample)" })?
    };
    if project.check_writable().is_ok() {
        make(winnow, &project)?;
    }
    Ok(project)
}

fn make(winnow: &Winnow, project: &Project) -> Result<(), CallError> {
    let store = project.store();
    if store.setting::<bool>(MADE)? != Some(true) {
        let data = store.folder().path().join("data");
        write_files(&data)?;
        if store.schema()?.revision == 0 {
            store.set_schema(&ingest::read_schema(&data.join(SCHEMA))?)?;
        }
        let file = FileSpec {
            path: text(&data.join(QUESTIONS)),
            mapping: ColumnMapping {
                text: Some("text".to_owned()),
                label: Some("category".to_owned()),
                ..ColumnMapping::default()
            },
            ..FileSpec::default()
        };
        if store.sources()?.iter().all(|source| source.state != SourceState::Ready) {
            let job = project.runner().start(&JobParameters::Import { files: vec![file] })?;
            let status = winnow.wait(&text(project.folder()), job)?;
            if let Some(error) = status.error {
                return Err(error);
            }
        }
        store.set_setting(MADE, &true)?;
    }
    add_starter_model(winnow, project)
}

fn write_files(folder: &Path) -> Result<(), CallError> {
    let failed = |error: std::io::Error| CallError::from_io(&error, folder.display(), true);
    std::fs::create_dir_all(folder).map_err(failed)?;
    FILES.iter().try_for_each(|(name, content)| std::fs::write(folder.join(name), content)).map_err(failed)
}

/// Adds the starter model once its file is there: the larger one before the one for tests.
fn add_starter_model(winnow: &Winnow, project: &Project) -> Result<(), CallError> {
    let store = project.store();
    if !store.models()?.is_empty() {
        return Ok(());
    }
    let files = winnow.environment().model_files();
    let is_starter = |path: &&PathBuf| text(path).to_lowercase().contains("qwen");
    let Some(file) = files.iter().find(is_starter).or(files.first()) else { return Ok(()) };
    let spec = ModelSpec::Gguf { path: text(file) };
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // A damaged file is no reason not to open the sample: adding it by hand says what is wrong.
    let summary = match crate::model_pool::look(&spec, None) {
        Ok(summary) => summary,
        Err(error) => {
            tracing::warn!(%error, "the starter model can't be used");
            return Ok(());
        }
    };
    let entry = ModelEntry { name, spec, added: winnow.now(), present: true, summary };
    Ok(store.add_model(&entry)?)
}
