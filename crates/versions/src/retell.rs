//! Chunks that stay while what tells them goes: they are written whole, so that it can go, and be told by them in turn. The newest text of a
//! line of versions then stands alone, and older ones cost what differs from it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;

use rayon::prelude::*;

use crate::delta::Writer;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::line::lines;
use crate::needs::Marks;
use crate::pack::{Entry, PackWriter, Packed};
use crate::row::Row;
use crate::tree::DEEPEST;
use crate::{Progress, VersionError, VersionStore};

/// Chunks that are packed between two looks at progress.
const BATCH: usize = 64;
/// Chunks are written whole where that frees more than one part in so many of what it writes.
const WORTHWHILE: u64 = 10;
/// Bytes that two lines must share at their ends, so that telling one by the other is shorter than the line.
const SHARED: usize = 32;

/// A chunk of a version that stays, and what tells it, one after another, that no such version has.
#[derive(Debug)]
pub(crate) struct Chain {
    pub kept: Hash,
    pub above: Vec<Hash>,
}

impl VersionStore {
    /// Writes chunks whole that stay and are told by what goes, where that is worth it, and takes what told them before out of the packs.
    /// Answers what told them. Until the end of this everything can be read as before, and afterwards, too.
    pub(crate) fn stand_alone(
        &self,
        holdings: &Holdings,
        marks: &Marks,
        told: &mut Progress<'_>,
    ) -> Result<Vec<Chain>, VersionError> {
        let chains = worthwhile(holdings, chains(holdings, marks).into_values().collect());
        if chains.is_empty() {
            return Ok(chains);
        }
        let packs = self.packs();
        let failed = VersionError::write;
        let mut pack = PackWriter::create(&self.disk, &packs).map_err(failed(&packs))?;
        for (batch, done) in chains.chunks(BATCH).zip((0..).step_by(BATCH)) {
            if told(done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
            let whole = |chain: &Chain| {
                let bytes = holdings.objects.get(&chain.kept, "—")?;
                Packed::whole(chain.kept, &bytes).map_err(failed(&packs))
            };
            for object in batch.par_iter().map(whole).collect::<Result<Vec<_>, VersionError>>()? {
                pack.add(&object).map_err(failed(&packs))?;
            }
        }
        pack.finish().map_err(failed(&packs))?;
        // The copies that were told go before anything may be told by these chunks: the two would tell each other.
        self.sweep(&self.refs()?, told)?;
        Ok(chains)
    }
}

/// Chunks that stay and are told by something that no version that stays has itself, by the last of what tells them.
fn chains(holdings: &Holdings, marks: &Marks) -> BTreeMap<Hash, Vec<Chain>> {
    let base = |hash: &Hash| holdings.objects.entry(hash).and_then(|entry| entry.base);
    let mut kept: Vec<Hash> = marks.chunks.iter().copied().collect();
    kept.sort_unstable();
    let mut chains: BTreeMap<Hash, Vec<Chain>> = BTreeMap::new();
    for kept in kept {
        let mut above = Vec::new();
        let mut next = base(&kept);
        while let Some(hash) = next.filter(|hash| !marks.chunks.contains(hash) && above.len() <= DEEPEST as usize) {
            above.push(hash);
            next = base(&hash);
        }
        if let Some(last) = above.last() {
            chains.entry(*last).or_default().push(Chain { kept, above });
        }
    }
    chains
}

/// Of chains that are grouped by what they have in common those that it is worth it to write whole, all together.
fn worthwhile(holdings: &Holdings, groups: Vec<Vec<Chain>>) -> Vec<Chain> {
    let mut weighed: Vec<(Weight, Vec<Chain>)> =
        groups.into_iter().map(|chains| (Weight::of(holdings, &chains), chains)).collect();
    // Those that free most of what they cost come first; by their numbers alone, so that the order is always the same.
    let gain = |weight: &Weight| weight.freed.saturating_sub(weight.cost());
    weighed.retain(|(weight, _)| weight.freed >= weight.cost());
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(gain(weight) * 1000 / weight.written.max(1)));
    let (mut all, mut written) = (0, 0);
    let pays = |(weight, _): &(Weight, Vec<Chain>)| {
        all += gain(weight);
        written += weight.written;
        all * WORTHWHILE > written
    };
    weighed.into_iter().take_while(pays).flat_map(|(_, chains)| chains).collect()
}

/// What writing the chunks of some chains whole would come to, roughly.
struct Weight {
    /// Bytes that leave the packs.
    freed: u64,
    /// Bytes that are written to a pack.
    written: u64,
    /// Bytes that what goes takes in an archive: told by what is newer, and compressed together, a quarter of what it takes in packs.
    archived: u64,
}

