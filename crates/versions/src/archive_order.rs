//! What moves to an archive, in which order, and what each object is told by there.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::collect::kept_with;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::needs::Marks;
use crate::objects::LONGEST_CHAIN;
use crate::pack::Entry;
use crate::retell::{Chain, tell};
use crate::tree::DEEPEST;
use crate::{VersionError, delta};

/// What moves to an archive.
pub(crate) struct ArchiveOrder {
    /// What goes on being told as in its pack, those of one tree together, from its root on; each by itself. Then chunks that are told by the
    /// one before them, the first by one that stays.
    parts: Vec<Part>,
    /// What each is told by there.
    told: HashMap<Hash, Option<Hash>>,
}

/// What must be looked at together.
enum Part {
    One(Entry),
    /// A chunk that stays, and those that move: each was told by the next one.
    Chain(Vec<Hash>),
}

impl ArchiveOrder {
    /// Of what only archived versions need. `chains` are chunks that stand alone now, and what told them.
    pub fn of(holdings: &Holdings, marks: &Marks, chains: &[Chain]) -> Self {
        let entries = moved(holdings, marks);
        let moved: HashSet<Hash> = entries.iter().map(|entry| entry.hash).collect();
        let mut told: HashMap<Hash, Option<Hash>> = entries.iter().map(|entry| (entry.hash, entry.base)).collect();
        let turned = turned(holdings, chains, &moved);
        let mut in_chains: HashSet<Hash> = HashSet::new();
        for chain in &turned {
            for pair in chain.windows(2) {
                told.insert(pair[1], Some(pair[0]));
                in_chains.insert(pair[1]);
            }
        }
        settle(holdings, &entries, &mut told);
        let alone = entries.into_iter().filter(|entry| !in_chains.contains(&entry.hash)).map(Part::One);
        let parts = alone.chain(turned.into_iter().map(Part::Chain)).collect();
        Self { parts, told }
    }

    /// Everything that moves.
    pub fn entries<'a>(&'a self, holdings: &'a Holdings) -> impl Iterator<Item = &'a Entry> {
        self.told.keys().filter_map(|hash| holdings.objects.entry(hash))
    }

    /// Parts of it, so many at a time.
    pub fn batches(&self, parts: usize) -> impl Iterator<Item = Batch<'_>> {
        self.parts.chunks(parts).map(|parts| Batch { order: self, parts })
    }
}

/// Some parts.
pub(crate) struct Batch<'a> {
    order: &'a ArchiveOrder,
    parts: &'a [Part],
}

impl Batch<'_> {
    /// The objects of these parts, as the archive has them: what tells each, and what its frame holds.
    pub fn objects(&self, holdings: &Holdings) -> Result<Vec<(Entry, Vec<u8>)>, VersionError> {
        let parts: Vec<Vec<(Entry, Vec<u8>)>> =
            self.parts.par_iter().map(|part| self.order.part(holdings, part)).collect::<Result<_, _>>()?;
        Ok(parts.into_iter().flatten().collect())
    }
}

impl ArchiveOrder {
    fn part(&self, holdings: &Holdings, part: &Part) -> Result<Vec<(Entry, Vec<u8>)>, VersionError> {
        match part {
            Part::One(entry) => {
                let cut = entry.base.is_some() && self.base(&entry.hash).is_none();
                let read =
                    if cut { holdings.get(&entry.hash, "—") } else { holdings.objects.content(&entry.hash, "—") };
                Ok(vec![(Entry { base: self.base(&entry.hash), ..*entry }, read?)])
            }
            Part::Chain(chain) => self.chain(holdings, chain),
        }
    }

    fn base(&self, hash: &Hash) -> Option<Hash> {
        self.told.get(hash).copied().flatten()
    }

    /// From the oldest on, so that each is unpacked once; answers them from the newest on.
    fn chain(&self, holdings: &Holdings, chain: &[Hash]) -> Result<Vec<(Entry, Vec<u8>)>, VersionError> {
        let missing = |hash: &Hash| VersionError::Damaged { version: "—".to_owned(), detail: hash.to_string() };
        let mut objects = Vec::with_capacity(chain.len());
        let Some(oldest) = chain.last() else { return Ok(objects) };
        let mut bytes = holdings.objects.get(oldest, "—")?;
        for pair in chain.windows(2).rev() {
            let (newer, hash) = (&pair[0], &pair[1]);
            let by = newer_bytes(holdings, newer, (hash, &bytes))?;
            let entry = holdings.objects.entry(hash).ok_or_else(|| missing(hash))?;
            let delta = self.base(hash).map(|base| (base, tell(&by, &bytes)));
            let (base, content) = match delta.filter(|(_, delta)| delta.len() < bytes.len()) {
                Some((base, delta)) => (Some(base), delta),
                None => (None, bytes),
            };
            objects.push((Entry { base, ..*entry }, content));
            bytes = by;
        }
        objects.reverse();
        Ok(objects)
    }
}

