//! Reading a version's samples one after another.

use std::ops::ControlFlow;

use contract::version::{SampleSide, Split};

use crate::commit::Parent;
use crate::content::Content;
use crate::line::lines;
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

impl VersionStore {
    /// Visits the samples of a version: train, then eval, each in the order of its file.
    ///
    /// # Errors
    /// As [`VersionStore::find`], [`VersionError::Archived`], [`VersionError::Damaged`], [`VersionError::Cancelled`].
    pub fn for_each_sample(
        &self,
        version: &str,
        told: &mut Progress<'_>,
        visit: &mut dyn FnMut(VersionSample),
    ) -> Result<(), VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let objects = self.objects()?;
        let content = Parent::open(self, &objects, self.refs()?.find(version)?)?.content;
        let mut done = 0;
        for (file, split) in [(0, Split::Train), (1, Split::Eval)] {
            let mut number = 0;
            for chunk in 0..u32::try_from(content.chunks(file).len()).unwrap_or(u32::MAX) {
                for (line, text) in (0..).zip(lines(&content.read(file, chunk)?)) {
                    let row =
                        Row::read(text).map_err(|error| content.no_sample(Place { file, chunk, line }, &error))?;
                    number += 1;
                    visit(VersionSample { id: row.name().into_owned(), split, line: number, side: row.side(split) });
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
