//! Which model, and how a server is asked.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use contract::labeller::{EnsembleRule, RouteRule};
use contract::model::{KeySource, ModelSpec, ServerSettings};

use super::labellers::{RouteWhen, Trust};
use crate::failure::Failure;
use crate::session::path_text;

#[derive(Args)]
pub struct Models {
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(subcommand)]
    pub action: ModelsAction,
}

#[derive(Subcommand)]
pub enum ModelsAction {
    List,
    Add(Box<NewModel>),
    Test {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "TEXT")]
        texts: Vec<String>,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// A labeller to be added.
#[derive(Args)]
pub struct NewModel {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub origin: ModelOrigin,
    #[arg(long, value_name = "ID", requires = "server")]
    pub model: Option<String>,
    #[arg(long, value_name = "VAR", requires = "server")]
    pub key_env: Option<String>,
    #[command(flatten)]
    pub tuning: ServerTuning,
    #[command(flatten)]
    pub trust: Trust,
    #[command(flatten)]
    pub when: RouteWhen,
    #[arg(long, requires = "ensemble")]
    pub vote: bool,
}

/// Exactly one of them.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct ModelOrigin {
    #[arg(long, value_name = "PATH")]
    pub gguf: Option<PathBuf>,
    #[arg(long, value_name = "URL", requires = "model")]
    pub server: Option<String>,
    #[arg(long, value_name = "ENCODER")]
    pub classifier: Option<String>,
    #[arg(long, num_args = 2, value_names = ["CHEAP", "STRONG"])]
    pub route: Option<Vec<String>>,
    #[arg(long, num_args = 2.., value_name = "NAME")]
    pub ensemble: Option<Vec<String>>,
}

impl ModelOrigin {
    /// The labeller that is made of others, if it is one.
    pub fn combined(&self, when: &RouteWhen, vote: bool) -> Option<ModelSpec> {
        if let Some([cheap, strong]) = self.route.as_deref() {
            #[allow(clippy::cast_possible_truncation)] // Shares.
            let rule = match (when.below, when.accuracy, when.budget) {
                (Some(below), ..) => RouteRule::Threshold { below },
                (_, _, Some(share)) => RouteRule::Budget { share: share as f32 },
                (_, accuracy, _) => RouteRule::Accuracy { at_least: accuracy.unwrap_or(ROUTE_ACCURACY) as f32 },
            };
            return Some(ModelSpec::Route { cheap: cheap.clone(), strong: strong.clone(), rule });
        }
        let members = self.ensemble.clone()?;
        let rule = if vote { EnsembleRule::Vote } else { EnsembleRule::Average };
        Some(ModelSpec::Ensemble { members, rule })
    }
}

/// How often the cheap labeller of a route has to be right where it is not overruled, unless it is said.
const ROUTE_ACCURACY: f64 = 0.95;

#[derive(Args)]
pub struct ServerTuning {
    #[arg(long, value_name = "N", requires = "server")]
    pub concurrency: Option<u32>,
    #[arg(long, value_name = "MS", requires = "server")]
    pub min_interval: Option<u64>,
    #[arg(long, value_name = "N", requires = "server")]
    pub retries: Option<u32>,
    #[arg(long, value_name = "S", requires = "server")]
    pub timeout: Option<u64>,
    #[arg(long, value_name = "H", requires = "server")]
    pub cache_hours: Option<u32>,
    #[arg(long, value_name = "MS", requires = "server")]
    pub backoff: Option<u64>,
    #[arg(long, value_name = "N", requires = "server")]
    pub pause_after: Option<u32>,
    #[arg(long, value_name = "S", requires = "server")]
    pub longest_pause: Option<u64>,
}

impl ServerTuning {
    /// The settings, with the product's defaults where nothing was said.
    pub fn settings(&self) -> ServerSettings {
        let default = ServerSettings::default();
        ServerSettings {
            concurrency: self.concurrency.unwrap_or(default.concurrency),
            min_interval_ms: self.min_interval.or(default.min_interval_ms),
            retries: self.retries.unwrap_or(default.retries),
            timeout_ms: self.timeout.map_or(default.timeout_ms, |seconds| seconds.saturating_mul(1000)),
            cache_hours: self.cache_hours.unwrap_or(default.cache_hours),
            backoff_ms: self.backoff.unwrap_or(default.backoff_ms),
            pause_after: self.pause_after.unwrap_or(default.pause_after),
            longest_pause_s: self.longest_pause.unwrap_or(default.longest_pause_s),
        }
    }
}

/// The model that options describe; `None` when they describe none.
pub fn model_spec(
    gguf: Option<&PathBuf>,
    server: Option<(&String, &String)>,
    key_env: Option<&String>,
    settings: ServerSettings,
) -> Result<Option<ModelSpec>, Failure> {
    if let Some(path) = gguf {
        return Ok(Some(ModelSpec::Gguf { path: path_text(path)? }));
    }
    Ok(server.map(|(url, model)| ModelSpec::Server {
        url: url.clone(),
        model: model.clone(),
        key: key_env.map_or(KeySource::None, |variable| KeySource::Environment { variable: variable.clone() }),
        settings,
    }))
}