impl Weight {
    /// Of chains that have their last in common.
    fn of(holdings: &Holdings, chains: &[Chain]) -> Self {
        let entry = |hash: &Hash| holdings.objects.entry(hash);
        let bytes = |entry: &Entry| u64::from(entry.stored) + Entry::BYTES as u64;
        let mut weight = Self { freed: 0, written: 0, archived: 0 };
        let above: HashSet<&Hash> = chains.iter().flat_map(|chain| &chain.above).collect();
        let kept = chains.iter().filter_map(|chain| entry(&chain.kept));
        for entry in above.into_iter().filter_map(entry).chain(kept.clone()) {
            weight.freed += bytes(entry);
            weight.archived += entry.base.map_or(0, |_| bytes(entry) / 4);
        }
        let Some(last) = chains.first().and_then(|chain| chain.above.last()).and_then(entry) else { return weight };
        // What stands alone takes as much as the last one does, by its size; what that would take alone where it is told, too, nobody knows.
        let alone = if last.base.is_none() { u64::from(last.stored) } else { u64::from(last.size) / 4 };
        for entry in kept {
            weight.written += alone * u64::from(entry.size) / u64::from(last.size.max(1)) + Entry::BYTES as u64;
        }
        weight
    }

    fn cost(&self) -> u64 {
        self.written + self.archived
    }
}

/// A delta that makes `target` from `base`: lines that stand in both are copied, and of a sample that was changed what stands before and
/// after the change.
pub(crate) fn tell(base: &[u8], target: &[u8]) -> Vec<u8> {
    let mut places: HashMap<&[u8], usize> = HashMap::new();
    let mut start = 0;
    for line in lines(base) {
        places.entry(line).or_insert(start);
        start += line.len();
    }
    let wanted: HashSet<&[u8]> = lines(target).collect();
    let name = |line: &[u8]| Row::read(line).ok().map(|row| row.name().into_owned());
    let gone = places.iter().filter(|(line, _)| !wanted.contains(*line));
    let gone: HashMap<String, (usize, &[u8])> =
        gone.filter_map(|(line, at)| Some((name(line)?, (*at, *line)))).collect();
    let mut writer = Writer::default();
    for line in lines(target) {
        if let Some(at) = places.get(line) {
            writer.copy(*at, line.len());
        } else if let Some(old) = name(line).and_then(|name| gone.get(&name)) {
            put_changed(&mut writer, line, *old);
        } else {
            writer.new_bytes(line);
        }
    }
    writer.finish()
}

/// Tells a line by another one that stands at a place of the base.
fn put_changed(writer: &mut Writer, line: &[u8], (at, old): (usize, &[u8])) {
    let head = line.iter().zip(old).take_while(|(a, b)| a == b).count();
    let (rest, old_rest) = (&line[head..], &old[head..]);
    let tail = rest.iter().rev().zip(old_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    if head + tail < SHARED {
        writer.new_bytes(line);
        return;
    }
    if head > 0 {
        writer.copy(at, head);
    }
    let new = &rest[..rest.len() - tail];
    if !new.is_empty() {
        writer.new_bytes(new);
    }
    if tail > 0 {
        writer.copy(at + old.len() - tail, tail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delta::apply;

    fn line(id: u32, text: &str, label: &str) -> String {
        format!("{{\"id\":\"{id:08}\",\"text\":\"{text}\",\"label\":\"{label}\",\"origin\":\"decision\"}}\n")
    }

    fn told(base: &str, target: &str) -> usize {
        let delta = tell(base.as_bytes(), target.as_bytes());
        assert_eq!(apply(base.as_bytes(), &delta, target.len()).as_deref(), Some(target.as_bytes()));
        delta.len()
    }

    #[test]
    fn a_changed_sample_costs_what_changed() {
        let whole = |label: &str| {
            (0..100).map(|id| line(id, "I lost my card", if id == 50 { label } else { "card" })).collect::<String>()
        };
        assert!(told(&whole("fraud"), &whole("lost")) < 40);
        assert!(told(&whole("lost"), &whole("lost")) < 10);
    }

    #[test]
    fn anything_can_be_told_by_anything() {
        let texts = ["", "\n", "a", "a\n", "no sample\nat all", "{\"text\":\"a\",\"label\":\"b\"}\n"];
        let one = line(1, "a text that is long enough to be shared", "a");
        let again = format!("{one}{one}");
        let samples = [one.clone(), again, one.trim_end().to_owned(), line(1, "", ""), line(2, "x", "a") + &one];
        let all: Vec<&str> = texts.into_iter().chain(samples.iter().map(String::as_str)).collect();
        for base in &all {
            for target in &all {
                told(base, target);
            }
        }
    }
}
