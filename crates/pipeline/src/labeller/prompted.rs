//! A language model with the project's prompt, as a labeller.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use contract::labeller::PromptSettings;
use contract::model::ModelFinding;
use contract::schema::Schema;
use contract::{CallError, ErrorCode};
use models::{CancelToken, ItemError, LabelModel, LabelPrompt, Scored, cache_key};
use store::Store;

use super::few_shot::FewShotExamples;
use super::open::Bench;
use super::{Cost, Labeller, Opinion, OpinionSink, Outcome, Question};
use crate::Clock;
use crate::label::CachedAnswer;

/// The name under which the prompt's settings lie in the project.
const SETTING: &str = "prompt";
/// Questions for which prompts are made at a time.
const STEP: usize = 256;

/// What the project's language models are told beside schema and text.
///
/// # Errors
/// What the store says.
pub fn prompt_settings(store: &Store) -> Result<PromptSettings, CallError> {
    Ok(store.setting(SETTING)?.unwrap_or_default())
}

/// Keeps it.
///
/// # Errors
/// What the store says.
pub fn set_prompt_settings(store: &Store, settings: &PromptSettings) -> Result<(), CallError> {
    Ok(store.set_setting(SETTING, settings)?)
}

/// The prompt of a schema, without examples for single texts.
///
/// # Errors
/// [`ErrorCode::SchemaMissing`].
pub fn base_prompt(schema: &Schema, settings: &PromptSettings) -> Result<LabelPrompt, CallError> {
    if schema.domains.is_empty() {
        return Err(CallError::new(ErrorCode::SchemaMissing));
    }
    Ok(LabelPrompt::with_instruction(&schema.domains, settings.instruction.as_deref()))
}

/// A language model with its prompt.
pub(super) struct Prompted {
    model: Arc<dyn LabelModel>,
    schema: Schema,
    settings: PromptSettings,
    base: LabelPrompt,
    examples: Option<FewShotExamples>,
    cache: Option<Cache>,
}

/// Where a server's answers are kept.
struct Cache {
    store: Arc<Store>,
    clock: Clock,
    identity: String,
    hours: u32,
}

impl Prompted {
    pub(super) fn new(
        bench: &Bench,
        model: Arc<dyn LabelModel>,
        settings: &PromptSettings,
        examples: Option<FewShotExamples>,
        cache_hours: u32,
    ) -> Result<Self, CallError> {
        let schema = bench.store.schema()?;
        let base = base_prompt(&schema, settings)?;
        let cache = (cache_hours > 0).then(|| Cache {
            store: bench.store.clone(),
            clock: bench.clock.clone(),
            identity: model.identity(),
            hours: cache_hours,
        });
        Ok(Self { model, schema, settings: settings.clone(), base, examples, cache })
    }

    /// A prompt for each question; `None` when cancelled.
    fn prompts(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
    ) -> Result<Option<Vec<Arc<LabelPrompt>>>, CallError> {
        let Some(examples) = &self.examples else {
            let base = Arc::new(self.base.clone());
            return Ok(Some(vec![base; questions.len()]));
        };
        let Some(chosen) = examples.choose(&self.schema, questions, cancel)? else { return Ok(None) };
        let prompt = |chosen: super::few_shot::Chosen| {
            let mut prompt = match chosen.domains {
                Some(domains) => {
                    let domains: Vec<_> = domains.iter().map(|&place| self.schema.domains[place].clone()).collect();
                    LabelPrompt::with_instruction(&domains, self.settings.instruction.as_deref())
                }
                None => self.base.clone(),
            };
            prompt.shots.extend(chosen.shots);
            Arc::new(prompt)
        };
        Ok(Some(chosen.into_iter().map(prompt).collect()))
    }

    /// Probabilities over the schema from those over the prompt's labels, which may be a shortlist.
    fn in_schema(&self, prompt: &LabelPrompt, probabilities: &[f32]) -> Vec<f32> {
        if prompt.labels.len() == self.schema.domains.len() {
            return probabilities.to_vec();
        }
        let mut row = vec![0.0; self.schema.domains.len()];
        for (label, probability) in prompt.labels.iter().zip(probabilities) {
            if let Some(place) = self.schema.domains.iter().position(|domain| domain.id == label.id) {
                row[place] = *probability;
            }
        }
        row
    }

    fn opinion(&self, prompt: &LabelPrompt, scored: &Scored, from_cache: bool) -> Opinion {
        let probabilities = self.in_schema(prompt, &scored.probabilities);
        Opinion { from_cache, ..Opinion::of(probabilities, scored.obtained) }
    }

