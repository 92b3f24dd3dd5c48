//! Labellers beside single language models: encoders, classifiers, the prompt, similar items.

use std::path::Path;

use contract::labeller::{
    ClassifierState, EncoderEntry, GetClassifier, GetPrompt, ListEncoders, ListSimilar, PromptSettings, PromptView,
    SetPrompt, SimilarItem, StartTraining,
};
use contract::model::ModelSpec;
use contract::{CallError, ErrorCode, JobId};
use models::{LABELS_MARK, OWN_INSTRUCTION, describe_encoder};
use pipeline::job::JobParameters;
use pipeline::labeller::{base_prompt, count_examples, prompt_settings, set_prompt_settings, version_of_settings};

use crate::Winnow;
use crate::path::text;
use crate::project::Project;
use crate::route::Handle;

impl Handle for ListEncoders {
    fn handle(self, winnow: &Winnow) -> Result<Vec<EncoderEntry>, CallError> {
        let mut entries = Vec::new();
        for folder in winnow.environment().encoder_folders() {
            // A damaged one is not offered; adding it by hand says what is wrong.
            if let Ok(summary) = describe_encoder(&folder) {
                let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                entries.push(EncoderEntry { name, path: text(&folder), summary });
            }
        }
        Ok(entries)
    }
}

impl Handle for StartTraining {
    fn handle(self, winnow: &Winnow) -> Result<JobId, CallError> {
        let project = winnow.writable(&self.project)?;
        classifier(&project, &self.model)?;
        project.runner().start(&JobParameters::Train { model: self.model, asked: winnow.now() })
    }
}

impl Handle for GetClassifier {
    fn handle(self, winnow: &Winnow) -> Result<ClassifierState, CallError> {
        let project = winnow.project(&self.project)?;
        let ModelSpec::Classifier { training, .. } = classifier(&project, &self.model)? else {
            return Err(CallError::new(ErrorCode::ModelMissing).with("name", self.model));
        };
        let trained = project.store().classifier(&self.model)?;
        Ok(ClassifierState {
            trained: trained.as_ref().map(|trained| trained.at),
            report: trained.map(|trained| trained.report),
            examples_now: count_examples(project.store(), &training)?,
        })
    }
}

/// The specification of a classifier.
fn classifier(project: &Project, model: &str) -> Result<ModelSpec, CallError> {
    let spec = project.store().model(model)?.spec;
    match spec {
        ModelSpec::Classifier { .. } => Ok(spec),
        _ => Err(CallError::new(ErrorCode::ModelMissing).with("name", model)),
    }
}

impl Handle for GetPrompt {
    fn handle(self, winnow: &Winnow) -> Result<PromptView, CallError> {
        let project = winnow.project(&self.project)?;
        view(&project, prompt_settings(project.store())?)
    }
}

impl Handle for SetPrompt {
    fn handle(self, winnow: &Winnow) -> Result<PromptView, CallError> {
        let project = winnow.writable(&self.project)?;
        let mut settings = self.settings;
        settings.instruction = settings.instruction.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        check(&settings)?;
        set_prompt_settings(project.store(), &settings)?;
        view(&project, settings)
    }
}

/// What would only be found out when a run begins.
fn check(settings: &PromptSettings) -> Result<(), CallError> {
    let few_shot = &settings.few_shot;
    if (few_shot.nearest || few_shot.shortlist.is_some()) && few_shot.encoder.is_none() {
        return Err(CallError::new(ErrorCode::EncoderMissing).with("folders", "—"));
    }
    if let Some(encoder) = &few_shot.encoder {
        describe_encoder(Path::new(encoder))?;
    }
    Ok(())
}

fn view(project: &Project, settings: PromptSettings) -> Result<PromptView, CallError> {
    let prompt = base_prompt(&project.store().schema()?, &settings)?;
    debug_assert!(OWN_INSTRUCTION.contains(LABELS_MARK));
    Ok(PromptView {
        own_instruction: OWN_INSTRUCTION.to_owned(),
        version: version_of_settings(&prompt, &settings.few_shot),
        rendered: prompt.instruction,
        settings,
    })
}

impl Handle for ListSimilar {
    fn handle(self, winnow: &Winnow) -> Result<Vec<SimilarItem>, CallError> {
        let project = winnow.project(&self.project)?;
        let found = project.similar(self.item, self.count.min(100))?;
        let mut items = Vec::with_capacity(found.len());
        for (item, similarity) in found {
            // Removed since the index was read.
            let Ok(detail) = project.store().item(item) else { continue };
            let excerpt = detail.text.chars().take(300).collect();
            items.push(SimilarItem { item, excerpt, similarity, domain: detail.domain });
        }
        Ok(items)
    }
}
