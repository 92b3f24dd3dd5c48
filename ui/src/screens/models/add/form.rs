//! What the form of a new labeller holds, and the labeller that it stands for.

use contract::SourceId;
use contract::labeller::{EnsembleRule, RouteRule, TrainingSet};
use contract::model::{KeySource, ModelEntry, ModelSpec, ServerSettings};
use leptos::prelude::*;

use super::super::kind::file_stem;
use crate::text::{Text, t};

/// The fields of all kinds: changing the kind back and forth loses nothing.
#[derive(Clone, Copy)]
pub struct Form {
    /// `gguf`, `server`, `classifier`, `route` or `ensemble`.
    pub kind: RwSignal<String>,
    /// The name typed; empty takes the suggested one.
    pub name: RwSignal<String>,
    /// A file's path.
    pub path: RwSignal<String>,
    /// A server's address.
    pub url: RwSignal<String>,
    /// The model's id on the server.
    pub model: RwSignal<String>,
    /// `none`, `keyring` or `environment`.
    pub key_kind: RwSignal<String>,
    /// The key typed.
    pub key: RwSignal<String>,
    /// The environment variable.
    pub variable: RwSignal<String>,
    /// Calls at the same time.
    pub concurrency: RwSignal<Option<f64>>,
    /// Pause between calls, milliseconds.
    pub interval: RwSignal<Option<f64>>,
    /// Further tries.
    pub retries: RwSignal<Option<f64>>,
    /// Longest wait, seconds.
    pub timeout: RwSignal<Option<f64>>,
    /// Hours that answers are kept.
    pub cache: RwSignal<Option<f64>>,
    /// A classifier's encoder: its folder.
    pub encoder: RwSignal<String>,
    /// The labels of every source are trusted.
    pub trust_all: RwSignal<bool>,
    /// Sources whose labels are trusted.
    pub trusted: RwSignal<Vec<SourceId>>,
    /// The labeller that a route asks first.
    pub cheap: RwSignal<String>,
    /// The one that it asks where the first is unsure.
    pub strong: RwSignal<String>,
    /// `accuracy`, `budget` or `threshold`.
    pub rule: RwSignal<String>,
    /// Percent.
    pub at_least: RwSignal<Option<f64>>,
    /// Percent.
    pub budget: RwSignal<Option<f64>>,
    /// Confidence.
    pub below: RwSignal<Option<f64>>,
    /// Members of an ensemble.
    pub members: RwSignal<Vec<String>>,
    /// `vote` or `average`.
    pub combine: RwSignal<String>,
    /// The labellers that there are.
    known: StoredValue<Vec<ModelEntry>>,
}

impl Form {
    /// An empty form; what is combined begins with the labellers that there are.
    pub fn new(known: Vec<ModelEntry>) -> Self {
        let defaults = ServerSettings::default();
        let text = || RwSignal::new(String::new());
        let word = |word: &str| RwSignal::new(word.to_owned());
        let number = |value: f64| RwSignal::new(Some(value));
        // A classifier costs next to nothing: it is what one asks first.
        let is_classifier = |model: &&ModelEntry| matches!(model.spec, ModelSpec::Classifier { .. });
        let cheap = known.iter().find(is_classifier).or(known.first()).map(|model| model.name.clone());
        let cheap = cheap.unwrap_or_default();
        let strong = known.iter().map(|model| model.name.clone()).find(|name| *name != cheap).unwrap_or_default();
        let members = known.iter().take(2).map(|model| model.name.clone()).collect();
        Self {
            kind: word("gguf"),
            name: text(),
            path: text(),
            url: text(),
            model: text(),
            key_kind: word("none"),
            key: text(),
            variable: text(),
            concurrency: number(f64::from(defaults.concurrency)),
            interval: RwSignal::new(None),
            retries: number(f64::from(defaults.retries)),
            timeout: number(f64::from(u32::try_from(defaults.timeout_ms / 1000).unwrap_or(60))),
            cache: number(f64::from(defaults.cache_hours)),
            encoder: text(),
            trust_all: RwSignal::new(false),
            trusted: RwSignal::new(Vec::new()),
            cheap: RwSignal::new(cheap),
            strong: RwSignal::new(strong),
            rule: word("accuracy"),
            at_least: number(95.0),
            budget: number(20.0),
            below: number(0.7),
            members: RwSignal::new(members),
            combine: word("vote"),
            known: StoredValue::new(known),
        }
    }

    /// The names of the labellers that there are.
    pub fn known_names(self) -> Vec<String> {
        self.known.with_value(|known| known.iter().map(|model| model.name.clone()).collect())
    }

    /// Where a server's key comes from.
    pub fn key_source(self) -> KeySource {
        match self.key_kind.get().as_str() {
            "keyring" => KeySource::Keyring,
            "environment" => KeySource::Environment { variable: trimmed(self.variable) },
            _ => KeySource::None,
        }
    }

