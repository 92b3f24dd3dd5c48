//! One sample a text.

use store::{Origin, TrustedKey};

/// The texts that are trusted, each once, in canonical order: by hash.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// Each text, represented by one of its items.
    pub keys: Vec<TrustedKey>,
    /// Items whose text is another item's, too.
    pub duplicates: u64,
    /// Texts that were left out because none of their labels prevails.
    pub conflicts: u64,
}

impl Texts {
    /// One item for each text: with the label that decisions, else most items, give it. Texts where none prevails are left out. Of equal
    /// items the first by source and row is taken, so that neither numbers nor the order of imports matter.
    #[must_use]
    pub fn of(mut items: Vec<TrustedKey>) -> Self {
        items.sort_unstable_by_key(|item| (item.hash, item.origin, item.domain, item.place, item.item));
        let (mut duplicates, mut conflicts) = (0, 0);
        let mut kept = 0;
        let mut start = 0;
        while start < items.len() {
            let alike = items[start..].iter().take_while(|item| item.hash == items[start].hash).count();
            match representative(&items[start..start + alike]) {
                Some(item) => {
                    items[kept] = item;
                    kept += 1;
                    duplicates += alike as u64 - 1;
                }
                None => conflicts += 1,
            }
            start += alike;
        }
        items.truncate(kept);
        Self { keys: items, duplicates, conflicts }
    }
}

/// The first item with the prevailing label; `alike` is sorted by origin, domain, place.
fn representative(alike: &[TrustedKey]) -> Option<TrustedKey> {
    let decided = alike.partition_point(|item| item.origin == Origin::Decision);
    let voters = if decided > 0 { &alike[..decided] } else { alike };
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
