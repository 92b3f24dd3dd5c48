//! The label schema: the domains of a project.

use serde::{Deserialize, Serialize};

use crate::call::call;

/// A text in both languages; an empty one falls back to the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LocalText {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

/// A class of the schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Domain {
    /// Stable identifier: what predictions, decisions and datasets hold. Any text of 1 to 200 characters, unique
    /// without regard to case; taken from labels, it is the label as it stands in the data.
    pub id: String,
    /// Names for people.
    pub name: LocalText,
    /// When an item belongs here.
    pub guideline: String,
    /// Examples of texts.
    pub examples: Vec<String>,
    /// The key that chooses it in review: one character, or empty. Where empty, the review screen gives keys by position
    /// (1 to 9, 0) to the candidates shown.
    pub hotkey: String,
}

/// The project's schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// The domains, in the person's order.
    pub domains: Vec<Domain>,
    /// Grows with every change; 0 when there is no schema yet.
    pub revision: u64,
}

/// A domain that the items' labels suggest, and how often the label stands there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuggestedDomain {
    /// The domain, with up to three examples from the data.
    pub domain: Domain,
    /// Items with this label.
    pub items: u64,
}

/// The schema of a project (revision 0 and empty when there is none).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetSchema {
    /// The project's folder.
    pub project: String,
}

/// Replaces the schema after checking it (unique ids and hotkeys, at least two domains).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetSchema {
    /// The project's folder.
    pub project: String,
    /// The domains.
    pub domains: Vec<Domain>,
}

/// Suggests a schema from the labels that items came with, most frequent first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SuggestSchema {
    /// The project's folder.
    pub project: String,
}

/// Reads and checks a schema file without saving it: JSON (array of ids, array of domains, or `{"domains": […]}`) or CSV
/// (`id,name_en,name_ru,guideline,examples,hotkey`, examples joined by `|`; only `id` is needed).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadSchemaFile {
    /// The file.
    pub path: String,
}

call! {
    GetSchema => Schema, "get_schema";
    SetSchema => Schema, "set_schema";
    SuggestSchema => Vec<SuggestedDomain>, "suggest_schema";
    ReadSchemaFile => Vec<Domain>, "read_schema_file";
}
