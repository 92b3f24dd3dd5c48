//! A language model with the project's prompt, as a labeller.

use std::collections::HashMap;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

use contract::labeller::{FewShot, PromptSettings};
use contract::model::ModelFinding;
use contract::project::Access;
use contract::schema::Schema;
use contract::{CallError, ErrorCode};
use models::{CancelToken, ItemError, LabelModel, LabelPrompt, Scored};
use store::Store;

use super::few_shot::FewShotExamples;
use super::open::Bench;
use super::prior::settle;
use super::{Cost, Labeller, Opinion, OpinionSink, Outcome, Question};
use crate::Clock;
use crate::label::Cache;

/// The name under which the prompt's settings lie in the project.
const SETTING: &str = "prompt";
/// Decisions that may be asked for as examples; few of more would fit into a model's window.
const EXAMPLES: RangeInclusive<u32> = 0..=64;
/// Characters that these may have.
const CHARACTERS: RangeInclusive<u32> = 0..=100_000;
/// Domains that a shortlist may have: of fewer than two there is nothing to choose.
const SHORTLIST: RangeInclusive<u32> = 2..=1_000;
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
/// [`ErrorCode::ArgumentInvalid`] naming a number that is out of its range; what the store says.
pub fn set_prompt_settings(store: &Store, settings: &PromptSettings) -> Result<(), CallError> {
    let FewShot { count, characters, shortlist, .. } = &settings.few_shot;
    let numbers = [
        ("examples", Some(*count), EXAMPLES),
        ("characters", Some(*characters), CHARACTERS),
        ("shortlist", *shortlist, SHORTLIST),
    ];
    for (name, number, range) in numbers {
        if let Some(value) = number.filter(|number| !range.contains(number)) {
            let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", name).with("value", value);
            return Err(error.with("detail", format!("{} … {}", range.start(), range.end())));
        }
    }
    Ok(store.set_setting(SETTING, settings)?)
}

/// The name under which the texts of the prior's sample lie in the project.
const PRIOR_SAMPLE: &str = "prior_sample";
/// Texts that the labels' prior is read from.
const PRIOR_TEXTS: usize = 32;
/// Items that a project has at least when it is read: of fewer, a sample says more of itself than of the labels.
const PRIOR_ITEMS: u32 = 64;
/// Seed of their draw.
const PRIOR_SEED: u64 = 64;

/// Texts of the project from which a model's liking for some labels is read, whatever the text. Drawn once, when there are enough of
/// them, and kept: with others every answer would change.
fn prior_sample(store: &Store) -> Result<Vec<String>, CallError> {
    if let Some(texts) = store.setting(PRIOR_SAMPLE)? {
        return Ok(texts);
    }
    let drawn = store.sample_items(PRIOR_ITEMS, PRIOR_SEED)?;
    if drawn.len() < PRIOR_ITEMS as usize {
        return Ok(Vec::new());
    }
    let texts: Vec<String> = drawn.into_iter().take(PRIOR_TEXTS).map(|(_, text)| text).collect();
    if matches!(store.access(), Access::ReadWrite) {
        store.set_setting(PRIOR_SAMPLE, &texts)?;
    }
    Ok(texts)
}

/// The prompt of the project's schema, without examples for single texts, and with the sample of its prior.
///
/// # Errors
/// [`ErrorCode::SchemaMissing`]; what the store says.
pub fn project_prompt(store: &Store, settings: &PromptSettings) -> Result<LabelPrompt, CallError> {
    let mut prompt = base_prompt(&store.schema()?, settings)?;
    prompt.calibration = prior_sample(store)?;
    Ok(prompt)
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
    kept: Option<Kept>,
}

/// The place of a question that has to be asked, and the name of its answer in the cache.
type Unanswered = (usize, Option<[u8; 32]>);

