//! The history of one sample: in which versions it appeared, changed or went. Archived versions are looked through like others.
//!
//! Two versions' samples are the same where their difference says so: those of one id, and those of different ids that it pairs.

use std::collections::{BTreeSet, HashMap, HashSet};

use contract::version::{Blame, BlameEntry, ChangeKind, SampleSide};

use crate::blame_lines::{Found, Seen, Sought};
use crate::cut::ChunkRef;
use crate::difference::Work;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::manifest::{DATA_FILES, Manifest};
use crate::pairing::pair;
use crate::refs::{Refs, VersionRef};
use crate::row::Mark;
use crate::secret::Secret;
use crate::store::read_list;
use crate::{Progress, VersionError, VersionStore};

impl VersionStore {
    /// Follows a sample, named by its id or its whole text, through the ancestors of a version, or all versions.
    ///
    /// # Errors
    /// [`VersionError::SampleMissing`], as [`VersionStore::find`], [`VersionError::Damaged`], [`VersionError::Cancelled`].
    pub fn blame(&self, sample: &str, version: Option<&str>, told: &mut Progress<'_>) -> Result<Blame, VersionError> {
        let _reading = self.lock_for_reading(told)?;
        let refs = self.refs()?;
        let history = self.ancestors(&refs, version.map(|version| refs.find(version)).transpose()?)?;
        let mut search = Search::of(self, &history)?;
        let mut work = Work { told, done: 0 };
        let id = search.id_of(sample.trim(), &mut work)?;
        search.follow(&id, &mut work)?;
        Ok(search.blame(id))
    }

    /// A version and all that it came from, or all versions; oldest first.
    pub(crate) fn ancestors<'a>(
        &self,
        refs: &'a Refs,
        of: Option<&VersionRef>,
    ) -> Result<Vec<&'a VersionRef>, VersionError> {
        let Some(of) = of else { return Ok(refs.versions.iter().collect()) };
        let mut wanted = HashSet::from([of.id]);
        let mut ancestors = Vec::new();
        for version in refs.versions.iter().rev() {
            if wanted.contains(&version.id) {
                wanted.extend(self.manifest(version)?.parents);
                ancestors.push(version);
            }
        }
        ancestors.reverse();
        Ok(ancestors)
    }
}

/// A version of the history.
struct Step {
    number: String,
    manifest: Manifest,
    /// The places of its parents in the history; `None` for one that is not in this store.
    parents: Vec<Option<usize>>,
}

impl Step {
    /// What its changes are counted against.
    fn first_parent(&self) -> Option<usize> {
        self.parents.first().copied().flatten()
    }
}

/// A search through the history. Versions are told by their places in it.
struct Search {
    holdings: Holdings,
    /// Oldest first: parents before their children.
    steps: Vec<Step>,
    /// Lines of all versions, by the id that they were sought by.
    seen: HashMap<String, Seen>,
    /// What was found of an id in a version.
    found: HashMap<(usize, String), Vec<Found>>,
    /// Where an id was looked at.
    visited: HashSet<(usize, String)>,
    /// Ids of others that have the text that was asked for.
    others: BTreeSet<String>,
    /// Versions that hold the sample.
    held: BTreeSet<usize>,
    entries: Vec<(usize, BlameEntry)>,
}

/// A sample as a version's first parent has it and as the version has it.
struct Pair {
    old: Found,
    new: Found,
    kinds: Vec<ChangeKind>,
}

impl Search {
    fn of(store: &VersionStore, history: &[&VersionRef]) -> Result<Self, VersionError> {
        let places: HashMap<Hash, usize> =
            history.iter().zip(0..).map(|(version, place)| (version.id, place)).collect();
        let mut steps = Vec::with_capacity(history.len());
        for version in history {
            let manifest = store.manifest(version)?;
            let parents = manifest.parents.iter().map(|parent| places.get(parent).copied()).collect();
            steps.push(Step { number: version.version.to_string(), manifest, parents });
        }
        Ok(Self {
            holdings: store.holdings()?,
            steps,
            seen: HashMap::new(),
            found: HashMap::new(),
            visited: HashSet::new(),
            others: BTreeSet::new(),
            held: BTreeSet::new(),
            entries: Vec::new(),
        })
    }

    /// What was found, in the order of the history.
    fn blame(mut self, id: String) -> Blame {
        self.entries.sort_by_key(|(place, _)| *place);
        let versions = self.held.iter().map(|place| self.steps[*place].number.clone()).collect();
        let others = self.others.into_iter().collect();
        Blame { id, others, entries: self.entries.into_iter().map(|(_, entry)| entry).collect(), versions }
    }

    /// The id of the sample that is named by it, or has it as its text; the latest version's, if several have such a text.
    fn id_of(&mut self, sample: &str, work: &mut Work<'_, '_>) -> Result<String, VersionError> {
        let places: Vec<usize> = (0..self.steps.len()).collect();
        let seen = self.look(&Sought::NameOrText(sample.to_owned()), &places, work)?;
        for place in places.into_iter().rev() {
            let rows = self.rows(&seen, place)?;
            let Some(row) = rows.iter().find(|row| row.name().trim() == sample).or(rows.first()) else { continue };
            let id = row.name().to_owned();
            if id == sample {
                // What has this text was found beside it, and is passed over.
                self.seen.insert(id.clone(), seen);
            } else {
                self.others = rows.iter().map(|row| row.name().to_owned()).filter(|name| *name != id).collect();
            }
            return Ok(id);
        }
        Err(VersionError::SampleMissing(sample.to_owned()))
    }

