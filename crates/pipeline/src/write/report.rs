//! A split in numbers, and what the person should know of it.

use contract::dataset::{DomainSplit, EvalLimit, SplitBy, SplitNote, SplitPreview, SplitSettings};
use contract::version::Split;
use store::Origin;

use super::sizes::Kept;
use super::split::{Chosen, Plan, copies, is_in_fold};
use super::stratify::eval_by_share;
use super::texts::Texts;

/// All that a split came to.
pub(super) struct Outcome<'a> {
    pub(super) texts: &'a Texts,
    pub(super) near: Option<&'a [u32]>,
    pub(super) domains: &'a [String],
    pub(super) settings: &'a SplitSettings,
    pub(super) kept: Kept,
    pub(super) plan: &'a Plan,
    pub(super) chosen: &'a [Chosen],
}

impl Outcome<'_> {
    /// The numbers, and the clusters of near-duplicates that are in.
    pub(super) fn report(mut self) -> (SplitPreview, Option<(u64, u64)>) {
        let mut preview = SplitPreview::default();
        let mut domains = self.by_domain();
        for chosen in self.chosen {
            count_origin(&mut preview, chosen.key.origin);
        }
        preview.train = domains.iter().map(|domain| domain.train).sum();
        preview.eval = domains.iter().map(|domain| domain.eval).sum();
        let (groups, grouped) = several(self.chosen.iter().map(|chosen| chosen.group).collect());
        (preview.groups, preview.grouped) = (Some(groups), Some(grouped));
        preview.folds = rows_of_folds(self.chosen, self.settings);
        preview.repeated = self.repeated();
        preview.notes = self.notes(&domains, preview.eval);
        domains.retain(|domain| domain.available > 0);
        domains.sort_by(|a, b| b.available.cmp(&a.available).then_with(|| a.domain.cmp(&b.domain)));
        preview.domains = domains;
        let near = self.near.map(|near| {
            let cluster = |chosen: &Chosen| {
                let text = self.texts.keys.binary_search_by_key(&chosen.key.hash, |key| key.hash).unwrap_or_default();
                near[text]
            };
            several(self.chosen.iter().map(cluster).collect())
        });
        (preview, near)
    }

    /// Every domain in the schema's order.
    fn by_domain(&self) -> Vec<DomainSplit> {
        let mut sides = vec![(0, 0); self.domains.len()];
        for chosen in self.chosen {
            let (train, eval) = &mut sides[chosen.key.domain as usize];
            *(if chosen.side == Split::Eval { eval } else { train }) += 1;
        }
        let domain = |((domain, available), (train, eval)): ((&String, &u64), (u64, u64))| DomainSplit {
            domain: domain.clone(),
            available: *available,
            train,
            eval,
            left_out: available - train - eval,
        };
        self.domains.iter().zip(&self.kept.available).zip(sides).map(domain).collect()
    }

    /// Train rows beyond one a sample.
    fn repeated(&self) -> u64 {
        let train = |chosen: &Chosen| chosen.side == Split::Train;
        let copies = copies(self.chosen, self.domains.len(), self.settings, train);
        let written = |chosen: &Chosen| copies.of(chosen.key.domain, chosen.rank);
        self.chosen.iter().filter(|chosen| train(chosen)).map(|chosen| written(chosen) - 1).sum()
    }

    fn notes(&mut self, domains: &[DomainSplit], eval: u64) -> Vec<SplitNote> {
        let mut notes = std::mem::take(&mut self.kept.notes);
        let too_large = self.groups_too_large(domains, eval);
        let size = self.eval_is_other(eval, !too_large.is_empty());
        notes.extend(too_large);
        notes.extend(size);
        let without_time = |chosen: &&Chosen| {
            chosen.key.at.is_none() && chosen.side == Split::Train && chosen.may_be_held_out(self.settings)
        };
        let samples = self.chosen.iter().filter(without_time).count() as u64;
        if self.settings.split_by == SplitBy::Time && samples > 0 {
            notes.push(SplitNote::WithoutTime { samples });
        }
        let kept = self.kept.texts.iter().filter(|kept| **kept).count();
        let samples = self.kept.synthetics_left_out + (kept - self.chosen.len()) as u64;
        if samples > 0 {
            notes.push(SplitNote::SyntheticsLeftOut { samples });
        }
        if self.texts.conflicts > 0 {
            notes.push(SplitNote::ConflictsLeftOut { texts: self.texts.conflicts });
        }
        notes
    }

    /// Whether the eval that came out is not what was asked for, and why. `explained`: notes name the groups that are too large.
    fn eval_is_other(&self, eval: u64, explained: bool) -> Option<SplitNote> {
        let (aim, min) = (self.plan.aim, self.settings.min_eval);
        let by_time = self.settings.split_by == SplitBy::Time;
        let total: u64 = self.plan.sizes.iter().sum();
        let share = eval_by_share(total, self.settings);
        // By time eval may be all but one sample, and that is no shortage; of a single sample it is.
        let asked = if by_time { share.min(total.saturating_sub(1).max(1)) } else { share };
        if total == 0 {
            return None;
        }
        if eval >= asked.max(min) {
            return (asked < min).then_some(SplitNote::EvalRaised { asked, used: eval });
        }
        let short = |why| SplitNote::EvalShort { needed: asked.max(min), used: eval, why };
        // By time the domains' targets don't count.
        let planned = if by_time { aim } else { self.plan.targets.iter().sum::<u64>().min(aim) };
        let (by_domains, by_groups) = (aim - planned, planned.saturating_sub(eval));
        if by_groups > by_domains {
            // A sample less for a group's sake is as near as can be, by chance in each domain.
            let worth = eval == 0 || by_time && by_groups > 1;
            let why = if by_time && self.all_timed_are_out() { EvalLimit::WithoutTime } else { EvalLimit::Together };
            return (eval < min || worth && !explained).then(|| short(why));
        }
        if by_domains == 0 && aim < min {
            return Some(SplitNote::EvalBelowMinimum { needed: min, used: eval });
        }
        Some(short(EvalLimit::TrainKeepsDomains))
    }

    /// Whether no sample with a time is left that a split by time could hold out.
    fn all_timed_are_out(&self) -> bool {
        let left = |chosen: &Chosen| chosen.side == Split::Train && chosen.may_be_held_out(self.settings);
        !self.chosen.iter().any(|chosen| left(chosen) && chosen.key.at.is_some())
    }

    /// By chance every domain has its share; by time all domains together have theirs.
    fn groups_too_large(&self, domains: &[DomainSplit], eval: u64) -> Vec<SplitNote> {
        let asked: u64 = self.plan.targets.iter().sum();
        if self.settings.split_by == SplitBy::Time && asked.abs_diff(eval) <= 1 {
            return Vec::new();
        }
        let note = |place: usize| {
            let domain = &domains[place];
            let (asked, used, largest) = (self.plan.targets[place], domain.eval, self.plan.largest[place]);
            (asked.abs_diff(used) > 1 && largest > 1).then(|| SplitNote::GroupTooLarge {
                domain: domain.domain.clone(),
                asked,
                used,
                largest,
            })
        };
        (0..domains.len()).filter(|place| self.plan.sizes[*place] > 0).filter_map(note).collect()
    }
}

/// Counts where a label comes from.
pub(super) fn count_origin(preview: &mut SplitPreview, origin: Origin) {
    *match origin {
        Origin::Decision => &mut preview.decided,
        Origin::Prediction => &mut preview.confident,
        Origin::Source => &mut preview.unchecked,
    } += 1;
}

/// Train and eval samples of each fold.
pub(super) fn rows_of_folds(chosen: &[Chosen], settings: &SplitSettings) -> Vec<(u64, u64)> {
    let count = |fold: u32| {
        let mut rows = (0, 0);
        for chosen in chosen {
            match is_in_fold(chosen, fold, settings) {
                Some(Split::Train) => rows.0 += 1,
                Some(Split::Eval) => rows.1 += 1,
                None => {}
            }
        }
        rows
    };
    (0..settings.folds.unwrap_or(0)).map(count).collect()
}

/// How many names occur several times, and how often these occur in all.
fn several(mut names: Vec<u32>) -> (u64, u64) {
    names.sort_unstable();
    let groups = names.chunk_by(|one, other| one == other).filter(|group| group.len() > 1);
    groups.fold((0, 0), |(groups, members), group| (groups + 1, members + group.len() as u64))
}
