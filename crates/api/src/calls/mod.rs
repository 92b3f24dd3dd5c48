//! The handlers, one file a contract module.

mod compare;
mod confidence;
mod dataset;
mod item;
mod job;
mod label;
mod labeller;
mod model;
mod project;
mod review;
mod schema;
mod settings;
mod source;
mod version;
mod version_change;
mod version_keep;
