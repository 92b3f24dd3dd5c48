//! `winnow models`: what a project labels with.

use catalogue::{Language, Text, t};
use contract::labeller::TrainingSet;
use contract::model::{AddModel, ListModels, ModelSpec, RemoveModel, TestModel};
use contract::{CallError, ErrorCode, SourceId};

use super::labellers::encoder_path;
use crate::arguments::{Models, ModelsAction, NewModel, model_spec};
use crate::failure::Failure;
use crate::output::Reply;
use crate::report;
use crate::session::Session;

pub fn models(lang: Language, models: Models) -> Result<Reply, Failure> {
    let session = Session::open(lang, &models.dir)?;
    let project = session.project();
    match models.action {
        ModelsAction::List => {
            let models = session.call(ListModels { project })?;
            Reply::new(&models, report::models::list(lang, &models))
        }
        ModelsAction::Add(new) => {
            let NewModel { name, origin, model, key_env, tuning, trust, when, vote } = *new;
            let server = origin.server.as_ref().zip(model.as_ref());
            let spec = match (&origin.classifier, origin.combined(&when, vote)) {
                (Some(encoder), _) => Some(ModelSpec::Classifier {
                    encoder: encoder_path(&session, encoder)?,
                    training: TrainingSet {
                        trusted_sources: trust.trust_source.into_iter().map(SourceId).collect(),
                        trust_all: trust.trust_all,
                    },
                }),
                (None, Some(combined)) => Some(combined),
                (None, None) => model_spec(origin.gguf.as_ref(), server, key_env.as_ref(), tuning.settings())?,
            };
            // The parser asks for one of the two; without either there is no model to speak of.
            let spec = spec.ok_or_else(|| CallError::new(ErrorCode::ModelMissing).with("name", &name))?;
            let model = session.call(AddModel { project, name, spec, key: None })?;
            Reply::new(&model, report::models::added(lang, &model))
        }
        ModelsAction::Test { name, texts } => {
            session.note(t(lang, Text::ModelTesting));
            let test = session.call(TestModel { project, name, texts, prompt: None })?;
            Reply::new(&test, report::models::tested(lang, &test))
        }
        ModelsAction::Remove { name } => {
            session.call(RemoveModel { project, name: name.clone() })?;
            Reply::new(&(), Text::model_removed(lang, &crate::output::excerpt(&name, 60)))
        }
    }
}