    /// Follows an id from version to version, and whatever else the sample is called before and after.
    fn follow(&mut self, id: &str, work: &mut Work<'_, '_>) -> Result<(), VersionError> {
        let mut waiting = vec![(id.to_owned(), (0..self.steps.len()).collect::<Vec<usize>>())];
        while let Some((id, places)) = waiting.pop() {
            for place in places {
                waiting.extend(self.step(&id, place, work)?);
            }
        }
        Ok(())
    }

    /// Looks what a version did to the sample of an id; answers by what other id it is to be followed, and in which versions.
    fn step(
        &mut self,
        id: &str,
        place: usize,
        work: &mut Work<'_, '_>,
    ) -> Result<Option<(String, Vec<usize>)>, VersionError> {
        if !self.visited.insert((place, id.to_owned())) {
            return Ok(None);
        }
        let after = self.find(id, place, work)?;
        let before = match self.steps[place].first_parent() {
            Some(parent) => self.find(id, parent, work)?,
            None => Vec::new(),
        };
        if !after.is_empty() {
            self.held.insert(place);
        }
        match (&before[..], &after[..]) {
            ([], []) => Ok(None),
            ([before], [after]) => {
                if before.line() != after.line() {
                    self.tell(place, kinds(before, after), Some(before), Some(after));
                }
                Ok(None)
            }
            ([], [_]) | ([_], []) => self.came_or_went(place, before.first(), after.first(), work),
            _ => {
                self.tell_several(place, &before, &after);
                Ok(None)
            }
        }
    }

    /// What a version did where it or its first parent has several samples of an id: the difference between the two says which is which.
    fn tell_several(&mut self, place: usize, before: &[Found], after: &[Found]) {
        let is_known = self.steps[place].first_parent().is_some() || self.steps[place].manifest.parents.is_empty();
        for change in pair(alone(before, after), alone(after, before), &mut HashMap::new()) {
            let old = change.old.map(|place| &before[place.line as usize]);
            let new = change.new.map(|place| &after[place.line as usize]);
            let kinds = if is_known { change.kinds.iter().collect() } else { Vec::new() };
            self.tell(place, kinds, old, new);
        }
    }

    /// The same where only one of a version and its first parent has the id: perhaps the other one has the sample by another id.
    fn came_or_went(
        &mut self,
        place: usize,
        before: Option<&Found>,
        after: Option<&Found>,
        work: &mut Work<'_, '_>,
    ) -> Result<Option<(String, Vec<usize>)>, VersionError> {
        let (Some(parent), Some(lone)) = (self.steps[place].first_parent(), before.or(after)) else {
            // Nobody here knows what a parent had that is not in this store.
            let is_first = self.steps[place].manifest.parents.is_empty();
            self.tell(place, if is_first { vec![ChangeKind::Added] } else { Vec::new() }, before, after);
            return Ok(None);
        };
        let Some(Pair { old, new, kinds }) = self.paired(lone, (parent, place), after.is_some(), work)? else {
            let kind = if after.is_some() { ChangeKind::Added } else { ChangeKind::Removed };
            self.tell(place, vec![kind], before, after);
            return Ok(None);
        };
        self.held.insert(place);
        self.tell(place, kinds, Some(&old), Some(&new));
        let (old, new) = (old.name().to_owned(), new.name().to_owned());
        // It is told by both ids at once.
        self.visited.extend([(place, old.clone()), (place, new.clone())]);
        Ok(Some(if after.is_some() { (old, self.before(parent)) } else { (new, self.after(place)) }))
    }

    /// A version and all that it came from, oldest first.
    fn before(&self, place: usize) -> Vec<usize> {
        let mut wanted = HashSet::from([place]);
        for place in (0..=place).rev() {
            if wanted.contains(&place) {
                wanted.extend(self.steps[place].parents.iter().flatten());
            }
        }
        (0..=place).filter(|place| wanted.contains(place)).collect()
    }

    /// All that came from a version, oldest first.
    fn after(&self, place: usize) -> Vec<usize> {
        let mut wanted = HashSet::from([place]);
        let mut after = Vec::new();
        for later in place + 1..self.steps.len() {
            if self.steps[later].parents.iter().flatten().any(|parent| wanted.contains(parent)) {
                wanted.insert(later);
                after.push(later);
            }
        }
        after
    }

