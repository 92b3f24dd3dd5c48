//! Removing what no version needs.

use std::collections::HashSet;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::PathBuf;

use contract::version::CollectReport;

use crate::disk::files_of;
use crate::hash::Hash;
use crate::holdings::Holdings;
use crate::needs::{Marks, insert_with_bases};
use crate::pack::{Entry, PackWriter, Packed, pack_bytes};
use crate::refs::Refs;
use crate::{Progress, VersionError, VersionStore};

/// A pack is written anew when no version needs more than one part in so many of its bytes.
const WORTHWHILE: u64 = 10;

/// What is to be removed, and what stays of it.
#[derive(Default)]
struct Plan {
    /// Packs, by place, of which something stays: what, in the order in which it lies there.
    rewritten: Vec<(usize, Vec<Entry>)>,
    /// Packs, by place, of which nothing stays.
    removed: Vec<usize>,
    /// Everything else that goes: archives, manifests, check reports, what interrupted work left.
    leftovers: Vec<PathBuf>,
    report: CollectReport,
}

impl VersionStore {
    /// Removes what no version, tag or archive needs: packs, parts of packs, archives, manifests, check reports, what interrupted work
    /// left behind, damaged indexes and reports, and damaged files that a repair laid aside. Never while somebody commits or reads.
    ///
    /// # Errors
    /// [`VersionError::Damaged`] where it can't be told what versions need, [`VersionError::Cancelled`], and I/O errors.
    pub fn collect(&self, dry_run: bool, told: &mut Progress<'_>) -> Result<CollectReport, VersionError> {
        let _writing = self.lock_for_writing(told)?;
        let refs = self.refs()?;
        let holdings = self.holdings()?;
        let mut plan = self.plan(&refs, &holdings)?;
        self.add_leftovers(&refs, &mut plan)?;
        plan.report.dry_run = dry_run;
        if dry_run { Ok(plan.report) } else { self.carry_out(plan, &holdings, told) }
    }

    /// Removes what packs and archives need hold no more, as collecting does; for those who hold the lock for writing.
    pub(crate) fn sweep(&self, refs: &Refs, told: &mut Progress<'_>) -> Result<(), VersionError> {
        let holdings = self.holdings()?;
        let plan = self.plan(refs, &holdings)?;
        self.carry_out(plan, &holdings, told).map(|_| ())
    }

    /// What can go of packs and archives.
    fn plan(&self, refs: &Refs, holdings: &Holdings) -> Result<Plan, VersionError> {
        let marks = Marks::of(self, refs, holdings)?;
        let intact = intact_archives(holdings, &marks);
        let in_archive = |hash: &Hash| {
            holdings.archive_of(hash).is_some_and(|archive| intact.contains(&archive))
                && holdings.is_told_in_archive(hash)
        };
        let kept = kept_in_packs(holdings, &marks, in_archive);
        let mut plan = Plan::default();
        plan_packs(holdings, &kept, &mut plan);
        let named: HashSet<Hash> = refs.versions.iter().filter_map(|version| version.archive).collect();
        for (place, archive) in holdings.archives.iter().enumerate() {
            let needed = |entry: &Entry| {
                holdings.archive_of(&entry.hash) == Some(place)
                    && !(kept.contains(&entry.hash) && holdings.objects.contains(&entry.hash))
                    && (marks.archived.contains(&entry.hash) || marks.live.contains(&entry.hash))
            };
            let named = Hash::in_name(archive.path()).is_some_and(|name| named.contains(&name));
            if !named && !archive.entries.iter().any(needed) {
                plan.report.files += 1;
                plan.report.bytes += size_of(archive.path());
                plan.leftovers.push(archive.path().to_owned());
            }
        }
        Ok(plan)
    }

