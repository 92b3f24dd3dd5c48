//! The labels as a tree of tokens, so that what labels share is computed once.

use std::collections::BTreeMap;

use crate::error::ModelError;

/// A place where labels part.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fork {
    /// The tokens from the fork before (its choice included) to this one.
    pub(crate) way: Vec<u32>,
    /// Tokens of the labels before those.
    pub(crate) depth: usize,
    /// What may come next.
    pub(crate) choices: Vec<Choice>,
}

/// What may come next at a fork.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The token.
    pub(crate) token: u32,
    /// The labels that go on with it.
    pub(crate) labels: Vec<usize>,
    /// Where they part; `None` when there is one label and nothing more to choose.
    pub(crate) next: Option<usize>,
}

/// Labels as a tree; the first fork is the root. Where only one label is left there is nothing to choose, so nothing is
/// computed.
#[derive(Debug, Default)]
pub(crate) struct LabelTrie {
    /// Where labels part, parents before children.
    pub(crate) forks: Vec<Fork>,
}

impl LabelTrie {
    /// Builds the tree of tokenised answers.
    ///
    /// # Errors
    /// [`ModelError::Labels`] when there are fewer than two, or two are written the same, or one begins as another ends.
    pub(crate) fn new(labels: &[Vec<u32>]) -> Result<Self, ModelError> {
        if labels.len() < 2 {
            return Err(ModelError::Labels { detail: format!("{} labels", labels.len()) });
        }
        let mut trie = Self::default();
        trie.grow(labels, (0..labels.len()).collect(), 0, Vec::new())?;
        Ok(trie)
    }

    /// Tokens on the longest way to a fork.
    pub(crate) fn deepest(&self) -> usize {
        self.forks.iter().map(|fork| fork.depth + fork.way.len()).max().unwrap_or(0)
    }

    /// Grows the part of the tree with the labels `here`, which have `depth` tokens and those of `way` in common; answers
    /// the number of its first fork.
    fn grow(
        &mut self,
        labels: &[Vec<u32>],
        here: Vec<usize>,
        depth: usize,
        mut way: Vec<u32>,
    ) -> Result<usize, ModelError> {
        let branches = loop {
            let mut branches: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
            for &label in &here {
                let Some(&token) = labels[label].get(depth + way.len()) else {
                    let other = here.iter().find(|other| **other != label).copied().unwrap_or(label);
                    let detail = format!("labels {} and {} are written the same", label + 1, other + 1);
                    return Err(ModelError::Labels { detail });
                };
                branches.entry(token).or_default().push(label);
            }
            match branches.first_key_value() {
                Some((&token, _)) if branches.len() == 1 => way.push(token),
                _ => break branches,
            }
        };
        let fork = self.forks.len();
        let after = depth + way.len();
        self.forks.push(Fork { way, depth, choices: Vec::new() });
        for (token, labels_here) in branches {
            let next = match labels_here.len() {
                1 => None,
                _ => Some(self.grow(labels, labels_here.clone(), after, vec![token])?),
            };
            self.forks[fork].choices.push(Choice { token, labels: labels_here, next });
        }
        Ok(fork)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn shared_tokens_are_computed_once_and_only_before_a_fork() {
        // a b c | a b d e | f g | a h
        let trie = LabelTrie::new(&[vec![1, 2, 3], vec![1, 2, 4, 5], vec![6, 7], vec![1, 8]]).unwrap();
        let ways: Vec<(usize, &[u32])> = trie.forks.iter().map(|fork| (fork.depth, fork.way.as_slice())).collect();
        assert_eq!(ways, [(0, &[][..]), (0, &[1]), (1, &[2])]);
        let choices = |fork: usize| -> Vec<(u32, Vec<usize>, Option<usize>)> {
            trie.forks[fork].choices.iter().map(|c| (c.token, c.labels.clone(), c.next)).collect()
        };
        assert_eq!(choices(0), [(1, vec![0, 1, 3], Some(1)), (6, vec![2], None)]);
        assert_eq!(choices(1), [(2, vec![0, 1], Some(2)), (8, vec![3], None)]);
        assert_eq!(choices(2), [(3, vec![0], None), (4, vec![1], None)]);
        assert_eq!(trie.deepest(), 2);
    }

    #[test]
    fn what_all_share_is_the_way_to_the_root() {
        let trie = LabelTrie::new(&[vec![1, 2, 3], vec![1, 2, 4]]).unwrap();
        assert_eq!(trie.forks[0].way, [1, 2]);
    }

    #[test]
    fn labels_that_are_written_the_same_are_refused() {
        for labels in [vec![vec![1], vec![2], vec![1]], vec![vec![1]], vec![vec![1, 2], vec![1]]] {
            assert!(matches!(LabelTrie::new(&labels), Err(ModelError::Labels { .. })), "{labels:?}");
        }
    }
}
