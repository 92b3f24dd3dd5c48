//! The train/eval split: which texts go where. Works on hashes alone, so that a million items fit in memory.
//!
//! One text is one sample, however many items have it, so that it can't stand on both sides, and neither can what is tied to it:
//! its near-duplicates, its synthetics and, where asked for, its user's samples and those of its span of time. The side of a
//! sample or group depends on the seed and on its texts: what is drawn is `ChaCha8(seed, text hash)`, so that neither the items' numbers
//! nor the order of imports matter, and a project that grows keeps most of its eval. Eval is stratified by largest remainder
//! (as in scikit-learn's `StratifiedShuffleSplit`).

use contract::dataset::{Balance, SplitBy, SplitPreview, SplitSettings, Synthetics};
use contract::version::Split;
use contract::{CallError, ErrorCode};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use store::{TextHash, TrustedKey};

use super::assign::{self, Group, Pool};
use super::by_time::{self, TimedGroup};
use super::report::Outcome;
use super::sizes::{self, Kept};
use super::stratify::{eval_counts, eval_size};
use super::texts::Texts;
use super::ties;

/// A text that is in the dataset, represented by one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The item.
    pub key: TrustedKey,
    /// Which file.
    pub side: Split,
    /// The fold whose eval may hold it, where folds were asked for; none for synthetics of no fold.
    pub fold: Option<u32>,
    /// The first text of its group.
    pub group: u32,
    /// Place in its domain's order for the seed.
    pub rank: u64,
}

impl Chosen {
    /// Whether the sample may be held out at all: synthetics only where they may stand in eval.
    #[must_use]
    pub fn may_be_held_out(&self, settings: &SplitSettings) -> bool {
        may_be_held_out(&self.key, settings)
    }
}

/// A split and its numbers (`waiting` is for the caller to fill in).
#[derive(Clone, Debug, Default)]
pub struct Division {
    /// The samples in canonical order: by the hash of their text.
    pub chosen: Vec<Chosen>,
    /// The numbers.
    pub preview: SplitPreview,
    /// Clusters of near-duplicates with two samples or more in the dataset, and the samples in them.
    pub near_duplicates: Option<(u64, u64)>,
}

/// Splits what is trusted; [`TrustedKey::domain`] is a place in `domains`. `near` has for each text the first one of its cluster of
/// near-duplicates. Without enough texts the split is empty and its notes say why.
///
/// # Errors
/// [`ErrorCode::ArgumentInvalid`] for settings out of range, and for more folds than the samples can fill.
pub fn split(
    texts: &Texts,
    near: Option<&[u32]>,
    domains: &[String],
    settings: &SplitSettings,
) -> Result<Division, CallError> {
    check(settings)?;
    let ranks: Vec<u64> = texts.keys.iter().map(|key| rank(settings.seed, key.hash)).collect();
    let groups = ties::groups(&texts.keys, near, settings);
    let kept = sizes::keep(&texts.keys, &ranks, domains, settings);
    let candidates = Candidates { keys: &texts.keys, ranks: &ranks, groups: &groups, kept: &kept, settings };
    let plan = candidates.plan(domains.len())?;
    let chosen = candidates.chosen(&plan);
    let outcome = Outcome { texts, near, domains, settings, kept, plan: &plan, chosen: &chosen };
    let (preview, near_duplicates) = outcome.report();
    Ok(Division { chosen, preview, near_duplicates })
}

/// What is decided for each group; indexed by the group's first text.
pub(super) struct Plan {
    held_out: Vec<bool>,
    folds: Option<Vec<u32>>,
    /// Samples that may be held out, by domain.
    pub(super) sizes: Vec<u64>,
    /// Eval samples of all domains as they should be; the targets are fewer where train would lose a domain.
    pub(super) aim: u64,
    /// Eval samples by domain as they should be.
    pub(super) targets: Vec<u64>,
    /// Samples of each domain in the group that has most of it.
    pub(super) largest: Vec<u64>,
}

struct Candidates<'a> {
    keys: &'a [TrustedKey],
    ranks: &'a [u64],
    groups: &'a [u32],
    kept: &'a Kept,
    settings: &'a SplitSettings,
}

