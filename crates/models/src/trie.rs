//! The labels as a tree of tokens, so that what labels share is computed once.

use std::collections::BTreeMap;

use crate::error::ModelError;

/// A place where labels part: what may come next there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fork {
    /// The step after which they part; `None` before the first token.
    pub(crate) after: Option<usize>,
    /// The tokens that may come next.
    pub(crate) tokens: Vec<u32>,
}

/// A token that several labels share, and that must be computed because they part after it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TreeStep {
    /// The token.
    pub(crate) token: u32,
    /// Tokens of the label before it.
    pub(crate) depth: usize,
    /// The steps on its way, itself included.
    pub(crate) ancestors: Vec<usize>,
}

/// A label's choice at a fork: which fork, and which of its tokens.
pub(crate) type Choice = (usize, usize);

/// Labels as a tree. Where only one label is left there is nothing to choose, so nothing is computed.
#[derive(Debug, Default)]
pub(crate) struct LabelTrie {
    /// Tokens to compute, parents before children.
    pub(crate) steps: Vec<TreeStep>,
    /// Where labels part.
    pub(crate) forks: Vec<Fork>,
    /// The choices that lead to each label.
    pub(crate) paths: Vec<Vec<Choice>>,
}

impl LabelTrie {
    /// Builds the tree of tokenised labels; `end` is the token that ends an answer.
    ///
    /// # Errors
    /// [`ModelError::Labels`] when there are fewer than two, or two are written the same.
    pub(crate) fn new(labels: &[Vec<u32>], end: u32) -> Result<Self, ModelError> {
        if labels.len() < 2 {
            return Err(ModelError::Labels { detail: format!("{} labels", labels.len()) });
        }
        let mut trie = Self { paths: vec![Vec::new(); labels.len()], ..Self::default() };
        trie.grow(labels, (0..labels.len()).collect(), 0, &[], end)?;
        Ok(trie)
    }

    /// Grows the part of the tree where the labels `here` have their first `depth` tokens in common.
    fn grow(
        &mut self,
        labels: &[Vec<u32>],
        here: Vec<usize>,
        depth: usize,
        ancestors: &[usize],
        end: u32,
    ) -> Result<(), ModelError> {
        let mut branches: BTreeMap<Option<u32>, Vec<usize>> = BTreeMap::new();
        for label in here {
            branches.entry(labels[label].get(depth).copied()).or_default().push(label);
        }
        if let Some([first, second, ..]) = branches.get(&None).map(Vec::as_slice) {
            let detail = format!("labels {} and {} are written the same", first + 1, second + 1);
            return Err(ModelError::Labels { detail });
        }
        if branches.len() > 1 {
            let fork = self.forks.len();
            for (choice, branch) in branches.values().enumerate() {
                branch.iter().for_each(|&label| self.paths[label].push((fork, choice)));
            }
            let tokens = branches.keys().map(|token| token.unwrap_or(end)).collect();
            self.forks.push(Fork { after: ancestors.last().copied(), tokens });
        }
        for (token, branch) in branches {
            if let Some(token) = token
                && branch.len() > 1
            {
                let step = self.steps.len();
                let way: Vec<usize> = ancestors.iter().copied().chain([step]).collect();
                self.steps.push(TreeStep { token, depth, ancestors: way.clone() });
                self.grow(labels, branch, depth + 1, &way, end)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn shared_tokens_are_computed_once_and_only_before_a_fork() {
        // a b c | a b d e | f g | a
        let labels = [vec![1, 2, 3], vec![1, 2, 4, 5], vec![6, 7], vec![1]];
        let trie = LabelTrie::new(&labels, 99).unwrap();
        let tokens: Vec<(u32, usize)> = trie.steps.iter().map(|step| (step.token, step.depth)).collect();
        assert_eq!(tokens, [(1, 0), (2, 1)]);
        assert_eq!(trie.steps[1].ancestors, [0, 1]);
        assert_eq!(trie.forks[0], Fork { after: None, tokens: vec![1, 6] });
        assert_eq!(trie.forks[1], Fork { after: Some(0), tokens: vec![99, 2] });
        assert_eq!(trie.forks[2], Fork { after: Some(1), tokens: vec![3, 4] });
        assert_eq!(
            trie.paths,
            [vec![(0, 0), (1, 1), (2, 0)], vec![(0, 0), (1, 1), (2, 1)], vec![(0, 1)], vec![(0, 0), (1, 0)]]
        );
    }

    #[test]
    fn labels_that_are_written_the_same_are_refused() {
        assert!(matches!(LabelTrie::new(&[vec![1], vec![2], vec![1]], 9), Err(ModelError::Labels { .. })));
        assert!(matches!(LabelTrie::new(&[vec![1]], 9), Err(ModelError::Labels { .. })));
    }
}
