//! Which examples are held out when.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::LearnError;
use crate::error::{at_least, same_size, setting_in};

/// A partition of examples into folds, stratified by class: the members of each class are shuffled and dealt out, and
/// the next class goes on where the last one ended, so that folds differ by at most one example in all and by at most
/// one in each class. A class with fewer members than folds is in as many folds as it has members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folds {
    fold_of: Vec<u32>,
    count: usize,
}

impl Folds {
    /// Deals out examples with these classes by a seed. With fewer examples than folds there are as many folds as
    /// examples.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for fewer than two folds, [`LearnError::TooFew`] for fewer than two examples.
    pub fn stratified(targets: &[u32], folds: usize, seed: u64) -> Result<Self, LearnError> {
        setting_in("folds", folds as f64, 2.0..)?;
        at_least("examples to divide into folds", 2, targets.len())?;
        let count = folds.min(targets.len());
        let mut order: Vec<usize> = (0..targets.len()).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        // Stable: within a class the shuffled order stays.
        order.sort_by_key(|&index| targets[index]);
        let mut fold_of = vec![0; targets.len()];
        for (turn, index) in order.into_iter().enumerate() {
            fold_of[index] = (turn % count) as u32;
        }
        Ok(Self { fold_of, count })
    }

    /// Deals out examples by a seed so that those of one group are held out together, and the folds are about even in each class: a group
    /// goes to the fold that has fewest of its first member's class, and of these to the one with fewest in all; large groups
    /// come first. Examples that are nearly the same belong to one group: what is held out must not have been seen.
    ///
    /// # Errors
    /// As [`Folds::stratified`]; [`LearnError::Shape`] when there isn't one group an example.
    pub fn grouped(targets: &[u32], groups: &[u32], folds: usize, seed: u64) -> Result<Self, LearnError> {
        setting_in("folds", folds as f64, 2.0..)?;
        at_least("examples to divide into folds", 2, targets.len())?;
        same_size("groups", targets.len(), groups.len())?;
        let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, &group) in groups.iter().enumerate() {
            members.entry(group).or_default().push(index);
        }
        let count = folds.min(members.len().max(2));
        let mut order: Vec<Vec<usize>> = members.into_values().collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        order.sort_by_key(|group| std::cmp::Reverse(group.len()));
        let classes = targets.iter().max().map_or(0, |&class| class as usize + 1);
        let mut of_class = vec![vec![0_usize; count]; classes];
        let mut sizes = vec![0_usize; count];
        let mut fold_of = vec![0; targets.len()];
        for group in order {
            let class = targets[group[0]] as usize;
            let fold = (0..count).min_by_key(|&fold| (of_class[class][fold], sizes[fold])).unwrap_or(0);
            for index in group {
                fold_of[index] = fold as u32;
                of_class[targets[index] as usize][fold] += 1;
                sizes[fold] += 1;
            }
        }
        Ok(Self { fold_of, count })
    }

    /// How many folds.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many examples.
    pub fn examples(&self) -> usize {
        self.fold_of.len()
    }

    /// The fold that each example is held out in.
    pub fn fold_of(&self) -> &[u32] {
        &self.fold_of
    }

    /// The examples to learn from and those held out in a fold, each ascending.
    pub fn parts(&self, fold: usize) -> (Vec<usize>, Vec<usize>) {
        (0..self.fold_of.len()).partition(|&index| self.fold_of[index] as usize != fold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_held_out_together() {
        let targets: Vec<u32> = (0..120).map(|i| i % 4).collect();
        let groups: Vec<u32> = (0..120).map(|i| if i < 60 { i / 3 } else { i }).collect();
        let folds = Folds::grouped(&targets, &groups, 5, 7).expect("enough examples");
        for (index, group) in groups.iter().enumerate() {
            let first = groups.iter().position(|other| other == group).unwrap_or(index);
            assert_eq!(folds.fold_of()[index], folds.fold_of()[first]);
        }
        for fold in 0..5 {
            let (_, held) = folds.parts(fold);
            assert!((21..=27).contains(&held.len()), "{}", held.len());
        }
        assert!(Folds::grouped(&targets, &groups[1..], 5, 7).is_err());
    }

    #[test]
    fn folds_are_even_in_all_and_in_each_class() {
        let targets: Vec<u32> = (0..203).map(|i| if i == 0 { 9 } else { (i * i % 7) as u32 }).collect();
        let folds = Folds::stratified(&targets, 5, 42).expect("enough examples");
        for class in 0..10 {
            let mut sizes = vec![0; 5];
            for (target, fold) in targets.iter().zip(folds.fold_of()) {
                sizes[*fold as usize] += usize::from(*target == class);
            }
            let (least, most) = (sizes.iter().min(), sizes.iter().max());
            assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "class {class}: {sizes:?}");
        }
        let sizes: Vec<usize> = (0..5).map(|fold| folds.parts(fold).1.len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 203);
        assert!(sizes.iter().all(|size| (40..=41).contains(size)), "{sizes:?}");
        assert_ne!(folds, Folds::stratified(&targets, 5, 43).expect("enough examples"), "the seed must matter");
    }

    #[test]
    fn refuses_what_can_t_be_divided() {
        assert!(Folds::stratified(&[0], 5, 1).is_err());
        assert!(Folds::stratified(&[0, 1, 2], 1, 1).is_err());
        assert_eq!(Folds::stratified(&[0, 1, 2], 10, 1).map(|folds| folds.count()), Ok(3));
    }
}