/// The bytes of a chunk that was told by one whose bytes are there, verified.
fn newer_bytes(holdings: &Holdings, hash: &Hash, (older, bytes): (&Hash, &[u8])) -> Result<Vec<u8>, VersionError> {
    let Some(entry) = holdings.objects.entry(hash).filter(|entry| entry.base.as_ref() == Some(older)) else {
        return holdings.objects.get(hash, "—");
    };
    let content = holdings.objects.content(hash, "—")?;
    let made = delta::apply(bytes, &content, entry.size as usize).filter(|made| Hash::of(made) == *hash);
    made.ok_or_else(|| VersionError::Damaged { version: "—".to_owned(), detail: hash.to_string() })
}

/// What leaves the packs: objects that only archived versions need, those of one tree together, from its root on. What is so little of its
/// pack that this would not be written anew stays: twice on the disk it would be dearer than before.
fn moved(holdings: &Holdings, marks: &Marks) -> Vec<Entry> {
    let objects = &holdings.objects;
    let free = |hash: &&Hash| {
        !marks.live.contains(*hash) && !marks.lists.contains(*hash) && holdings.archive_of(hash).is_none()
    };
    let free: HashSet<Hash> = marks.archived.iter().filter(free).copied().collect();
    let kept = kept_with(holdings, marks, &free);
    let goes = |hash: &Hash| free.contains(hash) && !kept.contains(hash);
    let mut moved: Vec<_> = objects
        .entries()
        .filter(|(_, entry)| goes(&entry.hash))
        .map(|(pack, entry)| {
            let (mut root, mut depth) = ((pack, entry.offset), 0);
            let mut next = entry.base;
            while let Some(base) = next.filter(|base| depth <= DEEPEST && goes(base)) {
                let Some((pack, entry)) = objects.pack_of(&base).zip(objects.entry(&base)) else { break };
                (root, depth, next) = ((pack, entry.offset), depth + 1, entry.base);
            }
            (root, depth, *entry)
        })
        .collect();
    moved.sort_unstable_by_key(|(root, depth, entry)| (*root, *depth, entry.hash));
    moved.into_iter().map(|(_, _, entry)| entry).collect()
}

/// Chains turned round: a chunk that stays, and what told it as far as it moves. A chunk of which some copy is told still, or which an
/// archive holds, tells nothing.
fn turned(holdings: &Holdings, chains: &[Chain], moved: &HashSet<Hash>) -> Vec<Vec<Hash>> {
    let packs = holdings.objects.packs();
    let told: HashSet<Hash> = packs
        .iter()
        .flat_map(|pack| &pack.entries)
        .filter(|entry| entry.base.is_some())
        .map(|entry| entry.hash)
        .collect();
    let mut taken: HashSet<Hash> = HashSet::new();
    let stands_alone =
        |hash: &Hash| holdings.objects.contains(hash) && !told.contains(hash) && holdings.archive_of(hash).is_none();
    let mut turned = Vec::new();
    for chain in chains.iter().filter(|chain| stands_alone(&chain.kept)) {
        let mut one = vec![chain.kept];
        one.extend(chain.above.iter().take_while(|hash| moved.contains(*hash) && taken.insert(**hash)));
        if one.len() > 1 {
            turned.push(one);
        }
    }
    turned
}

/// Sees to it that what lies in archives is told by no more than [`LONGEST_CHAIN`] others, one after another, and never in a circle: what
/// moves is told by nothing where it would.
fn settle(holdings: &Holdings, moved: &[Entry], told: &mut HashMap<Hash, Option<Hash>>) {
    let heights = heights(holdings);
    let mut depths: HashMap<Hash, u32> = HashMap::new();
    for entry in moved {
        while !depths.contains_key(&entry.hash) {
            let (mut way, mut next) = (Vec::new(), Some(entry.hash));
            let (mut depth, mut circle) = (0, false);
            while let Some(hash) = next {
                if let Some(known) = depths.get(&hash) {
                    depth = known + 1;
                    break;
                }
                if way.contains(&hash) {
                    circle = true;
                    break;
                }
                way.push(hash);
                next = match told.get(&hash) {
                    Some(base) => *base,
                    None if holdings.archive_of(&hash).is_some() => holdings.base_in_archive(&hash),
                    None => holdings.base(&hash),
                };
            }
            if circle {
                // What was there before is no circle.
                let last = way.iter().rev().find(|hash| told.contains_key(*hash)).copied().unwrap_or(entry.hash);
                told.insert(last, None);
                continue;
            }
            for hash in way.into_iter().rev() {
                let below = heights.get(&hash).copied().unwrap_or(0);
                if depth + below > LONGEST_CHAIN
                    && let Some(base) = told.get_mut(&hash)
                {
                    *base = None;
                    depth = 0;
                }
                depths.insert(hash, depth);
                depth += 1;
            }
        }
    }
}

/// How many objects that lie in archives already are told by each, one after another.
fn heights(holdings: &Holdings) -> HashMap<Hash, u32> {
    let mut heights: HashMap<Hash, u32> = HashMap::new();
    for entry in holdings.archived() {
        let (mut height, mut next) = (0, entry.base);
        while let Some(hash) = next.filter(|_| height < DEEPEST) {
            height += 1;
            let known = heights.entry(hash).or_default();
            *known = height.max(*known);
            next = holdings.base_in_archive(&hash);
        }
    }
    heights
}
