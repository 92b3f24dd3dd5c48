//! The history of one sample: in which versions it appeared, changed or went.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use contract::version::{Blame, BlameEntry, ChangeKind, SampleSide, Split};
use memchr::memmem;

use crate::compare::Reader;
use crate::cut::ChunkRef;
use crate::delta::{self, Instruction};
use crate::difference;
use crate::hash::Hash;
use crate::line::lines;
use crate::manifest::DATA_FILES;
use crate::objects::Objects;
use crate::parent::Parent;
use crate::refs::{Refs, VersionRef};
use crate::row::Row;
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
        let objects = self.objects()?;
        let id = self.id_of(sample, &history, &objects, told)?;
        let mut search =
            Search { store: self, refs: &refs, objects, blame: Blame { id: id.clone(), ..Blame::default() } };
        search.follow(&id, &history, told)?;
        let order = |version: &str| refs.versions.iter().position(|known| known.version.to_string() == version);
        search.blame.entries.sort_by_key(|entry| order(&entry.version));
        search.blame.versions.sort_by_key(|version| order(version));
        search.blame.versions.dedup();
        Ok(search.blame)
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

    /// The id of the sample that is named by it, or has it as its text; the latest version's, if several have such a text.
    fn id_of(
        &self,
        sample: &str,
        history: &[&VersionRef],
        objects: &Arc<Objects>,
        told: &mut Progress<'_>,
    ) -> Result<String, VersionError> {
        let mut seen = Seen::new(sample);
        for version in history.iter().rev().filter(|version| version.archive.is_none()) {
            if told(0) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            let found = seen.in_version(self, version, objects, |row| row.name() == sample || row.text == sample)?;
            if let Some((id, _)) = found {
                return Ok(id);
            }
        }
        Err(VersionError::SampleMissing(sample.to_owned()))
    }
}

/// A search through the history.
struct Search<'a> {
    store: &'a VersionStore,
    refs: &'a Refs,
    objects: Arc<Objects>,
    blame: Blame,
}

impl Search<'_> {
    /// Follows an id from version to version; where it appeared by an edit of another text, follows that one, too.
    fn follow(&mut self, id: &str, history: &[&VersionRef], told: &mut Progress<'_>) -> Result<(), VersionError> {
        let mut seen = Seen::new(id);
        let mut states: HashMap<Hash, Option<SampleSide>> = HashMap::new();
        let mut edited = Vec::new();
        for version in history {
            if told(0) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            let number = version.version.to_string();
            if version.archive.is_some() {
                self.blame.archived.push(number);
                continue;
            }
            let manifest = self.store.manifest(version)?;
            let found =
                seen.in_version(self.store, version, &self.objects, |row| row.name() == id)?.map(|(_, side)| side);
            if found.is_some() {
                self.blame.versions.push(number.clone());
            }
            let parent = manifest.parents.first().and_then(|parent| self.refs.by_id(parent));
            let before = parent.and_then(|parent| states.get(&parent.id).cloned().flatten());
            states.insert(version.id, found.clone());
            if before == found {
                continue;
            }
            let (mut kinds, mut before) = (kinds(before.as_ref(), found.as_ref()), before);
            if let (None, Some(parent)) = (&before, parent.filter(|parent| parent.archive.is_none()))
                && let Some((old, side)) = self.edited_from(id, parent, version, told)?
            {
                kinds = vec![ChangeKind::TextChanged];
                if found.as_ref().is_some_and(|found| found.label != side.label) {
                    kinds.insert(0, ChangeKind::Relabelled);
                }
                before = Some(side);
                edited.push((old, parent));
            }
            let (author, message, committed) = (manifest.author, manifest.message, manifest.committed);
            self.blame.entries.push(BlameEntry {
                version: number,
                author,
                message,
                committed,
                kinds,
                before,
                after: found,
            });
        }
        for (old, parent) in edited {
            let history = self.store.ancestors(self.refs, Some(parent))?;
            self.follow(&old, &history, told)?;
        }
        Ok(())
    }

    /// The sample that this one was made from by editing its text, where its id is new.
    fn edited_from(
        &self,
        id: &str,
        parent: &VersionRef,
        version: &VersionRef,
        told: &mut Progress<'_>,
    ) -> Result<Option<(String, SampleSide)>, VersionError> {
        let open = |version| Parent::open(self.store, &self.objects, version).map(|opened| opened.content);
        let (old, new) = (open(parent)?, open(version)?);
        let difference = difference::between(Some(&old), &new, told)?;
        let (mut older, mut newer) = (Reader::new(&old), Reader::new(&new));
        for change in difference.changes.iter().filter(|change| change.kinds.has(ChangeKind::TextChanged)) {
            let (Some(old), Some(new)) = (change.old, change.new) else { continue };
            if newer.sample(new)?.0 == id {
                return older.sample(old).map(Some);
            }
        }
        Ok(None)
    }
}

