//! What a model is told: instruction, labels, guidelines, examples.

use contract::schema::{Domain, Schema};

/// Version of the wording below; part of every [`LabelPrompt::version`].
pub const PROMPT_VERSION: u32 = 3;

/// Stands for the list of labels in an instruction.
pub const LABELS_MARK: &str = "{labels}";
/// What models are told unless a person says it in other words.
pub const OWN_INSTRUCTION: &str = "Classify the text. Answer with exactly one of these labels:
{labels}
Answer in JSON with the label only.";

/// What stands before the label in an answer. Small models are far surer of a label inside JSON than of a bare one:
/// of 200 Banking77 questions with 8 labels, zero-shot, Qwen2.5-Coder-0.5B was right in 144 rather than 120.
pub(crate) const BEFORE_LABEL: &str = "{\"label\": \"";
/// What stands after it.
pub(crate) const AFTER_LABEL: &str = "\"}";

/// Longest example that is shown to a model, characters.
const LONGEST_EXAMPLE: usize = 300;
/// Most characters of examples and their answers: they have to fit into a small context beside labels and text.
const EXAMPLES_BUDGET: usize = 3_000;

/// One allowed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The domain's id.
    pub id: String,
    /// What the model is asked to write for it.
    pub text: String,
}

impl Label {
    /// Its text as it stands between the quotes of JSON.
    pub(crate) fn in_json(&self) -> String {
        let quoted = serde_json::Value::from(self.text.as_str()).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    }
}

/// What all texts of a run share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelPrompt {
    /// The system message: the task, the labels and their guidelines.
    pub instruction: String,
    /// The allowed answers, in the schema's order.
    pub labels: Vec<Label>,
    /// Examples: a text and the id of its label.
    pub shots: Vec<(String, String)>,
    /// Texts without labels, drawn from those that are to be labelled (64 are enough): what a model in process says of them on
    /// average is held against its answers, so that long and common names don't win by themselves. Empty: the answers stay
    /// as they are, which is what prompts with examples of their own for every text should have, as each of them would read the
    /// texts anew. Servers don't use them.
    pub calibration: Vec<String>,
}

impl LabelPrompt {
    /// The prompt of a schema, with the examples of its domains.
    pub fn for_schema(schema: &Schema) -> Self {
        Self::with_instruction(&schema.domains, None)
    }

    /// The prompt for some domains, with an instruction of a person's own: [`LABELS_MARK`] in it stands for the list of labels,
    /// which is put to its end when there is no such mark. `None` is [`OWN_INSTRUCTION`].
    pub fn with_instruction(domains: &[Domain], instruction: Option<&str>) -> Self {
        let labels: Vec<Label> =
            domains.iter().map(|domain| Label { id: domain.id.clone(), text: one_line(&domain.id) }).collect();
        let shots = shots(domains);
        let list = label_list(domains, &shots);
        let instruction = instruction.map(str::trim).filter(|text| !text.is_empty()).unwrap_or(OWN_INSTRUCTION);
        let instruction = match instruction.contains(LABELS_MARK) {
            true => instruction.replace(LABELS_MARK, list.trim_end()),
            false => format!("{instruction}\n{}", list.trim_end()),
        };
        Self { instruction, labels, shots, calibration: Vec::new() }
    }

    /// Hash of everything in the prompt that changes an answer, 16 hexadecimal digits.
    pub fn version(&self) -> String {
        self.hash().to_hex()[..16].to_owned()
    }

    /// What the user message holds for a text.
    pub fn question(text: &str) -> String {
        format!("Text: {}", text.trim())
    }

    /// The whole answer for the label with this id.
    pub fn answer(&self, id: &str) -> Option<String> {
        let label = self.labels.iter().find(|label| label.id == id)?;
        Some(format!("{BEFORE_LABEL}{}{AFTER_LABEL}", label.in_json()))
    }

    fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&PROMPT_VERSION.to_le_bytes());
        let mut field = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        field(&self.instruction);
        for label in &self.labels {
            field(&label.id);
            field(&label.text);
        }
        for (text, id) in &self.shots {
            field(text);
            field(id);
        }
        field("calibration");
        self.calibration.iter().for_each(|text| field(text));
        hasher.finalize()
    }
}

/// Key of an answer in a cache: changes with everything that changes the answer.
pub fn cache_key(identity: &str, prompt: &LabelPrompt, text: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(blake3::hash(identity.as_bytes()).as_bytes());
    hasher.update(prompt.hash().as_bytes());
    hasher.update(text.as_bytes());
    *hasher.finalize().as_bytes()
}

