//! Models.

use std::ops::ControlFlow;

use contract::labeller::RouteRule;
use contract::model::{
    AddModel, KeySource, ListModels, ListServerModels, ModelEntry, ModelSpec, ModelTest, RemoveModel, TestAnswer,
    TestModel,
};
use contract::{CallError, ErrorCode};
use models::CancelToken;
use pipeline::label::candidates;
use pipeline::labeller::{Question, base_prompt, open_with_prompt, prompt_settings};

use crate::Winnow;
use crate::path::{absolute, text};
use crate::project::Project;
use crate::route::Handle;
use crate::{keys, model_pool};

/// Items that a test labels when it is given no texts.
const TRIED: u32 = 3;

impl Handle for ListModels {
    fn handle(self, winnow: &Winnow) -> Result<Vec<ModelEntry>, CallError> {
        Ok(winnow.project(&self.project)?.store().models()?)
    }
}

impl Handle for AddModel {
    fn handle(self, winnow: &Winnow) -> Result<ModelEntry, CallError> {
        let project = winnow.writable(&self.project)?;
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err(CallError::new(ErrorCode::ArgumentEmpty).with("name", "name"));
        }
        if project.store().models()?.iter().any(|model| model.name == name) {
            return Err(CallError::new(ErrorCode::ModelExists).with("name", name));
        }
        let given = self.key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        let (spec, key) = match self.spec {
            ModelSpec::Gguf { path } => (ModelSpec::Gguf { path: text(&absolute(&path)?) }, None),
            ModelSpec::Server { url, model, key, settings } => {
                let secret = match (&key, given) {
                    (KeySource::Keyring, Some(secret)) => {
                        keys::write(&url, &secret)?;
                        Some(secret)
                    }
                    (source, _) => keys::read(&url, source)?,
                };
                let url = url.trim().to_owned();
                (ModelSpec::Server { url, model, key, settings }, secret)
            }
            ModelSpec::Classifier { encoder, training } => {
                (ModelSpec::Classifier { encoder: text(&absolute(&encoder)?), training }, None)
            }
            spec @ (ModelSpec::Route { .. } | ModelSpec::Ensemble { .. }) => {
                check_members(&project, &name, &spec)?;
                (spec, None)
            }
        };
        let summary = model_pool::look(&spec, key.as_deref())?;
        let entry = ModelEntry { name, spec, added: winnow.now(), present: true, summary };
        project.store().add_model(&entry)?;
        Ok(entry)
    }
}

/// A route or an ensemble asks labellers that are there already, at least two different ones, with numbers that make sense; what is
/// there can't ask what is not, so no circle can come about.
fn check_members(project: &Project, name: &str, spec: &ModelSpec) -> Result<(), CallError> {
    let invalid = |name: &str, value: &dyn std::fmt::Display, detail: &str| {
        let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", name);
        Err(error.with("value", value).with("detail", detail))
    };
    let mut members = spec.asks();
    for member in &members {
        if *member == name {
            return Err(CallError::new(ErrorCode::LabellerCircular).with("name", name));
        }
        project.store().model(member)?;
    }
    let given = members.len();
    members.sort_unstable();
    members.dedup();
    if members.len() < 2 || members.len() < given {
        return invalid("members", &members.join(", "), "≥ 2");
    }
    match spec {
        ModelSpec::Route { rule: RouteRule::Threshold { below }, .. } if !(0.0..=1.0).contains(below) => {
            invalid("below", below, "0 … 1")
        }
        ModelSpec::Route { rule: RouteRule::Accuracy { at_least: share }, .. }
        | ModelSpec::Route { rule: RouteRule::Budget { share }, .. }
            if !(*share > 0.0 && *share < 1.0) =>
        {
            invalid("share", share, "0 < … < 1")
        }
        _ => Ok(()),
    }
}

impl Handle for RemoveModel {
    fn handle(self, winnow: &Winnow) -> Result<(), CallError> {
        let project = winnow.writable(&self.project)?;
        let models = project.store().models()?;
        if let Some(asker) = models.iter().find(|model| model.spec.asks().contains(&self.name.as_str())) {
            return Err(CallError::new(ErrorCode::ModelInUse).with("name", self.name).with("by", &asker.name));
        }
        project.store().remove_model(&self.name)?;
        winnow.models().release();
        Ok(())
    }
}

impl Handle for ListServerModels {
    fn handle(self, _: &Winnow) -> Result<Vec<String>, CallError> {
        let given = self.key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        let key = match given {
            Some(key) => Some(key),
            None => keys::read(&self.url, &self.key_source)?,
        };
        model_pool::server_models(&self.url, key.as_deref())
    }
}

impl Handle for TestModel {
    fn handle(self, winnow: &Winnow) -> Result<ModelTest, CallError> {
        let project = winnow.project(&self.project)?;
        let entry = project.store().model(&self.name)?;
        let settings = match self.prompt {
            Some(settings) => settings,
            None => prompt_settings(project.store())?,
        };
        let prompt = base_prompt(&project.store().schema()?, &settings)?;
        let begun = winnow.now();
        let texts = texts(&project, self.texts)?;
        let bench = project.runner().workplace().bench();
        let labeller = open_with_prompt(&bench, &entry.name, &settings, &CancelToken::new())?;
        let ready = winnow.now();
        let mut answers: Vec<TestAnswer> = texts
            .into_iter()
            .map(|(text, label)| TestAnswer {
                text,
                label,
                candidates: vec![],
                obtained: None,
                no_domain: false,
                error: None,
                millis: 0,
            })
            .collect();
        let mut last = ready;
        // One at a time, so that the time of each answer is its own.
        for answer in &mut answers {
            let text = answer.text.clone();
            let mut outcome = None;
            let question = Question { item: None, text: &text };
            labeller.label(&[question], &CancelToken::new(), &mut |_, result| {
                outcome = Some(result);
                ControlFlow::Continue(())
            })?;
            match outcome {
                Some(Ok(opinion)) => {
                    answer.obtained = Some(opinion.obtained);
                    answer.no_domain = opinion.no_domain;
                    answer.candidates = candidates(&prompt, &opinion.probabilities);
                }
                Some(Err(error)) => answer.error = Some(error.into()),
                None => answer.error = Some(CallError::new(ErrorCode::AnswerInvalid).with("answer", "")),
            }
            let now = winnow.now();
            answer.millis = u64::try_from(now - last).unwrap_or(0);
            last = now;
        }
        let rendered = match answers.first() {
            Some(answer) => labeller.explained(Question { item: None, text: &answer.text })?,
            None => String::new(),
        };
        let ready_millis = u64::try_from(ready - begun).unwrap_or(0);
        Ok(ModelTest { ready_millis, findings: labeller.findings(), answers, prompt: rendered })
    }
}

/// The texts given, else items of the project with the labels that they came with.
fn texts(project: &Project, given: Vec<String>) -> Result<Vec<(String, Option<String>)>, CallError> {
    let given: Vec<(String, Option<String>)> =
        given.into_iter().filter(|text| !text.trim().is_empty()).map(|text| (text, None)).collect();
    if !given.is_empty() {
        return Ok(given);
    }
    let items = project.store().items_to_try(TRIED)?;
    Ok(items.into_iter().map(|item| (item.text, item.label)).collect())
}
