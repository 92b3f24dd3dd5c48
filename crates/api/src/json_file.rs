//! Small JSON files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use contract::CallError;
use serde::{Serialize, de::DeserializeOwned};

/// Reads a file; a missing or unreadable one gives the default (it holds conveniences, nothing that work depends on).
pub(crate) fn read<T: DeserializeOwned + Default>(path: &Path) -> T {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(path = %path.display(), %error, "can't be read");
            }
            return T::default();
        }
    };
    serde_json::from_slice(&bytes).unwrap_or_else(|error| {
        tracing::warn!(path = %path.display(), %error, "is damaged");
        T::default()
    })
}

/// Replaces a file.
pub(crate) fn write(path: &Path, value: &impl Serialize) -> Result<(), CallError> {
    let part = path.with_extension("part");
    let written = (|| {
        let bytes = serde_json::to_vec_pretty(value)?;
        let mut file = File::create(&part)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    })();
    written.map_err(|error| CallError::from_io(&error, path.display(), true))
}
