//! The project's models and their tests.

use catalogue::{Language, Text, duration, error_message, model_finding, number, t, word};
use contract::label::Candidate;
use contract::model::{ModelEntry, ModelSpec, ModelTest};
use contract::review::ReviewReason;

use super::{Table, probability};
use crate::output::excerpt;

/// The models.
pub fn list(lang: Language, models: &[ModelEntry]) -> String {
    if models.is_empty() {
        return t(lang, Text::ModelsEmpty).to_owned();
    }
    let mut table = Table::new(&[
        (t(lang, Text::HeadName), false),
        (t(lang, Text::HeadModel), false),
        (t(lang, Text::HeadPlace), false),
    ]);
    for model in models {
        let mut place = match &model.spec {
            ModelSpec::Gguf { path } => path.clone(),
            ModelSpec::Server { url, model, .. } => format!("{model} @ {url}"),
            ModelSpec::Classifier { encoder, .. } => encoder.clone(),
            ModelSpec::Route { .. } | ModelSpec::Ensemble { .. } => "—".to_owned(),
        };
        if !model.present {
            place = format!("{place} ({})", t(lang, Text::FileGone));
        }
        table.row([excerpt(&model.name, 40), excerpt(&model.summary, 60), excerpt(&place, 200)]);
    }
    table.to_string()
}

/// A model that was added just now.
pub fn added(lang: Language, model: &ModelEntry) -> String {
    Text::model_added(lang, &excerpt(&model.name, 60), &excerpt(&model.summary, 200))
}

/// What a test showed.
#[allow(clippy::cast_precision_loss)]
pub fn tested(lang: Language, test: &ModelTest) -> String {
    let mut text = Text::model_ready(lang, test.ready_millis as f64 / 1000.0);
    let findings: Vec<String> = test.findings.iter().map(|finding| model_finding(lang, finding)).collect();
    if !findings.is_empty() {
        text += &format!("\n{}", excerpt(&findings.join(", "), 400));
    }
    text.push('\n');
    for answer in &test.answers {
        text += &format!("\n{}\n", excerpt(&answer.text, 200));
        if let Some(label) = &answer.label {
            text += &format!("  {}: {}\n", t(lang, Text::HeadLabel), excerpt(label, 60));
        }
        match &answer.error {
            Some(error) => {
                let error = error_message(lang, error);
                text += &format!("  {} {}\n", excerpt(&error.what, 400), excerpt(&error.hint, 400));
            }
            None => {
                if answer.no_domain {
                    text += &format!("  {}\n", word(lang, &ReviewReason::NoDomain));
                }
                text += &candidates(lang, &answer.candidates);
                let how = answer.obtained.map_or("—", |obtained| word(lang, &obtained));
                text += &format!("  {} · {how}\n", duration(lang, answer.millis as f64 / 1000.0));
            }
        }
    }
    text
}

/// The best candidates, indented.
pub fn candidates(lang: Language, candidates: &[Candidate]) -> String {
    let mut table = Table::new(&[("", true), ("", false), ("", true)]);
    for (place, candidate) in (1_u64..).zip(candidates.iter().take(5)) {
        let chance = probability(lang, Some(candidate.probability));
        table.row([format!("  {}", number(lang, place)), excerpt(&candidate.domain, 60), chance]);
    }
    table.to_string()
}
