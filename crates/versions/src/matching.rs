//! Which lines of a newer content an older one has.
//!
//! Versions keep the order of their lines but for what changed, so the two are walked along each other, and a change costs a look at the
//! lines around it. Where that loses its way, as in a file that was shuffled, lines are looked up.

use std::collections::HashMap;

/// How far ahead a line is looked for; after as many lines that are nowhere near, it is looked up.
const AHEAD: usize = 32;
/// Stands for no line.
pub(crate) const NONE: u32 = u32::MAX;

/// Lines of the older one, by line of the newer one.
#[derive(Debug)]
pub(crate) struct Matching {
    /// For each line of the newer one the older one's that is equal to it, or [`NONE`]; each is taken once.
    pub of_new: Vec<u32>,
    /// The older one's lines that were not taken, in order.
    pub left: Vec<u32>,
}

/// Matches the lines of two contents by their prints.
pub(crate) fn matching(old: &[u128], new: &[u128]) -> Matching {
    let mut walk = Walk { old, taken: vec![false; old.len()], next: 0, lost: 0, places: None };
    let mut of_new: Vec<u32> = new.iter().map(|print| walk.find(*print)).collect();
    walk.find_moved(new, &mut of_new);
    let left = (0..).zip(&walk.taken).filter(|(_, taken)| !**taken).map(|(place, _)| place).collect();
    Matching { of_new, left }
}

struct Walk<'a> {
    old: &'a [u128],
    taken: Vec<bool>,
    /// The older one's line that comes next, if nothing changed.
    next: usize,
    /// Lines that were nowhere near, one after another.
    lost: usize,
    /// Where lines that were not taken stand; made when the way is lost.
    places: Option<Places>,
}

impl Walk<'_> {
    fn find(&mut self, print: u128) -> u32 {
        let ahead = &self.old[self.next.min(self.old.len())..(self.next + AHEAD).min(self.old.len())];
        let near = ahead.iter().position(|old| *old == print).map(|ahead| self.next + ahead);
        let found = near.filter(|place| !self.taken[*place]).or_else(|| {
            self.lost += 1;
            if self.lost > AHEAD { self.look_up(print) } else { None }
        });
        let Some(place) = found else { return NONE };
        self.taken[place] = true;
        (self.next, self.lost) = (place + 1, if near.is_some() { 0 } else { self.lost });
        u32::try_from(place).unwrap_or(NONE)
    }

    fn look_up(&mut self, print: u128) -> Option<usize> {
        let Self { places, old, taken, .. } = self;
        let places = places.get_or_insert_with(|| Places::of(old, taken));
        std::iter::from_fn(|| places.pop(print)).find(|place| !taken[*place])
    }

    /// Lines that stand elsewhere now: among those that are left on both sides.
    fn find_moved(&mut self, new: &[u128], of_new: &mut [u32]) {
        let mut places = Places::of(self.old, &self.taken);
        for (print, found) in new.iter().zip(of_new).filter(|(_, found)| **found == NONE) {
            if let Some(place) = places.pop(*print) {
                self.taken[place] = true;
                *found = u32::try_from(place).unwrap_or(NONE);
            }
        }
    }
}

/// Where lines stand, by print.
struct Places {
    first: HashMap<u128, u32>,
    /// For each line the next one with its print, or [`NONE`].
    next: Vec<u32>,
}

impl Places {
    /// Of the lines that were not taken.
    fn of(old: &[u128], taken: &[bool]) -> Self {
        let free = taken.iter().filter(|taken| !**taken).count();
        let mut first = HashMap::with_capacity(free);
        let mut next = if free == 0 { Vec::new() } else { vec![NONE; old.len()] };
        for (place, print) in old.iter().enumerate().rev().filter(|(place, _)| !taken[*place]) {
            next[place] = first.insert(*print, u32::try_from(place).unwrap_or(NONE)).unwrap_or(NONE);
        }
        Self { first, next }
    }

    /// Takes the first of a print.
    fn pop(&mut self, print: u128) -> Option<usize> {
        let first = self.first.get_mut(&print)?;
        let place = *first;
        if place == NONE {
            return None;
        }
        *first = self.next[place as usize];
        Some(place as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of the newer one that the older one has is matched, as often as both have it, and nothing twice.
    fn check(old: &[u128], new: &[u128]) -> Matching {
        let found = matching(old, new);
        let mut counts: HashMap<u128, i64> = HashMap::new();
        old.iter().for_each(|print| *counts.entry(*print).or_default() += 1);
        let mut both = 0;
        for print in new {
            let count = counts.entry(*print).or_default();
            both += usize::from(*count > 0);
            *count -= 1;
        }
        let mut taken = vec![false; old.len()];
        for (print, place) in new.iter().zip(&found.of_new).filter(|(_, place)| **place != NONE) {
            assert_eq!(old[*place as usize], *print);
            assert!(!std::mem::replace(&mut taken[*place as usize], true), "taken twice");
        }
        let matched = taken.iter().filter(|taken| **taken).count();
        assert_eq!((matched, found.left.len()), (both, old.len() - both));
        assert!(found.left.iter().all(|place| !taken[*place as usize]));
        found
    }

    #[test]
    fn lines_are_matched_however_they_moved() {
        let old: Vec<u128> = (0..1000).map(|line| line % 700).collect();
        let mut new = old.clone();
        new[500] = 5000;
        new.remove(300);
        new.insert(100, 6000);
        let found = check(&old, &new);
        assert_eq!(found.left, [300, 500]);
        // A part that went, a part that came, and the whole turned around.
        check(&old, &[&old[..200], &old[600..]].concat());
        check(&old, &[&old[..200], &[9000_u128; 500][..], &old[200..]].concat());
        check(&old, &old.iter().rev().copied().collect::<Vec<_>>());
        check(&old, &[]);
        check(&[], &old);
        let doubled: Vec<u128> = old.iter().flat_map(|line| [*line, *line]).collect();
        check(&old, &doubled);
        check(&doubled, &old);
    }
}
