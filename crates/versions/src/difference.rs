//! What changed between two contents. Chunks that both have are not looked at; lines that both have are not read where what they are
//! matched by is known; what is left is paired by id, then by where it came from. Memory grows with the lines of the chunks that differ
//! (about 30 bytes each).

use std::collections::HashMap;
use std::ops::ControlFlow;

use contract::version::{ChangeCounts, ChangeKind};

use crate::content::Content;
use crate::looking::Looking;
use crate::pairing::pair;
use crate::row::Place;
use crate::secret::Secret;
use crate::tally::Tally;
use crate::{Progress, VersionError};

/// Kinds of change of one sample, a bit each in the order of [`ChangeKind::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub fn of(kind: ChangeKind) -> Self {
        Self(1 << kind as u8)
    }

    pub fn has(self, kind: ChangeKind) -> bool {
        self.0 & Self::of(kind).0 != 0
    }

    pub fn add(&mut self, kind: ChangeKind) {
        self.0 |= Self::of(kind).0;
    }

    /// In the order of [`ChangeKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = ChangeKind> {
        ChangeKind::ALL.iter().copied().filter(move |kind| self.has(*kind))
    }
}

/// A sample that changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    /// What its id is matched by: that of the older one, where it is there.
    pub id: u64,
    pub kinds: Kinds,
    pub old: Option<Place>,
    pub new: Option<Place>,
}

/// What changed.
#[derive(Debug)]
pub(crate) struct Difference {
    /// Samples that changed: in the newer one's order, then those that went in the older one's.
    pub changes: Vec<Change>,
    /// How many, by kind.
    pub counts: ChangeCounts,
    /// Samples by the label that they had and have ([`Difference::label_print`]), where these differ: added, removed, relabelled.
    pub labels: HashMap<(Option<u64>, Option<u64>), u64>,
    /// What the change does to the counts over samples.
    pub tally: Tally,
    /// What ids and labels are matched by here was made with it.
    secret: Secret,
}

impl Difference {
    /// What a label is known by in [`Difference::labels`].
    pub fn label_print(&self, label: &str) -> u64 {
        self.secret.short(label.as_bytes())
    }
}

/// Compares two contents. Without an older one, samples are counted and not listed.
pub(crate) fn between(
    old: Option<&dyn Content>,
    new: &dyn Content,
    told: &mut Progress<'_>,
) -> Result<Difference, VersionError> {
    let (mut looking, mut work) = (Looking::between(old, new), Work { told, done: 0 });
    for file in 0..2 {
        looking.look(file, None, &mut work)?;
    }
    Ok(looking.difference())
}

impl Looking<'_> {
    /// What was found.
    pub fn difference(self) -> Difference {
        let mut difference = Difference {
            changes: Vec::new(),
            counts: ChangeCounts::default(),
            labels: HashMap::new(),
            tally: self.tally,
            secret: self.secret,
        };
        if self.old.is_some() {
            difference.changes = pair(self.gone, self.come, &mut difference.labels);
            for change in &difference.changes {
                change.kinds.iter().for_each(|kind| difference.counts.count(kind));
            }
        } else {
            difference.counts.added =
                (0..2).flat_map(|file| self.new.chunks(file)).map(|chunk| u64::from(chunk.rows)).sum();
        }
        difference
    }
}

/// Progress over several passes.
pub(crate) struct Work<'a, 'b> {
    pub told: &'a mut Progress<'b>,
    pub done: u64,
}

impl Work<'_, '_> {
    pub fn advance(&mut self, rows: u64) -> Result<(), VersionError> {
        self.done += rows;
        match (self.told)(self.done) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(VersionError::Cancelled),
        }
    }
}