    /// Manifests and check reports of versions that there are not, what is damaged and is made again, and what interrupted work left.
    fn add_leftovers(&self, refs: &Refs, plan: &mut Plan) -> Result<(), VersionError> {
        let mut leftovers = Vec::new();
        for folder in [self.manifests(), self.checks()] {
            let files = files_of(&folder, "json").map_err(VersionError::read(&folder))?;
            let gone = |path: &PathBuf| Hash::in_name(path).is_none_or(|id| refs.by_id(&id).is_none());
            leftovers.extend(files.into_iter().filter(gone));
        }
        let indexes = files_of(&self.indexes(), "lines").map_err(VersionError::read(&self.indexes()))?;
        leftovers
            .extend(indexes.into_iter().filter(|path| Hash::in_name(path).is_none_or(|id| refs.by_id(&id).is_none())));
        for path in self.redundant() {
            if !leftovers.contains(&path) {
                leftovers.push(path);
            }
        }
        let others = [self.merges(), self.indexes(), self.folder.clone()];
        for folder in [self.packs(), self.archives(), self.manifests(), self.checks()].into_iter().chain(others) {
            leftovers.extend(files_of(&folder, "partial").map_err(VersionError::read(&folder))?);
        }
        leftovers.extend(Some(self.damaged()).filter(|folder| folder.is_dir()));
        plan.report.files += leftovers.len() as u64;
        plan.report.bytes += leftovers.iter().map(size_of).sum::<u64>();
        plan.leftovers.append(&mut leftovers);
        Ok(())
    }

    /// Writes anew what stays of packs, then removes. At every moment all that versions need is there: once or twice.
    fn carry_out(
        &self,
        mut plan: Plan,
        holdings: &Holdings,
        told: &mut Progress<'_>,
    ) -> Result<CollectReport, VersionError> {
        let packs = holdings.objects.packs();
        let failed = VersionError::write;
        let mut written = HashSet::new();
        let mut done = 0;
        for (place, entries) in &plan.rewritten {
            let path = packs[*place].path();
            let mut pack = PackWriter::create(&self.disk, &self.packs()).map_err(failed(&self.packs()))?;
            let mut file = File::open(path).map_err(VersionError::read(path))?;
            for entry in entries {
                let frame = packs[*place].frame(&mut file, entry).map_err(VersionError::read(path))?;
                let object = Packed::stored(entry, frame);
                pack.add(&object).map_err(failed(&self.packs()))?;
            }
            written.extend(pack.finish_named().map_err(failed(&self.packs()))?.map(|(path, _)| path));
            done += entries.len() as u64;
            if told(done) == ControlFlow::Break(()) {
                return Err(VersionError::Cancelled);
            }
        }
        let packs = plan.removed.iter().chain(plan.rewritten.iter().map(|(place, _)| place));
        let mut gone: Vec<PathBuf> = packs.map(|place| holdings.objects.packs()[*place].path().to_owned()).collect();
        // Writing anew may have made the very pack that an interrupted collection had made.
        gone.retain(|path| !written.contains(path));
        gone.append(&mut plan.leftovers);
        if !gone.is_empty() {
            let _removing = self.lock_for_removing(told)?;
            for path in &gone {
                let removed = if path.is_dir() { self.disk.remove_folder(path) } else { self.disk.remove_file(path) };
                removed.map_err(failed(path))?;
            }
        }
        Ok(plan.report)
    }

    /// Where a repair lays damaged files aside.
    pub(crate) fn damaged(&self) -> PathBuf {
        self.folder.join("damaged")
    }
}

/// Archives whose files are what they are called, of those that would take the place of something in a pack.
fn intact_archives(holdings: &Holdings, marks: &Marks) -> HashSet<usize> {
    let twice = marks.archived.iter().filter(|hash| !marks.live.contains(hash) && holdings.objects.contains(hash));
    let asked: HashSet<usize> = twice.filter_map(|hash| holdings.archive_of(hash)).collect();
    let intact = |place: &usize| {
        let path = holdings.archives[*place].path();
        Hash::of_file(path).is_ok_and(|(hash, _)| Hash::in_name(path) == Some(hash))
    };
    asked.into_iter().filter(intact).collect()
}

/// What packs would go on holding, if these marks held and these objects lay in an archive, too.
pub(crate) fn kept_with(holdings: &Holdings, marks: &Marks, moved: &HashSet<Hash>) -> HashSet<Hash> {
    kept_in_packs(holdings, marks, |hash| moved.contains(hash) || holdings.is_told_in_archive(hash))
}

