//! A sample as one side of a merge has it.

use contract::version::{SampleSide, Split};

use crate::VersionError;
use crate::commit::NewVersion;
use crate::compare::Reader;
use crate::row::{Place, Row};

/// A sample as one side has it.
#[derive(Clone, PartialEq)]
pub(crate) struct Version {
    pub id: String,
    pub file: u8,
    pub line: Vec<u8>,
    pub side: SampleSide,
}

/// Reads a sample; its line ends with a newline.
pub(crate) fn read(reader: &mut Reader<'_>, place: Option<Place>) -> Result<Option<Version>, VersionError> {
    let Some(place) = place else { return Ok(None) };
    let (id, side) = reader.sample(place)?;
    let mut line = reader.line(place)?.to_owned();
    if !line.ends_with(b"\n") {
        line.push(b'\n');
    }
    Ok(Some(Version { id, file: place.file, line, side }))
}

impl Version {
    /// What a conflict is about.
    pub fn says(&self) -> (&str, &str) {
        (&self.side.text, &self.side.label)
    }

    /// What its line is found by.
    pub fn place(&self) -> (u8, &[u8]) {
        (self.file, &self.line)
    }

    /// With another label, decided by who merges.
    pub fn relabelled(&self, label: &str, request: &NewVersion<'_>) -> Self {
        let mut version = self.clone();
        if let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_slice(&self.line) {
            let decided = jiff::Timestamp::from_millisecond(request.committed).map(|time| format!("{time:.3}"));
            let told = [
                ("label", label.to_owned()),
                ("origin", "decision".to_owned()),
                ("decided_by", request.author.to_owned()),
                ("decided_at", decided.unwrap_or_default()),
            ];
            for (name, value) in told {
                // Files from elsewhere keep their own fields.
                if name == "label" || fields.contains_key(name) {
                    fields.insert(name.to_owned(), value.into());
                }
            }
            version.line = serde_json::Value::Object(fields).to_string().into_bytes();
            version.line.push(b'\n');
        }
        if let Ok(row) = Row::read(&version.line) {
            version.side = row.side(if version.file == 0 { Split::Train } else { Split::Eval });
        }
        version
    }
}
