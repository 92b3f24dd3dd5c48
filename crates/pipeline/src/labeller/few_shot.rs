//! Examples for a language model: decisions nearest to each text and spread over domains; and, with many domains, a shortlist
//! of those that the text is near to.

use std::collections::HashSet;

use contract::labeller::{FewShot, TrainingSet};
use contract::schema::{Domain, Schema};
use contract::{CallError, ItemId};
use learn::NEVER;
use learn::nearest::{Nearest, NearestSettings};
use models::{CancelToken, LabelPrompt};
use store::{Store, TextHash};

use super::Question;
use super::training::defect;
use super::vectors::Vectors;

/// Decisions that examples are drawn from at most; the latest items when there are more.
const MOST: usize = 20_000;
/// Neighbours that are looked at for one text.
const NEIGHBOURS: usize = 64;
/// Longest example that is shown, characters.
const LONGEST: usize = 300;
/// Decisions whose texts and vectors are read at a time.
const PAGE: usize = 2_048;

/// An example to be shown.
struct Example {
    text: String,
    hash: TextHash,
    /// Its domain's place in the schema.
    domain: u32,
}

/// What of the settings decides on examples and shortlist, beside the encoder: a part of every version.
fn numbers(settings: &FewShot) -> String {
    let FewShot { nearest, count, characters, shortlist, .. } = settings;
    format!("{nearest}|{count}|{characters}|{shortlist:?}")
}

fn hashed(parts: &str) -> String {
    blake3::hash(parts.as_bytes()).to_hex()[..8].to_owned()
}

/// The version of a prompt with its settings of examples, for people: changes exactly when one of these does, and so whenever
/// a change of them makes predictions of another version. It names the encoder by its folder, because to know its identity all
/// of its weights have to be read.
#[must_use]
pub fn version_of_settings(prompt: &LabelPrompt, settings: &FewShot) -> String {
    match &settings.encoder {
        Some(encoder) if settings.is_used() => {
            format!("{}-{}", prompt.version(), hashed(&format!("{}|{encoder}", numbers(settings))))
        }
        _ => prompt.version(),
    }
}

/// Where examples are drawn from.
pub(super) struct FewShotExamples {
    vectors: Vectors,
    settings: FewShot,
    examples: Vec<Example>,
    nearest: Nearest,
    /// The domains as one vector each, of what the schema says of them.
    domains: Nearest,
}

/// What was chosen for a text.
pub(super) struct Chosen {
    /// Examples with the ids of their domains, the nearest last.
    pub(super) shots: Vec<(String, String)>,
    /// The shortlist: places in the schema, in its order; `None` for all domains.
    pub(super) domains: Option<Vec<usize>>,
}

impl FewShotExamples {
    /// Reads what people decided and the schema's examples.
    pub(super) fn gather(
        store: &Store,
        vectors: Vectors,
        settings: FewShot,
        cancel: &CancelToken,
    ) -> Result<Self, CallError> {
        let schema = store.schema()?;
        let mut known = store.known_items(&TrainingSet::default())?;
        let mut seen = HashSet::new();
        known.retain(|known| seen.insert(known.hash));
        known.drain(..known.len().saturating_sub(MOST));
        let mut examples = Vec::new();
        let mut rows: Vec<f32> = Vec::new();
        for page in known.chunks(PAGE) {
            let items: Vec<ItemId> = page.iter().map(|known| known.item).collect();
            let texts = store.item_texts(&items)?;
            let questions: Vec<Question<'_>> =
                texts.iter().map(|(item, text)| Question { item: Some(*item), text }).collect();
            let fresh = vectors.of(&questions, cancel, &mut |_| Ok(()))?.ok_or_else(cancelled)?;
            for ((item, text), vector) in texts.iter().zip(fresh) {
                let Some(known) = page.iter().find(|known| known.item == *item) else { continue };
                examples.push(Example { text: one_line(text), hash: known.hash, domain: known.domain });
                rows.extend(vector);
            }
        }
        let of_schema: Vec<(&str, u32)> = (0_u32..)
            .zip(&schema.domains)
            .flat_map(|(place, domain)| domain.examples.iter().map(move |text| (text.trim(), place)))
            .filter(|(text, _)| !text.is_empty() && seen.insert(TextHash::of(text)))
            .collect();
        let questions: Vec<Question<'_>> = of_schema.iter().map(|(text, _)| Question { item: None, text }).collect();
        rows.extend(vectors.of(&questions, cancel, &mut |_| Ok(()))?.ok_or_else(cancelled)?.concat());
        examples.extend(of_schema.iter().map(|(text, domain)| Example {
            text: one_line(text),
            hash: TextHash::of(text),
            domain: *domain,
        }));
        let nearest = index(&vectors, rows)?;
        let described: Vec<String> = schema.domains.iter().map(described).collect();
        let questions: Vec<Question<'_>> = described.iter().map(|text| Question { item: None, text }).collect();
        let domains = vectors.of(&questions, cancel, &mut |_| Ok(()))?.ok_or_else(cancelled)?;
        let domains = index(&vectors, domains.concat())?;
        Ok(Self { vectors, settings, examples, nearest, domains })
    }

