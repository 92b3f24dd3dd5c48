//! Objects as trees: each is told by the one above it. Walking a tree from its root unpacks every object once, where asking for one
//! after another would unpack what is above them again and again.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::checksum::Checksum;
use crate::delta;
use crate::hash::Hash;
use crate::objects::LONGEST_CHAIN;
use crate::pack::Entry;

/// A chain that is longer was never written: a hostile one.
pub(crate) const DEEPEST: u32 = 2 * LONGEST_CHAIN;

/// Which objects are told by which.
#[derive(Debug, Default)]
pub(crate) struct Trees {
    below: HashMap<Hash, Vec<Hash>>,
    /// Objects that stand alone, or are told by one that is not among these; in the order given.
    pub roots: Vec<Hash>,
}

/// An object unpacked from its frame: itself or its delta.
pub(crate) struct Unpacked {
    pub base: Option<Hash>,
    /// Bytes of the object.
    pub size: u32,
    /// Of the object.
    pub checksum: Checksum,
    pub content: Vec<u8>,
}

impl Unpacked {
    /// What an object's frame held.
    pub fn of(entry: &Entry, content: Vec<u8>) -> Self {
        Self { base: entry.base, size: entry.size, checksum: entry.checksum, content }
    }
}

/// Bytes that are in memory as long as this is.
struct Held<'a> {
    all: &'a Cell<u64>,
    bytes: u64,
}

impl<'a> Held<'a> {
    fn new(all: &'a Cell<u64>, bytes: u64) -> Self {
        all.set(all.get() + bytes);
        Self { all, bytes }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.all.set(self.all.get() - self.bytes);
    }
}

impl Trees {
    /// Bytes that walking a root and all below it has in memory at a time, at most: those of objects that others wait for, and, of the one
    /// that is being made, its frame, what is in that, and itself. `entry` tells sizes.
    pub fn weight(&self, root: &Hash, entry: &dyn Fn(&Hash) -> Option<Entry>) -> u64 {
        let (all, mut most) = (Cell::new(0), 0);
        let mut waiting: Vec<(Hash, Option<Rc<Held<'_>>>, u32)> = vec![(*root, None, 0)];
        while let Some((hash, above, depth)) = waiting.pop() {
            let Some(entry) = entry(&hash) else { continue };
            most = most.max(all.get() + made_in(&entry));
            drop(above);
            // What is deeper is not walked.
            if let Some(below) = self.below.get(&hash).filter(|_| depth <= DEEPEST) {
                let held = Rc::new(Held::new(&all, u64::from(entry.size)));
                waiting.extend(below.iter().rev().map(|below| (*below, Some(held.clone()), depth + 1)));
            }
        }
        most
    }

    /// Of objects and what each is told by.
    pub fn of(objects: impl Iterator<Item = (Hash, Option<Hash>)> + Clone) -> Self {
        let known: HashSet<Hash> = objects.clone().map(|(hash, _)| hash).collect();
        let mut trees = Self::default();
        for (hash, base) in objects {
            match base.filter(|base| known.contains(base)) {
                Some(base) => trees.below.entry(base).or_default().push(hash),
                None => trees.roots.push(hash),
            }
        }
        trees
    }

    /// Visits a root and all below it, each after the one that it is told by: with its bytes, or `None` where they don't match its hash or checksum;
    /// what is below such a one is not visited. `above` is what the root is told by, where it is told by something.
    pub fn walk(
        &self,
        root: &Hash,
        above: Option<Vec<u8>>,
        unpack: &dyn Fn(&Hash) -> Option<Unpacked>,
        visit: &mut dyn FnMut(&Hash, Option<&[u8]>),
    ) {
        let mut waiting = vec![(*root, above.map(Rc::new), 0)];
        while let Some((hash, above, depth)) = waiting.pop() {
            let bytes = unpack(&hash).and_then(|unpacked| {
                let bytes = match (unpacked.base, &above) {
                    (None, _) => Some(unpacked.content).filter(|content| content.len() == unpacked.size as usize),
                    (Some(_), Some(above)) => delta::apply(above, &unpacked.content, unpacked.size as usize),
                    (Some(_), None) => None,
                };
                bytes.filter(|bytes| unpacked.checksum.fits(bytes) && Hash::of(bytes) == hash)
            });
            let Some(bytes) = bytes.filter(|_| depth <= DEEPEST) else {
                visit(&hash, None);
                continue;
            };
            visit(&hash, Some(&bytes));
            if let Some(below) = self.below.get(&hash) {
                let bytes = Rc::new(bytes);
                waiting.extend(below.iter().rev().map(|below| (*below, Some(bytes.clone()), depth + 1)));
            }
        }
    }
}

/// Bytes that making an object from its frame takes at most, what it is told by aside.
pub(crate) fn made_in(entry: &Entry) -> u64 {
    let content = if entry.base.is_some() { 2 * u64::from(entry.size) + 64 } else { 0 };
    u64::from(entry.stored) + content + u64::from(entry.size)
}
