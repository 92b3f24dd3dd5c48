//! Pairing samples that went with samples that came.

use std::collections::HashMap;

use contract::version::ChangeKind;

use crate::difference::{Change, Kinds};
use crate::row::Mark;

/// Pairs samples that went with samples that came: by id, then, where ids are made of texts, by source and row if the text is like it was.
pub(crate) fn pair(
    gone: Vec<Mark>,
    come: Vec<Mark>,
    labels: &mut HashMap<(Option<u64>, Option<u64>), u64>,
) -> Vec<Change> {
    let mut partner: Vec<Option<u32>> = vec![None; come.len()];
    let mut taken = vec![false; gone.len()];
    let by_id: Key = |mark| Some(mark.id);
    let by_origin: Key = |mark| mark.origin;
    for (key, edited) in [(by_id, false), (by_origin, true)] {
        let mut waiting: HashMap<u64, Vec<u32>> = HashMap::new();
        // From the last on, so that the first is the first to be taken.
        for (place, mark) in gone.iter().enumerate().rev().filter(|(place, _)| !taken[*place]) {
            if let Some(key) = key(mark) {
                waiting.entry(key).or_default().push(u32::try_from(place).unwrap_or(u32::MAX));
            }
        }
        for (partner, mark) in partner.iter_mut().zip(&come).filter(|(partner, _)| partner.is_none()) {
            let Some(places) = key(mark).and_then(|key| waiting.get_mut(&key)) else { continue };
            // Another text in the same row of a file of the same name is another sample.
            if places.last().is_some_and(|place| !edited || gone[*place as usize].sketch.resembles(&mark.sketch)) {
                *partner = places.pop();
            }
            if let Some(place) = partner {
                taken[*place as usize] = true;
            }
        }
    }
    let mut changes: Vec<Change> = come
        .iter()
        .zip(&partner)
        .map(|(new, partner)| {
            let old = partner.map(|place| &gone[place as usize]);
            if old.is_none_or(|old| old.label != new.label) {
                *labels.entry((old.map(|old| old.label), Some(new.label))).or_default() += 1;
            }
            match old {
                Some(old) => Change { id: old.id, kinds: kinds(old, new), old: Some(old.place), new: Some(new.place) },
                None => Change { id: new.id, kinds: Kinds::of(ChangeKind::Added), old: None, new: Some(new.place) },
            }
        })
        .collect();
    changes.sort_by_key(|change| change.new);
    for (old, _) in gone.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        *labels.entry((Some(old.label), None)).or_default() += 1;
        changes.push(Change { id: old.id, kinds: Kinds::of(ChangeKind::Removed), old: Some(old.place), new: None });
    }
    changes
}

/// What samples are paired by.
type Key = fn(&Mark) -> Option<u64>;

fn kinds(old: &Mark, new: &Mark) -> Kinds {
    let mut kinds = Kinds::default();
    for (differs, kind) in [
        (old.label != new.label, ChangeKind::Relabelled),
        (old.text != new.text, ChangeKind::TextChanged),
        (old.place.file != new.place.file, ChangeKind::Moved),
    ] {
        if differs {
            kinds.add(kind);
        }
    }
    if kinds == Kinds::default() {
        kinds.add(ChangeKind::Details);
    }
    kinds
}