/// Where a server's answers are kept.
struct Kept {
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
        cancel: &CancelToken,
    ) -> Result<Self, CallError> {
        let schema = bench.store.schema()?;
        let base = project_prompt(&bench.store, settings)?;
        if !settle(&bench.store, model.as_ref(), &base, cancel)? {
            return Err(CallError::new(ErrorCode::Cancelled));
        }
        let kept = (cache_hours > 0).then(|| Kept {
            store: bench.store.clone(),
            clock: bench.clock.clone(),
            identity: model.identity(),
            hours: cache_hours,
        });
        Ok(Self { model, schema, settings: settings.clone(), base, examples, kept })
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
            // With examples of its own the prompt would have to be measured anew for each text, and gains nothing.
            prompt.calibration = Vec::new();
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
        Opinion { from_cache, is_reused: from_cache, ..Opinion::of(probabilities, scored.obtained) }
    }

    /// Answers from the cache where it can; gives the places in `indexes` that are left, with the keys of their answers.
    fn recalled(
        &self,
        cache: Option<&Cache>,
        (prompt, questions, indexes): (&LabelPrompt, &[Question<'_>], &[usize]),
        sink: &mut OpinionSink<'_>,
    ) -> Result<ControlFlow<(), Vec<Unanswered>>, CallError> {
        let Some((kept, cache)) = self.kept.as_ref().zip(cache) else {
            return Ok(ControlFlow::Continue(indexes.iter().map(|&index| (index, None)).collect()));
        };
        let keys: Vec<[u8; 32]> = indexes.iter().map(|&index| cache.key(questions[index].text)).collect();
        let found = cache.find(&kept.store, &keys, (kept.clock)())?;
        let mut left = Vec::new();
        for ((&index, key), scored) in indexes.iter().zip(keys).zip(found) {
            match scored {
                Some(scored) if sink(index, Ok(self.opinion(prompt, &scored, true))).is_break() => {
                    return Ok(ControlFlow::Break(()));
                }
                Some(_) => {}
                None => left.push((index, Some(key))),
            }
        }
        Ok(ControlFlow::Continue(left))
    }

    /// Puts a paid answer on disk before anything else happens with it.
    fn keep(&self, cache: Option<&Cache>, key: Option<[u8; 32]>, scored: &Scored) -> Result<(), CallError> {
        let (Some(kept), Some(cache), Some(key)) = (&self.kept, cache, key) else { return Ok(()) };
        let answer = cache.kept(key, scored, (kept.clock)())?;
        Ok(kept.store.store_answer(&answer.key, &answer.answer, answer.expires)?)
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
        let cache = self.kept.as_ref().map(|kept| Cache::new(&kept.identity, prompt, kept.hours));
        let cancelled = Outcome { cancelled: true, ..Outcome::default() };
        let ControlFlow::Continue(left) = self.recalled(cache.as_ref(), (prompt, questions, indexes), sink)? else {
            return Ok(cancelled);
        };
        if left.is_empty() {
            return Ok(Outcome::default());
        }
        let texts: Vec<&str> = left.iter().map(|&(index, _)| questions[index].text).collect();
        let mut failed = None;
        let report = self.model.label(prompt, &texts, cancel, &mut |place, answer| {
            let Some(&(index, key)) = left.get(place) else { return ControlFlow::Continue(()) };
            let opinion = match answer {
                Ok(scored) => {
                    if let Err(error) = self.keep(cache.as_ref(), key, &scored) {
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

/// Texts with equal prompts go together, the first text's prompt first.
fn grouped(prompts: &[Arc<LabelPrompt>]) -> Vec<(Arc<LabelPrompt>, Vec<usize>)> {
    let mut groups: Vec<(Arc<LabelPrompt>, Vec<usize>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (index, prompt) in prompts.iter().enumerate() {
        if let Some((last, indexes)) = groups.last_mut()
            && Arc::ptr_eq(last, prompt)
        {
            indexes.push(index);
            continue;
        }
        let place = *places.entry(prompt.version()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, indexes)) => indexes.push(index),
            None => groups.push((prompt.clone(), vec![index])),
        }
    }
    groups
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
            for (prompt, indexes) in grouped(&prompts) {
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
