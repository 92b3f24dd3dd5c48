//! Which texts are in at all: the minimum of a domain, the cap, balancing by cutting, synthetics that are left out.

use contract::dataset::{Balance, SplitNote, SplitSettings, Synthetics};
use store::TrustedKey;

/// What is kept.
pub(super) struct Kept {
    /// Whether each text is.
    pub(super) texts: Vec<bool>,
    /// Texts with a label of each domain, kept or not.
    pub(super) available: Vec<u64>,
    /// Synthetics that were left out because none are wanted.
    pub(super) synthetics_left_out: u64,
    pub(super) notes: Vec<SplitNote>,
}

/// Keeps of each domain the texts that stand first by rank; synthetics come after all others, so that a cap cuts them first.
pub(super) fn keep(keys: &[TrustedKey], ranks: &[u64], domains: &[String], settings: &SplitSettings) -> Kept {
    let mut by_domain: Vec<Vec<u32>> = vec![Vec::new(); domains.len()];
    let mut available = vec![0; domains.len()];
    let mut synthetics_left_out = 0;
    for (text, key) in (0..).zip(keys) {
        let Some(texts) = by_domain.get_mut(key.domain as usize) else { continue };
        available[key.domain as usize] += 1;
        if key.parent.is_some() && settings.synthetics == Synthetics::LeftOut {
            synthetics_left_out += 1;
        } else {
            texts.push(text);
        }
    }
    let mut notes = Vec::new();
    let sizes = sizes(&by_domain, domains, settings, &mut notes);
    let mut texts = vec![false; keys.len()];
    for (mut of_domain, size) in by_domain.into_iter().zip(sizes) {
        let size = size as usize;
        if size < of_domain.len() {
            of_domain.sort_by_key(|text| (keys[*text as usize].parent.is_some(), ranks[*text as usize]));
        }
        of_domain.into_iter().take(size).for_each(|text| texts[text as usize] = true);
    }
    Kept { texts, available, synthetics_left_out, notes }
}

/// How many texts of each domain are in.
fn sizes(by_domain: &[Vec<u32>], domains: &[String], settings: &SplitSettings, notes: &mut Vec<SplitNote>) -> Vec<u64> {
    let mut sizes: Vec<u64> = by_domain.iter().map(|texts| texts.len() as u64).collect();
    for (size, domain) in sizes.iter_mut().zip(domains) {
        if *size > 0 && *size < settings.min_per_domain {
            let (available, needed) = (*size, settings.min_per_domain);
            notes.push(SplitNote::DomainLeftOut { domain: domain.clone(), available, needed });
            *size = 0;
        }
        *size = (*size).min(settings.max_per_domain.unwrap_or(u64::MAX));
    }
    if settings.balance == Balance::Smallest {
        let smallest = sizes.iter().copied().filter(|size| *size > 0).min().unwrap_or(0);
        for size in &mut sizes {
            *size = (*size).min(smallest);
        }
    }
    sizes
}
