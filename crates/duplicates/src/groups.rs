//! Union-find.

/// Members 0, 1, … in groups that can be joined. The group's name is its least member, whatever order they were joined in.
#[derive(Clone, Debug)]
pub struct Groups {
    parent: Vec<u32>,
}

impl Groups {
    /// `members` members, each alone.
    ///
    /// # Panics
    /// With more than 2³² members.
    #[must_use]
    pub fn new(members: usize) -> Self {
        Self { parent: (0..u32::try_from(members).expect("at most 2^32 members")).collect() }
    }

    /// The least member of a member's group.
    pub fn name(&mut self, member: u32) -> u32 {
        let mut at = member;
        while self.parent[at as usize] != at {
            let above = self.parent[at as usize];
            self.parent[at as usize] = self.parent[above as usize];
            at = self.parent[at as usize];
        }
        at
    }

    /// Joins the groups of two members; answers whether they were two.
    pub fn join(&mut self, one: u32, other: u32) -> bool {
        let (one, other) = (self.name(one), self.name(other));
        // The lesser is on top. Paths stay short by halving.
        self.parent[one.max(other) as usize] = one.min(other);
        one != other
    }

    /// The name of each member's group.
    #[must_use]
    pub fn names(mut self) -> Vec<u32> {
        for member in 0..self.parent.len() {
            // What stands before has its name already, and the one above stands before.
            self.parent[member] = self.parent[self.parent[member] as usize];
        }
        self.parent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_called_by_its_least_member() {
        let mut groups = Groups::new(6);
        assert!(groups.join(5, 3));
        assert!(groups.join(3, 4));
        assert!(!groups.join(4, 5));
        assert!(groups.join(1, 5));
        assert_eq!((groups.name(4), groups.name(0)), (1, 0));
        assert_eq!(groups.names(), [0, 1, 2, 1, 1, 1]);
    }
}