    /// Answers from the cache where it can; gives the indexes that are left.
    fn from_cache(
        &self,
        questions: &[Question<'_>],
        prompts: &[Arc<LabelPrompt>],
        sink: &mut OpinionSink<'_>,
    ) -> Result<ControlFlow<(), Vec<usize>>, CallError> {
        let all = || (0..questions.len()).collect();
        let Some(cache) = &self.cache else { return Ok(ControlFlow::Continue(all())) };
        let keys: Vec<[u8; 32]> = questions
            .iter()
            .zip(prompts)
            .map(|(question, prompt)| cache_key(&cache.identity, prompt, question.text))
            .collect();
        let mut left = Vec::new();
        for (index, key) in keys.iter().enumerate() {
            let answer = cache.store.cached_answer(key, (cache.clock)())?;
            // An answer that doesn't parse was written by another version; asking again mends it.
            let scored = answer
                .and_then(|json| serde_json::from_str(&json).ok())
                .and_then(|answer: CachedAnswer| answer.scored(prompts[index].labels.len()));
            match scored {
                Some(scored) if sink(index, Ok(self.opinion(&prompts[index], &scored, true))).is_break() => {
                    return Ok(ControlFlow::Break(()));
                }
                Some(_) => {}
                None => left.push(index),
            }
        }
        Ok(ControlFlow::Continue(left))
    }

    /// Puts a paid answer on disk before anything else happens with it.
    fn keep(&self, prompt: &LabelPrompt, text: &str, scored: &Scored) -> Result<(), CallError> {
        let Some(cache) = &self.cache else { return Ok(()) };
        let key = cache_key(&cache.identity, prompt, text);
        let expires = (cache.clock)() + i64::from(cache.hours) * 3_600_000;
        let answer = serde_json::to_string(&CachedAnswer::of(scored)).map_err(super::training::defect)?;
        Ok(cache.store.store_answer(&key, &answer, expires)?)
    }

    /// Asks the model about questions that share a prompt.
    fn ask(
        &self,
        prompt: &LabelPrompt,
        questions: &[Question<'_>],
        indexes: &[usize],
        cancel: &CancelToken,
        sink: &mut OpinionSink<'_>,
    ) -> Result<Outcome, CallError> {
        let texts: Vec<&str> = indexes.iter().map(|&index| questions[index].text).collect();
        let mut failed = None;
        let report = self.model.label(prompt, &texts, cancel, &mut |place, answer| {
            let Some(&index) = indexes.get(place) else { return ControlFlow::Continue(()) };
            let opinion = match answer {
                Ok(scored) => {
                    if let Err(error) = self.keep(prompt, questions[index].text, &scored) {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                    Ok(self.opinion(prompt, &scored, false))
                }
                Err(error) => Err::<Opinion, ItemError>(error),
            };
            sink(index, opinion)
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let report = report.map_err(CallError::from)?;
        Ok(Outcome {
            cost: Cost {
                prompt_tokens: report.prompt_tokens,
                completion_tokens: report.completion_tokens,
                retries: report.retries,
            },
            cancelled: report.cancelled,
        })
    }
}

impl Labeller for Prompted {
    fn version(&self) -> String {
        let identity = blake3::hash(self.model.identity().as_bytes()).to_hex();
        let examples = self.examples.as_ref().map_or_else(String::new, |examples| format!("-{}", examples.version()));
        format!("{}-{}{examples}", self.base.version(), &identity[..8])
    }

    fn findings(&self) -> Vec<ModelFinding> {
        self.model.findings()
    }

    fn explained(&self, question: Question<'_>) -> Result<String, CallError> {
        let prompts = self.prompts(&[question], &CancelToken::new())?;
        let prompt = prompts.and_then(|prompts| prompts.into_iter().next());
        Ok(prompt.map(|prompt| self.model.rendered(&prompt, question.text)).unwrap_or_default())
    }

    fn label(
        &self,
        questions: &[Question<'_>],
        cancel: &CancelToken,
        sink: &mut OpinionSink<'_>,
    ) -> Result<Outcome, CallError> {
        let mut outcome = Outcome::default();
        for (step, questions) in questions.chunks(STEP).enumerate() {
            let mut sink = |index: usize, opinion| sink(step * STEP + index, opinion);
            let cancelled = Outcome { cancelled: true, ..outcome };
            let Some(prompts) = self.prompts(questions, cancel)? else { return Ok(cancelled) };
            let ControlFlow::Continue(left) = self.from_cache(questions, &prompts, &mut sink)? else {
                return Ok(cancelled);
            };
            // Texts with equal prompts go together, the first text's prompt first.
            let mut groups: Vec<(Arc<LabelPrompt>, Vec<usize>)> = Vec::new();
            let mut places: HashMap<String, usize> = HashMap::new();
            for index in left {
                let place = *places.entry(prompts[index].version()).or_insert_with(|| {
                    groups.push((prompts[index].clone(), Vec::new()));
                    groups.len() - 1
                });
                groups[place].1.push(index);
            }
            for (prompt, indexes) in groups {
                let run = self.ask(&prompt, questions, &indexes, cancel, &mut sink)?;
                outcome.cost.add(run.cost);
                if run.cancelled {
                    return Ok(Outcome { cancelled: true, ..outcome });
                }
            }
        }
        Ok(outcome)
    }
}
