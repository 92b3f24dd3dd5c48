//! The handlers, one file a contract module.

mod settings;