    /// The key typed, where it is meant for the keyring.
    pub fn key(self) -> Option<String> {
        let typed = trimmed(self.key);
        let wanted = self.kind.with(|kind| kind == "server") && self.key_kind.with(|kind| kind == "keyring");
        (wanted && !typed.is_empty()).then_some(typed)
    }

    /// The name under which the labeller will stand: what was typed, else what is suggested.
    pub fn name(self) -> String {
        let typed = trimmed(self.name);
        if typed.is_empty() { self.suggested() } else { typed }
    }

    /// A name that fits and is free.
    pub fn suggested(self) -> String {
        let base = match self.kind.get().as_str() {
            "gguf" => file_stem(&trimmed(self.path)),
            "server" => last_of_id(&trimmed(self.model)),
            "classifier" => t(Text::ClassifierName).to_owned(),
            "route" => t(Text::RouteName).to_owned(),
            _ => t(Text::EnsembleName).to_owned(),
        };
        free_name(base, &self.known_names())
    }

    /// The labeller as the form has it.
    pub fn spec(self) -> ModelSpec {
        match self.kind.get().as_str() {
            "gguf" => ModelSpec::Gguf { path: trimmed(self.path) },
            "server" => self.server(),
            "classifier" => ModelSpec::Classifier {
                encoder: trimmed(self.encoder),
                training: TrainingSet { trusted_sources: self.trusted.get(), trust_all: self.trust_all.get() },
            },
            "route" => ModelSpec::Route { cheap: self.cheap.get(), strong: self.strong.get(), rule: self.route_rule() },
            _ => ModelSpec::Ensemble {
                members: self.members.get(),
                rule: if self.combine.with(|rule| rule == "average") {
                    EnsembleRule::Average
                } else {
                    EnsembleRule::Vote
                },
            },
        }
    }

    fn server(self) -> ModelSpec {
        let defaults = ServerSettings::default();
        let whole = |field: RwSignal<Option<f64>>, default: u32| field.get().map_or(default, |value| value as u32);
        let settings = ServerSettings {
            concurrency: whole(self.concurrency, defaults.concurrency),
            min_interval_ms: self.interval.get().map(|millis| millis as u64),
            retries: whole(self.retries, defaults.retries),
            timeout_ms: self.timeout.get().map_or(defaults.timeout_ms, |seconds| seconds as u64 * 1000),
            cache_hours: whole(self.cache, defaults.cache_hours),
            ..defaults
        };
        ModelSpec::Server { url: trimmed(self.url), model: trimmed(self.model), key: self.key_source(), settings }
    }

    #[allow(clippy::cast_possible_truncation)]
    fn route_rule(self) -> RouteRule {
        let share = |percent: RwSignal<Option<f64>>, default: f64| (percent.get().unwrap_or(default) / 100.0) as f32;
        match self.rule.get().as_str() {
            "budget" => RouteRule::Budget { share: share(self.budget, 20.0) },
            "threshold" => RouteRule::Threshold { below: self.below.get().unwrap_or(0.7) as f32 },
            _ => RouteRule::Accuracy { at_least: share(self.at_least, 95.0) },
        }
    }

    /// Whether the labeller can be added.
    pub fn complete(self) -> bool {
        let there = |field: RwSignal<String>| field.with(|text| !text.trim().is_empty());
        match self.kind.get().as_str() {
            "gguf" => there(self.path),
            "server" => there(self.url) && there(self.model),
            "classifier" => there(self.encoder),
            "route" => there(self.cheap) && there(self.strong) && self.cheap.get() != self.strong.get(),
            _ => self.members.with(|members| members.len() >= 2),
        }
    }
}

/// What a field holds, without blanks around it.
pub fn trimmed(field: RwSignal<String>) -> String {
    field.with(|text| text.trim().to_owned())
}

/// A model's id without the folder that servers put before it.
fn last_of_id(id: &str) -> String {
    id.rsplit('/').next().unwrap_or(id).to_owned()
}

/// The name, or where it is taken the name with the next free number.
fn free_name(base: String, taken: &[String]) -> String {
    if base.is_empty() || !taken.contains(&base) {
        return base;
    }
    (2..).map(|number| format!("{base}-{number}")).find(|name| !taken.contains(name)).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::free_name;

    #[test]
    fn a_taken_name_gets_a_number() {
        let taken = ["route".to_owned(), "route-2".to_owned()];
        assert_eq!(free_name("route".to_owned(), &taken), "route-3");
        assert_eq!(free_name("ensemble".to_owned(), &taken), "ensemble");
        assert_eq!(free_name(String::new(), &taken), "");
    }
}