fn kinds(before: Option<&SampleSide>, after: Option<&SampleSide>) -> Vec<ChangeKind> {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, _) => return vec![ChangeKind::Added],
        (_, None) => return vec![ChangeKind::Removed],
    };
    let mut kinds = Vec::new();
    for (differs, kind) in [
        (before.label != after.label, ChangeKind::Relabelled),
        (before.text != after.text, ChangeKind::TextChanged),
        (before.split != after.split, ChangeKind::Moved),
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

/// Where a word stands in the objects looked through so far: an object that is told by another costs what is new in it.
struct Seen {
    /// The word as JSON writes it, with and without escapes beyond ASCII.
    words: Vec<Vec<u8>>,
    /// Lines with the word, and where each begins.
    hits: HashMap<Hash, Vec<(usize, Vec<u8>)>>,
}

impl Seen {
    fn new(word: &str) -> Self {
        let plain = serde_json::Value::from(word).to_string();
        let mut escaped = String::new();
        for letter in plain.chars() {
            if letter.is_ascii() {
                escaped.push(letter);
            } else {
                letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped += &format!("\\u{unit:04x}"));
            }
        }
        let mut words = vec![plain.into_bytes()];
        // Numbers as ids stand without quotes; a sample without an id is named by what its text hashes to, so it is any line.
        if escaped.as_bytes() != words[0] {
            words.push(escaped.into_bytes());
        }
        Self { words, hits: HashMap::new() }
    }

    /// The first sample of a version that has the word and is wanted.
    fn in_version(
        &mut self,
        store: &VersionStore,
        version: &VersionRef,
        objects: &Arc<Objects>,
        wanted: impl Fn(&Row<'_>) -> bool,
    ) -> Result<Option<(String, SampleSide)>, VersionError> {
        let (manifest, number) = (store.manifest(version)?, version.version.to_string());
        for (file, split) in DATA_FILES.iter().zip([Split::Train, Split::Eval]) {
            let Some(file) = manifest.files.get(*file) else { continue };
            for ChunkRef { hash, .. } in read_list(objects, &file.chunks, &number)? {
                self.look_at(&hash, objects, &number, 0)?;
                for (_, line) in self.hits.get(&hash).into_iter().flatten() {
                    if let Ok(row) = Row::read(line)
                        && wanted(&row)
                    {
                        return Ok(Some((row.name().into_owned(), row.side(split))));
                    }
                }
            }
        }
        Ok(None)
    }

    fn look_at(&mut self, hash: &Hash, objects: &Objects, version: &str, depth: u32) -> Result<(), VersionError> {
        if self.hits.contains_key(hash) {
            return Ok(());
        }
        let content = objects.content(hash, version)?;
        let base =
            objects.entry(hash).and_then(|entry| entry.base).filter(|_| depth <= 2 * crate::objects::LONGEST_CHAIN);
        let mut hits = Vec::new();
        match base {
            None => self.scan(&content, 0, &mut hits),
            Some(base) => {
                self.look_at(&base, objects, version, depth + 1)?;
                let mut at = 0;
                for instruction in delta::instructions(&content).flatten() {
                    match instruction {
                        Instruction::Copy { start, length } => {
                            let copied = self.hits[&base]
                                .iter()
                                .filter(|(hit, _)| (start..start.saturating_add(length)).contains(hit));
                            hits.extend(copied.map(|(hit, line)| (at + hit - start, line.clone())));
                            at += length;
                        }
                        Instruction::New(new) => {
                            self.scan(new, at, &mut hits);
                            at += new.len();
                        }
                    }
                }
            }
        }
        self.hits.insert(*hash, hits);
        Ok(())
    }

    /// Finds lines with the word.
    fn scan(&self, bytes: &[u8], at: usize, hits: &mut Vec<(usize, Vec<u8>)>) {
        if !self.words.iter().any(|word| memmem::find(bytes, word).is_some()) {
            return;
        }
        let mut start = at;
        for line in lines(bytes) {
            if self.words.iter().any(|word| memmem::find(line, word).is_some()) {
                hits.push((start, line.to_owned()));
            }
            start += line.len();
        }
    }
}
