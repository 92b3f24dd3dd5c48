//! The record made anew from the manifests, when it is lost.

use std::collections::{HashMap, HashSet};
use std::fs;

use contract::version::{ChangeCounts, Increment};

use crate::disk::files_of;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::manifest::Manifest;
use crate::number::Number;
use crate::refs::{Refs, VersionRef};
use crate::{VersionError, VersionStore, needs};

/// What the manifests tell of the versions that there are; of tags, statuses and numbers, what another store's record tells (`told`).
/// A manifest that lacks something is taken for a version nevertheless, since nobody knows that it is none.
pub(crate) fn refs_of_manifests(store: &VersionStore, told: Option<&Refs>) -> Result<Refs, VersionError> {
    let folder = store.manifests();
    let mut found = Vec::new();
    for path in files_of(&folder, "json").map_err(VersionError::read(&folder))? {
        let manifest = Hash::in_name(&path)
            .and_then(|id| fs::read(&path).ok().and_then(|bytes| Some((id, Manifest::open(&bytes, &id).ok()?))));
        found.extend(manifest);
    }
    found.sort_by(|(a, first), (b, second)| (first.committed, a).cmp(&(second.committed, b)));
    let known: HashMap<Hash, &VersionRef> =
        told.iter().flat_map(|told| &told.versions).map(|version| (version.id, version)).collect();
    let holdings = store.holdings()?;
    let mut refs = Refs::default();
    for (id, manifest) in &found {
        let known = known.get(id);
        let number = known.map(|known| known.version).or_else(|| manifest.version.parse().ok());
        refs.versions.push(VersionRef {
            version: free_number(&refs, number.unwrap_or(Number::FIRST)),
            id: *id,
            status: known.map(|known| known.status).unwrap_or_default(),
            stored_bytes: known.map_or(0, |known| known.stored_bytes),
            archive: archive_of(&holdings, manifest),
        });
    }
    if let Some(told) = told {
        let there = |id: &Hash| refs.by_id(id).is_some();
        let tags = told.tags.iter().filter(|(_, id)| there(id)).map(|(tag, id)| (tag.clone(), *id)).collect();
        (refs.current, refs.tags) = (told.current.filter(there), tags);
        refs.retention = told.retention.clone();
    }
    // Whoever worked on after the export went on from the latest version.
    refs.current = refs.versions.last().map(|version| version.id).or(refs.current);
    let parents = found.into_iter().map(|(id, manifest)| (id, manifest.parents)).collect();
    order(&mut refs, &parents);
    Ok(refs)
}

/// The number, or, where another version has it, the next one that is free.
pub(crate) fn free_number(refs: &Refs, number: Number) -> Number {
    let taken = |number: Number| refs.by_number(number).is_some();
    if taken(number) { number.next(Increment::Patch, &ChangeCounts::default(), taken) } else { number }
}

/// The archive that one of a version's chunks lies in, where it is in no pack.
fn archive_of(holdings: &Holdings, manifest: &Manifest) -> Option<Hash> {
    let needed = needs::of_version(holdings, manifest);
    let archived: HashSet<usize> = needed
        .iter()
        .filter(|hash| !holdings.objects.contains(hash))
        .filter_map(|hash| holdings.archive_of(hash))
        .collect();
    archived.into_iter().filter_map(|archive| Hash::in_name(holdings.archives[archive].path())).min()
}

/// Puts versions in an order in which each comes after its parents and that changes as little as can be.
pub(crate) fn order(refs: &mut Refs, parents: &HashMap<Hash, Vec<Hash>>) {
    let mut waiting: Vec<VersionRef> = std::mem::take(&mut refs.versions);
    let mut there: HashSet<Hash> = HashSet::new();
    let mut all: HashSet<Hash> = waiting.iter().map(|version| version.id).collect();
    while !waiting.is_empty() {
        let ready = |version: &VersionRef| {
            parents
                .get(&version.id)
                .is_none_or(|parents| parents.iter().all(|parent| there.contains(parent) || !all.contains(parent)))
        };
        // A circle can't be, since an id covers its parents' ids; but nothing must hang on that.
        let next = waiting.iter().position(ready).unwrap_or(0);
        let version = waiting.remove(next);
        there.insert(version.id);
        all.insert(version.id);
        refs.versions.push(version);
    }
}
