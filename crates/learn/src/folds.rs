//! Which examples are held out when.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::LearnError;
use crate::error::{at_least, setting_in};

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
