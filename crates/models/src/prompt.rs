//! What a model is told: instruction, labels, guidelines, examples.

use contract::schema::{Domain, Schema};

/// Version of the wording below; part of every [`LabelPrompt::version`].
pub const PROMPT_VERSION: u32 = 1;

/// One allowed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The domain's id.
    pub id: String,
    /// What the model is asked to write for it.
    pub text: String,
}

/// What all texts of a run share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPrompt {
    /// The system message: the task, the labels and their guidelines.
    pub instruction: String,
    /// The allowed answers, in the schema's order.
    pub labels: Vec<Label>,
    /// Examples: a text and the id of its label.
    pub shots: Vec<(String, String)>,
}

impl LabelPrompt {
    /// The prompt of a schema, with examples that people decided.
    pub fn for_schema(schema: &Schema, shots: Vec<(String, String)>) -> Self {
        let labels: Vec<Label> =
            schema.domains.iter().map(|domain| Label { id: domain.id.clone(), text: one_line(&domain.id) }).collect();
        Self { instruction: instruction(&schema.domains), labels, shots }
    }

    /// Hash of everything in the prompt that changes an answer, 16 hexadecimal digits.
    pub fn version(&self) -> String {
        self.hash().to_hex()[..16].to_owned()
    }

    /// What the user message holds for a text.
    pub fn question(text: &str) -> String {
        format!("Text: {}", text.trim())
    }

    /// The answer text of the label with this id.
    pub fn answer(&self, id: &str) -> Option<&str> {
        self.labels.iter().find(|label| label.id == id).map(|label| label.text.as_str())
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

/// The system message for these domains.
fn instruction(domains: &[Domain]) -> String {
    let mut out = String::from("Classify the text. Answer with exactly one of these labels:\n");
    for domain in domains {
        out.push_str("- ");
        out.push_str(&one_line(&domain.id));
        let explained = explanation(domain);
        if !explained.is_empty() {
            out.push_str(": ");
            out.push_str(&explained);
        }
        out.push('\n');
    }
    out.push_str("Answer with the label only.");
    out
}

/// Names and guideline of a domain, as far as they say more than its id.
fn explanation(domain: &Domain) -> String {
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
    parts.join("; ")
}