/// What packs must go on holding.
fn kept_in_packs(holdings: &Holdings, marks: &Marks, in_archive: impl Fn(&Hash) -> bool) -> HashSet<Hash> {
    let base = |hash: &Hash| holdings.objects.entry(hash).and_then(|entry| entry.base);
    let mut kept = marks.live.clone();
    kept.extend(marks.lists.iter().copied());
    for hash in marks.archived.iter().filter(|hash| !in_archive(hash)) {
        insert_with_bases(&mut kept, *hash, base);
    }
    // What stays because its pack is not worth writing anew must go on being readable: a later commit may need it.
    let mut untouched: HashSet<usize> = HashSet::new();
    loop {
        let more: Vec<usize> = (0..holdings.objects.packs().len())
            .filter(|place| !untouched.contains(place) && !worthwhile(holdings, *place, &kept))
            .collect();
        if more.is_empty() {
            return kept;
        }
        for place in more {
            untouched.insert(place);
            for entry in &holdings.objects.packs()[place].entries {
                insert_with_bases(&mut kept, entry.hash, base);
            }
        }
    }
}

/// Whether an object stays where it is: it is needed, and it is this copy that is read.
fn stays(holdings: &Holdings, kept: &HashSet<Hash>, place: usize, entry: &Entry) -> bool {
    kept.contains(&entry.hash) && holdings.objects.pack_of(&entry.hash) == Some(place)
}

/// Whether a pack is to be written anew without what need not stay in it.
fn worthwhile(holdings: &Holdings, place: usize, kept: &HashSet<Hash>) -> bool {
    let entries = &holdings.objects.packs()[place].entries;
    let read = |hash: &Hash| holdings.objects.entry(hash);
    // An object that stands alone elsewhere must not go on being told by something here: when it leaves there, that may be gone, or be
    // told by it.
    if entries.iter().any(|entry| entry.base.is_some() && read(&entry.hash).is_some_and(|read| read.base != entry.base))
    {
        return true;
    }
    let cost = |entry: &Entry| u64::from(entry.stored) + Entry::BYTES as u64;
    let (mut wasted, mut seen) = (0, HashSet::new());
    for entry in entries.iter().filter(|entry| !stays(holdings, kept, place, entry)) {
        wasted += cost(entry);
        // What tells it would have to stay with it.
        let mut next = entry.base.filter(|_| holdings.objects.pack_of(&entry.hash) == Some(place));
        while let Some(above) =
            next.filter(|hash| !kept.contains(hash) && seen.insert(*hash)).and_then(|hash| read(&hash))
        {
            let here = holdings.objects.pack_of(&above.hash) == Some(place);
            wasted += if here { 0 } else { cost(above) };
            next = above.base;
        }
    }
    wasted * WORTHWHILE > pack_bytes(entries.iter())
}

fn plan_packs(holdings: &Holdings, kept: &HashSet<Hash>, plan: &mut Plan) {
    for (place, pack) in holdings.objects.packs().iter().enumerate() {
        let mut staying: Vec<Entry> =
            pack.entries.iter().filter(|entry| stays(holdings, kept, place, entry)).copied().collect();
        let untouched = !worthwhile(holdings, place, kept);
        // A damaged pack is left for a repair: writing it anew would give what is damaged a name that fits.
        if untouched
            || !staying.is_empty()
                && Hash::of_file(pack.path()).ok().map(|(hash, _)| hash) != Hash::in_name(pack.path())
        {
            plan.report.kept += staying.len() as u64;
            continue;
        }
        staying.sort_unstable_by_key(|entry| entry.offset);
        plan.report.kept += staying.len() as u64;
        plan.report.chunks += (pack.entries.len() - staying.len()) as u64;
        plan.report.files += 1;
        if staying.is_empty() {
            plan.report.bytes += pack.bytes();
            plan.removed.push(place);
        } else {
            plan.report.bytes += pack.bytes().saturating_sub(pack_bytes(staying.iter()));
            plan.rewritten.push((place, staying));
        }
    }
}

/// Bytes of a file, or of all files in a folder.
fn size_of(path: impl AsRef<std::path::Path>) -> u64 {
    let path = path.as_ref();
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| size_of(entry.path())).sum(),
        Err(_) => fs::metadata(path).map_or(0, |metadata| metadata.len()),
    }
}