    /// Changes with the settings and whenever the examples have doubled: with every decision the choice for a text may change a
    /// little, but nothing would ever stay labelled if each were another version.
    pub(super) fn version(&self) -> String {
        let doublings = self.examples.len().checked_ilog2().unwrap_or(0);
        hashed(&format!("{}|{doublings}|{}", numbers(&self.settings), self.vectors.identity()))
    }

    /// Examples and shortlist for each question; `None` when cancelled.
    pub(super) fn choose(
        &self,
        schema: &Schema,
        questions: &[Question<'_>],
        cancel: &CancelToken,
    ) -> Result<Option<Vec<Chosen>>, CallError> {
        let Some(vectors) = self.vectors.of(questions, cancel, &mut |_| Ok(()))? else { return Ok(None) };
        let chosen = questions.iter().zip(&vectors).map(|(question, vector)| self.choose_for(schema, question, vector));
        chosen.collect::<Result<Vec<_>, _>>().map(Some)
    }

    fn choose_for(&self, schema: &Schema, question: &Question<'_>, vector: &[f32]) -> Result<Chosen, CallError> {
        let own = TextHash::of(question.text);
        let found = self.nearest.search(vector, NEIGHBOURS).map_err(defect)?;
        // The text itself is no example: its answer would be given away.
        let near: Vec<(&Example, f32)> = found
            .into_iter()
            .filter_map(|(place, cosine)| Some((self.examples.get(usize::try_from(place).ok()?)?, cosine)))
            .filter(|(example, _)| example.hash != own)
            .collect();
        let domains = self.shortlist(schema, vector, &near)?;
        let allowed = |domain: u32| domains.as_ref().is_none_or(|domains| domains.contains(&(domain as usize)));
        let mut shots: Vec<(String, String)> = Vec::new();
        if self.settings.nearest {
            let candidates: Vec<&Example> =
                near.iter().map(|(example, _)| *example).filter(|example| allowed(example.domain)).collect();
            for example in self.spread(&candidates) {
                let Some(domain) = schema.domains.get(example.domain as usize) else { continue };
                shots.push((example.text.clone(), domain.id.clone()));
            }
            shots.reverse();
        }
        Ok(Chosen { shots, domains })
    }

    /// The nearest of each domain, then the second nearest, … within the budget; the nearest first.
    fn spread<'a>(&self, near: &[&'a Example]) -> Vec<&'a Example> {
        let mut taken: Vec<&Example> = Vec::new();
        let mut left = self.settings.characters as usize;
        for round in 0.. {
            let before = taken.len();
            let mut counts = std::collections::HashMap::<u32, usize>::new();
            for example in near {
                let seen = counts.entry(example.domain).or_default();
                let turn = *seen == round;
                *seen += 1;
                let length = example.text.chars().count();
                if turn && taken.len() < self.settings.count as usize && length <= left.min(LONGEST) {
                    left -= length;
                    taken.push(example);
                }
            }
            let full = taken.len() >= self.settings.count as usize;
            if full || (taken.len() == before && counts.values().all(|count| *count <= round)) {
                return taken;
            }
        }
        taken
    }

    /// The domains that the text is nearest to, by their examples or by what the schema says of them.
    fn shortlist(
        &self,
        schema: &Schema,
        vector: &[f32],
        near: &[(&Example, f32)],
    ) -> Result<Option<Vec<usize>>, CallError> {
        let Some(count) = self.settings.shortlist.map(|count| count.max(2) as usize) else { return Ok(None) };
        if schema.domains.len() <= count {
            return Ok(None);
        }
        let mut scores = vec![f32::NEG_INFINITY; schema.domains.len()];
        let described = self.domains.search(vector, schema.domains.len()).map_err(defect)?;
        let described =
            described.into_iter().filter_map(|(place, cosine)| Some((usize::try_from(place).ok()?, cosine)));
        let by_example = near.iter().map(|(example, cosine)| (example.domain as usize, *cosine));
        for (place, cosine) in described.chain(by_example) {
            if let Some(score) = scores.get_mut(place) {
                *score = score.max(cosine);
            }
        }
        let mut places: Vec<usize> = (0..scores.len()).collect();
        places.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        places.truncate(count);
        places.sort_unstable();
        Ok(Some(places))
    }
}

fn index(vectors: &Vectors, rows: Vec<f32>) -> Result<Nearest, CallError> {
    let count = rows.len() / vectors.dimensions().max(1);
    let ids = (0..i64::try_from(count).unwrap_or(i64::MAX)).collect();
    Nearest::build(vectors.dimensions(), ids, &rows, NearestSettings::default(), NEVER).map_err(defect)
}

/// What the schema says of a domain, as a sentence that an encoder can place.
fn described(domain: &Domain) -> String {
    let id = domain.id.replace(['_', '-'], " ");
    let parts = [id.as_str(), &domain.name.en, &domain.name.ru, &domain.guideline];
    let mut said: Vec<&str> = Vec::new();
    for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
        if !said.contains(&part) {
            said.push(part);
        }
    }
    said.join(". ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cancelled() -> CallError {
    CallError::new(contract::ErrorCode::Cancelled)
}