    /// The samples of an id in a version.
    fn find(&mut self, id: &str, place: usize, work: &mut Work<'_, '_>) -> Result<Vec<Found>, VersionError> {
        let key = (place, id.to_owned());
        if let Some(found) = self.found.get(&key) {
            return Ok(found.clone());
        }
        if !self.seen.contains_key(id) {
            let places: Vec<usize> = (0..self.steps.len()).collect();
            let seen = self.look(&Sought::Name(id.to_owned()), &places, work)?;
            self.seen.insert(id.to_owned(), seen);
        }
        work.advance(0)?;
        let rows = match self.seen.get(id) {
            Some(seen) => self.rows(seen, place)?,
            None => Vec::new(),
        };
        let found: Vec<Found> = rows.into_iter().filter(|row| row.name() == id).collect();
        self.found.insert(key, found.clone());
        Ok(found)
    }

    /// What the difference between a version and its first parent pairs a sample with that only one of them has an id for. Ids failing,
    /// it goes by source and row: so it is enough to look at those samples, and at what these are paired with by their ids.
    fn paired(
        &self,
        lone: &Found,
        (parent, place): (usize, usize),
        came: bool,
        work: &mut Work<'_, '_>,
    ) -> Result<Option<Pair>, VersionError> {
        let Some(origin) = lone.origin() else { return Ok(None) };
        let seen = self.look(&origin, &[parent, place], work)?;
        let (old, new) = (self.rows(&seen, parent)?, self.rows(&seen, place)?);
        if old.is_empty() || new.is_empty() {
            return Ok(None);
        }
        let names = old.iter().chain(&new).map(|row| row.name().to_owned()).collect();
        let seen = self.look(&Sought::Names(names), &[parent, place], work)?;
        let (old, new) = (self.rows(&seen, parent)?, self.rows(&seen, place)?);
        for change in pair(alone(&old, &new), alone(&new, &old), &mut HashMap::new()) {
            let (Some(before), Some(after)) = (change.old, change.new) else { continue };
            let (old, new) = (&old[before.line as usize], &new[after.line as usize]);
            let own = if came { new } else { old };
            if own.name() == lone.name() {
                let kinds = change.kinds.iter().collect();
                return Ok(Some(Pair { old: old.clone(), new: new.clone(), kinds }));
            }
        }
        Ok(None)
    }

    /// Looks for samples in some versions.
    fn look(&self, sought: &Sought, places: &[usize], work: &mut Work<'_, '_>) -> Result<Seen, VersionError> {
        let mut chunks = HashMap::new();
        for place in places {
            for file in DATA_FILES {
                for chunk in self.chunks(*place, file)? {
                    chunks.entry(chunk.hash).or_insert_with(|| self.steps[*place].number.clone());
                }
            }
        }
        Seen::of(sought, &chunks, &self.holdings, work)
    }

    /// Those of them that a version has: train's, then eval's, in order.
    fn rows(&self, seen: &Seen, place: usize) -> Result<Vec<Found>, VersionError> {
        let mut rows = Vec::new();
        for (number, file) in (0..).zip(DATA_FILES) {
            rows.extend(seen.rows(number, &self.chunks(place, file)?));
        }
        Ok(rows)
    }

    /// The chunks of a version's file. Lists never move to archives.
    fn chunks(&self, place: usize, file: &str) -> Result<Vec<ChunkRef>, VersionError> {
        let Step { number, manifest, .. } = &self.steps[place];
        match manifest.files.get(file) {
            Some(file) => read_list(&self.holdings.objects, &file.chunks, number),
            None => Ok(Vec::new()),
        }
    }

    fn tell(&mut self, place: usize, kinds: Vec<ChangeKind>, before: Option<&Found>, after: Option<&Found>) {
        let Step { number, manifest, .. } = &self.steps[place];
        let ids = before.zip(after).map(|(before, after)| (before.name().to_owned(), after.name().to_owned()));
        let entry = BlameEntry {
            version: number.clone(),
            author: manifest.author.clone(),
            message: manifest.message.clone(),
            committed: manifest.committed,
            kinds,
            ids: ids.filter(|(before, after)| before != after),
            before: before.and_then(Found::side),
            after: after.and_then(Found::side),
        };
        self.entries.push((place, entry));
    }
}

/// What is left of a version's samples to be paired when lines that the other one has, too, are taken away.
fn alone(rows: &[Found], others: &[Found]) -> Vec<Mark> {
    let mut like: HashMap<(u8, &[u8]), usize> = HashMap::new();
    for other in others {
        *like.entry(other.line()).or_default() += 1;
    }
    let mut alone = Vec::new();
    for (place, row) in (0..).zip(rows) {
        match like.get_mut(&row.line()) {
            Some(left) if *left > 0 => *left -= 1,
            _ => alone.extend(row.mark(place, Secret::of_process())),
        }
    }
    alone
}

/// How a sample that kept its id changed.
fn kinds(before: &Found, after: &Found) -> Vec<ChangeKind> {
    let (old, new) = (before.side(), after.side());
    let differs = |field: fn(&SampleSide) -> &str| old.as_ref().map(field) != new.as_ref().map(field);
    let mut kinds = Vec::new();
    for (differs, kind) in [
        (differs(|side| side.label.as_str()), ChangeKind::Relabelled),
        (differs(|side| side.text.as_str()), ChangeKind::TextChanged),
        (before.file != after.file, ChangeKind::Moved),
    ] {
        if differs {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        kinds.push(ChangeKind::Details);
    }
    kinds
}
