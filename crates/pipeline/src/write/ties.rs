//! What stays together: near-duplicates, a parent and its synthetics, a user's samples, a span of time.

use std::collections::HashMap;

use contract::dataset::SplitSettings;
use duplicates::Groups;
use store::TrustedKey;

use super::calendar::span;

/// For each key the first one of its group. `near` has the same for near-duplicates alone; keys are in canonical order.
pub(super) fn groups(keys: &[TrustedKey], near: Option<&[u32]>, settings: &SplitSettings) -> Vec<u32> {
    let mut groups = Groups::new(keys.len());
    if let Some(near) = near {
        for (key, first) in (0..).zip(near) {
            groups.join(key, *first);
        }
    }
    join_families(keys, &mut groups);
    if settings.group_users {
        join_by(keys, &mut groups, |key| key.user);
    }
    if let Some(of) = settings.group_time {
        join_by(keys, &mut groups, |key| key.at.map(|at| span(at, of)));
    }
    groups.names()
}

/// Parents with their synthetics, and synthetics of one parent also where the parent is not there.
fn join_families(keys: &[TrustedKey], groups: &mut Groups) {
    join_by(keys, groups, |key| key.parent);
    for (number, key) in (0..).zip(keys) {
        if let Some(parent) = key.parent
            && let Ok(place) = keys.binary_search_by_key(&parent, |key| key.hash)
        {
            groups.join(number, place as u32);
        }
    }
}

fn join_by<T: std::hash::Hash + Eq>(keys: &[TrustedKey], groups: &mut Groups, tie: impl Fn(&TrustedKey) -> Option<T>) {
    let mut first: HashMap<T, u32> = HashMap::new();
    for (number, key) in (0..).zip(keys) {
        if let Some(tie) = tie(key) {
            let with = *first.entry(tie).or_insert(number);
            groups.join(number, with);
        }
    }
}
