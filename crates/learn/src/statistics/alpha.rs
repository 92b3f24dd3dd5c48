//! Agreement of any number of labellers, some of whom labelled some of the items.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::error::at_least;

/// Krippendorff's alpha for nominal labels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alpha {
    /// 1 − disagreement observed / disagreement expected by chance: 1 is perfect, 0 is chance. 1 when all labels are one and
    /// the same.
    pub alpha: f64,
    /// Share of the pairs of labels of an item that agree.
    pub agreeing: f64,
    /// Items that have two labels or more.
    pub items: u64,
}

/// The alpha of items with the labels that each has; those with one label or none say nothing and don't count.
///
/// # Errors
/// [`LearnError::TooFew`] when no item has two labels.
pub fn krippendorff_alpha<'a>(items: impl IntoIterator<Item = &'a [u32]>) -> Result<Alpha, LearnError> {
    // Coincidences: each item's pairs of labels, weighted so that every label counts once.
    let (mut coinciding, mut labels) = (0.0, 0_u64);
    let mut by_class: BTreeMap<u32, u64> = BTreeMap::new();
    let (mut pairs, mut agreeing, mut several) = (0_u64, 0_u64, 0_u64);
    for item in items {
        if item.len() < 2 {
            continue;
        }
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        for label in item {
            *counts.entry(*label).or_default() += 1;
        }
        let of_item = item.len() as u64;
        let alike: u64 = counts.values().map(|count| count * (count - 1)).sum();
        coinciding += alike as f64 / (of_item - 1) as f64;
        (pairs, agreeing) = (pairs + of_item * (of_item - 1), agreeing + alike);
        (labels, several) = (labels + of_item, several + 1);
        counts.into_iter().for_each(|(class, count)| *by_class.entry(class).or_default() += count);
    }
    at_least("items with two labels", 1, usize::try_from(several).unwrap_or(usize::MAX))?;
    let n = labels as f64;
    let expected = by_class.values().map(|count| *count as f64 * (n - *count as f64)).sum::<f64>() / (n - 1.0);
    let alpha = if expected == 0.0 { 1.0 } else { 1.0 - (n - coinciding) / expected };
    Ok(Alpha { alpha, agreeing: agreeing as f64 / pairs as f64, items: several })
}