/// A label's id as the model writes it: without line breaks or runs of blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The domains' examples in rounds, one of each domain a round, as many whole rounds as the budget allows: a domain that
/// is shown more often than others is chosen more often.
fn shots(domains: &[Domain]) -> Vec<(String, String)> {
    let fits = |example: &&String| !example.trim().is_empty() && example.chars().count() <= LONGEST_EXAMPLE;
    let mut shots = Vec::new();
    let mut left = EXAMPLES_BUDGET;
    for round in 0.. {
        let examples = domains.iter().filter_map(|domain| {
            let example = domain.examples.iter().filter(fits).nth(round)?;
            Some((one_line(example), domain.id.clone()))
        });
        let examples: Vec<(String, String)> = examples.collect();
        let size: usize = examples.iter().map(|(text, id)| text.chars().count() + id.chars().count()).sum();
        if examples.is_empty() || size > left {
            break;
        }
        left -= size;
        shots.extend(examples);
    }
    shots
}

/// One line a label: its id and what it means.
fn label_list(domains: &[Domain], shots: &[(String, String)]) -> String {
    let mut out = String::new();
    for domain in domains {
        out.push_str("- ");
        out.push_str(&one_line(&domain.id));
        let explained = explanation(domain, shots);
        if !explained.is_empty() {
            out.push_str(": ");
            out.push_str(&explained);
        }
        out.push('\n');
    }
    out
}

/// Names and guideline of a domain, as far as they say more than its id, and its examples. They stand here and once more as
/// questions that were answered: alone, the former leave a small model at its habit of answering otherwise, and the latter
/// make it repeat the last answer; measured in docs/BENCHMARKS.md.
fn explanation(domain: &Domain, shots: &[(String, String)]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for name in [&domain.name.en, &domain.name.ru] {
        let name = one_line(name);
        if !name.is_empty() && name != domain.id && !parts.contains(&name) {
            parts.push(name);
        }
    }
    let guideline = one_line(&domain.guideline);
    if !guideline.is_empty() {
        parts.push(guideline);
    }
    let examples: Vec<String> =
        shots.iter().filter(|(_, id)| *id == domain.id).map(|(text, _)| format!("\"{text}\"")).collect();
    if !examples.is_empty() {
        parts.push(format!("for example: {}", examples.join(", ")));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(id: &str, examples: &[&str]) -> Domain {
        Domain {
            id: id.to_owned(),
            examples: examples.iter().map(|text| (*text).to_owned()).collect(),
            ..Domain::default()
        }
    }

    fn prompt(domains: Vec<Domain>) -> LabelPrompt {
        LabelPrompt::for_schema(&Schema { domains, revision: 1 })
    }

    #[test]
    fn examples_come_in_rounds() {
        let long = "x".repeat(LONGEST_EXAMPLE + 1);
        let prompt =
            prompt(vec![domain("a", &["first", "second"]), domain("b", &[&long, "one\n two"]), domain("c", &[])]);
        let shots: Vec<(&str, &str)> = prompt.shots.iter().map(|(text, id)| (text.as_str(), id.as_str())).collect();
        assert_eq!(shots, [("first", "a"), ("one two", "b"), ("second", "a")]);
    }

    #[test]
    fn a_round_that_does_not_fit_is_left_out_whole() {
        let text = "x".repeat(200);
        let domains = (0..20).map(|index| domain(&format!("domain {index}"), &[&text])).collect();
        assert!(prompt(domains).shots.is_empty());
    }

    #[test]
    fn labels_are_written_as_json_has_them() {
        let prompt = prompt(vec![domain("a \"b\"\\c", &[]), domain("товар", &[])]);
        assert_eq!(prompt.answer("товар").as_deref(), Some("{\"label\": \"товар\"}"));
        let answer: serde_json::Value =
            prompt.answer("a \"b\"\\c").and_then(|answer| serde_json::from_str(&answer).ok()).unwrap_or_default();
        assert_eq!(answer["label"], "a \"b\"\\c");
    }

    #[test]
    fn a_changed_prompt_has_another_version() {
        let versions: std::collections::BTreeSet<String> = [
            vec![domain("a", &[]), domain("b", &[])],
            vec![domain("b", &[]), domain("a", &[])],
            vec![domain("a", &["x"]), domain("b", &[])],
        ]
        .map(|domains| prompt(domains).version())
        .into();
        assert_eq!(versions.len(), 3);
    }
}
