//! The words that a model wants before a text, which its training put there. A model that was trained with them ranks worse
//! without.

use serde_json::{Map, Value};

use crate::encoder::text_encoder::Purpose;

/// Where it is known from what stands before a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrefixSource {
    /// The folder's own `config_sentence_transformers.json`.
    Folder,
    /// The model's name, which is that of a family whose prefixes are known.
    Name,
    /// Nothing says that the model wants any.
    Nothing,
}

/// What stands before each text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes {
    /// Before a text that is searched with.
    pub query: String,
    /// Before a text that is to be found.
    pub passage: String,
    /// Before texts that are compared with each other.
    pub symmetric: String,
    /// Where it is known from.
    pub source: PrefixSource,
}

/// Families that are known by their names: a part of the name, a part that it must not have, and what stands before a
/// query, a passage and a text for symmetric tasks, as the families' model cards say.
const FAMILIES: [(&str, &str, [&str; 3]); 1] = [("e5", "instruct", ["query: ", "passage: ", "query: "])];

/// Names of prompts in a folder's own metadata, the first that is there.
const QUERY: [&str; 1] = ["query"];
const PASSAGE: [&str; 3] = ["passage", "document", "corpus"];
const SYMMETRIC: [&str; 4] = ["symmetric", "classification", "similarity", "clustering"];

impl Prefixes {
    /// What the folder's `config_sentence_transformers.json` says, or else what is known of a model of one of these names.
    pub(crate) fn detect(metadata: Option<&Map<String, Value>>, names: &[&str]) -> Self {
        let known = FAMILIES.iter().find(|(part, not, _)| names.iter().any(|name| has_word(name, part, not)));
        let known = known.map(|(_, _, prefixes)| prefixes.map(str::to_owned));
        if let Some(prompts) = metadata.and_then(|metadata| metadata.get("prompts")?.as_object()) {
            let text = |names: &[&str]| names.iter().find_map(|name| prompts.get(*name)?.as_str()).map(str::to_owned);
            if let Some(query) = text(&QUERY).filter(|query| !query.is_empty() || text(&PASSAGE).is_some()) {
                let passage = text(&PASSAGE).unwrap_or_default();
                // A folder that names no prompt for it leaves the choice to the family's card.
                let symmetric = text(&SYMMETRIC).or(known.map(|[_, _, symmetric]| symmetric)).unwrap_or_default();
                return Self { query, passage, symmetric, source: PrefixSource::Folder };
            }
        }
        match known {
            Some([query, passage, symmetric]) => Self { query, passage, symmetric, source: PrefixSource::Name },
            None => Self {
                query: String::new(),
                passage: String::new(),
                symmetric: String::new(),
                source: PrefixSource::Nothing,
            },
        }
    }

    /// What stands before a text for this purpose.
    pub fn before(&self, purpose: Purpose) -> &str {
        match purpose {
            Purpose::Query => &self.query,
            Purpose::Passage => &self.passage,
            Purpose::Symmetric => &self.symmetric,
        }
    }
}

/// Whether a name such as `intfloat/multilingual-e5-small` has a word in it and another one not.
fn has_word(name: &str, word: &str, not: &str) -> bool {
    let words = || name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words().any(|part| part == word) && !words().any(|part| part == not)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e5_is_known_by_its_name() {
        let prefixes = Prefixes::detect(None, &["", "multilingual-E5-small"]);
        assert_eq!(prefixes.source, PrefixSource::Name);
        assert_eq!(prefixes.before(Purpose::Query), "query: ");
        assert_eq!(prefixes.before(Purpose::Passage), "passage: ");
        assert_eq!(prefixes.before(Purpose::Symmetric), "query: ");
        for other in ["all-MiniLM-L6-v2", "multilingual-e5-large-instruct", "me5", "checkpoint-e500"] {
            assert_eq!(Prefixes::detect(None, &[other]).source, PrefixSource::Nothing, "{other}");
        }
    }

    #[test]
    fn the_folder_goes_before_the_name() {
        let metadata = serde_json::json!({"prompts": {"query": "q: ", "document": "d: ", "classification": "c: "}});
        let prefixes = Prefixes::detect(metadata.as_object(), &["e5-small"]);
        assert_eq!(prefixes.source, PrefixSource::Folder);
        let all = [Purpose::Query, Purpose::Passage, Purpose::Symmetric].map(|purpose| prefixes.before(purpose));
        assert_eq!(all, ["q: ", "d: ", "c: "]);
    }

    #[test]
    fn empty_prompts_say_nothing() {
        let metadata = serde_json::json!({"prompts": {}, "default_prompt_name": null});
        assert_eq!(Prefixes::detect(metadata.as_object(), &["e5-small"]).source, PrefixSource::Name);
        let metadata = serde_json::json!({"prompts": {"query": 3, "passage": ["p"]}});
        assert_eq!(Prefixes::detect(metadata.as_object(), &["some-model"]).source, PrefixSource::Nothing);
    }
}