impl Candidates<'_> {
    /// The kept samples that may be held out, group by group.
    fn members(&self) -> Vec<u32> {
        let may = |text: &u32| {
            let text = *text as usize;
            self.kept.texts[text] && may_be_held_out(&self.keys[text], self.settings)
        };
        let mut members: Vec<u32> = (0..self.keys.len() as u32).filter(may).collect();
        members.sort_by_key(|text| self.groups[*text as usize]);
        members
    }

    fn plan(&self, domains: usize) -> Result<Plan, CallError> {
        let members = self.members();
        let of = |text: u32| self.groups[text as usize];
        let groups: Vec<&[u32]> = members.chunk_by(|one, other| of(*one) == of(*other)).collect();
        let (pool, largest) = self.pool(&groups, domains);
        let aim = eval_size(pool.sizes.iter().sum(), self.settings);
        let targets = eval_counts(&pool.sizes, aim);
        // Where nothing at all is in, the folds are as empty as train and eval, and the notes say why.
        let nothing = !self.kept.texts.contains(&true);
        let count = self.settings.folds.map(|count| count as usize);
        let (held_out, folds) = match self.settings.split_by {
            SplitBy::Chance => {
                let held_out = assign::hold_out(&pool, &targets);
                // Each group goes where least is, so that as many folds can be filled as there are groups.
                let folds = count.map(|count| {
                    filled(in_order(&groups, assign::folds(&pool, count)), count, nothing, || groups.len())
                });
                (in_order(&groups, (held_out.groups, held_out.singles)), folds.transpose()?)
            }
            SplitBy::Time => {
                let timed = self.timed(&groups);
                // A large group can leave the span of its neighbour empty, so that there may be fewer folds than groups.
                let fills = |count: &usize| has_all(&by_time::folds(&timed, *count), *count);
                let folds = count.map(|count| {
                    filled(by_time::folds(&timed, count), count, nothing, || (1..count).rev().find(fills).unwrap_or(0))
                });
                (by_time::hold_out(&timed, aim), folds.transpose()?)
            }
        };
        let by_name = |decided: Vec<u32>, otherwise: u32| {
            let mut all = vec![otherwise; self.keys.len()];
            groups.iter().zip(decided).for_each(|(group, decided)| all[of(group[0]) as usize] = decided);
            all
        };
        let mut held = vec![false; self.keys.len()];
        groups.iter().zip(held_out).for_each(|(group, out)| held[of(group[0]) as usize] = out);
        let folds = folds.map(|folds| by_name(folds, u32::MAX));
        Ok(Plan { held_out: held, folds, sizes: pool.sizes, aim, targets, largest })
    }

    /// The groups as [`assign`] wants them, and the most samples of each domain in one group.
    fn pool(&self, groups: &[&[u32]], domains: usize) -> (Pool, Vec<u64>) {
        let mut pool = Pool { sizes: vec![0; domains], ..Pool::default() };
        let mut largest = vec![0; domains];
        for group in groups {
            // The group's first text decides, kept or not, so that a cap does not move it.
            let rank = self.ranks[self.groups[group[0] as usize] as usize];
            let domain = |text: u32| self.keys[text as usize].domain;
            if let [single] = group {
                pool.singles.push((rank, domain(*single)));
                pool.sizes[domain(*single) as usize] += 1;
                continue;
            }
            let mut of: Vec<u32> = group.iter().map(|text| domain(*text)).collect();
            of.sort_unstable();
            let parts: Vec<(u32, u64)> = of.chunk_by(|a, b| a == b).map(|part| (part[0], part.len() as u64)).collect();
            for (domain, count) in &parts {
                pool.sizes[*domain as usize] += count;
                largest[*domain as usize] = (*count).max(largest[*domain as usize]);
            }
            pool.groups.push(Group { rank, parts });
        }
        (pool, largest)
    }

    fn timed(&self, groups: &[&[u32]]) -> Vec<TimedGroup> {
        let timed = |group: &&[u32]| TimedGroup {
            at: group.iter().filter_map(|text| self.keys[*text as usize].at).max(),
            rank: self.ranks[self.groups[group[0] as usize] as usize],
            size: group.len() as u64,
        };
        groups.iter().map(timed).collect()
    }

    /// The kept samples with their sides; synthetics whose group is held out are left out where they may not stand in eval.
    fn chosen(&self, plan: &Plan) -> Vec<Chosen> {
        let mut chosen = Vec::new();
        for (text, key) in self.keys.iter().enumerate().filter(|(text, _)| self.kept.texts[*text]) {
            let group = self.groups[text];
            let side = if plan.held_out[group as usize] { Split::Eval } else { Split::Train };
            if side == Split::Eval && !may_be_held_out(key, self.settings) {
                continue;
            }
            let fold = plan.folds.as_ref().map(|folds| folds[group as usize]).filter(|fold| *fold != u32::MAX);
            chosen.push(Chosen { key: *key, side, fold, group, rank: self.ranks[text] });
        }
        chosen
    }
}

