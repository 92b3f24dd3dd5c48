//! Reading a version's samples one after another.

use std::ops::ControlFlow;

use contract::dataset::Sample;
use contract::version::{SampleSide, Split};

use crate::content::Content;
use crate::line::{lines, trimmed};
use crate::parent::Parent;
use crate::row::{Place, Row};
use crate::{Progress, VersionError, VersionStore};

/// A sample of a version.
#[derive(Clone, Debug)]
pub struct VersionSample {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub split: Split,
    /// Its line in that file, from 1.
    pub line: u64,
    /// What there is to see of it.
    pub side: SampleSide,
}

/// Sees the lines of a version: where each stands, its number in that file from 1, its bytes; says what is wrong with it.
pub type LineVisit<'a> = dyn FnMut(Split, u64, &[u8]) -> Result<(), String> + 'a;

impl VersionStore {
    /// Visits the samples of a version: train, then eval, each in the order of its file.
    ///
    /// # Errors
    /// As [`VersionStore::for_each_line`].
    pub fn for_each_sample(
        &self,
        version: &str,
        told: &mut Progress<'_>,
        visit: &mut dyn FnMut(VersionSample),
    ) -> Result<(), VersionError> {
        self.for_each_line(version, told, &mut |split, line, text| {
            let row = Row::read(text)?;
            visit(VersionSample { id: row.name().into_owned(), split, line, side: row.side(split) });
            Ok(())
        })
    }

    /// Visits the lines of a version: train, then eval, each with its number in its file, from 1. What `visit` finds wrong with one
    /// is told with its place.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Archived`], [`VersionError::Damaged`], [`VersionError::Cancelled`].
    pub fn for_each_line(
        &self,
        version: &str,
        told: &mut Progress<'_>,
        visit: &mut LineVisit<'_>,
    ) -> Result<(), VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let objects = self.objects()?;
        let content = Parent::open(self, &objects, self.refs()?.find(version)?)?.content;
        let mut done = 0;
        for (file, split) in [(0, Split::Train), (1, Split::Eval)] {
            let mut number = 0;
            for chunk in 0..u32::try_from(content.chunks(file).len()).unwrap_or(u32::MAX) {
                for (line, text) in (0..).zip(lines(&content.read(file, chunk)?)) {
                    number += 1;
                    visit(split, number, text)
                        .map_err(|error| content.no_sample(Place { file, chunk, line }, &error))?;
                }
                done += u64::from(content.chunks(file)[chunk as usize].rows);
                if told(done) == ControlFlow::Break(()) {
                    return Err(VersionError::Cancelled);
                }
            }
        }
        Ok(())
    }
}

/// A line as a sample; what a line from elsewhere does not tell is empty.
///
/// # Errors
/// What is wrong with it.
pub fn read_sample(line: &[u8]) -> Result<Sample, String> {
    if let Ok(sample) = serde_json::from_slice(trimmed(line)) {
        return Ok(sample);
    }
    let row = Row::read(line)?;
    let confidence = row.confidence();
    Ok(Sample {
        id: row.name().into_owned(),
        text: row.text.into_owned(),
        label: row.label.into_owned(),
        origin: row.origin.into_owned(),
        confidence,
        decided_by: row.decided_by.into_owned(),
        decided_at: row.decided_at.into_owned(),
        source: row.source.into_owned(),
        row: row.row.unwrap_or(0),
        parent: String::new(),
        weight: None,
    })
}
