//! The train/eval split: which texts go where. Works on hashes alone, so that a million items fit in tens of megabytes.
//!
//! One text is one sample, however many items have it, so that it can't stand on both sides. The side depends on the
//! seed and the text alone: within a domain the texts stand in an order drawn from `ChaCha8(seed, text hash)` and the
//! first of them are eval, so that neither the items' numbers nor the order of imports matter, and a project that grows
//! keeps most of its eval. Eval is stratified by largest remainder (as in scikit-learn's `StratifiedShuffleSplit`).

use contract::dataset::{DomainSplit, SplitNote, SplitPreview, SplitSettings};
use contract::{CallError, ErrorCode};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use store::{Origin, TextHash, TrustedKey};

use super::stratify::{eval_counts, eval_size};

/// Which file a sample goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// `train`.
    Train,
    /// `eval`.
    Eval,
}

/// A text that is in the dataset, represented by one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The item.
    pub key: TrustedKey,
    /// Which file.
    pub side: Side,
}

/// A split and its numbers (`waiting` is for the caller to fill in).
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// The samples by item number.
    pub chosen: Vec<Chosen>,
    /// The numbers.
    pub preview: SplitPreview,
}

/// Splits what is trusted; [`TrustedKey::domain`] is a place in `domains`. Without enough texts the split is empty and its notes say why.
///
/// # Errors
/// [`ErrorCode::ArgumentInvalid`] for settings out of range.
pub fn split(items: Vec<TrustedKey>, domains: &[String], settings: &SplitSettings) -> Result<Split, CallError> {
    check(settings)?;
    let (texts, conflicts) = one_per_text(items);
    let mut by_domain: Vec<Vec<TrustedKey>> = vec![Vec::new(); domains.len()];
    for text in texts {
        if let Some(domain) = by_domain.get_mut(text.domain as usize) {
            domain.push(text);
        }
    }
    let mut notes = Vec::new();
    let sizes = sizes(&by_domain, domains, settings, &mut notes);
    let total: u64 = sizes.iter().sum();
    let eval = eval_size(total, settings, &mut notes);
    let evals = eval_counts(&sizes, eval);
    if conflicts > 0 {
        notes.push(SplitNote::ConflictsLeftOut { texts: conflicts });
    }
    let mut split = Split { preview: SplitPreview { notes, ..SplitPreview::default() }, ..Split::default() };
    for (index, texts) in by_domain.into_iter().enumerate() {
        split.take_domain(&domains[index], texts, (sizes[index], evals[index]), settings.seed);
    }
    split.preview.domains.sort_by(|a, b| b.available.cmp(&a.available).then_with(|| a.domain.cmp(&b.domain)));
    split.chosen.sort_unstable_by_key(|chosen| chosen.key.item);
    Ok(split)
}

impl Split {
    fn take_domain(&mut self, domain: &str, texts: Vec<TrustedKey>, (size, eval): (u64, u64), seed: u64) {
        let available = texts.len() as u64;
        if available == 0 {
            return;
        }
        let preview = &mut self.preview;
        let mut ranked: Vec<(u64, TrustedKey)> = texts.into_iter().map(|text| (rank(seed, text.hash), text)).collect();
        ranked.sort_unstable_by_key(|(rank, text)| (*rank, text.hash));
        for ((_, text), place) in ranked.into_iter().zip(0..size) {
            let side = if place < eval { Side::Eval } else { Side::Train };
            match text.origin {
                Origin::Decision => preview.decided += 1,
                Origin::Prediction => preview.confident += 1,
                Origin::Source => preview.unchecked += 1,
            }
            self.chosen.push(Chosen { key: text, side });
        }
        preview.train += size - eval;
        preview.eval += eval;
        preview.domains.push(DomainSplit {
            domain: domain.to_owned(),
            available,
            train: size - eval,
            eval,
            left_out: available - size,
        });
    }
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
    match settings.max_per_domain {
        Some(cap) if cap < settings.min_per_domain.max(1) => {
            invalid("max_per_domain", &cap, &format!("≥ {}", settings.min_per_domain.max(1)))
        }
        _ => Ok(()),
    }
}

/// One item for each text: with the label that decisions, else most items, give it. Texts where none prevails are left
/// out and counted.
fn one_per_text(mut items: Vec<TrustedKey>) -> (Vec<TrustedKey>, u64) {
    items.sort_unstable_by_key(|item| (item.hash, item.origin, item.domain, item.item));
    let mut conflicts = 0;
    let mut kept = 0;
    let mut start = 0;
    while start < items.len() {
        let group = items[start..].iter().take_while(|item| item.hash == items[start].hash).count();
        match representative(&items[start..start + group]) {
            Some(item) => {
                items[kept] = item;
                kept += 1;
            }
            None => conflicts += 1,
        }
        start += group;
    }
    items.truncate(kept);
    (items, conflicts)
}

/// The first item with the prevailing label; `group` is sorted by origin, domain, item.
fn representative(group: &[TrustedKey]) -> Option<TrustedKey> {
    let decided = group.partition_point(|item| item.origin == Origin::Decision);
    let voters = if decided > 0 { &group[..decided] } else { group };
    let mut votes: Vec<(u32, usize)> = Vec::new();
    for voter in voters {
        match votes.iter_mut().find(|(domain, _)| *domain == voter.domain) {
            Some((_, count)) => *count += 1,
            None => votes.push((voter.domain, 1)),
        }
    }
    let most = votes.iter().map(|(_, count)| *count).max()?;
    let mut winners = votes.iter().filter(|(_, count)| *count == most);
    let winner = winners.next()?.0;
    if winners.next().is_some() {
        return None;
    }
    voters.iter().find(|voter| voter.domain == winner).copied()
}

/// How many texts of each domain are in, after the minimum, the cap and balancing.
fn sizes(
    by_domain: &[Vec<TrustedKey>],
    domains: &[String],
    settings: &SplitSettings,
    notes: &mut Vec<SplitNote>,
) -> Vec<u64> {
    let mut sizes: Vec<u64> = by_domain.iter().map(|texts| texts.len() as u64).collect();
    for (size, domain) in sizes.iter_mut().zip(domains) {
        if *size > 0 && *size < settings.min_per_domain {
            let (available, needed) = (*size, settings.min_per_domain);
            notes.push(SplitNote::DomainLeftOut { domain: domain.clone(), available, needed });
            *size = 0;
        }
        *size = (*size).min(settings.max_per_domain.unwrap_or(u64::MAX));
    }
    if settings.balance == contract::dataset::Balance::Smallest {
        let smallest = sizes.iter().copied().filter(|size| *size > 0).min().unwrap_or(0);
        for size in &mut sizes {
            *size = (*size).min(smallest);
        }
    }
    sizes
}

/// The text's place in its domain's order for this seed.
fn rank(seed: u64, text: TextHash) -> u64 {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[16..].copy_from_slice(&text.0);
    ChaCha8Rng::from_seed(key).next_u64()
}