/// Whether each of `count` folds has a group.
fn has_all(folds: &[u32], count: usize) -> bool {
    (0..count as u32).all(|fold| folds.contains(&fold))
}

/// Refuses folds of which one would have an empty eval, which programs that read datasets don't take; says how many (`most`)
/// can be had. Without any samples (`nothing`) they are as they are.
fn filled(folds: Vec<u32>, count: usize, nothing: bool, most: impl FnOnce() -> usize) -> Result<Vec<u32>, CallError> {
    if nothing || has_all(&folds, count) {
        return Ok(folds);
    }
    let error = CallError::new(ErrorCode::ArgumentInvalid).with("name", "folds").with("value", count);
    Err(error.with("detail", format!("≤ {}", most())))
}

/// Puts what was decided for groups and for single samples back into the order of `groups`.
fn in_order<T: Copy>(groups: &[&[u32]], (of_groups, of_singles): (Vec<T>, Vec<T>)) -> Vec<T> {
    let (mut of_groups, mut of_singles) = (of_groups.into_iter(), of_singles.into_iter());
    groups.iter().filter_map(|group| if group.len() == 1 { of_singles.next() } else { of_groups.next() }).collect()
}

fn may_be_held_out(key: &TrustedKey, settings: &SplitSettings) -> bool {
    key.parent.is_none() || settings.synthetics == Synthetics::Both
}

/// Whether the settings make sense by themselves.
///
/// # Errors
/// [`ErrorCode::ArgumentInvalid`] naming the one that does not.
pub fn check(settings: &SplitSettings) -> Result<(), CallError> {
    let invalid = |name: &str, value: &dyn std::fmt::Display, detail: &str| {
        Err(CallError::new(ErrorCode::ArgumentInvalid).with("name", name).with("value", value).with("detail", detail))
    };
    if !(settings.eval > 0.0 && settings.eval < 1.0) {
        return invalid("eval", &settings.eval, "0 < eval < 1");
    }
    if let Some(similarity) = settings.near_duplicates.filter(|value| duplicates::Similarity::new(*value).is_none()) {
        return invalid("near_duplicates", &similarity, "0 < near_duplicates ≤ 1");
    }
    if let Some(folds) = settings.folds.filter(|folds| !(2..=20).contains(folds)) {
        return invalid("folds", &folds, "2…20");
    }
    for (name, most) in [("shard_rows", settings.shard_rows), ("shard_bytes", settings.shard_bytes)] {
        if most == Some(0) {
            return invalid(name, &0, "≥ 1");
        }
    }
    match settings.max_per_domain {
        Some(cap) if cap < settings.min_per_domain.max(1) => {
            invalid("max_per_domain", &cap, &format!("≥ {}", settings.min_per_domain.max(1)))
        }
        _ => Ok(()),
    }
}

/// The text's place in its domain's order for this seed.
fn rank(seed: u64, text: TextHash) -> u64 {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[16..].copy_from_slice(&text.0);
    ChaCha8Rng::from_seed(key).next_u64()
}

/// How often each train sample is written: once, or up to the size of the largest domain. `part` says which samples the train at
/// hand holds.
pub(super) fn copies(
    chosen: &[Chosen],
    domains: usize,
    settings: &SplitSettings,
    part: impl Fn(&Chosen) -> bool,
) -> super::balance::Copies {
    if settings.balance != Balance::Oversample {
        return super::balance::Copies::default();
    }
    let samples = chosen.iter().filter(|chosen| part(chosen)).map(|chosen| (chosen.key.domain, chosen.rank));
    super::balance::Copies::oversampling(domains, samples)
}

/// Whether a fold's eval holds the sample; its train holds all samples whose group is not in its eval.
pub(super) fn is_in_fold(chosen: &Chosen, fold: u32, settings: &SplitSettings) -> Option<Split> {
    match (chosen.fold == Some(fold), chosen.may_be_held_out(settings)) {
        (true, true) => Some(Split::Eval),
        // A synthetic stays out of the fold that holds its parent out.
        (true, false) => None,
        (false, _) => Some(Split::Train),
    }
}
