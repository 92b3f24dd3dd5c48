//! The kinds of labellers: icon, name, a line on each.

use contract::labeller::{EnsembleRule, RouteRule};
use contract::model::{ModelEntry, ModelSpec};

use crate::components::{Card, Symbol};
use crate::text::{Text, lang, percent, t};

/// The icon of a labeller's kind.
pub fn symbol(spec: &ModelSpec) -> Symbol {
    match spec {
        ModelSpec::Gguf { .. } => Symbol::File,
        ModelSpec::Server { .. } => Symbol::Server,
        ModelSpec::Classifier { .. } => Symbol::Classifier,
        ModelSpec::Route { .. } => Symbol::Route,
        ModelSpec::Ensemble { .. } => Symbol::Ensemble,
    }
}

/// The name of a labeller's kind, in a word or two.
pub fn kind_word(spec: &ModelSpec) -> &'static str {
    t(match spec {
        ModelSpec::Gguf { .. } => Text::KindFile,
        ModelSpec::Server { .. } => Text::KindServer,
        ModelSpec::Classifier { .. } => Text::KindClassifier,
        ModelSpec::Route { .. } => Text::KindRoute,
        ModelSpec::Ensemble { .. } => Text::KindEnsemble,
    })
}

/// A labeller in a line: what was read from a file, or whom it asks.
pub fn summary(model: &ModelEntry) -> String {
    match &model.spec {
        ModelSpec::Gguf { .. } | ModelSpec::Server { .. } => model.summary.clone(),
        ModelSpec::Classifier { encoder, .. } => format!("{} · {}", t(Text::KindClassifier), file_name(encoder)),
        ModelSpec::Route { cheap, strong, .. } => format!("{} · {cheap} → {strong}", t(Text::KindRoute)),
        ModelSpec::Ensemble { members, .. } => format!("{} · {}", t(Text::KindEnsemble), members.join(" + ")),
    }
}

/// When a route asks its strong labeller, in words.
pub fn route_rule(rule: RouteRule) -> String {
    match rule {
        RouteRule::Threshold { below } => {
            Text::route_rule_threshold(lang(), &catalogue::decimal(lang(), f64::from(below), 2))
        }
        RouteRule::Accuracy { at_least } => Text::route_rule_accuracy(lang(), f64::from(at_least)),
        RouteRule::Budget { share } => Text::route_rule_budget(lang(), f64::from(share)),
    }
}

/// How an ensemble combines, in words.
pub fn ensemble_rule(rule: EnsembleRule) -> String {
    let (name, text) = match rule {
        EnsembleRule::Vote => (Text::EnsembleVote, Text::EnsembleVoteText),
        EnsembleRule::Average => (Text::EnsembleAverage, Text::EnsembleAverageText),
    };
    format!("{}. {}", t(name), t(text))
}

/// The five kinds to choose from.
pub fn kind_cards() -> Vec<Card> {
    let card = |value, title: Text, text: Text, symbol| Card {
        value,
        title: t(title).to_owned(),
        text: t(text).to_owned(),
        symbol: Some(symbol),
    };
    vec![
        card("gguf", Text::KindFile, Text::KindFileText, Symbol::File),
        card("server", Text::KindServer, Text::KindServerText, Symbol::Server),
        card("classifier", Text::KindClassifier, Text::KindClassifierText, Symbol::Classifier),
        card("route", Text::KindRoute, Text::KindRouteText, Symbol::Route),
        card("ensemble", Text::KindEnsemble, Text::KindEnsembleText, Symbol::Ensemble),
    ]
}

/// The last part of a path, Unix or Windows.
pub fn file_name(path: &str) -> &str {
    let path = path.trim_end_matches(['/', '\\']);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A file's name without its extension, as a name for the labeller.
pub fn file_stem(path: &str) -> String {
    let name = file_name(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// A share as a whole percentage with its interval, for a line of text.
pub fn share_with_interval(share: &contract::labeller::ShareEstimate) -> String {
    format!("{} ({})", percent(share.share), catalogue::percent_interval(lang(), share.low, share.high))
}
