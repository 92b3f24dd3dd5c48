//! Small JSON files that tell by themselves whether they are whole.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::hash::Hash;
use crate::manifest::LAYOUT;

/// As it lies on the disk.
#[derive(Serialize, Deserialize)]
struct Sealed {
    layout: u32,
    /// Blake3 of the content's JSON as it stands in the file, without blanks. Of the file's and not of what this program makes of it: a
    /// field more or less in another release is no damage.
    checksum: Hash,
    content: Value,
}

/// Writes content with its checksum.
pub(crate) fn seal(content: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let content = serde_json::to_value(content)?;
    let checksum = Hash::of(&serde_json::to_vec(&content)?);
    serde_json::to_vec_pretty(&Sealed { layout: LAYOUT, checksum, content })
}

/// Reads what [`seal`] wrote; says what is wrong with it otherwise.
pub(crate) fn open<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let sealed: Sealed = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if sealed.layout != LAYOUT {
        return Err(format!("layout {}", sealed.layout));
    }
    let content = serde_json::to_vec(&sealed.content).map_err(|error| error.to_string())?;
    if Hash::of(&content) != sealed.checksum {
        return Err("checksum".to_owned());
    }
    serde_json::from_value(sealed.content).map_err(|error| error.to_string())
}

/// The same, or the content alone, as earlier releases wrote some files.
pub(crate) fn open_or_bare<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    // A seal of which one name is damaged is no bare content.
    if ["layout", "checksum", "content"].iter().any(|name| value.get(name).is_some()) {
        return open(bytes);
    }
    serde_json::from_value(value).map_err(|error| error.to_string())
}
