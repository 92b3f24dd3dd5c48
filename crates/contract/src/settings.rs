//! Settings of the person on this machine, not of a project.

use serde::{Deserialize, Serialize};

use crate::call::call;

/// Language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Russian.
    Ru,
}

/// Theme of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the operating system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The person's settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppSettings {
    /// Language; the system's when `None`.
    pub language: Option<Language>,
    /// Theme.
    pub theme: Theme,
    /// Name under which decisions and commits are stored; the system's user when empty.
    pub reviewer: String,
}

/// The settings, with what the system says filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetSettings {}

/// Stores the settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetSettings {
    /// All of them.
    pub settings: AppSettings,
}

/// About the program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Version of the program.
    pub version: String,
    /// Where settings and the sample project are kept.
    pub data_folder: String,
    /// Where models from `cargo xtask setup` are looked for, if there.
    pub models: Vec<String>,
}

/// About the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetAbout {}

call! {
    GetSettings => AppSettings, "get_settings";
    SetSettings => AppSettings, "set_settings";
    GetAbout => About, "get_about";
}
